//! From formulas to their device kernels: what a build script compiles. The macro goes the same way and computes the
//! same ids.

use crate::backend::cuda::{self, DeviceKernel};
use crate::compile::compile;
use crate::error::Errors;
use crate::{check, parse};
use proc_macro2::{Span, TokenStream};

/// A function, or a gradient of one, with the kernels that it launches.
#[derive(Clone, Debug)]
pub struct Function {
    /// The id of its kernels together, as the macro computes it too.
    pub id: u64,
    /// Its name: `gaussian_conv`, or `gaussian_conv::grad_x_i`.
    pub name: String,
    /// Where it is written.
    pub place: Span,
    /// The kernels, each with the pass and scalar type that it is for.
    pub kernels: Vec<(String, DeviceKernel)>,
}

/// The functions that stand between the braces of `keops!`. One with an error is left out: the macro reports it.
pub fn functions(input: TokenStream) -> Vec<Function> {
    let mut errors = Errors::new();
    let block = parse::block(input, &mut errors);
    let mut functions = vec![];
    for written in &block.functions {
        let mut own = Errors::new();
        let checked = check::function(written, &mut own);
        let compiled = checked.map(|checked| compile(written, checked, &mut own)).unwrap_or_default();
        if own.finish().is_err() {
            continue;
        }
        for (n, compiled) in compiled.iter().enumerate() {
            let name = match n {
                0 => written.name.to_string(),
                _ => format!("{}::{}", written.name, compiled.signature.name),
            };
            let kernels = cuda::kernels(&compiled.program);
            let id = cuda::id_of_all(kernels.iter().map(|(_, kernel)| kernel));
            functions.push(Function { id, name, place: written.name.span(), kernels });
        }
    }
    // A function that could not be read is not in the block; the macro says why.
    let _ = errors.finish();
    functions
}

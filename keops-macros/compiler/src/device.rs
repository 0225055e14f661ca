//! From formulas to their device kernels: what a build script compiles. The macro goes the same way and computes the
//! same ids.

use crate::backend::cuda::{self, DeviceKernel};
use crate::compile::compile;
use crate::error::Errors;
use crate::{check, parse};
use proc_macro2::{Span, TokenStream};

/// A function, or a gradient of one, for one set of dimensions, with the kernels that it launches.
#[derive(Clone, Debug)]
pub struct Function {
    /// The id of its kernels together, as the macro computes it too.
    pub id: u64,
    /// Its name: `gaussian_conv`, or `gaussian_conv::grad_x_i`; with dimension parameters also their values, `f (D = 3)`.
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
        let checked = check::instances(written, &mut own);
        let compiled = checked.map(|checked| compile(written, checked, &mut own)).unwrap_or_default();
        if own.finish().is_err() {
            continue;
        }
        for (n, compiled) in compiled.iter().enumerate() {
            let of = if n == 0 { String::new() } else { format!("{}::", written.name) };
            for instance in &compiled.instances {
                let name = format!("{of}{}", compiled.signature.name_of(instance));
                let kernels = cuda::kernels(&instance.program);
                let id = cuda::id_of_all(kernels.iter().map(|(_, kernel)| kernel));
                functions.push(Function { id, name, place: written.name.span(), kernels });
            }
        }
    }
    // A function that could not be read is not in the block; the macro says why.
    let _ = errors.finish();
    functions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::{Device, Options};

    fn compiled(text: &str) -> Vec<Function> {
        functions(text.parse().expect("it is made of tokens"))
    }

    #[test]
    fn every_instance_has_kernels_which_the_macro_looks_for() {
        let text = "#[grad(x_i)] #[instances(D = 2, 3)] fn f<const D: usize>(x_i: Vi<D>, y_j: Vj<D>) -> Vi<1>
            { SqDist(x_i, y_j) }";
        let found = compiled(text);
        let names: Vec<&str> = found.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["f (D = 2)", "f (D = 3)", "f::grad_x_i (D = 2)", "f::grad_x_i (D = 3)"]);
        let ids: Vec<u64> = found.iter().map(|f| f.id).collect();
        let device = Device { built: ids.iter().copied().collect() };
        let options = Options { device: Some(device), ..Options::default() };
        let tokens = crate::expand(text.parse().expect("it is made of tokens"), &options).tokens.to_string();
        assert!(ids.iter().all(|id| tokens.contains(&format!("/{id:016x}.ptx"))), "{tokens}");
    }

    /// A value has the kernels of the function with the same formula, whether its results are declared or not.
    #[test]
    fn a_closure_has_the_kernels_of_the_function() {
        let (arguments, body) = ("x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>", "Exp(-SqDist(x_i, y_j)) * b_j");
        let function = compiled(&format!("fn f({arguments}) -> Vi<1> {{ {body} }}"));
        for closure in [format!("|{arguments}| {body}"), format!("|{arguments}| -> Vi<1> {{ {body} }}")] {
            let found = compiled(&closure);
            assert_eq!((found.len(), found[0].id), (1, function[0].id), "{closure}");
            let device = Device { built: [found[0].id].into() };
            let options = Options { device: Some(device), ..Options::default() };
            let tokens =
                crate::expand(closure.parse().expect("it is made of tokens"), &options).tokens.to_string();
            assert!(tokens.contains(&format!("/{:016x}.ptx", found[0].id)), "{tokens}");
        }
        assert!(compiled(&format!("|{arguments}| SqDist(x_i, b_j[1])")).is_empty());
    }

    /// The ids are those of the kernels' texts.
    #[test]
    fn an_instance_has_the_kernels_of_the_formula_with_numbers() {
        let body = "{ SumSoftMaxWeight_j(SqDist(x_i, y_j) / D, v_j) }";
        let instances = compiled(&format!(
            "#[instances(D = 2, 3)] #[instances(E = 4)]
            fn f<const D: usize, const E: usize>(x_i: Vi<D>, y_j: Vj<D>, v_j: Vj<E>) -> Vi<E> {body}"
        ));
        let numbers = body.replace('D', "3").replace("Sq3ist", "SqDist");
        let literal = compiled(&format!("fn f(x_i: Vi<3>, y_j: Vj<3>, v_j: Vj<4>) -> Vi<4> {numbers}"));
        assert_eq!((instances.len(), literal.len()), (2, 1));
        assert_eq!(instances[1].id, literal[0].id);
        assert_ne!(instances[0].id, literal[0].id);
    }
}

//! From blocks of formulas to texts of CUDA C.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use keops_compiler::backend::cuda::Scalar;
use keops_compiler::device;
use keops_compiler::loops::Arithmetic;

use crate::error::Error;
use crate::prelude;
use crate::scan::{self, Block};

/// A function with kernels, and the file that its formula is in.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) function: device::Function,
    pub(crate) file: String,
}

/// The functions of all blocks, by id. Equal formulas have the same kernels, and so the same id.
pub(crate) fn functions(blocks: Vec<Block>) -> BTreeMap<u64, Function> {
    let mut functions = BTreeMap::new();
    for block in blocks {
        for function in device::functions(block.tokens) {
            functions.entry(function.id).or_insert(Function { function, file: block.place.file.clone() });
        }
    }
    functions
}

/// The CUDA C of some functions. What nvcc says of a kernel names the place of its formula.
pub(crate) fn text<'a>(functions: impl IntoIterator<Item = &'a Function>) -> String {
    let mut text = prelude::text();
    let mut written = Vec::new();
    for Function { function, file } in functions {
        let line = function.place.start().line;
        for (pass, kernel) in &function.kernels {
            // A gradient and its function may share a kernel.
            if written.contains(&kernel.id) {
                continue;
            }
            written.push(kernel.id);
            let (name, id) = (&function.name, kernel.id);
            // A string takes all text.
            let _ = write!(text, "\n// {name}: {pass}, {id:016x}\n#line {line} \"{file}\"\n");
            for code in kernel.code.lines() {
                let _ = writeln!(text, "{code}");
                if code.starts_with("    }") {
                    let _ = writeln!(text, "#line {line} \"{file}\"");
                }
            }
        }
    }
    text
}

/// The CUDA C of formulas, for those who look at what nvcc makes of it.
#[derive(Clone, Debug)]
pub struct DeviceSource {
    /// The text.
    pub text: String,
    /// Its kernels.
    pub kernels: Vec<DeviceKernel>,
}

/// A kernel of a [`DeviceSource`]: the entry point `keops_{id:016x}`.
#[derive(Clone, Debug)]
pub struct DeviceKernel {
    /// Its id.
    pub id: u64,
    /// The function, or its gradient: `gaussian_conv::grad_x_i`.
    pub function: String,
    /// The pass of the function, and the scalar type.
    pub name: String,
    /// `f32` or `f64`.
    pub scalar: &'static str,
    /// Rows of a thread.
    pub rows: usize,
    /// Columns that its main loop works on together.
    pub columns: usize,
    /// Bytes that a column takes in shared memory.
    pub tile_row_bytes: usize,
    /// The same without what pads them.
    pub filled_row_bytes: usize,
    /// What a pair takes at least; nothing is said of passes over chosen pairs.
    pub arithmetic: Option<Arithmetic>,
}

/// The CUDA C of all formulas in some files, their kernels of some scalar types.
///
/// # Errors
///
/// If a file cannot be read, or is not Rust.
pub fn device_source(files: &[&Path], scalars: &[Scalar]) -> Result<DeviceSource, Error> {
    let mut blocks = vec![];
    for file in files {
        std::fs::metadata(file).map_err(|error| Error::file("read", file, error))?;
        let scan = scan::scan(Path::new(""), &[file.to_path_buf()], &["keops".to_owned()])?;
        if let Some(skipped) = scan.skipped.into_iter().next() {
            let error = std::io::Error::new(std::io::ErrorKind::InvalidData, skipped);
            return Err(Error::file("read", file, error));
        }
        blocks.extend(scan.blocks);
    }
    let mut functions = functions(blocks);
    for Function { function, .. } in functions.values_mut() {
        function.kernels.retain(|(_, kernel)| scalars.contains(&kernel.shape.scalar));
    }
    let kernels = functions.values().flat_map(|f| {
        f.function.kernels.iter().map(|(name, kernel)| {
            let scalar = kernel.shape.scalar.rust();
            let bytes = if scalar == "f32" { 4 } else { 8 };
            DeviceKernel {
                id: kernel.id,
                function: f.function.name.clone(),
                name: name.clone(),
                scalar,
                rows: kernel.shape.rows,
                columns: kernel.shape.columns,
                tile_row_bytes: kernel.shape.stride * bytes,
                filled_row_bytes: kernel.shape.filled * bytes,
                arithmetic: kernel.arithmetic.clone(),
            }
        })
    });
    Ok(DeviceSource { kernels: kernels.collect(), text: text(functions.values()) })
}

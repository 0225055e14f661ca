//! The CUDA C of the formulas whose machine code is budgeted, and what the generator says about each kernel.

use crate::steps::root;
use keops_kernels::{Arithmetic, DeviceKernel, Scalar, device_source};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

/// The formulas, from the folder of the workspace.
const FORMULAS: [&str; 2] = ["kernels/budgets/goals.rs", "kernels/budgets/formulas.rs"];

/// A kernel, as the generator describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kernel {
    /// Its name in the machine code.
    pub(crate) entry: String,
    /// The function that it computes, such as `gaussian::grad_x_i`, and which pass of it after the first.
    pub(crate) title: String,
    /// `f32` or `f64`.
    pub(crate) scalar: String,
    /// The rows of a thread.
    pub(crate) rows: usize,
    /// The columns of one iteration of the pair loop.
    pub(crate) columns: usize,
    /// The bytes of a column in shared memory, without what pads it and with it: all of the first are read, and no more than
    /// the second.
    pub(crate) row_bytes: RangeInclusive<usize>,
    /// What a pair takes at least.
    pub(crate) arithmetic: Option<Arithmetic>,
}

/// One CUDA C file and its kernels.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) kernels: Vec<Kernel>,
}

/// The kernels of the budgeted formulas, by title.
///
/// # Errors
///
/// If the formulas cannot be read.
pub(crate) fn generate() -> Result<Source, String> {
    let files = FORMULAS.map(|file| root().join(file));
    of_files(&files.each_ref().map(|file| &**file), &Scalar::ALL)
}

/// The kernels of the formulas in some files, by title.
///
/// # Errors
///
/// If the files cannot be read, or have no formula without an error.
pub(crate) fn of_files(files: &[&Path], scalars: &[Scalar]) -> Result<Source, String> {
    let source = device_source(files, scalars).map_err(|error| error.to_string())?;
    let kernels = describe(source.kernels);
    if kernels.is_empty() {
        let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        return Err(format!("no formula without an error in {}", names.join(" and ")));
    }
    Ok(Source { text: source.text, kernels })
}

/// Ids change with every change of the code: titles are what kernels are known by.
fn describe(kernels: Vec<DeviceKernel>) -> Vec<Kernel> {
    let describe = |kernel: DeviceKernel| {
        let pass = kernel.name.split(',').next().unwrap_or("");
        let title = match pass {
            "pass 0" => kernel.function,
            later => format!("{}, {later}", kernel.function),
        };
        Kernel {
            entry: format!("keops_{:016x}", kernel.id),
            title,
            scalar: kernel.scalar.to_owned(),
            rows: kernel.rows,
            columns: kernel.columns,
            row_bytes: kernel.filled_row_bytes..=kernel.tile_row_bytes,
            arithmetic: kernel.arithmetic,
        }
    };
    let mut kernels: Vec<Kernel> = kernels.into_iter().map(describe).collect();
    kernels.sort_by(|a, b| (&a.title, &a.scalar).cmp(&(&b.title, &b.scalar)));
    // A pass over chosen pairs has a kernel for each of its results.
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for kernel in &mut kernels {
        let number = seen.entry((kernel.title.clone(), kernel.scalar.clone())).or_default();
        *number += 1;
        if *number > 1 {
            kernel.title += &format!(", kernel {number}");
        }
    }
    kernels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kernel(id: u64, function: &str, name: &str) -> DeviceKernel {
        DeviceKernel {
            id,
            function: function.to_owned(),
            name: name.to_owned(),
            scalar: "f32",
            rows: 4,
            columns: 8,
            tile_row_bytes: 16,
            filled_row_bytes: 12,
            arithmetic: None,
        }
    }

    #[test]
    fn kernels_are_known_by_function_and_pass() {
        let kernels = describe(vec![
            kernel(1, "least::grad_x_i", "pass 1, f32"),
            kernel(2, "least::grad_x_i", "pass 0, f32"),
            kernel(3, "gaussian", "pass 0, f32"),
            kernel(4, "least::grad_x_i", "pass 1, f32"),
        ]);
        let titles: Vec<(&str, &str)> = kernels.iter().map(|k| (&*k.title, &*k.entry)).collect();
        let expected = [
            ("gaussian", "keops_0000000000000003"),
            ("least::grad_x_i", "keops_0000000000000002"),
            ("least::grad_x_i, pass 1", "keops_0000000000000001"),
            ("least::grad_x_i, pass 1, kernel 2", "keops_0000000000000004"),
        ];
        assert_eq!(titles, expected);
    }

    #[test]
    fn every_budgeted_formula_has_kernels() {
        let source = generate().expect("the files are there");
        let goals = include_str!("../../../kernels/budgets/goals.rs");
        let others = include_str!("../../../kernels/budgets/formulas.rs");
        for line in goals.lines().chain(others.lines()).filter_map(|line| line.trim().strip_prefix("pub fn "))
        {
            let name = line.split('(').next().unwrap_or(line);
            for scalar in ["f32", "f64"] {
                let found = |k: &Kernel| k.title == name && k.scalar == scalar;
                assert!(source.kernels.iter().any(found), "{name}, {scalar}");
            }
        }
    }
}

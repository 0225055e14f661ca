//! What rustc says of a wrong call: one error, in our words, with what was found and what is wanted.

use std::path::PathBuf;
use std::process::Command;

/// A generated function's signature, and arguments to try it with.
const FUNCTION: &str = "
use keops::{Destination, Memory, Parameter, Points, Real};

fn conv<T: Real, M: Memory>(
    _: impl Points<3, T, M>,
    _: impl Points<3, T, M>,
    _: impl Points<1, T, M>,
    _: impl Parameter<1, T, M>,
    _: impl Parameter<3, T, M>,
) {
}

fn into<T: Real, M: Memory>(_: impl Destination<3, T, M>, _: impl Points<3, T, M>) {}

fn nearest<T: Real, M: Memory>(
    _: (impl Destination<1, T, M>, impl Destination<1, usize, M>),
    _: impl Points<3, T, M>,
) {
}

fn main() {
    let x = vec![[0.0f32; 3]; 5];
    let y = vec![0.0f32; 12];
    let b = vec![1.0f32; 4];
    let plane = vec![[0.0f32; 2]; 5];
    let doubles = vec![[0.0f64; 3]; 5];
    let integers = vec![[0i32; 3]; 5];
";

/// rustc, and the library as it was built for this test.
struct Compiler {
    scratch: PathBuf,
    library: PathBuf,
}

impl Compiler {
    /// The folder of the running test holds the library, perhaps in several builds (another toolchain's, another
    /// version's). The one wanted is the newest that a right program compiles with.
    fn new(name: &str) -> Compiler {
        let test = std::env::current_exe().expect("the path of this test");
        let folder = test.parent().expect("a folder");
        let mut libraries: Vec<PathBuf> = std::fs::read_dir(folder)
            .expect("a folder that can be read")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| {
                let name = path.file_name().expect("a name").to_string_lossy();
                name.starts_with("libkeops-") && name.ends_with(".rlib")
            })
            .collect();
        libraries.sort_by_key(|path| std::fs::metadata(path).and_then(|m| m.modified()).ok());
        let scratch = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let right = "conv(&x, &y, &b, 0.5, [0.0, 0.0, 1.0]);
            into(&mut [0.0; 15], &x);
            nearest((&mut [[0.0]; 5], &mut vec![0; 5]), &x);";
        let mut seen = String::new();
        while let Some(library) = libraries.pop() {
            let compiler = Compiler { scratch: scratch.clone(), library };
            seen = compiler.errors(name, right);
            if seen.is_empty() {
                return compiler;
            }
        }
        panic!("no library in {} compiles a right call: {seen}", folder.display());
    }

    /// What rustc says of a call.
    fn errors(&self, name: &str, call: &str) -> String {
        let source = self.scratch.join(format!("{name}.rs"));
        std::fs::write(&source, format!("#![allow(unused)]{FUNCTION}    {call}\n}}\n"))
            .expect("a scratch file");
        let output = Command::new("rustc")
            .args(["--edition", "2024", "--emit", "metadata", "--out-dir"])
            .arg(&self.scratch)
            .arg("--extern")
            .arg(format!("keops={}", self.library.display()))
            .arg("-L")
            .arg(self.library.parent().expect("a folder"))
            .arg(&source)
            .output()
            .expect("rustc runs");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

/// Checks that a call gives one error, that with this first line, and that it says `further`.
fn check(name: &str, call: &str, first_line: &str, further: &[&str]) {
    let errors = Compiler::new(name).errors(name, call);
    let count = errors.matches("error[").count();
    assert_eq!(count, 1, "{call} gives {count} errors:\n{errors}");
    assert_eq!(errors.lines().next(), Some(format!("error[E0277]: {first_line}").as_str()), "{errors}");
    for text in further {
        assert!(errors.contains(text), "{call} does not say {text:?}:\n{errors}");
    }
}

#[test]
fn points_of_another_dimension() {
    check(
        "another_dimension",
        "conv(&x, &plane, &b, 0.5, [0.0, 0.0, 1.0]);",
        "expected points with 3 coordinate(s), `[f32; 3]`, found `&Vec<[f32; 2]>`",
        &["expected rows `[f32; 3]`", "points are `&[[f32; 3]]` or `&Vec<[f32; 3]>`, or flat"],
    );
}

#[test]
fn the_first_argument_of_another_dimension() {
    check(
        "first_of_another_dimension",
        "conv(&plane, &y, &b, 0.5, [0.0, 0.0, 1.0]);",
        "expected points with 3 coordinate(s), `[_; 3]`, found `&Vec<[f32; 2]>`",
        &["expected rows `[_; 3]`"],
    );
}

#[test]
fn f32_and_f64_in_one_call() {
    check(
        "mixed",
        "conv(&x, &doubles, &b, 0.5, [0.0, 0.0, 1.0]);",
        "expected points with 3 coordinate(s), `[f32; 3]`, found `&Vec<[f64; 3]>`",
        &["all arguments of a call hold the same type of number"],
    );
}

#[test]
fn integers() {
    check(
        "integers",
        "conv(&x, &integers, &b, 0.5, [0.0, 0.0, 1.0]);",
        "expected points with 3 coordinate(s), `[f32; 3]`, found `&Vec<[i32; 3]>`",
        &["`f32` or `f64`", "`.map(|row| row.map(|v| v as f32))` converts rows"],
    );
}

#[test]
fn points_by_value() {
    check(
        "by_value",
        "conv(x, &y, &b, 0.5, [0.0, 0.0, 1.0]);",
        "expected points with 3 coordinate(s), `[_; 3]`, found `Vec<[f32; 3]>`",
        &["consider borrowing here", "conv(&x, &y, &b,"],
    );
}

#[test]
fn a_parameter_of_another_dimension() {
    check(
        "another_parameter",
        "conv(&x, &y, &b, 0.5, [0.0, 1.0]);",
        "expected a parameter with 3 coordinate(s), `[f32; 3]`, found `[{float}; 2]`",
        &["expected one row `[f32; 3]`", "or a slice `&[f32]` or `&Vec<f32>` of length 3"],
    );
}

#[test]
fn an_integer_as_parameter() {
    check(
        "integer_parameter",
        "conv(&x, &y, &b, 2, [0.0, 0.0, 1.0]);",
        "expected a parameter with 1 coordinate(s), `[f32; 1]`, found `{integer}`",
        &["a plain number (`2.0`, not the integer `2`)"],
    );
}

#[test]
fn a_parameter_in_the_other_precision() {
    check(
        "precise_parameter",
        "conv(&x, &y, &b, 0.5f64, [0.0, 0.0, 1.0]);",
        "expected a parameter with 1 coordinate(s), `[f32; 1]`, found `f64`",
        &["all arguments of a call hold the same type of number"],
    );
}

#[test]
fn memory_for_rows_of_another_dimension() {
    check(
        "memory_of_another_dimension",
        "into(&mut vec![[0.0f32; 2]; 5], &x);",
        "expected memory for a result with 3 coordinate(s), `[_; 3]`, found `&mut Vec<[f32; 2]>`",
        &["expected memory for rows `[_; 3]`", "or flat, row after row, to `&mut"],
    );
}

#[test]
fn memory_in_the_other_precision() {
    check(
        "memory_of_doubles",
        "into(&mut vec![[0.0f64; 3]; 5], &x);",
        "expected points with 3 coordinate(s), `[f64; 3]`, found `&Vec<[f32; 3]>`",
        &["all arguments of a call hold the same type of number"],
    );
}

#[test]
fn memory_that_is_not_to_be_written() {
    check(
        "memory_to_read",
        "into(&vec![[0.0f32; 3]; 5], &x);",
        "expected memory for a result with 3 coordinate(s), `[_; 3]`, found `&Vec<[f32; 3]>`",
        &["a result goes to `&mut [["],
    );
}

#[test]
fn numbers_for_indices() {
    check(
        "numbers_for_indices",
        "nearest((&mut [0.0; 5], &mut [0.0f32; 5]), &x);",
        "expected memory for a result with 1 coordinate(s), `[usize; 1]`, found `&mut [f32; 5]`",
        &["indices are `usize`"],
    );
}

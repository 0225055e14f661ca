//! The table of errors, benches/MATHS.md.

use std::fmt::{self, Debug, Display, Formatter, Write};
use std::path::Path;
use std::process::Command;
use std::{fs, io};

use keops::simd::Level;

use crate::errors::{Errors, Found};
use crate::evaluate::{Format, levels};

const HEAD: &str = "\
# Errors of the scalar functions

Written by `cargo bench -p keops-runtime --bench maths`: the largest errors found, in units in the last place (ulp), and
where.

- **f32**: all 2³² bit patterns, on the best instruction set of this processor; every 17th of them without fused
  multiply-add (FMA). They are compared with the standard library's function in `f64`; erf, erfc, sinc and the spherical
  Bessel functions, which it lacks, with this library's own in `f64`. *Reference* is the error of that reference, in ulp
  of `f32`: the largest on every 65537th pattern against sums of two `f64`. So the figures are right to their last digit.
- **f64**: 10⁵ pseudo-random numbers of all sizes and 40 edges (±0, ±∞, NaN, the ends of ranges), with and without FMA.
  They are compared with sums of two `f64`, good to 27 digits or more, as a test finds from values at 60 digits.
- NaN, ±0, ±∞ and overflow have to be those of the reference, or the error counts as infinite. Where a function is even
  or odd, and so are its results to the bit, one sign is compared with the reference and the other with its results.
- *Other bits* counts the results, among all with FMA, that are not the same to the bit on the lesser instruction sets
  that have it: AVX-512 looks powers of 2 and logarithms up in `f64`, where AVX2 computes them, and rounds exponents of 2 down
  in both types. Both count for the error.
- A *bound* is what the documentation of `keops::math::Functions` states. There errors of the spherical Bessel functions
  are in ulp of 1/x or 1/x² beyond 1.75 (j₁) or 3 (j₂).
";

const PAIRS: &str = "
Functions of two arguments on 10⁶ pairs in f32 and 10⁵ in f64, with the same references:

";

const TABLE: &str = "\
| function | bound | f32 | f32 without FMA | f64 | f64 without FMA | other bits | reference | measured |
|---|---:|---|---|---|---|---:|---:|---|
";

/// An argument, or a pair of them.
pub(crate) trait Argument: Copy + Debug + Default {}
impl<A: Copy + Debug + Default> Argument for A {}

/// A line of the table.
pub(crate) struct Row(String);

impl Row {
    /// What was found of a function.
    pub(crate) fn new<A: Argument, B: Argument>(
        (name, bound): (&str, f64),
        in_f32: &Errors<f32, A>,
        in_f64: &Errors<f64, B>,
        reference: f64,
    ) -> Self {
        let [f32_best, f32_other] = cells(in_f32);
        let [f64_best, f64_other] = cells(in_f64);
        let other_bits = differing(in_f32) + differing(in_f64);
        Row(format!(
            "{}{bound} | {f32_best} | {f32_other} | {f64_best} | {f64_other} | {other_bits} | {reference:.0e} | {} |",
            start(name),
            said_by("date", &["+%F"])
        ))
    }
}

impl Display for Row {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How the line of a function begins.
fn start(name: &str) -> String {
    format!("| `{name}` | ")
}

/// How many results have other bits on a lesser level with the same arithmetic.
fn differing<T, A>(errors: &Errors<T, A>) -> u64 {
    errors.0.iter().flat_map(|found| &found.differing).map(|(_, count)| count).sum()
}

/// What was found with the best level's arithmetic and the other.
fn cells<T: Format, A: Argument>(errors: &Errors<T, A>) -> [String; 2] {
    [0, 1].map(|k| errors.0.get(k).map_or_else(String::new, cell))
}

fn cell<T: Format, A: Argument>(found: &Found<T, A>) -> String {
    match found.error {
        0.0 => "0".to_owned(),
        error => format!("{error:.4} at {:?}", found.at),
    }
}

/// Puts a row into the file, which has the rows in the given order: those of functions of one argument, then of two.
/// Rows of other instruction sets or another compiler are dropped: what is said above the table holds for all.
pub(crate) fn put(row: &Row, order: [&[&str]; 2]) -> io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../benches/MATHS.md");
    let before = fs::read_to_string(&path).unwrap_or_default();
    let setting = setting();
    let before = if before.contains(&setting) { before.as_str() } else { "" };
    let mut text = format!("{HEAD}\n{setting}\n");
    for (title, names) in ["", PAIRS].into_iter().zip(order) {
        let lines = names.iter().filter_map(|name| {
            let start = start(name);
            std::iter::once(row.0.as_str()).chain(before.lines()).find(|line| line.starts_with(&start))
        });
        let lines: Vec<&str> = lines.collect();
        if !lines.is_empty() {
            let _ = writeln!(text, "{title}{TABLE}{}", lines.join("\n"));
        }
    }
    fs::write(path, text)
}

/// What the results depend on. Which processor it was is nothing of that: the arithmetic is that of IEEE 754 on all that have
/// the instruction sets.
fn setting() -> String {
    let levels: Vec<&str> = levels().map(Level::name).collect();
    format!(
        "{}; {}; {}.\n",
        levels.join(", "),
        said_by("rustc", &["--version"]),
        said_by("getconf", &["GNU_LIBC_VERSION"])
    )
}

/// What a program prints.
fn said_by(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

//! What a formula costs while a program is compiled: expanding the macro, and rustc at the release profile.
//!
//! ```text
//! cargo bench --bench compile_time
//! ```

use keops_compiler::{Options, expand};
use keops_workloads::clock::{Times, thread_seconds};
use proc_macro2::TokenStream;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Goals for each formula: expansion, and rustc on it, in seconds of CPU time.
const EXPANSION: f64 = 5e-3;
const RUSTC: f64 = 150e-3;

/// Formulas of all kinds.
const FORMULAS: [&str; 31] = [
    "gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> { Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j }",
    "laplacian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> { Exp(-Sqrt(SqDist(x_i, y_j)) / s) * b_j }",
    "cauchy(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<4>, s: Pm<1>) -> Vi<4> { b_j / (1 + SqDist(x_i, y_j) / s^2) }",
    "multiquadric(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<2>, s: Pm<1>) -> Vi<2> { Rsqrt(s^2 + SqDist(x_i, y_j)) * b_j }",
    "four(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<4>, s: Pm<4>) -> Vi<4> { let d = SqDist(x_i, y_j); \
     (Exp(-d / s[0]^2) + Exp(-d / s[1]^2) + Exp(-d / s[2]^2) + Exp(-d / s[3]^2)) * b_j }",
    "high(x_i: Vi<64>, y_j: Vj<64>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> { Exp(-SqDist(x_i, y_j) / s^2) * b_j }",
    "higher(x_i: Vi<784>, y_j: Vj<784>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> { Exp(-SqDist(x_i, y_j) / s^2) * b_j }",
    "mean(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<3>) -> Vi<3> { Mean_j(Sin(x_i * y_j) * b_j) }",
    "log_sum_exp(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> { LogSumExp_j(-SqDist(x_i, y_j) / s^2) }",
    "soft_min(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> { -s * LogSumExp_j((b_j - SqDist(x_i, y_j)) / s) }",
    "attention(x_i: Vi<64>, y_j: Vj<64>, b_j: Vj<64>) -> Vi<64> { SumSoftMaxWeight_j((x_i | y_j) / 8, b_j) }",
    "nearest(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1, usize> { ArgMin_j(SqDist(x_i, y_j)) }",
    "farthest(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1>, Vi<1, usize>) { Max_ArgMax_j(SqDist(x_i, y_j)) }",
    "neighbours(x_i: Vi<3>, y_j: Vj<3>) -> Vi<10, usize> { ArgKMin_j(SqDist(x_i, y_j), 10) }",
    "near_and_far(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<5>, Vi<5, usize>) { KMin_ArgKMin_j(Norm2(x_i - y_j), 5) }",
    "normalised(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> { let k = Exp(-SqDist(x_i, y_j) / s^2); \
     Sum_j(k * b_j) / Sum_j(k) }",
    "moments(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> (Vi<1>, Vi<3>) { let k = Exp(-SqDist(x_i, y_j) / s^2); \
     (Sum_j(k), Sum_j(k * (y_j - x_i))) }",
    "energy(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Pm<1> { Sum_ij(Exp(-SqDist(x_i, y_j) / s^2)) }",
    "haversine(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> { let d = Sin((x_i - y_j) / 2)^2; \
     Min_j(2 * Asin(Sqrt(d[0] + Cos(x_i[0]) * Cos(y_j[0]) * d[1]))) }",
    "spectral(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, w: Pm<3>) -> Vi<1> { Cos(w | (x_i - y_j)) * b_j }",
    "kernel_gradient(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>, e_i: Vi<1>) -> Vi<3> { \
     Grad(Exp(-SqDist(x_i, y_j) / s^2) * b_j, x_i, e_i) }",
    "second(x_i: Vi<2>, y_j: Vj<2>, s: Pm<1>, e_i: Vi<1>, u_i: Vi<2>) -> Vi<2> { \
     Grad(Grad(Exp(-SqDist(x_i, y_j) / s^2), x_i, e_i), x_i, u_i) }",
    "student(x_i: Vi<2>, y_j: Vj<2>) -> Vi<2> { let w = 1 / (1 + SqDist(x_i, y_j)); Sum_j(w^2 * (x_i - y_j)) / Sum_j(w) }",
    "polynomial(x_i: Vi<8>, y_j: Vj<8>, b_j: Vj<1>) -> Vi<1> { ((x_i | y_j) + 1)^3 * b_j }",
    "tanh_layer(x_i: Vi<16>, y_j: Vj<16>, b_j: Vj<1>) -> Vi<1> { Tanh((x_i | y_j) + b_j) }",
    "masked(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> { IfElse(s - SqDist(x_i, y_j), Exp(-SqDist(x_i, y_j)), 0) }",
    "columns(x_i: Vi<3>, y_j: Vj<3>, a_i: Vi<1>) -> Vj<1> { Sum_i(Exp(-SqDist(x_i, y_j)) * a_i) }",
    "matrix(x_i: Vi<3>, y_j: Vj<3>, m: Pm<9>) -> Vi<3> { MatVecMult(m, x_i - y_j) * Exp(-SqDist(x_i, y_j)) }",
    "tensor(x_i: Vi<3>, y_j: Vj<3>) -> Vi<9> { TensorProd(x_i, y_j) * Exp(-SqDist(x_i, y_j)) }",
    "relative(x_i: Vi<4>, y_j: Vj<4>) -> Vi<1> { Max_j(Sum(Abs(x_i - y_j) / (Abs(x_i) + Abs(y_j) + 1))) }",
    "entropy(x_i: Vi<8>, y_j: Vj<8>) -> Vi<1> { Min_j(Sum(x_i^2 * (Log(x_i^2 + 1) - Log(y_j^2 + 1)))) }",
];

/// Formulas of the crate that rustc compiles: the first ones.
const COMPILED: usize = 20;
const REPETITIONS: usize = 15;
const BUILDS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    expansions()?;
    compilations()
}

/// Times the macro alone, as compiled here: with optimisation.
fn expansions() -> Result<(), Box<dyn Error>> {
    println!("{:16} {:>12} {:>16}", "formula", "expansion", "emitted");
    let mut all = Times::default();
    let mut slow = 0;
    for text in FORMULAS {
        let tokens: TokenStream = format!("pub fn {text}").parse().map_err(|e| format!("{text}: {e}"))?;
        let mut times = Times::default();
        let mut emitted = String::new();
        for _ in 0..REPETITIONS {
            let input = tokens.clone();
            let (seconds, expansion) = thread_seconds(|| expand(input, &Options::default()));
            times.push(seconds);
            emitted = expansion.tokens.to_string();
        }
        if emitted.contains("compile_error") {
            return Err(format!("{text} does not compile: {emitted}").into());
        }
        let median = times.median().unwrap_or_default();
        all.push(median);
        slow += usize::from(median > EXPANSION);
        println!("{:16} {:>9.2} ms {:>10} bytes", name(text), 1e3 * median, emitted.len());
    }
    let median = 1e3 * all.median().unwrap_or_default();
    let goal = 1e3 * EXPANSION;
    println!("\nexpansion: {median:.2} ms a formula in the median, {slow} above the goal of {goal} ms\n");
    Ok(())
}

fn name(text: &str) -> &str {
    text.split('(').next().unwrap_or(text)
}

/// Times rustc on a crate of formulas, against the same crate without them.
fn compilations() -> Result<(), Box<dyn Error>> {
    if children_seconds().is_none() {
        println!("the CPU time of rustc is read from /proc: not on this system");
        return Ok(());
    }
    let crates =
        [("without formulas", 0, false), ("declared", COMPILED, false), ("called in f32", COMPILED, true)];
    let mut times = [const { Vec::new() }; 3];
    for round in 0..=BUILDS {
        for ((_, count, called), times) in crates.iter().zip(&mut times) {
            let seconds = build(&source(*count, *called, round))?;
            // The first round builds what the crate depends on.
            if round > 0 {
                times.push(seconds);
            }
        }
    }
    let least = |k: usize| times[k].iter().copied().fold(f64::INFINITY, f64::min);
    println!("rustc, opt-level 3, least of {BUILDS} builds, user CPU time:");
    for (k, (title, count, _)) in crates.iter().enumerate() {
        let each = (least(k) - least(0)) / (*count).max(1) as f64;
        println!("  {title:18} {:>6.2} s   {:>4.0} ms a formula", least(k), 1e3 * each);
    }
    println!("  the goal is {:.0} ms a formula that is called", 1e3 * RUSTC);
    Ok(())
}

/// A library with the first formulas, each called by a function if `called`.
fn source(count: usize, called: bool, round: usize) -> String {
    let mut text = format!("//! Written by benches/compile_time.rs, round {round}.\n");
    for formula in &FORMULAS[..count] {
        let _ = writeln!(text, "keops::keops! {{ pub fn {formula} }}");
        if called {
            let name = name(formula);
            let (parameters, arguments) = caller(formula);
            let _ = writeln!(
                text,
                "pub fn call_{name}({parameters}) {{ let _ = std::hint::black_box({name}({arguments})); }}"
            );
        }
    }
    text
}

/// The parameters of a function that calls a formula in `f32`, and what it passes on.
fn caller(formula: &str) -> (String, String) {
    let declared = formula.split(['(', ')']).nth(1).unwrap_or("");
    let mut parameters = vec![];
    let mut arguments = vec![];
    for argument in declared.split(", ") {
        let Some((name, kind)) = argument.split_once(": ") else { continue };
        let dim = kind.trim_start_matches(|c| c != '<').trim_matches(['<', '>']);
        let rows = if kind.starts_with("Pm") { format!("&[f32; {dim}]") } else { format!("&[[f32; {dim}]]") };
        parameters.push(format!("{name}: {rows}"));
        arguments.push(name);
    }
    (parameters.join(", "), arguments.join(", "))
}

/// Builds a crate with this source; returns the CPU seconds of cargo and rustc.
fn build(source: &str) -> Result<f64, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("target/bench/compile_time");
    fs::create_dir_all(folder.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"formulas\"\nedition = \"2024\"\n\n\
         [dependencies]\nkeops = {{ package = \"keops-runtime\", path = {:?} }}\n\n[workspace]\n",
        root.join("keops-runtime")
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    fs::write(folder.join("src/lib.rs"), source)?;
    let before = children_seconds();
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--release", "--offline", "--target-dir"])
        .arg(folder.join("target"))
        .current_dir(&folder)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    match (before, children_seconds()) {
        (Some(before), Some(after)) => Ok(after - before),
        _ => Err("/proc/self/stat cannot be read".into()),
    }
}

/// The user CPU seconds of all processes that this one and its children have waited for; proc(5) has the fields.
fn children_seconds() -> Option<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may hold spaces; `cutime` is field 16 of all, the 14th after the name.
    let (_, fields) = stat.rsplit_once(") ")?;
    let ticks: f64 = fields.split(' ').nth(13)?.parse().ok()?;
    Some(ticks / TICKS_PER_SECOND)
}

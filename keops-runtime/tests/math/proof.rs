//! Proves the error bounds on all f32, and writes benches/MATHS.md.
//!
//! ```text
//! cargo bench -p keops-runtime --bench maths                   # all functions: 40 minutes of processor time
//! cargo bench -p keops-runtime --bench maths -- exp log        # some: only their rows are written anew
//! cargo bench -p keops-runtime --bench maths -- --threads 1    # on so many threads
//! cargo bench -p keops-runtime --bench maths -- --stride 257   # every so many-th f32: a trial that is printed only
//! ```
//!
//! Each row is written when it is there, so that an interrupted run goes on with the names that are left.

mod arguments;
mod binary;
mod document;
mod double;
mod errors;
mod evaluate;
mod functions;
mod reduction;
mod reference;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use arguments::{ARGUMENTS, sample};
use binary::{Function2, Visit2, errors_on_pairs, for_all2};
use document::Row;
use errors::{Errors, Reference};
use evaluate::Function;
use functions::{Visit, for_all};

/// Every so many-th f32 is looked at with the arithmetic that is not the processor's best.
const OTHER_STRIDE: usize = 17;
/// How many f64 besides the edges, and pairs of f64.
const IN_F64: usize = 100_000;
/// How many pairs of f32.
const PAIRS_IN_F32: usize = 1_000_000;

/// What is asked for on the command line.
struct Wishes {
    names: Vec<String>,
    stride: usize,
    threads: usize,
}

impl Wishes {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut wishes = Wishes { names: vec![], stride: 1, threads: 0 };
        // `cargo bench` adds a `--bench` of its own.
        let mut arguments = arguments.filter(|argument| argument != "--bench");
        while let Some(argument) = arguments.next() {
            let mut number = || -> Result<usize, Box<dyn Error>> {
                let number = arguments.next().ok_or(format!("a number is missing after {argument}"))?;
                number.parse().map_err(|_| format!("{argument} {number}: not a number").into())
            };
            match argument.as_str() {
                "--stride" => wishes.stride = number()?.max(1),
                "--threads" => wishes.threads = number()?,
                name => wishes.names.push(name.to_owned()),
            }
        }
        Ok(wishes)
    }
}

/// The names of the functions of one argument and of two.
#[derive(Default)]
struct Names(Vec<&'static str>, Vec<&'static str>);

impl Visit for Names {
    fn visit<F: Function>(&mut self) {
        self.0.push(F::NAME);
    }
}

impl Visit2 for Names {
    fn visit<F: Function2>(&mut self) {
        self.1.push(F::NAME);
    }
}

/// The proof of one function after the other.
struct Proof {
    wishes: Wishes,
    names: Names,
    complaints: Vec<String>,
}

impl Proof {
    fn is_wanted(&self, name: &str) -> bool {
        self.wishes.names.is_empty() || self.wishes.names.iter().any(|wanted| wanted == name)
    }

    /// Reports a row, and puts it into the file unless this is a trial.
    fn put(&mut self, row: &Row, start: Instant) {
        println!("{row} {:.0} s", start.elapsed().as_secs_f64());
        if self.wishes.stride == 1
            && let Err(error) = document::put(row, [&self.names.0, &self.names.1])
        {
            self.complaints.push(error.to_string());
        }
    }
}

impl Visit for Proof {
    fn visit<F: Function>(&mut self) {
        if !self.is_wanted(F::NAME) {
            return;
        }
        let start = Instant::now();
        let in_f32 = Errors::on_patterns::<F>(self.wishes.stride, self.wishes.stride * OTHER_STRIDE);
        let arguments: Vec<f64> = sample(IN_F64).into_iter().chain(ARGUMENTS).collect();
        let in_f64 = Errors::on::<F>(&arguments, Reference::Exact);
        self.complaints.extend(in_f32.complaints(F::NAME, F::BOUND, F::MAY_DIFFER));
        self.complaints.extend(in_f64.complaints(F::NAME, F::BOUND, F::MAY_DIFFER));
        let row = Row::new((F::NAME, F::BOUND), &in_f32, &in_f64, reference::error::<F>());
        self.put(&row, start);
    }
}

impl Visit2 for Proof {
    fn visit<F: Function2>(&mut self) {
        if !self.is_wanted(F::NAME) {
            return;
        }
        let start = Instant::now();
        let pairs = F::sample(PAIRS_IN_F32);
        let in_f32 = errors_on_pairs::<F, f32>(&pairs, Reference::Value);
        let in_f64 = errors_on_pairs::<F, f64>(&pairs[..IN_F64], Reference::Exact);
        self.complaints.extend(in_f32.complaints(F::NAME, F::BOUND, F::MAY_DIFFER));
        self.complaints.extend(in_f64.complaints(F::NAME, F::BOUND, F::MAY_DIFFER));
        let reference = reference::error_on_pairs::<F>(&pairs[..IN_F64]);
        self.put(&Row::new((F::NAME, F::BOUND), &in_f32, &in_f64, reference), start);
    }
}

fn run() -> Result<Vec<String>, Box<dyn Error>> {
    let wishes = Wishes::read(std::env::args().skip(1))?;
    let mut names = Names::default();
    for_all(&mut names);
    for_all2(&mut names);
    let known = names.0.iter().chain(&names.1);
    if let Some(name) = wishes.names.iter().find(|wanted| !known.clone().any(|name| name == wanted)) {
        let known: Vec<&str> = known.copied().collect();
        return Err(format!("no function {name}; there are: {}", known.join(" ")).into());
    }
    rayon::ThreadPoolBuilder::new().num_threads(wishes.threads).build_global()?;
    let mut proof = Proof { wishes, names, complaints: vec![] };
    for_all(&mut proof);
    for_all2(&mut proof);
    Ok(proof.complaints)
}

fn main() -> ExitCode {
    match run() {
        Ok(complaints) if complaints.is_empty() => ExitCode::SUCCESS,
        Ok(complaints) => {
            eprintln!("{}", complaints.join("\n"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

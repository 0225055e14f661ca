//! Formulas that people write: KeOps's tutorial, its tests, and the jobs it is used for.
//!
//! Each is compiled by `keops!`, run in `f32` and `f64`, and compared with the reference evaluator.

#[path = "corpus/closures.rs"]
mod closures;
#[path = "corpus/design.rs"]
mod design;
#[path = "corpus/dimensions.rs"]
mod dimensions;
#[path = "corpus/helpers.rs"]
mod helpers;
#[path = "corpus/jobs.rs"]
mod jobs;
#[path = "corpus/language.rs"]
mod language;
#[path = "corpus/loops.rs"]
mod loops;
#[path = "corpus/numbers.rs"]
mod numbers;
#[path = "corpus/tutorial.rs"]
mod tutorial;
#[path = "corpus/wide.rs"]
mod wide;

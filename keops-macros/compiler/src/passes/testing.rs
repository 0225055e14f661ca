//! What the tests of the passes share.

use super::simplify::simplify;
use crate::error::Errors;
use crate::ir::Program;
use crate::ir::execute::{Inputs, Table, execute};
use crate::{check, parse};

/// The simplified program of the only function of a text.
pub(super) fn simplified(text: &str) -> Program {
    let mut errors = Errors::new();
    let block = parse::block(text.parse().expect("tokens"), &mut errors);
    let checked = check::function(&block.functions[0], &mut errors);
    errors.finish().expect("a formula without errors");
    simplify(checked.expect("a meaning").program)
}

/// The result of a function of three arguments of dimension 3, four rows each, and of these parameters.
pub(super) fn values(program: &Program, parameters: &[f64]) -> Vec<f64> {
    let rows = |seed: f64| -> Vec<f64> { (0..12).map(|k| (seed + 1.7 * f64::from(k)).sin()).collect() };
    let mut arguments = vec![rows(0.1), rows(0.7), rows(1.9)];
    arguments.extend(parameters.iter().map(|p| vec![*p]));
    match &execute(program, &Inputs { m: 4, n: 4, arguments: &arguments })[..] {
        [Table::Numbers(values)] => values.clone(),
        other => panic!("one result of numbers, not {other:?}"),
    }
}

//! The instances of a function: what is checked for all values of its dimension parameters at once, and what for each.

use super::{Checked, function};
use crate::ast;
use crate::error::Errors;
use crate::message::dims as message;

/// A checked function with numbers in place of its dimension parameters.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The numbers, in the order of the parameters.
    pub values: Vec<usize>,
    /// The function with these numbers, and with the results that it has if none are declared.
    pub written: ast::Function,
    /// What it means.
    pub checked: Checked,
}

/// Checks a function for every combination of values of its dimension parameters, of which there is one if it has none.
/// `None` if it has errors, which are then in `errors` (or were reported by the parser).
///
/// A mistake of the formula itself is found with the parameters as they are, and is one error however many values
/// are listed. What depends on the values is an error of the first combination that has it.
pub fn instances(written: &ast::Function, errors: &mut Errors) -> Option<Vec<Instance>> {
    if !written.dimensions.is_empty() {
        let mut of_all = Errors::new();
        function(written, &mut of_all);
        if !of_all.is_empty() {
            errors.take_over(of_all, |message| message);
            return None;
        }
        // What is wrong with the values has been reported, and the body is missing then.
        written.body.as_ref()?;
    }
    let instance = |values: Vec<usize>| {
        let with_values = written.instance(&values);
        let mut own = Errors::new();
        let checked = function(&with_values, &mut own);
        errors.take_over(own, |message| of_instance(written, &values, message));
        checked.map(|checked| {
            let written = ast::Function { results: checked.results.clone(), ..with_values };
            Instance { values, written, checked }
        })
    };
    written.instances().into_iter().map(instance).collect()
}

/// A message that holds for one instance of a function: it says for which, if there are several.
pub fn of_instance(written: &ast::Function, values: &[usize], message: String) -> String {
    if written.dimensions.is_empty() {
        return message;
    }
    message::of_an_instance(&message, &ast::assigned(&written.dimensions, values))
}

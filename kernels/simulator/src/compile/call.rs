//! Calls, replaced by the body of the function that is called.

use std::collections::HashMap;

use super::{Compiler, Error, Frame, Guard, Located, Scope, Step, Symbol};
use crate::ptx::{Function, Operand, Space, Statement, Variable};

/// Deepest nesting of calls; recursion, which the simulator lacks, is found by it.
const DEEPEST: usize = 32;

impl Compiler<'_> {
    pub(super) fn call(&mut self, guard: Option<Guard>, statement: &Statement) -> Result<(), Error> {
        let mut names = statement.operands.iter();
        let mut next = names.next();
        let results = match next {
            Some(Operand::List(results)) if statement.operands.len() > 1 => {
                next = names.next();
                results.as_slice()
            }
            _ => &[],
        };
        let Some(Operand::Name(name)) = next else {
            return Err(format!("`{}` without the name of a function", statement.opcode).into());
        };
        let arguments = match names.next() {
            Some(Operand::List(arguments)) => arguments.as_slice(),
            _ => &[],
        };
        let module = self.module;
        let called = |f: &&Function| f.name == *name && f.body.is_some();
        let function = module.functions.iter().find(called);
        let function = function.ok_or_else(|| format!("the function `{name}` is not in the module"))?;
        if self.frames.len() > DEEPEST {
            return Err(format!("calls nest deeper than {DEEPEST}, or `{name}` calls itself").into());
        }
        let mut scope = Scope::default();
        self.bind(&mut scope, &function.results, results)?;
        self.bind(&mut scope, &function.parameters, arguments)?;
        self.inline(guard, function, scope, statement.line)
            .map_err(|(line, message)| Error::There(line, message))
    }

    /// The variables of the caller under the names that the function has for them.
    fn bind(&mut self, scope: &mut Scope, parameters: &[Variable], given: &[Operand]) -> Result<(), String> {
        if parameters.len() != given.len() {
            return Err(format!("{} arguments or results for {}", given.len(), parameters.len()));
        }
        for (parameter, operand) in parameters.iter().zip(given) {
            let Operand::Name(name) = operand else {
                return Err(format!("argument {operand:?} is not simulated"));
            };
            match self.symbol(name)? {
                symbol @ Symbol::Address(Space::Local, _) => scope.insert(parameter.name.clone(), symbol),
                _ => {
                    return Err(format!(
                        "argument `{name}`, which is no `.param` variable, is not simulated"
                    ));
                }
            };
        }
        Ok(())
    }

    fn inline(&mut self, guard: Option<Guard>, function: &Function, scope: Scope, line: u32) -> Located<()> {
        let end = self.new_label();
        if let Some(guard) = guard {
            let around = Guard { negated: !guard.negated, ..guard };
            self.push(Some(around), Step::Branch(end.0), line);
        }
        self.frames.push(Frame {
            scopes: vec![scope, Scope::default()],
            labels: HashMap::new(),
            end: Some(end),
        });
        self.items(function.body.as_deref().unwrap_or_default())?;
        self.close_frame(function.line)?;
        self.place(end);
        Ok(())
    }
}

//! Calls, replaced by the body of the function that is called.

use super::{Compiler, Error, Frame, Located, Scope, Symbol};
use crate::program::{Guard, Step};
use crate::ptx::{Function, Operand, Space, Statement, Variable};

/// Deepest nesting of calls; recursion, which the simulator lacks, is found by it.
const DEEPEST: usize = 32;

/// The driver's function that a failed `assert` calls.
const ASSERTION_FAILED: &str = "__assertfail";

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
        if name == ASSERTION_FAILED {
            self.push(guard, Step::Trap, statement.line);
            return Ok(());
        }
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
        self.frames.push(Frame { scopes: vec![scope, Scope::default()], labels: Vec::new(), end: Some(end) });
        self.items(function.body.as_deref().unwrap_or_default())?;
        self.frames.pop();
        self.place(end);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::compile;
    use crate::program::Step;
    use crate::ptx::parse;

    fn compiled(functions: &str, body: &str) -> Result<Vec<Step>, String> {
        let text = format!(
            ".version 7.0 .target sm_70 .address_size 64 {functions} .entry k() {{ .reg .pred %p; {body} ret; }}"
        );
        let module = parse(&text).expect("valid PTX");
        let kernel = module.functions.last().expect("the kernel comes last");
        let program = compile(&module, kernel, &HashMap::new()).map_err(|error| error.message)?;
        Ok(program.steps.into_iter().map(|instruction| instruction.step).collect())
    }

    #[test]
    fn a_call_is_the_body_of_its_function() {
        let f = ".func (.param .b32 r) f(.param .b32 a) { .reg .b32 %x; ld.param.u32 %x, [a]; \
                 st.param.u32 [r], %x; ret; }";
        let body = ".reg .b32 %x; mov.u32 %x, 7; .param .b32 p; .param .b32 q; st.param.u32 [p], %x; \
                    call (q), f, (p); ld.param.u32 %x, [q];";
        let steps = compiled(f, body).expect("a known function");
        let kinds: Vec<&str> = steps
            .iter()
            .map(|step| match step {
                Step::Load(_) => "load",
                Step::Store(_) => "store",
                Step::Branch(target) => {
                    assert_eq!(*target, 5, "`ret` goes behind the body");
                    "branch"
                }
                _ => "other",
            })
            .collect();
        assert_eq!(kinds, ["other", "store", "load", "store", "branch", "load", "other", "other"]);
    }

    #[test]
    fn a_guarded_call_is_jumped_over() {
        let steps = compiled(".func f() { ret; }", "@%p call f;").expect("a known function");
        assert!(matches!(steps[0], Step::Branch(2)) && matches!(steps[1], Step::Branch(2)));
    }

    #[test]
    fn refused_calls() {
        let told = |functions, body| compiled(functions, body).err().expect("the call is refused");
        assert!(told("", "call f;").contains("`f` is not in the module"));
        assert!(told(".func f() { call f; ret; }", "call f;").contains("calls itself"));
        assert!(told(".func f(.param .b32 a) { ret; }", "call f;").contains("0 arguments or results for 1"));
    }

    #[test]
    fn a_failed_assertion_traps() {
        let declared = ".extern .func __assertfail(.param .b64 a);";
        let body = ".param .b64 a; call __assertfail, (a);";
        assert!(matches!(compiled(declared, body).expect("it is known")[0], Step::Trap));
    }
}

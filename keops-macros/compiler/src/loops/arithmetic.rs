//! What the arithmetic of a pair takes at least: the yardstick of the code that is made for it.

use super::{Expr, Kernel, Statement, Temp};
use crate::number::Number;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The operations of one pair that its results need. Reading, looping and what is hoisted count nothing.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Arithmetic {
    /// Instructions of operations that have one: a + b, a − b, a · b, a · b + c, the better of two; a choice by a comparison
    /// has two. Changes of sign are part of other instructions.
    pub instructions: usize,
    /// Calls of scalar functions, by the name that they have in the runtime and the number of their arguments; `divide` and
    /// `reciprocal` are a / b and 1 / a.
    pub calls: BTreeMap<(&'static str, usize), usize>,
}

impl Arithmetic {
    /// That of the pair loop of a kernel.
    pub fn of(kernel: &Kernel) -> Arithmetic {
        let mut all = Arithmetic::default();
        for phase in &kernel.phases {
            let groups = phase.groups.map_or(1, |(_, n)| n);
            let mut found = Found::default();
            [&phase.head, &phase.body].into_iter().for_each(|block| found.definitions(block));
            found.need(phase.tail.iter().map(|tail| tail.value()).collect());
            found.needed_by_effects(&phase.body);
            all.add(&found, &phase.body, groups);
        }
        all
    }

    fn add(&mut self, found: &Found, block: &[Statement], times: usize) {
        for statement in block {
            match statement {
                Statement::Let(t, expr) | Statement::Var(t, expr) | Statement::Set(t, expr)
                    if found.needed.contains(t) =>
                {
                    self.add_expr(found, expr, times);
                }
                Statement::Loop { count, body, .. } => self.add(found, body, times * count),
                // Of the values of a group of columns the best, and one comparison with the last of the list.
                Statement::Insert { .. } => self.instructions += times,
                _ => {}
            }
        }
    }

    fn add_expr(&mut self, found: &Found, expr: &Expr, times: usize) {
        let mut call = |name, arguments| *self.calls.entry((name, arguments)).or_default() += times;
        match expr {
            Expr::Constant(_) | Expr::IndexNumber(_) | Expr::Read(..) | Expr::Copy(_) | Expr::Neg(_) => {}
            // Known where loops over coordinates are written out.
            Expr::PickIndex { .. } => {}
            Expr::Div(a, _) if found.ones.contains(a) => call("reciprocal", 1),
            Expr::Div(..) => call("divide", 2),
            Expr::Call(name, arguments) => call(name, arguments.len()),
            Expr::Power(_, n) => {
                if *n < 0 {
                    call("reciprocal", 1);
                }
                self.instructions += times * multiplications(n.unsigned_abs());
            }
            Expr::SelectBetter(..) => self.instructions += 2 * times,
            Expr::Add(..) | Expr::Sub(..) | Expr::Mul(..) | Expr::MulAdd(..) | Expr::NegMulAdd(..) => {
                self.instructions += times;
            }
            Expr::Better(..) => self.instructions += times,
        }
    }
}

/// Multiplications of a power by repeated squaring.
fn multiplications(exponent: u32) -> usize {
    (exponent.max(1).ilog2() + exponent.count_ones().saturating_sub(1)) as usize
}

/// What is known of the values of a phase.
#[derive(Default)]
struct Found {
    made_of: HashMap<Temp, Vec<Temp>>,
    ones: HashSet<Temp>,
    needed: HashSet<Temp>,
}

impl Found {
    fn definitions(&mut self, block: &[Statement]) {
        for statement in block {
            match statement {
                Statement::Let(t, expr) | Statement::Var(t, expr) | Statement::Set(t, expr) => {
                    self.made_of.entry(*t).or_default().extend(expr.temps());
                    if matches!(expr, Expr::Constant(c) if *c == Number::integer(1)) {
                        self.ones.insert(*t);
                    }
                }
                Statement::Loop { body, .. } => self.definitions(body),
                _ => {}
            }
        }
    }

    /// Marks values, and what they are made of.
    fn need(&mut self, mut open: Vec<Temp>) {
        while let Some(t) = open.pop() {
            if self.needed.insert(t) {
                open.extend(self.made_of.get(&t).into_iter().flatten());
            }
        }
    }

    fn needed_by_effects(&mut self, block: &[Statement]) {
        for statement in block {
            match statement {
                Statement::Let(..) | Statement::Var(..) | Statement::Set(..) => {}
                Statement::Loop { body, .. } => self.needed_by_effects(body),
                effect => self.need(effect.temps()),
            }
        }
    }
}

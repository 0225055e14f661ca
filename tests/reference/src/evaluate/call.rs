//! Calls by name: KeOps's spelling and LazyTensor's are one name in lower case without underscores.

use super::complex::complex;
use super::derivative::is_derivative;
use super::reduction::Reduction;
use super::scalar::{power, scalar};
use super::tensor::tensor;
use super::vector::vector;
use super::{At, Evaluator, Operands, Vector, constant};
use crate::precision::Num;
use keops_compiler::ast::{Call, Expr};

/// A name without the differences between spellings.
pub(crate) fn normalised(name: &str) -> String {
    name.to_lowercase().replace('_', "")
}

/// The receiver, if there is one, and the positional arguments.
pub(crate) fn operands(call: &Call) -> Vec<&Expr> {
    call.receiver.iter().map(|r| &**r).chain(&call.arguments).collect()
}

impl Evaluator<'_> {
    pub(crate) fn call(&self, call: &Call, at: At) -> Vector {
        if let Some(reduction) = Reduction::of(call) {
            return self.reduced(&reduction, at);
        }
        let name = normalised(&call.name.to_string());
        let o = Operands {
            evaluator: self,
            exprs: operands(call),
            lazy: call.name.to_string().starts_with(char::is_lowercase),
            at,
        };
        if is_derivative(&name) {
            return self.derivative(&name, &o);
        }
        if name == "pow" || name == "power" {
            return self.power(o.exprs[0], o.exprs[1], at);
        }
        if name == "powf" {
            return self.zip(&[&o.value(0), &o.value(1)], |p, x| power(p, x[0], x[1]));
        }
        let scalar =
            scalar(&name).or_else(|| if o.len() == 2 { scalar(&format!("{name}imum")) } else { None });
        if let Some(function) = scalar {
            let mut values: Vec<Vector> = (0..o.len()).map(|k| o.value(k)).collect();
            // Round(f) rounds to integers, Mod(f, n) has offset 0.
            values.resize(function.arity, vec![Num::exact(0.0)]);
            let values: Vec<&[Num]> = values.iter().map(|v| v.as_slice()).collect();
            return self.zip(&values, |p, x| function.apply(p, x));
        }
        vector(&name, &o)
            .or_else(|| tensor(&name, &o))
            .or_else(|| complex(&name, &o))
            .unwrap_or_else(|| panic!("the reference evaluator has no operation {}", call.name))
    }

    /// The number that an operand given by name or position stands for.
    pub(crate) fn literal(e: &Expr) -> i64 {
        constant::integer(e)
    }
}

/// Whether there is a scalar function of this name (any spelling), and its value at a point.
pub fn knows(name: &str, point: &[f64]) -> Option<f64> {
    let name = normalised(name);
    let mut args: Vec<Num> = point.iter().map(|&x| Num::exact(x)).collect();
    let precision = crate::precision::Precision::F64;
    if name == "powf" {
        return Some(power(&precision, args[0], args[1]).value);
    }
    let function = scalar(&name)?;
    args.resize(function.arity, Num::exact(0.0));
    Some(function.apply(&precision, &args).value)
}

//! Derivatives by differences: central, extrapolated to step zero.

use super::reduction::{Output, evaluate};
use super::{Evaluator, Operands, Vector};
use crate::data::Data;
use crate::precision::{Num, Precision};
use keops_compiler::ast::{Expr, ExprKind, Function};

/// A variable moved away from its data while a difference is taken.
#[derive(Clone, Debug)]
pub(crate) struct Shift {
    pub(crate) variable: String,
    pub(crate) by: Vec<f64>,
    /// Names this shift together with all those below it.
    pub(crate) id: usize,
}

/// Whether the (normalised) name is a differential operator of formulas.
pub(crate) fn is_derivative(name: &str) -> bool {
    matches!(
        name,
        "grad"
            | "diff"
            | "gradmatrix"
            | "divergence"
            | "laplacian"
            | "traceoperator"
            | "adjointoperator"
            | "sumlinoperator"
    )
}

/// dφ/dt at t = 0 with an estimate of its error: central differences with steps that halve, extrapolated (Richardson)
/// in powers of the squared step. Of all extrapolations the one is taken that agrees best with its neighbours.
pub(crate) fn slope(step: f64, phi: impl Fn(f64) -> f64) -> (f64, f64) {
    const LEVELS: usize = 7;
    let mut table: Vec<Vec<f64>> = vec![];
    let mut best = (f64::NAN, f64::INFINITY);
    for level in 0..LEVELS {
        let h = step / 2f64.powi(level as i32);
        let mut row = vec![(phi(h) - phi(-h)) / (2.0 * h)];
        for order in 1..=level {
            let factor = 4f64.powi(order as i32);
            let previous = table[level - 1][order - 1];
            let next = (factor * row[order - 1] - previous) / (factor - 1.0);
            let error = (next - row[order - 1]).abs().max((next - previous).abs());
            if error < best.1 || !best.0.is_finite() {
                best = (next, error);
            }
            row.push(next);
        }
        table.push(row);
    }
    best
}

/// The step of the coarsest difference, for a variable of this size. It is no round number: on a staircase with round
/// steps (`Round(x, 2)`), differences over whole numbers of them would agree with each other and be wrong.
fn step(size: f64) -> f64 {
    0.0193 * size.abs().max(0.5)
}

impl Evaluator<'_> {
    pub(crate) fn derivative(&self, name: &str, o: &Operands) -> Vector {
        let (f, v) = (o.exprs[0], self.variable(o.exprs[1], o));
        let at_rest = o.value(0);
        let size = o.value(1).len();
        let unit = |l: usize| -> Vec<f64> { (0..size).map(|k| f64::from(k == l)).collect() };
        let weights =
            |k: usize, len: usize| if o.len() > k { o.value(k) } else { vec![Num::exact(1.0); len] };
        match name {
            "grad" | "adjointoperator" => {
                let seed = spread(weights(2, at_rest.len()), at_rest.len());
                (0..size).map(|l| self.along(o, f, &v, &unit(l), &seed)).collect()
            }
            "diff" => {
                let direction: Vec<f64> = spread(o.value(2), size).iter().map(|x| x.value).collect();
                let pick = |k: usize| -> Vector { one_hot(k, at_rest.len()) };
                (0..at_rest.len()).map(|k| self.along(o, f, &v, &direction, &pick(k))).collect()
            }
            "gradmatrix" => (0..at_rest.len())
                .flat_map(|k| (0..size).map(move |l| (k, l)))
                .map(|(k, l)| self.along(o, f, &v, &unit(l), &one_hot(k, at_rest.len())))
                .collect(),
            "divergence" | "traceoperator" => {
                let w = spread(weights(2, size), size);
                let terms: Vector = (0..size)
                    .map(|k| self.precision.mul(w[k], self.along(o, f, &v, &unit(k), &one_hot(k, size))))
                    .collect();
                vec![self.precision.sum(&terms)]
            }
            "laplacian" => {
                let seed = [Num::exact(1.0)];
                let second = |k: usize| {
                    let first = |t: f64| {
                        let by: Vec<f64> = unit(k).iter().map(|u| u * t).collect();
                        self.shifted(&v, by, || self.along(o, f, &v, &unit(k), &seed)).value
                    };
                    let (value, error) = slope(step(o.value(1)[k].value), first);
                    self.bounded(value, error, at_rest[0], o.value(1)[k].value)
                };
                vec![self.precision.sum(&(0..size).map(second).collect::<Vec<_>>())]
            }
            _ => {
                let (left, right) =
                    (spread(weights(2, at_rest.len()), at_rest.len()), spread(weights(3, size), size));
                let terms: Vector = (0..size)
                    .map(|l| self.precision.mul(right[l], self.along(o, f, &v, &unit(l), &left)))
                    .collect();
                vec![self.precision.sum(&terms)]
            }
        }
    }

    /// The derivative of ⟨seed, f⟩ when v moves along a direction.
    fn along(&self, o: &Operands, f: &Expr, v: &str, direction: &[f64], seed: &[Num]) -> Num {
        let position = o.value(1);
        let size = position.iter().zip(direction).filter(|(_, d)| **d != 0.0).map(|(x, _)| x.value.abs());
        let length = direction.iter().fold(0f64, |m, d| m.max(d.abs()));
        let at = |t: f64| {
            let by = direction.iter().map(|d| d * t).collect();
            let value = self.shifted(v, by, || self.value(f, o.at));
            value.iter().zip(seed).map(|(x, s)| x.value * s.value).sum::<f64>()
        };
        if length == 0.0 {
            return Num::exact(0.0);
        }
        let size = size.fold(0.0, f64::max);
        let (value, error) = slope(step(size) / length, at);
        // The weighted value, with the magnitudes of its terms: what is cancelled in it may be cancelled in the slope.
        let terms: Vec<Num> =
            self.value(f, o.at).iter().zip(seed).map(|(x, s)| self.precision.mul(*x, *s)).collect();
        let total = terms.iter().fold(Num::exact(0.0), |sum, t| Num {
            value: sum.value + t.value.abs(),
            error: sum.error + t.error,
        });
        self.bounded(value, error, total, size)
    }

    /// A derivative whose own differences err by `error`. Its evaluation in the precision at hand is given a few roundings
    /// of the derivative and of the function over the variable's size, the two magnitudes that occur in its terms, and
    /// loses the digits that the function itself loses.
    fn bounded(&self, value: f64, error: f64, function: Num, size: f64) -> Num {
        let digits = (function.error / (self.precision.eps * function.value.abs())).min(1e4);
        let digits = if digits.is_finite() { digits } else { 1e4 };
        let own = error.max(1e-11 * (1.0 + value.abs()));
        let scale = value.abs() + function.value.abs() / size.abs().max(0.5);
        let rounding = (8.0 + 4.0 * digits) * self.precision.eps * scale;
        self.precision.rounded(value, 4.0 * own + rounding, 0.0)
    }

    fn shifted<R>(&self, variable: &str, by: Vec<f64>, f: impl FnOnce() -> R) -> R {
        // Bindings are remembered per shift; a number that never repeats names it.
        let id = self.count.get() + 1;
        self.count.set(id);
        self.shifts.borrow_mut().push(Shift { variable: variable.to_string(), by, id });
        let result = f();
        self.shifts.borrow_mut().pop();
        result
    }

    /// The argument that a name stands for, through bindings.
    fn variable(&self, e: &Expr, o: &Operands) -> String {
        let (mut e, mut scope) = (e, o.at.scope);
        loop {
            let ExprKind::Name(name) = &e.kind else { panic!("a derivative is in a variable") };
            match self.binding(&name.to_string(), scope) {
                Some(n) => (e, scope) = (&super::body(self.function).lets[n].value, n),
                None => return name.to_string(),
            }
        }
    }
}

fn one_hot(k: usize, dim: usize) -> Vector {
    (0..dim).map(|l| Num::exact(f64::from(k == l))).collect()
}

/// One number as a vector of equal numbers.
fn spread(value: Vector, dim: usize) -> Vector {
    if value.len() == 1 { vec![value[0]; dim] } else { value }
}

/// The gradient of Σ ⟨seed, result⟩ over all value results and rows in one argument, by differences: its rows, each
/// number with the error of the differences. `seeds` has one array of rows for each value result.
pub fn gradient(function: &Function, data: &Data, seeds: &[Vec<Vec<f64>>], argument: &str) -> Vec<Vector> {
    let rows = data.rows_of(argument);
    let still: Vec<Vec<f64>> = rows.iter().map(|row| vec![0.0; row.len()]).collect();
    let slope_at = |row: usize, k: usize| {
        let mut direction = still.clone();
        direction[row][k] = 1.0;
        gradient_along(function, data, seeds, argument, &direction)
    };
    (0..rows.len()).map(|row| (0..rows[row].len()).map(|k| slope_at(row, k)).collect()).collect()
}

/// The product of that gradient with a direction, which has a number for each coordinate of the argument.
pub fn gradient_along(
    function: &Function,
    data: &Data,
    seeds: &[Vec<Vec<f64>>],
    argument: &str,
    direction: &[Vec<f64>],
) -> Num {
    let total = |data: &Data| -> f64 {
        let outputs = evaluate(function, data, Precision::F64).expect("the formula has a value here");
        let values = outputs.iter().filter_map(|o| match o {
            Output::Values(rows) => Some(rows),
            Output::Indices(_) => None,
        });
        let terms = values.zip(seeds).flat_map(|(rows, seed)| {
            rows.iter().flatten().zip(seed.iter().flatten()).map(|(r, e)| Num::exact(r.value * e))
        });
        Precision::F64.sum(&terms.collect::<Vec<_>>()).value
    };
    let moved = |t: f64| {
        let mut data = data.clone();
        for (row, by) in direction.iter().enumerate() {
            data.row_mut(argument, row).iter_mut().zip(by).for_each(|(x, d)| *x += t * d);
        }
        total(&data)
    };
    let coordinates = data.rows_of(argument).iter().flatten().zip(direction.iter().flatten());
    let size = coordinates.filter(|(_, d)| **d != 0.0).fold(0f64, |size, (x, _)| size.max(x.abs()));
    let (value, error) = slope(step(size), moved);
    Num { value, error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_exact_to_eleven_digits() {
        for (phi, exact) in [
            ((|t: f64| (3.0 * (t + 0.3)).sin()) as fn(f64) -> f64, 3.0 * 0.9f64.cos()),
            (|t| (-(t + 0.5) * (t + 0.5) * 4.0).exp(), -4.0 * (-1f64).exp()),
            (|t| 1.0 / (1.0 + t), -1.0),
        ] {
            let (value, error) = slope(0.02, phi);
            assert!((value - exact).abs() < 1e-11 * exact.abs(), "{value} {exact}");
            assert!((value - exact).abs() <= error.max(1e-11));
        }
    }

    #[test]
    fn a_kink_within_the_smallest_step_has_a_large_error() {
        assert!(slope(0.02, |t: f64| (t - 1e-4).abs()).1 > 1e-3);
    }
}

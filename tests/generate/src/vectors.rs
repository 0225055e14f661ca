//! Operations on coordinates, matrices, complex numbers, and gradients inside formulas.

use crate::expression::Writer;
use crate::term::{Level, Term};

impl Writer {
    /// One number from a vector.
    pub(crate) fn scalar_of_vector(&mut self, depth: usize) -> Term {
        let smooth = [
            "Sum",
            "Sum",
            "|",
            "|",
            "SqNorm2",
            "SqDist",
            "SqDist",
            "SqDist",
            "Norm2",
            "[k]",
            "Elem",
            "SqNormIso",
            "SqNormDiag",
            "SymSqNorm",
            "WeightedSqNorm",
            "WeightedSqDist",
            "Scalprod",
        ];
        let rough = ["Max", "Min", "ArgMax", "ArgMin"];
        let name = if !self.smooth && self.random.once_in(6) {
            *self.random.pick(&rough)
        } else {
            *self.random.pick(&smooth)
        };
        self.note(name);
        let dim = *self.random.pick(&[2, 3, 3, 3, 4, 5, 10, 16, 64]);
        let d = dim as f64;
        let number = |text: String, range| Term::atom(text, 1, range);
        match name {
            "Sum" => {
                let t = self.term(dim, depth);
                let whole = self.call("Sum", &t, (d * t.low, d * t.high));
                self.tame(Term { dim: 1, ..whole }, 200.0)
            }
            "|" | "Scalprod" => {
                let (a, b) = (self.term(dim, depth), self.term(dim, depth));
                let (low, high) = a.times(&b);
                let dot = if name == "|" {
                    let text = format!("{} | {}", a.within(Level::Sum), b.within(Level::Sum));
                    Term::new(text, Level::Dot, 1, (d * low, d * high))
                } else {
                    number(format!("Scalprod({}, {})", a.text, b.text), (d * low, d * high))
                };
                self.tame(dot, 200.0)
            }
            "SqNorm2" | "Norm2" => {
                let t = self.term(dim, depth);
                // The root has a slope at 0 that differences see as a kink.
                let t = if name == "Norm2" && self.smooth { self.positive(t, 0.25) } else { t };
                let high = d * t.squared().1;
                let whole = self.call(name, &t, (0.0, if name == "Norm2" { high.sqrt() } else { high }));
                self.tame(Term { dim: 1, ..whole }, 400.0)
            }
            "SqDist" => {
                let (a, b) = (self.variable(dim), self.operand(dim, depth));
                let widest = (a.high - b.low).abs().max((b.high - a.low).abs());
                let text = format!("SqDist({}, {})", a.text, b.text);
                self.tame(number(text, (0.0, d * widest * widest)), 400.0)
            }
            "[k]" | "Elem" => {
                let t = self.term(dim, depth);
                let k = self.random.below(dim);
                let text = if name == "Elem" {
                    format!("Elem({}, {k})", t.text)
                } else {
                    format!("{}[{k}]", t.within(Level::Atom))
                };
                number(text, (t.low, t.high))
            }
            "SqNormIso" | "SqNormDiag" | "WeightedSqNorm" | "SymSqNorm" | "WeightedSqDist" => {
                let dim = dim.min(5);
                let size = match name {
                    "SqNormIso" => 1,
                    "SqNormDiag" => dim,
                    "SymSqNorm" => dim * dim,
                    _ => *self.random.pick(&[1, dim, dim * dim]),
                };
                let (s, a) = (self.leaf_of(size), self.term(dim, depth));
                let d = dim as f64;
                if name == "WeightedSqDist" {
                    let b = self.variable(dim);
                    let bound = d * d * s.size() * (a.size() + b.size()).powi(2);
                    let text = format!("WeightedSqDist({}, {}, {})", s.text, a.text, b.text);
                    return self.tame(number(text, (-bound, bound)), 400.0);
                }
                let bound = d * d * s.size() * a.squared().1;
                self.tame(number(format!("{name}({}, {})", s.text, a.text), (-bound, bound)), 400.0)
            }
            "ArgMax" | "ArgMin" => {
                let t = self.term(dim, depth);
                number(format!("{name}({})", t.text), (0.0, d))
            }
            _ => {
                let t = self.term(dim, depth);
                number(format!("{name}({})", t.text), (t.low, t.high))
            }
        }
    }

    fn leaf_of(&mut self, dim: usize) -> Term {
        if dim == 1 { self.leaf(1) } else { self.variable(dim) }
    }

    /// A vector of `dim` coordinates from vectors of other dimensions.
    pub(crate) fn vector(&mut self, dim: usize, depth: usize) -> Term {
        let mut names = vec![
            "[a..b]",
            "[a:b]",
            "Extract",
            "Concat",
            "Concat",
            "Normalize",
            "SumT",
            "ElemT",
            "ExtractT",
            "MatVecMult",
            "VecMatMult",
            "scale",
        ];
        if !self.smooth {
            names.push("OneHot");
        }
        if let Some(side) = (2..dim).find(|k| dim.is_multiple_of(*k)) {
            names.extend(["TensorProd", "Kron", "TensorDot"]);
            debug_assert!(dim / side > 1);
        }
        let name = *self.random.pick(&names);
        self.note(name);
        let atom = |text: String, range| Term::atom(text, dim, range);
        let side = (2..dim).find(|k| dim.is_multiple_of(*k)).unwrap_or(1);
        match name {
            "[a..b]" | "[a:b]" | "Extract" => {
                let (before, behind) = (self.random.below(3), self.random.below(3));
                let t = self.term(dim + before + behind, depth);
                let text = match name {
                    "Extract" => format!("Extract({}, {before}, {dim})", t.text),
                    "[a:b]" => format!("{}[{before}:{}]", t.within(Level::Atom), before + dim),
                    _ if before == 0 => format!("{}[..{dim}]", t.within(Level::Atom)),
                    _ if behind == 0 => format!("{}[{before}..]", t.within(Level::Atom)),
                    _ => format!("{}[{before}..{}]", t.within(Level::Atom), before + dim),
                };
                atom(text, (t.low, t.high))
            }
            "Concat" => {
                let cut = 1 + self.random.below(dim - 1);
                let (a, b) = (self.term(cut, depth), self.term(dim - cut, depth));
                let range = (a.low.min(b.low), a.high.max(b.high));
                atom(format!("Concat({}, {})", a.text, b.text), range)
            }
            "Normalize" => {
                let t = self.term(dim, depth);
                let t = self.positive(t, 0.25);
                self.call(name, &t, (-1.0, 1.0))
            }
            "SumT" => {
                let t = self.term(1, depth);
                atom(format!("SumT({}, {dim})", t.text), (t.low, t.high))
            }
            "ElemT" => {
                let t = self.term(1, depth);
                let k = self.random.below(dim);
                atom(format!("ElemT({}, {dim}, {k})", t.text), (t.low.min(0.0), t.high.max(0.0)))
            }
            "ExtractT" => {
                let len = 1 + self.random.below(dim);
                let start = self.random.below(dim - len + 1);
                let t = self.term(len, depth);
                atom(format!("ExtractT({}, {start}, {dim})", t.text), (t.low.min(0.0), t.high.max(0.0)))
            }
            "OneHot" => {
                let t = self.term(1, depth);
                atom(format!("OneHot({}, {dim})", t.text), (0.0, 1.0))
            }
            "MatVecMult" | "VecMatMult" => {
                let inner = 2 + self.random.below(2);
                let (a, b) = (self.variable(dim * inner), self.term(inner, depth));
                let bound = inner as f64 * a.size() * b.size();
                let (first, second) = if name == "MatVecMult" { (&a, &b) } else { (&b, &a) };
                let whole = atom(format!("{name}({}, {})", first.text, second.text), (-bound, bound));
                self.tame(whole, 200.0)
            }
            "TensorProd" => {
                let (a, b) = (self.term(side, depth), self.term(dim / side, depth));
                let whole = atom(format!("TensorProd({}, {})", a.text, b.text), a.times(&b));
                self.tame(whole, 200.0)
            }
            "Kron" => {
                let (a, b) = (self.variable(side), self.variable(dim / side));
                let text = format!("Kron({}, {}, [1, {side}], [{}, 1])", a.text, b.text, dim / side);
                self.tame(atom(text, a.times(&b)), 200.0)
            }
            "TensorDot" => {
                // (2, side) with (2, dim/side) over the axes of two, the kept axes exchanged.
                let (a, b) = (self.variable(2 * side), self.variable(2 * (dim / side)));
                let order = if self.random.once_in(2) { ", [1, 0]" } else { "" };
                let text = format!(
                    "TensorDot({}, {}, [2, {side}], [2, {}], [0], [0]{order})",
                    a.text,
                    b.text,
                    dim / side
                );
                let bound = 2.0 * a.size() * b.size();
                self.tame(atom(text, (-bound, bound)), 200.0)
            }
            _ => {
                let (s, t) = (self.term(1, depth), self.term(dim, depth));
                let text = format!("{} * {}", s.within(Level::Product), t.within(Level::Negation));
                self.tame(Term::new(text, Level::Product, dim, s.times(&t)), 200.0)
            }
        }
    }

    /// Complex numbers: a vector of pairs.
    pub(crate) fn complex(&mut self, dim: usize, depth: usize) -> Term {
        let name = *self.random.pick(&[
            "Real2Complex",
            "Imag2Complex",
            "ComplexExp1j",
            "Conj",
            "ComplexMult",
            "ComplexDivide",
            "ComplexAdd",
            "ComplexSubtract",
            "ComplexExp",
            "ComplexRealScal",
            "ComplexSumT",
            "ComplexReal",
            "ComplexImag",
            "ComplexAbs",
            "ComplexSquareAbs",
            "ComplexAngle",
            "ComplexSum",
        ]);
        self.note(name);
        let atom = |text: String, range: (f64, f64)| Term::atom(text, dim, range);
        let symmetric = |size: f64| (-size, size);
        match name {
            "Real2Complex" | "Imag2Complex" => {
                let t = self.term(dim / 2, depth);
                atom(format!("{name}({})", t.text), (t.low.min(0.0), t.high.max(0.0)))
            }
            "ComplexExp1j" => {
                let t = self.term(dim / 2, depth);
                let t = self.tame(t, 30.0);
                atom(format!("ComplexExp1j({})", t.text), symmetric(1.0))
            }
            "ComplexReal" | "ComplexImag" => {
                let t = self.term(2 * dim, depth);
                atom(format!("{name}({})", t.text), (t.low, t.high))
            }
            "ComplexAbs" | "ComplexSquareAbs" | "ComplexAngle" => {
                let t = self.term(2 * dim, depth);
                let t = if self.smooth || name == "ComplexAngle" { self.positive(t, 0.25) } else { t };
                let t = self.tame(t, 12.0);
                // Taming by a factor keeps numbers positive; a sine does not, but only its angle would jump.
                atom(format!("{name}({})", t.text), symmetric(2.0 * t.size() * t.size().max(1.0) + 3.2))
            }
            "ComplexSum" if dim == 2 => {
                let t = self.term(6, depth);
                self.tame(atom(format!("ComplexSum({})", t.text), (3.0 * t.low, 3.0 * t.high)), 200.0)
            }
            "ComplexSumT" => {
                let t = self.term(2, depth);
                atom(format!("ComplexSumT({}, {dim})", t.text), (t.low, t.high))
            }
            "Conj" | "ComplexSum" => {
                let t = self.term(dim, depth);
                self.call("Conj", &t, symmetric(t.size()))
            }
            "ComplexExp" => {
                let t = self.term(dim, depth);
                let t = self.tame(t, 4.0);
                atom(format!("ComplexExp({})", t.text), symmetric(t.high.exp()))
            }
            "ComplexRealScal" => {
                let (s, t) = (self.term(1, depth), self.term(dim, depth));
                let whole = atom(format!("ComplexRealScal({}, {})", s.text, t.text), s.times(&t));
                self.tame(whole, 200.0)
            }
            _ => {
                let a = self.term(dim, depth);
                let pairs = if self.random.once_in(4) { 2 } else { dim };
                let b = self.term(pairs, depth);
                let b = if name == "ComplexDivide" { self.positive(b, 0.25) } else { b };
                let bound = match name {
                    "ComplexMult" => 2.0 * a.size() * b.size(),
                    "ComplexDivide" => 2.0 * a.size() * b.size() / (2.0 * b.low * b.low),
                    _ => a.size() + b.size(),
                };
                self.tame(atom(format!("{name}({}, {})", a.text, b.text), symmetric(bound)), 200.0)
            }
        }
    }

    /// A gradient or another derivative of a smooth expression, made small: its range is not known.
    pub(crate) fn gradient(&mut self, dim: usize) -> Term {
        let name = *self.random.pick(&["Grad", "Grad", "Diff", "GradMatrix", "Divergence", "Laplacian"]);
        let text = self.smoothly(|w| {
            let v = w.variable(if matches!(name, "Grad" | "Laplacian") { dim } else { 2 });
            let of = match name {
                "Grad" => w.small_dim().min(3),
                "Diff" => dim,
                "Divergence" => 2,
                _ => 1,
            };
            let inner = w.term(of, 2);
            // The variable must occur: otherwise the derivative is 0, which other tests cover.
            let f = format!("{} * Sin({}[0])", inner.within(Level::Product), v.text);
            match name {
                "Grad" => {
                    let e = w.leaf_of(of);
                    Some(format!("Grad({f}, {}, {})", v.text, e.text))
                }
                "Diff" => {
                    let u = w.variable(2);
                    Some(format!("Diff({f}, {}, {})", v.text, u.text))
                }
                "GradMatrix" if dim == 2 => Some(format!("GradMatrix({f}, {})", v.text)),
                "Divergence" if dim == 1 => Some(format!("Divergence({f}, {})", v.text)),
                "Laplacian" if dim == 1 => Some(format!("Laplacian({f}, {})", v.text)),
                _ => None,
            }
        });
        match text {
            Some(text) => {
                self.note(name);
                Term::atom(format!("Atan({text})"), dim, (-1.6, 1.6))
            }
            None => self.leaf(dim),
        }
    }
}

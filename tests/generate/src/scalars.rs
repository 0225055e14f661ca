//! Scalar functions, smooth and rough ones.

use crate::expression::Writer;
use crate::term::{Level, Term};

impl Writer {
    /// A smooth function of each coordinate.
    pub(crate) fn function(&mut self, dim: usize, depth: usize) -> Term {
        let t = self.term(dim, depth);
        let names = [
            "Exp", "Exp", "Log", "Sqrt", "Rsqrt", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Atan2",
            "Tanh", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "Square", "Inv", "SinXDivX", "Sinc", "XLogX",
            "Exp2", "Expm1", "Log2", "Log10", "Log1p", "Cbrt", "Erf", "Erfc", "Sigmoid", "Softplus", "Pow",
            "Powf", "Hypot", "Minus",
        ];
        let name = *self.random.pick(&names);
        self.note(name);
        let bounded = |w: &mut Writer, size| w.tame(t.clone(), size);
        let above = |w: &mut Writer, least| {
            let t = w.tame(t.clone(), 50.0);
            w.positive(t, least)
        };
        let unit = (-1.0, 1.0);
        let (t, range) = match name {
            "Exp" | "Exp2" | "Expm1" | "Sinh" => {
                let t = bounded(self, 4.0);
                let range = match name {
                    "Exp" => t.through(f64::exp),
                    "Exp2" => t.through(f64::exp2),
                    "Expm1" => t.through(f64::exp_m1),
                    _ => t.through(f64::sinh),
                };
                (t, range)
            }
            "Cosh" => {
                let t = bounded(self, 3.0);
                let range = (1.0, t.size().cosh());
                (t, range)
            }
            "Log" | "Log2" | "Log10" | "Sqrt" | "Rsqrt" | "Inv" | "Cbrt" => {
                let t = above(self, 0.25);
                let range = t.through(match name {
                    "Log" => f64::ln,
                    "Log2" => f64::log2,
                    "Log10" => f64::log10,
                    "Sqrt" => f64::sqrt,
                    "Cbrt" => f64::cbrt,
                    "Rsqrt" => |x: f64| 1.0 / x.sqrt(),
                    _ => f64::recip,
                });
                (t, range)
            }
            "XLogX" => {
                let t = above(self, 0.25);
                let top = t.high * t.high.ln().max(0.0);
                (t, (-0.4, top))
            }
            "Log1p" => {
                let t = above(self, 0.0);
                let range = t.through(f64::ln_1p);
                (t, range)
            }
            "Acosh" => {
                let t = above(self, 1.25);
                let range = t.through(f64::acosh);
                (t, range)
            }
            "Asin" | "Acos" | "Atanh" => {
                let t = bounded(self, 0.9);
                let range = t.through(match name {
                    "Asin" => f64::asin,
                    "Acos" => f64::acos,
                    _ => f64::atanh,
                });
                (t, range)
            }
            "Tan" => {
                let t = bounded(self, 1.2);
                let range = t.through(f64::tan);
                (t, range)
            }
            "Sin" | "Cos" | "SinXDivX" | "Sinc" => (bounded(self, 30.0), unit),
            "Tanh" | "Erf" => (bounded(self, 50.0), unit),
            "Sigmoid" => (bounded(self, 50.0), (0.0, 1.0)),
            "Erfc" => (bounded(self, 5.0), (0.0, 2.0)),
            "Softplus" => {
                let t = bounded(self, 50.0);
                let range = (0.0, t.high.max(0.0) + 1.0);
                (t, range)
            }
            "Atan" | "Asinh" => {
                let range = t.through(if name == "Atan" { f64::atan } else { f64::asinh });
                (t, range)
            }
            "Square" => {
                let t = bounded(self, 10.0);
                let range = t.squared();
                (t, range)
            }
            "Minus" => {
                let range = t.through(|x| -x);
                (t, range)
            }
            "Pow" => {
                let t = bounded(self, 4.0);
                return Term::atom(format!("Pow({}, 3)", t.text), dim, t.through(|x| x * x * x));
            }
            "Powf" => {
                let (t, e) = (above(self, 0.25), self.exponent());
                let size = t.high.max(4.0).powf(e.size());
                let all = Term::atom(format!("Powf({}, {})", t.text, e.text), dim, (0.0, size));
                return self.tame(all, 100.0);
            }
            "Atan2" => {
                let second = self.operand(dim, depth);
                let second = self.positive(second, 0.25);
                return Term::atom(format!("Atan2({}, {})", t.text, second.text), dim, (-1.6, 1.6));
            }
            _ => {
                let second = self.operand(dim, depth);
                let second = self.positive(second, 0.25);
                let range = (0.0, t.size() + second.size());
                return Term::atom(format!("Hypot({}, {})", t.text, second.text), dim, range);
            }
        };
        self.call(name, &t, range)
    }

    /// A function of one value as a function or as a method.
    pub(crate) fn call(&mut self, name: &str, t: &Term, range: (f64, f64)) -> Term {
        let text = if t.level == Level::Atom && self.random.once_in(4) {
            format!("{}.{}()", t.text, name.to_lowercase())
        } else {
            format!("{name}({})", t.text)
        };
        Term::atom(text, t.dim, range)
    }

    /// Functions with kinks and jumps.
    pub(crate) fn rough(&mut self, dim: usize, depth: usize) -> Term {
        let names = [
            "Abs",
            "Sign",
            "Step",
            "ReLU",
            "Floor",
            "Ceil",
            "Trunc",
            "Round",
            "Clamp",
            "ClampInt",
            "DiffClampInt",
            "Mod",
            "IfElse",
            "<",
            "<=",
            ">",
            ">=",
            "==",
            "!=",
            "Equal",
            "NotEqual",
            "LessThan",
            "LessOrEqual",
            "Maximum",
            "Minimum",
        ];
        let name = *self.random.pick(&names);
        self.note(name);
        let t = self.term(dim, depth);
        let size = t.size();
        let atom = |text: String, range| Term::atom(text, dim, range);
        match name {
            "Abs" => self.call(name, &t, (0.0, size)),
            "Sign" => self.call(name, &t, (-1.0, 1.0)),
            "Step" => self.call(name, &t, (0.0, 1.0)),
            "ReLU" => self.call(name, &t, (0.0, size)),
            "Floor" | "Ceil" | "Trunc" => self.call(name, &t, (t.low.floor(), t.high.ceil())),
            "Round" => {
                let decimals = self.random.below(3);
                atom(format!("Round({}, {decimals})", t.text), (t.low - 0.5, t.high + 0.5))
            }
            "Clamp" => {
                let (low, high) = (self.leaf(1), self.leaf(1));
                let bound = low.size().max(high.size());
                atom(
                    format!("Clamp({}, {}, {} + 4)", t.text, low.text, high.within(Level::Sum)),
                    (-bound, bound + 4.0),
                )
            }
            "ClampInt" => atom(format!("ClampInt({}, -1, 2)", t.text), (-1.0, 2.0)),
            "DiffClampInt" => atom(format!("DiffClampInt({}, -1, 1)", t.text), (0.0, 1.0)),
            "Mod" => atom(format!("Mod({}, 2, 1)", t.text), (1.0, 3.0)),
            "IfElse" => {
                let (a, b) = (self.operand(dim, depth), self.operand(dim, depth));
                let range = (a.low.min(b.low), a.high.max(b.high));
                // A comparison is never negative: `IfElse` refuses it, and `Where` is for it.
                let name = if t.level == Level::Compare { "Where" } else { "IfElse" };
                self.note(name);
                atom(format!("{name}({}, {}, {})", t.text, a.text, b.text), range)
            }
            "Maximum" | "Minimum" => {
                let b = self.operand(dim, depth);
                let range = (t.low.min(b.low), t.high.max(b.high));
                atom(format!("{name}({}, {})", t.text, b.text), range)
            }
            "Equal" | "NotEqual" | "LessThan" | "LessOrEqual" => {
                let b = self.operand(dim, depth);
                atom(format!("{name}({}, {})", t.text, b.text), (0.0, 1.0))
            }
            _ => {
                let b = self.operand(dim, depth);
                let text = format!("{} {name} {}", t.within(Level::Dot), b.within(Level::Dot));
                Term::new(text, Level::Compare, dim, (0.0, 1.0))
            }
        }
    }
}

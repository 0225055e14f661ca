//! The functions of one argument, with their references and bounds.

use std::f64::consts::LN_2;

use keops::math::Functions;
use keops::simd::{Lanes, Level, Single, Vector};

use crate::double::Double;
use crate::evaluate::{Function, MayDiffer, Symmetry, evaluate};

/// What is done with each function.
pub(crate) trait Visit {
    /// Does it with F.
    fn visit<F: Function>(&mut self);
}

/// The value of a function of ours in f64: the reference in f32 for what the standard library lacks. (In f64 they are
/// compared with [`Double`]'s.)
fn ours<F: Function>(x: f64) -> f64 {
    F::apply(Lanes::<Single, f64, 1>::splat(Single, x)).value()
}

/// One module with a type F for each row: name, bound, symmetry, value in f64, value in two f64, further items of
/// [`Function`].
macro_rules! functions {
    ($($name:ident: $bound:literal, $symmetry:ident, $value:expr, $exact:expr $(, { $($more:item)+ })?;)+) => {
        $(
            mod $name {
                use super::*;

                pub(crate) struct F;

                impl Function for F {
                    const NAME: &'static str = stringify!($name);
                    const BOUND: f64 = $bound;
                    const SYMMETRY: Symmetry = Symmetry::$symmetry;
                    #[inline(always)]
                    fn apply<V: Vector>(x: V) -> V {
                        <V::Elem as Functions>::$name(x)
                    }
                    fn value(x: f64) -> f64 {
                        let value: fn(f64) -> f64 = $value;
                        value(x)
                    }
                    fn exact(x: f64) -> Double {
                        let exact: fn(Double) -> Double = $exact;
                        exact(x.into())
                    }
                    $($($more)+)?
                }
            }
        )+

        /// Visits every function.
        pub(crate) fn for_all(visitor: &mut impl Visit) {
            $(visitor.visit::<$name::F>();)+
        }
    };
}

fn one() -> Double {
    1.0.into()
}

functions! {
    exp: 1.0, None, f64::exp, Double::exp, { const MAY_DIFFER: MayDiffer = MayDiffer::InF64; };
    exp2: 1.0, None, f64::exp2, Double::exp2, { const MAY_DIFFER: MayDiffer = MayDiffer::InBoth; };
    exp_nonpositive: 1.0, None, f64::exp, Double::exp, {
        const MAY_DIFFER: MayDiffer = MayDiffer::InF64;
        const FLUSHED: f64 = 2.0;
        fn takes(x: f64) -> bool { x <= 0.0 || x.is_nan() }
    };
    exp2_nonpositive: 1.0, None, f64::exp2, Double::exp2, {
        const MAY_DIFFER: MayDiffer = MayDiffer::InBoth;
        const FLUSHED: f64 = 2.0;
        fn takes(x: f64) -> bool { x <= 0.0 || x.is_nan() }
    };
    exp_normal: 1.0, None, f64::exp, Double::exp, {
        const MAY_DIFFER: MayDiffer = MayDiffer::InF64;
        const FLUSHED: f64 = 4.0;
    };
    exp2_normal: 1.0, None, f64::exp2, Double::exp2, {
        const MAY_DIFFER: MayDiffer = MayDiffer::InBoth;
        const FLUSHED: f64 = 4.0;
    };
    expm1: 2.0, None, f64::exp_m1, Double::expm1;
    sigmoid: 2.0, None,
        |x| if x < 0.0 { x.exp() / (1.0 + x.exp()) } else { 1.0 / (1.0 + (-x).exp()) },
        |x| if x.hi < 0.0 { x.exp() / (x.exp() + 1.0) } else { one() / ((-x).exp() + 1.0) },
        {
            const MAY_DIFFER: MayDiffer = MayDiffer::InF64;
            const FLUSHED: f64 = 2.0;
        };
    log: 1.0, None, f64::ln, Double::ln, { const MAY_DIFFER: MayDiffer = MayDiffer::InF64; };
    log2: 1.0, None, f64::log2, Double::log2, { const MAY_DIFFER: MayDiffer = MayDiffer::InF64; };
    log10: 1.0, None, f64::log10, Double::log10, { const MAY_DIFFER: MayDiffer = MayDiffer::InF64; };
    log1p: 2.0, None, f64::ln_1p, Double::ln_1p, { const MAY_DIFFER: MayDiffer = MayDiffer::InF64; };
    xlogx: 2.0, None, |x| if x == 0.0 { 0.0 } else { x * x.ln() }, |x| x * x.ln(), { const MAY_DIFFER: MayDiffer = MayDiffer::InF64; };
    softplus: 2.0, None,
        |x| if x.is_nan() { x } else { x.max(0.0) + (-x.abs()).exp().ln_1p() },
        |x| (-x.abs()).exp().ln_1p() + x.hi.max(0.0),
        {
            const MAY_DIFFER: MayDiffer = MayDiffer::InF64;
            const FLUSHED: f64 = 2.0;
        };
    sqrt: 0.5, None, f64::sqrt, |x| x.hi.sqrt().into();
    rsqrt: 2.0, None, |x| if x == 0.0 { 0.0 } else { 1.0 / x.sqrt() }, |x| one() / x.sqrt();
    cbrt: 1.0, Odd, f64::cbrt, Double::cbrt;
    sin: 2.0, Odd, f64::sin, |x| x.sin_cos().0;
    cos: 2.0, Even, f64::cos, |x| x.sin_cos().1;
    tan: 2.0, Odd, f64::tan, |x| {
        let (sin, cos) = x.sin_cos();
        sin / cos
    };
    asin: 2.0, Odd, f64::asin, Double::asin;
    acos: 2.0, None, f64::acos, Double::acos;
    atan: 2.0, Odd, f64::atan, Double::atan;
    sinh: 2.0, Odd, f64::sinh, Double::sinh;
    cosh: 2.0, Even, f64::cosh, Double::cosh;
    tanh: 2.0, Odd, f64::tanh, Double::tanh, { const MAY_DIFFER: MayDiffer = MayDiffer::InF64; };
    // The standard library's are infinite from half the largest number on.
    asinh: 2.0, Odd, |x| if x.abs() > 1e200 { (x.abs().ln() + LN_2).copysign(x) } else { x.asinh() }, Double::asinh,
        { const MAY_DIFFER: MayDiffer = MayDiffer::InF64; };
    acosh: 2.0, None, |x| if x > 1e200 { x.ln() + LN_2 } else { x.acosh() }, Double::acosh,
        { const MAY_DIFFER: MayDiffer = MayDiffer::InF64; };
    atanh: 2.0, Odd, f64::atanh, Double::atanh, { const MAY_DIFFER: MayDiffer = MayDiffer::InF64; };
    erf: 2.0, Odd, ours::<F>, Double::erf, {
        fn values(at: &[f64]) -> Vec<f64> { evaluate::<F, f64>(Level::best(), at) }
    };
    erfc: 2.0, None, ours::<F>, Double::erfc, {
        fn values(at: &[f64]) -> Vec<f64> { evaluate::<F, f64>(Level::best(), at) }
    };
    sinc: 2.0, Even, ours::<F>, Double::sinc, {
        fn values(at: &[f64]) -> Vec<f64> { evaluate::<F, f64>(Level::best(), at) }
    };
    sinxdivx: 2.0, Even, |x| if x == 0.0 { 1.0 } else { x.sin() / x },
        |x| if x.hi == 0.0 { one() } else { x.sin_cos().0 / x };
    spherical_j1: 3.0, Odd, ours::<F>, |x| x.spherical()[0], {
        fn values(at: &[f64]) -> Vec<f64> { evaluate::<F, f64>(Level::best(), at) }
        fn scale(x: f64, value: f64) -> f64 { if x.abs() < 1.75 { value } else { 1.0 / x } }
    };
    spherical_j1_over_x: 4.0, Even, ours::<F>, |x| x.spherical()[1], {
        fn values(at: &[f64]) -> Vec<f64> { evaluate::<F, f64>(Level::best(), at) }
        fn scale(x: f64, value: f64) -> f64 { if x.abs() < 1.75 { value } else { 1.0 / x / x } }
    };
    spherical_j2_over_x: 4.0, Odd, ours::<F>, |x| x.spherical()[2], {
        fn values(at: &[f64]) -> Vec<f64> { evaluate::<F, f64>(Level::best(), at) }
        fn scale(x: f64, value: f64) -> f64 { if x.abs() < 3.0 { value } else { 1.0 / x / x } }
    };

    abs: 0.0, Even, f64::abs, Double::abs;
    sign: 0.0, Odd, |x| if x == 0.0 || x.is_nan() { x } else { x.signum() }, |x| x.hi.signum().into();
    step: 0.0, None, |x| if x < 0.0 { 0.0 } else { 1.0 }, |x| (1.0 - f64::from(x.hi < 0.0)).into();
    relu: 0.0, None, |x| if x < 0.0 { 0.0 } else { x }, |x| x.hi.max(0.0).into();
    floor: 0.0, None, f64::floor, |x| x.hi.floor().into();
    ceil: 0.0, None, f64::ceil, |x| x.hi.ceil().into();
    trunc: 0.0, Odd, f64::trunc, |x| x.hi.trunc().into();
    round: 0.0, Odd, f64::round, |x| x.hi.round().into();
    reciprocal: 0.5, Odd, f64::recip, |x| one() / x;

    fast_log2: 2.0, None, f64::log2, Double::log2, { const MAY_DIFFER: MayDiffer = MayDiffer::InF64; };
    fast_log10: 3.0, None, f64::log10, Double::log10, { const MAY_DIFFER: MayDiffer = MayDiffer::InF64; };
    fast_sigmoid: 3.0, None, sigmoid::F::value, |x| sigmoid::F::exact(x.hi), {
        const MAY_DIFFER: MayDiffer = MayDiffer::InF64;
        const FLUSHED: f64 = 2.0;
    };
}

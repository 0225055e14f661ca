//! Scalar functions on vectors: own code with the error bound of each stated, branch-free but for what only some arguments
//! need: large ones of sine, cosine and tangent, those of logarithms and powers that are not positive normal numbers.
//!
//! An error of u ulp means: at most u times the distance of the floats around the exact value, with or without fused
//! multiply-add. `benches/MATHS.md` has the largest errors on all `f32`. Instruction sets with fused multiply-add give the
//! same bits as one another in `f32`, and those without in both types, but for what AVX-512 has instructions for: in `f64` it
//! looks powers of 2 and logarithms up ([`Vector::LOOKS_UP`]), where AVX2 computes them, and in both it rounds exponents of 2
//! down ([`Vector::SCALES`]). There bits may differ, the bounds hold for both. Subnormal results are kept, with the same bound
//! in their own spacing, unless a function says otherwise: with subnormal numbers a processor takes a hundred times as long.
//! NaN, ±0, ±∞ and overflow give what IEEE 754 recommends.
//!
//! Nothing here may be a call, which would leave the instruction set: every function is `#[inline(always)]`, loops are
//! `while` loops, and there are no closures over vectors. Only the long functions
//! are called where the instruction set allows it ([`Simd::apart`]).

mod coefficients;
mod error_function;
mod exp;
mod fast;
mod float;
mod hyperbolic;
mod inverse;
mod log;
mod pow;
mod root;
mod simple;
mod special;
mod trig;

use crate::simd::{Simd, Vector};

/// The trait of the functions and its implementation for both types, from one row per function.
macro_rules! functions {
    (
        long: { $($(#[$long_doc:meta])+ $long:ident($($a:ident),+) = $long_path:path;)+ }
        short: { $($(#[$short_doc:meta])+ $short:ident($($b:ident),+) = $short_path:path;)+ }
    ) => {
        /// The functions, for vectors of one scalar type; `T::exp(x)` works on any vector `x` of `T`.
        pub trait Functions: Sized {
            $($(#[$long_doc])+ fn $long<V: Vector<Elem = Self>>($($a: V),+) -> V;)+
            $($(#[$short_doc])+ fn $short<V: Vector<Elem = Self>>($($b: V),+) -> V;)+

            /// xⁿ by repeated squaring, negative powers as 1/x⁻ⁿ. Error below |n| ulp while no partial product is subnormal.
            fn power<V: Vector<Elem = Self>>(x: V, n: i32) -> V;
        }

        functions! { @impl f32; $($long($($a),+) = $long_path;)+; $($short($($b),+) = $short_path;)+ }
        functions! { @impl f64; $($long($($a),+) = $long_path;)+; $($short($($b),+) = $short_path;)+ }
    };
    (
        @impl $float:ident;
        $($long:ident($($a:ident),+) = $long_path:path;)+;
        $($short:ident($($b:ident),+) = $short_path:path;)+
    ) => {
        impl Functions for $float {
            $(
                #[inline(always)]
                fn $long<V: Vector<Elem = Self>>($($a: V),+) -> V {
                    V::Token::apart(#[inline(always)] || $long_path($($a),+))
                }
            )+
            $(
                #[inline(always)]
                fn $short<V: Vector<Elem = Self>>($($b: V),+) -> V {
                    $short_path($($b),+)
                }
            )+

            #[inline(always)]
            fn power<V: Vector<Elem = Self>>(x: V, n: i32) -> V {
                root::power(x, n)
            }
        }
    };
}

functions! {
    long: {
        /// eˣ. 1 ulp.
        exp(x) = exp::exp;
        /// 2ˣ. 1 ulp.
        exp2(x) = exp::exp2;
        /// eˣ for x ≤ 0 or NaN. 1 ulp; results below twice the least normal number are 0.
        exp_nonpositive(x) = exp::exp_nonpositive;
        /// 2ˣ for x ≤ 0 or NaN. 1 ulp; results below twice the least normal number are 0.
        exp2_nonpositive(x) = exp::exp2_nonpositive;
        /// eˣ. 1 ulp; results below four times the least normal number are 0.
        exp_normal(x) = exp::exp_normal;
        /// 2ˣ. 1 ulp; results below four times the least normal number are 0.
        exp2_normal(x) = exp::exp2_normal;
        /// eˣ − 1. 2 ulp.
        expm1(x) = exp::expm1;
        /// 1 / (1 + e⁻ˣ). 2 ulp; results below twice the least normal number are 0.
        sigmoid(x) = exp::sigmoid;

        /// log x. 1 ulp.
        log(x) = log::log;
        /// log₂ x. 1 ulp.
        log2(x) = log::log2;
        /// log₁₀ x. 1 ulp.
        log10(x) = log::log10;
        /// log(1 + x). 2 ulp.
        log1p(x) = log::log1p;
        /// x log x, and 0 at 0. 2 ulp.
        xlogx(x) = log::xlogx;
        /// log(1 + eˣ). 2 ulp; results below twice the least normal number are 0.
        softplus(x) = log::softplus;

        /// 1/√x, and 0 at 0. 2 ulp.
        rsqrt(x) = root::rsqrt;
        /// ∛x. 1 ulp.
        cbrt(x) = root::cbrt;
        /// √(x² + y²) without overflow in between; ∞ if either is infinite. 2 ulp.
        hypot(x, y) = root::hypot;
        /// xʸ. 4 ulp.
        pow(x, y) = pow::pow;

        /// sin x, for every finite x. 2 ulp.
        sin(x) = trig::sin;
        /// cos x, for every finite x. 2 ulp.
        cos(x) = trig::cos;
        /// tan x, for every finite x. 2 ulp.
        tan(x) = trig::tan;

        /// arcsin x. 2 ulp.
        asin(x) = inverse::asin;
        /// arccos x. 2 ulp.
        acos(x) = inverse::acos;
        /// arctan x. 2 ulp.
        atan(x) = inverse::atan;
        /// The angle of the point (x, y) from the positive x-axis, in [−π, π]. 2 ulp.
        atan2(y, x) = inverse::atan2;

        /// sinh x. 2 ulp.
        sinh(x) = hyperbolic::sinh;
        /// cosh x. 2 ulp.
        cosh(x) = hyperbolic::cosh;
        /// tanh x. 2 ulp.
        tanh(x) = hyperbolic::tanh;
        /// arsinh x. 2 ulp.
        asinh(x) = hyperbolic::asinh;
        /// arcosh x. 2 ulp.
        acosh(x) = hyperbolic::acosh;
        /// artanh x. 2 ulp.
        atanh(x) = hyperbolic::atanh;

        /// erf x = 2/√π ∫₀ˣ exp(−t²) dt. 2 ulp.
        erf(x) = error_function::erf;
        /// 1 − erf x. 2 ulp.
        erfc(x) = error_function::erfc;

        /// sin(πx)/(πx), and 1 at 0. 2 ulp.
        sinc(x) = special::sinc;
        /// sin(x)/x, and 1 at 0. 2 ulp.
        sinxdivx(x) = special::sinxdivx;
        /// The spherical Bessel function j₁(x) = (sin x − x cos x)/x², which is minus the derivative of sin(x)/x; 0 at 0.
        /// 3 ulp for |x| ≤ 1.75, beyond that 3 ulp of 1/x: it has zeros there, as the difference of sin(x)/x and cos x
        /// divided by x, and the errors of both parts count.
        spherical_j1(x) = special::spherical_j1;
        /// j₁(x)/x, and ⅓ at 0. 4 ulp for |x| ≤ 1.75, beyond that 4 ulp of 1/x², for the reason of j₁.
        spherical_j1_over_x(x) = special::spherical_j1_over_x;
        /// j₂(x)/x, minus the derivative of j₁(x)/x; 0 at 0. 4 ulp for |x| ≤ 3, beyond that 4 ulp of 1/x²,
        /// for the reason of j₁.
        spherical_j2_over_x(x) = special::spherical_j2_over_x;

        /// log₂ x. 2 ulp.
        fast_log2(x) = fast::log2;
        /// log₁₀ x. 3 ulp.
        fast_log10(x) = fast::log10;
        /// xʸ = exp(y log x) for x ≥ 0, and NaN for x < 0; 1 for y = 0, but NaN for 1^±∞. 2 ulp times 1 or, where that is larger,
        /// |y log₂ x|.
        fast_pow(x, y) = fast::pow;
        /// 1 / (1 + e⁻ˣ). 3 ulp; results below twice the least normal number are 0.
        fast_sigmoid(x) = fast::sigmoid;
    }
    short: {
        /// √x, correctly rounded.
        sqrt(x) = root::sqrt;
        /// |x|
        abs(x) = simple::abs;
        /// 1 or −1 with the sign of x; ±0 and NaN are kept.
        sign(x) = simple::sign;
        /// 0 if x < 0, else 1.
        step(x) = simple::step;
        /// 0 if x < 0, else x.
        relu(x) = simple::relu;
        /// The largest integer ≤ x.
        floor(x) = simple::floor;
        /// The least integer ≥ x.
        ceil(x) = simple::ceil;
        /// x without its fractional part.
        trunc(x) = simple::trunc;
        /// The nearest integer, halves away from zero.
        round(x) = simple::round;
        /// The multiple of 1/s nearest to x, halves away from zero: x s rounded to an integer, divided by s.
        round_to(x, s) = simple::round_to;
        /// 1/x, correctly rounded.
        reciprocal(x) = simple::reciprocal;
        /// 1 if x < y, else 0.
        less(x, y) = simple::less;
        /// 1 if x ≤ y, else 0.
        less_equal(x, y) = simple::less_equal;
        /// 1 if x = y, else 0.
        equal(x, y) = simple::equal;
        /// 1 if x ≠ y, else 0.
        not_equal(x, y) = simple::not_equal;
        /// The larger; the other if one is NaN.
        maximum(x, y) = simple::maximum;
        /// The smaller; the other if one is NaN.
        minimum(x, y) = simple::minimum;
        /// a where c ≥ 0, else b (so also where c is NaN).
        if_else(c, a, b) = simple::if_else;
        /// a if x < a, else b if x > b, else x.
        clamp(x, a, b) = simple::clamp;
        /// x − n ⌊(x − offset)/n⌋
        modulo(x, n, offset) = simple::modulo;
        /// √(x² + y²). 2 ulp where the sum of the squares is normal; beyond, ∞ or a multiple of the root of the least number.
        fast_hypot(x, y) = fast::hypot;
    }
}

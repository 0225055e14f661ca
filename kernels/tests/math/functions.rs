//! The functions, with what is promised of each, and the arguments to try.

use std::fmt::Debug;

use keops::math::Functions;
use keops::simd::{Lanes, Single, Vector};
use keops_driver::device::Plain;

/// Arguments of a function; those beyond its number of arguments are not looked at.
pub(crate) type Arguments<T> = [T; 3];

/// A function of the device and what is promised of it.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) arguments: usize,
    /// Bounds of the error on the device in f32 and f64, and on the host in f64, in ulp.
    pub(crate) bounds: [f64; 3],
    pub(crate) host_f32: fn(Arguments<f32>) -> f32,
    pub(crate) host_f64: fn(Arguments<f64>) -> f64,
    /// The number whose ulp is the unit of the error, from the arguments and the value.
    pub(crate) scale: fn(Arguments<f64>, f64) -> f64,
    /// Results below this multiple of the least normal number may be 0, in f32 and f64.
    pub(crate) flushed: [f64; 2],
    /// Whether the function jumps, so that the value in f64 at an argument in f32 may be quite another.
    pub(crate) jumps: bool,
    /// Whether a zero may have either sign.
    pub(crate) either_zero: bool,
    /// Whether anything is promised for these arguments.
    pub(crate) takes: fn(Arguments<f64>) -> bool,
}

/// One row for each function.
macro_rules! functions {
    ($($name:ident($($argument:ident),+) = $host:ident: $bounds:expr $(, $field:ident: $value:expr)*;)+) => {
        &[$({
            #[allow(unused_mut, reason = "not for every row")]
            let mut function = Function {
                name: stringify!($name),
                arguments: [$(stringify!($argument)),+].len(),
                bounds: $bounds,
                host_f32: |x| {
                    let [$($argument,)+ ..] = x.map(|x| Lanes::<Single, f32, 1>::splat(Single, x));
                    <f32 as Functions>::$host($($argument),+).value()
                },
                host_f64: |x| {
                    let [$($argument,)+ ..] = x.map(|x| Lanes::<Single, f64, 1>::splat(Single, x));
                    <f64 as Functions>::$host($($argument),+).value()
                },
                scale: |_, value| value,
                flushed: [0.0, 0.0],
                jumps: false,
                either_zero: false,
                takes: |_| true,
            };
            $(function.$field = $value;)*
            function
        }),+]
    };
    ($($name:ident($($argument:ident),+): $bounds:expr $(, $field:ident: $value:expr)*;)+) => {
        functions! { $($name($($argument),+) = $name: $bounds $(, $field: $value)*;)+ }
    };
}

/// The bounds where nothing else is said. They are those of CUDA's count, which starts from the correctly rounded result,
/// and half an ulp.
const USUAL: [f64; 3] = [2.5, 2.5, 2.0];

/// Bounds of a function whose results have the bits of the host's.
pub(crate) const EXACT: [f64; 3] = [0.0; 3];

/// The unit of a function that is computed up to `near` from a series, and beyond from a form with the error of x^power.
fn beyond(near: f64, x: f64, power: i32, value: f64) -> f64 {
    if x.abs() < near { value } else { x.powi(power) }
}

fn nonpositive([x, ..]: Arguments<f64>) -> bool {
    x <= 0.0 || x.is_nan()
}

/// Those that have a namesake on the host.
pub(crate) const FUNCTIONS: &[Function] = functions! {
    exp(x): USUAL;
    exp2(x): [2.5, 1.0, 1.0], flushed: [1.0, 0.0];
    exp_nonpositive(x): USUAL, flushed: [2.0, 2.0], takes: nonpositive;
    exp2_nonpositive(x): [2.5, 1.0, 1.0], flushed: [2.0, 2.0], takes: nonpositive;
    expm1(x): USUAL;
    sigmoid(x): USUAL, flushed: [2.0, 2.0];
    log(x): USUAL;
    log2(x): USUAL;
    log10(x): USUAL;
    log1p(x): USUAL;
    xlogx(x): USUAL;
    softplus(x): USUAL, flushed: [2.0, 2.0];
    rsqrt(x): USUAL;
    cbrt(x): USUAL;
    hypot(x, y): USUAL;
    pow(x, y): USUAL;
    sin(x): USUAL;
    cos(x): USUAL;
    tan(x): USUAL;
    asin(x): USUAL;
    acos(x): USUAL;
    atan(x): USUAL;
    atan2(y, x): USUAL;
    sinh(x): USUAL;
    cosh(x): USUAL;
    tanh(x): USUAL;
    asinh(x): USUAL;
    acosh(x): USUAL;
    atanh(x): USUAL;
    erf(x): USUAL;
    erfc(x): USUAL;
    sinc(x): USUAL, either_zero: true;
    sinxdivx(x): USUAL;
    spherical_j1(x): [3.0, 3.0, 3.0], scale: |[x, ..], value| beyond(1.75, x, -1, value);
    spherical_j1_over_x(x): [3.5, 3.5, 3.0], scale: |[x, ..], value| beyond(1.75, x, -2, value);
    spherical_j2_over_x(x): [4.0, 4.0, 4.0], scale: |[x, ..], value| beyond(3.0, x, -2, value);
    sqrt(x): EXACT;
    abs(x): EXACT;
    sign(x): EXACT;
    step(x): EXACT;
    relu(x): EXACT;
    floor(x): EXACT;
    ceil(x): EXACT;
    trunc(x): EXACT;
    round(x): EXACT;
    round_to(x, s): [1.0; 3], jumps: true;
    reciprocal(x): EXACT;
    less(x, y): EXACT;
    less_equal(x, y): EXACT;
    equal(x, y): EXACT;
    not_equal(x, y): EXACT;
    maximum(x, y): EXACT, either_zero: true;
    minimum(x, y): EXACT, either_zero: true;
    if_else(c, a, b): EXACT;
    clamp(x, a, b): EXACT;
    modulo(x, n, offset): [1.0; 3],
        scale: |[x, n, offset], value| value.abs().max(x.abs() + n.abs() + offset.abs()), jumps: true;
};

/// A number that the instructions of the units for elementary functions do not take for 0, or 0 itself.
fn kept(x: f64) -> bool {
    x == 0.0 || x.is_nan() || x.abs() >= f32::MIN_POSITIVE.into()
}

/// The same of all arguments.
fn all_kept(x: Arguments<f64>) -> bool {
    x.into_iter().all(kept)
}

/// Bounds of a variant in `f32`, on units that round correctly as the simulator's do. In `f64` it is the function itself.
const fn fast(bound: f64) -> [f64; 3] {
    [bound, USUAL[1], USUAL[2]]
}

/// The cheaper variants, beside the functions that they stand in for. Subnormal results are 0.
pub(crate) const FAST: &[Function] = functions! {
    fast_reciprocal(x) = reciprocal: [0.5, 0.0, 0.5], flushed: [1.0, 0.0], takes: all_kept;
    fast_sqrt(x) = sqrt: [0.5, 0.0, 0.5], takes: all_kept;
    fast_rsqrt(x) = rsqrt: fast(0.5), takes: all_kept;
    fast_hypot(x, y) = hypot: fast(2.0),
        takes: |[x, y, _]| (f32::MIN_POSITIVE.into()..f32::MAX.into()).contains(&(x * x + y * y));
    // A product after the logarithm, by a rounded factor.
    fast_log(x) = log: fast(2.0), takes: all_kept;
    fast_log2(x) = log2: fast(0.5), takes: all_kept;
    fast_log10(x) = log10: fast(2.0), takes: all_kept;
    fast_xlogx(x) = xlogx: fast(3.0), flushed: [1.0, 0.0], takes: all_kept;
    fast_sin(x) = sin: fast(0.5), takes: all_kept;
    fast_cos(x) = cos: fast(0.5), takes: all_kept;
    fast_tanh(x) = tanh: fast(0.5);
    // The exponent is rounded twice before the exponential, and so is off by |x| 2⁻²³.
    fast_sigmoid(x) = sigmoid: fast(2.5), flushed: [2.0, 2.0], takes: all_kept,
        scale: |[x, ..], value| value * x.abs().clamp(1.0, 128.0);
    // So is this one, by |y log₂ x| 2⁻²⁴ · 1.5.
    fast_pow(x, y) = pow: fast(3.0), flushed: [1.0, 0.0],
        takes: |[x, y, _]| kept(x) && kept(y) && x.is_sign_positive() && (x != 1.0 || y.is_finite()),
        scale: |[x, y, _], value| value * (y * x.log2()).abs().clamp(1.0, 256.0);
};

/// What differs between the scalar types.
pub(crate) trait Scalar: Copy + Default + Plain + Debug + PartialEq + Into<f64> {
    const NAME: &'static str;
    const C_NAME: &'static str;
    const INDEX: usize;
    const FRACTION: i32;
    const LEAST_NORMAL: f64;
    fn nearest(x: f64) -> Self;
    fn host(function: &Function, x: Arguments<Self>) -> Self;
}

impl Scalar for f32 {
    const NAME: &'static str = "f32";
    const C_NAME: &'static str = "float";
    const INDEX: usize = 0;
    const FRACTION: i32 = 23;
    const LEAST_NORMAL: f64 = f32::MIN_POSITIVE as f64;
    fn nearest(x: f64) -> f32 {
        x as f32
    }
    fn host(function: &Function, x: Arguments<f32>) -> f32 {
        (function.host_f32)(x)
    }
}

impl Scalar for f64 {
    const NAME: &'static str = "f64";
    const C_NAME: &'static str = "double";
    const INDEX: usize = 1;
    const FRACTION: i32 = 52;
    const LEAST_NORMAL: f64 = f64::MIN_POSITIVE;
    fn nearest(x: f64) -> f64 {
        x
    }
    fn host(function: &Function, x: Arguments<f64>) -> f64 {
        (function.host_f64)(x)
    }
}

/// Integer powers to test: signs, small ones, one with all bits and one with few.
pub(crate) const POWERS: [i32; 12] = [-9, -3, -2, -1, 0, 1, 2, 3, 4, 7, 10, 31];

/// How many sets of arguments there are besides the special ones. The numbers in second and third place are of other
/// kinds than the first.
pub(crate) const COUNT: usize = 512;

// Filled lines, which rustfmt would make one for each number.
/// Zeros, infinities, NaN, ends of domains and of the ranges of f32 and f64, where results over- and underflow, and
/// numbers very close to multiples of π/2.
#[rustfmt::skip]
pub(crate) const SPECIAL: [f64; 52] = [
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 2.5, -2.5, 3.0, -3.0, 1.75, -1.75, 16777216.0,
    1.0 + f64::EPSILON, 1.0 - f64::EPSILON / 2.0, 1.0 + f32::EPSILON as f64, 1.0 - f32::EPSILON as f64,
    f64::INFINITY, f64::NEG_INFINITY, f64::NAN, f64::MAX, f64::MIN, f64::MIN_POSITIVE, -f64::MIN_POSITIVE,
    5e-324, -5e-324, 1e-310, f32::MAX as f64, f32::MIN as f64, f32::MIN_POSITIVE as f64,
    -f32::MIN_POSITIVE as f64, 1e-45, -1e-40, 88.72284, 709.782712893384, -708.3964185322641,
    -745.1332191019411, 1024.0, 1023.9999999999999, 127.99999, -126.0, -149.5, -1021.0, -1022.5, -1074.0,
    252.89820861816406, 1011.5928344726562, 13947.1005859375, 16185.4853515625, 5.319372648326541e255,
];

/// f64 of every size, with more of them where functions change: within ±1, ±4, ±40 and ±700, near 1 and near 0.
pub(crate) fn sample(count: usize) -> Vec<f64> {
    let mut state = 1_u64;
    let mut bits = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let number = |k: usize| {
        let (any, u) = (bits(), (bits() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0);
        let small = 2f64.powi(-((any % 40) as i32));
        match k % 8 {
            0 => f64::from_bits(any),
            1 => u,
            2 => u * 4.0,
            3 => u * 40.0,
            4 => u * 700.0,
            5 => 1.0 + u * small,
            6 => u * 1e6 * small,
            _ => u * small,
        }
    };
    (0..count).map(number).collect()
}

/// Sets of arguments: all combinations of special numbers (of some of them for three arguments), then numbers of every
/// size in all places.
pub(crate) fn arguments(function: &Function) -> Vec<Arguments<f64>> {
    let samples = sample(3 * COUNT);
    let few = &SPECIAL[..if function.arguments == 3 { 9 } else { SPECIAL.len() }];
    let mut all = Vec::new();
    for &x in &SPECIAL {
        for &y in if function.arguments >= 2 { few } else { &[0.0] } {
            for &z in if function.arguments >= 3 { few } else { &[0.0] } {
                all.push([x, y, z]);
            }
        }
    }
    all.extend((0..COUNT).map(|k| [samples[k], samples[COUNT + k + 3], samples[2 * COUNT + k / 2]]));
    all.retain(|&x| (function.takes)(x));
    all
}

//! Every scalar function of the table, summed over pairs, against the same loop with the standard library's functions.

use crate::{Race, WITH_AVX2, wide};
use keops::keops;
use keops_compiler::ops::{ScalarFunction, scalars};
use keops_reference::random::Random;

const ROWS: usize = 64;
const COLUMNS: usize = 2048;

/// Rows of the table that the standard library has no function for, and none that would be put together in a line.
const NOT_BY_HAND: [&str; 2] = ["Erf", "Erfc"];

/// Functions that are less than five times as fast, or near it, with the bound that holds for them. On Zen 4 Powf was 4.6 to 5.2
/// times and Acosh 5.0 to 5.8 times as fast with AVX2, 6.0 and 6.7 with AVX-512; the others were 5.0 to 6.4 with AVX2. By hand a
/// powf of the C library, which computes in `f64` with tables, and an acosh, which is one logarithm, take as long as an exp: 3 ns.
/// Here a power takes a logarithm of two parts, and an acosh keeps the rounding errors of its argument, for an error below 2 ulp
/// near 1 as well. The others divide once or twice, or compute a series beside a sine to choose between them, where by hand a
/// branch chooses. On an Intel Xeon (Emerald Rapids) Sqrt was 3.7 and Rsqrt 4.1 times as fast with AVX-512: these
/// formulas are little else than an instruction of its divider, which gains less from wide vectors than what multiplies.
const LESS: [(&str, f64); 8] = [
    ("Sqrt", 2.5),
    ("Rsqrt", 2.5),
    ("Powf", 3.5),
    ("Acosh", 4.0),
    ("Sigmoid", 3.5),
    ("SphericalJ1", 4.0),
    ("SphericalJ1OverX", 3.5),
    ("SphericalJ2OverX", 3.5),
];

/// The arguments: the first is x_i + y_j, the others are those of the columns.
struct Arguments {
    x: Vec<f32>,
    columns: [Vec<f32>; 3],
}

impl Arguments {
    /// Numbers in the domain of a function: those of the columns anywhere, x_i so small that the sum stays inside.
    fn of(row: &ScalarFunction) -> Arguments {
        let mut random = Random::new(7);
        let mut numbers = |(low, high): (f64, f64), count: usize| -> Vec<f32> {
            (0..count).map(|_| (low + (high - low) * random.unit()) as f32).collect()
        };
        let (low, high) = row.domain[0];
        let margin = (high - low) / 100.0;
        let x = numbers((-margin, margin), ROWS);
        let y = numbers((low + margin, high - margin), COLUMNS);
        let mut others = |k: usize| numbers(row.domain.get(k).copied().unwrap_or((0.0, 1.0)), COLUMNS);
        Arguments { x, columns: [y, others(1), others(2)] }
    }

    /// The loop by hand.
    fn by_hand(&self, function: impl Fn(f32, f32, f32) -> f32) -> Vec<f64> {
        let [y, a, b] = &self.columns;
        let row = |x: &f32| {
            let mut sum = 0.0;
            for ((y, a), b) in y.iter().zip(a).zip(b) {
                sum += function(x + y, *a, *b);
            }
            f64::from(sum)
        };
        self.x.iter().map(row).collect()
    }
}

/// For each row of the table: its name, a name in lower case, its arguments in the formula, and the function by hand.
macro_rules! races {
    ($($row:ident $name:ident($($argument:tt)*) = $by_hand:expr;)*) => {
        keops! {$(
            fn $name(x_i: Vi<1>, y_j: Vj<1>, a_j: Vj<1>, b_j: Vj<1>) -> Vi<1> { Sum_j($row($($argument)*)) }
        )*}

        pub(crate) fn all() -> Vec<Race> {
            let mut races = vec![];
            $(
                let (_, row) = scalars().find(|(_, row)| row.name == stringify!($row)).expect("a row of the table");
                let ours = Arguments::of(row);
                let by_hand = Arguments::of(row);
                let less = LESS.iter().find(|(name, _)| *name == row.name);
                races.push(Race {
                    wanted: less.map_or(WITH_AVX2, |(_, bound)| *bound),
                    name: format!("Sum of {}", stringify!($row)),
                    ours: Box::new(move || {
                        let Arguments { x, columns: [y, a, b] } = &ours;
                        wide($name(x, y, a, b).expect("sizes that agree"))
                    }),
                    by_hand: Box::new(move || by_hand.by_hand($by_hand)),
                });
            )*
            races
        }

        const RACED: &[&str] = &[$(stringify!($row)),*];
    };
}

/// 1 or 0.
fn number(truth: bool) -> f32 {
    f32::from(u8::from(truth))
}

races! {
    LessThan less(x_i + y_j, a_j) = |x, a, _| number(x < a);
    LessOrEqual less_or_equal(x_i + y_j, a_j) = |x, a, _| number(x <= a);
    Equal equal(x_i + y_j, a_j) = |x, a, _| number(x == a);
    NotEqual not_equal(x_i + y_j, a_j) = |x, a, _| number(x != a);
    Maximum maximum(x_i + y_j, a_j) = |x, a, _| x.max(a);
    Minimum minimum(x_i + y_j, a_j) = |x, a, _| x.min(a);
    Hypot hypot(x_i + y_j, a_j) = |x, a, _| x.hypot(a);
    IfElse if_else(x_i + y_j, a_j, b_j) = |x, a, b| if x >= 0.0 { a } else { b };
    Clamp clamp(x_i + y_j, a_j, b_j) = |x, a, b| x.max(a).min(b);
    Modulo modulo(x_i + y_j, a_j, b_j) = |x, a, b| x - a * ((x - b) / a).floor();
    Exp exp(x_i + y_j) = |x, _, _| x.exp();
    Exp2 exp2(x_i + y_j) = |x, _, _| x.exp2();
    Expm1 exp_m1(x_i + y_j) = |x, _, _| x.exp_m1();
    Log log(x_i + y_j) = |x, _, _| x.ln();
    Log2 log2(x_i + y_j) = |x, _, _| x.log2();
    Log10 log10(x_i + y_j) = |x, _, _| x.log10();
    Log1p log_1p(x_i + y_j) = |x, _, _| x.ln_1p();
    XLogX x_log_x(x_i + y_j) = |x, _, _| x * x.ln();
    Sqrt sqrt(x_i + y_j) = |x, _, _| x.sqrt();
    Rsqrt rsqrt(x_i + y_j) = |x, _, _| 1.0 / x.sqrt();
    Cbrt cbrt(x_i + y_j) = |x, _, _| x.cbrt();
    Powf pow(x_i + y_j, a_j) = |x, a, _| x.powf(a);
    Sigmoid sigmoid(x_i + y_j) = |x, _, _| 1.0 / (1.0 + (-x).exp());
    Softplus softplus(x_i + y_j) = |x, _, _| x.exp().ln_1p();
    Sinh sinh(x_i + y_j) = |x, _, _| x.sinh();
    Cosh cosh(x_i + y_j) = |x, _, _| x.cosh();
    Tanh tanh(x_i + y_j) = |x, _, _| x.tanh();
    Asinh asinh(x_i + y_j) = |x, _, _| x.asinh();
    Acosh acosh(x_i + y_j) = |x, _, _| x.acosh();
    Atanh atanh(x_i + y_j) = |x, _, _| x.atanh();
    Abs abs(x_i + y_j) = |x, _, _| x.abs();
    Sign sign(x_i + y_j) = |x, _, _| if x == 0.0 { 0.0 } else { x.signum() };
    Step step(x_i + y_j) = |x, _, _| number(x >= 0.0);
    ReLU relu(x_i + y_j) = |x, _, _| x.max(0.0);
    Floor floor(x_i + y_j) = |x, _, _| x.floor();
    Ceil ceil(x_i + y_j) = |x, _, _| x.ceil();
    Trunc trunc(x_i + y_j) = |x, _, _| x.trunc();
    RoundToInteger round(x_i + y_j) = |x, _, _| x.round();
    RoundToFraction round_to(x_i + y_j, a_j) = |x, a, _| (x * a).round() / a;
    Sinc sinc(x_i + y_j) = |x, _, _| (std::f32::consts::PI * x).sin() / (std::f32::consts::PI * x);
    SinXDivX sin_x_div_x(x_i + y_j) = |x, _, _| x.sin() / x;
    SphericalJ1 spherical_j1(x_i + y_j) = |x, _, _| (x.sin() / x - x.cos()) / x;
    SphericalJ1OverX spherical_j1_over_x(x_i + y_j) = |x, _, _| match x.abs() {
        ..0.3 => 1.0 / 3.0 - x * x / 30.0,
        _ => (x.sin() / x - x.cos()) / (x * x),
    };
    SphericalJ2OverX spherical_j2_over_x(x_i + y_j) = |x, _, _| match x.abs() {
        ..0.5 => x * (1.0 / 15.0 - x * x / 210.0),
        _ => ((3.0 / (x * x) - 1.0) * x.sin() / x - 3.0 * x.cos() / (x * x)) / x,
    };
    Sin sin(x_i + y_j) = |x, _, _| x.sin();
    Cos cos(x_i + y_j) = |x, _, _| x.cos();
    Tan tan(x_i + y_j) = |x, _, _| x.tan();
    Asin asin(x_i + y_j) = |x, _, _| x.asin();
    Acos acos(x_i + y_j) = |x, _, _| x.acos();
    Atan atan(x_i + y_j) = |x, _, _| x.atan();
    Atan2 atan2(x_i + y_j, a_j) = |x, a, _| x.atan2(a);
}

#[test]
fn every_row_of_the_table_is_raced() {
    for (_, row) in scalars() {
        let known = RACED.contains(&row.name) || NOT_BY_HAND.contains(&row.name);
        assert!(known, "{} is not raced: give it a line in tests/speed/functions.rs", row.name);
    }
}

//! Functions of two and three arguments, and integer powers.

use keops::math::Functions;
use keops::simd::{Lanes, Single, Vector};

use crate::arguments::ARGUMENTS;
use crate::binary::{Function2, Pow, Visit2, errors_on_pairs, for_all2};
use crate::double::Double;
use crate::errors::Reference;
use crate::evaluate::{Format, distance};
use crate::none;

/// Complaints about errors on pairs.
#[derive(Default)]
struct Check(Vec<String>);

impl Check {
    fn pairs<F: Function2, T: Format>(&mut self, pairs: &[(f64, f64)], reference: Reference, bound: f64) {
        self.0.extend(errors_on_pairs::<F, T>(pairs, reference).complaints(F::NAME, bound, F::MAY_DIFFER));
    }
}

impl Visit2 for Check {
    fn visit<F: Function2>(&mut self) {
        let pairs = F::sample(10_000);
        self.pairs::<F, f32>(&pairs, Reference::Value, F::BOUND);
        self.pairs::<F, f64>(&pairs, Reference::Exact, F::BOUND);
        let special: Vec<_> =
            ARGUMENTS.iter().flat_map(|&x| ARGUMENTS.iter().map(move |&y| (x, y))).collect();
        self.pairs::<F, f32>(&special, Reference::Value, F::BOUND);
        // The standard library's own errors count.
        self.pairs::<F, f64>(&special, Reference::Value, F::BOUND + 1.0);
    }
}

#[test]
fn errors_on_pairs_are_within_their_bounds() {
    let mut check = Check::default();
    for_all2(&mut check);
    none(&check.0);
}

#[test]
fn powers_of_small_numbers_with_integers() {
    let pairs: Vec<_> =
        (-20..20).flat_map(|x| (-9..10).map(move |y| (f64::from(x) / 2.0, f64::from(y)))).collect();
    let mut check = Check::default();
    check.pairs::<Pow, f32>(&pairs, Reference::Value, Pow::BOUND);
    check.pairs::<Pow, f64>(&pairs, Reference::Value, Pow::BOUND);
    none(&check.0);
}

fn single(x: f64) -> Lanes<Single, f64, 1> {
    Lanes::splat(Single, x)
}

#[test]
fn integer_powers() {
    for n in -12..13_i32 {
        for x in [0.3, -1.7, 2.0, 11.5] {
            let exact = (0..n.abs()).fold(Double::from(1.0), |product, _| product * x);
            let exact = if n < 0 { Double::from(1.0) / exact } else { exact };
            let result = <f64 as Functions>::power(single(x), n).value();
            let error = distance(result, exact.hi, exact, exact.hi);
            assert!(error <= f64::from(n.abs()), "{x}^{n} is {result}: {error} ulp");
        }
    }
    assert_eq!(<f64 as Functions>::power(single(0.0), 0).value(), 1.0);
    assert_eq!(<f64 as Functions>::power(single(0.0), -1).value(), f64::INFINITY);
    assert_eq!(<f64 as Functions>::power(single(-0.0), 3).value().to_bits(), (-0.0_f64).to_bits());
    assert_eq!(<f64 as Functions>::power(single(1.0), i32::MIN).value(), 1.0);
}

#[test]
fn comparisons_and_choices() {
    let nan = f64::NAN;
    for (x, y) in
        [(1.0, 2.0), (2.0, 1.0), (1.0, 1.0), (0.0, -0.0), (nan, 1.0), (1.0, nan), (-f64::INFINITY, 5.0)]
    {
        let [a, b] = [single(x), single(y)];
        assert_eq!(<f64 as Functions>::less(a, b).value(), f64::from(x < y), "{x} < {y}");
        assert_eq!(<f64 as Functions>::less_equal(a, b).value(), f64::from(x <= y), "{x} <= {y}");
        assert_eq!(<f64 as Functions>::equal(a, b).value(), f64::from(x == y), "{x} == {y}");
        assert_eq!(<f64 as Functions>::not_equal(a, b).value(), f64::from(x != y), "{x} != {y}");
        assert_eq!(<f64 as Functions>::maximum(a, b).value(), x.max(y), "maximum of {x} and {y}");
        assert_eq!(<f64 as Functions>::minimum(a, b).value(), x.min(y), "minimum of {x} and {y}");
    }
    for (condition, picked) in [(1.0, 7.0), (0.0, 7.0), (-0.0, 7.0), (-1e-300, 8.0), (nan, 8.0)] {
        assert_eq!(
            <f64 as Functions>::if_else(single(condition), single(7.0), single(8.0)).value(),
            picked,
            "{condition}"
        );
    }
    for (x, clamped) in [(-3.0, -1.0), (0.5, 0.5), (2.0, 1.0), (f64::INFINITY, 1.0)] {
        assert_eq!(<f64 as Functions>::clamp(single(x), single(-1.0), single(1.0)).value(), clamped, "{x}");
    }
    assert!(<f64 as Functions>::clamp(single(nan), single(-1.0), single(1.0)).value().is_nan());
    for (x, s, rounded) in [(2.345, 10.0, 2.3), (0.25, 10.0, 0.3), (-1.125, 100.0, -1.13), (0.7, 1.0, 1.0)] {
        assert_eq!(<f64 as Functions>::round_to(single(x), single(s)).value(), rounded, "{x} to 1/{s}");
    }
    // x modulo 3, in [offset, offset + 3)
    for (x, offset, rest) in
        [(7.5, 0.0, 1.5), (-1.0, 0.0, 2.0), (3.0, 0.0, 0.0), (7.5, -2.0, -1.5), (1.0, 1.0, 1.0)]
    {
        assert_eq!(
            <f64 as Functions>::modulo(single(x), single(3.0), single(offset)).value(),
            rest,
            "{x} from {offset}"
        );
    }
}

use super::*;

fn rational(num: i64, den: i64) -> Number {
    Number::Rational { num, den }
}

#[test]
fn literals_are_exact_where_they_fit() {
    for (text, num, den) in [
        ("0.1", 1, 10),
        ("1e3", 1000, 1),
        ("2.5e-3", 1, 400),
        ("1.", 1, 1),
        ("1_000.5", 2001, 2),
        ("0.000", 0, 1),
        ("0e999", 0, 1),
        ("1e18", 1_000_000_000_000_000_000, 1),
        ("1.00000000000000000000000000000000000000000", 1, 1),
    ] {
        assert_eq!(Number::parse(text), Some(rational(num, den)), "{text}");
    }
    assert_eq!(Number::parse("1e300"), Some(Number::Float(1e300)));
    assert_eq!(Number::parse("1e-300"), Some(Number::Float(1e-300)));
    assert_eq!(Number::parse("0.12345678901234567890123").unwrap().to_f64(), 0.123_456_789_012_345_68);
    for text in ["1e999", "1e-999", "", ".", ".5", "-1", "0x10", "1e", "1.5.2", "1e99999999999", "inf"] {
        assert_eq!(Number::parse(text), None, "{text}");
    }
}

#[test]
fn fractions_are_reduced_and_floats_that_fit_are_fractions() {
    assert_eq!(Number::rational(6, -4), rational(-3, 2));
    assert_eq!(Number::rational(i64::MIN, i64::MIN), rational(1, 1));
    assert_eq!(Number::from_f64(-0.75), rational(-3, 4));
    assert_eq!(Number::from_f64(-0.0), rational(0, 1));
    assert_eq!(Number::from_f64(2f64.powi(62)), rational(1 << 62, 1));
    assert_eq!(Number::from_f64(2f64.powi(63)), Number::Float(2f64.powi(63)));
    assert_eq!(Number::from_f64(-2f64.powi(63)), Number::integer(i64::MIN));
    assert_eq!(Number::from_f64(-2f64.powi(64)), Number::Float(-2f64.powi(64)));
    assert_eq!(Number::from_f64(3.0 * 2f64.powi(61)), rational(3 << 61, 1));
    assert_eq!(Number::from_f64(3.0 * 2f64.powi(62)), Number::Float(3.0 * 2f64.powi(62)));
    assert_eq!(Number::from_f64(2f64.powi(-62)), rational(1, 1 << 62));
    assert_eq!(Number::from_f64(5e-324), Number::Float(5e-324));
    assert_eq!(Number::from_f64(0.1).to_f64(), 0.1);
    assert_ne!(Number::from_f64(0.1), Number::parse("0.1").unwrap());
}

#[test]
fn arithmetic_is_exact_and_falls_back() {
    let (half, third) = (rational(1, 2), rational(1, 3));
    assert_eq!(half + third, rational(5, 6));
    assert_eq!(half - half, rational(0, 1));
    assert_eq!(half * third, rational(1, 6));
    assert_eq!(half / third, rational(3, 2));
    assert_eq!(-half, rational(-1, 2));
    let large = Number::integer(i64::MAX);
    assert_eq!(large + large, Number::Float(2f64.powi(64)));
    assert_eq!(-Number::integer(i64::MIN), Number::Float(2f64.powi(63)));
    assert_eq!(large * large.reciprocal(), rational(1, 1));
    assert!(!Number::integer(0).reciprocal().is_finite());
    assert!(!(Number::Float(1e300) * Number::Float(1e300)).is_finite());
}

#[test]
fn powers_are_exact_where_they_can_be() {
    let n = Number::integer;
    assert_eq!(n(2).pow(n(10)), n(1024));
    assert_eq!(n(2).powi(-2), rational(1, 4));
    assert_eq!(n(7).powi(0), n(1));
    assert_eq!(rational(4, 9).pow(rational(1, 2)), rational(2, 3));
    assert_eq!(rational(4, 9).pow(rational(-3, 2)), rational(27, 8));
    assert!(!n(-8).pow(rational(1, 3)).is_finite());
    assert_eq!(n(0).pow(rational(1, 2)), n(0));
    assert_eq!(n(2).pow(rational(1, 2)).to_f64(), 2f64.sqrt());
    assert_eq!(n(3).powi(100).to_f64(), 3f64.powf(100.0));
    assert!(!n(-1).pow(rational(1, 2)).is_finite());
    assert!(!n(0).powi(-1).is_finite());
    // What does not fit is one float power, not a product of rounded ones.
    assert_eq!(rational(5, 3).powi(30).to_f64(), (5.0_f64 / 3.0).powf(30.0));
    assert_eq!(n(-2).powi(63), n(i64::MIN));
    let square = 3_037_000_499_i64;
    assert_eq!(n(square * square).pow(rational(1, 2)), n(square));
}

#[test]
fn conversion_rounds_correctly() {
    assert_eq!(rational(1, 3).to_f64(), 1.0 / 3.0);
    assert_eq!(rational(-1, 10).to_f64(), -0.1);
    assert_eq!(rational(0, 1).to_f64(), 0.0);
    // Rounding numerator and denominator first would give 1.
    let (num, den) = ((1 << 60) + 129, 1 << 60);
    assert_eq!(rational(num, den).to_f64(), 1.0 + 2f64.powi(-52));
    assert_eq!(rational(i64::MAX, 1).to_f64(), 2f64.powi(63));
    assert_eq!(rational(1, i64::MAX).to_f64(), 2f64.powi(-63));
    assert_eq!(rational(i64::MIN, 3).to_f64(), -(2f64.powi(63) / 3.0));
}

#[test]
fn display_and_sign() {
    assert_eq!(rational(-1, 2).to_string(), "-1/2");
    assert_eq!(Number::integer(3).to_string(), "3");
    assert_eq!(Number::Float(1e300).to_string(), "1e300");
    assert_eq!([rational(-1, 2).sign(), Number::integer(0).sign(), Number::Float(1e300).sign()], [-1, 0, 1]);
    assert_eq!(Number::Float(f64::NAN).sign(), 0);
}

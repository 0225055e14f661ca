//! Special functions in f64, from their series and continued fractions.

use std::f64::consts::PI;

/// erf(x) = 2/√π ∫₀ˣ exp(−t²) dt
pub(crate) fn erf(x: f64) -> f64 {
    if x.abs() < 1.25 {
        // erf(x) = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (1·3·5···(2n+1)): all terms have one sign.
        let (mut term, mut sum) = (x, x);
        for n in 1..200 {
            term *= 2.0 * x * x / f64::from(2 * n + 1);
            sum += term;
            if term.abs() <= 1e-18 * sum.abs() {
                break;
            }
        }
        2.0 / PI.sqrt() * (-x * x).exp() * sum
    } else {
        x.signum() * (1.0 - erfc(x.abs()))
    }
}

/// erfc(x) = 1 − erf(x)
pub(crate) fn erfc(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x < 1.25 {
        return 1.0 - erf(x);
    }
    // e^(−x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))), evaluated from the far end.
    let mut tail = x;
    for n in (1..=150).rev() {
        tail = x + f64::from(n) / 2.0 / tail;
    }
    (-x * x).exp() / PI.sqrt() / tail
}

/// log |Γ(x)|
pub(crate) fn ln_gamma(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x <= 0.0 {
        if x == x.floor() {
            return f64::INFINITY;
        }
        // Γ(x) Γ(1 − x) = π / sin πx
        return (PI / (PI * x).sin()).abs().ln() - ln_gamma(1.0 - x);
    }
    // Γ(x + n) = x (x + 1) ⋯ Γ(x): shift to where Stirling's series has converged.
    let (mut shifted, mut product) = (x, 1.0f64);
    while shifted < 20.0 {
        product *= shifted;
        shifted += 1.0;
    }
    let inverse = 1.0 / (shifted * shifted);
    let series = (1.0 / 12.0
        - inverse
            * (1.0 / 360.0 - inverse * (1.0 / 1260.0 - inverse * (1.0 / 1680.0 - inverse * (1.0 / 1188.0)))))
        / shifted;
    (shifted - 0.5) * shifted.ln() - shifted + 0.5 * (2.0 * PI).ln() + series - product.ln()
}

/// ψ(x) = Γ′(x) / Γ(x)
pub(crate) fn digamma(x: f64) -> f64 {
    if x <= 0.0 {
        if x == x.floor() {
            return f64::NAN;
        }
        return digamma(1.0 - x) - PI / (PI * x).tan();
    }
    let (mut shifted, mut sum) = (x, 0.0);
    while shifted < 20.0 {
        sum -= 1.0 / shifted;
        shifted += 1.0;
    }
    let inverse = 1.0 / (shifted * shifted);
    let series = inverse * (1.0 / 12.0 - inverse * (1.0 / 120.0 - inverse * (1.0 / 252.0 - inverse / 240.0)));
    sum + shifted.ln() - 0.5 / shifted - series
}

/// The spherical Bessel function jₙ for n = 0, 1, 2: j₀(x) = sin(x)/x.
pub(crate) fn spherical_bessel(n: i32, x: f64) -> f64 {
    if x.is_infinite() {
        return 0.0;
    }
    if x.abs() > 2.0 {
        let (sin, cos) = x.sin_cos();
        return match n {
            0 => sin / x,
            1 => (sin / x - cos) / x,
            _ => ((3.0 / x - x) * sin - 3.0 * cos) / (x * x),
        };
    }
    // xⁿ/(2n+1)!! Σ (−x²/2)ᵏ / (k! (2n+3)(2n+5)⋯(2n+2k+1))
    let odd: f64 = (1..=n).map(|k| f64::from(2 * k + 1)).product();
    let (mut term, mut sum) = (x.powi(n) / odd, x.powi(n) / odd);
    for k in 1..40 {
        term *= -x * x / 2.0 / f64::from(k * (2 * n + 2 * k + 1));
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values printed with 16 digits in tables of these functions.
    #[test]
    fn tabulated_values() {
        let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-14 * b.abs().max(1e-3), "{a} is not {b}");
        near(erf(0.5), 0.5204998778130465);
        near(erf(-1.0), -0.8427007929497149);
        near(erf(3.0), 0.9999779095030014);
        near(erfc(1.0), 0.1572992070502851);
        assert!((erfc(1.3) / 0.06599205505934755 - 1.0).abs() < 1e-13);
        assert!((erfc(3.0) / 2.209049699858544e-5 - 1.0).abs() < 1e-13);
        near(ln_gamma(0.5), 0.5723649429247001);
        near(ln_gamma(10.0), 12.801827480081469);
        near(ln_gamma(1.0), 0.0);
        near(ln_gamma(-0.5), 1.265512123484645);
        near(digamma(1.0), -0.5772156649015329);
        near(digamma(0.5), -1.9635100260214235);
        near(spherical_bessel(0, 1.0), 1f64.sin());
        near(spherical_bessel(1, 1.0), 0.3011686789397568);
        near(spherical_bessel(2, 1.0), 0.06203505201137386);
        near(spherical_bessel(2, 3.0), 0.2986374970757335);
    }
}

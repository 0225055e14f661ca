//! The data of a workload: standard normal points, the same on every machine.

use crate::number::Number;
use keops_reference::random::Random;

/// Points of dimension D with values of dimension E.
#[derive(Clone, Debug)]
pub struct Cloud<T, const D: usize, const E: usize> {
    /// The rows.
    pub x: Vec<[T; D]>,
    /// The columns.
    pub y: Vec<[T; D]>,
    /// The values at the columns.
    pub b: Vec<[T; E]>,
    /// Parameters: widths, mostly.
    pub s: Vec<T>,
}

impl<T: Number, const D: usize, const E: usize> Cloud<T, D, E> {
    /// M rows and N columns.
    pub fn new(m: usize, n: usize, s: &[f64]) -> Cloud<T, D, E> {
        let mut random = Random::new((D + E) as u64);
        Cloud {
            x: points(&mut random, m),
            y: points(&mut random, n),
            b: points(&mut random, n),
            s: s.iter().map(|&w| T::from_f64(w)).collect(),
        }
    }

    /// Every `stride`-th row with all columns, in another precision.
    pub fn some<U: Number>(&self, stride: usize) -> Cloud<U, D, E> {
        Cloud {
            x: self.x.iter().step_by(stride).map(converted).collect(),
            y: self.y.iter().map(converted).collect(),
            b: self.b.iter().map(converted).collect(),
            s: self.s.iter().map(|&w| U::from_f64(w.to_f64())).collect(),
        }
    }
}

fn converted<T: Number, U: Number, const D: usize>(point: &[T; D]) -> [U; D] {
    point.map(|v| U::from_f64(v.to_f64()))
}

/// `count` standard normal points.
fn points<T: Number, const D: usize>(random: &mut Random, count: usize) -> Vec<[T; D]> {
    (0..count).map(|_| std::array::from_fn(|_| T::from_f64(normal(random)))).collect()
}

/// A standard normal number (Box and Muller, 1958).
fn normal(random: &mut Random) -> f64 {
    // 1 - u is not 0.
    let radius = (-2.0 * (1.0 - random.unit()).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.unit()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_standard_normal() {
        let cloud = Cloud::<f64, 2, 1>::new(20_000, 1, &[]);
        let values = cloud.x.as_flattened();
        let moment = |p: i32| values.iter().map(|v| v.powi(p)).sum::<f64>() / values.len() as f64;
        // Four standard errors of each moment's estimate over 40,000 numbers: √(1, 2, 96)/200.
        for (power, expected, error) in [(1, 0.0, 0.02), (2, 1.0, 0.03), (4, 3.0, 0.2)] {
            assert!((moment(power) - expected).abs() < error, "moment {power}: {}", moment(power));
        }
    }

    #[test]
    fn some_rows_are_the_same_rows() {
        let cloud = Cloud::<f32, 3, 1>::new(10, 4, &[0.5]);
        let some: Cloud<f64, 3, 1> = cloud.some(4);
        assert_eq!(some.x.len(), 3);
        assert_eq!(some.x[2][1], f64::from(cloud.x[8][1]));
        assert_eq!((some.y.len(), some.s[0]), (4, 0.5));
    }
}

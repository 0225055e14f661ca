//! Points in clusters, an order in which near points follow each other, for [`Ranges`] of near pairs.

use crate::engine::Ordered;
use crate::error::Error;
use crate::memory::Host;
use crate::points::{Points, same_rows};
use crate::ranges::Ranges;
use crate::real::Real;
use std::ops::Range;

/// Points divided into clusters: those of a k-d tree, each of as many points (the last may have fewer) that are near each
/// other, with a box around them.
///
/// Points that are sorted by their clusters have near ones next to each other, so that the pairs of near points are few
/// blocks of all pairs. A Gaussian without what is beyond five standard deviations, 4e-6 of its height:
///
/// ```
/// use keops::{Clusters, keops};
///
/// keops! {
///     fn density(x_i: Vi<2>, y_j: Vj<2>, s: Pm<1>) -> Vi<1> { Exp(-SqDist(x_i, y_j) / (2 * s^2)) }
/// }
///
/// # let y: Vec<[f64; 2]> = (0..3000).map(|n| [(n as f64 * 0.7).sin(), (n as f64 * 1.3).cos()]).collect();
/// # let x = y[..1000].to_vec();
/// let s = 0.02;
/// let (of_x, of_y) = (Clusters::new(&x, 64)?, Clusters::new(&y, 64)?);
/// let near = of_x.near(&of_y, 5.0 * s);
/// let sorted = density::with(&near, &of_x.sorted(&x)?, &of_y.sorted(&y)?, s)?;
/// let densities = of_x.unsorted(&sorted)?;
///
/// assert!(near.pairs() < 1000 * 3000 / 2);
/// for (near, all) in densities.iter().zip(density(&x, &y, s)?) {
///     assert!((near - all).abs() < 3000.0 * 4e-6);
/// }
/// # Ok::<(), keops::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Clusters<const D: usize> {
    order: Vec<usize>,
    size: usize,
    /// The lowest coordinates of each cluster, and its highest.
    boxes: Vec<[[f64; D]; 2]>,
}

impl<const D: usize> Clusters<D> {
    /// Divides points into clusters of `size` points (of one, if 0). 64 to 256 keep the processor busy; the smaller they are,
    /// the fewer pairs are near.
    ///
    /// # Errors
    /// [`Error::NotMultiple`] if the numbers are not whole points.
    pub fn new<T: Real>(points: impl Points<D, T, Host>, size: usize) -> Result<Self, Error> {
        const { assert!(D > 0, "points have at least one coordinate") };
        let (view, size) = (points.view("points")?, size.max(1));
        let ordered = Ordered::new(view.data(), D, size);
        // Not a number, where one is none: such a box is near to all.
        let worse =
            |a: f64, b: f64, is_beyond: bool| if a.is_nan() || (is_beyond && !b.is_nan()) { a } else { b };
        let around = |cluster: &[T]| {
            let of = |k: usize| cluster.iter().skip(k).step_by(D).map(|x| x.to_f64());
            let low = |k| of(k).reduce(|a, b| worse(a, b, a <= b)).unwrap_or_default();
            let high = |k| of(k).reduce(|a, b| worse(a, b, a >= b)).unwrap_or_default();
            [std::array::from_fn(low), std::array::from_fn(high)]
        };
        let boxes = ordered.points.chunks(size.saturating_mul(D)).map(around).collect();
        Ok(Clusters { order: ordered.order, size, boxes })
    }

    /// The number of each point, in the order of the clusters.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// Where the clusters are in this order.
    pub fn ranges(&self) -> Vec<Range<usize>> {
        let count = self.order.len();
        (0..count).step_by(self.size).map(|first| first..count.min(first.saturating_add(self.size))).collect()
    }

    /// What belongs to the points, in the order of the clusters.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] if there are not as many.
    pub fn sorted<E: Copy>(&self, values: &[E]) -> Result<Vec<E>, Error> {
        same_rows(&[("points", self.order.len()), ("values", values.len())])?;
        Ok(self.order.iter().map(|point| values[*point]).collect())
    }

    /// What belongs to the points in the order of the clusters, in their own order.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] if there are not as many.
    pub fn unsorted<E: Copy>(&self, values: &[E]) -> Result<Vec<E>, Error> {
        same_rows(&[("points", self.order.len()), ("values", values.len())])?;
        let mut own = values.to_vec();
        self.order.iter().zip(values).for_each(|(point, value)| own[*point] = *value);
        Ok(own)
    }

    /// The pairs of clusters, of i here and of j in `others`, whose boxes are not further apart than `distance`: all pairs of
    /// points within this distance, and others; none if it is negative. Clusters with coordinates that are not numbers are near to all.
    pub fn near(&self, others: &Clusters<D>, distance: f64) -> Ranges {
        let (unknown, other_unknown) = (self.unknown(), others.unknown());
        let is_near = |a: usize, b: usize| {
            let ([low, high], [other_low, other_high]) = (&self.boxes[a], &others.boxes[b]);
            let gap = |k: usize| (low[k] - other_high[k]).max(other_low[k] - high[k]).max(0.0);
            let is_within =
                || distance >= 0.0 && (0..D).map(|k| gap(k) * gap(k)).sum::<f64>() <= distance * distance;
            unknown[a] || other_unknown[b] || is_within()
        };
        Ranges::matrix(&self.ranges(), &others.ranges(), is_near)
    }

    /// For each cluster, whether it has coordinates that are not numbers.
    fn unknown(&self) -> Vec<bool> {
        self.boxes.iter().map(|bounds| bounds.as_flattened().iter().any(|x| x.is_nan())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranges::total;

    #[test]
    fn near_points_are_in_near_clusters_and_nothing_is_lost() {
        let cloud = |count: usize, phase: f32| -> Vec<[f32; 2]> {
            (0..count).map(|n| [(n as f32 * 1.7 + phase).sin(), (n as f32 * 0.9).cos()]).collect()
        };
        let (mut x, y) = (cloud(500, 0.0), cloud(300, 0.3));
        (x[3], x[8]) = ([f32::NAN, 0.0], [0.0, f32::INFINITY]);
        let (of_x, of_y) = (Clusters::new(&x, 16).unwrap(), Clusters::new(&y, 16).unwrap());
        let near = of_x.near(&of_y, 0.1);
        assert!(of_x.near(&of_y, -0.1).pairs() < near.pairs());
        assert!(near.pairs() < 500 * 300 / 3, "{}", near.pairs());

        let (sorted_x, sorted_y) = (of_x.sorted(&x).unwrap(), of_y.sorted(&y).unwrap());
        let mut counted = 0;
        for (rows, columns) in near.by_i() {
            for a in rows {
                let in_reach = |b: &usize| {
                    let [dx, dy] = [0, 1].map(|k| sorted_x[a][k] - sorted_y[*b][k]);
                    dx * dx + dy * dy <= 0.01
                };
                counted += columns.iter().cloned().flatten().filter(in_reach).count();
            }
        }
        let all = sorted_x.iter().flat_map(|x| sorted_y.iter().map(move |y| [x[0] - y[0], x[1] - y[1]]));
        assert_eq!(counted, all.filter(|[dx, dy]| dx * dx + dy * dy <= 0.01).count());
        // Rows in any order come back to their places; NaN is equal to nothing.
        let back = of_x.unsorted(&sorted_x).unwrap();
        assert!(back.iter().zip(&x).all(|(a, b)| a == b || (a[0].is_nan() && b[0].is_nan())));
        assert_eq!(of_x.ranges().last(), Some(&(496..500)));
    }

    #[test]
    fn a_cluster_with_one_coordinate_that_is_no_number_is_near_to_all() {
        let x = [[f64::NAN, 0.0], [0.0, f64::NAN], [0.0, 0.0], [0.0, f64::INFINITY]];
        let y = [[0.0, 100.0], [100.0, 0.0]];
        let (of_x, of_y) = (Clusters::new(&x, 1).unwrap(), Clusters::new(&y, 1).unwrap());
        let near = of_x.near(&of_y, 1.0);
        for row in 0..4 {
            let columns =
                near.by_i().find(|(rows, _)| rows.contains(&row)).map(|(_, columns)| total(columns));
            assert_eq!(columns, (of_x.order()[row] < 2).then_some(2), "{row}");
        }
        assert_eq!(of_y.near(&of_x, 1.0), near.transposed());
    }

    #[test]
    fn few_points_and_wrong_lengths() {
        let none = Clusters::new(&[[0.0f64; 3]; 0], 64).unwrap();
        assert_eq!((none.ranges(), none.order()), (vec![], &[][..]));
        assert_eq!(none.near(&none, 1.0).pairs(), 0);
        let one = Clusters::<2>::new(&[1.0f32, 2.0], 0).unwrap();
        assert_eq!(one.ranges().first(), Some(&(0..1)));
        assert_eq!(one.near(&one, 0.0).pairs(), 1);
        let error =
            Error::LengthMismatch { argument_a: "points", rows_a: 1, argument_b: "values", rows_b: 2 };
        assert_eq!(one.sorted(&[1, 2]), Err(error.clone()));
        assert_eq!(one.unsorted(&[1, 2]), Err(error));
    }
}

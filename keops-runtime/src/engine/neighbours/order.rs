//! Points in an order in which neighbours in space are neighbours in memory.

use crate::real::Real;
use std::cmp::Ordering;

/// Points looked at to see along which coordinate a group is longest.
const SAMPLE: usize = 64;
/// Below this many points a group is divided on the calling thread.
pub(super) const SERIAL_POINTS: usize = 4096;

/// Points sorted into groups of `leaf`, those of a k-d tree: a group of 2ᵏ leaves is the points on one side of a plane
/// across the longest coordinate. Points with a coordinate that is not finite come last, in their own order.
#[derive(Debug)]
pub(crate) struct Ordered<T> {
    /// The original number of each point.
    pub(crate) order: Vec<usize>,
    /// The coordinates, in this order.
    pub(crate) points: Vec<T>,
    /// How many points are finite.
    pub(super) finite: usize,
}

impl<T: Real> Ordered<T> {
    pub(crate) fn new(points: &[T], dim: usize, leaf: usize) -> Self {
        let is_finite = |p: &usize| points[p * dim..(p + 1) * dim].iter().all(|x| x.to_f64().is_finite());
        let (mut order, others): (Vec<usize>, Vec<usize>) = (0..points.len() / dim).partition(is_finite);
        let finite = order.len();
        let mut keys = vec![(T::default(), 0); finite];
        divide(points, dim, leaf, &mut order, &mut keys);
        order.extend(others);
        Ordered { points: taken(points, dim, &order), order, finite }
    }
}

/// The rows of `dim` numbers that `order` names.
pub(super) fn taken<T: Copy>(rows: &[T], dim: usize, order: &[usize]) -> Vec<T> {
    let mut taken = Vec::with_capacity(order.len() * dim);
    order.iter().for_each(|&p| taken.extend_from_slice(&rows[p * dim..(p + 1) * dim]));
    taken
}

/// Leaves on the left of a group of `leaves` ≥ 2: the largest power of two that leaves some on the right, so that every
/// leaf but the last is full and two leaves that belong together are never torn apart.
pub(super) fn left_leaves(leaves: usize) -> usize {
    leaves.next_power_of_two() / 2
}

/// Sorts a group of points into leaves. `keys` is room for as many.
fn divide<T: Real>(points: &[T], dim: usize, leaf: usize, group: &mut [usize], keys: &mut [(T, usize)]) {
    if group.len() <= leaf {
        return;
    }
    let axis = longest(points, dim, group);
    for (key, &p) in keys.iter_mut().zip(&*group) {
        *key = (points[p * dim + axis], p);
    }
    let left = leaf * left_leaves(group.len().div_ceil(leaf));
    // All are finite, so all compare.
    keys.select_nth_unstable_by(left, |a, b| a.0.partial_cmp(&b.0).unwrap_or(Ordering::Equal));
    for (p, key) in group.iter_mut().zip(&*keys) {
        *p = key.1;
    }
    let serial = group.len() < SERIAL_POINTS;
    let ((left_group, right_group), (left_keys, right_keys)) =
        (group.split_at_mut(left), keys.split_at_mut(left));
    let mut divide_left = || divide(points, dim, leaf, left_group, left_keys);
    let mut divide_right = || divide(points, dim, leaf, right_group, right_keys);
    if serial {
        divide_left();
        divide_right();
    } else {
        rayon::join(divide_left, divide_right);
    }
}

/// The coordinate in which a sample of the group extends furthest.
fn longest<T: Real>(points: &[T], dim: usize, group: &[usize]) -> usize {
    let step = group.len().div_ceil(SAMPLE);
    let extent = |k: usize| {
        let sample = group.iter().step_by(step).map(|p| points[p * dim + k].to_f64());
        let (low, high) =
            sample.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        high - low
    };
    let mut best = (0, extent(0));
    for k in 1..dim {
        let extent = extent(k);
        if extent > best.1 {
            best = (k, extent);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_in_the_order_once_and_unfinite_ones_are_last() {
        for count in [0, 1, 15, 16, 17, 100, 1000, 5000] {
            let mut points: Vec<f32> = (0..2 * count).map(|k| (k as f32 * 1.7).sin()).collect();
            if count > 10 {
                (points[3], points[8]) = (f32::NAN, f32::INFINITY);
            }
            let ordered = Ordered::new(&points, 2, 16);
            let mut sorted = ordered.order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..count).collect::<Vec<_>>());
            let unfinite: &[usize] = if count > 10 { &[1, 4] } else { &[] };
            assert_eq!(&ordered.order[ordered.finite..], unfinite);
            for (place, &p) in ordered.order.iter().enumerate().take(ordered.finite) {
                assert_eq!(ordered.points[2 * place..2 * place + 2], points[2 * p..2 * p + 2]);
            }
        }
    }

    #[test]
    fn points_on_a_line_are_sorted_into_leaves() {
        let points: Vec<f64> = (0..100).map(|k| f64::from(k * 37 % 100)).collect();
        let ordered = Ordered::new(&points, 1, 8);
        for (leaf, group) in ordered.points.chunks(8).enumerate() {
            assert!(group.iter().all(|x| (8 * leaf..8 * leaf + 8).contains(&(*x as usize))), "{group:?}");
        }
    }
}

//! Boxes around tiles of columns, and boxes around those: a tree, searched for the tiles nearest to a block of rows.

use super::order::left_leaves;
use crate::engine::TILE;
use crate::real::Real;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;

/// The boxes of tiles of ordered points. A node of t ≥ 2 tiles is followed by the nodes of its left half, then by those of
/// its right half; t tiles have 2t − 1 nodes.
#[derive(Debug)]
pub(super) struct Boxes<T> {
    dim: usize,
    points: usize,
    /// For each node the lowest coordinates, then the highest.
    bounds: Vec<T>,
}

impl<T: Real> Boxes<T> {
    /// The boxes of points that are all finite.
    pub(super) fn new(points: &[T], dim: usize) -> Self {
        let count = points.len() / dim;
        let tiles = count.div_ceil(TILE);
        let mut boxes = Boxes { dim, points: count, bounds: vec![] };
        if tiles > 0 {
            boxes.bounds.reserve((2 * tiles - 1) * 2 * dim);
            boxes.add(points, 0..tiles);
        }
        boxes
    }

    /// Adds the nodes of a range of tiles; returns the first, which is the box around all.
    fn add(&mut self, points: &[T], tiles: Range<usize>) -> usize {
        let node = self.bounds.len() / (2 * self.dim);
        if tiles.len() == 1 {
            let end = (tiles.end * TILE).min(self.points);
            self.bounds.extend(around(&points[tiles.start * TILE * self.dim..end * self.dim], self.dim));
            return node;
        }
        self.bounds.resize(self.bounds.len() + 2 * self.dim, T::default());
        let middle = tiles.start + left_leaves(tiles.len());
        let left = self.add(points, tiles.start..middle);
        let right = self.add(points, middle..tiles.end);
        for k in 0..2 * self.dim {
            let (a, b) = (self.bounds[left * 2 * self.dim + k], self.bounds[right * 2 * self.dim + k]);
            let first_is_outside = if k < self.dim { a < b } else { a > b };
            self.bounds[node * 2 * self.dim + k] = if first_is_outside { a } else { b };
        }
        node
    }

    /// The squared distance from a box to that of a node: no two points of them are nearer, up to rounding.
    ///
    /// It is computed in `f64`, where differences of `f32` are nearly exact and their squares do not overflow.
    fn distance(&self, from: &[T], node: usize) -> f64 {
        let to = &self.bounds[node * 2 * self.dim..(node + 1) * 2 * self.dim];
        let (from_low, from_high) = from.split_at(self.dim);
        let (to_low, to_high) = to.split_at(self.dim);
        let mut sum = 0.0;
        for k in 0..self.dim {
            let after = to_low[k].to_f64() - from_high[k].to_f64();
            let before = from_low[k].to_f64() - to_high[k].to_f64();
            let gap = after.max(before).max(0.0);
            sum += gap * gap;
        }
        sum
    }
}

/// The lowest coordinates of some points, then the highest.
pub(super) fn around<T: Real>(points: &[T], dim: usize) -> Vec<T> {
    let mut bounds = [&points[..dim], &points[..dim]].concat();
    for point in points.chunks_exact(dim) {
        for (k, &x) in point.iter().enumerate() {
            if x < bounds[k] {
                bounds[k] = x;
            }
            if x > bounds[dim + k] {
                bounds[dim + k] = x;
            }
        }
    }
    bounds
}

/// A node waiting to be looked into.
#[derive(Debug)]
struct Waiting {
    distance: f64,
    node: usize,
    tiles: Range<usize>,
}

/// The nearest is the greatest, which a heap gives first. Among equal ones the first in memory, so that the order of
/// visits is always the same.
impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        other.distance.total_cmp(&self.distance).then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}

/// The tiles in the order of their distance from a block of rows.
#[derive(Debug)]
pub(super) struct Search<'a, T> {
    boxes: &'a Boxes<T>,
    /// The box around the rows.
    from: Vec<T>,
    waiting: BinaryHeap<Waiting>,
}

impl<'a, T: Real> Search<'a, T> {
    pub(super) fn new(boxes: &'a Boxes<T>) -> Self {
        Search { boxes, from: vec![], waiting: BinaryHeap::new() }
    }

    /// Starts anew from these rows; without rows nothing is near.
    pub(super) fn start(&mut self, rows: &[T]) {
        self.waiting.clear();
        if self.boxes.points > 0 && !rows.is_empty() {
            self.from = around(rows, self.boxes.dim);
            let tiles = 0..self.boxes.points.div_ceil(TILE);
            self.waiting.push(Waiting { distance: 0.0, node: 0, tiles });
        }
    }

    /// The columns of the next tile, unless it and so all others are further away than the square root of `radius`.
    pub(super) fn next(&mut self, radius: f64) -> Option<Range<usize>> {
        while let Some(Waiting { distance, node, tiles }) = self.waiting.pop() {
            if distance > radius {
                return None;
            }
            if tiles.len() == 1 {
                return Some(tiles.start * TILE..(tiles.end * TILE).min(self.boxes.points));
            }
            let left = left_leaves(tiles.len());
            let middle = tiles.start + left;
            self.wait(node + 1, tiles.start..middle, radius);
            self.wait(node + 2 * left, middle..tiles.end, radius);
        }
        None
    }

    fn wait(&mut self, node: usize, tiles: Range<usize>, radius: f64) {
        let distance = self.boxes.distance(&self.from, node);
        if distance <= radius {
            self.waiting.push(Waiting { distance, node, tiles });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1000 points on a line, in order.
    fn line() -> Boxes<f64> {
        let points: Vec<f64> = (0..1000).map(f64::from).collect();
        Boxes::new(&points, 1)
    }

    fn visits(search: &mut Search<'_, f64>, radius: f64) -> Vec<Range<usize>> {
        std::iter::from_fn(|| search.next(radius)).collect()
    }

    #[test]
    fn all_tiles_are_visited_within_an_infinite_radius() {
        let boxes = line();
        let mut search = Search::new(&boxes);
        search.start(&[500.0]);
        let mut all = visits(&mut search, f64::INFINITY);
        all.sort_by_key(|tile| tile.start);
        let expected: Vec<_> = (0..16).map(|t| t * TILE..(t * TILE + TILE).min(1000)).collect();
        assert_eq!(all, expected);
    }

    #[test]
    fn the_nearest_come_first_and_distant_ones_not_at_all() {
        let boxes = line();
        let mut search = Search::new(&boxes);
        // The tile around 500, then the edges 511/512 and 447/448.
        search.start(&[500.0, 501.0]);
        assert_eq!(visits(&mut search, 53.0 * 53.0), [448..512, 512..576, 384..448]);
        search.start(&[500.0, 501.0]);
        assert_eq!(visits(&mut search, 52.9 * 52.9), [448..512, 512..576]);
        search.start(&[]);
        assert_eq!(visits(&mut search, f64::INFINITY), []);
    }

    #[test]
    fn no_points_have_no_tiles() {
        let boxes = Boxes::<f32>::new(&[], 3);
        let mut search = Search::new(&boxes);
        search.start(&[0.0, 0.0, 0.0]);
        assert_eq!(search.next(f64::INFINITY), None);
    }
}

//! Near pairs only: the map-reduce for functions marked `#[prune]`.
//!
//! Columns are put in an order in which those of a tile are near each other, rows in one in which those of a block are.
//! For each block of rows the tiles are visited from the nearest on, until the next is further away than what every row
//! of the block keeps already, and than where the terms of sums are 0. The rest is the kernel's, which runs on the ordered
//! copies.
//!
//! Columns arrive in an order that depends on the boxes, so the lists decide ties by the original numbers of the columns
//! ([`List::insert_unordered`](crate::reduction::best::List::insert_unordered)): what they keep is what they
//! would keep of all pairs, bit for bit. Points that are not finite have distances ∞ or NaN from all others, which no list
//! keeps, so without sums such columns are left out and such rows visit nothing. With sums they count with everything, and so
//! they do where a factor has the other sign than the list wants, which then keeps what is furthest.

mod boxes;
mod order;
mod radius;

use super::accumulate::{Machine, are_few};
use super::blocks::ranges;
use super::plan::Plan;
use super::run::{Values, for_tasks, run_here};
use super::watch::Watch;
use super::{ErasedKernel, Layout, Out, TILE};
use crate::error::Error;
use crate::points::{Index, Pairs};
use crate::real::Real;
use crate::simd::Level;
use boxes::{Boxes, Search};
pub(crate) use order::Ordered;
use order::taken;
use radius::squared_radius;
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// Rows that are near each other: few, since a block visits what any of its rows needs.
const ROW_LEAF: usize = 8;
/// Blocks of rows of a task at most.
const MAX_TASK_BLOCKS: usize = 16;

/// A step from the squared distance to a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step<T> {
    /// Times a number.
    Scale(T),
    /// The square root.
    Root,
}

/// The largest value that counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit<T> {
    /// The worst that a row has kept, at this place of its state.
    Kept(usize),
    /// The same for all rows: beyond it the terms of a sum are 0.
    Fixed(T),
}

/// A bound of the distance: beyond it an accumulator takes nothing.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'a, T> {
    /// The largest value that counts.
    pub limit: Limit<T>,
    /// Whether the steps give the negative of what the limit is for: then a kept limit is negative too, and the last step
    /// is a negative factor.
    pub negative: bool,
    /// From |x − y|² to the value. If the signs of the factors are others, no pair is passed over.
    pub steps: &'a [Step<T>],
}

/// The points of a call, in the order in which they are visited.
#[derive(Debug)]
pub struct Neighbours<'a, T> {
    dim: usize,
    rows: &'a [T],
    columns: &'a [T],
    numbers: Vec<T>,
    /// None where points are visited as they are.
    sorted: Option<Sorted<T>>,
}

/// Points that have been ordered: rows first those that share a block.
#[derive(Debug)]
struct Sorted<T> {
    rows: Ordered<T>,
    columns: Ordered<T>,
    boxes: Boxes<T>,
}

impl<'a, T: Real> Neighbours<'a, T> {
    /// Orders rows and columns of `dim` ≥ 1 numbers, unless ranges or a stream need them as they are.
    ///
    /// # Errors
    /// [`Error::TooManyPoints`] if the columns' numbers, compared as the numbers whose bits they are, would reach NaN.
    pub fn new(rows: &'a [T], columns: &'a [T], dim: usize, pairs: Pairs<'_>) -> Result<Self, Error> {
        T::neighbours(rows, columns, dim, !pairs.options.keep_order())
    }

    /// The coordinates of the rows, in order.
    pub fn rows(&self) -> &[T] {
        self.sorted.as_ref().map_or(self.rows, |sorted| &sorted.rows.points)
    }

    /// The coordinates of the columns, in order.
    pub fn columns(&self) -> &[T] {
        self.sorted.as_ref().map_or(self.columns, |sorted| &sorted.columns.points)
    }

    /// The original numbers of the columns, as bit patterns.
    pub fn numbers(&self) -> &[T] {
        &self.numbers
    }

    /// Other values of the rows, `dim` each, in the order of the rows.
    pub fn with_rows<'v>(&self, values: &'v [T], dim: usize) -> Cow<'v, [T]> {
        let taken = |sorted: &Sorted<T>| taken(values, dim, &sorted.rows.order).into();
        self.sorted.as_ref().map_or(values.into(), taken)
    }

    /// Other values of the columns, `dim` each, in the order of the columns.
    pub fn with_columns<'v>(&self, values: &'v [T], dim: usize) -> Cow<'v, [T]> {
        let taken = |sorted: &Sorted<T>| taken(values, dim, &sorted.columns.order).into();
        self.sorted.as_ref().map_or(values.into(), taken)
    }

    /// Computes the outputs of `kernel`, which reads the ordered points, for the rows as they were. A pair is passed over
    /// if it is beyond all of `bounds`, unless the points are as they were.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn run(
        &self,
        kernel: &dyn ErasedKernel<T>,
        bounds: &[Bound<'_, T>],
        pairs: Pairs<'_>,
        kept: Index,
        outputs: &mut [Out<'_, T>],
    ) -> Result<(), Error> {
        T::run_neighbours(self, kernel, bounds, pairs, kept, outputs)
    }
}

/// [`Neighbours::new`], compiled where it is called from.
pub(crate) fn order_here<'a, T: Real>(
    rows: &'a [T],
    columns: &'a [T],
    dim: usize,
    reorder: bool,
) -> Result<Neighbours<'a, T>, Error> {
    let (row_count, count) = (rows.len() / dim, columns.len() / dim);
    // Beyond all indices, where these have fewer bits than the scalar.
    let limit = usize::try_from(T::INFINITY.bits()).unwrap_or(usize::MAX);
    if count > limit {
        return Err(Error::TooManyPoints { rows: count, limit, scalar: T::NAME });
    }
    // For a few rows, sorting the columns would take longer than visiting them all.
    if !reorder || are_few::<T>(row_count) {
        let numbers = (0..count).map(T::from_index).collect();
        return Ok(Neighbours { dim, rows, columns, numbers, sorted: None });
    }
    let order_rows = || Ordered::new(rows, dim, ROW_LEAF);
    let order_columns = || Ordered::new(columns, dim, TILE);
    let (sorted_rows, sorted_columns) = if row_count.max(count) < order::SERIAL_POINTS {
        (order_rows(), order_columns())
    } else {
        rayon::join(order_rows, order_columns)
    };
    let boxes = Boxes::new(&sorted_columns.points[..sorted_columns.finite * dim], dim);
    let numbers = sorted_columns.order.iter().map(|&p| T::from_index(p)).collect();
    let sorted = Some(Sorted { rows: sorted_rows, columns: sorted_columns, boxes });
    Ok(Neighbours { dim, rows, columns, numbers, sorted })
}

/// [`Neighbours::run`], compiled where it is called from.
pub(crate) fn run_neighbours_here<T: Real>(
    neighbours: &Neighbours<'_, T>,
    kernel: &dyn ErasedKernel<T>,
    bounds: &[Bound<'_, T>],
    pairs: Pairs<'_>,
    kept: Index,
    outputs: &mut [Out<'_, T>],
) -> Result<(), Error> {
    let (dim, Some(sorted)) = (neighbours.dim, &neighbours.sorted) else {
        return run_here(kernel, pairs, kept, outputs);
    };
    let (rows, columns) = (sorted.rows.order.len(), sorted.columns.order.len());
    let plan = Plan::of::<T>(kernel.layout(), rows, columns);
    // Whatever is kept, nothing is beyond a list whose factors turn the order round: it wants what is infinitely far.
    let fixed = |bound: &Bound<'_, T>| {
        let radius = squared_radius(bound, T::default(), dim);
        (matches!(bound.limit, Limit::Fixed(_)) || radius == f64::INFINITY).then_some(radius)
    };
    let fixed_radius = bounds.iter().filter_map(fixed).reduce(f64::max);
    let machine = Machine::new(kernel, Level::detect());
    let visit = Visit { dim, sorted, machine, bounds, fixed_radius };
    let watch = Watch::new(pairs.options, crate::ranges::pairs(rows, columns));

    let (lanes, per_row) = (machine.lanes, kernel.layout().outputs);
    let task_rows = task_blocks::<T>(kernel.layout(), lanes) * lanes;
    let mut numbers = vec![T::default(); rows.next_multiple_of(lanes) * per_row];
    let task = |(n, numbers): (usize, &mut [T])| {
        if !watch.is_over() {
            let task = n * task_rows..((n + 1) * task_rows).min(rows);
            numbers.copy_from_slice(&visit.rows(task.clone()));
            watch.visited(task.len(), columns);
        }
    };
    if plan.serial {
        numbers.chunks_mut(task_rows * per_row).enumerate().for_each(task);
    } else {
        numbers.par_chunks_mut(task_rows * per_row).enumerate().for_each(task);
    }

    let mut places = vec![0; rows];
    sorted.rows.order.iter().enumerate().for_each(|(place, &row)| places[row] = place);
    let values = Values { numbers: &numbers, lanes, per_row, columns };
    let tasks: Vec<Range<usize>> = ranges(0..rows, plan.task_rows).collect();
    for_tasks(&tasks, plan.serial, outputs, |number, task| {
        values.write(task, tasks[number].clone(), |row| places[row]);
    });
    watch.end()
}

/// Blocks of `lanes` rows of a task: as many as a thread's megabyte allows, but one at least.
fn task_blocks<T>(layout: &Layout, lanes: usize) -> usize {
    (Plan::fitting::<T>(layout) / lanes).clamp(1, MAX_TASK_BLOCKS)
}

/// What the tasks of a call have in common.
struct Visit<'a, T> {
    dim: usize,
    sorted: &'a Sorted<T>,
    machine: Machine<'a, T>,
    bounds: &'a [Bound<'a, T>],
    /// The squared distance beyond which the terms of all sums are 0, ∞ if there is a list for which no pair is passed over;
    /// `None` without either.
    fixed_radius: Option<f64>,
}

impl<T: Real> Visit<'_, T> {
    /// The outputs of ordered rows, block after block.
    fn rows(&self, rows: Range<usize>) -> Vec<T> {
        let Sorted { rows: ordered, columns, boxes } = self.sorted;
        let lanes = self.machine.lanes;
        let banks = self.machine.banks(rows.clone());
        let mut state = vec![];
        let mut search = Search::new(boxes);
        for (b, first) in rows.clone().step_by(lanes).enumerate() {
            let block = first..(first + lanes).min(rows.end);
            // Rows that are not finite stand last; nothing is near them.
            let finite = block.end.min(ordered.finite).saturating_sub(first);
            // What a sum, or such a list, makes of points that are not finite is for the kernel to say.
            let unsearched = match self.fixed_radius {
                None => 0..0,
                Some(_) if finite < block.len() => 0..columns.order.len(),
                Some(_) => columns.finite..columns.order.len(),
            };
            let near = if unsearched.start == 0 && !unsearched.is_empty() { 0 } else { finite };
            search.start(&ordered.points[first * self.dim..(first + near) * self.dim]);
            let mut unsearched = ranges(unsearched, TILE);
            let mut next =
                |state: &[T]| search.next(self.squared_radius(state, finite)).or_else(|| unsearched.next());
            state.extend_from_slice(&self.machine.accumulate(&banks, b..b + 1, &mut next));
        }
        self.machine.finish(&banks, &state)
    }

    /// The squared distance beyond which no accumulator of the first `rows` lanes takes anything.
    fn squared_radius(&self, state: &[T], rows: usize) -> f64 {
        let mut radius = self.fixed_radius.unwrap_or(0.0);
        for bound in self.bounds {
            if let Limit::Kept(place) = bound.limit {
                let worse = |a: T, b: T| if (a < b) == bound.negative { a } else { b };
                let better = |a: T, b: T| if (a < b) == bound.negative { b } else { a };
                // What a row keeps of some columns bounds what it keeps of all.
                let kept = self.machine.kept(state, place, rows);
                let kept = kept.filter_map(|lanes| lanes.iter().copied().reduce(better));
                let Some(worst) = kept.reduce(worse) else { continue };
                radius = radius.max(squared_radius(bound, worst, self.dim));
            }
        }
        radius
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reduction::accumulator::{Accumulator, Extreme, Kind};

    #[test]
    fn tasks_keep_to_the_megabyte_of_a_thread() {
        const LISTS: [Accumulator; 1] =
            [Accumulator { kind: Kind::List { extreme: Extreme::Min, count: 100 }, dim: 1 }];
        let layout = |dim: usize| Layout {
            row_inputs: dim,
            row_hoisted: 0,
            column_inputs: dim,
            column_hoisted: 0,
            column_read: dim,
            accumulators: &LISTS,
            outputs: 100,
            cuts: 0,
            wide: true,
            columns_in_lanes: false,
            cost: 30,
        };
        assert_eq!(task_blocks::<f32>(&layout(3), 8), MAX_TASK_BLOCKS);
        for (dim, lanes) in [(3, 16), (784, 32), (3_000, 8)] {
            let bytes = task_blocks::<f32>(&layout(dim), lanes) * lanes * (dim + 300) * size_of::<f32>();
            assert!(bytes <= 1 << 20, "D = {dim}, {lanes} lanes: {bytes}");
        }
        assert_eq!(task_blocks::<f64>(&layout(20_000), 32), 1, "a block of rows is no less");
    }
}

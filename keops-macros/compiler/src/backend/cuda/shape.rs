//! How a kernel is laid out on the device: rows of a thread, columns worked on together, columns of a tile, and what lies
//! in registers. One table of constants; the reasons are figures of compiled kernels (`kernels/budgets`).

use super::sizes::{
    column_len, has_loops, is_long_list, is_sum, kept_len, list_len, local_sums, raises_or_selects,
    read_for_sums, slot_len, state_in_registers, sums_of_pairs,
};
use crate::ir::VariableId;
use crate::loops::{Bank, Kernel, Slot, UNROLLED};

/// Threads of a block.
pub const THREADS: usize = 128;
/// Rows per thread, best first: the more, the fewer loads from shared memory per pair.
const ROWS: [usize; 3] = [4, 2, 1];
/// Registers that rows per thread may cost, for each entry of [`ROWS`]: beyond, fewer rows pay more, since more threads
/// are resident.
const REGISTERS: [usize; 3] = [100, 176, 208];
/// The same where rows are read again for each group of columns: then each row more saves as many loads as a column more,
/// which is worth all registers that a thread can have, but for some that the assembler needs to move loads ahead.
const WIDE_REGISTERS: usize = 224;
/// Three rows instead of two, where two take so many registers that no more than two blocks are resident anyway, and three
/// do not take all there are.
const THREE_ROWS: std::ops::RangeInclusive<usize> = 160..=240;
/// Registers for addresses, counters and values on the way.
const OVERHEAD: usize = 24;
/// Columns of a group where rows are read again for each of them.
const WIDE_COLUMNS: usize = 8;
/// Operations that the body of the loop over columns may have when it is written out.
const UNROLLED_OPERATIONS: usize = 1200;
/// Operations up to which loops over coordinates are written out.
const UNROLLED_PAIR: usize = 600;
/// Columns of a tile at most, and the bytes it should stay below so that several blocks share the memory.
const TILE_COLUMNS: usize = 256;
const TILE_BYTES: usize = 16 << 10;
/// Numbers of a column up to which they are read at once.
const NARROW: usize = 16;
/// The longest list that lies in registers, as `short_list` in `kernels/cuda/reductions.cuh`.
pub(super) const SHORT_LIST: usize = 16;
/// Columns that take as long as a number of a part's state, which is written and read again.
const COLUMNS_OF_STATE: usize = 8;
/// Bytes of the widest loads.
const VECTOR_BYTES: usize = 16;
/// Shared memory of a block.
const SHARED_BYTES: usize = 48 << 10;
/// Parameters up to this size are passed by value.
const PARAMETER_BYTES: usize = 2 << 10;

/// The type of a kernel's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// `f32`
    F32,
    /// `f64`
    F64,
}

impl Scalar {
    /// Both.
    pub const ALL: [Scalar; 2] = [Scalar::F32, Scalar::F64];

    /// Its name in Rust.
    pub fn rust(self) -> &'static str {
        match self {
            Scalar::F32 => "f32",
            Scalar::F64 => "f64",
        }
    }

    /// Its name in CUDA C.
    pub fn cuda(self) -> &'static str {
        match self {
            Scalar::F32 => "float",
            Scalar::F64 => "double",
        }
    }

    /// Registers of 32 bits that it takes.
    fn words(self) -> usize {
        match self {
            Scalar::F32 => 1,
            Scalar::F64 => 2,
        }
    }

    /// Numbers of the widest loads.
    pub(super) fn vector(self) -> usize {
        VECTOR_BYTES / (4 * self.words())
    }
}

/// The layout of a kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The type of its numbers.
    pub scalar: Scalar,
    /// Rows of a thread.
    pub rows: usize,
    /// Columns worked on together.
    pub columns: usize,
    /// Columns of a tile.
    pub tile: usize,
    /// Numbers that a column takes in a tile, padded to 16 bytes.
    pub stride: usize,
    /// The same without what pads it and the vectors in it.
    pub filled: usize,
    /// Numbers of state per row.
    pub state: usize,
    /// Columns that make up for the state of a part.
    pub least_part: usize,
    /// Whether parameters are passed as an address.
    pub indirect: bool,
    /// Whether loops over coordinates are written out in the pair loop.
    pub unrolled: bool,
    /// Whether vectors of sums lie in registers: then loops over them are written out.
    pub sums_in_registers: bool,
    /// Whether vectors of the row's bank longer than [`UNROLLED`] stay in memory.
    pub wide_rows: bool,
    /// Column variables that are read from memory, since a tile cannot hold them.
    pub wide_columns: Vec<VariableId>,
}

/// What the division of the pairs over threads and groups decides.
#[derive(Clone, Copy)]
struct Layout {
    rows: usize,
    columns: usize,
    wide_rows: bool,
    sums_in_registers: bool,
}

impl Shape {
    /// Chooses the layout of a kernel.
    pub fn new(kernel: &Kernel, scalar: Scalar) -> Shape {
        let words = scalar.words();
        let layout = Layout::new(kernel, scalar);
        let mut shape = Shape {
            scalar,
            rows: layout.rows,
            columns: layout.columns,
            tile: 1,
            stride: 0,
            filled: 0,
            state: kernel.state_len(),
            least_part: least_part(kernel),
            indirect: kernel.parameters.len() * words * 4 > PARAMETER_BYTES,
            unrolled: kernel.cost <= UNROLLED_PAIR && !layout.wide_rows,
            sums_in_registers: layout.sums_in_registers,
            wide_rows: layout.wide_rows,
            wide_columns: vec![],
        };
        shape.choose_tile(kernel);
        shape
    }

    /// Widest variables leave the tile until it holds at least one group of columns.
    fn choose_tile(&mut self, kernel: &Kernel) {
        let bytes = VECTOR_BYTES / self.scalar.vector();
        let mut variables = kernel.column_variables.clone();
        variables.sort_by_key(|(_, dim)| *dim);
        loop {
            let (places, end) = self.places(kernel);
            self.stride = end.next_multiple_of(self.scalar.vector());
            self.filled = places.iter().map(|(slot, _)| column_len(kernel, *slot)).sum();
            let column = (self.stride * bytes).max(1);
            let within = |limit: usize, group: usize| (limit / column / group * group).min(TILE_COLUMNS);
            if within(SHARED_BYTES, self.columns) == 0
                && self.wide_rows
                && self.columns > 1
                && within(SHARED_BYTES, self.columns / 2) > 0
            {
                // Smaller groups, so that all of a column is in the tile.
                self.columns /= 2;
            }
            if within(SHARED_BYTES, self.columns) > 0 {
                let group = self.columns;
                self.tile = within(TILE_BYTES, group).max(group.max(32).min(within(SHARED_BYTES, group)));
                return;
            }
            match variables.pop() {
                Some((v, _)) => self.wide_columns.push(v),
                None => {
                    // What is hoisted to a group of columns exceeds shared memory: one column at a time, which the loop stage
                    // has left room for.
                    (self.columns, self.tile) = (1, 1);
                    return;
                }
            }
        }
    }

    /// Whether all numbers of a column are read from the tile at once.
    pub(super) fn narrow(&self) -> bool {
        self.unrolled && (1..=NARROW).contains(&self.stride)
    }

    /// Whether points of `dim` coordinates start where a wide load may, as their first does.
    pub(super) fn loads_vectors(&self, dim: usize) -> bool {
        dim.is_multiple_of(self.scalar.vector())
    }

    /// Whether a slot of the row's bank lies in registers. How many columns there are is asked for where it is read.
    pub(super) fn in_registers(&self, bank: &Bank, slot: Slot) -> bool {
        slot != Slot::Count && (!self.wide_rows || slot_len(bank, slot) <= UNROLLED)
    }

    /// Whether loops over so many sums are written out.
    pub(super) fn unrolls_sums(&self, dim: usize) -> bool {
        self.sums_in_registers || dim <= UNROLLED
    }

    /// The positions of the staged variables of a column and of what is hoisted to it, and the numbers of it all. Vectors
    /// come first, each where a wide load may start.
    fn places(&self, kernel: &Kernel) -> (Vec<(Slot, usize)>, usize) {
        let staged = kernel.column_variables.iter().filter(|(v, _)| !self.wide_columns.contains(v));
        let variables = staged.map(|(v, dim)| (Slot::Variable(*v), *dim));
        let hoisted = kernel.columns.hoisted.iter().enumerate();
        let mut slots: Vec<(Slot, usize)> =
            variables.chain(hoisted.map(|(n, (_, len))| (Slot::Hoisted(n), *len))).collect();
        slots.sort_by_key(|(_, len)| *len <= UNROLLED);
        let (mut places, mut end) = (vec![], 0_usize);
        for (slot, len) in slots {
            let start = if len > UNROLLED { end.next_multiple_of(self.scalar.vector()) } else { end };
            places.push((slot, start));
            end = start + len;
        }
        (places, end)
    }

    /// Whether a tile has both vectors and short parts.
    pub(super) fn mixes_lengths(&self, kernel: &Kernel) -> bool {
        let (places, _) = self.places(kernel);
        let short = places.iter().filter(|(slot, _)| column_len(kernel, *slot) <= UNROLLED).count();
        (1..places.len()).contains(&short)
    }

    /// The position in a tile of a column variable or of what is hoisted to columns, if it is there.
    pub(super) fn tile_offset(&self, kernel: &Kernel, slot: Slot) -> Option<usize> {
        self.places(kernel).0.into_iter().find(|(s, _)| *s == slot).map(|(_, start)| start)
    }

    /// What nothing is stored in: first number and the one behind the last.
    pub(super) fn padding(&self, kernel: &Kernel) -> Vec<(usize, usize)> {
        let (places, end) = self.places(kernel);
        let mut gaps = vec![];
        let mut used = 0;
        for (slot, start) in places {
            gaps.push((used, start));
            used = start + column_len(kernel, slot);
        }
        gaps.push((end, self.stride));
        gaps.retain(|(from, to)| from < to);
        gaps
    }
}

/// Long lists lie in local memory, which a device sets aside for all threads that it can have: one row for each.
fn most_rows(kernel: &Kernel) -> usize {
    if kernel.accumulators.iter().any(|a| is_long_list(a.kind)) { 1 } else { ROWS[0] }
}

/// The columns that make up for what the state of a part costs: to be written and read again, and to fill lists anew. Of the
/// first columns a list of K takes most, each by up to K moves, so that pairs count for more after some K² columns.
fn least_part(kernel: &Kernel) -> usize {
    let longest = kernel.accumulators.iter().filter_map(|a| list_len(a.kind)).max().unwrap_or(0);
    (COLUMNS_OF_STATE * kernel.state_len()).max(longest * longest)
}

impl Layout {
    /// Rows in registers where two or more fit, else rows read again for each group of columns.
    fn new(kernel: &Kernel, scalar: Scalar) -> Layout {
        let kept = Layout::kept_rows(kernel, scalar);
        // A hoisted vector would have to be in local memory.
        let only_read = kernel.rows.hoisted.iter().all(|(_, len)| *len <= UNROLLED);
        let is_wide = kernel.rows.inputs.iter().any(|(_, len)| *len > UNROLLED);
        match kept {
            Some(kept) if kept.rows > 1 || !is_wide || !only_read => kept,
            Some(kept) => Layout::wide_rows(kernel, scalar).filter(|wide| wide.rows > 1).unwrap_or(kept),
            None => Layout::wide_rows(kernel, scalar).unwrap_or(Layout {
                rows: 1,
                columns: if has_loops(kernel) { WIDE_COLUMNS / scalar.words() } else { 1 },
                wide_rows: true,
                sums_in_registers: false,
            }),
        }
    }

    /// All that a row has lies in registers, and loops over coordinates are written out.
    fn kept_rows(kernel: &Kernel, scalar: Scalar) -> Option<Layout> {
        // Many lists are in memory, where a loop indexes them, and with them the rows.
        if kernel.accumulators.iter().any(|a| list_len(a.kind).is_some() && a.dim > UNROLLED) {
            return None;
        }
        let words = scalar.words();
        let row = kept_len(kernel, |_| true) + state_in_registers(kernel, true) + local_sums(kernel);
        let together = if raises_or_selects(kernel) { 8 } else { 4 };
        let cuts = kernel.cuts.clamp(1, 4);
        let registers = |rows: usize| words * (rows * row + rows * together * cuts) + OVERHEAD;
        let most_rows = most_rows(kernel);
        let fits = |(rows, most): &(usize, usize)| {
            kernel.cost <= UNROLLED_PAIR && *rows <= most_rows && registers(*rows) <= *most
        };
        let rows = match ROWS.into_iter().zip(REGISTERS).find(fits)? {
            (2, _) if [2, 3].iter().all(|rows| THREE_ROWS.contains(&registers(*rows))) => 3,
            (rows, _) => rows,
        };
        let most = UNROLLED_OPERATIONS / (rows * kernel.cost.max(1));
        let wanted = if raises_or_selects(kernel) { 8 } else { (16 / rows).min(8) };
        let columns = [8, 4, 2, 1].into_iter().find(|c| *c <= wanted && *c <= most.max(1))?;
        Some(Layout { rows, columns, wide_rows: false, sums_in_registers: true })
    }

    /// Vectors of a row stay in memory; the sums lie in registers.
    fn wide_rows(kernel: &Kernel, scalar: Scalar) -> Option<Layout> {
        let words = scalar.words();
        let vectors = kernel.accumulators.iter().any(|a| is_sum(a.kind) && a.dim > UNROLLED);
        if !has_loops(kernel) || vectors && kernel.cost > UNROLLED_PAIR {
            return None;
        }
        let short = kept_len(kernel, |len| len <= UNROLLED);
        // Where loops over sums are written out, the assembler reads all that they need of a row ahead.
        let ahead = if vectors { read_for_sums(kernel) } else { 0 };
        let row = short + state_in_registers(kernel, vectors) + local_sums(kernel) + ahead;
        let pairs = kernel.cuts.clamp(1, 2).max(sums_of_pairs(kernel));
        let registers = |rows: usize, columns: usize| {
            // Loads on the way: of each row, and of half the columns.
            let loads = scalar.vector() * (rows + columns / 2);
            words * (rows * row + rows * columns * pairs + loads + OVERHEAD) + 2 * rows
        };
        let groups = ROWS.into_iter().flat_map(|rows| [(rows, WIDE_COLUMNS), (rows, WIDE_COLUMNS / 2)]);
        let (rows, columns) = groups
            .filter(|(rows, _)| *rows <= most_rows(kernel))
            .filter(|(rows, columns)| words * rows * columns <= ROWS[0] * WIDE_COLUMNS)
            .find(|(rows, columns)| registers(*rows, *columns) <= WIDE_REGISTERS)?;
        Some(Layout { rows, columns, wide_rows: true, sums_in_registers: vectors })
    }
}

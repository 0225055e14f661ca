//! How a kernel is laid out on the device: rows of a thread, columns worked on together, columns of a tile, and what lies
//! in registers. One table of constants; the reasons are figures of compiled kernels (`kernels/budgets`).

use crate::loops::{AccumulatorKind, Bank, Kernel, Slot, Statement, UNROLLED};

/// Threads of a block.
pub const THREADS: usize = 128;
/// Rows per thread, best first: the more, the fewer loads from shared memory per pair.
const ROWS: [usize; 3] = [4, 2, 1];
/// Registers that rows per thread may cost, for each entry of [`ROWS`]: beyond, fewer rows pay more, since more threads
/// are resident.
const REGISTERS: [usize; 3] = [88, 176, 208];
/// Registers for addresses, counters and values on the way.
const OVERHEAD: usize = 24;
/// Rows and columns where a point is too wide for registers: it is read again for each group of columns, so groups are
/// large.
const WIDE: (usize, usize) = (4, 8);
/// Operations that the body of the loop over columns may have when it is written out.
const UNROLLED_OPERATIONS: usize = 1200;
/// Operations up to which loops over coordinates are written out.
const UNROLLED_PAIR: usize = 600;
/// Columns of a tile at most, and the bytes it should stay below so that several blocks share the memory.
const TILE_COLUMNS: usize = 256;
const TILE_BYTES: usize = 16 << 10;
/// Numbers of a column up to which they are read at once.
const NARROW: usize = 16;
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
    /// Numbers of state per row.
    pub state: usize,
    /// Whether parameters are passed as an address.
    pub indirect: bool,
    /// Whether loops over coordinates are written out in the pair loop.
    pub unrolled: bool,
    /// Whether vectors of the row's bank longer than [`UNROLLED`] stay in memory.
    pub wide_rows: bool,
    /// Column variables that are read from memory, since a tile cannot hold them.
    pub wide_columns: Vec<crate::ir::VariableId>,
}

impl Shape {
    /// Chooses the layout of a kernel.
    pub fn new(kernel: &Kernel, scalar: Scalar) -> Shape {
        let words = scalar.words();
        let row = kernel.rows.len() + kernel.state_len().min(32) + local_sums(kernel);
        let cuts = kernel.cuts.max(1);
        let together = if raises_or_selects(kernel) { 8 } else { 4 };
        let registers = |rows: usize| words * (rows * row + rows * together * cuts.min(4)) + OVERHEAD;
        let unrolled = kernel.cost <= UNROLLED_PAIR;
        let fitting = ROWS.iter().zip(REGISTERS).find(|(rows, most)| unrolled && registers(**rows) <= *most);
        let (rows, columns, wide_rows) = match fitting {
            Some((&rows, _)) => {
                let most = UNROLLED_OPERATIONS / (rows * kernel.cost.max(1));
                let wanted = if raises_or_selects(kernel) { 8 } else { (16 / rows).min(8) };
                let columns = [8, 4, 2, 1].into_iter().find(|c| *c <= wanted && *c <= most.max(1));
                (rows, columns.unwrap_or(1), false)
            }
            None if row - wide_len(&kernel.rows) <= 8 => (WIDE.0 / words, WIDE.1, true),
            None => (1, WIDE.1 / words, true),
        };
        let mut shape = Shape {
            scalar,
            rows,
            columns,
            tile: 1,
            stride: 0,
            state: kernel.state_len(),
            indirect: kernel.parameters.len() * words * 4 > PARAMETER_BYTES,
            unrolled: unrolled && !wide_rows,
            wide_rows,
            wide_columns: vec![],
        };
        shape.choose_tile(kernel);
        shape
    }

    /// Widest variables leave the tile until it holds at least one group of columns.
    fn choose_tile(&mut self, kernel: &Kernel) {
        let bytes = self.scalar.words() * 4;
        let mut variables = kernel.column_variables.clone();
        variables.sort_by_key(|(_, dim)| *dim);
        loop {
            let numbers: usize =
                variables.iter().map(|(_, dim)| dim).sum::<usize>() + kernel.columns.hoisted_len();
            self.stride = numbers.next_multiple_of(16 / bytes);
            let column = (self.stride * bytes).max(1);
            let within = |limit: usize| (limit / column / self.columns * self.columns).min(TILE_COLUMNS);
            if within(SHARED_BYTES) >= self.columns {
                self.tile = within(TILE_BYTES).max(self.columns.max(32).min(within(SHARED_BYTES)));
                return;
            }
            match variables.pop() {
                Some((v, _)) => self.wide_columns.push(v),
                None => {
                    // What is hoisted to a column alone exceeds shared memory by the column: one at a time.
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

    /// Whether a slot of the row's bank lies in registers.
    pub(super) fn in_registers(&self, bank: &Bank, slot: Slot) -> bool {
        !self.wide_rows || slot_len(bank, slot) <= UNROLLED
    }

    /// Whether the local sums of an accumulator lie in registers: then loops over them are written out.
    pub(super) fn sums_in_registers(&self) -> bool {
        self.unrolled
    }

    /// The position of a column variable in a tile, if it is there.
    pub(super) fn tile_offset(&self, kernel: &Kernel, v: crate::ir::VariableId) -> Option<usize> {
        let staged = kernel.column_variables.iter().filter(|(w, _)| !self.wide_columns.contains(w));
        let mut offset = 0;
        for (w, dim) in staged {
            if *w == v {
                return Some(offset);
            }
            offset += dim;
        }
        None
    }

    /// The position of what is hoisted to columns in a tile.
    pub(super) fn hoisted_offset(&self, kernel: &Kernel) -> usize {
        let staged = kernel.column_variables.iter().filter(|(w, _)| !self.wide_columns.contains(w));
        staged.map(|(_, dim)| dim).sum()
    }
}

/// The length of a slot.
pub(super) fn slot_len(bank: &Bank, slot: Slot) -> usize {
    match slot {
        Slot::Hoisted(n) => bank.hoisted[n].1,
        _ => bank.inputs.iter().find(|(s, _)| *s == slot).map_or(1, |(_, len)| *len),
    }
}

/// Numbers of a bank in vectors longer than [`UNROLLED`].
fn wide_len(bank: &Bank) -> usize {
    let lengths = bank.inputs.iter().map(|(_, len)| *len).chain(bank.hoisted.iter().map(|(_, len)| *len));
    lengths.filter(|len| *len > UNROLLED).sum()
}

/// Numbers of sums in working precision, per row.
fn local_sums(kernel: &Kernel) -> usize {
    let sums = kernel
        .accumulators
        .iter()
        .filter(|a| matches!(a.kind, AccumulatorKind::Sum | AccumulatorKind::ScaledSum { .. }));
    sums.map(|a| a.dim).sum()
}

/// Whether work is done once per group of columns, so that groups should be large.
fn raises_or_selects(kernel: &Kernel) -> bool {
    let has_list = kernel
        .phases
        .iter()
        .flat_map(|p| &p.body)
        .any(|statement| matches!(statement, Statement::Insert { .. }));
    has_list || kernel.accumulators.iter().any(|a| matches!(a.kind, AccumulatorKind::Exponent { .. }))
}

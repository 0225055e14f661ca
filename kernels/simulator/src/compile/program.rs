//! A kernel in the form that the machine runs.

use super::{Register, Width};
use crate::machine::lanes::{Compute, Mask, Registers, Slot};
use crate::ptx::{Space, Type};

/// A kernel.
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) steps: Vec<Instruction>,
    /// What the registers of a warp hold when it starts: constants in theirs, junk in the others.
    pub(crate) registers: Registers,
    pub(crate) specials: Vec<(Slot, Special)>,
    /// Bytes of shared variables with a size.
    pub(crate) static_shared: usize,
    /// Bytes of local memory of a thread.
    pub(crate) local: usize,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) parameter_bytes: usize,
    pub(crate) most_threads: Option<[u32; 3]>,
    pub(crate) required_threads: Option<[u32; 3]>,
    /// The unit in which accesses by different threads are told apart.
    pub(crate) granule: usize,
}

/// A parameter of a kernel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameter {
    pub(crate) offset: usize,
    pub(crate) bytes: usize,
}

/// A step, the lanes that take it, and the line of the PTX text it comes from.
pub(crate) struct Instruction {
    pub(crate) guard: Option<Guard>,
    pub(crate) step: Step,
    pub(crate) line: u32,
}

/// `@%p` or `@!%p`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard {
    pub(crate) predicate: Slot,
    pub(crate) negated: bool,
}

/// What an instruction does.
pub(crate) enum Step {
    /// Registers to registers, each lane for itself.
    Compute(Compute),
    Load(Access),
    Store(Access),
    Atomic(Atomic),
    /// Registers to registers, between lanes.
    Exchange(Exchange),
    /// To a step; while compiling, to a label.
    Branch(usize),
    Barrier(Barrier),
    /// A memory fence. Threads run in an order in which fences have nothing to do.
    Fence,
    Exit,
    Trap,
}

/// A load or a store of one to four consecutive elements.
pub(crate) struct Access {
    pub(crate) space: Space,
    pub(crate) address: Address,
    pub(crate) kind: Type,
    /// The registers; `None` where a loaded element is dropped.
    pub(crate) registers: Vec<Option<Register>>,
}

impl Access {
    pub(crate) fn is_shared_between_threads(&self) -> bool {
        matches!(self.space, Space::Shared | Space::Global | Space::Generic)
    }
}

/// Base plus offset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Address {
    pub(crate) base: Base,
    pub(crate) offset: i64,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Base {
    Zero,
    Word(Slot),
    Long(Slot),
}

/// An atomic operation; without a destination, a reduction in memory.
pub(crate) struct Atomic {
    pub(crate) space: Space,
    pub(crate) address: Address,
    pub(crate) kind: Type,
    pub(crate) operation: AtomicOperation,
    pub(crate) destination: Option<Slot>,
    pub(crate) sources: Vec<Slot>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AtomicOperation {
    Add,
    Exchange,
    CompareAndSwap,
    Min,
    Max,
    And,
    Or,
    Xor,
    Increment,
    Decrement,
}

/// Reads and writes registers of the lanes of the mask, or says which of them must not take part.
pub(crate) type Between = Box<dyn Fn(&mut Registers, Mask) -> Result<(), String> + Send + Sync>;

/// An operation between lanes, all of which must have arrived at it.
pub(crate) struct Exchange {
    /// The register with the mask of the lanes that take part.
    pub(crate) members: Slot,
    pub(crate) run: Between,
    /// Whether it orders the memory accesses of the lanes before and after it.
    pub(crate) orders_memory: bool,
}

/// `bar.sync`: waits for the threads of the block, or for a number of threads.
pub(crate) struct Barrier {
    pub(crate) id: Slot,
    pub(crate) threads: Option<Slot>,
}

/// A special register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Special {
    Thread(usize),
    BlockSize(usize),
    Block(usize),
    GridSize(usize),
    Lane,
    Warp,
    Warps,
    LanesBelow,
    LanesUpTo,
    LanesAbove,
    LanesFrom,
    ThisLane,
    DynamicShared,
    TotalShared,
}

impl Special {
    pub(crate) fn parse(name: &str) -> Option<Special> {
        let axis = |suffix: &str| ["x", "y", "z"].iter().position(|axis| *axis == suffix);
        if let Some((register, suffix)) = name.split_once('.') {
            let axis = axis(suffix)?;
            return Some(match register {
                "%tid" => Special::Thread(axis),
                "%ntid" => Special::BlockSize(axis),
                "%ctaid" => Special::Block(axis),
                "%nctaid" => Special::GridSize(axis),
                _ => return None,
            });
        }
        Some(match name {
            "%laneid" => Special::Lane,
            "%warpid" => Special::Warp,
            "%nwarpid" => Special::Warps,
            "%lanemask_lt" => Special::LanesBelow,
            "%lanemask_le" => Special::LanesUpTo,
            "%lanemask_gt" => Special::LanesAbove,
            "%lanemask_ge" => Special::LanesFrom,
            "%lanemask_eq" => Special::ThisLane,
            "%dynamic_smem_size" => Special::DynamicShared,
            "%total_smem_size" => Special::TotalShared,
            _ => return None,
        })
    }
}

/// The bits of a register's lane, whatever its width.
pub(crate) fn lane_bits(registers: &Registers, register: Register, lane: usize) -> u64 {
    match register.width {
        Width::Predicate => u64::from(registers.predicates[register.slot.0 as usize] >> lane & 1),
        Width::Word => registers.words[register.slot.0 as usize][lane].into(),
        Width::Long => registers.longs[register.slot.0 as usize][lane],
    }
}

/// Sets a register's lane; a word keeps the low bits.
pub(crate) fn set_lane_bits(registers: &mut Registers, register: Register, lane: usize, bits: u64) {
    match register.width {
        Width::Predicate => registers.set_predicate(register.slot, (bits as Mask & 1) << lane, 1 << lane),
        Width::Word => registers.words[register.slot.0 as usize][lane] = bits as u32,
        Width::Long => registers.longs[register.slot.0 as usize][lane] = bits,
    }
}

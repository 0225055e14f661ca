//! A kernel in the form that the machine runs.
//!
//! Operands are register slots, and arithmetic is closures over them ([`lanes`]).

mod atomic;
pub(crate) mod lanes;
mod registers;
mod special;

use crate::ptx::{Space, Type};
use lanes::{Compute, Mask, Registers, Slot};

pub(crate) use atomic::AtomicOperation;
pub(crate) use registers::{Register, Width, lane_bits, set_equal_bits, set_lane_bits};
pub(crate) use special::Special;

/// Where shared memory lies in the generic address space.
pub(crate) const SHARED_WINDOW: u64 = 0x7f00_0000_0000_0000;

/// Where a thread's local memory lies in the generic address space.
pub(crate) const LOCAL_WINDOW: u64 = 0x7e00_0000_0000_0000;

/// Size of a window.
pub(crate) const WINDOW: u64 = 1 << 32;

/// The shared address above which dynamic shared memory is; the program's own shared variables are below it. It is far
/// from them so that running off a static array does not land in it.
pub(crate) const DYNAMIC_SHARED: u64 = 1 << 20;

/// The first odd multiple of an alignment, which is a power of two, that is not below an address.
pub(crate) fn odd_multiple(address: u64, alignment: u64) -> u64 {
    let multiple = address.next_multiple_of(alignment);
    if multiple & alignment == 0 { multiple + alignment } else { multiple }
}

/// A kernel.
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) steps: Vec<Instruction>,
    /// What the registers of a warp hold when it starts: constants in theirs, junk in the others.
    pub(crate) registers: Registers,
    pub(crate) specials: Vec<(Slot, Special)>,
    /// Bytes of shared variables with a size, on a device.
    pub(crate) static_shared: usize,
    /// Bytes of the addresses of these variables here, where they are further apart.
    pub(crate) shared_extent: usize,
    /// The shared address of the dynamic shared memory.
    pub(crate) dynamic_shared: u64,
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
    /// Whether it is a load that may come from a cache which does not see stores of the same launch (`.nc`).
    pub(crate) non_coherent: bool,
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

//! What is wrong with a kernel.

use std::fmt;

/// The kind of mistake that a kernel made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// An access outside of every allocation, array or parameter.
    OutOfBounds,
    /// An address that is no multiple of what is accessed.
    Misaligned,
    /// A read of memory that nobody has written.
    Uninitialised,
    /// Two threads access the same memory, at least one of them writes, and nothing orders them; or a load through a cache
    /// that is not kept coherent may miss what the same launch wrote.
    Race,
    /// Threads that do not arrive at the same barrier, or at none that there can be.
    DivergentBarrier,
    /// A lane of a warp that does not take part in an exchange as it should.
    DivergentExchange,
    /// A store to constant memory.
    ReadOnly,
    /// A `trap` instruction, such as a failed assertion ends in.
    Trap,
    /// More steps than the settings allow.
    Timeout,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cause::OutOfBounds => "out of bounds",
            Cause::Misaligned => "misaligned access",
            Cause::Uninitialised => "read of uninitialised memory",
            Cause::Race => "race",
            Cause::DivergentBarrier => "divergent barrier",
            Cause::DivergentExchange => "divergent warp instruction",
            Cause::ReadOnly => "store to read-only memory",
            Cause::Trap => "trap",
            Cause::Timeout => "timeout",
        })
    }
}

/// A mistake, and where a kernel made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The kind of mistake.
    pub cause: Cause,
    /// Name of the kernel.
    pub kernel: String,
    /// Index of the block.
    pub block: [u32; 3],
    /// Index of the thread, where one is to blame.
    pub thread: Option<[u32; 3]>,
    /// Line of the PTX text, from 1.
    pub line: u32,
    /// What happened.
    pub message: String,
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Diagnosis { cause, kernel, block, thread, line, message } = self;
        write!(f, "{cause} in kernel `{kernel}`, block {}", Index(*block))?;
        if let Some(thread) = thread {
            write!(f, ", thread {}", Index(*thread))?;
        }
        write!(f, ", PTX line {line}: {message}")
    }
}

impl std::error::Error for Diagnosis {}

/// The index of a block or a thread.
struct Index([u32; 3]);

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [x, y, z] = self.0;
        write!(f, "({x}, {y}, {z})")
    }
}

/// A mistake within a warp, before it is known where the warp is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) cause: Cause,
    /// The lane to blame.
    pub(crate) lane: Option<usize>,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(cause: Cause, message: impl Into<String>) -> Fault {
        Fault { cause, lane: None, message: message.into() }
    }

    pub(crate) fn of_lane(mut self, lane: usize) -> Fault {
        self.lane.get_or_insert(lane);
        self
    }
}

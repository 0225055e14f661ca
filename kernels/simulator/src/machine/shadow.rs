//! Who accessed memory last, to find races.
//!
//! For each granule of memory the last accesses of each kind are noted with a stamp. Two accesses of different threads
//! are ordered by a barrier that both passed in between, or within a warp by `bar.warp.sync`; different launches are
//! ordered. Unordered accesses of which one is a write are a race, whatever order the simulator ran them in. Atomic
//! operations do not race with each other.
//!
//! A barrier of some warps orders these only: each warp knows up to when it comes after each other warp ([`Now`]). Of
//! accesses by several warps between two barriers of the block it is not noted which warps they were; no barrier of some
//! warps orders them. Nor does a `bar.warp.sync` of some lanes order anything.
//!
//! Fences and atomic operations order nothing here: a block that waits for another one's results within a
//! launch is reported.

use super::diagnosis::{Cause, Fault};

/// When and by whom memory was accessed. The default is never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Stamp {
    /// Number of the launch, from 1.
    pub(crate) launch: u32,
    /// Linear index of the block, or [`SEVERAL_BLOCKS`].
    pub(crate) block: u32,
    /// Barriers that all threads of the block have passed.
    pub(crate) barriers: u32,
    /// Barriers of all lanes of the warp that it has passed since: `bar.warp.sync`, and barriers of some warps.
    pub(crate) syncs: u16,
    /// Linear index of the thread in its block, or one of the values below.
    pub(crate) thread: u16,
}

/// Several blocks.
const SEVERAL_BLOCKS: u32 = u32::MAX;
/// Several threads, of several warps.
const SEVERAL_WARPS: u16 = u16::MAX;
/// Several threads of the warp whose index is added.
const SEVERAL_LANES: u16 = 1 << 15;

impl Stamp {
    /// The stamp of several lanes of the warp instead of one.
    pub(crate) fn of_several_lanes(self) -> Stamp {
        Stamp { thread: SEVERAL_LANES | (self.thread / 32), ..self }
    }

    fn warp(self) -> Option<u16> {
        match self.thread {
            SEVERAL_WARPS => None,
            thread if thread >= SEVERAL_LANES => Some(thread - SEVERAL_LANES),
            thread => Some(thread / 32),
        }
    }

    fn same_block(self, other: Stamp) -> bool {
        self.launch == other.launch && self.block == other.block
    }

    /// Whether everything up to this stamp happened before an access, on any device.
    #[inline(always)]
    fn is_before(self, Now { stamp: now, known }: Now<'_>) -> bool {
        if self.launch != now.launch {
            return true;
        }
        if self.block != now.block {
            return false;
        }
        let one_thread = self.thread < SEVERAL_LANES && self.thread == now.thread;
        if self.barriers != now.barriers || one_thread {
            return true;
        }
        let Some(warp) = self.warp() else { return false };
        if now.warp() == Some(warp) {
            return self.syncs != now.syncs;
        }
        known.get(usize::from(warp)).is_some_and(|before| self.syncs < *before)
    }
}

/// An access that is being made: its stamp, and for each warp of the block the number of barriers of some warps after
/// which its accesses are not known to have happened before; none are known where the slice ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now<'k> {
    pub(crate) stamp: Stamp,
    pub(crate) known: &'k [u16],
}

impl From<Stamp> for Now<'_> {
    fn from(stamp: Stamp) -> Self {
        Now { stamp, known: &[] }
    }
}

impl Now<'_> {
    /// The stamp of this access and an earlier one of the same kind.
    fn joined(self, earlier: Stamp) -> Stamp {
        let stamp = self.stamp;
        if earlier == stamp || earlier.is_before(self) {
            return stamp;
        }
        if earlier.block != stamp.block {
            return Stamp { block: SEVERAL_BLOCKS, thread: SEVERAL_WARPS, ..stamp };
        }
        match (earlier.warp(), stamp.warp()) {
            (Some(one), Some(other)) if one == other => Stamp { thread: SEVERAL_LANES | one, ..stamp },
            _ => Stamp { thread: SEVERAL_WARPS, ..stamp },
        }
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.thread {
            SEVERAL_WARPS => f.write_str("several threads")?,
            thread if thread >= SEVERAL_LANES => {
                write!(f, "several threads of warp {}", thread - SEVERAL_LANES)?
            }
            thread => write!(f, "the thread of linear index {thread}")?,
        }
        match self.block {
            SEVERAL_BLOCKS => f.write_str(" of several blocks"),
            block => write!(f, " of block {block}"),
        }
    }
}

/// The last accesses to a piece of memory, by kind: none of them hides one of another kind.
#[derive(Debug, Default)]
pub(crate) struct Shadow {
    granule: usize,
    writes: Vec<Stamp>,
    reads: Vec<Stamp>,
    /// Atomic operations; empty before the first.
    atomics: Vec<Stamp>,
}

impl Shadow {
    /// A shadow of memory that nobody has accessed.
    pub(crate) fn new(bytes: usize, granule: usize) -> Shadow {
        let count = bytes.div_ceil(granule);
        let never = vec![Stamp::default(); count];
        Shadow { granule, writes: never.clone(), reads: never, atomics: Vec::new() }
    }

    /// A shadow of the given granule: this one, or a new one, which forgets.
    pub(crate) fn prepare(&mut self, bytes: usize, granule: usize) {
        if self.granule != granule {
            *self = Shadow::new(bytes, granule);
        }
    }

    fn range(&self, offset: usize, bytes: usize) -> std::ops::Range<usize> {
        offset / self.granule..(offset + bytes).div_ceil(self.granule)
    }

    /// Notes a read, and finds the write that it races with.
    pub(crate) fn read<'k>(
        &mut self,
        offset: usize,
        bytes: usize,
        now: impl Into<Now<'k>>,
    ) -> Result<(), Fault> {
        let now = now.into();
        for i in self.range(offset, bytes) {
            ordered(self.writes[i], now, ["a read", "a write"])?;
            self.after_atomics(i, now, "a read")?;
            self.reads[i] = now.joined(self.reads[i]);
        }
        Ok(())
    }

    /// Finds a write of the same launch, which a load through a cache that is not kept coherent may miss, be it by the
    /// same thread or before a barrier.
    pub(crate) fn read_of_another_launch(
        &self,
        offset: usize,
        bytes: usize,
        now: Stamp,
    ) -> Result<(), Fault> {
        for i in self.range(offset, bytes) {
            let atomic = self.atomics.get(i).copied().unwrap_or_default();
            if let Some(write) = [self.writes[i], atomic].into_iter().find(|write| write.launch == now.launch)
            {
                let message = format!("`ld.global.nc` of memory that {write} wrote in the same launch");
                return Err(Fault::new(Cause::Race, message));
            }
        }
        Ok(())
    }

    /// Notes a write, and finds the access that it races with.
    pub(crate) fn write<'k>(
        &mut self,
        offset: usize,
        bytes: usize,
        now: impl Into<Now<'k>>,
    ) -> Result<(), Fault> {
        let now = now.into();
        for i in self.range(offset, bytes) {
            ordered(self.writes[i], now, ["a write", "a write"])?;
            ordered(self.reads[i], now, ["a write", "a read"])?;
            self.after_atomics(i, now, "a write")?;
            self.writes[i] = now.stamp;
        }
        Ok(())
    }

    /// Notes an atomic operation, and finds the plain access that it races with.
    pub(crate) fn atomic<'k>(
        &mut self,
        offset: usize,
        bytes: usize,
        now: impl Into<Now<'k>>,
    ) -> Result<(), Fault> {
        let now = now.into();
        self.atomics.resize(self.writes.len(), Stamp::default());
        for i in self.range(offset, bytes) {
            ordered(self.writes[i], now, ["an atomic operation", "a write"])?;
            ordered(self.reads[i], now, ["an atomic operation", "a read"])?;
            self.atomics[i] = now.joined(self.atomics[i]);
        }
        Ok(())
    }

    /// Whether a plain access comes after the atomic operations.
    #[inline(always)]
    fn after_atomics(&self, i: usize, now: Now<'_>, this: &str) -> Result<(), Fault> {
        match self.atomics.get(i) {
            Some(atomic) => ordered(*atomic, now, [this, "an atomic operation"]),
            None => Ok(()),
        }
    }

    /// Whether a block wrote all of a range in a launch: for shared memory, which starts undefined in each
    /// block.
    pub(crate) fn is_written(&self, offset: usize, bytes: usize, now: Stamp) -> bool {
        self.range(offset, bytes).all(|i| self.writes[i].same_block(now))
    }
}

/// Whether an access comes after an earlier one; else they race.
#[inline(always)]
fn ordered(earlier: Stamp, now: Now<'_>, [this, other]: [&str; 2]) -> Result<(), Fault> {
    if earlier.is_before(now) { Ok(()) } else { Err(race(this, other, earlier)) }
}

#[cold]
fn race(this: &str, other: &str, stamp: Stamp) -> Fault {
    Fault::new(Cause::Race, format!("{this} races with {other} by {stamp}: no barrier lies in between"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(block: u32, barriers: u32, thread: u16) -> Stamp {
        Stamp { launch: 1, block, barriers, syncs: 0, thread }
    }

    #[test]
    fn a_barrier_orders_threads() {
        let mut shadow = Shadow::new(64, 4);
        shadow.write(8, 4, stamp(0, 0, 3)).expect("the first access");
        shadow.read(8, 4, stamp(0, 0, 3)).expect("the same thread");
        assert_eq!(shadow.read(8, 4, stamp(0, 0, 40)).expect_err("no barrier").cause, Cause::Race);
        shadow.read(8, 4, stamp(0, 1, 40)).expect("after a barrier");
        shadow.read(12, 4, stamp(0, 0, 40)).expect("other memory");
    }

    #[test]
    fn a_tile_is_not_overwritten_while_it_is_read() {
        let mut shadow = Shadow::new(64, 4);
        shadow.read(0, 16, stamp(0, 1, 5).of_several_lanes()).expect("reads do not race");
        shadow.read(0, 16, stamp(0, 1, 70)).expect("reads do not race");
        for thread in [5, 70, 200] {
            assert!(shadow.write(4, 4, stamp(0, 1, thread)).is_err(), "thread {thread}");
        }
        shadow.write(4, 4, stamp(0, 2, 5)).expect("after a barrier");
    }

    #[test]
    fn a_warp_synchronises_its_lanes() {
        let mut shadow = Shadow::new(4, 4);
        shadow.write(0, 4, stamp(0, 0, 33)).expect("the first access");
        let later = |thread| Stamp { syncs: 1, ..stamp(0, 0, thread) };
        shadow.read(0, 4, later(34)).expect("the same warp, after its sync");
        assert!(shadow.read(0, 4, later(2)).is_err(), "another warp");
    }

    /// Warp 1 has met warp 0 at a barrier of the two, when warp 0 had passed one.
    #[test]
    fn a_barrier_of_some_warps_orders_these_only() {
        let mut shadow = Shadow::new(8, 4);
        let by = |thread, syncs| Stamp { syncs, ..stamp(0, 0, thread) };
        shadow.write(0, 4, by(5, 0)).expect("the first access");
        shadow.write(4, 4, by(5, 1)).expect("after the barrier, by warp 0");
        let now = |thread, known| Now { stamp: by(thread, 1), known };
        shadow.read(0, 4, now(33, &[1, 1])).expect("both passed the barrier");
        assert!(shadow.read(4, 4, now(33, &[1, 1])).is_err(), "written after it");
        assert!(shadow.read(0, 4, now(65, &[0, 0, 0])).is_err(), "warp 2 was not there");
        assert!(shadow.read(0, 4, now(65, &[])).is_err());
        assert!(shadow.write(0, 4, by(5, 1)).is_err(), "warp 1 has read it since");
        let known: &[u16] = &[2, 2];
        shadow.write(0, 4, Now { stamp: by(5, 2), known }).expect("after another barrier of the two");
    }

    #[test]
    fn blocks_are_never_ordered_within_a_launch() {
        let mut shadow = Shadow::new(4, 4);
        shadow.write(0, 4, stamp(0, 0, 0)).expect("the first access");
        assert!(shadow.write(0, 4, stamp(1, 9, 0)).is_err());
        shadow.write(0, 4, Stamp { launch: 2, ..stamp(1, 0, 0) }).expect("the next launch");
        let mut shadow = Shadow::new(4, 4);
        shadow.read(0, 4, stamp(0, 0, 0)).expect("reads do not race");
        shadow.read(0, 4, stamp(1, 0, 0)).expect("reads do not race");
        assert!(shadow.write(0, 4, stamp(1, 5, 0)).is_err(), "block 0 read it");
    }

    #[test]
    fn atomic_operations_race_with_plain_accesses_only() {
        let mut shadow = Shadow::new(4, 4);
        for block in 0..3 {
            shadow.atomic(0, 4, stamp(block, 0, 7)).expect("atomic operations do not race");
        }
        assert!(shadow.read(0, 4, stamp(2, 0, 8)).is_err());
        assert!(shadow.read(0, 4, stamp(2, 0, 7)).is_err(), "other blocks' operations");
        let mut shadow = Shadow::new(4, 4);
        shadow.atomic(0, 4, stamp(0, 0, 7)).expect("the first access");
        assert!(shadow.read(0, 4, stamp(0, 0, 8)).is_err());
        shadow.read(0, 4, stamp(0, 1, 8)).expect("after a barrier");
    }

    #[test]
    fn a_load_that_is_not_coherent_misses_writes_of_its_launch() {
        let mut shadow = Shadow::new(8, 4);
        shadow.write(0, 4, stamp(0, 0, 0)).expect("the first access");
        let told =
            |shadow: &Shadow, now| shadow.read_of_another_launch(0, 4, now).map_err(|fault| fault.cause);
        assert_eq!(told(&shadow, stamp(0, 1, 0)), Err(Cause::Race), "the same thread, after a barrier");
        assert_eq!(told(&shadow, Stamp { launch: 2, ..stamp(0, 0, 0) }), Ok(()));
        shadow.atomic(0, 4, Stamp { launch: 2, ..stamp(0, 0, 0) }).expect("another launch");
        assert!(told(&shadow, Stamp { launch: 2, ..stamp(0, 1, 0) }).is_err());
        shadow.read_of_another_launch(4, 4, stamp(0, 0, 0)).expect("other memory");
    }

    /// One thread sets a counter to zero, and all add to it.
    #[test]
    fn an_atomic_operation_does_not_hide_a_write() {
        let mut shadow = Shadow::new(4, 4);
        shadow.write(0, 4, stamp(0, 0, 0)).expect("the first access");
        shadow.atomic(0, 4, stamp(0, 0, 0)).expect("the same thread");
        assert_eq!(shadow.atomic(0, 4, stamp(0, 0, 1)).expect_err("no barrier").cause, Cause::Race);
        shadow.atomic(0, 4, stamp(0, 1, 1)).expect("after a barrier");
        assert!(shadow.atomic(0, 4, stamp(1, 1, 1)).is_err(), "another block");
    }
}

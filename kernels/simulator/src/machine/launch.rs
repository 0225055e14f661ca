//! A launch: a grid of blocks.

use super::block::Block;
use super::diagnosis::Diagnosis;
use super::memory::Memory;
use crate::program::Program;

/// What is checked, and how hard.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Checks {
    pub(crate) races: bool,
    pub(crate) uninitialised: bool,
    /// The largest error of approximate units, as a multiple of the documented one.
    pub(crate) noise: u32,
    /// Most instructions of one warp.
    pub(crate) step_limit: u64,
}

impl Default for Checks {
    fn default() -> Self {
        Checks { races: true, uninitialised: true, noise: 0, step_limit: 1 << 28 }
    }
}

/// Sizes of a launch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) grid: [u32; 3],
    pub(crate) block: [u32; 3],
    pub(crate) dynamic_shared: usize,
}

impl Scale {
    /// Threads of a block.
    pub(crate) fn threads(&self) -> u32 {
        self.block.iter().product()
    }

    /// The index of a thread from its linear index.
    pub(crate) fn thread(&self, linear: u32) -> [u32; 3] {
        let [x, y, _] = self.block;
        [linear % x, linear / x % y, linear / x / y]
    }
}

/// What a device has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Kernels launched.
    pub launches: u64,
    /// Blocks run.
    pub blocks: u64,
    /// Threads run.
    pub threads: u64,
    /// Instructions run, counted for each thread.
    pub instructions: u64,
    /// Barriers passed, counted for each block.
    pub barriers: u64,
}

impl std::ops::AddAssign for Statistics {
    fn add_assign(&mut self, other: Statistics) {
        self.launches += other.launches;
        self.blocks += other.blocks;
        self.threads += other.threads;
        self.instructions += other.instructions;
        self.barriers += other.barriers;
    }
}

/// A kernel about to run.
pub(crate) struct Launch<'a> {
    pub(crate) program: &'a Program,
    pub(crate) scale: Scale,
    /// The bytes of the parameters.
    pub(crate) parameters: &'a [u8],
    pub(crate) checks: Checks,
}

impl Launch<'_> {
    /// Runs all blocks, or up to the first mistake.
    pub(crate) fn run(&self, memory: &mut Memory) -> Result<Statistics, Diagnosis> {
        memory.launches += 1;
        let [columns, rows, layers] = self.scale.grid;
        let mut block = Block::new(self);
        let mut linear = 0u32;
        for z in 0..layers {
            for y in 0..rows {
                for x in 0..columns {
                    block.run([x, y, z], linear, memory)?;
                    linear = linear.wrapping_add(1);
                }
            }
        }
        let blocks = u64::from(columns) * u64::from(rows) * u64::from(layers);
        Ok(Statistics {
            launches: 1,
            blocks,
            threads: blocks * u64::from(self.scale.threads()),
            instructions: block.instructions(),
            barriers: block.barriers,
        })
    }
}

//! A block: warps that meet at barriers.

use super::access::Reach;
use super::diagnosis::{Cause, Diagnosis, Fault};
use super::launch::Launch;
use super::local::Local;
use super::memory::{Access, Memory};
use super::shadow::Stamp;
use super::shared::Shared;
use super::warp::{Halt, Waiting, Warp};
use crate::program::Special;
use crate::program::lanes::{ALL, LANES, Mask, Slot};

/// The warps and the shared memory of a block, used for one block after the other.
pub(super) struct Block<'a> {
    launch: &'a Launch<'a>,
    threads: u32,
    warps: Vec<Warp>,
    locals: Vec<Local>,
    shared: Shared,
    index: [u32; 3],
    /// Barriers passed by all threads of the current block.
    passed: u32,
    /// For each warp what it knows of each, as in [`Now`](super::shadow::Now), since the last barrier of all threads;
    /// empty if none of some warps was passed since.
    known: Vec<Vec<u16>>,
    /// Barriers passed by all blocks.
    pub(super) barriers: u64,
}

impl<'a> Block<'a> {
    pub(super) fn new(launch: &'a Launch<'a>) -> Block<'a> {
        let program = launch.program;
        let threads = launch.scale.threads();
        let warps = threads.div_ceil(LANES as u32) as usize;
        Block {
            launch,
            threads,
            warps: (0..warps).map(|_| Warp::new(program)).collect(),
            locals: vec![Local::new(program.local); warps],
            shared: Shared::new(program, launch.scale.dynamic_shared),
            index: [0; 3],
            passed: 0,
            known: Vec::new(),
            barriers: 0,
        }
    }

    /// Instructions run so far, counted for each thread.
    pub(super) fn instructions(&self) -> u64 {
        self.warps.iter().map(|warp| warp.instructions).sum()
    }

    pub(super) fn run(&mut self, index: [u32; 3], linear: u32, memory: &mut Memory) -> Result<(), Diagnosis> {
        self.index = index;
        self.passed = 0;
        self.known.clear();
        for warp in 0..self.warps.len() {
            self.start(warp);
        }
        let mut states: Vec<Option<Halt>> = vec![None; self.warps.len()];
        loop {
            for (warp, state) in states.iter_mut().enumerate() {
                if state.is_none() {
                    *state = Some(self.run_warp(warp, linear, memory)?);
                }
            }
            if states.iter().all(|state| *state == Some(Halt::Finished)) {
                return Ok(());
            }
            self.release(&mut states)?;
        }
    }

    fn start(&mut self, warp: usize) {
        let first = (warp * LANES) as u32;
        let count = (self.threads - first).min(LANES as u32);
        let mask = if count == 32 { ALL } else { (1 << count) as Mask - 1 };
        let program = self.launch.program;
        self.warps[warp].start(program, mask, self.launch.checks.noise);
        self.locals[warp].forget();
        for (slot, special) in &program.specials {
            self.set_special(warp, *slot, *special);
        }
    }

    fn set_special(&mut self, warp: usize, slot: Slot, special: Special) {
        let scale = &self.launch.scale;
        let shared = scale.dynamic_shared as u32;
        let fixed = self.launch.program.static_shared as u32;
        for lane in 0..LANES {
            let thread = scale.thread((warp * LANES + lane) as u32);
            let bit = 1u32 << lane;
            let value = match special {
                Special::Thread(axis) => thread[axis],
                Special::BlockSize(axis) => scale.block[axis],
                Special::Block(axis) => self.index[axis],
                Special::GridSize(axis) => scale.grid[axis],
                Special::Lane => lane as u32,
                Special::Warp => warp as u32,
                Special::Warps => self.warps.len() as u32,
                Special::LanesBelow => bit - 1,
                Special::LanesUpTo => (bit - 1) | bit,
                Special::LanesAbove => !((bit - 1) | bit),
                Special::LanesFrom => !(bit - 1),
                Special::ThisLane => bit,
                Special::DynamicShared => shared,
                Special::TotalShared => shared + fixed,
            };
            self.warps[warp].registers.words[slot.0 as usize][lane] = value;
        }
    }

    fn run_warp(&mut self, warp: usize, linear: u32, memory: &mut Memory) -> Result<Halt, Diagnosis> {
        let Launch { program, parameters, checks, .. } = self.launch;
        let stamp = Stamp {
            launch: memory.launches,
            block: linear,
            barriers: self.passed,
            syncs: 0,
            thread: (warp * LANES) as u16,
        };
        let by = Access {
            stamp,
            known: self.known.get(warp).map_or(&[], Vec::as_slice),
            granule: program.granule,
            races: checks.races,
            uninitialised: checks.uninitialised,
            non_coherent: false,
        };
        let mut reach =
            Reach { memory, shared: &mut self.shared, local: &mut self.locals[warp], parameters, by };
        let result = self.warps[warp].run(program, &mut reach, checks.step_limit);
        result.map_err(|(step, fault)| self.diagnose(warp, program.steps[step].line, fault))
    }

    fn diagnose(&self, warp: usize, line: u32, fault: Fault) -> Diagnosis {
        let thread = fault.lane.map(|lane| self.launch.scale.thread((warp * LANES + lane) as u32));
        Diagnosis {
            cause: fault.cause,
            kernel: self.launch.program.name.clone(),
            block: self.index,
            thread,
            line,
            message: fault.message,
        }
    }

    /// Lets the warps go on at a barrier at which all the threads it waits for have arrived.
    fn release(&mut self, states: &mut [Option<Halt>]) -> Result<(), Diagnosis> {
        let waiting: Vec<(usize, Waiting)> = states
            .iter()
            .enumerate()
            .filter_map(|(warp, state)| match state {
                Some(Halt::Barrier(waiting)) => Some((warp, *waiting)),
                _ => None,
            })
            .collect();
        let together = |id: u32| waiting.iter().filter(move |(_, other)| other.id == id);
        let arrived = |id: u32| together(id).map(|(_, other)| other.count).sum::<u32>();
        let expected = |at: &Waiting| at.threads.unwrap_or(self.threads);
        let mut released = Vec::new();
        for (warp, at) in &waiting {
            let elsewhere = |other: &Waiting| other.threads.is_none() && other.line != at.line;
            if let Some((warp, other)) = together(at.id).find(|(_, other)| elsewhere(other)) {
                let message =
                    format!("some threads of the block wait at line {}, this one elsewhere", at.line);
                return Err(self.divergent(*warp, other.line, message));
            }
            if arrived(at.id) >= expected(at) {
                states[*warp] = None;
                released.push((*warp, at.id));
            }
        }
        if let Some((_, first)) = released.first() {
            self.barriers += 1;
            if arrived(*first) == self.threads {
                self.passed += 1;
                self.known.clear();
                self.warps.iter_mut().for_each(|warp| warp.syncs = 0);
            } else {
                self.meet(&released);
            }
            return Ok(());
        }
        let (warp, at) = &waiting[0];
        let message = format!(
            "{} threads wait at barrier {} for {}; the others have ended or wait elsewhere",
            arrived(at.id),
            at.id,
            expected(at)
        );
        Err(self.divergent(*warp, at.line, message))
    }

    /// Notes barriers of some warps, by their number: each of these now comes after what the others did so far, and after
    /// what they knew of.
    fn meet(&mut self, released: &[(usize, u32)]) {
        let count = self.warps.len();
        self.known.resize(count, vec![0; count]);
        let mut known = self.known.clone();
        for (warp, id) in released {
            for (other, _) in released.iter().filter(|(_, other_id)| other_id == id) {
                for (mine, theirs) in known[*warp].iter_mut().zip(&self.known[*other]) {
                    *mine = (*mine).max(*theirs);
                }
                known[*warp][*other] = self.warps[*other].syncs.saturating_add(1);
            }
        }
        self.known = known;
        for (warp, _) in released {
            self.warps[*warp].syncs = self.warps[*warp].syncs.saturating_add(1);
        }
    }

    fn divergent(&self, warp: usize, line: u32, message: String) -> Diagnosis {
        self.diagnose(warp, line, Fault::new(Cause::DivergentBarrier, message).of_lane(0))
    }
}

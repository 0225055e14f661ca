//! A warp: 32 lanes that run a program in lockstep.

use super::access::Reach;
use super::diagnosis::{Cause, Fault};
use crate::program::lanes::{LANES, Mask, Registers, Slot, lanes};
use crate::program::{Barrier, Exchange, Instruction, Program, Step};

/// Lanes at the same step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Group {
    step: usize,
    mask: Mask,
    /// Waiting for lanes that are elsewhere.
    parked: bool,
}

/// Why a warp stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Halt {
    /// All its threads wait at a barrier.
    Barrier(Waiting),
    /// All its threads have ended.
    Finished,
}

/// A warp at a barrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) id: u32,
    /// The number of threads that the barrier waits for, if it is not the block.
    pub(super) threads: Option<u32>,
    pub(super) line: u32,
    /// Threads that wait.
    pub(super) count: u32,
}

/// A warp's state.
pub(super) struct Warp {
    pub(super) registers: Registers,
    groups: Vec<Group>,
    /// Lanes that have not ended.
    live: Mask,
    /// Barriers passed of all its lanes, but not of the block: as in [`Stamp`](super::shadow::Stamp).
    pub(super) syncs: u16,
    /// Instructions run, counted for each lane.
    pub(super) instructions: u64,
    /// Instructions run.
    steps: u64,
}

/// A mistake and the step at which it happened.
pub(super) type Stopped = (usize, Fault);

/// Barriers of a block.
const BARRIERS: u32 = 16;

fn wrong(lane: usize, message: String) -> Fault {
    Fault::new(Cause::DivergentBarrier, message).of_lane(lane)
}

/// What becomes of a group after a step.
enum Next {
    /// It goes on, possibly with fewer lanes.
    At(usize, Mask),
    Halted(Waiting),
    Parked,
}

impl Warp {
    pub(super) fn new(program: &Program) -> Warp {
        Warp {
            registers: program.registers.clone(),
            groups: Vec::new(),
            live: 0,
            syncs: 0,
            instructions: 0,
            steps: 0,
        }
    }

    /// Prepares the warp for a block, in which it has the threads of the mask.
    pub(super) fn start(&mut self, program: &Program, mask: Mask, noise: u32) {
        self.registers.clone_from(&program.registers);
        self.registers.noise = noise;
        self.groups.clear();
        self.groups.push(Group { step: 0, mask, parked: false });
        self.live = mask;
        self.syncs = 0;
        self.steps = 0;
    }

    /// Runs until all lanes wait at a barrier or have ended.
    pub(super) fn run(
        &mut self,
        program: &Program,
        reach: &mut Reach<'_>,
        step_limit: u64,
    ) -> Result<Halt, Stopped> {
        while let Some(mut group) = self.next_group(program)? {
            loop {
                let instruction = &program.steps[group.step];
                self.steps += 1;
                if self.steps > step_limit {
                    let message = format!("more than {step_limit} steps of one warp");
                    return Err((group.step, Fault::new(Cause::Timeout, message)));
                }
                match self.step(instruction, group, reach).map_err(|fault| (group.step, fault))? {
                    Next::At(_, 0) => break,
                    Next::At(step, mask) => group = Group { step, mask, parked: false },
                    Next::Parked => {
                        self.groups.push(Group { parked: true, ..group });
                        break;
                    }
                    Next::Halted(waiting) => {
                        self.groups.push(Group { step: group.step + 1, ..group });
                        return Ok(Halt::Barrier(waiting));
                    }
                }
                if !self.groups.is_empty() && self.must_yield(&mut group) {
                    self.groups.push(group);
                    break;
                }
            }
        }
        Ok(Halt::Finished)
    }

    /// Takes the group with the lowest step among those that can run.
    fn next_group(&mut self, program: &Program) -> Result<Option<Group>, Stopped> {
        if self.groups.is_empty() {
            return Ok(None);
        }
        let ready = self.groups.iter().enumerate().filter(|(_, group)| !group.parked);
        if let Some((i, _)) = ready.min_by_key(|(_, group)| group.step) {
            let mut group = self.groups.swap_remove(i);
            self.join(&mut group);
            return Ok(Some(group));
        }
        if let [group] = self.groups[..]
            && group.mask == self.live
        {
            // The lanes it waited for have ended.
            self.groups.clear();
            return Ok(Some(group));
        }
        Err(self.stuck(program))
    }

    /// All lanes wait, at different places or for lanes that have ended.
    fn stuck(&self, program: &Program) -> Stopped {
        let place = |group: &Group| {
            let lane = group.mask.trailing_zeros();
            format!("lane {lane} waits at line {}", program.steps[group.step].line)
        };
        let places: Vec<String> = self.groups.iter().map(place).collect();
        let exchange = |group: &&Group| matches!(program.steps[group.step].step, Step::Exchange(_));
        let group = self.groups.iter().find(exchange).unwrap_or(&self.groups[0]);
        let cause = match program.steps[group.step].step {
            Step::Barrier(_) => Cause::DivergentBarrier,
            _ => Cause::DivergentExchange,
        };
        let message = format!("lanes of one warp wait for each other: {}", places.join(", "));
        (group.step, Fault::new(cause, message).of_lane(group.mask.trailing_zeros() as usize))
    }

    /// Adds the lanes of the groups at the same step, which wait no longer.
    fn join(&mut self, group: &mut Group) {
        self.groups.retain(|other| {
            let same = other.step == group.step;
            group.mask |= if same { other.mask } else { 0 };
            !same
        });
    }

    /// Joins the groups at the same step; true if another group that can run is behind.
    fn must_yield(&mut self, group: &mut Group) -> bool {
        self.join(group);
        self.groups.iter().any(|other| !other.parked && other.step < group.step)
    }

    #[inline]
    fn step(
        &mut self,
        instruction: &Instruction,
        group: Group,
        reach: &mut Reach<'_>,
    ) -> Result<Next, Fault> {
        let registers = &mut self.registers;
        let mask = group.mask;
        let active = match instruction.guard {
            None => mask,
            Some(guard) => mask & registers.predicate(guard.predicate, guard.negated),
        };
        let next = group.step + 1;
        if active == 0 {
            return Ok(Next::At(next, mask));
        }
        self.instructions += u64::from(active.count_ones());
        match &instruction.step {
            Step::Compute(compute) => compute(registers, active),
            Step::Load(access) => {
                reach.by.stamp.syncs = self.syncs;
                reach.load(access, registers, active)?;
            }
            Step::Store(access) => {
                reach.by.stamp.syncs = self.syncs;
                reach.store(access, registers, active)?;
            }
            Step::Atomic(atomic) => {
                reach.by.stamp.syncs = self.syncs;
                reach.atomic(atomic, registers, active)?;
            }
            Step::Fence => {}
            Step::Branch(target) if active == mask => return Ok(Next::At(*target, mask)),
            Step::Branch(target) => {
                self.groups.push(Group { step: *target, mask: active, parked: false });
                return Ok(Next::At(next, mask & !active));
            }
            Step::Exit => {
                self.live &= !active;
                return Ok(Next::At(next, mask & !active));
            }
            Step::Trap => {
                let lane = active.trailing_zeros() as usize;
                return Err(Fault::new(Cause::Trap, "a `trap` instruction").of_lane(lane));
            }
            Step::Exchange(exchange) => return self.exchange(exchange, active, mask, next),
            Step::Barrier(barrier) => {
                if active != self.live {
                    // Those of the group that do not take the barrier go on.
                    if active != mask {
                        self.groups.push(Group { step: next, mask: mask & !active, parked: false });
                        self.groups.push(Group { step: group.step, mask: active, parked: true });
                        return Ok(Next::At(next, 0));
                    }
                    return Ok(Next::Parked);
                }
                return self.arrive(barrier, active, instruction.line).map(Next::Halted);
            }
        }
        Ok(Next::At(next, mask))
    }

    /// A barrier at which all lanes of the warp are.
    fn arrive(&self, barrier: &Barrier, active: Mask, line: u32) -> Result<Waiting, Fault> {
        let first = active.trailing_zeros() as usize;
        let value = |slot: Slot| {
            let register = &self.registers.words[slot.0 as usize];
            match lanes(active).find(|lane| register[*lane] != register[first]) {
                None => Ok(register[first]),
                Some(lane) => Err(wrong(lane, "lanes of one warp name different barriers or counts".into())),
            }
        };
        let id = value(barrier.id)?;
        let threads = barrier.threads.map(value).transpose()?;
        if id >= BARRIERS {
            return Err(wrong(first, format!("there are {BARRIERS} barriers, and no barrier {id}")));
        }
        if let Some(count) = threads.filter(|count| *count == 0 || !count.is_multiple_of(LANES as u32)) {
            return Err(wrong(first, format!("a barrier for {count} threads, which are no whole warps")));
        }
        Ok(Waiting { id, threads, line, count: active.count_ones() })
    }

    /// Runs an exchange for each set of lanes that name each other as members.
    fn exchange(
        &mut self,
        exchange: &Exchange,
        active: Mask,
        mask: Mask,
        next: usize,
    ) -> Result<Next, Fault> {
        if active != mask {
            return Err(Fault::new(Cause::DivergentExchange, "a predicate keeps some lanes from it"));
        }
        let members = |lane: usize| self.registers.words[exchange.members.0 as usize][lane];
        let mut rest = active;
        while rest != 0 {
            let lane = rest.trailing_zeros() as usize;
            let named = members(lane);
            if named >> lane & 1 == 0 {
                let message = format!("the mask {named:#x} of lanes that take part lacks the lane itself");
                return Err(Fault::new(Cause::DivergentExchange, message).of_lane(lane));
            }
            if named & self.live & !active != 0 {
                return Ok(Next::Parked);
            }
            if let Some(other) = lanes(named & active).find(|other| members(*other) != named) {
                let message = format!("lane {other} has another mask of lanes that take part");
                return Err(Fault::new(Cause::DivergentExchange, message).of_lane(lane));
            }
            rest &= !named;
        }
        let mut rest = active;
        while rest != 0 {
            let lane = rest.trailing_zeros() as usize;
            let named = self.registers.words[exchange.members.0 as usize][lane] & active;
            let result = (exchange.run)(&mut self.registers, named);
            result.map_err(|message| Fault::new(Cause::DivergentExchange, message).of_lane(lane))?;
            rest &= !named;
        }
        let named = self.registers.words[exchange.members.0 as usize][active.trailing_zeros() as usize];
        if exchange.orders_memory && named & self.live == self.live {
            self.syncs = self.syncs.wrapping_add(1);
        }
        Ok(Next::At(next, mask))
    }
}

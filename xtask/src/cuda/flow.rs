//! The control flow of a kernel: blocks of instructions and the jumps between them.

use super::sass::Instruction;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Instructions that are always executed one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// Which instructions of the kernel.
    pub(crate) code: Range<usize>,
    /// The blocks that may come next, by number.
    pub(crate) successors: Vec<usize>,
}

/// The blocks that can be reached from an instruction, in the order of their addresses, but that of the instruction first.
///
/// Calls are passed over: functions have blocks of their own.
///
/// # Errors
///
/// If there is a jump to a computed address, whose targets are not known.
pub(crate) fn blocks(code: &[Instruction], entry: usize) -> Result<Vec<Block>, String> {
    let next = successors(code, entry)?;
    let mut starts = BTreeSet::from([entry]);
    for (&at, targets) in &next {
        let straight = targets.len() == 1 && targets.contains(&(at + 1));
        if !straight {
            starts.extend(targets);
            // What follows is a block of its own if it is reached at all.
            starts.extend(next.contains_key(&(at + 1)).then_some(at + 1));
        }
    }
    let mut starts: Vec<usize> = starts.into_iter().collect();
    starts.sort_by_key(|&start| (start != entry, start));
    let number: BTreeMap<usize, usize> = starts.iter().enumerate().map(|(n, &start)| (start, n)).collect();
    let block = |&start: &usize| {
        let mut end = start;
        while next.contains_key(&(end + 1)) && !number.contains_key(&(end + 1)) {
            end += 1;
        }
        Block {
            code: start..end + 1,
            successors: next[&end].iter().filter_map(|target| number.get(target).copied()).collect(),
        }
    };
    Ok(starts.iter().map(block).collect())
}

/// The numbers of the barriers that diverged threads meet at.
const BARRIERS: usize = 16;

/// Where threads go on that meet at each barrier.
type Meetings = [Option<usize>; BARRIERS];

/// For each instruction that can be reached, those that may be executed after it.
fn successors(code: &[Instruction], entry: usize) -> Result<BTreeMap<usize, BTreeSet<usize>>, String> {
    let place: BTreeMap<u64, usize> = code.iter().enumerate().map(|(k, i)| (i.address, k)).collect();
    let mut next: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut seen: BTreeSet<(usize, Meetings)> = BTreeSet::new();
    let mut open = vec![(entry, [None; BARRIERS])];
    while let Some((at, mut meetings)) = open.pop() {
        if at >= code.len() || !seen.insert((at, meetings)) {
            continue;
        }
        let instruction = &code[at];
        let jump = instruction.target().and_then(|address| place.get(&address).copied());
        let goes_on = is_conditional(instruction);
        let (jump, goes_on) = match instruction.operation() {
            "BRA" | "JMP" => (jump, goes_on),
            "BRX" | "JMX" => {
                return Err(format!("a jump to a computed address at {:#x}", instruction.address));
            }
            // Code for sm_80 leaves some loops by a call under a predicate. Other calls come back.
            "CALL" => (jump.filter(|_| instruction.predicate.is_some()), true),
            "BSSY" => {
                if let Some(barrier) = barrier(instruction) {
                    meetings[barrier] = jump;
                }
                (None, true)
            }
            // Forgotten where threads have met: otherwise there would be as many states as ways.
            "BSYNC" => match barrier(instruction).and_then(|barrier| meetings[barrier].take()) {
                Some(meeting) => (Some(meeting), instruction.predicate.is_some()),
                None => (None, true),
            },
            "EXIT" | "RET" | "KILL" => (None, instruction.predicate.is_some()),
            _ => (None, true),
        };
        let targets = jump.into_iter().chain(goes_on.then_some(at + 1)).filter(|&to| to < code.len());
        let known = next.entry(at).or_default();
        for target in targets {
            known.insert(target);
            open.push((target, meetings));
        }
    }
    Ok(next)
}

/// Where the function starts that an instruction calls, and that returns to the next one.
pub(crate) fn called(code: &[Instruction], instruction: &Instruction) -> Option<usize> {
    if instruction.operation() != "CALL" || instruction.predicate.is_some() {
        return None;
    }
    let address = instruction.target()?;
    code.binary_search_by_key(&address, |instruction| instruction.address).ok()
}

/// Whether a jump may be passed over: it has a predicate, before it or as an operand, or it is for diverged threads.
fn is_conditional(jump: &Instruction) -> bool {
    let is_predicate = |operand: &str| {
        let name = operand.trim().trim_start_matches('!').trim_start_matches('U');
        name.strip_prefix('P').is_some_and(|number| number.parse::<u8>().is_ok())
    };
    jump.predicate.is_some()
        || jump.operands.split(',').any(is_predicate)
        || jump.modifiers().any(|modifier| matches!(modifier, "DIV" | "CONV"))
}

/// The barrier that `BSSY B1, 0x40` or `BSYNC B1` names.
fn barrier(instruction: &Instruction) -> Option<usize> {
    let mut operands = instruction.operands.split(',').map(str::trim);
    operands.find_map(|operand| operand.strip_prefix('B')?.parse().ok()).filter(|&number| number < BARRIERS)
}

/// The blocks that can be reached from the first one, without entering `avoided`.
fn reachable(blocks: &[Block], avoided: Option<usize>) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<usize> = vec![0];
    while let Some(block) = open.pop() {
        if Some(block) != avoided && seen.insert(block) {
            open.extend(&blocks[block].successors);
        }
    }
    seen
}

/// A loop: blocks that lead back to the first of them, through which all ways into the loop go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loop {
    /// The block where an iteration starts.
    pub(crate) header: usize,
    /// All of its blocks.
    pub(crate) body: BTreeSet<usize>,
    /// Those after which the next iteration may start.
    pub(crate) latches: BTreeSet<usize>,
}

impl Loop {
    /// Whether this loop is inside the other.
    pub(crate) fn is_inside(&self, other: &Loop) -> bool {
        self.header != other.header && other.body.contains(&self.header)
    }
}

/// The loops among blocks, in the order of their headers.
pub(crate) fn loops(blocks: &[Block]) -> Vec<Loop> {
    let mut found: BTreeMap<usize, Loop> = BTreeMap::new();
    let mut without: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut predecessors = vec![Vec::new(); blocks.len()];
    for (number, block) in blocks.iter().enumerate() {
        block.successors.iter().for_each(|&successor| predecessors[successor].push(number));
    }
    for (latch, block) in blocks.iter().enumerate() {
        for &header in &block.successors {
            let others = without.entry(header).or_insert_with(|| reachable(blocks, Some(header)));
            // A jump back, if there is no way to its origin but through its target.
            if !others.contains(&latch) {
                let of = found.entry(header).or_insert_with(|| Loop {
                    header,
                    body: BTreeSet::from([header]),
                    latches: BTreeSet::new(),
                });
                of.latches.insert(latch);
                of.body.extend(leading_to(&predecessors, latch, header));
            }
        }
    }
    found.into_values().collect()
}

/// The blocks from which `latch` can be reached without passing `header`, and `latch`.
fn leading_to(predecessors: &[Vec<usize>], latch: usize, header: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::from([latch]);
    let mut open = vec![latch];
    while let Some(block) = open.pop() {
        if block != header {
            open.extend(predecessors[block].iter().filter(|&&before| found.insert(before)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cuda::testing::code;

    fn starts(blocks: &[Block]) -> Vec<usize> {
        blocks.iter().map(|block| block.code.start).collect()
    }

    #[test]
    fn a_loop_inside_another_is_found() {
        let code =
            code(&["MOV R0, RZ", "MOV R1, RZ", "FADD R2, R2, R1", "@P0 BRA 0x20", "@!P1 BRA 0x10", "EXIT"]);
        let blocks = blocks(&code, 0).unwrap();
        assert_eq!(starts(&blocks), [0, 1, 2, 4, 5]);
        let loops = loops(&blocks);
        let bodies: Vec<Vec<usize>> = loops.iter().map(|l| l.body.iter().copied().collect()).collect();
        assert_eq!(bodies, [vec![1, 2, 3], vec![2]]);
        assert!(loops[1].is_inside(&loops[0]) && !loops[0].is_inside(&loops[1]));
        assert_eq!(loops[0].latches, BTreeSet::from([3]));
    }

    #[test]
    fn diverged_threads_meet_where_the_barrier_was_set() {
        let code = code(&[
            "BSSY.RECONVERGENT B0, 0x40",
            "@P0 BRA 0x50",
            "FADD R2, R2, R1",
            "BSYNC.RECONVERGENT B0",
            "EXIT",
            "FMUL R2, R2, R1",
            "BSYNC.RECONVERGENT B0",
        ]);
        let blocks = blocks(&code, 0).unwrap();
        assert_eq!(starts(&blocks), [0, 2, 4, 5]);
        assert_eq!(blocks[1].successors, [2]);
        assert_eq!(blocks[3].successors, [2]);
    }

    #[test]
    fn barriers_that_were_met_are_forgotten() {
        // One after another, two ways between each: their number would double every time.
        let lines: Vec<String> = (0..40)
            .flat_map(|n: u64| {
                let at = |k: u64| format!("{:#x}", 16 * (4 * n + k));
                [
                    format!("BSSY B{}, {}", n % 16, at(4)),
                    format!("@P0 BRA {}", at(3)),
                    "FADD R2, R2, R1".to_owned(),
                    format!("BSYNC B{}", n % 16),
                ]
            })
            .chain(["EXIT".to_owned()])
            .collect();
        let code = code(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(blocks(&code, 0).unwrap().len(), 2 * 40 + 1);
    }

    #[test]
    fn jumps_are_conditional_by_a_predicate_anywhere() {
        let conditional = |line: &str| is_conditional(&code(&[line])[0]);
        assert!(conditional("@!P0 BRA 0x10"));
        assert!(conditional("BRA.U UP0, 0x10"));
        assert!(conditional("BRA P3, 0x10"));
        assert!(conditional("BRA.DIV UR4, 0x10"));
        assert!(!conditional("BRA 0x10"));
    }

    #[test]
    fn a_loop_may_be_left_by_a_call_under_a_predicate() {
        let code =
            code(&["FADD R2, R2, R1", "@P0 CALL.REL.NOINC 0x30", "BRA 0x0", "EXIT", "FMUL R2, R2, R1"]);
        let blocks = blocks(&code, 0).unwrap();
        // What comes after the end is not reached.
        assert_eq!(starts(&blocks), [0, 2, 3]);
        assert_eq!(loops(&blocks)[0].body, BTreeSet::from([0, 1]));
    }

    #[test]
    fn a_computed_jump_is_refused() {
        let error = blocks(&code(&["NOP", "BRX R2 -0x10"]), 0).unwrap_err();
        assert_eq!(error, "a jump to a computed address at 0x10");
    }
}

//! Instructions per pair, from the machine code of a kernel.
//!
//! A kernel walks over the columns of a tile in shared memory. The *pair loop* is that walk: a loop whose shortest way
//! round reads shared memory and has no barrier, not inside another such loop; of several the one that reads the most,
//! since there is a second one for the columns that are left over. The generator knows how many rows and columns an
//! iteration handles.
//!
//! There are two figures, since there may be several ways round: the least and the most instructions. A way that is
//! taken seldom is mostly longer: it inserts into a list, rescales a sum. But a special case of a function, such as
//! the logarithm of 0, may be shorter than what is usual. An instruction counts also where its predicate is false: it
//! takes its turn all the same.
//!
//! Formulas of many coordinates have loops over coordinates inside the pair loop (`trips` counts their turns). A loop
//! with an unknown number of turns is one that the shortest way passes by; on the longest it counts once.

use super::flow::{self, Block, Loop};
use super::sass::Instruction;
use super::source::Kernel;
use super::trips;
use std::collections::BTreeMap;

/// The instructions of a pair, on the shortest and on the longest way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PerPair {
    pub(crate) least: f64,
    pub(crate) most: f64,
}

/// What a way executes.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
struct Cost {
    instructions: usize,
    shared_bytes: usize,
    /// Barriers of the block of threads.
    barriers: usize,
}

impl Cost {
    /// Of one instruction, without what it calls.
    fn of(instruction: &Instruction) -> Cost {
        Cost {
            instructions: 1,
            shared_bytes: instruction.shared_bytes(),
            barriers: usize::from(instruction.operation() == "BAR"),
        }
    }

    fn and(self, then: Cost) -> Cost {
        Cost {
            instructions: self.instructions + then.instructions,
            shared_bytes: self.shared_bytes + then.shared_bytes,
            barriers: self.barriers + then.barriers,
        }
    }

    fn times(self, n: usize) -> Cost {
        Cost {
            instructions: n * self.instructions,
            shared_bytes: n * self.shared_bytes,
            barriers: n * self.barriers,
        }
    }
}

/// The instructions per pair of a kernel, or `None` if it does not read shared memory, as one that visits chosen pairs.
///
/// # Errors
///
/// If the pair loop is not found, or reads fewer or more bytes than its columns have: then it is not what the generator says.
pub(crate) fn per_pair(code: &[Instruction], kernel: &Kernel) -> Result<Option<PerPair>, String> {
    if code.iter().all(|instruction| instruction.shared_bytes() == 0) {
        return Ok(None);
    }
    let program = Program::new(code, 0)?;
    let (of, least) =
        program.pair_loop().ok_or("no pair loop: none reads shared memory without a barrier")?;
    let most = program.way(of, Seek::Longest).unwrap_or(least);
    let columns = kernel.columns;
    // What pads the row of a column may be read with it.
    let [filled, padded] = [kernel.row_bytes.start(), kernel.row_bytes.end()].map(|bytes| columns * bytes);
    if !(filled..=padded).contains(&least.shared_bytes) {
        return Err(format!(
            "the pair loop reads {} bytes, but {columns} columns have {filled}, with what pads them {padded}",
            least.shared_bytes
        ));
    }
    let [least, most] = [least, most].map(|cost| cost.instructions as f64 / (kernel.rows * columns) as f64);
    Ok(Some(PerPair { least, most }))
}

/// Which of the ways round a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seek {
    Shortest,
    Longest,
}

struct Program<'a> {
    code: &'a [Instruction],
    blocks: Vec<Block>,
    loops: Vec<Loop>,
}

impl<'a> Program<'a> {
    /// The part of the code that is reached from an instruction.
    fn new(code: &'a [Instruction], entry: usize) -> Result<Program<'a>, String> {
        let blocks = flow::blocks(code, entry)?;
        Ok(Program { code, loops: flow::loops(&blocks), blocks })
    }

    /// The pair loop and its shortest way.
    fn pair_loop(&self) -> Option<(&Loop, Cost)> {
        let found: Vec<(&Loop, Cost)> = self
            .loops
            .iter()
            .filter_map(|of| Some((of, self.way(of, Seek::Shortest)?)))
            .filter(|(_, cost)| cost.shared_bytes > 0 && cost.barriers == 0)
            .collect();
        let outermost = found.iter().filter(|(of, _)| !found.iter().any(|(other, _)| of.is_inside(other)));
        outermost.copied().max_by_key(|(_, cost)| (cost.shared_bytes, cost.instructions))
    }

    /// What one way round a loop costs, from its header to a jump back; `None` if the shortest way cannot pass by a loop
    /// whose turns are unknown.
    fn way(&self, of: &Loop, seek: Seek) -> Option<Cost> {
        self.rest(of, of.header, seek, &mut BTreeMap::new())
    }

    /// What the way costs from `block` on. `known` has the blocks that were asked for, with nothing for those whose
    /// answer is not there yet: a way does not go in circles.
    fn rest(
        &self,
        of: &Loop,
        block: usize,
        seek: Seek,
        known: &mut BTreeMap<usize, Option<Cost>>,
    ) -> Option<Cost> {
        if let Some(rest) = known.get(&block) {
            return *rest;
        }
        known.insert(block, None);
        // A loop inside is passed as a whole.
        let inner = self.outermost_inside(of, block);
        let (own, exits) = match inner {
            None => (self.block(block, seek), vec![block]),
            Some(inner) => (self.turns(inner, seek), inner.body.iter().copied().collect()),
        };
        let own = own?;
        let next = exits.iter().flat_map(|&exit| &self.blocks[exit].successors).copied().filter(|next| {
            *next != of.header
                && of.body.contains(next)
                && inner.is_none_or(|inner| !inner.body.contains(next))
        });
        let next: Vec<usize> = next.collect();
        let ends = exits.iter().any(|exit| of.latches.contains(exit)).then(Cost::default);
        let rests = next.into_iter().filter_map(|next| self.rest(of, next, seek, known)).chain(ends);
        let length = |cost: &Cost| cost.instructions;
        let rest = match seek {
            Seek::Shortest => rests.min_by_key(length),
            Seek::Longest => rests.max_by_key(length),
        };
        let all = rest.map(|rest| own.and(rest));
        known.insert(block, all);
        all
    }

    /// What a block costs, with the functions that it calls.
    fn block(&self, block: usize, seek: Seek) -> Option<Cost> {
        let mut cost = Cost::default();
        for instruction in &self.code[self.blocks[block].code.clone()] {
            cost = cost.and(Cost::of(instruction));
            if let Some(entry) = flow::called(self.code, instruction) {
                cost = cost.and(self.function(entry, seek)?);
            }
        }
        Some(cost)
    }

    /// What a function costs from its first instruction to a return.
    fn function(&self, entry: usize, seek: Seek) -> Option<Cost> {
        let function = Program::new(self.code, entry).ok()?;
        let returns = function.blocks.iter().enumerate().filter(|(_, block)| block.successors.is_empty());
        // The way through it is like the way round a loop.
        let through = Loop {
            header: 0,
            latches: returns.map(|(number, _)| number).collect(),
            body: (0..function.blocks.len()).collect(),
        };
        function.way(&through, seek)
    }

    /// What all turns of a loop cost.
    fn turns(&self, of: &Loop, seek: Seek) -> Option<Cost> {
        let way = self.way(of, seek)?;
        match trips::count(self.code, &self.blocks, &self.loops, of) {
            Some(turns) => Some(way.times(turns)),
            None => (seek == Seek::Longest).then_some(way),
        }
    }

    /// The largest loop inside `of` that a block belongs to.
    fn outermost_inside(&self, of: &Loop, block: usize) -> Option<&Loop> {
        let inside = self.loops.iter().filter(|inner| inner.is_inside(of) && inner.body.contains(&block));
        inside.max_by_key(|inner| inner.body.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cuda::testing::code;
    use std::ops::RangeInclusive;

    fn kernel(rows: usize, columns: usize, row_bytes: RangeInclusive<usize>) -> Kernel {
        Kernel {
            entry: "kernel".to_owned(),
            title: "gaussian".to_owned(),
            scalar: "f32".to_owned(),
            rows,
            columns,
            row_bytes,
            arithmetic: None,
        }
    }

    fn counted(lines: &[&str], kernel: Kernel) -> Result<Option<(f64, f64)>, String> {
        per_pair(&code(lines), &kernel).map(|found| found.map(|PerPair { least, most }| (least, most)))
    }

    /// A loop over tiles with a pair loop of 6 instructions, which has a way round of 9 and a loop on that; and a loop over
    /// what is left over.
    const TILES: [&str; 20] = [
        "STS.128 [R2], R4",
        "BAR.SYNC.DEFER_BLOCKING 0x0",
        // The pair loop:
        "LDS.128 R4, [R2]",
        "FFMA R8, R4, R5, R8",
        "@!P0 BRA 0x80",
        // Seldom:
        "LDS R4, [R2]",
        "FADD R8, R8, R4",
        "@P2 BRA 0x50",
        // Always:
        "FADD R9, R9, R8",
        "IADD3 R2, R2, 0x10, RZ",
        "@P1 BRA 0x20",
        // Left over:
        "LDS.64 R4, [R2]",
        "FFMA R8, R4, R5, R8",
        "FADD R8, R8, R4",
        "FADD R8, R8, R4",
        "FADD R8, R8, R4",
        "FADD R8, R8, R4",
        "@P4 BRA 0xb0",
        // The next tile:
        "@P3 BRA 0x0",
        "EXIT",
    ];

    #[test]
    fn both_ways_round_the_pair_loop_are_counted() {
        assert_eq!(counted(&TILES, kernel(1, 1, 16..=16)), Ok(Some((6.0, 9.0))));
        assert_eq!(counted(&TILES, kernel(4, 1, 16..=16)), Ok(Some((1.5, 2.25))));
    }

    #[test]
    fn an_iteration_must_read_all_of_its_columns_and_no_more() {
        // The loop reads 16 bytes.
        assert_eq!(counted(&TILES, kernel(1, 1, 12..=16)), Ok(Some((6.0, 9.0))));
        assert_eq!(counted(&TILES, kernel(1, 2, 8..=16)), Ok(Some((3.0, 4.5))));
        let error = counted(&TILES, kernel(1, 2, 12..=16)).unwrap_err();
        assert_eq!(error, "the pair loop reads 16 bytes, but 2 columns have 24, with what pads them 32");
        let error = counted(&TILES, kernel(1, 1, 4..=8)).unwrap_err();
        assert_eq!(error, "the pair loop reads 16 bytes, but 1 columns have 4, with what pads them 8");
    }

    #[test]
    fn loops_over_coordinates_count_as_often_as_they_go_round() {
        let lines = [
            "MOV R0, RZ",
            // Two turns,
            "MOV R1, RZ",
            // each of eight turns.
            "LDS.128 R4, [R2]",
            "IADD3 R1, R1, 0x4, RZ",
            "ISETP.NE.AND P0, PT, R1, 0x20, PT",
            "@P0 BRA 0x20",
            "IADD3 R0, R0, 0x1, RZ",
            "ISETP.NE.AND P1, PT, R0, 0x2, PT",
            "@P1 BRA 0x10",
            "MUFU.EX2 R8, R8",
            "@P3 BRA 0x0",
            "EXIT",
        ];
        let all = f64::from(1 + 2 * (1 + 8 * 4 + 3) + 2);
        assert_eq!(counted(&lines, kernel(1, 1, 256..=256)), Ok(Some((all, all))));
        // 16 times 16 bytes are read.
        assert!(counted(&lines, kernel(1, 1, 260..=272)).is_err());
    }

    #[test]
    fn what_is_called_counts() {
        let lines = [
            "LDS.128 R4, [R2]",
            "CALL.REL.NOINC 0x50",
            "FADD R8, R8, R4",
            "@P1 BRA 0x0",
            "EXIT",
            // The function:
            "FADD R4, R4, R4",
            "@P0 BRA 0x80",
            "FMUL R4, R4, R4",
            "RET.REL.NODEC R20 0x0",
        ];
        assert_eq!(counted(&lines, kernel(1, 1, 16..=16)), Ok(Some((7.0, 8.0))));
    }

    #[test]
    fn a_loop_of_unknown_turns_on_every_way_is_an_error() {
        let lines = ["LDS.128 R4, [R2]", "FADD R5, R5, R4", "@P0 BRA 0x10", "@P1 BRA 0x0", "EXIT"];
        assert!(counted(&lines, kernel(1, 1, 16..=16)).unwrap_err().starts_with("no pair loop"));
    }

    #[test]
    fn a_kernel_without_shared_memory_has_no_pairs() {
        assert_eq!(counted(&["LDG.E R4, [R2]", "@P0 BRA 0x0", "EXIT"], kernel(1, 8, 16..=16)), Ok(None));
    }
}

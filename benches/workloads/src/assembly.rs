//! Pair loops in assembler text, counted.

use std::collections::BTreeMap;

/// An innermost loop on vectors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// All instructions of one iteration.
    pub instructions: usize,
    /// Those that compute on vectors.
    pub arithmetic: usize,
    /// Vectors that an iteration does the same for: the greatest number that divides the count of each kind of
    /// arithmetic instruction.
    pub vectors: usize,
    /// Calls.
    pub calls: usize,
    /// Instructions that read or write the stack.
    pub stack: usize,
}

/// Starts of the names of instructions that compute; the forms of a fused multiply-add, which differ in the order of
/// their operands only, are one kind.
const ARITHMETIC: [&str; 26] = [
    "vfmadd",
    "vfnmadd",
    "vfmsub",
    "vfnmsub",
    "vadd",
    "vsub",
    "vmul",
    "vdiv",
    "vsqrt",
    "vmax",
    "vmin",
    "vcmp",
    "vblend",
    "vand",
    "vpsll",
    "vpsra",
    "vround",
    "vcvt",
    "vpadd",
    "vrndscale",
    "vreduce",
    "vscalef",
    "vperm",
    "vpblend",
    "vpand",
    "vpternlog",
];

/// The pair loops of a function, from the lines of its body in Intel's syntax; `register` is the name that its vectors
/// start with, `ymm` or `zmm`.
///
/// They are its innermost loops on vectors that count down to the end of a tile. Loops over tiles and blocks, where a
/// range is compared and bounds are checked, jump on unsigned comparisons, which pair loops do not.
pub fn pair_loops<'a>(body: impl IntoIterator<Item = &'a str>, register: &str) -> Vec<Loop> {
    let mut labels = BTreeMap::new();
    let mut code: Vec<&str> = vec![];
    for line in body {
        if let Some(label) = line.strip_suffix(':').filter(|l| l.starts_with(".L")) {
            labels.insert(label, code.len());
        } else if let Some(instruction) = line.strip_prefix('\t').filter(|i| !i.starts_with('.')) {
            code.push(instruction);
        }
    }
    let start = |end: usize| {
        let (jump, label) = code[end].split_once('\t')?;
        labels.get(label).copied().filter(|&start| jump.starts_with('j') && start <= end)
    };
    let loops: Vec<(usize, usize)> = (0..code.len()).filter_map(|end| Some((start(end)?, end))).collect();
    loops
        .iter()
        .filter(|a| !loops.iter().any(|b| b != *a && a.0 <= b.0 && b.1 <= a.1))
        .map(|&(start, end)| &code[start..=end])
        .filter(|body| {
            !body.iter().any(|i| ["ja\t", "jae\t", "jb\t", "jbe\t"].iter().any(|j| i.starts_with(j)))
        })
        .filter_map(|body| count(body, register))
        .collect()
}

/// The counts of a loop, if it computes on vectors.
fn count(body: &[&str], register: &str) -> Option<Loop> {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for instruction in body.iter().filter(|i| i.contains(register)) {
        if let Some(kind) = ARITHMETIC.into_iter().find(|kind| instruction.starts_with(kind)) {
            *kinds.entry(kind).or_default() += 1;
        }
    }
    let arithmetic: usize = kinds.values().sum();
    (arithmetic > 1).then(|| Loop {
        instructions: body.len(),
        arithmetic,
        vectors: kinds.values().copied().reduce(greatest_common_divisor).unwrap_or(1),
        calls: body.iter().filter(|i| i.starts_with("call")).count(),
        stack: body.iter().filter(|i| i.contains("[rsp") || i.contains("[rbp")).count(),
    })
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NESTED: &str = "
.LBB0_1:
\tcmp\trax, rcx
\tjae\t.LBB0_9
.LBB0_2:
\t.loc\t1 2 3
\tvbroadcastss\tymm0, dword ptr [rdi + 4*rax]
\tvsubps\tymm1, ymm0, ymmword ptr [rsp + 32]
\tvsubps\tymm2, ymm0, ymm4
\tvfmadd213ps\tymm1, ymm1, ymm5
\tvfmadd231ps\tymm2, ymm2, ymm5
\tcall\tqword ptr [rip + expf]
\tinc\trax
\tjne\t.LBB0_2
\tvaddps\tymm1, ymm1, ymm2
\tjmp\t.LBB0_1
.LBB0_9:
\tret";

    #[test]
    fn the_innermost_loop_is_counted() {
        let expected = Loop { instructions: 8, arithmetic: 4, vectors: 2, calls: 1, stack: 1 };
        assert_eq!(pair_loops(NESTED.lines(), "ymm"), std::slice::from_ref(&expected));
        assert_eq!(pair_loops(NESTED.replace("ymm", "zmm").lines(), "zmm"), [expected]);
    }

    #[test]
    fn loops_with_bounds_or_without_vectors_are_not_pair_loops() {
        let bounds = NESTED.replace("call\tqword ptr [rip + expf]", "jae\t.LBB0_9");
        assert_eq!(pair_loops(bounds.lines(), "ymm"), []);
        assert_eq!(pair_loops(NESTED.lines(), "zmm"), []);
    }
}

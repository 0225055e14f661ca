//! The cost model: what values cost, and every number that the shape of a loop program on the processor is decided by.
//!
//! Costs are arithmetic instructions on one vector. Those of functions stand in their rows of the table of operations,
//! counted in machine code (`f32`, AVX2). The limits were found by measuring on processors with 16 vector registers.

use super::accumulators::literal;
use super::{Arithmetic, Target};
use crate::ir::{Contraction, Graph, NodeId, Op};
use crate::ops;

/// Up to this many coordinates are written out one by one; longer vectors are looped over.
pub const UNROLLED: usize = 8;
/// What costs no more is done again rather than kept for the next part of a cut loop: a store and a load.
pub(super) const CHEAP: usize = 2;
/// Functions from this cost on are worth a cut before them: their chain of dependent instructions is longer than what
/// a processor overlaps. Nothing as costly is done again rather than kept.
const LONG: usize = 12;
/// Parts of a cut loop at most: in a long chain of functions further cuts would only cost buffers.
pub(super) const MOST_PHASES: usize = 6;
/// Long values that cost more, and are used more than once, are kept in an array.
pub(super) const WORTH_AN_ARRAY: usize = 16;
/// Numbers in arrays at most: vectors of up to two times 64 bytes, on the stack of a thread that may have 2 MiB of it. What is
/// beyond is computed where it is used.
pub(super) const IN_ARRAYS: usize = 4096;
/// Numbers hoisted to a column on a device at most: 32 KiB of the 48 that a block has, in `f64`.
pub(super) const HOISTED_ON_DEVICE: usize = 4096;
/// Entries of lists that are kept in registers, over all coordinates that are worked on together.
pub(super) const LIST_ENTRIES: usize = 8;
/// From this many functions of a pair on, their chains fill the processor without a second row vector.
pub(super) const OVERLAPPING: usize = 3;
/// A quotient of vectors.
const QUOTIENT: usize = 5;
/// What a cheaper variant of a function costs on a device: most are one instruction, and none is as long as on a processor.
const FAST_ON_DEVICE: usize = 1;
/// What a long function costs on a device, where exponentials have instructions of their own: two to some dozen.
const LONG_ON_DEVICE: usize = 14;
/// Accumulators of a row that leave registers for a second row vector.
pub(super) const ACCUMULATORS: usize = 7;

/// Numbers of a column, of a row, and of a row's accumulators, up to which lanes may be columns: a tile of columns, turned
/// coordinate after coordinate, and the row, in all lanes, stay in the first-level cache.
pub(super) const NUMBERS_IN_LANES: usize = 32;

/// Whether the pair loop is cut before a node.
pub(super) fn is_long(graph: &Graph, id: NodeId) -> bool {
    matches!(graph.op(id), Op::Map(_)) && own(graph, id) >= LONG
}

/// The cost of one coordinate of a node, without its arguments.
pub(super) fn own(graph: &Graph, id: NodeId) -> usize {
    let args = graph.args(id);
    match graph.op(id) {
        Op::Variable(_) | Op::Constant(_) | Op::Count | Op::Reduced(_) => 0,
        Op::Extract { .. } | Op::Fill | Op::Concat | Op::Pad { .. } => 0,
        Op::Add => args.len() - 1,
        // A factor −1 turns an addition into a subtraction.
        Op::Mul => args
            .iter()
            .filter(|a| !matches!(graph.op(**a), Op::Constant(c) if c.is_minus_one()))
            .count()
            .saturating_sub(1),
        Op::Power(2) => 1,
        Op::Power(n) => 2 + n.unsigned_abs().ilog2() as usize * 2,
        Op::Map(f) => ops::scalar(*f).cost,
        Op::Sum | Op::Extreme(_) | Op::Position(_) => 2 * literal(graph.dim(args[0])),
        Op::OneHot => 3,
        Op::Contract(c) => contracted(c),
    }
}

/// The number of products summed for one coordinate of a contraction.
pub(super) fn contracted(c: &Contraction) -> usize {
    c.left_axes.iter().map(|&k| c.left[k]).product()
}

/// The long functions of a pair, and what all its arithmetic costs.
pub(super) fn of_pair(arithmetic: &Arithmetic, target: Target) -> (usize, usize) {
    let mut long_functions = 0;
    let mut cost = arithmetic.instructions;
    for (&(name, _), &count) in &arithmetic.calls {
        let own = of_function(name, target);
        let long = own >= LONG;
        long_functions += if long { count } else { 0 };
        cost += count * if long && target == Target::Device { LONG_ON_DEVICE } else { own };
    }
    (long_functions, cost)
}

/// The cost of a function of the runtime, or of a quotient. One for arguments of a known sign, such as `exp2_nonpositive`, has no row of
/// its own: it costs no more than the function that it stands in for.
fn of_function(name: &str, target: Target) -> usize {
    if ["divide", "reciprocal"].contains(&name) {
        return QUOTIENT;
    }
    let variants = ops::scalars().filter_map(|(_, f)| f.fast).chain([ops::QUOTIENT, ops::RECIPROCAL]);
    if let Some(fast) = variants.into_iter().find(|fast| fast.name == name) {
        return match (target, fast.processor) {
            (Target::Host, Some(processor)) => processor.cost,
            _ => FAST_ON_DEVICE,
        };
    }
    let rows = ops::scalars().filter(|(_, f)| name.starts_with(f.rust));
    rows.max_by_key(|(_, f)| f.rust.len()).map_or(1, |(_, f)| f.cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_of_a_function_is_the_one_with_the_longest_name_in_common() {
        let cost = |rust: &str| ops::scalars().find(|(_, f)| f.rust == rust).map(|(_, f)| f.cost);
        assert_eq!(Some(of_function("expm1", Target::Host)), cost("expm1"));
        assert_eq!(Some(of_function("exp2_nonpositive", Target::Host)), cost("exp2"));
        assert_eq!(Some(of_function("atan2", Target::Host)), cost("atan2"));
    }

    #[test]
    fn a_device_has_its_own_instructions_for_cheaper_variants() {
        for (_, f) in ops::scalars() {
            let Some(fast) = &f.fast else { continue };
            assert!(of_function(fast.name, Target::Device) < LONG, "{}", fast.name);
            if let Some(processor) = &fast.processor {
                assert_eq!(of_function(fast.name, Target::Host), processor.cost, "{}", fast.name);
            }
        }
    }

    #[test]
    fn every_function_costs_something_and_an_exponential_is_long() {
        for (_, f) in ops::scalars() {
            assert!(f.cost > 0, "{} costs nothing", f.name);
        }
        let long = |rust: &str| ops::scalars().any(|(_, f)| f.rust == rust && f.cost >= LONG);
        assert!(["exp", "log", "sin", "pow", "hypot"].into_iter().all(long));
        assert!(!["abs", "less", "sqrt", "rsqrt", "round"].into_iter().any(long));
    }
}

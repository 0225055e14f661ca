//! How many numbers a kernel has of each kind, and what it does with them: what its layout is decided by.

use super::shape::SHORT_LIST;
use crate::loops::{
    Accumulator, AccumulatorKind, Bank, Expr, Kernel, Phase, Place, Slot, Statement, Temp, UNROLLED,
};

/// The length of a slot.
pub(super) fn slot_len(bank: &Bank, slot: Slot) -> usize {
    match slot {
        Slot::Hoisted(n) => bank.hoisted[n].1,
        _ => bank.inputs.iter().find(|(s, _)| *s == slot).map_or(1, |(_, len)| *len),
    }
}

/// The length of a column's variable or of what is hoisted to it.
pub(super) fn column_len(kernel: &Kernel, slot: Slot) -> usize {
    match slot {
        Slot::Variable(v) => kernel.column_variables.iter().find(|(w, _)| *w == v).map_or(1, |(_, dim)| *dim),
        _ => slot_len(&kernel.columns, slot),
    }
}

/// Numbers of the row's bank, in slots of some lengths, that the pair loop and what follows it read.
pub(super) fn kept_len(kernel: &Kernel, of: impl Fn(usize) -> bool) -> usize {
    let phases = kernel.phases.iter().flat_map(|p| [&p.head, &p.body]);
    let mut read = vec![];
    phases.chain([&kernel.finish]).for_each(|block| slots_read(block, &mut read));
    read.iter().map(|slot| slot_len(&kernel.rows, *slot)).filter(|len| of(*len)).sum()
}

/// Numbers of the row's vectors that loops over sums read.
pub(super) fn read_for_sums(kernel: &Kernel) -> usize {
    let mut read = vec![];
    let groups = kernel.phases.iter().filter(|phase| phase.groups.is_some());
    groups.for_each(|phase| slots_read(&phase.body, &mut read));
    read.iter().map(|slot| slot_len(&kernel.rows, *slot)).filter(|len| *len > UNROLLED).sum()
}

/// The slots of the row's bank that statements read, each once.
fn slots_read(block: &[Statement], read: &mut Vec<Slot>) {
    for statement in block {
        match statement {
            Statement::Let(_, expr) | Statement::Var(_, expr) | Statement::Set(_, expr) => match expr {
                Expr::Read(Place::Bank(slot), _) if *slot != Slot::Count && !read.contains(slot) => {
                    read.push(*slot);
                }
                _ => {}
            },
            Statement::Loop { body, .. } => slots_read(body, read),
            _ => {}
        }
    }
}

/// Numbers of state per row that lie in registers: vectors of totals, to which sums are added seldom, are indexed, and so
/// are many lists. `written_out` says that loops over groups of coordinates are: then best values are not indexed.
pub(super) fn state_in_registers(kernel: &Kernel, written_out: bool) -> usize {
    let in_registers = |a: &&Accumulator| match a.kind {
        AccumulatorKind::Best(_) | AccumulatorKind::Exponent { .. } => written_out || a.dim <= UNROLLED,
        kind => a.dim <= UNROLLED && !is_long_list(kind),
    };
    kernel.accumulators.iter().filter(in_registers).map(|a| a.kind.state() * a.dim).sum()
}

/// The entries of a list.
pub(super) fn list_len(kind: AccumulatorKind) -> Option<usize> {
    match kind {
        AccumulatorKind::List { count, .. } => Some(count),
        _ => None,
    }
}

/// Whether a list is too long for registers.
pub(super) fn is_long_list(kind: AccumulatorKind) -> bool {
    list_len(kind).is_some_and(|count| count > SHORT_LIST)
}

/// Whether values are summed in working precision before they are added to a total.
pub(super) fn is_sum(kind: AccumulatorKind) -> bool {
    matches!(kind, AccumulatorKind::Sum | AccumulatorKind::ScaledSum { .. })
}

/// Numbers of sums in working precision, per row.
pub(super) fn local_sums(kernel: &Kernel) -> usize {
    kernel.accumulators.iter().filter(|a| is_sum(a.kind)).map(|a| a.dim).sum()
}

/// The sums over coordinates that are made together for a pair.
pub(super) fn sums_of_pairs(kernel: &Kernel) -> usize {
    let sums = |phase: &Phase| {
        let is_local = |t: &Temp| phase.tail.iter().any(|tail| tail.value() == *t);
        let is_sum = |statement: &&Statement| matches!(statement, Statement::Var(t, _) if !is_local(t));
        phase.body.iter().filter(is_sum).count()
    };
    kernel.phases.iter().map(sums).max().unwrap_or(0)
}

/// Whether the pair loop has loops over coordinates inside.
pub(super) fn has_loops(kernel: &Kernel) -> bool {
    let is_loop = |statement: &Statement| matches!(statement, Statement::Loop { .. });
    kernel.phases.iter().any(|phase| phase.groups.is_some() || phase.body.iter().any(is_loop))
}

/// Whether work is done once per group of columns, so that groups should be large.
pub(super) fn raises_or_selects(kernel: &Kernel) -> bool {
    let has_list = kernel
        .phases
        .iter()
        .flat_map(|p| &p.body)
        .any(|statement| matches!(statement, Statement::Insert { .. }));
    has_list || kernel.accumulators.iter().any(|a| matches!(a.kind, AccumulatorKind::Exponent { .. }))
}

//! Rules for operations across coordinates. They need literal dimensions and leave symbolic ones alone.

use super::builder::{Builder, Rule};
use crate::ir::{Contraction, Dim, Node, NodeId, Op};
use crate::number::Number;

pub(super) const SUM_RULES: &[Rule] = &[sum_of_repeated, sum_of_multiple, sum_of_padded];
pub(super) const EXTRACT_RULES: &[Rule] =
    &[extract_of_repeated, extract_of_extract, extract_of_concat, extract_of_padded];
pub(super) const CONCAT_RULES: &[Rule] = &[concat_of_concat, adjacent_extracts, adjacent_repeated];
pub(super) const PAD_RULES: &[Rule] = &[pad_of_zero, pad_of_padded];
pub(super) const CONTRACT_RULES: &[Rule] = &[contract_zero, contract_multiple];
pub(super) const ONE_HOT_RULES: &[Rule] = &[known_position];

/// Σ fill(a) → D · a
fn sum_of_repeated(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let a = b.filling(node.args[0])?;
    let count = i64::try_from(b.graph.dim(node.args[0]).value()?).ok()?;
    let count = b.constant(Number::integer(count));
    Some(b.mul(vec![count, a]))
}

/// Σ a · f → a · Σ f for a number a
fn sum_of_multiple(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let (numbers, vectors) = split_product(b, node.args[0])?;
    let vector = b.mul(vectors);
    let sum = b.sum(vector);
    Some(b.mul([numbers, vec![sum]].concat()))
}

/// Σ pad(f) → Σ f
fn sum_of_padded(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let Op::Pad { .. } = b.graph.op(node.args[0]) else { return None };
    let inner = b.graph.args(node.args[0])[0];
    Some(b.sum(inner))
}

/// The factors of dimension 1 of a vector-valued product, and the others; `None` if there are none of the first.
fn split_product(b: &Builder, product: NodeId) -> Option<(Vec<NodeId>, Vec<NodeId>)> {
    let Op::Mul = b.graph.op(product) else { return None };
    let (numbers, vectors): (Vec<NodeId>, Vec<NodeId>) =
        b.graph.args(product).iter().partition(|&&a| b.graph.dim(a).is_one());
    (!numbers.is_empty() && !vectors.is_empty()).then_some((numbers, vectors))
}

/// Coordinates of fill(a) → fill(a)
fn extract_of_repeated(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let a = b.filling(node.args[0])?;
    Some(b.widen(a, &node.dim))
}

/// Coordinates of coordinates of f → coordinates of f
fn extract_of_extract(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let Op::Extract { start, step } = node.op else { return None };
    let Op::Extract { start: inner_start, step: inner_step } = *b.graph.op(node.args[0]) else { return None };
    let f = b.graph.args(node.args[0])[0];
    Some(b.extract(f, inner_start + start * inner_step, step * inner_step, &node.dim))
}

/// Coordinates of concat(f, g, …) → concat of coordinates of those that are hit
fn extract_of_concat(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let Op::Extract { start, step } = node.op else { return None };
    let Op::Concat = b.graph.op(node.args[0]) else { return None };
    let parts = b.graph.args(node.args[0]).to_vec();
    let wanted = node.dim.value()?;
    let (mut offset, mut taken) = (0, 0);
    let mut pieces = vec![];
    for part in parts {
        let end = offset + b.graph.dim(part).value()?;
        let from = taken;
        while taken < wanted && start + taken * step < end {
            taken += 1;
        }
        if taken > from {
            let len = Dim::literal(taken - from);
            pieces.push(b.extract(part, start + from * step - offset, step, &len));
        }
        offset = end;
    }
    Some(b.concat(pieces))
}

/// Coordinates of pad(f) → pad of coordinates of f. What two regular patterns have in common is regular again.
fn extract_of_padded(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let Op::Extract { start, step } = node.op else { return None };
    let Op::Pad { start: first, step: distance } = *b.graph.op(node.args[0]) else { return None };
    let f = b.graph.args(node.args[0])[0];
    let len = b.graph.dim(f).value()?;
    // Pairs of a coordinate of the result and the coordinate of f that it is.
    let hits: Vec<(usize, usize)> = (0..node.dim.value()?)
        .filter_map(|k| {
            let beyond = (start + k * step).checked_sub(first)?;
            (beyond % distance == 0 && beyond / distance < len).then_some((k, beyond / distance))
        })
        .collect();
    let Some(&(to, from)) = hits.first() else { return Some(b.zeros(&node.dim)) };
    let (to_step, from_step) = match hits.get(1) {
        Some((next_to, next_from)) => (next_to - to, next_from - from),
        None => (1, 1),
    };
    let taken = b.extract(f, from, from_step, &Dim::literal(hits.len()));
    Some(b.pad(taken, to, to_step, &node.dim))
}

/// concat(f, concat(g, h)) → concat(f, g, h)
fn concat_of_concat(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let inner = |&part: &NodeId| match b.graph.op(part) {
        Op::Concat => b.graph.args(part).to_vec(),
        _ => vec![part],
    };
    let parts: Vec<NodeId> = node.args.iter().flat_map(inner).collect();
    (parts.len() > node.args.len()).then(|| b.concat(parts))
}

/// concat(f[0..2], f[2..3]) → f[0..3]
fn adjacent_extracts(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let mut runs: Vec<(NodeId, Option<Run>)> = vec![];
    for &part in &node.args {
        let run = Run::of(b, part);
        let longer = runs.last().and_then(|(_, last)| last.as_ref()?.followed_by(run.as_ref()?));
        match longer {
            Some(longer) => {
                runs.pop();
                let node = b.extract(longer.of, longer.start, longer.step, &Dim::literal(longer.len));
                runs.push((node, Some(longer)));
            }
            None => runs.push((part, run)),
        }
    }
    if runs.len() == node.args.len() {
        return None;
    }
    Some(b.concat(runs.into_iter().map(|(node, _)| node).collect()))
}

/// Coordinates start, start + step, … of a value.
struct Run {
    of: NodeId,
    start: usize,
    step: usize,
    len: usize,
}

impl Run {
    fn of(b: &Builder, node: NodeId) -> Option<Run> {
        let Op::Extract { start, step } = *b.graph.op(node) else { return None };
        Some(Run { of: b.graph.args(node)[0], start, step, len: b.graph.dim(node).value()? })
    }

    /// Both as one, if the next one goes on where this one ends. (The step of a single coordinate means nothing.)
    fn followed_by(&self, next: &Run) -> Option<Run> {
        let gap = next.start.checked_sub(self.start + (self.len - 1) * self.step).filter(|gap| *gap > 0)?;
        let goes_on = |run: &Run| run.len == 1 || run.step == gap;
        let joins = self.of == next.of && goes_on(self) && goes_on(next);
        joins.then_some(Run { of: self.of, start: self.start, step: gap, len: self.len + next.len })
    }
}

/// concat(a, a, fill(a)) → fill(a)
fn adjacent_repeated(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let mut parts: Vec<NodeId> = vec![];
    let repeats =
        |b: &Builder, part: NodeId| b.filling(part).or_else(|| b.graph.dim(part).is_one().then_some(part));
    for &part in &node.args {
        let last = parts.last().copied();
        match last.and_then(|last| repeats(b, last)).filter(|a| repeats(b, part) == Some(*a)) {
            Some(a) => {
                let dim = b.graph.dim(parts[parts.len() - 1]) + b.graph.dim(part);
                parts.pop();
                parts.push(b.widen(a, &dim));
            }
            None => parts.push(part),
        }
    }
    (parts.len() < node.args.len()).then(|| b.concat(parts))
}

/// pad(0) → 0
fn pad_of_zero(b: &mut Builder, node: &Node) -> Option<NodeId> {
    b.is_zero(node.args[0]).then(|| b.zeros(&node.dim))
}

/// pad(pad(f)) → pad(f)
fn pad_of_padded(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let Op::Pad { start, step } = node.op else { return None };
    let Op::Pad { start: inner_start, step: inner_step } = *b.graph.op(node.args[0]) else { return None };
    let f = b.graph.args(node.args[0])[0];
    Some(b.pad(f, start + inner_start * step, step * inner_step, &node.dim))
}

/// A contraction with zeros → 0
fn contract_zero(b: &mut Builder, node: &Node) -> Option<NodeId> {
    node.args.iter().any(|&a| b.is_zero(a)).then(|| b.zeros(&node.dim))
}

/// contract(a · f, g) → a · contract(f, g) for a number a
fn contract_multiple(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let contraction: &Contraction = match &node.op {
        Op::Contract(c) => c,
        _ => return None,
    };
    let mut args = node.args.clone();
    let mut outside = vec![];
    for arg in &mut args {
        if let Some((numbers, vectors)) = split_product(b, *arg) {
            outside.extend(numbers);
            *arg = b.mul(vectors);
        }
    }
    if outside.is_empty() {
        return None;
    }
    let inner = b.build(Op::Contract(contraction.clone()), args, node.dim.clone());
    outside.push(inner);
    Some(b.mul(outside))
}

/// The one-hot vector of a constant → pad(1)
fn known_position(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let position = b.number(node.args[0])?.to_f64().round();
    let dim = node.dim.value()?;
    if position < 0.0 || position >= dim as f64 {
        return Some(b.zeros(&node.dim));
    }
    let one = b.constant(Number::integer(1));
    Some(b.pad(one, position as usize, 1, &node.dim))
}

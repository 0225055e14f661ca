//! The union of ranges that come and go.

use std::ops::Range;

/// A tree over the parts between the ends of all ranges that will come. A range is counted at the few nodes that it is made
/// of, so that a change takes as many steps as the tree is high, and so does each range of the union.
#[derive(Default)]
pub(super) struct Union {
    /// The ends, ascending: part p is between those numbered p and p + 1.
    ends: Vec<usize>,
    /// Parts of the tree: a power of two, those beyond the ends are in no range.
    parts: usize,
    /// Node 1 is the root, node n has the children 2 n and 2 n + 1, the leaves are the parts.
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Default)]
struct Node {
    /// Ranges that are here and have all of the node, but not all of its parent.
    ranges: usize,
    filled: Filled,
}

/// How much of a node is in the union.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Filled {
    #[default]
    Nothing,
    Some,
    All,
}

impl Union {
    /// These ranges will come, none of them is there.
    pub(super) fn start<'a>(&mut self, ranges: impl Iterator<Item = &'a Range<usize>>) {
        self.ends.clear();
        self.ends.extend(ranges.flat_map(|range| [range.start, range.end]));
        self.ends.sort_unstable();
        self.ends.dedup();
        self.parts = self.ends.len().saturating_sub(1).next_power_of_two();
        self.nodes.clear();
        self.nodes.resize(2 * self.parts, Node::default());
    }

    /// One of the ranges comes, or goes.
    pub(super) fn change(&mut self, range: &Range<usize>, comes: bool) {
        let part = |end: usize| self.ends.partition_point(|other| *other < end);
        self.change_below(1, 0..self.parts, &(part(range.start)..part(range.end)), comes);
    }

    fn change_below(&mut self, node: usize, parts: Range<usize>, changed: &Range<usize>, comes: bool) {
        if changed.end <= parts.start || parts.end <= changed.start {
            return;
        }
        if changed.start <= parts.start && parts.end <= changed.end {
            let ranges = &mut self.nodes[node].ranges;
            *ranges = if comes { *ranges + 1 } else { *ranges - 1 };
        } else {
            let middle = parts.start.midpoint(parts.end);
            self.change_below(2 * node, parts.start..middle, changed, comes);
            self.change_below(2 * node + 1, middle..parts.end, changed, comes);
        }
        let below = |child: usize| self.nodes.get(child).map_or(Filled::Nothing, |node| node.filled);
        self.nodes[node].filled = match (below(2 * node), below(2 * node + 1)) {
            _ if self.nodes[node].ranges > 0 => Filled::All,
            (a, b) if a == b => a,
            _ => Filled::Some,
        };
    }

    /// Appends the union: ascending ranges with gaps between them.
    pub(super) fn ranges(&self, to: &mut Vec<Range<usize>>) {
        let first = to.len();
        self.ranges_below(1, 0..self.parts, first, to);
    }

    fn ranges_below(&self, node: usize, parts: Range<usize>, first: usize, to: &mut Vec<Range<usize>>) {
        match self.nodes[node].filled {
            Filled::Nothing => {}
            Filled::All => {
                let (start, end) = (self.ends[parts.start], self.ends[parts.end]);
                match to[first..].last_mut() {
                    Some(last) if last.end == start => last.end = end,
                    _ => to.push(start..end),
                }
            }
            Filled::Some => {
                let middle = parts.start.midpoint(parts.end);
                self.ranges_below(2 * node, parts.start..middle, first, to);
                self.ranges_below(2 * node + 1, middle..parts.end, first, to);
            }
        }
    }
}

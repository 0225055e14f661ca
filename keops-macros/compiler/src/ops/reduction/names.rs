//! What reductions are called in formulas.

use crate::ir::{Extreme, ReductionKind};
use crate::ops::Wanted;

/// A name of the language: `Sum` stands for `Sum_i(f)`, `Sum_j(f)` and `Sum_Reduction(f, tag)`.
pub struct NamedReduction {
    /// The name before `_i` or `_j`, KeOps's where KeOps has it.
    pub name: &'static str,
    /// Further spellings, LazyTensor's first.
    pub aliases: &'static [&'static str],
    /// One sentence: the mathematics, and what happens at the edges. (The weight is g.)
    pub doc: &'static str,
    /// Whether it takes a weight.
    pub weight: Weight,
    /// Whether it takes K, how many values are wanted.
    pub counted: bool,
    /// Whether the value is divided by the number of points.
    pub mean: bool,
    /// The reductions that its values come from, in order, for a given K (ignored where none is taken).
    pub kinds: fn(count: usize) -> Vec<ReductionKind>,
}

/// Whether a reduction takes a weight besides what is reduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It takes none.
    None,
    /// It may have one.
    Optional,
    /// It must have one.
    Required,
}

impl NamedReduction {
    /// What it takes where its name says the index: f, K and the weight.
    pub fn operands(&self) -> Vec<Wanted> {
        let count = self.counted.then_some(Wanted::one("K"));
        let weight = match self.weight {
            Weight::None => None,
            Weight::Optional => Some(Wanted::optional("weight")),
            Weight::Required => Some(Wanted::one("weight")),
        };
        [Some(Wanted::one("f")), count, weight].into_iter().flatten().collect()
    }
}

/// The reduction with this name or alias.
pub fn named(name: &str) -> Option<&'static NamedReduction> {
    NAMES.iter().find(|row| row.name == name || row.aliases.contains(&name))
}

/// A reduction of f alone with one value.
const PLAIN: NamedReduction = NamedReduction {
    name: "Sum",
    aliases: &["sum"],
    doc: "Σ f, for each coordinate of f; 0 over no points.",
    weight: Weight::None,
    counted: false,
    mean: false,
    kinds: |_| vec![ReductionKind::Sum],
};

/// All of them.
pub static NAMES: &[NamedReduction] = &[
    PLAIN,
    NamedReduction {
        name: "Mean",
        aliases: &["mean"],
        doc: "Σ f divided by the number of points, for each coordinate of f; an error over no points.",
        mean: true,
        ..PLAIN
    },
    NamedReduction {
        name: "LogSumExp",
        aliases: &["logsumexp"],
        doc: "log Σ exp(f), for each coordinate of f, or log Σ exp(f) g with a weight g, for each coordinate of g \
              (f has dimension 1 then); −∞ over no points.",
        weight: Weight::Optional,
        kinds: |_| vec![ReductionKind::LogSumExp],
        ..PLAIN
    },
    NamedReduction {
        name: "LogSumExpWeight",
        aliases: &["logsumexpweight"],
        doc: "log Σ exp(f) g with a weight g, for each coordinate of g; f has dimension 1; −∞ over no points.",
        weight: Weight::Required,
        kinds: |_| vec![ReductionKind::LogSumExp],
        ..PLAIN
    },
    NamedReduction {
        name: "SumSoftMaxWeight",
        aliases: &["sumsoftmaxweight", "SoftMax", "softmax"],
        doc: "Σ exp(f) g / Σ exp(f) with a weight g, for each coordinate of g; f has dimension 1; an error over no points.",
        weight: Weight::Required,
        kinds: |_| vec![ReductionKind::SumSoftMaxWeight],
        ..PLAIN
    },
    NamedReduction {
        name: "Max",
        aliases: &["max"],
        doc: "The largest f, for each coordinate of f; NaN is skipped; −∞ over no points.",
        kinds: |_| vec![ReductionKind::Extreme(Extreme::Max)],
        ..PLAIN
    },
    NamedReduction {
        name: "Min",
        aliases: &["min"],
        doc: "The smallest f, for each coordinate of f; NaN is skipped; ∞ over no points.",
        kinds: |_| vec![ReductionKind::Extreme(Extreme::Min)],
        ..PLAIN
    },
    NamedReduction {
        name: "ArgMax",
        aliases: &["argmax"],
        doc: "The index of the largest f, for each coordinate of f; of equal ones the lowest; NaN is skipped; an error over no points.",
        kinds: |_| vec![ReductionKind::Position(Extreme::Max)],
        ..PLAIN
    },
    NamedReduction {
        name: "ArgMin",
        aliases: &["argmin"],
        doc: "The index of the smallest f, for each coordinate of f; of equal ones the lowest; NaN is skipped; an error over no points.",
        kinds: |_| vec![ReductionKind::Position(Extreme::Min)],
        ..PLAIN
    },
    NamedReduction {
        name: "Max_ArgMax",
        aliases: &["max_argmax", "MaxArgMax"],
        doc: "The largest f and its index, as two results, `Max` and `ArgMax`; an error over no points.",
        kinds: |_| vec![ReductionKind::Extreme(Extreme::Max), ReductionKind::Position(Extreme::Max)],
        ..PLAIN
    },
    NamedReduction {
        name: "Min_ArgMin",
        aliases: &["min_argmin", "MinArgMin"],
        doc: "The smallest f and its index, as two results, `Min` and `ArgMin`; an error over no points.",
        kinds: |_| vec![ReductionKind::Extreme(Extreme::Min), ReductionKind::Position(Extreme::Min)],
        ..PLAIN
    },
    NamedReduction {
        name: "KMin",
        aliases: &["Kmin", "kmin"],
        doc: "The K smallest f, ascending, for each coordinate of f (K slow); NaN is skipped; ∞ where there are fewer.",
        counted: true,
        kinds: |count| vec![ReductionKind::Best { extreme: Extreme::Min, count }],
        ..PLAIN
    },
    NamedReduction {
        name: "KMax",
        aliases: &["Kmax", "kmax"],
        doc: "The K largest f, descending, for each coordinate of f (K slow); NaN is skipped; −∞ where there are fewer.",
        counted: true,
        kinds: |count| vec![ReductionKind::Best { extreme: Extreme::Max, count }],
        ..PLAIN
    },
    NamedReduction {
        name: "ArgKMin",
        aliases: &["argKmin", "argkmin"],
        doc: "The indices of the K smallest f, in the order of `KMin`; an error where there are fewer points.",
        counted: true,
        kinds: |count| vec![ReductionKind::BestPosition { extreme: Extreme::Min, count }],
        ..PLAIN
    },
    NamedReduction {
        name: "ArgKMax",
        aliases: &["argKmax", "argkmax"],
        doc: "The indices of the K largest f, in the order of `KMax`; an error where there are fewer points.",
        counted: true,
        kinds: |count| vec![ReductionKind::BestPosition { extreme: Extreme::Max, count }],
        ..PLAIN
    },
    NamedReduction {
        name: "KMin_ArgKMin",
        aliases: &["Kmin_argKmin", "kmin_argkmin", "KMinArgKMin"],
        doc: "The K smallest f and their indices, as two results, `KMin` and `ArgKMin`; an error where there are fewer points.",
        counted: true,
        kinds: |count| {
            let extreme = Extreme::Min;
            vec![ReductionKind::Best { extreme, count }, ReductionKind::BestPosition { extreme, count }]
        },
        ..PLAIN
    },
    NamedReduction {
        name: "KMax_ArgKMax",
        aliases: &["Kmax_argKmax", "kmax_argkmax", "KMaxArgKMax"],
        doc: "The K largest f and their indices, as two results, `KMax` and `ArgKMax`; an error where there are fewer points.",
        counted: true,
        kinds: |count| {
            let extreme = Extreme::Max;
            vec![ReductionKind::Best { extreme, count }, ReductionKind::BestPosition { extreme, count }]
        },
        ..PLAIN
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::reduction::row;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_found() {
        let mut seen = HashSet::new();
        for entry in NAMES {
            for name in [entry.name].iter().chain(entry.aliases) {
                assert!(seen.insert(*name), "{name} occurs twice");
                assert_eq!(named(name).map(|row| row.name), Some(entry.name));
            }
            assert!(entry.doc.ends_with('.'), "{}", entry.name);
        }
        assert!(named("Sum_j").is_none(), "the index is no part of the name");
    }

    #[test]
    fn what_is_an_error_over_no_points_says_so() {
        for entry in NAMES {
            let undefined =
                entry.mean || (entry.kinds)(1).iter().any(|&kind| (row(kind).neutral)(kind).is_none());
            let single = (entry.kinds)(1).len() == 1;
            if single && !entry.counted {
                assert_eq!(entry.doc.contains("an error over no points"), undefined, "{}", entry.name);
            }
        }
    }
}

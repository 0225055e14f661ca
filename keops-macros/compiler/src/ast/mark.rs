//! Attributes that allow something for a whole function, or ask for it, and take nothing.

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Squared distances may be computed as |x|² + |y|² − 2 x·y.
    DotProducts,
    /// Factors of squared distances may be moved into the coordinates.
    ScaledDistances,
    /// What is computed for each pair may take cheaper functions.
    FastMaths,
    /// Pairs that cannot win are to be passed over.
    Prune,
}

impl Mark {
    /// All of them.
    pub const ALL: [Mark; 4] = [Mark::DotProducts, Mark::ScaledDistances, Mark::FastMaths, Mark::Prune];

    /// The word in its brackets.
    pub fn name(self) -> &'static str {
        match self {
            Mark::DotProducts => "dot_products",
            Mark::ScaledDistances => "scaled_distances",
            Mark::FastMaths => "fast_maths",
            Mark::Prune => "prune",
        }
    }
}

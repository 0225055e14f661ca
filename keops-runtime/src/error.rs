//! What can go wrong in a call.

/// Why a call computed nothing. It is returned before any work is done, names arguments as the formula does, and its
/// message says what to do.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A flat slice that does not hold whole rows.
    #[error(
        "`{argument}` holds {len} numbers, not a multiple of its dimension {dim}: pass {dim} per point, row after row"
    )]
    NotMultiple {
        /// The argument.
        argument: &'static str,
        /// Numbers given.
        len: usize,
        /// Numbers per point.
        dim: usize,
    },
    /// Two variables of one index with different numbers of points.
    #[error(
        "`{argument_a}` has {rows_a} points and `{argument_b}` has {rows_b}: both run over the same index, pass equally many"
    )]
    LengthMismatch {
        /// The first argument over the index.
        argument_a: &'static str,
        /// Its points.
        rows_a: usize,
        /// The first argument that disagrees.
        argument_b: &'static str,
        /// Its points.
        rows_b: usize,
    },
    /// A parameter that is not exactly one row.
    #[error(
        "parameter `{argument}` is one row of {dim} numbers, {len} were passed: pass {dim}, or declare it `Vi<{dim}>` or `Vj<{dim}>` for one row per point"
    )]
    ExpectedLen {
        /// The parameter.
        argument: &'static str,
        /// Numbers given.
        len: usize,
        /// Numbers wanted.
        dim: usize,
    },
    /// A reduction without a neutral element (an index, a mean, a soft-max) over no points.
    #[error("`{reduction}` has no value over 0 points: pass at least one point to reduce over")]
    EmptyReduction {
        /// The reduction, as in the formula.
        reduction: &'static str,
    },
    /// K best indices among fewer than K points.
    #[error(
        "`{reduction}` is to name {wanted} points of {rows}: pass at least {wanted}, or lower K to {rows} (the values alone, without indices, are padded with infinities)"
    )]
    NotEnough {
        /// The reduction, as in the formula.
        reduction: &'static str,
        /// K.
        wanted: usize,
        /// Points there are.
        rows: usize,
    },
    /// A result for which there is no memory.
    #[error("no memory for a result of {bytes} bytes: pass fewer points at a time")]
    OutOfMemory {
        /// Its size.
        bytes: usize,
    },
    /// A result whose size in bytes exceeds the address space.
    #[error(
        "a result of {rows} rows of {dim} numbers exceeds the address space: pass fewer points at a time"
    )]
    TooLarge {
        /// Its rows.
        rows: usize,
        /// Numbers per row.
        dim: usize,
    },
    /// More points than can be told apart: an index travels in the bits of a scalar.
    #[error(
        "{rows} points cannot be numbered in a call with `{scalar}`, {limit} can: pass `f64`, or fewer points at a time"
    )]
    TooManyPoints {
        /// Points there are.
        rows: usize,
        /// Points that can be numbered.
        limit: usize,
        /// The scalar type of the call.
        scalar: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_cross_threads_and_become_boxed_errors() {
        fn check<E: std::error::Error + Send + Sync + 'static>(_: &E) {}
        check(&Error::OutOfMemory { bytes: 8 });
    }

    #[test]
    fn messages_name_arguments_numbers_and_a_remedy() {
        let cases = [
            (
                Error::NotMultiple { argument: "x_i", len: 14, dim: 3 },
                ["`x_i`", "14", "3", "pass 3 per point"],
            ),
            (
                Error::LengthMismatch { argument_a: "x_i", rows_a: 5, argument_b: "u_i", rows_b: 4 },
                ["`x_i` has 5", "`u_i` has 4", "same index", "pass equally many"],
            ),
            (
                Error::ExpectedLen { argument: "s", len: 6, dim: 3 },
                ["`s`", "6 were passed", "pass 3", "declare it `Vi<3>`"],
            ),
            (
                Error::EmptyReduction { reduction: "ArgMin_j" },
                ["`ArgMin_j`", "0 points", "pass", "at least one"],
            ),
            (
                Error::NotEnough { reduction: "ArgKMin_j", wanted: 10, rows: 4 },
                ["`ArgKMin_j`", "10 points of 4", "pass at least 10", "lower K to 4"],
            ),
            (
                Error::OutOfMemory { bytes: 1 << 40 },
                ["1099511627776 bytes", "memory", "pass", "fewer points"],
            ),
            (
                Error::TooLarge { rows: 7, dim: 3 },
                ["7 rows", "3 numbers", "address space", "pass fewer points"],
            ),
            (
                Error::TooManyPoints { rows: 9, limit: 8, scalar: "f32" },
                ["9 points", "`f32`", "8 can", "pass `f64`"],
            ),
        ];
        for (error, parts) in cases {
            let text = error.to_string();
            for part in parts {
                assert!(text.contains(part), "{part:?} is missing in {text:?}");
            }
        }
    }
}

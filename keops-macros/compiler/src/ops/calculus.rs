//! Operators that differentiate a formula. What they do is written where formulas are checked, since it takes an argument of
//! the function; here is what they are called with.

use super::Slot;

/// A row of the table of differential operators.
pub struct DifferentialOperator {
    /// Which it is.
    pub operator: Operator,
    /// Its name in formulas, KeOps's.
    pub name: &'static str,
    /// Further names, the LazyTensor spelling first.
    pub aliases: &'static [&'static str],
    /// What it takes, in order: f, an argument v of the function, and formulas.
    pub operands: &'static [(&'static str, Slot)],
    /// One sentence: the mathematics, where ∂f/∂v is the matrix ∂fₖ/∂vₗ.
    pub doc: &'static str,
    /// A use of it over the variables of [`Operation::example`](super::Operation::example).
    pub example: &'static str,
}

/// The differential operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// (∂f/∂v)ᵀ e
    Gradient,
    /// ∂f/∂v
    Matrix,
    /// (∂f/∂v) u, or the sum of such terms
    Differential,
    /// Σₖ ∂fₖ/∂vₖ
    Divergence,
    /// Σₖ ∂²f/∂vₖ²
    Laplacian,
    /// Aᵀ u, for an f = A v
    Adjoint,
    /// Σₖ wₖ Aₖₖ
    Trace,
    /// Σₖₗ wlₖ Aₖₗ wrₗ
    Sum,
}

const F: (&str, Slot) = ("f", Slot::Formula);
const V: (&str, Slot) = ("v", Slot::Formula);

/// All of them.
pub static ROWS: &[DifferentialOperator] = &[
    DifferentialOperator {
        operator: Operator::Gradient,
        name: "Grad",
        aliases: &["grad"],
        operands: &[F, V, ("e", Slot::FormulaOr(1))],
        doc: "(∂f/∂v)ᵀ e, of the dimension of v: the gradient of Σₖ eₖ fₖ.",
        example: "Grad(SqDist(x_i, y_j), x_i, b_j)",
    },
    DifferentialOperator {
        operator: Operator::Matrix,
        name: "GradMatrix",
        aliases: &["grad_matrix"],
        operands: &[F, V],
        doc: "∂f/∂v, row-major: k slow and l fast.",
        example: "GradMatrix(x_i * SqDist(x_i, y_j), x_i)",
    },
    DifferentialOperator {
        operator: Operator::Differential,
        name: "Diff",
        aliases: &["diff"],
        operands: &[F, V, ("u", Slot::Formula)],
        doc: "(∂f/∂v) u, of the dimension of f: the derivative in direction u; in several variables at once, `Diff(f, (x, y), (u, v))`.",
        example: "Diff(SqDist(x_i, y_j), x_i, p)",
    },
    DifferentialOperator {
        operator: Operator::Divergence,
        name: "Divergence",
        aliases: &["divergence"],
        operands: &[F, V],
        doc: "Σₖ ∂fₖ/∂vₖ; f has the dimension of v.",
        example: "Divergence(x_i * SqDist(x_i, y_j), x_i)",
    },
    DifferentialOperator {
        operator: Operator::Laplacian,
        name: "Laplacian",
        aliases: &["laplacian"],
        operands: &[F, V],
        doc: "Σₖ ∂²f/∂vₖ²; f has dimension 1.",
        example: "Laplacian(Exp(-SqDist(x_i, y_j)), x_i)",
    },
    DifferentialOperator {
        operator: Operator::Adjoint,
        name: "AdjointOperator",
        aliases: &["adjoint_operator"],
        operands: &[F, V, ("u", Slot::Formula)],
        doc: "Aᵀ u, for an f = A v that is linear in v.",
        example: "AdjointOperator(MatVecMult(a_j, x_i), x_i, p)",
    },
    DifferentialOperator {
        operator: Operator::Trace,
        name: "TraceOperator",
        aliases: &["trace_operator"],
        operands: &[F, V, ("w", Slot::FormulaOr(1))],
        doc: "Σₖ wₖ Aₖₖ, for an f = A v that is linear in v and has its dimension.",
        example: "TraceOperator(MatVecMult(a_j, x_i), x_i, p)",
    },
    DifferentialOperator {
        operator: Operator::Sum,
        name: "SumLinOperator",
        aliases: &["sum_lin_operator"],
        operands: &[F, V, ("wl", Slot::FormulaOr(1)), ("wr", Slot::FormulaOr(1))],
        doc: "Σₖₗ wlₖ Aₖₗ wrₗ, for an f = A v that is linear in v.",
        example: "SumLinOperator(MatVecMult(a_j, x_i), x_i, p, y_j)",
    },
];

//! The adjoint of a tensor contraction is a contraction.
//!
//! With axes k kept of a, l kept of b and c contracted, r[k, l] = Σ_c a[k, c] b[l, c] (axes permuted in each), so the
//! adjoint of a is Σ_l ē[k, l] b[l, c], and that of b is Σ_k ē[k, l] a[k, c].

use crate::ir::Contraction;

/// The contraction of (ē, b) that gives the adjoint of a.
pub(super) fn adjoint_of_left(c: &Contraction) -> Contraction {
    let own = Argument { shape: &c.left, contracted: &c.left_axes, first: 0 };
    let other = Argument { shape: &c.right, contracted: &c.right_axes, first: own.kept().len() };
    adjoint(c, &own, &other)
}

/// The contraction of (ē, a) that gives the adjoint of b.
pub(super) fn adjoint_of_right(c: &Contraction) -> Contraction {
    let other = Argument { shape: &c.left, contracted: &c.left_axes, first: 0 };
    let own = Argument { shape: &c.right, contracted: &c.right_axes, first: other.kept().len() };
    adjoint(c, &own, &other)
}

/// One argument of a contraction.
struct Argument<'a> {
    shape: &'a [usize],
    contracted: &'a [usize],
    /// The number of its first kept axis among all kept axes, before they are permuted.
    first: usize,
}

impl Argument<'_> {
    fn kept(&self) -> Vec<usize> {
        (0..self.shape.len()).filter(|axis| !self.contracted.contains(axis)).collect()
    }

    /// Its axis that became axis `number` of all kept ones, if that is one of its.
    fn axis(&self, number: usize) -> Option<usize> {
        self.kept().get(number.checked_sub(self.first)?).copied()
    }
}

fn adjoint(c: &Contraction, own: &Argument<'_>, other: &Argument<'_>) -> Contraction {
    // ē has the axes of the result: those that came from the other argument are contracted with it,
    let from_other = |&r: &usize| other.axis(c.order[r]).is_some();
    let left_axes: Vec<usize> = (0..c.order.len()).filter(from_other).collect();
    let right_axes: Vec<usize> = left_axes.iter().filter_map(|&r| other.axis(c.order[r])).collect();
    // and those of this argument are kept, followed by the axes that were contracted: named by this argument's axes.
    let kept_of_seed = c.order.iter().filter_map(|&number| own.axis(number));
    let contracted_with = |axis: usize| other.contracted.iter().position(|&a| a == axis);
    let kept_of_other = (0..other.shape.len()).filter_map(contracted_with).map(|n| own.contracted[n]);
    let kept: Vec<usize> = kept_of_seed.chain(kept_of_other).collect();
    let place = |axis| kept.iter().position(|&a| a == axis).expect("every axis is kept or contracted");
    Contraction {
        left: c.kept_shape(),
        right: other.shape.to_vec(),
        left_axes,
        right_axes,
        order: (0..own.shape.len()).map(place).collect(),
    }
}

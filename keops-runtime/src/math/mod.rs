//! Scalar functions on vectors: own code, branch-free, with the error bound of each stated where it is defined.

use crate::simd::Vector;

/// The functions, for vectors of one scalar type; `T::exp(x)` works on any vector `x` of `T`.
pub trait Functions: Sized {
    /// eˣ
    fn exp<V: Vector<Elem = Self>>(x: V) -> V;
}

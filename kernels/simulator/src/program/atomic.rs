//! What atomic operations do to memory.

use crate::ptx::Type;

/// An atomic operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AtomicOperation {
    Add,
    Exchange,
    CompareAndSwap,
    Min,
    Max,
    And,
    Or,
    Xor,
    Increment,
    Decrement,
}

impl AtomicOperation {
    /// The new value in memory.
    pub(crate) fn apply(self, kind: Type, old: u64, operands: &[u64]) -> u64 {
        let a = operands[0];
        let signed = |bits: u64| if kind.bits() == 32 { i64::from(bits as i32) } else { bits as i64 };
        let new = match (self, kind) {
            (AtomicOperation::Add, Type::F32) => {
                (f32::from_bits(old as u32) + f32::from_bits(a as u32)).to_bits().into()
            }
            (AtomicOperation::Add, Type::F64) => (f64::from_bits(old) + f64::from_bits(a)).to_bits(),
            (AtomicOperation::Add, _) => old.wrapping_add(a),
            (AtomicOperation::Exchange, _) => a,
            (AtomicOperation::CompareAndSwap, _) if old == a => operands[1],
            (AtomicOperation::CompareAndSwap, _) => old,
            (AtomicOperation::Min, _) if kind.is_signed() => signed(old).min(signed(a)) as u64,
            (AtomicOperation::Max, _) if kind.is_signed() => signed(old).max(signed(a)) as u64,
            (AtomicOperation::Min, _) => old.min(a),
            (AtomicOperation::Max, _) => old.max(a),
            (AtomicOperation::And, _) => old & a,
            (AtomicOperation::Or, _) => old | a,
            (AtomicOperation::Xor, _) => old ^ a,
            (AtomicOperation::Increment, _) => {
                if old >= a {
                    0
                } else {
                    old + 1
                }
            }
            (AtomicOperation::Decrement, _) => {
                if old == 0 || old > a {
                    a
                } else {
                    old - 1
                }
            }
        };
        if kind.bits() == 32 { new & 0xffff_ffff } else { new }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations() {
        use AtomicOperation::*;
        let minus = -2i32 as u32 as u64;
        assert_eq!(Min.apply(Type::S32, 1, &[minus]), minus);
        assert_eq!(Min.apply(Type::U32, 1, &[minus]), 1);
        assert_eq!(Max.apply(Type::S64, 1, &[-2i64 as u64]), 1);
        assert_eq!(Decrement.apply(Type::U32, 0, &[7]), 7);
        assert_eq!(Decrement.apply(Type::U32, 5, &[7]), 4);
        assert_eq!(Exchange.apply(Type::B64, 5, &[7]), 7);
        assert_eq!(Add.apply(Type::U32, 0xffff_ffff, &[2]), 1);
        assert_eq!(f64::from_bits(Add.apply(Type::F64, 1f64.to_bits(), &[0.5f64.to_bits()])), 1.5);
    }
}

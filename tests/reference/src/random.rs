//! A small generator of random numbers: the same on every machine, for ever.

/// Marsaglia's xorshift with a multiplier (xorshift64*).
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Random {
        // The state must not be zero; a multiplication by an odd constant spreads small seeds.
        let mut random = Random { state: seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 };
        random.bits();
        random
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() >> 11) as usize % n
    }

    /// True once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of some things.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Points whose coordinates are few quarters: sums of their products are exact, whatever the order, and there are ties.
pub fn quarters<const D: usize>(count: usize, seed: usize) -> Vec<[f64; D]> {
    let coordinate = |n: usize| ((n * 7919 + seed * 104_729) % 17) as f64 / 4.0 - 2.0;
    (0..count).map(|n| std::array::from_fn(|k| coordinate(D * n + k))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_fixed_and_even() {
        let mut random = Random::new(7);
        let first = random.bits();
        assert_eq!(first, Random::new(7).bits());
        assert_ne!(first, Random::new(8).bits());
        let mean = (0..10_000).map(|_| random.unit()).sum::<f64>() / 1e4;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        let mut seen = [0; 6];
        (0..6000).for_each(|_| seen[random.below(6)] += 1);
        assert!(seen.iter().all(|&n| (800..1200).contains(&n)), "{seen:?}");
    }
}

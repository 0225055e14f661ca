//! The arguments in f64: pseudo-random ones and the edges.

/// Numbers of pseudo-random bits (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number between −1 and 1.
    pub(crate) fn signed(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// f64 of every size, with more of them where functions change: within ±1, ±4, ±40 and ±700, near 1 and near 0.
pub(crate) fn sample(count: usize) -> Vec<f64> {
    let mut random = Random(1);
    let mut draw = |k: usize| {
        let (bits, u) = (random.bits(), random.signed());
        let small = 2f64.powi(-((bits % 50) as i32));
        match k % 8 {
            0 => f64::from_bits(bits),
            1 => u,
            2 => u * 4.0,
            3 => u * 40.0,
            4 => u * 700.0,
            5 => 1.0 + u * small,
            6 => u * 1e6 * small,
            _ => u * small,
        }
    };
    (0..count).map(&mut draw).collect()
}

/// Zeros, infinities, NaN, the ends of the ranges of f32 and f64, and where results over- and underflow.
pub(crate) const ARGUMENTS: [f64; 40] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    2.0,
    -2.0,
    1.0 + f64::EPSILON,
    1.0 - f64::EPSILON / 2.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    -f64::MIN_POSITIVE,
    5e-324,
    -5e-324,
    1e-310,
    f32::MAX as f64,
    f32::MIN_POSITIVE as f64,
    1e-45,
    709.782712893384,
    709.7827128933841,
    -708.3964185322641,
    -745.1332191019411,
    -745.1332191019412,
    710.4758600739439,
    710.4758600739441,
    1024.0,
    1023.9999999999999,
    -1022.0,
    -1074.0,
    -1075.5,
    27.0,
    1e22,
    -1e300,
    std::f64::consts::FRAC_PI_2,
    std::f64::consts::PI * 1e5,
];

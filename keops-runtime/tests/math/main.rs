//! The vector functions against references, with the bounds that are stated for them.

mod double;
mod evaluate;
mod functions;
mod pairs;
mod special;

use evaluate::{Function, Worst, levels};
use functions::{Visit, for_all};
use keops::simd::Level;

/// Numbers of pseudo-random bits (SplitMix64).
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number between −1 and 1.
    fn signed(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// f64 of every size, with more of them where functions change: within ±1, ±4, ±40 and ±700, near 1 and near 0.
fn sample(count: usize) -> Vec<f64> {
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

/// Errors in f32 on every `stride`-th of all bit patterns.
struct Sweep {
    level: Level,
    stride: usize,
    complaints: Vec<String>,
}

impl Sweep {
    fn new(level: Level, stride: usize) -> Self {
        let mut sweep = Sweep { level, stride, complaints: Vec::new() };
        for_all(&mut sweep);
        sweep
    }

    /// The worst of the patterns `first`, `first + step`, …
    fn worst<F: Function>(&self, first: usize, step: usize) -> Worst<f32> {
        let mut worst = Worst::none();
        let mut patterns = (first..1 << 32).step_by(step).map(|bits| f32::from_bits(bits as u32));
        loop {
            let some: Vec<f32> = patterns.by_ref().take(4096).collect();
            if some.is_empty() {
                return worst;
            }
            worst.look::<F>(self.level, &some, |_, value| value.into());
        }
    }
}

impl Visit for Sweep {
    fn visit<F: Function>(&mut self) {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let sweep = &*self;
        let worst = std::thread::scope(|scope| {
            let work: Vec<_> = (0..threads)
                .map(|k| scope.spawn(move || sweep.worst::<F>(k * sweep.stride, threads * sweep.stride)))
                .collect();
            work.into_iter().map(|thread| thread.join().expect("no panic")).fold(Worst::none(), Worst::or)
        });
        println!("{:20} {:7} {:.4} ulp at {:e}", F::NAME, self.level.name(), worst.error, worst.at);
        self.complaints.extend(worst.complaint::<F>(self.level));
    }
}

/// Complaints about errors in f64 on given numbers.
struct Check<'a> {
    level: Level,
    arguments: &'a [f64],
    complaints: Vec<String>,
}

impl Visit for Check<'_> {
    fn visit<F: Function>(&mut self) {
        let mut worst = Worst::none();
        worst.look::<F>(self.level, self.arguments, |x, _| F::exact(x));
        self.complaints.extend(worst.complaint::<F>(self.level));
    }
}

fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn f32_errors_are_within_their_bounds() {
    none(&Sweep::new(Level::best(), 257).complaints);
}

#[test]
fn f32_errors_are_within_their_bounds_on_lesser_levels() {
    for level in levels().filter(|&level| level != Level::best()) {
        none(&Sweep::new(level, 0x4001).complaints);
    }
}

#[test]
#[ignore = "half an hour of processor time: cargo test --release --test math -- --ignored --nocapture"]
fn f32_errors_are_within_their_bounds_on_all_patterns() {
    none(&Sweep::new(Level::best(), 1).complaints);
}

#[test]
fn f64_errors_are_within_their_bounds() {
    let arguments = sample(100_000);
    for level in levels() {
        let count = if level == Level::best() { arguments.len() } else { 10_000 };
        let mut check = Check { level, arguments: &arguments[..count], complaints: Vec::new() };
        for_all(&mut check);
        none(&check.complaints);
    }
}

#[test]
fn special_arguments_give_what_the_standard_library_gives() {
    for level in levels() {
        let mut check = Check { level, arguments: &special::ARGUMENTS, complaints: Vec::new() };
        for_all(&mut check);
        none(&check.complaints);
    }
}

//! What a call allocates beyond its result: at most a megabyte for each thread, whatever the sizes.

use keops::keops;
use keops_reference::random::Random;
use peak_alloc::PeakAlloc;
use rayon::ThreadPoolBuilder;
use std::hint::black_box;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Bytes for each thread.
const MOST: usize = 1 << 20;
/// Numbers that the points of all calls are taken from: enough for tasks of 256 rows with 784 coordinates.
const POINTS: usize = 6_500_000;

keops! {
    #[grad(x_i)]
    fn gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Exp(-SqDist(x_i, y_j) / s^2) * b_j
    }
    fn gaussian_784(x_i: Vi<784>, y_j: Vj<784>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Exp(-SqDist(x_i, y_j) / s^2) * b_j
    }
    #[dot_products]
    fn gaussian_dot_784(x_i: Vi<784>, y_j: Vj<784>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Exp(-SqDist(x_i, y_j) / s^2) * b_j
    }
    fn attention(x_i: Vi<64>, y_j: Vj<64>, b_j: Vj<64>, s: Pm<1>) -> Vi<64> {
        SumSoftMaxWeight_j(s * (x_i | y_j), b_j)
    }
    fn hundred_nearest(x_i: Vi<3>, y_j: Vj<3>) -> Vi<100, usize> {
        ArgKMin_j(SqDist(x_i, y_j), 100)
    }
}

/// Numbers between 0 and 1.
fn numbers<T>(count: usize, number: impl Fn(f64) -> T) -> Vec<T> {
    let mut random = Random::new(5);
    (0..count).map(|_| number(random.unit())).collect()
}

/// The most that is allocated at one time during a call, beyond the `result` bytes that it returns.
fn peak<R>(call: impl Fn() -> R, result: impl Fn(&R) -> usize) -> usize {
    // What threads set up for themselves is there after the first.
    black_box(call());
    HEAP.reset_peak_usage();
    let before = HEAP.current_usage();
    let returned = black_box(call());
    HEAP.peak_usage() - before - result(&returned)
}

/// Many rows, rows that make a few tasks, few rows of which the columns are divided: each formula with its bytes.
macro_rules! peaks {
    ($scalar:ty, $threads:expr, $add:expr) => {
        let points: Vec<$scalar> = numbers(POINTS, |x| x as $scalar);
        let rows = |count: usize, dim: usize| &points[..count * dim];
        let pool = ThreadPoolBuilder::new().num_threads($threads).build().expect("a pool of threads");
        for (m, n) in [(50_000, 200), (1_000, 1_000), (64, 40_000), (1, 50_000)] {
            let mut add = |name: &str, bytes: usize| {
                $add(format!("{name} in {}, {m} × {n}", stringify!($scalar)), $threads, bytes)
            };
            pool.install(|| {
                let (x, y, b) = (rows(m, 3), rows(n, 3), rows(n, 1));
                add("Gaussian", peak(|| gaussian(x, y, b, 1.0), bytes));
                add("its gradient", peak(|| gaussian::grad_x_i(x, y, b, 1.0, rows(m, 1)), bytes));
                add("hundred nearest", peak(|| hundred_nearest(x, y), bytes));
                let few = |count: usize, dim: usize| rows(count.min(POINTS / dim), dim);
                let (x, y, b) = (few(m, 64), few(n, 64), few(n, 64));
                add("attention", peak(|| attention(x, y, b, 0.125), bytes));
                let (x, y) = (few(m, 784), few(n, 784));
                let b = rows(y.len() / 784, 1);
                add("Gaussian, D = 784", peak(|| gaussian_784(x, y, b, 28.0), bytes));
                add("Gaussian, D = 784, dot products", peak(|| gaussian_dot_784(x, y, b, 28.0), bytes));
            });
        }
    };
}

/// In one test, since other tests of a program would allocate at the same time.
#[test]
fn a_call_allocates_a_megabyte_a_thread() {
    let mut most = vec![];
    let mut add = |name, threads, bytes| most.push((name, threads, bytes));
    for threads in [1, 2] {
        peaks!(f32, threads, add);
        peaks!(f64, threads, add);
    }
    most.iter().for_each(|(name, threads, bytes)| println!("{name}, {threads} threads: {bytes}"));
    for (name, threads, bytes) in most {
        assert!(bytes <= threads * MOST, "{name}: {bytes} bytes on {threads} threads");
    }
}

/// The bytes of a result.
fn bytes<T>(result: &Result<Vec<T>, keops::Error>) -> usize {
    size_of_val(&result.as_ref().expect("sizes that agree")[..])
}

//! The same bits for any number of threads.

use keops::keops;
use keops_reference::data::{Data, Setup};
use rayon::ThreadPoolBuilder;

keops! {
    #[grad]
    pub fn gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, s: Pm<1>) -> Vi<2> {
        Exp(-SqDist(x_i, y_j) / s^2) * b_j
    }

    pub fn attention(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, s: Pm<1>) -> (Vi<1>, Vi<2>) {
        (LogSumExp_j(s * (x_i | y_j)), SumSoftMaxWeight_j(s * (x_i | y_j), b_j))
    }

    pub fn neighbours(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, s: Pm<1>) -> (Vi<5>, Vi<5, usize>, Vi<2>) {
        (KMin_ArgKMin_j(s * SqDist(x_i, y_j), 5), Max_j(b_j - x_i[0]))
    }
}

/// The arguments of all three formulas.
const ARGUMENTS: &str =
    "pub fn f(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, s: Pm<1>, e_i: Vi<2>) -> Vi<1> { SqDist(x_i, y_j) }";

/// Runs `f` on pools of several sizes and compares what it returns.
fn same_for_all_pools(f: impl Fn() -> Vec<u64> + Sync) {
    let on = |threads: usize| {
        ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads").install(&f)
    };
    let alone = on(1);
    assert!(alone.len() > 10);
    for threads in [2, 3, 8] {
        assert!(alone == on(threads), "{threads} threads give other bits than one");
    }
}

macro_rules! everything {
    ($scalar:ty, $m:expr, $n:expr) => {{
        let data = Data::random(&keops_reference::function(ARGUMENTS), &Setup::sizes($m, $n));
        let (x, y) = (data.points::<$scalar, 3>("x_i"), data.points::<$scalar, 3>("y_j"));
        let (b, s) = (data.points::<$scalar, 2>("b_j"), data.parameter::<$scalar, 1>("s"));
        let e = data.points::<$scalar, 2>("e_i");
        same_for_all_pools(|| {
            let mut bits: Vec<u64> = vec![];
            let mut add = |values: &[$scalar]| bits.extend(values.iter().map(|v| u64::from(v.to_bits())));
            add(gaussian(&x, &y, &b, &s).unwrap().as_flattened());
            add(gaussian::grad_x_i(&x, &y, &b, &s, &e).unwrap().as_flattened());
            add(gaussian::grad_y_j(&x, &y, &b, &s, &e).unwrap().as_flattened());
            add(&[gaussian::grad_s(&x, &y, &b, &s, &e).unwrap()]);
            let (log_sum, softmax) = attention(&x, &y, &b, &s).unwrap();
            add(&log_sum);
            add(softmax.as_flattened());
            let (values, indices, largest) = neighbours(&x, &y, &b, &s).unwrap();
            add(values.as_flattened());
            add(largest.as_flattened());
            bits.extend(indices.as_flattened().iter().map(|&i| i as u64));
            bits
        });
    }};
}

#[test]
fn many_rows() {
    everything!(f32, 2003, 611);
    everything!(f64, 2003, 611);
}

#[test]
fn few_rows_and_many_points() {
    // Lanes are columns for one row, and for two in f32.
    for rows in [1, 2, 3] {
        everything!(f32, rows, 200_001);
        everything!(f64, rows, 200_001);
    }
}

#[test]
fn too_little_for_threads() {
    everything!(f32, 7, 33);
}

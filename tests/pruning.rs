//! `#[prune]` changes the time and nothing else: results are compared with those of all pairs, bit for bit but for sums
//! that round.

use keops::{Error, keops};
use keops_reference::random::Random;

/// Functions in pairs of the same body, pruned and not.
macro_rules! pairs {
    ($($pruned:ident $plain:ident ($($arguments:tt)*) -> ($($result:tt)*) { $($body:tt)* })*) => {
        keops! {$(
            #[prune]
            fn $pruned($($arguments)*) -> $($result)* { $($body)* }
            fn $plain($($arguments)*) -> $($result)* { $($body)* }
        )*}
    };
}

pairs! {
    three_of_1 all_three_of_1 (x_i: Vi<1>, y_j: Vj<1>) -> ((Vi<3>, Vi<3, usize>)) {
        KMin_ArgKMin_j(Abs(x_i - y_j), 3)
    }
    one_of_2 all_one_of_2 (x_i: Vi<2>, y_j: Vj<2>) -> ((Vi<1>, Vi<1, usize>)) {
        Min_ArgMin_j(SqDist(x_i, y_j))
    }
    three_of_2 all_three_of_2 (x_i: Vi<2>, y_j: Vj<2>) -> ((Vi<3>, Vi<3, usize>)) {
        KMin_ArgKMin_j(Norm2(x_i - y_j), 3)
    }
    one_of_3 all_one_of_3 (x_i: Vi<3>, y_j: Vj<3>) -> ((Vi<1>, Vi<1, usize>)) {
        (Min_j(SqDist(x_i, y_j)), ArgMin_j(SqDist(x_i, y_j)))
    }
    ten_of_3 all_ten_of_3 (x_i: Vi<3>, y_j: Vj<3>) -> ((Vi<10>, Vi<10, usize>)) {
        KMin_ArgKMin_j(SqDist(x_i, y_j), 10)
    }
    three_of_8 all_three_of_8 (x_i: Vi<8>, y_j: Vj<8>) -> ((Vi<3>, Vi<3, usize>)) {
        KMin_ArgKMin_j(SqDist(x_i, y_j), 3)
    }
    // Kept on the other side, negative values.
    over_i all_over_i (y_j: Vj<3>, x_i: Vi<3>) -> ((Vj<3>, Vj<3, usize>)) {
        KMax_ArgKMax_i(-2 * SqDist(x_i, y_j), 3)
    }
    // Several reductions, values without indices, and other variables after them.
    several all_several (x_i: Vi<3>, y_j: Vj<3>, a_i: Vi<2>, s: Pm<1>) -> ((Vi<2>, Vi<1, usize>)) {
        (a_i * Min_j(Norm2(x_i - y_j)) / s + Sum(KMin_j(3 * SqDist(x_i, y_j), 4)), ArgMin_j(SqDist(x_i, y_j)))
    }
    // Long vectors, which are summed up in blocks of columns.
    one_of_12 all_one_of_12 (x_i: Vi<12>, y_j: Vj<12>) -> ((Vi<1>, Vi<1, usize>)) {
        Min_ArgMin_j(SqDist(x_i, y_j))
    }
}

// Sums that are exact for whole numbers b, whatever their order.
pairs! {
    within all_within (x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<2>, r: Pm<1>) -> (Vi<2>) {
        Sum_j((SqDist(x_i, y_j) < r^2) * b_j)
    }
    touching all_touching (y_j: Vj<2>, x_i: Vi<2>, r: Pm<1>) -> ((Vj<1>, Vj<1, usize>)) {
        (Sum_i(Step(r - Norm2(x_i - y_j))), ArgMin_i(SqDist(x_i, y_j)))
    }
}

keops! {
    /// Wendland's function φ_{3,1} and what it smooths.
    #[prune]
    #[grad]
    fn wendland(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, r: Pm<1>) -> Vi<2> {
        let d = Norm2(x_i - y_j) / r;
        Sum_j(ReLU(1 - d)^4 * (4 * d + 1) * b_j)
    }

    #[grad]
    fn all_wendland(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, r: Pm<1>) -> Vi<2> {
        let d = Norm2(x_i - y_j) / r;
        Sum_j(ReLU(1 - d)^4 * (4 * d + 1) * b_j)
    }

    #[prune]
    #[grad]
    fn energy(x_i: Vi<3>, y_j: Vj<3>, a_i: Vi<1>, s: Pm<1>) -> Vi<1> {
        a_i * s * Sum(KMin_j(SqDist(x_i, y_j), 3))
    }

    #[grad]
    fn all_energy(x_i: Vi<3>, y_j: Vj<3>, a_i: Vi<1>, s: Pm<1>) -> Vi<1> {
        a_i * s * Sum(KMin_j(SqDist(x_i, y_j), 3))
    }
}

/// The kinds of points.
const KINDS: [&str; 8] =
    ["random", "clustered", "gridded", "duplicated", "with NaN", "far", "tiny", "on a line"];

/// `count` points with `D` coordinates.
fn cloud<const D: usize>(kind: &str, count: usize, seed: u64) -> Vec<[f64; D]> {
    let mut random = Random::new(seed);
    let mut points: Vec<[f64; D]> = vec![];
    for n in 0..count {
        let mut point = [0.0; D];
        let centre = (random.unit() * 5.0).floor();
        for (k, x) in point.iter_mut().enumerate() {
            let u = random.unit();
            *x = match kind {
                "clustered" => 100.0 * (centre + k as f64).sin() + u * u,
                "gridded" => (u * 4.0).floor(),
                // Some squares, some sums and some differences overflow, in `f32` too.
                "far" => (u - 0.5) * if n % 5 == 0 { 4e38 } else { 2e19 },
                // Squares that are subnormal or zero.
                "tiny" => (u - 0.5) * if n % 3 == 0 { 1e-18 } else { 1e-22 },
                "on a line" => 1e3 + if k == 0 { u } else { 0.0 },
                _ => u,
            };
        }
        if kind == "duplicated" && n > 0 && random.unit() < 0.8 {
            point = points[random.below(n)];
        }
        if kind == "with NaN" && random.unit() < 0.3 {
            let k = random.below(D);
            point[k] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY][n % 3];
        }
        points.push(point);
    }
    points
}

/// The same points in `f32`.
fn single<const D: usize>(points: &[[f64; D]]) -> Vec<[f32; D]> {
    points.iter().map(|p| p.map(|x| x as f32)).collect()
}

/// The bits of a result, which tell zeros of either sign apart. Those of NaN are for the processor to choose.
trait Bits {
    fn bits(&self) -> Vec<u64>;
}

impl Bits for f32 {
    fn bits(&self) -> Vec<u64> {
        vec![if self.is_nan() { u64::MAX } else { self.to_bits().into() }]
    }
}

impl Bits for f64 {
    fn bits(&self) -> Vec<u64> {
        vec![if self.is_nan() { u64::MAX } else { self.to_bits() }]
    }
}

impl Bits for usize {
    fn bits(&self) -> Vec<u64> {
        vec![*self as u64]
    }
}

impl<B: Bits, const D: usize> Bits for [B; D] {
    fn bits(&self) -> Vec<u64> {
        self.iter().flat_map(Bits::bits).collect()
    }
}

impl<B: Bits> Bits for Vec<B> {
    fn bits(&self) -> Vec<u64> {
        self.iter().flat_map(Bits::bits).collect()
    }
}

impl<A: Bits, B: Bits> Bits for (A, B) {
    fn bits(&self) -> Vec<u64> {
        [self.0.bits(), self.1.bits()].concat()
    }
}

/// Two calls with the same outcome: the same bits, or the same error.
fn same<R: Bits>(pruned: Result<R, Error>, plain: Result<R, Error>, what: &str) {
    match (pruned, plain) {
        (Ok(pruned), Ok(plain)) => assert!(pruned.bits() == plain.bits(), "{what}"),
        (Err(pruned), Err(plain)) => assert_eq!(pruned, plain, "{what}"),
        (pruned, plain) => {
            panic!("{what}: pruned is {}, plain is {}", outcome(&pruned), outcome(&plain))
        }
    }
}

fn outcome<R>(result: &Result<R, Error>) -> String {
    result.as_ref().map_or_else(ToString::to_string, |_| "well".to_string())
}

/// Numbers of rows and columns: none, around a tile, and enough for a tree with several levels and for the threads.
const SIZES: [(usize, usize); 17] = [
    (0, 5),
    (5, 0),
    (1, 1),
    (2, 2),
    (7, 63),
    (64, 64),
    (63, 65),
    (65, 64),
    (1, 5),
    (1, 1000),
    (2, 65),
    (2, 1001),
    (3, 127),
    (1000, 1),
    (300, 700),
    (1000, 129),
    (2000, 5000),
];

/// Calls both functions on all kinds and sizes of points, in both scalar types.
macro_rules! compare {
    ($dim:literal, $([$pruned:ident, $plain:ident]),+) => {
        for (seed, kind) in (1..).zip(KINDS) {
            for (m, n) in SIZES {
                let (x, y) = (cloud::<$dim>(kind, m, seed), cloud::<$dim>(kind, n, seed + 100));
                let (x32, y32) = (single(&x), single(&y));
                $({
                    let what = format!("{} of {m} and {n} points, {kind}", stringify!($pruned));
                    same($pruned(&x, &y), $plain(&x, &y), &what);
                    same($pruned(&x32, &y32), $plain(&x32, &y32), &format!("{what} in f32"));
                })+
            }
        }
    };
}

#[test]
fn in_dimension_1() {
    compare!(1, [three_of_1, all_three_of_1]);
}

#[test]
fn in_dimension_2() {
    compare!(2, [one_of_2, all_one_of_2], [three_of_2, all_three_of_2]);
}

#[test]
fn in_dimension_3() {
    compare!(3, [one_of_3, all_one_of_3], [ten_of_3, all_ten_of_3], [over_i, all_over_i]);
}

#[test]
fn in_higher_dimensions() {
    compare!(8, [three_of_8, all_three_of_8]);
    compare!(12, [one_of_12, all_one_of_12]);
}

#[test]
fn what_follows_the_reductions_is_that_of_the_row() {
    for (seed, kind) in (1..).zip(KINDS) {
        for (m, n) in SIZES {
            let (x, y, a) =
                (cloud::<3>(kind, m, seed), cloud::<3>(kind, n, seed + 9), cloud::<2>("random", m, 7));
            let what = format!("{m} and {n} points, {kind}");
            same(several(&x, &y, &a, 0.7), all_several(&x, &y, &a, 0.7), &what);
            let (x, y, a) = (single(&x), single(&y), single(&a));
            same(several(&x, &y, &a, 0.7), all_several(&x, &y, &a, 0.7), &format!("{what} in f32"));
        }
    }
}

#[test]
fn gradients_are_those_of_all_pairs() {
    for kind in ["random", "gridded", "duplicated", "with NaN"] {
        for (m, n) in [(0, 5), (5, 0), (2, 2), (65, 64), (700, 900)] {
            let (x, y) = (cloud::<3>(kind, m, 3), cloud::<3>(kind, n, 4));
            let a: Vec<f64> = cloud::<1>("random", m, 5).into_iter().flatten().collect();
            let e: Vec<f64> = cloud::<1>("random", m, 6).into_iter().flatten().collect();
            let s = 1.3;
            let what = format!("{m} and {n} points, {kind}");
            same(energy(&x, &y, &a, s), all_energy(&x, &y, &a, s), &what);
            same(
                energy::grad_x_i(&x, &y, &a, s, &e),
                all_energy::grad_x_i(&x, &y, &a, s, &e),
                &format!("grad_x_i of {what}"),
            );
            same(
                energy::grad_y_j(&x, &y, &a, s, &e),
                all_energy::grad_y_j(&x, &y, &a, s, &e),
                &format!("grad_y_j of {what}"),
            );
            same(
                energy::grad_a_i(&x, &y, &a, s, &e),
                all_energy::grad_a_i(&x, &y, &a, s, &e),
                &format!("grad_a_i of {what}"),
            );
            same(
                energy::grad_s(&x, &y, &a, s, &e),
                all_energy::grad_s(&x, &y, &a, s, &e),
                &format!("grad_s of {what}"),
            );
        }
    }
}

#[test]
fn sums_that_are_exact() {
    for (seed, kind) in (1..).zip(KINDS) {
        for (m, n) in SIZES {
            let (x, y) = (cloud::<2>(kind, m, seed), cloud::<2>(kind, n, seed + 100));
            let b: Vec<[f64; 2]> = (0..n).map(|j| [1.0, (j % 17) as f64]).collect();
            let (x32, y32, b32) = (single(&x), single(&y), single(&b));
            for r in [0.03, 1.0, 1e-20, 0.0, -0.5, f64::INFINITY, f64::NAN] {
                let what = format!("within {r}, {m} and {n} points, {kind}");
                same(within(&x, &y, &b, r), all_within(&x, &y, &b, r), &what);
                same(touching(&y, &x, r), all_touching(&y, &x, r), &format!("touching, {what}"));
                let (r, what) = (r as f32, format!("{what} in f32"));
                same(within(&x32, &y32, &b32, r), all_within(&x32, &y32, &b32, r), &what);
                same(touching(&y32, &x32, r), all_touching(&y32, &x32, r), &format!("touching, {what}"));
            }
        }
    }
}

#[test]
fn sums_that_round() {
    for kind in ["random", "clustered", "gridded"] {
        for (m, n) in [(0, 5), (5, 0), (2, 2), (65, 64), (700, 900)] {
            let (x, y, b) = (cloud::<3>(kind, m, 3), cloud::<3>(kind, n, 4), cloud::<2>("random", n, 5));
            let e = cloud::<2>("random", m, 6);
            for r in [0.2, 2.0] {
                let what = format!("{r}, {m} and {n} points, {kind}");
                close(wendland(&x, &y, &b, r), all_wendland(&x, &y, &b, r), &what);
                let pruned = wendland::grad_x_i(&x, &y, &b, r, &e);
                close(pruned, all_wendland::grad_x_i(&x, &y, &b, r, &e), &format!("grad_x_i of {what}"));
                let pruned = wendland::grad_y_j(&x, &y, &b, r, &e);
                close(pruned, all_wendland::grad_y_j(&x, &y, &b, r, &e), &format!("grad_y_j of {what}"));
                let pruned = wendland::grad_b_j(&x, &y, &b, r, &e);
                close(pruned, all_wendland::grad_b_j(&x, &y, &b, r, &e), &format!("grad_b_j of {what}"));
                let pruned = wendland::grad_r(&x, &y, &b, r, &e).expect("sizes that agree");
                let plain = all_wendland::grad_r(&x, &y, &b, r, &e).expect("sizes that agree");
                close(Ok(vec![[pruned]]), Ok(vec![[plain]]), &format!("grad_r of {what}"));
            }
        }
    }
}

/// The same sums in another order. The terms of one, at most 900 below 20 / r in size, are summed with an error of 64 ε of
/// what a tile of them adds up to: below 900 · 100 · 64 · 2.2e-16 < 1.3e-9, and random signs of the errors leave far less.
fn close<const D: usize>(
    pruned: Result<Vec<[f64; D]>, Error>,
    plain: Result<Vec<[f64; D]>, Error>,
    what: &str,
) {
    let (pruned, plain) = (pruned.expect("sizes that agree"), plain.expect("sizes that agree"));
    assert_eq!(pruned.len(), plain.len(), "{what}");
    for (a, b) in pruned.as_flattened().iter().zip(plain.as_flattened()) {
        assert!((a - b).abs() <= 1e-10, "{what}: {a} {b}");
    }
}

#[test]
fn the_number_of_threads_does_not_change_a_bit() {
    let (x, y) = (cloud::<3>("duplicated", 3000, 1), cloud::<3>("duplicated", 9000, 1));
    let results: Vec<Vec<u64>> = [1, 2, 5]
        .into_iter()
        .map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| ten_of_3(&x, &y).expect("sizes that agree").bits())
        })
        .collect();
    assert!(results.iter().all(|r| *r == results[0]));
}

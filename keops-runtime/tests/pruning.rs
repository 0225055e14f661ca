//! `#[prune]` with factors that are known only when the program runs: whatever their sign, the results are those of all
//! pairs, bit for bit. (`tests/pruning.rs` of the workspace has the rest.)

use keops::keops;

keops! {
    #[prune]
    fn nearest(x_i: Vi<2>, y_j: Vj<2>, s: Pm<1>) -> (Vi<1>, Vi<2>, Vi<2, usize>) {
        let d = s * SqDist(x_i, y_j);
        (Min_j(d), KMin_j(d, 2), ArgKMin_j(d, 2))
    }
    fn all_nearest(x_i: Vi<2>, y_j: Vj<2>, s: Pm<1>) -> (Vi<1>, Vi<2>, Vi<2, usize>) {
        let d = s * SqDist(x_i, y_j);
        (Min_j(d), KMin_j(d, 2), ArgKMin_j(d, 2))
    }

    /// One list is of the nearest, the other of the furthest.
    #[prune]
    fn both(x_i: Vi<2>, y_j: Vj<2>, s: Pm<1>) -> (Vi<1, usize>, Vi<1, usize>) {
        (ArgMax_j(s * SqDist(x_i, y_j)), ArgMin_j(Norm2(x_i - y_j)))
    }
    fn all_both(x_i: Vi<2>, y_j: Vj<2>, s: Pm<1>) -> (Vi<1, usize>, Vi<1, usize>) {
        (ArgMax_j(s * SqDist(x_i, y_j)), ArgMin_j(Norm2(x_i - y_j)))
    }
}

/// Points of which some have coordinates that are not finite.
fn cloud(count: usize, phase: f64) -> Vec<[f64; 2]> {
    let mut points: Vec<[f64; 2]> =
        (0..count).map(|n| [(n as f64 * 1.7 + phase).sin(), (n as f64 * 0.9).cos()]).collect();
    points[count / 2] = [f64::INFINITY, 0.0];
    points[count / 3] = [f64::NEG_INFINITY, f64::INFINITY];
    points[count / 5] = [0.0, f64::NAN];
    points
}

#[test]
fn lists_of_the_furthest_take_what_is_infinitely_far() {
    let (x, y) = (cloud(100, 0.0), cloud(300, 0.3));
    let finite = (x[..7].to_vec(), y[..50].to_vec());
    for (x, y) in [(&x, &y), (&finite.0, &y), (&x, &finite.1), (&finite.0, &finite.1)] {
        for s in [1.0, -1.0, 0.0, -0.0, 1e-300, -1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            let (pruned, plain) = (nearest(x, y, s).unwrap(), all_nearest(x, y, s).unwrap());
            assert_eq!(pruned.2, plain.2, "s = {s}");
            let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&pruned.0), bits(&plain.0), "s = {s}");
            assert_eq!(bits(pruned.1.as_flattened()), bits(plain.1.as_flattened()), "s = {s}");
            assert_eq!(both(x, y, s).unwrap(), all_both(x, y, s).unwrap(), "s = {s}");
        }
    }
}

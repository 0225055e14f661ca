//! Reductions that go on from one call to the next: compared with one call over all points.

use approx::assert_relative_eq;
use keops::{Error, Options, Ranges, Stream, keops};
use keops_reference::random::quarters;
use std::ops::ControlFlow;

keops! {
    #[grad]
    fn gaussian(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> { Exp(-SqDist(x_i, y_j) / s^2) * b_j }

    fn several(x_i: Vi<2>, y_j: Vj<2>) -> (Vi<1>, Vi<3, usize>, Vi<2>, Vi<1>) {
        (Max_j(x_i | y_j), ArgKMin_j(SqDist(x_i, y_j), 3), Sum_j(y_j) - x_i, LogSumExp_j(x_i | y_j))
    }

    fn over_i(x_i: Vi<2>, y_j: Vj<2>) -> (Vj<2>, Vj<2, usize>) { (Mean_i(x_i), ArgMax_i(x_i * y_j)) }

    fn energy(x_i: Vi<2>, y_j: Vj<2>) -> Pm<1> { Sum_ij(x_i | y_j) }

    #[prune]
    fn pruned(x_i: Vi<2>, y_j: Vj<2>) -> (Vi<1>, Vi<1, usize>) { Min_ArgMin_j(SqDist(x_i, y_j)) }

    #[grad]
    fn attention(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<1>) -> Vi<1> { SumSoftMaxWeight_j(x_i | y_j, b_j) }

    fn with_columns(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> { Sum_j(j * (x_i | y_j)) }

    fn with_rows(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> { Sum_j(i * (x_i | y_j)) }

    fn nothing(x_i: Vi<2>, y_j: Vj<2>) -> Vi<2> { Sum_j(0 * y_j) + x_i }
}

/// Ends of blocks of 1500 points: all at once, one by one at first, empty ones, uneven ones.
fn divisions() -> Vec<Vec<usize>> {
    vec![
        vec![1500],
        vec![1, 2, 3, 3, 70, 1500],
        vec![0, 64, 128, 129, 1000, 1500, 1500],
        (0..16).map(|n| n * 100).collect(),
    ]
}

/// The last of the results of blocks.
fn last<R>(ends: &[usize], mut each: impl FnMut(std::ops::Range<usize>) -> R) -> R {
    let (mut first, mut result) = (0, None);
    for end in ends {
        result = Some(each(first..*end));
        first = *end;
    }
    result.expect("there is a block")
}

#[test]
fn blocks_come_to_what_all_points_do() -> Result<(), Error> {
    for rows in [0, 1, 5, 33, 300] {
        let (x, y) = (quarters::<2>(rows, 1), quarters::<2>(1500, 2));
        let b: Vec<f64> = (0..1500).map(|n| f64::from(n % 7)).collect();
        for ends in divisions() {
            let stream = Stream::new();
            let sums =
                last(&ends, |block| gaussian::with(&stream, &x, &y[block.clone()], &b[block], 1.5).unwrap());
            for (sum, wanted) in sums.iter().zip(&gaussian(&x, &y, &b, 1.5)?) {
                // Terms are added in another order.
                assert_relative_eq!(sum, wanted, max_relative = 1e-13);
            }
            assert_eq!((sums.len(), stream.points()), (rows, 1500));

            let stream = Stream::new();
            let ends: Vec<usize> = ends.into_iter().filter(|end| *end > 2).collect();
            let (largest, indices, differences, logs) =
                last(&ends, |block| several::with(&stream, &x, &y[block]).unwrap());
            let wanted = several(&x, &y)?;
            assert_eq!((largest, indices, differences), (wanted.0, wanted.1, wanted.2));
            for (log, wanted) in logs.iter().zip(&wanted.3) {
                assert_relative_eq!(log, wanted, max_relative = 1e-13);
            }

            let stream = Stream::new();
            assert_eq!(last(&ends, |block| over_i::with(&stream, &y[block], &x).unwrap()), over_i(&y, &x)?);
            let stream = Stream::new();
            assert_eq!(last(&ends, |block| energy::with(&stream, &x, &y[block]).unwrap()), energy(&x, &y)?);
            let stream = Stream::new();
            assert_eq!(last(&ends, |block| pruned::with(&stream, &x, &y[block]).unwrap()), pruned(&x, &y)?);
            let stream = Stream::new();
            assert_eq!(
                last(&ends, |block| with_rows::with(&stream, &x, &y[block]).unwrap()),
                with_rows(&x, &y)?
            );
            let stream = Stream::new();
            assert_eq!(last(&ends, |block| nothing::with(&stream, &x, &y[block]).unwrap()), x);
            assert_eq!(stream.points(), 1500);
        }
    }
    Ok(())
}

#[test]
fn each_result_is_that_of_the_points_so_far() -> Result<(), Error> {
    let (x, y) = (quarters::<2>(40, 1), quarters::<2>(500, 2));
    let stream = Stream::new();
    for n in 0..5 {
        let so_far = over_i::with(&stream, &y[n * 100..(n + 1) * 100], &x)?;
        assert_eq!(so_far, over_i(&y[..(n + 1) * 100], &x)?);
    }
    // A gradient that is one pass goes on too.
    let (b, e, stream) = (vec![1.0; 500], vec![0.5; 40], Stream::new());
    gaussian::grad_x_i::with(&stream, &x, &y[..77], &b[..77], 1.5, &e)?;
    let gradient = gaussian::grad_x_i::with(&stream, &x, &y[77..], &b[77..], 1.5, &e)?;
    let wanted = gaussian::grad_x_i(&x, &y, &b, 1.5, &e)?;
    for (g, w) in gradient.as_flattened().iter().zip(wanted.as_flattened()) {
        // 500 terms of at most 1.
        assert_relative_eq!(g, w, epsilon = 1e-12);
    }
    Ok(())
}

#[test]
fn parts_are_merged_in_order() -> Result<(), Error> {
    let (x, y) = (quarters::<2>(40, 1), quarters::<2>(500, 2));
    let parts: Vec<Stream> = y.chunks(130).map(|_| Stream::new()).collect();
    for (stream, block) in parts.iter().zip(y.chunks(130)) {
        several::with(stream, &x, block)?;
    }
    let whole = parts[0].clone();
    parts[1..].iter().try_for_each(|part| whole.merge(part))?;
    assert_eq!((whole.points(), parts[0].points()), (500, 130));
    // No more points: the result as it is.
    let none: [[f64; 2]; 0] = [];
    let (merged, all) = (several::with(&whole, &x, &none)?, several(&x, &y)?);
    assert_eq!((merged.0, merged.1, merged.2), (all.0, all.1, all.2));
    Ok(())
}

#[test]
fn parts_come_from_other_processes_as_bytes() -> Result<(), Error> {
    let y = quarters::<2>(500, 2);
    // One row has other lanes than many.
    for rows in [0, 1, 2, 40] {
        let x = quarters::<2>(rows, 1);
        let part = |block: &[[f64; 2]]| {
            let stream = Stream::new();
            several::with(&stream, &x, block)?;
            stream.to_bytes()
        };
        let parts = y.chunks(130).map(part).collect::<Result<Vec<Vec<u8>>, Error>>()?;
        let all = Stream::from_bytes(&Stream::new().to_bytes()?)?;
        parts.iter().try_for_each(|part| all.merge(&Stream::from_bytes(part)?))?;
        assert_eq!((all.points(), Stream::from_bytes(&all.to_bytes()?)?.points()), (500, 500));
        let wanted = several(&x, &y)?;
        // No more points, and more points.
        let whole = several::with(&all, &x, &y[..0])?;
        assert_eq!((whole.0, whole.1, whole.2), (wanted.0.clone(), wanted.1.clone(), wanted.2.clone()));
        let goes_on = several::with(&Stream::from_bytes(&parts[0])?, &x, &y[130..])?;
        assert_eq!((goes_on.0, goes_on.1, goes_on.2), (wanted.0, wanted.1, wanted.2));
    }
    let (x, stream) = (quarters::<2>(40, 1), Stream::new());
    several::with(&stream, &x, &y)?;
    let bytes = stream.to_bytes()?;
    let other = "it belongs to another function, scalar type or number of rows, start a new one";
    let received = Stream::from_bytes(&bytes)?;
    let refused = [
        gaussian::with(&received, &x, &y, &vec![1.0; 500], 1.5).err(),
        several::with(&received, &[0.0f32; 80], &[1.0; 8]).err(),
        over_i::with(&received, &y, &x).err(),
    ];
    assert!(refused.iter().all(|error| *error == Some(Error::Stream { reason: other })), "{refused:?}");
    assert!(matches!(Stream::from_bytes(&bytes[..100]), Err(Error::StreamBytes { .. })));
    let end = |_: f64| ControlFlow::Break(());
    assert_eq!(several::with(Options::from(&received).progress(&end), &x, &y), Err(Error::Cancelled));
    assert!(matches!(received.to_bytes(), Err(Error::Stream { .. })));
    Ok(())
}

#[test]
fn calls_that_do_not_go_on_are_errors() -> Result<(), Error> {
    let (x, y) = (quarters::<2>(40, 1), quarters::<2>(500, 2));
    let (b, e) = (vec![1.0; 500], vec![0.5; 40]);
    let reason = |result: Result<(), Error>| match result {
        Err(Error::Stream { reason }) => reason,
        other => panic!("{other:?}"),
    };
    let stream = Stream::new();
    let passes =
        "the function needs several passes over the pairs, or reads the numbers of the points reduced over";
    assert_eq!(reason(with_columns::with(&stream, &x, &y).map(drop)), passes);
    assert_eq!(reason(attention::grad_y_j::with(&stream, &x, &y, &b, &e).map(drop)), passes);

    several::with(&stream, &x, &y)?;
    let rows = "it has another number of rows, pass the same points of the kept index in each call";
    assert_eq!(reason(several::with(&stream, &x[..39], &y).map(drop)), rows);
    let other = "it belongs to another function, scalar type or number of rows, start a new one";
    assert_eq!(reason(gaussian::with(&stream, &x, &y, &b, 1.5).map(drop)), other);
    assert_eq!(reason(several::with(&stream, &[0.0f32; 80], &[1.0; 8]).map(drop)), other);
    let ranges = Ranges::batch(&[40], &[500]);
    let both = Options::new().ranges(&ranges).stream(&stream);
    assert_eq!(reason(several::with(both, &x, &y).map(drop)), "ranges name points of one call, pass either");
    // After all this it is as it was.
    assert_eq!(several::with(&stream, &x, &y)?.1, several(&x, &[&y[..], &y].concat())?.1);

    let end = |_: f64| ControlFlow::Break(());
    assert_eq!(several::with(Options::from(&stream).progress(&end), &x, &y), Err(Error::Cancelled));
    let broken = "its last call was cancelled or has not ended, start a new one";
    assert_eq!(reason(several::with(&stream, &x, &y).map(drop)), broken);

    // Over no points an index is an error until there are some.
    let stream = Stream::new();
    let none: [[f64; 2]; 0] = [];
    assert!(matches!(several::with(&stream, &x, &none), Err(Error::EmptyReduction { .. })));
    assert!(matches!(several::with(&stream, &x, &y[..2]), Err(Error::NotEnough { wanted: 3, rows: 2, .. })));
    several::with(&stream, &x, &y)?;
    several::with(&stream, &x, &none)?;
    Ok(())
}

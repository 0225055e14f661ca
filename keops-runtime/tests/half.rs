//! Numbers of half precision in a call: the bits that the same numbers give as `f32`.

mod arrays;

use arrays::{gaussian, nearest, points};
use half::{bf16, f16};
use keops::{Error, Half};

/// Quarters, which both formats hold exactly.
fn quarters(rows: usize, seed: usize) -> Vec<[f32; 3]> {
    let quarter = |v: f64| ((v * 4.0).round() / 4.0) as f32;
    points(rows, seed).into_iter().map(|row| row.map(quarter)).collect()
}

#[test]
fn every_spelling_gives_the_bits_of_single_precision() {
    let (x, y) = (quarters(70, 1), quarters(33, 2));
    let b: Vec<f32> = y.iter().map(|y| y[0]).collect();
    let centre = [0.25, 0.5, -0.75];
    let expected = gaussian(&x, &y, &b, centre, 0.5).unwrap();
    let narrow =
        |points: &[[f32; 3]]| -> Vec<[f16; 3]> { points.iter().map(|row| row.map(f16::from_f32)).collect() };
    let (hx, hy) = (narrow(&x), narrow(&y));
    let hb: Vec<f16> = b.iter().map(|b| f16::from_f32(*b)).collect();
    let (hc, half) = (centre.map(f16::from_f32), f16::from_f32(0.5));
    assert_eq!(gaussian(Half(&hx), Half(&hy), Half(&hb), Half(hc), Half(half)).as_ref(), Ok(&expected));
    assert_eq!(
        gaussian(Half(&hx[..]), Half(hy.as_flattened()), Half(&hb[..]), Half(&hc), Half(&half)).as_ref(),
        Ok(&expected)
    );
    let flat = hx.as_flattened().to_vec();
    assert_eq!(
        gaussian(Half(&flat), Half(&hy), Half(&hb), Half(&vec![hc]), Half([half])).as_ref(),
        Ok(&expected)
    );
    // Beside single precision, in the other format, and as arrays of a length that is known.
    assert_eq!(gaussian(&x, Half(&hy), &b, Half(&hc[..]), 0.5).as_ref(), Ok(&expected));
    let bx: Vec<[bf16; 3]> = x.iter().map(|row| row.map(bf16::from_f32)).collect();
    assert_eq!(gaussian(Half(&bx), &y, &b, centre, Half(bf16::from_f32(0.5))).as_ref(), Ok(&expected));
    let five: [[f16; 3]; 5] = std::array::from_fn(|row| hx[row]);
    assert_eq!(gaussian(Half(&five), &y, &b, Half(hc), 0.5), gaussian(&x[..5], &y, &b, centre, 0.5));
    assert_eq!(
        gaussian::grad_x_i(Half(&hx), Half(&hy), &b, Half(hc), 0.5, Half(&vec![f16::ONE; 70])),
        gaussian::grad_x_i(&x, &y, &b, centre, 0.5, &vec![1.0; 70])
    );
}

#[test]
fn special_numbers_stay_what_they_are() {
    let x = [[f16::from_f32(1.0), f16::ZERO, f16::ZERO], [f16::INFINITY, f16::NAN, f16::MIN_POSITIVE]];
    let (distances, indices): (Vec<[f32; 2]>, Vec<[usize; 2]>) = nearest(Half(&x[..1]), Half(&x)).unwrap();
    assert_eq!((distances, indices), (vec![[0.0, f32::INFINITY]], vec![[0, 0]]));
}

#[test]
fn numbers_that_are_no_points_are_an_error() {
    let flat = [f16::ONE; 4];
    let error = Error::NotMultiple { argument: "x_i", len: 4, dim: 3 };
    assert_eq!(nearest(Half(&flat), &[[0.0; 3]; 2]).unwrap_err(), error);
    let error = Error::ExpectedLen { argument: "c", len: 4, dim: 3 };
    assert_eq!(gaussian(&[[1.0f32; 3]], &[[0.0; 3]], &[1.0], Half(&flat[..]), 1.0).unwrap_err(), error);
}

//! What is measured: each formula with its data, its call, and the comparison with the processor.

use crate::formulas;
use crate::session::{Session, Size};
use keops::Error;
use keops_workloads::check::{Numbers, difference, nearest_difference, tolerance};
use keops_workloads::cloud::Cloud;
use keops_workloads::limits::Arithmetic;
use std::f64::consts::SQRT_2;

/// So many rows are compared with the processor, at equal distances.
const CHECKED: usize = 48;

/// What came of a workload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// Of one call.
    pub(crate) seconds: f64,
    /// The largest difference from the answer in `f64`, in parts of the largest answer.
    pub(crate) difference: f64,
    /// The largest that rounding explains.
    pub(crate) tolerance: f64,
}

/// A formula at a size that fills a large device.
pub(crate) struct Workload {
    pub(crate) title: &'static str,
    /// Its name in the table of budgets, and its scalar type.
    pub(crate) formula: &'static str,
    pub(crate) scalar: &'static str,
    pub(crate) arithmetic: Arithmetic,
    pub(crate) large: Size,
    pub(crate) run: fn(&Session, Size) -> Result<Measured, Error>,
}

/// More blocks than a large device runs at once, and some hundredths of a second of its work.
const DIM_3: Size = Size { rows: 1 << 20, columns: 1 << 17 };
/// Most devices do less in `f64`.
const DIM_3_DOUBLE: Size = Size { rows: 1 << 20, columns: 1 << 15 };
const DIM_64: Size = Size { rows: 1 << 18, columns: 1 << 14 };
const DIM_784: Size = Size { rows: 1 << 17, columns: 1 << 12 };

/// Of a pair in `f32`: additions and multiplications, and exponentials.
const fn f32(single: f64, special: f64) -> Arithmetic {
    Arithmetic { single, double: 0.0, special }
}

/// The width at which exponents are about -1 among standard normal points, whose squared distance is 2D in the mean.
fn width(dim: f64) -> f64 {
    SQRT_2 * dim.sqrt()
}

/// Measures a function of x, y, b, s, and of e, which is 1 for each row: the call is written once, for the device and for the
/// processor.
macro_rules! sum {
    (
        $t:ty, $dim:literal, $values:literal, $widths:expr,
        |$x:ident, $y:ident, $b:ident, $s:ident, $e:ident| $call:expr
    ) => {
        |session, Size { rows, columns }| {
            let mut cloud = Cloud::<$t, $dim, $values>::new(rows, columns, &$widths);
            // Positive values: a sum is as large as its terms, by which errors are measured.
            cloud.b.as_flattened_mut().iter_mut().for_each(|value| *value = value.abs());
            let device = &session.device;
            let (x, y, b) = (device.upload(&cloud.x)?, device.upload(&cloud.y)?, device.upload(&cloud.b)?);
            let e = device.upload_column::<$t>(&vec![1.0; rows])?;
            let (answer, seconds) = session.time(|| {
                let ($x, $y, $b, $s, $e) = (&x, &y, &b, &cloud.s[..], &e);
                $call
            })?;
            let stride = rows.div_ceil(CHECKED);
            let some: Cloud<f64, $dim, $values> = cloud.some(stride);
            let e = vec![1.0; some.x.len()];
            let ($x, $y, $b, $s, $e) = (&some.x, &some.y, &some.b, &some.s[..], &e);
            let exact = $call?.numbers(some.x.len());
            let difference = difference(&answer.download()?.numbers(rows), &exact, stride);
            Ok(Measured { seconds, difference, tolerance: tolerance($dim, <$t>::EPSILON.into()) })
        }
    };
}

/// Measures a function of (x, y) whose result is the indices of the nearest y.
macro_rules! nearest {
    ($function:path) => {
        |session, Size { rows, columns }| {
            let cloud = Cloud::<f32, 3, 1>::new(rows, columns, &[]);
            let (x, y) = (session.device.upload(&cloud.x)?, session.device.upload(&cloud.y)?);
            let (answer, seconds) = session.time(|| $function(&x, &y))?;
            let stride = rows.div_ceil(CHECKED);
            let some: Cloud<f64, 3, 1> = cloud.some(stride);
            let exact = $function(&some.x, &some.y)?.numbers(some.x.len());
            let answer = answer.download()?.numbers(rows);
            let difference = nearest_difference(&some, &answer, &exact, stride);
            Ok(Measured { seconds, difference, tolerance: tolerance(3, f32::EPSILON.into()) })
        }
    };
}

pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        title: "Gaussian sum, D = 3",
        formula: "gaussian",
        scalar: "f32",
        arithmetic: f32(8.0, 1.0),
        large: DIM_3,
        run: sum!(f32, 3, 1, [width(3.0)], |x, y, b, s, _e| formulas::gaussian(x, y, b, s)),
    },
    Workload {
        title: "the same, scaled distances",
        formula: "scaled_gaussian",
        scalar: "f32",
        arithmetic: f32(7.0, 1.0),
        large: DIM_3,
        run: sum!(f32, 3, 1, [width(3.0)], |x, y, b, s, _e| formulas::scaled_gaussian(x, y, b, s)),
    },
    Workload {
        title: "the same as the first",
        formula: "gaussian",
        scalar: "f64",
        arithmetic: Arithmetic { single: 0.0, double: 23.0, special: 0.0 },
        large: DIM_3_DOUBLE,
        run: sum!(f64, 3, 1, [width(3.0)], |x, y, b, s, _e| formulas::gaussian(x, y, b, s)),
    },
    Workload {
        title: "four Gaussians, D = 3, four values",
        formula: "four_gaussians",
        scalar: "f32",
        arithmetic: f32(17.0, 4.0),
        large: DIM_3,
        run: sum!(f32, 3, 4, [1.5, 2.0, 3.0, 4.0], |x, y, b, s, _e| formulas::four_gaussians(x, y, b, s)),
    },
    Workload {
        title: "log-sum-exp, D = 3",
        formula: "log_sum_exp",
        scalar: "f32",
        arithmetic: f32(9.0, 1.0),
        large: DIM_3,
        run: sum!(f32, 3, 1, [width(3.0)], |x, y, b, s, _e| formulas::log_sum_exp(x, y, b, s)),
    },
    Workload {
        title: "nearest, D = 3",
        formula: "nearest",
        scalar: "f32",
        arithmetic: f32(6.0, 0.0),
        large: DIM_3,
        run: nearest!(formulas::nearest),
    },
    Workload {
        title: "ten nearest, D = 3",
        formula: "ten_nearest",
        scalar: "f32",
        arithmetic: f32(6.0, 0.0),
        large: DIM_3,
        run: nearest!(formulas::ten_nearest),
    },
    Workload {
        title: "gradient of the first in x",
        formula: "gaussian::grad_x_i",
        scalar: "f32",
        arithmetic: f32(11.0, 1.0),
        large: DIM_3,
        run: sum!(f32, 3, 1, [width(3.0)], |x, y, b, s, e| formulas::gaussian::grad_x_i(x, y, b, s, e)),
    },
    Workload {
        title: "Gaussian sum, D = 64",
        formula: "gaussian_64",
        scalar: "f32",
        arithmetic: f32(130.0, 1.0),
        large: DIM_64,
        run: sum!(f32, 64, 1, [width(64.0)], |x, y, b, s, _e| formulas::gaussian_64(x, y, b, s)),
    },
    Workload {
        title: "the same, dot products",
        formula: "gaussian_64_dot_products",
        scalar: "f32",
        arithmetic: f32(68.0, 1.0),
        large: DIM_64,
        run: sum!(f32, 64, 1, [width(64.0)], |x, y, b, s, _e| formulas::gaussian_64_dot_products(x, y, b, s)),
    },
    Workload {
        title: "Gaussian sum, D = 100",
        formula: "gaussian_100",
        scalar: "f32",
        arithmetic: f32(202.0, 1.0),
        large: DIM_64,
        run: sum!(f32, 100, 1, [width(100.0)], |x, y, b, s, _e| formulas::gaussian_100(x, y, b, s)),
    },
    Workload {
        title: "Gaussian sum, D = 784",
        formula: "gaussian_784",
        scalar: "f32",
        arithmetic: f32(1570.0, 1.0),
        large: DIM_784,
        run: sum!(f32, 784, 1, [width(784.0)], |x, y, b, s, _e| formulas::gaussian_784(x, y, b, s)),
    },
    Workload {
        title: "attention, D = 64, 64 values",
        formula: "attention",
        scalar: "f32",
        arithmetic: f32(130.0, 1.0),
        large: DIM_64,
        // The standard deviation of an exponent is 1.
        run: sum!(f32, 64, 64, [0.125], |x, y, b, s, _e| formulas::attention(x, y, b, s)),
    },
];

//! What functions may err more in a formula marked `#[fast_maths]`, in `f32`: the larger of what is promised for devices and
//! for processors.

/// An absolute error in units of eps, from the arguments and the value.
pub(crate) type Slack = fn(&[f64], f64) -> f64;

/// The error of the cheaper variant of a function beyond that of the function, if there is one.
pub(crate) fn slack(name: &str) -> Option<Slack> {
    Some(match name {
        "inv" | "divide" | "div" => |_, value| value.abs(),
        "rsqrt" | "sqrt" | "hypot" => |_, value| value.abs(),
        "log" | "ln" | "log2" | "log10" => |x, value| near_one(x[0], 2.0).max(5.0 * value.abs()),
        "xlogx" => |x, value| near_one(x[0], 5.66).max(4.0 * value.abs()),
        // 2^-20.5 and 2^-14.7
        "sin" | "cos" => |x, _| if x[0].abs() <= std::f64::consts::TAU { 5.66 } else { 315.2 },
        // 2^-11
        "tanh" => |_, value| 4096.0 * value.abs(),
        "sigmoid" => |x, value| (4.0 + x[0].abs()) * value,
        "powf" | "pow" => |x, value| {
            let log = x[0].log2().abs();
            (4.0 + x[1].abs() * 3.0 * log.max(1.0)) * value.abs()
        },
        _ => return None,
    })
}

/// The error of a logarithm that is known absolutely near its zero.
fn near_one(x: f64, error: f64) -> f64 {
    if (0.5..2.0).contains(&x) { error } else { 0.0 }
}

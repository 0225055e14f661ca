//! Cheaper variants of functions, for formulas marked `#[fast_maths]`.
//!
//! They are for `f32`; in `f64` they are the functions themselves, by another name. Exponentials have none: on a device
//! they are an instruction already, and on the processor tables have made them as cheap as two ulp would allow.

/// The variant of a function of a row, or of a quotient.
#[derive(Clone, Copy, Debug)]
pub struct Fast {
    /// Its name: of `keops::math::Functions` on the processor, of `keops::math` in `kernels/cuda` on a device.
    pub name: &'static str,
    /// On the processor; `None` where nothing is cheaper by enough.
    pub processor: Option<Processor>,
    /// The largest error on a device and what becomes of special arguments, from what NVIDIA documents of the instructions
    /// (PTX ISA, floating-point instructions).
    pub device: &'static str,
}

/// A variant on the processor.
#[derive(Clone, Copy, Debug)]
pub struct Processor {
    /// Instructions, counted like [`ScalarFunction::cost`](super::ScalarFunction::cost).
    pub cost: usize,
    /// The largest error and what becomes of special arguments.
    pub error: &'static str,
}

impl Fast {
    /// A variant on devices alone.
    pub(super) const fn on_device(name: &'static str, device: &'static str) -> Option<Fast> {
        Some(Fast { name, processor: None, device })
    }

    /// The same with one on the processor.
    pub(super) const fn everywhere(
        name: &'static str,
        (cost, error): (usize, &'static str),
        device: &'static str,
    ) -> Option<Fast> {
        Some(Fast { name, processor: Some(Processor { cost, error }), device })
    }
}

/// x / y
pub const QUOTIENT: Fast = Fast {
    name: "fast_divide",
    processor: None,
    device: "2 ulp for 2⁻¹²⁶ ≤ |y| ≤ 2¹²⁶; beyond 2¹²⁶ it is 0, and NaN for infinite x",
};

/// 1 / x
pub const RECIPROCAL: Fast = Fast { name: "fast_reciprocal", processor: None, device: "1 ulp" };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::scalars;
    use std::collections::HashSet;
    use std::path::Path;

    /// The variants, each with what it stands in for.
    fn all() -> Vec<(String, Fast)> {
        let rows = scalars().filter_map(|(_, f)| {
            f.fast.map(|fast| (format!("{}({})", f.name, f.arguments.join(", ")), fast))
        });
        rows.chain([("x / y".into(), QUOTIENT), ("1 / x".into(), RECIPROCAL)]).collect()
    }

    #[test]
    fn variants_have_names_of_their_own_and_are_cheaper() {
        let names: HashSet<&str> = all().iter().map(|(_, fast)| fast.name).collect();
        assert_eq!(names.len(), all().len());
        for (_, f) in scalars() {
            let Some(fast) = f.fast else { continue };
            assert_eq!(fast.name.strip_prefix("fast_"), Some(f.rust));
            assert!(fast.processor.is_none_or(|processor| processor.cost < f.cost), "{}", f.name);
        }
    }

    /// The table in the documentation of the runtime is that of the rows.
    #[test]
    fn errors_are_those_of_the_documentation() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../keops-runtime/src/lib.rs");
        let text = std::fs::read_to_string(file).expect("the runtime is in the workspace");
        for (function, fast) in all() {
            let processor = fast.processor.map_or("–", |processor| processor.error).replace('|', "\\|");
            let line = format!("//!   | `{function}` | {processor} | {} |", fast.device.replace('|', "\\|"));
            assert!(text.contains(&line), "{line}");
        }
    }
}

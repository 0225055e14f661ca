//! Loop program to Rust.
//!
//! The generated code names everything of the runtime by its path from the root and holds no `unsafe`: it calls safe
//! functions of `keops`, which choose the instruction set.

mod body;
mod device;
mod function;
mod gather;
mod instances;
mod kernel;
mod neighbours;
mod phase;
mod signature;
mod statements;
mod table;

pub use function::{Demand, Function, function};
pub use instances::Instance;
pub(crate) use signature::allowed;
pub use signature::{Parameter, Returned, Signature};

#[cfg(test)]
mod tests {
    use crate::options::Options;

    /// The code of a formula without errors.
    fn code(text: &str) -> String {
        let tokens = crate::expand(text.parse().expect("tokens"), &Options::default()).tokens.to_string();
        assert!(!tokens.contains("compile_error"), "{tokens}");
        tokens
    }

    #[test]
    fn the_least_exponent_has_a_power() {
        for attribute in ["", "#[fast_maths]"] {
            let text = format!(
                "{attribute} #[grad(x_i)] fn f(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> {{ Sum_j((x_i - y_j)^(-2147483648)) }}"
            );
            let code = code(&text);
            assert!(code.contains(":: power (") && code.contains("- 2147483648)"), "{code}");
        }
    }

    #[test]
    fn factors_beyond_the_numbers_leave_finite_ones() {
        let formula = "fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { Min_j(1e200 * (1e200 * SqDist(x_i, y_j))) }";
        for attribute in ["", "#[prune] "] {
            let code = code(&format!("{attribute}{formula}"));
            // Each is multiplied with the distance, and not with the other.
            assert!(!code.contains("INFINITY") && !code.contains("fn hoist_parameters"), "{code}");
        }
    }
}

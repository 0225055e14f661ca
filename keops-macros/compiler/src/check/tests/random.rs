//! Random formulas, most of them wrong: each is accepted or refused with a sentence, and what is accepted is sound.

use super::{assert_shape, check, source};
use crate::ir::verify;
use crate::ops;

/// A linear congruential generator: the formulas are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn formula(&mut self, names: &[&str], depth: usize) -> String {
        if depth == 0 || self.below(5) == 0 {
            return match self.below(6) {
                0 => self.below(4).to_string(),
                1 => self.one_of(&["0.5", "1e3", "[2, 2]", "[0]", "[1]", "z"]).into(),
                _ => self.one_of(&["x_i", "y_j", "b_j", "u_i", "v_j", "a_j", "s", "p"]).into(),
            };
        }
        let mut operand = || self.formula(names, depth - 1);
        let (a, b, c) = (operand(), operand(), operand());
        match self.below(10) {
            0 => format!("({a} {} {b})", self.one_of(&["+", "-", "*", "/", "^", "|", "<", "=="])),
            1 => format!("-{a}"),
            2 => format!("({a})[{}]", self.below(4)),
            3 => format!("({a})[{}..{}]", self.below(4), self.below(5)),
            4 => format!("{}({a})", self.one_of(names)),
            5 | 6 => format!("{}({a}, {b})", self.one_of(names)),
            7 => format!("{}({a}, {b}, {c})", self.one_of(names)),
            8 => format!(
                "({a}).{}({}={b})",
                self.one_of(names),
                self.one_of(&["axis", "dim", "weight", "K", "n"])
            ),
            _ => format!("({a}).{}({b})", self.one_of(names)),
        }
    }
}

#[test]
fn no_formula_is_left_without_an_answer() {
    let mut names: Vec<&str> = ops::names().collect();
    names.sort_unstable();
    // Often enough to meet each other.
    for _ in 0..10 {
        names.extend([
            "Sum",
            "Sum_j",
            "Max_j",
            "Mean_j",
            "ArgMin_j",
            "KMin_j",
            "LogSumExp_j",
            "SumSoftMaxWeight_j",
        ]);
        names.extend([
            "Sum_Reduction",
            "argmin",
            "Min_ArgMin_j",
            "Grad",
            "GradMatrix",
            "Divergence",
            "Laplacian",
            "Diff",
        ]);
    }
    let mut random = Random(1);
    let mut accepted = 0;
    for _ in 0..4000 {
        let result = random.one_of(&[
            "Vi<1>",
            "Vi<1>",
            "Vi<3>",
            "Vj<1>",
            "Pm<1>",
            "Vi<1, usize>",
            "(Vi<1>, Vi<1, usize>)",
        ]);
        let depth = 1 + random.below(3);
        let (a, b) = (random.formula(&names, depth), random.formula(&names, depth));
        let body = format!("let z = {a}; {b}");
        match check(&source(result, &body)) {
            Ok(checked) => {
                accepted += 1;
                assert_eq!(verify::verify(&checked.program), Ok(()), "{body}");
            }
            Err(errors) => {
                assert!(!errors.is_empty(), "{body}");
                for (place, message) in errors {
                    assert!(!place.is_empty(), "{body}: {message}");
                    assert_shape(&message);
                }
            }
        }
    }
    assert!(accepted > 100, "only {accepted} formulas are accepted: the test says little");
}

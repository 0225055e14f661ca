//! Formulas of any size: read, or refused with one error, on a small stack.

use super::super::{MAX_DEPTH, MAX_NODES};
use super::{around, read, shape_of};

/// Runs on a stack of 2 MB, the smallest that a thread gets by default.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(test).unwrap().join().unwrap();
}

/// The one error of a formula.
fn one_fault(formula: &str) -> super::Fault {
    let (block, mut faults) = read(&around(formula));
    assert_eq!(faults.len(), 1, "{:?}", faults.iter().map(|f| &f.message).collect::<Vec<_>>());
    assert!(block.functions[0].body.is_none());
    faults.remove(0)
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn the_deepest_formulas_are_read() {
    on_a_small_stack(|| {
        // How many levels each piece takes.
        for (open, close, levels) in [
            ("(", ")", 1),
            ("Exp(", ")", 1),
            ("[", "]", 1),
            ("x + y * (", ")", 1),
            ("(a, ", ")", 1),
            ("-x^(", ")", 2),
            ("f(a < b | c + d * ", ")", 3),
            ("f(a < b | c - d / ", ").sum()", 4),
        ] {
            let (_, faults) = read(&around(&nested(open, "x", close, (MAX_DEPTH - 1) / levels)));
            assert!(faults.is_empty(), "{open}: {:?}", faults[0].message);
        }
        let minus = nested("-", "x", "", MAX_DEPTH - 1);
        assert_eq!(shape_of(&minus).matches("neg").count(), MAX_DEPTH - 1);
    });
}

#[test]
fn nesting_too_deep_is_one_error() {
    on_a_small_stack(|| {
        for depth in [MAX_DEPTH + 1, 1_000, 2_000] {
            for (open, inner, close) in [
                ("(", "x", ")"),
                ("Exp(", "x", ")"),
                ("[", "x", "]"),
                ("x[", "x", "]"),
                ("{", "x", "}"),
                ("f(a < b | c + d * ", "x", ")"),
                ("-", "x", ""),
                ("x^", "x", ""),
                ("x ** -", "x", ""),
                ("x | ", "x", ""),
                ("", "x", ".sum()"),
                ("", "x", "[0]"),
            ] {
                let fault = one_fault(&nested(open, inner, close, depth));
                assert!(fault.message.contains("nested more than 128 deep"), "{open}: {}", fault.message);
            }
        }
    });
}

#[test]
fn references_to_references_are_one_error() {
    on_a_small_stack(|| {
        for piece in ["&", "& ", "&& ", "& && "] {
            let faults = read(&around(&format!("x + {}y", piece.repeat(20_000)))).1;
            assert_eq!(faults.len(), 1);
            assert!(faults[0].message.contains("a formula has no `&`"), "{}", faults[0].message);
        }
    });
}

#[test]
fn chains_of_chains_count_together() {
    // Each alone is within the limit.
    let formula = format!("({}{}).sum()", "-".repeat(100), nested("f(", "x", ")", 100));
    assert!(one_fault(&formula).message.contains("nested more than 128 deep"));
}

#[test]
fn the_place_of_a_deep_formula_is_its_first_bracket_too_deep() {
    let formula = nested("(", "x", ")", MAX_DEPTH + 2);
    assert_eq!(one_fault(&formula).at, "((x))");
}

#[test]
fn long_sums_are_one_node() {
    on_a_small_stack(|| {
        for separator in [" + ", " - ", " * ", " / "] {
            let formula = vec!["x"; 4_000].join(separator);
            let shape = shape_of(&formula);
            assert_eq!(shape.matches('(').count(), 1);
            assert_eq!(shape.matches('x').count(), 4_000);
        }
    });
}

#[test]
fn too_many_nodes_are_one_error() {
    on_a_small_stack(|| {
        for terms in [MAX_NODES + 1, 100_000] {
            let fault = one_fault(&vec!["x"; terms].join(" + "));
            assert!(fault.message.contains("more than 4096 operands and operations"), "{}", fault.message);
            assert!(fault.message.contains("split it with `let`"), "{}", fault.message);
        }
        let lets: String = (0..MAX_NODES).map(|k| format!("let a{k} = x * 2; ")).collect();
        assert!(one_fault(&format!("{lets} x")).message.contains("more than 4096"));
    });
}

#[test]
fn long_nonsense_is_refused_quickly() {
    on_a_small_stack(|| {
        for piece in ["x ", "% ", "let ", "a = b; ", "f(1e999) + ", "#[grad] ", ", ", "x; ", "let a = x y "] {
            let source = around(&piece.repeat(20_000));
            assert!(!read(&source).1.is_empty());
            assert!(!read(&piece.repeat(20_000)).1.is_empty());
        }
    });
}

//! What an assembler makes of PTX: a product without a rounding mode, and a sum it is part of, may become one instruction
//! that rounds once. ptxas does so, the simulator does not.

use std::collections::HashMap;

/// The PTX with every sum fused that may be.
pub(crate) fn fused(ptx: &str) -> String {
    let mut text = String::new();
    let mut body = Vec::new();
    for line in ptx.lines() {
        // Functions have registers of their own.
        if line.contains(".entry") || line.contains(".func") {
            text += &fused_body(&body);
            body.clear();
        }
        body.push(line);
    }
    text + &fused_body(&body)
}

/// An instruction without a predicate: its name, and its operands.
fn instruction(line: &str) -> Option<(&str, Vec<&str>)> {
    let (name, operands) = line.trim().strip_suffix(';')?.split_once(char::is_whitespace)?;
    name.starts_with(|c: char| c.is_ascii_lowercase())
        .then(|| (name, operands.split(',').map(str::trim).collect()))
}

fn fused_body(lines: &[&str]) -> String {
    let mut assigned: HashMap<&str, usize> = HashMap::new();
    for (_, operands) in lines.iter().filter_map(|line| instruction(line)) {
        *assigned.entry(operands[0]).or_default() += 1;
    }
    // So the sum finds what the product found.
    let keeps = |operand: &str| operand.starts_with('0') || assigned.get(operand) == Some(&1);
    let mut products = HashMap::new();
    for (name, operands) in lines.iter().filter_map(|line| instruction(line)) {
        if matches!(name, "mul.f32" | "mul.f64") && operands.iter().all(|operand| keeps(operand)) {
            products.insert(operands[0], [operands[1], operands[2]]);
        }
    }
    let fused = |line: &str| {
        let (name, operands) = instruction(line)?;
        let (name, kind) = name.split_once('.').filter(|(_, kind)| matches!(*kind, "f32" | "f64"))?;
        let &[to, a, b] = &operands[..] else { return None };
        let negative = |x: &str| format!("{{ .reg .{kind} %minus; neg.{kind} %minus, {x};");
        match (name, products.get(a), products.get(b)) {
            ("add", Some([x, y]), _) => Some(format!("fma.rn.{kind} {to}, {x}, {y}, {b};")),
            ("add", _, Some([x, y])) => Some(format!("fma.rn.{kind} {to}, {x}, {y}, {a};")),
            ("sub", Some([x, y]), _) => {
                Some(format!("{} fma.rn.{kind} {to}, {x}, {y}, %minus; }}", negative(b)))
            }
            ("sub", _, Some([x, y])) => {
                Some(format!("{} fma.rn.{kind} {to}, %minus, {y}, {a}; }}", negative(x)))
            }
            _ => None,
        }
    };
    lines.iter().map(|line| fused(line).unwrap_or_else(|| (*line).to_owned()) + "\n").collect()
}

#[test]
fn products_are_fused_with_sums_unless_they_are_rounded() {
    let line = |sum: &str| {
        let ptx = format!(
            "mul.f32 %f3, %f1, %f2;\nmul.rn.f32 %f4, %f1, %f2;\nmov.f32 %f1, 0f3F800000;\nmov.f32 %f2, %f1;\n{sum}\n"
        );
        fused(&ptx).lines().last().map(str::to_owned)
    };
    assert_eq!(line("add.f32 %f5, %f3, %f1;").as_deref(), Some("fma.rn.f32 %f5, %f1, %f2, %f1;"));
    assert_eq!(
        line("sub.f32 %f5, %f1, %f3;").as_deref(),
        Some("{ .reg .f32 %minus; neg.f32 %minus, %f1; fma.rn.f32 %f5, %minus, %f2, %f1; }")
    );
    for kept in ["add.rn.f32 %f5, %f3, %f1;", "add.f32 %f5, %f4, %f1;", "add.f32 %f1, %f3, %f1;"] {
        assert_eq!(line(kept).as_deref(), Some(kept));
    }
}

//! The table of budgets: written, read, compared.

use super::assemble::Resources;
use super::count::PerPair;
use super::fetch::VERSION;
use std::fmt::Write;

/// The text above the table.
const HEAD: &str = "\
# Registers and instructions of the CUDA kernels

Written by `cargo xtask cuda budgets`; `cargo xtask test cuda` compares, and fails where a figure has risen, registers
are spilled, or KeOps takes no more instructions. The formulas are in `goals.rs` and `formulas.rs`. No device takes part:
nvcc compiles them once to PTX for `compute_75`, and ptxas assembles that for each device, as a driver does.

*Least* and *most* are the instructions of the shortest and the longest way round the loop over the columns of a tile,
for one pair of a row and a column. Where they differ, the longest mostly has something rare, such as an insertion into
a list; but the shortest may be that of a special case of a function. Kernels that visit chosen pairs have a dash.
*Stack* are the bytes of local memory of a thread, *spills* those stored and loaded for want of registers. *KeOps* is the
least that the kernels of KeOps 2.3 with its default options take, compiled by the same nvcc, and *goal* what was set out
for; both are known for sm_90 only.
";

const COLUMNS: &str =
    "| formula | scalar | device | registers | stack | spills | least | most | KeOps | goal |";
const RULE: &str = "|---|---|---|---:|---:|---:|---:|---:|---:|---:|";

/// A kernel on a device.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) formula: String,
    pub(crate) scalar: String,
    pub(crate) device: String,
    pub(crate) resources: Resources,
    /// The instructions per pair.
    pub(crate) per_pair: Option<PerPair>,
}

impl Row {
    fn is_same_kernel(&self, other: &Row) -> bool {
        (&self.formula, &self.scalar, &self.device) == (&other.formula, &other.scalar, &other.device)
    }
}

/// What KeOps takes and what is to be reached, in instructions per pair on sm_90.
struct Goal {
    formula: &'static str,
    scalar: &'static str,
    keops: Option<f64>,
    goal: f64,
}

const fn goal(formula: &'static str, keops: f64, goal: f64) -> Goal {
    Goal { formula, scalar: "f32", keops: Some(keops), goal }
}

/// The goals. KeOps keeps its D = 100 partly in local memory, and attention spills; it was not compiled for D = 784.
const GOALS: [Goal; 16] = [
    goal("gaussian", 13.0, 8.6),
    goal("four_gaussians", 33.5, 21.6),
    goal("log_sum_exp", 20.0, 10.8),
    goal("scaled_gaussian", 13.0, 8.6),
    goal("scaled_four_gaussians", 33.5, 21.6),
    goal("scaled_log_sum_exp", 20.0, 10.8),
    goal("scaled_gaussian::grad_x_i", 23.0, 11.6),
    goal("nearest", 14.25, 8.1),
    goal("ten_nearest", 24.5, 9.0),
    goal("gaussian::grad_x_i", 23.0, 11.6),
    goal("gaussian_64", 207.0, 142.0),
    goal("gaussian_64_dot_products", 207.0, 79.0),
    goal("gaussian_100", 337.0, 220.0),
    Goal { formula: "gaussian_784", scalar: "f32", keops: None, goal: 1724.8 },
    goal("attention", 181.0, 140.0),
    Goal { formula: "gaussian", scalar: "f64", keops: Some(49.5), goal: 48.0 },
];

fn goal_of(row: &Row) -> Option<&'static Goal> {
    GOALS.iter().find(|g| g.formula == row.formula && g.scalar == row.scalar && row.device == "sm_90")
}

/// The file of budgets.
pub(crate) fn write(rows: &[Row]) -> String {
    let mut text = format!("{HEAD}\nnvcc {VERSION}:\n\n{COLUMNS}\n{RULE}\n");
    for row in rows {
        writeln!(text, "{}", line(row)).expect("a string takes all text");
    }
    text
}

fn line(row: &Row) -> String {
    let Row { formula, scalar, device, resources: Resources { registers, stack, spills }, per_pair } = row;
    let goal = goal_of(row);
    let figures = [
        per_pair.map(|p| p.least),
        per_pair.map(|p| p.most),
        goal.and_then(|g| g.keops),
        goal.map(|g| g.goal),
    ];
    let [least, most, keops, goal] = figures.map(|figure| figure.map_or("–".to_owned(), show));
    format!(
        "| {formula} | {scalar} | {device} | {registers} | {stack} | {spills} | {least} | {most} | {keops} | {goal} |"
    )
}

/// With two decimals, so many as tell 1/32 instruction.
fn show(figure: f64) -> String {
    format!("{figure:.2}")
}

/// The rows of a file of budgets.
fn read(text: &str) -> Vec<Row> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let number = |k: usize| cells.get(k)?.parse().ok();
        let figure = |k: usize| cells.get(k)?.parse().ok();
        let per_pair = figure(6).zip(figure(7)).map(|(least, most)| PerPair { least, most });
        Some(Row {
            formula: cells.first()?.to_string(),
            scalar: cells.get(1)?.to_string(),
            device: cells.get(2)?.to_string(),
            resources: Resources { registers: number(3)?, stack: number(4)?, spills: number(5)? },
            per_pair,
        })
    };
    text.lines().filter_map(row).collect()
}

/// Kernels that spill registers, which none may.
pub(crate) fn spills(rows: &[Row]) -> Vec<String> {
    let spilling = rows.iter().filter(|row| row.resources.spills > 0);
    spilling.map(|row| format!("{}: spills {} bytes", name(row), row.resources.spills)).collect()
}

/// Where `rows` take more than the committed file says, or are not the kernels in it.
pub(crate) fn rises(rows: &[Row], committed: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    if !committed.contains(&format!("nvcc {VERSION}:")) {
        complaints.push(format!("kernels/budgets/BUDGETS.md was written with another nvcc than {VERSION}"));
    }
    let budgets = read(committed);
    for row in rows {
        match budgets.iter().find(|budget| budget.is_same_kernel(row)) {
            None => complaints.push(format!("{}: not in kernels/budgets/BUDGETS.md", name(row))),
            Some(budget) => complaints.extend(rise(row, budget)),
        }
    }
    for budget in &budgets {
        if !rows.iter().any(|row| row.is_same_kernel(budget)) {
            complaints.push(format!("{}: only in kernels/budgets/BUDGETS.md", name(budget)));
        }
    }
    complaints
}

/// What of a kernel is above its budget. The compiler is always the same, so that nothing varies.
fn rise(row: &Row, budget: &Row) -> Vec<String> {
    let (now, then) = (row.resources, budget.resources);
    let mut complaints = Vec::new();
    for (what, now, then) in
        [("registers", now.registers, then.registers), ("bytes of stack", now.stack, then.stack)]
    {
        if now > then {
            complaints.push(format!("{}: {now} {what}, {then} budgeted", name(row)));
        }
    }
    match (row.per_pair, budget.per_pair) {
        (Some(now), Some(then)) => {
            for (what, now, then) in [("least", now.least, then.least), ("most", now.most, then.most)] {
                // As it is printed, since the file has no more.
                let now = show(now);
                if now.parse().is_ok_and(|now: f64| now > then) {
                    let name = name(row);
                    complaints.push(format!(
                        "{name}: {now} instructions a pair at {what}, {} budgeted",
                        show(then)
                    ));
                }
            }
        }
        (None, Some(_)) => complaints.push(format!("{}: its loop over pairs is gone", name(row))),
        (_, None) => {}
    }
    complaints
}

fn name(row: &Row) -> String {
    format!("{}, {}, {}", row.formula, row.scalar, row.device)
}

/// The rows that have a goal, with whether they reach it.
pub(crate) fn goals(rows: &[Row]) -> String {
    let mut text =
        format!("on sm_90, instructions a pair:\n{:28} {:>8} {:>8} {:>8}\n", "", "ours", "goal", "KeOps");
    for row in rows {
        let Some(Goal { keops, goal, .. }) = goal_of(row) else { continue };
        let ours = row.per_pair.map(|per_pair| per_pair.least);
        let missed = if ours.is_some_and(|ours| ours <= *goal) { "" } else { "  missed" };
        let [ours, keops] = [ours, *keops].map(|figure| figure.map_or("–".to_owned(), show));
        let title = format!("{} {}", row.formula, row.scalar);
        writeln!(text, "{title:28} {ours:>8} {:>8} {keops:>8}{missed}", show(*goal))
            .expect("a string takes all text");
    }
    text
}

/// Kernels that do not take fewer instructions a pair than KeOps's, which all must that it has.
pub(crate) fn no_better_than_keops(rows: &[Row]) -> Vec<String> {
    let mut complaints = Vec::new();
    for row in rows {
        let Some(keops) = goal_of(row).and_then(|goal| goal.keops) else { continue };
        let ours = row.per_pair.map(|per_pair| per_pair.least);
        if ours.is_none_or(|ours| ours >= keops) {
            let ours = ours.map_or("an unknown number of".to_owned(), show);
            complaints.push(format!("{}: {ours} instructions a pair, KeOps {}", name(row), show(keops)));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(formula: &str, device: &str, registers: usize, least: Option<f64>) -> Row {
        let per_pair = least.map(|least| PerPair { least, most: least + 4.0 });
        let resources = Resources { registers, stack: 0, spills: 0 };
        Row {
            formula: formula.to_owned(),
            scalar: "f32".to_owned(),
            device: device.to_owned(),
            resources,
            per_pair,
        }
    }

    fn rows() -> Vec<Row> {
        vec![row("gaussian", "sm_80", 39, Some(8.625)), row("gaussian", "sm_90", 32, None)]
    }

    #[test]
    fn what_is_written_is_read() {
        let text = write(&rows());
        let mut expected = rows();
        expected[0].per_pair = Some(PerPair { least: 8.62, most: 12.62 });
        assert_eq!(read(&text), expected);
        assert!(text.contains("| gaussian | f32 | sm_90 | 32 | 0 | 0 | – | – | 13.00 | 8.60 |"), "{text}");
    }

    #[test]
    fn the_same_is_no_rise_and_neither_is_less() {
        let mut less = rows();
        less[0].resources.registers = 30;
        less[0].per_pair = Some(PerPair { least: 8.0, most: 12.0 });
        less[1].per_pair = less[0].per_pair;
        let budgets = write(&rows());
        assert!(rises(&rows(), &budgets).is_empty());
        assert!(rises(&less, &budgets).is_empty());
    }

    #[test]
    fn every_rise_is_told() {
        let mut more = rows();
        more[0].resources = Resources { registers: 40, stack: 16, spills: 8 };
        more[0].per_pair = Some(PerPair { least: 8.65625, most: 13.0 });
        let expected = [
            "gaussian, f32, sm_80: 40 registers, 39 budgeted",
            "gaussian, f32, sm_80: 16 bytes of stack, 0 budgeted",
            "gaussian, f32, sm_80: 8.66 instructions a pair at least, 8.62 budgeted",
            "gaussian, f32, sm_80: 13.00 instructions a pair at most, 12.62 budgeted",
        ];
        assert_eq!(rises(&more, &write(&rows())), expected);
        assert_eq!(spills(&more), ["gaussian, f32, sm_80: spills 8 bytes"]);
    }

    #[test]
    fn kernels_that_come_and_go_are_told() {
        let mut other = rows();
        other[0].formula = "laplace".to_owned();
        other[1].per_pair = Some(PerPair { least: 9.0, most: 9.0 });
        let expected = [
            "laplace, f32, sm_80: not in kernels/budgets/BUDGETS.md",
            "gaussian, f32, sm_90: its loop over pairs is gone",
            "gaussian, f32, sm_80: only in kernels/budgets/BUDGETS.md",
        ];
        let budgets = write(&[rows()[0].clone(), other[1].clone()]);
        assert_eq!(rises(&[other[0].clone(), rows()[1].clone()], &budgets), expected);
    }

    #[test]
    fn budgets_of_another_compiler_are_not_taken() {
        let budgets = write(&rows()).replace(VERSION, "12.9.86");
        let complaint = format!("kernels/budgets/BUDGETS.md was written with another nvcc than {VERSION}");
        assert_eq!(rises(&rows(), &budgets), [complaint]);
    }

    #[test]
    fn a_missed_goal_is_marked() {
        let text = goals(&[row("gaussian", "sm_90", 32, Some(8.59)), row("nearest", "sm_90", 32, Some(8.2))]);
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert!(
            lines[0].starts_with("gaussian f32") && lines[0].ends_with("8.59     8.60    13.00"),
            "{text}"
        );
        assert!(lines[1].ends_with("14.25  missed"), "{text}");
    }

    #[test]
    fn what_keops_does_as_well_is_told() {
        let row = |device, least| row("gaussian", device, 32, least);
        let rows = [
            row("sm_90", Some(12.99)),
            row("sm_90", Some(13.0)),
            row("sm_90", None),
            row("sm_80", Some(14.0)),
        ];
        let expected = [
            "gaussian, f32, sm_90: 13.00 instructions a pair, KeOps 13.00",
            "gaussian, f32, sm_90: an unknown number of instructions a pair, KeOps 13.00",
        ];
        assert_eq!(no_better_than_keops(&rows), expected);
    }

    #[test]
    fn every_goal_is_of_a_formula_that_is_measured() {
        let formulas = include_str!("../../../kernels/budgets/goals.rs");
        for Goal { formula, .. } in GOALS {
            let function = formula.split("::").next().unwrap_or(formula);
            assert!(formulas.contains(&format!("pub fn {function}(")), "{formula}");
        }
    }
}

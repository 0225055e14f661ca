//! The table of random formulas: written, read, compared.

use super::fetch::VERSION;
use std::fmt::Write;

/// The text above the table.
const HEAD: &str = "\
# Random formulas and their arithmetic

Written by `cargo xtask cuda budgets`; `cargo xtask test cuda` compares, and fails where a count has risen or registers
are spilled. The formulas are those of `tests/generate`, 5 operations deep, in `f32`, compiled as those of `BUDGETS.md`, for
sm_90. `fN` is that of seed N; a kernel that has no loop over pairs, or that another formula has too, is not in the table.

*Counted* are the instructions of the shortest way round the pair loop, for one pair. *Arithmetic* is what the loop program
says that a pair needs at least: a sum, a difference, a product, a product with a sum, a maximum are an instruction each; a
change of sign, reading, and what is hoisted to rows and columns are none; a division or function has the price that it
has alone, in a loop over numbers that all differ (`xtask/src/cuda/prices.rs`). The *ratio* is that of what is counted to the
arithmetic and one instruction; at most 1.15 is what was set out for.

Ratios far below 1 are of formulas that have less to do than the price of their functions: an argument of several is the
same for all pairs or constant, two functions share a part, or the shortest way is that of a special case. The highest are of
formulas with little but sines, quotients and such, which have rare cases: where threads may differ, each call also has two
instructions by which they part and meet again, and the length of the code leaves groups of few columns.
";

const COLUMNS: &str = "| formula | rows × columns | registers | counted | arithmetic | ratio |";
const RULE: &str = "|---|---:|---:|---:|---:|---:|";

/// The ratio that is to be reached.
const GOAL: f64 = 1.15;

/// A kernel of a random formula.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) title: String,
    /// The rows of a thread and the columns of a group.
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) registers: usize,
    pub(crate) spills: usize,
    /// Instructions that the arithmetic of a pair takes at least.
    pub(crate) arithmetic: f64,
    /// Instructions that it takes.
    pub(crate) counted: f64,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.counted / (self.arithmetic + 1.0)
    }
}

/// The file, the worst first.
pub(crate) fn write(rows: &[Row]) -> String {
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by(|a, b| b.ratio().total_cmp(&a.ratio()));
    let mut text = format!("{HEAD}\nnvcc {VERSION}: {}\n\n{COLUMNS}\n{RULE}\n", summary_of(&rows));
    for row in rows {
        let Row { title, rows, columns, registers, counted, arithmetic, .. } = row;
        let ratio = row.ratio();
        writeln!(
            text,
            "| {title} | {rows} × {columns} | {registers} | {counted:.2} | {arithmetic:.2} | {ratio:.3} |"
        )
        .expect("a string takes all text");
    }
    text
}

/// One line about all.
pub(crate) fn summary(rows: &[Row]) -> String {
    summary_of(&rows.iter().collect::<Vec<_>>())
}

fn summary_of(rows: &[&Row]) -> String {
    let within = rows.iter().filter(|row| row.ratio() <= GOAL).count();
    let worst = rows.iter().map(|row| row.ratio()).fold(0.0, f64::max);
    format!("{within} of {} kernels within 15 %, the worst at {worst:.3}", rows.len())
}

/// Kernels that spill registers, which none may.
pub(crate) fn spills(rows: &[Row]) -> Vec<String> {
    let spilling = rows.iter().filter(|row| row.spills > 0);
    spilling.map(|row| format!("random formula {}: spills {} bytes", row.title, row.spills)).collect()
}

/// Where `rows` take more than the committed file says, or are not the kernels in it.
pub(crate) fn rises(rows: &[Row], committed: &str) -> Vec<String> {
    let budgets = read(committed);
    let mut complaints = vec![];
    if !committed.contains(&format!("nvcc {VERSION}:")) {
        complaints.push(format!("kernels/budgets/RANDOM.md was written with another nvcc than {VERSION}"));
    }
    for Row { title, counted, .. } in rows {
        match budgets.iter().find(|(name, _)| name == title) {
            None => complaints.push(format!("random formula {title}: not in kernels/budgets/RANDOM.md")),
            // As it is printed, since the file has no more.
            Some((_, budget)) if as_printed(*counted) > *budget => complaints.push(format!(
                "random formula {title}: {counted:.2} instructions a pair, {budget:.2} budgeted"
            )),
            Some(_) => {}
        }
    }
    let gone = budgets.iter().filter(|(name, _)| rows.iter().all(|row| row.title != *name));
    complaints
        .extend(gone.map(|(name, _)| format!("random formula {name}: only in kernels/budgets/RANDOM.md")));
    complaints
}

fn as_printed(counted: f64) -> f64 {
    format!("{counted:.2}").parse().unwrap_or(counted)
}

/// The names and counts of a file.
fn read(text: &str) -> Vec<(String, f64)> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        Some((cells.first()?.to_string(), cells.get(3)?.parse().ok()?))
    };
    text.lines().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(title: &str, counted: f64, arithmetic: f64) -> Row {
        Row { title: title.to_owned(), rows: 4, columns: 8, registers: 40, spills: 0, arithmetic, counted }
    }

    fn rows() -> Vec<Row> {
        vec![row("f1", 9.125, 8.0), row("f2", 12.0, 8.0)]
    }

    #[test]
    fn the_worst_is_first_and_counted_in_the_summary() {
        let text = write(&rows());
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("| f")).skip(1).collect();
        assert_eq!(
            lines,
            ["| f2 | 4 × 8 | 40 | 12.00 | 8.00 | 1.333 |", "| f1 | 4 × 8 | 40 | 9.12 | 8.00 | 1.014 |"]
        );
        assert_eq!(summary(&rows()), "1 of 2 kernels within 15 %, the worst at 1.333");
        assert!(text.contains(&format!("nvcc {VERSION}: {}", summary(&rows()))), "{text}");
    }

    #[test]
    fn only_rises_and_other_kernels_are_told() {
        let budgets = write(&rows());
        assert_eq!(rises(&[row("f1", 9.12, 8.0), row("f2", 11.0, 8.0)], &budgets), [""; 0]);
        let expected = [
            "random formula f1: 9.25 instructions a pair, 9.12 budgeted",
            "random formula f3: not in kernels/budgets/RANDOM.md",
            "random formula f2: only in kernels/budgets/RANDOM.md",
        ];
        assert_eq!(rises(&[row("f1", 9.25, 8.0), row("f3", 1.0, 8.0)], &budgets), expected);
        let other = budgets.replace(VERSION, "12.9.86");
        let complaint = format!("kernels/budgets/RANDOM.md was written with another nvcc than {VERSION}");
        assert_eq!(rises(&rows(), &other), [complaint]);
    }

    #[test]
    fn spills_are_told() {
        let spilling = Row { spills: 8, ..row("f1", 9.0, 8.0) };
        assert_eq!(spills(&[spilling]), ["random formula f1: spills 8 bytes"]);
    }
}

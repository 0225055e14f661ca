//! The list of operations in the documentation of `keops!`, `keops-macros/OPERATIONS.md`, made from the rows.

use super::reduction::NAMES;
use super::scalar;
use super::{FAMILIES, Family, Slot, Wanted, calculus, usage};

/// What no row says.
const INTRODUCTION: &str = "\
# Operations

What a formula is made of: operators, functions of numbers, named operations, derivatives, and reductions over points.

- Operators, tightest first: `^` or `**` (powers, from the right: `2^3^2` is `2^9`), unary `-` (`-x^2` is `-(x^2)`), `*` and
  `/`, `+` and `-`, `|` (dot product), and the comparisons `<`, `<=`, `>`, `>=`, `==` and `!=`, which give 1 or 0 and are not
  chained.
- Operators other than `|`, functions of numbers and arithmetic work coordinate by coordinate, on operands of the same dimension
  or of dimension 1, which stands for any other: `s * x_i`. So do the differences in `SqDist` and `WeightedSqDist`. Nothing else
  is broadcast: both sides of `|` have the same dimension.
- `x[k]` is coordinate k of x, counted from 0; `x[a..b]` or `x[a:b]` are those from a to b − 1, from the first if a is left out,
  to the last if b is.
- `i` and `j` are the numbers of the two points, from 0, where nothing else has the name. `Inf` is ∞, for `Where` and the like
  to choose; there is no arithmetic with it.
- What takes a formula first can be a method of it, under all its names: `x_i.SqDist(y_j)` and `x_i.sqdist(y_j)` are
  `SqDist(x_i, y_j)`. Operands may be given by name, `Round(x_i, d=2)`; those in brackets may be left out.

The examples are over `x_i: Vi<3>`, `y_j: Vj<3>`, `b_j: Vj<1>`, `u_i: Vi<4>`, `v_j: Vj<4>`, `a_j: Vj<9>`, `s: Pm<1>` and
`p: Pm<3>`.
";

/// The head of tables with examples.
const EXAMPLES: &str = "| operation | also | meaning | example |\n|---|---|---|---|\n";

const FUNCTIONS: &str = "
## Functions of numbers

They work on each coordinate by itself. Those with a † have cheaper variants for functions marked `#[fast_maths]`, whose errors
the documentation of `keops` lists. A slope is a derivative, as gradients take it.
";

const DERIVATIVES: &str = "
## Derivatives

A formula f without reductions is differentiated in an argument v of the function; ∂f/∂v is the matrix of all ∂fₖ/∂vₗ. A weight
that is left out is 1 in all coordinates. `GradMatrix`, `Divergence`, `Laplacian` and `TraceOperator` differentiate coordinate by
coordinate, 64 at most. (`#[grad]` differentiates a whole function, its reductions included.)

";

const REDUCTIONS: &str = "
## Reductions over points

Each name ends in `_j`, as listed, for a reduction over all j for each i, or in `_i` for one over all i for each j; Σ is over
these points. A body without a reduction is summed over the index that the result does not have. `Sum_ij(f)` is the sum over all pairs, a
result `Pm<D>`. No reduction stands inside another; what is reduced can be computed with, as in `Sum_j(f * b_j) / Sum_j(f)`.
Results that are indices are declared `Vi<D, usize>`. K is a positive integer, known when the formula is compiled.

KeOps's spellings say by a tag what is reduced over, 0 for j and 1 for i: `Sum_Reduction(f, 0)`, `KMin_Reduction(f, 10, 0)`,
`LogSumExp_Reduction(f, 0, g)`; those of its LazyTensors by an axis, 1 for j and 0 for i: `f.sum(axis=1)`,
`f.sum_reduction(axis=1)`, `f.Kmin(10, axis=1)`, `f.sumsoftmaxweight(g, axis=1)`, where `dim` may be said for `axis`. Without an
index `Sum`, `Max`, `Min`, `ArgMax` and `ArgMin` work on the coordinates of one value, which is axis 2 or −1.

| reduction | also | meaning |
|---|---|---|
";

/// The list, in Markdown.
pub fn operations() -> String {
    let mut page = INTRODUCTION.to_string() + FUNCTIONS;
    for family in &scalar::FAMILIES {
        page += &heading("###", family);
        page += "| function | also | meaning |\n|---|---|---|\n";
        for function in family.rows {
            let operands: Vec<Wanted> = function.arguments.iter().map(|name| Wanted::one(name)).collect();
            let dagger = if function.fast.is_some() { " †" } else { "" };
            page += &row(&[
                code(&usage(function.name, &operands)) + dagger,
                names(function.aliases, ""),
                function.doc.into(),
            ]);
        }
    }
    for family in &FAMILIES {
        page += &heading("##", family);
        page += EXAMPLES;
        for operation in family.rows {
            page += &with_example(
                operation.name,
                operation.aliases,
                operation.operands,
                operation.doc,
                operation.example,
            );
        }
    }
    page += DERIVATIVES;
    page += EXAMPLES;
    for operator in calculus::ROWS {
        page +=
            &with_example(operator.name, operator.aliases, operator.operands, operator.doc, operator.example);
    }
    page += REDUCTIONS;
    for reduction in NAMES {
        let name = format!("{}_j", reduction.name);
        page += &row(&[
            code(&usage(&name, &reduction.operands())),
            names(reduction.aliases, "_j"),
            reduction.doc.into(),
        ]);
    }
    page
}

/// The heading over a table, and what is to be known first.
fn heading<R>(level: &str, family: &Family<R>) -> String {
    let about = if family.about.is_empty() { String::new() } else { format!("{}\n", family.about) };
    format!("\n{level} {}\n\n{about}", family.title)
}

/// A row of a table whose head is [`EXAMPLES`].
fn with_example(
    name: &str,
    aliases: &[&str],
    operands: &[(&'static str, Slot)],
    doc: &str,
    example: &str,
) -> String {
    row(&[code(&usage(name, &Wanted::of(operands))), names(aliases, ""), doc.into(), code(example)])
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// Other names, each with the index that it needs.
fn names(aliases: &[&str], index: &str) -> String {
    let names: Vec<String> = aliases.iter().map(|alias| code(&format!("{alias}{index}"))).collect();
    names.join(", ")
}

/// A row of a table. Nothing in a cell ends it, and outside of code nothing is a link or HTML.
fn row(cells: &[String]) -> String {
    let escaped = |(k, part): (usize, &str)| {
        let part = part.replace('|', r"\|");
        let is_code = k % 2 == 1;
        if is_code { part } else { part.replace('[', r"\[").replace(']', r"\]").replace('<', r"\<") }
    };
    let cell = |cell: &String| cell.split('`').enumerate().map(escaped).collect::<Vec<_>>().join("`");
    format!("| {} |\n", cells.iter().map(cell).collect::<Vec<_>>().join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use std::{env, fs};

    /// `KEOPS_TEST_OVERWRITE=1 cargo test -p keops-compiler document` writes the file anew.
    #[test]
    fn the_file_is_made_from_the_rows() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../OPERATIONS.md");
        let page = operations();
        if env::var_os("KEOPS_TEST_OVERWRITE").is_some() {
            fs::write(&file, &page).expect("the file can be written");
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        let lines = page.lines().zip(kept.lines().chain(std::iter::repeat("")));
        let different = lines.enumerate().find(|(_, (now, before))| now != before);
        assert!(
            page == kept,
            "OPERATIONS.md is not that of the rows: {different:?}\n\
             write it anew: KEOPS_TEST_OVERWRITE=1 cargo test -p keops-compiler document"
        );
    }

    #[test]
    fn cells_are_escaped_and_as_many_as_the_head_has() {
        let cells = ["|x| in [0, 1]".to_string(), "`x | y[0]`".to_string(), "1 where x < y".to_string()];
        assert_eq!(row(&cells), "| \\|x\\| in \\[0, 1\\] | `x \\| y[0]` | 1 where x \\< y |\n");
        let page = operations();
        let bars = |line: &str| line.replace(r"\|", "").matches('|').count();
        for table in page.split("\n\n").filter(|part| part.starts_with('|')) {
            let head = table.lines().next().map(bars);
            for line in table.lines() {
                assert_eq!(Some(bars(line)), head, "{line}");
                assert_eq!(line.matches('`').count() % 2, 0, "{line}");
            }
        }
        assert!(!page.contains("```") && !page.contains("\n    "), "rustdoc would run it");
    }
}

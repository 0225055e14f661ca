//! Sentences about reductions over points and about what may follow them.

use super::sum_or_take_one;
use crate::ast::Kind;

/// A sum over one index inside a sum over the other; `fix` is the sum over both, `declared` whether other results than its
/// own are declared.
pub fn nested_sums(inner: &str, outer: &str, fix: &str, declared: bool) -> String {
    let declare = if declared { ", and declare the result `Pm`" } else { "" };
    format!(
        "`{inner}` is summed already, inside `{outer}`\n\
         rule: one reduction takes a formula of one pair of points; a sum over both indices is `Sum_ij`\n\
         help: write `{fix}`{declare}"
    )
}

/// A reduction inside a reduction.
pub fn nested(inner: &str, outer: &str) -> String {
    format!(
        "`{inner}` is reduced already, inside `{outer}`\n\
         rule: a reduction takes a formula of one pair of points, not the value of another reduction\n\
         help: reduce in one function, and give its result to another as an argument"
    )
}

/// `#[dot_products]` on a function without anything to apply it to.
pub fn no_squared_distance() -> String {
    "`#[dot_products]` finds no squared distance between an i-value and a j-value\n\
     rule: it rewrites `SqDist(x, y)` as |x|² + |y|² − 2 x·y where x depends on i alone and y on j alone\n\
     help: leave it out, or write the distance with `SqDist`"
        .into()
}

/// `#[scaled_distances]` on a function without anything to apply it to.
pub fn no_scaled_distance() -> String {
    "`#[scaled_distances]` finds no squared distance with a factor that it could move into the coordinates\n\
     rule: it rewrites `p * SqDist(x, y)` where x depends on i alone and y on j alone, and p is made of parameters and \
     cannot change its sign, as `1 / s^2`\n\
     help: leave it out, or write the factor as a square or a quotient of squares"
        .into()
}

/// `#[fast_maths]` on a function without anything to apply it to.
pub fn nothing_faster() -> String {
    "`#[fast_maths]` finds nothing that has a cheaper variant\n\
     rule: it is for functions such as `Log`, `Sqrt`, `Rsqrt`, `Powf`, `Sin` or `Tanh`, and for quotients, of values that \
     depend on both i and j\n\
     help: leave it out"
        .into()
}

/// `#[prune]` on a function with a reduction that near pairs do not decide.
pub fn distant_pairs_count(reduction: &str) -> String {
    format!(
        "distant pairs count in `{reduction}`, and `#[prune]` is to pass over them\n\
     rule: every reduction is `Min`, `ArgMin`, `KMin` or the like of `SqDist(x, y)` or `Norm2(x - y)`, perhaps \
     times a positive number, or a sum with a factor like `Step(r - Norm2(x - y))` or `(SqDist(x, y) < r^2)`; x \
     is one i-variable and y one j-variable throughout\n\
     help: leave `#[prune]` out, or move this reduction to a function of its own"
    )
}

/// `#[prune]` beside an attribute that rewrites distances, or computes them otherwise.
pub fn pruned_and_rewritten() -> String {
    "`#[prune]` excludes `#[dot_products]`, `#[scaled_distances]` and `#[fast_maths]`\n\
     rule: pruning is exact, and needs the distances as they are written\n\
     help: in low dimension leave the others out, in high dimension leave out `#[prune]`"
        .into()
}

/// A reduction over the index that the result keeps; `fix` is the name with the other index.
pub fn keeps_index(name: &str, over: char, fix: &str) -> String {
    let other = if over == 'i' { 'j' } else { 'i' };
    format!(
        "`{name}` reduces over {over}, but the result is declared `V{over}`, one row per {over}\n\
         help: reduce over {other} with `{fix}`, or declare the result `V{other}`"
    )
}

/// A reduction over one index where the result is one row in all.
pub fn one_sided_total(name: &str, kept: char) -> String {
    format!(
        "`{name}` leaves one row per {kept}, but the result is declared `Pm`, one row in all\n\
         rule: a `Pm` result is a sum over both indices\n\
         help: write `Sum_ij(f)`, or leave the reduction out; or declare the result `V{kept}`"
    )
}

/// `Sum_ij` where the result has one row per point; `fix` is the sum over the other index.
pub fn total_of_rows(name: &str, declared: Kind, fix: &str, length: &str) -> String {
    format!(
        "`{name}` reduces over both indices, but the result is declared `{declared}`\n\
         help: reduce over one with `{fix}`, or declare the result `Pm<{length}>`"
    )
}

/// Reductions over different points where no result is declared: a name and what it runs over, those of the first, and what
/// may be written instead.
pub fn other_points([name, over]: [&str; 2], [first, first_over]: [&str; 2], fix: Option<&str>) -> String {
    let fix = fix.map(|fix| format!("write `{fix}` here, or ")).unwrap_or_default();
    format!(
        "`{name}` reduces over {over}, but `{first}` before it over {first_over}\n\
         rule: all reductions of a formula run over the same points, since all its results have the same rows\n\
         help: {fix}write one formula for each"
    )
}

/// A reduction over both indices other than the sum.
pub fn only_sum_over_both(name: &str) -> String {
    format!(
        "`{name}` is not available: the only reduction over both indices is `Sum_ij`\n\
         help: reduce over one index here, and over the rows of the result where the function is called"
    )
}

/// `LogSumExp(f)` and the like without an index; `fix` is the call with one.
pub fn index_missing(name: &str, fix: &str, over: char) -> String {
    format!(
        "`{name}` does not say over which index it reduces\n\
         help: write `{fix}` to reduce over {over}"
    )
}

/// An axis that is none.
pub fn axis_out_of_range(name: &str, axis: i64, coordinates: bool) -> String {
    let inner = if coordinates { ", axis=2 and axis=-1 are the coordinates of one value" } else { "" };
    format!(
        "`{name}` has no axis {axis}\n\
         rule: axis=1 reduces over j, axis=0 over i{inner}"
    )
}

/// A KeOps tag that is none.
pub fn tag_out_of_range(name: &str, tag: i64) -> String {
    format!(
        "`{name}` has no tag {tag}\n\
         rule: tag 0 reduces over j, one row per i; tag 1 reduces over i, one row per j"
    )
}

/// K of KMin and the like is not a positive integer of reasonable size.
pub fn count_out_of_range(name: &str, count: i64, most: i64) -> String {
    format!(
        "the K of `{name}` is {count}\n\
         rule: K is an integer literal from 1 to {most}"
    )
}

/// K values for each coordinate are more than can be compiled.
pub fn too_many_values(name: &str, count: usize, length: usize, of: &str, most: i64) -> String {
    let total = count * length;
    format!(
        "`{name}` gives {count} · {length} = {total} coordinates\n\
         {of}\n\
         rule: a value has at most {most} coordinates, and each coordinate of f gives K of them"
    )
}

/// `Max(x, y)`: two formulas, where the largest coordinate of one is meant; `instead` is the operation on
/// two.
pub fn two_formulas(name: &str, instead: &str, first: &str, second: &str) -> String {
    format!(
        "`{name}` takes one formula, and gives its extreme coordinate\n\
         help: to compare two formulas coordinate by coordinate, write `{instead}({first}, {second})`"
    )
}

/// With a weight, what is exponentiated must be one number per pair.
pub fn exponent_not_scalar(name: &str, length: &str, of: &str, text: Option<&str>) -> String {
    let help = sum_or_take_one(text);
    format!(
        "the exponent of `{name}` has length {length}, not 1\n\
         {of}\n\
         rule: with a weight, the exponent is a single number per pair, and the weight may have any \
         length\n\
         help: {help}"
    )
}

/// A value that differs over the reduced index, beside a reduced value; `fix` is the whole as it was perhaps meant.
pub fn outside(text: &str, reduced: &str, [over, kept]: [char; 2], fix: Option<&str>) -> String {
    let fix = fix.map(|fix| format!(": `{fix}`")).unwrap_or_default();
    format!(
        "`{text}` stands outside the reduction: it has one value per {over}, but `{reduced}` has one row \
         per {kept}\n\
         rule: what follows a reduction over {over} is made from reduced values, `V{kept}` and `Pm` \
         variables and literals\n\
         help: move `{text}` inside the parentheses of the reduction{fix}"
    )
}

/// Arithmetic with the result of an `Arg…` reduction; `declared` is the kind of the results, if one is declared.
pub fn index_computed(text: &str, length: &str, declared: Option<Kind>) -> String {
    let declare = declared.map(|kind| format!("declare the result `{kind}<{length}, usize>`, and "));
    format!(
        "`{text}` is an index, not a number to compute with\n\
         rule: an index is returned as it is\n\
         help: {}write `{text}` as the result or as one of a tuple",
        declare.unwrap_or_default()
    )
}

/// Arithmetic with the two results of `Min_ArgMin_j` and the like.
pub fn pair_computed(text: &str) -> String {
    format!(
        "`{text}` is two results, values and indices, not a number to compute with\n\
         help: compute with the values alone (`Min_j`, `Max_j`, `KMin_j`, `KMax_j`), and write the indices \
         (`ArgMin_j`, …) as another result of a tuple"
    )
}

/// Arithmetic with a sum over both indices.
pub fn total_computed(text: &str) -> String {
    format!(
        "`{text}` is the sum over all pairs, after which nothing follows\n\
         help: move factors inside the parentheses, as in `Sum_ij(c * f)`, or compute with the value that \
         the function returns"
    )
}

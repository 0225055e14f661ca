//! Whole functions: arguments, bindings, reductions and what follows them.

use crate::expression::Writer;
use crate::term::{Level, Term};
use keops_reference::data::Setup;
use keops_reference::random::Random;

/// The kind of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One row per i.
    Vi,
    /// One row per j.
    Vj,
    /// One row for all pairs.
    Pm,
}

impl Kind {
    /// The kind as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Vi => "Vi",
            Kind::Vj => "Vj",
            Kind::Pm => "Pm",
        }
    }
}

/// An argument of a generated formula.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Vi, Vj or Pm.
    pub kind: Kind,
    /// Its dimension.
    pub dim: usize,
    /// The interval that its numbers are drawn from.
    pub range: (f64, f64),
}

/// A random formula.
#[derive(Clone, Debug)]
pub struct Formula {
    /// The function's name.
    pub name: String,
    /// Its arguments in order.
    pub arguments: Vec<Argument>,
    /// The declaration and the body, as between the braces of `keops!`.
    pub text: String,
    /// The names of the operations and reductions that occur.
    pub operations: Vec<&'static str>,
    /// Its gradient, where it is differentiated.
    pub gradient: Option<Gradient>,
}

/// The gradient of a formula in one argument.
#[derive(Clone, Debug)]
pub struct Gradient {
    /// The argument.
    pub argument: String,
    /// The kind of the results, whose rows the seeds have too.
    pub rows: Kind,
    /// The dimensions of the results.
    pub dims: Vec<usize>,
}

impl Formula {
    /// Data inside the formula's domain.
    pub fn setup(&self, m: usize, n: usize) -> Setup {
        self.arguments.iter().fold(Setup::sizes(m, n), |setup, a| setup.range(&a.name, a.range.0, a.range.1))
    }
}

/// The formula of a seed: at most `depth` operations deep.
pub fn formula(name: &str, seed: u64, depth: usize) -> Formula {
    write(name, Writer::new(Random::new(seed), false), depth)
}

/// Another formula of a seed, which may read the numbers `i` and `j` of its points.
pub fn formula_with_numbers(name: &str, seed: u64, depth: usize) -> Formula {
    write(name, Writer::new(Random::new(seed), true), depth)
}

/// Another formula of a seed, of smooth operations, with its gradient in a variable of i.
pub fn formula_with_gradient(name: &str, seed: u64, depth: usize) -> Formula {
    let mut writer = Writer::new(Random::new(seed), false);
    writer.smooth = true;
    write(name, writer, depth)
}

fn write(name: &str, mut writer: Writer, depth: usize) -> Formula {
    let keep = if writer.random.once_in(2) { Kind::Vi } else { Kind::Vj };
    // Smooth expressions read no bindings, which may have jumps.
    if !writer.smooth {
        writer.bindings(depth);
    }
    let items = if writer.random.once_in(5) { 2 } else { 1 };
    let results: Vec<Item> = (0..items).map(|_| item(&mut writer, keep, depth)).collect();
    writer.complete(&[Kind::Vi, Kind::Vj]);
    let declared: Vec<String> = results
        .iter()
        .flat_map(|r| &r.declared)
        .map(|(dim, index)| format!("{}<{dim}{}>", keep.name(), if *index { ", usize" } else { "" }))
        .collect();
    let texts: Vec<String> = results.iter().map(|r| r.text.clone()).collect();
    let arguments: Vec<String> =
        writer.arguments.iter().map(|a| format!("{}: {}<{}>", a.name, a.kind.name(), a.dim)).collect();
    let lets: String = writer.lets.iter().map(|l| format!("    let {} = {};\n", l.name, l.text)).collect();
    let gradient = writer.smooth.then(|| Gradient {
        argument: writer.arguments.iter().find(|a| a.kind == Kind::Vi).expect("it is complete").name.clone(),
        rows: keep,
        dims: results.iter().flat_map(|r| &r.declared).map(|(dim, _)| *dim).collect(),
    });
    let attribute = gradient.as_ref().map_or(String::new(), |g| format!("#[grad({})]\n", g.argument));
    let text = format!(
        "{attribute}pub fn {name}({}) -> {} {{\n{lets}    {}\n}}",
        arguments.join(", "),
        tuple(&declared),
        tuple(&texts)
    );
    let mut operations = writer.used.clone();
    operations.sort_unstable();
    operations.dedup();
    Formula { name: name.to_string(), arguments: writer.arguments, text, operations, gradient }
}

fn tuple(parts: &[String]) -> String {
    if let [only] = parts { only.clone() } else { format!("({})", parts.join(", ")) }
}

/// One item of the result: its text and what it has to be declared as.
struct Item {
    text: String,
    declared: Vec<(usize, bool)>,
}

fn item(w: &mut Writer, keep: Kind, depth: usize) -> Item {
    let values = |term: Term| Item { declared: vec![(term.dim, false)], text: term.text };
    match w.random.below(10) {
        0 => {
            // No reduction: the whole is summed over the index that the result does not have.
            let dim = w.small_dim();
            values(w.term(dim, depth))
        }
        // Indices have no gradient.
        1..=2 if !w.smooth => indices(w, keep, depth),
        1..=5 => {
            let reduced = reduction(w, keep, depth);
            values(reduced)
        }
        _ => {
            let reduced = reduction(w, keep, depth);
            values(after(w, keep, reduced))
        }
    }
}

/// A reduction of an index: `ArgMin_j(f)`, `KMin_ArgKMin_j(f, 3)`.
fn indices(w: &mut Writer, keep: Kind, depth: usize) -> Item {
    let dim = w.small_dim();
    let f = w.term(dim, depth);
    let end = *w.random.pick(&["Min", "Max"]);
    let over = suffix(keep);
    let (name, count, pair) = *w.random.pick(&[
        ("Arg", None, false),
        ("ArgK", Some(3), false),
        ("Arg", None, true),
        ("ArgK", Some(2), true),
    ]);
    w.note(match (end, count.is_some(), pair) {
        ("Min", false, false) => "ArgMin_j",
        ("Max", false, false) => "ArgMax_j",
        ("Min", true, false) => "ArgKMin_j",
        ("Max", true, false) => "ArgKMax_j",
        ("Min", false, true) => "Min_ArgMin_j",
        ("Max", false, true) => "Max_ArgMax_j",
        ("Min", true, true) => "KMin_ArgKMin_j",
        _ => "KMax_ArgKMax_j",
    });
    let values = if count.is_some() { format!("K{end}_") } else { format!("{end}_") };
    let text = format!(
        "{}{name}{end}_{over}({}{})",
        if pair { values } else { String::new() },
        f.text,
        count.map_or(String::new(), |k| format!(", {k}"))
    );
    let size = f.dim * count.unwrap_or(1);
    let declared = if pair { vec![(size, false), (size, true)] } else { vec![(size, true)] };
    Item { text, declared }
}

/// The index that is reduced over.
fn suffix(keep: Kind) -> &'static str {
    if keep == Kind::Vi { "j" } else { "i" }
}

/// The number of points that ranges of sums, and of the numbers of points, allow for.
pub(crate) const POINTS: f64 = 200.0;

/// A reduction with values, in one of its spellings.
fn reduction(w: &mut Writer, keep: Kind, depth: usize) -> Term {
    let dim = w.small_dim();
    let names = [
        "Sum_j",
        "Sum_j",
        "Sum_j",
        "Mean_j",
        "LogSumExp_j",
        "LogSumExpWeight_j",
        "SumSoftMaxWeight_j",
        "Max_j",
        "Min_j",
        "KMin_j",
        "KMax_j",
    ];
    // The others have a kink wherever the best point changes.
    let name = *w.random.pick(if w.smooth { &names[..7] } else { &names });
    w.note(name);
    let f = match name {
        "SumSoftMaxWeight_j" | "LogSumExpWeight_j" => w.term(1, depth),
        _ => w.term(dim, depth),
    };
    let range = (f.low, f.high);
    match name {
        "Sum_j" => {
            // An empty or a long sum.
            let range = ((POINTS * f.low).min(0.0), (POINTS * f.high).max(0.0));
            let text = spelled(w, keep, "Sum", "sum", &f, "", "");
            Term::atom(text, f.dim, range)
        }
        "Mean_j" => Term::atom(format!("Mean_{}({})", suffix(keep), f.text), f.dim, range),
        "LogSumExp_j" => {
            let text = spelled(w, keep, "LogSumExp", "logsumexp", &f, "", "");
            Term::atom(text, f.dim, (f.low, f.high + POINTS.ln()))
        }
        "LogSumExpWeight_j" => {
            let g = w.term(dim, 1);
            let g = w.positive(g, 0.1);
            let range = (f.low + g.low.ln(), f.high + g.high.ln() + POINTS.ln());
            Term::atom(format!("LogSumExp_{}({}, {})", suffix(keep), f.text, g.text), g.dim, range)
        }
        "SumSoftMaxWeight_j" => {
            let g = w.term(dim, 2);
            let text = spelled(w, keep, "SumSoftMaxWeight", "sumsoftmaxweight", &f, "", &g.text);
            Term::atom(text, g.dim, (g.low, g.high))
        }
        "Max_j" | "Min_j" => {
            let text = spelled(w, keep, &name[..3], &name[..3].to_lowercase(), &f, "", "");
            Term::atom(text, f.dim, range)
        }
        _ => {
            // Few points are padded with infinities, so nothing is computed from these.
            let text =
                spelled(w, keep, &name[..4], if name == "KMin_j" { "Kmin" } else { "Kmax" }, &f, "3", "");
            Term::atom(text, 3 * f.dim, (f64::NEG_INFINITY, f64::INFINITY))
        }
    }
}

/// `Name_j(f, K)`, `Name_Reduction(f, K, 0)` or `f.name(K, axis=1)`.
fn spelled(
    w: &mut Writer,
    keep: Kind,
    name: &str,
    method: &str,
    f: &Term,
    count: &str,
    weight: &str,
) -> String {
    let listed = |before: &str, middle: &[&str]| {
        let parts: Vec<&str> =
            std::iter::once(before).chain(middle.iter().copied()).filter(|p| !p.is_empty()).collect();
        parts.join(", ")
    };
    match w.random.below(6) {
        0 => {
            let tag = if keep == Kind::Vi { "0" } else { "1" };
            format!("{name}_Reduction({})", listed(&f.text, &[count, tag, weight]))
        }
        1 if f.level == Level::Atom => {
            let axis = if keep == Kind::Vi { "axis=1" } else { "axis=0" };
            format!("{}.{method}({})", f.text, listed("", &[count, weight, axis]))
        }
        _ => format!("{name}_{}({})", suffix(keep), listed(&f.text, &[count, weight])),
    }
}

/// An expression of a reduced value, of parameters and of variables of the kept index.
fn after(w: &mut Writer, keep: Kind, reduced: Term) -> Term {
    if !reduced.size().is_finite() {
        return reduced;
    }
    let forbidden = if keep == Kind::Vi { Kind::Vj } else { Kind::Vi };
    w.without(forbidden, |w| match w.random.below(6) {
        0 => {
            let names = ["Tanh", "Atan", "Sin", "Abs"];
            let name = *w.random.pick(if w.smooth { &names[..3] } else { &names });
            let size = reduced.size();
            let range = if name == "Abs" { (0.0, size) } else { (-2.0, 2.0) };
            Term::atom(format!("{name}({})", reduced.text), reduced.dim, range)
        }
        1 => {
            let other = reduction(w, keep, 2);
            if !other.size().is_finite() || other.dim != 1 {
                return reduced;
            }
            let text =
                format!("{} / (1 + {}^2)", reduced.within(Level::Product), other.within(Level::Literal));
            Term::new(text, Level::Product, reduced.dim, (-reduced.size(), reduced.size()))
        }
        2 => {
            let own = w.leaf(reduced.dim);
            let text = format!("{} - {}", reduced.within(Level::Sum), own.within(Level::Product));
            Term::new(text, Level::Sum, reduced.dim, (reduced.low - own.high, reduced.high - own.low))
        }
        3 => {
            let own = w.term(1, 2);
            let text = format!("{} * {}", own.within(Level::Product), reduced.within(Level::Negation));
            Term::new(text, Level::Product, reduced.dim, own.times(&reduced))
        }
        4 => {
            let own = w.leaf(2);
            let range = (reduced.low.min(own.low), reduced.high.max(own.high));
            Term::atom(format!("Concat({}, {})", reduced.text, own.text), reduced.dim + 2, range)
        }
        _ => {
            let text = format!("{}[{}]", reduced.within(Level::Atom), w.random.below(reduced.dim));
            Term::atom(text, 1, (reduced.low, reduced.high))
        }
    })
}

//! Statements of the loop program as CUDA C.

use super::shape::Shape;
use super::sizes::{is_long_list, slot_len};
use crate::ir::{Extreme, OutputKind};
use crate::loops::{
    AccumulatorKind, Expr, Index, Kernel, LoopVar, Phase, Place, Slot, Statement, Tail, Temp, UNROLLED,
};
use crate::number::Number;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

/// Operations that one turn of a loop over coordinates may have, and the vectors of coordinates it takes at most: more
/// hardly save anything.
const TURN_OPERATIONS: usize = 3000;
const MOST_VECTORS: usize = 8;

/// What surrounds the statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// The loop over columns: values of R rows by C columns.
    Pair,
    /// Filling the bank of the rows.
    Rows,
    /// Filling the part of a tile that belongs to a column.
    Columns,
    /// After the reduction, for R rows.
    Finish,
    /// For one chosen pair.
    Chosen,
}

/// Prints statements of one kernel.
pub(super) struct Printer<'a> {
    pub(super) kernel: &'a Kernel,
    pub(super) shape: &'a Shape,
    pub(super) context: Context,
    /// Where the values of accumulators go, in the pair loop.
    pub(super) folds: HashMap<Temp, String>,
    /// The variables of the loops at hand whose values are known, up to multiples of a vector of coordinates.
    pub(super) written_out: HashSet<LoopVar>,
    /// The coordinates of the lists of the phase.
    pub(super) lists: Vec<Index>,
    /// Whether the indices of an output are kept although they name nothing.
    pub(super) positions: &'a dyn Fn(usize) -> bool,
    /// The row of a variable, for a chosen pair.
    pub(super) chosen_row: &'a dyn Fn(crate::ir::VariableId) -> &'static str,
    pub(super) indent: usize,
}

/// The C++ name of an order.
pub(super) fn order(extreme: Extreme) -> &'static str {
    match extreme {
        Extreme::Max => "keops::Largest",
        Extreme::Min => "keops::Smallest",
    }
}

fn unroll(turns: usize) -> String {
    format!("#pragma unroll {turns}")
}

pub(super) fn temp(t: Temp) -> String {
    format!("t{}", t.0)
}

pub(super) fn index(index: &Index) -> String {
    match index {
        Index::Const(n) => n.to_string(),
        Index::Var(v) => format!("k{}", v.0),
        Index::Add(a, n) => format!("({} + {n})", self::index(a)),
        Index::Sub(a, n) => format!("keops::saturating_sub({}, {n})", self::index(a)),
        Index::Mul(a, n) => format!("({} * {n})", self::index(a)),
        Index::Div(a, n) => format!("({} / {n})", self::index(a)),
        Index::Rem(a, n) => format!("({} % {n})", self::index(a)),
        Index::Min(a, n) => format!("keops::smaller({}, {n})", self::index(a)),
        Index::Sum(a, b) => format!("({} + {})", self::index(a), self::index(b)),
    }
}

fn constant(c: Number) -> String {
    let value = c.to_f64();
    if value.is_nan() {
        "T(NAN)".to_string()
    } else if value.is_infinite() {
        format!("T({}INFINITY)", if value < 0.0 { "-" } else { "" })
    } else {
        format!("T({value:e})")
    }
}

impl Printer<'_> {
    /// The type of a value that may depend on all that is at hand.
    fn value_type(&self) -> &'static str {
        match self.context {
            Context::Pair => "keops::Pairs<T, R, C>",
            Context::Rows | Context::Finish => "keops::Rows<T, R>",
            Context::Columns | Context::Chosen => "T",
        }
    }

    fn line(&self, to: &mut String, line: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(to, "{:width$}{line}", "", width = 4 * self.indent);
    }

    pub(super) fn block(&mut self, statements: &[Statement]) -> String {
        let mut text = String::new();
        for statement in statements {
            self.statement(&mut text, statement);
        }
        text
    }

    /// The statements of a phase, for a group of columns.
    pub(super) fn phase(&mut self, phase: &Phase) -> String {
        let mut text = String::new();
        self.lists = phase.lists.iter().map(|(_, index)| index.clone()).collect();
        self.folds = phase
            .tail
            .iter()
            .map(|tail| match tail {
                Tail::AddSum { accumulator, index: k, value } => {
                    (*value, format!("local.sum_{accumulator}[{}]", index(k)))
                }
                Tail::StoreBest { accumulator, index: k, value } => {
                    (*value, format!("state.acc_{accumulator}[{}].value", index(k)))
                }
                Tail::Raise { value, .. } => (*value, temp(*value)),
            })
            .collect();
        let opening = match phase.groups {
            None => "{".to_string(),
            Some((v, count)) => {
                // Many lists are in memory; written out, their code would be too long.
                let unrolled = self.shape.sums_in_registers && phase.lists.is_empty();
                if unrolled {
                    self.written_out.insert(v);
                }
                self.line(&mut text, &unroll(if unrolled { count } else { 1 }));
                format!("for (int k{n} = 0; k{n} < {count}; ++k{n}) {{", n = v.0)
            }
        };
        self.line(&mut text, &opening);
        self.indent += 1;
        for statement in &phase.head {
            // Sums and best values go on from the columns before.
            if !matches!(statement, Statement::Var(t, _) if self.folds.contains_key(t)) {
                self.statement(&mut text, statement);
            }
        }
        let raises = phase.tail.iter().filter_map(|tail| match tail {
            Tail::Raise { accumulator, index, value } => Some((*accumulator, index, *value)),
            _ => None,
        });
        let raises: Vec<_> = raises.collect();
        for (_, _, value) in &raises {
            let declaration =
                format!("keops::Rows<T, R> {t}; keops::assign({t}, T(-INFINITY));", t = temp(*value));
            self.line(&mut text, &declaration);
        }
        text += &self.block(&phase.body);
        for (accumulator, k, value) in raises {
            self.raise(&mut text, accumulator, k, value);
        }
        self.indent -= 1;
        self.line(&mut text, "}");
        text
    }

    /// Raises a reference where a larger exponent was seen, and rescales what has been summed since the last flush.
    fn raise(&self, text: &mut String, accumulator: usize, k: &Index, value: Temp) {
        let (t, k) = (temp(value), index(k));
        self.line(text, &format!("if (state.acc_{accumulator}[{k}].rises({t})) {{"));
        self.line(text, &format!("    const auto factor = state.acc_{accumulator}[{k}].raise({t});"));
        for (n, a) in self.kernel.accumulators.iter().enumerate() {
            if a.kind == (AccumulatorKind::ScaledSum { exponent: accumulator }) {
                let shared = self.kernel.accumulators[accumulator].dim == 1;
                let scale = |at: &str| {
                    format!("local.sum_{n}[{at}] = keops::map(keops::Mul(), local.sum_{n}[{at}], factor);")
                };
                if shared {
                    let unrolled = self.shape.unrolls_sums(a.dim);
                    self.line(text, &format!("    {}", unroll(if unrolled { a.dim } else { 1 })));
                    let line = format!("    for (int k = 0; k < {}; ++k) {}", a.dim, scale("k"));
                    self.line(text, &line);
                } else {
                    self.line(text, &format!("    {}", scale(&k)));
                }
            }
        }
        self.line(text, "}");
    }

    /// A loop over coordinates. Written out it is where arrays in registers are indexed. Where vectors of coordinates stay
    /// in memory, a turn takes some of the widest loads, and what is left over is written out.
    fn coordinates(&mut self, text: &mut String, variable: LoopVar, count: usize, body: &[Statement]) {
        let k = format!("k{}", variable.0);
        let whole = match self.context {
            Context::Pair => self.shape.unrolled,
            _ => self.indexes_registers(body),
        };
        let vector = self.shape.scalar.vector();
        let turns = if whole || self.context != Context::Pair { 0 } else { self.turns(count, body) };
        if whole || turns > 0 {
            self.written_out.insert(variable);
        }
        let mut first = 0;
        if turns > 0 {
            first = count / vector * vector;
            self.line(text, &unroll(turns));
            self.line(text, &format!("for (int from_{k} = 0; from_{k} < {first}; from_{k} += {vector})"));
            self.line(text, &unroll(vector));
            self.line(text, &format!("for (int {k} = from_{k}; {k} < from_{k} + {vector}; ++{k}) {{"));
            self.body(text, body);
        }
        if first < count {
            self.line(text, &unroll(if whole || turns > 0 { count - first } else { 1 }));
            self.line(text, &format!("for (int {k} = {first}; {k} < {count}; ++{k}) {{"));
            self.body(text, body);
        }
    }

    /// The statements of a loop, and its end.
    fn body(&mut self, text: &mut String, body: &[Statement]) {
        self.indent += 1;
        *text += &self.block(body);
        self.indent -= 1;
        self.line(text, "}");
    }

    /// How many vectors of coordinates go together in an innermost loop of the pair loop, a divisor of all there are. 0 if
    /// coordinates are taken one by one.
    fn turns(&self, count: usize, body: &[Statement]) -> usize {
        let vector = self.shape.scalar.vector();
        let is_loop = |statement: &Statement| matches!(statement, Statement::Loop { .. });
        if count < vector || body.iter().any(is_loop) {
            return 0;
        }
        let operations = body.len() * vector * self.shape.rows * self.shape.columns;
        let fits =
            |turns: &usize| (count / vector).is_multiple_of(*turns) && operations * turns <= TURN_OPERATIONS;
        (1..=MOST_VECTORS).rev().find(fits).unwrap_or(0)
    }

    /// Whether an array that lies in registers is indexed by a loop variable: then the loop must be written out.
    fn indexes_registers(&self, body: &[Statement]) -> bool {
        let bank = &self.kernel.rows;
        let wide = |slot: Slot| slot_len(bank, slot) > UNROLLED && self.shape.in_registers(bank, slot);
        let of_rows = matches!(self.context, Context::Rows | Context::Finish);
        body.iter().any(|statement| match statement {
            Statement::StoreHoisted { hoisted, .. } => {
                self.context == Context::Rows && wide(Slot::Hoisted(*hoisted))
            }
            Statement::Loop { body, .. } => self.indexes_registers(body),
            Statement::Let(_, expr) | Statement::Var(_, expr) | Statement::Set(_, expr) => match expr {
                Expr::Read(Place::Bank(slot), _) => of_rows && wide(*slot),
                Expr::Read(Place::Accumulated(n, _), _) => {
                    let a = &self.kernel.accumulators[*n];
                    let is_list = matches!(a.kind, AccumulatorKind::List { .. });
                    is_list && a.dim <= UNROLLED && !is_long_list(a.kind)
                }
                _ => false,
            },
            _ => false,
        })
    }

    fn statement(&mut self, text: &mut String, statement: &Statement) {
        let value_type = self.value_type();
        let line = match statement {
            Statement::Let(t, expr) => format!("const auto {} = {};", temp(*t), self.expr(expr)),
            Statement::Var(t, expr) => {
                format!("{value_type} {t}; keops::assign({t}, {});", self.expr(expr), t = temp(*t))
            }
            Statement::Set(t, expr) => match self.folds.get(t) {
                Some(sum) => self.fold(sum, *t, expr),
                None => format!("keops::assign({}, {});", temp(*t), self.expr(expr)),
            },
            Statement::Loop { variable, count, body } => {
                return self.coordinates(text, *variable, *count, body);
            }
            Statement::Array { array, len } => format!("{value_type} array_{array}[{len}];"),
            Statement::StoreArray { array, index: k, value } => {
                format!("keops::assign(array_{array}[{}], {});", index(k), temp(*value))
            }
            Statement::StoreHoisted { hoisted, index: k, value } => {
                let place = match self.context {
                    Context::Columns => self.hoisted_of_column(*hoisted, k),
                    _ => self.bank(Slot::Hoisted(*hoisted), k),
                };
                format!("keops::assign({place}, {});", temp(*value))
            }
            Statement::StoreCut { cut, value } => format!("keops::assign(cut_{cut}, {});", temp(*value)),
            Statement::Insert { accumulator, list, value } => format!(
                "state.acc_{accumulator}[{}].template take<C>({}, first);",
                index(&self.lists[*list]),
                temp(*value)
            ),
            Statement::StoreOutput { output, index: k, value } => self.store_output(*output, k, *value),
        };
        self.line(text, &line);
    }

    fn store_output(&self, output: usize, k: &Index, value: Temp) -> String {
        let (k, value) = (index(k), temp(value));
        if self.context == Context::Chosen {
            return format!("sums[{k}] += (double)({value});");
        }
        let o = &self.kernel.outputs[output];
        let to = format!("a.out_{output}, row, inside, {}, {k}, {value}", o.dim);
        match o.kind {
            OutputKind::Rows | OutputKind::Total => format!("keops::write_rows({to});"),
            OutputKind::Indices => {
                let missing = if (self.positions)(output) { "~keops::Count(0)" } else { "keops::Count(0)" };
                format!("keops::write_indices({to}, a.columns, {missing});")
            }
        }
    }

    /// The update of an accumulator by all columns of the group.
    fn fold(&self, sum: &str, own: Temp, expr: &Expr) -> String {
        let fold = |operation: &str, values: &[&Temp]| {
            let values: Vec<String> = values.iter().map(|t| temp(**t)).collect();
            format!("keops::fold<C>({sum}, keops::{operation}(), {});", values.join(", "))
        };
        match expr {
            Expr::Add(s, v) if *s == own => fold("Add", &[v]),
            Expr::Sub(s, v) if *s == own => fold("Sub", &[v]),
            Expr::MulAdd(a, b, s) if *s == own => fold("AddMul", &[a, b]),
            Expr::NegMulAdd(a, b, s) if *s == own => fold("SubMul", &[a, b]),
            Expr::Better(extreme, v, s) if *s == own => {
                let operation = format!("Better<{}>", order(*extreme));
                fold(&operation, &[v])
            }
            _ => unreachable!("accumulators add, subtract or compare: {expr:?}"),
        }
    }

    fn expr(&self, expr: &Expr) -> String {
        let map = |operation: &str, temps: &[Temp]| {
            let temps: Vec<String> = temps.iter().map(|t| temp(*t)).collect();
            format!("keops::map(keops::{operation}, {})", temps.join(", "))
        };
        match expr {
            Expr::Constant(c) => constant(*c),
            Expr::IndexNumber(k) => format!("T({})", index(k)),
            Expr::Read(place, k) => self.read(*place, k),
            Expr::Copy(a) => temp(*a),
            Expr::Add(a, b) => map("Add()", &[*a, *b]),
            Expr::Sub(a, b) => map("Sub()", &[*a, *b]),
            Expr::Mul(a, b) => map("Mul()", &[*a, *b]),
            Expr::Div(a, b) => map("Div()", &[*a, *b]),
            Expr::MulAdd(a, b, c) => map("MulAdd()", &[*a, *b, *c]),
            Expr::NegMulAdd(a, b, c) => map("NegMulAdd()", &[*a, *b, *c]),
            Expr::Neg(a) => map("Neg()", &[*a]),
            Expr::Power(a, 2) => map("Mul()", &[*a, *a]),
            Expr::Power(a, n) => {
                format!("keops::map([](auto x) {{ return keops::math::power(x, {n}); }}, {})", temp(*a))
            }
            Expr::Better(extreme, new, best) => {
                map(&format!("Better<{}>()", order(*extreme)), &[*new, *best])
            }
            Expr::SelectBetter(extreme, a, b, x, y) => {
                map(&format!("Select<{}>()", order(*extreme)), &[*a, *b, *x, *y])
            }
            Expr::Call(name, args) => {
                let names = ["x", "y", "z"];
                let formal: Vec<String> = names[..args.len()].iter().map(|n| format!("auto {n}")).collect();
                let args: Vec<String> = args.iter().map(|t| temp(*t)).collect();
                let (formal, actual) = (formal.join(", "), names[..args.len()].join(", "));
                format!(
                    "keops::map([]({formal}) {{ return keops::math::{name}({actual}); }}, {})",
                    args.join(", ")
                )
            }
            Expr::PickIndex { index: k, start, step, len, hit, miss } => {
                let (k, end) = (index(k), start + step * (len - 1) + 1);
                let mut test = format!("{k} >= {start} && {k} < {end}");
                if *step > 1 {
                    let _ = write!(test, " && ({k} - {start}) % {step} == 0");
                }
                format!("keops::map(keops::Pick{{{test}}}, {}, {})", temp(*hit), temp(*miss))
            }
        }
    }
}

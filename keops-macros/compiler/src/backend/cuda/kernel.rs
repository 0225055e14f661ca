//! A loop program as a functor of the map-reduce, and its kernels.

use super::places::before;
use super::shape::{Scalar, Shape, THREADS};
use super::sizes::{is_sum, slot_len};
use super::statements::{Context, Printer, order};
use super::{DeviceKernel, ID};
use crate::ir::VariableId;
use crate::loops::{Accumulator, AccumulatorKind, Arithmetic, Kernel, Slot, UNROLLED};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

/// The kernel of a pass over all pairs. `positions` says of an output whether indices that name nothing are kept.
pub(super) fn reduce(kernel: &Kernel, scalar: Scalar, positions: &dyn Fn(usize) -> bool) -> DeviceKernel {
    let shape = Shape::new(kernel, scalar);
    let text = Writer { kernel, shape: &shape, positions }.item();
    DeviceKernel::new(&text, shape, Some(Arithmetic::of(kernel)))
}

/// The struct of what a launch passes. The runtime writes the same layout.
pub(super) fn arguments(
    scalar: Scalar,
    inputs: &[String],
    outputs: &[String],
    parameters: usize,
    indirect: bool,
) -> String {
    let mut fields = String::new();
    for input in inputs {
        let _ = writeln!(fields, "    {input};");
    }
    for output in outputs {
        let _ = writeln!(fields, "    {output};");
    }
    let t = scalar.cuda();
    match (parameters, indirect) {
        (0, _) => {}
        (_, true) => {
            let _ = writeln!(fields, "    const {t}* parameters;");
        }
        (n, false) => {
            let _ = writeln!(fields, "    {t} parameters[{n}];");
        }
    }
    format!(
        "struct __align__(8) Arguments_{ID} {{\n    keops::Count rows, columns, columns_of_part, parts;\n    \
         {t}* state;\n    const keops::Count* blocks;\n{fields}}};\n"
    )
}

struct Writer<'a> {
    kernel: &'a Kernel,
    shape: &'a Shape,
    positions: &'a dyn Fn(usize) -> bool,
}

impl Writer<'_> {
    fn item(&self) -> String {
        let (k, shape) = (self.kernel, self.shape);
        let t = shape.scalar.cuda();
        let inputs: Vec<String> = k.variables().iter().map(|v| format!("const {t}* in_{}", v.0)).collect();
        let outputs: Vec<String> = (0..k.outputs.len())
            .map(|n| {
                let index = k.outputs[n].kind == crate::ir::OutputKind::Indices;
                format!("{}* out_{n}", if index { "keops::Count" } else { t })
            })
            .collect();
        let arguments = arguments(shape.scalar, &inputs, &outputs, k.parameters.len(), shape.indirect);
        let (state, local, bank) = (self.state(), self.local(), self.bank());
        let (identity, clear, flush) = (self.identity(), self.clear(), self.flush());
        let (merge, store, load) = (self.merge(), self.store(), self.load());
        let read_rows = self.read_rows();
        let (clear_gaps, fill) = (self.clear_gaps(), self.fill());
        let columns = self.columns();
        let finish = self.printer(Context::Finish).block(&k.finish);
        let (rows, unroll, tile, stride, numbers) =
            (shape.rows, shape.columns, shape.tile, shape.stride, shape.state);
        format!(
            "{arguments}
template <int R> struct Stage_{ID} {{
    typedef {t} T;
    typedef T Scalar;
    typedef Arguments_{ID} Arguments;
    static constexpr int THREADS = {THREADS}, COLUMNS = {unroll}, TILE = {tile}, STRIDE = {stride}, STATE = {numbers};
    struct Bank {{
{bank}    }};
    struct State {{
{state}    }};
    struct Local {{
{local}    }};
    static KEOPS_METHOD void identity(State& state) {{
{identity}    }}
    static KEOPS_METHOD void clear(Local& local) {{
{clear}    }}
    static KEOPS_METHOD void flush(State& state, Local& local) {{
{flush}    }}
    static KEOPS_METHOD void merge(State& state, const State& later) {{
{merge}    }}
    static KEOPS_METHOD void store(const State& state, keops::Cursor<T>& to, int r) {{
{store}    }}
    static KEOPS_METHOD void load(State& state, keops::Cursor<T>& from) {{
{load}    }}
    static KEOPS_METHOD void read_rows(const Arguments& a, const keops::Rows<keops::Count, R>& row, Bank& bank) {{
{read_rows}    }}
    static KEOPS_METHOD void clear_gaps(T* tile) {{
{clear_gaps}    }}
    static KEOPS_METHOD void fill(const Arguments& a, T* tile, keops::Count first, int len) {{
{fill}    }}
    template <int C> static KEOPS_METHOD void columns(const Arguments& a, const Bank& bank, const T* tile,
            keops::Count first, State& state, Local& local) {{
{columns}    }}
    static KEOPS_METHOD void finish(const Arguments& a, const keops::Rows<keops::Count, R>& row, const bool (&inside)[R],
            const Bank& bank, const State& state) {{
{finish}    }}
}};
extern \"C\" __global__ void __launch_bounds__({THREADS}, 1) keops_{ID}(const Arguments_{ID} a) {{
    keops::map_reduce<Stage_{ID}, {rows}>(a);
}}
extern \"C\" __global__ void __launch_bounds__({THREADS}, 1) keops_{ID}_merge(const Arguments_{ID} a) {{
    keops::merge_parts<Stage_{ID}>(a);
}}
"
        )
    }

    fn printer(&self, context: Context) -> Printer<'_> {
        Printer {
            kernel: self.kernel,
            shape: self.shape,
            context,
            folds: HashMap::new(),
            written_out: HashSet::new(),
            lists: vec![],
            positions: self.positions,
            chosen_row: &|_| "",
            indent: 2,
        }
    }

    /// A line per accumulator.
    fn each(&self, line: impl Fn(usize, &Accumulator) -> Option<String>) -> String {
        let lines = self.kernel.accumulators.iter().enumerate().filter_map(|(n, a)| line(n, a));
        lines.fold(String::new(), |text, line| text + "        " + &line + "\n")
    }

    /// The same in a loop over the coordinates, written out where they are few.
    fn each_coordinate(&self, body: impl Fn(usize, &Accumulator) -> Option<String>) -> String {
        self.each(|n, a| body(n, a).map(|body| looped(a.dim, a.dim <= UNROLLED, &body)))
    }

    fn state(&self) -> String {
        self.each(|n, a| {
            let kind = match a.kind {
                AccumulatorKind::Sum | AccumulatorKind::ScaledSum { .. } => "keops::Sum<T, R>".to_string(),
                AccumulatorKind::Exponent { .. } => "keops::Exponent<T, R>".to_string(),
                AccumulatorKind::Best(extreme) => format!("keops::Best<T, R, {}>", order(extreme)),
                AccumulatorKind::List { extreme, count } => {
                    format!("keops::List<T, R, {count}, {}>", order(extreme))
                }
            };
            Some(format!("{kind} acc_{n}[{}];", a.dim))
        })
    }

    fn local(&self) -> String {
        self.each(|n, a| is_sum(a.kind).then(|| format!("keops::Rows<T, R> sum_{n}[{}];", a.dim)))
    }

    /// What is read into registers or hoisted; a struct is not empty.
    fn bank(&self) -> String {
        let bank = &self.kernel.rows;
        let hoisted = (0..bank.hoisted.len()).map(Slot::Hoisted);
        let slots: Vec<Slot> = bank.inputs.iter().map(|(slot, _)| *slot).chain(hoisted).collect();
        let (registers, kept): (Vec<Slot>, Vec<Slot>) =
            slots.into_iter().partition(|slot| self.shape.in_registers(bank, *slot));
        let len = |slots: &[Slot], only: &dyn Fn(&Slot) -> bool| -> usize {
            slots.iter().filter(|s| only(s)).map(|s| slot_len(bank, *s)).sum()
        };
        let registers = len(&registers, &|_| true).max(1);
        let kept = len(&kept, &|slot| matches!(slot, Slot::Hoisted(_)));
        let mut text = format!("        keops::Rows<T, R> v[{registers}];\n");
        if kept > 0 {
            let _ = writeln!(text, "        keops::Rows<T, R> kept[{kept}];");
        }
        for (v, _) in self.row_variables() {
            let _ = writeln!(text, "        keops::Rows<const T*, R> in_{};", v.0);
        }
        text
    }

    fn identity(&self) -> String {
        self.each_coordinate(|n, _| Some(format!("state.acc_{n}[k].identity();")))
    }

    fn clear(&self) -> String {
        self.each(|n, a| {
            let body = format!("keops::assign(local.sum_{n}[k], T(0));");
            is_sum(a.kind).then(|| looped(a.dim, self.shape.unrolls_sums(a.dim), &body))
        })
    }

    fn flush(&self) -> String {
        let factors = self.each(|n, a| {
            let body = format!("factors_{n}[k] = state.acc_{n}[k].factor_of_totals();");
            let declared = format!("keops::Rows<T, R> factors_{n}[{}];\n        ", a.dim);
            is_exponent(a).then(|| declared + &looped(a.dim, a.dim <= UNROLLED, &body))
        });
        let sums = self.each(|n, a| {
            let scale = match a.kind {
                AccumulatorKind::ScaledSum { exponent } => {
                    format!("state.acc_{n}[k].scale({}); ", self.factor("factors", exponent))
                }
                _ => String::new(),
            };
            let add = format!("{scale}state.acc_{n}[k].add");
            let clear = format!("keops::assign(local.sum_{n}[k], T(0));");
            if is_sum(a.kind) && a.dim > UNROLLED && self.shape.unrolls_sums(a.dim) {
                // Totals are in memory: the sums go there too, where a loop can index both.
                let copy = looped(a.dim, true, &format!("part[k] = local.sum_{n}[k]; {clear}"));
                let add = looped(a.dim, false, &format!("{add}(part[k]);"));
                return Some(format!(
                    "{{ keops::Rows<T, R> part[{}];\n        {copy}\n        {add} }}",
                    a.dim
                ));
            }
            let unrolled = self.shape.unrolls_sums(a.dim);
            is_sum(a.kind).then(|| looped(a.dim, unrolled, &format!("{add}(local.sum_{n}[k]); {clear}")))
        });
        factors + &sums
    }

    /// The factor of coordinate k of a sum scaled by an exponent.
    fn factor(&self, name: &str, exponent: usize) -> String {
        let shared = self.kernel.accumulators[exponent].dim == 1;
        format!("{name}_{exponent}[{}]", if shared { "0" } else { "k" })
    }

    fn merge(&self) -> String {
        let factors = self.each(|n, a| {
            let body = format!("later_{n}[k] = state.acc_{n}[k].merge(later.acc_{n}[k], own_{n}[k]);");
            let declared = format!("keops::Rows<T, R> own_{n}[{d}], later_{n}[{d}];\n        ", d = a.dim);
            is_exponent(a).then(|| declared + &looped(a.dim, a.dim <= UNROLLED, &body))
        });
        let others = self.each_coordinate(|n, a| match a.kind {
            AccumulatorKind::Exponent { .. } => None,
            AccumulatorKind::ScaledSum { exponent } => {
                let (own, later) = (self.factor("own", exponent), self.factor("later", exponent));
                Some(format!("state.acc_{n}[k].merge(later.acc_{n}[k], {own}, {later});"))
            }
            _ => Some(format!("state.acc_{n}[k].merge(later.acc_{n}[k]);")),
        });
        factors + &others
    }

    fn store(&self) -> String {
        self.each_coordinate(|n, _| Some(format!("state.acc_{n}[k].store(to, r);")))
    }

    /// The merging kernel has one row per thread.
    fn load(&self) -> String {
        self.each_coordinate(|n, _| Some(format!("state.acc_{n}[k].load(from, 0);")))
    }

    /// The variables of the row's bank that are read from memory, with their dimensions.
    fn row_variables(&self) -> impl Iterator<Item = (VariableId, usize)> {
        self.kernel.rows.inputs.iter().filter_map(|(slot, dim)| match slot {
            Slot::Variable(v) if !self.kernel.numbers.contains(v) => Some((*v, *dim)),
            _ => None,
        })
    }

    fn read_rows(&self) -> String {
        let bank = &self.kernel.rows;
        let in_registers = |slot: Slot| self.shape.in_registers(bank, slot);
        let mut text = String::new();
        for (v, dim) in self.row_variables() {
            let _ = writeln!(text, "        bank.in_{n} = keops::rows_of(a.in_{n}, row, {dim});", n = v.0);
            if in_registers(Slot::Variable(v)) {
                let offset = before(bank, Slot::Variable(v), &in_registers);
                let read = self.reading(dim);
                let body = format!("bank.v[{offset} + k] = keops::read_rows{read}(bank.in_{}, k);", v.0);
                let _ = writeln!(text, "        {}", looped(dim, true, &body));
            }
        }
        for slot in bank.inputs.iter().map(|(slot, _)| *slot) {
            if matches!(slot, Slot::Variable(v) if self.kernel.numbers.contains(&v)) {
                let offset = before(bank, slot, &in_registers);
                let _ = writeln!(text, "        bank.v[{offset}] = keops::numbers_of<T>(row);");
            }
        }
        text + &self.printer(Context::Rows).block(&bank.code)
    }

    /// What is behind the name of a function that reads coordinates of points from memory.
    fn reading(&self, dim: usize) -> &'static str {
        if self.shape.loads_vectors(dim) { "_by_vectors" } else { "" }
    }

    /// Columns are read by whole vectors, with their padding.
    fn clear_gaps(&self) -> String {
        let gaps = self.shape.padding(self.kernel).into_iter();
        let clear = |(from, to)| {
            format!("        keops::clear_padding<THREADS>(tile, {from}, {to}, STRIDE, TILE);\n")
        };
        gaps.map(clear).collect()
    }

    fn fill(&self) -> String {
        let k = self.kernel;
        let mut text = String::new();
        for (v, dim) in &k.column_variables {
            if let Some(offset) = self.shape.tile_offset(k, Slot::Variable(*v)) {
                let vector = self.shape.scalar.vector();
                let by_vectors = self.shape.loads_vectors(*dim) && offset.is_multiple_of(vector);
                let copy = if by_vectors { "copy_vectors" } else { "copy_points" };
                let _ = writeln!(
                    text,
                    "        keops::{copy}<THREADS>(tile + {offset}, STRIDE, a.in_{}, {dim}, first, len);",
                    v.0
                );
            }
        }
        if !k.columns.code.is_empty() {
            let mut printer = self.printer(Context::Columns);
            printer.indent = 3;
            let code = printer.block(&k.columns.code);
            let _ = write!(
                text,
                "        for (int n = keops::thread_of_block(); n < len; n += THREADS) {{
            const keops::Count j = first + n;
            T* const to = tile + n * STRIDE;
{code}        }}\n"
            );
        }
        text
    }

    fn columns(&self) -> String {
        let cuts: String =
            (0..self.kernel.cuts).map(|n| format!("        keops::Pairs<T, R, C> cut_{n};\n")).collect();
        let mut printer = self.printer(Context::Pair);
        let phases: String = self.kernel.phases.iter().map(|p| printer.phase(p)).collect();
        let column = match self.shape.narrow() {
            true => "        const keops::Narrow<T, C, STRIDE> column(tile);\n",
            false => "",
        };
        let rows: String = self
            .row_variables()
            .filter(|(v, _)| !self.shape.in_registers(&self.kernel.rows, Slot::Variable(*v)))
            .map(|(v, _)| format!("        const auto rows_{n} = keops::read_again(bank.in_{n});\n", n = v.0))
            .collect();
        let wide: String = (self.kernel.column_variables.iter())
            .filter(|(v, _)| self.shape.wide_columns.contains(v))
            .map(|(v, dim)| format!("        const T* const in_{n} = a.in_{n} + first * {dim};\n", n = v.0))
            .collect();
        let apart = match !self.shape.narrow() && self.shape.mixes_lengths(self.kernel) {
            true => "        const T* const short_parts = keops::apart(tile);\n",
            false => "",
        };
        [column, apart].concat() + &rows + &wide + &cuts + &phases
    }
}

fn is_exponent(a: &Accumulator) -> bool {
    matches!(a.kind, AccumulatorKind::Exponent { .. })
}

/// A loop of `k` over coordinates, on one line with its pragma written as an operator.
fn looped(dim: usize, unrolled: bool, body: &str) -> String {
    if dim == 1 {
        return format!("{{ constexpr int k = 0; {body} }}");
    }
    let factor = if unrolled { dim } else { 1 };
    format!("_Pragma(\"unroll {factor}\") for (int k = 0; k < {dim}; ++k) {{ {body} }}")
}

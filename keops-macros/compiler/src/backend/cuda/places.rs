//! Where statements read: registers, tiles, memory, accumulators.

use super::sizes::slot_len;
use super::statements::{Context, Printer, index};
use crate::ir::VariableId;
use crate::loops::{AccumulatorKind, Bank, Index, Part, Place, Slot, UNROLLED};

impl Printer<'_> {
    /// A number of the row's bank.
    pub(super) fn bank(&self, slot: Slot, k: &Index) -> String {
        let bank = &self.kernel.rows;
        let own = |slots: &dyn Fn(Slot) -> bool| before(bank, slot, slots);
        if self.shape.in_registers(bank, slot) {
            let offset = own(&|s| self.shape.in_registers(bank, s));
            return format!("bank.v[{}]", index(&k.add(offset)));
        }
        match slot {
            Slot::Variable(v) => {
                let by_vectors = self.by_vectors(slot_len(bank, slot), k);
                let of = if self.context == Context::Pair { "rows" } else { "bank.in" };
                format!("keops::read_rows{by_vectors}({of}_{}, {})", v.0, index(k))
            }
            Slot::Count => "keops::count_of_columns<T>(a)".to_string(),
            Slot::Hoisted(_) => {
                let offset = own(&|s| !self.shape.in_registers(bank, s) && matches!(s, Slot::Hoisted(_)));
                format!("bank.kept[{}]", index(&k.add(offset)))
            }
        }
    }

    /// What is behind the name of a function that reads coordinate `k` of points of `dim`: whether it may load all of the
    /// vector that the coordinate is in, since its neighbours are wanted too and the compiler sees which of them it is.
    fn by_vectors(&self, dim: usize, k: &Index) -> &'static str {
        let known = self.shape.loads_vectors(dim) && self.is_known_in_vector(k);
        if known { "_by_vectors" } else { "" }
    }

    /// Whether the remainder of a coordinate number by the length of a vector is known where loops are written out.
    fn is_known_in_vector(&self, k: &Index) -> bool {
        match k {
            Index::Const(_) => true,
            Index::Var(v) => self.written_out.contains(v),
            Index::Add(a, _) => self.is_known_in_vector(a),
            Index::Mul(a, n) => n.is_multiple_of(self.shape.scalar.vector()) || self.is_known_in_vector(a),
            Index::Sum(a, b) => self.is_known_in_vector(a) && self.is_known_in_vector(b),
            Index::Sub(..) | Index::Div(..) | Index::Rem(..) | Index::Min(..) => false,
        }
    }

    /// A hoisted number of the column whose part of the tile is filled.
    pub(super) fn hoisted_of_column(&self, n: usize, k: &Index) -> String {
        format!("to[{}]", index(&k.add(self.hoisted_offset(n))))
    }

    fn hoisted_offset(&self, n: usize) -> usize {
        self.shape.tile_offset(self.kernel, Slot::Hoisted(n)).expect("what is hoisted is in the tile")
    }

    pub(super) fn read(&self, place: Place, k: &Index) -> String {
        match (place, self.context) {
            (Place::Parameter(slot), _) => {
                format!("a.parameters[{}]", index(&k.add(self.kernel.parameters.offset(slot))))
            }
            (Place::Bank(Slot::Variable(v)), Context::Columns) if self.kernel.numbers.contains(&v) => {
                "(T)j".to_string()
            }
            (Place::Bank(Slot::Variable(v)), Context::Columns) => {
                let dim = slot_len(&self.kernel.columns, Slot::Variable(v));
                format!("__ldg(a.in_{} + j * {dim} + {})", v.0, index(k))
            }
            (Place::Bank(Slot::Hoisted(n)), Context::Columns) => self.hoisted_of_column(n, k),
            (Place::Bank(slot), _) => self.bank(slot, k),
            (Place::Column(v), Context::Chosen) if self.kernel.numbers.contains(&v) => {
                format!("(T){}", (self.chosen_row)(v))
            }
            (Place::Column(v), Context::Chosen) => {
                let dim = self.dim_of_column(v);
                format!("__ldg(a.in_{} + {} * {dim} + {})", v.0, (self.chosen_row)(v), index(k))
            }
            (Place::Column(v), _) => match self.shape.tile_offset(self.kernel, Slot::Variable(v)) {
                Some(offset) => self.in_tile(offset, self.dim_of_column(v), k),
                None => {
                    let dim = self.dim_of_column(v);
                    let by_vectors = self.by_vectors(dim, k);
                    format!("keops::read_columns_of{by_vectors}<C>(in_{}, {dim}, {})", v.0, index(k))
                }
            },
            (Place::ColumnHoisted(n), _) => {
                let (_, len) = self.kernel.columns.hoisted[n];
                self.in_tile(self.hoisted_offset(n), len, k)
            }
            (Place::Cut(n), _) => format!("cut_{n}"),
            (Place::Array(n), _) => format!("array_{n}[{}]", index(k)),
            (Place::Reference(n), _) => format!("state.acc_{n}[{}].reference", index(k)),
            (Place::Accumulated(n, part), _) => self.accumulated(n, part, k),
        }
    }

    /// Coordinate `k` of a slot of `len` of the columns at hand, which starts at `offset`.
    fn in_tile(&self, offset: usize, len: usize, k: &Index) -> String {
        let at = k.add(offset);
        if self.shape.narrow() {
            return format!("column.at({})", index(&at));
        }
        if len > UNROLLED && self.is_known_in_vector(&at) {
            return format!("keops::read_columns_by_vectors<C>(tile, STRIDE, {})", index(&at));
        }
        let apart = len <= UNROLLED && self.shape.mixes_lengths(self.kernel);
        let tile = if apart { "short_parts" } else { "tile" };
        format!("keops::read_columns<C>({tile}, STRIDE, {})", index(&at))
    }

    fn dim_of_column(&self, v: VariableId) -> usize {
        self.kernel.column_variables.iter().find(|(w, _)| *w == v).map_or(1, |(_, dim)| *dim)
    }

    fn accumulated(&self, n: usize, part: Part, k: &Index) -> String {
        let a = &self.kernel.accumulators[n];
        match (a.kind, part) {
            (AccumulatorKind::Best(_), _) => format!("state.acc_{n}[{}].value", index(k)),
            (AccumulatorKind::ScaledSum { exponent }, Part::LogSum) => {
                let shared = self.kernel.accumulators[exponent].dim == 1;
                let own = if shared { Index::Const(0) } else { k.clone() };
                format!("keops::log_sum(state.acc_{exponent}[{}], state.acc_{n}[{}])", index(&own), index(k))
            }
            (AccumulatorKind::List { .. }, part) => {
                // Coordinate k is entry k / d of the list of coordinate k mod d.
                let (list, entry) = (index(&k.rem(a.dim)), index(&k.div(a.dim)));
                let method = if part == Part::ListIndices { "index" } else { "value" };
                format!("state.acc_{n}[{list}].{method}({entry})")
            }
            _ => format!("state.acc_{n}[{}].value()", index(k)),
        }
    }
}

/// Numbers in the slots before one, of those that belong to the same array.
pub(super) fn before(bank: &Bank, slot: Slot, belongs: &dyn Fn(Slot) -> bool) -> usize {
    let inputs = bank.inputs.iter().copied();
    let hoisted = bank.hoisted.iter().enumerate().map(|(n, (_, len))| (Slot::Hoisted(n), *len));
    let earlier = inputs.chain(hoisted).take_while(|(s, _)| *s != slot);
    earlier.filter(|(s, _)| belongs(*s)).map(|(_, len)| len).sum()
}

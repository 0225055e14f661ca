//! Statements of the loop program as Rust.

use crate::ir::Extreme;
use crate::loops::{AccumulatorKind, Expr, Index, Kernel, LoopVar, Part, Place, Slot, Statement, Temp};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::HashSet;

/// Statements in one scope at most.
const LONGEST_BLOCK: usize = 128;

/// What surrounds the statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surroundings {
    /// Filling a bank.
    Hoist,
    /// The loop over a tile's columns, one at a time.
    Column,
    /// The same, several columns at a time.
    Block,
    /// After the reduction.
    Finish,
    /// For one chosen pair.
    Chosen,
}

/// Prints statements of one kernel.
pub(super) struct Printer<'a> {
    pub(super) kernel: &'a Kernel,
    pub(super) surroundings: Surroundings,
    /// The bank that `Place::Bank` and `StoreHoisted` mean.
    pub(super) bank: &'a crate::loops::Bank,
    /// Names of column variables in the pair loop.
    pub(super) names: &'a dyn Fn(crate::ir::VariableId) -> Ident,
}

pub(super) fn number(n: usize) -> Literal {
    Literal::usize_unsuffixed(n)
}

/// `base + index`, or one of them.
pub(super) fn plus(base: usize, index: &Index) -> TokenStream {
    self::index(&index.add(base))
}

pub(super) fn variable(v: LoopVar) -> Ident {
    format_ident!("k{}", v.0)
}

pub(super) fn index(index: &Index) -> TokenStream {
    match index {
        Index::Const(n) => {
            let n = number(*n);
            quote!(#n)
        }
        Index::Var(v) => {
            let v = variable(*v);
            quote!(#v)
        }
        Index::Add(a, n) => binary(a, quote!(+), *n),
        Index::Mul(a, n) => binary(a, quote!(*), *n),
        Index::Div(a, n) => binary(a, quote!(/), *n),
        Index::Rem(a, n) => binary(a, quote!(%), *n),
        Index::Sub(a, n) => {
            let (a, n) = (self::index(a), number(*n));
            quote!(usize::saturating_sub(#a, #n))
        }
        Index::Min(a, n) => {
            let (a, n) = (self::index(a), number(*n));
            quote!(::core::cmp::min(#a, #n))
        }
        Index::Sum(a, b) => {
            let (a, b) = (self::index(a), self::index(b));
            quote!((#a + #b))
        }
    }
}

fn binary(a: &Index, operator: TokenStream, n: usize) -> TokenStream {
    let (a, n) = (index(a), number(n));
    quote!((#a #operator #n))
}

pub(super) fn temp(t: Temp) -> Ident {
    format_ident!("t{}", t.0)
}

/// The lanes of a number in a bank, a state or an output, where `stride` says how far numbers are apart.
pub(super) fn lanes_from(buffer: &TokenStream, offset: &TokenStream) -> TokenStream {
    if offset.to_string() == "0" { quote!(&#buffer[..]) } else { quote!(&#buffer[#offset * stride..]) }
}

/// The same, to be written.
pub(super) fn lanes_from_mut(buffer: &TokenStream, offset: &TokenStream) -> TokenStream {
    if offset.to_string() == "0" {
        quote!(&mut #buffer[..])
    } else {
        quote!(&mut #buffer[#offset * stride..])
    }
}

pub(super) fn constant(c: crate::number::Number) -> TokenStream {
    let literal = float(c.to_f64());
    quote!(<P::Elem as ::keops::Real>::from_f64(#literal))
}

/// A number of `f64`, also one that has no literal.
pub(super) fn float(value: f64) -> TokenStream {
    if value == f64::INFINITY {
        quote!(f64::INFINITY)
    } else if value == f64::NEG_INFINITY {
        quote!(f64::NEG_INFINITY)
    } else if value.is_nan() {
        quote!(f64::NAN)
    } else {
        let magnitude = Literal::f64_suffixed(value.abs());
        if value.is_sign_negative() { quote!(-#magnitude) } else { quote!(#magnitude) }
    }
}

impl Printer<'_> {
    /// The type of values: a block of pairs, or a vector of rows.
    fn value_type(&self) -> TokenStream {
        match self.surroundings {
            Surroundings::Block => quote!(Block::<P>),
            _ => quote!(P),
        }
    }

    /// Statements one after another. `later` are the values that code after the block reads.
    ///
    /// Every `let` opens a scope inside the one before, and rustc recurses over scopes: thousands of them overflow its
    /// stack. A long block is therefore cut into parts that hand on what is still needed.
    pub(super) fn block(&self, statements: &[Statement], later: &HashSet<Temp>) -> TokenStream {
        if let Some(step) = self.distance_step(statements, later) {
            return step;
        }
        if statements.len() <= LONGEST_BLOCK {
            return statements.iter().map(|s| self.statement(s)).collect();
        }
        let mut needed = later.clone();
        let mut parts: Vec<TokenStream> = vec![];
        for part in statements.chunks(LONGEST_BLOCK).rev() {
            let (arrays, part): (Vec<&Statement>, Vec<&Statement>) =
                part.iter().partition(|s| matches!(s, Statement::Array { .. }));
            let handed_on = part.iter().filter_map(|s| match s {
                Statement::Let(t, _) if needed.contains(t) => Some((temp(*t), quote!())),
                Statement::Var(t, _) if needed.contains(t) => Some((temp(*t), quote!(mut))),
                _ => None,
            });
            let (names, mutable): (Vec<Ident>, Vec<TokenStream>) = handed_on.unzip();
            let arrays = arrays.into_iter().map(|s| self.statement(s));
            let code = part.iter().map(|s| self.statement(s));
            parts.push(quote!(#(#arrays)* #[allow(unused_mut)] let (#(#mutable #names,)*) = { #(#code)* (#(#names,)*) };));
            needed.extend(part.iter().flat_map(|s| s.temps()));
        }
        parts.into_iter().rev().collect()
    }

    /// The body of a loop over coordinates that ends in a sum of squared differences. In a block of columns one step does
    /// both: the differences of all columns at once would not fit into the registers beside the sums.
    fn distance_step(&self, statements: &[Statement], later: &HashSet<Temp>) -> Option<TokenStream> {
        let [
            before @ ..,
            Statement::Let(difference, Expr::Sub(a, b)),
            Statement::Set(sum, Expr::MulAdd(x, y, c)),
        ] = statements
        else {
            return None;
        };
        let once = x == difference && y == difference && c != difference && !later.contains(difference);
        if self.surroundings != Surroundings::Block || !once {
            return None;
        }
        let before = self.block(before, &HashSet::from([*a, *b, *c]));
        let (sum, step) = (temp(*sum), method("add_squared_difference", &[*a, *b, *c]));
        Some(quote!(#before #sum = #step;))
    }

    fn statement(&self, statement: &Statement) -> TokenStream {
        match statement {
            Statement::Let(t, expr) => {
                let (t, expr) = (temp(*t), self.expr(expr));
                quote!(let #t = #expr;)
            }
            Statement::Var(t, expr) => {
                let (t, expr) = (temp(*t), self.expr(expr));
                quote!(let mut #t = #expr;)
            }
            Statement::Set(t, expr) => {
                let (t, expr) = (temp(*t), self.expr(expr));
                quote!(#t = #expr;)
            }
            Statement::Loop { variable: v, count, body } => {
                let (v, count, body) = (variable(*v), number(*count), self.block(body, &HashSet::new()));
                quote!(for #v in 0..#count { #body })
            }
            Statement::Array { array, len } => {
                let (array, len, value) = (format_ident!("array_{array}"), number(*len), self.value_type());
                let zero = quote!(#value::splat(token, <P::Elem as ::core::default::Default>::default()));
                quote!(let mut #array = [#zero; #len];)
            }
            Statement::StoreArray { array, index: k, value } => {
                let (array, k, value) = (format_ident!("array_{array}"), index(k), temp(*value));
                quote!(#array[#k] = #value;)
            }
            Statement::StoreHoisted { hoisted, index: k, value } => {
                let offset = plus(self.bank.offset(Slot::Hoisted(*hoisted)), k);
                let value = temp(*value);
                quote!(#value.store(&mut bank[#offset * stride..]);)
            }
            Statement::StoreCut { cut, value } => {
                let (cut, value) = (format_ident!("cut_{cut}"), temp(*value));
                match self.surroundings {
                    Surroundings::Block => quote!(#value.spread(&mut #cut[j..]);),
                    _ => quote!(#cut[j] = #value;),
                }
            }
            Statement::Insert { accumulator, list, value } => {
                let AccumulatorKind::List { extreme, .. } = self.kernel.accumulators[*accumulator].kind
                else {
                    unreachable!("only lists are inserted into")
                };
                let (list, order, value) = (format_ident!("list_{list}"), order(extreme), temp(*value));
                let in_lanes = self.kernel.columns_in_lanes;
                if self.kernel.neighbours.is_some() {
                    let index = if in_lanes {
                        let offset = number(self.kernel.column_len());
                        quote!(columns.coordinate::<P, 1>(token, numbers.as_chunks().0, j, 0, #offset))
                    } else {
                        quote!(P::splat(token, numbers[j]))
                    };
                    return quote!(#list.insert_unordered::<#order>(#value, #index););
                }
                let index = if in_lanes {
                    quote!(columns.index::<P>(token, j))
                } else {
                    quote!(P::splat(token, <P::Elem as ::keops::Real>::from_index(columns.first + j)))
                };
                quote!(#list.insert::<#order>(#value, #index);)
            }
            Statement::StoreOutput { output, index: k, value } => {
                let before: usize = self.kernel.outputs[..*output].iter().map(|o| o.dim).sum();
                let to = lanes_from_mut(&quote!(outputs), &plus(before, k));
                let value = temp(*value);
                quote!(#value.store(#to);)
            }
        }
    }

    pub(super) fn expr(&self, expr: &Expr) -> TokenStream {
        let value = self.value_type();
        match expr {
            Expr::Constant(c) => {
                let c = constant(*c);
                quote!(#value::splat(token, #c))
            }
            Expr::IndexNumber(k) => {
                let k = index(k);
                quote!(#value::splat(token, <P::Elem as ::keops::Real>::from_f64(#k as f64)))
            }
            Expr::Read(place, k) => self.read(*place, k),
            Expr::Copy(a) => {
                let a = temp(*a);
                quote!(#a)
            }
            Expr::Add(a, b) => method("add", &[*a, *b]),
            Expr::Sub(a, b) => method("sub", &[*a, *b]),
            Expr::Mul(a, b) => method("mul", &[*a, *b]),
            Expr::Div(a, b) => method("div", &[*a, *b]),
            Expr::MulAdd(a, b, c) => method("mul_add", &[*a, *b, *c]),
            Expr::NegMulAdd(a, b, c) => method("neg_mul_add", &[*a, *b, *c]),
            Expr::Neg(a) => method("neg", &[*a]),
            Expr::Power(a, 2) => method("mul", &[*a, *a]),
            Expr::Power(a, n) => {
                let (a, minus) = (temp(*a), (*n < 0).then(|| quote!(-)));
                let n = Literal::u32_unsuffixed(n.unsigned_abs());
                quote!(<P::Elem as ::keops::math::Functions>::power(#a, #minus #n))
            }
            Expr::Better(Extreme::Max, new, best) => method("max", &[*new, *best]),
            Expr::Better(Extreme::Min, new, best) => method("min", &[*new, *best]),
            Expr::SelectBetter(extreme, a, b, x, y) => {
                let [a, b, x, y] = [a, b, x, y].map(|t| temp(*t));
                match extreme {
                    Extreme::Max => quote!(#value::select(#b.lt(#a), #x, #y)),
                    Extreme::Min => quote!(#value::select(#a.lt(#b), #x, #y)),
                }
            }
            Expr::Call(name, args) => {
                let (name, args) = (Ident::new(name, Span::call_site()), args.iter().map(|a| temp(*a)));
                quote!(<P::Elem as ::keops::math::Functions>::#name(#(#args),*))
            }
            Expr::PickIndex { index: k, start, step, len, hit, miss } => {
                let (hit, miss) = (temp(*hit), temp(*miss));
                let within = index(&k.sub(*start));
                let (k, start, end) = (index(k), number(*start), number(start + step * (len - 1) + 1));
                let step_test = (*step > 1).then(|| {
                    let step = number(*step);
                    quote!(&& #within % #step == 0)
                });
                quote!(if (#start..#end).contains(&#k) #step_test { #hit } else { #miss })
            }
        }
    }

    fn read(&self, place: Place, k: &Index) -> TokenStream {
        let value = self.value_type();
        let lift = |row: TokenStream| match self.surroundings {
            Surroundings::Block => quote!(#value::from_row(#row)),
            _ => row,
        };
        match place {
            Place::Parameter(slot) => {
                let offset = plus(self.kernel.parameters.offset(slot), k);
                quote!(#value::splat(token, self.parameters[#offset]))
            }
            Place::Bank(slot) => {
                let from = lanes_from(&quote!(bank), &plus(self.bank.offset(slot), k));
                lift(quote!(P::load(token, #from)))
            }
            Place::Column(v) => {
                let (name, k) = ((self.names)(v), index(k));
                match self.surroundings {
                    Surroundings::Block => {
                        quote!(#value::from_columns(token, j, #[inline(always)] |c| #name[::core::cmp::min(c, last)][#k]))
                    }
                    Surroundings::Chosen => quote!(P::splat(token, #name[#k])),
                    _ if self.kernel.columns_in_lanes => {
                        let offset = number(self.kernel.column_offset(v));
                        quote!(columns.coordinate::<P, _>(token, #name, j, #k, #offset))
                    }
                    _ => quote!(P::splat(token, #name[j][#k])),
                }
            }
            Place::ColumnHoisted(n) => {
                let offset = self.kernel.columns.offset(Slot::Hoisted(n)) - self.kernel.columns.inputs_len();
                let offset = plus(offset, k);
                match self.surroundings {
                    // Beyond the tile's last column stand values of an earlier one: never used, never out of range.
                    Surroundings::Block => quote!(#value::from_columns(
                        token, j, #[inline(always)] |c| columns.hoisted[#offset * ::keops::engine::TILE + c])),
                    _ if self.kernel.columns_in_lanes => quote!(columns.hoisted::<P>(token, j, #offset)),
                    _ => quote!(P::splat(token, columns.hoisted[#offset * ::keops::engine::TILE + j])),
                }
            }
            Place::Cut(n) => {
                let cut = format_ident!("cut_{n}");
                quote!(#cut[j])
            }
            Place::Array(n) => {
                let (array, k) = (format_ident!("array_{n}"), index(k));
                quote!(#array[#k])
            }
            Place::Reference(accumulator) => {
                let from = lanes_from(&quote!(state), &plus(self.kernel.state_offset(accumulator), k));
                lift(quote!(::keops::reduction::exp_sum::reference::<P>(token, #from)))
            }
            Place::Accumulated(accumulator, part) => self.accumulated(accumulator, part, k),
        }
    }

    fn accumulated(&self, accumulator: usize, part: Part, k: &Index) -> TokenStream {
        let a = &self.kernel.accumulators[accumulator];
        let base = self.kernel.state_offset(accumulator);
        let at = |offset: TokenStream| lanes_from(&quote!(state), &offset);
        match (a.kind, part) {
            (AccumulatorKind::Best(_), _) => {
                let from = at(plus(base, k));
                quote!(P::load(token, #from))
            }
            (AccumulatorKind::ScaledSum { exponent }, Part::LogSum) => {
                let sum = at(plus(base, &k.mul(2)));
                let own =
                    if self.kernel.accumulators[exponent].dim == 1 { Index::Const(0) } else { k.clone() };
                let reference = at(plus(self.kernel.state_offset(exponent), &own));
                quote!(::keops::reduction::exp_sum::log_value::<P>(token, #reference, #sum, stride))
            }
            (AccumulatorKind::List { count, .. }, part) => {
                // Coordinate k is entry k / d of the list of coordinate k mod d.
                let indices = if part == Part::ListIndices { count } else { 0 };
                let offset = k.rem(a.dim).mul(2 * count).plus(&k.div(a.dim));
                let from = at(plus(base + indices, &offset));
                quote!(P::load(token, #from))
            }
            _ => {
                let from = at(plus(base, &k.mul(2)));
                quote!(::keops::reduction::sum::value::<P>(token, #from, stride))
            }
        }
    }
}

fn method(name: &str, temps: &[Temp]) -> TokenStream {
    let (name, receiver) = (Ident::new(name, Span::call_site()), temp(temps[0]));
    let rest = temps[1..].iter().map(|t| temp(*t));
    quote!(#receiver.#name(#(#rest),*))
}

/// The runtime's type of an order.
pub(super) fn order(extreme: Extreme) -> TokenStream {
    match extreme {
        Extreme::Max => quote!(::keops::reduction::best::Largest),
        Extreme::Min => quote!(::keops::reduction::best::Smallest),
    }
}

//! Operators and their operands.

use super::Reported;
use super::cursor::Cursor;
use super::foreign;
use super::operator::Operator;
use super::tree::{Reader, Tree};
use crate::ast::{Expr, ExprKind, Factor, Place, Sign};
use crate::message::syntax::expression;

/// Where an expression ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// At a `,`: inside parentheses and brackets.
    Comma,
    /// At a `;`: a statement. Before a `let` or `for` too, where the `;` is missing.
    Semicolon,
}

impl Ends {
    /// Whether an expression may end here.
    pub(super) fn at(self, cursor: &Cursor) -> bool {
        match self {
            Ends::Comma => cursor.at_end() || cursor.is(","),
            Ends::Semicolon => {
                cursor.at_end() || cursor.is(";") || cursor.is_word("let") || cursor.is_word("for")
            }
        }
    }
}

/// A left operand and its operator, whose right operand is still to come.
struct Pending {
    left: Tree,
    operator: Operator,
    /// Whether `left` came from operators of the same level, without parentheses.
    chained: bool,
}

impl Reader<'_> {
    /// An expression and nothing behind it. One in error is given up to where it should end.
    pub(super) fn element(&mut self, cursor: &mut Cursor, ends: Ends) -> Tree {
        let start = cursor.here();
        let read = self.expression(cursor).and_then(|tree| self.ended(cursor, ends, tree));
        read.unwrap_or_else(|Reported| give_up(cursor, ends, start))
    }

    /// The expression just read, if it ends here.
    pub(super) fn ended(&mut self, cursor: &Cursor, ends: Ends, tree: Tree) -> Result<Tree, Reported> {
        if ends.at(cursor) {
            return Ok(tree);
        }
        let (place, message) = foreign::after_operand(cursor, ends);
        Err(self.refuse(place, message))
    }

    /// Operands with operators between them.
    ///
    /// The operators that wait for their right operand bind ever more tightly: a new one first closes those before it
    /// that bind more tightly than it does. So a chain of any length is read without recursion.
    pub(super) fn expression(&mut self, cursor: &mut Cursor) -> Result<Tree, Reported> {
        let mut waiting: Vec<Pending> = Vec::new();
        let mut operand = self.power(cursor)?;
        while let Some(operator) = cursor.symbol().and_then(Operator::of) {
            let level = operator.level();
            while let Some(pending) = waiting.pop_if(|pending| pending.operator.level() > level) {
                operand = self.join(pending, operand);
            }
            let same = waiting.pop_if(|pending| pending.operator.level() == level);
            let chained = same.is_some();
            let left = match same {
                Some(pending) => self.join(pending, operand),
                None => operand,
            };
            waiting.push(Pending { left, operator, chained });
            cursor.take_symbol();
            operand = self.power(cursor)?;
        }
        while let Some(pending) = waiting.pop() {
            operand = self.join(pending, operand);
        }
        Ok(operand)
    }

    /// Two operands with their operator; a chain of terms or of factors is one node.
    fn join(&mut self, pending: Pending, right: Tree) -> Tree {
        let Pending { left, operator, chained } = pending;
        let place = left.expr.place.to(right.expr.place);
        let depth = left.depth.max(right.depth);
        let (left, right) = (left.expr, right.expr);
        match (operator, left.kind) {
            (Operator::Sum(sign), ExprKind::Sum(mut terms)) if chained => {
                terms.push((sign, right));
                Tree { expr: Expr { kind: ExprKind::Sum(terms), place }, depth }
            }
            (Operator::Product(position), ExprKind::Product(mut factors)) if chained => {
                factors.push((position, right));
                Tree { expr: Expr { kind: ExprKind::Product(factors), place }, depth }
            }
            (Operator::Compare(_), ExprKind::Compare(..)) if chained => {
                self.refuse(place, expression::comparison_chained());
                Tree::error(place)
            }
            (Operator::Compare(_), ExprKind::Error) if chained => Tree::error(place),
            (operator, kind) => {
                let left = Expr { kind, place: left.place };
                match operator {
                    Operator::Sum(sign) => {
                        let terms = vec![(Sign::Plus, left), (sign, right)];
                        self.node(ExprKind::Sum(terms), place, depth)
                    }
                    Operator::Product(position) => {
                        let factors = vec![(Factor::Times, left), (position, right)];
                        self.node(ExprKind::Product(factors), place, depth)
                    }
                    Operator::Dot => self.nest(ExprKind::Dot(left.into(), right.into()), place, depth),
                    Operator::Compare(which) => {
                        self.nest(ExprKind::Compare(which, left.into(), right.into()), place, depth)
                    }
                }
            }
        }
    }

    /// Powers and minus signs: `a ^ -b ^ c` is `a ^ (-(b ^ c))`, and `-a ^ b` is `-(a ^ b)`.
    fn power(&mut self, cursor: &mut Cursor) -> Result<Tree, Reported> {
        let mut waiting = Vec::new();
        let mut signs = minus_signs(cursor);
        let mut base = self.postfix(cursor)?;
        while cursor.take("^").or_else(|| cursor.take("**")).is_some() {
            waiting.push((signs, base));
            signs = minus_signs(cursor);
            base = self.postfix(cursor)?;
        }
        let mut value = self.negate(signs, base);
        while let Some((signs, base)) = waiting.pop() {
            let place = base.expr.place.to(value.expr.place);
            let depth = base.depth.max(value.depth);
            let power = self.nest(ExprKind::Power(base.expr.into(), value.expr.into()), place, depth);
            value = self.negate(signs, power);
        }
        Ok(value)
    }

    /// `- - … value`, the first sign outermost.
    fn negate(&mut self, signs: Vec<Place>, mut value: Tree) -> Tree {
        for sign in signs.into_iter().rev() {
            let (place, depth) = (sign.to(value.expr.place), value.depth);
            value = self.nest(ExprKind::Negate(value.expr.into()), place, depth);
        }
        value
    }
}

/// Goes on to where the expression that began at `start` should end.
pub(super) fn give_up(cursor: &mut Cursor, ends: Ends, start: Place) -> Tree {
    cursor.skip_until(|cursor| ends.at(cursor));
    Tree::error(start.to(cursor.previous()))
}

/// Takes minus signs, if there are any.
fn minus_signs(cursor: &mut Cursor) -> Vec<Place> {
    std::iter::from_fn(|| cursor.take("-")).collect()
}

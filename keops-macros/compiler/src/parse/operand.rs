//! Operands: numbers, names, calls, parentheses and lists, and what is written behind them.

use super::Reported;
use super::cursor::{Cursor, place};
use super::expression::Ends;
use super::scope::Variable;
use super::tree::{Reader, Tree};
use super::{foreign, literal};
use crate::ast::{Bound, Call, Expr, ExprKind, Place};
use crate::message::syntax::{expression, repeat};
use crate::number::Number;
use proc_macro2::{Delimiter, Group, Ident, TokenTree};

impl Reader<'_> {
    /// An operand with the methods, coordinates and slices behind it.
    pub(super) fn postfix(&mut self, cursor: &mut Cursor) -> Result<Tree, Reported> {
        let mut operand = self.operand(cursor)?;
        loop {
            if cursor.take(".").is_some() {
                operand = self.method(cursor, operand)?;
            } else if let Some(group) = cursor.take_group(Delimiter::Bracket) {
                operand = self.brackets(&group, operand);
            } else {
                return Ok(operand);
            }
        }
    }

    /// A number, a name, a call, parentheses or a list.
    fn operand(&mut self, cursor: &mut Cursor) -> Result<Tree, Reported> {
        if foreign::is_reference(cursor) {
            // What is referred to is clear, so that the rest of the expression can be read.
            let (place, message) = foreign::operand(cursor);
            self.refuse(place, message);
            while foreign::is_reference(cursor) {
                cursor.take_symbol();
            }
        }
        match cursor.peek() {
            Some(TokenTree::Literal(literal)) => {
                let text = literal.to_string();
                cursor.skip(1);
                Ok(self.number(&text, cursor.previous()))
            }
            Some(TokenTree::Ident(name)) => {
                let name = name.clone();
                self.name_or_call(cursor, name)
            }
            Some(TokenTree::Group(group)) if group.delimiter() != Delimiter::Brace => {
                let group = group.clone();
                cursor.skip(1);
                Ok(match group.delimiter() {
                    Delimiter::Bracket => self.list(&group),
                    _ => self.parentheses(&group),
                })
            }
            _ => {
                let (place, message) = foreign::operand(cursor);
                Err(self.refuse(place, message))
            }
        }
    }

    fn number(&mut self, text: &str, place: Place) -> Tree {
        match literal::number(text) {
            Ok(number) => self.nest(ExprKind::Number(number), place, 0),
            Err(message) => {
                self.refuse(place, message);
                Tree::error(place)
            }
        }
    }

    fn name_or_call(&mut self, cursor: &mut Cursor, name: Ident) -> Result<Tree, Reported> {
        if let Some((place, message)) = foreign::name(cursor) {
            return Err(self.refuse(place, message));
        }
        cursor.skip(1);
        let place = cursor.previous();
        let Some(group) = cursor.take_group(Delimiter::Parenthesis) else {
            return Ok(self.named(name, place));
        };
        let (arguments, named, depth) = self.arguments(&group);
        let call = Call { name, receiver: None, arguments, named, parentheses: true };
        Ok(self.called(call, place.to(cursor.previous()), depth))
    }

    /// The value of a name: what it stands for is known here if it is the variable of a loop, or infinity.
    fn named(&mut self, name: Ident, place: Place) -> Tree {
        let text = name.to_string();
        match self.scope.variable(&text).cloned() {
            Some(Variable::Number(number)) => self.nest(ExprKind::Number(number), place, 0),
            Some(Variable::Coordinate(of, k)) => {
                let whole = self.nest(ExprKind::Name(of), place, 0);
                let bound = Bound { value: k, place };
                self.nest(ExprKind::Coordinate(whole.expr.into(), bound), place, whole.depth)
            }
            None if self.scope.is_closed(&text) => {
                self.refuse(place, repeat::closed(&text));
                Tree::error(place)
            }
            None if text == literal::INFINITY => {
                self.nest(ExprKind::Number(Number::from_f64(f64::INFINITY)), place, 0)
            }
            None => self.nest(ExprKind::Name(name), place, 0),
        }
    }

    /// `(e)` is e, `(a, b)` several results.
    fn parentheses(&mut self, group: &Group) -> Tree {
        let place = place(&TokenTree::Group(group.clone()));
        let mut cursor = Cursor::inside(group);
        if cursor.at_end() {
            self.refuse(place, expression::parentheses_empty());
            return Tree::error(place);
        }
        let (mut elements, depth) = self.elements(&mut cursor);
        match elements.pop() {
            None => Tree::error(place),
            Some(only) if elements.is_empty() => Tree { expr: Expr { place, ..only }, depth },
            Some(last) => {
                elements.push(last);
                self.nest(ExprKind::Tuple(elements), place, depth)
            }
        }
    }

    fn list(&mut self, group: &Group) -> Tree {
        let (elements, depth) = self.elements(&mut Cursor::inside(group));
        self.nest(ExprKind::List(elements), place(&TokenTree::Group(group.clone())), depth)
    }

    /// Expressions with commas between them, and the depth of the deepest; a last comma may stand alone.
    fn elements(&mut self, cursor: &mut Cursor) -> (Vec<Expr>, usize) {
        let (mut elements, mut depth) = (Vec::new(), 0);
        while !cursor.at_end() {
            if self.lone_comma(cursor) {
                continue;
            }
            let element = self.element(cursor, Ends::Comma);
            depth = depth.max(element.depth);
            elements.push(element.expr);
            cursor.take(",");
        }
        (elements, depth)
    }

    /// Refuses a comma where an expression should stand; it separates nothing.
    pub(super) fn lone_comma(&mut self, cursor: &mut Cursor) -> bool {
        let (before, place) = cursor.previous_text();
        let lone = cursor.take(",").is_some();
        if lone {
            self.refuse(place, expression::missing(&before));
        }
        lone
    }

    /// `.name(…)`, the point taken already.
    fn method(&mut self, cursor: &mut Cursor, receiver: Tree) -> Result<Tree, Reported> {
        let Some(name) = cursor.take_ident() else {
            let place = if cursor.at_end() { cursor.previous() } else { cursor.found_place() };
            if let Some(number) = cursor.take_literal() {
                self.refuse(place, expression::field_number(&number.to_string()));
                return Ok(Tree::error(receiver.expr.place.to(place)));
            }
            let found = cursor.found();
            return Err(self.refuse(place, expression::method_expected(&found)));
        };
        let start = receiver.expr.place;
        let mut parentheses = true;
        let (arguments, named, depth) = match cursor.take_group(Delimiter::Parenthesis) {
            Some(group) => self.arguments(&group),
            None if cursor.is("::") => {
                let (place, message) = foreign::path(cursor);
                return Err(self.refuse(place, message));
            }
            // What the name may mean is known when it is looked up.
            None => {
                parentheses = false;
                (Vec::new(), Vec::new(), 0)
            }
        };
        let depth = depth.max(receiver.depth);
        let call = Call { name, receiver: Some(receiver.expr.into()), arguments, named, parentheses };
        Ok(self.called(call, start.to(cursor.previous()), depth))
    }
}

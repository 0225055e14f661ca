//! Statements and their operands.

use super::PtxError;
use super::kind::Type;
use super::parse::Parser;
use super::syntax::{Item, Opcode, Operand, Statement};
use super::token::Token;

impl Parser {
    /// One item of a body, or `None` for a line that says nothing about execution.
    pub(super) fn item(&mut self) -> Result<Option<Item>, PtxError> {
        let guard = if self.eat('@') {
            let negated = self.eat('!');
            Some((self.word()?, negated))
        } else {
            None
        };
        let word = self.word()?;
        if guard.is_none() {
            if self.eat(':') {
                return Ok(Some(Item::Label(word, self.line())));
            }
            match word.as_str() {
                ".reg" => return self.registers().map(Some),
                ".local" | ".shared" | ".param" => {
                    let variable = self.variable(&word[1..])?;
                    self.expect(';')?;
                    return Ok(Some(Item::Variable(variable)));
                }
                ".loc" => {
                    self.skip_location()?;
                    return Ok(None);
                }
                ".pragma" => {
                    self.skip_past(';')?;
                    return Ok(None);
                }
                _ if word.starts_with('.') => {
                    return Err(self.error(format!("directive `{word}` is not simulated")));
                }
                _ => {}
            }
        }
        let line = self.line();
        let mut operands = Vec::new();
        while !self.eat(';') {
            operands.push(self.operand()?);
            if !self.eat(',') && !self.sees(';') {
                return Err(self.error(format!("expected `,` or `;` in `{word}`")));
            }
        }
        Ok(Some(Item::Statement(Statement { guard, opcode: Opcode::new(&word), operands, line })))
    }

    fn registers(&mut self) -> Result<Item, PtxError> {
        let word = self.word()?;
        let kind = word.strip_prefix('.').and_then(Type::parse);
        let kind = kind.ok_or_else(|| self.error(format!("registers of type `{word}` are not simulated")))?;
        let mut names = Vec::new();
        loop {
            let name = self.word()?;
            if self.eat('<') {
                let count = self.integer()?;
                if count > MOST_REGISTERS {
                    return Err(self.error(format!("{count} registers of one name")));
                }
                self.expect('>')?;
                names.extend((0..count).map(|i| format!("{name}{i}")));
            } else {
                names.push(name);
            }
            if !self.eat(',') {
                break;
            }
        }
        self.expect(';')?;
        Ok(Item::Registers(kind, names))
    }

    /// After `.loc`: three numbers, then perhaps `, function_name label + n, inlined_at` and three numbers.
    fn skip_location(&mut self) -> Result<(), PtxError> {
        for _ in 0..3 {
            self.integer()?;
        }
        while self.eat(',') {
            if self.word()? == "function_name" {
                self.word()?;
                if self.eat('+') {
                    self.integer()?;
                }
            } else {
                for _ in 0..3 {
                    self.integer()?;
                }
            }
        }
        Ok(())
    }

    fn operand(&mut self) -> Result<Operand, PtxError> {
        if self.eat('[') {
            return self.address();
        }
        if self.eat('{') {
            return self.operands_until('}').map(Operand::Vector);
        }
        if self.eat('(') {
            return self.operands_until(')').map(Operand::List);
        }
        if self.eat('!') {
            return self.word().map(Operand::Not);
        }
        if self.eat('-') {
            return match self.next()? {
                Token::Integer(value) => Ok(Operand::Integer(-i128::from(value))),
                Token::Decimal(text) => self.decimal(&text).map(|value| Operand::Double(-value)),
                token => Err(self.error(format!("expected a number, found {token:?}"))),
            };
        }
        match self.next()? {
            Token::Word(first) if self.eat('|') => Ok(Operand::Pair(first, self.word()?)),
            Token::Word(name) => Ok(Operand::Name(name)),
            Token::Integer(value) => Ok(Operand::Integer(i128::from(value))),
            Token::Single(value) => Ok(Operand::Single(value)),
            Token::Double(value) => Ok(Operand::Double(value)),
            Token::Decimal(text) => self.decimal(&text).map(Operand::Double),
            token => Err(self.error(format!("{token:?} is no operand"))),
        }
    }

    fn decimal(&self, text: &str) -> Result<f64, PtxError> {
        text.parse().map_err(|_| self.error(format!("`{text}` is not a number")))
    }

    fn operands_until(&mut self, end: char) -> Result<Vec<Operand>, PtxError> {
        let mut all = Vec::new();
        while !self.eat(end) {
            all.push(self.operand()?);
            if !self.eat(',') && !self.sees(end) {
                return Err(self.error(format!("expected `,` or `{end}`")));
            }
        }
        Ok(all)
    }

    /// `base`, `base+4`, `base+-4`, `base-4` or a number, after `[`.
    fn address(&mut self) -> Result<Operand, PtxError> {
        let base = match self.peek() {
            Some(Token::Word(_)) => Some(self.word()?),
            _ => None,
        };
        let mut negative = false;
        let offset = if base.is_none() || self.sees('+') || self.sees('-') {
            self.eat('+');
            negative = self.eat('-');
            self.integer()?.into()
        } else {
            0
        };
        self.expect(']')?;
        let offset: i128 = if negative { -offset } else { offset };
        let number = i64::try_from(offset).map_err(|_| self.error(format!("{offset} is no offset")))?;
        Ok(Operand::Address(base, number))
    }
}

/// More registers of one name than any compiler declares.
const MOST_REGISTERS: u64 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn body(text: &str) -> Vec<Item> {
        let text = format!(".version 7.0 .target sm_70 .address_size 64 .entry k() {{ {text} }}");
        let mut module = parse(&text).expect("valid PTX");
        module.functions.remove(0).body.expect("a body")
    }

    fn statement(text: &str) -> Statement {
        match body(text).remove(0) {
            Item::Statement(statement) => statement,
            item => panic!("{item:?}"),
        }
    }

    #[test]
    fn operands_of_every_form() {
        let name = |name: &str| Operand::Name(name.into());
        let s = statement("@!%p1 setp.lt.and.f32 %p2|%p3, %f1, 0f3F800000, !%p4;");
        assert_eq!(s.guard, Some(("%p1".into(), true)));
        assert_eq!(s.opcode.modifiers, ["lt", "and", "f32"]);
        assert_eq!(
            s.operands,
            [
                Operand::Pair("%p2".into(), "%p3".into()),
                name("%f1"),
                Operand::Single(1.0),
                Operand::Not("%p4".into())
            ]
        );
        let s = statement("ld.shared.v2.f32 {%f1, %f2}, [%rd1+-8];");
        assert_eq!(
            s.operands,
            [Operand::Vector(vec![name("%f1"), name("%f2")]), Operand::Address(Some("%rd1".into()), -8)]
        );
        assert_eq!(statement("mov.u32 %r1, -7;").operands[1], Operand::Integer(-7));
        assert_eq!(statement("st.global.u32 [16], %r1;").operands[0], Operand::Address(None, 16));
        let s = statement("call.uni (r0), f, (a, b);");
        let list = |names: &[&str]| Operand::List(names.iter().map(|n| name(n)).collect());
        assert_eq!(s.operands, [list(&["r0"]), name("f"), list(&["a", "b"])]);
    }

    #[test]
    fn declarations_labels_and_blocks() {
        let items = body(
            ".reg .pred %p<2>; .reg .f32 a, b; $L: { .param .b32 x; } .loc 1 2 3, function_name $n, \
             inlined_at 1 4 5\n ret;",
        );
        assert!(matches!(&items[0], Item::Registers(Type::Predicate, names) if names == &["%p0", "%p1"]));
        assert!(matches!(&items[1], Item::Registers(Type::F32, names) if names == &["a", "b"]));
        assert!(matches!(&items[2], Item::Label(name, 1) if name == "$L"));
        assert!(matches!(&items[3], Item::Block(items) if items.len() == 1));
        assert!(matches!(&items[4], Item::Statement(_)) && items.len() == 5);
    }
}

//! PTX text as tokens.

use super::PtxError;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name, directive or opcode, dots included: `%tid.x`, `.reg`, `add.rn.f32`.
    Word(String),
    Integer(u64),
    /// `0f` and eight hexadecimal digits.
    Single(f32),
    /// `0d` and sixteen hexadecimal digits.
    Double(f64),
    /// A number with a decimal point, as written: it may be a version.
    Decimal(String),
    /// A text in quotation marks.
    Text,
    Symbol(char),
}

/// A token and its line.
pub(super) type Located = (Token, u32);

pub(super) fn tokens(text: &str) -> Result<Vec<Located>, PtxError> {
    let mut lexer = Lexer { rest: text, line: 1 };
    let mut all = Vec::new();
    while let Some(token) = lexer.next()? {
        all.push((token, lexer.line));
    }
    Ok(all)
}

struct Lexer<'t> {
    rest: &'t str,
    line: u32,
}

impl<'t> Lexer<'t> {
    fn next(&mut self) -> Result<Option<Token>, PtxError> {
        self.skip_space()?;
        let Some(first) = self.rest.chars().next() else { return Ok(None) };
        if first.is_ascii_digit() {
            let text = self.take_while(|c| c.is_ascii_alphanumeric() || c == '.');
            return self.number(text).map(Some);
        }
        if is_word(first) {
            return Ok(Some(Token::Word(self.word())));
        }
        self.rest = &self.rest[first.len_utf8()..];
        if first != '"' {
            return Ok(Some(Token::Symbol(first)));
        }
        let text = self.take_while(|c| c != '"');
        self.line += text.matches('\n').count() as u32;
        self.rest = self.rest.get(1..).ok_or_else(|| self.error("text without an end"))?;
        Ok(Some(Token::Text))
    }

    fn error(&self, message: impl Into<String>) -> PtxError {
        PtxError::new(self.line, message)
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !keep(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// A word may hold `::` within a modifier: `ld.global.L1::no_allocate`.
    fn word(&mut self) -> String {
        let mut word = self.take_while(is_word).to_owned();
        while word.contains('.') && self.rest.starts_with("::") {
            self.rest = &self.rest[2..];
            word.push_str("::");
            word.push_str(self.take_while(is_word));
        }
        word
    }

    fn skip_space(&mut self) -> Result<(), PtxError> {
        loop {
            let space = self.take_while(|c| c.is_ascii_whitespace() || c == '\0');
            self.line += space.matches('\n').count() as u32;
            if self.rest.starts_with("//") {
                self.take_while(|c| c != '\n');
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                let end = comment.find("*/").ok_or_else(|| self.error("comment without an end"))?;
                self.line += comment[..end].matches('\n').count() as u32;
                self.rest = &comment[end + 2..];
            } else {
                return Ok(());
            }
        }
    }

    fn number(&self, text: &str) -> Result<Token, PtxError> {
        let bad = |_| self.error(format!("`{text}` is not a number"));
        let hexadecimal = |digits| u64::from_str_radix(digits, 16).map_err(bad);
        let lower = text.to_ascii_lowercase();
        if let Some(digits) = lower.strip_prefix("0f").filter(|digits| digits.len() == 8) {
            return Ok(Token::Single(f32::from_bits(hexadecimal(digits)? as u32)));
        }
        if let Some(digits) = lower.strip_prefix("0d").filter(|digits| digits.len() == 16) {
            return Ok(Token::Double(f64::from_bits(hexadecimal(digits)?)));
        }
        if lower.contains('.') {
            return Ok(Token::Decimal(lower));
        }
        let unsigned = lower.strip_suffix('u').unwrap_or(&lower);
        let value = if let Some(digits) = unsigned.strip_prefix("0x") {
            hexadecimal(digits)?
        } else if let Some(digits) = unsigned.strip_prefix("0b") {
            u64::from_str_radix(digits, 2).map_err(bad)?
        } else if let Some(digits) = unsigned.strip_prefix('0').filter(|digits| !digits.is_empty()) {
            u64::from_str_radix(digits, 8).map_err(bad)?
        } else {
            unsigned.parse().map_err(bad)?
        };
        Ok(Token::Integer(value))
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.' | '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(text: &str) -> Vec<Token> {
        tokens(text).expect("valid tokens").into_iter().map(|(token, _)| token).collect()
    }

    #[test]
    fn numbers_of_every_form() {
        assert_eq!(lex("7 7U 0x1F 0b101 017 0 00"), [7, 7, 31, 5, 15, 0, 0].map(Token::Integer));
        assert!(tokens("019").is_err(), "octal");
        assert_eq!(lex("0f3F800000 0dBFF0000000000000"), [Token::Single(1.0), Token::Double(-1.0)]);
        assert_eq!(lex("9.0"), [Token::Decimal("9.0".into())]);
        assert!(tokens("12abc").is_err());
    }

    #[test]
    fn words_keep_their_dots_and_cache_hints() {
        let words = ["ld.global.nc.L1::no_allocate.f32", "%rd1", "$L__BB0_2"];
        assert_eq!(lex(&words.join(" ")), words.map(|w| Token::Word(w.into())));
    }

    #[test]
    fn lines_are_counted_through_comments() {
        let lines: Vec<u32> =
            tokens("a // x\n/* \n */ b \"t\n\" c").expect("valid").iter().map(|t| t.1).collect();
        assert_eq!(lines, [1, 3, 4, 4]);
        assert!(tokens("/* no end").is_err());
    }
}

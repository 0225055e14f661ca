//! Modules, functions and variables.

use super::PtxError;
use super::kind::{Space, Type};
use super::syntax::{Function, Item, Module, Variable};
use super::target::first_version;
use super::token::{Located, Token, tokens};

/// Parses a module.
pub(crate) fn parse(text: &str) -> Result<Module, PtxError> {
    Parser { tokens: tokens(text)?, position: 0 }.module()
}

/// Reads tokens; statements are in `statement`.
pub(super) struct Parser {
    tokens: Vec<Located>,
    position: usize,
}

impl Parser {
    fn module(mut self) -> Result<Module, PtxError> {
        let mut module = Module::default();
        while self.position < self.tokens.len() {
            let directive = self.word()?;
            match directive.as_str() {
                ".version" => module.version = self.version()?,
                ".target" => {
                    module.target = self.target()?;
                    if module.version < first_version(module.target) {
                        let ((major, minor), target) = (module.version, module.target);
                        return Err(
                            self.error(format!("PTX {major}.{minor} does not know the target sm_{target}"))
                        );
                    }
                }
                ".address_size" => match self.integer()? {
                    64 => {}
                    bits => {
                        return Err(self.error(format!("addresses of {bits} bits; only 64 are simulated")));
                    }
                },
                ".visible" | ".weak" | ".common" | ".extern" => {}
                ".entry" | ".func" => {
                    let function = self.function(directive == ".entry")?;
                    module.functions.push(function);
                }
                ".global" | ".const" | ".shared" => {
                    let variable = self.variable(&directive[1..])?;
                    self.expect(';')?;
                    module.variables.push(variable);
                }
                ".file" => self.skip_file(),
                ".pragma" => self.skip_past(';')?,
                ".section" => self.skip_section()?,
                _ => return Err(self.error(format!("unexpected `{directive}`"))),
            }
        }
        if module.version == (0, 0) {
            return Err(PtxError::new(1, "the text lacks a `.version`: it is no PTX"));
        }
        let constants = module.variables.iter().filter(|variable| variable.space == Space::Constant);
        let bytes: usize = constants.map(|variable| variable.bytes).sum();
        if bytes > CONSTANT {
            return Err(self.error(format!("{bytes} bytes of constant memory; {CONSTANT} are the limit")));
        }
        Ok(module)
    }

    fn version(&mut self) -> Result<(u32, u32), PtxError> {
        if let Some((Token::Decimal(text), _)) = self.tokens.get(self.position) {
            let parts = text.split_once('.').map(|(major, minor)| (major.parse(), minor.parse()));
            if let Some((Ok(major), Ok(minor))) = parts {
                self.position += 1;
                return Ok((major, minor));
            }
        }
        Err(self.error("a version is written as in `9.0`"))
    }

    fn target(&mut self) -> Result<u32, PtxError> {
        let name = self.word()?;
        while self.eat(',') {
            self.word()?;
        }
        let digits =
            name.strip_prefix("sm_").map(|rest| rest.trim_end_matches(|c: char| !c.is_ascii_digit()));
        digits
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| self.error(format!("`{name}` is no target such as `sm_75`")))
    }

    /// After a `.file`: a number, a name and perhaps two numbers more.
    fn skip_file(&mut self) {
        let ours = |token: &Token| matches!(token, Token::Integer(_) | Token::Text | Token::Symbol(','));
        while self.peek().is_some_and(ours) {
            self.position += 1;
        }
    }

    fn skip_section(&mut self) -> Result<(), PtxError> {
        self.skip_past('{')?;
        let mut depth = 1;
        while depth > 0 {
            match self.next()? {
                Token::Symbol('{') => depth += 1,
                Token::Symbol('}') => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// `.align 16 .b8 name[32] = {…}`, after the space.
    pub(super) fn variable(&mut self, space: &str) -> Result<Variable, PtxError> {
        let space = Space::parse(space).unwrap_or(Space::Local);
        let (mut alignment, mut element) = (1, None);
        let name = loop {
            let word = self.word()?;
            match word.as_str() {
                ".align" => {
                    let bytes = self.integer()?;
                    if !bytes.is_power_of_two() || bytes > LARGEST_ALIGNMENT {
                        return Err(self.error(format!("an alignment of {bytes} is not simulated")));
                    }
                    alignment = bytes as usize;
                }
                // What a pointer parameter points to, said for the compiler's benefit.
                ".ptr" | ".global" | ".shared" | ".const" | ".local" => {}
                _ => match word.strip_prefix('.') {
                    Some(kind) => {
                        let kind = Type::parse(kind).ok_or_else(|| self.error(format!("type `{word}`")))?;
                        element = Some(kind);
                    }
                    None => break word,
                },
            }
        };
        let element = element.ok_or_else(|| self.error(format!("`{name}` lacks a type")))?;
        let mut bytes = element.bytes() as u64;
        while self.eat('[') {
            if self.eat(']') {
                bytes = 0;
            } else {
                let count = self.integer()?;
                let product = bytes.checked_mul(count).filter(|bytes| *bytes <= LARGEST_VARIABLE);
                bytes = product.ok_or_else(|| self.error(format!("`{name}` is too large")))?;
                self.expect(']')?;
            }
        }
        let initial = if self.eat('=') { self.initial_value(element)? } else { Vec::new() };
        let bytes = (bytes as usize).max(initial.len());
        Ok(Variable { name, space, bytes, alignment: alignment.max(element.bytes()), initial })
    }

    fn initial_value(&mut self, element: Type) -> Result<Vec<u8>, PtxError> {
        let mut data = Vec::new();
        let braces = self.eat('{');
        loop {
            let negative = self.eat('-');
            let bits = match self.next()? {
                Token::Integer(value) if negative => value.wrapping_neg(),
                Token::Integer(value) => value,
                Token::Single(value) if element == Type::F32 => u64::from(value.to_bits()),
                Token::Double(value) if element == Type::F64 => value.to_bits(),
                token => return Err(self.error(format!("initial value {token:?} is not simulated"))),
            };
            data.extend_from_slice(&bits.to_le_bytes()[..element.bytes()]);
            if !self.eat(',') {
                break;
            }
        }
        if braces {
            self.expect('}')?;
        }
        Ok(data)
    }

    fn function(&mut self, entry: bool) -> Result<Function, PtxError> {
        let results = if self.sees('(') { self.parameters()? } else { Vec::new() };
        let name = self.word()?;
        let line = self.line();
        let parameters = if self.sees('(') { self.parameters()? } else { Vec::new() };
        let (mut most_threads, mut required_threads) = (None, None);
        let body = loop {
            if self.eat(';') {
                break None;
            }
            if self.eat('{') {
                break Some(self.block()?);
            }
            let directive = self.word()?;
            match directive.as_str() {
                ".maxntid" => most_threads = Some(self.dimensions()?),
                ".reqntid" => required_threads = Some(self.dimensions()?),
                ".minnctapersm" | ".maxnreg" | ".maxnctapersm" => drop(self.integer()?),
                ".noreturn" => {}
                ".pragma" => self.skip_past(';')?,
                _ => return Err(self.error(format!("directive `{directive}` is not simulated"))),
            }
        };
        Ok(Function { name, entry, results, parameters, most_threads, required_threads, body, line })
    }

    fn parameters(&mut self) -> Result<Vec<Variable>, PtxError> {
        self.expect('(')?;
        let mut all = Vec::new();
        while !self.eat(')') {
            match self.word()?.as_str() {
                ".param" => all.push(self.variable("param")?),
                other => return Err(self.error(format!("parameter in `{other}` is not simulated"))),
            }
            self.eat(',');
        }
        Ok(all)
    }

    fn dimensions(&mut self) -> Result<[u32; 3], PtxError> {
        let mut dimensions = [1; 3];
        dimensions[0] = self.integer()? as u32;
        for dimension in &mut dimensions[1..] {
            if self.eat(',') {
                *dimension = self.integer()? as u32;
            }
        }
        Ok(dimensions)
    }

    /// The items up to the closing brace.
    fn block(&mut self) -> Result<Vec<Item>, PtxError> {
        let mut items = Vec::new();
        while !self.eat('}') {
            if self.eat('{') {
                items.push(Item::Block(self.block()?));
            } else if let Some(item) = self.item()? {
                items.push(item);
            }
        }
        Ok(items)
    }

    pub(super) fn error(&self, message: impl Into<String>) -> PtxError {
        PtxError::new(self.line(), message)
    }

    /// The line of the last token read.
    pub(super) fn line(&self) -> u32 {
        self.tokens.get(self.position.saturating_sub(1)).map_or(1, |token| token.1)
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.position).map(|token| &token.0)
    }

    pub(super) fn sees(&self, symbol: char) -> bool {
        self.peek() == Some(&Token::Symbol(symbol))
    }

    pub(super) fn eat(&mut self, symbol: char) -> bool {
        let seen = self.sees(symbol);
        self.position += usize::from(seen);
        seen
    }

    pub(super) fn expect(&mut self, symbol: char) -> Result<(), PtxError> {
        if self.eat(symbol) { Ok(()) } else { Err(self.error(format!("expected `{symbol}`"))) }
    }

    pub(super) fn next(&mut self) -> Result<Token, PtxError> {
        let token = self.peek().cloned().ok_or_else(|| self.error("the text ends too early"))?;
        self.position += 1;
        Ok(token)
    }

    pub(super) fn word(&mut self) -> Result<String, PtxError> {
        match self.next()? {
            Token::Word(word) => Ok(word),
            token => Err(self.error(format!("expected a name, found {token:?}"))),
        }
    }

    pub(super) fn integer(&mut self) -> Result<u64, PtxError> {
        match self.next()? {
            Token::Integer(value) => Ok(value),
            token => Err(self.error(format!("expected a number, found {token:?}"))),
        }
    }

    pub(super) fn skip_past(&mut self, symbol: char) -> Result<(), PtxError> {
        while self.next()? != Token::Symbol(symbol) {}
        Ok(())
    }
}

/// Bytes of constant memory of a module.
const CONSTANT: usize = 64 << 10;

/// More bytes than a variable of any device has.
const LARGEST_VARIABLE: u64 = 1 << 40;

/// More than any compiler asks for.
const LARGEST_ALIGNMENT: u64 = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = ".version 7.8\n.target sm_75, debug\n.address_size 64\n";

    fn module(text: &str) -> Module {
        parse(&format!("{HEADER}{text}")).expect("valid PTX")
    }

    #[test]
    fn header_and_variables() {
        let module = module(
            ".file 1 \"k.cu\"\n.const .align 8 .f64 c[2] = {0d3FF0000000000000, 0d4000000000000000};\n\
             .global .align 4 .b8 t[6] = {1, 2, -1};\n.extern .shared .align 16 .b8 s[];",
        );
        assert_eq!((module.version, module.target), ((7, 8), 75));
        let [c, t, s] = &module.variables[..] else { panic!("three variables: {module:?}") };
        assert_eq!((c.space, c.bytes, c.alignment), (Space::Constant, 16, 8));
        assert_eq!(c.initial, [1f64, 2.0].map(f64::to_le_bytes).concat());
        assert_eq!((t.bytes, t.initial.as_slice()), (6, &[1, 2, 255][..]));
        assert_eq!((s.space, s.bytes, s.alignment), (Space::Shared, 0, 16));
    }

    #[test]
    fn functions_with_their_limits() {
        let module = module(
            ".func (.param .b32 r) f(.param .b64 a);\n\
             .visible .entry k(.param .u64 .ptr .global .align 4 p, .param .f32 q)\n.maxntid 128, 2\n{ ret; }",
        );
        let [f, k] = &module.functions[..] else { panic!("two functions: {module:?}") };
        assert!(f.body.is_none() && !f.entry && f.results.len() == 1);
        assert_eq!(k.most_threads, Some([128, 2, 1]));
        assert_eq!(k.parameters.iter().map(|p| p.bytes).collect::<Vec<_>>(), [8, 4]);
    }

    #[test]
    fn errors_name_the_line() {
        for (text, line, part) in [
            (".entry k() { add.s32 %r1; ", 4, "ends too early"),
            ("\n.banana", 5, "`.banana`"),
            (".global .f32 x = y;", 4, "not simulated"),
            (".global .f32 x[4294967296][4294967296][2];", 4, "`x` is too large"),
            (".global .align 3 .b8 x[4];", 4, "an alignment of 3"),
            (".const .b8 x[65537];", 4, "65537 bytes of constant memory"),
            (".entry k() { .reg .b32 %r<1000001>; }", 4, "1000001 registers"),
            (".entry k() { ld.u32 %r, [%rd+-9223372036854775809]; }", 4, "-9223372036854775809 is no offset"),
        ] {
            let error = parse(&format!("{HEADER}{text}")).expect_err(text);
            assert!(error.line == line && error.message.contains(part), "{error}");
        }
        assert!(parse("hello").is_err());
        assert!(parse("").expect_err("no PTX").message.contains("`.version`"));
    }
}

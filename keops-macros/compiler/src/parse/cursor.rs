//! A position in one sequence of token trees: a block, or the inside of a pair of brackets.

use super::Reported;
use crate::ast::Place;
use crate::error::Errors;
use proc_macro2::{Delimiter, Group, Ident, Literal, Spacing, Span, TokenStream, TokenTree};

/// The symbols of more than one character, longer ones first, then those of one. Rust hands them over one character at
/// a time; those that belong together are marked as joint, but so is `<-` in `a<-b`, hence this list.
const SYMBOLS: [&str; 49] = [
    "..=", "...", "**", "..", "::", "->", "=>", "=<", "<>", "==", "!=", "<=", ">=", "<<", ">>", "&&", "||",
    "+=", "-=", "*=", "/=", "^=", "%=", "|=", "&=", "=", "<", ">", "!", "~", "+", "-", "*", "/", "%", "^",
    "&", "|", "@", ".", ",", ";", ":", "#", "$", "?", "'", "\\", "`",
];

/// A position in a sequence of token trees.
pub(super) struct Cursor {
    tokens: Vec<TokenTree>,
    next: usize,
    /// What stands before and behind the sequence, as text.
    around: [&'static str; 2],
    open: Option<Place>,
    close: Option<Place>,
}

impl Cursor {
    /// At the start of a block.
    pub(super) fn new(stream: TokenStream) -> Self {
        Cursor { tokens: flat(stream), next: 0, around: ["", "the end"], open: None, close: None }
    }

    /// At the start of what stands inside a group.
    pub(super) fn inside(group: &Group) -> Self {
        let around = match group.delimiter() {
            Delimiter::Parenthesis => ["(", ")"],
            Delimiter::Bracket => ["[", "]"],
            Delimiter::Brace => ["{", "}"],
            Delimiter::None => ["", "the end"],
        };
        let (open, close) = (Place::of(group.span_open()), Place::of(group.span_close()));
        Cursor { around, open: Some(open), close: Some(close), ..Cursor::new(group.stream()) }
    }

    /// At the start of what stands between two bars.
    pub(super) fn between_bars(tokens: &[TokenTree], open: Place, close: Place) -> Self {
        let stream = tokens.iter().cloned().collect();
        Cursor { around: ["|", "|"], open: Some(open), close: Some(close), ..Cursor::new(stream) }
    }

    /// At the start of all that follows here, behind the bars of a closure.
    pub(super) fn behind_a_bar(&self) -> Self {
        let open = Some(self.previous());
        Cursor { around: ["|", "the end"], open, ..Cursor::new(self.ahead().iter().cloned().collect()) }
    }

    /// The token trees from here on.
    pub(super) fn ahead(&self) -> &[TokenTree] {
        &self.tokens[self.next..]
    }

    /// Whether nothing follows.
    pub(super) fn at_end(&self) -> bool {
        self.next == self.tokens.len()
    }

    /// How many token trees were passed.
    pub(super) fn position(&self) -> usize {
        self.next
    }

    /// The token trees passed since an earlier position.
    pub(super) fn since(&self, start: usize) -> &[TokenTree] {
        &self.tokens[start..self.next]
    }

    /// The next token tree.
    pub(super) fn peek(&self) -> Option<&TokenTree> {
        self.peek_at(0)
    }

    /// The token tree that is `offset` ahead.
    pub(super) fn peek_at(&self, offset: usize) -> Option<&TokenTree> {
        self.tokens.get(self.next + offset)
    }

    /// Goes back to an earlier position.
    pub(super) fn back_to(&mut self, position: usize) {
        self.next = position;
    }

    /// Passes `count` token trees, or as many as there are.
    pub(super) fn skip(&mut self, count: usize) {
        self.next = self.tokens.len().min(self.next + count);
    }

    /// The place of the next token; at the end, that of the closing bracket or of the last token.
    pub(super) fn here(&self) -> Place {
        match self.peek() {
            Some(token) => place(token),
            None => self.close.unwrap_or_else(|| self.previous()),
        }
    }

    /// The place of the token before this position; at the start, that of the opening bracket.
    pub(super) fn previous(&self) -> Place {
        match self.next.checked_sub(1) {
            Some(last) => place(&self.tokens[last]),
            None => self.open.unwrap_or_else(|| Place::of(Span::call_site())),
        }
    }

    /// The symbol before this position with its place, `**` as one; or the opening bracket; or any other token.
    pub(super) fn previous_text(&self) -> (String, Place) {
        let Some(last) = self.next.checked_sub(1) else {
            return (self.around[0].into(), self.previous());
        };
        for start in last.saturating_sub(1)..last {
            if let Some(symbol) = symbol(&self.tokens[start..self.next]).filter(|s| s.len() == 2) {
                return (symbol.into(), place(&self.tokens[start]).to(self.previous()));
            }
        }
        (text(&self.tokens[last]), self.previous())
    }

    /// The next token as text; `}` and the like at the end.
    pub(super) fn found(&self) -> String {
        match (self.symbol(), self.peek()) {
            (Some(symbol), _) => symbol.into(),
            (None, Some(token)) => text(token),
            (None, None) => self.around[1].into(),
        }
    }

    /// The place of the next token or symbol.
    pub(super) fn found_place(&self) -> Place {
        let length = self.symbol().map_or(1, str::len);
        match self.peek_at(length - 1) {
            Some(last) => self.here().to(place(last)),
            None => self.here(),
        }
    }

    /// The symbol at this position, the longest there is.
    pub(super) fn symbol(&self) -> Option<&'static str> {
        symbol(&self.tokens[self.next..])
    }

    /// The symbol that starts `offset` ahead.
    pub(super) fn symbol_at(&self, offset: usize) -> Option<&'static str> {
        symbol(self.tokens.get(self.next + offset..)?)
    }

    /// Whether the next symbol is this one.
    pub(super) fn is(&self, wanted: &str) -> bool {
        self.symbol() == Some(wanted)
    }

    /// Takes the next symbol if it is this one.
    pub(super) fn take(&mut self, wanted: &str) -> Option<Place> {
        self.is(wanted).then(|| self.take_symbol())
    }

    /// Takes the symbol at this position.
    pub(super) fn take_symbol(&mut self) -> Place {
        let place = self.found_place();
        self.next += self.symbol().map_or(0, str::len);
        place
    }

    /// Whether the next token is one with this character, whatever is joined to it.
    pub(super) fn is_char(&self, wanted: char) -> bool {
        matches!(self.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
    }

    /// The next token, if it is an identifier.
    pub(super) fn ident(&self) -> Option<&Ident> {
        match self.peek() {
            Some(TokenTree::Ident(ident)) => Some(ident),
            _ => None,
        }
    }

    /// Whether the token that is `offset` ahead is an identifier.
    pub(super) fn is_ident_at(&self, offset: usize) -> bool {
        matches!(self.peek_at(offset), Some(TokenTree::Ident(_)))
    }

    /// Whether the token that is `offset` ahead is this word.
    pub(super) fn is_word_at(&self, offset: usize, wanted: &str) -> bool {
        matches!(self.peek_at(offset), Some(TokenTree::Ident(ident)) if ident == wanted)
    }

    /// Whether the next token is this word.
    pub(super) fn is_word(&self, wanted: &str) -> bool {
        self.is_word_at(0, wanted)
    }

    /// Takes the next token if it is this word.
    pub(super) fn take_word(&mut self, wanted: &str) -> Option<Place> {
        self.is_word(wanted).then(|| {
            self.next += 1;
            self.previous()
        })
    }

    /// Takes the next token if it is an identifier.
    pub(super) fn take_ident(&mut self) -> Option<Ident> {
        let ident = self.ident().cloned();
        self.next += usize::from(ident.is_some());
        ident
    }

    /// Takes the next token if it is a literal.
    pub(super) fn take_literal(&mut self) -> Option<Literal> {
        let Some(TokenTree::Literal(literal)) = self.peek() else { return None };
        let literal = literal.clone();
        self.next += 1;
        Some(literal)
    }

    /// Whether the token that is `offset` ahead is a group with this delimiter.
    pub(super) fn is_group_at(&self, offset: usize, wanted: Delimiter) -> bool {
        matches!(self.peek_at(offset), Some(TokenTree::Group(group)) if group.delimiter() == wanted)
    }

    /// Takes the next token if it is a group with this delimiter.
    pub(super) fn take_group(&mut self, wanted: Delimiter) -> Option<Group> {
        let Some(TokenTree::Group(group)) = self.peek() else { return None };
        let group = (group.delimiter() == wanted).then(|| group.clone())?;
        self.next += 1;
        Some(group)
    }

    /// Whether a `;` or another `let` follows anywhere in the sequence.
    pub(super) fn is_statement_ahead(&self) -> bool {
        self.tokens[self.next..].iter().any(|token| match token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Ident(word) => word == "let",
            _ => false,
        })
    }

    /// Goes on to the first position where `stop` holds, or to the end.
    pub(super) fn skip_until(&mut self, stop: impl Fn(&Cursor) -> bool) {
        while !self.at_end() && !stop(self) {
            self.next += 1;
        }
    }

    /// Reports an error at the next token or symbol.
    pub(super) fn refuse(&self, errors: &mut Errors, message: String) -> Reported {
        errors.push(self.found_place(), message);
        Reported
    }
}

/// The tokens of a stream. What a surrounding `macro_rules!` has substituted arrives in groups without delimiters: a
/// single token is taken out of its group, and a group that is all there is gives way to its contents.
fn flat(stream: TokenStream) -> Vec<TokenTree> {
    let invisible = |token: &TokenTree| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => Some(group.stream()),
        _ => None,
    };
    let mut tokens: Vec<TokenTree> = stream.into_iter().collect();
    while let [only] = tokens.as_slice()
        && let Some(contents) = invisible(only)
    {
        tokens = contents.into_iter().collect();
    }
    let mut flattened = Vec::with_capacity(tokens.len());
    for token in tokens {
        let mut token = Some(token);
        while let Some(contents) = token.as_ref().and_then(invisible) {
            let mut contents = contents.into_iter();
            match (contents.next(), contents.next()) {
                (single, None) => token = single,
                _ => break,
            }
        }
        flattened.extend(token);
    }
    flattened
}

/// The longest symbol that these tokens start with.
fn symbol(tokens: &[TokenTree]) -> Option<&'static str> {
    let punct = |token: Option<&TokenTree>| match token {
        Some(TokenTree::Punct(punct)) => Some((punct.as_char(), punct.spacing() == Spacing::Joint)),
        _ => None,
    };
    punct(tokens.first())?;
    let fits = |symbol: &&&str| {
        let last = symbol.len() - 1;
        symbol.chars().enumerate().all(|(k, wanted)| {
            punct(tokens.get(k)).is_some_and(|(found, joint)| found == wanted && (joint || k == last))
        })
    };
    SYMBOLS.iter().find(fits).copied()
}

/// The place of a token tree, a group from its opening to its closing bracket.
pub(super) fn place(token: &TokenTree) -> Place {
    match token {
        TokenTree::Group(group) => Place { first: group.span_open(), last: group.span_close() },
        other => Place::of(other.span()),
    }
}

/// A token as it is quoted in a message: groups without their contents, long texts cut.
pub(super) fn text(token: &TokenTree) -> String {
    const LONGEST: usize = 32;
    let full = match token {
        TokenTree::Group(group) => match group.delimiter() {
            Delimiter::Parenthesis => "(…)".into(),
            Delimiter::Bracket => "[…]".into(),
            Delimiter::Brace => "{…}".into(),
            Delimiter::None => "…".into(),
        },
        other => other.to_string(),
    };
    match full.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &full[..end]),
        None => full,
    }
}

/// Tokens as they are quoted in a message, with spaces only where two words would run together.
pub(super) fn texts(tokens: &[TokenTree]) -> String {
    let is_word = |token: &TokenTree| matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_));
    let mut texts = String::new();
    for (k, token) in tokens.iter().enumerate() {
        if k > 0 && is_word(token) && is_word(&tokens[k - 1]) {
            texts.push(' ');
        }
        texts += &text(token);
    }
    texts
}

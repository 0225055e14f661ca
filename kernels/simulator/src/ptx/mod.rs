//! PTX text and its syntax tree.
//!
//! Text → tokens ([`token`]) → statements ([`parse`], [`statement`]). Nothing here knows what an instruction
//! does.

pub(crate) mod kind;
pub(crate) mod syntax;
mod token;
mod statement;
mod parse;
mod target;

pub(crate) use kind::{Space, Type};
pub(crate) use parse::parse;
pub(crate) use syntax::{Function, Item, Module, Opcode, Operand, Statement, Variable};

/// Why a text is no PTX that this simulator accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PtxError {
    /// Line of the text, from 1.
    pub(crate) line: u32,
    pub(crate) message: String,
}

impl PtxError {
    pub(crate) fn new(line: u32, message: impl Into<String>) -> Self {
        PtxError { line, message: message.into() }
    }
}

impl std::fmt::Display for PtxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PTX line {}: {}", self.line, self.message)
    }
}

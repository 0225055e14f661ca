//! The syntax tree of a PTX module.

use super::{Space, Type};

/// A module: one PTX text.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// Version of the PTX language, major and minor.
    pub(crate) version: (u32, u32),
    /// Compute capability of the target, ten times the major plus the minor number.
    pub(crate) target: u32,
    /// Variables of the `.global` and `.const` spaces, and shared variables of module scope.
    pub(crate) variables: Vec<Variable>,
    pub(crate) functions: Vec<Function>,
}

/// A variable, or a parameter of a function.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) space: Space,
    /// Size in bytes; 0 for `.extern .shared` arrays, whose size comes with the launch.
    pub(crate) bytes: usize,
    pub(crate) alignment: usize,
    /// The first bytes of the initial value; the others are zero.
    pub(crate) initial: Vec<u8>,
}

/// A kernel (`.entry`) or a device function (`.func`).
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) entry: bool,
    pub(crate) results: Vec<Variable>,
    pub(crate) parameters: Vec<Variable>,
    /// `.maxntid`: most threads in each direction.
    pub(crate) most_threads: Option<[u32; 3]>,
    /// `.reqntid`: exact number of threads in each direction.
    pub(crate) required_threads: Option<[u32; 3]>,
    /// `None` for a declaration without a body.
    pub(crate) body: Option<Vec<Item>>,
    pub(crate) line: u32,
}

/// A line of a body, or a block in braces.
#[derive(Debug)]
pub(crate) enum Item {
    /// The name and its line.
    Label(String, u32),
    /// `.reg .f32 %f<3>` declares `%f0 %f1 %f2`: names are already written out.
    Registers(Type, Vec<String>),
    Variable(Variable),
    Statement(Statement),
    Block(Vec<Item>),
}

/// One instruction.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    /// `@%p1` or `@!%p1`: the predicate's name, and whether it is negated.
    pub(crate) guard: Option<(String, bool)>,
    pub(crate) opcode: Opcode,
    pub(crate) operands: Vec<Operand>,
    pub(crate) line: u32,
}

/// An operand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    /// A register, variable, label or function.
    Name(String),
    /// `!%p1`.
    Not(String),
    /// `%p1|%p2`.
    Pair(String, String),
    Integer(i128),
    /// `0f3F800000`.
    Single(f32),
    /// `0d3FF0000000000000`, or a decimal number.
    Double(f64),
    /// `[base + offset]`; without a base the offset is the address.
    Address(Option<String>, i64),
    /// `{a, b}`.
    Vector(Vec<Operand>),
    /// `(a, b)` of a call.
    List(Vec<Operand>),
}

/// An instruction's name with its modifiers: `add.rn.ftz.f32` is `add` with `rn`, `ftz` and `f32`.
///
/// Who compiles an instruction *takes* the modifiers that it knows; one that nobody takes is an error, so
/// that none is overlooked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opcode {
    pub(crate) name: String,
    pub(crate) modifiers: Vec<String>,
}

impl Opcode {
    pub(crate) fn new(text: &str) -> Opcode {
        let mut parts = text.split('.').map(str::to_owned);
        Opcode { name: parts.next().unwrap_or_default(), modifiers: parts.collect() }
    }

    pub(crate) fn has(&self, modifier: &str) -> bool {
        self.modifiers.iter().any(|m| m == modifier)
    }

    /// Removes a modifier; false if it is not there.
    pub(crate) fn take(&mut self, modifier: &str) -> bool {
        self.take_first(|m| (m == modifier).then_some(())).is_some()
    }

    /// Removes the first modifier that `meaning` knows, and returns its meaning.
    pub(crate) fn take_first<T>(&mut self, meaning: impl Fn(&str) -> Option<T>) -> Option<T> {
        let (position, value) =
            self.modifiers.iter().enumerate().find_map(|(i, m)| meaning(m).map(|value| (i, value)))?;
        self.modifiers.remove(position);
        Some(value)
    }

    /// Removes the first type.
    pub(crate) fn take_type(&mut self) -> Result<Type, String> {
        self.take_first(Type::parse).ok_or_else(|| format!("`{}` lacks a type", self.name))
    }

    /// The last type, which is that of the operands.
    pub(crate) fn last_type(&self) -> Option<Type> {
        self.modifiers.iter().rev().find_map(|m| Type::parse(m))
    }
}

impl std::fmt::Display for Opcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        self.modifiers.iter().try_for_each(|m| write!(f, ".{m}"))
    }
}

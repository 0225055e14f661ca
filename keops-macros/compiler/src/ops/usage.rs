//! How a call looks.

use super::Slot;

/// An operand to be filled in.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// Its name, by which it can be given too.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it takes all that is left.
    pub rest: bool,
}

impl Wanted {
    /// An operand that must be there.
    pub const fn one(name: &'static str) -> Wanted {
        Wanted { name, required: true, rest: false }
    }

    /// An operand that may be left out.
    pub const fn optional(name: &'static str) -> Wanted {
        Wanted { name, required: false, rest: false }
    }

    /// The operands of a row.
    pub fn of(operands: &[(&'static str, Slot)]) -> Vec<Wanted> {
        let wanted = |&(name, slot): &(&'static str, Slot)| Wanted {
            name,
            required: !matches!(slot, Slot::FormulaOr(_) | Slot::IntegerOr(_) | Slot::OptionalList),
            rest: slot == Slot::Formulas,
        };
        operands.iter().map(wanted).collect()
    }
}

/// `SqDist(x, y)`, with what may be left out in brackets.
pub fn usage(name: &str, wanted: &[Wanted]) -> String {
    let mut text = format!("{name}(");
    for (k, wanted) in wanted.iter().enumerate() {
        let comma = if k > 0 { ", " } else { "" };
        text += &match (wanted.required, wanted.rest) {
            (_, true) => format!("{comma}{}, …", wanted.name),
            (true, _) => format!("{comma}{}", wanted.name),
            (false, _) => format!("[{comma}{}]", wanted.name),
        };
    }
    text + ")"
}

//! The table of operators between two operands.

use crate::ast::{Comparison, Factor, Sign};

/// How tightly an operator binds, loosest first. (Powers and signs bind tighter than all of these.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Comparison,
    Dot,
    Sum,
    Product,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Compare(Comparison),
    Dot,
    Sum(Sign),
    Product(Factor),
}

impl Operator {
    /// The operator that a symbol stands for.
    pub(super) fn of(symbol: &str) -> Option<Operator> {
        Some(match symbol {
            "<" => Operator::Compare(Comparison::Less),
            "<=" => Operator::Compare(Comparison::LessEqual),
            ">" => Operator::Compare(Comparison::Greater),
            ">=" => Operator::Compare(Comparison::GreaterEqual),
            "==" => Operator::Compare(Comparison::Equal),
            "!=" => Operator::Compare(Comparison::NotEqual),
            "|" => Operator::Dot,
            "+" => Operator::Sum(Sign::Plus),
            "-" => Operator::Sum(Sign::Minus),
            "*" => Operator::Product(Factor::Times),
            "/" => Operator::Product(Factor::Over),
            _ => return None,
        })
    }

    /// How tightly it binds.
    pub(super) fn level(self) -> Level {
        match self {
            Operator::Compare(_) => Level::Comparison,
            Operator::Dot => Level::Dot,
            Operator::Sum(_) => Level::Sum,
            Operator::Product(_) => Level::Product,
        }
    }
}

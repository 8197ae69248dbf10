//! `when`: a condition in a small, typed part of CEL, checked when the programme is and evaluated without allocating.

mod expression;
mod lower;
#[cfg(test)]
mod tests;
mod tokens;

use std::ops::Range;

use crate::condition::expression::Bool;

/// A condition over [`Facts`], such as `order.weekday == 2 && order.net >= 1000`.
///
/// A subset of CEL: integers, strings, truth values; `== != < <= > >= && || ! + - * / %`, `in` with a list of literals and
/// `a ? b : c`. No functions, macros, decimals or bytes. It is typed when parsed, so evaluation fails only by overflow or
/// division by zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    source: String,
    root: Bool,
    used: Vec<(&'static str, Range<usize>)>,
    compared: Vec<Compared>,
}

/// What a condition may ask about. Build it once per order or event; for an event that is no order the `order_` fields are
/// zero and empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts<'a> {
    /// `order.net`: minor units of the programme's currency, after discounts, before exclusions.
    pub order_net: i64,
    /// `order.quantity`: whole units of all lines but tips, rounded down.
    pub order_quantity: i64,
    /// `order.lines`: how many lines, but for tips.
    pub order_lines: i64,
    /// `order.weekday`: 1 is Monday, 7 is Sunday, in the programme's zone.
    pub order_weekday: i64,
    /// `order.day`: of the month, from 1.
    pub order_day: i64,
    /// `order.month`: from 1.
    pub order_month: i64,
    /// `order.year`.
    pub order_year: i64,
    /// `order.hour`: 0 to 23.
    pub order_hour: i64,
    /// `order.currency`: as ordered, "EUR".
    pub order_currency: &'a str,
    /// `order.platform`: "shopify".
    pub order_platform: &'a str,
    /// `member.tier`: the tier's id, empty for none.
    pub member_tier: &'a str,
    /// `event.name`: "review"; empty for an order.
    pub event_name: &'a str,
}

/// Why a text is no condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConditionFault {
    /// What is wrong.
    pub message: String,
    /// Where, as bytes of the source.
    pub offset: Range<usize>,
    /// What to write instead.
    pub suggestion: Option<String>,
}

/// Why a condition could not be evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// A number left the range of 64 bits.
    #[error("a number in the condition is out of range")]
    Overflow,
    /// A division or remainder by zero.
    #[error("the condition divides by zero")]
    DivisionByZero,
}

/// A literal that a condition compares a reference with: the programme checks that a tier of that id exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compared {
    /// "member.tier"
    pub(crate) reference: &'static str,
    /// "gold"
    pub(crate) literal: String,
    /// Where the literal is in the source.
    pub(crate) offset: Range<usize>,
}

impl Condition {
    /// The longest condition, in bytes.
    pub const MAX_BYTES: usize = 1024;

    /// Parses and checks a condition.
    pub fn parse(source: &str) -> Result<Self, ConditionFault> {
        let tokens = tokens::check(source)?;
        let (root, used, compared) = lower::lower(source, &tokens)?;
        Ok(Self { source: source.to_owned(), root, used, compared })
    }

    /// The text it was parsed from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it holds.
    ///
    /// `&&` and `||` are CEL's: a side that decides the outcome does so even if the other side fails.
    pub fn holds(&self, facts: &Facts<'_>) -> Result<bool, ConditionError> {
        self.root.holds(facts)
    }

    /// The names that a condition may use.
    pub fn names() -> impl Iterator<Item = &'static str> {
        expression::REFERENCES.iter().map(|(name, _)| *name)
    }

    /// The names that it uses, and where.
    pub(crate) fn used(&self) -> &[(&'static str, Range<usize>)] {
        &self.used
    }

    /// The strings that references are compared with.
    pub(crate) fn compared(&self) -> &[Compared] {
        &self.compared
    }
}

impl ConditionFault {
    fn new(offset: Range<usize>, message: impl Into<String>) -> Self {
        Self { message: message.into(), offset, suggestion: None }
    }

    fn help(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }
}

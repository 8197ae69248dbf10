//! A checked condition as a tree of typed nodes, and its evaluation.

use crate::condition::{ConditionError, Facts};

/// Something that is true or false.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Bool {
    Literal(bool),
    Not(Box<Bool>),
    And(Box<(Bool, Bool)>),
    Or(Box<(Bool, Bool)>),
    Equal(Box<(Bool, Bool)>),
    Integers(Comparison, Box<(Int, Int)>),
    Texts(Box<(Text, Text)>),
    IntegerIn(Box<Int>, Vec<i64>),
    TextIn(Text, Vec<String>),
    If(Box<(Bool, Bool, Bool)>),
}

/// A whole number.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Int {
    Literal(i64),
    Fact(IntFact),
    Negative(Box<Int>),
    Arithmetic(Arithmetic, Box<(Int, Int)>),
    If(Box<(Bool, Int, Int)>),
}

/// A text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Text {
    Literal(String),
    Fact(TextFact),
    If(Box<(Bool, Text, Text)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IntFact {
    Net,
    Quantity,
    Lines,
    Weekday,
    Day,
    Month,
    Year,
    Hour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextFact {
    Currency,
    Platform,
    Tier,
    Event,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Int(IntFact),
    Text(TextFact),
}

/// Every name that a condition may use.
pub(super) const REFERENCES: [(&str, Fact); 12] = [
    ("order.net", Fact::Int(IntFact::Net)),
    ("order.quantity", Fact::Int(IntFact::Quantity)),
    ("order.lines", Fact::Int(IntFact::Lines)),
    ("order.weekday", Fact::Int(IntFact::Weekday)),
    ("order.day", Fact::Int(IntFact::Day)),
    ("order.month", Fact::Int(IntFact::Month)),
    ("order.year", Fact::Int(IntFact::Year)),
    ("order.hour", Fact::Int(IntFact::Hour)),
    ("order.currency", Fact::Text(TextFact::Currency)),
    ("order.platform", Fact::Text(TextFact::Platform)),
    ("member.tier", Fact::Text(TextFact::Tier)),
    ("event.name", Fact::Text(TextFact::Event)),
];

impl Bool {
    pub(super) fn holds(&self, facts: &Facts<'_>) -> Result<bool, ConditionError> {
        match self {
            Self::Literal(value) => Ok(*value),
            Self::Not(inner) => inner.holds(facts).map(|value| !value),
            Self::And(sides) => either(sides, facts, false),
            Self::Or(sides) => either(sides, facts, true),
            Self::Equal(sides) => Ok(sides.0.holds(facts)? == sides.1.holds(facts)?),
            Self::Integers(comparison, sides) => {
                let (left, right) = (sides.0.value(facts)?, sides.1.value(facts)?);
                Ok(match comparison {
                    Comparison::Equal => left == right,
                    Comparison::Less => left < right,
                    Comparison::LessOrEqual => left <= right,
                })
            }
            Self::Texts(sides) => Ok(sides.0.value(facts)? == sides.1.value(facts)?),
            Self::IntegerIn(value, list) => value.value(facts).map(|value| list.contains(&value)),
            Self::TextIn(value, list) => {
                value.value(facts).map(|value| list.iter().any(|item| item == value))
            }
            Self::If(parts) => {
                if parts.0.holds(facts)? {
                    parts.1.holds(facts)
                } else {
                    parts.2.holds(facts)
                }
            }
        }
    }
}

/// `&&` and `||`: the outcome is `decisive` if either side is, whatever becomes of the other.
fn either(sides: &(Bool, Bool), facts: &Facts<'_>, decisive: bool) -> Result<bool, ConditionError> {
    match sides.0.holds(facts) {
        Ok(left) if left == decisive => Ok(decisive),
        Ok(_) => sides.1.holds(facts),
        Err(error) => match sides.1.holds(facts) {
            Ok(right) if right == decisive => Ok(decisive),
            _ => Err(error),
        },
    }
}

impl Int {
    #[inline]
    fn value(&self, facts: &Facts<'_>) -> Result<i64, ConditionError> {
        match self {
            Self::Literal(value) => Ok(*value),
            Self::Fact(fact) => Ok(fact.of(facts)),
            // Seldom, and apart, because what calls itself is not inlined.
            Self::Negative(_) | Self::Arithmetic(..) | Self::If(_) => self.compute(facts),
        }
    }

    fn compute(&self, facts: &Facts<'_>) -> Result<i64, ConditionError> {
        match self {
            Self::Literal(_) | Self::Fact(_) => self.value(facts),
            Self::Negative(inner) => {
                inner.value(facts)?.checked_neg().ok_or(ConditionError::Overflow)
            }
            Self::Arithmetic(operation, sides) => {
                operation.of(sides.0.value(facts)?, sides.1.value(facts)?)
            }
            Self::If(parts) => {
                if parts.0.holds(facts)? {
                    parts.1.value(facts)
                } else {
                    parts.2.value(facts)
                }
            }
        }
    }
}

impl Text {
    fn value<'a>(&'a self, facts: &Facts<'a>) -> Result<&'a str, ConditionError> {
        match self {
            Self::Literal(text) => Ok(text),
            Self::Fact(fact) => Ok(fact.of(facts)),
            Self::If(parts) => {
                if parts.0.holds(facts)? {
                    parts.1.value(facts)
                } else {
                    parts.2.value(facts)
                }
            }
        }
    }
}

impl Arithmetic {
    fn of(self, left: i64, right: i64) -> Result<i64, ConditionError> {
        let result = match self {
            Self::Divide | Self::Remainder if right == 0 => {
                return Err(ConditionError::DivisionByZero);
            }
            Self::Add => left.checked_add(right),
            Self::Subtract => left.checked_sub(right),
            Self::Multiply => left.checked_mul(right),
            Self::Divide => left.checked_div(right),
            Self::Remainder => left.checked_rem(right),
        };
        result.ok_or(ConditionError::Overflow)
    }
}

impl IntFact {
    fn of(self, facts: &Facts<'_>) -> i64 {
        match self {
            Self::Net => facts.order_net,
            Self::Quantity => facts.order_quantity,
            Self::Lines => facts.order_lines,
            Self::Weekday => facts.order_weekday,
            Self::Day => facts.order_day,
            Self::Month => facts.order_month,
            Self::Year => facts.order_year,
            Self::Hour => facts.order_hour,
        }
    }
}

impl TextFact {
    fn of<'a>(self, facts: &Facts<'a>) -> &'a str {
        match self {
            Self::Currency => facts.order_currency,
            Self::Platform => facts.order_platform,
            Self::Tier => facts.member_tier,
            Self::Event => facts.event_name,
        }
    }
}

//! Earn rules: what sets them off, and what they give.

use std::ops::Deref;

use crate::{
    calendar::Per,
    id::{ChanceId, RuleId},
    money::Ratio,
    programme::Conditions,
};

/// The rules of a programme. Those on orders come first, multipliers last of these, because they multiply what the others give;
/// else they are in the order of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EarnRules {
    rules: Vec<EarnRule>,
    on_order: usize,
}

impl EarnRules {
    /// Puts rules into their order.
    pub fn new(mut rules: Vec<EarnRule>) -> Self {
        let multiplies = |rule: &EarnRule| matches!(rule.award, Award::Multiply(_));
        rules.sort_by_key(|rule| (rule.on != Trigger::Order, multiplies(rule)));
        let on_order = rules.partition_point(|rule| rule.on == Trigger::Order);
        Self { rules, on_order }
    }

    /// The rules that orders set off.
    pub fn on_order(&self) -> &[EarnRule] {
        self.rules.get(..self.on_order).unwrap_or_default()
    }
}

impl Deref for EarnRules {
    type Target = [EarnRule];

    fn deref(&self) -> &[EarnRule] {
        &self.rules
    }
}

/// An offer that is triggered by what members do.
#[derive(Debug, Clone, PartialEq)]
pub struct EarnRule {
    /// Its id: entries and refusals name it.
    pub id: RuleId,
    /// What sets it off.
    pub on: Trigger,
    /// What it gives.
    pub award: Award,
    /// Of what it gives that many; `None` is points.
    pub tickets: Option<ChanceId>,
    /// When, to whom and for what it applies.
    pub conditions: Conditions,
    /// The most it gives a member in a period.
    pub limit: Option<Cap>,
    /// Whether its points count towards tiers (before any tier multiplier).
    pub qualifies: bool,
}

/// What sets an offer off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// An order, by difference.
    Order,
    /// Joining, once.
    SignUp,
    /// Any other event, by name.
    Event(String),
}

/// What an earn rule gives. Later kinds of grant are further variants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Award {
    /// `give` points for each `per_minor` of eligible net, times the tier's multiplier.
    PerUnit {
        /// Points.
        give: i64,
        /// Minor units of the programme's currency.
        per_minor: i64,
        /// Multiplier by tier id; one for the others.
        tier: Vec<(String, Ratio)>,
    },
    /// A fixed number of points.
    Fixed(i64),
    /// The order's per-unit points times this; only what is beyond once is this rule's.
    Multiply(Ratio),
}

/// The most points a rule gives a member in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    /// Points.
    pub points: i64,
    /// In each.
    pub per: Per,
}

//! The rules: what each gives for an order, before caps, and why the others give nothing.

use std::ops::BitOr;

use jiff::Timestamp;

use crate::{
    account::Overflow,
    condition::Facts,
    entry::{Because, Reason, Tickets},
    event::Snapshot,
    id::{ChanceId, OrderId, RuleId},
    money::{Ratio, Rounding},
    order::{Basis, Part},
    planted::{self, Bug},
    programme::{Award, Conditions, EarnRule, Marks, Programme, Published},
    rejection::{RuleError, RuleFailure},
};

/// So many rules seldom give for one order: room for their parts at once.
const PARTS_USUAL: usize = 8;

/// What the rules give, and why or why not.
type Answers = (Vec<Part>, Vec<Reason>);

/// What each rule gives for a paid order, before caps, and why, or why nothing. How much more that is than before, the reasons do
/// not say yet.
///
/// # Errors
/// If an amount overflows or a condition fails.
pub fn evaluate(
    version: &Published,
    snapshot: &Snapshot,
    order: &OrderId,
    basis: &Basis,
    tier: Option<&str>,
) -> Result<Answers, RuleError> {
    let programme = &*version.programme;
    let Some(rate) = programme.rate(snapshot.currency) else {
        let reason = Reason { rule: RuleId::of("order"), points: 0, because: Because::Currency };
        return Ok((Vec::new(), vec![reason]));
    };
    // Nothing, until a rule says otherwise.
    let nothing =
        |rule: &EarnRule| Reason { rule: rule.id, points: 0, because: Because::NoEligibleLine };
    let mut reasons: Vec<_> = programme.earn.on_order().iter().map(nothing).collect();
    if basis.net() == 0 {
        // Nothing is left to earn on, so no condition is asked: one that divides by the net must not park a full refund.
        return Ok((Vec::new(), reasons));
    }
    let facts = facts(programme, snapshot, order, basis, rate, tier).ok_or_else(|| RuleError {
        rule: "order".to_owned(),
        version: version.version,
        cause: Overflow.into(),
    })?;
    let rank = programme.rank(tier);
    let marks = snapshot.lines.iter().map(Marks::of_line).fold(Marks::default(), Marks::bitor);
    let asked = Asked { programme, snapshot, basis, rate, tier, rank, facts, marks };
    let parts = asked.parts(&mut reasons).map_err(|(rule, cause)| RuleError {
        rule: rule.id.to_string(),
        version: version.version,
        cause,
    })?;
    Ok((parts, reasons))
}

/// What the rules are asked of: an order, and what is worked out of it once for all of them.
struct Asked<'a> {
    programme: &'a Programme,
    snapshot: &'a Snapshot,
    basis: &'a Basis,
    /// What an order in its currency counts in the programme's.
    rate: Ratio,
    tier: Option<&'a str>,
    rank: usize,
    facts: Facts<'a>,
    /// Of all its lines.
    marks: Marks,
}

/// What the rules asked so far give.
struct Sum {
    parts: Vec<Part>,
    /// Points for amounts: what a multiplier multiplies.
    per_unit: i64,
    /// As many without the tier's multiplier.
    unmultiplied: i64,
}

/// How many points or tickets a rule gives for an order.
struct Given {
    units: i64,
    /// As many without the tier's multiplier.
    unmultiplied: i64,
}

impl<'a> Asked<'a> {
    /// What the rules give, or the first rule that fails. Sets the reasons, one for each rule, where they are not that no line is
    /// eligible: in their places, because to move them takes longer than to find them.
    fn parts(&self, reasons: &mut [Reason]) -> Result<Vec<Part>, (&'a EarnRule, RuleFailure)> {
        let Self { programme, rank, ref facts, .. } = *self;
        let at = self.snapshot.placed_at;
        let mut given =
            Sum { parts: Vec::with_capacity(PARTS_USUAL), per_unit: 0, unmultiplied: 0 };
        for (rule, reason) in programme.earn.on_order().iter().zip(reasons) {
            let conditions = &rule.conditions;
            let unmet = unmet(programme, conditions, at, rank, facts);
            match unmet.map_err(|cause| (rule, cause))? {
                Some(unmet) => reason.because = unmet.because(conditions),
                None if rule.tickets.is_none() && !self.reaches(conditions) => {}
                None => {
                    let gave = self.give(rule, &mut given, &mut reason.because);
                    gave.map_err(|cause| (rule, cause))?;
                }
            }
        }
        Ok(given.parts)
    }

    /// Whether a rule may be for some of the lines, as far as their marks tell.
    fn reaches(&self, conditions: &Conditions) -> bool {
        conditions.only.is_empty() || !conditions.only.misses(self.marks)
    }

    /// What a rule whose conditions are met gives, and why, or why nothing if it is not that no line is eligible.
    fn give(
        &self,
        rule: &EarnRule,
        given: &mut Sum,
        because: &mut Because,
    ) -> Result<(), RuleFailure> {
        let Self { programme, rank, ref facts, .. } = *self;
        let at = self.snapshot.placed_at;
        if let Some(of) = &rule.tickets
            && let Some(closed) = cannot_enter(programme, of, at, rank, facts)?
        {
            *because = closed;
            return Ok(());
        }
        let eligible = self.basis.share(self.eligible(&rule.conditions));
        if eligible == 0 {
            return Ok(());
        }
        let (why, Given { units, unmultiplied }) = match &rule.award {
            Award::PerUnit { give, per_minor, tier } => {
                let base = Ratio::new(*give, *per_minor).and_then(|base| base.times(self.rate));
                let times = self.tier.and_then(|held| tier.iter().find(|(id, _)| id == held));
                let times = times.map(|(_, times)| *times);
                (Because::Net(eligible), self.per_unit(base.ok_or(Overflow)?, times, eligible)?)
            }
            Award::Fixed(units) => (Because::Fixed, Given { units: *units, unmultiplied: *units }),
            Award::Multiply(ratio) => {
                let bonus = |points: i64| {
                    let all = ratio.of(points, programme.rounding).ok_or(Overflow)?;
                    Ok::<_, Overflow>(all.saturating_sub(points))
                };
                let (units, unmultiplied) = (bonus(given.per_unit)?, bonus(given.unmultiplied)?);
                (Because::Multiple(given.per_unit), Given { units, unmultiplied })
            }
        };
        let qualifying = if rule.qualifies { unmultiplied } else { 0 };
        if units == 0 && qualifying == 0 {
            *because = Because::TooSmall(eligible);
            return Ok(());
        }
        if matches!(rule.award, Award::PerUnit { .. }) && rule.tickets.is_none() {
            given.per_unit = given.per_unit.checked_add(units).ok_or(Overflow)?;
            given.unmultiplied = given.unmultiplied.checked_add(unmultiplied).ok_or(Overflow)?;
        }
        given.parts.push(Part {
            rule: rule.id,
            wanted: units,
            tickets: rule.tickets.clone(),
            qualifying,
            period: rule.limit.map(|cap| cap.per.period(at, &programme.time_zone)),
        });
        let why = if units == 0 { Because::TooSmall(eligible) } else { why };
        *because = in_tickets(rule, why);
        Ok(())
    }

    /// What a ratio of an eligible net gives, in a tier that has it so many times.
    fn per_unit(
        &self,
        base: Ratio,
        times: Option<Ratio>,
        eligible: i64,
    ) -> Result<Given, Overflow> {
        let rounding = self.programme.rounding;
        let unmultiplied = base.of(eligible, rounding).ok_or(Overflow)?;
        if planted::is(Bug::RoundPerLine) {
            let ratio = times.and_then(|times| base.times(times)).unwrap_or(base);
            let units = self.basis.lines.iter().filter_map(|line| ratio.of(*line, rounding)).sum();
            return Ok(Given { units, unmultiplied });
        }
        let units = match times {
            Some(times) => base.times(times).and_then(|ratio| ratio.of(eligible, rounding)),
            None => Some(unmultiplied),
        };
        Ok(Given { units: units.ok_or(Overflow)?, unmultiplied })
    }

    /// The net of the lines a rule is for.
    fn eligible(&self, Conditions { only, except, .. }: &Conditions) -> i64 {
        if only.is_empty() && except.misses(self.marks) {
            return self.basis.total;
        }
        let lines =
            self.snapshot.lines.iter().zip(&self.basis.lines).filter(|(line, _)| {
                (only.is_empty() || only.selects(line)) && !except.selects(line)
            });
        lines.fold(0_i64, |sum, (_, net)| sum.saturating_add(*net))
    }
}

/// Why a rule gives what it gives, told as tickets if it gives those: they are counted beside the points.
pub(super) fn in_tickets(rule: &EarnRule, because: Because) -> Because {
    let Some(of) = &rule.tickets else { return because };
    let net = if let Because::Net(net) = because { Some(net) } else { None };
    Because::Tickets(Box::new(Tickets { of: of.clone(), tickets: 0, net }))
}

/// Why a rule gives no entries or plays of something: the raffle or game is not open at that time, or not for this member.
pub(super) fn cannot_enter(
    programme: &Programme,
    of: &ChanceId,
    at: Timestamp,
    rank: usize,
    facts: &Facts,
) -> Result<Option<Because>, RuleFailure> {
    let raffle = programme.raffle(of.as_str()).filter(|raffle| raffle.is_open(at));
    let game = programme.instant_win(of.as_str()).filter(|game| game.is_open(at));
    let conditions = raffle.map(|raffle| &raffle.conditions).or(game.map(|game| &game.conditions));
    let Some(conditions) = conditions else { return Ok(Some(Because::Window)) };
    let unmet = unmet(programme, conditions, at, rank, facts)?;
    Ok(unmet.map(|unmet| unmet.because(conditions)))
}

/// A condition that is not met. Small, because every decision passes one on for most of its rules.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unmet {
    Window,
    Tier,
    When,
}

impl Unmet {
    /// Why nothing is given, by the conditions that are not met.
    pub(super) fn because(self, conditions: &Conditions) -> Because {
        match self {
            Self::Window => Because::Window,
            Self::Tier => Because::Tier { needed: conditions.tier.clone().unwrap_or_default() },
            Self::When => Because::When,
        }
    }
}

/// The first condition of a rule that is not met, by a member whose tier has this rank.
#[inline]
pub(super) fn unmet(
    programme: &Programme,
    conditions: &Conditions,
    at: Timestamp,
    rank: usize,
    facts: &Facts,
) -> Result<Option<Unmet>, RuleFailure> {
    let early = conditions.from.is_some_and(|from| at < from);
    if early || conditions.until.is_some_and(|until| at >= until) {
        return Ok(Some(Unmet::Window));
    }
    if let Some(needed) = &conditions.tier
        && rank < programme.rank(Some(needed))
    {
        return Ok(Some(Unmet::Tier));
    }
    match &conditions.when {
        Some(when) if !when.holds(facts)? => Ok(Some(Unmet::When)),
        _ => Ok(None),
    }
}

/// What `when` may ask of an order, built once per order; `None` if its net is beyond the ledger's range.
fn facts<'a>(
    programme: &Programme,
    snapshot: &'a Snapshot,
    order: &'a OrderId,
    basis: &Basis,
    rate: Ratio,
    tier: Option<&'a str>,
) -> Option<Facts<'a>> {
    let local = programme.time_zone.civil(snapshot.placed_at);
    let bought = || snapshot.lines.iter().filter(|line| !line.tip);
    let quantity = bought().fold(0_i64, |sum, line| sum.saturating_add(line.current_milli));
    Some(Facts {
        order_net: rate.of(basis.net(), Rounding::Down)?,
        order_quantity: quantity.checked_div(1000).unwrap_or(0),
        order_lines: i64::try_from(bought().count()).unwrap_or(i64::MAX),
        order_weekday: i64::from(local.weekday().to_monday_one_offset()),
        order_day: i64::from(local.day()),
        order_month: i64::from(local.month()),
        order_year: i64::from(local.year()),
        order_hour: i64::from(local.hour()),
        order_currency: snapshot.currency.code(),
        order_platform: order.platform(),
        member_tier: tier.unwrap_or_default(),
        event_name: "",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::Line,
        order::{
            self,
            tests::{line, order},
        },
        programme,
    };

    #[test]
    fn a_tip_is_no_line_of_the_order_to_a_condition() {
        let tip = Line { id: "2".to_owned(), tip: true, ..line(1, 1, 500) };
        let snapshot = order(vec![line(2, 2, 500), tip]);
        let programme = programme::parse("[programme]\nname = 'Club'\ncurrency = 'EUR'").unwrap();
        let basis = order::basis(&snapshot, &std::collections::BTreeMap::new(), 0);
        let id = OrderId::new("shopify:a:1").unwrap();
        let facts = facts(&programme, &snapshot, &id, &basis, Ratio::ONE, None).unwrap();
        assert_eq!((facts.order_lines, facts.order_quantity, facts.order_net), (1, 2, 500));
    }
}

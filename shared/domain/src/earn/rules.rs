//! The rules: what each gives for an order, before caps, and why the others give nothing.

use jiff::Timestamp;

use crate::{
    account::Overflow,
    condition::Facts,
    entry::{Because, Reason, Tickets},
    event::{Line, Snapshot},
    id::{ChanceId, OrderId},
    money::{Ratio, Rounding},
    order::{Basis, Part},
    planted::{self, Bug},
    programme::{Award, Conditions, EarnRule, Programme, Published, Selection, Trigger},
    rejection::{RuleError, RuleFailure},
};

/// So many rules seldom give for one order: room for their parts at once.
const PARTS_USUAL: usize = 8;

/// What each rule gives for a paid order, before caps, and why the others give nothing.
///
/// # Errors
/// If an amount overflows or a condition fails.
pub fn evaluate(
    version: &Published,
    snapshot: &Snapshot,
    order: &OrderId,
    basis: &Basis,
    tier: Option<&str>,
) -> Result<(Vec<Part>, Vec<Reason>), RuleError> {
    let programme = &*version.programme;
    let Some(rate) = programme.rate(snapshot.currency) else {
        let reason = Reason { rule: "order".into(), points: 0, because: Because::Currency };
        return Ok((Vec::new(), vec![reason]));
    };
    let none = |rule: &EarnRule| Reason {
        rule: rule.id.clone(),
        points: 0,
        because: Because::NoEligibleLine,
    };
    if basis.net() == 0 {
        // Nothing is left to earn on, so no condition is asked: one that divides by the net must not park a full refund.
        let on_order = programme.earn.iter().filter(|rule| rule.on == Trigger::Order);
        return Ok((Vec::new(), on_order.map(none).collect()));
    }
    let facts = facts(programme, snapshot, order, basis, rate, tier).ok_or_else(|| RuleError {
        rule: "order".to_owned(),
        version: version.version,
        cause: Overflow.into(),
    })?;
    let rank = programme.rank(tier);
    let mut per_unit = 0_i64;
    let mut parts = Vec::with_capacity(programme.earn.len().min(PARTS_USUAL));
    let mut reasons = Vec::with_capacity(programme.earn.len());
    let [others, multipliers] = [false, true].map(|multiplies| {
        programme.earn.iter().filter(move |rule| {
            rule.on == Trigger::Order && matches!(rule.award, Award::Multiply(_)) == multiplies
        })
    });
    for rule in others.chain(multipliers) {
        let fail = |cause: RuleFailure| RuleError {
            rule: rule.id.to_string(),
            version: version.version,
            cause,
        };
        if let Some(unmet) =
            unmet(programme, &rule.conditions, snapshot.placed_at, rank, &facts).map_err(fail)?
        {
            reasons.push(unmet.reason(rule, &rule.conditions));
            continue;
        }
        if let Some(of) = &rule.tickets
            && let Some(reason) =
                cannot_enter(programme, (rule, of), snapshot.placed_at, rank, &facts)
                    .map_err(fail)?
        {
            reasons.push(reason);
            continue;
        }
        let eligible = basis.share(eligible(snapshot, basis, &rule.conditions));
        let overflow = || fail(Overflow.into());
        let (points, unmultiplied) = match &rule.award {
            Award::PerUnit { .. } | Award::Fixed(_) if eligible == 0 => (0, 0),
            Award::PerUnit { give, per_minor, tier: rates } => {
                let base = Ratio::new(*give, *per_minor)
                    .and_then(|base| base.times(rate))
                    .ok_or_else(overflow)?;
                let times = tier.and_then(|tier| rates.iter().find(|(id, _)| id == tier));
                let ratio = match times {
                    Some((_, times)) => base.times(*times).ok_or_else(overflow)?,
                    None => base,
                };
                let mut points = ratio.of(eligible, programme.rounding).ok_or_else(overflow)?;
                if planted::is(Bug::RoundPerLine) {
                    points = basis
                        .lines
                        .iter()
                        .filter_map(|line| ratio.of(*line, programme.rounding))
                        .sum();
                }
                let unmultiplied = match times {
                    Some(_) if rule.qualifies => {
                        base.of(eligible, programme.rounding).ok_or_else(overflow)?
                    }
                    _ => points,
                };
                if rule.tickets.is_none() {
                    per_unit = per_unit.checked_add(points).ok_or_else(overflow)?;
                }
                (points, unmultiplied)
            }
            Award::Fixed(points) => (*points, *points),
            Award::Multiply(ratio) => {
                let all = ratio.of(per_unit, programme.rounding).ok_or_else(overflow)?;
                let bonus = all.saturating_sub(per_unit);
                (bonus, bonus)
            }
        };
        reasons.push(said(rule, points, eligible, per_unit));
        if points == 0 {
            continue;
        }
        parts.push(Part {
            rule: rule.id.clone(),
            wanted: points,
            tickets: rule.tickets.clone(),
            qualifying: if rule.qualifies { unmultiplied } else { 0 },
            period: rule.limit.map(|cap| cap.per.period(snapshot.placed_at, &programme.time_zone)),
        });
    }
    Ok((parts, reasons))
}

/// What a rule gave for an eligible net, or why that was nothing; made in one place, because every decision makes one for each rule.
fn said(rule: &EarnRule, points: i64, eligible: i64, per_unit: i64) -> Reason {
    let said = |because| Reason { rule: rule.id.clone(), points, because };
    match rule.award {
        _ if points == 0 && eligible == 0 => said(Because::NoEligibleLine),
        _ if points == 0 => said(Because::TooSmall(eligible)),
        _ if rule.tickets.is_some() => gives(rule, points, Some(eligible), Because::Fixed),
        Award::PerUnit { .. } => said(Because::Net(eligible)),
        Award::Fixed(_) => said(Because::Fixed),
        Award::Multiply(_) => said(Because::Multiple(per_unit)),
    }
}

/// That a rule gives so many points, or tickets, for an eligible net.
pub(super) fn gives(rule: &EarnRule, units: i64, net: Option<i64>, because: Because) -> Reason {
    let Some(of) = &rule.tickets else {
        return Reason { rule: rule.id.clone(), points: units, because };
    };
    let net = net.filter(|_| matches!(rule.award, Award::PerUnit { .. }));
    let given = Tickets { of: of.clone(), tickets: units, net };
    Reason { rule: rule.id.clone(), points: 0, because: Because::Tickets(Box::new(given)) }
}

/// Why a rule that gives entries or plays of something gives none: the raffle or game is not open at that time, or not for this member.
pub(super) fn cannot_enter(
    programme: &Programme,
    (rule, of): (&EarnRule, &ChanceId),
    at: Timestamp,
    rank: usize,
    facts: &Facts,
) -> Result<Option<Reason>, RuleFailure> {
    let raffle = programme.raffle(of.as_str()).filter(|raffle| raffle.is_open(at));
    let game = programme.instant_win(of.as_str()).filter(|game| game.is_open(at));
    let conditions = raffle.map(|raffle| &raffle.conditions).or(game.map(|game| &game.conditions));
    let Some(conditions) = conditions else {
        let because = Because::Window;
        return Ok(Some(Reason { rule: rule.id.clone(), points: 0, because }));
    };
    let unmet = unmet(programme, conditions, at, rank, facts)?;
    Ok(unmet.map(|unmet| unmet.reason(rule, conditions)))
}

/// The net of the lines a rule is for.
fn eligible(snapshot: &Snapshot, basis: &Basis, conditions: &Conditions) -> i64 {
    if conditions.only.is_empty() && conditions.except.is_empty() {
        return basis.total;
    }
    let lines = snapshot.lines.iter().zip(&basis.lines).filter(|(line, _)| {
        (conditions.only.is_empty() || selects(&conditions.only, line))
            && !selects(&conditions.except, line)
    });
    lines.fold(0_i64, |sum, (_, net)| sum.saturating_add(*net))
}

fn selects(selection: &Selection, line: &Line) -> bool {
    let product = |id: &String| line.product.as_ref() == Some(id) || line.sku.as_ref() == Some(id);
    selection.products.iter().any(product)
        || selection.categories.iter().any(|category| line.categories.contains(category))
}

/// A condition of a rule that is not met. Small, because every decision passes one on for most of its rules.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unmet {
    Window,
    Tier,
    When,
}

impl Unmet {
    /// Why a rule gave nothing, by its conditions or those of its raffle.
    pub(super) fn reason(self, rule: &EarnRule, conditions: &Conditions) -> Reason {
        let none = |because| Reason { rule: rule.id.clone(), points: 0, because };
        match self {
            Self::Window => none(Because::Window),
            Self::Tier => {
                none(Because::Tier { needed: conditions.tier.clone().unwrap_or_default() })
            }
            Self::When => none(Because::When),
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
    let quantity =
        snapshot.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.current_milli));
    Some(Facts {
        order_net: rate.of(basis.net(), Rounding::Down)?,
        order_quantity: quantity.checked_div(1000).unwrap_or(0),
        order_lines: i64::try_from(snapshot.lines.len()).unwrap_or(i64::MAX),
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

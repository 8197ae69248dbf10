//! The rules: what each gives for an order, before caps, and why the others give nothing.

use jiff::Timestamp;

use crate::{
    account::Overflow,
    condition::Facts,
    entry::{Because, Reason},
    event::{Line, Snapshot},
    id::OrderId,
    money::{Ratio, Rounding},
    order::{Basis, Part},
    planted::{self, Bug},
    programme::{Award, Conditions, EarnRule, Programme, Published, Selection, Trigger},
    rejection::{RuleError, RuleFailure},
};

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
    let mut parts = Vec::with_capacity(programme.earn.len());
    let mut reasons = Vec::with_capacity(programme.earn.len());
    let Some(rate) = programme.rate(snapshot.currency) else {
        reasons.push(Reason { rule: "order".into(), points: 0, because: Because::Currency });
        return Ok((parts, reasons));
    };
    let on_order = || programme.earn.iter().filter(|rule| rule.on == Trigger::Order);
    if basis.net() == 0 {
        // Nothing is left to earn on, so no condition is asked: one that divides by the net must not park a full refund.
        let none = |rule: &EarnRule| Reason {
            rule: rule.id.clone(),
            points: 0,
            because: Because::NoEligibleLine,
        };
        return Ok((parts, on_order().map(none).collect()));
    }
    let facts = facts(programme, snapshot, order, basis, rate, tier).ok_or_else(|| RuleError {
        rule: "order".to_owned(),
        version: version.version,
        cause: Overflow.into(),
    })?;
    let mut per_unit = 0_i64;
    let multiplies = |rule: &&EarnRule| matches!(rule.award, Award::Multiply(_));
    for rule in on_order().filter(|rule| !multiplies(rule)).chain(on_order().filter(multiplies)) {
        let fail = |cause: RuleFailure| RuleError {
            rule: rule.id.to_string(),
            version: version.version,
            cause,
        };
        if let Some(because) =
            not_met(programme, &rule.conditions, snapshot.placed_at, tier, &facts).map_err(fail)?
        {
            reasons.push(Reason { rule: rule.id.clone(), points: 0, because });
            continue;
        }
        let eligible = basis.share(eligible(snapshot, basis, &rule.conditions));
        let overflow = || fail(Overflow.into());
        let (points, unmultiplied, because) = match &rule.award {
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
                per_unit = per_unit.checked_add(points).ok_or_else(overflow)?;
                (points, unmultiplied, Because::Net(eligible))
            }
            Award::Fixed(points) if eligible > 0 => (*points, *points, Because::Fixed),
            Award::Fixed(_) => (0, 0, Because::Fixed),
            Award::Multiply(ratio) => {
                let all = ratio.of(per_unit, programme.rounding).ok_or_else(overflow)?;
                let bonus = all.saturating_sub(per_unit);
                (bonus, bonus, Because::Multiple(per_unit))
            }
        };
        if points == 0 {
            let because =
                if eligible == 0 { Because::NoEligibleLine } else { Because::TooSmall(eligible) };
            reasons.push(Reason { rule: rule.id.clone(), points: 0, because });
            continue;
        }
        reasons.push(Reason { rule: rule.id.clone(), points, because });
        parts.push(Part {
            rule: rule.id.clone(),
            wanted: points,
            qualifying: if rule.qualifies { unmultiplied } else { 0 },
            period: rule.limit.map(|cap| cap.per.period(snapshot.placed_at, &programme.time_zone)),
        });
    }
    Ok((parts, reasons))
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

/// The first condition of an offer that is not met.
pub(super) fn not_met(
    programme: &Programme,
    conditions: &Conditions,
    at: Timestamp,
    tier: Option<&str>,
    facts: &Facts,
) -> Result<Option<Because>, RuleFailure> {
    let early = conditions.from.is_some_and(|from| at < from);
    if early || conditions.until.is_some_and(|until| at >= until) {
        return Ok(Some(Because::Window));
    }
    if let Some(needed) = &conditions.tier
        && programme.rank(tier) < programme.rank(Some(needed))
    {
        return Ok(Some(Because::Tier { needed: needed.as_str().into() }));
    }
    match &conditions.when {
        Some(when) if !when.holds(facts)? => Ok(Some(Because::When)),
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
    let local = programme.time_zone.local(snapshot.placed_at);
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
        order_platform: order.as_str().split(':').next().unwrap_or_default(),
        member_tier: tier.unwrap_or_default(),
        event_name: "",
    })
}

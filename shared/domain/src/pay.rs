//! Paying with points at a checkout: quote, hold, capture, release. A two-phase spend.

use jiff::Timestamp;

use crate::{
    account::{Account, Asset, Hold, split},
    decision::{Decision, Draft, Journal},
    earn,
    entry::{Kind, LedgerAccount, Reason},
    id::{HoldId, Operation, OrderId},
    money::{Money, Rounding, divide},
    order::{OrderState, Payment},
    planted::{self, Bug},
    programme::{PayTerms, Published, Versions},
    redeem::enough,
    rejection::{Payable, Refusal, Rejection, RuleFailure},
    settle::{give_back, remove_hold},
};

/// Open holds of a member at most: all may lapse at one instant, and must be settled in one transaction.
pub const HOLDS_MAX: usize = 20;

/// A request to set points aside for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceHold {
    /// Its name: the idempotency guard.
    pub operation: Operation,
    /// The id of the hold to make.
    pub hold: HoldId,
    /// Points.
    pub points: i64,
    /// What the order comes to.
    pub total: Money,
    /// The order, if it has an id already.
    pub order: Option<OrderId>,
}

/// A request to spend held points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// Its name: the idempotency guard.
    pub operation: Operation,
    /// The hold.
    pub hold: HoldId,
    /// Points to spend; `None` for all. The rest is released.
    pub points: Option<i64>,
    /// The order they pay for, if the hold does not name it.
    pub order: Option<OrderId>,
    /// Whether the order's amounts already show what the points paid, as a discount.
    pub shown_as_discount: bool,
}

/// How much of an order a member may pay with points.
pub fn quote(
    account: &Account,
    versions: &Versions,
    total: Money,
    now: Timestamp,
) -> Result<Payable, Refusal> {
    let version = versions.at(now);
    let refuse = |reason: Rejection| reason.by("pay", version.version);
    let journal = Journal::open(account, versions, now).map_err(|error| refuse(error.into()))?;
    payable(&journal.account, version, total).map_err(refuse)
}

/// The points a member may use for an order of `total`; `max` is 0 if the least is out of reach.
fn payable(account: &Account, version: &Published, total: Money) -> Result<Payable, Rejection> {
    let terms = version.programme.pay.ok_or(Rejection::PayNotOffered)?;
    let expected = version.programme.currency;
    if total.minor <= 0 {
        return Err(Rejection::NotPositive { field: "order_total" });
    }
    if total.currency != expected {
        return Err(Rejection::WrongCurrency { given: total.currency, expected });
    }
    let by_order = most(&terms, total.minor).ok_or(Rejection::OutOfRange)?;
    let by_balance = account.balance(&Asset::Points).available.max(0);
    let max = in_steps(by_order.min(by_balance), terms.step);
    let max = if max < terms.min { 0 } else { max };
    let minor = worth(&terms, max).ok_or(Rejection::OutOfRange)?;
    let min = if max == 0 { 0 } else { terms.min };
    Ok(Payable { min, max, step: terms.step, worth: Money { minor, currency: expected } })
}

/// The most points whose worth stays within the share of the order that points may pay.
fn most(terms: &PayTerms, total_minor: i64) -> Option<i64> {
    let share = i128::from(total_minor).checked_mul(i128::from(terms.max_percent))?;
    let scaled = share.checked_mul(i128::from(terms.value.denominator))?;
    let each = i128::from(terms.value.numerator).checked_mul(100)?;
    divide(scaled, each, Rounding::Down)
}

fn in_steps(points: i64, step: i64) -> i64 {
    points.saturating_sub(points.checked_rem(step).unwrap_or(0))
}

/// What points pay, in minor units, rounded down.
fn worth(terms: &PayTerms, points: i64) -> Option<i64> {
    terms.value.of(points, Rounding::Down)
}

/// Decides what a hold posts to `account`.
pub fn hold(
    account: &Account,
    versions: &Versions,
    request: &PlaceHold,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let version = versions.at(now);
    let refuse = |reason: Rejection| reason.by("pay", version.version);
    let terms = version.programme.pay.ok_or_else(|| refuse(Rejection::PayNotOffered))?;
    let mut journal =
        Journal::open(account, versions, now).map_err(|error| refuse(error.into()))?;
    let now = journal.now;
    if request.points <= 0 {
        return Err(refuse(Rejection::NotPositive { field: "points" }));
    }
    payable(&journal.account, version, request.total).map_err(refuse)?;
    let by_order =
        most(&terms, request.total.minor).ok_or_else(|| refuse(Rejection::OutOfRange))?;
    let max = in_steps(by_order, terms.step);
    if request.points > max
        || request.points < terms.min
        || in_steps(request.points, terms.step) != request.points
    {
        let (asked, min, step) = (request.points, terms.min, terms.step);
        return Err(refuse(Rejection::NotPayable { asked, min, max, step }));
    }
    if journal.account.holds.len() >= HOLDS_MAX {
        return Err(refuse(Rejection::TooManyHolds { max: HOLDS_MAX }));
    }
    enough(&journal.account, request.points).map_err(refuse)?;
    let out_of_range = || refuse(Rejection::OutOfRange);
    let minor = worth(&terms, request.points).ok_or_else(out_of_range)?;
    let worth = Money { minor, currency: version.programme.currency };
    let lapses_at = terms.hold.after(now, &version.programme.time_zone).ok_or_else(out_of_range)?;

    let lots = journal.debit(&Asset::Points, request.points, |lot| lot.activates.is_none());
    let lots = lots.map_err(|error| refuse(error.into()))?;
    journal.post(LedgerAccount::Held, &Asset::Points, request.points);
    let hold = Hold {
        id: request.hold.clone(),
        lots,
        worth,
        order: request.order.clone(),
        lapses_at,
        version: version.version,
        since: journal.account.sequence.saturating_add(1),
    };
    journal.account.holds.push(hold);
    let draft = Draft {
        operation: request.operation.clone(),
        index: 0,
        at: now,
        version: version.version,
        kind: Kind::Hold { hold: request.hold.clone(), worth, lapses_at },
        reasons: Vec::new(),
    };
    let decision = journal.record(draft).and_then(|()| journal.close(None, Vec::new()));
    decision.map_err(|error| refuse(error.into()))
}

/// The order that a capture pays for, so that the caller can read what is known of it.
pub fn order_of(account: &Account, capture: &Capture) -> Option<OrderId> {
    let hold = account.holds.iter().find(|hold| hold.id == capture.hold);
    capture.order.clone().or_else(|| hold.and_then(|hold| hold.order.clone()))
}

/// Decides what a capture posts to `account`. `order` is what is known of the order that it pays for.
pub fn capture(
    account: &Account,
    versions: &Versions,
    order: Option<&OrderState>,
    request: &Capture,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let version = versions.at(now);
    let refuse = |reason: Rejection| reason.by("pay", version.version);
    let overflow = |error: crate::account::Overflow| refuse(error.into());
    let mut journal = Journal::open(account, versions, now).map_err(overflow)?;
    let now = journal.now;
    let hold = remove_hold(&mut journal.account, &request.hold)
        .ok_or_else(|| refuse(Rejection::NoOpenHold))?;
    let paid_for = request.order.clone().or_else(|| hold.order.clone());
    let in_hold = hold.points();
    let points = request.points.unwrap_or(in_hold);
    if points <= 0 {
        return Err(refuse(Rejection::NotPositive { field: "points" }));
    }
    if points > in_hold {
        return Err(refuse(Rejection::MoreThanHeld { asked: points, held: in_hold }));
    }
    if request.order.is_some() && hold.order.is_some() && request.order != hold.order {
        return Err(refuse(Rejection::OtherOrder));
    }
    let owner = order.and_then(|state| {
        let named = state.knowledge.snapshot.as_ref().and_then(|snapshot| snapshot.member.as_ref());
        state.member.as_ref().or(named)
    });
    if owner.is_some_and(|owner| owner != journal.member()) {
        return Err(refuse(Rejection::OtherOrder));
    }
    let (spent, rest) = split(&hold.lots, points);
    let worth = worth_of(&hold, versions, points).map_err(refuse)?;
    journal.post(LedgerAccount::Held, &Asset::Points, points.saturating_neg());
    journal.post(LedgerAccount::Redeemed, &Asset::Points, points);
    if !rest.is_empty() {
        // The rest stays in the books as held until its own entry gives it back.
        journal.account.holds.push(Hold { lots: rest.clone(), ..hold.clone() });
    }
    let draft = |journal: &mut Journal, index: u32, kind: Kind, reasons: Vec<Reason>| {
        let operation = request.operation.clone();
        journal.record(Draft { operation, index, at: now, version: version.version, kind, reasons })
    };
    let kind = Kind::Capture { hold: hold.id.clone(), worth, order: paid_for.clone() };
    draft(&mut journal, 0, kind, Vec::new()).map_err(overflow)?;
    if let Some(rest) = journal.account.holds.pop_if(|_| !rest.is_empty()) {
        let lost = planted::is(Bug::LoseTheRest);
        let reasons =
            if lost { Vec::new() } else { give_back(&mut journal, &rest).map_err(overflow)? };
        draft(&mut journal, 1, Kind::Release { hold: hold.id.clone() }, reasons)
            .map_err(overflow)?;
    }

    let state = match paid_for {
        Some(id) => {
            let mut state = order.cloned().unwrap_or_default();
            let minor = if request.shown_as_discount { 0 } else { worth.minor };
            state.payments.push(Payment {
                hold: hold.id,
                lots: spent,
                minor,
                version: (minor != 0).then_some(hold.version),
                returned: 0,
                made_up: Vec::new(),
                since: hold.since,
            });
            state.member.get_or_insert_with(|| journal.member().clone());
            let before = state.written;
            earn::rebalance(&mut journal, &id, &mut state).map_err(|error| {
                let reason = match error.cause {
                    RuleFailure::Overflow(overflow) => overflow.into(),
                    RuleFailure::Condition(condition) => Rejection::ConditionErrs(condition),
                    RuleFailure::UnknownVersion => {
                        Rejection::UnknownVersion { version: error.version }
                    }
                };
                reason.by(error.rule, error.version)
            })?;
            if state.written == before {
                state.written = state.written.saturating_add(1);
            }
            Some((id, state))
        }
        None => None,
    };
    journal.close(state, Vec::new()).map_err(overflow)
}

/// What some of a hold's points pay: all of them what was promised, fewer in proportion, rounded down.
fn worth_of(hold: &Hold, versions: &Versions, points: i64) -> Result<Money, Rejection> {
    if points == hold.points() {
        return Ok(hold.worth);
    }
    let version = hold.version;
    let version = versions.number(version).ok_or(Rejection::UnknownVersion { version })?;
    let terms = version.programme.pay.ok_or(Rejection::PayNotOffered)?;
    let minor = worth(&terms, points).ok_or(Rejection::OutOfRange)?;
    Ok(Money { minor, currency: hold.worth.currency })
}

/// Decides what releasing a hold posts to `account`.
pub fn release(
    account: &Account,
    versions: &Versions,
    operation: &Operation,
    hold: &HoldId,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let version = versions.at(now);
    let refuse = |reason: Rejection| reason.by("pay", version.version);
    let mut journal =
        Journal::open(account, versions, now).map_err(|error| refuse(error.into()))?;
    let now = journal.now;
    let hold =
        remove_hold(&mut journal.account, hold).ok_or_else(|| refuse(Rejection::NoOpenHold))?;
    let decision = give_back(&mut journal, &hold).and_then(|reasons| {
        let (operation, kind) = (operation.clone(), Kind::Release { hold: hold.id });
        journal.record(Draft {
            operation,
            index: 0,
            at: now,
            version: version.version,
            kind,
            reasons,
        })?;
        journal.close(None, Vec::new())
    });
    decision.map_err(|error| refuse(error.into()))
}

//! Earning: what the rules give for an order or an event, posted as the difference to what they gave before.

mod caps;
mod clawback;
mod dates;
mod event;
mod forgiveness;
mod returns;
mod rules;
mod tickets;

use std::sync::Arc;

use jiff::Timestamp;

pub(crate) use crate::earn::{
    dates::expires,
    returns::{because_made_up, come_back},
};
pub use crate::earn::{
    event::{EventOutcome, event, operation},
    rules::evaluate,
};
use crate::{
    account::{Account, Overflow},
    decision::{Decision, Draft, Journal},
    earn::{
        caps::{Counted, replace_parts},
        clawback::Movement,
        dates::Dates,
        returns::give_back_points,
        tickets::{keep_closed, move_tickets},
    },
    entry::{Because, Kind, Reason},
    event::{OrderEvent, Snapshot, Status},
    id::{Operation, OrderId, RuleId},
    order::{OrderState, Part, Pin},
    planted::{self, Bug},
    programme::{Published, Versions},
    rejection::{RuleError, RuleFailure},
    tier,
};

/// What news of an order come to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Nothing new: nothing is written.
    Unchanged,
    /// News worth remembering that move no points, and why they do not.
    Noted(Box<OrderState>, Vec<Reason>),
    /// Points move.
    Posted(Box<Decision>),
}

/// Decides what news of an order post to its member's account, given what was known of the order before.
///
/// # Errors
/// If a rule cannot be evaluated; the event is then parked, never taken for "no points".
pub fn order(
    account: &Account,
    versions: &Versions,
    state: &OrderState,
    event: &OrderEvent,
    now: Timestamp,
) -> Result<Outcome, RuleError> {
    let mut state = state.clone();
    if !state.knowledge.merge(event) {
        return Ok(Outcome::Unchanged);
    }
    let overflow = |error| ledger_failure(versions, now, error);
    let mut journal = Journal::unsettled(account, versions, now);
    journal.settle().map_err(overflow)?;
    let settled = journal.account.sequence;
    let reasons = rebalance(&mut journal, &event.order, &mut state)?;
    if journal.account.sequence == settled {
        state.written = state.written.saturating_add(1);
        return Ok(Outcome::Noted(Box::new(state), reasons));
    }
    journal.settle().map_err(overflow)?;
    let decision = journal.into_decision(Some((event.order.clone(), state)), Vec::new());
    Ok(Outcome::Posted(Box::new(decision)))
}

/// What is remembered of news that concern no member yet: a guest's order, or a refund that came before its order.
/// `None` if nothing is new.
pub fn note(state: &OrderState, event: &OrderEvent) -> Option<(OrderState, Reason)> {
    let mut state = state.clone();
    if !state.knowledge.merge(event) {
        return None;
    }
    state.written = state.written.saturating_add(1);
    let because =
        if state.knowledge.snapshot.is_some() { Because::Guest } else { Because::AwaitsOrder };
    Some((state, Reason { rule: RuleId::of("order"), points: 0, because }))
}

/// Whose account an order concerns: the one its points moved on, else the customer the shop names.
pub fn member_of<'a>(
    state: &'a OrderState,
    event: &'a OrderEvent,
) -> Option<&'a crate::id::MemberId> {
    let newest = state.knowledge.snapshot.as_ref().max(event.snapshot.as_ref());
    state.member.as_ref().or(newest.and_then(|snapshot| snapshot.member.as_ref()))
}

/// Posts the difference between what the order should have moved by now and what it has. Returns why rules gave nothing.
pub(crate) fn rebalance(
    journal: &mut Journal,
    order: &OrderId,
    state: &mut OrderState,
) -> Result<Vec<Reason>, RuleError> {
    let Some(mut snapshot) = state.knowledge.snapshot.clone() else { return Ok(Vec::new()) };
    if let Some(pin) = state.pin.as_ref().filter(|pin| pin.placed_at != snapshot.placed_at) {
        // A shop that moves an order's date moves neither its periods nor its lots, or a refund would miss them.
        Arc::make_mut(&mut snapshot).placed_at = pin.placed_at;
    }
    rebalance_to(journal, order, state, &snapshot)
}

fn rebalance_to(
    journal: &mut Journal,
    order: &OrderId,
    state: &mut OrderState,
    snapshot: &Snapshot,
) -> Result<Vec<Reason>, RuleError> {
    if state.member.as_ref().or(snapshot.member.as_ref()) != Some(journal.member()) {
        return Ok(Vec::new());
    }
    let versions = journal.versions;
    let pinned = match &state.pin {
        Some(_) if planted::is(Bug::DropThePin) => versions.at(journal.now),
        Some(pin) => known(versions, pin.version)?,
        None => versions.at(snapshot.placed_at),
    };
    let counted_by = match state.judged_by {
        Some(version) => known(versions, version)?,
        None => pinned,
    };
    let (version, mut parts, mut reasons) = match not_earning(snapshot) {
        Some(because) => {
            (counted_by, Vec::new(), vec![Reason { rule: RuleId::of("order"), points: 0, because }])
        }
        None => judge(journal, order, state, snapshot, pinned)?,
    };
    let (old, new) = ((&*state.parts, counted_by), (&mut parts, version));
    keep_closed(old, new, journal.now, &mut reasons);
    reasons.extend(state.knowledge.doubts(snapshot));
    let fail = |error: Overflow| failure("ledger", version.version, error);

    let placed = pinned.programme.time_zone.local(snapshot.placed_at);
    let new = Counted { by: version, parts };
    // The pinned version's terms hold for the points whichever version's rules give them, or a reversal would look for lots
    // of other dates.
    let dates = Dates::of(&pinned.programme, &placed).map_err(fail)?;
    let of = (placed.year(), dates);
    let replaced =
        replace_parts(journal, order, counted_by, of, state, new, &mut reasons).map_err(fail)?;
    let (points, tickets) = (replaced.points(), replaced.tickets.clone());
    if points != 0 || replaced.counted || !tickets.is_empty() {
        state.member.get_or_insert_with(|| journal.member().clone());
        let programme = &*pinned.programme;
        Movement { journal, order, state, programme, dates, reasons: &mut reasons }
            .run(replaced)
            .map_err(fail)?;
        move_tickets(journal, &tickets).map_err(fail)?;
        let more = tickets.iter().fold(0_i64, |sum, (_, more)| sum.saturating_add(*more));
        // Of an order that gives nothing any more, counters alone may move: another has what its cap gave.
        let nothing = more < 0 || more == 0 && state.parts.is_empty();
        let reversal = points < 0 || points == 0 && nothing;
        let kind = if reversal { Kind::Reversal } else { Kind::Accrual { what: "order".into() } };
        write(journal, order, state, snapshot, version.version, kind, std::mem::take(&mut reasons))
            .map_err(fail)?;
    }
    let policy = pinned.programme.clawback;
    let made_up = give_back_points(journal, order, state, snapshot, policy).map_err(fail)?;
    if journal.has_legs() {
        state.member.get_or_insert_with(|| journal.member().clone());
        write(journal, order, state, snapshot, version.version, Kind::Return, made_up)
            .map_err(fail)?;
    }
    Ok(reasons)
}

/// The version of this number, which a stale reader of the versions may not know yet: another one would be a guess.
fn known(versions: &Versions, version: u32) -> Result<&Published, RuleError> {
    let unknown = || failure("order", version, RuleFailure::UnknownVersion);
    versions.number(version).ok_or_else(unknown)
}

/// What the rules give for a paid order, by the version pinned to it, or the first later one in force that does not fail.
///
/// The pin stays: what an order gives is a function of what is known of it, whichever news came first (law 4).
fn judge<'a>(
    journal: &Journal<'a>,
    order: &OrderId,
    state: &mut OrderState,
    snapshot: &Snapshot,
    pinned: &Published,
) -> Result<(&'a Published, Vec<Part>, Vec<Reason>), RuleError> {
    let versions = journal.versions;
    let mut first_failure = None;
    for judge in versions.judges(pinned.version, journal.now) {
        let held = match &state.pin {
            Some(pin) => pin.tier.clone(),
            None => tier::held(&journal.account.qualifying, &judge.programme, snapshot.placed_at)
                .map(|t| t.id.clone()),
        };
        let basis = state
            .basis_of(snapshot, versions, &judge.programme)
            .map_err(|error| failure("ledger", judge.version, error));
        let judged =
            basis.and_then(|basis| evaluate(judge, snapshot, order, &basis, held.as_deref()));
        match judged {
            Ok((parts, reasons)) => {
                let (version, placed_at) = (pinned.version, snapshot.placed_at);
                state.pin.get_or_insert(Pin { version, tier: held, placed_at });
                state.judged_by = Some(judge.version).filter(|judge| *judge != version);
                return Ok((judge, parts, reasons));
            }
            Err(failure) => first_failure = first_failure.or(Some(failure)),
        }
    }
    Err(first_failure.unwrap_or_else(|| failure("ledger", pinned.version, Overflow)))
}

fn write(
    journal: &mut Journal,
    order: &OrderId,
    state: &mut OrderState,
    snapshot: &Snapshot,
    version: u32,
    kind: Kind,
    reasons: Vec<Reason>,
) -> Result<(), Overflow> {
    let index = state.written;
    state.written = index.checked_add(1).ok_or(Overflow)?;
    let operation = Operation::order(order);
    journal.record(Draft { operation, index, at: snapshot.placed_at, version, kind, reasons })
}

/// Why an order as a whole does not earn.
fn not_earning(snapshot: &Snapshot) -> Option<Because> {
    match snapshot.status {
        _ if snapshot.test => Some(Because::Test),
        Status::Paid => None,
        Status::Unpaid | Status::Refunded | Status::Voided | Status::Cancelled => {
            Some(Because::NotPaid)
        }
    }
}

fn failure(rule: &str, version: u32, cause: impl Into<RuleFailure>) -> RuleError {
    RuleError { rule: rule.to_owned(), version, cause: cause.into() }
}

fn ledger_failure(versions: &Versions, now: Timestamp, error: Overflow) -> RuleError {
    failure("ledger", versions.at(now).version, error)
}

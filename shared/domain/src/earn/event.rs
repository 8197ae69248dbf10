//! Events that are not orders: a sign-up, a review, whatever a rule names.

use jiff::Timestamp;

use crate::{
    account::{Account, Asset, Capped, Lot, Overflow},
    condition::Facts,
    decision::{Decision, Draft, Journal},
    earn::{
        caps::count,
        dates::expires,
        failure, ledger_failure,
        rules::{cannot_enter, in_tickets, unmet},
        tickets::{is_closed, move_tickets},
    },
    entry::{Because, Kind, LedgerAccount, Reason},
    event::{MemberEvent, SIGN_UP},
    id::{Operation, RuleId},
    order::Part,
    programme::{Award, Published, Trigger, Versions},
    rejection::{RuleError, RuleFailure},
    tier,
};

/// What an event other than an order comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum EventOutcome {
    /// No rule gives anything for it, and why.
    Nothing(Vec<Reason>),
    /// Points.
    Posted(Box<Decision>),
}

/// The name of the operation of an event: once in a life, or by its id. That is the event's identity: a repeat with a fresh
/// time stamp is the same event.
pub fn operation(event: &MemberEvent) -> Operation {
    match &event.key {
        Some(id) => Operation::event(&event.member, &event.name, id),
        None => Operation::once(&event.member, &event.name),
    }
}

/// Decides what an event other than an order gives.
///
/// # Errors
/// If a rule cannot be evaluated.
pub fn event(
    account: &Account,
    versions: &Versions,
    operation: &Operation,
    event: &MemberEvent,
    now: Timestamp,
) -> Result<EventOutcome, RuleError> {
    let mut first_failure = None;
    for judge in versions.judges(versions.at(event.at).version, now) {
        match event_by(judge, account, versions, operation, event, now) {
            Ok(outcome) => return Ok(outcome),
            Err(failure) => first_failure = first_failure.or(Some(failure)),
        }
    }
    Err(first_failure.unwrap_or_else(|| ledger_failure(versions, now, Overflow)))
}

/// Decides what an event gives by one version.
fn event_by(
    version: &Published,
    account: &Account,
    versions: &Versions,
    operation: &Operation,
    event: &MemberEvent,
    now: Timestamp,
) -> Result<EventOutcome, RuleError> {
    let programme = &*version.programme;
    let ledger = |error: Overflow| failure("ledger", version.version, error);
    let mut journal = Journal::open(account, versions, now).map_err(ledger)?;
    let held =
        tier::held(&journal.account.qualifying, programme, event.at).map(|tier| tier.id.clone());
    let mut reasons = Vec::new();
    let mut total = 0_i64;
    let mut tickets = Vec::new();
    let rank = programme.rank(held.as_deref());
    for rule in programme.earn.iter().filter(|rule| triggers(&rule.on, &event.name)) {
        let fail = |cause: RuleFailure| RuleError {
            rule: rule.id.to_string(),
            version: version.version,
            cause,
        };
        let facts = Facts {
            member_tier: held.as_deref().unwrap_or_default(),
            event_name: &event.name,
            ..Facts::default()
        };
        let said = |because| Reason { rule: rule.id, points: 0, because };
        if let Some(unmet) =
            unmet(programme, &rule.conditions, event.at, rank, &facts).map_err(fail)?
        {
            reasons.push(said(unmet.because(&rule.conditions)));
            continue;
        }
        let Award::Fixed(points) = rule.award else { continue };
        let period = rule.limit.map(|cap| cap.per.period(event.at, &programme.time_zone));
        let part = Part {
            rule: rule.id,
            wanted: points,
            tickets: rule.tickets.clone(),
            qualifying: 0,
            period,
        };
        if let Some(of) = &rule.tickets
            && let Some(because) =
                cannot_enter(programme, of, event.at, rank, &facts).map_err(fail)?
        {
            reasons.push(said(because));
            continue;
        }
        if is_closed(programme, &part, now) {
            reasons.push(said(Because::EntriesClosed));
            continue;
        }
        reasons.push(said(in_tickets(rule, Because::Fixed)));
        let wanted = Capped { wanted: points, qualifying: if rule.qualifies { points } else { 0 } };
        let wanted = (programme.time_zone.year(event.at), wanted);
        let given = count(&mut journal, version, &part, wanted, &mut reasons).map_err(ledger)?;
        if let Some(reason) = reasons.iter_mut().find(|reason| reason.rule == rule.id) {
            reason.add(given.wanted, rule.tickets.is_some()).map_err(ledger)?;
        }
        if let Some(of) = &rule.tickets {
            tickets.push((of.clone(), given.wanted));
            continue;
        }
        total = total.checked_add(given.wanted).ok_or_else(|| ledger(Overflow))?;
    }
    if reasons.is_empty() {
        reasons.push(Reason {
            rule: RuleId::new(&event.name).unwrap_or_else(|_| RuleId::of("event")),
            points: 0,
            because: Because::NoRule,
        });
    }
    if total == 0 && tickets.iter().all(|(_, more)| *more == 0) {
        return Ok(EventOutcome::Nothing(reasons));
    }
    let expires = expires(programme, event.at).map_err(ledger)?;
    let lot = Lot { activates: None, expires, amount: total };
    let posted = journal.issue(&Asset::Points, lot).and_then(|()| {
        journal.post(LedgerAccount::Issued, &Asset::Points, total.checked_neg().ok_or(Overflow)?);
        move_tickets(&mut journal, &tickets)?;
        let (operation, kind) =
            (operation.clone(), Kind::Accrual { what: event.name.as_str().into() });
        journal.record(Draft {
            operation,
            index: 0,
            at: event.at,
            version: version.version,
            kind,
            reasons,
        })?;
        journal.close(None, Vec::new())
    });
    Ok(EventOutcome::Posted(Box::new(posted.map_err(ledger)?)))
}

fn triggers(trigger: &Trigger, name: &str) -> bool {
    match trigger {
        Trigger::Order => false,
        Trigger::SignUp => name == SIGN_UP,
        Trigger::Event(event) => event == name,
    }
}

//! Entering a raffle: for points, or for nothing. What orders and events give is in `earn/tickets.rs`, the draw in `draw`.

pub mod award;
pub mod stage;

use jiff::Timestamp;

use crate::{
    account::{Account, Asset, Lot},
    decision::{Decision, Draft, Journal},
    entry::{Kind, LedgerAccount},
    id::{ChanceId, Operation},
    planted::{self, Bug},
    programme::{Published, Raffle, TimesLimit, Versions, raffle::FreeRoute},
    redeem::{count, enough, not_met},
    rejection::{Refusal, Rejection},
};

/// The most entries in one request: more than anybody means to buy at once.
pub const ENTRIES_MAX: i64 = 1_000_000;

/// A request for entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enter {
    /// Its name: the idempotency guard.
    pub operation: Operation,
    /// The raffle's id.
    pub raffle: String,
    /// How many entries.
    pub entries: i64,
    /// Whether by the free route; else for points.
    pub free: bool,
}

/// Decides what `enter` posts to `account`.
///
/// An entry is taken if the raffle is open now. The member's place on its list is written together with it, so that whatever was
/// accepted before the close is on the list when it is frozen.
pub fn enter(
    account: &Account,
    versions: &Versions,
    enter: &Enter,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let version = versions.at(now.max(account.settled_to));
    let decision = take(account, versions, version, enter, now);
    decision.map_err(|reason| reason.by(rule(&enter.raffle), version.version))
}

/// How refusals name a raffle.
pub fn rule(raffle: &str) -> String {
    format!("raffle {raffle}")
}

/// Refuses what is not open at an instant.
pub(crate) fn is_open(opens: Timestamp, closes: Timestamp, at: Timestamp) -> Result<(), Rejection> {
    if at < opens {
        return Err(Rejection::NotYetOpen { from: opens });
    }
    if at >= closes && !planted::is(Bug::EntryAfterTheClose) {
        return Err(Rejection::Closed { until: closes });
    }
    Ok(())
}

fn take(
    account: &Account,
    versions: &Versions,
    version: &Published,
    enter: &Enter,
    now: Timestamp,
) -> Result<Decision, Rejection> {
    let programme = &*version.programme;
    let raffle = programme.raffle(&enter.raffle).ok_or(Rejection::UnknownRaffle)?;
    if enter.entries <= 0 {
        return Err(Rejection::NotPositive { field: "entries" });
    }
    if enter.entries > ENTRIES_MAX {
        return Err(Rejection::OutOfRange);
    }
    let mut journal = Journal::open(account, versions, now)?;
    let now = journal.now;
    is_open(raffle.opens, raffle.closes, now)?;
    not_met(programme, &raffle.conditions, &journal.account, now)?;
    let of = ChanceId::from(raffle.id.as_str());
    let has = journal.account.tickets(&of);
    if let Some(limit) = raffle.limit
        && has.saturating_add(enter.entries) > limit
    {
        return Err(Rejection::TooManyEntries { limit, has, asked: enter.entries });
    }
    if enter.free {
        count_free(&mut journal, raffle, enter.entries, version)?;
    } else {
        let price = raffle.price_points.ok_or(Rejection::NotForSale)?;
        let points = price.checked_mul(enter.entries).ok_or(Rejection::OutOfRange)?;
        enough(&journal.account, points)?;
        journal.debit(&Asset::Points, points, |lot| lot.activates.is_none())?;
        journal.post(LedgerAccount::Redeemed, &Asset::Points, points);
    }
    let asset = Asset::Tickets(of);
    journal.issue(&asset, Lot { activates: None, expires: None, amount: enter.entries })?;
    journal.post(LedgerAccount::Issued, &asset, enter.entries.saturating_neg());
    journal.record(Draft {
        operation: enter.operation.clone(),
        index: 0,
        at: now,
        version: version.version,
        kind: Kind::Entered { raffle: raffle.id.clone(), entries: enter.entries, free: enter.free },
        reasons: Vec::new(),
    })?;
    Ok(journal.close(None, Vec::new())?)
}

/// Counts free entries against what a member may have in the period.
fn count_free(
    journal: &mut Journal,
    raffle: &Raffle,
    entries: i64,
    version: &Published,
) -> Result<(), Rejection> {
    let FreeRoute::Entries { entries: most, per } = &raffle.free else {
        let FreeRoute::None { reason } = &raffle.free else { return Ok(()) };
        return Err(Rejection::NoFreeRoute { reason: reason.clone() });
    };
    let limit = TimesLimit { times: *most, per: *per };
    let counted = (&*rule(&raffle.id), Some(limit), entries);
    count(&version.programme, counted, &mut journal.account, journal.now)
}

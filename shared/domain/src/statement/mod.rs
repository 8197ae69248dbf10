//! A member's statement: what they had, what changed, and what they have, for a month or a year.
//!
//! Two parts, kept apart. A [`Statement`] is a function of immutable entries: that of a period that is over never changes,
//! whatever happens later, and whenever it is made. An [`Outlook`] is what can be said of an account today.
//!
//! # When an entry is booked
//!
//! What a member, a shop or staff did is booked when Guerdon learned of it (`recorded_at`), or a late event would change a
//! statement that was sent. What time did (points that activated or lapsed, a hold that lapsed, a tier, a gift that revealed
//! itself) is booked when it was due (`at`), however much later it was written, or a statement would depend on when the account
//! was next touched. And no entry is booked before the entry before it: what a late event brings may have lapsed long ago, and
//! its lapse, due before the event was known, is booked with the event. So bookings never decrease along the ledger, and a
//! period is a run of entries without gaps.

mod balances;
mod lines;
mod outlook;
mod period;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

pub use crate::statement::{
    balances::{Amount, Balances, Credit, Totals},
    lines::{Line, Sort},
    outlook::{Bid, Expiring, Gift, Held, NextTier, Offered, Opening, Outlook, TierHeld, outlook},
    period::{Bounds, NotAPeriod, Period, PeriodLength},
};
use crate::{
    account::{Account, Overflow},
    entry::Entry,
    id::MemberId,
    programme::Versions,
    settle,
};

/// A member's statement for a period: opening balance, lines, closing balance.
///
/// Opening and lines make closing, in every asset, and so do opening and sums: a statement for which that is not so cannot be
/// made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement {
    /// Whose.
    pub member: MemberId,
    /// For which period.
    pub period: Period,
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
    /// The zone of its dates.
    pub time_zone: String,
    /// Whether it will never change: the period is over, and everything of it is written.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// What the member had at its beginning.
    pub opening: Balances,
    /// What happened, in ledger order.
    pub lines: Vec<Line>,
    /// What the lines come to, by what they are for. Points that only moved (opened, were held, came back) are in none.
    pub sums: BTreeMap<Sort, Totals>,
    /// What the member had at its end; of a period that is not over, what they have.
    pub closing: Balances,
}

/// Why there is no statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// The period has not begun.
    #[error("the period begins at {from}")]
    NotBegun {
        /// When it begins.
        from: Timestamp,
    },
    /// A programme version that the account was written under was not handed over: the versions have to be read again.
    #[error("version {version} of the programme is not known here")]
    MissingVersion {
        /// Its number.
        version: u32,
    },
    /// An entry that the statement needs was not handed over.
    #[error("entry {sequence} is missing")]
    MissingEntry {
        /// The entry's sequence.
        sequence: u64,
    },
    /// The balances do not follow from the entries: no statement is better than a wrong one.
    #[error("the balances before and after entry {sequence} do not follow from it")]
    Mismatch {
        /// The entry's sequence.
        sequence: u64,
    },
    /// A number left the range of the ledger.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// The statement of an account for a period, made at `now`.
///
/// `entries` are those from the account's last one back to the first that [`Bounds::need_before`] says is enough, in any order;
/// entries that are newer than the account are passed over. They must reach up to the account, even for a period long ago,
/// because an entry knows what points were left after it, but not what store credit was: that is what the account has, less
/// what came later. For a period that has just ended, which is nearly every statement, those are few.
///
/// What is due by the end of the period and not written yet is settled in memory.
pub fn statement(
    account: &Account,
    versions: &Versions,
    entries: &[Entry],
    period: Period,
    now: Timestamp,
) -> Result<Statement, StatementError> {
    let bounds = period.bounds(versions);
    if now < bounds.from {
        return Err(StatementError::NotBegun { from: bounds.from });
    }
    if let Some(version) = versions.missing_for(account) {
        return Err(StatementError::MissingVersion { version });
    }
    let (closing, due) = settled(account, versions, &bounds, now)?;
    let mut ledger = in_order(account, entries, &bounds)?;
    ledger.extend(&due);
    let booked = bookings(&ledger);
    let mut after = Balances::of(&closing)?;
    let mut lines: Vec<Line> = Vec::new();
    let mut ends = after.clone();
    for (entry, booked) in ledger.iter().zip(booked).rev() {
        let wrong = StatementError::Mismatch { sequence: entry.sequence };
        if entry.balance != after.points {
            return Err(wrong);
        }
        if booked < bounds.from {
            break;
        }
        let change = Balances::change(entry)?;
        let before = after.minus(&change)?;
        if entry.sequence == 1 && before != Balances::default() {
            return Err(wrong);
        }
        if booked < bounds.until {
            lines.push(Line::new(entry, booked, &bounds.zone, change, after));
        } else {
            ends = before.clone();
        }
        after = before;
    }
    lines.reverse();
    let statement = Statement {
        member: account.member.clone(),
        period,
        from: bounds.from,
        until: bounds.until,
        time_zone: bounds.zone.name().to_owned(),
        is_final: bounds.are_over(now),
        opening: after,
        sums: lines::sums(&ledger, &lines)?,
        lines,
        closing: ends,
    };
    statement.adds_up()?;
    Ok(statement)
}

/// When entries in ledger order are booked. The first may be booked later than this says, if it was recorded before anything
/// that is asked for.
fn bookings(ledger: &[&Entry]) -> Vec<Timestamp> {
    let mut last = Timestamp::MIN;
    let booked = ledger.iter().map(|entry| {
        let own = if entry.operation.is_settlement() { entry.at } else { entry.recorded_at };
        last = last.max(own);
        last
    });
    booked.collect()
}

/// The account when the period ends, or now if that is earlier, and what was due by then and is not written; the account as it
/// is, if it was touched later.
fn settled(
    account: &Account,
    versions: &Versions,
    bounds: &Bounds,
    now: Timestamp,
) -> Result<(Account, Vec<Entry>), Overflow> {
    let last = bounds.until.checked_sub(SignedDuration::from_nanos(1)).map_err(|_| Overflow)?;
    // An account that was never touched has no ledger that anything could be due in.
    if account.sequence == 0 || account.settled_to >= bounds.until {
        return Ok((account.clone(), Vec::new()));
    }
    let settled = settle::settle(account, versions, last.min(now))?;
    Ok(settled
        .map_or((account.clone(), Vec::new()), |decision| (decision.account, decision.entries)))
}

/// The entries in ledger order, if none is missing.
fn in_order<'a>(
    account: &Account,
    entries: &'a [Entry],
    bounds: &Bounds,
) -> Result<Vec<&'a Entry>, StatementError> {
    let mut by_sequence: BTreeMap<u64, &Entry> = entries
        .iter()
        .filter(|entry| entry.sequence <= account.sequence)
        .map(|entry| (entry.sequence, entry))
        .collect();
    let mut expected = account.sequence;
    for (sequence, entry) in by_sequence.iter().rev() {
        if *sequence != expected {
            return Err(StatementError::MissingEntry { sequence: expected });
        }
        if !bounds.need_before(entry) {
            return Ok(by_sequence.split_off(&expected).into_values().collect());
        }
        expected = expected.saturating_sub(1);
    }
    if expected > 0 {
        return Err(StatementError::MissingEntry { sequence: expected });
    }
    Ok(by_sequence.into_values().collect())
}

impl Statement {
    /// Checks that opening and lines make closing, and so do opening and sums.
    fn adds_up(&self) -> Result<(), StatementError> {
        let mut balance = self.opening.clone();
        let mut last = 0;
        for line in &self.lines {
            balance = balance.plus(&line.change)?;
            last = line.sequence;
            if balance != line.balance {
                return Err(StatementError::Mismatch { sequence: last });
            }
        }
        let mut totals = self.opening.totals()?;
        for sum in self.sums.values() {
            totals = totals.plus(sum)?;
        }
        if balance != self.closing || totals != self.closing.totals()? {
            return Err(StatementError::Mismatch { sequence: last });
        }
        Ok(())
    }
}

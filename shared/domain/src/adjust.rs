//! Adjustments: staff correct a balance, with a reason, on the record.

use jiff::Timestamp;

use crate::{
    account::{Account, Asset, Lot},
    decision::{Decision, Draft, Journal},
    earn,
    entry::{Kind, LedgerAccount},
    id::Operation,
    programme::{Published, Versions},
    raffle,
    rejection::{Refusal, Rejection},
};

/// A correction by staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjust {
    /// Its name: the idempotency guard.
    pub operation: Operation,
    /// What is corrected.
    pub asset: Asset,
    /// Units to add; negative takes away.
    pub amount: i64,
    /// Why, in words.
    pub reason: String,
    /// Who.
    pub by: String,
}

/// An adjustment does not say why, or who made it; it can never be taken out of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unexplained {
    /// No reason, or a very long one, or one with control characters.
    #[error("say why, in one line of 1 to 500 bytes")]
    Reason,
    /// Nobody, or a very long name, or one with control characters.
    #[error("say who, in one line of 1 to 200 bytes")]
    By,
}

/// Whether an adjustment says why, and who made it.
///
/// # Errors
/// What it does not say.
pub fn is_explained(reason: &str, by: &str) -> Result<(), Unexplained> {
    let says = |text: &str, most: usize| {
        !text.trim().is_empty() && text.len() <= most && !text.chars().any(char::is_control)
    };
    match (says(reason, 500), says(by, 200)) {
        (false, _) => Err(Unexplained::Reason),
        (_, false) => Err(Unexplained::By),
        _ => Ok(()),
    }
}

/// Decides what an adjustment posts to `account`. It never takes a balance below zero (law 3).
pub fn decide(
    account: &Account,
    versions: &Versions,
    adjust: &Adjust,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let version = versions.at(now.max(account.settled_to));
    let decision = correct(account, versions, version, adjust, now);
    decision.map_err(|reason| reason.by("adjustment", version.version))
}

fn correct(
    account: &Account,
    versions: &Versions,
    version: &Published,
    adjust: &Adjust,
    now: Timestamp,
) -> Result<Decision, Rejection> {
    let mut journal = Journal::open(account, versions, now)?;
    let opposite = adjust.amount.checked_neg().ok_or(Rejection::OutOfRange)?;
    if adjust.amount == 0 {
        return Err(Rejection::NotPositive { field: "amount" });
    }
    if let Asset::Tickets(of) = &adjust.asset {
        let programme = &version.programme;
        let raffle = programme.raffle(of.as_str()).map(|raffle| (raffle.opens, raffle.closes));
        let game = programme.instant_win(of.as_str()).map(|game| (game.opens, game.closes));
        let (opens, closes) = raffle.or(game).ok_or(Rejection::UnknownRaffle)?;
        raffle::is_open(opens, closes, journal.now)?;
    }
    if adjust.amount > 0 {
        let expires = match adjust.asset {
            Asset::Points => earn::expires(&version.programme, journal.now)?,
            Asset::Credit(_) | Asset::Tickets(_) => None,
        };
        journal.issue(&adjust.asset, Lot { activates: None, expires, amount: adjust.amount })?;
    } else {
        let balance = journal.account.balance(&adjust.asset);
        if opposite > balance.available.max(0) {
            let (needed, available, pending) = (opposite, balance.available, balance.pending);
            return Err(Rejection::NotEnough { needed, available, pending });
        }
        journal.debit(&adjust.asset, opposite, |lot| lot.activates.is_none())?;
    }
    journal.post(LedgerAccount::Adjusted, &adjust.asset, opposite);
    let at = journal.now;
    journal.record(Draft {
        operation: adjust.operation.clone(),
        index: 0,
        at,
        version: version.version,
        kind: Kind::Adjustment { reason: adjust.reason.clone(), by: adjust.by.clone() },
        reasons: Vec::new(),
    })?;
    Ok(journal.close(None, Vec::new())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adjustment_says_why_and_who() {
        assert_eq!(is_explained("a goodwill gesture", "mina"), Ok(()));
        for reason in ["", " ", "first\nsecond", &"x".repeat(501)] {
            assert_eq!(is_explained(reason, "mina"), Err(Unexplained::Reason));
        }
        for by in ["", "\t", "mina\u{0}", &"x".repeat(201)] {
            assert_eq!(is_explained("why", by), Err(Unexplained::By));
        }
    }
}

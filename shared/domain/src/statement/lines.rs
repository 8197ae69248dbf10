//! The lines of a statement, and what they are for.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::{
    account::Overflow,
    calendar::Zone,
    entry::{Entry, Kind, LedgerAccount, Reason},
    id::Operation,
    statement::balances::{Balances, Totals},
};

/// One entry, as a statement shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The entry's place in the member's ledger.
    pub sequence: u64,
    /// The day it was booked, in the zone of the statement.
    pub date: Date,
    /// When it was booked.
    pub booked: Timestamp,
    /// When it happened.
    pub at: Timestamp,
    /// The operation it belongs to.
    pub operation: Operation,
    /// What happened.
    #[serde(flatten)]
    pub kind: Kind,
    /// The programme version it was decided under.
    pub version: u32,
    /// By how much it changed what the member has.
    pub change: Balances,
    /// Why: the rules that gave, took or refused.
    pub reasons: Vec<Reason>,
    /// What the member had after it.
    pub balance: Balances,
}

impl Line {
    pub(super) fn new(
        entry: &Entry,
        booked: Timestamp,
        zone: &Zone,
        change: Balances,
        balance: Balances,
    ) -> Self {
        Self {
            sequence: entry.sequence,
            date: zone.civil(booked).date(),
            booked,
            at: entry.at,
            operation: entry.operation.clone(),
            kind: entry.kind.clone(),
            version: entry.version,
            change,
            reasons: entry.reasons.clone(),
            balance,
        }
    }
}

/// What a change is for: the kinds of sum of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Given for orders and events.
    Earned,
    /// Taken back with a refund, less what was forgiven.
    TakenBack,
    /// What had paid for goods that went back.
    GivenBack,
    /// Spent: on rewards, at a checkout, for entries, plays and won bids.
    Redeemed,
    /// Given by a reward, or for a bid that won; entries of a raffle that were bought, or free.
    Granted,
    /// Won: in a raffle or a game, or as a mystery gift.
    Won,
    /// Lapsed.
    Expired,
    /// Corrected by staff.
    Adjusted,
}

impl Sort {
    /// What it is for that an entry of a kind posts to an account; `None` for the member's own.
    fn of(kind: &Kind, account: LedgerAccount) -> Option<Self> {
        Some(match account {
            LedgerAccount::Available | LedgerAccount::Pending | LedgerAccount::Held => return None,
            LedgerAccount::Redeemed if matches!(kind, Kind::Return) => Self::GivenBack,
            LedgerAccount::Redeemed => Self::Redeemed,
            LedgerAccount::Expired => Self::Expired,
            LedgerAccount::Forgiven => Self::TakenBack,
            LedgerAccount::Adjusted => Self::Adjusted,
            LedgerAccount::Issued => match kind {
                Kind::Reversal => Self::TakenBack,
                Kind::Prize { .. } | Kind::Play { .. } | Kind::Reveal { .. } => Self::Won,
                Kind::Redemption { .. } | Kind::Entered { .. } | Kind::BidWon { .. } => {
                    Self::Granted
                }
                Kind::Adjustment { .. } => Self::Adjusted,
                Kind::Accrual { .. }
                | Kind::Return
                | Kind::Activation
                | Kind::Expiry
                | Kind::Bid { .. }
                | Kind::BidReturned { .. }
                | Kind::Hold { .. }
                | Kind::Capture { .. }
                | Kind::Release { .. }
                | Kind::Lapse { .. }
                | Kind::TierChange { .. } => Self::Earned,
            },
        })
    }
}

/// What the entries of some lines come to, from the other side of the ledger: so that it checks the lines.
pub(super) fn sums(ledger: &[&Entry], lines: &[Line]) -> Result<BTreeMap<Sort, Totals>, Overflow> {
    let mut sums: BTreeMap<Sort, Totals> = BTreeMap::new();
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(sums) };
    let entries =
        ledger.iter().filter(|entry| (first.sequence..=last.sequence).contains(&entry.sequence));
    for entry in entries {
        for posting in &entry.postings {
            if let Some(sort) = Sort::of(&entry.kind, posting.account) {
                sums.entry(sort).or_default().take(&posting.asset, posting.amount)?;
            }
        }
    }
    sums.retain(|_, sum| !sum.is_empty());
    Ok(sums)
}

//! The items as stored. Changing a field here changes the stored format: the snapshots at the foot say so.
//!
//! Accounts and entries have forms of their own, with times as numbers and short names, because every operation pays for
//! their size. What a shop said of an order, a rule's reasons and a grant are stored in their domain's form.

mod account;
mod bids;
mod entries;
mod leaders;
mod plays;
mod profile;
mod raffles;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use guerdon_domain::{
    entry::{Entry, Granted, Kind},
    id::{MemberId, Operation},
    mystery::Revealed,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub(crate) use self::{
    account::AccountItem,
    bids::{BidItem, BoardItem},
    entries::{EntryItem, EventNoteItem, FirstItem, NoteItem, OrderItem, RequestItem},
    leaders::{LeaderItem, LeadersItem, QualifyingItem},
    plays::{CounterItem, MomentItem},
    profile::{ProfileItem, UsedItem},
    raffles::{EntrantItem, PageItem, RaffleItem, RecordItem},
};
use crate::{
    StoreError,
    keys::Key,
    parked::{Parked, Waits},
};

/// The newest form of items that this Guerdon writes and reads: `f` on each. A change that older ones could misread is the
/// next number.
pub(crate) const FORM: u32 = 1;

/// An item as it is told apart in errors, and its form.
pub(crate) trait Stored: DeserializeOwned {
    /// What it is.
    const WHAT: &'static str;
}

macro_rules! stored {
    ($($item:ident: $what:literal),* $(,)?) => {
        $(impl Stored for $item {
            const WHAT: &'static str = $what;
        })*
    };
}

stored! {
    AccountItem: "an account", EntryItem: "an entry", OrderItem: "what is known of an order", FirstItem: "an operation",
    RequestItem: "a claimed key", GrantItem: "a grant", VersionItem: "a version", ParkedItem: "a parked event",
    CodeItem: "a code", EntrantItem: "an entrant", RaffleItem: "a raffle", PageItem: "a page of a list",
    RecordItem: "a record of a draw", CounterItem: "a counter of plays", MomentItem: "a winning moment",
    BoardItem: "the board of an auction", BidItem: "a bid", ProfileItem: "a profile",
    LeaderItem: "a member of the leaderboard", LeadersItem: "the leaderboard", QualifyingItem: "an account",
}

pub(crate) type Item = HashMap<String, AttributeValue>;

/// An instant from stored seconds; `None` if the calendar cannot hold it.
pub(crate) fn second(second: i64) -> Option<Timestamp> {
    Timestamp::from_second(second).ok()
}

/// An instant from stored milliseconds; `None` if the calendar cannot hold it.
fn millisecond(millisecond: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(millisecond).ok()
}

/// The error of an attribute of `T` that cannot be read.
pub(crate) fn corrupt<T: Stored>(attribute: &'static str) -> StoreError {
    StoreError::Corrupt { what: T::WHAT, attribute }
}

/// What a redemption gave a member, or what a mystery gift turned out to be.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct GrantItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    sequence: u64,
    at: i64,
    reward: String,
    version: u32,
    grants: Vec<Granted>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revealed: Option<Box<Revealed>>,
}

/// What a redemption gave a member, or what a mystery gift turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRecord {
    /// The sequence of the redemption's or the reveal's entry.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// The reward.
    pub reward: String,
    /// The programme version.
    pub version: u32,
    /// What was given.
    pub grants: Vec<Granted>,
    /// What it turned out to be, if it is the reveal of a mystery gift.
    pub revealed: Option<Box<Revealed>>,
}

impl GrantItem {
    /// The grant item of a redemption, a reveal, a prize, or a play or a bid that won; `None` for other entries.
    pub(crate) fn of(member: &MemberId, entry: &Entry) -> Option<Self> {
        let (reward, grants, revealed) = match &entry.kind {
            Kind::Redemption { reward, grants } => (reward, grants, None),
            Kind::Reveal { reward, grants, gift } => (reward, grants, Some(gift.clone())),
            Kind::Prize { prize, grants, .. } if !grants.is_empty() => (prize, grants, None),
            Kind::BidWon { auction, grants, .. } => (auction, grants, None),
            Kind::Play { played, grants, .. } if !grants.is_empty() => {
                (played.prize.as_ref()?, grants, None)
            }
            _ => return None,
        };
        Some(Self {
            key: Key::grant(member, entry.sequence),
            f: FORM,
            sequence: entry.sequence,
            at: entry.at.as_millisecond(),
            reward: reward.clone(),
            version: entry.version,
            grants: grants.clone(),
            revealed,
        })
    }

    pub(crate) fn into_record(self) -> Result<GrantRecord, StoreError> {
        let Self { sequence, at, reward, version, grants, revealed, .. } = self;
        let at = millisecond(at).ok_or_else(|| corrupt::<Self>("at"))?;
        Ok(GrantRecord { sequence, at, reward, version, grants, revealed })
    }
}

/// A code that was given, or that waits in a pool: one place for each code there is, so that no two pools have the same.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CodeItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    /// The pool in which it waits; none once it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) in_pool: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member: Option<MemberId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<Operation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pool: Option<String>,
}

impl CodeItem {
    /// A code that waits in a pool.
    pub(crate) fn waiting(code: &str, pool: &str) -> Self {
        let in_pool = Some(pool.to_owned());
        Self { key: Key::code(code), f: FORM, in_pool, member: None, operation: None, pool: None }
    }

    /// A code that was given.
    pub(crate) fn new(
        code: &str,
        member: &MemberId,
        operation: &Operation,
        pool: Option<&str>,
    ) -> Self {
        Self {
            key: Key::code(code),
            f: FORM,
            in_pool: None,
            member: Some(member.clone()),
            operation: Some(operation.clone()),
            pool: pool.map(str::to_owned),
        }
    }
}

/// A published version of the programme.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct VersionItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    pub(crate) version: u32,
    /// Unix seconds.
    pub(crate) effective: i64,
    pub(crate) published_at: i64,
    pub(crate) source: String,
}

impl VersionItem {
    pub(crate) fn new(
        version: u32,
        effective: Timestamp,
        published_at: Timestamp,
        source: &str,
    ) -> Self {
        Self {
            key: Key::version(version),
            f: FORM,
            version,
            effective: effective.as_second(),
            published_at: published_at.as_second(),
            source: source.to_owned(),
        }
    }
}

/// What waits for an operator: an event or a task, as JSON. It carries the domain's event, which has no personal data.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ParkedItem {
    #[serde(flatten)]
    pub(crate) key: Key,
    f: u32,
    pub(crate) event: String,
    pub(crate) problem: String,
    pub(crate) recorded_at: i64,
}

impl ParkedItem {
    pub(crate) fn new(digest: &str, event: String, problem: String, now: Timestamp) -> Self {
        Self {
            key: Key::parked(digest),
            f: FORM,
            event,
            problem,
            recorded_at: now.as_millisecond(),
        }
    }

    /// What waits; what cannot be read is shown as such, for it must not hide the others.
    pub(crate) fn into_parked(self) -> Parked {
        let task = || serde_json::from_str(&self.event).map(Waits::Task);
        let event = serde_json::from_str(&self.event).map(|event| Waits::Event(Box::new(event)));
        let waits = event.or_else(|error| task().map_err(|_| error));
        Parked {
            id: self.key.sk,
            waits: waits.unwrap_or_else(|error| Waits::Unreadable(error.to_string())),
            problem: self.problem,
            recorded_at: millisecond(self.recorded_at),
        }
    }
}

pub(crate) fn to_item<T: Serialize>(item: &T) -> Result<Item, StoreError> {
    Ok(serde_dynamo::to_item(item)?)
}

/// Reads an item.
///
/// # Errors
/// If its form is newer than this Guerdon knows, or it has none, or cannot be read.
pub(crate) fn from_item<T: Stored>(item: Item) -> Result<T, StoreError> {
    let form = item.get("f").and_then(|form| form.as_n().ok()?.parse::<u32>().ok());
    match form {
        None => Err(corrupt::<T>("f")),
        Some(form) if form > FORM => Err(StoreError::NewerForm { what: T::WHAT, form }),
        Some(_) => Ok(serde_dynamo::from_item(item)?),
    }
}

#[cfg(test)]
mod tests;

//! The items as stored. Changing a field here changes the stored format: the snapshots at the foot say so.
//!
//! Accounts and entries have forms of their own, with times as numbers and short names, because every operation pays for
//! their size. What a shop said of an order, a rule's reasons and a grant are stored in their domain's form.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use guerdon_domain::{
    account::{Account, Asset, Balance, Capped, Forgiven, Hold, Lot, Wallet},
    entry::{Entry, Granted, Kind, Posting, Reason},
    id::{HoldId, MemberId, Operation, OrderId},
    money::Money,
    order::OrderState,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    StoreError,
    keys::{Key, due_shard},
};

pub(crate) type Item = HashMap<String, AttributeValue>;

/// A member's account.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct AccountItem {
    #[serde(flatten)]
    key: Key,
    member: MemberId,
    pub(crate) version: u64,
    settled_to: i64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    wallets: BTreeMap<String, WalletItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    holds: Vec<HoldItem>,
    /// Order, points, sequence of the reversal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    forgiven: Vec<(OrderId, i64, u64)>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    qualifying: BTreeMap<String, i64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    caps: BTreeMap<String, Capped>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    taken: BTreeMap<String, i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_shard: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) due: Option<i64>,
}

/// A lot: when it activates, when it expires (Unix seconds), how many.
type LotItem = (Option<i64>, Option<i64>, i64);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct WalletItem {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lots: Vec<LotItem>,
    #[serde(default, skip_serializing_if = "is_zero")]
    debt: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(units: &i64) -> bool {
    *units == 0
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct HoldItem {
    id: HoldId,
    lots: Vec<LotItem>,
    worth: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<OrderId>,
    lapses_at: i64,
    version: u32,
    since: u64,
}

fn lot_item(lot: &Lot) -> LotItem {
    (lot.activates.map(Timestamp::as_second), lot.expires.map(Timestamp::as_second), lot.amount)
}

fn lot((activates, expires, amount): LotItem) -> Lot {
    Lot { activates: activates.map(second), expires: expires.map(second), amount }
}

/// An instant from stored seconds; what the calendar cannot hold was never written.
fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
}

/// An instant from stored milliseconds.
fn millisecond(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(millisecond).unwrap_or(Timestamp::MAX)
}

impl AccountItem {
    pub(crate) fn new(account: &Account, due: Option<Timestamp>) -> Self {
        let wallet = |(asset, wallet): (&Asset, &Wallet)| {
            let lots = wallet.lots.iter().map(lot_item).collect();
            (String::from(*asset), WalletItem { lots, debt: wallet.debt })
        };
        let hold = |hold: &Hold| HoldItem {
            id: hold.id.clone(),
            lots: hold.lots.iter().map(lot_item).collect(),
            worth: hold.worth,
            order: hold.order.clone(),
            lapses_at: hold.lapses_at.as_second(),
            version: hold.version,
            since: hold.since,
        };
        let used = account
            .wallets
            .iter()
            .filter(|(_, wallet)| !wallet.lots.is_empty() || wallet.debt != 0);
        Self {
            key: Key::account(&account.member),
            member: account.member.clone(),
            version: account.sequence,
            settled_to: account.settled_to.as_second(),
            wallets: used.map(wallet).collect(),
            holds: account.holds.iter().map(hold).collect(),
            forgiven: account
                .forgiven
                .iter()
                .map(|f| (f.order.clone(), f.points, f.since))
                .collect(),
            qualifying: account
                .qualifying
                .iter()
                .map(|(year, points)| (year.to_string(), *points))
                .collect(),
            caps: account
                .caps
                .iter()
                .map(|((rule, period), capped)| (format!("{rule}/{period}"), *capped))
                .collect(),
            taken: account
                .taken
                .iter()
                .map(|((reward, period), n)| (format!("{reward}/{period}"), *n))
                .collect(),
            tier: account.tier.clone(),
            due_shard: due.map(|_| due_shard(&account.member)),
            due: due.map(Timestamp::as_second),
        }
    }

    pub(crate) fn into_account(self) -> Account {
        let wallet = |(asset, wallet): (String, WalletItem)| {
            let wallet_lots = wallet.lots.into_iter().map(lot).collect();
            Some((Asset::try_from(asset).ok()?, Wallet { lots: wallet_lots, debt: wallet.debt }))
        };
        let hold = |hold: HoldItem| Hold {
            id: hold.id,
            lots: hold.lots.into_iter().map(lot).collect(),
            worth: hold.worth,
            order: hold.order,
            lapses_at: second(hold.lapses_at),
            version: hold.version,
            since: hold.since,
        };
        let pair = |key: &str| {
            let (name, period) = key.split_once('/')?;
            Some((name.to_owned(), period.to_owned()))
        };
        Account {
            member: self.member,
            sequence: self.version,
            settled_to: second(self.settled_to),
            wallets: self.wallets.into_iter().filter_map(wallet).collect(),
            holds: self.holds.into_iter().map(hold).collect(),
            forgiven: self
                .forgiven
                .into_iter()
                .map(|(order, points, since)| Forgiven { order, points, since })
                .collect(),
            qualifying: self
                .qualifying
                .into_iter()
                .filter_map(|(year, n)| Some((year.parse().ok()?, n)))
                .collect(),
            caps: self
                .caps
                .into_iter()
                .filter_map(|(key, capped)| {
                    let (rule, period) = pair(&key)?;
                    Some(((rule.as_str().into(), period), capped))
                })
                .collect(),
            taken: self.taken.into_iter().filter_map(|(key, n)| Some((pair(&key)?, n))).collect(),
            tier: self.tier,
        }
    }
}

/// An entry, under its operation: the guard that makes the operation happen once, and a line of the member's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct EntryItem {
    #[serde(flatten)]
    key: Key,
    pub(crate) member: MemberId,
    pub(crate) sequence: u64,
    at: i64,
    recorded_at: i64,
    version: u32,
    kind: Kind,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    postings: Vec<Posting>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<Reason>,
    /// Available, pending, held points after it.
    balance: (i64, i64, i64),
    /// Digest of the request, on the first entry of an operation that a client named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) digest: Option<String>,
    /// What is known of the order, on the newest entry of an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<OrderState>,
}

impl EntryItem {
    pub(crate) fn new(
        member: &MemberId,
        entry: &Entry,
        digest: Option<&str>,
        order: Option<OrderState>,
    ) -> Self {
        let Balance { available, pending, held } = entry.balance;
        Self {
            key: Key::entry(&entry.operation, entry.index),
            member: member.clone(),
            sequence: entry.sequence,
            at: entry.at.as_millisecond(),
            recorded_at: entry.recorded_at.as_millisecond(),
            version: entry.version,
            kind: entry.kind.clone(),
            postings: entry.postings.clone(),
            reasons: entry.reasons.clone(),
            balance: (available, pending, held),
            digest: digest.map(str::to_owned),
            order,
        }
    }

    pub(crate) fn into_entry(self) -> Entry {
        let (operation, index) = self.key.named();
        let (available, pending, held) = self.balance;
        Entry {
            operation,
            index,
            sequence: self.sequence,
            at: millisecond(self.at),
            recorded_at: millisecond(self.recorded_at),
            version: self.version,
            kind: self.kind,
            postings: self.postings,
            reasons: self.reasons,
            balance: Balance { available, pending, held },
        }
    }
}

/// A line of a member's history.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEntry {
    /// The entry.
    pub entry: Entry,
}

/// News of an order that moved no points: kept, because it decides what older news mean that come later.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct NoteItem {
    #[serde(flatten)]
    key: Key,
    recorded_at: i64,
    order: OrderState,
}

impl NoteItem {
    /// `order.written` counts the note already.
    pub(crate) fn new(operation: &Operation, order: OrderState, now: Timestamp) -> Self {
        let key = Key::entry(operation, order.written.saturating_sub(1));
        Self { key, recorded_at: now.as_millisecond(), order }
    }
}

/// An event that gave nothing, and why: what it came to is final, whatever the member or the programme become later.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct EventNoteItem {
    #[serde(flatten)]
    key: Key,
    recorded_at: i64,
    pub(crate) reasons: Vec<Reason>,
}

impl EventNoteItem {
    pub(crate) fn new(operation: &Operation, reasons: &[Reason], now: Timestamp) -> Self {
        let key = Key::entry(operation, 0);
        Self { key, recorded_at: now.as_millisecond(), reasons: reasons.to_vec() }
    }
}

/// What the newest item of an order says; entry or note.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct OrderItem {
    #[serde(default)]
    pub(crate) order: OrderState,
}

/// What tells whether a name was used, and for what; the first entry of an operation, or a [`RequestItem`].
#[derive(Debug, Deserialize)]
pub(crate) struct FirstItem {
    #[serde(default)]
    pub(crate) digest: Option<String>,
    /// Of an entry, not of a note.
    #[serde(default)]
    pub(crate) sequence: Option<u64>,
    /// Of an entry, or of an event that gave nothing.
    #[serde(default)]
    pub(crate) reasons: Vec<Reason>,
}

/// The digest of a request whose effect is kept elsewhere (news of an order sent with an idempotency key).
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RequestItem {
    #[serde(flatten)]
    key: Key,
    pub(crate) digest: String,
}

impl RequestItem {
    pub(crate) fn new(operation: &Operation, digest: &str) -> Self {
        Self { key: Key::entry(operation, 0), digest: digest.to_owned() }
    }
}

/// What a redemption gave a member.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct GrantItem {
    #[serde(flatten)]
    key: Key,
    sequence: u64,
    at: i64,
    reward: String,
    version: u32,
    grants: Vec<Granted>,
}

/// What a redemption gave a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRecord {
    /// The sequence of the redemption's entry.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// The reward.
    pub reward: String,
    /// The programme version.
    pub version: u32,
    /// What was given.
    pub grants: Vec<Granted>,
}

impl GrantItem {
    /// The grant item of a redemption; `None` for other entries.
    pub(crate) fn of(member: &MemberId, entry: &Entry) -> Option<Self> {
        let Kind::Redemption { reward, grants } = &entry.kind else { return None };
        Some(Self {
            key: Key::grant(member, entry.sequence),
            sequence: entry.sequence,
            at: entry.at.as_millisecond(),
            reward: reward.clone(),
            version: entry.version,
            grants: grants.clone(),
        })
    }

    pub(crate) fn into_record(self) -> GrantRecord {
        let Self { sequence, at, reward, version, grants, .. } = self;
        GrantRecord { sequence, at: millisecond(at), reward, version, grants }
    }
}

/// A code that was given.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CodeItem {
    #[serde(flatten)]
    key: Key,
    member: MemberId,
    operation: Operation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pool: Option<String>,
}

impl CodeItem {
    pub(crate) fn new(
        code: &str,
        member: &MemberId,
        operation: &Operation,
        pool: Option<&str>,
    ) -> Self {
        let pool = pool.map(str::to_owned);
        Self { key: Key::code(code), member: member.clone(), operation: operation.clone(), pool }
    }
}

/// A published version of the programme.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct VersionItem {
    #[serde(flatten)]
    key: Key,
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
            version,
            effective: effective.as_second(),
            published_at: published_at.as_second(),
            source: source.to_owned(),
        }
    }
}

/// An event that waits for a repaired rule. It carries the domain's event, which has no personal data.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ParkedItem {
    #[serde(flatten)]
    pub(crate) key: Key,
    pub(crate) event: String,
    pub(crate) problem: String,
    pub(crate) recorded_at: i64,
}

impl ParkedItem {
    pub(crate) fn new(digest: &str, event: String, problem: String, now: Timestamp) -> Self {
        Self { key: Key::parked(digest), event, problem, recorded_at: now.as_millisecond() }
    }

    pub(crate) fn recorded_at(&self) -> Timestamp {
        millisecond(self.recorded_at)
    }
}

pub(crate) fn to_item<T: Serialize>(item: &T) -> Result<Item, StoreError> {
    Ok(serde_dynamo::to_item(item)?)
}

pub(crate) fn from_item<T: DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    Ok(serde_dynamo::from_item(item)?)
}

#[cfg(test)]
mod tests;

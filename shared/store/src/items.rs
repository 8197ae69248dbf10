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
    CodeItem: "a code",
}

pub(crate) type Item = HashMap<String, AttributeValue>;

/// A member's account.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct AccountItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    member: MemberId,
    /// Number of entries so far: what guards concurrent writes.
    pub(crate) revision: u64,
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

fn lot((activates, expires, amount): LotItem) -> Option<Lot> {
    let date = |seconds: Option<i64>| seconds.map(second).map_or(Some(None), |at| at.map(Some));
    Some(Lot { activates: date(activates)?, expires: date(expires)?, amount })
}

fn lots(lots: Vec<LotItem>) -> Option<Vec<Lot>> {
    lots.into_iter().map(lot).collect()
}

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
            f: FORM,
            member: account.member.clone(),
            revision: account.sequence,
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

    /// When the index says that something is due.
    pub(crate) fn due(&self) -> Result<Option<Timestamp>, StoreError> {
        let at = |seconds| second(seconds).ok_or_else(|| corrupt::<Self>("due"));
        self.due.map(at).transpose()
    }

    /// The account.
    ///
    /// # Errors
    /// If any of it cannot be read: an account that misses a part would be decided on, and written back without it.
    pub(crate) fn into_account(self) -> Result<Account, StoreError> {
        let wallet = |(asset, wallet): (String, WalletItem)| {
            let asset = Asset::try_from(asset).ok()?;
            Some((asset, Wallet { lots: lots(wallet.lots)?, debt: wallet.debt }))
        };
        let hold = |hold: HoldItem| {
            Some(Hold {
                id: hold.id,
                lots: lots(hold.lots)?,
                worth: hold.worth,
                order: hold.order,
                lapses_at: second(hold.lapses_at)?,
                version: hold.version,
                since: hold.since,
            })
        };
        let pair = |key: &str| {
            let (name, period) = key.split_once('/')?;
            Some((name.to_owned(), period.to_owned()))
        };
        let cap = |(key, capped): (String, Capped)| {
            let (rule, period) = pair(&key)?;
            Some(((rule.as_str().into(), period), capped))
        };
        let year = |(year, points): (String, i64)| Some((year.parse().ok()?, points));
        let forgiven = |(order, points, since)| Forgiven { order, points, since };
        let missing = |attribute| move || corrupt::<Self>(attribute);
        let (wallets, holds) = (self.wallets.into_iter(), self.holds.into_iter());
        let (qualifying, caps) = (self.qualifying.into_iter(), self.caps.into_iter());
        let taken = self.taken.into_iter().map(|(key, times)| Some((pair(&key)?, times)));
        Ok(Account {
            member: self.member,
            sequence: self.revision,
            settled_to: second(self.settled_to).ok_or_else(missing("settled_to"))?,
            wallets: wallets.map(wallet).collect::<Option<_>>().ok_or_else(missing("wallets"))?,
            holds: holds.map(hold).collect::<Option<_>>().ok_or_else(missing("holds"))?,
            forgiven: self.forgiven.into_iter().map(forgiven).collect(),
            qualifying: qualifying
                .map(year)
                .collect::<Option<_>>()
                .ok_or_else(missing("qualifying"))?,
            caps: caps.map(cap).collect::<Option<_>>().ok_or_else(missing("caps"))?,
            taken: taken.collect::<Option<_>>().ok_or_else(missing("taken"))?,
            tier: self.tier,
        })
    }
}

/// An entry, under its operation: the guard that makes the operation happen once, and a line of the member's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct EntryItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
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
            f: FORM,
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

    pub(crate) fn into_entry(self) -> Result<Entry, StoreError> {
        let (operation, index) = self.key.named().ok_or_else(|| corrupt::<Self>("sk"))?;
        let (available, pending, held) = self.balance;
        Ok(Entry {
            operation,
            index,
            sequence: self.sequence,
            at: millisecond(self.at).ok_or_else(|| corrupt::<Self>("at"))?,
            recorded_at: millisecond(self.recorded_at)
                .ok_or_else(|| corrupt::<Self>("recorded_at"))?,
            version: self.version,
            kind: self.kind,
            postings: self.postings,
            reasons: self.reasons,
            balance: Balance { available, pending, held },
        })
    }
}

/// News of an order that moved no points: kept, because it decides what older news mean that come later.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct NoteItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    recorded_at: i64,
    order: OrderState,
}

impl NoteItem {
    /// `order.written` counts the note already.
    pub(crate) fn new(operation: &Operation, order: OrderState, now: Timestamp) -> Self {
        let key = Key::entry(operation, order.written.saturating_sub(1));
        Self { key, f: FORM, recorded_at: now.as_millisecond(), order }
    }
}

/// An event that gave nothing, and why: what it came to is final, whatever the member or the programme become later.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct EventNoteItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    recorded_at: i64,
    pub(crate) reasons: Vec<Reason>,
}

impl EventNoteItem {
    pub(crate) fn new(operation: &Operation, reasons: &[Reason], now: Timestamp) -> Self {
        let key = Key::entry(operation, 0);
        Self { key, f: FORM, recorded_at: now.as_millisecond(), reasons: reasons.to_vec() }
    }
}

/// What the newest item of an order says; entry or note. Without its state an order would be taken for one never seen, and
/// earn again: that is an error.
#[derive(Debug, Deserialize)]
pub(crate) struct OrderItem {
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
    f: u32,
    pub(crate) digest: String,
}

impl RequestItem {
    pub(crate) fn new(operation: &Operation, digest: &str) -> Self {
        Self { key: Key::entry(operation, 0), f: FORM, digest: digest.to_owned() }
    }
}

/// What a redemption gave a member.
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
            f: FORM,
            sequence: entry.sequence,
            at: entry.at.as_millisecond(),
            reward: reward.clone(),
            version: entry.version,
            grants: grants.clone(),
        })
    }

    pub(crate) fn into_record(self) -> Result<GrantRecord, StoreError> {
        let Self { sequence, at, reward, version, grants, .. } = self;
        let at = millisecond(at).ok_or_else(|| corrupt::<Self>("at"))?;
        Ok(GrantRecord { sequence, at, reward, version, grants })
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

//! What stands under an operation's name, as stored: entries, notes, and claimed keys.

use guerdon_domain::{
    account::Balance,
    entry::{Entry, Kind, Posting, Reason},
    id::{MemberId, Operation},
    order::OrderState,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FORM, corrupt, millisecond};
use crate::{StoreError, keys::Key};

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
    /// The names of what the same write wrote after the operation, on its first entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    then: Vec<(Operation, u32)>,
    /// What is known of the order, on the newest entry of an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<OrderState>,
}

impl EntryItem {
    pub(crate) fn new(
        member: &MemberId,
        entry: &Entry,
        first: Option<(&str, Vec<(Operation, u32)>)>,
        order: Option<OrderState>,
    ) -> Self {
        let Balance { available, pending, held } = entry.balance;
        let (digest, then) = first.unzip();
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
            then: then.unwrap_or_default(),
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
    #[serde(default)]
    pub(crate) then: Vec<(Operation, u32)>,
    /// Of an entry, not of a note.
    #[serde(default)]
    pub(crate) sequence: Option<u64>,
    /// Of an entry, or of an event that gave nothing.
    #[serde(default)]
    pub(crate) reasons: Vec<Reason>,
}

/// The digest of a request whose effect is kept elsewhere, or that has none (an event sent with an idempotency key).
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

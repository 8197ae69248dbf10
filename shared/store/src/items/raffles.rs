//! What the raffle table holds of raffles: entrants, how far a raffle is, pages of the frozen list, records.

use guerdon_domain::{
    draw::{
        hash::Hash,
        list::{Entrant, Summary},
        pages::{Builder, Page, PageId},
    },
    id::{ChanceId, MemberId},
    raffle::stage::{Announcement, Stage},
};
use serde::{Deserialize, Serialize};

use super::{FORM, corrupt};
use crate::{
    StoreError,
    keys::Key,
    raffles::{Edition, Freezing, RaffleState},
};

/// An entrant: what the frozen list has of them, and who they are.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct EntrantItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    pub(crate) member: MemberId,
    pub(crate) tickets: i64,
}

impl EntrantItem {
    pub(crate) fn new(
        raffle: &ChanceId,
        entrant: Entrant,
        member: &MemberId,
        tickets: i64,
    ) -> Self {
        let key = Key::entrant(raffle.as_str(), entrant);
        Self { key, f: FORM, member: member.clone(), tickets }
    }

    pub(crate) fn entrant(&self) -> Result<Entrant, StoreError> {
        self.key.sk.parse().map_err(|_| corrupt::<Self>("sk"))
    }

    /// Its tickets, which are never negative.
    pub(crate) fn count(&self) -> Result<u64, StoreError> {
        u64::try_from(self.tickets).map_err(|_| corrupt::<Self>("tickets"))
    }
}

/// A raffle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RaffleItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    /// How often it was written: what guards concurrent writes.
    revision: u64,
    stage: Stage,
    announcement: Announcement,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    freezing: Option<FreezingItem>,
    /// Entrants, tickets, root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list: Option<(u64, u64, Hash)>,
    /// The newest edition of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<EditionItem>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct EditionItem {
    digest: Hash,
    parts: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct FreezingItem {
    shard: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Entrant>,
    #[serde(with = "bytes")]
    builder: Vec<u8>,
}

/// Bytes as DynamoDB keeps them, not as a list of numbers.
mod bytes {
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl serde::de::Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }
        from.deserialize_byte_buf(Bytes)
    }
}

impl RaffleItem {
    pub(crate) fn new(state: &RaffleState) -> Self {
        let freezing = |freezing: &Freezing| FreezingItem {
            shard: freezing.shard,
            after: freezing.after,
            builder: freezing.builder.to_bytes(),
        };
        Self {
            key: Key::raffle(&state.announcement.announced.raffle),
            f: FORM,
            revision: state.revision,
            stage: state.stage,
            announcement: state.announcement.clone(),
            freezing: state.freezing.as_ref().map(freezing),
            list: state.list.map(|list| (list.entrants, list.tickets, list.root)),
            record: state.record.map(|Edition { digest, parts }| EditionItem { digest, parts }),
        }
    }

    pub(crate) fn into_state(self) -> Result<RaffleState, StoreError> {
        let freezing = |item: FreezingItem| {
            let builder = Builder::from_bytes(&item.builder);
            let builder = builder.map_err(|_| corrupt::<Self>("freezing"))?;
            Ok::<_, StoreError>(Freezing { shard: item.shard, after: item.after, builder })
        };
        Ok(RaffleState {
            revision: self.revision,
            stage: self.stage,
            announcement: self.announcement,
            freezing: self.freezing.map(freezing).transpose()?,
            list: self.list.map(|(entrants, tickets, root)| Summary { entrants, tickets, root }),
            record: self.record.map(|EditionItem { digest, parts }| Edition { digest, parts }),
        })
    }
}

/// A page of a frozen list, in the form of [`Page::to_bytes`].
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PageItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    #[serde(with = "bytes")]
    page: Vec<u8>,
}

impl PageItem {
    pub(crate) fn new(raffle: &str, id: PageId, page: &Page) -> Self {
        Self { key: Key::page(raffle, id), f: FORM, page: page.to_bytes() }
    }

    pub(crate) fn into_page(self, level: u8) -> Result<Page, StoreError> {
        Page::from_bytes(level, &self.page).map_err(|_| corrupt::<Self>("page"))
    }
}

/// A part of a record's text.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RecordItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    pub(crate) text: String,
}

impl RecordItem {
    pub(crate) fn new(raffle: &str, digest: &Hash, part: u32, text: String) -> Self {
        Self { key: Key::record(raffle, digest, part), f: FORM, text }
    }
}

//! Raffles: how far each is, the freezing of its list, the pages and the record of its draw.

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use futures_util::future::try_join_all;
use guerdon_domain::{
    draw::{
        self,
        beacon::Beacon,
        hash::Hash,
        list::{Entrant, Summary},
        pages::{Builder, Drawing, Page, PageId, Step, WrongPage},
        record::Record,
    },
    id::MemberId,
    planted::{self, Bug},
    raffle::stage::{Announcement, Stage},
};

use crate::{
    Ledger, StoreError,
    commit::{ABSENT, ABSENT_OR_SAME, UNCHANGED, sent},
    items::{EntrantItem, Item, PageItem, RaffleItem, RecordItem, corrupt, from_item, to_item},
    keys::{Key, entrants_partition},
};

/// Entrants read at once while a list is frozen.
const ENTRANTS_READ: i32 = 4096;
/// After so many reads it is noted how far freezing is.
const READS_PER_NOTE: u32 = 16;
/// Bytes of a record's text in one item, which may have 400 KB.
const RECORD_PART: usize = 300_000;

/// A raffle, as far as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct RaffleState {
    /// How often it was written: what guards concurrent writes.
    pub(crate) revision: u64,
    /// How far it is.
    pub stage: Stage,
    /// What was announced.
    pub announcement: Announcement,
    /// How far freezing its list is, if it was interrupted.
    pub freezing: Option<Freezing>,
    /// What its list came to, once frozen.
    pub list: Option<Summary>,
    /// The newest edition of its record, once drawn.
    pub record: Option<Edition>,
}

impl RaffleState {
    /// The raffle's id.
    pub fn id(&self) -> &str {
        &self.announcement.announced.raffle
    }
}

/// An edition of a record: the first, or one with disqualifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition {
    /// Its digest.
    pub digest: Hash,
    /// Items in which its text is stored.
    pub parts: u32,
}

/// How far the freezing of a list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freezing {
    /// The shard that is being read: the first byte of its pseudonyms.
    pub shard: u8,
    /// The entrant of the shard that was read last.
    pub after: Option<Entrant>,
    /// The pages that are not complete yet.
    pub builder: Builder,
}

/// What a run of freezing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frozen {
    /// The list is frozen.
    Done,
    /// It was told to stop; the next run goes on from there.
    Stopped,
    /// Another run is at it.
    LostRace,
}

/// A member's place on a raffle's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who.
    pub member: MemberId,
    /// Their tickets.
    pub tickets: u64,
}

impl Ledger {
    /// A raffle; `None` if it was not announced.
    pub async fn raffle(&self, raffle: &str) -> Result<Option<RaffleState>, StoreError> {
        let item: Option<RaffleItem> =
            self.get_from(&self.tables.raffle, &Key::raffle(raffle)).await?;
        item.map(RaffleItem::into_state).transpose()
    }

    /// Announces a raffle, once and for good: if it was announced already, that announcement stands.
    pub async fn announce(&self, announcement: Announcement) -> Result<RaffleState, StoreError> {
        let state = RaffleState {
            revision: 1,
            stage: Stage::Announced,
            announcement,
            freezing: None,
            list: None,
            record: None,
        };
        if self.put_raffle(&state, None).await? {
            return Ok(state);
        }
        self.raffle(state.id()).await?.ok_or_else(|| corrupt::<RaffleItem>("pk"))
    }

    /// Writes a raffle that was read, changed by `change`, if nobody wrote it meanwhile; whether it was written.
    pub async fn move_raffle(
        &self,
        state: &mut RaffleState,
        change: impl FnOnce(&mut RaffleState),
    ) -> Result<bool, StoreError> {
        let mut next = state.clone();
        change(&mut next);
        next.revision = state.revision.saturating_add(1);
        let written = self.put_raffle(&next, Some(state.revision)).await?;
        if written {
            *state = next;
        }
        Ok(written)
    }

    async fn put_raffle(
        &self,
        state: &RaffleState,
        expected: Option<u64>,
    ) -> Result<bool, StoreError> {
        let item = to_item(&RaffleItem::new(state))?;
        let put = self.client.put_item().table_name(&self.tables.raffle).set_item(Some(item));
        let put = match expected {
            Some(_) if planted::is(Bug::DropTheRaffle) => put,
            Some(expected) => put
                .condition_expression(UNCHANGED)
                .expression_attribute_values(":expected", AttributeValue::N(expected.to_string())),
            None => put.condition_expression(ABSENT),
        };
        sent(put).await
    }

    /// Freezes the list of a closed raffle: reads its entrants in the list's order, a few thousand at a time, and writes its pages.
    ///
    /// Stops when `stop` says so, and goes on from there the next time. What a run does again, it does the same: the entrants of a
    /// raffle do not change after its grace, and a page is written only if it is new or the same.
    pub async fn freeze(
        &self,
        state: &mut RaffleState,
        stop: impl Fn() -> bool,
    ) -> Result<Frozen, StoreError> {
        let raffle = state.id().to_owned();
        let start = Freezing { shard: 0, after: None, builder: Builder::default() };
        let mut at = state.freezing.clone().unwrap_or(start);
        let mut reads = 0_u32;
        loop {
            let (entrants, more) = self.entrants(&raffle, at.shard, at.after).await?;
            let mut pages = Vec::new();
            for (entrant, tickets) in &entrants {
                at.after = Some(*entrant);
                if *tickets > 0 {
                    let done = at.builder.push(*entrant, *tickets);
                    pages.extend(done.map_err(|_| corrupt::<EntrantItem>("tickets"))?);
                }
            }
            self.put_pages(&raffle, &pages).await?;
            if !more {
                let Some(next) = at.shard.checked_add(1) else { break };
                (at.shard, at.after) = (next, None);
            }
            reads = reads.saturating_add(1);
            let stopped = stop();
            if stopped && planted::is(Bug::DrawBeforeFrozen) {
                break;
            }
            if stopped || reads.is_multiple_of(READS_PER_NOTE) && !entrants.is_empty() {
                let note = at.clone();
                if !self.move_raffle(state, |state| state.freezing = Some(note)).await? {
                    return Ok(Frozen::LostRace);
                }
            }
            if stopped {
                return Ok(Frozen::Stopped);
            }
        }
        let (pages, list) = at.builder.finish();
        self.put_pages(&raffle, &pages).await?;
        let frozen = self.move_raffle(state, |state| {
            (state.stage, state.freezing, state.list) = (Stage::Frozen, None, Some(list));
        });
        Ok(if frozen.await? { Frozen::Done } else { Frozen::LostRace })
    }

    /// Some entrants of a shard, in order, and whether there are more.
    async fn entrants(
        &self,
        raffle: &str,
        shard: u8,
        after: Option<Entrant>,
    ) -> Result<(Vec<(Entrant, u64)>, bool), StoreError> {
        let partition = entrants_partition(raffle, shard);
        let start = after.map(|after| to_item(&Key::entrant(raffle, after))).transpose()?;
        let page = self
            .client
            .query()
            .table_name(&self.tables.raffle)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(partition))
            .set_exclusive_start_key(start)
            .limit(ENTRANTS_READ)
            .send()
            .await
            .map_err(|error| StoreError::call("Query", error))?;
        let more = page.last_evaluated_key.is_some();
        let entrant = |item: Item| {
            let item: EntrantItem = from_item(item)?;
            Ok((item.entrant()?, item.count()?))
        };
        let entrants = page.items.unwrap_or_default().into_iter().map(entrant);
        Ok((entrants.collect::<Result<_, StoreError>>()?, more))
    }

    async fn put_pages(&self, raffle: &str, pages: &[(PageId, Page)]) -> Result<(), StoreError> {
        let put = |(id, page): &(PageId, Page)| {
            let item = to_item(&PageItem::new(raffle, *id, page))?;
            let same = AttributeValue::B(Blob::new(page.to_bytes()));
            let put = self.client.put_item().table_name(&self.tables.raffle).set_item(Some(item));
            Ok(put.condition_expression(ABSENT_OR_SAME).expression_attribute_values(":page", same))
        };
        let puts = pages.iter().map(put).collect::<Result<Vec<_>, StoreError>>()?;
        let written = try_join_all(puts.into_iter().map(sent)).await?;
        if written.into_iter().all(|written| written) {
            return Ok(());
        }
        Err(StoreError::ListChanged { raffle: raffle.to_owned() })
    }

    /// A page of a frozen list, which must be there.
    pub async fn page(&self, raffle: &str, id: PageId) -> Result<Page, StoreError> {
        let item: Option<PageItem> =
            self.get_from(&self.tables.raffle, &Key::page(raffle, id)).await?;
        item.ok_or(WrongPage { level: id.level, number: id.number })?.into_page(id.level)
    }

    /// Draws a frozen raffle from its pages; `None` if it is not frozen. What is written is the caller's to say.
    pub async fn draw(
        &self,
        state: &RaffleState,
        operator_seed: Hash,
        beacon: Option<Beacon>,
    ) -> Result<Option<Record>, StoreError> {
        let Some(list) = state.list else { return Ok(None) };
        let announced = state.announcement.announced.clone();
        let randomness: Option<&Hash> = beacon.as_ref().map(|beacon| &beacon.randomness);
        let seed = draw::draw_seed(&announced.raffle, &list.root, &operator_seed, randomness);
        let wanted = usize::try_from(announced.wanted()).unwrap_or(usize::MAX);
        let mut drawing = Drawing::new(list, seed, wanted);
        let drawn = loop {
            match drawing.step()? {
                Step::Done(drawn) => break drawn,
                Step::Read(id) => drawing.supply(self.page(&announced.raffle, id).await?)?,
            }
        };
        Ok(Some(Record::new(announced, list, operator_seed, beacon, drawn)))
    }

    /// Who stands behind a pseudonym, and with how many tickets.
    pub async fn entrant(
        &self,
        raffle: &str,
        entrant: Entrant,
    ) -> Result<Option<Entry>, StoreError> {
        let key = Key::entrant(raffle, entrant);
        let item: Option<EntrantItem> = self.get_from(&self.tables.raffle, &key).await?;
        let entry = |item: EntrantItem| Ok(Entry { tickets: item.count()?, member: item.member });
        item.map(entry).transpose()
    }

    /// A member's pseudonym in a raffle.
    ///
    /// # Errors
    /// If this function was not given the key of chance.
    pub fn pseudonym(&self, raffle: &str, member: &MemberId) -> Result<Entrant, StoreError> {
        Ok(Entrant::of(&self.chance()?.pseudonyms(raffle), member))
    }

    /// Writes an edition of a raffle's record, and that the raffle is drawn, if nobody wrote the raffle since it was read; whether
    /// it was written. Before the raffle says so, nobody sees the edition.
    pub async fn put_record(
        &self,
        state: &mut RaffleState,
        record: &Record,
    ) -> Result<bool, StoreError> {
        let (raffle, digest) = (state.id().to_owned(), record.digest());
        let canonical = record.canonical();
        // The canonical form may hold any letter in a name; a part ends where a letter does.
        let mut rest = canonical.as_str();
        let mut parts = 0_u32;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.floor_char_boundary(RECORD_PART));
            rest = after;
            let item = to_item(&RecordItem::new(&raffle, &digest, parts, piece.to_owned()))?;
            let put = self.client.put_item().table_name(&self.tables.raffle).set_item(Some(item));
            put.send().await.map_err(|error| StoreError::call("PutItem", error))?;
            parts = parts.saturating_add(1);
        }
        let edition = Edition { digest, parts };
        self.move_raffle(state, |state| {
            (state.stage, state.record) = (Stage::Drawn, Some(edition));
        })
        .await
    }

    /// The canonical text of the newest edition of a raffle's record; `None` before it is drawn.
    pub async fn record_text(&self, state: &RaffleState) -> Result<Option<String>, StoreError> {
        let Some(edition) = state.record else { return Ok(None) };
        let parts = (0..edition.parts).map(|part| async move {
            let key = Key::record(state.id(), &edition.digest, part);
            let item: Option<RecordItem> = self.get_from(&self.tables.raffle, &key).await?;
            item.map(|item| item.text).ok_or_else(|| corrupt::<RecordItem>("text"))
        });
        Ok(Some(try_join_all(parts).await?.concat()))
    }

    /// The record of a raffle; `None` before it is drawn.
    pub async fn record(&self, state: &RaffleState) -> Result<Option<Record>, StoreError> {
        let Some(text) = self.record_text(state).await? else { return Ok(None) };
        let record = Record::parse(text.as_bytes());
        record.map(Some).map_err(|_| corrupt::<RecordItem>("text"))
    }
}

//! The ledger: loads accounts, and posts operations exactly once.

use std::{
    hash::{BuildHasher as _, Hasher as _, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use aws_smithy_async::rt::sleep::AsyncSleep as _;
use guerdon_domain::{
    account::Account,
    chance::ChanceKey,
    decision::Decision,
    earn::{self, EventOutcome},
    entry::{Entry, Kind, Reason},
    event::MemberEvent,
    id::{MemberId, Operation},
    planted::{self, Bug},
    programme::Versions,
    redeem,
    rejection::Refusal,
    settle,
};
use jiff::Timestamp;

use crate::{
    PostError, StoreError,
    commit::{Cancelled, PLANTED_WINDOW, Tables, cancelled, parts, writes},
    items::{
        AccountItem, EntryItem, EventNoteItem, FirstItem, Item, Stored, corrupt, from_item, to_item,
    },
    keys::{Key, operation_partition},
    settling::next_due,
};

/// How often a decision is made again after another writer came first.
pub(crate) const ATTEMPTS_MAX: u32 = 40;

/// The ledger, programme and raffle tables.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(crate) client: Client,
    pub(crate) tables: Tables,
    /// What tells the pauses of racing writers apart.
    jitter: Arc<AtomicU64>,
    /// The key of chance, if this function has it.
    chance: Option<ChanceKey>,
}

/// A client's name for an operation, and a digest of what it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The operation.
    pub operation: Operation,
    /// Digest of the content: the same name with other content is refused.
    pub digest: String,
}

/// What an operation came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    /// The entries of the operation.
    pub entries: Vec<Entry>,
    /// What the same write wrote after them: what they made due, such as the expiry of points that came back too late, and
    /// what a capture changes for its order.
    pub then: Vec<Entry>,
    /// Whether an earlier attempt had posted them.
    pub replayed: bool,
}

impl Posted {
    /// What a decision that was written now came to.
    pub(crate) fn now(decision: &Decision, operation: &Operation) -> Self {
        let entries = decision.of(operation).cloned().collect();
        Self { entries, then: decision.then(operation).cloned().collect(), replayed: false }
    }

    /// All that it wrote, in order.
    pub fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().chain(&self.then)
    }
}

/// What an event that is not an order came to.
#[derive(Debug, Clone, PartialEq)]
pub enum EventAnswer {
    /// Points moved.
    Posted(Posted),
    /// No rule gave anything, and none ever will for this very event.
    Noted {
        /// Why.
        reasons: Vec<Reason>,
        /// Whether it was answered so before.
        replayed: bool,
    },
}

impl EventAnswer {
    /// Whether it was answered so before.
    pub fn replayed(&self) -> bool {
        match self {
            Self::Posted(posted) => posted.replayed,
            Self::Noted { replayed, .. } => *replayed,
        }
    }
}

/// An account as read, and when the index says it is due.
pub(crate) struct Loaded {
    pub(crate) account: Account,
    pub(crate) due: Option<Timestamp>,
}

/// How an attempt at a request begins.
pub(crate) enum Begun {
    /// It was posted before.
    Answered(Posted),
    /// It is to be decided on this account.
    Open(Box<Loaded>),
}

/// What trying to commit a decision came to.
pub(crate) enum Committed {
    Done,
    LostRace,
}

impl Ledger {
    /// A ledger kept in these tables, without the key of chance.
    pub fn new(client: Client, tables: Tables) -> Self {
        let seed = RandomState::new().build_hasher().finish();
        Self { client, tables, jitter: Arc::new(AtomicU64::new(seed)), chance: None }
    }

    /// The same with the key of chance, which whatever writes entrants of a raffle or decides a play needs.
    #[must_use]
    pub fn with_chance(self, chance: Option<ChanceKey>) -> Self {
        Self { chance, ..self }
    }

    /// The key of chance.
    ///
    /// # Errors
    /// If this function was not given it.
    pub fn chance(&self) -> Result<&ChanceKey, StoreError> {
        self.chance.as_ref().ok_or(StoreError::NoChanceKey)
    }

    /// The same with pauses that follow from a seed.
    #[must_use]
    pub fn with_jitter(self, seed: u64) -> Self {
        Self { jitter: Arc::new(AtomicU64::new(seed)), ..self }
    }

    /// Posts what `decide` decides on the member's account, exactly once per request, for ever.
    ///
    /// `decide` runs again, on fresh state, whenever another writer came first: it must be pure. An earlier success is
    /// looked up before deciding, since the rules may refuse today what they allowed then.
    pub async fn post(
        &self,
        member: &MemberId,
        versions: &Versions,
        request: &Request,
        now: Timestamp,
        decide: impl Fn(&Account) -> Result<Decision, Refusal>,
    ) -> Result<Posted, PostError> {
        for attempt in 0..ATTEMPTS_MAX {
            if planted::is(Bug::DecideBeforeLookUp) {
                decide(&self.load(member).await?.account)?;
            }
            let loaded = match self.begin(attempt, request, member, versions, now).await? {
                Begun::Answered(posted) => return Ok(posted),
                Begun::Open(loaded) => loaded,
            };
            let decided = decide(&loaded.account);
            if let Some(posted) = self.end(versions, &loaded, decided, request, now).await? {
                return Ok(posted);
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX }.into())
    }

    /// Posts what the rules give for an event that is not an order, once and for ever.
    ///
    /// An event that gives nothing is noted under its name with the reasons: a repeat is answered alike, even if the member
    /// or the programme have changed since.
    pub async fn event(
        &self,
        versions: &Versions,
        event: &MemberEvent,
        now: Timestamp,
    ) -> Result<EventAnswer, PostError> {
        let request = Request { operation: earn::operation(event), digest: String::new() };
        for attempt in 0..ATTEMPTS_MAX {
            self.pause(attempt).await;
            let operation = &request.operation;
            let (done, loaded) =
                tokio::try_join!(self.event_done(operation), self.load(&event.member))?;
            if let Some(done) = done {
                return Ok(done);
            }
            let account = self.settled(loaded, versions, now).await?;
            match earn::event(&account.account, versions, operation, event, now)? {
                EventOutcome::Nothing(reasons) => {
                    let note = to_item(&EventNoteItem::new(operation, &reasons, now))?;
                    if planted::is(Bug::ForgetTheEvent) || self.put_absent(note).await? {
                        return Ok(EventAnswer::Noted { reasons, replayed: false });
                    }
                }
                EventOutcome::Posted(decision) => {
                    if let Some(posted) =
                        self.post_decided(versions, &account, &decision, &request, now).await?
                    {
                        return Ok(EventAnswer::Posted(posted));
                    }
                }
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX }.into())
    }

    /// What an event came to when it was taken before.
    async fn event_done(&self, operation: &Operation) -> Result<Option<EventAnswer>, StoreError> {
        let first: Option<FirstItem> = self.get(&Key::entry(operation, 0)).await?;
        let Some(first) = first else { return Ok(None) };
        if first.sequence.is_none() {
            return Ok(Some(EventAnswer::Noted { reasons: first.reasons, replayed: true }));
        }
        let posted = self.posted_before(operation, &first.then).await?;
        Ok(Some(EventAnswer::Posted(posted)))
    }

    /// A member's account as last written; `None` for a member never seen.
    pub async fn account(&self, member: &MemberId) -> Result<Option<Account>, StoreError> {
        let item: Option<AccountItem> = self.get(&Key::account(member)).await?;
        item.map(AccountItem::into_account).transpose()
    }

    /// The account for a decision; an empty one for a member never seen.
    pub(crate) async fn load(&self, member: &MemberId) -> Result<Loaded, StoreError> {
        let item: Option<AccountItem> = self.get(&Key::account(member)).await?;
        let Some(item) = item else {
            return Ok(Loaded { account: Account::new(member.clone()), due: None });
        };
        let due = item.due()?;
        Ok(Loaded { account: item.into_account()?, due })
    }

    /// Begins an attempt at a request: its earlier answer, or the account, settled, to decide on. Both are read together.
    pub(crate) async fn begin(
        &self,
        attempt: u32,
        request: &Request,
        member: &MemberId,
        versions: &Versions,
        now: Timestamp,
    ) -> Result<Begun, PostError> {
        self.pause(attempt).await;
        let (done, loaded) = tokio::try_join!(self.done(request), self.load(member))?;
        let forgotten = |posted: &Posted| {
            let first = posted.entries.first().map(|entry| entry.recorded_at);
            planted::is(Bug::RememberForAMonth) && first.is_some_and(|at| at + PLANTED_WINDOW < now)
        };
        Ok(match done?.filter(|posted| !forgotten(posted)) {
            Some(posted) => Begun::Answered(posted),
            None => Begun::Open(Box::new(self.settled(loaded, versions, now).await?)),
        })
    }

    /// Ends an attempt at a request with what was decided: its answer, or `None` if another writer came first.
    pub(crate) async fn end(
        &self,
        versions: &Versions,
        loaded: &Loaded,
        decided: Result<Decision, Refusal>,
        request: &Request,
        now: Timestamp,
    ) -> Result<Option<Posted>, PostError> {
        match decided {
            Ok(decision) => self.post_decided(versions, loaded, &decision, request, now).await,
            Err(refusal) => self.refused(request, refusal).await.map(Some),
        }
    }

    /// Applies the decision on a request: its entries, or `None` if another writer came first.
    pub(crate) async fn post_decided(
        &self,
        versions: &Versions,
        loaded: &Loaded,
        decision: &Decision,
        request: &Request,
        now: Timestamp,
    ) -> Result<Option<Posted>, PostError> {
        match self.commit(versions, loaded, decision, Some(request), now).await? {
            Committed::LostRace => Ok(None),
            Committed::Done => Ok(Some(Posted::now(decision, &request.operation))),
        }
    }

    /// Applies a decision in one transaction.
    pub(crate) async fn commit(
        &self,
        versions: &Versions,
        loaded: &Loaded,
        decision: &Decision,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<Committed, PostError> {
        let due = next_due(loaded.due, settle::next_due(&decision.account, versions), now);
        let named = request.map(|request| (&request.operation, request.digest.as_str()));
        let (items, refusals) =
            parts(writes((&self.tables, self.chance.as_ref()), decision, named, due, now)?);
        if planted::is(Bug::TwoWrites) {
            return self.commit_apart(items).await;
        }
        let call = self.client.transact_write_items().set_transact_items(Some(items));
        let Err(error) = call.send().await else { return Ok(Committed::Done) };
        match error.as_service_error().and_then(|error| cancelled(error, &refusals)) {
            Some(Cancelled::LostRace) if planted::is(Bug::ConflictIsDone) => Ok(Committed::Done),
            Some(Cancelled::LostRace) => {
                tracing::debug!("another writer came first");
                Ok(Committed::LostRace)
            }
            Some(Cancelled::Refused(reason)) => {
                let rule = decision
                    .entries
                    .iter()
                    .rev()
                    .find_map(rule_of)
                    .unwrap_or_else(|| "ledger".to_owned());
                Err(reason.by(rule, versions.at(now).version).into())
            }
            None => Err(StoreError::call("TransactWriteItems", error).into()),
        }
    }

    /// The planted bug of writing an operation in more than one call.
    async fn commit_apart(
        &self,
        items: Vec<aws_sdk_dynamodb::types::TransactWriteItem>,
    ) -> Result<Committed, PostError> {
        for item in items.into_iter().rev() {
            let call = self.client.transact_write_items().transact_items(item);
            if call.send().await.is_err() {
                return Ok(Committed::LostRace);
            }
        }
        Ok(Committed::Done)
    }

    /// The earlier answer to a request, or that its name was used for another.
    pub(crate) async fn done(
        &self,
        request: &Request,
    ) -> Result<Result<Option<Posted>, PostError>, StoreError> {
        let first: Option<FirstItem> = self.get(&Key::entry(&request.operation, 0)).await?;
        let Some(first) = first else { return Ok(Ok(None)) };
        if first.digest.as_ref() != Some(&request.digest) && !planted::is(Bug::AnswerByNameAlone) {
            return Ok(Err(PostError::KeyReused));
        }
        Ok(Ok(Some(self.posted_before(&request.operation, &first.then).await?)))
    }

    /// What an operation came to when it was posted, and what was written with it.
    async fn posted_before(
        &self,
        operation: &Operation,
        then: &[(Operation, u32)],
    ) -> Result<Posted, StoreError> {
        let entries = self.entries_of(operation).await?;
        let mut written = Vec::with_capacity(then.len());
        for (operation, index) in then {
            let entry: Option<EntryItem> = self.get(&Key::entry(operation, *index)).await?;
            let entry = entry.ok_or_else(|| corrupt::<EntryItem>("then"))?;
            written.push(entry.into_entry()?);
        }
        Ok(Posted { entries, then: written, replayed: true })
    }

    /// What a refusal comes to: the earlier answer, if another delivery of the request was posted between the two reads.
    ///
    /// They are made together, so the account may know already what the look-up did not; then the rules refuse it a
    /// second time.
    pub(crate) async fn refused(
        &self,
        request: &Request,
        refusal: Refusal,
    ) -> Result<Posted, PostError> {
        if planted::is(Bug::RefuseWithoutLookingAgain) {
            return Err(refusal.into());
        }
        self.done(request).await??.ok_or_else(|| refusal.into())
    }

    /// All entries of an operation, in order.
    pub async fn entries_of(&self, operation: &Operation) -> Result<Vec<Entry>, StoreError> {
        let items = self.partition(operation_partition(operation), None).await?.into_iter();
        let entries = items.filter(|item| item.contains_key("sequence"));
        entries.map(|item| from_item::<EntryItem>(item)?.into_entry()).collect()
    }

    /// Every item of a partition of the ledger, or some attributes of each, read consistently.
    pub(crate) async fn partition(
        &self,
        partition: String,
        attributes: Option<&str>,
    ) -> Result<Vec<Item>, StoreError> {
        let items = self
            .client
            .query()
            .table_name(&self.tables.ledger)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(partition))
            .set_projection_expression(attributes.map(str::to_owned))
            .into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<Item>, _>>();
        items.await.map_err(|error| StoreError::call("Query", error))
    }

    /// Reads an item, consistently.
    pub(crate) async fn get<T: Stored>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        self.get_from(&self.tables.ledger, key).await
    }

    /// Reads an item of a table, consistently.
    pub(crate) async fn get_from<T: Stored>(
        &self,
        table: &str,
        key: &Key,
    ) -> Result<Option<T>, StoreError> {
        let get = self.client.get_item().table_name(table).set_key(Some(to_item(key)?));
        let get = get.consistent_read(!planted::is(Bug::ReadStale));
        let output = get.send().await.map_err(|error| StoreError::call("GetItem", error))?;
        output.item.map(from_item).transpose()
    }

    /// Waits a little before a decision is made again, longer each time, each writer differently.
    pub(crate) async fn pause(&self, attempt: u32) {
        let Some(sleep) = self.client.config().sleep_impl().filter(|_| attempt > 1) else { return };
        // Low bits of a Weyl sequence are poor, so the high ones are taken.
        let jitter = (self.jitter.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed) >> 33) % 17;
        sleep
            .sleep(Duration::from_millis(
                u64::from(attempt.min(20)).saturating_mul(3).saturating_add(jitter),
            ))
            .await;
    }
}

/// The rule that a claim of this entry was made under.
fn rule_of(entry: &Entry) -> Option<String> {
    match &entry.kind {
        Kind::Redemption { reward, .. } => Some(redeem::rule(reward)),
        _ => None,
    }
}

//! Settling accounts: before an operation, by the sweep of due ones, and the index that lists them.

use aws_sdk_dynamodb::{operation::update_item::UpdateItemError, types::AttributeValue};
use guerdon_domain::{
    account::Overflow,
    decision::Decision,
    id::MemberId,
    planted::{self, Bug},
    programme::Versions,
    settle,
};
use jiff::Timestamp;

use crate::{
    Ledger, PostError, StoreError,
    items::{AccountItem, Item, corrupt, to_item},
    keys::{DUE, DUE_SHARDS, Key, member_of, shard_name},
    ledger::{ATTEMPTS_MAX, Committed, Loaded},
};

/// Entries that are due and written beside an operation at most. DynamoDB takes 100 items, and there are the account, up to 10
/// grants of mystery gifts that are revealed, and the operation's own: entries, grants, stock, and two for each code of a
/// pool, of which a reward with a mystery gift may have 25.
const ENTRIES_MAX: usize = 24;

impl Ledger {
    /// Settles what is due for a member; whether anything was.
    pub async fn settle(
        &self,
        member: &MemberId,
        versions: &Versions,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        for attempt in 0..ATTEMPTS_MAX {
            self.pause(attempt).await;
            let loaded = self.load(member).await?;
            let account = self.settled(loaded, versions, now).await?;
            let decision = match settle::settle(&account.account, versions, now)? {
                Some(decision) => decision,
                None if account.due.is_some_and(|due| due <= now) => {
                    return self.move_due(&account, versions).await;
                }
                None => return Ok(false),
            };
            if self.commit_settlement(versions, &account, &decision, now).await? {
                return Ok(true);
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX })
    }

    /// One page of the members that the index says are due, of one of its partitions.
    ///
    /// Members settle out of the index, so asking again for the first page is how to go on: a sweep that is interrupted
    /// resumes by starting over.
    pub async fn due(
        &self,
        shard: u8,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<MemberId>, StoreError> {
        let page = self
            .client
            .query()
            .table_name(&self.tables.ledger)
            .index_name(DUE)
            .key_condition_expression("due_shard = :shard AND due <= :now")
            .expression_attribute_values(":shard", AttributeValue::S(shard_name(shard)))
            .expression_attribute_values(":now", AttributeValue::N(now.as_second().to_string()))
            .limit(limit)
            .send()
            .await
            .map_err(|error| StoreError::call("Query", error))?;
        let member = |item: &Item| {
            let member = item.get("pk").and_then(|pk| member_of(pk.as_s().ok()?));
            member.ok_or_else(|| corrupt::<AccountItem>("pk"))
        };
        page.items().iter().map(member).collect()
    }

    /// Partitions of the index of due accounts.
    pub fn due_shards() -> std::ops::Range<u8> {
        0..DUE_SHARDS
    }

    /// Commits settlements in steps, if more is due than fits beside an operation in one transaction.
    pub(crate) async fn settled(
        &self,
        loaded: Loaded,
        versions: &Versions,
        now: Timestamp,
    ) -> Result<Loaded, StoreError> {
        let mut loaded = loaded;
        if let Some(version) = versions.missing_for(&loaded.account) {
            return Err(StoreError::UnknownVersion { version });
        }
        let mut attempts = 0;
        while attempts < ATTEMPTS_MAX {
            self.pause(attempts).await;
            let Some(all) = settle::settle(&loaded.account, versions, now)? else {
                return Ok(loaded);
            };
            let Some(last) = all.entries.get(ENTRIES_MAX) else { return Ok(loaded) };
            let step = settle::settle(&loaded.account, versions, last.at)?;
            let Some(mut step) = step else { return Ok(loaded) };
            if step.entries.len() > ENTRIES_MAX.saturating_add(15) {
                step = settle::settle(&loaded.account, versions, before(last.at))?.unwrap_or(step);
            }
            // Whoever gets on may go on; whoever loses races only gives up in the end.
            let done = self.commit_settlement(versions, &loaded, &step, now).await?;
            attempts = if done { 0 } else { attempts.saturating_add(1) };
            loaded = self.load(&loaded.account.member).await?;
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX })
    }

    /// Applies a settlement, which claims nothing and so cannot be refused; `false` if another writer came first.
    async fn commit_settlement(
        &self,
        versions: &Versions,
        loaded: &Loaded,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        match self.commit(versions, loaded, decision, None, now).await {
            Ok(Committed::Done) => Ok(true),
            Ok(Committed::LostRace) => Ok(false),
            Err(PostError::Store(error)) => Err(error),
            Err(PostError::Refused(_) | PostError::KeyReused | PostError::Rule(_)) => {
                Err(Overflow.into())
            }
        }
    }

    /// Moves an account in the index of due ones after nothing was due at its old place.
    async fn move_due(&self, loaded: &Loaded, versions: &Versions) -> Result<bool, StoreError> {
        let due = settle::next_due(&loaded.account, versions);
        let update = self.client.update_item().table_name(&self.tables.ledger);
        let update = update
            .set_key(Some(to_item(&Key::account(&loaded.account.member))?))
            .condition_expression("revision = :expected")
            .expression_attribute_values(
                ":expected",
                AttributeValue::N(loaded.account.sequence.to_string()),
            );
        let update = match due {
            Some(due) => update.update_expression("SET due = :due").expression_attribute_values(
                ":due",
                AttributeValue::N(due.as_second().to_string()),
            ),
            None => update.update_expression("REMOVE due, due_shard"),
        };
        match update.send().await {
            Ok(_) => Ok(false),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(true)
            }
            Err(error) => Err(StoreError::call("UpdateItem", error)),
        }
    }
}

/// Just before an instant.
fn before(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().saturating_sub(1)).unwrap_or(at)
}

/// When the index should bring the account up again.
///
/// Too early is harmless (nothing is due, and it moves on), and leaving the index alone is free: so it only ever moves an
/// account forward to an earlier instant, or away from one that has come.
pub(crate) fn next_due(
    stored: Option<Timestamp>,
    actual: Option<Timestamp>,
    now: Timestamp,
) -> Option<Timestamp> {
    match (stored.filter(|stored| *stored > now), actual) {
        (Some(stored), Some(_)) if planted::is(Bug::LoseTheDue) => Some(stored),
        (Some(stored), Some(actual)) => Some(stored.min(actual)),
        (Some(stored), None) => Some(stored),
        (None, actual) => actual,
    }
}

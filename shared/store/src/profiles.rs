//! Profiles, and the marks of links that were used.

use aws_sdk_dynamodb::types::AttributeValue;
use guerdon_domain::{id::MemberId, profile::Profile};
use jiff::Timestamp;

use crate::{
    Ledger, StoreError,
    commit::{ABSENT, UNCHANGED, Write, cancelled, erasure, parts, profile_writes, sent},
    items::{ProfileItem, UsedItem, to_item},
    keys::Key,
    ledger::ATTEMPTS_MAX,
};

impl Ledger {
    /// A member's profile; an empty one if they never told anything.
    pub async fn profile(&self, member: &MemberId) -> Result<Profile, StoreError> {
        let item: Option<ProfileItem> = self.get(&Key::profile(member)).await?;
        Ok(item.map(|item| item.profile).unwrap_or_default())
    }

    /// Changes a member's profile; what it is then. Lost races change again on what is there.
    ///
    /// Whether they are on the leaderboard changes with it: who withdrew must not be found by the next ranking.
    pub async fn change_profile(
        &self,
        member: &MemberId,
        change: impl Fn(Profile) -> Profile,
    ) -> Result<Profile, StoreError> {
        for attempt in 0..ATTEMPTS_MAX {
            self.pause(attempt).await;
            let item: Option<ProfileItem> = self.get(&Key::profile(member)).await?;
            let revision = item.as_ref().map_or(0, |item| item.revision);
            let before = item.map(|item| item.profile).unwrap_or_default();
            let profile = change(before.clone());
            if profile == before {
                return Ok(profile);
            }
            let next = ProfileItem::new(member, profile.clone(), revision.saturating_add(1));
            let together = before.on_leaderboard().is_some() != profile.on_leaderboard().is_some();
            let done = if together {
                let writes = profile_writes(&self.tables, member, &next, revision)?;
                self.write_all(writes).await?
            } else {
                self.put_profile(&next, revision).await?
            };
            if done {
                return Ok(profile);
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX })
    }

    /// Writes a profile alone; whether nobody changed it since it was read.
    async fn put_profile(&self, next: &ProfileItem, revision: u64) -> Result<bool, StoreError> {
        let put = self.client.put_item().table_name(&self.tables.ledger);
        let put = put.set_item(Some(to_item(next)?));
        let expected = AttributeValue::N(revision.to_string());
        let put = match revision {
            0 => put.condition_expression(ABSENT),
            _ => put
                .condition_expression(UNCHANGED)
                .expression_attribute_values(":expected", expected),
        };
        sent(put).await
    }

    /// Erases a member's profile, and takes them off the leaderboard with it.
    pub(crate) async fn erase_profile(&self, member: &MemberId) -> Result<(), StoreError> {
        for attempt in 0..ATTEMPTS_MAX {
            self.pause(attempt).await;
            if self.write_all(erasure(&self.tables, member)?).await? {
                return Ok(());
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX })
    }

    /// Writes all of it or nothing; whether no other writer came first.
    async fn write_all(&self, writes: Vec<Write>) -> Result<bool, StoreError> {
        let (items, refusals) = parts(writes);
        let call = self.client.transact_write_items().set_transact_items(Some(items));
        let Err(error) = call.send().await else { return Ok(true) };
        match error.as_service_error().and_then(|error| cancelled(error, &refusals)) {
            Some(_) => Ok(false),
            None => Err(StoreError::call("TransactWriteItems", error)),
        }
    }

    /// Uses a token that is good once, until an instant; whether it was unused.
    pub async fn use_token(
        &self,
        member: &MemberId,
        token: &str,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let item = to_item(&UsedItem::new(member, token, until))?;
        let put = self.client.put_item().table_name(&self.tables.ledger).set_item(Some(item));
        sent(put.condition_expression(ABSENT)).await
    }
}

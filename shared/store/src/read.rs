//! Reading a member's history, page by page, and everything at once for an export.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{
    AttributeValue, KeysAndAttributes, builders::KeysAndAttributesBuilder,
};
use guerdon_domain::{account::Account, entry::Entry, id::MemberId, profile::Profile};

use crate::{
    GrantRecord, Ledger, StoreError,
    items::{EntryItem, Item, Stored, from_item, to_item},
    keys::{self, HISTORY, Key, Part, member_partition},
    ledger::ATTEMPTS_MAX,
};

/// Keys that DynamoDB reads in one call.
pub(crate) const KEYS_MAX: usize = 100;

/// A page of history, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Ask for entries before this sequence to go on; `None` at the end.
    pub before: Option<u64>,
}

/// Everything that is kept of a member.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// The account.
    pub account: Option<Account>,
    /// All entries, newest first.
    pub entries: Vec<Entry>,
    /// All grants, newest first.
    pub grants: Vec<GrantRecord>,
    /// What they told of themselves.
    pub profile: Profile,
}

impl Ledger {
    /// A page of a member's entries with sequences below `before`, newest first.
    ///
    /// The index follows the table within moments. Sequences have no gaps, so a reader can see whether a page is complete.
    pub async fn history(
        &self,
        member: &MemberId,
        before: Option<u64>,
        limit: i32,
    ) -> Result<Page, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.ledger)
            .index_name(HISTORY)
            .key_condition_expression("#member = :member AND #sequence < :before")
            .expression_attribute_names("#member", "member")
            .expression_attribute_names("#sequence", "sequence")
            .expression_attribute_values(":member", AttributeValue::S(member.to_string()))
            .expression_attribute_values(
                ":before",
                AttributeValue::N(before.unwrap_or(u64::MAX).to_string()),
            )
            .scan_index_forward(false)
            .limit(limit);
        let page = query.send().await.map_err(|error| StoreError::call("Query", error))?;
        let more = page.last_evaluated_key.is_some();
        let entries = page.items.unwrap_or_default().into_iter();
        let entries: Vec<Entry> = entries
            .map(|item| from_item::<EntryItem>(item)?.into_entry())
            .collect::<Result<_, StoreError>>()?;
        let before = entries.last().map(|entry| entry.sequence).filter(|last| more && *last > 1);
        Ok(Page { entries, before })
    }

    /// Reads items of the ledger table by their keys, in any order; what is not there is left out.
    ///
    /// DynamoDB may leave some unread, of a page that is too big or when it is asked for too much: it is asked for them again.
    pub(crate) async fn get_each<T: Stored>(
        &self,
        keys: &[Key],
        how: impl Fn(KeysAndAttributesBuilder) -> KeysAndAttributesBuilder,
    ) -> Result<Vec<T>, StoreError> {
        let mut items = Vec::with_capacity(keys.len());
        for keys in keys.chunks(KEYS_MAX) {
            let keys = keys.iter().map(to_item).collect::<Result<_, _>>()?;
            let wanted = how(KeysAndAttributes::builder().set_keys(Some(keys))).build()?;
            let mut unread = HashMap::from([(self.tables.ledger.clone(), wanted)]);
            let mut attempts = 0;
            while !unread.is_empty() {
                if attempts == ATTEMPTS_MAX {
                    let source = format!("it left keys unread {attempts} times").into();
                    return Err(StoreError::Call { call: "BatchGetItem", source });
                }
                self.pause(attempts).await;
                attempts = attempts.saturating_add(1);
                let call = self.client.batch_get_item().set_request_items(Some(unread));
                let output =
                    call.send().await.map_err(|error| StoreError::call("BatchGetItem", error))?;
                let found = output.responses.unwrap_or_default().into_values().flatten();
                for item in found {
                    items.push(from_item(item)?);
                }
                unread = output.unprocessed_keys.unwrap_or_default();
            }
        }
        Ok(items)
    }

    /// Everything that is kept of a member.
    pub async fn export(&self, member: &MemberId) -> Result<Export, StoreError> {
        let account = self.account(member).await?;
        let mut entries = Vec::new();
        let mut before = None;
        loop {
            let page = self.history(member, before, 100).await?;
            entries.extend(page.entries);
            before = page.before;
            if before.is_none() {
                break;
            }
        }
        let (grants, profile) = (self.grants(member).await?, self.profile(member).await?);
        Ok(Export { account, entries, grants, profile })
    }

    /// Erases what a member told of themselves, their place on the leaderboard, and the list of what they were given. The account and the entries stay under the platform's reference alone: they
    /// are the programme's books, and hold no name, address or contact. Codes that were given stand in them, since a repeated
    /// request gets its first answer for ever; and on the list of codes, so that none is given twice.
    pub async fn erase(&self, member: &MemberId) -> Result<(), StoreError> {
        let keys = self.partition(member_partition(member), Some("pk, sk")).await?;
        let profile = to_item(&Key::profile(member))?;
        if keys.contains(&profile) {
            self.erase_profile(member).await?;
        }
        // What tells that a link was used says nothing of the member, and a link that is good once stays so.
        let goes = |key: &Item| {
            let sort_key = key.get("sk").and_then(|sk| sk.as_s().ok());
            sort_key.is_some_and(|sk| matches!(keys::part(sk), Part::Grant | Part::Other))
        };
        for key in keys.into_iter().filter(goes) {
            let delete =
                self.client.delete_item().table_name(&self.tables.ledger).set_key(Some(key));
            delete.send().await.map_err(|error| StoreError::call("DeleteItem", error))?;
        }
        Ok(())
    }
}

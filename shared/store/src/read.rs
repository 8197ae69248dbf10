//! Reading a member's history, page by page, and everything at once for an export.

use aws_sdk_dynamodb::types::AttributeValue;
use guerdon_domain::{account::Account, entry::Entry, id::MemberId};

use crate::{
    GrantRecord, Ledger, StoreError,
    items::{EntryItem, Item, from_item, to_item},
    keys::{HISTORY, Key, member_partition},
};

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
        Ok(Export { account, entries, grants: self.grants(member).await? })
    }

    /// Erases the list of what a member was given. The account and the entries stay under the platform's reference alone: they
    /// are the programme's books, and hold no name, address or contact. Codes that were given stand in them, since a repeated
    /// request gets its first answer for ever; and on the list of codes, so that none is given twice.
    pub async fn erase(&self, member: &MemberId) -> Result<(), StoreError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.tables.ledger)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(member_partition(member)))
            .projection_expression("pk, sk")
            .into_paginator()
            .items()
            .send();
        let mut keys: Vec<Item> = Vec::new();
        while let Some(item) = pages.next().await {
            keys.push(item.map_err(|error| StoreError::call("Query", error))?);
        }
        let account = to_item(&Key::account(member))?;
        for key in keys.into_iter().filter(|key| *key != account) {
            let delete =
                self.client.delete_item().table_name(&self.tables.ledger).set_key(Some(key));
            delete.send().await.map_err(|error| StoreError::call("DeleteItem", error))?;
        }
        Ok(())
    }
}

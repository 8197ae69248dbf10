//! Reading what statements are made from: whole members, one after the other, and their entries back to where a period begins.

use aws_sdk_dynamodb::types::AttributeValue;
use guerdon_domain::{account::Account, entry::Entry, id::MemberId, profile::Profile};

use crate::{
    GrantRecord, Ledger, StoreError,
    items::{AccountItem, GrantItem, Item, ProfileItem, from_item},
    keys::{self, Key, MEMBER_PREFIX, member_of, member_partition},
};

/// Entries read at first: as many as most members have in a month.
const FIRST_PAGE: i32 = 24;
/// Entries read at a time after those.
const PAGE: i32 = 100;
/// Sorts after all that a member has.
const LAST: &str = "~";
/// How often the history is read again while it lags behind the account.
const LAGS_MAX: u32 = 12;

/// A member with all that is kept of them but their entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The account; `None` if they never had one.
    pub account: Option<Account>,
    /// What they told of themselves.
    pub profile: Profile,
    /// What they were given, newest first.
    pub grants: Vec<GrantRecord>,
}

/// Some members of a segment of the ledger.
#[derive(Debug)]
pub struct Members {
    /// The members, each whole; one whose items cannot be read does not keep the others from being.
    pub members: Vec<(MemberId, Result<Record, StoreError>)>,
    /// Where to go on; `None` at the end of the segment.
    pub next: Option<String>,
}

impl Ledger {
    /// A member's entries, newest first: from the account's last one back to the first for which `need_before` is false, or to
    /// the very first. Entries that are newer than the account are not read.
    ///
    /// # Errors
    /// [`StoreError::Behind`] if the index does not have them all yet: it follows the table within moments, but sequences have
    /// no gaps, so that what is missing is seen, and read again for a while.
    pub async fn history_back_to(
        &self,
        account: &Account,
        need_before: impl Fn(&Entry) -> bool,
    ) -> Result<Vec<Entry>, StoreError> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut expected = account.sequence;
        let (mut lags, mut limit) = (0_u32, FIRST_PAGE);
        while expected > 0 {
            let before = expected.saturating_add(1);
            let page = self.history(&account.member, Some(before), limit).await?;
            limit = PAGE;
            let there = expected;
            for entry in page.entries {
                if entry.sequence != expected {
                    break;
                }
                let more = need_before(&entry);
                entries.push(entry);
                expected = expected.saturating_sub(1);
                if !more {
                    return Ok(entries);
                }
            }
            if expected == there {
                lags = lags.saturating_add(1);
                if lags > LAGS_MAX {
                    return Err(StoreError::Behind { sequence: expected });
                }
                self.pause(lags.saturating_mul(2)).await;
            }
        }
        Ok(entries)
    }

    /// A member with all that is kept of them but their entries.
    pub async fn record_of(&self, member: &MemberId) -> Result<Record, StoreError> {
        record(self.partition(member_partition(member), None).await?)
    }

    /// Where a page begins that goes on after a member.
    pub fn place_after(member: &MemberId) -> String {
        place(&Key { pk: member_partition(member), sk: LAST.to_owned() })
    }

    /// A page of the members of a segment, of so many segments, beginning where an earlier page said to go on.
    ///
    /// The items of a member stand together. If a page ends among them, that member is read whole and the page after it begins
    /// with the next, so that each member is on one page: whoever repeats a page gets the same members again.
    ///
    /// Reads are not strongly consistent, at half the price: an account may be some moments old. A statement of a period that
    /// ended minutes ago does not notice.
    pub async fn members(
        &self,
        segment: u32,
        segments: u32,
        start: Option<&str>,
    ) -> Result<Members, StoreError> {
        let start = start.map(from_place).transpose()?;
        let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        let scan = self
            .client
            .scan()
            .table_name(&self.tables.ledger)
            .segment(number(segment))
            .total_segments(number(segments))
            .filter_expression("begins_with(pk, :member)")
            .expression_attribute_values(":member", AttributeValue::S(MEMBER_PREFIX.to_owned()))
            .set_exclusive_start_key(start.as_ref().map(to_key));
        let page = scan.send().await.map_err(|error| StoreError::call("Scan", error))?;
        let next = page.last_evaluated_key.as_ref().map(key_of).transpose()?;
        let mut members: Vec<(MemberId, Vec<Item>)> = Vec::new();
        for item in page.items.unwrap_or_default() {
            let Key { pk, .. } = key_of(&item)?;
            // The member whose items the page before ended among was read whole by then.
            if start.as_ref().is_some_and(|start| start.pk == pk) {
                continue;
            }
            let Some(member) = member_of(&pk) else { continue };
            match members.last_mut().filter(|(last, _)| *last == member) {
                Some((_, items)) => items.push(item),
                None => members.push((member, vec![item])),
            }
        }
        let cut = next.as_ref().and_then(|next| member_of(&next.pk));
        let cut_before = start.as_ref().and_then(|start| member_of(&start.pk));
        let mut whole: Vec<_> = members
            .into_iter()
            .filter(|(member, _)| cut.as_ref() != Some(member))
            .map(|(member, items)| (member, record(items)))
            .collect();
        if let Some(member) = cut.filter(|cut| cut_before.as_ref() != Some(cut)) {
            let record = self.record_of(&member).await;
            whole.push((member, record));
        }
        Ok(Members { members: whole, next: next.as_ref().map(place) })
    }
}

/// What the items of a member's partition say.
fn record(items: Vec<Item>) -> Result<Record, StoreError> {
    let mut record = Record { account: None, profile: Profile::default(), grants: Vec::new() };
    for item in items {
        match keys::part(&key_of(&item)?.sk) {
            keys::Part::Account => {
                record.account = Some(from_item::<AccountItem>(item)?.into_account()?);
            }
            keys::Part::Profile => record.profile = from_item::<ProfileItem>(item)?.profile,
            keys::Part::Grant => record.grants.push(from_item::<GrantItem>(item)?.into_record()?),
            keys::Part::Used | keys::Part::Other => {}
        }
    }
    record.grants.sort_by_key(|grant| std::cmp::Reverse(grant.sequence));
    Ok(record)
}

fn key_of(item: &Item) -> Result<Key, StoreError> {
    let text = |name: &'static str| {
        let value = item.get(name).and_then(|value| value.as_s().ok());
        value.cloned().ok_or(StoreError::Corrupt { what: "an item", attribute: name })
    };
    Ok(Key { pk: text("pk")?, sk: text("sk")? })
}

fn to_key(key: &Key) -> Item {
    let Key { pk, sk } = key.clone();
    Item::from([("pk".to_owned(), AttributeValue::S(pk)), ("sk".to_owned(), AttributeValue::S(sk))])
}

/// A place to go on from, as a text that means nothing to others.
fn place(key: &Key) -> String {
    hex::encode(format!("{}\n{}", key.pk, key.sk))
}

fn from_place(place: &str) -> Result<Key, StoreError> {
    let text = hex::decode(place).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let key = text.as_deref().and_then(|text| text.split_once('\n'));
    let (pk, sk) =
        key.ok_or(StoreError::Corrupt { what: "a place to go on from", attribute: "start" })?;
    Ok(Key { pk: pk.to_owned(), sk: sk.to_owned() })
}

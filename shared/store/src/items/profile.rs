//! What members tell of themselves, and what was sent to them.

use guerdon_domain::{id::MemberId, profile::Profile};
use serde::{Deserialize, Serialize};

use super::{FORM, corrupt};
use crate::{
    StoreError,
    keys::{Key, member_of},
};

/// A member's profile: the one item with personal data.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ProfileItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    /// What guards concurrent changes.
    pub(crate) revision: u64,
    pub(crate) profile: Profile,
}

impl ProfileItem {
    pub(crate) fn new(member: &MemberId, profile: Profile, revision: u64) -> Self {
        Self { key: Key::profile(member), f: FORM, revision, profile }
    }

    /// Whose it is.
    pub(crate) fn member(&self) -> Result<MemberId, StoreError> {
        member_of(&self.key.pk).ok_or_else(|| corrupt::<Self>("pk"))
    }
}

/// The mark of a token that is good for one use.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UsedItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    /// When DynamoDB may forget it (Unix seconds): the token has expired by then, so that nothing depends on it.
    ttl: i64,
}

impl UsedItem {
    pub(crate) fn new(member: &MemberId, token: &str, until: jiff::Timestamp) -> Self {
        Self { key: Key::used(member, token), f: FORM, ttl: until.as_second() }
    }
}

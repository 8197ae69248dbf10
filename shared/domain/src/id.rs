//! Validated identifiers. Each is a short text that can stand in a key, a URL and a log line, and is cheap to clone.

use std::{fmt, sync::Arc};

use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::draw::list::Entrant;

/// The text is not an identifier of this kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a {what}: {reason}")]
pub struct InvalidId {
    /// What was expected: "member id".
    pub what: &'static str,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// 1 to `max` bytes of printable characters, without `#` (which separates the parts of a key).
fn validate(what: &'static str, text: &str, max: usize) -> Result<(), InvalidId> {
    let reason = if text.is_empty() {
        "it is empty"
    } else if text.len() > max {
        "it is too long"
    } else if text.contains('#') {
        "it contains '#'"
    } else if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        "it contains a space or a control character"
    } else {
        return Ok(());
    };
    Err(InvalidId { what, reason })
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $max:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Validates `text`.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                validate($what, &text, $max)?;
                Ok(Self(text.into()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// A member: the reference that the platform signs, such as `shopify:shop.myshopify.com:123`. At most 200 bytes.
    MemberId, "member id", 200
}

id! {
    /// An order: `platform:shop:id`. At most 200 bytes.
    OrderId, "order id", 200
}

id! {
    /// A hold on points. At most 64 bytes.
    HoldId, "hold id", 64
}

id! {
    /// A client's name for one request: the `Idempotency-Key` header. At most 200 bytes.
    RequestKey, "idempotency key", 200
}

impl OrderId {
    /// The platform that names it: what stands before the first colon.
    pub fn platform(&self) -> &str {
        let text = self.as_str();
        // A search for a character is made for long texts: it takes ten times as long.
        let end = text.bytes().position(|byte| byte == b':').unwrap_or(text.len());
        text.get(..end).unwrap_or_default()
    }
}

/// The id of an earn rule, or what stands in its place when no rule decided: "order", "clawback", the name of an event. At
/// most 60 bytes.
///
/// Every decision copies one for each rule: there is nothing to count or to free.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct RuleId(ArrayString<{ RuleId::MAX_BYTES }>);

impl RuleId {
    /// The longest.
    pub const MAX_BYTES: usize = crate::event::NAME_BYTES_MAX;

    /// The id of a rule of a programme.
    pub fn new(text: &str) -> Result<Self, InvalidId> {
        let too_long = InvalidId { what: "rule id", reason: "it is too long" };
        ArrayString::from(text).map(Self).map_err(|_| too_long)
    }

    /// What stands in the place of a rule.
    ///
    /// # Panics
    /// If it is too long: a bug, never a matter of input.
    pub fn of(word: &'static str) -> Self {
        Self::new(word).expect("a short word")
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq<&str> for RuleId {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of what one has tickets of: a raffle or an instant win. No two of a programme share one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChanceId(SmolStr);

impl ChanceId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ChanceId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl PartialEq<&str> for ChanceId {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl fmt::Display for ChanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How the names of what settling wrote begin.
const SETTLE: &str = "settle#";

/// The name of an operation. A name has at most one effect, for ever (law 2).
///
/// Spelled here and nowhere else, so that two kinds of operation can never share a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Operation(String);

impl Operation {
    /// All that happens to one order; entries of an order are numbered.
    pub fn order(order: &OrderId) -> Self {
        Self(["order#", order.as_str()].concat())
    }

    /// A request of an API client about a member.
    pub fn request(member: &MemberId, key: &RequestKey) -> Self {
        Self(format!("request#{member}#{key}"))
    }

    /// An event that can happen once in a member's life, such as signing up.
    pub fn once(member: &MemberId, event: &str) -> Self {
        Self(format!("once#{member}#{event}"))
    }

    /// An event of a member: its name, and the platform's id for this very occurrence, which it shares with no other event
    /// of that name.
    pub fn event(member: &MemberId, name: &str, id: &str) -> Self {
        Self(format!("event#{member}#{name}#{id}"))
    }

    /// The prize of a place in a raffle, given to an entrant: to the winner, or to whoever replaced them.
    pub fn prize(raffle: &str, place: u64, entrant: Entrant) -> Self {
        Self(format!("prize#{raffle}#{place}#{entrant}"))
    }

    /// The play of a game that another operation sets off: one for each.
    pub fn play(game: &str, of: &Self) -> Self {
        Self(format!("play#{game}#{of}"))
    }

    /// What ended a member's bid in an auction: the one that their entry number `since` made.
    pub fn bid(auction: &str, member: &MemberId, since: u64) -> Self {
        Self(format!("bid#{auction}#{member}#{since}"))
    }

    /// What settling an account wrote as its entry number `sequence`.
    pub fn settle(member: &MemberId, sequence: u64) -> Self {
        Self(format!("{SETTLE}{member}#{sequence}"))
    }

    /// Whether it is what settling an account wrote: what time alone did.
    pub fn is_settlement(&self) -> bool {
        self.0.starts_with(SETTLE)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Operation {
    fn from(text: String) -> Self {
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_cannot_forge_a_key() {
        assert!(MemberId::new("shopify:a.myshopify.com:1").is_ok());
        for bad in ["", "a#b", "a b", "a\nb", &"x".repeat(201)] {
            assert!(MemberId::new(bad).is_err(), "{bad:?}");
        }
    }
}

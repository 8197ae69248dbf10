//! What shops say, checked for authenticity and put into the domain's words.
//!
//! A webhook is first verified over its raw bytes ([`signature`]), then translated ([`translate`]). Translation is pure and
//! total: any bytes give a [`Translation`] or a [`PayloadError`] that names the field. Amounts never pass through a float, and
//! none but a tax of Shopify's is ever rounded. Whether something earns is not decided here; a [`Meaning`] tells an operator
//! what was understood.
//!
//! ```
//! use guerdon_commerce::{Platform, Translation, translate};
//!
//! let body = br#"{
//!     "id": 5001, "created_at": "2026-03-01T10:00:00+01:00", "currency": "EUR", "financial_status": "paid",
//!     "customer": {"id": 7001},
//!     "line_items": [{"id": 1, "quantity": 2, "price": "9.95", "discount_allocations": [{"amount": "1.00"}]}]
//! }"#;
//! let headers = |name: &str| match name {
//!     "x-shopify-topic" => Some("orders/paid"),
//!     "x-shopify-shop-domain" => Some("acme.myshopify.com"),
//!     _ => None,
//! };
//! let Translation::Event(_, meaning) = translate(Platform::Shopify, &headers, body)? else {
//!     panic!("an order is an event");
//! };
//! assert_eq!((meaning.earns, meaning.net_minor), (true, 1890));
//! # Ok::<(), guerdon_commerce::PayloadError>(())
//! ```

mod error;
mod json;
pub mod meaning;
mod objects;
pub mod shopify;
pub mod signature;
pub mod standard;
#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr};

use guerdon_domain::{event::Event, id::MemberId};
use serde::Serialize;

pub use crate::{
    error::{PayloadError, PayloadErrorKind},
    json::{BODY_BYTES_MAX, read},
    meaning::Meaning,
    signature::Headers,
};

/// A kind of shop that can call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// Shopify's own webhooks.
    Shopify,
    /// Any other shop, with the payloads of [`standard`].
    Standard,
}

impl Platform {
    /// The name, as it stands in member ids, order ids and URLs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shopify => "shopify",
            Self::Standard => "standard",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no platform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a platform: use \"shopify\" or \"standard\"")]
pub struct UnknownPlatform;

impl FromStr for Platform {
    type Err = UnknownPlatform;

    fn from_str(name: &str) -> Result<Self, UnknownPlatform> {
        [Self::Shopify, Self::Standard]
            .into_iter()
            .find(|platform| platform.name() == name)
            .ok_or(UnknownPlatform)
    }
}

/// What a payload says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Translation {
    /// Something that may earn, or take back.
    Event(Box<Event>, Meaning),
    /// A request about somebody's data, which the law answers with a deadline.
    Compliance(Compliance, Meaning),
    /// Nothing to do; `reason` in the meaning says why.
    Ignored(Meaning),
}

impl Translation {
    /// What was understood, for an operator.
    pub fn meaning(&self) -> &Meaning {
        match self {
            Self::Event(_, meaning) | Self::Compliance(_, meaning) | Self::Ignored(meaning) => {
                meaning
            }
        }
    }
}

/// A request about personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compliance {
    /// The shop's customer asks what is stored about them.
    DataRequest(MemberId),
    /// The shop's customer must be forgotten.
    Redact(MemberId),
    /// The shop left: all its customers must be forgotten. The shop's domain, as in the ids.
    RedactShop(String),
}

/// Translates one payload of `platform`.
///
/// Each platform reads its own headers, by lower-case names, and no other's: headers are not signed, so what a body can say
/// is taken from nowhere else.
pub fn translate(
    platform: Platform,
    headers: Headers<'_>,
    body: &[u8],
) -> Result<Translation, PayloadError> {
    match platform {
        Platform::Shopify => shopify::webhook(headers, body),
        Platform::Standard => standard::translate(body),
    }
}

//! Shopify's webhooks in the domain's words.
//!
//! Amounts are the shop's money (`shop_money`), never the customer's presentment money. A delivery's headers are not signed,
//! so nothing that matters is taken from them but the topic and the shop.

mod adjustments;
mod customer;
mod duties;
mod money;
mod order;
mod payments;
mod refund;
mod refund_line;
mod shipping;
mod taxes;
#[cfg(test)]
mod tests;

use guerdon_domain::id::{InvalidId, MemberId, OrderId};

use crate::{Meaning, PayloadError, Platform, Translation, json::NumericId, signature::Headers};

/// The header that says what happened.
pub const TOPIC_HEADER: &str = "x-shopify-topic";
/// The header that says where.
pub const SHOP_HEADER: &str = "x-shopify-shop-domain";

/// Translates a delivery: its topic and its shop stand in its headers, under either of two names.
pub(crate) fn webhook(headers: Headers<'_>, body: &[u8]) -> Result<Translation, PayloadError> {
    let header = |name: &str| {
        let value = headers(name).or_else(|| headers(name.trim_start_matches("x-")));
        value
            .filter(|value| !value.is_empty())
            .ok_or_else(|| PayloadError::malformed(format!("/headers/{name}"), "missing"))
    };
    translate(header(TOPIC_HEADER)?, header(SHOP_HEADER)?, body)
}

/// Translates the payload of a topic such as `orders/paid` from a shop such as `acme.myshopify.com`.
///
/// A topic that says nothing new is [`Translation::Ignored`] with the reason; its body is not read.
pub fn translate(topic: &str, shop: &str, body: &[u8]) -> Result<Translation, PayloadError> {
    let shop = Shop::new(shop)?;
    let ignored =
        |reason: &str| Ok(Translation::Ignored(Meaning::ignored(Platform::Shopify, topic, reason)));
    match topic {
        "orders/create"
        | "orders/paid"
        | "orders/updated"
        | "orders/cancelled"
        | "orders/fulfilled"
        | "orders/partially_fulfilled" => order::translate(topic, &shop, body),
        "refunds/create" => refund::translate(topic, &shop, body),
        "customers/create" => customer::joined(topic, &shop, body),
        "customers/data_request" | "customers/redact" | "shop/redact" => {
            customer::compliance(topic, body)
        }
        "orders/edited" => ignored("orders/updated carries the new state of an edited order"),
        "orders/delete" => {
            ignored("a deleted order says nothing of its money; orders/cancelled or refunds do")
        }
        "customers/update" => {
            ignored("only the customer's id matters here, and it does not change")
        }
        "customers/delete" => ignored("customers/redact asks for deletion, when it is due"),
        "customers/merge" => {
            ignored("accounts are not merged automatically; an operator can move points")
        }
        _ => ignored("not a topic that can earn"),
    }
}

/// The shop, as it stands in ids.
struct Shop(String);

impl Shop {
    /// Accepts a host name. A colon would let one shop's ids be read as another's.
    fn new(domain: &str) -> Result<Self, PayloadError> {
        Self::named(domain, &format!("/headers/{SHOP_HEADER}"))
    }

    /// As [`Shop::new`], from a field of the body.
    fn named(domain: &str, pointer: &str) -> Result<Self, PayloadError> {
        let domain = domain.to_ascii_lowercase();
        let valid = (1..=100).contains(&domain.len())
            && domain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        if valid {
            Ok(Self(domain))
        } else {
            Err(PayloadError::malformed(pointer, "the shop is not a host name"))
        }
    }

    fn member(&self, customer: NumericId, pointer: &str) -> Result<MemberId, PayloadError> {
        MemberId::new(format!("shopify:{}:{customer}", self.0))
            .map_err(|error| invalid(&error, pointer))
    }

    fn order(&self, order: NumericId, pointer: &str) -> Result<OrderId, PayloadError> {
        OrderId::new(format!("shopify:{}:{order}", self.0))
            .map_err(|error| invalid(&error, pointer))
    }
}

fn invalid(error: &InvalidId, pointer: &str) -> PayloadError {
    PayloadError::malformed(pointer, error.to_string())
}

//! Customers who join, and requests about their data.

use guerdon_domain::event::{Event, MemberEvent, SIGN_UP};
use jiff::Timestamp;
use serde::{Deserialize, de::IgnoredAny};

use super::Shop;
use crate::{
    Compliance, Meaning, PayloadError, Platform, Translation,
    json::{self, NumericId},
};

/// The topic comes from a header that is not signed. A signed order must not pass for a customer, so fields that only
/// orders and refunds have are looked for.
#[derive(Deserialize)]
struct Customer {
    id: NumericId,
    created_at: Timestamp,
    line_items: Option<IgnoredAny>,
    order_id: Option<IgnoredAny>,
}

/// For the same reason each request about data must have its own fields, and none of another's.
#[derive(Deserialize)]
struct Request {
    shop_domain: Option<String>,
    customer: Option<Person>,
    #[serde(rename = "data_request")]
    export: Option<IgnoredAny>,
    orders_requested: Option<IgnoredAny>,
    orders_to_redact: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Person {
    id: Option<NumericId>,
}

pub(super) fn joined(topic: &str, shop: &Shop, body: &[u8]) -> Result<Translation, PayloadError> {
    let customer: Customer = json::read(body)?;
    if customer.line_items.is_some() || customer.order_id.is_some() {
        return Err(PayloadError::malformed("", "this is not a customer"));
    }
    let member = shop.member(customer.id, "/id")?;
    let event =
        MemberEvent { member, name: SIGN_UP.to_owned(), key: None, at: customer.created_at };
    let event = Event::Member(event);
    let meaning = Meaning::of(Platform::Shopify, topic, &event, None, Vec::new());
    Ok(Translation::Event(Box::new(event), meaning))
}

pub(super) fn compliance(topic: &str, body: &[u8]) -> Result<Translation, PayloadError> {
    let request: Request = json::read(body)?;
    let asks = request.export.is_some() || request.orders_requested.is_some();
    let own = match topic {
        "customers/data_request" => request.orders_to_redact.is_none(),
        "customers/redact" => !asks,
        _ => !asks && request.orders_to_redact.is_none() && request.customer.is_none(),
    };
    if !own {
        return Err(PayloadError::malformed("", format!("this is not the payload of {topic}")));
    }
    let named =
        request.shop_domain.ok_or_else(|| PayloadError::malformed("/shop_domain", "missing"))?;
    // The header is not signed, and must not turn one shop's request on another's customers.
    let shop = Shop::named(&named, "/shop_domain")?;
    if topic == "shop/redact" {
        let meaning = Meaning::compliance(Platform::Shopify, topic, None);
        return Ok(Translation::Compliance(Compliance::RedactShop(shop.0), meaning));
    }
    let Some(id) = request.customer.and_then(|customer| customer.id) else {
        let reason = "it names no customer: nothing is stored of guests";
        return Ok(Translation::Ignored(Meaning::ignored(Platform::Shopify, topic, reason)));
    };
    let member = shop.member(id, "/customer/id")?;
    let meaning = Meaning::compliance(Platform::Shopify, topic, Some(member.clone()));
    let compliance = if topic == "customers/redact" {
        Compliance::Redact(member)
    } else {
        Compliance::DataRequest(member)
    };
    Ok(Translation::Compliance(compliance, meaning))
}

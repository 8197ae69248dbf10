//! Guerdon's own payload, for every shop that is not a platform by itself.
//!
//! It travels as a [Standard Webhook](https://www.standardwebhooks.com), signed as [`crate::signature::standard`] verifies:
//!
//! ```json
//! {"type": "order.paid", "timestamp": "2026-03-01T09:00:00Z", "data": {"shop": "acme", "order": {
//!     "id": "A-17", "member": "c-7", "placed_at": "2026-03-01T08:59:00Z", "status": "paid", "currency": "EUR",
//!     "lines": [{"id": "1", "product": "mug", "quantity": 2, "net": "17.90"}]}}}
//! ```
//!
//! - `order.created`, `.paid`, `.updated`, `.edited`, `.cancelled` carry the whole order: `id`, `placed_at`, `status`
//!   (`unpaid`, `paid`, `refunded`, `voided`, `cancelled`), `currency` and `lines`, and where they apply `member` (the
//!   customer's id in the shop), `updated_at` (else the envelope's time), `test`, `paid_with_points` and `refunds`. The type
//!   `order.cancelled` cancels whatever the status says; `order.paid` needs no status.
//! - A line has `id`, `quantity` and `net` (for all its units: after discounts, without tax), and where they apply
//!   `product`, `sku`, `categories`, `current_quantity` (units still on the order) and `gift_card`.
//! - `refund.created` carries `order`, `currency` and a `refund`: `id`, `lines` of `line`, `quantity` and `net`, and
//!   `amount` (paid back for goods without naming lines, without shipping). A refund line without `net`, or of none, counts in
//!   proportion to its units.
//! - `member.joined` carries `member` and perhaps `at`; `event.<name>` carries `id` (its name for this very occurrence),
//!   `member` and perhaps `at`.
//!
//! `data.shop` is `default` where nothing else is said: no header is asked, because none of them is signed but those of the
//! signature itself. A `member` that is empty is none. Ids and amounts are text or numbers. Unknown fields are ignored.

use std::collections::BTreeMap;

use guerdon_domain::{
    event::{
        self, Event, Line, MemberEvent, OrderEvent, Refund, RefundLine, SIGN_UP, Snapshot, Status,
    },
    id::{MemberId, OrderId},
    money::Currency,
};
use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    Meaning, PayloadError, Platform, Translation,
    json::{self, Number, Text, or_default},
};

/// Translates a payload. All that counts is in its body, which is signed.
pub fn translate(body: &[u8]) -> Result<Translation, PayloadError> {
    Caller { member: None }.translate(body)
}

/// Translates the same payload where the member is known already, as in `POST /members/{member}/events`.
///
/// The payload need not name the member; if it names another, that is an error.
pub fn translate_for_member(member: &MemberId, body: &[u8]) -> Result<Translation, PayloadError> {
    Caller { member: Some(member) }.translate(body)
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type")]
    topic: String,
    timestamp: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
}

#[derive(Deserialize)]
struct OrderData {
    shop: Option<String>,
    order: Order,
}

#[derive(Deserialize)]
struct Order {
    id: Text,
    member: Option<Text>,
    placed_at: Timestamp,
    updated_at: Option<Timestamp>,
    status: Option<Status>,
    #[serde(default, deserialize_with = "or_default")]
    test: bool,
    currency: String,
    lines: Vec<OrderLine>,
    paid_with_points: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    refunds: Vec<GivenBack>,
}

#[derive(Deserialize)]
struct OrderLine {
    id: Text,
    product: Option<Text>,
    sku: Option<Text>,
    #[serde(default, deserialize_with = "or_default")]
    categories: Vec<String>,
    quantity: Number,
    current_quantity: Option<Number>,
    net: Number,
    #[serde(default, deserialize_with = "or_default")]
    gift_card: bool,
}

#[derive(Deserialize)]
struct RefundData {
    shop: Option<String>,
    order: Text,
    currency: String,
    refund: GivenBack,
}

#[derive(Deserialize)]
struct GivenBack {
    id: Text,
    #[serde(default, deserialize_with = "or_default")]
    lines: Vec<GivenBackLine>,
    amount: Option<Number>,
}

#[derive(Deserialize)]
struct GivenBackLine {
    line: Text,
    quantity: Number,
    net: Option<Number>,
}

#[derive(Deserialize)]
struct MemberData {
    shop: Option<String>,
    member: Option<Text>,
    id: Option<Text>,
    at: Option<Timestamp>,
}

/// What is known of the sender before the payload is read.
struct Caller<'a> {
    member: Option<&'a MemberId>,
}

impl Caller<'_> {
    fn translate(&self, body: &[u8]) -> Result<Translation, PayloadError> {
        let head: Head = json::read(body)?;
        let ignored = |reason| {
            Ok(Translation::Ignored(Meaning::ignored(Platform::Standard, &head.topic, reason)))
        };
        let (event, currency) = match head.topic.as_str() {
            "order.created" | "order.paid" | "order.updated" | "order.edited"
            | "order.cancelled" => (self.order(&head, data(body)?)?, None),
            "refund.created" => Self::refund(data(body)?)?,
            "member.joined" => (self.member_event(&head, SIGN_UP, data(body)?)?, None),
            "ping" => return ignored("it only tests the connection"),
            topic => match topic.strip_prefix("event.") {
                Some(name) => (self.member_event(&head, event_name(name)?, data(body)?)?, None),
                None => return ignored("not a type that can earn"),
            },
        };
        let meaning = Meaning::of(Platform::Standard, &head.topic, &event, currency, Vec::new());
        Ok(Translation::Event(Box::new(event), meaning))
    }

    fn order(&self, head: &Head, data: OrderData) -> Result<Event, PayloadError> {
        const AT: &str = "/data/order";
        let shop = Self::shop(data.shop.as_deref())?;
        let order = data.order;
        let currency = json::currency(&order.currency, "/data/order/currency")?;
        json::at_most(order.lines.len(), json::LINES_MAX, "/data/order/lines")?;
        let counts = order.refunds.iter().map(|refund| refund.lines.len());
        json::check_refunds(counts, "/data/order/refunds")?;
        let mut lines = Vec::with_capacity(order.lines.len());
        for (index, line) in order.lines.into_iter().enumerate() {
            lines.push(line.in_domain(currency, &format!("{AT}/lines/{index}"))?);
        }
        json::check_lines(&lines, "/data/order/lines")?;
        let points = order
            .paid_with_points
            .map(|n| json::minor(&n, currency, "/data/order/paid_with_points"));
        let updated_at = order.updated_at.or(head.timestamp);
        let snapshot = Snapshot {
            updated_at: updated_at
                .ok_or_else(|| PayloadError::malformed("/data/order/updated_at", "missing"))?,
            status: status(&head.topic, order.status)?,
            member: self.member(shop, order.member.as_ref(), "/data/order/member")?,
            placed_at: order.placed_at,
            test: order.test,
            currency,
            lines,
            paid_with_points_minor: points.transpose()?.unwrap_or(0),
            tax_minor: 0,
        };
        let mut refunds = BTreeMap::new();
        for (index, refund) in order.refunds.into_iter().enumerate() {
            let at = format!("{AT}/refunds/{index}");
            let (id, refund) = refund.in_domain(currency, &at)?;
            json::add_refund(&mut refunds, id, refund, &at)?;
        }
        let order = order_id(shop, &order.id, "/data/order/id")?;
        Ok(Event::Order(OrderEvent { order, snapshot: Some(snapshot.into()), refunds }))
    }

    fn refund(data: RefundData) -> Result<(Event, Option<Currency>), PayloadError> {
        let shop = Self::shop(data.shop.as_deref())?;
        let currency = json::currency(&data.currency, "/data/currency")?;
        let order = order_id(shop, &data.order, "/data/order")?;
        json::check_refunds([data.refund.lines.len()].into_iter(), "/data/refund/lines")?;
        let refunds = BTreeMap::from([data.refund.in_domain(currency, "/data/refund")?]);
        Ok((Event::Order(OrderEvent { order, snapshot: None, refunds }), Some(currency)))
    }

    fn member_event(
        &self,
        head: &Head,
        name: &str,
        data: MemberData,
    ) -> Result<Event, PayloadError> {
        let shop = Self::shop(data.shop.as_deref())?;
        let missing = |pointer| move || PayloadError::malformed(pointer, "missing");
        let member = self
            .member(shop, data.member.as_ref(), "/data/member")?
            .ok_or_else(missing("/data/member"))?;
        let at = data.at.or(head.timestamp).ok_or_else(missing("/timestamp"))?;
        let key = if name == SIGN_UP {
            None
        } else {
            Some(identifier(data.id.ok_or_else(missing("/data/id"))?, "/data/id")?)
        };
        Ok(Event::Member(MemberEvent { member, name: name.to_owned(), key, at }))
    }

    /// The shop, as it stands in ids. A colon would let one shop's ids be read as another's.
    fn shop(named: Option<&str>) -> Result<&str, PayloadError> {
        let shop = named.unwrap_or("default");
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        if shop.is_empty() || shop.len() > 100 || !shop.bytes().all(plain) {
            return Err(PayloadError::malformed(
                "/data/shop",
                "not a name of letters, digits, dots and dashes",
            ));
        }
        Ok(shop)
    }

    fn member(
        &self,
        shop: &str,
        named: Option<&Text>,
        pointer: &str,
    ) -> Result<Option<MemberId>, PayloadError> {
        let Some(named) = named.filter(|named| !named.0.is_empty()) else {
            return Ok(self.member.cloned());
        };
        let id = MemberId::new(format!("standard:{shop}:{}", named.0));
        let Some(known) = self.member else {
            return id
                .map(Some)
                .map_err(|error| PayloadError::malformed(pointer, error.to_string()));
        };
        if known.as_str() != named.0 && id.as_ref() != Ok(known) {
            return Err(PayloadError::unprocessable(
                pointer,
                "names another member than the address does",
            ));
        }
        Ok(Some(known.clone()))
    }
}

fn data<T: DeserializeOwned>(body: &[u8]) -> Result<T, PayloadError> {
    json::read(body).map(|envelope: Envelope<T>| envelope.data)
}

/// The status that the type implies, or else the one that is stated.
fn status(topic: &str, stated: Option<Status>) -> Result<Status, PayloadError> {
    match (topic, stated) {
        ("order.cancelled", _) => Ok(Status::Cancelled),
        (_, Some(stated)) => Ok(stated),
        ("order.paid", None) => Ok(Status::Paid),
        (_, None) => Err(PayloadError::malformed("/data/order/status", "missing")),
    }
}

/// The name of an event, as rules spell it. Joining has its own type, because it happens once.
fn event_name(name: &str) -> Result<&str, PayloadError> {
    if name == SIGN_UP {
        return Err(PayloadError::malformed("/type", "joining is member.joined"));
    }
    if !event::is_name(name) {
        return Err(PayloadError::malformed(
            "/type",
            "an event's name is lower-case letters, digits and dashes",
        ));
    }
    Ok(name)
}

fn order_id(shop: &str, id: &Text, pointer: &str) -> Result<OrderId, PayloadError> {
    let id = if id.0.is_empty() { String::new() } else { format!("standard:{shop}:{}", id.0) };
    OrderId::new(id).map_err(|error| PayloadError::malformed(pointer, error.to_string()))
}

/// An id within an order or a member: what [`OrderId`] takes, and shorter.
fn identifier(id: Text, pointer: &str) -> Result<String, PayloadError> {
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '#';
    if id.0.is_empty() || id.0.len() > 100 || id.0.contains(odd) {
        return Err(PayloadError::malformed(
            pointer,
            "not an id: 1 to 100 bytes without spaces and '#'",
        ));
    }
    Ok(id.0)
}

impl OrderLine {
    fn in_domain(self, currency: Currency, at: &str) -> Result<Line, PayloadError> {
        let quantity_milli = json::milli(&self.quantity, &format!("{at}/quantity"))?;
        let current =
            self.current_quantity.map(|n| json::milli(&n, &format!("{at}/current_quantity")));
        Ok(Line {
            id: identifier(self.id, &format!("{at}/id"))?,
            product: self.product.map(|product| product.0),
            sku: self.sku.map(|sku| sku.0),
            categories: self.categories,
            quantity_milli,
            current_milli: current.transpose()?.unwrap_or(quantity_milli),
            net_minor: json::minor(&self.net, currency, &format!("{at}/net"))?,
            gift_card: self.gift_card,
            tip: false,
        })
    }
}

impl GivenBack {
    fn in_domain(self, currency: Currency, at: &str) -> Result<(String, Refund), PayloadError> {
        let mut lines = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.into_iter().enumerate() {
            lines.push(line.in_domain(currency, &format!("{at}/lines/{index}"))?);
        }
        let amount =
            self.amount.map(|amount| json::minor(&amount, currency, &format!("{at}/amount")));
        let refund = Refund {
            lines,
            amount_minor: amount.transpose()?.unwrap_or(0),
            currency: Some(currency),
            ..Refund::default()
        };
        Ok((identifier(self.id, &format!("{at}/id"))?, refund))
    }
}

impl GivenBackLine {
    fn in_domain(self, currency: Currency, at: &str) -> Result<RefundLine, PayloadError> {
        let net = self.net.map(|net| json::minor(&net, currency, &format!("{at}/net")));
        Ok(RefundLine {
            line: identifier(self.line, &format!("{at}/line"))?,
            quantity_milli: json::milli(&self.quantity, &format!("{at}/quantity"))?,
            net_minor: net.transpose()?,
        })
    }
}

#[cfg(test)]
mod tests;

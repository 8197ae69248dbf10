//! What happened in a shop, in the domain's words. `shared/commerce` translates every platform into these.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    id::{MemberId, OrderId},
    money::Currency,
};

/// Something that happened in a shop and may earn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// What is now known of an order.
    Order(OrderEvent),
    /// A member signed up, or did anything else that a rule may reward.
    Member(MemberEvent),
}

/// News of one order: its state at a moment, refunds, or both. News merge in any order ([`crate::order::Knowledge`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderEvent {
    /// The order.
    pub order: OrderId,
    /// The order's whole state, if this news carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Arc<Snapshot>>,
    /// Refunds by the platform's id; a refund is the same however often it is reported.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refunds: BTreeMap<String, Refund>,
}

/// The state of an order at one moment.
///
/// Snapshots are totally ordered by (`updated_at`, `status`, everything else): the greatest one seen is the truth, whatever
/// order they arrive in. Platforms stamp `updated_at` in whole seconds, so two states can share a stamp; then the one
/// further on in its life wins, because the variants of [`Status`] are declared in that order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Snapshot {
    /// When the platform says the order last changed.
    pub updated_at: Timestamp,
    /// How far the order has come.
    pub status: Status,
    /// Who ordered; a guest has no member and does not earn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// When the order was placed: the time that decides its period, rules and tier year.
    pub placed_at: Timestamp,
    /// A platform's test order never earns.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The lines.
    pub lines: Vec<Line>,
    /// Part of the order that was paid with points, in minor units, if the shop says so. It does not earn.
    #[serde(default, skip_serializing_if = "crate::is_zero")]
    pub paid_with_points_minor: i64,
    /// Tax on the goods that can earn, and duties that their prices include, beyond the net of their lines, in minor units, if
    /// the shop says so: what money that went back with them is worth without them.
    #[serde(default, skip_serializing_if = "crate::is_zero")]
    pub tax_minor: i64,
}

/// How far an order has come. Later variants win a tie of time stamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Placed, not (wholly) paid: does not earn yet.
    Unpaid,
    /// Paid. Earns, less what was refunded.
    Paid,
    /// Everything was paid back. Earns nothing.
    Refunded,
    /// The payment was voided. Earns nothing.
    Voided,
    /// Cancelled or deleted. Earns nothing.
    Cancelled,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "CompactLine", into = "CompactLine")]
pub struct Line {
    /// The platform's line id.
    pub id: String,
    /// Product id, if any; exclusions match it, or the SKU.
    pub product: Option<String>,
    /// Stock keeping unit, if any.
    pub sku: Option<String>,
    /// Categories, in the shop's words (Shopify: the product type, when the payload carries it).
    pub categories: Vec<String>,
    /// Units ordered, in thousandths, because some shops sell fractions.
    pub quantity_milli: i64,
    /// Units still on the order by the platform's own count, in thousandths; `quantity_milli` when it does not say.
    pub current_milli: i64,
    /// Minor units for all `quantity_milli`: after discounts, without tax, before refunds. Never negative.
    pub net_minor: i64,
    /// A gift card is money, not goods: never earns.
    pub gift_card: bool,
    /// A tip is given, and buys nothing: never earns.
    pub tip: bool,
}

impl Line {
    /// Whether it is goods, which may earn.
    pub fn is_goods(&self) -> bool {
        !self.gift_card && !self.tip
    }
}

/// A line as it is kept: every order pays for its size, so names are letters and what is usual is left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct CompactLine {
    i: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    p: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    s: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    c: Vec<String>,
    /// Quantity; one whole unit if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    q: Option<i64>,
    /// Current quantity; all of it if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    u: Option<i64>,
    n: i64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    g: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    t: bool,
}

/// One whole unit.
const UNIT_MILLI: i64 = 1000;

impl From<Line> for CompactLine {
    fn from(line: Line) -> Self {
        Self {
            i: line.id,
            p: line.product,
            s: line.sku,
            c: line.categories,
            q: Some(line.quantity_milli).filter(|quantity| *quantity != UNIT_MILLI),
            u: Some(line.current_milli).filter(|current| *current != line.quantity_milli),
            n: line.net_minor,
            g: line.gift_card,
            t: line.tip,
        }
    }
}

impl From<CompactLine> for Line {
    fn from(line: CompactLine) -> Self {
        let quantity_milli = line.q.unwrap_or(UNIT_MILLI);
        Self {
            id: line.i,
            product: line.p,
            sku: line.s,
            categories: line.c,
            quantity_milli,
            current_milli: line.u.unwrap_or(quantity_milli),
            net_minor: line.n,
            gift_card: line.g,
            tip: line.t,
        }
    }
}

/// Money or goods that went back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Refund {
    /// Lines given back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<RefundLine>,
    /// Minor units paid back for goods beyond the lines, as the shop states it; negative, if it kept so much of what the lines
    /// came to. Shipping is not in here.
    #[serde(default, skip_serializing_if = "crate::is_zero")]
    pub amount_minor: i64,
    /// Whether tax is in the amount: then it counts by the order's share of net.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taxed: bool,
    /// What its payments came to, less all that it names, in minor units with tax; negative, if they came to less, or did not
    /// come yet. `None` if nobody can tell. It counts where the shop states no amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discrepancy_minor: Option<i64>,
    /// The currency of its money, if it was stated; else the order's. Money in another than the order's does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The same refund as it was told in other currencies: which of them is the order's may not be known yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Refund>,
}

impl Refund {
    /// Minor units paid back for goods beyond the lines, as stated or else as worked out; negative, if less came than the lines
    /// are worth.
    pub fn beyond_lines_minor(&self) -> i64 {
        match self.amount_minor {
            0 => self.discrepancy_minor.unwrap_or(0),
            stated => stated,
        }
    }
}

/// A line of a refund.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RefundLine {
    /// The order's line.
    pub line: String,
    /// Units given back, in thousandths.
    pub quantity_milli: i64,
    /// Minor units given back for them: after discounts, without tax. Not stated, or zero: in proportion to the units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_minor: Option<i64>,
}

impl RefundLine {
    /// What it says went back. Zero says nothing: goods that went back do not earn, whoever kept the money.
    pub(crate) fn stated_minor(&self) -> Option<i64> {
        self.net_minor.filter(|net| *net > 0)
    }
}

/// Something a member did that is not an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberEvent {
    /// Who.
    pub member: MemberId,
    /// What, as rules name it: "sign-up", "review". Lower case letters, digits and dashes.
    pub name: String,
    /// The platform's or client's name for this very occurrence; `None` for what happens once in a life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// When it happened.
    pub at: Timestamp,
}

/// The name of the event of joining; it happens once to a member.
pub const SIGN_UP: &str = "sign-up";

/// The longest name of an event, in bytes.
pub const NAME_BYTES_MAX: usize = 60;

/// Whether a text can name an event: lower case letters, digits and dashes.
pub fn is_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=NAME_BYTES_MAX).contains(&text.len()) && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events wait in the retry queue and among the parked ones in this form: what an older Guerdon wrote must be read.
    #[test]
    fn an_event_is_written_as_it_always_was() {
        let order = concat!(
            r#"{"type":"order","order":"shopify:a.example:1","snapshot":{"updated_at":"2026-03-01T10:00:00Z","#,
            r#""status":"paid","member":"shopify:a.example:7","placed_at":"2026-03-01T09:00:00Z","currency":"EUR","#,
            r#""lines":[{"i":"1","p":"8","s":"MUG","c":["cups"],"q":2000,"u":1000,"n":1290},{"i":"2","n":2500,"g":true},{"i":"3","n":300,"t":true}],"#,
            r#""paid_with_points_minor":500},"refunds":{"9":{"lines":[{"line":"1","quantity_milli":1000,"net_minor":645}],"#,
            r#""amount_minor":100}}}"#,
        );
        let member = concat!(
            r#"{"type":"member","member":"shopify:a.example:7","name":"review","key":"r1","#,
            r#""at":"2026-03-02T10:00:00Z"}"#,
        );
        for text in [order, member] {
            let event: Event = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&event).unwrap(), text);
        }
    }
}

//! What a payload was understood to mean, for the person who connects a shop.

use guerdon_domain::{
    event::{Event, Line, OrderEvent, Refund, SIGN_UP, Snapshot, Status},
    id::{MemberId, OrderId},
    money::Currency,
    order,
};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::Platform;

/// What a payload means. The JSON form is stable: fields are added, never renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meaning {
    /// The platform it came from.
    pub platform: Platform,
    /// The platform's name for what happened.
    pub topic: String,
    /// What follows from it.
    pub effect: Effect,
    /// Why nothing follows, if it is ignored.
    pub reason: Option<String>,
    /// The order it is about.
    pub order: Option<OrderId>,
    /// The member it is about; an order of a guest has none.
    pub member: Option<MemberId>,
    /// The currency of all amounts.
    pub currency: Option<Currency>,
    /// The order's lines.
    pub lines: Vec<LineMeaning>,
    /// The refunds it carries.
    pub refunds: Vec<RefundMeaning>,
    /// Minor units of goods that are paid and kept, without tax: what counts before a programme excludes anything. It is
    /// computed even where the order does not earn.
    pub net_minor: i64,
    /// Whether it may earn; the programme has the last word.
    pub earns: bool,
    /// Why it does not earn, and what else should be known.
    pub why: Vec<Why>,
}

/// What follows from a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The state of an order is recorded.
    Order,
    /// Refunds of an order are recorded.
    Refund,
    /// A member joins.
    SignUp,
    /// Something else a member did is recorded.
    Event,
    /// Personal data is exported or deleted.
    Compliance,
    /// Nothing.
    Ignored,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineMeaning {
    /// The platform's line id.
    pub line: String,
    /// Product id.
    pub product: Option<String>,
    /// Units ordered, as a decimal.
    pub quantity: String,
    /// Minor units for all of them, after discounts, without tax, before refunds.
    pub net_minor: i64,
    /// The same as a decimal.
    pub net: String,
    /// A gift card never earns.
    pub gift_card: bool,
    /// A tip never earns.
    pub tip: bool,
    /// Minor units of the line that went back; of a gift card or a tip nothing, because it did not count.
    pub refunded_minor: i64,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefundMeaning {
    /// The platform's refund id.
    pub id: String,
    /// What went back.
    pub lines: Vec<RefundLineMeaning>,
    /// Minor units paid back for goods without naming lines, as the platform says.
    pub amount_minor: i64,
    /// Minor units by which less was paid back than the lines came to: money that comes later is for them first.
    #[serde(skip_serializing_if = "guerdon_domain::is_zero")]
    pub unpaid_minor: i64,
    /// Whether tax is in that amount: then it counts by the order's share of net.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub taxed: bool,
}

/// A line of a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefundLineMeaning {
    /// The order's line.
    pub line: String,
    /// Units given back, as a decimal.
    pub quantity: String,
    /// Minor units given back for them, as the platform says; 0 if it does not, and then they count in proportion.
    pub net_minor: i64,
}

/// A reason, for programs and for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// A stable name.
    pub code: &'static str,
    /// A sentence.
    pub text: String,
}

impl Why {
    pub(crate) fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}

impl Meaning {
    fn bare(platform: Platform, topic: &str, effect: Effect) -> Self {
        Self {
            platform,
            topic: topic.chars().take(100).collect(),
            effect,
            reason: None,
            order: None,
            member: None,
            currency: None,
            lines: Vec::new(),
            refunds: Vec::new(),
            net_minor: 0,
            earns: false,
            why: Vec::new(),
        }
    }

    pub(crate) fn ignored(platform: Platform, topic: &str, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..Self::bare(platform, topic, Effect::Ignored) }
    }

    pub(crate) fn compliance(platform: Platform, topic: &str, member: Option<MemberId>) -> Self {
        Self { member, ..Self::bare(platform, topic, Effect::Compliance) }
    }

    /// What `event` means. `currency` is that of refunds that come without their order; `notes` are added to the reasons.
    pub(crate) fn of(
        platform: Platform,
        topic: &str,
        event: &Event,
        currency: Option<Currency>,
        notes: Vec<Why>,
    ) -> Self {
        let mut meaning = match event {
            Event::Order(order) => Self::of_order(platform, topic, order, currency),
            Event::Member(event) => {
                let effect = if event.name == SIGN_UP { Effect::SignUp } else { Effect::Event };
                Self {
                    member: Some(event.member.clone()),
                    earns: true,
                    ..Self::bare(platform, topic, effect)
                }
            }
        };
        meaning.why.extend(notes);
        meaning
    }

    fn of_order(
        platform: Platform,
        topic: &str,
        event: &OrderEvent,
        currency: Option<Currency>,
    ) -> Self {
        let order = Some(event.order.clone());
        let refunds =
            event.refunds.iter().map(|(id, refund)| RefundMeaning::new(id, refund)).collect();
        let Some(snapshot) = &event.snapshot else {
            let why = vec![Why::new(
                "refund",
                "a refund earns nothing: it takes back what the order earned for it",
            )];
            return Self {
                order,
                currency,
                refunds,
                why,
                ..Self::bare(platform, topic, Effect::Refund)
            };
        };
        let basis = order::basis(snapshot, &event.refunds, 0);
        let why = why_not(snapshot, basis.net());
        let lines = snapshot.lines.iter().zip(&basis.lines);
        Self {
            order,
            member: snapshot.member.clone(),
            currency: Some(snapshot.currency),
            lines: lines
                .map(|(line, kept)| LineMeaning::new(line, *kept, snapshot.currency))
                .collect(),
            refunds,
            net_minor: basis.net(),
            earns: why.is_empty(),
            why,
            ..Self::bare(platform, topic, Effect::Order)
        }
    }
}

impl LineMeaning {
    fn new(line: &Line, kept_minor: i64, currency: Currency) -> Self {
        Self {
            line: line.id.clone(),
            product: line.product.clone(),
            quantity: units(line.quantity_milli),
            net_minor: line.net_minor,
            net: Decimal::new(line.net_minor, currency.decimals()).to_string(),
            gift_card: line.gift_card,
            tip: line.tip,
            refunded_minor: if line.is_goods() {
                line.net_minor.saturating_sub(kept_minor)
            } else {
                0
            },
        }
    }
}

impl RefundMeaning {
    fn new(id: &str, refund: &Refund) -> Self {
        let lines = refund.lines.iter().map(|line| RefundLineMeaning {
            line: line.line.clone(),
            quantity: units(line.quantity_milli),
            net_minor: line.net_minor.unwrap_or(0),
        });
        let beyond = refund.beyond_lines_minor();
        Self {
            id: id.to_owned(),
            lines: lines.collect(),
            amount_minor: beyond.max(0),
            unpaid_minor: beyond.min(0).saturating_neg(),
            taxed: beyond > 0 && (refund.taxed || refund.amount_minor == 0),
        }
    }
}

fn units(milli: i64) -> String {
    Decimal::new(milli, 3).normalize().to_string()
}

/// Every reason why an order does not earn; none if it does.
fn why_not(snapshot: &Snapshot, net_minor: i64) -> Vec<Why> {
    let mut why = Vec::new();
    if snapshot.test {
        why.push(Why::new("test", "a test order never earns"));
    }
    if snapshot.member.is_none() {
        why.push(Why::new("guest", "nobody is named who could earn: a guest ordered"));
    }
    match snapshot.status {
        Status::Unpaid => {
            why.push(Why::new("unpaid", "not paid, or not wholly; it earns when it is"));
        }
        Status::Refunded => why.push(Why::new("refunded", "everything was paid back")),
        Status::Voided => why.push(Why::new("voided", "the payment was voided")),
        Status::Cancelled => why.push(Why::new("cancelled", "the order was cancelled")),
        Status::Paid if net_minor == 0 => {
            let worth = |line: &Line| line.net_minor > 0 && line.quantity_milli > 0;
            let goods = snapshot.lines.iter().any(|line| line.is_goods() && worth(line));
            why.push(if goods {
                Why::new(
                    "refunded",
                    "everything that could earn went back, or was paid with points",
                )
            } else {
                Why::new(
                    "nothing-eligible",
                    "nothing on the order can earn: gift cards, tips, free lines and lines of no units do not",
                )
            });
        }
        Status::Paid => {}
    }
    why
}

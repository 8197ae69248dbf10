//! An order's life: what a shop may say of it, in a small language.

use std::{collections::BTreeMap, fmt};

use guerdon_domain::{
    event::{Line, OrderEvent, Refund, RefundLine, Snapshot, Status},
    id::{MemberId, OrderId},
    money::Currency,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// How many orders there are. The last is in dollars, the one before in pounds, which no programme accepts.
pub(crate) const ORDERS: u8 = 8;
/// How many members there are; orders go round.
pub(crate) const MEMBERS: u8 = 2;

/// One piece of news.
#[derive(Clone)]
pub(crate) enum News {
    /// The whole order: a stamp (several states may share one), and the units left of its two lines.
    State(i64, Status, [i64; 2]),
    /// A refund of units of a line, for their price and so many cents more or less.
    Lines(u8, usize, i64, i64),
    /// A refund of units of a line that states no net.
    Units(u8, usize, i64),
    /// A refund of an amount.
    Amount(u8, i64),
    /// A refund of units of a line, told in yen with so much money.
    Yen(u8, usize, i64, i64),
}

impl fmt::Debug for News {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(stamp, status, left) => write!(f, "{status:?} {left:?} @{stamp}"),
            Self::Lines(id, line, units, off) => {
                write!(f, "refund r{id} line {line} × {units} {off:+}")
            }
            Self::Units(id, line, units) => write!(f, "refund r{id} line {line} × {units}"),
            Self::Yen(id, line, units, yen) => {
                write!(f, "refund r{id} line {line} × {units} JPY {yen}")
            }
            Self::Amount(id, minor) => write!(f, "refund r{id} of {minor}"),
        }
    }
}

/// When everything begins: close to the end of a year.
pub(crate) fn start() -> Timestamp {
    "2026-12-20T10:00:00Z".parse().unwrap()
}

pub(crate) fn member(index: u8) -> MemberId {
    MemberId::new(format!("shop:m{}", index % MEMBERS)).unwrap()
}

pub(crate) fn order_id(order: u8) -> OrderId {
    OrderId::new(format!("shop:o{order}")).unwrap()
}

/// When an order was placed: two days apart, so that they fall into two months and two years.
pub(crate) fn placed_at(order: u8) -> Timestamp {
    start() + SignedDuration::from_hours(48 * i64::from(order))
}

pub(crate) const UNITS: [i64; 2] = [4, 2];

fn net(order: u8, line: usize) -> i64 {
    [4 * (1_533 + 210 * i64::from(order)), 3_001][line]
}

fn lines(order: u8, left: [i64; 2]) -> Vec<Line> {
    let line = |index: usize, category: &str| Line {
        id: index.to_string(),
        product: None,
        sku: None,
        categories: vec![category.to_owned()],
        quantity_milli: UNITS[index] * 1000,
        current_milli: left[index] * 1000,
        net_minor: net(order, index),
        gift_card: false,
        tip: false,
    };
    let gift = Line { id: "gift".to_owned(), net_minor: 5_000, gift_card: true, ..line(0, "tea") };
    vec![line(0, "tea"), line(1, "sale"), gift]
}

/// The event that brings a piece of news.
pub(crate) fn event(order: u8, news: &News) -> OrderEvent {
    let order_event = |snapshot, refunds| OrderEvent { order: order_id(order), snapshot, refunds };
    let refund = |id: u8, refund| BTreeMap::from([(format!("r{id}"), refund)]);
    match *news {
        News::State(stamp, status, left) => {
            let snapshot = Snapshot {
                updated_at: placed_at(order) + SignedDuration::from_hours(stamp),
                status,
                member: Some(member(order)),
                placed_at: placed_at(order),
                test: false,
                currency: match ORDERS - order {
                    1 => "USD".parse().unwrap(),
                    2 => "GBP".parse().unwrap(),
                    _ => Currency::EUR,
                },
                lines: lines(order, left),
                paid_with_points_minor: 0,
                tax_minor: 0,
            };
            order_event(Some(snapshot.into()), BTreeMap::new())
        }
        News::Lines(id, line, units, off) => {
            let net_minor = (net(order, line) * units / UNITS[line] + off).max(0);
            let line = RefundLine {
                line: line.to_string(),
                quantity_milli: units * 1000,
                net_minor: Some(net_minor),
            };
            order_event(
                None,
                refund(id, Refund { lines: vec![line], amount_minor: 0, ..Refund::default() }),
            )
        }
        News::Units(id, line, units) => {
            let line = RefundLine {
                line: line.to_string(),
                quantity_milli: units * 1000,
                net_minor: None,
            };
            order_event(
                None,
                refund(id, Refund { lines: vec![line], amount_minor: 0, ..Refund::default() }),
            )
        }
        News::Yen(id, line, units, yen) => {
            let line = RefundLine {
                line: line.to_string(),
                quantity_milli: units * 1000,
                net_minor: Some(yen),
            };
            let currency = Some("JPY".parse().unwrap());
            let told =
                Refund { lines: vec![line], amount_minor: yen, currency, ..Refund::default() };
            order_event(None, refund(id, told))
        }
        News::Amount(id, amount_minor) => order_event(
            None,
            refund(id, Refund { lines: Vec::new(), amount_minor, ..Refund::default() }),
        ),
    }
}

pub(crate) fn paid() -> News {
    News::State(1, Status::Paid, UNITS)
}

pub(crate) fn any_news() -> impl Strategy<Value = News> {
    let status = prop_oneof![
        2 => Just(Status::Unpaid),
        6 => Just(Status::Paid),
        1 => Just(Status::Voided),
        1 => Just(Status::Refunded),
        1 => Just(Status::Cancelled)
    ];
    prop_oneof![
        4 => (0..6_i64, status, [0..=4_i64, 0..=2_i64]).prop_map(|(stamp, status, left)| News::State(stamp, status, left)),
        2 => (0..3_u8, 0..2_usize, 1..=3_i64, -2..=2_i64)
            .prop_map(|(id, line, units, off)| News::Lines(id, line, units, off)),
        1 => (0..3_u8, 0..2_usize, 1..=3_i64).prop_map(|(id, line, units)| News::Units(id, line, units)),
        1 => (0..5_u8, 0..2_usize, 1..=2_i64, 1..9_000_i64)
            .prop_map(|(id, line, units, yen)| News::Yen(id, line, units, yen)),
        1 => (3..5_u8, 1..4_000_i64).prop_map(|(id, minor)| News::Amount(id, minor)),
    ]
}

/// A life: paid at some time, and whatever else.
pub(crate) fn any_life() -> impl Strategy<Value = Vec<News>> {
    prop::collection::vec(any_news(), 0..6).prop_map(|mut life| {
        life.insert(0, paid());
        life
    })
}

/// A life that ends with nothing left of the order: called off, or every unit given back.
pub(crate) fn any_undone_life() -> impl Strategy<Value = Vec<News>> {
    let off = prop_oneof![Just(Status::Refunded), Just(Status::Cancelled), Just(Status::Voided)];
    let end = prop_oneof![
        off.prop_map(|status| vec![News::State(9, status, UNITS)]),
        Just(vec![News::State(9, Status::Paid, [0, 0])]),
        Just(vec![News::Lines(8, 0, 4, 0), News::Lines(9, 1, 2, 0)]),
        Just(vec![News::Amount(9, 1_000_000)]),
    ];
    (any_life(), end).prop_map(|(mut life, end)| {
        life.extend(end);
        life
    })
}

/// Each piece of news once or twice, in any order.
pub(crate) fn shuffled(life: Vec<News>) -> impl Strategy<Value = Vec<News>> {
    let again = prop::collection::vec(any::<bool>(), life.len());
    again.prop_flat_map(move |again| {
        let twice =
            life.iter().zip(again).filter(|(_, again)| *again).map(|(news, _)| news.clone());
        let all: Vec<News> = life.iter().cloned().chain(twice).collect();
        Just(all).prop_shuffle()
    })
}

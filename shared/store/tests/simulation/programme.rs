//! The programmes that histories run under: three policies, and for each a later version that changes what it can.

use std::sync::{Arc, LazyLock};

use guerdon_domain::{
    chance::ChanceKey,
    programme::{Programme, Published, Versions, parse},
};
use jiff::Timestamp;

use crate::{
    bids::{OPEN, SEALED},
    plays::SECOND,
    raffle::{CLOSES, LIMIT, RAFFLE},
};

/// Policies a history can run under.
pub(crate) const POLICIES: usize = 3;

/// Codes that the pool holds at first.
pub(crate) const POOL: [&str; 3] = ["SPRING-1", "SPRING-2", "SPRING-3"];

/// Rewards with a stock, and the most there is of each in any version.
pub(crate) const STOCK: [(&str, i64); 2] = [("mug", 3), ("bundle", 1)];

/// Mystery gifts, of each of which there are so many with the outcome `six`.
pub(crate) const GIFTS: [&str; 3] = ["at-once", "later", "sealed"];
pub(crate) const SIXES: i64 = 2;

/// Of the game `cup` there are so many mugs to win.
pub(crate) const MUGS: i64 = 2;

/// The key of chance of every history.
pub(crate) const CHANCE: ChanceKey = ChanceKey([7; 32]);

/// The reward that a member may have once.
pub(crate) const ONCE: &str = "credit";

const SETTINGS: [&str; POLICIES] = [
    r#"expiry = { after = "12 months", at = "month-end" }
pending = { until = "14 days after order" }
clawback = "within-balance""#,
    r#"expiry = { after = "30 days", at = "day-end" }
clawback = "allow-negative"
rounding = "nearest""#,
    r#"expiry = { after = "6 months", at = "month-end" }
pending = { until = "3 days after order" }
clawback = "pending-only"
rounding = "up""#,
];

/// What a version changes: points per unit, the cap of `bonus`, the stock of `mug`, the threshold of silver.
const CHANGES: [(i64, i64, i64, i64); 2] = [(1, 20, 2, 60), (3, 12, 3, 45)];

static PROGRAMMES: LazyLock<Vec<Arc<Programme>>> = LazyLock::new(|| {
    let all =
        SETTINGS.iter().flat_map(|settings| CHANGES.iter().map(|change| source(settings, *change)));
    all.map(|source| {
        Arc::new(parse(&source).unwrap_or_else(|faults| panic!("{faults:#?}\n{source}")))
    })
    .collect()
});

/// The versions of a policy: the first, and the second from `second` on if it has been published.
pub(crate) fn versions(policy: usize, second: Option<Timestamp>) -> Arc<Versions> {
    let published = |version: u32, effective: Timestamp| {
        let index = policy * CHANGES.len() + usize::try_from(version).unwrap() - 1;
        Published { version, effective, programme: PROGRAMMES[index].clone() }
    };
    let mut all = vec![published(1, Timestamp::MIN)];
    all.extend(second.map(|effective| published(2, effective)));
    Arc::new(Versions::new(all).unwrap())
}

/// A mystery gift. One outcome alone has no end: whether the other is gone, as read a moment before, then decides nothing but
/// whether it is that one.
fn gift(id: &str, reveal: &str) -> String {
    format!(
        r#"
[[reward]]
id = "{id}"
price = {{ points = 20 }}

[[reward.gives]]
reveal = "{reveal}"
mystery = [
  {{ id = "six", weight = 3, stock = {SIXES}, gives = [{{ points = 6 }}] }},
  {{ id = "cents", weight = 2, gives = [{{ credit = "0.02 EUR" }}] }},
]
"#
    )
}

/// The instant wins. Where a prize has a stock, one has no end, as in a mystery gift.
fn games() -> String {
    format!(
        r#"
[[instant_win]]
id = "third"
opens = "2026-01-01"
closes = "2040-01-01"
wins = {{ every = 3, counters = 2 }}
prizes = [{{ id = "points", gives = [{{ points = 5 }}] }}]
price = {{ points = 3 }}
free = {{ plays = 2, per = "day" }}

[[instant_win]]
id = "cup"
opens = "2026-01-01"
closes = "2040-01-01"
wins = {{ chance = 2, of = 3 }}
prizes = [
  {{ id = "mug", weight = 3, stock = {MUGS}, gives = [{{ points = 6 }}] }},
  {{ id = "cent", gives = [{{ credit = "0.01 EUR" }}] }},
]
price = {{ points = 3 }}
free = {{ plays = 3, per = "day" }}

# Some have fallen when a history begins, and each is taken once.
[[instant_win]]
id = "golden"
opens = "2026-01-01"
closes = "2040-01-01"
wins = {{ moments = 60 }}
prizes = [{{ id = "cent", gives = [{{ credit = "0.01 EUR" }}] }}]
free = {{ plays = 3, per = "day" }}

[[instant_win]]
id = "{SECOND}"
opens = "2026-01-01"
closes = "2040-01-01"
on = "sign-up"
wins = {{ every = 2 }}
prizes = [
  {{ id = "hello", weight = 3, stock = 1, gives = [{{ credit = "0.02 EUR" }}] }},
  {{ id = "cent", gives = [{{ credit = "0.01 EUR" }}] }},
]

"#
    )
}

/// The auctions, which close with the raffle. The sealed one is swept first, so that it may be closed with bids on their way.
fn auctions() -> String {
    format!(
        r#"
[[auction]]
id = "{SEALED}"
opens = "2026-01-01"
closes = "{CLOSES}"
min = 5
sealed = true
gives = [{{ points = 4 }}]

[[auction]]
id = "{OPEN}"
opens = "2026-01-01"
closes = "{CLOSES}"
winners = 2
min = 5
step = 2
gives = [{{ credit = "0.07 EUR" }}]
"#
    )
}

fn source(settings: &str, (give, cap, stock, silver): (i64, i64, i64, i64)) -> String {
    let gifts = GIFTS.iter().zip(["now", "3 days", "opened"]);
    let gifts: String = gifts.map(|(id, reveal)| gift(id, reveal)).collect();
    let games = games();
    let auctions = auctions();
    format!(
        r#"
[programme]
name = "Simulated"
currency = "EUR"
time_zone = "Europe/Warsaw"
points = {{ one = "point", many = "points", value = "0.01 EUR" }}
{settings}

[[tier]]
id = "silver"
name = "Silver"
from = {{ qualifying_points = {silver}, in = "calendar-year" }}
keeps = "to the end of the following year"

[[tier]]
id = "gold"
name = "Gold"
from = {{ qualifying_points = 150, in = "calendar-year" }}
keeps = "to the end of the year"

[[earn]]
id = "spend"
on = "order"
points = {{ give = {give}, per = "0.30 EUR", tier = {{ silver = "1.5", gold = 2 }} }}

[[earn]]
id = "bonus"
on = "order"
points = 7
limit = {{ points = {cap}, per = "day" }}

[[earn]]
id = "fragile"
on = "order"
points = 3
when = "100 / (order.quantity - 7) > 0"

[[earn]]
id = "welcome"
on = "sign-up"
points = 50

[[earn]]
id = "review"
on = "event:review"
points = 20
limit = {{ points = 30, per = "month" }}

[[reward]]
id = "mug"
price = {{ points = 25 }}
stock = {stock}
gives = [{{ voucher = "product", sku = "MUG", valid = "30 days" }}]

[[reward]]
id = "coupon"
price = {{ points = 15 }}
gives = [{{ voucher = "amount", amount = "5.00 EUR", codes = {{ pool = "spring" }} }}]

[[reward]]
id = "bundle"
price = {{ points = 35 }}
stock = 1
gives = [
  {{ voucher = "product", sku = "A", codes = {{ pool = "spring" }} }},
  {{ voucher = "product", sku = "B", codes = {{ pool = "spring" }} }},
  {{ points = 5 }},
]

[[reward]]
id = "{ONCE}"
price = {{ points = 10 }}
limit = {{ times = 1, per = "ever" }}
gives = [{{ credit = "0.10 EUR" }}]
{gifts}
[[earn]]
id = "chance"
on = "order"
entries = {{ raffle = "{RAFFLE}", give = 1, per = "4.00 EUR" }}

[[raffle]]
id = "{RAFFLE}"
opens = "2026-01-01"
closes = "{CLOSES}"
beacon = "none"
price = {{ points = 4 }}
free = {{ entries = 2, per = "day" }}
limit = {LIMIT}
alternates = 2

[[raffle.prizes]]
id = "bike"
gives = [
  {{ credit = "0.09 EUR" }},
  {{ points = 3 }},
  {{ voucher = "product", sku = "BIKE", codes = {{ pool = "spring" }} }},
]

{games}
{auctions}
[pay]
step = 5
min = 5
max_share = "100%"
hold = "30 minutes"
"#
    )
}

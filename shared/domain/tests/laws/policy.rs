//! Programmes to try the laws on, built from the few choices that the laws depend on.

use std::sync::Arc;

use guerdon_domain::{
    calendar::{Length, Per, Unit, Zone},
    condition::Condition,
    id::RuleId,
    money::{Currency, Money, Ratio, Rounding},
    programme::{
        Award, Brand, Cap, Clawback, Codes, Conditions, EarnRule, EarnRules, Expiry, Grant, Keeps,
        Mystery, Outcome, PayTerms, PointsTerms, Programme, Published, Raffle, Reveal, Reward,
        RoundedTo, Selection, Tier, TimesLimit, Trigger, Versions, Voucher,
        raffle::{FreeRoute, RafflePrize},
    },
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::life::start;

/// The choices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    pub(crate) clawback: Clawback,
    pub(crate) pending_days: Option<i32>,
    pub(crate) expiry: Option<(i32, RoundedTo)>,
    pub(crate) rounding: Rounding,
    /// Points per euro.
    pub(crate) give: i64,
    /// The cap of `spend` in a month.
    pub(crate) cap: Option<i64>,
    /// The cap of `double` in a day.
    pub(crate) double_cap: Option<i64>,
    /// Tiers, the lowest of which starts here.
    pub(crate) tiers_from: Option<i64>,
    /// Whether the tiers multiply what an order earns.
    pub(crate) tiers_multiply: bool,
    pub(crate) zone: &'static str,
}

/// Earn within the balance, at once, for ever: what remains when nothing is chosen.
pub(crate) const PLAIN: Policy = Policy {
    clawback: Clawback::WithinBalance,
    pending_days: None,
    expiry: None,
    rounding: Rounding::Down,
    give: 1,
    cap: None,
    double_cap: None,
    tiers_from: None,
    tiers_multiply: false,
    zone: "Europe/Warsaw",
};

pub(crate) fn any_policy() -> impl Strategy<Value = Policy> {
    let clawback = prop_oneof![
        Just(Clawback::WithinBalance),
        Just(Clawback::AllowNegative),
        Just(Clawback::PendingOnly)
    ];
    let rounded =
        prop_oneof![Just(RoundedTo::Instant), Just(RoundedTo::DayEnd), Just(RoundedTo::MonthEnd)];
    let rounding = prop_oneof![Just(Rounding::Down), Just(Rounding::Nearest), Just(Rounding::Up)];
    let tiers = prop_oneof![Just(None), Just(Some(100)), Just(Some(0))];
    (
        (clawback, prop::option::of(1..20_i32), prop::option::of((5..60_i32, rounded)), rounding),
        (1..4_i64, prop::option::of(20..300_i64), prop::option::of(10..120_i64)),
        (tiers, any::<bool>(), prop_oneof![Just("Europe/Warsaw"), Just("America/New_York")]),
    )
        .prop_map(
            |((clawback, pending_days, expiry, rounding), (give, cap, double_cap), tiers)| Policy {
                clawback,
                pending_days,
                expiry,
                rounding,
                give,
                cap,
                double_cap,
                tiers_from: tiers.0,
                tiers_multiply: tiers.1,
                zone: tiers.2,
            },
        )
}

/// Any policy but "pending only", which lets members keep what has become available, whatever comes of its order.
pub(crate) fn any_policy_that_takes_back() -> impl Strategy<Value = Policy> {
    any_policy().prop_map(|policy| match policy.clawback {
        Clawback::PendingOnly => Policy { clawback: Clawback::WithinBalance, ..policy },
        Clawback::WithinBalance | Clawback::AllowNegative => policy,
    })
}

/// The versions: the first in force for ever, each other from its instant.
pub(crate) fn versions(policies: &[(Policy, Timestamp)]) -> Versions {
    let published = policies.iter().zip(1..).map(|((policy, effective), version)| Published {
        version,
        effective: *effective,
        programme: Arc::new(policy.programme()),
    });
    Versions::new(published.collect()).unwrap()
}

fn days(count: i32) -> Length {
    Length { count, unit: Unit::Days }
}

fn category(name: &str) -> Selection {
    Selection::new(vec![name.to_owned()], Vec::new())
}

fn ratio(numerator: i64, denominator: i64) -> Ratio {
    Ratio::new(numerator, denominator).unwrap()
}

impl Policy {
    pub(crate) fn programme(&self) -> Programme {
        Programme {
            name: "Laws".to_owned(),
            brand: Brand::default(),
            currency: Currency::EUR,
            accepts: vec![("USD".parse().unwrap(), ratio(9, 10))],
            time_zone: Zone::new(self.zone).unwrap(),
            points: PointsTerms { one: "point".to_owned(), many: "points".to_owned(), value: None },
            expiry: match self.expiry {
                None => Expiry::Never,
                Some((after, rounded)) => Expiry::Rolling { after: days(after), rounded },
            },
            pending: self.pending_days.map(days),
            clawback: self.clawback,
            rounding: self.rounding,
            tiers: self.tiers(),
            earn: EarnRules::new(self.earn()),
            rewards: rewards(),
            raffles: vec![raffle()],
            instant_wins: Vec::new(),
            auctions: Vec::new(),
            pay: Some(PayTerms {
                value: ratio(1, 2),
                step: 5,
                min: 10,
                max_percent: 50,
                hold: Length { count: 45, unit: Unit::Minutes },
            }),
        }
    }

    fn tiers(&self) -> Vec<Tier> {
        let Some(from) = self.tiers_from else { return Vec::new() };
        let tier = |id: &str, qualifying_points, keeps| Tier {
            id: id.to_owned(),
            name: id.to_owned(),
            qualifying_points,
            keeps,
            benefits: Vec::new(),
        };
        vec![tier("silver", from, Keeps::ThisYear), tier("gold", from + 100, Keeps::FollowingYear)]
    }

    fn earn(&self) -> Vec<EarnRule> {
        let rule = |id: &'static str, on, award| EarnRule {
            id: RuleId::of(id),
            on,
            award,
            conditions: Conditions::default(),
            tickets: None,
            limit: None,
            qualifies: false,
        };
        let tickets = |rule: EarnRule| EarnRule { tickets: Some(RAFFLE.into()), ..rule };
        let when = |source: &str| Conditions {
            when: Some(Condition::parse(source).unwrap()),
            ..Conditions::default()
        };
        let multipliers =
            if self.tiers_multiply { vec![("gold".to_owned(), ratio(3, 2))] } else { Vec::new() };
        vec![
            EarnRule {
                conditions: Conditions { except: category("sale"), ..Conditions::default() },
                limit: self.cap.map(|points| Cap { points, per: Per::Month }),
                qualifies: true,
                ..rule(
                    "spend",
                    Trigger::Order,
                    Award::PerUnit { give: self.give, per_minor: 100, tier: multipliers },
                )
            },
            EarnRule {
                conditions: when("order.net >= 5000"),
                limit: self.double_cap.map(|points| Cap { points, per: Per::Day }),
                ..rule("double", Trigger::Order, Award::Multiply(ratio(2, 1)))
            },
            EarnRule {
                conditions: Conditions { only: category("tea"), ..when("10000 / order.net >= 0") },
                ..rule("thanks", Trigger::Order, Award::Fixed(7))
            },
            rule("welcome", Trigger::SignUp, Award::Fixed(60)),
            EarnRule {
                limit: Some(Cap { points: 60, per: Per::Month }),
                qualifies: true,
                ..rule("review", Trigger::Event("review".to_owned()), Award::Fixed(40))
            },
            EarnRule {
                conditions: when("1 / order.net == 1"),
                ..rule("broken", Trigger::Event("broken".to_owned()), Award::Fixed(1))
            },
            tickets(EarnRule {
                limit: self.cap.map(|cap| Cap { points: cap % 7 + 1, per: Per::Month }),
                ..rule(
                    "entries",
                    Trigger::Order,
                    Award::PerUnit { give: self.give, per_minor: 2_000, tier: Vec::new() },
                )
            }),
            tickets(EarnRule {
                conditions: Conditions { only: category("tea"), ..Conditions::default() },
                ..rule("tea-entry", Trigger::Order, Award::Fixed(1))
            }),
            tickets(rule("welcome-entries", Trigger::SignUp, Award::Fixed(2))),
        ]
    }
}

/// The id of the raffle.
pub(crate) const RAFFLE: &str = "spring";

/// A raffle that opens before everything begins and closes while orders are still changed.
fn raffle() -> Raffle {
    let at = |days: i64| start() + SignedDuration::from_hours(24 * days);
    Raffle {
        id: RAFFLE.to_owned(),
        name: RAFFLE.to_owned(),
        opens: at(-10),
        closes: at(16),
        draws: at(17),
        prizes: vec![RafflePrize {
            id: "bike".to_owned(),
            name: "bike".to_owned(),
            count: 1,
            gives: Vec::new(),
        }],
        alternates: 1,
        beacon: true,
        conditions: Conditions::default(),
        price_points: Some(4),
        free: FreeRoute::Entries { entries: 2, per: Per::Day },
        limit: Some(9),
    }
}

/// Ids of the rewards, as steps number them.
pub(crate) const REWARDS: [&str; 9] =
    ["mug", "coupon", "credit", "vip", "surprise", "unknown", "at-once", "later", "sealed"];
/// The rewards that are mystery gifts, with their stock of fives.
pub(crate) const GIFTS: [&str; 3] = ["at-once", "later", "sealed"];
/// Pieces of the outcome `five` of each mystery gift.
pub(crate) const FIVES: i64 = 2;
/// Pieces of the reward `mug`.
pub(crate) const MUGS: i64 = 3;
/// Codes in the pool of the reward `coupon`.
pub(crate) const COUPONS: usize = 4;

/// Five points, a coupon, or a generated code with some credit, of which the last never ends.
fn gift(reveal: Reveal) -> Grant {
    let outcome = |id: &str, weight, stock, gives| {
        let (id, name) = (id.to_owned(), id.to_owned());
        Outcome { id, name, weight, stock, gives }
    };
    let voucher = |codes| {
        let (kind, valid) = ("product".to_owned(), Some(days(30)));
        Grant::Voucher(Voucher { kind, sku: None, amount: None, codes, valid })
    };
    let credit = Grant::Credit(Money { minor: 70, currency: Currency::EUR });
    let outcomes = vec![
        outcome("five", 3, Some(FIVES), vec![Grant::Points(5)]),
        outcome("coupon", 2, None, vec![voucher(Codes::Pool("coupons".to_owned()))]),
        outcome("code", 1, None, vec![credit, voucher(Codes::Generated)]),
    ];
    Grant::Mystery(Mystery { outcomes, reveal })
}

fn rewards() -> Vec<Reward> {
    let reward = |id: &str, price_points, gives| Reward {
        id: id.to_owned(),
        name: id.to_owned(),
        price_points,
        stock: None,
        limit: None,
        conditions: Conditions::default(),
        gives,
    };
    let voucher = |codes| {
        let (kind, valid) = ("product".to_owned(), Some(days(30)));
        Grant::Voucher(Voucher { kind, sku: None, amount: None, codes, valid })
    };
    let credit = Grant::Credit(Money { minor: 250, currency: Currency::EUR });
    vec![
        Reward { stock: Some(MUGS), ..reward("mug", 20, vec![voucher(Codes::Generated)]) },
        reward("coupon", 15, vec![voucher(Codes::Pool("coupons".to_owned()))]),
        Reward {
            limit: Some(TimesLimit { times: 2, per: Per::Month }),
            ..reward("credit", 10, vec![credit])
        },
        Reward {
            conditions: Conditions { tier: Some("gold".into()), ..Conditions::default() },
            ..reward("vip", 5, vec![Grant::Points(3)])
        },
        reward("surprise", 10, vec![Grant::Points(4)]),
        reward("at-once", 6, vec![Grant::Points(1), gift(Reveal::Now)]),
        reward("later", 6, vec![gift(Reveal::After(days(3)))]),
        reward("sealed", 6, vec![gift(Reveal::Opened)]),
    ]
}

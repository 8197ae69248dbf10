//! A programme: what it gives, for what, at what price. Parsed from TOML by [`parse`], never changed once published.

pub mod auction;
pub mod brand;
pub mod colour;
pub mod diff;
mod earn;
pub mod instant_win;
pub mod keeps;
pub mod language;
mod parse;
pub mod raffle;
pub mod schema;
mod selection;
pub mod versions;

use jiff::Timestamp;
use smol_str::SmolStr;

pub(crate) use crate::programme::selection::Marks;
pub use crate::programme::{
    auction::Auction,
    brand::{Brand, Colours, Palette, Sender, Terms, Typeface},
    colour::{Colour, Contrast},
    earn::{Award, Cap, EarnRule, EarnRules, Trigger},
    instant_win::{InstantWin, Wins},
    language::{Language, Plural, Words},
    parse::{Fault, MAX_BYTES, parse, render},
    raffle::Raffle,
    selection::Selection,
    versions::{Published, Versions},
};
use crate::{
    calendar::{Length, Per, Zone},
    condition::Condition,
    money::{Currency, Money, Ratio, Rounding},
};

/// A programme as its file declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Programme {
    /// Its name, shown to members.
    pub name: String,
    /// How it looks and speaks.
    pub brand: Brand,
    /// The currency of its amounts; orders in others do not earn unless [`Programme::accepts`] has a rate.
    pub currency: Currency,
    /// Other currencies, and the exact rate that turns one minor unit of theirs into ours.
    pub accepts: Vec<(Currency, Ratio)>,
    /// Where its days, months and years begin.
    pub time_zone: Zone,
    /// What points are called, and are worth.
    pub points: PointsTerms,
    /// When points lapse.
    pub expiry: Expiry,
    /// How long after an order its points can be spent.
    pub pending: Option<Length>,
    /// What a refund may take back when the points are spent already.
    pub clawback: Clawback,
    /// How fractions of a point are rounded, once per order and rule.
    pub rounding: Rounding,
    /// Tiers, lowest first; below the first a member has none.
    pub tiers: Vec<Tier>,
    /// What earns.
    pub earn: EarnRules,
    /// What can be had for points.
    pub rewards: Vec<Reward>,
    /// Paying with points at a checkout, if offered.
    pub pay: Option<PayTerms>,
    /// What members enter, and win by a draw.
    pub raffles: Vec<Raffle>,
    /// Instant wins, in the order of the file.
    pub instant_wins: Vec<InstantWin>,
    /// What members bid points for, in the order of the file.
    pub auctions: Vec<Auction>,
}

/// What points are called, and are worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsTerms {
    /// "bean"
    pub one: String,
    /// "beans"
    pub many: String,
    /// The stated worth of one point, as an exact ratio of minor units of the programme's currency per point.
    pub value: Option<Ratio>,
}

/// When points lapse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Never.
    Never,
    /// A while after they were earned, each lot by itself.
    Rolling {
        /// How long after `at` of what earned them.
        after: Length,
        /// Moved on to the end of that period.
        rounded: RoundedTo,
    },
}

/// What an expiry is moved on to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundedTo {
    /// The very instant.
    Instant,
    /// The end of that day in the programme's zone.
    DayEnd,
    /// The end of that month: fewer, larger lots, and a date that members remember.
    MonthEnd,
}

/// What a reversal may take back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clawback {
    /// Only points that are still pending; what has become available is the member's.
    PendingOnly,
    /// What the member has; the rest is forgiven, on the record.
    WithinBalance,
    /// All of it; the balance may go below zero and is filled by what is earned next.
    AllowNegative,
}

/// A level of membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// Its id, used by rules.
    pub id: String,
    /// Its name, shown to members.
    pub name: String,
    /// Qualifying points needed within a calendar year.
    pub qualifying_points: i64,
    /// How long it is kept.
    pub keeps: Keeps,
    /// What it brings beyond rates: names that a shop or later a benefit offer understands.
    pub benefits: Vec<String>,
}

/// How long a tier is kept after the calendar year in which it was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// To the end of that year.
    ThisYear,
    /// To the end of the following year.
    FollowingYear,
}

/// When, to whom and for what an offer applies. Empty means always.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conditions {
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Only members of this tier or a higher one.
    pub tier: Option<SmolStr>,
    /// Only lines of these.
    pub only: Selection,
    /// No lines of these.
    pub except: Selection,
    /// A condition in CEL.
    pub when: Option<Condition>,
}

/// An offer that members ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct Reward {
    /// Its id.
    pub id: String,
    /// Its name, shown to members.
    pub name: String,
    /// Points it costs; zero is free.
    pub price_points: i64,
    /// How many there are, for all members together; `None` is no limit.
    pub stock: Option<i64>,
    /// Window, tier, condition.
    pub conditions: Conditions,
    /// How often one member may have it.
    pub limit: Option<TimesLimit>,
    /// What it gives.
    pub gives: Vec<Grant>,
}

impl Reward {
    /// The mystery gift among what it gives; there is one at most.
    pub fn mystery(&self) -> Option<&Mystery> {
        self.gives.iter().find_map(|grant| match grant {
            Grant::Mystery(mystery) => Some(mystery),
            Grant::Voucher(_) | Grant::Credit(_) | Grant::Points(_) | Grant::Badge(_) => None,
        })
    }

    /// What its stock and those of the outcomes of its mystery gift are counted under.
    pub fn stock_names(&self) -> impl Iterator<Item = String> {
        let outcomes = self.mystery().into_iter().flat_map(|mystery| &mystery.outcomes);
        let outcomes = outcomes.filter(|outcome| outcome.stock.is_some());
        let own = self.stock.map(|_| self.id.clone());
        own.into_iter().chain(outcomes.map(|outcome| outcome.stock_name(&self.id)))
    }
}

/// How often one member may have a reward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimesLimit {
    /// Times.
    pub times: i64,
    /// In each.
    pub per: Per,
}

/// What a reward gives. DESIGN's other grants (perk, price rule, raffle entries, commission) become variants here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// A code that a shop honours.
    Voucher(Voucher),
    /// Store credit in the wallet.
    Credit(Money),
    /// Points, for a reward that is a surprise or a refund in kind.
    Points(i64),
    /// Something to show, worth nothing.
    Badge(Badge),
    /// One of several outcomes, decided at the redemption, and hidden until it is revealed.
    Mystery(Mystery),
}

/// What a member can show that they have; it is worth nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// Its id.
    pub id: String,
    /// Its name, shown to members.
    pub name: String,
}

/// One of several outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mystery {
    /// What it may turn out to be; at least one.
    pub outcomes: Vec<Outcome>,
    /// When it is revealed.
    pub reveal: Reveal,
}

/// What a mystery gift may turn out to be, or a play may win.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its id.
    pub id: String,
    /// Its name, shown to members.
    pub name: String,
    /// Its share of the sum of the weights of what is left; positive.
    pub weight: i64,
    /// How many there are, for all members together; `None` is no limit.
    pub stock: Option<i64>,
    /// What it gives; no mystery gift. Nothing for a prize that is handed over by other means.
    pub gives: Vec<Grant>,
}

impl Outcome {
    /// What its stock is counted under. No reward's id has a slash.
    pub fn stock_name(&self, reward: &str) -> String {
        format!("{reward}/{}", self.id)
    }
}

/// When a mystery gift is revealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reveal {
    /// With the redemption.
    Now,
    /// So long after it.
    After(Length),
    /// When the member opens it.
    Opened,
}

/// A code that a shop honours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    /// What it stands for, in the shop's words: "product", "amount", "percent".
    pub kind: String,
    /// The product it is good for.
    pub sku: Option<String>,
    /// The amount it is good for.
    pub amount: Option<Money>,
    /// Where its code comes from.
    pub codes: Codes,
    /// How long it is good for.
    pub valid: Option<Length>,
}

/// Where a voucher's code comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codes {
    /// Made by Guerdon from the operating system's randomness.
    Generated,
    /// Taken from an imported pool of this name, each once.
    Pool(String),
}

/// Paying with points at a checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayTerms {
    /// Minor units one point pays, as an exact ratio.
    pub value: Ratio,
    /// Points are taken in multiples of this, positive.
    pub step: i64,
    /// The least number of points to pay with.
    pub min: i64,
    /// The most of an order that points may pay, in percent.
    pub max_percent: i64,
    /// How long a hold lasts before it lapses by itself.
    pub hold: Length,
}

impl Programme {
    /// The rate that turns minor units of `currency` into the programme's, or `None` if it is not accepted.
    pub fn rate(&self, currency: Currency) -> Option<Ratio> {
        if currency == self.currency {
            return Some(Ratio::ONE);
        }
        self.accepts.iter().find(|(accepted, _)| *accepted == currency).map(|(_, rate)| *rate)
    }

    /// What an amount of one currency is in another, in minor units, rounded up; `None` if it leaves the range.
    ///
    /// One that is not accepted counts as the programme's own: an order in it earns nothing at any rate.
    pub fn converted(&self, minor: i64, from: Currency, to: Currency) -> Option<i64> {
        if from == to {
            return Some(minor);
        }
        let rate = |currency| self.rate(currency).unwrap_or(Ratio::ONE);
        let (from, to) = (rate(from), rate(to));
        let inverse = Ratio { numerator: to.denominator, denominator: to.numerator };
        from.times(inverse)?.of(minor, Rounding::Up)
    }

    /// The rank of a tier: 0 for none, 1 for the lowest; unknown ids rank 0.
    pub fn rank(&self, tier: Option<&str>) -> usize {
        let position = tier.and_then(|id| self.tiers.iter().position(|tier| tier.id == id));
        position.map_or(0, |index| index.saturating_add(1))
    }

    /// The raffle of this id.
    pub fn raffle(&self, id: &str) -> Option<&Raffle> {
        self.raffles.iter().find(|raffle| raffle.id == id)
    }

    /// The reward of this id.
    pub fn reward(&self, id: &str) -> Option<&Reward> {
        self.rewards.iter().find(|reward| reward.id == id)
    }
}

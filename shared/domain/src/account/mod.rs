//! A member's account as decisions see it: lots, holds, counters. Small, because it is read and written by every operation.

mod lots;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub(crate) use self::lots::join;
pub use self::lots::{Lot, Wallet, split, sum};
use crate::{
    id::{ChanceId, HoldId, MemberId, OrderId, RuleId},
    money::{Currency, Money},
    mystery::Gift,
};

/// A number left the range of `i64`. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount is outside the range of the ledger")]
pub struct Overflow;

/// What a wallet holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Asset {
    /// Redeemable points.
    Points,
    /// Store credit in minor units of a currency.
    Credit(Currency),
    /// Tickets: entries of a raffle, or plays of an instant win.
    Tickets(ChanceId),
}

/// How an asset of tickets begins.
const TICKETS: &str = "tickets:";

impl From<Asset> for String {
    fn from(asset: Asset) -> Self {
        match asset {
            Asset::Points => "points".to_owned(),
            Asset::Credit(currency) => currency.code().to_owned(),
            Asset::Tickets(of) => format!("{TICKETS}{of}"),
        }
    }
}

impl TryFrom<String> for Asset {
    type Error = crate::money::UnknownCurrency;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.strip_prefix(TICKETS) {
            Some(of) => Ok(Self::Tickets(of.into())),
            None if text == "points" => Ok(Self::Points),
            None => Ok(Self::Credit(text.parse()?)),
        }
    }
}

/// Points set aside for a checkout until they are captured, released, or lapse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// The lots the points came from, with their dates: a release puts them back.
    pub lots: Vec<Lot>,
    /// What the points pay, in minor units.
    pub worth: Money,
    /// The order they are meant for, if the shop knew it.
    pub order: Option<OrderId>,
    /// The instant at which the hold releases itself.
    pub lapses_at: Timestamp,
    /// The programme version whose terms hold for it.
    pub version: u32,
    /// The sequence of the entry that made it: reversals since then could not take these points.
    pub since: u64,
}

/// A bid: points set aside for an auction until it wins, is outbid, or loses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bid {
    /// The lots the points came from, with their dates: a bid that is outbid puts them back.
    pub lots: Vec<Lot>,
    /// When it was made, or raised.
    pub at: Timestamp,
    /// The sequence of the entry that made it: reversals since then could not take these points.
    pub since: u64,
}

/// Points that a reversal could not take back because they were spent or held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgiven {
    /// The order that was reversed: what it earns again makes up for them first.
    pub order: OrderId,
    /// The cap that gave them, if one did: another order that it gives them to, because of the room this one left, makes up for
    /// them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<CapKey>,
    /// How many.
    pub points: i64,
    /// The sequence of the reversal's entry: points that were out then and come back make up for them. 0 if nothing may.
    pub since: u64,
}

impl Forgiven {
    /// Adds it to others, in an order that does not depend on which came first, but for holds: the oldest first.
    pub(crate) fn add_to(self, all: &mut Vec<Self>) {
        if self.points == 0 {
            return;
        }
        match all.iter_mut().find(|other| other.is_of(&self)) {
            Some(same) => same.points = same.points.saturating_add(self.points),
            None => all.push(self),
        }
        all.sort_by_cached_key(|of| (of.since, of.order.clone(), of.cap.clone()));
    }

    /// Whether it is the same reversal's of the same points.
    pub(crate) fn is_of(&self, other: &Self) -> bool {
        (self.since, &self.order, &self.cap) == (other.since, &other.order, &other.cap)
    }

    /// Takes at most so many points out of what `which` names, the oldest first; returns what was taken.
    pub(crate) fn take_from(
        all: &mut Vec<Self>,
        points: i64,
        which: impl Fn(&Self) -> bool,
    ) -> Vec<Self> {
        let mut left = points;
        let mut taken = Vec::new();
        for forgiven in all.iter_mut().filter(|forgiven| which(forgiven)) {
            let part = forgiven.points.min(left);
            forgiven.points = forgiven.points.saturating_sub(part);
            left = left.saturating_sub(part);
            if part > 0 {
                taken.push(Self { points: part, ..forgiven.clone() });
            }
        }
        all.retain(|forgiven| forgiven.points > 0);
        taken
    }
}

impl Hold {
    /// Points held.
    pub fn points(&self) -> i64 {
        sum(&self.lots)
    }
}

/// What one version of a capped rule has been asked to give in one period, before the cap.
///
/// What the rule has given is a function of these sums, so that orders may change in any order (law 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Capped {
    /// Points.
    #[serde(rename = "w")]
    pub wanted: i64,
    /// Qualifying points.
    #[serde(rename = "q")]
    pub qualifying: i64,
}

/// A cap of a rule in one of its periods ("2026-11").
pub type CapKey = (RuleId, String);

/// What a decision needs to know of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The member.
    pub member: MemberId,
    /// Number of entries so far; also the version that guards concurrent writes.
    pub sequence: u64,
    /// Everything due before this instant is in the entries.
    pub settled_to: Timestamp,
    /// Wallets by asset.
    pub wallets: BTreeMap<Asset, Wallet>,
    /// Holds that are open.
    pub holds: Vec<Hold>,
    /// Bids in auctions, by the auction's id.
    pub bids: BTreeMap<String, Bid>,
    /// Mystery gifts that wait for their reveal.
    pub gifts: Vec<Gift>,
    /// What reversals could not take back.
    pub forgiven: Vec<Forgiven>,
    /// What of it points of the very order have made up for since, where a reversal takes what the member has: it is forgiven
    /// again when that order is taken back, unless points that were out came back meanwhile.
    pub made_up: Vec<Forgiven>,
    /// Qualifying points by calendar year in the programme's zone.
    pub qualifying: BTreeMap<i16, i64>,
    /// Counters of capped rules, by rule, and period and version ("2026-11@3").
    pub caps: BTreeMap<(RuleId, String), Capped>,
    /// What capped rules gave for orders, with its dates: a cap shared by orders may give back what it gave for another order, and
    /// whose points those are decides whether they are still there to be taken.
    pub capped: BTreeMap<CapKey, Vec<Lot>>,
    /// How often rewards were taken, by reward and period.
    pub taken: BTreeMap<(String, String), i64>,
    /// The tier as last settled.
    pub tier: Option<String>,
}

/// The balances of one asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Balance {
    /// Can be spent; negative while a reversal is owed.
    pub available: i64,
    /// Waits for its activation.
    pub pending: i64,
    /// Set aside by holds and bids.
    pub held: i64,
}

impl Balance {
    /// All points, wherever they are: what entries sum up to.
    pub fn total(self) -> i64 {
        self.available.saturating_add(self.pending).saturating_add(self.held)
    }
}

impl Account {
    /// The account of a member never seen before.
    pub fn new(member: MemberId) -> Self {
        Self {
            member,
            sequence: 0,
            settled_to: Timestamp::MIN,
            wallets: BTreeMap::new(),
            holds: Vec::new(),
            bids: BTreeMap::new(),
            gifts: Vec::new(),
            forgiven: Vec::new(),
            made_up: Vec::new(),
            qualifying: BTreeMap::new(),
            caps: BTreeMap::new(),
            capped: BTreeMap::new(),
            taken: BTreeMap::new(),
            tier: None,
        }
    }

    /// The entries of a raffle, or the plays of a game, that the member has; negative while a reversal took more than there were.
    pub fn tickets(&self, of: &ChanceId) -> i64 {
        self.balance(&Asset::Tickets(of.clone())).available
    }

    /// The wallet of an asset, created when first used.
    pub fn wallet(&mut self, asset: &Asset) -> &mut Wallet {
        self.wallets.entry(asset.clone()).or_default()
    }

    /// The balances of an asset.
    pub fn balance(&self, asset: &Asset) -> Balance {
        let held = match asset {
            Asset::Points => {
                let holds = self.holds.iter().map(Hold::points);
                let bids = self.bids.values().map(Bid::points);
                holds.chain(bids).fold(0_i64, i64::saturating_add)
            }
            Asset::Credit(_) | Asset::Tickets(_) => 0,
        };
        let wallet = self.wallets.get(asset);
        let available = wallet.map_or(0, Wallet::available);
        Balance { available, pending: wallet.map_or(0, Wallet::pending), held }
    }

    /// Points that become available next, and when; `None` if none wait.
    pub fn next_activation(&self) -> Option<(Timestamp, i64)> {
        let lots = || self.wallets.get(&Asset::Points).into_iter().flat_map(|wallet| &wallet.lots);
        let next = lots().filter_map(|lot| lot.activates).min()?;
        let points = lots().filter(|lot| lot.activates == Some(next));
        Some((next, points.fold(0_i64, |sum, lot| sum.saturating_add(lot.amount))))
    }

    /// Points that expire next, and when, whether they are available or wait; `None` if nothing will.
    pub fn next_expiry(&self) -> Option<(Timestamp, i64)> {
        let lots = || self.wallets.get(&Asset::Points).into_iter().flat_map(|wallet| &wallet.lots);
        let next = lots().filter_map(|lot| lot.expires).min()?;
        let points = lots().filter(|lot| lot.expires == Some(next));
        Some((next, points.fold(0_i64, |sum, lot| sum.saturating_add(lot.amount))))
    }
}

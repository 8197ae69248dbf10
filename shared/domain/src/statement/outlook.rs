//! What can be said of an account today: what opens, what lapses, what can be had.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    account::{self, Account, Asset, Lot, Overflow},
    id::{HoldId, OrderId},
    money::{Money, Rounding},
    offer::{Offer, offers},
    programme::{Programme, Versions},
    settle,
    statement::balances::{Amount, Balances},
    tier,
};

/// An account as it stands at an instant, and what lies ahead of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outlook {
    /// When it is so.
    pub at: Timestamp,
    /// The programme version in force.
    pub version: u32,
    /// What the member has.
    pub balances: Balances,
    /// What the available points are worth at the value the programme states, rounded down; `None` if it states none.
    pub worth: Option<Amount>,
    /// Pending points, by when they open.
    pub opens: Vec<Opening>,
    /// Points that lapse, by when they do. Points that never do are in none.
    pub expires: Vec<Expiring>,
    /// The tier held.
    pub tier: Option<TierHeld>,
    /// Qualifying points of this calendar year.
    pub qualifying_points: i64,
    /// The next tier; `None` at the top.
    pub next_tier: Option<NextTier>,
    /// Open holds, in the order in which they were made.
    pub holds: Vec<Held>,
    /// Bids in auctions, by auction.
    pub bids: Vec<Bid>,
    /// Mystery gifts that wait for their reveal: not what they are.
    pub gifts: Vec<Gift>,
    /// The rewards: what can be had now first, then the nearest ([`offers`]).
    pub offers: Vec<Offered>,
}

/// Points that become available.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Opening {
    /// When.
    pub at: Timestamp,
    /// How many.
    pub points: i64,
}

/// Points that lapse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Expiring {
    /// The instant at which they are gone.
    pub at: Timestamp,
    /// How many of them can be spent until then.
    pub available: i64,
    /// How many of them still wait to open.
    pub pending: i64,
    /// How many of them are held, and lapse if they come back.
    pub held: i64,
}

/// The tier that a member holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TierHeld {
    /// Its id.
    pub tier: String,
    /// Its name.
    pub name: String,
    /// What it brings beyond rates.
    pub benefits: Vec<String>,
}

/// The way to the next tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextTier {
    /// Its id.
    pub tier: String,
    /// Its name.
    pub name: String,
    /// Qualifying points it needs within a calendar year.
    pub needed: i64,
    /// How many of them are missing this year.
    pub missing: i64,
}

/// Points set aside for a checkout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// The hold.
    pub hold: HoldId,
    /// How many points.
    pub points: i64,
    /// What they pay.
    pub worth: Amount,
    /// The order they are meant for, if the shop knew it.
    pub order: Option<OrderId>,
    /// When the hold releases itself.
    pub lapses_at: Timestamp,
}

/// Points bid in an auction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bid {
    /// The auction.
    pub auction: String,
    /// How many points.
    pub points: i64,
    /// When it was made, or raised.
    pub at: Timestamp,
}

/// A sealed mystery gift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gift {
    /// The grant's id.
    pub grant: u64,
    /// The reward.
    pub reward: String,
    /// When it reveals itself; `None` if the member opens it.
    pub reveal_at: Option<Timestamp>,
}

/// A reward, and whether the member can have it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offered {
    /// The reward.
    pub reward: String,
    /// Its name.
    pub name: String,
    /// Points it costs.
    pub price_points: i64,
    /// Points that the member has too few of.
    pub missing_points: i64,
    /// Whether the member can have it now.
    pub open: bool,
    /// Why not: the rule, its version, and what is missing.
    pub why_not: Option<String>,
    /// How many are left for all members together; `None` if there is no limit.
    pub stock_left: Option<i64>,
}

/// An account as it stands at `now`, and what lies ahead. `taken` tells how many pieces of a stock all members have taken, as
/// for [`crate::redeem::refusal`].
pub fn outlook(
    account: &Account,
    versions: &Versions,
    taken: impl Fn(&str) -> i64,
    now: Timestamp,
) -> Result<Outlook, Overflow> {
    let now = now.max(account.settled_to);
    let account = settle::as_of(account, versions, now)?;
    let version = versions.at(now);
    let programme = &*version.programme;
    let balances = Balances::of(&account)?;
    let worth = programme.points.value.and_then(|value| {
        let minor = value.of(balances.points.available.max(0), Rounding::Down)?;
        Some(Amount(Money { minor, currency: programme.currency }))
    });
    let offers = offers(&account, versions, taken, now);
    Ok(Outlook {
        at: now,
        version: version.version,
        balances,
        worth,
        opens: opens(&account),
        expires: expires(&account),
        tier: tier_held(&account, programme),
        qualifying_points: {
            let year = programme.time_zone.year(now);
            account.qualifying.get(&year).copied().unwrap_or(0)
        },
        next_tier: tier::progress(&account.qualifying, programme, now).map(|progress| NextTier {
            tier: progress.next.id.clone(),
            name: progress.next.name.clone(),
            needed: progress.next.qualifying_points,
            missing: progress.missing,
        }),
        holds: account.holds.iter().map(held).collect(),
        bids: account.bids.iter().map(bid).collect(),
        gifts: account.gifts.iter().map(gift).collect(),
        offers: offers.iter().map(offered).collect(),
    })
}

fn lots(account: &Account) -> impl Iterator<Item = &Lot> {
    account.wallets.get(&Asset::Points).into_iter().flat_map(|wallet| &wallet.lots)
}

fn opens(account: &Account) -> Vec<Opening> {
    let mut by_date: BTreeMap<Timestamp, i64> = BTreeMap::new();
    for lot in lots(account) {
        if let Some(at) = lot.activates {
            let points = by_date.entry(at).or_default();
            *points = points.saturating_add(lot.amount);
        }
    }
    by_date.into_iter().map(|(at, points)| Opening { at, points }).collect()
}

fn expires(account: &Account) -> Vec<Expiring> {
    let holds = account.holds.iter().flat_map(|hold| &hold.lots);
    let held = holds.chain(account.bids.values().flat_map(|bid| &bid.lots));
    let all = lots(account).map(|lot| (lot, false)).chain(held.map(|lot| (lot, true)));
    let mut by_date: BTreeMap<Timestamp, Expiring> = BTreeMap::new();
    for (lot, held) in all {
        let Some(at) = lot.expires else { continue };
        let none = Expiring { at, available: 0, pending: 0, held: 0 };
        let expiring = by_date.entry(at).or_insert(none);
        let points = match (held, lot.activates) {
            (true, _) => &mut expiring.held,
            (false, Some(_)) => &mut expiring.pending,
            (false, None) => &mut expiring.available,
        };
        *points = points.saturating_add(lot.amount);
    }
    by_date.into_values().collect()
}

fn tier_held(account: &Account, programme: &Programme) -> Option<TierHeld> {
    let id = account.tier.as_ref()?;
    let tier = programme.tiers.iter().find(|tier| tier.id == *id)?;
    let (tier, name, benefits) = (id.clone(), tier.name.clone(), tier.benefits.clone());
    Some(TierHeld { tier, name, benefits })
}

fn held(hold: &account::Hold) -> Held {
    Held {
        hold: hold.id.clone(),
        points: hold.points(),
        worth: Amount(hold.worth),
        order: hold.order.clone(),
        lapses_at: hold.lapses_at,
    }
}

fn bid((auction, bid): (&String, &account::Bid)) -> Bid {
    Bid { auction: auction.clone(), points: bid.points(), at: bid.at }
}

fn gift(gift: &crate::mystery::Gift) -> Gift {
    Gift { grant: gift.grant, reward: gift.reward.clone(), reveal_at: gift.opens }
}

fn offered(offer: &Offer<'_>) -> Offered {
    Offered {
        reward: offer.reward.id.clone(),
        name: offer.reward.name.clone(),
        price_points: offer.reward.price_points,
        missing_points: offer.missing,
        open: offer.refusal.is_none(),
        why_not: offer.refusal.as_ref().map(ToString::to_string),
        stock_left: offer.left,
    }
}

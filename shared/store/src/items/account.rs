//! A member's account as stored.

use std::collections::BTreeMap;

use guerdon_domain::{
    account::{Account, Asset, Bid, CapKey, Capped, Forgiven, Hold, Lot, Wallet},
    id::{HoldId, MemberId, OrderId, RuleId},
    money::Money,
    mystery::{Decided, Gift},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FORM, corrupt, millisecond, second};
use crate::{
    StoreError,
    keys::{Key, due_shard},
};

/// A member's account.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct AccountItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    member: MemberId,
    /// Number of entries so far: what guards concurrent writes.
    pub(crate) revision: u64,
    settled_to: i64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    wallets: BTreeMap<String, WalletItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    holds: Vec<HoldItem>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    bids: BTreeMap<String, BidItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gifts: Vec<GiftItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    forgiven: Vec<ForgivenItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    made_up: Vec<ForgivenItem>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    qualifying: BTreeMap<String, i64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    caps: BTreeMap<String, Capped>,
    /// What capped rules gave, by rule and period.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    capped: BTreeMap<String, Vec<LotItem>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    taken: BTreeMap<String, i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_shard: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) due: Option<i64>,
}

/// A lot: when it activates, when it expires (Unix seconds), how many.
type LotItem = (Option<i64>, Option<i64>, i64);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct WalletItem {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lots: Vec<LotItem>,
    #[serde(default, skip_serializing_if = "guerdon_domain::is_zero")]
    debt: i64,
}

/// Points that were forgiven: the order, how many, the sequence of the reversal, and the cap ("rule/period").
type ForgivenItem = (OrderId, i64, u64, Option<String>);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct HoldItem {
    id: HoldId,
    lots: Vec<LotItem>,
    worth: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<OrderId>,
    lapses_at: i64,
    version: u32,
    since: u64,
}

/// A bid: its lots, when (Unix milliseconds), the sequence of its entry.
type BidItem = (Vec<LotItem>, i64, u64);

/// A mystery gift that is sealed: what it is goes nowhere else until its reveal.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct GiftItem {
    grant: u64,
    reward: String,
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opens: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    codes: Vec<String>,
    decided: Decided,
}

impl GiftItem {
    fn new(gift: &Gift) -> Self {
        let Gift { grant, reward, version, opens, codes, decided } = gift.clone();
        let opens = opens.map(Timestamp::as_second);
        Self { grant, reward, version, opens, codes, decided }
    }

    /// The gift; `None` if the calendar cannot hold its date.
    fn into_gift(self) -> Option<Gift> {
        let Self { grant, reward, version, opens, codes, decided } = self;
        let opens = opens.map(second).map_or(Some(None), |at| at.map(Some))?;
        Some(Gift { grant, reward, version, opens, codes, decided })
    }
}

fn lot_item(lot: &Lot) -> LotItem {
    (lot.activates.map(Timestamp::as_second), lot.expires.map(Timestamp::as_second), lot.amount)
}

fn lot((activates, expires, amount): LotItem) -> Option<Lot> {
    let date = |seconds: Option<i64>| seconds.map(second).map_or(Some(None), |at| at.map(Some));
    Some(Lot { activates: date(activates)?, expires: date(expires)?, amount })
}

fn lot_items(lots: &[Lot]) -> Vec<LotItem> {
    lots.iter().map(lot_item).collect()
}

fn lots(lots: Vec<LotItem>) -> Option<Vec<Lot>> {
    lots.into_iter().map(lot).collect()
}

fn forgiven_item(forgiven: &Forgiven) -> ForgivenItem {
    let Forgiven { order, points, since, cap } = forgiven;
    (order.clone(), *points, *since, cap.as_ref().map(cap_name))
}

fn all_forgiven(items: Vec<ForgivenItem>) -> Option<Vec<Forgiven>> {
    let forgiven = |(order, points, since, of): ForgivenItem| {
        let cap = of.map_or(Some(None), |name| cap(&name).map(Some))?;
        Some(Forgiven { order, cap, points, since })
    };
    items.into_iter().map(forgiven).collect()
}

fn cap_name((rule, period): &CapKey) -> String {
    format!("{rule}/{period}")
}

fn cap(name: &str) -> Option<CapKey> {
    let (rule, period) = name.split_once('/')?;
    Some((RuleId::new(rule).ok()?, period.to_owned()))
}

impl AccountItem {
    pub(crate) fn new(account: &Account, due: Option<Timestamp>) -> Self {
        let wallet = |(asset, wallet): (&Asset, &Wallet)| {
            let lots = lot_items(&wallet.lots);
            (String::from(asset.clone()), WalletItem { lots, debt: wallet.debt })
        };
        let hold = |hold: &Hold| HoldItem {
            id: hold.id.clone(),
            lots: lot_items(&hold.lots),
            worth: hold.worth,
            order: hold.order.clone(),
            lapses_at: hold.lapses_at.as_second(),
            version: hold.version,
            since: hold.since,
        };
        let bid = |(auction, bid): (&String, &Bid)| {
            let lots = lot_items(&bid.lots);
            (auction.clone(), (lots, bid.at.as_millisecond(), bid.since))
        };
        let used = account
            .wallets
            .iter()
            .filter(|(_, wallet)| !wallet.lots.is_empty() || wallet.debt != 0);
        Self {
            key: Key::account(&account.member),
            f: FORM,
            member: account.member.clone(),
            revision: account.sequence,
            settled_to: account.settled_to.as_second(),
            wallets: used.map(wallet).collect(),
            holds: account.holds.iter().map(hold).collect(),
            bids: account.bids.iter().map(bid).collect(),
            gifts: account.gifts.iter().map(GiftItem::new).collect(),
            forgiven: account.forgiven.iter().map(forgiven_item).collect(),
            made_up: account.made_up.iter().map(forgiven_item).collect(),
            qualifying: account
                .qualifying
                .iter()
                .map(|(year, points)| (year.to_string(), *points))
                .collect(),
            caps: account.caps.iter().map(|(cap, capped)| (cap_name(cap), *capped)).collect(),
            capped: account
                .capped
                .iter()
                .map(|(cap, gave)| (cap_name(cap), lot_items(gave)))
                .collect(),
            taken: account
                .taken
                .iter()
                .map(|((reward, period), n)| (format!("{reward}/{period}"), *n))
                .collect(),
            tier: account.tier.clone(),
            due_shard: due.map(|_| due_shard(&account.member)),
            due: due.map(Timestamp::as_second),
        }
    }

    /// When the index says that something is due.
    pub(crate) fn due(&self) -> Result<Option<Timestamp>, StoreError> {
        let at = |seconds| second(seconds).ok_or_else(|| corrupt::<Self>("due"));
        self.due.map(at).transpose()
    }

    /// The account.
    ///
    /// # Errors
    /// If any of it cannot be read: an account that misses a part would be decided on, and written back without it.
    pub(crate) fn into_account(self) -> Result<Account, StoreError> {
        let wallet = |(asset, wallet): (String, WalletItem)| {
            let asset = Asset::try_from(asset).ok()?;
            Some((asset, Wallet { lots: lots(wallet.lots)?, debt: wallet.debt }))
        };
        let hold = |hold: HoldItem| {
            Some(Hold {
                id: hold.id,
                lots: lots(hold.lots)?,
                worth: hold.worth,
                order: hold.order,
                lapses_at: second(hold.lapses_at)?,
                version: hold.version,
                since: hold.since,
            })
        };
        let bid = |(auction, (of, at, since)): (String, BidItem)| {
            Some((auction, Bid { lots: lots(of)?, at: millisecond(at)?, since }))
        };
        let bids = self.bids.into_iter().map(bid).collect::<Option<_>>();
        let pair = |key: &str| {
            let (name, period) = key.split_once('/')?;
            Some((name.to_owned(), period.to_owned()))
        };
        let capped = |(name, capped): (String, Capped)| Some((cap(&name)?, capped));
        let gave = |(name, gave): (String, Vec<LotItem>)| Some((cap(&name)?, lots(gave)?));
        let year = |(year, points): (String, i64)| Some((year.parse().ok()?, points));
        let missing = |attribute| move || corrupt::<Self>(attribute);
        let (wallets, holds) = (self.wallets.into_iter(), self.holds.into_iter());
        let gifts = self.gifts.into_iter().map(GiftItem::into_gift).collect::<Option<_>>();
        let (qualifying, caps) = (self.qualifying.into_iter(), self.caps.into_iter());
        let taken = self.taken.into_iter().map(|(key, times)| Some((pair(&key)?, times)));
        Ok(Account {
            member: self.member,
            sequence: self.revision,
            settled_to: second(self.settled_to).ok_or_else(missing("settled_to"))?,
            wallets: wallets.map(wallet).collect::<Option<_>>().ok_or_else(missing("wallets"))?,
            holds: holds.map(hold).collect::<Option<_>>().ok_or_else(missing("holds"))?,
            bids: bids.ok_or_else(missing("bids"))?,
            gifts: gifts.ok_or_else(missing("gifts"))?,
            forgiven: all_forgiven(self.forgiven).ok_or_else(missing("forgiven"))?,
            made_up: all_forgiven(self.made_up).ok_or_else(missing("made_up"))?,
            qualifying: qualifying
                .map(year)
                .collect::<Option<_>>()
                .ok_or_else(missing("qualifying"))?,
            caps: caps.map(capped).collect::<Option<_>>().ok_or_else(missing("caps"))?,
            capped: self
                .capped
                .into_iter()
                .map(gave)
                .collect::<Option<_>>()
                .ok_or_else(missing("capped"))?,
            taken: taken.collect::<Option<_>>().ok_or_else(missing("taken"))?,
            tier: self.tier,
        })
    }
}

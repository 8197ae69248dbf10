//! Reads the stored items by themselves, without the code under test: what the laws are checked on.

use std::collections::BTreeMap;

use guerdon_domain::{
    mystery::{Decided, Weighed},
    play::Played,
};
use serde_json::Value;

use crate::{
    plays,
    table::{Item, LEDGER, Tables, number, text},
};

/// (activates, expires, units)
pub(crate) type Lot = (Option<i64>, Option<i64>, i64);

#[derive(Debug, Default, Clone)]
pub(crate) struct Hold {
    pub(crate) id: String,
    pub(crate) lots: Vec<Lot>,
    pub(crate) lapses_at: i64,
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Bid {
    pub(crate) lots: Vec<Lot>,
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Account {
    pub(crate) version: i64,
    pub(crate) settled_to: i64,
    pub(crate) due: Option<i64>,
    pub(crate) wallets: BTreeMap<String, (Vec<Lot>, i64)>,
    pub(crate) holds: Vec<Hold>,
    pub(crate) bids: BTreeMap<String, Bid>,
    pub(crate) gifts: Vec<Gift>,
}

/// A mystery gift that is sealed.
#[derive(Debug, Clone)]
pub(crate) struct Gift {
    pub(crate) grant: i64,
    pub(crate) reward: String,
    pub(crate) opens: Option<i64>,
    pub(crate) outcome: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) operation: String,
    pub(crate) member: String,
    pub(crate) sequence: i64,
    pub(crate) at: i64,
    pub(crate) recorded_at: i64,
    pub(crate) kind: String,
    /// The reward of a redemption or a reveal.
    pub(crate) reward: String,
    /// Of a reveal: the grant, and what it turned out to be.
    pub(crate) revealed: Option<(i64, String)>,
    /// Of a play.
    pub(crate) play: Option<Play>,
    /// Of a bid, or its end: the auction, and its points.
    pub(crate) auction: String,
    pub(crate) bid: i64,
    /// The codes that it gave.
    pub(crate) codes: Vec<String>,
    /// (account, asset, units)
    pub(crate) postings: Vec<(String, String, i64)>,
    pub(crate) balance: [i64; 3],
}

/// A play of an instant win.
#[derive(Debug, Clone)]
pub(crate) struct Play {
    pub(crate) game: String,
    /// Counter and number.
    pub(crate) number: Option<(i64, i64)>,
    /// Moments that were taken before it.
    pub(crate) taken: Option<i64>,
    pub(crate) prize: Option<String>,
    /// All that is said of it.
    pub(crate) played: Played,
}

fn int(value: &Value) -> i64 {
    value["N"].as_str().unwrap_or_else(|| panic!("not a number: {value}")).parse().unwrap()
}

fn list(value: &Value) -> &[Value] {
    value["L"].as_array().map_or(&[], Vec::as_slice)
}

fn lot(value: &Value) -> Lot {
    let date = |value: &Value| value["N"].as_str().map(|second| second.parse().unwrap());
    let parts = list(value);
    (date(&parts[0]), date(&parts[1]), int(&parts[2]))
}

/// A gift; which outcome it is, the seed and the weights say.
fn gift(value: &Value) -> Gift {
    let gift = &value["M"];
    let word = |value: &Value| value["S"].as_str().unwrap().to_owned();
    let decided = &gift["decided"]["M"];
    let outcomes = list(&decided["outcomes"]).iter().map(|outcome| Weighed {
        outcome: word(&outcome["M"]["outcome"]),
        weight: int(&outcome["M"]["weight"]),
        left: outcome["M"].get("left").map(int),
    });
    let decided =
        Decided { seed: word(&decided["seed"]).parse().unwrap(), outcomes: outcomes.collect() };
    Gift {
        grant: int(&gift["grant"]),
        reward: word(&gift["reward"]),
        opens: gift.get("opens").map(int),
        outcome: decided.outcomes[decided.index().unwrap()].outcome.clone(),
    }
}

pub(crate) fn account(item: &Item) -> Account {
    let map = |name: &str| item.get(name).and_then(|value| value["M"].as_object());
    let wallets = map("wallets").into_iter().flatten().map(|(asset, wallet)| {
        let lots = list(&wallet["M"]["lots"]).iter().map(lot).collect();
        let debt = wallet["M"].get("debt").map_or(0, int);
        (asset.clone(), (lots, debt))
    });
    let holds = item.get("holds").map_or(&[][..], list).iter().map(|hold| Hold {
        id: hold["M"]["id"]["S"].as_str().unwrap().to_owned(),
        lots: list(&hold["M"]["lots"]).iter().map(lot).collect(),
        lapses_at: int(&hold["M"]["lapses_at"]),
    });
    let bids = map("bids").into_iter().flatten().map(|(auction, bid)| {
        let lots = list(&list(bid)[0]).iter().map(lot).collect();
        (auction.clone(), Bid { lots })
    });
    Account {
        version: number(item, "revision").unwrap(),
        settled_to: number(item, "settled_to").unwrap(),
        due: number(item, "due"),
        wallets: wallets.collect(),
        holds: holds.collect(),
        bids: bids.collect(),
        gifts: item.get("gifts").map_or(&[][..], list).iter().map(gift).collect(),
    }
}

/// An entry; `None` for a note or a claimed key.
pub(crate) fn entry(item: &Item) -> Option<Entry> {
    let sequence = number(item, "sequence").filter(|_| item.contains_key("kind"))?;
    let kind = &item["kind"]["M"];
    let word = |value: &Value| value["S"].as_str().unwrap_or_default().to_owned();
    let postings = item.get("postings").map_or(&[][..], list).iter().map(|posting| {
        let posting = &posting["M"];
        (word(&posting["a"]), word(&posting["s"]), int(&posting["n"]))
    });
    let codes = list(&kind["grants"])
        .iter()
        .map(|grant| word(&grant["M"]["code"]))
        .filter(|code| !code.is_empty());
    let balance = list(&item["balance"]);
    Some(Entry {
        operation: text(item, "pk").trim_start_matches("OP#").to_owned(),
        member: text(item, "member").to_owned(),
        sequence,
        at: number(item, "at").unwrap(),
        recorded_at: number(item, "recorded_at").unwrap(),
        kind: word(&kind["kind"]),
        reward: word(&kind["reward"]),
        revealed: kind.get("gift").map(|gift| {
            let gift = &gift["M"];
            (int(&gift["of"]), word(&gift["outcome"]))
        }),
        play: plays::read(kind),
        auction: word(&kind["auction"]),
        bid: kind.get("bid").map_or(0, int),
        codes: codes.collect(),
        postings: postings.collect(),
        balance: [int(&balance[0]), int(&balance[1]), int(&balance[2])],
    })
}

/// Every account by member.
pub(crate) fn accounts(tables: &Tables) -> BTreeMap<String, Account> {
    let accounts = tables.under(LEDGER, "MEMBER#").filter(|(place, _)| place.2 == "ACCOUNT");
    accounts.map(|(_, item)| (text(item, "member").to_owned(), account(item))).collect()
}

/// Every entry by member, in order.
pub(crate) fn entries(tables: &Tables) -> BTreeMap<String, Vec<Entry>> {
    let mut entries: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in tables.under(LEDGER, "OP#").filter_map(|(_, item)| entry(item)) {
        entries.entry(entry.member.clone()).or_default().push(entry);
    }
    for entries in entries.values_mut() {
        entries.sort_by_key(|entry| entry.sequence);
    }
    entries
}

impl Account {
    /// Available, pending and held units.
    pub(crate) fn balance(&self, asset: &str) -> [i64; 3] {
        let mut balance = [0; 3];
        if let Some((lots, debt)) = self.wallets.get(asset) {
            balance[0] -= debt;
            for (activates, _, units) in lots {
                balance[usize::from(activates.is_some())] += units;
            }
        }
        if asset == "points" {
            let holds = self.holds.iter().flat_map(|hold| &hold.lots);
            let bids = self.bids.values().flat_map(|bid| &bid.lots);
            balance[2] = holds.chain(bids).map(|lot| lot.2).sum();
        }
        balance
    }

    pub(crate) fn lots(&self) -> &[Lot] {
        self.wallets.get("points").map_or(&[], |(lots, _)| lots)
    }

    /// Units by dates.
    pub(crate) fn by_dates<'a>(
        lots: impl IntoIterator<Item = &'a Lot>,
    ) -> BTreeMap<(Option<i64>, Option<i64>), i64> {
        let mut by_dates = BTreeMap::new();
        for (activates, expires, units) in lots {
            *by_dates.entry((*activates, *expires)).or_default() += units;
        }
        by_dates
    }
}

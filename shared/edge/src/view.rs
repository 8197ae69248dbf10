//! What the API shows of accounts and entries. `openapi.json` is checked against these.

use std::collections::BTreeMap;

use guerdon_domain::{
    account::{Account, Asset, Balance},
    entry::{Entry, Granted, Kind, LedgerAccount, Reason},
    id::MemberId,
    money::{Money, Rounding},
    mystery::Gift,
    programme::Versions,
    redeem,
    statement::Amount,
    tier,
};
use guerdon_store::{GrantRecord, Posted};
use jiff::Timestamp;
use lambda_http::{Body, Response, http::StatusCode};
use serde::Serialize;
use serde_json::{Value, json};

use crate::problem::respond_again;

/// A member, as `GET /members/{member}` shows them.
pub fn member(account: &Account, versions: &Versions, now: Timestamp) -> Value {
    let version = versions.at(now);
    let programme = &version.programme;
    let balance = account.balance(&Asset::Points);
    let worth =
        programme.points.value.and_then(|value| value.of(balance.available.max(0), Rounding::Down));
    let year = programme.time_zone.year(now);
    let progress = tier::progress(&account.qualifying, programme, now);
    json!({
        "member": account.member,
        "balance": balance,
        "tier": account.tier,
        "next_expiry": account.next_expiry().map(|(at, points)| json!({ "at": at, "points": points })),
        "next_activation": account.next_activation().map(|(at, points)| json!({ "at": at, "points": points })),
        "next_tier": progress.map(|progress| json!({ "tier": progress.next.id, "missing": progress.missing })),
        "qualifying_points": account.qualifying.get(&year).copied().unwrap_or(0),
        "credit": credit(account),
        "tickets": tickets(account),
        "holds": account.holds.iter().map(hold).collect::<Vec<_>>(),
        "bids": account.bids.iter().map(|(auction, bid)| json!({ "auction": auction, "points": bid.points(), "at": bid.at })).collect::<Vec<_>>(),
        "gifts": account.gifts.iter().map(gift).collect::<Vec<_>>(),
        "worth": worth.map(|minor| money(Money { minor, currency: programme.currency })),
        "points": { "one": programme.points.one, "many": programme.points.many },
        "version": version.version,
    })
}

fn credit(account: &Account) -> Vec<Value> {
    let credit = account.wallets.iter().filter_map(|(asset, wallet)| match asset {
        Asset::Points | Asset::Tickets(_) => None,
        Asset::Credit(currency) => {
            Some(money(Money { minor: wallet.available(), currency: *currency }))
        }
    });
    credit.collect()
}

fn tickets(account: &Account) -> Vec<Value> {
    let tickets = account.wallets.iter().filter_map(|(asset, wallet)| match asset {
        Asset::Tickets(of) => Some(json!({ "of": of, "tickets": wallet.available() })),
        Asset::Points | Asset::Credit(_) => None,
    });
    tickets.collect()
}

fn hold(hold: &guerdon_domain::account::Hold) -> Value {
    json!({
        "hold": hold.id,
        "points": hold.points(),
        "worth": money(hold.worth),
        "order": hold.order,
        "lapses_at": hold.lapses_at,
    })
}

/// A sealed mystery gift: that it is there, and when it is revealed. Not what it is.
fn gift(gift: &Gift) -> Value {
    json!({ "grant": gift.grant, "reward": gift.reward, "reveal_at": gift.opens })
}

/// Money as the API writes it: exact text, currency, and minor units.
pub fn money(money: Money) -> Value {
    json!(Amount(money))
}

/// An entry, as `GET /members/{member}/entries` shows it.
#[derive(Debug, Serialize)]
pub struct EntryView<'a> {
    sequence: u64,
    operation: &'a str,
    at: Timestamp,
    recorded_at: Timestamp,
    #[serde(flatten)]
    kind: &'a Kind,
    points: i64,
    version: u32,
    postings: Vec<Value>,
    reasons: &'a [Reason],
    balance: Balance,
}

/// By how many points an entry changed what the member has: available, pending and held.
pub fn points(entry: &Entry) -> i64 {
    let mine =
        |account: LedgerAccount, asset: &Asset| account.is_member() && *asset == Asset::Points;
    let points = entry.postings.iter().filter(|posting| mine(posting.account, &posting.asset));
    points.map(|posting| posting.amount).fold(0, i64::saturating_add)
}

/// An entry, as `GET /members/{member}/entries` shows it.
pub fn entry(entry: &Entry) -> EntryView<'_> {
    let posting = |posting: &guerdon_domain::entry::Posting| json!({ "account": posting.account, "asset": posting.asset, "amount": posting.amount });
    EntryView {
        sequence: entry.sequence,
        operation: entry.operation.as_str(),
        at: entry.at,
        recorded_at: entry.recorded_at,
        kind: &entry.kind,
        points: points(entry),
        version: entry.version,
        postings: entry.postings.iter().map(posting).collect(),
        reasons: &entry.reasons,
        balance: entry.balance,
    }
}

/// What an operation came to: its entries and what they made due, what was given, and the balance after the last of them.
pub fn posted(member: &MemberId, posted: &Posted) -> Value {
    let grants: Vec<&Granted> = posted.all().flat_map(|entry| entry.kind.grants()).collect();
    let views: Vec<EntryView<'_>> = posted.all().map(entry).collect();
    let points = views.iter().map(|view| view.points).fold(0, i64::saturating_add);
    let balance = views.last().map(|view| view.balance).unwrap_or_default();
    json!({ "member": member, "points": points, "balance": balance, "grants": grants, "entries": views })
}

/// The answer to a write: 201, and the same again for a repeat, which a header tells apart.
pub fn created(member: &MemberId, posted: &Posted) -> Response<Body> {
    respond_again(StatusCode::CREATED, &self::posted(member, posted), posted.replayed)
}

/// What was given, as `GET /members/{member}/grants` shows it.
pub fn grant(record: &GrantRecord) -> Value {
    let mut shown = json!({
        "sequence": record.sequence,
        "at": record.at,
        "reward": record.reward,
        "version": record.version,
        "grants": record.grants,
    });
    if let Some(gift) = &record.revealed {
        shown["gift"] = json!(gift);
    }
    shown
}

/// The offers, as `GET /members/{member}/rewards` shows them: what can be had now first, then the nearest.
pub fn rewards(
    account: &Account,
    versions: &Versions,
    now: Timestamp,
    taken: &BTreeMap<String, i64>,
) -> Value {
    let version = versions.at(now);
    let mut offers: Vec<(bool, i64, Value)> = Vec::new();
    for reward in &version.programme.rewards {
        let taken_of = |name: &str| taken.get(name).copied().unwrap_or(0);
        let left = reward.stock.map(|stock| stock.saturating_sub(taken_of(&reward.id)).max(0));
        let refusal = redeem::refusal(account, versions, reward, taken_of, now);
        // How many are left of each would show which one a member was given.
        let outcomes = reward.mystery().map(|mystery| {
            let outcomes = mystery.outcomes.iter();
            outcomes
                .map(|o| json!({ "outcome": o.id, "name": o.name, "weight": o.weight }))
                .collect::<Vec<_>>()
        });
        let offer = json!({
            "reward": reward.id,
            "name": reward.name,
            "price": { "points": reward.price_points },
            "open": refusal.is_none(),
            "why_not": refusal.as_ref().map(ToString::to_string),
            "stock_left": left,
            "tier": reward.conditions.tier,
            "from": reward.conditions.from,
            "until": reward.conditions.until,
            "may_be": outcomes,
        });
        offers.push((refusal.is_some(), reward.price_points, offer));
    }
    offers.sort_by_key(|(closed, price, _)| (*closed, *price));
    json!({ "rewards": offers.into_iter().map(|(_, _, offer)| offer).collect::<Vec<_>>(), "version": version.version })
}

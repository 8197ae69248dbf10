//! The laws of auctions, checked on what is stored.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use guerdon_domain::{
    auction::board::{Board, Standing},
    draw::list::Entrant,
    id::MemberId,
    programme::Versions,
};
use guerdon_store::{Ledger, PostError, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::{
    history::{Effect, History},
    laws::{Violation, ensure},
    operation::Answer,
    programme::CHANCE,
    raffle::closes,
    stored::{Account, Bid, Entry},
    table::{Item, RAFFLE as TABLE, number, text},
};

/// The auctions: where everybody sees the bids, and where nobody does; and how many win. They close with the raffle.
pub(crate) const OPEN: &str = "tasting";
pub(crate) const SEALED: &str = "grinder";
pub(crate) const AUCTIONS: [(&str, usize); 2] = [(OPEN, 2), (SEALED, 1)];

/// The schedule fires: what has lost is given back, and after the close what has won is given.
pub(crate) async fn sweep(
    ledger: &Ledger,
    versions: &Versions,
    now: Timestamp,
    random: &(dyn Fn() -> u64 + Sync),
) -> Result<Answer, StoreError> {
    let swept = ledger.sweep_auctions(versions, now, random, || false).await?;
    match swept.failed.into_iter().next() {
        None => Ok(Answer::Done),
        Some(PostError::Store(error)) => Err(error),
        Some(other) => panic!("the end of a bid is never refused here: {other}"),
    }
}

/// A board as it is stored.
fn board(item: &Item) -> Board {
    let bids = item["bids"]["L"].as_array().unwrap().iter().map(|bid| {
        let [member, points, at] = [0, 1, 2].map(|index| &bid["L"][index]);
        let int = |value: &serde_json::Value| value["N"].as_str().unwrap().parse::<i64>().unwrap();
        Standing {
            member: MemberId::new(member["S"].as_str().unwrap()).unwrap(),
            points: int(points),
            at: Timestamp::from_millisecond(int(at)).unwrap(),
        }
    });
    let is = |name: &str| item.get(name).is_some_and(|flag| flag["BOOL"] == true);
    let revision = number(item, "revision").unwrap().unsigned_abs();
    Board { revision, closed: is("closed"), settled: is("settled"), bids: bids.collect() }
}

/// The board that a write left.
pub(crate) fn board_of(effect: &Effect) -> Option<(String, Board)> {
    effect.written.iter().find_map(|written| {
        let auction = written.place.1.strip_prefix("BOARD#")?;
        Some((auction.to_owned(), board(written.after.as_deref()?)))
    })
}

/// What must hold at every moment: a bid's row is there as long as its points are held; what leads is held; what won had led.
pub(crate) fn state(
    history: &History,
    accounts: &BTreeMap<String, Account>,
    entries: &BTreeMap<String, Vec<Entry>>,
) -> Result<(), Violation> {
    let rows: BTreeSet<(String, String, i64)> = history
        .tables
        .under(TABLE, "BIDS#")
        .map(|(place, item)| {
            let auction = place.1.split('#').nth(1).unwrap().to_owned();
            (auction, text(item, "member").to_owned(), number(item, "points").unwrap())
        })
        .collect();
    let held = accounts.iter().flat_map(|(member, account)| {
        let points = |bid: &Bid| bid.lots.iter().map(|lot| lot.2).sum::<i64>();
        account.bids.iter().map(move |(of, bid)| (of.clone(), member.clone(), points(bid)))
    });
    let held: BTreeSet<(String, String, i64)> = held.collect();
    ensure(rows == held, "1", || format!("the rows of bids are {rows:?}, held is {held:?}"))?;
    let won = |auction: &str, member: &str| {
        let mine = entries.get(member).into_iter().flatten();
        mine.filter(|entry| entry.kind == "bid_won" && entry.auction == auction).count()
    };
    for (auction, winners) in AUCTIONS {
        let place = (TABLE.to_owned(), format!("BOARD#{auction}"), "BOARD".to_owned());
        let board = history.tables.get(&place).map(|item| board(item)).unwrap_or_default();
        ensure(board.bids.len() <= winners, "7", || format!("{} lead", board.bids.len()))?;
        for bid in &board.bids {
            let member = bid.member.as_str();
            let is_held = held.contains(&(auction.to_owned(), member.to_owned(), bid.points));
            let has_won = board.closed && won(auction, member) == 1;
            ensure(is_held != has_won, "7", || {
                format!("{member} leads {auction} with {}, of {held:?}", bid.points)
            })?;
        }
        for member in accounts.keys() {
            let leads = board.bids.iter().any(|bid| bid.member.as_str() == member);
            ensure(won(auction, member) == 0 || board.closed && leads, "7", || {
                format!("{member} has won {auction}, and does not lead")
            })?;
        }
    }
    Ok(())
}

/// In the end the highest bids have won, worked out from the entries by other code, and nothing is held.
pub(crate) fn checked(history: &mut History) -> Result<(), Violation> {
    if history.tables.under(TABLE, "BIDS#").chain(history.tables.under(TABLE, "BOARD#")).count()
        == 0
    {
        return Ok(());
    }
    let versions = history.versions();
    let over = history.now.max(closes()) + SignedDuration::from_hours(24);
    for _ in 0..2 {
        let versions = versions.clone();
        history.look(async move |ledger| sweep(&ledger, &versions, over, &|| 3).await.unwrap());
    }
    let entries = crate::stored::entries(&history.tables);
    let rows = history.tables.under(TABLE, "BIDS#").count();
    ensure(rows == 0, "7", || format!("{rows} bids have no end"))?;
    let key = |auction: &str, member: &str| {
        Entrant::of(&CHANCE.bidders(auction), &MemberId::new(member).unwrap())
    };
    for (auction, winners) in AUCTIONS {
        // The highest bid of each, with when it was made and what breaks a tie.
        let mut best: Vec<(Reverse<i64>, i64, Entrant, &String)> = Vec::new();
        let mut won: Vec<(i64, &String)> = Vec::new();
        for (member, entries) in &entries {
            let mine = || entries.iter().filter(|entry| entry.auction == auction);
            let bids = mine().filter(|entry| entry.kind == "bid");
            if let Some(bid) = bids.max_by_key(|entry| entry.bid) {
                best.push((Reverse(bid.bid), bid.at, key(auction, member), member));
            }
            won.extend(
                mine().filter(|entry| entry.kind == "bid_won").map(|entry| (entry.bid, member)),
            );
        }
        best.sort();
        best.truncate(winners);
        let mut expected: Vec<(i64, &String)> =
            best.iter().map(|(points, _, _, member)| (points.0, *member)).collect();
        won.sort_unstable();
        expected.sort_unstable();
        // Of equal bids in an open auction the one that was accepted first leads, which clocks alone do not tell.
        let points = |bids: &[(i64, &String)]| bids.iter().map(|bid| bid.0).collect::<Vec<_>>();
        let same =
            if auction == OPEN { points(&won) == points(&expected) } else { won == expected };
        ensure(same, "7", || format!("{auction}: {won:?} have won, not {expected:?}"))?;
    }
    Ok(())
}

//! Mystery gifts: racing redemptions, a stock that ends, the sweep that reveals them.

use std::collections::BTreeMap;

use guerdon_domain::{
    entry::{Granted, Kind},
    mystery,
    rejection::Rejection,
};
use guerdon_store::{Ledger, PostError, StoreError};
use tokio::task::JoinSet;

use super::bench::{Bench, at, member, on_every_engine, request};

const NOW: &str = "2026-03-18T12:00:00Z";
const WEEK: &str = "2026-03-25T12:00:00Z";

/// What a member's gifts turned out to be, by their entries.
async fn revealed(bench: &Bench, customer: u64) -> Vec<String> {
    let page = bench.ledger.history(&member(customer), None, 100).await.unwrap();
    let outcomes = page.entries.into_iter().filter_map(|entry| match entry.kind {
        Kind::Reveal { gift, .. } => Some(gift.outcome),
        _ => None,
    });
    outcomes.collect()
}

#[tokio::test]
async fn racing_members_share_out_what_there_is_and_no_more() {
    on_every_engine(async |bench| {
        let codes: Vec<String> = ["A", "B"].map(str::to_owned).into();
        bench.ledger.import_codes("spring", &codes).await.unwrap();
        for customer in 0..10 {
            bench.adjust(customer, "fund", 100, NOW).await.unwrap();
        }
        let mut racers = JoinSet::new();
        for customer in 0..10 {
            let bench = bench.clone();
            racers.spawn(async move { bench.redeem(customer, "box", "box", NOW).await });
        }
        let answers = racers.join_all().await;
        let gifts = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(gifts, 7, "two mugs, two codes, three times points");
        for refused in answers.into_iter().filter_map(Result::err) {
            let PostError::Refused(refusal) = refused else { panic!("{refused}") };
            assert_eq!(refusal.reason, Rejection::OutOfStock { stock: 5 });
            assert_eq!(refusal.rule, "reward box");
        }
        // Sealed, there is nothing to be seen; the sweep finds them when their time has come, and once.
        let mut found: BTreeMap<String, i64> = BTreeMap::new();
        for customer in 0..10 {
            assert!(revealed(&bench, customer).await.is_empty());
        }
        for shard in Ledger::due_shards() {
            for due in bench.ledger.due(shard, at(WEEK), 100).await.unwrap() {
                assert!(bench.ledger.settle(&due, &bench.versions, at(WEEK)).await.unwrap());
                assert!(!bench.ledger.settle(&due, &bench.versions, at(WEEK)).await.unwrap());
            }
        }
        for customer in 0..10 {
            for outcome in revealed(&bench, customer).await {
                *found.entry(outcome).or_default() += 1;
            }
        }
        let all = [("coded", 2), ("mug", 2), ("points", 3)];
        assert_eq!(found, all.map(|(name, count)| (name.to_owned(), count)).into());
        assert_eq!(bench.ledger.stock_taken("box/mug").await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_repeat_gets_the_same_gift_though_others_have_taken_the_rest() {
    on_every_engine(async |bench| {
        for customer in 0..6 {
            bench.adjust(customer, "fund", 100, NOW).await.unwrap();
        }
        let first = bench.redeem(0, "box", "box", NOW).await.unwrap();
        for customer in 1..6 {
            bench.redeem(customer, "box", "box", NOW).await.ok();
        }
        let again = bench.redeem(0, "box", "box", WEEK).await.unwrap();
        assert_eq!((again.replayed, &again.entries), (true, &first.entries));
        // What the key and the name come to, anyone with the key can work out again.
        assert!(bench.ledger.settle(&member(0), &bench.versions, at(WEEK)).await.unwrap());
        let account = bench.ledger.account(&member(0)).await.unwrap().unwrap();
        let page = bench.ledger.history(&member(0), None, 100).await.unwrap();
        assert!(account.gifts.is_empty(), "{:?}", account.gifts);
        let gift = page.entries.iter().find_map(|entry| match &entry.kind {
            Kind::Reveal { gift, .. } => Some(gift),
            _ => None,
        });
        let gift = gift.unwrap();
        let asked = request(&member(0), "box", "box").operation;
        assert_eq!(gift.decided.seed, mystery::seed(bench.ledger.chance().unwrap(), &asked));
        let Kind::Redemption { grants, .. } = &first.entries[0].kind else { unreachable!() };
        let Granted::Mystery { commitment, .. } = grants[0] else { unreachable!() };
        assert_eq!(gift.decided.commitment(), commitment);
    })
    .await;
}

#[tokio::test]
async fn without_the_key_nothing_is_decided() {
    on_every_engine(async |bench| {
        bench.adjust(0, "fund", 100, NOW).await.unwrap();
        let without = Bench { ledger: bench.ledger.clone().with_chance(None), ..bench.clone() };
        let before = bench.items().await;
        let refused = without.redeem(0, "box", "box", NOW).await;
        assert!(matches!(refused, Err(PostError::Store(StoreError::NoChanceKey))), "{refused:?}");
        assert_eq!(bench.items().await, before);
        without.redeem(0, "latte", "latte", NOW).await.unwrap();
    })
    .await;
}

//! Versions: what a function does that read them before another one was published.

use guerdon_domain::{account::Asset, event::Event};
use guerdon_store::{Notice, OrderAnswer, PostError, StoreError};

use super::bench::{Bench, PROGRAMME, at, member, on_every_engine, paid, refund};

const NOW: &str = "2026-03-18T12:00:00Z";

/// Publishes twice as many points for an order, in force at once; `bench.versions` stay as they were read before.
async fn double(bench: &Bench) {
    let doubled = PROGRAMME.replace("give = 1", "give = 2");
    assert_ne!(doubled, PROGRAMME);
    bench.ledger.publish(&doubled, at(NOW), at(NOW), Notice::Waived).await.unwrap();
}

#[tokio::test]
async fn an_order_is_never_judged_by_another_version_than_its_own() {
    on_every_engine(async |bench| {
        double(&bench).await;
        let newest = bench.ledger.versions().await.unwrap();
        let order = paid(1, 1, 10_000, NOW);
        let posted = bench.ledger.order(&newest, &order, at(NOW)).await.unwrap();
        assert!(matches!(posted, OrderAnswer::Posted { .. }));

        let items = bench.items().await;
        let half = refund(1, 1, 5_000);
        let stale = bench.ledger.order(&bench.versions, &half, at(NOW)).await;
        assert!(
            matches!(stale, Err(PostError::Store(StoreError::UnknownVersion { version: 2 }))),
            "{stale:?}"
        );
        assert_eq!(bench.items().await, items, "nothing is written");
    })
    .await;
}

#[tokio::test]
async fn a_function_that_meets_a_newer_version_reads_the_versions_again() {
    on_every_engine(async |bench| {
        let edge = bench.edge();
        assert_eq!(edge.programmes.versions().await.unwrap().newest().version, 1, "it is kept");
        double(&bench).await;
        let newest = bench.ledger.versions().await.unwrap();
        bench.ledger.order(&newest, &paid(1, 1, 10_000, NOW), at(NOW)).await.unwrap();
        let half = Event::Order(refund(1, 1, 5_000));
        let taken = earn::replay(&edge, at(NOW), &half).await.unwrap();
        assert!(matches!(taken, earn::Taken::Done { replayed: false, .. }), "{taken:?}");
        let account = bench.ledger.account(&member(1)).await.unwrap().unwrap();
        let points = account.balance(&Asset::Points);
        assert_eq!(points.available + points.pending, 100, "half of twice a hundred");
    })
    .await;
}

//! Bids: many race for two places, each told twice; the sweep ends them, and nothing is held.

use guerdon_domain::{
    account::Asset,
    adjust::{self, Adjust},
    auction::PlaceBid,
    entry::Kind,
    id::MemberId,
};
use guerdon_store::PostError;
use tokio::task::JoinSet;

use super::bench::{Bench, at, member, on_every_engine, request};

const NOW: &str = "2026-03-18T12:00:00Z";
const OVER: &str = "2026-04-01T00:05:00Z";
const BIDDERS: u64 = 12;

impl Bench {
    async fn bid(&self, customer: u64, auction: &str, points: i64) -> Result<(), PostError> {
        let (member, auction) = (member(customer), auction.to_owned());
        let request = request(&member, &format!("{auction}-{points}"), "bid");
        let bid = PlaceBid { operation: request.operation.clone(), auction, points };
        let random = || guerdon_edge::random();
        self.ledger.bid(&member, &self.versions, &request, &bid, at(NOW), &random).await.map(|_| ())
    }

    async fn fund(&self, customer: u64) {
        let member = member(customer);
        let request = request(&member, "fund", "fund");
        let adjust = Adjust {
            operation: request.operation.clone(),
            asset: Asset::Points,
            amount: 1000,
            reason: "to bid".to_owned(),
            by: "me".to_owned(),
        };
        let decide = |account: &_| adjust::decide(account, &self.versions, &adjust, at(NOW));
        self.ledger.post(&member, &self.versions, &request, at(NOW), decide).await.unwrap();
    }

    async fn points(&self, member: &MemberId) -> (i64, i64) {
        let account = self.ledger.account(member).await.unwrap().unwrap();
        let balance = account.balance(&Asset::Points);
        (balance.available, balance.held)
    }
}

#[tokio::test]
async fn the_highest_bids_win_whoever_bids_at_once_and_nothing_stays_held() {
    on_every_engine(async |bench| {
        for customer in 0..BIDDERS {
            bench.fund(customer).await;
        }
        let mut racers = JoinSet::new();
        for customer in (0..BIDDERS).chain(0..BIDDERS) {
            let bench = bench.clone();
            racers.spawn(async move {
                let points = 100 + 7 * i64::try_from(customer).unwrap();
                for auction in ["tasting", "grinder"] {
                    match bench.bid(customer, auction, points).await {
                        Ok(()) | Err(PostError::Refused(_)) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
        racers.join_all().await;
        let random = || guerdon_edge::random();
        let sweep = async |now: &str| {
            let swept = bench
                .ledger
                .sweep_auctions(&bench.versions, at(now), &random, || false)
                .await
                .unwrap();
            assert!(swept.failed.is_empty() && !swept.stopped, "{swept:?}");
            swept.ended
        };
        sweep(NOW).await;
        let board = bench.ledger.board("tasting").await.unwrap();
        for customer in 0..BIDDERS {
            let account = bench.ledger.account(&member(customer)).await.unwrap().unwrap();
            let leads = board.of(&member(customer)).is_some();
            assert_eq!(account.bids.contains_key("tasting"), leads, "{account:?}");
            assert!(account.bids.contains_key("grinder"), "a sealed bid is held until the close");
        }
        assert_eq!(sweep(OVER).await, BIDDERS + 2);
        assert_eq!(sweep(OVER).await, 0);
        // The two highest of those that were offered can always bid: nobody outbids them.
        for (customer, spent) in [(BIDDERS - 1, 2 * 177), (BIDDERS - 2, 170), (0, 0)] {
            assert_eq!(bench.points(&member(customer)).await, (1000 - spent, 0), "{customer}");
        }
        let history = bench.ledger.history(&member(BIDDERS - 1), None, 10).await.unwrap();
        let won = history.entries.iter().filter(|entry| matches!(entry.kind, Kind::BidWon { .. }));
        assert_eq!(won.count(), 2);
    })
    .await;
}

//! Instant wins: racing plays, counters, moments, prizes that run out, and the check after the end.

use std::collections::BTreeMap;

use guerdon_domain::{
    draw::hash::Hash,
    entry::{Entry, Kind},
    event::{Event, MemberEvent, SIGN_UP},
    play::{self, By, Paid, Play, check},
    rejection::Rejection,
};
use guerdon_store::{PostError, Posted};
use tokio::task::JoinSet;

use super::bench::{Bench, at, member, on_every_engine, request};

const NOW: &str = "2026-03-18T12:00:00Z";
const OVER: &str = "2026-04-01T00:05:00Z";

impl Bench {
    async fn play(&self, customer: u64, key: &str, game: &str) -> Result<Posted, PostError> {
        let member = member(customer);
        let request = request(&member, key, game);
        let operation = request.operation.clone();
        let play = Play { operation, game: game.to_owned(), paid: Paid::Free };
        let random = || guerdon_edge::random();
        self.ledger.play(&member, &self.versions, &request, &play, at(NOW), &random).await
    }

    /// Joins as the function has it: the event, and then what it sets off.
    async fn join(&self, customer: u64) -> Vec<Entry> {
        let event = MemberEvent {
            member: member(customer),
            name: SIGN_UP.to_owned(),
            key: None,
            at: at(NOW),
        };
        self.ledger.event(&self.versions, &event, at(NOW)).await.unwrap();
        let random = || guerdon_edge::random();
        let event = Event::Member(event);
        let plays = self.ledger.set_off(&self.versions, &event, at(NOW), &random).await.unwrap();
        plays.into_iter().flat_map(|(_, posted)| posted.entries).collect()
    }

    /// Checks plays of a game against what is public of it after its end.
    async fn check(&self, game: &str, entries: &[Entry]) {
        let declared = self.versions.instant_win(game).unwrap();
        let running = self.ledger.game(declared, at(NOW)).await.unwrap();
        assert_eq!((running.seed, &running.counters, &running.moments), (None, &None, &None));
        let over = self.ledger.game(declared, at(OVER)).await.unwrap();
        assert_eq!(over.seed, Some(play::seed(self.ledger.chance().unwrap(), game)));
        for entry in entries {
            let Kind::Play { played, .. } = &entry.kind else { panic!("{entry:?}") };
            assert_eq!(check::check(&over, &entry.operation, entry.at, played), Ok(()));
            assert_ne!(played.seed, Hash([0; 32]));
        }
    }
}

fn prize(entry: &Entry) -> Option<&str> {
    let Kind::Play { played, .. } = &entry.kind else { panic!("{entry:?}") };
    played.prize.as_deref()
}

#[tokio::test]
async fn every_tenth_to_join_wins_whoever_joins_at_once_and_is_told_twice() {
    on_every_engine(async |bench| {
        let mut racers = JoinSet::new();
        for customer in (0..30).chain(0..30) {
            let bench = bench.clone();
            racers.spawn(async move { (customer, bench.join(customer).await) });
        }
        let mut plays: BTreeMap<u64, Entry> = BTreeMap::new();
        for (customer, mut entries) in racers.join_all().await {
            let entry = entries.pop().unwrap();
            assert!(entries.is_empty());
            if let Some(first) = plays.insert(customer, entry.clone()) {
                assert_eq!(first, entry, "a repeat");
            }
        }
        let number = |entry: &Entry| {
            let Kind::Play { played, .. } = &entry.kind else { panic!("{entry:?}") };
            let By::Every { number, .. } = played.by else { panic!("{entry:?}") };
            assert_eq!(prize(entry).is_some(), number % 10 == 0);
            number
        };
        let mut numbers: Vec<u64> = plays.values().map(number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=30).collect::<Vec<_>>());
        let entries: Vec<Entry> = plays.into_values().collect();
        bench.check("tenth", &entries).await;
    })
    .await;
}

#[tokio::test]
async fn each_moment_is_taken_once() {
    on_every_engine(async |bench| {
        let game = bench.versions.instant_win("golden").unwrap();
        let seed = play::seed(bench.ledger.chance().unwrap(), "golden");
        let fallen = play::moments(&seed, game.opens, game.closes, 10);
        let fallen = fallen.into_iter().filter(|moment| *moment <= at(NOW)).count();
        assert!((2..10).contains(&fallen), "{fallen} have fallen: the test wants some");
        let mut racers = JoinSet::new();
        for customer in 0..15 {
            let bench = bench.clone();
            racers.spawn(async move { bench.play(customer, "k", "golden").await.unwrap() });
        }
        let entries: Vec<Entry> =
            racers.join_all().await.into_iter().flat_map(|posted| posted.entries).collect();
        assert_eq!(entries.iter().filter(|entry| prize(entry).is_some()).count(), fallen);
        bench.check("golden", &entries).await;
        let again = bench.play(3, "k", "golden").await.unwrap();
        assert!(again.replayed && entries.contains(&again.entries[0]));
    })
    .await;
}

#[tokio::test]
async fn prizes_are_given_while_there_are_pieces_and_codes_and_no_play_is_taken_after() {
    on_every_engine(async |bench| {
        let codes: Vec<String> = ["A", "B"].map(str::to_owned).into();
        bench.ledger.import_codes("spring", &codes).await.unwrap();
        let mut racers = JoinSet::new();
        for customer in 0..8 {
            let bench = bench.clone();
            racers.spawn(async move { bench.play(customer, "k", "sure").await });
        }
        let mut won: BTreeMap<String, usize> = BTreeMap::new();
        let mut entries = Vec::new();
        for answer in racers.join_all().await {
            match answer {
                Ok(posted) => {
                    *won.entry(prize(&posted.entries[0]).unwrap().to_owned()).or_default() += 1;
                    entries.extend(posted.entries);
                }
                Err(PostError::Refused(refusal)) => {
                    assert_eq!(refusal.reason, Rejection::OutOfStock { stock: 11 });
                    assert_eq!(refusal.rule, "instant win sure");
                }
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(won, BTreeMap::from([("coded".to_owned(), 2), ("mug".to_owned(), 2)]));
        // A win that lacks a code is not lost: the same play wins when there are codes again.
        let refused = bench.play(9, "k", "sure").await;
        assert!(matches!(refused, Err(PostError::Refused(_))));
        bench.ledger.import_codes("spring", &["C".to_owned()]).await.unwrap();
        let posted = bench.play(9, "k", "sure").await.unwrap();
        assert_eq!(prize(&posted.entries[0]), Some("coded"));
        entries.extend(posted.entries);
        bench.check("sure", &entries).await;
        let grants = bench.ledger.grants(&member(9)).await.unwrap();
        assert_eq!((grants.len(), grants[0].reward.as_str()), (1, "coded"));
    })
    .await;
}

//! Raffles: a list that is frozen by stages, by two at once, and prizes that are given once.

use guerdon_domain::{
    draw::{
        hash::Hash,
        list::{Entrant, Summary},
        pages::{Builder, Page, PageId},
        record::Record,
    },
    id::Operation,
    raffle::{
        self, Enter,
        award::Award,
        stage::{Announcement, Stage},
    },
    rejection::Rejection,
};
use guerdon_store::{Frozen, PostError, Posted, RaffleState};
use tokio::task::JoinSet;

use super::bench::{Bench, at, member, on_every_engine, request};

const OPEN: &str = "2026-03-18T12:00:00Z";
const SEED: Hash = Hash([7; 32]);
const ENTRANTS: u64 = 40;

async fn enter(
    bench: &Bench,
    customer: u64,
    key: &str,
    entries: i64,
    now: &str,
) -> Result<Posted, PostError> {
    let request = request(&member(customer), key, "enter");
    let operation: Operation = request.operation.clone();
    let enter = Enter { operation, raffle: "spring".to_owned(), entries, free: true };
    let versions = &bench.versions;
    let decide = |account: &guerdon_domain::account::Account| {
        raffle::enter(account, versions, &enter, at(now))
    };
    bench.ledger.post(&member(customer), versions, &request, at(now), decide).await
}

/// A raffle with its entrants, closed.
async fn closed(bench: &Bench) -> RaffleState {
    let raffle = bench.versions.raffle("spring", at(OPEN)).unwrap();
    let announcement = Announcement::new(raffle, 1, &SEED);
    let mut state = bench.ledger.announce(announcement.clone()).await.unwrap();
    // Another seed, another time: the first announcement stands.
    let other = Announcement::new(raffle, 1, &Hash([8; 32]));
    assert_eq!(bench.ledger.announce(other).await.unwrap().announcement, announcement);
    let mut racers = JoinSet::new();
    for customer in 0..ENTRANTS {
        for key in ["one", "one", "two"] {
            let bench = bench.clone();
            let entries = i64::try_from(customer % 2).unwrap() + 1;
            racers.spawn(async move { enter(&bench, customer, key, entries, OPEN).await });
        }
    }
    for answer in racers.join_all().await {
        match answer {
            Ok(_) => {}
            Err(PostError::Refused(refusal)) => {
                assert!(matches!(refusal.reason, Rejection::LimitReached { times: 3, .. }));
            }
            Err(error) => panic!("{}", guerdon_edge::causes(&error)),
        }
    }
    let late = enter(bench, 1, "late", 1, "2026-04-01T00:00:00Z").await.unwrap_err();
    let PostError::Refused(refusal) = late else { panic!("{late}") };
    assert!(matches!(refusal.reason, Rejection::Closed { .. }));
    for stage in [Stage::Open, Stage::Closed] {
        let mut old = state.clone();
        assert!(bench.ledger.move_raffle(&mut state, |state| state.stage = stage).await.unwrap());
        assert!(!bench.ledger.move_raffle(&mut old, |state| state.stage = stage).await.unwrap());
    }
    state
}

/// The list worked out from the members' accounts.
async fn expected(bench: &Bench) -> Summary {
    let mut list: Vec<(Entrant, u64)> = Vec::new();
    for customer in 0..ENTRANTS {
        let account = bench.ledger.account(&member(customer)).await.unwrap().unwrap();
        let tickets = account.tickets(&"spring".into());
        // One and one; or two, and the other two are more than three a day.
        assert_eq!(tickets, 2, "{customer}");
        let entrant = bench.ledger.pseudonym("spring", &member(customer)).unwrap();
        list.push((entrant, u64::try_from(tickets).unwrap()));
    }
    list.sort_unstable();
    let mut builder = Builder::default();
    for (entrant, tickets) in list {
        builder.push(entrant, tickets).unwrap();
    }
    builder.finish().1
}

#[tokio::test]
async fn a_list_is_the_same_however_often_its_freezing_is_interrupted() {
    on_every_engine(async |bench| {
        closed(&bench).await;
        let expected = expected(&bench).await;
        let mut runs = 0;
        let state = loop {
            // Each run begins with what is stored, and is told to stop after its first read.
            let mut state = bench.ledger.raffle("spring").await.unwrap().unwrap();
            runs += 1;
            match bench.ledger.freeze(&mut state, || true).await.unwrap() {
                Frozen::Stopped => {}
                Frozen::Done => break state,
                Frozen::LostRace => panic!("nobody else runs"),
            }
        };
        assert!(runs > 200, "a run for each shard: {runs}");
        assert_eq!((state.stage, state.list), (Stage::Frozen, Some(expected)));
        let Page::Leaf(page) =
            bench.ledger.page("spring", PageId { level: 0, number: 0 }).await.unwrap()
        else {
            panic!("no page")
        };
        assert_eq!(page.len() as u64, ENTRANTS);
    })
    .await;
}

#[tokio::test]
async fn two_that_freeze_and_draw_at_once_come_to_one_list_and_one_record() {
    on_every_engine(async |bench| {
        let state = Box::pin(closed(&bench)).await;
        let expected = expected(&bench).await;
        let (mut one, mut two) = (state.clone(), state);
        let (first, second) = tokio::join!(
            Box::pin(bench.ledger.freeze(&mut one, || false)),
            Box::pin(bench.ledger.freeze(&mut two, || false))
        );
        let done = [first.unwrap(), second.unwrap()];
        assert_eq!(done.iter().filter(|done| **done == Frozen::Done).count(), 1, "{done:?}");
        let state = bench.ledger.raffle("spring").await.unwrap().unwrap();
        assert_eq!((state.stage, state.list), (Stage::Frozen, Some(expected)));

        let announced = state.announcement.announced.clone();
        let record = |seed| Record::new(announced.clone(), expected, seed, None, Vec::new());
        let (mut one, mut two) = (state.clone(), state);
        let records = [record(SEED), record(Hash([9; 32]))];
        let (first, second) = tokio::join!(
            Box::pin(bench.ledger.put_record(&mut one, &records[0])),
            Box::pin(bench.ledger.put_record(&mut two, &records[1]))
        );
        let (first, second) = (first.unwrap(), second.unwrap());
        assert!(first != second, "a second draw is refused");
        let state = bench.ledger.raffle("spring").await.unwrap().unwrap();
        let kept = bench.ledger.record(&state).await.unwrap().unwrap();
        assert_eq!(kept, records[usize::from(second)]);
    })
    .await;
}

#[tokio::test]
async fn a_prize_is_given_once_to_whoever_asks_how_often() {
    on_every_engine(async |bench| {
        bench.ledger.import_codes("spring", &["A".to_owned()]).await.unwrap();
        let entrant = bench.ledger.pseudonym("spring", &member(1)).unwrap();
        let award = Award {
            raffle: "spring".to_owned(),
            version: 1,
            prize: "points".to_owned(),
            place: 2,
            entrant,
            codes: Vec::new(),
        };
        let mut racers = JoinSet::new();
        for _ in 0..6 {
            let (bench, award) = (bench.clone(), award.clone());
            racers.spawn(async move {
                let random = &guerdon_edge::random;
                bench.ledger.award(&member(1), &bench.versions, &award, at(OPEN), random).await
            });
        }
        let answers = racers.join_all().await;
        let first = answers[0].as_ref().unwrap().entries.clone();
        assert!(answers.iter().all(|answer| answer.as_ref().unwrap().entries == first));
        assert_eq!(answers.iter().filter(|answer| !answer.as_ref().unwrap().replayed).count(), 1);
        let account = bench.ledger.account(&member(1)).await.unwrap().unwrap();
        assert_eq!(account.balance(&guerdon_domain::account::Asset::Points).available, 5);
        // The pool is empty now: who comes next waits for a code, and is not given half a prize.
        let next = Award {
            place: 3,
            entrant: bench.ledger.pseudonym("spring", &member(2)).unwrap(),
            ..award
        };
        let random = &guerdon_edge::random;
        let refused =
            bench.ledger.award(&member(2), &bench.versions, &next, at(OPEN), random).await;
        let Err(PostError::Refused(refusal)) = refused else { panic!("{refused:?}") };
        assert!(matches!(refusal.reason, Rejection::NoCodeLeft { .. }));
        assert!(bench.ledger.account(&member(2)).await.unwrap().is_none());
    })
    .await;
}

//! The leaderboard: agreeing, ranking, withdrawing, erasing; and profiles that are changed at once.

use guerdon_domain::profile::{Profile, Wanted};
use guerdon_store::Ranking;
use jiff::Timestamp;
use tokio::task::JoinSet;

use super::bench::{Bench, at, member, on_every_engine, paid};

const NOW: &str = "2026-03-18T12:00:00Z";
const LATER: &str = "2026-03-18T13:00:00Z";

/// Says what a member wants to be called, and whether on the leaderboard.
async fn say(bench: &Bench, customer: u64, nickname: &str, leaderboard: bool) {
    let nickname = Some(nickname.to_owned()).filter(|nickname| !nickname.is_empty());
    let wanted = Wanted { nickname, leaderboard, ..Wanted::default() };
    let change = |before: Profile| before.changed(wanted.clone(), at(NOW));
    bench.ledger.change_profile(&member(customer), change).await.unwrap();
}

async fn rank(bench: &Bench, now: &str) -> Ranking {
    let programme = &bench.versions.at(at(now)).programme;
    bench.ledger.rank_leaders(programme, at(now), || false).await.unwrap()
}

async fn shown(bench: &Bench, now: &str) -> Vec<(String, i64)> {
    let programme = &bench.versions.at(at(now)).programme;
    let leaders = bench.ledger.leaders(programme, at(now)).await.unwrap();
    leaders.into_iter().map(|leader| (leader.nickname, leader.points)).collect()
}

/// Members whose row says that they are on the leaderboard.
async fn rows(bench: &Bench) -> usize {
    let [ledger, ..] = bench.items().await;
    ledger.keys().filter(|key| key.contains("LEADERS#")).count()
}

fn names(shown: &[(&str, i64)]) -> Vec<(String, i64)> {
    shown.iter().map(|(name, points)| ((*name).to_owned(), *points)).collect()
}

#[tokio::test]
async fn who_agreed_is_ranked_by_this_years_points_and_gone_when_they_say_so() {
    on_every_engine(async |bench| {
        for (customer, net_minor) in [(1, 3000), (2, 7000), (3, 5000), (4, 9000), (5, 6000)] {
            bench.order(&paid(customer, customer, net_minor, NOW), NOW).await;
        }
        assert!(shown(&bench, NOW).await.is_empty(), "nothing was ranked yet");
        for (customer, nickname) in [(1, "Ann"), (2, "Bob"), (3, "Cid"), (5, ""), (6, "Newcomer")] {
            say(&bench, customer, nickname, true).await;
        }
        say(&bench, 4, "Shy", false).await;
        assert_eq!(rows(&bench).await, 4, "who has no nickname is not on it");
        assert_eq!(rank(&bench, NOW).await, Ranking::Done(4));
        assert_eq!(shown(&bench, NOW).await, names(&[("Bob", 70), ("Cid", 50), ("Ann", 30)]));

        // At once: a new name, a withdrawal, an erasure.
        say(&bench, 1, "Anna", true).await;
        say(&bench, 2, "Bob", false).await;
        bench.ledger.erase(&member(3)).await.unwrap();
        assert_eq!(shown(&bench, NOW).await, names(&[("Anna", 30)]));
        assert_eq!(rows(&bench).await, 2);

        // Points show with the next ranking, an hour later.
        bench.order(&paid(9, 1, 500, NOW), NOW).await;
        assert_eq!(rank(&bench, "2026-03-18T12:59:00Z").await, Ranking::Recent);
        assert_eq!(rank(&bench, LATER).await, Ranking::Done(2));
        assert_eq!(rank(&bench, NOW).await, Ranking::Recent, "an earlier one changes nothing");
        assert_eq!(shown(&bench, LATER).await, names(&[("Anna", 35)]));

        // A new year begins with an empty board.
        assert!(shown(&bench, "2027-01-01T00:00:00Z").await.is_empty());
        assert_eq!(rank(&bench, "2027-01-01T00:00:00Z").await, Ranking::Done(2));
        assert!(shown(&bench, "2027-01-01T00:00:00Z").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_board_is_of_the_best_fifty_of_however_many() {
    on_every_engine(async |bench| {
        for customer in 1..=130 {
            let net_minor = i64::try_from(customer).unwrap() * 100;
            bench.order(&paid(customer, customer, net_minor, NOW), NOW).await;
            say(&bench, customer, &customer.to_string(), true).await;
        }
        assert_eq!(rank(&bench, NOW).await, Ranking::Done(130));
        let best: Vec<_> =
            (81..=130_i64).rev().map(|points| (points.to_string(), points)).collect();
        assert_eq!(shown(&bench, NOW).await, best);
        let stopped =
            bench.ledger.rank_leaders(&bench.versions.at(at(LATER)).programme, at(LATER), || true);
        assert_eq!(stopped.await.unwrap(), Ranking::Stopped);
        assert_eq!(shown(&bench, LATER).await, best, "the last ranking stands");
    })
    .await;
}

#[tokio::test]
async fn racing_changes_of_a_profile_lose_nothing_and_its_row_agrees_with_it() {
    on_every_engine(async |bench| {
        let change = |bench: Bench, what: fn(Profile) -> Profile| async move {
            bench.ledger.change_profile(&member(1), what).await.unwrap();
        };
        let changes: [fn(Profile) -> Profile; 4] = [
            |before| Profile { name: Some("Ann".to_owned()), ..before },
            |before| Profile { nickname: Some("Bean".to_owned()), ..before },
            |before| Profile { leaderboard: Some(Timestamp::UNIX_EPOCH), ..before },
            |before| Profile { language: Some("pl".to_owned()), ..before },
        ];
        let mut racers = JoinSet::new();
        for what in changes {
            racers.spawn(change(bench.clone(), what));
        }
        racers.join_all().await;
        let profile = bench.ledger.profile(&member(1)).await.unwrap();
        assert_eq!(
            (profile.name.as_deref(), profile.language.as_deref()),
            (Some("Ann"), Some("pl"))
        );
        assert_eq!((profile.on_leaderboard(), rows(&bench).await), (Some("Bean"), 1));

        // Whatever comes first, an erasure and changes that race with it leave a row for a profile that says so, and no other.
        for _ in 0..10 {
            let mut racers = JoinSet::new();
            for what in changes {
                racers.spawn(change(bench.clone(), what));
            }
            let erased = bench.clone();
            racers.spawn(async move { erased.ledger.erase(&member(1)).await.unwrap() });
            racers.join_all().await;
            let profile = bench.ledger.profile(&member(1)).await.unwrap();
            let row = usize::from(profile.on_leaderboard().is_some());
            assert_eq!(rows(&bench).await, row);
        }
    })
    .await;
}

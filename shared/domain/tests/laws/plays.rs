//! Instant wins: what the terms promise holds whoever plays in what order, and every play can be checked after the end.

use std::{collections::BTreeMap, sync::Arc};

use guerdon_domain::{
    account::Asset,
    adjust::Adjust,
    book::{Answer, Book, BookError},
    calendar::Per,
    draw::hash::Hash,
    entry::{Entry, Kind},
    event::{Event, MemberEvent, OrderEvent, SIGN_UP, Snapshot, Status},
    id::{MemberId, Operation, OrderId},
    money::Currency,
    play::{
        self, By, Paid, Play, Played,
        check::{Game, Unfair, check},
    },
    programme::{Versions, parse},
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

const PROGRAMME: &str = r#"
[programme]
name = "Club"
currency = "EUR"

[[earn]]
id = "plays"
on = "order"
plays = { instant_win = "third", give = 2 }

[[instant_win]]
id = "third"
opens = "2026-03-01"
closes = "2026-03-11"
wins = { every = 3, counters = 2 }
prizes = [{ id = "credit", gives = [{ credit = "1.00 EUR" }] }]
price = { points = 5 }
free = { plays = 2, per = "day" }
limit = { times = 4, per = "day" }

[[instant_win]]
id = "cup"
opens = "2026-03-01"
closes = "2026-03-11"
wins = { chance = 1, of = 2 }
prizes = [
  { id = "mug", stock = 2, gives = [{ voucher = "product", sku = "MUG" }] },
  { id = "poster", weight = 3, stock = 3 },
]
price = { points = 5 }
free = { plays = 3, per = "ever" }

[[instant_win]]
id = "golden"
opens = "2026-03-01"
closes = "2026-03-11"
wins = { moments = 8 }
prizes = [{ id = "points", gives = [{ points = 9 }] }]
free = { plays = 50, per = "day" }

[[instant_win]]
id = "second"
opens = "2026-03-01"
closes = "2026-03-11"
on = "sign-up"
wins = { every = 2 }
prizes = [{ id = "hello", stock = 1, gives = [{ points = 7 }] }]

[[instant_win]]
id = "basket"
opens = "2026-03-01"
closes = "2026-03-11"
on = "order"
wins = { every = 2 }
prizes = [{ id = "credit", gives = [{ credit = "1.00 EUR" }] }]
"#;

const GAMES: [&str; 5] = ["third", "cup", "golden", "second", "basket"];

#[derive(Debug, Clone)]
enum Step {
    /// A member asks to play; the last is the key.
    Play(u8, usize, Paid, u8),
    /// A member joins, perhaps told twice.
    Join(u8),
    /// An order is paid, or cancelled.
    Order(u8, u8, bool),
    /// Minutes pass.
    Pass(i64),
}

fn any_step() -> impl Strategy<Value = Step> {
    let paid = prop_oneof![Just(Paid::Points), Just(Paid::Free), Just(Paid::Earned)];
    prop_oneof![
        12 => (0..4_u8, 0..4_usize, paid, 0..60_u8).prop_map(|(m, g, p, k)| Step::Play(m, g, p, k)),
        2 => (0..6_u8).prop_map(Step::Join),
        2 => (0..4_u8, 0..9_u8, any::<bool>()).prop_map(|(m, o, paid)| Step::Order(m, o, paid)),
        4 => (0..2000_i64).prop_map(Step::Pass),
    ]
}

fn seed(game: &str) -> Hash {
    Hash::of(game.as_bytes())
}

fn member(m: u8) -> MemberId {
    MemberId::new(format!("m{m}")).unwrap()
}

/// A ledger that is played on.
struct Fair {
    book: Book,
    now: Timestamp,
    /// Changes of orders so far: none is of the same time as another.
    changes: i64,
}

impl Fair {
    fn new() -> Self {
        let mut book = Book::new(Versions::single(parse(PROGRAMME).unwrap()));
        let now = "2026-03-01T00:00:00Z".parse().unwrap();
        for m in 0..4 {
            let operation = Operation::from(format!("give {m}"));
            let (reason, by) = ("a start".to_owned(), "staff".to_owned());
            let adjust = Adjust { operation, asset: Asset::Points, amount: 60, reason, by };
            book.adjust(&member(m), &adjust, now).unwrap();
        }
        Self { book, now, changes: 0 }
    }

    fn codes(&self) -> Vec<Option<String>> {
        let entries: usize = self.book.entries.values().map(Vec::len).sum();
        vec![Some(format!("CODE-{entries}"))]
    }

    fn play(&mut self, m: u8, game: &str, paid: Paid, key: u8) -> Result<Answer, BookError> {
        // A name is of one request: what it asks for is in it.
        let operation = Operation::from(format!("play {m} {game} {paid:?} {key}"));
        let play = Play { operation, game: game.to_owned(), paid };
        let codes = self.codes();
        self.book.play(&member(m), &play, (seed(game), &codes), self.now)
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::Order(order) => self.book.order(order, self.now).map(drop),
            Event::Member(event) => self.book.event(event, self.now).map(drop),
        }
        .unwrap();
        for (member, play) in play::set_off(&self.book.versions, event) {
            let codes = self.codes();
            let played = self.book.play(&member, &play, (seed(&play.game), &codes), self.now);
            assert!(matches!(played, Ok(_) | Err(BookError::Refused(_))), "{played:?}");
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Play(m, game, paid, key) => {
                let game = GAMES[*game];
                let first = self.play(*m, game, *paid, *key);
                assert!(matches!(first, Ok(_) | Err(BookError::Refused(_))), "{first:?}");
                if first.is_ok() {
                    assert_eq!(self.play(*m, game, *paid, *key), first, "a repeat");
                }
            }
            Step::Join(m) => {
                let event = MemberEvent {
                    member: member(*m),
                    name: SIGN_UP.to_owned(),
                    key: None,
                    at: self.now,
                };
                self.event(&Event::Member(event.clone()));
                self.event(&Event::Member(event));
            }
            Step::Order(m, o, paid) => {
                self.changes += 1;
                let snapshot = Snapshot {
                    updated_at: self.now + SignedDuration::from_micros(self.changes),
                    status: if *paid { Status::Paid } else { Status::Cancelled },
                    member: Some(member(*m)),
                    placed_at: "2026-03-01T00:00:00Z".parse().unwrap(),
                    test: false,
                    currency: Currency::EUR,
                    lines: Vec::new(),
                    paid_with_points_minor: 0,
                    tax_minor: 0,
                };
                self.event(&Event::Order(OrderEvent {
                    order: OrderId::new(format!("o{o}")).unwrap(),
                    snapshot: Some(Arc::new(snapshot)),
                    refunds: BTreeMap::new(),
                }));
            }
            Step::Pass(minutes) => self.now += SignedDuration::from_mins(*minutes),
        }
    }

    /// All plays of a game, with their entries.
    fn plays(&self, game: &str) -> Vec<(&MemberId, &Entry, &Played)> {
        let entries = self.book.entries.iter();
        let entries =
            entries.flat_map(|(member, entries)| entries.iter().map(move |e| (member, e)));
        let played = entries.filter_map(|(member, entry)| match &entry.kind {
            Kind::Play { game: of, played, .. } if of == game => Some((member, entry, &**played)),
            _ => None,
        });
        played.collect()
    }

    /// What is public of a game after its end.
    fn over(&self, id: &str) -> Game {
        let game = self.book.versions.instant_win(id).unwrap();
        let counters = (0..2)
            .map(|counter| self.book.counters.get(&(id.to_owned(), counter)).copied().unwrap_or(0));
        let taken = self.book.moments.get(id).cloned().unwrap_or_default();
        Game::new(game, &seed(id), &[]).over(&seed(id), counters.collect(), &taken)
    }
}

fn after(steps: &[Step]) -> Fair {
    let mut fair = Fair::new();
    for step in steps {
        fair.take(step);
    }
    fair
}

proptest! {
    #[test]
    fn every_nth_of_a_counter_wins_and_no_number_is_given_twice(steps in prop::collection::vec(any_step(), 0..150)) {
        let fair = after(&steps);
        for (game, every) in [("third", 3), ("second", 2), ("basket", 2)] {
            let mut numbers: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
            for (_, _, played) in fair.plays(game) {
                let By::Every { counter, number, .. } = played.by else { panic!("{played:?}") };
                numbers.entry(counter).or_default().push(number);
                prop_assert_eq!(played.prize.is_some(), number % every == 0);
            }
            for (counter, mut numbers) in numbers {
                numbers.sort_unstable();
                let all: Vec<u64> = (1..=numbers.len() as u64).collect();
                prop_assert_eq!(numbers, all, "counter {} of {}", counter, game);
            }
        }
    }

    #[test]
    fn each_moment_is_taken_once_by_the_first_play_after_it(steps in prop::collection::vec(any_step(), 0..150)) {
        let fair = after(&steps);
        let game = fair.book.versions.instant_win("golden").unwrap();
        let moments = play::moments(&seed("golden"), game.opens, game.closes, 8);
        prop_assert_eq!(moments.len(), 8);
        let mut plays = fair.plays("golden");
        // Members play one after the other here, but two of one time are in no order of their own.
        plays.sort_by_key(|(_, entry, played)| {
            let By::Moment { taken, fell } = played.by else { panic!("{played:?}") };
            (entry.at, taken, fell.is_none())
        });
        let mut taken = 0;
        for (_, entry, played) in plays {
            let due = moments.iter().filter(|moment| **moment <= entry.at).count();
            prop_assert_eq!(played.prize.is_some(), taken < due);
            taken += usize::from(played.prize.is_some());
        }
        prop_assert_eq!(fair.book.moments.get("golden").map_or(0, Vec::len), taken);
    }

    #[test]
    fn prizes_are_given_as_often_as_there_are(steps in prop::collection::vec(any_step(), 0..150)) {
        let fair = after(&steps);
        for id in GAMES {
            let game = fair.book.versions.instant_win(id).unwrap();
            for prize in &game.prizes {
                let won = fair.plays(id).iter().filter(|(_, _, played)| played.prize.as_ref() == Some(&prize.id)).count();
                let won = i64::try_from(won).unwrap();
                if let Some(stock) = prize.stock {
                    prop_assert!(won <= stock);
                    let taken = fair.book.stock_taken.get(&game.stock_name(prize)).copied();
                    prop_assert_eq!(won, taken.unwrap_or(0));
                }
            }
        }
        // When all are gone, nobody plays for nothing to win.
        let gone = fair.plays("cup").iter().filter(|(_, _, played)| played.prize.is_some()).count() == 5;
        if gone {
            let mut fair = fair;
            let refused = fair.play(3, "cup", Paid::Points, 99);
            prop_assert!(matches!(refused, Err(BookError::Refused(_))));
        }
    }

    #[test]
    fn nobody_plays_more_often_than_they_may(steps in prop::collection::vec(any_step(), 0..150)) {
        let fair = after(&steps);
        let zone = &fair.book.versions.first().programme.time_zone;
        let mut counts: BTreeMap<_, i64> = BTreeMap::new();
        for (member, entry, played) in fair.plays("third") {
            let day = Per::Day.period(entry.at, zone);
            *counts.entry((member, day.clone(), false)).or_default() += 1;
            if played.paid == Paid::Free {
                *counts.entry((member, day, true)).or_default() += 1;
            }
        }
        for ((member, day, free), count) in counts {
            prop_assert!(count <= if free { 2 } else { 4 }, "{count} of {member} on {day}");
        }
    }

    #[test]
    fn every_play_can_be_checked_and_no_other(steps in prop::collection::vec(any_step(), 0..150), change in 0..6_u8) {
        let fair = after(&steps);
        for id in GAMES {
            let game = fair.over(id);
            for (_, entry, played) in fair.plays(id) {
                let checked = |operation: &Operation, at, played: &Played| check(&game, operation, at, played);
                prop_assert_eq!(checked(&entry.operation, entry.at, played), Ok(()), "{:?}", played);
                let other = Operation::from(format!("{}x", entry.operation));
                prop_assert_eq!(checked(&other, entry.at, played), Err(Unfair::PlaySeed));
                prop_assert_eq!(checked(&entry.operation, game.closes, played), Err(Unfair::OtherGame));
                let running = Game { seed: None, ..game.clone() };
                prop_assert_eq!(check(&running, &entry.operation, entry.at, played), Err(Unfair::NotOver));
                let exchanged = Game { seed: Some(seed("another")), ..game.clone() };
                prop_assert_eq!(check(&exchanged, &entry.operation, entry.at, played), Err(Unfair::Seed));
                if let Some(told) = tampered(played, change) {
                    prop_assert!(checked(&entry.operation, entry.at, &told).is_err(), "{:?} for {:?}", told, played);
                }
            }
        }
    }
}

/// A play told otherwise; `None` if the change says nothing of it.
fn tampered(played: &Played, change: u8) -> Option<Played> {
    let mut told = played.clone();
    match (change, &mut told.by) {
        (0, By::Chance { drawn, .. }) => *drawn = 1 - *drawn,
        (0, By::Every { counter, .. }) => *counter += 2,
        (0, By::Moment { fell, .. }) => {
            *fell = match fell {
                Some(fell) => Some(*fell + SignedDuration::from_secs(1)),
                None => Some("2026-03-01T00:00:00Z".parse().unwrap()),
            }
        }
        (1, By::Every { number, .. }) => *number += 1_000_000,
        (1, By::Moment { taken, .. }) => *taken += 1,
        (2, _) => told.prize = Some("another".to_owned()),
        (3, _) if told.prize.is_some() => told.prize = None,
        (4, _) if !told.prizes.is_empty() => told.prizes[0].weight += 1,
        (5, _) => told.seed = seed("another"),
        _ => return None,
    }
    Some(told)
}

/// χ² over a hundred thousand plays: a chance of 3 in 10, and prizes by their weights.
#[test]
fn a_chance_is_as_likely_as_it_says() {
    let source = PROGRAMME
        .replace("wins = { chance = 1, of = 2 }", "wins = { chance = 3, of = 10 }")
        .replace("stock = 2,", "stock = 1000000,")
        .replace("stock = 3 }", "stock = 1000000 }");
    let versions = Versions::single(parse(&source).unwrap());
    let game = versions.instant_win("cup").unwrap();
    let left = vec![Some(1_000_000), Some(1_000_000)];
    let mut seen = [0_i64; 3];
    for n in 0..100_000 {
        let operation = Operation::from(format!("request#m#{n}"));
        let play = Play { operation, game: "cup".to_owned(), paid: Paid::Free };
        let brought =
            play::Brought { seed: seed("cup"), before: 0, left: left.clone(), codes: Vec::new() };
        match play::outcome(game, &play, &brought, game.opens) {
            (true, Some((index, _))) => seen[index] += 1,
            (false, None) => seen[2] += 1,
            other => panic!("{other:?}"),
        }
    }
    let expected = [7_500, 22_500, 70_000];
    let each = seen
        .iter()
        .zip(expected)
        .map(|(seen, expected)| 1000 * (seen - expected) * (seen - expected) / expected);
    // Two degrees of freedom: above 13.8 once in a thousand; the names are fixed.
    assert!(each.sum::<i64>() < 13_800, "{seen:?}");
}

/// The moments of many games fall evenly over their time: none is without its share at its ends.
#[test]
fn moments_fall_evenly() {
    let (opens, closes) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(1000).unwrap());
    let mut tenths = [0_i64; 10];
    for n in 0..1_000 {
        for moment in play::moments(&seed(&n.to_string()), opens, closes, 10) {
            tenths[usize::try_from(moment.as_second() / 100).unwrap()] += 1;
        }
    }
    // Nine degrees of freedom: above 27.9 once in a thousand.
    let chi: i64 = tenths.iter().map(|seen| (seen - 1000) * (seen - 1000)).sum();
    assert!(chi < 27_900, "{tenths:?}");
}

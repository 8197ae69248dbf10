//! Statements: they say what the ledger says, they follow one another without a gap, and one of a period that is over never
//! changes, whatever comes later and whenever it is made.

use std::collections::BTreeMap;

use guerdon_domain::{
    account::{Account, Asset},
    adjust::Adjust,
    entry::{Entry, LedgerAccount},
    programme::{RoundedTo, Versions},
    settle,
    statement::{
        Balances, Period, PeriodLength, Statement, StatementError, Totals, outlook, statement,
    },
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::{
    life::{MEMBERS, member},
    policy::{PLAIN, Policy},
    world::{ALL, Script, World, any_policies, any_script, request},
};

const ZONES: [&str; 3] = ["Europe/Warsaw", "America/New_York", "Asia/Bangkok"];

fn any_zoned_policies() -> impl Strategy<Value = [Policy; 2]> {
    (any_policies(), 0..ZONES.len(), 0..ZONES.len()).prop_map(|([first, second], a, b)| {
        [Policy { zone: ZONES[a], ..first }, Policy { zone: ZONES[b], ..second }]
    })
}

fn played(policies: &[Policy], script: &Script) -> World {
    let mut world = World::new(policies);
    for step in &script.0 {
        world.take(step).ok();
    }
    world
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What a caller hands over: the ledger read backwards, as far as it is needed.
fn read(entries: &[Entry], period: Period, versions: &Versions) -> Vec<Entry> {
    let bounds = period.bounds(versions);
    let mut read = Vec::new();
    for entry in entries.iter().rev() {
        read.push(entry.clone());
        if !bounds.need_before(entry) {
            break;
        }
    }
    read
}

fn made(world: &World, m: u8, period: Period) -> Statement {
    let versions = &world.book.versions;
    let entries = read(world.entries(m), period, versions);
    statement(&world.account(m), versions, &entries, period, world.now).unwrap()
}

/// The periods from before anything happened to that of now.
fn periods(world: &World, length: PeriodLength) -> Vec<Period> {
    let first = match length {
        PeriodLength::Month => period("2026-11"),
        PeriodLength::Year => period("2025"),
    };
    let all = std::iter::successors(Some(first), |period| period.after());
    let begun = |period: &Period| period.bounds(&world.book.versions).from <= world.now;
    all.take_while(begun).collect()
}

fn standing(world: &World, m: u8) -> Balances {
    Balances::of(&world.standing(m)).unwrap()
}

/// The ledger with everything that is due by now.
fn settled_entries(world: &World, m: u8) -> Vec<Entry> {
    let account = world.account(m);
    let mut entries = world.entries(m).to_vec();
    if account.sequence > 0 {
        let settled = settle::settle(&account, &world.book.versions, world.now).unwrap();
        entries.extend(settled.into_iter().flat_map(|decision| decision.entries));
    }
    entries
}

/// Periods of which everything is written, with their statements.
fn finals(world: &World, m: u8) -> BTreeMap<Period, Statement> {
    let months = periods(world, PeriodLength::Month);
    let all = months.into_iter().chain(periods(world, PeriodLength::Year));
    let over = all.filter(|period| period.bounds(&world.book.versions).are_over(world.now));
    over.map(|period| (period, made(world, m, period))).collect()
}

proptest! {
    #[test]
    fn they_follow_one_another_and_come_to_the_account(
        policies in any_zoned_policies(),
        script in any_script(ALL, 60),
    ) {
        let world = played(&policies, &script);
        for m in 0..MEMBERS {
            for length in [PeriodLength::Month, PeriodLength::Year] {
                let mut last = Balances::default();
                let mut all = Totals::default();
                let mut sequence = 0;
                for period in periods(&world, length) {
                    let statement = made(&world, m, period);
                    prop_assert_eq!(&statement.opening, &last, "{} does not begin where the last ended", period);
                    for line in &statement.lines {
                        sequence += 1;
                        prop_assert_eq!(line.sequence, sequence, "every entry is in one statement");
                        prop_assert!(statement.from <= line.booked && line.booked < statement.until);
                    }
                    for sum in statement.sums.values() {
                        all = all.plus(sum).unwrap();
                    }
                    last = statement.closing;
                }
                prop_assert_eq!(&last, &standing(&world, m));
                prop_assert_eq!(all, last.totals().unwrap());
                prop_assert_eq!(sequence, settled_entries(&world, m).len() as u64);
            }
        }
    }

    #[test]
    fn they_say_what_the_ledger_says(
        policies in any_zoned_policies(),
        script in any_script(ALL, 60),
    ) {
        let world = played(&policies, &script);
        for m in 0..MEMBERS {
            let entries = settled_entries(&world, m);
            for period in periods(&world, PeriodLength::Month) {
                let made = made(&world, m, period);
                // By hand, from the whole ledger: what time did is booked when it was due, the rest when it was learned of, and
                // nothing before what stands above it.
                let mut booked = Timestamp::MIN;
                let mut sums = [BTreeMap::<(Asset, LedgerAccount), i64>::new(), BTreeMap::new()];
                let mut lines = Vec::new();
                for entry in &entries {
                    let timed = entry.operation.as_str().starts_with("settle#");
                    booked = booked.max(if timed { entry.at } else { entry.recorded_at });
                    for (sum, end) in sums.iter_mut().zip([made.from, made.until]) {
                        for posting in entry.postings.iter().filter(|p| booked < end && p.account.is_member()) {
                            *sum.entry((posting.asset.clone(), posting.account)).or_default() += posting.amount;
                        }
                    }
                    if made.from <= booked && booked < made.until {
                        lines.push((entry.sequence, booked, &entry.kind, &entry.reasons));
                    }
                }
                let said: Vec<_> = made.lines.iter().map(|l| (l.sequence, l.booked, &l.kind, &l.reasons)).collect();
                prop_assert_eq!(said, lines);
                for (balances, sums) in [&made.opening, &made.closing].into_iter().zip(sums) {
                    let of = |asset: &Asset, account| sums.get(&(asset.clone(), account)).copied().unwrap_or(0);
                    let points = balances.points;
                    prop_assert_eq!(points.available, of(&Asset::Points, LedgerAccount::Available));
                    prop_assert_eq!(points.pending, of(&Asset::Points, LedgerAccount::Pending));
                    prop_assert_eq!(points.held, of(&Asset::Points, LedgerAccount::Held));
                    for (asset, _) in sums.keys() {
                        let said = match asset {
                            Asset::Points => continue,
                            Asset::Credit(currency) => balances.credit.0.get(currency),
                            Asset::Tickets(of) => balances.tickets.get(of),
                        };
                        prop_assert_eq!(said.copied().unwrap_or(0), of(asset, LedgerAccount::Available));
                    }
                }
            }
        }
    }

    #[test]
    fn one_of_a_period_that_is_over_never_changes(
        policies in any_zoned_policies(),
        before in any_script(ALL, 40),
        after in any_script(ALL, 40),
    ) {
        let mut world = played(&policies, &before);
        let then: Vec<_> = (0..MEMBERS).map(|m| finals(&world, m)).collect();
        // Whether what was due is written, or settled in memory.
        let mut swept = world.clone();
        swept.book.settle(swept.now).unwrap();
        for m in 0..MEMBERS {
            prop_assert_eq!(&finals(&swept, m), &then[usize::from(m)]);
        }
        // Whatever comes later.
        for step in &after.0 {
            world.take(step).ok();
        }
        for m in 0..MEMBERS {
            let now = finals(&world, m);
            for (period, statement) in &then[usize::from(m)] {
                prop_assert_eq!(&now[period], statement, "that of {} changed", period);
            }
        }
    }

    #[test]
    fn clocks_that_differ_by_less_than_the_grace_change_no_statement(
        policies in any_zoned_policies(),
        before in any_script(ALL, 30),
        after in prop::collection::vec((crate::world::any_step(ALL), -280..280_i64), 1..40),
        past in 0..400_i64,
    ) {
        let mut world = played(&policies, &before);
        // Moments after a month ended, before and after it is final: whoever is behind may still be in it.
        let month = Period::of(world.now, PeriodLength::Month, &world.book.versions.at(world.now).programme.time_zone).unwrap();
        world.now = month.bounds(&world.book.versions).until + SignedDuration::from_secs(past);
        let then: Vec<_> = (0..MEMBERS).map(|m| finals(&world, m)).collect();
        let mut clock = world.now;
        for (step, off) in &after {
            world.now = clock + SignedDuration::from_secs(*off);
            world.take(step).ok();
            clock = clock.max(world.now);
        }
        world.now = clock;
        for m in 0..MEMBERS {
            let now = finals(&world, m);
            for (period, statement) in &then[usize::from(m)] {
                prop_assert_eq!(&now[period], statement, "that of {} changed", period);
            }
        }
    }

    #[test]
    fn the_outlook_is_of_the_account_as_it_stands(
        policies in any_zoned_policies(),
        script in any_script(ALL, 40),
    ) {
        let world = played(&policies, &script);
        for m in 0..MEMBERS {
            let taken = |name: &str| world.book.stock_taken.get(name).copied().unwrap_or(0);
            let outlook = outlook(&world.account(m), &world.book.versions, taken, world.now).unwrap();
            prop_assert_eq!(&outlook.balances, &standing(&world, m));
            let opens: i64 = outlook.opens.iter().map(|opening| opening.points).sum();
            prop_assert_eq!(opens, outlook.balances.points.pending);
            prop_assert!(outlook.opens.iter().all(|opening| opening.at > world.now));
            prop_assert!(outlook.expires.iter().all(|expiring| expiring.at > world.now || expiring.held > 0));
            let key = |offer: &guerdon_domain::statement::Offered| (!offer.open, offer.missing_points);
            let open = outlook.offers.iter().filter(|offer| offer.open);
            prop_assert!(open.clone().all(|offer| offer.missing_points == 0 && offer.why_not.is_none()));
            let first = outlook.offers.iter().take(open.count());
            prop_assert!(first.clone().all(|offer| !key(offer).0), "what can be had stands first");
            prop_assert_eq!(outlook.offers.len(), 8, "all are shown");
        }
    }
}

fn adjust(world: &mut World, now: Timestamp, amount: i64, key: u8) {
    let request = Adjust {
        operation: request(0, "adjust", key),
        asset: Asset::Points,
        amount,
        reason: "a mistake".to_owned(),
        by: "staff".to_owned(),
    };
    world.now = now;
    world.book.adjust(&member(0), &request, now).unwrap();
}

#[test]
fn the_second_before_midnight_is_of_the_month_and_midnight_is_of_the_next() {
    // Months that begin or end in daylight saving or not, at leap days and at new year.
    let cases = [
        ("Europe/Warsaw", "2027-02-28T22:59:59Z", "2027-02", "2027-03"),
        ("Europe/Warsaw", "2027-03-31T21:59:59Z", "2027-03", "2027-04"),
        ("Europe/Warsaw", "2027-10-31T22:59:59Z", "2027-10", "2027-11"),
        ("Europe/Warsaw", "2028-02-29T22:59:59Z", "2028-02", "2028-03"),
        ("America/New_York", "2027-03-01T04:59:59Z", "2027-02", "2027-03"),
        ("America/New_York", "2027-04-01T03:59:59Z", "2027-03", "2027-04"),
        ("America/New_York", "2027-11-01T03:59:59Z", "2027-10", "2027-11"),
        ("America/New_York", "2027-12-01T04:59:59Z", "2027-11", "2027-12"),
        ("Asia/Bangkok", "2027-12-31T16:59:59Z", "2027-12", "2028-01"),
    ];
    for (zone, last, ends, begins) in cases {
        let mut world = World::new(&[Policy { zone, ..PLAIN }]);
        adjust(&mut world, at(last), 5, 1);
        adjust(&mut world, at(last) + SignedDuration::from_secs(1), 7, 2);
        let said = |text| {
            let made = made(&world, 0, period(text));
            let dates: Vec<_> = made.lines.iter().map(|line| line.date.to_string()).collect();
            (dates, made.opening.points.available, made.closing.points.available)
        };
        let (dates, opening, closing) = said(ends);
        assert_eq!((dates.len(), opening, closing), (1, 0, 5), "{zone} {ends}");
        assert!(dates[0].starts_with(ends));
        let (dates, opening, closing) = said(begins);
        assert_eq!(
            (dates, opening, closing),
            (vec![format!("{begins}-01")], 5, 12),
            "{zone} {begins}"
        );
    }
}

#[test]
fn the_night_that_has_an_hour_twice_has_its_hours_in_order() {
    let mut world = World::new(&[Policy { zone: "Europe/Warsaw", ..PLAIN }]);
    for (key, time) in ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"].into_iter().enumerate() {
        adjust(&mut world, at(time), 1, u8::try_from(key).unwrap());
    }
    let made = made(&world, 0, period("2027-10"));
    let dates: Vec<_> = made.lines.iter().map(|line| line.date.to_string()).collect();
    assert_eq!(dates, ["2027-10-31", "2027-10-31"], "half past two, twice");
}

#[test]
fn a_period_in_which_nothing_happened_says_so() {
    let mut world = World::new(&[PLAIN]);
    adjust(&mut world, at("2027-01-10T12:00:00Z"), 40, 1);
    adjust(&mut world, at("2027-05-10T12:00:00Z"), 2, 2);
    for (text, points) in [("2026-12", 0), ("2027-02", 40), ("2027-04", 40), ("2026", 0)] {
        let made = made(&world, 0, period(text));
        assert!(made.lines.is_empty() && made.sums.is_empty() && made.is_final, "{text}");
        assert_eq!(made.opening, made.closing, "{text}");
        assert_eq!(made.opening.points.available, points, "{text}");
    }
    // And of someone who was never there.
    let nobody = Account::new(member(1));
    let made = statement(&nobody, &world.book.versions, &[], period("2027-01"), world.now).unwrap();
    assert_eq!((made.lines, made.closing), (Vec::new(), Balances::default()));
}

/// A programme in which points lapse at the end of the month after ten days.
fn lapsing() -> Policy {
    Policy { expiry: Some((10, RoundedTo::MonthEnd)), ..PLAIN }
}

#[test]
fn what_lapses_with_the_month_is_there_to_its_end_and_gone_in_the_next() {
    let mut world = World::new(&[lapsing()]);
    adjust(&mut world, at("2027-01-05T12:00:00Z"), 40, 1);
    world.now = at("2027-07-01T12:00:00Z");
    for sweep in [false, true] {
        if sweep {
            world.book.settle(world.now).unwrap();
        }
        let (january, february) =
            (made(&world, 0, period("2027-01")), made(&world, 0, period("2027-02")));
        assert_eq!(january.closing.points.available, 40);
        let [lapse] = february.lines.as_slice() else { panic!("one line") };
        assert_eq!(
            (lapse.date.to_string(), lapse.change.points.available),
            ("2027-02-01".to_owned(), -40)
        );
        assert_eq!(lapse.booked, february.from, "at the instant at which they are gone");
        assert_eq!(february.closing, Balances::default());
    }
}

#[test]
fn what_arrives_lapsed_lapses_with_the_event_that_brought_it() {
    let mut world = World::new(&[lapsing()]);
    world.now = at("2027-06-15T12:00:00Z");
    // Placed in December: its points were to be gone with the month.
    world.news(0, &crate::life::paid());
    let statement = made(&world, 0, period("2027-06"));
    let booked: Vec<_> =
        statement.lines.iter().map(|line| (line.booked, line.at < line.booked)).collect();
    assert_eq!(booked, [(world.now, true), (world.now, true)], "earned, and lapsed, in June");
    assert_eq!(
        (&statement.opening, &statement.closing),
        (&Balances::default(), &Balances::default())
    );
    assert!(made(&world, 0, period("2026-12")).lines.is_empty());
}

#[test]
fn there_is_no_statement_rather_than_a_wrong_one() {
    let mut world = World::new(&[PLAIN]);
    for (key, day) in (1..).zip(["2027-01-10", "2027-02-10", "2027-03-10"]) {
        adjust(&mut world, at(&format!("{day}T12:00:00Z")), 10, key);
    }
    let (account, versions) = (world.account(0), &world.book.versions);
    let of = |entries: &[Entry], text: &str, account: &Account| {
        statement(account, versions, entries, period(text), world.now)
            .map(|made| made.closing.points.available)
    };
    let entries = world.entries(0);
    assert_eq!(of(entries, "2027-02", &account), Ok(20));
    assert_eq!(of(&entries[1..], "2027-03", &account), Ok(30), "one before the period is enough");
    assert_eq!(
        of(&entries[1..], "2027-02", &account),
        Err(StatementError::MissingEntry { sequence: 1 })
    );
    assert_eq!(
        of(&entries[..2], "2027-02", &account),
        Err(StatementError::MissingEntry { sequence: 3 })
    );
    let gap = [entries[0].clone(), entries[2].clone()];
    assert_eq!(of(&gap, "2027-02", &account), Err(StatementError::MissingEntry { sequence: 2 }));
    let mut wrong = entries.to_vec();
    wrong[1].postings[0].amount += 1;
    assert_eq!(of(&wrong, "2027-02", &account), Err(StatementError::Mismatch { sequence: 1 }));
    let later = of(entries, "2027-04", &account);
    assert!(matches!(later, Err(StatementError::NotBegun { .. })), "{later:?}");
    // Entries that came while the account was read are passed over.
    let mut before = World::new(&[PLAIN]);
    adjust(&mut before, at("2027-01-10T12:00:00Z"), 10, 1);
    assert_eq!(of(entries, "2027-03", &before.account(0)), Ok(10));
}

//! Faults of `[[raffle]]`, and of rules that give entries.

use super::{COFFEE, FASHION, fault_of, parse};
use crate::programme::{
    Award,
    raffle::{FreeRoute, GRACE},
};

/// The faults of the fashion brand's programme with something else in place of something.
#[track_caller]
fn check(from: &str, to: &str, said: &str) {
    assert_eq!(fault_of(FASHION, &[(from, to)]), said);
}

#[test]
fn a_raffle_says_when() {
    let draws = "draws = \"2027-01-02T12:00:00-05:00\"";
    check(
        draws,
        "draws = \"2027-01-01T00:10:00-05:00\"",
        "\"2027-01-01T00:10:00-05:00\" => `draws` is too soon: the list of entrants is frozen and published first, and may take \
         15 minutes (write \"2027-01-01T05:15:00Z\" or later)",
    );
    check(
        draws,
        "draws = \"2027-01-02T12:00:00.5-05:00\"",
        "\"2027-01-02T12:00:00.5-05:00\" => `draws` must be a whole second",
    );
    check(
        "closes = \"2027-01-01\"",
        "closes = \"2026-12-01\"",
        "\"2026-12-01\" => `closes` is not after `opens`: nobody could take part",
    );
    let programme = parse(&FASHION.replace(draws, "")).unwrap();
    let raffle = programme.raffle("winter").unwrap();
    assert_eq!(raffle.draws.duration_since(raffle.closes).as_mins(), 60);
    assert_eq!(raffle.freezes().duration_since(raffle.closes), GRACE);
}

#[test]
fn a_raffle_says_how_to_enter_it() {
    check(
        "no_free_route = \"It thanks those who shopped with us this year; nobody pays for an entry.\"",
        "",
        "[[raffle]] => the raffle has no free route, and does not say why not (write free = { entries = 1, per = \"day\" }, or \
         no_free_route = \"the reason, for members to read\")",
    );
    check(
        "tier = \"insider\"\nwhen = \"member.tier != ''\"\nno_free_route",
        "free = { entries = 1, per = \"day\" }\nno_free_route",
        "[[raffle]] => a raffle has either a `free` route or a reason for having none, not both",
    );
    check(
        "entries = { raffle = \"winter\", give = 1 }",
        "points = 1",
        "[[raffle]] => nobody can enter the raffle \"winter\" (give it a `price` or a `free` route, or write a rule with entries = \
         { raffle = \"…\", give = 1 })",
    );
}

#[test]
fn a_raffle_draws_prizes() {
    let prizes = "prizes = [{ id = \"trip\", name = \"A week in the mountains\" }]";
    check(prizes, "prizes = []", "[] => a raffle without prizes draws nothing");
    check(
        prizes,
        "prizes = [{ id = \"trip\" }, { id = \"trip\" }]",
        "\"trip\" => there is already a prize \"trip\"",
    );
    check(
        prizes,
        "prizes = [{ id = \"pin\", count = 10000 }]",
        "[[raffle]] => 10003 places are drawn, alternates included: at most 10000 may be",
    );
    check(
        prizes,
        "prizes = [{ id = \"pin\", gives = [{ points = 5, credit = \"1.00 USD\" }] }]",
        "{ points = 5, credit = \"1.00 USD\" } => one grant is a credit, not also points (write each in braces of its own)",
    );
}

#[test]
fn rules_give_entries_of_a_raffle_that_exists() {
    let entries = "entries = { raffle = \"winter\", give = 1 }";
    check(
        entries,
        "entries = { raffle = \"wintre\", give = 1 }",
        "[[raffle]] => nobody can enter the raffle \"winter\" (give it a `price` or a `free` route, or write a rule with entries = \
         { raffle = \"…\", give = 1 })\n\"wintre\" => there is no raffle \"wintre\" (did you mean \"winter\"?)",
    );
    check(
        entries,
        &format!("{entries}\npoints = 5"),
        "{ raffle = \"winter\", give = 1 } => a rule gives points, entries of a raffle, or plays of an instant win (write a rule for each)",
    );
    check(
        entries,
        &format!("{entries}\nqualifies = true"),
        "true => `qualifies` is for points: entries and plays count towards no tier",
    );
    check(
        "on = \"order\"\nentries = { raffle = \"winter\", give = 1 }",
        "on = \"sign-up\"\nentries = { raffle = \"winter\", give = 1, per = \"5.00 USD\" }",
        "\"5.00 USD\" => only an order has an amount to give entries for (leave `per` out)",
    );
}

#[test]
fn the_examples_say_what_they_seem_to() {
    let coffee = parse(COFFEE).unwrap();
    let machine = coffee.raffle("machine").unwrap();
    assert!(!machine.beacon && machine.prize_count() == 4 && machine.price_points == Some(20));
    assert!(matches!(machine.free, FreeRoute::Entries { entries: 1, .. }));
    assert_eq!([machine.tickets(-1), machine.tickets(7), machine.tickets(501)], [0, 7, 500]);
    let fashion = parse(FASHION).unwrap();
    let rule = fashion.earn.iter().find(|rule| rule.id == "winter-entries").unwrap();
    assert_eq!(rule.award, Award::Fixed(1));
    assert_eq!(rule.tickets.as_ref().unwrap().as_str(), "winter");
    assert!(!rule.qualifies);
}

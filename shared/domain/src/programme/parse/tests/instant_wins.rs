//! Faults of `[[instant_win]]`, and of rules that give plays.

use super::{COFFEE, FASHION, fault_of, parse};
use crate::programme::{Trigger, Wins};

/// The faults of a programme with something else in place of something.
#[track_caller]
fn check(file: &str, from: &str, to: &str, said: &str) {
    assert_eq!(fault_of(file, &[(from, to)]), said);
}

const WINS: &str = "wins = { chance = 1, of = 5 }";

#[test]
fn a_game_says_which_plays_win() {
    let three = "write wins = { every = 100 }, { chance = 1, of = 20 } or { moments = 50 }";
    let wins = |to: &str, said: &str| check(COFFEE, WINS, &format!("wins = {to}"), said);
    wins("{}", &format!("{{}} => no play wins ({three})"));
    wins("{ chance = 1 }", &format!("{{ chance = 1 }} => a chance of how many? ({three})"));
    wins(
        "{ chance = 6, of = 5 }",
        "{ chance = 6, of = 5 } => a chance of 6 of 5 is more than certain",
    );
    wins(
        "{ every = 3, moments = 3 }",
        &format!(
            "{{ every = 3, moments = 3 }} => a game wins by `every` or by `moments`, not by both ({three})"
        ),
    );
    wins(
        "{ moments = 3, counters = 2, of = 4 }",
        "2 => `counters` belongs to `every`\n4 => `of` belongs to `chance`",
    );
    wins("{ every = 0 }", "0 => `every` must be 1 or more");
    wins("{ every = 9, counters = 101 }", "101 => `counters` must be 100 or less");
    wins("{ moments = 1001 }", "1001 => `moments` must be 1000 or less");
}

#[test]
fn a_game_says_how_to_play_it() {
    check(
        COFFEE,
        "free = { plays = 1, per = \"day\" }\n",
        "",
        "[[instant_win]] => the game is played for points and has no free route, and does not say why not (write free = { plays = \
         1, per = \"day\" }, or no_free_route = \"the reason, for members to read\")",
    );
    check(
        COFFEE,
        "free = { plays = 1, per = \"day\" }",
        "free = { plays = 1, per = \"day\" }\nno_free_route = \"none\"",
        "[[instant_win]] => a game has either a `free` route or a reason for having none, not both",
    );
    check(
        FASHION,
        "price = { points = 50 }",
        "on = \"order\"\nprice = { points = 50 }",
        "[[instant_win]] => \"golden-hour\" plays itself, so that the plays that the rule golden-hour-plays gives could not be used \
         (leave `on` out, or the rule)\n{ points = 50 } => `price` says nothing here: the game plays itself (leave it out, or \
         leave `on` out)\n\"Each order brings plays, and points are only ever given, never sold.\" => `no_free_route` says nothing \
         here: the game plays itself (leave it out, or leave `on` out)",
    );
    check(
        FASHION,
        "on = \"event:look\"\n",
        "",
        "[[instant_win]] => nobody can play \"hundredth-look\" (give it `on`, a `price` or a `free` route, or write a rule with \
         plays = { instant_win = \"…\", give = 1 })",
    );
    check(
        FASHION,
        "on = \"event:look\"",
        "on = \"signup\"",
        "\"signup\" => unclear trigger \"signup\" (did you mean \"sign-up\"? If it is an event of yours, write \"event:signup\")",
    );
}

#[test]
fn a_game_has_prizes_and_a_name_of_its_own() {
    check(
        FASHION,
        "prizes = [{ id = \"styling\", name = \"An hour with a stylist\", stock = 50 }]",
        "prizes = []",
        "[] => a game without prizes cannot be won",
    );
    check(
        FASHION,
        "id = \"hundredth-look\"",
        "id = \"winter\"",
        "\"winter\" => there is already a raffle \"winter\"",
    );
    check(
        FASHION,
        "plays = { instant_win = \"golden-hour\"",
        "plays = { instant_win = \"golden-our\"",
        "\"golden-our\" => there is no instant win \"golden-our\" (did you mean \"golden-hour\"?)",
    );
    check(
        FASHION,
        "opens = \"2026-11-01\"\ncloses = \"2027-01-01\"\nwins",
        "opens = \"2027-11-01\"\ncloses = \"2027-01-01\"\nwins",
        "\"2027-01-01\" => `closes` is not after `opens`: nobody could take part",
    );
}

#[test]
fn no_game_is_a_money_pump() {
    let prizes = "{ id = \"beans\", name = \"60 beans\", weight = 3, gives = [{ points = 60 }] },";
    let pump = |beans: &str| COFFEE.replacen(prizes, beans, 1);
    // On average a winning play gives 3/9 of the beans, one of five.
    assert!(parse(&pump(&prizes.replace("= 60 }", "= 284 }"))).is_ok());
    let faults = parse(&pump(&prizes.replace("= 60 }", "= 286 }"))).unwrap_err();
    assert_eq!(faults[0].message, "a money pump: it costs 20 points and gives 20");
    // What has a stock comes to an end.
    assert!(
        parse(&pump(&prizes.replace("= 60 }", "= 9000 }").replace("weight", "stock = 5, weight")))
            .is_ok()
    );
    let credit = prizes.replace("points = 60", "credit = \"9.00 EUR\"");
    let faults = parse(&pump(&credit)).unwrap_err();
    assert_eq!(
        faults[0].message,
        "a money pump: 20 points are worth less than the 60.00 EUR of credit they buy"
            .replace("60.00", "0.60")
    );
}

#[test]
fn the_examples_say_what_they_seem_to() {
    let coffee = parse(COFFEE).unwrap();
    let cup = coffee.instant_win("lucky-cup").unwrap();
    assert_eq!(cup.wins, Wins::Chance { chance: 1, of: 5 });
    assert!(!cup.has_an_end() && cup.price_points == Some(20) && cup.on.is_none());
    assert_eq!(cup.prizes.iter().map(|prize| prize.weight).collect::<Vec<_>>(), [6, 3, 1]);
    let fashion = parse(FASHION).unwrap();
    let look = fashion.instant_win("hundredth-look").unwrap();
    assert_eq!(look.wins, Wins::Every { every: 100, counters: 4 });
    assert_eq!(look.on, Some(Trigger::Event("look".to_owned())));
    assert!(look.has_an_end() && look.prizes[0].gives.is_empty());
    let golden = fashion.instant_win("golden-hour").unwrap();
    assert_eq!((golden.wins, golden.name.as_str()), (Wins::Moments { moments: 12 }, "golden-hour"));
}

//! What the language accepts, what it says of mistakes, and that no text makes it fail.

use std::{io, path::Path};

use guerdon_domain::{account::Asset, entry::LedgerAccount};
use proptest::prelude::*;

use crate::scenario::{
    Outcome,
    compile::compile,
    play, run,
    words::{BECAUSE_CODES, REFUSAL_CODES},
};

const PROGRAMME: &str = r#"programme <<END
[programme]
name = "Club"
currency = "EUR"
time_zone = "Europe/Warsaw"
points = { one = "bean", many = "beans", value = "0.01 EUR" }
expiry = { after = "12 months", at = "month-end" }
accepts = { USD = "0.9" }
[[tier]]
id = "gold"
from = { qualifying_points = 100 }
[[earn]]
id = "spend"
on = "order"
points = { give = 1, per = "1.00 EUR" }
[[earn]]
id = "welcome"
on = "sign-up"
points = 100
[[reward]]
id = "latte"
price = { points = 50 }
stock = 2
gives = [{ voucher = "product", sku = "LATTE", codes = { pool = "spring" } }]
[pay]
hold = "30 minutes"
END
pool spring A1 A2
"#;

fn scenario(source: &str) -> Outcome {
    let source = source.to_owned();
    run(Path::new("x.scenario"), &move |path| match path.to_str() {
        Some("x.scenario") => Ok(source.clone()),
        _ => Err(io::Error::from(io::ErrorKind::NotFound)),
    })
}

/// Plays statements after the programme.
fn check(statements: &str) -> Outcome {
    scenario(&format!("{PROGRAMME}{statements}"))
}

fn holds(statements: &str) {
    let outcome = check(statements);
    assert_eq!(outcome.code, 0, "{statements}\n{}", outcome.text);
}

/// The first fault, without its place in the file.
fn fault(statements: &str) -> String {
    let outcome = check(statements);
    assert_eq!(outcome.code, 2, "{statements}\n{}", outcome.text);
    let mut lines = outcome.text.lines();
    let first = lines.next().unwrap();
    let help = lines.find_map(|line| line.trim().strip_prefix("= help: ")).unwrap_or_default();
    format!("{} / {help}", first.split_once(": ").unwrap().1)
}

#[test]
fn times_are_read_generously() {
    holds("2026-03-01 10:00 ann joins\nexpect ann next expiry 100 at 2027-04-01 00:00");
    holds("2026-03-01T09:00Z ann joins\n11:00 ann buys o1 5.00\nexpect ann available 105");
    holds(
        "at 2026-03-01 9:00 ann joins\n14 days later expect ann lots 100 until 2027-03-31T22:00Z",
    );
    holds(
        "2026-03-01 10:00:30+01:00 ann joins; ann buys o1 5.00 EUR; expect ann available 105 beans",
    );
    holds("2026-10-25 02:30+01:00 ann joins\n2026-10-25 02:30+01:00 expect ann available 100");
    holds("2026-03-31 22:00 UTC ann joins\nexpect ann lots \"100 until 2027-05-01\"");
    let backwards = "2026-03-02 ann joins\n2026-03-01 bob joins";
    assert!(
        fault(backwards).starts_with("time runs backwards: 2026-03-02 00:00 was reached before")
    );
    assert!(fault("2026-13-01 ann joins").starts_with("`2026-13-01` is not a time"));
    assert!(fault("1.3.2026 ann joins").starts_with("`1.3.2026` is not a time"));
    assert!(fault("10:00 ann joins").starts_with("a time without a day"));
    assert!(fault("3 days later ann joins").starts_with("`later` needs a time"));
}

#[test]
fn amounts_and_lines_are_read_generously() {
    for order in [
        "25.00",
        "25.00 EUR",
        "EUR 25.00",
        "25EUR",
        "for 25",
        "\n line l1 2 x 10.00\n line l2 5.00",
        "\n line 2x10.00 EUR\n line 1 x 5",
        "\n line l1 2 × 12.50",
        "\n line l1 3 for 30.00 less 5.00",
        "\n line l1 0.250 x 100.00",
        "\n line l1 30.75 tax 5.75 category \"hot drinks\", category coffee product LATTE sku L-1 left 1",
        "27.78 USD",
        "in USD line l1 27.78",
    ] {
        holds(&format!("2026-03-01 ann buys o1 {order}\nexpect ann available 25"));
    }
    assert!(fault("2026-03-01 ann buys o1 25.001").contains("fraction of a minor unit"));
    assert!(
        fault("2026-03-01 ann buys o1 -5").starts_with("an amount of an order is never negative")
    );
    assert!(
        fault("2026-03-01 ann buys o1 5 line l1 5")
            .starts_with("an order has an amount or lines, not both")
    );
    assert!(
        fault("2026-03-01 ann buys o1 line l1 5 line l1 5").starts_with("there are two lines l1")
    );
    assert!(
        fault("2026-03-01 ann buys o1 line l1 5 discount 6")
            .starts_with("the line comes to less than nothing")
    );
    assert!(
        fault("2026-03-01 ann buys o1 line l1 5 EUR line l2 5 USD").starts_with("USD does not fit")
    );
    assert!(fault("2026-03-01 ann buys o1 5 XYZ").contains("not an ISO 4217 currency code"));
}

#[test]
fn every_code_is_documented() {
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scenarios.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    let codes = REFUSAL_CODES.iter().chain(&BECAUSE_CODES);
    let rows = || docs.lines().filter(|line| line.starts_with("| `"));
    let missing: Vec<_> =
        codes.filter(|code| !rows().any(|row| row.contains(&format!("`{code}`")))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn mistakes_are_explained() {
    for (statements, expected) in [
        (
            "2026-03-01 ann join\nexpekt ann available 1",
            "`expekt` is not somebody who does something / did you mean `expect`?",
        ),
        (
            "2026-03-01 ann redems latte",
            "`redems` is not something a member does / did you mean `redeems`?",
        ),
        (
            "2026-03-01 guest joins",
            "`joins` is nothing that a guest or the shop does / they do: orders, places, buys, pays, edits, refunds, cancels, voids",
        ),
        (
            "2026-03-01 shop buys o1 5",
            "a shop buys nothing from itself / write who buys: a member's name, or guest",
        ),
        (
            "2026-03-01 ann redeems latte twice",
            "`twice` does not belong here / here there may be: key k1",
        ),
        (
            "2026-03-01 ann does Review",
            "`Review` cannot name an event / write it as the programme does, in small letters, digits and dashes: review",
        ),
        (
            "2026-03-01 again",
            "there is nothing to deliver again / `again` follows the statement it repeats; inside a `shuffle` write: shuffle each 3 times",
        ),
        (
            "shuffle\n2026-03-01 ann joins",
            "nothing says when / begin with a time: 2026-03-01 10:00 ann joins",
        ),
        (
            "2026-03-01 shuffle\nann joins",
            "this `shuffle` has no end / write `end` on a line after what is delivered in another order",
        ),
        (
            "2026-03-01 shuffle\nann redeems latte\nend",
            "this cannot be shuffled / put it before or after the block: only news of orders and events come in any order",
        ),
        (
            "2026-03-01 publish next.toml",
            "next.toml cannot be read: entity not found / the file is looked for in the folder of the scenario",
        ),
        (
            "2026-03-02 ann buys o1 5 recorded 2026-03-01",
            "it is recorded before it happens / the first time is when it happened, `recorded` when Guerdon was told, which is later",
        ),
        (
            "expect ann available 5",
            "nothing says when / begin with a time: 2026-03-01 10:00 ann joins",
        ),
        (
            "2026-03-01 ann joins\nexpect refused because",
            "`because` is not the code of a refusal / one of: unknown-reward, pay-not-offered, no-open-hold, not-positive, wrong-currency, not-yet-open, closed, tier-too-low, condition-fails, limit-reached, not-payable, too-many-holds, unknown-raffle, unknown-instant-win, unknown-auction, bid-too-low, too-many-bids, plays-itself, no-play, not-for-sale, no-free-route, too-many-entries, no-sealed-gift, too-many-gifts, more-than-held, other-order, not-enough, out-of-stock, no-code-left, out-of-range, condition-errs, key-reused, parked, overflow",
        ),
    ] {
        assert_eq!(fault(statements), expected, "{statements}");
    }
    assert!(scenario("2026-03-01 ann joins").text.contains("a scenario begins with its programme"));
    assert!(scenario("").text.contains("the scenario names no programme"));
    assert_eq!(run(Path::new("none"), &|_| Err(io::Error::from(io::ErrorKind::NotFound))).code, 2);
    let faulty = scenario("programme <<END\n[programme]\nnam = 1\nEND\n2026-03-01 ann joins");
    assert!(faulty.text.contains("the programme of this scenario:3:1"), "{}", faulty.text);
}

#[test]
fn numbers_and_words_that_are_nearly_right_are_put_right() {
    for (statements, expected) in [
        (
            "2026-03-01 publish",
            "the file of the version is missing at the end / write, for example: publish FILE.toml, or publish <<END with the programme under it",
        ),
        (
            "2026-03-01 publish effective 2026-04-01",
            "the file of the version is expected here, not `effective` / write, for example: publish FILE.toml, or publish <<END with the programme under it",
        ),
        (
            "2026-03-01 ann buys o1 1,250.50",
            "\"1,250.50\" is not a decimal amount such as \"12.34\" / write amounts with a point and nothing between the thousands: 1250.50",
        ),
        (
            "2026-03-01 ann joins\nexpect ann available 1,000",
            "`1,000` is not a whole number / write nothing between the thousands: 1000",
        ),
        (
            "2026-03-01 ann joins\nexpect ann 1,000 available",
            "`1,000` is not a whole number / write nothing between the thousands: 1000",
        ),
        (
            "2026-03-01 ann buys o1 line l1 1,000 x 5.00",
            "`1,000` is not a quantity / write nothing between the thousands: 1000",
        ),
        (
            "2026-03-01 time pases",
            "`passes` is expected here, not `pases` / write, for example: time passes",
        ),
        ("2026-03-01 time", "`passes` is missing at the end / write, for example: time passes"),
        ("2026-03-01 tme passes", "`passes` is not something a member does / write: time passes"),
        (
            "2026-03-01 staff adjusts by -50 points because x",
            "whose balance is expected here, not `by` / write, for example: staff adjusts ann by -50 points because \"a typing error\"",
        ),
        (
            "2026-03-01 staff ajusts ann by -50 points because x",
            "staff only adjust / did you mean `adjusts`?",
        ),
        (
            "2026-03-01 staff kim adjsts ann by -50 points because x",
            "staff only adjust / did you mean `adjusts`?",
        ),
        (
            "2026-03-01 staff pays ann",
            "staff only adjust / write, for example: staff adjusts ann by -50 points because \"a typing error\"",
        ),
        ("2026-03-01 ann joins\nexpect order o1 version 0", "versions are counted from 1 / "),
    ] {
        assert_eq!(fault(statements), expected, "{statements}");
    }
}

#[test]
fn a_version_is_published_as_the_store_publishes_it() {
    let raffle = "[[raffle]]\nid = \"spring\"\nopens = \"2026-03-01\"\ncloses = \"2026-04-01\"\nprizes = [{ id = \"bike\" }]\nfree = { entries = 1, per = \"day\" }\n";
    let programme = |give: u32, raffle: &str| {
        format!(
            "[programme]\nname = \"T\"\ncurrency = \"EUR\"\n[[earn]]\nid = \"spend\"\non = \"order\"\n\
             points = {{ give = {give}, per = \"1.00 EUR\" }}\n{raffle}END\n"
        )
    };
    let first = format!("programme <<END\n{}", programme(1, raffle));
    let publish =
        |when: &str, give, raffle: &str| format!("{when} <<END\n{}", programme(give, raffle));

    let same = format!(
        "{first}{}expect nothing\n{}2026-03-03 ann buys o1 5.00\nexpect order o1 version 2",
        publish("2026-03-02 publish", 1, &format!("\n{raffle}")),
        publish("2026-03-02 publish", 2, raffle),
    );
    let outcome = scenario(&same);
    assert_eq!(outcome.code, 0, "{}", outcome.text);
    assert!(
        outcome.text.contains("  version 2  written out in line 33, in force from"),
        "{}",
        outcome.text
    );
    assert!(!outcome.text.contains("version 3"), "{}", outcome.text);

    for (other, fault) in [
        (raffle.replace("bike", "car"), "raffle spring was published and cannot change"),
        (String::new(), "raffle spring is under way: it can be left out before it opens"),
    ] {
        let outcome = scenario(&format!("{first}{}", publish("2026-03-03 publish", 1, &other)));
        assert_eq!(outcome.code, 2, "{}", outcome.text);
        assert!(outcome.text.contains(fault), "{}", outcome.text);
    }

    let earlier = format!(
        "{first}{}{}2026-05-31 23:59 ann buys o1 10.00\nexpect earned 10\n2026-06-01 ann buys o2 10.00\nexpect earned 30\n\
         2027-01-02 ann buys o3 10.00\nexpect earned 30\nexpect order o3 version 3",
        publish("2026-03-01 publish effective 2027-01-01", 2, raffle),
        publish("2026-03-02 publish effective 2026-06-01", 3, raffle),
    );
    let outcome = scenario(&earlier);
    assert_eq!(outcome.code, 0, "{}", outcome.text);
    let early = format!("{first}{}", publish("2026-03-02 publish effective 2026-03-01", 3, raffle));
    assert!(scenario(&early).text.contains("this version comes into force too early"));
}

#[test]
fn one_is_singular_and_what_was_paid_once_is_no_longer_paid() {
    let outcome = check(
        "2026-03-01 ann joins\nann buys o1 1.00\nann holds 1 bean for 20.00\nann places o2 1.00\nann refunds o1 all\npool one B1",
    );
    assert_eq!(outcome.code, 0, "{}", outcome.text);
    for line in [
        "hold-1: 1 point, ",
        "spend: -1, no longer paid",
        "order: 0, not paid",
        "1 code in pool one",
    ] {
        assert!(outcome.text.contains(line), "{line}: {}", outcome.text);
    }
}

#[test]
fn expectations_are_read_generously() {
    holds("2026-03-01 ann joins\nexpect ann has 100 available, 0 pending and 0 beans held");
    holds(
        "2026-03-01 ann joins\nexpect ann available 100, pending 0 and tier is none; expect earned 100",
    );
    holds(
        "2026-03-01 ann joins\nexpect ann balance = 100\nexpect rule welcome gave 100 because fixed",
    );
    holds("2026-03-01 ann redeems latte\nexpect refused Not Enough\nexpect nothing");
    holds("2026-03-01 Shuffle {\n ann joins\n}\nexpect ann available 100");
    holds("2026-03-01 shuffle each twice\n ann joins\nend shuffle\nexpect ann available 100");
    holds("2026-03-01 ann order o1 paid 25.00 EUR\nexpect ann earned 25 available 25");
    let typo = fault("2026-03-01 ann joins\nexpect anne available 0");
    assert_eq!(typo, "nobody called anne does anything in this scenario / did you mean ann?");
}

#[test]
fn what_fails_is_listed_and_what_is_refused_too() {
    let outcome = check("2026-03-01 ann redeems latte\nexpect ann available 1");
    assert_eq!(outcome.code, 1);
    assert!(outcome.text.contains(
        "unexpected refusal: not-enough: reward latte, version 1: 50 needed, 0 available"
    ));
    assert!(
        outcome.text.contains("expected  available 1\n  actual    available 0"),
        "{}",
        outcome.text
    );
}

/// Words of the language, and some that are not.
fn word() -> impl Strategy<Value = String> {
    let words = "2026-03-01 2026-12-31T23:00Z 10:00 9999-12-31 -0001-01-01 14 days later ann bob guest staff shop time passes joins \
        does review once redeems latte key k1 holds 50 points for 20.00 EUR USD JPY as h1 captures releases buys places pays edits \
        refunds cancels voids o1 o2 a:b:c line l1 2 x 10.00 0.001 92233720368547758.07 9223372036854775807 -1 discount tax category \
        gift-card left test paid with all amount shipping recorded updated in again twice 3 times shuffle seed 7 each end { } , ; \
        expect available pending held tier gold none lots until never from credit qualifying next expiry entries can pay earned spent \
        refused not-enough nothing same answer rule spend because net stock pool spring code A1 order version 1 adjusts by +5 -5.00 \
        because \"typo\" publish effective programme <<END END # \" ' żółć 2x3 × none";
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    prop_oneof![8 => prop::sample::select(words), 1 => "\\PC{0,8}", 2 => Just("\n".to_owned())]
}

/// Statements that follow [`ORDERS`].
fn statement() -> impl Strategy<Value = String> {
    let what = prop::sample::select(vec![
        "ann joins",
        "ann does review",
        "ann redeems latte key k1",
        "ann redeems latte",
        "ann pays o1",
        "ann edits o1 12.00",
        "shop edits o2 25.00 paid with points 30.00",
        "shop cancels o1",
        "shop voids o3",
        "ann refunds o1 all",
        "ann refunds o3 line l1 1 amount 3.33",
        "ann refunds o3 line l1 1 amount 3.33 as r1 recorded 1 month later",
        "shop refunds o2 amount 92233720368547758.07",
        "ann edits o3 line l1 3 x 30744573456182586.02",
        "ann edits o3 line l1 3 x 9.99 left 1",
        "bob edits o2 30.00",
        "ann holds 50 points for 20.00 EUR as h1",
        "ann captures h1 order o1",
        "ann captures h1 20 points order o2",
        "ann releases h1",
        "again",
        "again 3 times",
        "time passes",
        "staff adjusts ann by 9223372036854775807 because x",
        "staff adjusts ann by -20 because x",
        "shuffle seed 1 each twice\n ann pays o1\n ann refunds o1 all\n ann does quiz\nend",
        "expect refused",
        "expect nothing",
        "pool spring B1",
        "expect ann can pay 1 point for 92233720368547758.07",
        "expect ann lots none",
    ]);
    let later = prop::sample::select(vec![
        "",
        "",
        "",
        "20 minutes later ",
        "1 month later ",
        "3 years later ",
    ]);
    (later, what).prop_map(|(later, what)| match what {
        pool if pool.starts_with("pool") => pool.to_owned(),
        shuffle if shuffle.starts_with("shuffle") => shuffle.to_owned(),
        what => format!("{later}{what}"),
    })
}

/// The ledger's first and third law: every balance is the sum of its postings, and none is below zero.
fn balance(statements: &str) {
    let source = format!("{PROGRAMME}{statements}");
    let read = |_: &Path| Err(io::Error::from(io::ErrorKind::NotFound));
    let played = play::play(compile(&source, Path::new("x.scenario"), &read).unwrap());
    for (member, entries) in &played.book.entries {
        let account = played.book.account(member);
        let balance = account.balance(&Asset::Points);
        for (account, expected) in [
            (LedgerAccount::Available, balance.available),
            (LedgerAccount::Pending, balance.pending),
            (LedgerAccount::Held, balance.held),
        ] {
            let legs = entries.iter().flat_map(|entry| &entry.postings);
            let legs = legs.filter(|leg| leg.asset == Asset::Points && leg.account == account);
            let sum: i128 = legs.map(|leg| i128::from(leg.amount)).sum();
            assert_eq!(sum, i128::from(expected), "{account:?} of {member}: {statements}");
            assert!(expected >= 0, "{account:?} of {member}: {statements}");
        }
        let sequences: Vec<u64> = entries.iter().map(|entry| entry.sequence).collect();
        assert!(sequences.into_iter().eq(1..=account.sequence), "{member}: {statements}");
    }
}

/// Orders to begin with.
const ORDERS: &str =
    "2026-01-01 ann joins\nann buys o1 92.00\nann places o2 25.00\nann buys o3 line l1 3 x 9.99\n";

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}", words in prop::collection::vec(word(), 0..60)) {
        scenario(&text);
        check(&words.join(" "));
        check(&format!("2026-01-01 ann joins\n{}", words.join(" ")));
    }

    #[test]
    fn whatever_happens_it_is_the_same_every_time(statements in prop::collection::vec(statement(), 0..25)) {
        let statements = format!("{ORDERS}{}", statements.join("\n"));
        let outcome = check(&statements);
        prop_assert!(outcome.code != 2, "{}\n{}", statements, outcome.text);
        balance(&statements);
        prop_assert_eq!(&outcome, &check(&statements));
    }

    #[test]
    fn times_are_printed_as_they_are_read(second in -62_135_596_800_i64..253_402_207_200, zone in 0..3_usize) {
        let name = ["UTC", "Europe/Warsaw", "America/St_Johns"][zone];
        let zone = guerdon_domain::calendar::Zone::new(name).unwrap();
        let at = jiff::Timestamp::from_second(second).unwrap();
        let clock = super::values::Clock { zone: zone.clone(), now: None };
        let printed = super::values::show_time(at, &super::values::time_zone(&zone));
        let words = super::text::words(&printed, 0, &mut Vec::new());
        let read = super::values::time(&mut super::cursor::Cursor::over(&words, 0..0), &clock);
        prop_assert_eq!(read.unwrap(), Some(at), "{}", printed);
    }
}

//! What parses, what does not, and how it is shown.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    calendar::{Length, Per, Unit},
    money::{Ratio, Rounding},
    programme::{
        Award, Badge, Codes, Grant, Keeps, RoundedTo, Trigger,
        schema::kinds::{Kind, Shape},
    },
};

mod brands;
mod instant_wins;
mod raffles;

const COFFEE: &str = include_str!("../../../../../programmes/coffee-shop.toml");
const FASHION: &str = include_str!("../../../../../programmes/fashion.toml");
const WHOLESALE: &str = include_str!("../../../../../programmes/wholesale.toml");
const SAAS: &str = include_str!("../../../../../programmes/saas.toml");

fn parsed(source: &str) -> Programme {
    parse(source).unwrap_or_else(|faults| panic!("{}", render(source, "programme.toml", &faults)))
}

#[test]
fn the_examples_parse() {
    for source in [COFFEE, FASHION, WHOLESALE, SAAS] {
        parsed(source);
    }
}

#[test]
fn the_coffee_shop_says_what_it_says() {
    let club = parsed(COFFEE);
    assert_eq!(
        (club.name.as_str(), club.currency, club.points.many.as_str()),
        ("Beanery Club", Currency::EUR, "beans")
    );
    assert_eq!(club.points.value, Ratio::new(1, 1));
    let year = Length { count: 12, unit: Unit::Months };
    assert_eq!(club.expiry, Expiry::Rolling { after: year, rounded: RoundedTo::MonthEnd });
    assert_eq!(club.pending, Some(Length { count: 14, unit: Unit::Days }));
    let tiers: Vec<_> = club
        .tiers
        .iter()
        .map(|tier| (tier.id.as_str(), tier.qualifying_points, tier.keeps))
        .collect();
    assert_eq!(
        tiers,
        [("silver", 300, Keeps::FollowingYear), ("gold", 1000, Keeps::FollowingYear)]
    );
    let [spend, tuesday, welcome, review] = &*club.earn else { panic!("four rules") };
    let tier = vec![
        ("gold".to_owned(), Ratio::new(2, 1).unwrap()),
        ("silver".to_owned(), Ratio::new(3, 2).unwrap()),
    ];
    assert_eq!(spend.award, Award::PerUnit { give: 1, per_minor: 100, tier });
    assert_eq!(spend.conditions.except.categories(), ["gift-cards"]);
    assert_eq!(tuesday.award, Award::Multiply(Ratio::new(2, 1).unwrap()));
    assert_eq!((tuesday.limit.unwrap().points, tuesday.limit.unwrap().per), (500, Per::Day));
    assert_eq!((&welcome.on, &welcome.award), (&Trigger::SignUp, &Award::Fixed(50)));
    assert_eq!(review.on, Trigger::Event("review".to_owned()));
    assert_eq!(
        club.earn.iter().map(|rule| rule.qualifies).collect::<Vec<_>>(),
        [true, false, false, false]
    );
    let mug = club.reward("anniversary-mug").unwrap();
    assert_eq!(
        (mug.price_points, mug.stock, mug.conditions.tier.as_deref()),
        (800, Some(200), Some("gold"))
    );
    assert!(
        matches!(&mug.gives[..], [Grant::Voucher(v)] if v.codes == Codes::Pool("mugs".to_owned()))
    );
    let regular = club.reward("regular").unwrap();
    let badge = Badge { id: "regular".to_owned(), name: "Regular".to_owned() };
    assert_eq!((regular.price_points, &regular.gives[..]), (0, &[Grant::Badge(badge)][..]));
    let pay = club.pay.unwrap();
    assert_eq!((pay.value, pay.step, pay.min, pay.max_percent), (Ratio::ONE, 100, 100, 50));
}

#[test]
fn the_sample_of_the_design_parses() {
    let sample = r#"
        [programme]
        name = "Beanery Club"
        currency = "EUR"
        time_zone = "Europe/Warsaw"
        points = { one = "bean", many = "beans", value = "0.01 EUR" }
        expiry = { after = "12 months", at = "month-end" }
        pending = { until = "14 days after order" }
        clawback = "within-balance"

        [[tier]]
        id = "gold"
        name = "Gold"
        from = { qualifying_points = 1000, in = "calendar-year" }
        keeps = "to the end of the following year"
        benefits = ["free-shipping", "returns-365"]

        [[earn]]
        id = "spend"
        on = "order"
        points = { give = 1, per = "1.00 EUR", tier = { gold = 2 } }
        except = { categories = ["gift-cards"] }

        [[earn]]
        id = "tuesday"
        on = "order"
        multiply = 2
        when = "order.weekday == 2 && order.net >= 1000"
        limit = { points = 500, per = "day" }

        [[reward]]
        id = "latte"
        price = { points = 350 }
        stock = 1000
        gives = [{ voucher = "product", sku = "LATTE", valid = "30 days" }]
    "#;
    assert_eq!(parsed(sample).rewards[0].name, "latte");
}

#[test]
fn rates_are_exact_between_currencies_of_different_decimals() {
    let circle = parsed(FASHION);
    assert_eq!(circle.points.value, Ratio::new(1, 2), "half a cent");
    assert_eq!(circle.rounding, Rounding::Nearest);
    assert_eq!(circle.rate("EUR".parse().unwrap()), Ratio::new(27, 25));
    assert_eq!(
        circle.rate("JPY".parse().unwrap()),
        Ratio::new(67, 100),
        "a yen has no cents: 0.67 cents"
    );
    let knitwear = &circle.earn[1].conditions;
    assert_eq!(knitwear.from, Some("2026-11-01T04:00:00Z".parse().unwrap()), "still summer time");
    assert_eq!(knitwear.until, Some("2026-12-01T05:00:00Z".parse().unwrap()));
}

#[test]
fn the_least_file_has_defaults() {
    let least = parsed("[programme]\nname = \"Club\"\ncurrency = \"JPY\"\n");
    let mut expected = placeholder();
    expected.name = "Club".to_owned();
    expected.currency = "JPY".parse().unwrap();
    assert_eq!(least, expected);
    let with_pay = parsed(
        "[programme]\nname = \"Club\"\ncurrency = \"JPY\"\n[pay]\nvalue = \"0.5 JPY\"\nstep = 10",
    );
    let hold = Length { count: 30, unit: Unit::Minutes };
    let pay = crate::programme::PayTerms {
        value: Ratio::new(1, 2).unwrap(),
        step: 10,
        min: 10,
        max_percent: 100,
        hold,
    };
    assert_eq!(with_pay.pay, Some(pay));
}

#[test]
fn the_examples_of_the_reference_parse() {
    let reference = include_str!("../../../../../docs/programme.md");
    let head = "[programme]\nname = \"Club\"\ncurrency = \"EUR\"\n";
    let tier = |id: &str, points: i64| {
        format!("[[tier]]\nid = \"{id}\"\nfrom.qualifying_points = {points}\n")
    };
    let tiers = tier("silver", 1) + &tier("gold", 2);
    let base =
        "[[earn]]\nid = \"base\"\non = \"order\"\npoints = { give = 1, per = \"1.00 EUR\" }\n";
    let examples: Vec<&str> =
        reference.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 16);
    for example in examples {
        parsed(&match example.split([' ', '\n']).next() {
            Some("[programme]") => example.to_owned(),
            Some("[[tier]]") => format!("{head}{example}"),
            Some("gives") => format!("{head}[[reward]]\nid = \"x\"\nprice.points = 600\n{example}"),
            _ => format!("{head}{tiers}{base}{example}"),
        });
    }
}

fn shape_keys(shape: &'static Shape, keys: &mut BTreeSet<(&'static str, &'static str)>) {
    for field in shape.fields {
        keys.insert((shape.name, field.key));
        let kinds = if let Kind::Either(kinds) = &field.kind {
            kinds
        } else {
            std::slice::from_ref(&field.kind)
        };
        for kind in kinds {
            if let Kind::Table(inner) | Kind::Tables(inner) = kind {
                shape_keys(inner, keys);
            }
        }
    }
}

#[test]
fn the_parser_reads_every_key_of_the_table_of_fields_and_the_examples_use_them() {
    let mut read = BTreeSet::new();
    for source in [COFFEE, FASHION, WHOLESALE, SAAS] {
        let (document, errors) = DeTable::parse_recoverable(source);
        let mut reader = Reader::new(source, &errors);
        let _ = file(&mut reader, document.get_ref());
        read.append(&mut reader.read);
    }
    let mut declared = BTreeSet::new();
    shape_keys(&FILE, &mut declared);
    assert_eq!(read, declared);
    let all = [COFFEE, FASHION, WHOLESALE, SAAS].concat();
    for (table, key) in declared {
        assert!(
            all.contains(&format!("{key} = ")) || all.contains(&format!("[{key}]")),
            "no example of {table} {key}"
        );
    }
}

/// The coffee shop's file with something changed: what is said about it.
fn fault(changes: &[(&str, &str)]) -> String {
    fault_of(COFFEE, changes)
}

/// A file with something changed: what is said about it.
fn fault_of(file: &str, changes: &[(&str, &str)]) -> String {
    let mut source = file.to_owned();
    for (from, to) in changes {
        assert!(source.contains(from), "{from}");
        source = source.replacen(from, to, 1);
    }
    let faults = parse(&source).expect_err(&format!("{changes:?}"));
    let said = faults.iter().map(|fault| {
        let at = source.get(fault.span.clone()).unwrap();
        let help = fault.suggestion.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{at} => {}{help}", fault.message)
    });
    said.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(from: &str, to: &str, said: &str) {
    assert_eq!(fault(&[(from, to)]), said);
}

#[test]
fn keys_are_known_and_there() {
    check(
        "currency = ",
        "curency = ",
        "[programme] => [programme] has no `currency` (write, for example, currency = \"EUR\")\ncurency => [programme] has no key `curency` (did you mean `currency`?)",
    );
    check(
        "stock = 1000",
        "colour = \"red\"",
        "colour => [[reward]] has no key `colour` (it may have id, name, price, stock, from, until, tier, when, limit, gives)",
    );
    check(
        "[pay]",
        "[payment]",
        "payment => the file has no key `payment` (it may have programme, brand, tier, earn, reward, raffle, instant_win, auction, pay)",
    );
    check(
        "id = \"latte\"\n",
        "",
        "[[reward]] => [[reward]] has no `id` (write, for example, id = \"latte\")",
    );
    check(
        "give = 1, ",
        "",
        "{ per = \"1.00 EUR\", tier = { silver = \"1.5\", gold = 2 } } => earn.points has no `give` (write, for example, give = 1)",
    );
    let nothing = parse("").unwrap_err();
    assert_eq!(nothing.len(), 1);
    assert_eq!((nothing[0].line, nothing[0].message.as_str()), (1, "the file has no `programme`"));
}

#[test]
fn values_are_of_their_kind() {
    check(
        "stock = 1000",
        "stock = \"many\"",
        "\"many\" => `stock` is a string, expected a whole number (write, for example, stock = 1000)",
    );
    check(
        "stock = 1000",
        "stock = 10.5",
        "10.5 => `stock` is a number with a point (write a whole number: amounts are exact)",
    );
    check(
        "multiply = 2",
        "multiply = 1.5",
        "1.5 => `multiply` is a number with a point (write \"1.5\" as a string: amounts are exact)",
    );
    check(
        "gold = 2 }",
        "gold = 2.5 }",
        "2.5 => `tier` is a number with a point (write \"2.5\" as a string: amounts are exact)",
    );
    check(
        "name = \"Beanery Club\"",
        "name = 5",
        "5 => `name` is a number, expected a text (write, for example, name = \"Beanery Club\")",
    );
    check("name = \"Beanery Club\"", "name = \" \"", "\" \" => `name` is empty");
    check(
        "benefits = [\"free-shipping\"]",
        "benefits = \"free-shipping\"",
        "\"free-shipping\" => `benefits` is a string, expected a list (write, for example, benefits = [\"free-shipping\"])",
    );
    check(
        "benefits = [\"free-shipping\"]",
        "benefits = [\"a\", \"a\"]",
        "\"a\" => \"a\" is in the list twice",
    );
    check(
        "price = { points = 350 }",
        "price = 350",
        "350 => `price` is a number, expected a table (write, for example, price = { points = 350 })",
    );
    check(
        "[pay]",
        "[[pay]]",
        "[[pay]] => `pay` is a list, expected a table (write, for example, [pay])",
    );
    check(
        "stock = 1000",
        "stock = true",
        "true => `stock` is true or false, expected a whole number (write, for example, stock = 1000)",
    );
    check(
        "limit = { points = 500, per = \"day\" }",
        "qualifies = \"yes\"",
        "\"yes\" => `qualifies` is a string, expected true or false (write, for example, qualifies = false)",
    );
    check(
        "points = 50\n",
        "points = \"50\"\n",
        "\"50\" => `points` is a string, expected a whole number or a table (write, for example, points = { give = 1, per = \"1.00 EUR\" })",
    );
    check(
        "clawback = \"within-balance\"",
        "clawback = \"within-balence\"",
        "\"within-balence\" => `clawback` cannot be \"within-balence\" (did you mean \"within-balance\"?)",
    );
    check(
        "per = \"day\"",
        "per = \"fortnight\"",
        "\"fortnight\" => `per` cannot be \"fortnight\" (it may be \"day\" or \"month\" or \"year\" or \"ever\")",
    );
}

#[test]
fn amounts_currencies_and_rates_are_exact() {
    check(
        "per = \"1.00 EUR\"",
        "per = \"1.00\"",
        "\"1.00\" => \"1.00\" is not an amount such as \"5.00 EUR\"",
    );
    check(
        "per = \"1.00 EUR\"",
        "per = \"1.00 USD\"",
        "\"1.00 USD\" => the amount is in USD, but the programme's currency is EUR (write the amount in EUR)",
    );
    check(
        "per = \"1.00 EUR\"",
        "per = \"1.00 eur\"",
        "\"1.00 eur\" => \"eur\" is not an ISO 4217 currency code such as \"EUR\" (write \"EUR\")",
    );
    check(
        "per = \"1.00 EUR\"",
        "per = \"1.005 EUR\"",
        "\"1.005 EUR\" => \"1.005\" is a fraction of a minor unit: EUR has 2 decimals",
    );
    check(
        "credit = \"5.00 EUR\"",
        "credit = \"0 EUR\"",
        "\"0 EUR\" => `credit` must be more than zero",
    );
    check(
        "credit = \"5.00 EUR\"",
        "credit = \"five EUR\"",
        "\"five EUR\" => \"five\" is not a decimal amount such as \"12.34\"",
    );
    check(
        "currency = \"EUR\"",
        "currency = \"EURO\"",
        "\"EURO\" => \"EURO\" is not an ISO 4217 currency code such as \"EUR\"",
    );
    check(
        "value = \"0.01 EUR\"",
        "value = \"0 EUR\"",
        "\"0 EUR\" => `value` must be an amount above zero, such as \"0.01 EUR\"",
    );
    check(
        "multiply = 2",
        "multiply = \"2,5\"",
        "\"2,5\" => \"2,5\" is not a number above 0 and up to 1000000 (write, for example, 2 or \"1.5\")",
    );
    check(
        "multiply = 2",
        "multiply = -2",
        "-2 => -2 is not a number above 0 and up to 1000000 (write, for example, 2 or \"1.5\")",
    );
    check(
        "multiply = 2",
        "multiply = \"0.5\"",
        "\"0.5\" => `multiply` must be more than 1 (2 gives the points once more)",
    );
    check(
        "value = \"0.01 EUR\"",
        "value = 0.01",
        "0.01 => `value` is a number with a point (write \"0.01 EUR\" as a string: amounts are exact)",
    );
    check(
        "points = { one = \"bean\", many = \"beans\", value = \"0.01 EUR\" }",
        "points = { one = \"bean\" }",
        "[pay] => [pay] does not say what a point pays (write value = \"0.01 EUR\" here or in the programme's `points`)",
    );
    check(
        "clawback",
        "accepts = { USDT = 1, EUR = 1, PLN = 0 }\nclawback",
        "USDT => \"USDT\" is not an ISO 4217 currency code such as \"EUR\"\nEUR => EUR is the programme's own currency\n0 => 0 is not a number above 0 and up to 1000000 (write, for example, 2 or \"1.5\")",
    );
}

#[test]
fn names_lengths_and_times_are_understood() {
    check(
        "id = \"latte\"",
        "id = \"Cafe  Latte!\"",
        "\"Cafe  Latte!\" => \"Cafe  Latte!\" is not an id: 1 to 40 of a-z, 0-9 and - (write \"cafe-latte\")",
    );
    check(
        "id = \"latte\"",
        "id = \"kawa-żółta\"",
        "\"kawa-żółta\" => \"kawa-żółta\" is not an id: 1 to 40 of a-z, 0-9 and -",
    );
    check(
        "id = \"gold\"",
        "id = \"Gold\"",
        "\"Gold\" => \"Gold\" is not an id: 1 to 40 of a-z, 0-9 and - (write \"gold\")",
    );
    check(
        "id = \"five-euro\"",
        "id = \"latte\"",
        "\"latte\" => there is already a reward \"latte\"",
    );
    check("id = \"tuesday\"", "id = \"spend\"", "\"spend\" => there is already a rule \"spend\"");
    check(
        "valid = \"30 days\"",
        "valid = \"a month\"",
        "\"a month\" => \"a month\" is not a length such as \"30 days\" (a whole number and minutes, hours, days, weeks, months or years; at most 100000, or a thousand years)",
    );
    check(
        "valid = \"30 days\"",
        "valid = \"0 days\"",
        "\"0 days\" => `valid` must be longer than nothing",
    );
    check(
        "until = \"14 days after order\"",
        "until = \"14 days\"",
        "\"14 days\" => \"14 days\" is not a length such as \"14 days after order\" (a whole number and minutes, hours, days, weeks, months or years; at most 100000, or a thousand years)",
    );
    check(
        "until = \"14 days after order\"",
        "until = \"14 days after order\", days = 3",
        "{ until = \"14 days after order\", days = 3 } => `pending` has either `until` or `days`, not both",
    );
    check(
        "Europe/Warsaw",
        "Europe/Warsow",
        "\"Europe/Warsow\" => there is no time zone \"Europe/Warsow\" (write an IANA name such as \"Europe/Warsaw\")",
    );
    let time = "is not a date such as \"2026-12-01\" or a time with its offset (write a time as \"2026-12-01T09:00:00+01:00\")";
    check(
        "stock = 1000",
        "from = \"2026-02-30\"",
        &format!("\"2026-02-30\" => \"2026-02-30\" {time}"),
    );
    check(
        "stock = 1000",
        "from = 2026-12-01T09:00:00",
        &format!("2026-12-01T09:00:00 => \"2026-12-01T09:00:00\" {time}"),
    );
    check(
        "stock = 1000",
        "from = 2026-12-01\nuntil = 2026-12-01",
        "2026-12-01 => `until` is not after `from`: this never applies",
    );
}

#[test]
fn tiers_rise_and_are_known() {
    check(
        "qualifying_points = 1000",
        "qualifying_points = 300",
        "300 => 300 is not above the 300 of the tier before (tiers stand in the file from the lowest to the highest)",
    );
    check(
        "qualifying_points = 300",
        "qualifying_points = 0",
        "0 => `qualifying_points` must be 1 or more",
    );
    check(
        "tier = \"gold\"",
        "tier = \"glod\"",
        "\"glod\" => there is no tier \"glod\" (did you mean \"gold\"?)",
    );
    check(
        "gold = 2",
        "platinum = 2",
        "platinum => there is no tier \"platinum\" (the tiers are silver, gold)",
    );
    check(
        "when = \"order.weekday == 2",
        "when = \"member.tier == 'glod'",
        "'glod' => there is no tier \"glod\" (did you mean \"gold\"?)",
    );
    check("limit = { points = 500", "limit = { points = 0", "0 => `points` must be 1 or more");
    check("points = 350", "points = -1", "-1 => `points` must be 0 or more");
    check(
        "points = 350",
        "points = 1_000_000_000_001",
        "1_000_000_000_001 => `points` must be 1000000000000 or less",
    );
    check(
        "points = 350",
        "points = 99999999999999999999",
        "99999999999999999999 => `points` must be 1000000000000 or less",
    );
}

#[test]
fn rules_give_one_thing_for_what_they_are_on() {
    let gives = "(write points = 50, or points = { give = 1, per = \"1.00 EUR\" }, or multiply = 2, or entries, or plays)";
    check("multiply = 2\n", "", &format!("[[earn]] => the rule gives nothing {gives}"));
    check(
        "multiply = 2\n",
        "multiply = 2\npoints = 5\n",
        "2 => a rule gives either `points` or `multiply`, not both",
    );
    check(
        "on = \"sign-up\"\npoints = 50",
        "on = \"sign-up\"\nmultiply = 2",
        "2 => `multiply` needs an order: it multiplies the order's points",
    );
    check(
        "on = \"event:review\"\npoints = 20",
        "on = \"review\"\npoints = { give = 1, per = \"1.00 EUR\" }",
        "{ give = 1, per = \"1.00 EUR\" } => only an order has an amount to give points for (write a number: points = 50)",
    );
    check(
        "points = { give = 1, per = \"1.00 EUR\", tier = { silver = \"1.5\", gold = 2 } }",
        "points = 5",
        "2 => there is nothing to multiply: no rule gives points for each amount spent (add a rule with points = { give = 1, per = \"1.00 EUR\" })",
    );
    check(
        "on = \"sign-up\"\n",
        "on = \"sign-up\"\nonly = { products = [\"X\"] }\n",
        "{ products = [\"X\"] } => `only` selects lines of an order, but the rule is not on orders",
    );
    check(
        "except = { categories = [\"gift-cards\"] }",
        "except = { categories = [] }",
        "{ categories = [] } => `except` selects nothing (name `categories` or `products`, or leave it out)",
    );
    check(
        "multiply = 2",
        "multiply = 2\nonly = { products = [\"X\"] }",
        "{ products = [\"X\"] } => `only` says nothing here: `multiply` multiplies all that the order earns for its amount (to give more for some lines, write a rule with points = { give = 1, per = \"1.00 EUR\" } and `only`)",
    );
    check(
        "on = \"sign-up\"",
        "on = \"event:sign-up\"",
        "\"event:sign-up\" => \"sign-up\" is not a plain event (write on = \"sign-up\")",
    );
    check(
        "on = \"sign-up\"",
        "on = \"signup\"",
        "\"signup\" => unclear trigger \"signup\" (did you mean \"sign-up\"? If it is an event of yours, write \"event:signup\")",
    );
    check(
        "on = \"event:review\"",
        "on = \"event:Review!\"",
        "\"event:Review!\" => \"Review!\" is not an id: 1 to 40 of a-z, 0-9 and - (write \"review\")",
    );
}

#[test]
fn conditions_point_into_their_string() {
    check(
        "order.net >= 1000",
        "order.nett >= 1000",
        "order.nett => unknown name `order.nett` (did you mean order.net?)",
    );
    check(
        "when = \"order.weekday == 2 && order.net >= 1000\"",
        "when = \"\"\"\n  order.weekday == 2 &&\n  order.net >= '1000'\"\"\"",
        "'1000' => a number cannot be compared with a string",
    );
    check(
        "when = \"order.weekday == 2 && order.net >= 1000\"",
        "when = \"order.platform == \\\"a\\\" && order.net\"",
        "order.net => expected true or false, found a number",
    );
    check(
        "points = 50\n",
        "points = 50\nwhen = \"order.net > 5\"\n",
        "order.net => `order.net` says nothing here: the rule is not on orders",
    );
    check(
        "order.weekday == 2",
        "event.name == 'x'",
        "event.name => `event.name` says nothing here: an order has no event name",
    );
    check(
        "stock = 1000",
        "when = 'order.net > 5'",
        "order.net => `order.net` says nothing here: a reward is asked for without an order",
    );
}

#[test]
fn rewards_give_something_that_exists() {
    let voucher = "gives = [{ voucher = \"product\", sku = \"LATTE\", valid = \"30 days\" }]";
    check(
        voucher,
        "gives = []",
        "[] => the reward gives nothing (write, for example, gives = [{ credit = \"5.00 EUR\" }])",
    );
    check(
        voucher,
        "",
        "[[reward]] => [[reward]] has no `gives` (write, for example, gives = [{ voucher = \"product\", sku = \"LATTE\" }])",
    );
    check(
        voucher,
        "gives = [{}]",
        "{} => this gives nothing (write a `voucher`, `credit`, `points`, `badge` or `mystery`)",
    );
    check(
        voucher,
        "gives = [5]",
        "5 => `gives` is a number, expected a table (write, for example, gives = [{ voucher = \"product\", sku = \"LATTE\" }])",
    );
    check(
        voucher,
        "gives = [{ perk = \"lounge\" }, { commission = \"x\" }]",
        "perk => this version of Guerdon does not give perks yet (give a voucher, credit, points or a badge)\ncommission => this version of Guerdon does not give commissions yet (give a voucher, credit, points or a badge)",
    );
    check(
        "sku = \"LATTE\", ",
        "",
        "{ voucher = \"product\", valid = \"30 days\" } => a voucher for product has no `sku` (write, for example, sku = \"LATTE\")",
    );
    check(
        "voucher = \"product\", sku",
        "voucher = \"amount\", sku",
        "{ voucher = \"amount\", sku = \"LATTE\", valid = \"30 days\" } => a voucher for amount has no `amount` (write, for example, amount = \"5.00 EUR\")\n\"LATTE\" => `sku` belongs to a voucher for product",
    );
    check(
        "{ credit = \"5.00 EUR\" }",
        "{ credit = \"5.00 EUR\", valid = \"1 day\" }",
        "\"1 day\" => `valid` belongs to a voucher",
    );
    check(
        "{ credit = \"5.00 EUR\" }",
        "{ credit = \"5.00 EUR\", points = 3 }",
        "{ credit = \"5.00 EUR\", points = 3 } => one grant is a credit, not also points (write each in braces of its own)",
    );
    check(
        "{ credit = \"5.00 EUR\" }",
        "{ credit = \"5.00 EUR\", name = \"Five\" }",
        "\"Five\" => `name` belongs to a badge",
    );
    check(
        "{ credit = \"5.00 EUR\" }",
        "{ badge = \"Early bird\", sku = \"MUG\" }",
        "\"Early bird\" => \"Early bird\" is not an id: 1 to 40 of a-z, 0-9 and - (write \"early-bird\")\n\"MUG\" => `sku` belongs to a voucher",
    );
    check(
        "codes = { pool = \"mugs\" }",
        "codes = \"pool\"",
        "\"pool\" => which pool do the codes come from? (name the pool: codes = { pool = \"spring\" })",
    );
    check(
        "codes = { pool = \"mugs\" }",
        "codes = {}",
        "{} => voucher.codes has no `pool` (write, for example, pool = \"spring\")",
    );
    check(
        "codes = { pool = \"mugs\" }",
        "codes = \"genrated\"",
        "\"genrated\" => `codes` cannot be \"genrated\" (did you mean \"generated\"?)",
    );
    check("limit = { times = 1,", "limit = { times = 0,", "0 => `times` must be 1 or more");
}

#[test]
fn no_reward_or_rule_is_a_money_pump() {
    let credit = "gives = [{ credit = \"5.00 EUR\" }]";
    check(
        credit,
        "gives = [{ points = 500 }]",
        "[{ points = 500 }] => a money pump: it costs 500 points and gives 500 (the price must be above the points that it gives)",
    );
    check(
        credit,
        "gives = [{ points = 499 }, { credit = \"0.02 EUR\" }]",
        "[{ points = 499 }, { credit = \"0.02 EUR\" }] => a money pump: 1 points are worth less than the 0.02 EUR of credit they buy (raise the price, give less credit, or state a higher `value` of a point)",
    );
    check(
        credit,
        "gives = [{ credit = \"5.01 EUR\" }]",
        "[{ credit = \"5.01 EUR\" }] => a money pump: 500 points are worth less than the 5.01 EUR of credit they buy (raise the price, give less credit, or state a higher `value` of a point)",
    );
    check(
        "price = { points = 500 }",
        "price = { points = 0 }",
        "[{ credit = \"5.00 EUR\" }] => a money pump: it is free and can be had without end (set a price, or a limit such as limit = { times = 1, per = \"ever\" })",
    );
    check(
        "give = 1, per = \"1.00 EUR\", tier",
        "give = 50, per = \"1.00 EUR\", tier",
        "{ give = 50, per = \"1.00 EUR\", tier = { silver = \"1.5\", gold = 2 } } => a money pump: for each 1.00 EUR spent it gives points worth as much or more (give fewer points, or state a lower `value` of a point)",
    );
    parsed(&COFFEE.replace("give = 1, per", "give = 49, per"));
    check(
        "clawback",
        "accepts = { USD = \"0.00000000000000001\" }\nclawback",
        "{ give = 1, per = \"1.00 EUR\", tier = { silver = \"1.5\", gold = 2 } } => this rate is too fine: with the rates of `accepts` and `tier` its numbers leave the range of 64 bits (write rates and amounts with fewer digits)",
    );
}

#[test]
fn paying_is_bounded() {
    check(
        "max_share = \"50%\"",
        "max_share = \"101%\"",
        "\"101%\" => `max_share` must be a whole share from \"1%\" to \"100%\"",
    );
    check(
        "max_share = \"50%\"",
        "max_share = 50",
        "50 => `max_share` is a number, expected a share such as \"50%\" (write, for example, max_share = \"50%\")",
    );
    check("min = 100", "min = 99", "99 => `min` must be at least `step`, which is 100");
    check("step = 100", "step = 0", "0 => `step` must be 1 or more");
    check(
        "hold = \"30 minutes\"",
        "hold = \"0 minutes\"",
        "\"0 minutes\" => `hold` must be longer than nothing",
    );
}

#[test]
fn what_is_not_toml_is_said_once_and_the_rest_is_still_checked() {
    let broken =
        COFFEE.replace("id = \"gold\"", "id = gold").replace("stock = 1000", "stock = \"x\"");
    let faults = parse(&broken).unwrap_err();
    let said: Vec<_> = faults.iter().map(|fault| (fault.line, fault.message.as_str())).collect();
    assert_eq!(
        said,
        [
            (35, "not TOML: string values must be quoted, expected literal string"),
            (69, "`stock` is a string, expected a whole number")
        ]
    );
    let twice = parse(&COFFEE.replace("clawback", "currency = \"USD\"\nclawback")).unwrap_err();
    assert_eq!((twice[0].line, twice[0].message.as_str()), (10, "not TOML: duplicate key"));
    let large = parse(&" ".repeat(MAX_BYTES + 1)).unwrap_err();
    assert_eq!(large[0].message, "the file is larger than 256 KiB");
}

#[test]
fn a_file_with_many_faults_shows_them_all() {
    let source = include_str!("broken.toml");
    let faults = parse(source).unwrap_err();
    assert!(faults.len() >= 15, "{}", faults.len());
    insta::assert_snapshot!(render(source, "programme.toml", &faults));
}

proptest! {
    #[test]
    fn no_file_is_too_odd_to_refuse(
        cut in 0..COFFEE.len(),
        length in 0_usize..40,
        junk in prop::sample::select(vec!["", "\"", "'''", "[", "{", "}", "=", "\n", "\u{1f600}", "0.5", "[[earn]]", "a.b.c"]),
    ) {
        let end = cut.saturating_add(length).min(COFFEE.len());
        let source = format!("{}{junk}{}", &COFFEE[..cut], &COFFEE[end..]);
        if let Err(faults) = parse(&source) {
            prop_assert!(!faults.is_empty());
            prop_assert!(faults.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start));
            prop_assert!(faults.iter().all(|fault| source.get(fault.span.clone()).is_some()));
            prop_assert!(!render(&source, "programme.toml", &faults).is_empty());
        }
    }
}

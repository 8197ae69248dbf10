//! What a condition means, and what is refused.

use std::collections::BTreeMap;

use cel::{Context, Program};
use proptest::prelude::*;

use super::*;

fn facts() -> Facts<'static> {
    Facts {
        order_net: 1250,
        order_quantity: 3,
        order_lines: 2,
        order_weekday: 2,
        order_day: 24,
        order_month: 11,
        order_year: 2026,
        order_hour: 14,
        order_currency: "EUR",
        order_platform: "shopify",
        member_tier: "gold",
        event_name: "",
    }
}

fn holds(source: &str) -> Result<bool, ConditionError> {
    Condition::parse(source).unwrap_or_else(|fault| panic!("{source}: {fault:?}")).holds(&facts())
}

#[test]
fn conditions_hold() {
    for (source, expected) in [
        ("order.weekday == 2 && order.net >= 1000", true),
        ("1 + 2 * 3 == 7", true),
        ("(1 + 2) * 3 == 9", true),
        ("10 - 3 - 2 == 5", true),
        ("7 / 2 == 3 && -7 / 2 == -3 && -7 % 4 == -3", true),
        ("true || false && false", true),
        ("(true || false) && false", false),
        ("!(order.net > 1250) && !false", true),
        ("order.net > 1249 && order.net < 1251 && order.net <= 1250 && order.net != 0", true),
        ("-order.net == -1250 && - 5 < -4", true),
        ("order.weekday in [6, 7]", false),
        ("order.day in [-24, 24]", true),
        ("order.month == 11 && order.year == 2026 && order.hour == 14 && order.lines == 2", true),
        ("member.tier in [\"gold\", 'silver']", true),
        ("member.tier != '' && order.currency == \"EUR\" && event.name == ''", true),
        ("order.platform == (order.net > 0 ? 'shopify' : 'stripe')", true),
        ("order.net > (order.lines == 2 ? 1000 : 2000)", true),
        ("order.lines == 1 ? false : true", true),
        ("(order.net > 1) == (order.lines > 1)", true),
        ("(order.net > 1) != (order.lines > 1)", false),
        ("order.net > -9223372036854775808", true),
        ("order.platform == 'Żółć' || order.lines == 2", true),
        ("'a\\'b' == \"a'b\"", true),
        ("order.net\n  >= 1000", true),
    ] {
        assert_eq!(holds(source), Ok(expected), "{source}");
    }
}

#[test]
fn a_side_that_decides_hides_the_failure_of_the_other() {
    let condition = Condition::parse("order.quantity == 0 || 100 / order.quantity > 3").unwrap();
    assert_eq!(condition.holds(&Facts::default()), Ok(true));
    let turned = Condition::parse("100 / order.quantity > 3 || order.quantity == 0").unwrap();
    assert_eq!(turned.holds(&Facts::default()), Ok(true), "CEL's || is commutative");
    assert_eq!(holds("1 / (order.lines - 2) == 1 && false"), Ok(false));
}

#[test]
fn only_arithmetic_fails() {
    assert_eq!(holds("order.net / (order.lines - 2) > 1"), Err(ConditionError::DivisionByZero));
    assert_eq!(holds("order.net % (order.lines - 2) > 1"), Err(ConditionError::DivisionByZero));
    for overflow in [
        "order.net * 9223372036854775807 > 0",
        "order.net + 9223372036854775807 > 0",
        "-order.net - 9223372036854775807 > 0",
        "-(-9223372036854775807 - 1) > 0",
        "(-9223372036854775807 - 1) / -1 > 0",
        "false || order.net * 9223372036854775807 > 0",
    ] {
        assert_eq!(holds(overflow), Err(ConditionError::Overflow), "{overflow}");
    }
}

fn check(source: &str, at: &str, message: &str, suggestion: Option<&str>) {
    let fault = Condition::parse(source).expect_err(source);
    assert_eq!(fault.message, message, "{source}");
    assert_eq!(source.get(fault.offset.clone()), Some(at), "{source}: {:?}", fault.offset);
    assert_eq!(fault.suggestion.as_deref(), suggestion, "{source}");
}

#[test]
fn names_are_known() {
    check(
        "order.nett >= 1",
        "order.nett",
        "unknown name `order.nett`",
        Some("did you mean order.net?"),
    );
    check(
        "1 < order.nte",
        "order.nte",
        "unknown name `order.nte`",
        Some("did you mean order.net?"),
    );
    check("weekday == 2", "weekday", "unknown name `weekday`", Some("did you mean order.weekday?"));
    let all = "a condition may use order.net, order.quantity, order.lines, order.weekday, order.day, order.month, \
               order.year, order.hour, order.currency, order.platform, member.tier, event.name";
    check("1 == customer.age", "customer.age", "unknown name `customer.age`", Some(all));
    check("order.net.cents == 1", "order.net.cents", "unknown name `order.net.cents`", Some(all));
    check("order == 1", "order", "unknown name `order`", Some(all));
}

#[test]
fn types_fit() {
    let compare = Some("a condition compares something: write, for example, order.net >= 1000");
    check("order.net", "order.net", "expected true or false, found a number", compare);
    check("member.tier", "member.tier", "expected true or false, found a string", compare);
    check("order.net == 'x'", "'x'", "a number cannot be compared with a string", None);
    check("member.tier == 1 + 1", "1 + 1", "a string cannot be compared with a number", None);
    check("order.net && true", "order.net", "expected true or false, found a number", None);
    check("true || order.net + 1", "order.net + 1", "expected true or false, found a number", None);
    check("!order.net", "order.net", "expected true or false, found a number", None);
    check("-member.tier == 1", "member.tier", "expected a number, found a string", None);
    check("order.net + 'x' > 1", "'x'", "expected a number, found a string", None);
    check(
        "1 + (order.net > 1) > 1",
        "order.net > 1",
        "expected a number, found true or false",
        None,
    );
    check("order.net in ['x']", "'x'", "the list is compared with a number", None);
    check("order.net in [order.day]", "order.day", "a list holds plain numbers or strings", None);
    check("order.net in []", "[", "the list is empty: nothing is in it", None);
    check("true in [1]", "1", "the list is compared with true or false", None);
    check(
        "order.net in order.day",
        ".",
        "`in` needs a list",
        Some("write, for example, order.weekday in [6, 7]"),
    );
    check("true ? 1 : 'x'", "'x'", "expected a number, found a string", None);
    check("1 ? true : false", "1", "expected true or false, found a number", None);
    let order =
        "compare them with == or !=, or with `in` and a list; for \"gold or higher\" set `tier`";
    check("member.tier >= 'gold'", ">=", "strings have no order here", Some(order));
    check("true < false", "<", "true and false have no order", None);
    check("null == null", "null", "`null` is not part of a condition", None);
}

#[test]
fn syntax_is_explained() {
    let list = Some("write, for example, order.weekday in [6, 7]");
    check(
        "",
        "",
        "the condition is empty",
        Some("leave `when` out, or write one such as \"order.net >= 1000\""),
    );
    check("order.net = 1", "=", "`=` does not compare", Some("write == to compare"));
    check("true and false", "and", "unexpected `and`", Some("write && for \"and\""));
    check("true & false", "&", "unexpected `&`", Some("write && for \"and\""));
    check("true | false", "|", "unexpected `|`", Some("write || for \"or\""));
    check("true or false", "or", "unexpected `or`", Some("write || for \"or\""));
    check("not true", "not", "unexpected `not`", Some("write ! for \"not\""));
    check(
        "order.net > 1.5",
        "1.5",
        "`1.5` is not a whole number",
        Some("numbers are whole, amounts are in minor units: 12.50 EUR is 1250"),
    );
    check(
        "order.net > 9223372036854775809",
        "9223372036854775809",
        "9223372036854775809 is too large",
        None,
    );
    check("member.tier == 'gold", "'gold", "the string is not closed", Some("end it with '"));
    check("order.net >", "", "the condition ends too early", None);
    check("order.net order.day", "order.day", "unexpected `order.day`", None);
    check("'żółć' == 'ż' 1", "1", "unexpected `1`", None);
    check("(order.net > 1", "(", "`(` is not closed", None);
    check("order.net > 1)", ")", "`)` closes nothing", None);
    check("size('x') > 1", "(", "`size(`: a condition has no functions", None);
    check("has(order.net)", "(", "`has(`: a condition has no functions", None);
    check(
        "member.tier.matches('x')",
        "(",
        "`member.tier.matches(`: a condition has no functions",
        None,
    );
    check("[1] == [1]", "[", "a list can only stand after `in`", list);
    check("order[0] == 1", "[", "a list can only stand after `in`", list);
    check("{1: 2} == 1", "{", "unexpected `{`", None);
    check("b'x' == b'x'", "'x'", "unexpected 'x'", None);
    check("order. net == 1", "order.", "`order.` is not a name", None);
    check("true // why", "//", "a condition has no comments", None);
    check(
        "order.net > 9223372036854775808",
        "9223372036854775808",
        "9223372036854775808 is too large",
        None,
    );
}

#[test]
fn size_and_depth_are_limited() {
    let deep = format!("{}true{}", "(".repeat(400), ")".repeat(400));
    assert_eq!(
        Condition::parse(&deep).unwrap_err().message,
        "the condition is nested more than 16 deep"
    );
    let fits = format!("{}true{}", "(".repeat(16), ")".repeat(16));
    assert!(Condition::parse(&fits).is_ok());
    let long = format!("true{}", " ".repeat(1021));
    assert_eq!(
        Condition::parse(&long).unwrap_err().message,
        "the condition is longer than 1024 bytes"
    );
    let words = format!("0{} == 0", "+1".repeat(200));
    assert_eq!(
        Condition::parse(&words).unwrap_err().message,
        "the condition has more than 256 words"
    );
    for most in [
        format!("0{} == 0", "+1".repeat(126)),
        format!("{}true", "!".repeat(255)),
        format!("0=={}1", "-".repeat(250)),
    ] {
        let small_stack = std::thread::Builder::new().stack_size(1 << 20);
        let parsed =
            small_stack.spawn(move || Condition::parse(&most).map(|_| ())).unwrap().join().unwrap();
        assert_eq!(parsed, Ok(()), "the largest conditions fit a small stack");
    }
}

#[test]
fn literals_that_references_are_compared_with_are_remembered() {
    let condition = Condition::parse(
        "member.tier in ['a', 'b'] || 'c' == member.tier || order.currency == 'EUR'",
    )
    .unwrap();
    let found: Vec<_> = condition
        .compared()
        .iter()
        .map(|c| (c.reference, c.literal.as_str(), c.offset.start))
        .collect();
    assert_eq!(
        found,
        [
            ("member.tier", "a", 16),
            ("member.tier", "b", 21),
            ("member.tier", "c", 29),
            ("order.currency", "EUR", 69)
        ]
    );
}

fn integer(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        (-5_i64..5).prop_map(|n| n.to_string()),
        Just("order.net".to_owned()),
        Just("order.lines".to_owned()),
        Just("9223372036854775807".to_owned()),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let next = integer(depth.saturating_sub(1));
    let operator = prop::sample::select(vec!["+", "-", "*", "/", "%"]);
    prop_oneof![leaf, (next.clone(), operator, next).prop_map(|(a, o, b)| format!("({a} {o} {b})"))]
        .boxed()
}

fn boolean(depth: u32) -> BoxedStrategy<String> {
    let comparison = prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let leaf = prop_oneof![
        (integer(2), comparison, integer(2)).prop_map(|(a, o, b)| format!("{a} {o} {b}")),
        (integer(1), prop::collection::vec(-3_i64..2000, 1..4))
            .prop_map(|(a, list)| format!("{a} in {list:?}")),
        prop::sample::select(vec![
            "member.tier == 'gold'",
            "member.tier in ['a']",
            "true",
            "false"
        ])
        .prop_map(str::to_owned),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let next = boolean(depth.saturating_sub(1));
    prop_oneof![
        leaf,
        (next.clone(), prop::sample::select(vec!["&&", "||"]), next.clone())
            .prop_map(|(a, o, b)| format!("({a} {o} {b})")),
        next.clone().prop_map(|a| format!("!({a})")),
        (next.clone(), next.clone(), next).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
    ]
    .boxed()
}

/// What CEL's own interpreter makes of it, `None` for an error.
fn interpreted(source: &str) -> Option<bool> {
    let program = Program::compile(source).unwrap();
    let mut context = Context::default();
    let facts = facts();
    context
        .add_variable(
            "order",
            BTreeMap::from([("net", facts.order_net), ("lines", facts.order_lines)]),
        )
        .unwrap();
    context.add_variable("member", BTreeMap::from([("tier", facts.member_tier)])).unwrap();
    match program.execute(&context) {
        Ok(cel::Value::Bool(value)) => Some(value),
        _ => None,
    }
}

proptest! {
    #[test]
    fn conditions_mean_what_cel_means(source in boolean(2)) {
        prop_assume!(source.len() <= Condition::MAX_BYTES);
        let Ok(condition) = Condition::parse(&source) else { return Err(TestCaseError::reject("too many words")) };
        prop_assert_eq!(condition.holds(&facts()).ok(), interpreted(&source), "{}", source);
    }

    #[test]
    fn no_text_is_too_odd_to_refuse(source in "\\PC{0,60}") {
        let _ = Condition::parse(&source);
    }

    #[test]
    fn no_words_are_too_odd_to_refuse(words in prop::collection::vec(prop::sample::select(vec![
        "order.net", "order", ".", "in", "[", "]", "(", ")", "==", "=", "&&", "||", "!", "-", "+", "?", ":", ",", "1",
        "9223372036854775808", "0x1", "1u", "true", "null", "'a'", "\"b\"", "r'\\'", "'\\x'", "'\\u00e9'", "member.tier", "has", "if",
        "as", "{", "}", "%", "//", "ż", "\n", "`a`", "in in",
    ]), 0..30)) {
        for separator in ["", " "] {
            let source = words.join(separator);
            if let Err(fault) = Condition::parse(&source) {
                prop_assert!(source.get(fault.offset).is_some(), "{}", source);
            }
        }
    }
}

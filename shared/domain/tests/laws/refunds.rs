//! Law 4, at its root: what is known of refunds is a join of what was told.

use std::collections::BTreeMap;

use guerdon_domain::{
    entry::{Because, NoSuchLine},
    event::{OrderEvent, Refund, RefundLine},
    order::Knowledge,
};
use proptest::prelude::*;

use crate::{
    life::{News, order_id, paid},
    policy::PLAIN,
    world::{World, reasons},
};

fn any_report() -> impl Strategy<Value = Refund> {
    let net = prop_oneof![Just(None), Just(Some(0)), (1..4_i64).prop_map(Some)];
    let line = (0..2_u8, 1..3_i64, net).prop_map(|(line, units, net_minor)| RefundLine {
        line: line.to_string(),
        quantity_milli: units * 1000,
        net_minor,
    });
    let currency = prop_oneof![Just(None), Just(Some("EUR")), Just(Some("JPY"))];
    let discrepancy = prop::option::of(-2..3_i64);
    let told = (prop::collection::vec(line, 0..3), -2..3_i64, any::<bool>(), discrepancy, currency);
    told.prop_map(|(lines, amount_minor, taxed, discrepancy_minor, currency)| Refund {
        lines,
        amount_minor,
        taxed,
        discrepancy_minor,
        currency: currency.map(|code| code.parse().unwrap()),
        also: Vec::new(),
    })
}

/// What is known after these reports of one refund.
fn known(reports: &[Refund]) -> Knowledge {
    let mut knowledge = Knowledge::default();
    for report in reports {
        knowledge.merge(&news(BTreeMap::from([("r".to_owned(), report.clone())])));
    }
    knowledge
}

fn news(refunds: BTreeMap<String, Refund>) -> OrderEvent {
    OrderEvent { order: order_id(0), snapshot: None, refunds }
}

proptest! {
    #[test]
    fn reports_of_a_refund_are_a_join(a in any_report(), b in any_report(), c in any_report()) {
        let all = [a.clone(), b.clone(), c.clone()];
        let mut once = known(&all);
        prop_assert_eq!(&once, &known(&[c.clone(), b.clone(), a.clone()]), "any order");
        prop_assert_eq!(&once, &known(&[b.clone(), a.clone(), c.clone()]), "any order");
        let mut two = known(&[b, c]);
        let mut one = known(&[a]);
        one.merge(&news(std::mem::take(&mut two.refunds)));
        prop_assert_eq!(&once, &one, "in any groups");
        for report in all {
            let again = news(BTreeMap::from([("r".to_owned(), report)]));
            prop_assert!(!once.merge(&again), "however often");
        }
    }
}

#[test]
fn money_in_another_currency_does_not_count_and_the_units_do() {
    let doubted = |answer: &guerdon_domain::book::Answer| {
        let told = |because: &Because| matches!(because, Because::RefundCurrency { refund, currency } if **refund == *"r1" && currency.code() == "JPY");
        reasons(answer).iter().any(|reason| reason.rule == "refund" && told(&reason.because))
    };
    let mut world = World::new(&[PLAIN]);
    world.news(0, &paid());
    let mut straight = world.clone();
    assert!(doubted(&world.news(0, &News::Yen(1, 0, 2, 1_600))));
    straight.news(0, &News::Units(1, 0, 2));
    assert_eq!(world.balance(0), straight.balance(0), "two units, whatever the yen say");
    let answer = world.news(0, &News::Lines(1, 0, 2, -50));
    assert!(!doubted(&answer), "told in the order's currency, its money counts");
    straight.news(0, &News::Lines(1, 0, 2, -50));
    assert_eq!(world.balance(0), straight.balance(0));
}

#[test]
fn a_refund_that_waits_for_its_order_is_doubted_when_the_order_comes() {
    let mut world = World::new(&[PLAIN]);
    world.news(0, &News::Yen(1, 0, 1, 1_600));
    let answer = world.news(0, &paid());
    assert!(
        reasons(&answer)
            .iter()
            .any(|reason| matches!(reason.because, Because::RefundCurrency { .. }))
    );
}

#[test]
fn a_refund_of_a_line_that_the_order_does_not_have_says_so() {
    let mut world = World::new(&[PLAIN]);
    world.news(0, &paid());
    let before = world.balance(0);
    let answer = world.news(0, &News::Units(1, 17, 1));
    assert_eq!(world.balance(0), before);
    let unknown = NoSuchLine { refund: "r1".to_owned(), line: "17".to_owned() };
    let unknown = Because::NoSuchLine(unknown.into());
    assert_eq!(reasons(&answer).last().unwrap().because, unknown);
    world.news(0, &News::Units(2, 18, 1));
    let answer = world.news(0, &News::Units(0, 0, 1));
    let doubts = reasons(&answer).into_iter().filter(|reason| reason.rule == "refund");
    assert_eq!(doubts.count(), 2, "as long as it is so");
}

//! Law 4, at its root: what is known of refunds is a join of what was told.

use std::collections::BTreeMap;

use guerdon_domain::{
    event::{OrderEvent, Refund, RefundLine},
    order::Knowledge,
};
use proptest::prelude::*;

use crate::life::order_id;

fn any_report() -> impl Strategy<Value = Refund> {
    let net = prop_oneof![Just(None), Just(Some(0)), (1..4_i64).prop_map(Some)];
    let line = (0..2_u8, 1..3_i64, net).prop_map(|(line, units, net_minor)| RefundLine {
        line: line.to_string(),
        quantity_milli: units * 1000,
        net_minor,
    });
    (prop::collection::vec(line, 0..3), 0..3_i64)
        .prop_map(|(lines, amount_minor)| Refund { lines, amount_minor })
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

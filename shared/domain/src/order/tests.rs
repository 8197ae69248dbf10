//! What is left of an order, by hand.

#![expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]

use std::borrow::Cow;

use super::{basis::line_net, *};
use crate::{
    event::{Line, Refund, RefundLine},
    money::Currency,
    programme,
};

pub(crate) fn line(quantity: i64, current: i64, net_minor: i64) -> Line {
    Line {
        id: "1".into(),
        product: None,
        sku: None,
        categories: Vec::new(),
        quantity_milli: quantity * 1000,
        current_milli: current * 1000,
        net_minor,
        gift_card: false,
        tip: false,
    }
}

fn told(quantity_milli: i64, net_minor: Option<i64>) -> Refund {
    let lines = vec![RefundLine { line: "1".into(), quantity_milli, net_minor }];
    Refund { lines, ..Refund::default() }
}

fn refunds(quantity: i64, net_minor: i64) -> [Cow<'static, Refund>; 1] {
    [Cow::Owned(told(quantity * 1000, Some(net_minor)))]
}

pub(crate) fn order(lines: Vec<Line>) -> Snapshot {
    Snapshot {
        updated_at: Timestamp::UNIX_EPOCH,
        status: Status::Paid,
        member: None,
        placed_at: Timestamp::UNIX_EPOCH,
        test: false,
        currency: Currency::EUR,
        lines,
        paid_with_points_minor: 0,
        tax_minor: 0,
    }
}

#[test]
fn a_line_is_worth_what_is_left_of_it() {
    let none = [];
    assert_eq!(line_net(&line(3, 3, 2900), &none), 2900);
    assert_eq!(
        line_net(&line(3, 3, 2900), &refunds(1, 967)),
        1933,
        "a refund newer than the state"
    );
    assert_eq!(
        line_net(&line(3, 2, 2900), &refunds(1, 967)),
        1933,
        "a state that knows the refund"
    );
    assert_eq!(line_net(&line(3, 2, 2900), &none), 1933, "an edit, in proportion");
    assert_eq!(line_net(&line(3, 2, 2900), &refunds(1, 0)), 1933, "a refund that names no money");
    assert_eq!(
        line_net(&line(1, 0, 19_400), &refunds(1, 19_900)),
        0,
        "refunded for more than it cost"
    );
    assert_eq!(line_net(&line(3, 3, 2900), &refunds(7, 9999)), 0, "more units than there were");
    assert_eq!(line_net(&Line { gift_card: true, ..line(1, 1, 5000) }, &none), 0);
    assert_eq!(line_net(&Line { tip: true, ..line(1, 1, 300) }, &none), 0);
}

#[test]
fn a_refund_without_a_net_takes_its_units_share_whatever_the_others_state() {
    let left = |refunds: [Refund; 2]| line_net(&line(3, 3, 3000), &refunds.map(Cow::Owned));
    assert_eq!(left([told(1000, None), told(1000, Some(1000))]), 1000);
    assert_eq!(left([told(1000, Some(400)), told(1000, None)]), 1600);
    assert_eq!(left([told(1000, Some(0)), told(1000, None)]), 1000, "zero says nothing");
    assert_eq!(left([told(1000, None), told(2000, Some(5))]), 0, "nothing is left of it");
}

#[test]
fn a_report_that_states_a_net_says_more_than_one_that_does_not() {
    let told = |net_minor| told(1000, net_minor);
    for (first, second) in
        [(None, Some(5)), (Some(5), None), (Some(0), Some(5)), (Some(7), Some(5))]
    {
        let mut known = told(first);
        known.learn(&told(second));
        assert_eq!(known, told(Some(5)), "{first:?} and {second:?}");
        assert!(!known.learn(&told(first)), "it is known");
    }
}

#[test]
fn what_points_pay_beyond_the_range_is_an_error_and_not_the_whole_order() {
    let lots = vec![Lot { activates: None, expires: None, amount: 100 }];
    let payment = |hold: &str| Payment {
        hold: HoldId::new(hold).unwrap(),
        lots: lots.clone(),
        minor: i64::MAX,
        version: None,
        since: 1,
        returned: 0,
        made_up: Vec::new(),
    };
    let programme = programme::parse("[programme]\nname = 'Club'\ncurrency = 'EUR'").unwrap();
    let (versions, snapshot) = (Versions::single(programme), order(vec![line(1, 1, 2900)]));
    let paid = |state: &OrderState| {
        state.paid_with_points(&snapshot, &versions, &versions.first().programme)
    };
    let mut state = OrderState { payments: vec![payment("a")], ..OrderState::default() };
    assert_eq!(paid(&state), Ok(i64::MAX));
    state.payments.push(payment("b"));
    assert_eq!(paid(&state), Err(Overflow));
}

#[test]
fn points_that_paid_for_a_gift_card_stay_while_it_does() {
    let card = Line { gift_card: true, ..line(1, 1, 5000) };
    let mut goods = line(1, 1, 1000);
    goods.id = "2".to_owned();
    let snapshot = order(vec![card.clone(), goods.clone()]);
    let payment = Payment {
        hold: HoldId::new("a").unwrap(),
        lots: vec![Lot { activates: None, expires: None, amount: 6000 }],
        minor: 6000,
        version: None,
        since: 1,
        returned: 0,
        made_up: Vec::new(),
    };
    let back = |lines: &[&Line]| {
        let lines = lines.iter().map(|line| RefundLine {
            line: line.id.clone(),
            quantity_milli: 1000,
            net_minor: None,
        });
        let mut state = OrderState::default();
        let refund = Refund { lines: lines.collect(), ..Refund::default() };
        state.knowledge.refunds.insert("a".to_owned(), refund);
        state.points_to_return(&snapshot, &payment)
    };
    assert_eq!(back(&[&goods]), 1000);
    assert_eq!(back(&[&card]), 5000);
    assert_eq!(back(&[&card, &goods]), 6000);
}

#[test]
fn money_that_went_back_with_its_tax_counts_without_it() {
    let snapshot = Snapshot { tax_minor: 2300, ..order(vec![line(1, 1, 10_000)]) };
    let back = |amounts: &[(i64, bool)]| {
        let refund =
            |&(amount_minor, taxed): &_| Refund { amount_minor, taxed, ..Refund::default() };
        let refunds = ["a", "b", "c"].map(str::to_owned).into_iter();
        basis(&snapshot, &refunds.zip(amounts.iter().map(refund)).collect(), 0).net()
    };
    assert_eq!(back(&[(6150, true)]), 5000);
    assert_eq!(back(&[(6150, false)]), 3850, "a net is taken as it stands");
    assert_eq!(back(&[(4100, true), (4100, true), (4100, true)]), 0, "all of it");
    assert_eq!(back(&[(1, true)]), 9999, "a part of a cent is a cent that does not earn");
    let payment = Payment {
        hold: HoldId::new("a").unwrap(),
        lots: vec![Lot { activates: None, expires: None, amount: 100 }],
        minor: 100,
        version: None,
        since: 1,
        returned: 0,
        made_up: Vec::new(),
    };
    let mut state = OrderState::default();
    let half = Refund { amount_minor: 6150, taxed: true, ..Refund::default() };
    state.knowledge.refunds.insert("a".to_owned(), half);
    assert_eq!(state.points_to_return(&snapshot, &payment), 50);
}

#[test]
fn money_is_first_for_what_another_refund_did_not_pay() {
    let kept = |amount_minor| Refund { amount_minor, ..Refund::default() };
    let paid = |minor| Refund { discrepancy_minor: Some(minor), ..Refund::default() };
    let left = |line: Line, refunds: &[Refund]| {
        let names = ["a", "b", "c"].map(str::to_owned).into_iter();
        basis(&order(vec![line]), &names.zip(refunds.iter().cloned()).collect(), 0).net()
    };
    let whole = || line(3, 3, 3000);
    assert_eq!(left(whole(), &[paid(-1000), paid(1000)]), 3000);
    assert_eq!(left(whole(), &[paid(1200), paid(-1000)]), 2800);
    assert_eq!(left(whole(), &[kept(-500), kept(700)]), 2800);
    assert_eq!(left(whole(), &[paid(-1000)]), 3000, "what is not paid yet gives nothing back");
    assert_eq!(left(whole(), &[paid(-1000), kept(700)]), 2300, "what is stated is for itself");
    assert_eq!(left(whole(), &[kept(-500), paid(700)]), 2800);
    assert_eq!(left(whole(), &[kept(-500), paid(300)]), 3000);
    let edited = || line(3, 2, 3000);
    assert_eq!(left(edited(), &[paid(1000)]), 2000);
    assert_eq!(left(edited(), &[paid(1200)]), 1800);
    assert_eq!(left(edited(), &[kept(1000)]), 1000);
    assert_eq!(left(edited(), &[told(1000, Some(1000)), paid(1000)]), 1000, "it was paid for");
    assert_eq!(left(edited(), &[told(1000, None), paid(1000)]), 2000);
}

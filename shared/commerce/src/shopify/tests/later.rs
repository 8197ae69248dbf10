//! Goods that go back at one time and are paid back at another: the order's refunds are read together.

use super::*;

/// The meaning of an order, after changes to it, with these refunds.
fn with_refunds(changes: &[(&str, Value)], refunds: &[Value]) -> Meaning {
    meaning(&[changes, &[("/refunds", json!(refunds))]].concat())
}

/// The refund of a unit of 18.00 and its tax of 1.26, after changes.
fn goods(changes: &[(&str, Value)]) -> Value {
    with(refund(), changes)
}

/// A refund of money alone.
fn money(id: u64, amount: &str) -> Value {
    with(refund(), &[("/id", json!(id)), no_lines(), paid_back(amount)])
}

fn unpaid() -> (&'static str, Value) {
    ("/transactions", json!([]))
}

fn stated(amount: &str) -> (&'static str, Value) {
    (
        "/order_adjustments",
        json!([{"kind": "refund_discrepancy", "amount": amount, "tax_amount": "0.00"}]),
    )
}

/// What is left of 51.50 without the unit.
const WITHOUT_UNIT: i64 = 3350;

fn edited() -> (&'static str, Value) {
    ("/line_items/0/current_quantity", json!(1))
}

#[test]
fn money_that_follows_an_edit_comes_off_once() {
    let net = |refunds: &[Value]| with_refunds(&[edited()], refunds).net_minor;
    assert_eq!(
        net(&[goods(&[unpaid()])]),
        WITHOUT_UNIT,
        "the goods are gone, whoever pays for them"
    );
    assert_eq!(net(&[goods(&[unpaid()]), money(802, "19.26")]), WITHOUT_UNIT);
    let halves = [money(802, "10.00"), goods(&[unpaid()]), money(803, "9.26")];
    assert_eq!(net(&halves), WITHOUT_UNIT);
    assert_eq!(net(&[goods(&[paid_back("9.26")]), money(802, "10.00")]), WITHOUT_UNIT);
    // 5.74 more than that are given away, of 54.02 with tax that are 51.50 without.
    assert_eq!(net(&[goods(&[unpaid()]), money(802, "25.00")]), WITHOUT_UNIT - 548);
    assert_eq!(net(&[goods(&[]), money(802, "5.74")]), WITHOUT_UNIT - 548, "nothing is owed");
}

#[test]
fn a_discrepancy_that_another_refund_takes_back_is_no_money() {
    let net = |refunds: &[Value]| with_refunds(&[edited()], refunds).net_minor;
    let given = |amount: &str, adjusted: &str| with(money(802, amount), &[stated(adjusted)]);
    let waiting = goods(&[unpaid(), stated("19.26")]);
    assert_eq!(net(&[waiting, given("19.26", "-19.26")]), WITHOUT_UNIT);
    let kept = goods(&[paid_back("15.00"), stated("4.26")]);
    assert_eq!(net(&[kept.clone(), given("4.26", "-4.26")]), WITHOUT_UNIT);
    assert_eq!(net(&[kept, given("10.00", "-10.00")]), WITHOUT_UNIT - 548);
}

#[test]
fn a_fee_that_is_waived_later_costs_no_cent() {
    let kept = goods(&[paid_back("9.26"), stated("10.00")]);
    assert_eq!(with_refunds(&[edited()], &[kept, money(802, "10.00")]).net_minor, WITHOUT_UNIT);
}

#[test]
fn a_payment_in_another_currency_owes_nothing_while_it_is_on_its_way() {
    let foreign = ("/transactions/0/currency", json!("USD"));
    for status in ["pending", "success"] {
        let told = goods(&[foreign.clone(), ("/transactions/0/status", json!(status))]);
        let meaning = with_refunds(&[edited()], &[told, money(802, "5.74")]);
        assert_eq!(meaning.net_minor, WITHOUT_UNIT - 548, "{status}");
    }
}

#[test]
fn a_refund_is_the_same_whichever_line_it_names_first() {
    let one = goods(&[])["refund_line_items"][0].clone();
    let other = with(one.clone(), &[("/line_item_id", json!(12)), ("/subtotal", json!("7.00"))]);
    let lines = |lines: [&Value; 2]| alone(&[("/refund_line_items", json!(lines))]);
    assert_eq!(lines([&one, &other]), lines([&other, &one]));
}

#[test]
fn what_a_shop_states_to_give_away_pays_for_no_goods() {
    // The unit was exchanged, or paid back in cash: nothing is owed for it.
    let exchanged = goods(&[unpaid()]);
    let gift = with(money(802, "5.74"), &[stated("-5.74")]);
    assert_eq!(with_refunds(&[edited()], &[exchanged, gift]).net_minor, WITHOUT_UNIT - 548);
}

#[test]
fn money_that_follows_an_edit_without_a_refund_comes_off_once() {
    // Of 35.40 a unit of 18.00, and of 55.40 the card of 20.00.
    let lines = json!([
        {"id": 11, "quantity": 2, "current_quantity": 1, "price": "18.00", "tax_lines": [{"price": "2.52"}]},
        {"id": 13, "quantity": 1, "current_quantity": 0, "price": "20.00", "gift_card": true}
    ]);
    let net =
        |refunds: &[Value]| with_refunds(&[("/line_items", lines.clone())], refunds).net_minor;
    assert_eq!(net(&[]), 1800);
    assert_eq!(net(&[money(802, "39.26")]), 1800);
    assert_eq!(net(&[money(802, "39.26"), money(803, "1.07")]), 1700);
}

#[test]
fn a_line_that_says_nothing_of_money_is_worth_its_units() {
    let mut silent = goods(&[]);
    for field in ["subtotal", "subtotal_set", "total_tax", "total_tax_set"] {
        silent["refund_line_items"][0].as_object_mut().unwrap().remove(field);
    }
    assert_eq!(with_refunds(&[edited()], &[silent]).net_minor, WITHOUT_UNIT);
}

#[test]
fn transactions_that_are_left_out_leave_nothing_unpaid() {
    let mut filtered = goods(&[]);
    filtered.as_object_mut().unwrap().remove("transactions");
    let meaning = with_refunds(&[edited()], &[filtered, money(802, "5.74")]);
    assert_eq!(meaning.refunds[0].unpaid_minor, 0);
    assert_eq!(meaning.net_minor, WITHOUT_UNIT - 548);
}

#[test]
fn what_a_refund_has_not_paid_is_told() {
    let meaning = with_refunds(&[], &[goods(&[unpaid()]), money(802, "19.26")]);
    let told = meaning.refunds.iter().map(|refund| (refund.amount_minor, refund.unpaid_minor));
    assert_eq!(told.collect::<Vec<_>>(), [(0, 1926), (1926, 0)]);
}

#[test]
fn news_of_goods_and_of_their_money_end_the_same_in_any_order() {
    let pending = ("/transactions/0/status", json!("pending"));
    let order = |refunds: &[Value]| with(order(), &[edited(), ("/refunds", json!(refunds))]);
    let all = [
        ("orders/updated", order(&[goods(&[pending])])),
        ("refunds/create", goods(&[unpaid()])),
        ("refunds/create", money(802, "10.00")),
        ("orders/updated", order(&[goods(&[paid_back("9.26")]), money(802, "10.00")])),
    ];
    let news = all.map(|(topic, body)| read(topic, &body).0);
    let net = |places: [usize; 4]| {
        let mut known = Knowledge::default();
        for place in places {
            known.merge(&news[place]);
        }
        let snapshot = known.snapshot.clone().unwrap();
        assert_eq!(basis(&snapshot, &known.refunds, 0).net(), WITHOUT_UNIT, "{places:?}");
        known
    };
    let known = net([0, 1, 2, 3]);
    for places in [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1], [3, 3, 1, 0]] {
        assert_eq!(net(places).refunds.get("801"), known.refunds.get("801"), "{places:?}");
    }
}

#[test]
fn what_is_owed_for_no_goods_pays_for_no_goods() {
    let shop = |amount: &str| json!({"shop_money": {"amount": amount, "currency_code": "EUR"}});
    let pending = ("/transactions/0/status", json!("pending"));
    let lines = json!([
        {"id": 11, "quantity": 1, "price": "40.00"},
        {"id": 13, "quantity": 1, "price": "50.00", "gift_card": true},
        {"id": 14, "quantity": 1, "price": "5.00", "tip": {"payment_gateway": "cash"}}
    ]);
    let net =
        |refunds: &[Value]| with_refunds(&[("/line_items", lines.clone())], refunds).net_minor;
    let given = || money(802, "5.00");
    let taken = |line: u64, amount: &str| {
        let told = json!([{"line_item_id": line, "quantity": 1, "subtotal": amount}]);
        goods(&[("/refund_line_items", told), paid_back(amount), pending.clone(), stated(amount)])
    };
    let adjustments = json!([
        {"kind": "refund_discrepancy", "amount": "5.00"},
        {"kind": "shipping_refund", "amount": "-5.00"}
    ]);
    let shipping = goods(&[
        no_lines(),
        ("/refund_shipping_lines", json!([{"subtotal_amount_set": shop("5.00")}])),
        ("/order_adjustments", adjustments),
        paid_back("5.00"),
        pending.clone(),
    ]);
    let silent = with(shipping.clone(), &[("/order_adjustments", json!([]))]);
    for waiting in [shipping, silent, taken(13, "50.00"), taken(14, "5.00")] {
        assert_eq!(net(&[waiting.clone(), given()]), 3500, "money alone, beside {waiting}");
        let gift = with(given(), &[stated("-5.00")]);
        assert_eq!(net(&[waiting.clone(), gift]), 3500, "stated, beside {waiting}");
    }
    // Of the shipping 2.00 are kept, which is no reason to earn on goods.
    let adjustments = json!([
        {"kind": "refund_discrepancy", "amount": "2.00"},
        {"kind": "shipping_refund", "amount": "-5.00"}
    ]);
    let kept = goods(&[no_lines(), ("/order_adjustments", adjustments), paid_back("3.00")]);
    assert_eq!(net(&[kept, with(given(), &[stated("-5.00")])]), 3500);
    // Shipping that nobody tried to pay back is owed, and money that follows may be for it.
    let unpaid = goods(&[
        no_lines(),
        ("/refund_shipping_lines", json!([{"subtotal_amount_set": shop("5.00")}])),
        ("/transactions", json!([])),
    ]);
    assert_eq!(net(&[unpaid, given()]), 4000);
}

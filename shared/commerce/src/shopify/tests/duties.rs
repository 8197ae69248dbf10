//! Prices that include duties: a refund's amounts have them in them, or beside them.

use super::*;

fn set(amount: &str) -> Value {
    json!({"shop_money": {"amount": amount, "currency_code": "EUR"}})
}

/// An order of one line whose price includes duties.
fn order(quantity: u32, price: &str, duties: &str) -> Value {
    json!({
        "id": 1, "created_at": "2026-03-01T10:00:00Z", "currency": "EUR", "financial_status": "paid",
        "customer": {"id": 7}, "duties_included": true,
        "line_items": [{"id": 1, "quantity": quantity, "price": price, "duties": [set(duties)]}]
    })
}

/// A refund of so many of its units.
fn back(quantity: u32, subtotal: &str, paid: &str) -> Value {
    json!({
        "id": 9, "order_id": 1,
        "refund_line_items": [{"line_item_id": 1, "quantity": quantity, "subtotal_set": set(subtotal)}],
        "transactions": [{"kind": "refund", "status": "success", "amount": paid, "currency": "EUR"}]
    })
}

/// Money alone.
fn given(amount: &str) -> Value {
    with(back(0, "0.00", amount), &[no_lines()])
}

fn net(order: &Value, refunds: &[Value]) -> i64 {
    read("orders/updated", &with(order.clone(), &[("/refunds", json!(refunds))])).1.net_minor
}

#[test]
fn units_that_go_back_take_their_share_of_duties_once() {
    let three = back(3, "30.00", "30.00");
    assert_eq!(net(&order(4, "10.00", "12.00"), std::slice::from_ref(&three)), 700);
    let edited = with(order(4, "10.00", "12.00"), &[("/line_items/0/current_quantity", json!(1))]);
    assert_eq!(net(&edited, &[three]), 700);
    assert_eq!(net(&order(2, "10.00", "4.00"), &[back(1, "10.00", "10.00")]), 800);
}

#[test]
fn the_tax_on_included_duties_goes_back_with_them() {
    let tax = |amount: &str| json!([{"price": amount}]);
    let order = with(
        order(2, "10.00", "4.00"),
        &[
            ("/taxes_included", json!(true)),
            ("/line_items/0/tax_lines", tax("2.00")),
            ("/line_items/0/duties/0/tax_lines", tax("0.40")),
        ],
    );
    for total_tax in ["1.00", "1.20"] {
        let one = with(
            back(1, "10.00", "10.00"),
            &[("/refund_line_items/0/total_tax", json!(total_tax))],
        );
        assert_eq!(net(&order, &[one]), 680, "{total_tax}");
    }
    // Half of 20.00, of which 13.60 are goods.
    assert_eq!(net(&order, &[given("10.00")]), 680);
}

#[test]
fn duties_beside_the_subtotal_are_no_goodwill() {
    let order = order(4, "10.00", "12.00");
    let total = ("/total_duties_set", set("9.00"));
    let apart = with(back(3, "21.00", "30.00"), std::slice::from_ref(&total));
    assert_eq!(net(&order, &[apart]), 700);
    // The same total counts once where the subtotal has it in it, and what is paid beyond is goodwill: 70 % of 5.00.
    let within = with(back(3, "30.00", "30.00"), std::slice::from_ref(&total));
    assert_eq!(net(&order, std::slice::from_ref(&within)), 700);
    assert_eq!(net(&order, &[with(within, &[paid_back("35.00")])]), 350);
    let alone = with(given("9.00"), &[total]);
    assert_eq!(net(&order, &[alone]), 2800, "duties are no goods");
}

#[test]
fn a_refund_above_its_worth_takes_off_what_is_beyond_its_duties() {
    let order = order(4, "10.00", "12.00");
    assert_eq!(net(&order, &[back(2, "22.00", "22.00")]), 2800 - (2200 - 600));
    assert_eq!(net(&order, &[back(2, "13.00", "13.00")]), 1500, "a part of the money");
}

#[test]
fn money_without_lines_counts_without_included_duties() {
    let order = order(1, "20.00", "4.00");
    assert_eq!(net(&order, &[given("10.00")]), 800);
    let goodwill = json!([{"kind": "refund_discrepancy", "amount": "-10.00"}]);
    assert_eq!(net(&order, &[with(given("10.00"), &[("/order_adjustments", goodwill)])]), 800);
    let tax = json!([{"kind": "refund_discrepancy", "amount": "-8.00", "tax_amount": "-2.00"}]);
    let taxed = with(order.clone(), &[("/line_items/0/tax_lines", json!([{"price": "5.00"}]))]);
    assert_eq!(net(&taxed, &[with(given("10.00"), &[("/order_adjustments", tax)])]), 960);
    let on_top = with(order, &[("/duties_included", json!(false))]);
    assert_eq!(net(&on_top, &[given("10.00")]), 1000);
}

#[test]
fn a_refund_alone_leaves_duties_to_the_order_whichever_comes_first() {
    let order = order(4, "10.00", "12.00");
    let bare = back(3, "30.00", "30.00");
    let item = json!({"quantity": 4, "price": "10.00", "duties": [set("12.00")]});
    let listed = with(bare.clone(), &[("/refund_line_items/0/line_item", item)]);
    let total = with(listed.clone(), &[("/total_duties_set", set("9.00"))]);
    for refund in [bare, listed.clone(), total] {
        let news = [
            read("orders/paid", &order).0,
            read("refunds/create", &refund).0,
            read("orders/updated", &with(order.clone(), &[("/refunds", json!([refund]))])).0,
        ];
        for places in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut known = Knowledge::default();
            for place in places {
                known.merge(&news[place]);
            }
            let snapshot = known.snapshot.clone().unwrap();
            assert_eq!(basis(&snapshot, &known.refunds, 0).net(), 700, "{places:?}");
            assert_eq!(known.refunds["9"], news[2].refunds["9"], "{places:?}");
            assert_eq!(known.refunds["9"].currency, Some(Currency::EUR));
        }
    }
    // Until the order tells, the share of the units is right, whether duties are included or not.
    let mut known = Knowledge::default();
    known.merge(&read("orders/paid", &order).0);
    known.merge(&read("refunds/create", &listed).0);
    assert_eq!(basis(&known.snapshot.clone().unwrap(), &known.refunds, 0).net(), 700);
}

#[test]
fn duties_of_a_refund_are_a_list_or_an_object_with_a_list() {
    let listed = |set: Value| json!([{"duty_id": 1, "amount_set": set}]);
    let told = |duties: Value| {
        alone(&[no_lines(), paid_back("7.00"), ("/duties", duties)]).beyond_lines_minor()
    };
    assert_eq!(told(listed(set("5.00"))), 200);
    assert_eq!(told(json!({"duties": listed(set("5.00"))})), 200);
    for none in [json!({}), json!(null), json!({"duties": null}), json!({"duties": [], "x": [1]})] {
        let money =
            ("/order_adjustments/0", json!({"amount": "-7.00", "amount_set": set("-7.00")}));
        let refund = with(refund(), &[no_lines(), ("/order_adjustments", json!([null])), money]);
        let (event, _) = read("refunds/create", &with(refund, &[("/duties", none)]));
        assert_eq!(event.refunds["801"].amount_minor, 700);
    }
    for (duties, pointer) in [
        (json!("5.00"), "/duties"),
        (json!({"duties": {}}), "/duties/duties"),
        (json!({"duties": [[]]}), "/duties/duties/0"),
        (json!({"duties": listed(set("x"))}), "/duties/duties/0/amount_set/shop_money/amount"),
        (listed(set("x")), "/duties/0/amount_set/shop_money/amount"),
    ] {
        let error = run("refunds/create", &with(refund(), &[("/duties", duties)])).unwrap_err();
        assert_eq!((error.kind, error.pointer.as_str()), (PayloadErrorKind::Malformed, pointer));
    }
}

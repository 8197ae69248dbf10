//! Every rule of the translation, on orders of made-up people.

mod duties;
mod later;

use std::sync::Arc;

use guerdon_domain::{
    decision::UNITS_MAX,
    event::{Event, MemberEvent, OrderEvent, Refund, RefundLine, Snapshot, Status},
    money::Currency,
    order::{Knowledge, basis},
};
use serde_json::{Value, json};

use super::translate;
use crate::{Compliance, Meaning, PayloadError, PayloadErrorKind, Translation, meaning::Effect};

const SHOP: &str = "tea-house.myshopify.com";

/// A paid order of three lines: 2 × 20.00 less 4.00, 1 × 15.50, and a gift card of 50.00.
fn order() -> Value {
    json!({
        "id": 5_512_000_000_001_u64,
        "created_at": "2026-03-01T10:00:00+01:00",
        "updated_at": "2026-03-01T10:05:00+01:00",
        "processed_at": "2026-03-01T09:59:30+01:00",
        "cancelled_at": null,
        "test": false,
        "currency": "EUR",
        "taxes_included": false,
        "financial_status": "paid",
        "customer": {"id": 7_001, "email": "mina@example.com"},
        "line_items": [
            {
                "id": 11, "product_id": 901, "variant_id": 902, "sku": "TEA-GREEN", "vendor": "Tea House",
                "product_type": "Tea", "quantity": 2, "current_quantity": 2, "price": "20.00",
                "total_discount": "0.00",
                "price_set": {
                    "shop_money": {"amount": "20.00", "currency_code": "EUR"},
                    "presentment_money": {"amount": "21.80", "currency_code": "USD"}
                },
                "discount_allocations": [{"amount": "3.00"}, {"amount": "1.00"}],
                "tax_lines": [{"price": "2.52", "rate": 0.07}], "gift_card": false
            },
            {
                "id": 12, "product_id": null, "sku": "", "product_type": "", "quantity": 1, "price": "15.50",
                "total_discount": "9.99", "discount_allocations": [], "tax_lines": [], "gift_card": false
            },
            {
                "id": 13, "product_id": 903, "sku": "CARD", "quantity": 1, "price": "50.00",
                "discount_allocations": [], "tax_lines": [], "gift_card": true
            }
        ],
        "refunds": []
    })
}

/// A refund of one of the two units of line 11, as it stands in an order.
fn refund() -> Value {
    json!({
        "id": 801,
        "order_id": 5_512_000_000_001_u64,
        "refund_line_items": [{
            "id": 1, "line_item_id": 11, "quantity": 1, "subtotal": 18.0, "total_tax": 1.26,
            "subtotal_set": {"shop_money": {"amount": "18.00", "currency_code": "EUR"}},
            "total_tax_set": {"shop_money": {"amount": "1.26", "currency_code": "EUR"}},
            "line_item": {}
        }],
        "transactions": [{"kind": "refund", "status": "success", "amount": "19.26", "currency": "EUR"}],
        "order_adjustments": []
    })
}

/// `json` with the value at each pointer replaced or added.
fn with(mut json: Value, changes: &[(&str, Value)]) -> Value {
    for (pointer, value) in changes {
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        match json.pointer_mut(parent).unwrap() {
            Value::Array(list) => list[field.parse::<usize>().unwrap()] = value.clone(),
            parent => parent[field] = value.clone(),
        }
    }
    json
}

fn run(topic: &str, body: &Value) -> Result<Translation, PayloadError> {
    translate(topic, SHOP, body.to_string().as_bytes())
}

fn read(topic: &str, body: &Value) -> (OrderEvent, Meaning) {
    match run(topic, body).unwrap() {
        Translation::Event(event, meaning) => match *event {
            Event::Order(order) => (order, meaning),
            Event::Member(_) => panic!("not an order"),
        },
        other => panic!("not an event: {other:?}"),
    }
}

fn snapshot(changes: &[(&str, Value)]) -> Arc<Snapshot> {
    read("orders/updated", &with(order(), changes)).0.snapshot.unwrap()
}

fn nets(changes: &[(&str, Value)]) -> Vec<i64> {
    snapshot(changes).lines.iter().map(|line| line.net_minor).collect()
}

fn meaning(changes: &[(&str, Value)]) -> Meaning {
    read("orders/updated", &with(order(), changes)).1
}

fn codes(meaning: &Meaning) -> Vec<&str> {
    meaning.why.iter().map(|why| why.code).collect()
}

/// The refund embedded in the order, after changes to both.
fn embedded(order_changes: &[(&str, Value)], refund_changes: &[(&str, Value)]) -> Refund {
    let body = with(
        with(order(), order_changes),
        &[("/refunds", json!([with(refund(), refund_changes)]))],
    );
    read("orders/updated", &body).0.refunds["801"].clone()
}

/// The refund by itself.
fn alone(changes: &[(&str, Value)]) -> Refund {
    read("refunds/create", &with(refund(), changes)).0.refunds["801"].clone()
}

/// A refund that takes nothing off the goods, and owes nothing for them.
fn nothing() -> Refund {
    Refund { currency: Some(Currency::EUR), discrepancy_minor: Some(0), ..Refund::default() }
}

fn no_lines() -> (&'static str, Value) {
    ("/refund_line_items", json!([]))
}

fn paid_back(amount: &str) -> (&'static str, Value) {
    ("/transactions/0/amount", json!(amount))
}

fn refused(body: &Value, kind: PayloadErrorKind, pointer: &str) {
    let error = run("orders/paid", body).unwrap_err();
    assert_eq!((error.kind, error.pointer.as_str()), (kind, pointer), "{}", error.message);
}

#[test]
fn every_topic_of_an_order_carries_its_state() {
    for topic in ["create", "paid", "updated", "cancelled", "fulfilled", "partially_fulfilled"] {
        let (event, meaning) = read(&format!("orders/{topic}"), &order());
        assert_eq!(event.order.as_str(), "shopify:tea-house.myshopify.com:5512000000001");
        let snapshot = event.snapshot.unwrap();
        assert_eq!(
            snapshot.member.as_ref().unwrap().as_str(),
            "shopify:tea-house.myshopify.com:7001"
        );
        assert_eq!(snapshot.status, Status::Paid);
        assert_eq!(snapshot.placed_at.to_string(), "2026-03-01T08:59:30Z");
        assert_eq!(snapshot.updated_at.to_string(), "2026-03-01T09:05:00Z");
        assert_eq!((meaning.effect, meaning.earns, meaning.net_minor), (Effect::Order, true, 5150));
    }
}

#[test]
fn the_meaning_is_stable_json() {
    let meaning = serde_json::to_value(meaning(&[("/refunds", json!([refund()]))])).unwrap();
    let expected = json!({
        "platform": "shopify", "topic": "orders/updated", "effect": "order", "reason": null,
        "order": "shopify:tea-house.myshopify.com:5512000000001",
        "member": "shopify:tea-house.myshopify.com:7001",
        "currency": "EUR",
        "lines": [
            {"line": "11", "product": "901", "quantity": "2", "net_minor": 3600, "net": "36.00", "gift_card": false,
             "tip": false, "refunded_minor": 1800},
            {"line": "12", "product": null, "quantity": "1", "net_minor": 1550, "net": "15.50", "gift_card": false,
             "tip": false, "refunded_minor": 0},
            {"line": "13", "product": "903", "quantity": "1", "net_minor": 5000, "net": "50.00", "gift_card": true,
             "tip": false, "refunded_minor": 0}
        ],
        "refunds": [{"id": "801", "lines": [{"line": "11", "quantity": "1", "net_minor": 1800}], "amount_minor": 0}],
        "net_minor": 3350, "earns": true, "why": []
    });
    assert_eq!(meaning, expected);
}

#[test]
fn a_line_is_price_times_quantity_less_its_allocated_discounts() {
    assert_eq!(nets(&[]), [3600, 1550, 5000], "total_discount is not read");
    assert_eq!(nets(&[("/line_items/0/discount_allocations", json!(null))])[0], 4000);
    let set = json!([{"amount": "9.00", "amount_set": {"shop_money": {"amount": "2.00", "currency_code": "EUR"}}}]);
    assert_eq!(
        nets(&[("/line_items/0/discount_allocations", set)])[0],
        3800,
        "shop money comes first"
    );
    assert_eq!(nets(&[("/line_items/0/discount_allocations", json!([{"amount": "99.00"}]))])[0], 0);
    assert_eq!(nets(&[("/line_items/0/price", json!("1.00"))])[0], 3600, "shop money comes first");
    assert_eq!(
        nets(&[("/line_items/1/price", json!(15.5))])[1],
        1550,
        "a number is as good as text"
    );
}

#[test]
fn taxes_come_off_where_the_price_includes_them() {
    let included = ("/taxes_included", json!(true));
    assert_eq!(nets(std::slice::from_ref(&included))[0], 3348);
    let two =
        json!([{"price": "1.00"}, {"price": "1", "price_set": {"shop_money": {"amount": "0.50"}}}]);
    assert_eq!(nets(&[included, ("/line_items/0/tax_lines", two.clone())])[0], 3450);
    assert_eq!(
        nets(&[("/taxes_included", json!(null)), ("/line_items/0/tax_lines", two)])[0],
        3600
    );
}

#[test]
fn duties_come_off_where_the_price_includes_them() {
    let set = |amount: &str| json!({"shop_money": {"amount": amount, "currency_code": "EUR"}});
    let mut duty = set("3.00");
    duty["tax_lines"] = json!([{"price": "0.60"}]);
    let duties =
        ("/line_items/0/duties", json!([duty, {"price_set": set("1.00"), "tax_lines": null}]));
    let included = ("/duties_included", json!(true));
    let taxes = ("/taxes_included", json!(true));
    assert_eq!(nets(std::slice::from_ref(&duties))[0], 3600);
    assert_eq!(nets(&[duties.clone(), included.clone()])[0], 3200);
    assert_eq!(nets(&[duties.clone(), included.clone(), taxes])[0], 3600 - 252 - 460);
    let wrong = ("/line_items/0/duties/0/shop_money/currency_code", json!("USD"));
    let body = with(order(), &[included.clone(), duties, wrong.clone()]);
    refused(&body, PayloadErrorKind::Unprocessable, wrong.0);
    // What a refund says of its line has them in it already.
    let back = ("/total_duties_set", set("2.00"));
    assert_eq!(embedded(&[included], &[back]).beyond_lines_minor(), 0);
}

#[test]
fn currencies_have_their_own_decimals() {
    let line = |price: &str| json!([{"id": 1, "quantity": 3, "price": price}]);
    assert_eq!(nets(&[("/currency", json!("JPY")), ("/line_items", line("1200"))]), [3600]);
    assert_eq!(nets(&[("/currency", json!("KWD")), ("/line_items", line("1.234"))]), [3702]);
}

#[test]
fn lines_carry_what_exclusions_match() {
    let lines = &snapshot(&[("/line_items/1/sku", json!(4711))]).lines;
    assert_eq!(
        (lines[0].product.as_deref(), lines[0].sku.as_deref()),
        (Some("901"), Some("TEA-GREEN"))
    );
    assert_eq!(lines[0].categories, ["Tea"], "the vendor is no category");
    assert_eq!((lines[1].product.as_deref(), lines[1].sku.as_deref()), (None, Some("4711")));
    assert_eq!(snapshot(&[]).lines[1].sku, None, "an empty text is none");
    assert!(lines[1].categories.is_empty());
}

#[test]
fn quantities_are_thousandths_and_the_current_one_is_kept() {
    let lines = &snapshot(&[("/line_items/0/current_quantity", json!(1))]).lines;
    assert_eq!((lines[0].quantity_milli, lines[0].current_milli), (2000, 1000));
    assert_eq!(
        (lines[1].quantity_milli, lines[1].current_milli),
        (1000, 1000),
        "it may be left out"
    );
    assert_eq!(snapshot(&[("/line_items/0/quantity", json!("2"))]).lines[0].quantity_milli, 2000);
    let edited = meaning(&[("/line_items/0/current_quantity", json!(1))]);
    assert_eq!((edited.net_minor, edited.lines[0].refunded_minor), (3350, 1800));
}

#[test]
fn a_gift_card_keeps_its_price_and_does_not_count() {
    let line = &snapshot(&[]).lines[2];
    assert_eq!((line.net_minor, line.gift_card), (5000, true));
    let card = order()["line_items"][2].clone();
    let meaning = meaning(&[("/line_items", json!([card]))]);
    assert_eq!(
        (meaning.net_minor, meaning.earns, codes(&meaning)),
        (0, false, vec!["nothing-eligible"])
    );
}

#[test]
fn a_tip_keeps_its_price_and_does_not_count() {
    let tip = |marks: Value| {
        let mut line =
            json!({"id": 14, "product_id": null, "quantity": 1, "price": "4.00", "title": "Tip"});
        line.as_object_mut().unwrap().extend(marks.as_object().unwrap().clone());
        line
    };
    let told = |line: Value| {
        let lines = [order()["line_items"][0].clone(), line];
        let line = meaning(&[("/line_items", json!(lines))]).lines[1].clone();
        (line.tip, line.net_minor, line.refunded_minor)
    };
    let paid = json!({"tip_payment_gateway": "shopify_payments", "tip_payment_method": "Visa"});
    for marks in [
        paid.clone(),
        json!({"tip_payment_gateway": null}),
        json!({"tip_payment_method": null}),
        json!({"tip": {"payment_gateway": "cash"}}),
    ] {
        assert_eq!(told(tip(marks)), (true, 400, 0));
    }
    for marks in
        [json!({}), json!({"tip": null}), json!({"product_id": 9, "tip_payment_gateway": null})]
    {
        assert_eq!(told(tip(marks)), (false, 400, 0));
    }
    let with_tip = |refunds: Value| {
        let lines = [order()["line_items"][0].clone(), tip(paid.clone())];
        meaning(&[("/line_items", json!(lines)), ("/refunds", refunds)])
    };
    assert_eq!(with_tip(json!([])).net_minor, 3600);
    let back = [
        ("/refund_line_items/0/line_item_id", json!(14)),
        ("/refund_line_items/0/subtotal_set/shop_money/amount", json!("4.00")),
        ("/refund_line_items/0/total_tax_set/shop_money/amount", json!("0.00")),
        paid_back("4.00"),
    ];
    let refunded = with_tip(json!([with(refund(), &back)]));
    assert_eq!((refunded.net_minor, refunded.lines[1].refunded_minor), (3600, 0));
    let alone = meaning(&[("/line_items", json!([tip(paid.clone())]))]);
    assert_eq!((alone.net_minor, codes(&alone)), (0, vec!["nothing-eligible"]));
}

#[test]
fn the_financial_status_decides_unless_the_order_is_cancelled() {
    let status = |text: Value| snapshot(&[("/financial_status", text)]).status;
    assert_eq!([status(json!("paid")), status(json!("partially_refunded"))], [Status::Paid; 2]);
    assert_eq!(status(json!("refunded")), Status::Refunded);
    assert_eq!(status(json!("voided")), Status::Voided);
    for text in ["pending", "authorized", "partially_paid", "expired", "unpaid"] {
        assert_eq!(status(json!(text)), Status::Unpaid);
        assert_eq!(codes(&meaning(&[("/financial_status", json!(text))])), ["unpaid"]);
    }
    assert_eq!(status(json!(null)), Status::Unpaid);
    let new = meaning(&[("/financial_status", json!("paid_in_shells"))]);
    assert_eq!(codes(&new), ["unpaid", "unknown-status"]);
    let cancelled = meaning(&[("/cancelled_at", json!("2026-03-02T08:00:00Z"))]);
    assert_eq!((cancelled.net_minor, codes(&cancelled)), (5150, vec!["cancelled"]));
}

#[test]
fn a_test_order_with_large_ids_is_exact_and_does_not_earn() {
    let changes = [
        ("/id", json!(9_007_199_254_740_993_111_u64)),
        ("/customer/id", json!("18446744073709551615")),
        ("/line_items/0/id", json!(866_550_311_766_439_021_u64)),
        ("/test", json!(true)),
        ("/financial_status", json!("voided")),
        ("/processed_at", json!(null)),
    ];
    let (event, meaning) = read("orders/create", &with(order(), &changes));
    assert!(event.order.as_str().ends_with(":9007199254740993111"));
    let snapshot = event.snapshot.unwrap();
    assert!(snapshot.member.as_ref().unwrap().as_str().ends_with(":18446744073709551615"));
    assert_eq!(snapshot.lines[0].id, "866550311766439021");
    assert_eq!(
        snapshot.placed_at.to_string(),
        "2026-03-01T09:00:00Z",
        "created_at stands in for processed_at"
    );
    assert_eq!((meaning.earns, codes(&meaning)), (false, vec!["test", "voided"]));
}

#[test]
fn a_guest_has_no_member_and_an_approved_customer_needs_no_email() {
    for guest in [json!(null), json!({}), json!({"id": null, "email": "guest@example.com"})] {
        let meaning = meaning(&[("/customer", guest), ("/email", json!(""))]);
        assert_eq!(
            (meaning.member.as_ref(), meaning.net_minor, codes(&meaning)),
            (None, 5150, vec!["guest"])
        );
    }
    assert!(snapshot(&[("/customer", json!({"id": 7}))]).member.is_some());
}

#[test]
fn a_state_without_a_time_of_change_is_as_old_as_the_order() {
    let snapshot = snapshot(&[("/updated_at", json!(null))]);
    assert_eq!(snapshot.updated_at.to_string(), "2026-03-01T09:00:00Z");
    let body = with(order(), &[("/created_at", json!(null)), ("/updated_at", json!(null))]);
    refused(&body, PayloadErrorKind::Malformed, "/created_at");
}

#[test]
fn a_wrong_field_is_named() {
    use PayloadErrorKind::{Malformed, Unprocessable};
    let cases = [
        ("/id", json!(true), Malformed, "/id"),
        ("/id", json!([1]), Malformed, "/id"),
        ("/id", json!(1.5), Malformed, "/id"),
        ("/id", json!(-1), Malformed, "/id"),
        ("/id", json!("gid://shopify/Order/1"), Malformed, "/id"),
        ("/customer/id", json!("+7"), Malformed, "/customer/id"),
        ("/currency", json!("EURO"), Unprocessable, "/currency"),
        (
            "/line_items/0/product_type",
            json!("x".repeat(1_025)),
            Unprocessable,
            "/line_items/0/product_type",
        ),
        ("/currency", json!(978), Malformed, "/currency"),
        ("/created_at", json!("yesterday"), Malformed, "/created_at"),
        ("/test", json!("true"), Malformed, "/test"),
        ("/line_items", json!({}), Malformed, "/line_items"),
        ("/line_items/1/id", json!(11), Unprocessable, "/line_items/1/id"),
        ("/line_items/1/price", json!(true), Malformed, "/line_items/1/price"),
        ("/line_items/1/price", json!(null), Malformed, "/line_items/1/price"),
        ("/line_items/1/price", json!("1,50"), Malformed, "/line_items/1/price"),
        ("/line_items/1/price", json!("-0.01"), Unprocessable, "/line_items/1/price"),
        ("/line_items/1/price", json!("0.001"), Unprocessable, "/line_items/1/price"),
        (
            "/line_items/1/price",
            json!("99999999999999999999"),
            Unprocessable,
            "/line_items/1/price",
        ),
        ("/line_items/1/price", json!("90071992547409.91"), Unprocessable, "/line_items"),
        ("/line_items/1/price", json!("90071992547409.92"), Unprocessable, "/line_items/1/price"),
        ("/line_items/1/quantity", json!([]), Malformed, "/line_items/1/quantity"),
        ("/line_items/1/quantity", json!(""), Malformed, "/line_items/1/quantity"),
        ("/line_items/1/quantity", json!(-1), Unprocessable, "/line_items/1/quantity"),
        ("/line_items/1/quantity", json!(1.5), Unprocessable, "/line_items/1/quantity"),
        ("/line_items/1/quantity", json!(1.0005), Unprocessable, "/line_items/1/quantity"),
        ("/line_items/1/quantity", json!(u64::MAX), Unprocessable, "/line_items/1/quantity"),
        (
            "/line_items/1/quantity",
            json!(9_000_000_000_000_000_u64),
            Unprocessable,
            "/line_items/1/quantity",
        ),
        ("/line_items/1/quantity", json!(9_000_000_000_000_u64), Unprocessable, "/line_items"),
        (
            "/line_items/0/price_set/shop_money/amount",
            json!("-1"),
            Unprocessable,
            "/line_items/0/price_set/shop_money/amount",
        ),
        (
            "/line_items/0/price_set/shop_money/currency_code",
            json!("USD"),
            Unprocessable,
            "/line_items/0/price_set/shop_money/currency_code",
        ),
        (
            "/line_items/0/discount_allocations/1/amount",
            json!("-1"),
            Unprocessable,
            "/line_items/0/discount_allocations/1/amount",
        ),
    ];
    for (field, value, kind, pointer) in cases {
        refused(&with(order(), &[(field, value)]), kind, pointer);
    }
    let mut body = order();
    body["line_items"][1].as_object_mut().unwrap().remove("quantity");
    refused(&body, PayloadErrorKind::Malformed, "/line_items/1/quantity");
}

#[test]
fn taxes_alone_may_have_more_decimals_than_the_currency() {
    let tax = |price: &str| json!([{"price": price}]);
    let included = ("/taxes_included", json!(true));
    let line = |price: &str| ("/line_items/0/tax_lines", tax(price));
    assert_eq!(nets(&[included.clone(), line("2.505")])[0], 3600 - 251);
    assert_eq!(nets(&[included.clone(), line("2.5049")])[0], 3600 - 250);
    let set = json!([{"price_set": {"shop_money": {"amount": "2.505", "currency_code": "EUR"}}}]);
    assert_eq!(nets(&[included.clone(), ("/line_items/0/tax_lines", set)])[0], 3600 - 251);
    let duty = json!([{
        "shop_money": {"amount": "10.00", "currency_code": "EUR"}, "tax_lines": tax("1.6486")
    }]);
    let duties = [("/duties_included", json!(true)), ("/line_items/0/duties", duty)];
    assert_eq!(nets(&[&duties[..], &[included, line("0")]].concat())[0], 3600 - 1165);
    let total = ("/refund_line_items/0/total_tax_set/shop_money/amount", json!("1.255"));
    assert_eq!(embedded(&[], &[total]), embedded(&[], &[]));
    let adjustment = |tax: &str| {
        let all = json!([{"kind": "shipping_refund", "amount": "-4.20", "tax_amount": tax}]);
        embedded(&[], &[no_lines(), paid_back("5.00"), ("/order_adjustments", all)])
    };
    assert_eq!(adjustment("-0.795"), nothing());
    refused(
        &with(order(), &[line("-0.006")]),
        PayloadErrorKind::Unprocessable,
        "/line_items/0/tax_lines/0/price",
    );
    for field in ["/line_items/0/price_set/shop_money/amount", "/line_items/1/price"] {
        let body = with(order(), &[(field, json!("2.505"))]);
        refused(&body, PayloadErrorKind::Unprocessable, field);
    }
    let subtotal = "/refund_line_items/0/subtotal_set/shop_money/amount";
    let body = with(refund(), &[(subtotal, json!("18.005"))]);
    assert_eq!(run("refunds/create", &body).unwrap_err().pointer, subtotal);
}

#[test]
fn amounts_never_pass_through_a_float() {
    let exact = r#"{"id": 1, "created_at": "2026-03-01T10:00:00Z", "currency": "EUR", "line_items":
        [{"id": 2, "quantity": 1, "price": 90071992547409.91}]}"#;
    let Translation::Event(_, meaning) = translate("orders/paid", SHOP, exact.as_bytes()).unwrap()
    else {
        panic!("not an event")
    };
    assert_eq!(meaning.net_minor, UNITS_MAX);
    assert_eq!(meaning.lines[0].net, "90071992547409.91");
}

#[test]
fn a_refund_has_lines_of_exact_numbers() {
    let body = r#"{"id": 801, "order_id": 9, "refund_line_items": [
        {"line_item_id": 11, "quantity": 1, "subtotal": 195.66, "total_tax": 0.0},
        {"line_item_id": "12", "quantity": "2", "subtotal": 199, "total_tax": 3.98}
    ], "total_duties_set": {"shop_money": {"amount": "0.00", "currency_code": "USD"}},
        "transactions": [{"kind": "refund", "amount": "1.00", "currency": "EUR"}]}"#;
    let Translation::Event(event, meaning) =
        translate("refunds/create", SHOP, body.as_bytes()).unwrap()
    else {
        panic!("not an event")
    };
    let Event::Order(event) = *event else { panic!("not an order") };
    assert!(event.snapshot.is_none());
    let lines = [(11, 1000, 19_566), (12, 2000, 19_900)];
    let lines = lines.map(|(line, quantity_milli, net_minor)| RefundLine {
        line: line.to_string(),
        quantity_milli,
        net_minor: Some(net_minor),
    });
    assert_eq!(
        event.refunds["801"],
        Refund {
            lines: lines.to_vec(),
            currency: Some("USD".parse().unwrap()),
            ..Refund::default()
        }
    );
    assert_eq!((meaning.effect, meaning.earns), (Effect::Refund, false));
    assert_eq!(meaning.currency.unwrap().code(), "USD");
}

#[test]
fn a_refund_means_the_same_alone_and_in_its_order() {
    assert_eq!(alone(&[]), embedded(&[], &[]));
    assert_eq!(alone(&[]).lines[0].net_minor, Some(1800));
    assert_eq!(alone(&[]).beyond_lines_minor(), 0, "the transaction is the line and its tax");
}

#[test]
fn a_discounted_line_may_be_refunded_above_its_worth() {
    // The unit cost 18.00 after its discount; the refund says 20.00 and the transaction too.
    let over = [
        ("/refund_line_items/0/subtotal_set", json!(null)),
        ("/refund_line_items/0/subtotal", json!(20)),
    ];
    assert_eq!(embedded(&[], &over).lines[0].net_minor, Some(2000));
    let whole = with(
        refund(),
        &[("/refund_line_items/0/quantity", json!(2)), ("/transactions", json!([]))],
    );
    let meaning = meaning(&[("/refunds", json!([whole]))]);
    assert_eq!(
        meaning.lines[0].refunded_minor, 3600,
        "both units are back, so nothing of the line is left"
    );
}

#[test]
fn goods_back_for_less_money_are_lines_only() {
    assert_eq!(embedded(&[], &[paid_back("5.00")]).beyond_lines_minor(), -1426);
    let part = with(refund(), &[paid_back("5.00")]);
    assert_eq!(meaning(&[("/refunds", json!([part]))]).net_minor, 3350);
    let kept = json!([{"kind": "refund_discrepancy", "amount": "14.26", "tax_amount": "0.00"}]);
    let refund = embedded(&[], &[paid_back("5.00"), ("/order_adjustments", kept)]);
    assert_eq!((refund.amount_minor, refund.beyond_lines_minor()), (-1426, -1426));
}

#[test]
fn discrepancies_that_cancel_each_other_are_no_money() {
    let adjustments = |amounts: &[&str]| {
        let all =
            amounts.iter().map(|amount| json!({"kind": "refund_discrepancy", "amount": amount}));
        ("/order_adjustments", all.collect())
    };
    assert_eq!(embedded(&[], &[adjustments(&["19.26", "-19.26"])]).beyond_lines_minor(), 0);
    assert_eq!(
        embedded(&[], &[no_lines(), adjustments(&["-3.00", "-3.00", "3.00"])]).beyond_lines_minor(),
        300
    );
    assert_eq!(embedded(&[], &[adjustments(&["-1.00", "5.00"])]).beyond_lines_minor(), 0);
}

#[test]
fn shipping_alone_is_no_refund_of_goods() {
    let adjustment = json!([{"kind": "shipping_refund", "amount": "-4.20", "tax_amount": "-0.80"}]);
    let old = [no_lines(), paid_back("5.00"), ("/order_adjustments", adjustment.clone())];
    assert_eq!(embedded(&[], &old), nothing());
    let by_reason =
        json!([{"reason": "Shipping refund", "amount": "-4.20", "tax_amount": "-0.80"}]);
    let newer = [no_lines(), paid_back("5.00"), ("/order_adjustments", by_reason)];
    assert_eq!(embedded(&[], &newer), nothing());
    let line = json!([{
        "subtotal_amount_set": {"shop_money": {"amount": "4.20", "currency_code": "EUR"}},
        "shipping_line": {"discounted_price": "8.40", "tax_lines": [{"price": "1.60"}]}
    }]);
    let new = [no_lines(), paid_back("5.00"), ("/refund_shipping_lines", line.clone())];
    assert_eq!(alone(&new), nothing());
    let both = [
        no_lines(),
        paid_back("5.00"),
        ("/refund_shipping_lines", line),
        ("/order_adjustments", adjustment),
    ];
    assert_eq!(alone(&both).beyond_lines_minor(), 0);
    let more = with(refund(), &both);
    assert_eq!(
        alone(&[
            no_lines(),
            paid_back("7.00"),
            ("/order_adjustments", more["order_adjustments"].clone()),
            (
                "/total_duties_set",
                json!({"shop_money": {"amount": "0.00", "currency_code": "EUR"}})
            )
        ])
        .beyond_lines_minor(),
        200,
        "counted once, although two versions of the API say it"
    );
    let taxed = [
        no_lines(),
        paid_back("4.20"),
        ("/refund_shipping_lines", more["refund_shipping_lines"].clone()),
    ];
    assert_eq!(embedded(&[("/taxes_included", json!(true))], &taxed).beyond_lines_minor(), 0);
}

#[test]
fn money_without_lines_is_an_amount() {
    assert_eq!(
        alone(&[no_lines(), paid_back("12.00"), ("/transactions/0/currency", json!("EUR"))])
            .beyond_lines_minor(),
        1200
    );
    assert_eq!(embedded(&[], &[no_lines(), paid_back("12.00")]).beyond_lines_minor(), 1200);
    let goodwill = json!([{"kind": "refund_discrepancy", "amount": "-3.00"}, {"amount": "-1.00"}]);
    assert_eq!(
        embedded(&[], &[("/order_adjustments", goodwill)]).beyond_lines_minor(),
        400,
        "an adjustment says it first"
    );
}

#[test]
fn a_line_of_nothing_with_a_transaction_is_its_tax_or_an_amount() {
    let nothing = ("/refund_line_items/0/subtotal_set/shop_money/amount", json!("0.00"));
    let tax = ("/refund_line_items/0/total_tax_set/shop_money/amount", json!("0.40"));
    let refund = embedded(&[], &[nothing.clone(), tax.clone(), paid_back("0.40")]);
    assert_eq!((refund.lines[0].net_minor, refund.beyond_lines_minor()), (Some(0), 0));
    let included = ("/taxes_included", json!(true));
    let refund = embedded(&[included], &[nothing.clone(), tax.clone(), paid_back("0.40")]);
    assert_eq!((refund.lines[0].net_minor, refund.beyond_lines_minor()), (Some(0), 0));
    let refund = embedded(&[], &[nothing, tax, paid_back("6.40")]);
    assert_eq!((refund.lines[0].net_minor, refund.beyond_lines_minor()), (Some(0), 600));
}

#[test]
fn only_money_that_went_back_in_the_shops_currency_counts() {
    for (field, value) in
        [("kind", "void"), ("status", "pending"), ("status", "failure"), ("currency", "USD")]
    {
        let pointer = format!("/transactions/0/{field}");
        assert_eq!(
            embedded(&[], &[no_lines(), paid_back("12.00"), (&pointer, json!(value))])
                .beyond_lines_minor(),
            0
        );
    }
    let status = ("/transactions/0/status", json!(null));
    assert_eq!(embedded(&[], &[no_lines(), paid_back("12.00"), status]).beyond_lines_minor(), 1200);
    let goodwill =
        ("/order_adjustments", json!([{"kind": "refund_discrepancy", "amount": "-3.00"}]));
    let foreign = ("/transactions/0/currency", json!("USD"));
    assert_eq!(embedded(&[], &[no_lines(), goodwill.clone(), foreign]).beyond_lines_minor(), 300);
    let pending = ("/transactions/0/status", json!("pending"));
    assert_eq!(embedded(&[], &[no_lines(), goodwill, pending]).beyond_lines_minor(), 0);
}

#[test]
fn of_two_payments_the_one_that_arrived_counts() {
    let payment =
        |amount: &str, status: &str| json!({"kind": "refund", "status": status, "amount": amount});
    let adjusted =
        ("/order_adjustments", json!([{"kind": "refund_discrepancy", "amount": "-30.00"}]));
    let back = |payments: Value| {
        embedded(&[], &[no_lines(), adjusted.clone(), ("/transactions", payments)])
            .beyond_lines_minor()
    };
    assert_eq!(back(json!([payment("20.00", "success"), payment("10.00", "failure")])), 2000);
    assert_eq!(
        back(json!([payment("30.00", "failure"), payment("30.00", "success")])),
        3000,
        "tried again"
    );
    assert_eq!(back(json!([payment("20.00", "success"), payment("10.00", "success")])), 3000);
}

#[test]
fn duties_and_fees_are_not_goods() {
    let five = json!({"shop_money": {"amount": "5.00", "currency_code": "EUR"}});
    for field in ["/total_duties_set", "/total_additional_fees_set"] {
        assert_eq!(
            embedded(&[], &[no_lines(), paid_back("7.00"), (field, five.clone())])
                .beyond_lines_minor(),
            200
        );
    }
}

#[test]
fn duties_that_a_refund_lists_are_counted_once() {
    let set = json!({"shop_money": {"amount": "5.00", "currency_code": "EUR"}});
    let list = ("/duties", json!([{"duty_id": 1, "amount_set": set}]));
    let total = ("/total_duties_set", set.clone());
    for changes in [vec![list.clone()], vec![list, total]] {
        let changes = [&[no_lines(), paid_back("7.00")], &changes[..]].concat();
        assert_eq!(alone(&changes).beyond_lines_minor(), 200);
    }
}

#[test]
fn shipping_that_another_adjustment_takes_back_is_counted_once() {
    let amounts = ["-5.00", "5.00", "-5.00"];
    let all = amounts.map(|amount| json!({"kind": "shipping_refund", "amount": amount}));
    let changes = [no_lines(), paid_back("7.00"), ("/order_adjustments", json!(all))];
    assert_eq!(embedded(&[], &changes).beyond_lines_minor(), 200);
}

#[test]
fn taxes_come_off_a_refund_where_they_are_known_to_be_included() {
    let included = ("/taxes_included", json!(true));
    let refund = embedded(&[included], &[paid_back("18.00")]);
    assert_eq!((refund.lines[0].net_minor, refund.beyond_lines_minor()), (Some(1674), 0));
    // Alone it does not say, but 7 % of tax in 36.00 are 2.36 and on 36.00 would be 2.52.
    let item = |tax: &str| {
        json!({"quantity": 2, "price": "20.00", "discount_allocations": [{"amount": "4.00"}],
            "tax_lines": [{"price": tax, "rate": 0.07}]})
    };
    let field = "/refund_line_items/0/line_item";
    assert_eq!(alone(&[(field, item("2.36"))]).lines[0].net_minor, Some(1674));
    assert_eq!(alone(&[(field, item("2.52"))]).lines[0].net_minor, Some(1800));
    assert_eq!(
        alone(&[(field, item("9.99"))]).lines[0].net_minor,
        Some(1800),
        "in doubt they are on top"
    );
    assert_eq!(
        alone(&[(field, json!({"price": "20.00", "quantity": 2}))]).lines[0].net_minor,
        Some(1800)
    );
}

#[test]
fn a_refund_without_any_currency_counts_by_quantity() {
    let changes = [
        ("/refund_line_items/0/subtotal_set", json!(null)),
        ("/refund_line_items/0/total_tax_set", json!(null)),
        ("/transactions", json!([])),
    ];
    let (event, meaning) = read("refunds/create", &with(refund(), &changes));
    let line = RefundLine { line: "11".into(), quantity_milli: 1000, net_minor: None };
    assert_eq!(
        event.refunds["801"],
        Refund { lines: vec![line], amount_minor: 0, ..Refund::default() }
    );
    assert_eq!((meaning.currency, codes(&meaning)), (None, vec!["refund", "no-currency"]));
}

#[test]
fn what_is_no_amount_is_refused_without_a_currency() {
    let bare = with(
        refund(),
        &[
            ("/refund_line_items/0/subtotal_set", json!(null)),
            ("/refund_line_items/0/total_tax_set", json!(null)),
            ("/order_adjustments", json!([{"kind": "refund_discrepancy", "amount": "-1.00"}])),
            ("/refund_shipping_lines", json!([{}])),
            ("/duties", json!([{}])),
        ],
    );
    assert!(
        read("refunds/create", &bare).0.refunds["801"].currency.is_some_and(|c| c.code() == "EUR")
    );
    let money = |amount: &str| json!({"shop_money": {"amount": amount}});
    let plain = [
        "/refund_line_items/0/subtotal",
        "/refund_line_items/0/total_tax",
        "/transactions/0/amount",
    ];
    let sets = [
        "/refund_line_items/0/subtotal_set",
        "/refund_line_items/0/total_tax_set",
        "/refund_shipping_lines/0/subtotal_amount_set",
        "/refund_shipping_lines/0/tax_amount_set",
        "/duties/0/amount_set",
        "/total_duties_set",
        "/total_additional_fees_set",
    ];
    for (amount, kind) in [
        ("x", PayloadErrorKind::Malformed),
        ("-1", PayloadErrorKind::Unprocessable),
        ("-0.0001", PayloadErrorKind::Unprocessable),
    ] {
        let told = |field: &str, value: Value| {
            let error = run("refunds/create", &with(bare.clone(), &[(field, value)])).unwrap_err();
            (error.kind, error.pointer)
        };
        for field in plain {
            assert_eq!(told(field, json!(amount)), (kind, field.to_owned()), "{amount}");
        }
        for field in sets {
            let pointer = format!("{field}/shop_money/amount");
            assert_eq!(told(field, money(amount)), (kind, pointer), "{amount}");
        }
    }
    for field in ["/order_adjustments/0/amount", "/order_adjustments/0/tax_amount"] {
        let error =
            run("refunds/create", &with(bare.clone(), &[(field, json!("1,00"))])).unwrap_err();
        assert_eq!((error.kind, error.pointer.as_str()), (PayloadErrorKind::Malformed, field));
    }
    let zero = [("/refund_line_items/0/subtotal", json!("-0.00"))];
    assert!(run("refunds/create", &with(bare, &zero)).is_ok());
}

#[test]
fn a_customers_currency_is_never_taken_for_the_shops() {
    let foreign = [no_lines(), paid_back("1600"), ("/transactions/0/currency", json!("JPY"))];
    let told = alone(&foreign);
    assert_eq!((told.currency.unwrap().code(), told.beyond_lines_minor()), ("JPY", 1600));
    let settled = json!({"shop_money": {"amount": "0.0", "currency": "EUR"}});
    let named = with(refund(), &foreign);
    let named = with(named, &[("/transactions/0/total_unsettled_set", settled)]);
    let known = read("refunds/create", &named).0.refunds["801"].clone();
    assert_eq!((known.currency.unwrap().code(), known.beyond_lines_minor()), ("EUR", 0));
    // Beside lines, whose amounts are the shop's, nobody can tell what it paid for.
    let changes = [
        ("/refund_line_items/0/subtotal_set", json!(null)),
        ("/refund_line_items/0/subtotal", json!("18.005")),
        ("/refund_line_items/0/total_tax_set", json!(null)),
        ("/transactions/0/currency", json!("JPY")),
        ("/transactions/0/amount", json!("1600")),
    ];
    let told = alone(&changes);
    assert_eq!((told.lines[0].net_minor, told.beyond_lines_minor()), (None, 0));
    // A currency that nobody knows says nothing.
    let changes = [no_lines(), ("/transactions/0/currency", json!("BTC"))];
    assert_eq!(alone(&changes), Refund::default());
}

#[test]
fn a_wrong_refund_is_named() {
    let check = |field: &str, value: Value, kind: PayloadErrorKind, pointer: &str| {
        let error = run("refunds/create", &with(refund(), &[(field, value.clone())])).unwrap_err();
        assert_eq!((error.kind, error.pointer.as_str()), (kind, pointer));
        let body = with(order(), &[("/refunds", json!([with(refund(), &[(field, value)])]))]);
        refused(&body, kind, &format!("/refunds/0{pointer}"));
    };
    let amount = "/transactions/0/amount";
    check(amount, json!("-1.00"), PayloadErrorKind::Unprocessable, amount);
    check(amount, json!("x"), PayloadErrorKind::Malformed, amount);
    check(
        "/refund_line_items/0/quantity",
        json!(-1),
        PayloadErrorKind::Unprocessable,
        "/refund_line_items/0/quantity",
    );
    check(
        "/refund_line_items/0/quantity",
        json!(1.5),
        PayloadErrorKind::Unprocessable,
        "/refund_line_items/0/quantity",
    );
    check(
        "/refund_line_items/0/subtotal",
        json!({}),
        PayloadErrorKind::Malformed,
        "/refund_line_items/0/subtotal",
    );
    let error = run("refunds/create", &with(refund(), &[("/order_id", json!(null))])).unwrap_err();
    assert_eq!(error.pointer, "/order_id");
}

#[test]
fn an_unknown_currency_of_a_refund_is_named_where_it_stands() {
    let set = |code: &str| json!({"shop_money": {"amount": "1.00", "currency_code": code}});
    let without = [
        ("/refund_line_items/0/subtotal_set", json!(null)),
        ("/refund_line_items/0/total_tax_set", json!(null)),
    ];
    let adjustment = json!([{"amount": "1.00"}, {"amount": "1.00", "amount_set": set("ZZZ")}]);
    let shipping = json!([{"subtotal_amount_set": set("ZZZ")}]);
    let unsettled = json!({"shop_money": {"amount": "0.0", "currency": "ZZZ"}});
    let cases = [
        ("/refund_line_items/0/subtotal_set", set("ZZZ"), "/shop_money/currency_code"),
        ("/refund_line_items/0/total_tax_set", set("ZZZ"), "/shop_money/currency_code"),
        ("/order_adjustments", adjustment, "/1/amount_set/shop_money/currency_code"),
        ("/refund_shipping_lines", shipping, "/0/subtotal_amount_set/shop_money/currency_code"),
        ("/total_duties_set", set("ZZZ"), "/shop_money/currency_code"),
        ("/total_additional_fees_set", set("ZZZ"), "/shop_money/currency_code"),
        ("/transactions/0/total_unsettled_set", unsettled, "/shop_money/currency"),
    ];
    for (field, value, rest) in cases {
        let changes = [&without[..], &[(field, value)]].concat();
        let error = run("refunds/create", &with(refund(), &changes)).unwrap_err();
        let told = (error.kind, error.pointer);
        assert_eq!(told, (PayloadErrorKind::Unprocessable, format!("{field}{rest}")));
    }
}

#[test]
fn fees_in_another_currency_are_named() {
    let fees = json!({"shop_money": {"amount": "5.00", "currency_code": "USD"}});
    let fees = [("/total_additional_fees_set", fees)];
    let pointer = "/total_additional_fees_set/shop_money/currency_code";
    let error = run("refunds/create", &with(refund(), &fees)).unwrap_err();
    assert_eq!(error.pointer, pointer);
    let body = with(order(), &[("/refunds", json!([with(refund(), &fees)]))]);
    refused(&body, PayloadErrorKind::Unprocessable, &format!("/refunds/0{pointer}"));
    // By themselves they name the shop's currency, and are no goods.
    let only = alone(&[no_lines(), paid_back("5.00"), fees[0].clone()]);
    assert_eq!((only.currency.unwrap().code(), only.beyond_lines_minor()), ("USD", 0));
    let unnamed = json!({"shop_money": {"amount": "5.00"}});
    for field in ["/total_additional_fees_set", "/total_duties_set"] {
        let changes = [no_lines(), paid_back("5.00"), (field, unnamed.clone())];
        assert_eq!(alone(&changes).beyond_lines_minor(), 0, "nobody can tell");
    }
}

#[test]
fn shipping_means_the_same_alone_and_in_its_order() {
    // 19 % of tax in 11.90 are 1.90, and on 11.90 would be 2.26.
    let shipping = |price: &str, tax: &str| {
        json!([{
            "subtotal_amount_set": {"shop_money": {"amount": price, "currency_code": "EUR"}},
            "shipping_line": {"discounted_price": price, "tax_lines": [{"price": tax, "rate": 0.19}]}
        }])
    };
    for (included, price, tax) in [(true, "11.90", "1.90"), (false, "10.00", "1.90")] {
        let lines = ("/refund_shipping_lines", shipping(price, tax));
        let refund = [no_lines(), paid_back("16.90"), lines];
        let order = [("/taxes_included", json!(included))];
        assert_eq!(alone(&refund), embedded(&order, &refund));
        assert_eq!(alone(&refund).beyond_lines_minor(), 500);
    }
    let apart = json!([{
        "subtotal_amount_set": {"shop_money": {"amount": "10.00", "currency_code": "EUR"}},
        "tax_amount_set": {"shop_money": {"amount": "1.90", "currency_code": "EUR"}},
        "shipping_line": {"discounted_price": "11.90", "tax_lines": [{"price": "1.90", "rate": 0.19}]}
    }]);
    let refund = [no_lines(), paid_back("16.90"), ("/refund_shipping_lines", apart)];
    assert_eq!(alone(&refund), embedded(&[("/taxes_included", json!(true))], &refund));
    assert_eq!(alone(&refund).beyond_lines_minor(), 500);
    // What is refunded beside it proves nothing here, and the shipping does.
    let lines = ("/refund_shipping_lines", shipping("11.90", "1.90"));
    let both = alone(&[paid_back("29.90"), lines]);
    assert_eq!((both.lines[0].net_minor, both.beyond_lines_minor()), (Some(1674), 0));
}

#[test]
fn money_without_lines_counts_without_its_tax() {
    let item = |price: &str| json!([{"id": 1, "quantity": 1, "price": price, "tax_lines": [{"price": "23.00"}]}]);
    let net = |price: &str, included: bool, changes: &[(&str, Value)]| {
        let refund = with(with(refund(), &[no_lines(), paid_back("61.50")]), changes);
        meaning(&[
            ("/taxes_included", json!(included)),
            ("/line_items", item(price)),
            ("/refunds", json!([refund])),
        ])
        .net_minor
    };
    assert_eq!(net("123.00", true, &[]), 5000);
    assert_eq!(net("100.00", false, &[]), 5000);
    let typed = json!([{"kind": "refund_discrepancy", "amount": "-61.50", "tax_amount": "0.00"}]);
    assert_eq!(net("123.00", true, &[("/order_adjustments", typed)]), 5000);
    let stated = json!([{"kind": "refund_discrepancy", "amount": "-40.00", "tax_amount": "-3.20"}]);
    assert_eq!(net("123.00", true, &[("/order_adjustments", stated)]), 6000, "its tax is stated");
    assert_eq!(net("123.00", true, &[paid_back("123.00")]), 0);
}

#[test]
fn each_adjustment_states_its_tax_or_does_not() {
    let item =
        json!([{"id": 1, "quantity": 1, "price": "100.00", "tax_lines": [{"price": "23.00"}]}]);
    let net = |paid: &str, adjustments: &[(&str, &str)]| {
        let all = adjustments.iter().map(|(amount, tax)| {
            json!({"kind": "refund_discrepancy", "amount": amount, "tax_amount": tax})
        });
        let all = ("/order_adjustments", all.collect());
        let refund = with(refund(), &[no_lines(), paid_back(paid), all]);
        meaning(&[("/line_items", item.clone()), ("/refunds", json!([refund]))]).net_minor
    };
    assert_eq!(net("24.60", &[("-10.00", "-2.30"), ("-12.30", "0.00")]), 8000);
    assert_eq!(net("24.60", &[("-12.30", "0.00"), ("-10.00", "-2.30")]), 8000);
    assert_eq!(net("10.50", &[("-10.00", "-0.50")]), 9000, "a tax of its own");
    let undone = [("-10.00", "-0.50"), ("10.50", "0.00"), ("-10.50", "0.00")];
    assert_eq!(net("10.50", &undone), 9000, "what is undone says nothing");
    assert_eq!(net("10.00", &[("-10.00", "-0.50"), ("0.00", "0.50")]), 9000);
    assert_eq!(net("14.60", &[("0.00", "-2.30"), ("-12.30", "0.00")]), 9000, "tax alone");
}

#[test]
fn two_refunds_of_one_id_are_refused() {
    let body = with(order(), &[("/refunds", json!([refund(), refund()]))]);
    refused(&body, PayloadErrorKind::Unprocessable, "/refunds/1/id");
}

#[test]
fn an_order_refunded_in_full_says_so() {
    let refund = with(
        refund(),
        &[
            ("/refund_line_items/0/quantity", json!(2)),
            ("/refund_line_items/0/subtotal_set/shop_money/amount", json!("36.00")),
            ("/transactions/0/amount", json!("54.02")),
        ],
    );
    let meaning = meaning(&[("/refunds", json!([refund]))]);
    assert_eq!(meaning.refunds[0].amount_minor, 1676, "54.02 less 36.00 and 1.26");
    assert_eq!((meaning.net_minor, codes(&meaning)), (0, vec!["refunded"]));
}

#[test]
fn a_customer_joins_once() {
    let body = json!({"id": 7001, "created_at": "2026-02-01T12:00:00+01:00", "email": null});
    let Translation::Event(event, meaning) = run("customers/create", &body).unwrap() else {
        panic!("not an event")
    };
    let member = meaning.member.unwrap();
    assert_eq!(member.as_str(), "shopify:tea-house.myshopify.com:7001");
    let at = "2026-02-01T11:00:00Z".parse().unwrap();
    assert_eq!(
        *event,
        Event::Member(MemberEvent { member, name: "sign-up".into(), key: None, at })
    );
    assert_eq!((meaning.effect, meaning.earns), (Effect::SignUp, true));
    assert_eq!(
        run("customers/create", &json!({"created_at": "2026-02-01T12:00:00Z"}))
            .unwrap_err()
            .pointer,
        "/id"
    );
    assert!(run("customers/create", &order()).is_err(), "a signed order is not a customer");
}

#[test]
fn requests_about_data_name_whom_they_are_about() {
    let request = |extra: Value| {
        let mut body = json!({"shop_id": 5, "shop_domain": SHOP, "customer": {"id": 7001, "email": "mina@example.com"}});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    let compliance = |topic: &str, body: &Value| match run(topic, body) {
        Ok(Translation::Compliance(compliance, meaning)) => {
            assert_eq!(meaning.effect, Effect::Compliance);
            Ok(compliance)
        }
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error),
    };
    let member = snapshot(&[]).member.clone().unwrap();
    let export = request(json!({"orders_requested": [1], "data_request": {"id": 9}}));
    let redact = request(json!({"orders_to_redact": [1]}));
    let leave = json!({"shop_id": 5, "shop_domain": SHOP});
    assert_eq!(
        compliance("customers/data_request", &export),
        Ok(Compliance::DataRequest(member.clone()))
    );
    assert_eq!(compliance("customers/redact", &redact), Ok(Compliance::Redact(member)));
    assert_eq!(compliance("shop/redact", &leave), Ok(Compliance::RedactShop(SHOP.into())));
    // The header that names the shop is not signed either; the body's word counts.
    let other = with(leave, &[("/shop_domain", json!("other.example"))]);
    assert_eq!(
        compliance("shop/redact", &other),
        Ok(Compliance::RedactShop("other.example".into()))
    );
    assert!(compliance("shop/redact", &with(other, &[("/shop_domain", json!("a:b"))])).is_err());
    // The topic is not signed: one payload must not do for another topic.
    for (topic, body) in [
        ("customers/redact", &export),
        ("customers/redact", &order()),
        ("customers/data_request", &redact),
        ("shop/redact", &redact),
        ("shop/redact", &order()),
    ] {
        assert!(compliance(topic, body).is_err(), "{topic}");
    }
    for topic in ["customers/data_request", "customers/redact", "shop/redact"] {
        for body in [json!({}), json!({"shop_domain": null})] {
            let error = run(topic, &body).unwrap_err();
            let told = (error.kind, error.pointer.as_str(), error.message.as_str());
            assert_eq!(told, (PayloadErrorKind::Malformed, "/shop_domain", "missing"), "{topic}");
        }
    }
    let guest = run("customers/redact", &with(redact, &[("/customer/id", json!(null))])).unwrap();
    assert!(matches!(guest, Translation::Ignored(_)));
}

#[test]
fn what_says_nothing_new_is_ignored_with_a_reason() {
    let topics = [
        "orders/edited",
        "orders/delete",
        "customers/update",
        "customers/delete",
        "customers/merge",
        "carts/new",
    ];
    for topic in topics {
        let Ok(Translation::Ignored(meaning)) = translate(topic, SHOP, b"{\"id\": 1}") else {
            panic!("{topic}")
        };
        assert_eq!((meaning.effect, meaning.earns), (Effect::Ignored, false));
        assert!(meaning.reason.is_some());
    }
}

#[test]
fn a_shop_is_a_host_name() {
    for shop in ["", "a:b", "a#b", "a b", "a/b", &"x".repeat(101)] {
        assert!(
            translate("orders/paid", shop, order().to_string().as_bytes()).is_err(),
            "{shop:?}"
        );
    }
    let upper = translate("orders/paid", "Tea-House.MyShopify.com", order().to_string().as_bytes())
        .unwrap();
    assert_eq!(Some(&upper), run("orders/paid", &order()).ok().as_ref(), "host names have no case");
}

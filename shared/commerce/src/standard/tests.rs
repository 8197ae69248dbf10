//! Every rule of the documented payload.

use guerdon_domain::event::{OrderEvent, Refund, RefundLine};
use serde_json::{Value, json};

use super::*;
use crate::{PayloadErrorKind, meaning::Effect};

fn order(topic: &str) -> Value {
    json!({"type": topic, "timestamp": "2026-03-01T09:00:00Z", "data": {"shop": "acme", "order": {
        "id": "A-17", "member": "c-7", "placed_at": "2026-03-01T08:59:00Z", "status": "paid", "currency": "EUR",
        "lines": [
            {"id": "1", "product": "mug", "sku": 77, "categories": ["kitchen"], "quantity": "1.5", "net": "30.00"},
            {"id": "2", "quantity": 2, "current_quantity": 1, "net": 10},
            {"id": "3", "quantity": 1, "net": "25.00", "gift_card": true}
        ],
        "paid_with_points": "5.00",
        "refunds": [{"id": "r1", "lines": [{"line": "1", "quantity": 0.5, "net": "10.00"}], "amount": "1.50"}]
    }}})
}

fn with(mut json: Value, pointer: &str, value: Value) -> Value {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    json.pointer_mut(parent).unwrap()[field] = value;
    json
}

fn run(body: &Value) -> Result<Translation, PayloadError> {
    translate(body.to_string().as_bytes())
}

fn read(body: &Value) -> (Event, Meaning) {
    let Translation::Event(event, meaning) = run(body).unwrap() else { panic!("not an event") };
    (*event, meaning)
}

fn read_order(body: &Value) -> OrderEvent {
    let (Event::Order(order), _) = read(body) else { panic!("not an order") };
    order
}

fn refused(body: &Value, kind: PayloadErrorKind, pointer: &str) {
    let error = run(body).unwrap_err();
    assert_eq!((error.kind, error.pointer.as_str()), (kind, pointer), "{}", error.message);
}

#[test]
fn an_order_carries_everything_an_order_can() {
    let event = read_order(&order("order.updated"));
    assert_eq!(event.order.as_str(), "standard:acme:A-17");
    let refund = RefundLine { line: "1".into(), quantity_milli: 500, net_minor: Some(1000) };
    assert_eq!(
        event.refunds["r1"],
        Refund {
            lines: vec![refund],
            amount_minor: 150,
            currency: Some(Currency::EUR),
            ..Refund::default()
        }
    );
    let snapshot = event.snapshot.unwrap();
    assert_eq!(snapshot.member.as_ref().unwrap().as_str(), "standard:acme:c-7");
    assert_eq!(
        snapshot.updated_at.to_string(),
        "2026-03-01T09:00:00Z",
        "the envelope's time stands in"
    );
    assert_eq!((snapshot.status, snapshot.paid_with_points_minor), (Status::Paid, 500));
    let line = &snapshot.lines[0];
    assert_eq!((line.product.as_deref(), line.sku.as_deref()), (Some("mug"), Some("77")));
    assert_eq!((line.quantity_milli, line.current_milli, line.net_minor), (1500, 1500, 3000));
    assert_eq!((snapshot.lines[1].quantity_milli, snapshot.lines[1].current_milli), (2000, 1000));
    let (_, meaning) = read(&order("order.updated"));
    assert_eq!((meaning.net_minor, meaning.earns), (2000 + 500 - 150 - 500, true));
    assert_eq!(meaning.lines[0].quantity, "1.5");
}

#[test]
fn the_type_can_stand_for_the_status() {
    let status = |topic, status: Value| {
        run(&with(order(topic), "/data/order/status", status)).map(
            |translation| match translation {
                Translation::Event(event, _) => match *event {
                    Event::Order(order) => order.snapshot.unwrap().status,
                    Event::Member(_) => panic!("not an order"),
                },
                _ => panic!("not an event"),
            },
        )
    };
    assert_eq!(status("order.cancelled", json!("paid")), Ok(Status::Cancelled));
    assert_eq!(status("order.paid", json!(null)), Ok(Status::Paid));
    assert_eq!(status("order.edited", json!("voided")), Ok(Status::Voided));
    assert_eq!(status("order.created", json!(null)).unwrap_err().pointer, "/data/order/status");
    let error = status("order.created", json!("payed")).unwrap_err();
    assert_eq!(error.pointer, "/data/order/status");
    assert!(error.message.contains("`paid`"), "it says what there is: {}", error.message);
}

#[test]
fn a_guest_orders_without_a_member() {
    for guest in [json!(null), json!("")] {
        let (_, meaning) = read(&with(order("order.paid"), "/data/order/member", guest));
        assert_eq!((meaning.member, meaning.earns, meaning.why[0].code), (None, false, "guest"));
    }
}

#[test]
fn a_refund_comes_alone() {
    let body = json!({"type": "refund.created", "timestamp": "2026-03-02T09:00:00Z", "data": {
        "order": 17, "currency": "JPY", "refund": {"id": 5, "lines": [{"line": 1, "quantity": 1}], "amount": 300}}});
    let (event, meaning) = read(&body);
    let line = RefundLine { line: "1".into(), quantity_milli: 1000, net_minor: None };
    let refunds = BTreeMap::from([(
        "5".to_owned(),
        Refund {
            lines: vec![line],
            amount_minor: 300,
            currency: Some("JPY".parse().unwrap()),
            ..Refund::default()
        },
    )]);
    let order = OrderId::new("standard:default:17").unwrap();
    assert_eq!(event, Event::Order(OrderEvent { order, snapshot: None, refunds }));
    assert_eq!((meaning.effect, meaning.currency.unwrap().code()), (Effect::Refund, "JPY"));
}

#[test]
fn a_refund_without_a_net_takes_its_share_beside_one_that_states_it() {
    let refund = |id: &str, net: Value| json!({"id": id, "lines": [{"line": "1", "quantity": 1, "net": net}]});
    let mut body = order("order.paid");
    body["data"]["order"]["lines"] = json!([{"id": "1", "quantity": 3, "net": "30.00"}]);
    body["data"]["order"]["paid_with_points"] = json!(null);
    body["data"]["order"]["refunds"] =
        json!([refund("R1", json!(null)), refund("R2", json!("10.00"))]);
    assert_eq!(read(&body).1.net_minor, 1000);
}

#[test]
fn members_join_once_and_do_other_things_by_name() {
    let body = |topic: &str, data: Value| json!({"type": topic, "timestamp": "2026-03-01T09:00:00Z", "data": data});
    let member = MemberId::new("standard:default:c-7").unwrap();
    let at: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
    let (event, meaning) =
        read(&body("member.joined", json!({"member": "c-7", "at": "2026-02-01T01:00:00+01:00"})));
    let joined = MemberEvent { member: member.clone(), name: SIGN_UP.into(), key: None, at };
    assert_eq!((event, meaning.effect), (Event::Member(joined), Effect::SignUp));
    let (event, meaning) = read(&body("event.review", json!({"member": "c-7", "id": 88})));
    let at: Timestamp = "2026-03-01T09:00:00Z".parse().unwrap();
    let review = MemberEvent { member, name: "review".into(), key: Some("88".into()), at };
    assert_eq!(
        (event, meaning.effect, meaning.earns),
        (Event::Member(review), Effect::Event, true)
    );
    refused(
        &body("event.review", json!({"member": "c-7"})),
        PayloadErrorKind::Malformed,
        "/data/id",
    );
    refused(&body("event.review", json!({"id": 1})), PayloadErrorKind::Malformed, "/data/member");
    for name in ["event.", "event.Review", "event.a b", "event.sign-up"] {
        refused(
            &body(name, json!({"member": "c-7", "id": 1})),
            PayloadErrorKind::Malformed,
            "/type",
        );
    }
    refused(
        &json!({"type": "member.joined", "data": {"member": 1}}),
        PayloadErrorKind::Malformed,
        "/timestamp",
    );
}

#[test]
fn what_cannot_earn_is_ignored() {
    for topic in ["ping", "stock.changed", ""] {
        let Ok(Translation::Ignored(meaning)) = run(&json!({"type": topic})) else {
            panic!("{topic}")
        };
        assert!(meaning.reason.is_some());
    }
}

#[test]
fn a_wrong_field_is_named() {
    use PayloadErrorKind::{Malformed, Unprocessable};
    let cases = [
        ("/type", json!(1), Malformed),
        ("/timestamp", json!("noon"), Malformed),
        ("/data", json!(null), Malformed),
        ("/data/shop", json!("a:b"), Malformed),
        ("/data/order/id", json!(""), Malformed),
        ("/data/order/id", json!("a#b"), Malformed),
        ("/data/order/id", json!([]), Malformed),
        ("/data/order/member", json!("c 7"), Malformed),
        ("/data/order/member", json!("7".repeat(300)), Malformed),
        ("/data/order/currency", json!("XXX"), Unprocessable),
        ("/data/order/paid_with_points", json!("-1"), Unprocessable),
        ("/data/order/lines/0/id", json!("a b"), Malformed),
        ("/data/order/lines/1/id", json!("1"), Unprocessable),
        ("/data/order/lines/0/net", json!("-1.00"), Unprocessable),
        ("/data/order/lines/0/net", json!("1.001"), Unprocessable),
        ("/data/order/lines/0/net", json!(false), Malformed),
        ("/data/order/lines/0/quantity", json!("-1"), Unprocessable),
        ("/data/order/lines/0/quantity", json!("1.2.3"), Malformed),
        ("/data/order/refunds/0/amount", json!("-1"), Unprocessable),
        ("/data/order/refunds/0/lines/0/net", json!("x"), Malformed),
    ];
    for (pointer, value, kind) in cases {
        refused(&with(order("order.paid"), pointer, value), kind, pointer);
    }
    let mut misspelt = order("order.paid");
    let order_data = misspelt.pointer_mut("/data/order").unwrap().as_object_mut().unwrap();
    let placed = order_data.remove("placed_at").unwrap();
    order_data.insert("placedAt".into(), placed);
    refused(&misspelt, Malformed, "/data/order/placed_at");
    let twice = order("order.paid").pointer("/data/order/refunds/0").unwrap().clone();
    let twice = with(order("order.paid"), "/data/order/refunds", json!([twice, twice]));
    refused(&twice, Unprocessable, "/data/order/refunds/1/id");
}

#[test]
fn the_signed_body_alone_names_the_shop() {
    let unnamed = with(order("order.paid"), "/data/shop", json!(null));
    let body = unnamed.to_string();
    // A header is not signed: a replay with another must not be another order.
    for shop in ["acme", "other"] {
        let headers = |_: &str| Some(shop);
        let told = crate::translate(Platform::Standard, &headers, body.as_bytes());
        assert_eq!(told, run(&unnamed));
    }
    assert!(read_order(&unnamed).order.as_str().starts_with("standard:default:"));
}

#[test]
fn the_address_names_the_member() {
    let member = MemberId::new("standard:acme:c-7").unwrap();
    let of =
        |member: &MemberId, body: &Value| translate_for_member(member, body.to_string().as_bytes());
    let whole = with(order("order.paid"), "/data/order/member", json!("standard:acme:c-7"));
    let unnamed = with(order("order.paid"), "/data/order/member", json!(null));
    for body in [order("order.paid"), whole, unnamed.clone()] {
        assert_eq!(of(&member, &body).unwrap().meaning().member.as_ref(), Some(&member));
    }
    let elsewhere = MemberId::new("shopify:a.example:7").unwrap();
    assert_eq!(of(&elsewhere, &unnamed).unwrap().meaning().member.as_ref(), Some(&elsewhere));
    let error = of(&elsewhere, &order("order.paid")).unwrap_err();
    assert_eq!(
        (error.kind, error.pointer.as_str()),
        (PayloadErrorKind::Unprocessable, "/data/order/member")
    );
    let event =
        json!({"type": "event.review", "timestamp": "2026-03-01T09:00:00Z", "data": {"id": "1"}});
    assert_eq!(of(&elsewhere, &event).unwrap().meaning().member.as_ref(), Some(&elsewhere));
}

#[test]
fn what_cannot_be_kept_is_refused_at_the_border() {
    let check = |pointer: &str, value: Value, named: &str| {
        refused(&with(order("order.paid"), pointer, value), PayloadErrorKind::Unprocessable, named);
    };
    let line = |id: usize, sku: &str| json!({"id": id, "quantity": 1, "net": "1.00", "sku": sku});
    let lines = |count: usize, sku: &str| (0..count).map(|id| line(id, sku)).collect::<Value>();
    check("/data/order/lines", lines(1_001, ""), "/data/order/lines");
    check("/data/order/lines", lines(600, &"x".repeat(200)), "/data/order/lines");
    let edit = |field: &str, value: Value| {
        let mut body = order("order.paid");
        body["data"]["order"]["lines"][0][field] = value;
        refused(&body, PayloadErrorKind::Unprocessable, &format!("/data/order/lines/0/{field}"));
    };
    edit("sku", json!("x".repeat(1_025)));
    edit("categories", json!(vec!["a"; 51]));
    let long = json!(["x", "x".repeat(1_025)]);
    check("/data/order/lines/0/categories", long, "/data/order/lines/0/categories/1");
    let refunds = |count: usize, lines: usize| {
        let line = json!({"line": "1", "quantity": 1});
        (0..count)
            .map(|id| json!({"id": id, "lines": vec![line.clone(); lines]}))
            .collect::<Value>()
    };
    check("/data/order/refunds", refunds(201, 0), "/data/order/refunds");
    check("/data/order/refunds", refunds(2, 251), "/data/order/refunds");
}

/// DynamoDB counts names and values; JSON counts quotes and commas as well, so it is the larger.
#[test]
fn the_largest_order_that_is_taken_can_be_kept() {
    let lines: Value = (0..1_000)
        .map(|id| json!({"id": id, "quantity": "9000000000000.123", "current_quantity": "8000000000000.123",
            "net": "90000000000.12", "categories": ["c".repeat(93)]}))
        .collect();
    let refunds: Value = (0..200)
        .map(|id| {
            let lines = if id == 0 { 500 } else { 0 };
            let line = json!({"line": "l".repeat(100), "quantity": "9000000000000.123", "net": "9000000000000.12"});
            json!({"id": format!("{id:x<100}"), "amount": "9000000000000.12", "lines": vec![line; lines]})
        })
        .collect();
    let body = with(order("order.paid"), "/data/order/lines", lines);
    let event = read_order(&with(body, "/data/order/refunds", refunds));
    let bytes = serde_json::to_string(&event).unwrap().len();
    assert!(bytes < 380_000, "{bytes}");
}

#[test]
fn a_line_of_no_units_did_not_go_back() {
    let mut body = order("order.paid");
    body["data"]["order"]["lines"] = json!([{"id": "1", "quantity": 0, "net": "17.90"}]);
    body["data"]["order"]["refunds"] = json!([]);
    body["data"]["order"]["paid_with_points"] = json!(null);
    let (_, meaning) = read(&body);
    let why = &meaning.why[0];
    assert_eq!((meaning.net_minor, meaning.earns, why.code), (0, false, "nothing-eligible"));
    assert!(why.text.contains("lines of no units"), "{}", why.text);
}

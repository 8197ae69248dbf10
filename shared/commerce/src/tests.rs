//! What holds for any bytes.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    BODY_BYTES_MAX, PayloadError, PayloadErrorKind, Platform, Translation, shopify, standard,
};

fn translate(
    platform: Platform,
    topic: &str,
    shop: &str,
    body: &[u8],
) -> Result<Translation, PayloadError> {
    let headers = |name: &str| match name {
        shopify::TOPIC_HEADER => Some(topic),
        shopify::SHOP_HEADER => Some(shop),
        _ => None,
    };
    crate::translate(platform, &headers, body)
}

const TOPICS: [&str; 6] = [
    "orders/paid",
    "refunds/create",
    "customers/create",
    "customers/redact",
    "shop/redact",
    "orders/edited",
];

/// Payloads that are understood, one of each kind, for breaking.
fn valid() -> Vec<Value> {
    let refund = json!({
        "id": 3, "order_id": 1,
        "refund_line_items": [{"line_item_id": 2, "quantity": 1, "subtotal": 9.5, "total_tax": 0.5, "line_item":
            {"quantity": 2, "price": "10.00", "tax_lines": [{"price": "1.00", "rate": 0.05}]}}],
        "transactions": [{"kind": "refund", "status": "success", "amount": "12.00", "currency": "EUR"}],
        "order_adjustments": [{"kind": "shipping_refund", "amount": "-1.00", "tax_amount": "0.00"}],
        "refund_shipping_lines": [{"subtotal_amount_set": {"shop_money": {"amount": "1.00"}},
            "shipping_line": {"discounted_price": "2.00", "tax_lines": [{"price": "0.20"}]}}]
    });
    let order = json!({
        "id": 1, "created_at": "2026-03-01T10:00:00Z", "currency": "EUR", "financial_status": "paid",
        "taxes_included": true, "customer": {"id": 7},
        "line_items": [{"id": 2, "quantity": 2, "current_quantity": 1, "price": "10.00",
            "price_set": {"shop_money": {"amount": "10.00", "currency_code": "EUR"}},
            "discount_allocations": [{"amount": "1.00"}], "tax_lines": [{"price": "1.00"}]}],
        "refunds": [refund.clone()]
    });
    let ours = json!({"type": "order.paid", "timestamp": "2026-03-01T10:00:00Z", "data": {"shop": "acme", "order": {
        "id": "A-1", "member": "c-7", "placed_at": "2026-03-01T10:00:00Z", "currency": "EUR",
        "lines": [{"id": 1, "quantity": "1.5", "net": "9.00"}], "paid_with_points": "1.00",
        "refunds": [{"id": "r", "lines": [{"line": 1, "quantity": "0.5", "net": "3.00"}], "amount": "1.00"}]}}});
    let event = json!({"type": "event.review", "timestamp": "2026-03-01T10:00:00Z",
        "data": {"member": "c-7", "id": "review-1"}});
    vec![order, refund, ours, event]
}

/// Translates in every way there is, and reads what comes out.
fn exercise(body: &[u8]) {
    for topic in TOPICS {
        if let Ok(translation) = translate(Platform::Shopify, topic, "a.example", body) {
            serde_json::to_string(translation.meaning()).unwrap();
        }
    }
    if let Ok(translation) = translate(Platform::Standard, "", "", body) {
        serde_json::to_string(translation.meaning()).unwrap();
    }
    let member = guerdon_domain::id::MemberId::new("standard:acme:c-7").unwrap();
    let _ = standard::translate_for_member(&member, body);
}

/// Every place in `json`, as pointers.
fn places(json: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match json {
        Value::Object(map) => {
            for (key, value) in map {
                places(value, &format!("{at}/{key}"), all);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                places(value, &format!("{at}/{index}"), all);
            }
        }
        _ => {}
    }
}

fn intruder() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(|n| Value::from(n.to_string())),
        "-?[0-9]{1,25}(\\.[0-9]{1,25})?".prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[1]])),
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..400)) {
        exercise(&body);
    }

    #[test]
    fn no_json_in_a_known_shape_makes_it_panic(
        which in 0_usize..4,
        swaps in prop::collection::vec((any::<prop::sample::Index>(), intruder()), 1..4),
        keep in any::<prop::sample::Index>(),
        truncate in any::<bool>(),
    ) {
        let mut body: Value = valid().swap_remove(which);
        for (place, value) in swaps {
            let mut all = Vec::new();
            places(&body, "", &mut all);
            *body.pointer_mut(place.get(all.as_slice()).as_str()).unwrap() = value;
        }
        let text = body.to_string();
        exercise(if truncate { &text.as_bytes()[..keep.index(text.len())] } else { text.as_bytes() });
    }
}

#[test]
fn the_payloads_that_are_broken_above_are_whole() {
    let topics = [
        (Platform::Shopify, "orders/paid"),
        (Platform::Shopify, "refunds/create"),
        (Platform::Standard, ""),
    ];
    for (body, (platform, topic)) in
        valid().iter().zip(topics.into_iter().chain([(Platform::Standard, "")]))
    {
        translate(platform, topic, "", body.to_string().as_bytes())
            .or_else(|_| translate(platform, topic, "acme", body.to_string().as_bytes()))
            .unwrap();
    }
}

#[test]
fn a_body_is_a_small_flat_json_object_in_utf_8() {
    let deep = "[".repeat(200_000);
    let deeper = format!("{{\"id\": {}", "{\"id\":".repeat(200_000));
    let unknown = format!("{{\"note\": {deep}");
    let trailing = "{} {}".to_owned();
    for body in
        [String::new(), "null".into(), "[]".into(), "{".into(), deep, deeper, unknown, trailing]
    {
        for platform in [Platform::Shopify, Platform::Standard] {
            let error = translate(platform, "orders/paid", "acme", body.as_bytes()).unwrap_err();
            assert_eq!(error.kind, PayloadErrorKind::Malformed);
        }
    }
    assert_eq!(
        translate(Platform::Standard, "", "", b"{\"type\": \"\xff\"}").unwrap_err().message,
        "not UTF-8"
    );
    let large = vec![b' '; BODY_BYTES_MAX + 1];
    assert_eq!(
        translate(Platform::Standard, "", "", &large).unwrap_err().message,
        "larger than 6 MB"
    );
}

#[test]
fn a_platform_is_known_by_its_name() {
    for platform in [Platform::Shopify, Platform::Standard] {
        assert_eq!(platform.to_string().parse(), Ok(platform));
    }
    assert!("Shopify".parse::<Platform>().is_err());
}

#[test]
fn an_error_names_the_field_first() {
    let error =
        translate(Platform::Shopify, "refunds/create", "acme", b"{\"id\": 1, \"order_id\": false}")
            .unwrap_err();
    let text = "/order_id: expected an id: a positive whole number of at most 64 bits, or its digits as text";
    assert!(error.to_string().starts_with(text), "{error}");
    let long = json!({"id": 1, "order_id": 2, "transactions": "x".repeat(10_000)}).to_string();
    let error =
        translate(Platform::Shopify, "refunds/create", "acme", long.as_bytes()).unwrap_err();
    assert_eq!((error.pointer.as_str(), error.message.chars().count()), ("/transactions", 200));
}

#[test]
fn a_missing_header_of_shopifys_is_named() {
    let pointer = |topic: &str, shop: &str| {
        let error = translate(Platform::Shopify, topic, shop, b"{}").unwrap_err();
        assert_eq!(error.kind, PayloadErrorKind::Malformed);
        error.pointer
    };
    assert_eq!(pointer("", "a.example"), "/headers/x-shopify-topic");
    assert_eq!(pointer("orders/paid", ""), "/headers/x-shopify-shop-domain");
    assert_eq!(pointer("orders/paid", "a b"), "/headers/x-shopify-shop-domain");
    let short = |name: &str| match name {
        "shopify-topic" => Some("orders/edited"),
        "shopify-shop-domain" => Some("a.example"),
        _ => None,
    };
    crate::translate(Platform::Shopify, &short, b"{}").unwrap();
}

#[test]
fn a_name_of_the_wrong_kind_is_pointed_to() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Status {
        Paid,
    }
    #[derive(Debug, serde::Deserialize)]
    struct Order {
        status: Status,
    }
    let read = |body: &str| crate::json::read::<Order>(body.as_bytes());
    assert!(matches!(read(r#"{"status":"paid"}"#).unwrap().status, Status::Paid));
    for wrong in ["5", "true", "null", "[]"] {
        let error = read(&format!(r#"{{"status":{wrong}}}"#)).unwrap_err();
        assert_eq!(error.pointer, "/status", "{wrong}: {error}");
    }
    let error = read(r#"{"status":"\ud800\u0041"}"#).unwrap_err();
    assert!(error.pointer == "/status" && error.to_string().contains("surrogate"), "{error}");
    let error = read(r#"{"status":}"#).unwrap_err();
    assert!(error.pointer.is_empty() && error.to_string().contains("not JSON"), "{error}");
    assert!(read("\u{feff}{}").unwrap_err().to_string().contains("byte order mark"));
}

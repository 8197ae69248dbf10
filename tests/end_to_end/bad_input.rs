//! Whatever is sent, the answer says what is wrong and where, and nothing is written.

use guerdon_edge::now;
use guerdon_store::Notice;
use guerdon_tests::{
    http::{Answer, Call},
    samples, sign,
    stack::{SHOP, Stack, member, order_json, refund_json},
};
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::Method;
use serde_json::{Value, json};

/// A stack, and what its tables hold before anything bad is sent.
struct Bench {
    stack: Stack,
    wrong: Vec<String>,
}

impl Bench {
    async fn start() -> Self {
        Self { stack: Stack::start(&samples::programme(), None).await, wrong: Vec::new() }
    }

    /// Sends a request; expects a problem of this status and type that points there ("" is nowhere), and no write.
    async fn check(&mut self, what: &str, call: Call, status: u16, kind: &str, pointer: &str) {
        let before = self.stack.items().await;
        let answer = call.send().await;
        let body = problem(&answer);
        let got = (answer.status, text(&body, "type"), text(&body, "pointer"));
        let expected = (status, format!("/problems/{kind}"), pointer.to_owned());
        if got != expected {
            self.wrong.push(format!("{what}: {got:?}, not {expected:?}: {body}"));
        }
        if self.stack.items().await != before {
            self.wrong.push(format!("{what}: something was written"));
        }
    }

    async fn end(self) {
        assert!(self.wrong.is_empty(), "\n{}", self.wrong.join("\n"));
        self.stack.stop().await;
    }
}

fn text(body: &Value, field: &str) -> String {
    body[field].as_str().unwrap_or_default().to_owned()
}

/// The body of a problem, whose form is checked.
fn problem(answer: &Answer) -> Value {
    let body = answer.json();
    if answer.status >= 400 {
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{body}");
        assert_eq!(body["status"], json!(answer.status), "{body}");
        assert!(!text(&body, "title").is_empty() && !text(&body, "detail").is_empty(), "{body}");
    }
    body
}

/// The order of the tests with one field changed, or taken away where `value` is null.
fn order_with(pointer: &str, value: Value) -> String {
    let mut order = order_json(1, 1, "10.00");
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = order.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(field)
    } else {
        parent.insert(field.to_owned(), value)
    };
    order.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_is_not_signed_is_refused() {
    let mut bench = Bench::start().await;
    let body = order_json(1, 1, "10.00").to_string();
    let url = format!("{}/webhooks/shopify", bench.stack.local.url);
    let unsigned = || {
        let call = Call::post(&url, body.clone());
        call.header("x-shopify-topic", "orders/paid").header("x-shopify-shop-domain", SHOP)
    };
    bench.check("no signature", unsigned(), 401, "signature", "").await;
    let right = sign::shopify("local-secret", body.as_bytes());
    let signatures = [
        ("an empty signature", String::new()),
        ("no base64", "§§§".to_owned()),
        ("another secret", sign::shopify("another", body.as_bytes())),
        ("an empty secret", sign::shopify("", body.as_bytes())),
        ("another body", sign::shopify("local-secret", b"{}")),
        ("half a signature", right[..20].to_owned()),
        ("a signature and more", format!("{right}=")),
    ];
    for (what, signature) in signatures {
        bench
            .check(
                what,
                unsigned().header("x-shopify-hmac-sha256", signature),
                401,
                "signature",
                "",
            )
            .await;
    }
    let changed =
        Call::post(&url, body.replace("10.00", "90.00")).header("x-shopify-topic", "orders/paid");
    let changed =
        changed.header("x-shopify-shop-domain", SHOP).header("x-shopify-hmac-sha256", &right);
    bench.check("changed bytes", changed, 401, "signature", "").await;

    let body = r#"{"type":"ping"}"#;
    for (what, minutes) in [("six minutes old", -6), ("of the future", 6)] {
        let then = now().saturating_add(SignedDuration::from_mins(minutes)).unwrap();
        let call = bench.stack.standard(body, then);
        bench.check(what, call, 401, "signature", "").await;
    }
    let bare = Call::post(format!("{}/webhooks/standard", bench.stack.local.url), body);
    bench.check("no Standard Webhooks headers", bare, 401, "signature", "").await;
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_makes_no_sense_is_refused_at_its_field() {
    let mut bench = Bench::start().await;
    let whole = order_json(1, 1, "10.00").to_string();
    let deep = "[".repeat(100_000);
    let bodies: [(&str, Vec<u8>); 9] = [
        ("nothing", Vec::new()),
        ("half of it", whole.as_bytes()[..whole.len() / 2].to_vec()),
        ("two of them", format!("{whole}{whole}").into_bytes()),
        ("a list", b"[]".to_vec()),
        ("a text", b"\"order\"".to_vec()),
        ("not JSON", b"id=1&currency=EUR".to_vec()),
        ("not UTF-8", b"{\"id\": \"\xff\xfe\"}".to_vec()),
        ("a deep nest", format!("{{\"id\":1,\"x\":{deep}").into_bytes()),
        ("zeros", vec![0; 1000]),
    ];
    for (what, body) in bodies {
        let call = bench.stack.shopify("orders/paid", body);
        bench.check(what, call, 400, "malformed", "").await;
    }
    let large =
        bench.stack.shopify("orders/paid", order_with("/note", json!("x".repeat(6 * 1024 * 1024))));
    bench.check("six megabytes", large, 413, "too-large", "").await;

    let overflowing = json!([
        { "id": 1, "price": "92233720368547758.07", "quantity": 1 },
        { "id": 2, "price": "92233720368547758.07", "quantity": 1 },
    ]);
    let beyond = json!([
        { "id": 1, "price": "50000000000000.00", "quantity": 1 },
        { "id": 2, "price": "50000000000000.00", "quantity": 1 },
    ]);
    let twice = json!([{ "id": 1, "price": "1.00", "quantity": 1 }, { "id": 1, "price": "1.00", "quantity": 1 }]);
    let malformed = [
        ("/id", json!(null)),
        ("/id", json!(-1)),
        ("/id", json!(0)),
        ("/id", json!(1.5)),
        ("/id", json!("12a")),
        ("/id", json!("18446744073709551616")),
        ("/id", json!({})),
        ("/currency", json!(null)),
        ("/currency", json!(978)),
        ("/created_at", json!("yesterday")),
        ("/line_items", json!(null)),
        ("/line_items", json!("none")),
        ("/line_items/0/id", json!(null)),
        ("/line_items/0/price", json!(null)),
        ("/line_items/0/price", json!("ten")),
        ("/line_items/0/price", json!("1e3")),
        ("/line_items/0/price", json!("1,000.00")),
        ("/line_items/0/quantity", json!(null)),
        ("/line_items/0/quantity", json!("many")),
        ("/customer", json!([1])),
        ("/customer/id", json!("ann")),
        ("/test", json!("no")),
    ];
    for (pointer, value) in malformed {
        let what = format!("{pointer}: {value}");
        let call = bench.stack.shopify("orders/paid", order_with(pointer, value));
        bench.check(&what, call, 400, "malformed", pointer).await;
    }
    let unprocessable = [
        ("/currency", json!("EURO"), "/currency"),
        ("/currency", json!("eur"), "/currency"),
        ("/currency", json!("XXX"), "/currency"),
        ("/line_items/0/price", json!("-10.00"), "/line_items/0/price"),
        ("/line_items/0/price", json!("10.001"), "/line_items/0/price"),
        ("/line_items/0/price", json!("99999999999999999999"), "/line_items/0/price"),
        ("/line_items/0/quantity", json!(-1), "/line_items/0/quantity"),
        ("/line_items/0/quantity", json!("0.5"), "/line_items/0/quantity"),
        ("/line_items/0/quantity", json!("9".repeat(40)), "/line_items/0/quantity"),
        ("/line_items", overflowing, "/line_items/0/price"),
        ("/line_items", beyond, "/line_items"),
        ("/line_items", twice, "/line_items/1/id"),
    ];
    for (pointer, value, points_to) in unprocessable {
        let what = format!("{pointer}: {value}");
        let call = bench.stack.shopify("orders/paid", order_with(pointer, value));
        bench.check(&what, call, 422, "unprocessable", points_to).await;
    }
    let refund = bench.stack.shopify("refunds/create", refund_json(1, 1, 1, "-5.00").to_string());
    bench
        .check(
            "a negative refund",
            refund,
            422,
            "unprocessable",
            "/refund_line_items/0/subtotal_set/shop_money/amount",
        )
        .await;
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_may_be_texts_and_ids_may_be_large() {
    let stack = Stack::start(&samples::programme(), None).await;
    let orders = [
        ("an id as text", order_with("/id", json!("41"))),
        ("a price as number", order_json(1, 42, "10.00").to_string().replace("\"10.00\"", "10.00")),
        ("an id beyond 2^53", order_with("/id", json!(9_007_199_254_740_993_u64))),
        ("its neighbour", order_with("/id", json!(9_007_199_254_740_992_u64))),
        ("the largest id", order_with("/id", json!(u64::MAX))),
        ("a note in any script", order_with("/note", json!("☕ 日本語 \u{202e} ﷽ \u{0} 🏳️‍🌈"))),
    ];
    let mut expected = 0;
    for (what, body) in orders {
        let answer = stack.shopify("orders/paid", body).send().await;
        assert_eq!(answer.expect(200)["outcome"], "posted", "{what}");
        expected += 10;
        assert_eq!(stack.available(1).await, expected, "{what}");
    }
    let mut product = order_json(1, 77, "10.00");
    product["line_items"][0]["sku"] = json!("Käse-№1 ☕");
    assert_eq!(stack.shopify("orders/paid", product.to_string()).send().await.status, 200);
    let no_effect = [
        stack.shopify("orders/delete", "{}"),
        stack.shopify("themes/publish", "not even JSON"),
        stack.standard(r#"{"type":"ping"}"#, now()),
        stack.standard(r#"{"type":"invoice.sent"}"#, now()),
    ];
    let before = stack.items().await;
    for call in no_effect {
        assert_eq!(call.send().await.expect(200)["outcome"], "ignored");
    }
    // Nobody can tell what a delivery without a topic says, so it is not ignored either.
    let untold = stack.shopify("", "{}").send().await.expect(400);
    assert_eq!(untold["pointer"], "/headers/x-shopify-topic");
    assert_eq!(stack.items().await, before);
    stack.stop().await;
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_makes_no_sense_is_refused_at_its_field() {
    let mut bench = Bench::start().await;
    bench.stack.buys(1, 1, "1000.00").await.expect(200);
    let me = format!("/members/{}", member(1));
    let total = |amount: &str, currency: &str| json!({ "amount": amount, "currency": currency });
    let hold = |points: Value, total: Value| json!({ "points": points, "order_total": total });
    let euros = || total("40.00", "EUR");
    let huge = json!(9_223_372_036_854_775_808_u64);
    let table: Vec<(&str, &str, Value, u16, &str, &str)> = vec![
        ("no reward", "redemptions", json!({}), 400, "malformed", "/reward"),
        ("a reward by number", "redemptions", json!({ "reward": 7 }), 400, "malformed", "/reward"),
        (
            "an unknown field",
            "redemptions",
            json!({ "reward": "latte", "x": 1 }),
            400,
            "malformed",
            "/x",
        ),
        ("a list", "redemptions", json!([]), 400, "malformed", ""),
        (
            "an unknown reward",
            "redemptions",
            json!({ "reward": "yacht" }),
            404,
            "unknown-reward",
            "",
        ),
        ("points as text", "holds", hold(json!("100"), euros()), 400, "malformed", "/points"),
        ("no points", "holds", hold(json!(0), euros()), 422, "not-positive", "/points"),
        ("negative points", "holds", hold(json!(-50), euros()), 422, "not-positive", "/points"),
        ("a fraction", "holds", hold(json!(50.5), euros()), 422, "unprocessable", "/points"),
        ("beyond 2^63", "holds", hold(huge, euros()), 422, "unprocessable", "/points"),
        ("not in steps", "holds", hold(json!(51), euros()), 422, "not-payable", "/points"),
        ("a redemption in a list", "redemptions", json!(["latte"]), 400, "malformed", ""),
        (
            "a total in a list",
            "holds",
            hold(json!(50), json!(["40.00", "EUR"])),
            400,
            "malformed",
            "/order_total",
        ),
        (
            "credit in a list",
            "adjustments",
            json!({ "credit": ["5.00", "EUR"], "reason": "x" }),
            400,
            "malformed",
            "/credit",
        ),
        (
            "data in a list",
            "events",
            json!({ "type": "event.x", "timestamp": "2026-01-05T10:00:00Z", "data": [null, null, "1", null] }),
            400,
            "malformed",
            "/data",
        ),
        ("no total", "holds", json!({ "points": 50 }), 400, "malformed", "/order_total"),
        (
            "a comma",
            "holds",
            hold(json!(50), total("40,00", "EUR")),
            400,
            "malformed",
            "/order_total/amount",
        ),
        (
            "a fraction of a cent",
            "holds",
            hold(json!(50), total("4.001", "EUR")),
            422,
            "unprocessable",
            "/order_total/amount",
        ),
        (
            "too much",
            "holds",
            hold(json!(50), total("1e30", "EUR")),
            400,
            "malformed",
            "/order_total/amount",
        ),
        (
            "out of range",
            "holds",
            hold(json!(50), total("99999999999999999999", "EUR")),
            422,
            "unprocessable",
            "/order_total/amount",
        ),
        (
            "a negative total",
            "holds",
            hold(json!(50), total("-4.00", "EUR")),
            422,
            "not-positive",
            "/order_total/amount",
        ),
        (
            "a zero total",
            "quotes",
            json!({ "order_total": total("0", "EUR") }),
            422,
            "not-positive",
            "/order_total/amount",
        ),
        (
            "no currency of ours",
            "holds",
            hold(json!(50), total("4", "ZZZ")),
            422,
            "unprocessable",
            "/order_total/currency",
        ),
        (
            "another currency",
            "quotes",
            json!({ "order_total": total("4", "USD") }),
            422,
            "wrong-currency",
            "/order_total/currency",
        ),
        (
            "a bad order id",
            "holds",
            json!({ "points": 50, "order_total": euros(), "order": "a#b" }),
            400,
            "malformed",
            "/order",
        ),
        ("no hold", "holds/nothing/capture", json!({}), 409, "no-open-hold", ""),
        ("a release in a list", "holds/h/release", json!([]), 400, "malformed", ""),
        (
            "a release of some",
            "holds/h/release",
            json!({ "points": 5 }),
            400,
            "malformed",
            "/points",
        ),
        ("an opening in a text", "grants/3/open", json!("now"), 400, "malformed", ""),
        ("a bad hold", "holds/a%23b/release", json!({}), 400, "malformed", "/path/hold"),
        (
            "a bad way to pay",
            "holds/h/capture",
            json!({ "applied_as": "magic" }),
            400,
            "malformed",
            "/applied_as",
        ),
        (
            "nothing adjusted",
            "adjustments",
            json!({ "points": 0, "reason": "x" }),
            422,
            "unprocessable",
            "/points",
        ),
        ("neither", "adjustments", json!({ "reason": "x" }), 400, "malformed", "/points"),
        (
            "both",
            "adjustments",
            json!({ "points": 1, "credit": euros(), "reason": "x" }),
            400,
            "malformed",
            "/points",
        ),
        ("no reason", "adjustments", json!({ "points": 1 }), 400, "malformed", "/reason"),
        (
            "an endless name",
            "adjustments",
            json!({ "points": 1, "reason": "x", "by": "x".repeat(450_000) }),
            422,
            "unprocessable",
            "/by",
        ),
        (
            "an empty reason",
            "adjustments",
            json!({ "points": 1, "reason": " " }),
            422,
            "unprocessable",
            "/reason",
        ),
        (
            "an overflow",
            "adjustments",
            json!({ "points": (1_i64 << 53) - 1, "reason": "x" }),
            422,
            "out-of-range",
            "/points",
        ),
        (
            "beyond what a balance can hold",
            "adjustments",
            json!({ "points": 1_i64 << 53, "reason": "x" }),
            422,
            "unprocessable",
            "/points",
        ),
        (
            "credit beyond what a balance can hold",
            "adjustments",
            json!({ "credit": total("90071992547409.92", "EUR"), "reason": "x" }),
            422,
            "unprocessable",
            "/credit/amount",
        ),
        (
            "below zero",
            "adjustments",
            json!({ "points": 1 - (1_i64 << 53), "reason": "x" }),
            409,
            "not-enough",
            "",
        ),
        (
            "an event of another",
            "events",
            json!({ "type": "event.x", "timestamp": "2026-01-05T10:00:00Z", "data": { "id": "1", "member": "other" } }),
            422,
            "unprocessable",
            "/data/member",
        ),
        (
            "an event without an id",
            "events",
            json!({ "type": "event.x", "timestamp": "2026-01-05T10:00:00Z", "data": {} }),
            400,
            "malformed",
            "/data/id",
        ),
        (
            "an event without a time",
            "events",
            json!({ "type": "event.x", "data": { "id": "1" } }),
            400,
            "malformed",
            "/timestamp",
        ),
        (
            "an event without data",
            "events",
            json!({ "type": "event.x" }),
            400,
            "malformed",
            "/data",
        ),
    ];
    for (number, (what, path, body, status, kind, pointer)) in table.into_iter().enumerate() {
        let call = bench.stack.post(&format!("{me}/{path}"), &format!("k-{number}"), &body);
        bench.check(what, call, status, kind, pointer).await;
    }
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_a_bad_key_or_address_is_refused() {
    let mut bench = Bench::start().await;
    bench.stack.buys(1, 1, "1000.00").await.expect(200);
    let me = format!("/members/{}", member(1));
    let url = bench.stack.local.url.clone();
    let redeem = || {
        Call::post(format!("{url}{me}/redemptions"), r#"{"reward":"latte"}"#)
            .header("idempotency-key", "k")
    };
    bench.check("no API key", redeem(), 401, "unauthenticated", "").await;
    for (what, value) in [
        ("a wrong one", "Bearer nope"),
        ("an empty one", "Bearer "),
        ("another scheme", "Basic bG9jYWw6"),
    ] {
        bench
            .check(what, redeem().header("authorization", value), 401, "unauthenticated", "")
            .await;
    }
    let paths =
        ["redemptions", "holds", "adjustments", "events", "holds/h/capture", "holds/h/release"];
    for path in paths {
        let call = bench.stack.post_bytes(&format!("{me}/{path}"), "{}");
        bench
            .check(
                &format!("{path} without a key"),
                call,
                400,
                "malformed",
                "/headers/idempotency-key",
            )
            .await;
    }
    let redemption = json!({ "reward": "latte" });
    for key in ["", "a b", "a#b", "\"\"", &"k".repeat(201)] {
        let call = bench.stack.post(&format!("{me}/redemptions"), key, &redemption);
        bench
            .check(&format!("the key {key:?}"), call, 400, "malformed", "/headers/idempotency-key")
            .await;
    }
    let addresses = [
        ("/members/a%23b", 400, "malformed", "/path/member"),
        ("/members/a%20b", 400, "malformed", "/path/member"),
        ("/members/%FF%FE", 400, "malformed", "/path"),
        ("/members/a/entries?limit=0", 400, "malformed", "/query/limit"),
        ("/members/a/entries?limit=101", 400, "malformed", "/query/limit"),
        ("/members/a/entries?limit=ten", 400, "malformed", "/query/limit"),
        ("/members/a/entries?cursor=MTIz", 400, "malformed", "/query/cursor"),
        ("/members/a/entries?cursor=%F0", 400, "malformed", "/query/cursor"),
        ("/members/a/secrets", 404, "no-route", ""),
        ("/members", 404, "no-route", ""),
        ("/webhooks/magento", 404, "no-route", ""),
        ("/", 404, "no-route", ""),
    ];
    for (path, status, kind, pointer) in addresses {
        let call = bench.stack.get(path);
        bench.check(path, call, status, kind, pointer).await;
    }
    let long = bench.stack.get(&format!("/members/{}", "m".repeat(201)));
    bench.check("a long member", long, 400, "malformed", "/path/member").await;
    let unknown = bench.stack.post_bytes("/webhooks/magento", "{}");
    bench.check("an unknown platform", unknown, 404, "no-route", "").await;
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let call = Call::new(method.clone(), format!("{url}{me}"));
        bench.check(method.as_str(), call, 404, "no-route", "").await;
    }
    let no_shop = Call::post(format!("{url}/webhooks/shopify"), "{}")
        .header("x-shopify-hmac-sha256", sign::shopify("local-secret", b"{}"));
    bench
        .check(
            "no shop",
            no_shop.header("x-shopify-topic", "orders/paid"),
            400,
            "malformed",
            "/headers/x-shopify-shop-domain",
        )
        .await;
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_used_for_something_else_is_refused() {
    let mut bench = Bench::start().await;
    bench.stack.buys(1, 1, "1000.00").await.expect(200);
    let me = format!("/members/{}", member(1));
    let redeem = format!("{me}/redemptions");
    bench.stack.post(&redeem, "k", &json!({ "reward": "latte" })).send().await.expect(201);
    let other_body = bench.stack.post(&redeem, "k", &json!({ "reward": "five-euro" }));
    bench.check("another body", other_body, 422, "idempotency-key-reused", "").await;
    let other_route =
        bench.stack.post(&format!("{me}/adjustments"), "k", &json!({ "points": 1, "reason": "x" }));
    bench.check("another route", other_route, 422, "idempotency-key-reused", "").await;
    let order = |price: &str| {
        json!({ "type": "order.paid", "timestamp": "2026-01-05T09:00:00Z", "data": { "order": {
            "id": "9", "placed_at": "2026-01-05T09:00:00Z", "currency": "EUR", "lines": [{ "id": 1, "quantity": 1, "net": price }],
        } } })
    };
    bench.stack.post(&format!("{me}/events"), "e", &order("5.00")).send().await.expect(200);
    let other_event = bench.stack.post(&format!("{me}/events"), "e", &order("6.00"));
    bench.check("another event", other_event, 422, "idempotency-key-reused", "").await;
    let repeated = bench.stack.post(&format!("{me}/events"), "e", &order("5.00")).send().await;
    assert_eq!(repeated.header("idempotent-replayed"), Some("true"));
    assert_eq!(repeated.expect(200)["outcome"], "unchanged");
    // The order is the first member's now: nobody else may send news of it.
    let others = format!("/members/{}/events", member(2));
    for (what, key, body) in [
        ("another's order", "o1", order("5.00")),
        ("another's order, changed", "o2", order("1.00")),
        (
            "another's refund",
            "o3",
            json!({ "type": "refund.created", "data": { "order": "9", "currency": "EUR",
                "refund": { "id": "r", "amount": "5.00" } } }),
        ),
    ] {
        let call = bench.stack.post(&others, key, &body);
        bench.check(what, call, 409, "other-order", "").await;
    }
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_ignored_uses_up_its_key() {
    let mut bench = Bench::start().await;
    let events = format!("/members/{}/events", member(1));
    let ping = json!({ "type": "ping" });
    let first = bench.stack.post(&events, "k", &ping).send().await;
    assert_eq!(first.header("idempotent-replayed"), None);
    let written = bench.stack.items().await;
    let again = bench.stack.post(&events, "k", &ping).send().await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!((first.expect(200), bench.stack.items().await), (again.expect(200), written));
    let event =
        json!({ "type": "event.x", "timestamp": "2026-01-05T09:00:00Z", "data": { "id": "r1" } });
    for body in [json!({ "type": "invoice.sent" }), event] {
        let other = bench.stack.post(&events, "k", &body);
        bench.check("another body", other, 422, "idempotency-key-reused", "").await;
    }
    let other = bench.stack.post(
        &format!("/members/{}/redemptions", member(1)),
        "k",
        &json!({ "reward": "latte" }),
    );
    bench.check("another route", other, 422, "idempotency-key-reused", "").await;
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_gave_nothing_is_answered_alike() {
    let stack = Stack::start(&samples::programme(), None).await;
    let events = format!("/members/{}/events", member(1));
    let event = json!({ "type": "event.nobody-asked", "timestamp": "2026-01-05T09:00:00Z", "data": { "id": "r1" } });
    let first = stack.post(&events, "n", &event).send().await;
    assert_eq!(first.header("idempotent-replayed"), None);
    let again = stack.post(&events, "n", &event).send().await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(first.expect(200), again.expect(200));
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_programme_is_refused_whole() {
    let stack = Stack::start(&samples::programme(), None).await;
    let before = stack.items().await;
    let broken = samples::programme()
        .replace("points = 50", "points = -50")
        .replace("stock = 1000", "stock = \"many\"");
    let ledger = &stack.local.edge.ledger;
    let refused = ledger
        .publish(&broken, Timestamp::now(), Timestamp::now(), Notice::Given)
        .await
        .unwrap_err();
    let guerdon_store::PublishError::Faults(faults) = refused else { panic!("{refused}") };
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert_eq!(stack.items().await, before);
    assert_eq!(
        stack.buys(1, 1, "10.00").await.expect(200)["points"],
        10,
        "the running version stays"
    );
    stack.stop().await;
}

//! Bids over HTTP: held while they lead, returned when outbid, and ended by the schedule, whatever broke off.

use guerdon_domain::id::MemberId;
use guerdon_tests::world::World;
use jiff::Timestamp;
use lambda_http::{Body, Request, RequestExt, http::Method};
use serde_json::{Value, json};

const PROGRAMME: &str = r#"
[programme]
name = "Club"
currency = "EUR"

[[auction]]
id = "tasting"
opens = "2026-03-01"
closes = "2026-03-10"
winners = 2
min = 100
step = 10
gives = [{ voucher = "product", sku = "TASTING" }]

[[auction]]
id = "grinder"
opens = "2026-03-01"
closes = "2026-03-10"
min = 50
sealed = true
gives = [{ credit = "40.00 EUR" }]

[[auction]]
id = "coupon"
opens = "2026-03-01"
closes = "2026-03-10"
winners = 2
gives = [{ voucher = "amount", amount = "5.00 EUR", codes = { pool = "spring" } }]
"#;

const OPEN: &str = "2026-03-05T10:00:00Z";
const LATER: &str = "2026-03-05T10:00:00.001Z";
const CLOSE: &str = "2026-03-10T00:00:00Z";
const OVER: &str = "2026-03-10T00:05:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn call(
    world: &World,
    now: &str,
    (method, path): (Method, &str),
    (key, body): (Option<&str>, Value),
) -> (u16, Value) {
    let mut request = lambda_http::http::Request::builder().method(method).uri(path);
    request = request.header("authorization", "Bearer local");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let request: Request = request.body(Body::Text(body.to_string())).unwrap();
    let edge = world.edge();
    let answer = redeem::handle(&edge, at(now), request.with_raw_http_path(path)).await;
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
}

async fn bid(world: &World, now: &str, who: &str, key: &str, body: Value) -> (u16, Value) {
    let path = format!("/members/standard:acme:{who}/bids");
    call(world, now, (Method::POST, &path), (Some(key), body)).await
}

async fn get(world: &World, now: &str, path: &str) -> Value {
    let (status, body) = call(world, now, (Method::GET, path), (None, Value::Null)).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn balance(world: &World, now: &str, who: &str) -> (i64, i64) {
    let shown = get(world, now, &format!("/members/standard:acme:{who}")).await;
    let of = |name: &str| shown["balance"][name].as_i64().unwrap();
    (of("available"), of("held"))
}

async fn fund(world: &World, members: &[&str]) {
    for who in members {
        let path = format!("/members/standard:acme:{who}/adjustments");
        let body = json!({ "points": 1000, "reason": "to begin with" });
        let (status, body) = call(world, OPEN, (Method::POST, &path), (Some("fund"), body)).await;
        assert_eq!(status, 201, "{body}");
    }
}

async fn sweep(world: &World, now: &str) -> upkeep::Report {
    upkeep::handle(&world.edge(), at(now), || at(now), Timestamp::MAX).await.unwrap()
}

fn tasting(points: i64) -> Value {
    json!({ "auction": "tasting", "points": points })
}

#[tokio::test(flavor = "multi_thread")]
async fn bids_are_held_while_they_lead_and_end_with_the_auction() {
    let world = World::start(PROGRAMME).await;
    fund(&world, &["ann", "ben", "cat"]).await;
    for (who, points) in [("ann", 100), ("ben", 120), ("cat", 110)] {
        let (status, body) = bid(&world, OPEN, who, "b1", tasting(points)).await;
        assert_eq!(status, 201, "{body}");
    }
    // Ann was outbid in the same breath.
    assert_eq!(balance(&world, OPEN, "ann").await, (1000, 0));
    assert_eq!(balance(&world, OPEN, "cat").await, (890, 110));
    let (status, low) = bid(&world, OPEN, "ann", "b2", tasting(119)).await;
    assert_eq!((status, &low["missing"]["points"]), (409, &json!(120)), "{low}");
    let shown = get(&world, OPEN, "/auctions/tasting").await;
    let points: Vec<_> = shown["bids"].as_array().unwrap().iter().map(|b| &b["points"]).collect();
    assert_eq!((points, &shown["least"]), (vec![&json!(120), &json!(110)], &json!(120)));
    assert!(!shown.to_string().contains("acme"), "nobody is named: {shown}");
    // A repeat is answered alike, before the close and after it.
    for now in [OPEN, OVER] {
        let (status, again) = bid(&world, now, "cat", "b1", tasting(110)).await;
        assert_eq!((status, &again["balance"]["held"]), (201, &json!(110)), "{again}");
    }
    let (status, other) = bid(&world, OPEN, "cat", "b1", tasting(500)).await;
    assert_eq!(
        (status, &other["type"]),
        (422, &json!("/problems/idempotency-key-reused")),
        "{other}"
    );

    for (now, who, points) in [(OPEN, "ann", 300), (LATER, "ben", 300), (LATER, "cat", 299)] {
        let body = json!({ "auction": "grinder", "points": points });
        let (status, body) = bid(&world, now, who, "g1", body).await;
        assert_eq!(status, 201, "{body}");
    }
    let sealed = get(&world, LATER, "/auctions/grinder").await;
    assert_eq!((&sealed["bids"], &sealed["least"]), (&json!([]), &json!(50)), "nothing is seen");
    let mine = get(&world, LATER, "/members/standard:acme:ann/bids").await;
    assert_eq!(
        (&mine["bids"][0]["points"], &mine["bids"][0]["leads"]),
        (&json!(300), &Value::Null)
    );

    let (status, late) = bid(&world, CLOSE, "ann", "b9", tasting(900)).await;
    assert_eq!((status, &late["type"]), (409, &json!("/problems/closed")), "{late}");
    assert_eq!(sweep(&world, CLOSE).await.bids, 0, "what was accepted before may still arrive");
    assert_eq!(sweep(&world, OVER).await.bids, 5);
    assert_eq!(sweep(&world, OVER).await.bids, 0, "once");
    // Of equal bids the earlier wins. Each pays what they bid.
    assert_eq!(balance(&world, OVER, "ann").await, (700, 0));
    assert_eq!(balance(&world, OVER, "ben").await, (880, 0));
    assert_eq!(balance(&world, OVER, "cat").await, (890, 0));
    let given = get(&world, OVER, "/members/standard:acme:ben/grants").await;
    assert_eq!(given["grants"][0]["grants"][0]["sku"], "TASTING", "{given}");
    let shown = get(&world, OVER, "/auctions/grinder").await;
    assert_eq!((&shown["state"], &shown["bids"][0]["points"]), (&json!("decided"), &json!(300)));
    let board = world.ledger().board("grinder").await.unwrap();
    assert_eq!(board.bids[0].member, MemberId::new("standard:acme:ann").unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_winner_for_whom_there_is_no_code_yet_keeps_the_bid_until_there_is() {
    let world = World::start(PROGRAMME).await;
    fund(&world, &["ann", "ben"]).await;
    for who in ["ann", "ben"] {
        let body = json!({ "auction": "coupon", "points": 10 });
        assert_eq!(bid(&world, OPEN, who, "c1", body).await.0, 201);
    }
    world.ledger().import_codes("spring", &["A1".to_owned()]).await.unwrap();
    let edge = world.edge();
    let failed = upkeep::handle(&edge, at(OVER), || at(OVER), Timestamp::MAX).await.unwrap_err();
    assert_eq!((failed.failed, failed.report.bids), (1, 1), "{failed}");
    assert!(!world.ledger().board("coupon").await.unwrap().settled);
    world.ledger().import_codes("spring", &["A2".to_owned()]).await.unwrap();
    assert_eq!(sweep(&world, OVER).await.bids, 1);
    assert!(world.ledger().board("coupon").await.unwrap().settled);
    for who in ["ann", "ben"] {
        assert_eq!(balance(&world, OVER, who).await, (990, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_bids_are_refused_and_write_nothing() {
    let world = World::start(PROGRAMME).await;
    fund(&world, &["ann"]).await;
    let before = world.items().await;
    let cases = [
        (json!({ "auction": "none", "points": 100 }), 404, "/problems/unknown-auction"),
        (tasting(1), 409, "/problems/bid-too-low"),
        (tasting(-5), 422, "/problems/not-positive"),
        (tasting(0), 422, "/problems/not-positive"),
        (tasting(i64::MAX), 422, "/problems/unprocessable"),
        (tasting(1001), 409, "/problems/not-enough"),
        (json!({ "auction": "tasting", "points": 1.5 }), 422, "/problems/unprocessable"),
        (json!({ "auction": "tasting" }), 400, "/problems/malformed"),
        (json!({ "auction": "tasting", "points": 100, "all": true }), 400, "/problems/malformed"),
    ];
    for (n, (body, status, problem)) in cases.into_iter().enumerate() {
        let (found, answer) = bid(&world, OPEN, "ann", &format!("x{n}"), body.clone()).await;
        assert_eq!((found, &answer["type"]), (status, &json!(problem)), "{body}: {answer}");
        assert!(status != 422 || answer["pointer"] == "/points", "{body}: {answer}");
    }
    for now in ["2026-02-28T23:59:59Z", CLOSE] {
        assert_eq!(bid(&world, now, "zoe", "early", tasting(100)).await.0, 409);
    }
    assert_eq!(world.items().await, before);
}

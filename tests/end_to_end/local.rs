//! The local stack over HTTP: what a shop's developer does with it, and what many callers do to it at once.

use guerdon_edge::now;
use guerdon_tests::{
    http::Answer,
    samples,
    stack::{SHOP, Stack, member, order_json, refund_json},
    tables::Items,
    world::World,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_uses_the_api() {
    let stack = Stack::start(&samples::programme(), None).await;
    let me = format!("/members/{}", member(7));
    assert_eq!(stack.get("/health").send().await.body, b"ok");

    let nobody = stack.get(&me).send().await.expect(200);
    assert_eq!(
        nobody["balance"],
        json!({ "available": 0, "pending": 0, "held": 0 }),
        "a member never seen has nothing"
    );

    let earned = stack.buys(7, 1, "812.40").await.expect(200);
    assert_eq!((&earned["outcome"], &earned["points"]), (&json!("posted"), &json!(812)));
    let empty = stack
        .shopify("refunds/create", refund_json(5, 1, 0, "0.00").to_string())
        .send()
        .await
        .expect(200);
    assert_ne!(empty["outcome"], "posted", "{empty}");
    let review = json!({ "type": "event.review", "timestamp": "2026-01-06T10:00:00Z", "data": { "id": "r-1" } });
    let event = stack.post(&format!("{me}/events"), "review-1", &review).send().await.expect(200);
    assert_eq!(event["points"], 20);
    assert_eq!(stack.available(7).await, 832);

    let rewards = stack.get(&format!("{me}/rewards")).send().await.expect(200);
    assert_eq!(rewards["rewards"][0]["open"], true, "{rewards}");
    let redeemed =
        repeatable(&stack, &format!("{me}/redemptions"), "redeem-1", json!({ "reward": "latte" }))
            .await;
    let code = redeemed["grants"][0]["code"].as_str().unwrap();
    assert_eq!(code.len(), 16);
    let grants = stack.get(&format!("{me}/grants")).send().await.expect(200);
    assert_eq!(grants["grants"][0]["grants"][0]["code"], code);
    let reused = stack
        .post(&format!("{me}/redemptions"), "redeem-1", &json!({ "reward": "five-euro" }))
        .send()
        .await;
    assert_eq!(reused.expect(422)["type"], "/problems/idempotency-key-reused");
    let keyless =
        stack.post_bytes(&format!("{me}/redemptions"), r#"{"reward":"latte"}"#).send().await;
    assert!(keyless.expect(400)["detail"].as_str().unwrap().contains("Idempotency-Key"));

    let total = json!({ "amount": "40.00", "currency": "EUR" });
    let quote = stack
        .post(&format!("{me}/quotes"), "unused", &json!({ "order_total": total }))
        .send()
        .await
        .expect(200);
    assert_eq!(
        (&quote["min"], &quote["max"], &quote["step"]),
        (&json!(50), &json!(450), &json!(50))
    );
    let order = format!("shopify:{SHOP}:2");
    let asked = json!({ "points": 300, "order_total": total, "order": order });
    let held = repeatable(&stack, &format!("{me}/holds"), "hold-1", asked).await;
    let id = held["entries"][0]["hold"].as_str().unwrap().to_owned();
    let shown = stack.get(&me).send().await.expect(200);
    assert_eq!(
        (&shown["balance"]["available"], &shown["holds"][0]["points"]),
        (&json!(182), &json!(300))
    );
    repeatable(&stack, &format!("{me}/holds/{id}/capture"), "capture-1", json!({ "points": 100 }))
        .await;
    assert_eq!(stack.available(7).await, 382, "what is not captured is released");
    let gone =
        stack.post(&format!("{me}/holds/{id}/release"), "release-1", &json!({})).send().await;
    assert_eq!(gone.expect(409)["type"], "/problems/no-open-hold");
    let held = repeatable(
        &stack,
        &format!("{me}/holds"),
        "hold-2",
        json!({ "points": 50, "order_total": total }),
    )
    .await;
    let id = held["entries"][0]["hold"].as_str().unwrap();
    repeatable(&stack, &format!("{me}/holds/{id}/release"), "release-2", json!({})).await;

    let adjusted = json!({ "points": -82, "reason": "counted twice", "by": "ola" });
    repeatable(&stack, &format!("{me}/adjustments"), "adjust-1", adjusted).await;
    assert_eq!(stack.available(7).await, 300);
    let credit = json!({ "credit": { "amount": "3.50", "currency": "EUR" }, "reason": "sorry" });
    repeatable(&stack, &format!("{me}/adjustments"), "adjust-2", credit).await;

    let all = history(&stack, &me, 100).await;
    for limit in [1, 2, 3, 7] {
        assert_eq!(history(&stack, &me, limit).await, all, "pages of {limit}");
    }
    let sequences: Vec<u64> = all.iter().map(|entry| entry["sequence"].as_u64().unwrap()).collect();
    let expected: Vec<u64> = (1..=u64::try_from(all.len()).unwrap()).rev().collect();
    assert_eq!(sequences, expected, "no gaps, newest first");
    let sum: i64 = all.iter().map(|entry| entry["points"].as_i64().unwrap()).sum();
    assert_eq!(sum, 300, "the entries come to the balance");
    stack.stop().await;
}

/// Sends a request twice: the second answer is the first, and says so.
async fn repeatable(stack: &Stack, path: &str, key: &str, body: Value) -> Value {
    let first = stack.post(path, key, &body).send().await;
    let answer = first.expect(201);
    assert_eq!(first.header("idempotent-replayed"), None);
    let again = stack.post(path, key, &body).send().await;
    assert_eq!(again.expect(201), answer);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    answer
}

/// A member's whole history, page by page, along the links.
async fn history(stack: &Stack, member: &str, limit: u32) -> Vec<Value> {
    let mut all = Vec::new();
    let mut query = format!("?limit={limit}");
    loop {
        let page = stack.get(&format!("{member}/entries{query}")).send().await;
        let body = page.expect(200);
        all.extend(body["entries"].as_array().unwrap().iter().cloned());
        let Some(link) = page.header("link") else {
            assert_eq!(body["next"], Value::Null);
            return all;
        };
        let (target, relation) = link.split_once('>').unwrap();
        assert_eq!(relation, "; rel=\"next\"");
        target.trim_start_matches('<').clone_into(&mut query);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standard_webhook_earns() {
    let stack = Stack::start(&samples::programme(), None).await;
    let body = json!({
        "type": "order.paid", "timestamp": "2026-01-05T09:00:00Z", "data": { "shop": "acme", "order": {
            "id": "A-17", "member": "c-7", "placed_at": "2026-01-05T08:59:00Z", "currency": "EUR",
            "lines": [{ "id": "1", "quantity": 2, "net": 17.90 }],
        } },
    });
    let answer = stack.standard(body.to_string(), now()).send().await.expect(200);
    assert_eq!((&answer["member"], &answer["points"]), (&json!("standard:acme:c-7"), &json!(17)));
    let ping = stack.standard(r#"{"type":"ping"}"#, now()).send().await.expect(200);
    assert_eq!(ping["outcome"], "ignored");
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_webhook_a_hundred_times_at_once_has_one_effect() {
    let stack = Stack::start(&samples::programme(), None).await;
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        calls.spawn(stack.shopify("orders/paid", order_json(1, 1, "25.00").to_string()).send());
    }
    let outcomes = outcomes(calls).await;
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "posted").count(), 1, "{outcomes:?}");
    assert!(
        outcomes.iter().all(|outcome| outcome == "posted" || outcome == "unchanged"),
        "{outcomes:?}"
    );
    assert_eq!(stack.available(1).await, 25);
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn once_settled_a_webhook_a_hundred_times_at_once_writes_nothing() {
    let world = World::start(&samples::programme()).await;
    let edge = world.edge();
    let request = || guerdon::demo::request("orders/paid", &order_json(1, 1, "25.00").to_string());
    assert_eq!(earn::handle(&edge, now(), request()).await.status(), 200);
    let items = world.items().await;
    world.proxy.take();
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let (edge, request) = (edge.clone(), request());
        calls.spawn(async move {
            // On a busy machine the time that a shop waits may be up. It is asked to come again then, and does.
            let mut late = 0_usize;
            loop {
                match earn::handle(&edge, now(), request.clone()).await.status().as_u16() {
                    200 => return late,
                    503 => late += 1,
                    status => panic!("{status}"),
                }
            }
        });
    }
    let late: usize = calls.join_all().await.into_iter().sum();
    let cost = world.proxy.take();
    assert_eq!((cost.writes(), cost.write_tenths), (0, 0));
    let reads = cost.calls.len();
    assert!((200..=200 + 2 * late).contains(&reads), "two each, not {reads} with {late} late");
    assert_eq!(world.items().await, items);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_orders_of_one_member_at_once_all_count() {
    let stack = Stack::start(&samples::programme(), None).await;
    let mut calls = JoinSet::new();
    for order in 1..=20 {
        calls.spawn(stack.shopify("orders/paid", order_json(1, order, "10.00").to_string()).send());
    }
    assert!(outcomes(calls).await.iter().all(|outcome| outcome == "posted"));
    assert_eq!(stack.available(1).await, 200);
    let all = history(&stack, &format!("/members/{}", member(1)), 100).await;
    assert_eq!(all.iter().filter(|entry| entry["kind"] == "accrual").count(), 20);
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twelve_race_for_a_stock_of_three() {
    let programme = samples::programme().replace("stock = 1000", "stock = 3");
    let stack = Stack::start(&programme, None).await;
    for customer in 1..=12 {
        stack.buys(customer, customer, "400.00").await.expect(200);
    }
    let mut calls = JoinSet::new();
    for customer in 1..=12 {
        let path = format!("/members/{}/redemptions", member(customer));
        calls.spawn(stack.post(&path, "race", &json!({ "reward": "latte" })).send());
    }
    let answers = calls.join_all().await;
    let winners = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(winners, 3);
    for loser in answers.iter().filter(|answer| answer.status != 201) {
        let body = loser.expect(409);
        assert_eq!(
            (&body["type"], &body["missing"]),
            (&json!("/problems/out-of-stock"), &json!({ "stock": 3 }))
        );
    }
    let mut left = Vec::new();
    for customer in 1..=12 {
        left.push(stack.available(customer).await);
    }
    assert_eq!(left.iter().filter(|points| **points == 50).count(), 3, "{left:?}");
    assert_eq!(left.iter().filter(|points| **points == 400).count(), 9, "{left:?}");
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_redemption_from_many_tabs_is_one_redemption() {
    let stack = Stack::start(&samples::programme(), None).await;
    stack.buys(1, 1, "1000.00").await.expect(200);
    let path = format!("/members/{}/redemptions", member(1));
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        calls.spawn(stack.post(&path, "same", &json!({ "reward": "latte" })).send());
    }
    let answers: Vec<Answer> = calls.join_all().await;
    let first = answers[0].expect(201);
    assert!(answers.iter().all(|answer| answer.expect(201) == first));
    assert_eq!(stack.available(1).await, 650);
    stack.stop().await;
}

async fn outcomes(calls: JoinSet<Answer>) -> Vec<String> {
    let answers = calls.join_all().await;
    answers
        .iter()
        .map(|answer| answer.expect(200)["outcome"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn members_share_no_item_but_stock() {
    let stack = Stack::start(&samples::programme(), None).await;
    stack.buys(1, 1, "400.00").await.expect(200);
    let before = stack.items().await;
    stack.buys(2, 2, "400.00").await.expect(200);
    let touched: Items = stack
        .items()
        .await
        .into_iter()
        .filter(|(key, item)| before.get(key) != Some(item))
        .collect();
    assert!(
        touched.keys().all(|key| key.contains(":2 ") || key.contains(":2#")),
        "{:?}",
        touched.keys()
    );
    stack.stop().await;
}

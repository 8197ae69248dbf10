//! The balance in an answer is the one that a look right after it shows, and a repeat gets the same answer.

use guerdon_tests::{
    http::Call,
    stack::{SHOP, Stack, member, order_json},
};
use serde_json::{Value, json};

const PROGRAMME: &str = r#"
[programme]
name = "Club"
currency = "EUR"
expiry = { after = "12 months" }
pending = { until = "14 days after order" }

[[tier]]
id = "gold"
from = { qualifying_points = 500 }

[[earn]]
id = "spend"
on = "order"
points = { give = 1, per = "1.00 EUR" }

[[earn]]
id = "review"
on = "event:review"
points = 20

[[earn]]
id = "spin"
on = "event:spin"
points = 20

[[instant_win]]
id = "wheel"
opens = "2026-01-01"
closes = "2027-01-01"
on = "event:spin"
wins = { every = 1 }
prizes = [{ id = "five", name = "Five more", gives = [{ points = 5 }] }]

[pay]
step = 1
hold = "30 minutes"
value = "0.10 EUR"
"#;

/// Sends it, and looks; the answer.
async fn told(stack: &Stack, call: Call, status: u16) -> Value {
    let answer = call.send().await.expect(status);
    let shown = stack.get(&format!("/members/{}", member(1))).send().await.expect(200);
    assert_eq!(answer["balance"], shown["balance"], "{answer:#}");
    answer
}

fn kinds(answer: &Value) -> Vec<&str> {
    let entries = answer["entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["kind"].as_str().unwrap()).collect()
}

/// The same request again: the same answer, which says that it is a repeat.
async fn repeated(call: Call, first: &Value) {
    let again = call.send().await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.json(), *first);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_write_makes_due_is_in_its_answer() {
    let stack = Stack::start(PROGRAMME, Some("2026-03-01T10:00:00Z")).await;
    let order = |order: u64, price: &str, at: &str| {
        let mut body = order_json(1, order, price);
        for field in ["created_at", "processed_at", "updated_at"] {
            body[field] = json!(at);
        }
        stack.shopify("orders/paid", body.to_string())
    };
    let late = told(&stack, order(1, "90.00", "2024-02-01T10:00:00Z"), 200).await;
    assert_eq!((kinds(&late), &late["points"]), (vec!["accrual", "expiry"], &json!(0)));
    let due = told(&stack, order(2, "600.00", "2026-02-01T10:00:00Z"), 200).await;
    assert_eq!(kinds(&due), ["accrual", "tier_change"]);
    assert_eq!(due["balance"], json!({ "available": 600, "pending": 0, "held": 0 }));

    let me = format!("/members/{}", member(1));
    let review = json!({ "type": "event.review", "timestamp": "2024-02-01T10:00:00Z", "data": { "id": "r1" } });
    let call = || stack.post(&format!("{me}/events"), "r1", &review);
    let reviewed = told(&stack, call(), 200).await;
    assert_eq!((kinds(&reviewed), &reviewed["points"]), (vec!["accrual", "expiry"], &json!(0)));
    repeated(call(), &reviewed).await;

    let spin = json!({ "type": "event.spin", "timestamp": "2026-02-28T10:00:00Z", "data": { "id": "s1" } });
    let call = || stack.post(&format!("{me}/events"), "s1", &spin);
    let won = told(&stack, call(), 200).await;
    assert_eq!((&won["points"], &won["plays"][0]["points"]), (&json!(20), &json!(5)));
    repeated(call(), &won).await;

    // Points paid half of an order that has earned: it earns on the other half.
    told(&stack, order(3, "40.00", "2026-02-02T10:00:00Z"), 200).await;
    let total = json!({ "amount": "40.00", "currency": "EUR" });
    let hold = json!({ "points": 200, "order_total": total, "order": format!("shopify:{SHOP}:3") });
    let placed = told(&stack, stack.post(&format!("{me}/holds"), "h", &hold), 201).await;
    let hold = placed["entries"][0]["hold"].as_str().unwrap();
    let call = || stack.post(&format!("{me}/holds/{hold}/capture"), "c", &json!({}));
    let captured = told(&stack, call(), 201).await;
    assert_eq!(
        (kinds(&captured), &captured["points"]),
        (vec!["capture", "reversal"], &json!(-220))
    );
    repeated(call(), &captured).await;
    stack.stop().await;
}

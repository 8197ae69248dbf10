//! What the rules refuse, they explain: rule, version, condition, and what is missing. And what refunds do in odd orders.

use guerdon_tests::stack::{Stack, member, order_json, refund_json};
use serde_json::{Value, json};

const PROGRAMME: &str = r#"
[programme]
name = "Club"
currency = "EUR"
points = { value = "0.01 EUR" }

[[tier]]
id = "gold"
from = { qualifying_points = 5000 }

[[earn]]
id = "spend"
on = "order"
points = { give = 1, per = "1.00 EUR" }

[[reward]]
id = "dear"
price = { points = 9000 }
gives = [{ voucher = "product", sku = "DEAR" }]

[[reward]]
id = "gone"
price = { points = 10 }
stock = 1
gives = [{ voucher = "product", sku = "GONE" }]

[[reward]]
id = "future"
price = { points = 10 }
from = "2099-01-01"
gives = [{ voucher = "product", sku = "FUTURE" }]

[[reward]]
id = "past"
price = { points = 10 }
until = "2025-01-01"
gives = [{ voucher = "product", sku = "PAST" }]

[[reward]]
id = "once"
price = { points = 10 }
limit = { times = 1, per = "ever" }
gives = [{ voucher = "product", sku = "ONCE" }]

[[reward]]
id = "golden"
price = { points = 10 }
tier = "gold"
gives = [{ voucher = "product", sku = "GOLDEN" }]

[[reward]]
id = "conditional"
price = { points = 10 }
when = "member.tier == 'gold'"
gives = [{ voucher = "product", sku = "CONDITIONAL" }]

[[reward]]
id = "no-codes"
price = { points = 10 }
gives = [{ voucher = "product", sku = "CODES", codes = { pool = "empty" } }]
"#;

async fn redeem(stack: &Stack, key: &str, reward: &str) -> (u16, Value) {
    let path = format!("/members/{}/redemptions", member(1));
    let answer = stack.post(&path, key, &json!({ "reward": reward })).send().await;
    (answer.status, answer.json())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_what_is_missing() {
    let stack = Stack::start(PROGRAMME, None).await;
    stack.buys(1, 1, "100.00").await.expect(200);
    for reward in ["gone", "once"] {
        assert_eq!(redeem(&stack, reward, reward).await.0, 201);
    }
    let before = stack.items().await;
    let table = [
        (
            "dear",
            "not-enough",
            json!({ "needed": 9000, "available": 80, "pending": 0, "short": 8920 }),
        ),
        ("gone", "out-of-stock", json!({ "stock": 1 })),
        ("future", "not-yet-open", json!({ "from": "2099-01-01T00:00:00Z" })),
        ("past", "closed", json!({ "until": "2025-01-01T00:00:00Z" })),
        ("once", "limit-reached", json!({ "times": 1, "per": "ever" })),
        ("golden", "tier-too-low", json!({ "needed": "gold", "has": null })),
        ("conditional", "condition-fails", json!({ "when": "member.tier == 'gold'" })),
        ("no-codes", "no-code-left", json!({ "pool": "empty" })),
    ];
    for (reward, condition, missing) in table {
        let (status, body) = redeem(&stack, &format!("refused-{reward}"), reward).await;
        let said = json!({
            "status": status, "type": body["type"], "rule": body["rule"], "version": body["version"],
            "condition": body["condition"], "missing": body["missing"],
        });
        let expected = json!({
            "status": 409, "type": format!("/problems/{condition}"), "rule": format!("reward {reward}"), "version": 1,
            "condition": condition, "missing": missing,
        });
        assert_eq!(said, expected, "{body}");
    }
    assert_eq!(stack.items().await, before, "a refusal writes nothing");

    let offers = stack.get(&format!("/members/{}/rewards", member(1))).send().await.expect(200);
    let why = |reward: &str| {
        let offers = offers["rewards"].as_array().unwrap();
        offers.iter().find(|offer| offer["reward"] == reward).unwrap()["why_not"].clone()
    };
    assert_eq!(why("dear"), "reward dear (version 1): 9000 needed, 80 available: 8920 short");
    assert_eq!(why("gone"), "reward gone (version 1): the stock of 1 is gone");

    stack.buys(1, 2, "8920.00").await.expect(200);
    let (status, _) = redeem(&stack, "refused-dear", "dear").await;
    assert_eq!(status, 201, "a refused key is not used up");
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_is_not_offered_is_refused() {
    let stack = Stack::start(PROGRAMME, None).await;
    let total = json!({ "order_total": { "amount": "10.00", "currency": "EUR" } });
    let quote = stack.post(&format!("/members/{}/quotes", member(1)), "q", &total).send().await;
    let body = quote.expect(422);
    assert_eq!(
        (&body["type"], &body["rule"]),
        (&json!("/problems/pay-not-offered"), &json!("pay"))
    );
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refunds_may_come_before_beyond_or_without_their_order() {
    let stack = Stack::start(PROGRAMME, None).await;
    let refund = |order: u64, amount: &str| {
        stack.shopify("refunds/create", refund_json(order, order, 1, amount).to_string())
    };
    let never = refund(99, "10.00").send().await.expect(200);
    assert_eq!(
        (&never["outcome"], &never["member"]),
        (&json!("noted"), &Value::Null),
        "of an order never seen"
    );

    refund(1, "40.00").send().await.expect(200);
    let two = |order: u64| {
        let mut body = order_json(1, order, "40.00");
        body["line_items"][0]["quantity"] = json!(2);
        body["line_items"][0]["current_quantity"] = json!(2);
        stack.shopify("orders/paid", body.to_string())
    };
    two(1).send().await.expect(200);
    assert_eq!(stack.available(1).await, 40, "before its order");
    two(2).send().await.expect(200);
    refund(2, "40.00").send().await.expect(200);
    assert_eq!(stack.available(1).await, 80, "after its order: the same");

    stack.buys(1, 3, "15.00").await.expect(200);
    refund(3, "1000.00").send().await.expect(200);
    assert_eq!(stack.available(1).await, 80, "of more than the order: all of it, and no more");
    let again = refund(3, "1000.00").send().await.expect(200);
    assert_eq!(again["outcome"], "unchanged");
    stack.stop().await;
}

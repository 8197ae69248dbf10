//! The demo: a few signed webhooks, sent to an empty ledger through the handlers, so that there is something to look at.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use guerdon_edge::{Edge, config::LOCAL_WEBHOOK_SECRET};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use lambda_http::{Body, Request, RequestExt};
use serde_json::{Value, json};
use sha2::Sha256;

/// The shop of the demo.
pub const SHOP: &str = "beanery.myshopify.com";
/// The member of the demo, as the API names them.
pub const MEMBER: &str = "shopify:beanery.myshopify.com:7001";

/// Sends the demo's webhooks, each as if it came when it says that it happened. What fails is logged: a stack without its demo still is a stack.
pub async fn send(edge: &Edge, now: Timestamp) {
    for (days, topic, body) in webhooks(now) {
        let text = body.to_string();
        let status = earn::handle(edge, ago(now, days), request(topic, &text)).await.status();
        if !status.is_success() {
            tracing::warn!(topic, %status, "a webhook of the demo was not taken");
        }
    }
}

/// A webhook as Shopify would send it, signed with the local secret.
pub fn request(topic: &str, body: &str) -> Request {
    let request = lambda_http::http::Request::post("/webhooks/shopify")
        .header("content-type", "application/json")
        .header("x-shopify-topic", topic)
        .header("x-shopify-shop-domain", SHOP)
        .header("x-shopify-hmac-sha256", sign(body))
        .body(Body::Text(body.to_owned()));
    request.unwrap_or_default().with_raw_http_path("/webhooks/shopify")
}

/// Shopify's signature of a body under the local secret.
pub fn sign(body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(LOCAL_WEBHOOK_SECRET.as_bytes());
    let tag = mac.map(|mac| mac.chain_update(body.as_bytes()).finalize().into_bytes());
    tag.map_or_else(|_| String::new(), |tag| STANDARD.encode(tag))
}

fn ago(now: Timestamp, days: i64) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(now)
}

/// A sign-up, an order of a month ago, one of yesterday, and a refund of one of its lines; and how many days ago each was.
fn webhooks(now: Timestamp) -> Vec<(i64, &'static str, Value)> {
    let ago = |days| ago(now, days).to_string();
    let line = |id: u64, name: &str, price: &str, quantity: u64, kind: &str| {
        json!({
            "id": id, "product_id": id * 10, "title": name, "product_type": kind, "sku": name.to_uppercase(),
            "price": price, "quantity": quantity, "current_quantity": quantity, "gift_card": false,
            "discount_allocations": [], "tax_lines": [],
        })
    };
    let order = |id: u64, at: String, lines: Value| {
        json!({
            "id": id, "currency": "EUR", "created_at": at, "processed_at": at, "updated_at": at, "test": false,
            "financial_status": "paid", "cancelled_at": null, "taxes_included": false,
            "customer": { "id": 7001 }, "line_items": lines, "refunds": [],
        })
    };
    let month_ago = order(9001, ago(30), json!([line(1, "grinder", "349.00", 1, "equipment")]));
    let beans = json!([
        line(2, "espresso-beans", "18.50", 4, "coffee"),
        line(3, "gift-card", "25.00", 1, "gift-cards")
    ]);
    let yesterday = order(9002, ago(1), beans);
    let refund = json!({
        "id": 8001, "order_id": 9002, "created_at": ago(0), "transactions": [], "order_adjustments": [],
        "refund_line_items": [{ "id": 1, "line_item_id": 2, "quantity": 1, "subtotal": 18.50, "total_tax": 0.0,
            "subtotal_set": { "shop_money": { "amount": "18.50", "currency_code": "EUR" } } }],
    });
    let joined = json!({ "id": 7001, "created_at": ago(31), "updated_at": ago(31) });
    vec![
        (31, "customers/create", joined),
        (30, "orders/paid", month_ago),
        (1, "orders/paid", yesterday.clone()),
        (1, "orders/paid", yesterday),
        (0, "refunds/create", refund),
    ]
}

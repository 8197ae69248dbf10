//! A local stack in this process, and calls of its API.

use aws_sdk_dynamodb::Client;
use guerdon::{
    demo,
    engine::{Data, LEDGER_TABLE, PROGRAMME_TABLE},
    local::{Local, Options},
};
use guerdon_edge::config::{LOCAL_API_KEY, LOCAL_WEBHOOK_SECRET};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    http::{Answer, Call},
    sign,
    tables::{Items, items},
};

/// The shop that sends the webhooks of tests.
pub const SHOP: &str = demo::SHOP;

/// A member of that shop.
pub fn member(customer: u64) -> String {
    format!("shopify:{SHOP}:{customer}")
}

/// A running local stack.
#[derive(Debug)]
pub struct Stack {
    /// The stack.
    pub local: Local,
}

impl Stack {
    /// A stack with a programme and nothing else, in memory, by the machine's clock or a fixed one.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start(programme: &str, at: Option<&str>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("programme.toml");
        std::fs::write(&file, programme).expect("a temporary file");
        let at: Option<Timestamp> = at.map(|at| at.parse().expect("a time stamp"));
        let options =
            Options { port: 0, data: Data::Memory, programme: Some(file), at, demo: false };
        Self { local: Local::start(&options).await.expect("the local stack starts") }
    }

    /// A client of its engine.
    pub fn client(&self) -> &Client {
        &self.local.engine.client
    }

    /// Every item of both tables, but the board of leaders, which the stack writes by itself.
    pub async fn items(&self) -> Items {
        let mut all = items(self.client(), LEDGER_TABLE).await;
        all.remove("LEADERS | BOARD");
        all.extend(items(self.client(), PROGRAMME_TABLE).await);
        all
    }

    /// A GET with the API key.
    pub fn get(&self, path: &str) -> Call {
        Call::get(format!("{}{path}", self.local.url))
            .header("authorization", format!("Bearer {LOCAL_API_KEY}"))
    }

    /// A POST with the API key and an idempotency key.
    pub fn post(&self, path: &str, key: &str, body: &Value) -> Call {
        self.post_bytes(path, body.to_string()).header("idempotency-key", key)
    }

    /// A POST of any bytes with the API key.
    pub fn post_bytes(&self, path: &str, body: impl Into<Vec<u8>>) -> Call {
        let call = Call::post(format!("{}{path}", self.local.url), body);
        call.header("authorization", format!("Bearer {LOCAL_API_KEY}"))
    }

    /// A webhook of Shopify, signed.
    pub fn shopify(&self, topic: &str, body: impl Into<Vec<u8>>) -> Call {
        let body = body.into();
        let signature = sign::shopify(LOCAL_WEBHOOK_SECRET, &body);
        Call::post(format!("{}/webhooks/shopify", self.local.url), body)
            .header("x-shopify-topic", topic)
            .header("x-shopify-shop-domain", SHOP)
            .header("x-shopify-hmac-sha256", signature)
    }

    /// A Standard Webhook, signed at `now`.
    pub fn standard(&self, body: impl Into<Vec<u8>>, now: Timestamp) -> Call {
        let body = body.into();
        let (id, second) = ("msg_1", now.as_second());
        let signature = sign::standard(LOCAL_WEBHOOK_SECRET, id, second, &body);
        Call::post(format!("{}/webhooks/standard", self.local.url), body)
            .header("webhook-id", id)
            .header("webhook-timestamp", second.to_string())
            .header("webhook-signature", signature)
    }

    /// Sends a paid order of one line.
    pub async fn buys(&self, customer: u64, order: u64, price: &str) -> Answer {
        self.shopify("orders/paid", order_json(customer, order, price).to_string()).send().await
    }

    /// What a member has available.
    ///
    /// # Panics
    /// If the stack does not say.
    pub async fn available(&self, customer: u64) -> i64 {
        let shown = self.get(&format!("/members/{}", member(customer))).send().await.expect(200);
        shown["balance"]["available"].as_i64().expect("a balance")
    }

    /// Stops it.
    pub async fn stop(self) {
        self.local.stop().await;
    }
}

/// A paid order of one line, as Shopify tells it.
pub fn order_json(customer: u64, order: u64, price: &str) -> Value {
    let at = "2026-01-05T10:00:00Z";
    json!({
        "id": order, "currency": "EUR", "created_at": at, "processed_at": at, "updated_at": at, "test": false,
        "financial_status": "paid", "cancelled_at": null, "taxes_included": false, "customer": { "id": customer },
        "line_items": [{ "id": 1, "product_id": 11, "price": price, "quantity": 1, "current_quantity": 1 }], "refunds": [],
    })
}

/// A refund of some money for an order's only line, as Shopify tells it.
pub fn refund_json(refund: u64, order: u64, quantity: u64, amount: &str) -> Value {
    let money = json!({ "shop_money": { "amount": amount, "currency_code": "EUR" } });
    json!({
        "id": refund, "order_id": order, "transactions": [], "order_adjustments": [],
        "refund_line_items": [{ "id": 1, "line_item_id": 1, "quantity": quantity, "subtotal": amount, "subtotal_set": money }],
    })
}

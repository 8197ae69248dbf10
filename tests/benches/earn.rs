//! A whole earn through the handler, against the same DynamoDB calls made bare: same engine, same client, same run.
//!
//! `cargo bench -p guerdon-tests --bench earn`. Rounds of both alternate, so that a machine that slows down slows both. The
//! engine is in this process and answers over loopback, without TLS and without a network: on AWS the calls take longer and
//! our share is smaller.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, Put, TransactWriteItem},
};
use guerdon::{
    demo,
    engine::{Data, Engine, LEDGER_TABLE, tables},
};
use guerdon_edge::{Edge, config::Config, queue::RetryQueue};
use guerdon_store::{Notice, Programmes};
use jiff::Timestamp;
use lambda_http::Request;
use serde_json::json;

type Item = HashMap<String, AttributeValue>;

const ROUNDS: u64 = 40;
const EACH: u64 = 50;

#[tokio::main]
async fn main() {
    let engine = Engine::start(&Data::Memory).await.expect("the engine starts");
    let ledger = engine.ledger();
    let now: Timestamp = "2026-03-03T10:00:00Z".parse().expect("a timestamp");
    ledger
        .publish(guerdon::local::EXAMPLE_PROGRAMME, now, now, Notice::Given)
        .await
        .expect("it is in order");
    let edge = Edge {
        config: Config::local(tables(), None),
        programmes: Programmes::new(ledger.clone()),
        ledger,
        queue: RetryQueue::None,
    };
    earn(&edge, webhook(ROUNDS * EACH + 1, now), now).await;
    let (account, entry) = written(&engine.client).await;

    let mut ratios = Vec::new();
    let (mut ours, mut bare) = (Duration::ZERO, Duration::ZERO);
    for round in 0..ROUNDS {
        let first = 1 + round * EACH;
        let webhooks: Vec<_> = (first..first + EACH).map(|n| webhook(n, now)).collect();
        let start = Instant::now();
        for webhook in webhooks {
            earn(&edge, webhook, now).await;
        }
        let handler = start.elapsed();
        let start = Instant::now();
        for n in first..first + EACH {
            calls(&engine.client, n, &account, &entry).await;
        }
        let calls = start.elapsed();
        if round > 0 {
            ratios.push(handler.as_nanos() * 1000 / calls.as_nanos().max(1));
            ours += handler;
            bare += calls;
        }
    }
    ratios.sort_unstable();
    let each = u32::try_from((ROUNDS - 1) * EACH).expect("few");
    let median = ratios[ratios.len() / 2];
    println!("a whole earn through the handler: {:?}", ours / each);
    println!("the same DynamoDB calls, bare:    {:?}", bare / each);
    println!("ratio, median of {} rounds: {}.{:03}", ratios.len(), median / 1000, median % 1000);
}

/// A signed webhook: a new member's first order.
fn webhook(n: u64, now: Timestamp) -> Request {
    let body = json!({
        "id": n, "currency": "EUR", "created_at": now, "processed_at": now, "updated_at": now,
        "financial_status": "paid", "customer": { "id": n },
        "line_items": [
            { "id": 1, "product_id": 10, "sku": "BEANS", "price": "18.50", "quantity": 2 },
            { "id": 2, "product_id": 20, "sku": "CUP", "price": "9.90", "quantity": 1 },
        ],
    });
    demo::request("orders/paid", &body.to_string())
}

async fn earn(edge: &Edge, webhook: Request, now: Timestamp) {
    let answer = earn::handle(edge, now, webhook).await;
    assert!(answer.status().is_success(), "{answer:?}");
}

/// The two items that an earn writes.
async fn written(client: &Client) -> (Item, Item) {
    let scan = client.scan().table_name(LEDGER_TABLE).send().await.expect("it can be read");
    let items = scan.items.unwrap_or_default();
    let named = |start: &str| {
        let found =
            items.iter().find(|item| item["pk"].as_s().is_ok_and(|pk| pk.starts_with(start)));
        found.cloned().expect("it was written")
    };
    (named("MEMBER#"), named("OP#"))
}

/// The same reads and the same transaction as an earn makes, with nothing decided in between.
async fn calls(client: &Client, n: u64, account: &Item, entry: &Item) {
    let text = |text: String| AttributeValue::S(text);
    let (member, operation) = (format!("MEMBER#bare:{n}"), format!("OP#order#bare:{n}"));
    let get = client
        .get_item()
        .table_name(LEDGER_TABLE)
        .key("pk", text(member.clone()))
        .key("sk", text("ACCOUNT".to_owned()))
        .consistent_read(true)
        .send();
    let query = client
        .query()
        .table_name(LEDGER_TABLE)
        .consistent_read(true)
        .key_condition_expression("pk = :pk")
        .expression_attribute_values(":pk", text(operation.clone()))
        .scan_index_forward(false)
        .limit(1)
        .send();
    let (got, queried) = tokio::join!(get, query);
    assert!(got.is_ok() && queried.is_ok());
    let put = |item: &Item, pk: String| {
        let mut item = item.clone();
        item.insert("pk".to_owned(), text(pk));
        item.insert("member".to_owned(), text(format!("bare:{n}")));
        let put = Put::builder()
            .table_name(LEDGER_TABLE)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)");
        TransactWriteItem::builder().put(put.build().expect("complete")).build()
    };
    let write = client.transact_write_items();
    let write = write.transact_items(put(account, member)).transact_items(put(entry, operation));
    write.send().await.expect("it is written");
}

//! Each sample in `events/` runs through the real binary of its function, and has its effect.

use std::collections::BTreeMap;

use guerdon_edge::now;
use guerdon_tests::{
    lambda::{Function, HttpAnswer},
    samples::{self, MEMBER, sample},
    world::World,
};
use serde_json::{Value, json};

/// The functions under test, each started once.
struct Functions {
    world: World,
    running: BTreeMap<&'static str, Function>,
    told: Vec<String>,
}

impl Functions {
    async fn start() -> Self {
        let world = World::start(&samples::programme()).await;
        let mut running = BTreeMap::new();
        for name in ["earn", "redeem", "upkeep"] {
            running.insert(name, world.function(name).await);
        }
        Self { world, running, told: Vec::new() }
    }

    fn function(&mut self, sample: &str) -> &mut Function {
        let name = sample.split('-').next().unwrap();
        self.running.get_mut(name).unwrap()
    }

    /// Sends a sample as it is; checks the status, and the points available after it.
    async fn http(&mut self, name: &str, status: u64, available: i64) -> Value {
        self.told.push(name.to_owned());
        let answer = self.function(name).http(&sample(name)).await;
        self.check(name, answer, status, available).await
    }

    async fn check(&self, name: &str, answer: HttpAnswer, status: u64, available: i64) -> Value {
        let function = &self.running[name.split('-').next().unwrap()];
        assert_eq!(answer.status, status, "{name}: {}\n{}", answer.body, function.log());
        assert_eq!(self.available(MEMBER).await, available, "{name}: {}", answer.body);
        answer.body
    }

    async fn available(&self, member: &str) -> i64 {
        use guerdon_domain::{account::Asset, id::MemberId};
        let account = self.world.ledger().account(&MemberId::new(member).unwrap()).await.unwrap();
        account.map_or(0, |account| account.balance(Asset::Points).available)
    }
}

#[tokio::test]
async fn the_samples_tell_their_story() {
    let mut f = Functions::start().await;

    f.http("earn-shopify-customers-create", 200, 50).await;
    let order = f.http("earn-shopify-orders-paid", 200, 50 + 489).await;
    assert_eq!(order["outcome"], "posted");
    let repeated = f.http("earn-shopify-orders-paid", 200, 539).await;
    assert_eq!(repeated["outcome"], "unchanged");
    f.http("earn-shopify-refund", 200, 514).await;

    f.told.push("earn-standard-order-paid".to_owned());
    let standard = sample("earn-standard-order-paid");
    let earn = f.function("earn");
    let stale = earn.http(&standard).await;
    assert_eq!((stale.status, &stale.body["type"]), (401, &json!("/problems/signature")));
    let fresh = earn.http(&samples::signed_now(standard, now())).await;
    assert_eq!((fresh.status, &fresh.body["points"]), (200, &json!(29)), "{}", fresh.body);
    assert_eq!(f.available("standard:lumen:c-7").await, 29);

    f.http("earn-member-event", 200, 534).await;
    f.http("earn-member-event", 200, 534).await;

    f.told.push("earn-retry-batch".to_owned());
    let batch = sample("earn-retry-batch");
    let answer = f.function("earn").invoke(&batch).await.unwrap();
    assert_eq!(
        answer["batchItemFailures"],
        json!([{ "itemIdentifier": "2e1424d4-f796-459a-8184-9c92662be6da" }])
    );
    assert_eq!(f.available(MEMBER).await, 591);

    let redemption = f.http("redeem-redemption", 201, 241).await;
    assert_eq!(redemption["grants"][0]["sku"], "LATTE");
    let again = f.function("redeem").http(&sample("redeem-redemption")).await;
    assert_eq!((again.status, &again.body), (201, &redemption));
    assert_eq!(again.response["headers"]["idempotent-replayed"], "true", "{}", again.response);

    let quote = f.http("redeem-quote", 200, 241).await;
    assert_eq!((&quote["max"], &quote["worth"]["amount"]), (&json!(200), &json!("2.00")));
    f.http("redeem-hold", 201, 141).await;
    f.http("redeem-capture", 201, 141).await;
    f.http("redeem-hold-again", 201, 91).await;
    f.http("redeem-release", 201, 141).await;
    f.http("redeem-adjustment", 201, 166).await;

    let shown = f.http("redeem-show", 200, 166).await;
    assert_eq!((&shown["tier"], &shown["balance"]["held"]), (&json!("bright"), &json!(0)));
    let entries = f.http("redeem-entries", 200, 166).await;
    assert_eq!(entries["entries"].as_array().unwrap().len(), 2, "the sample asks for two");
    assert!(entries["next"].is_string());
    let rewards = f.http("redeem-rewards", 200, 166).await;
    assert_eq!(rewards["rewards"][0]["stock_left"], json!(999));
    let grants = f.http("redeem-grants", 200, 166).await;
    assert_eq!(grants["grants"][0]["reward"], "latte");

    f.told.push("upkeep".to_owned());
    let report = f.function("upkeep").invoke(&sample("upkeep")).await.unwrap();
    assert_eq!(report["stopped_early"], false, "{report}");

    let mut told = std::mem::take(&mut f.told);
    told.sort();
    told.dedup();
    assert_eq!(told, samples::names(), "every sample has its place in the story");

    for (name, function) in &f.running {
        let log = function.log();
        for secret in
            [samples::SHOPIFY_SECRET, samples::API_KEY, "Iwona", "example.com", "panicked"]
        {
            assert!(!log.contains(secret), "the log of {name} says {secret:?}:\n{log}");
        }
    }
}

#[tokio::test]
async fn a_missing_setting_stops_the_start() {
    let world = World::start(&samples::programme()).await;
    let mut function =
        Function::start("earn", &[("AWS_REGION".to_owned(), "us-east-1".to_owned())]).await;
    let event = sample("earn-shopify-orders-paid");
    let ended = tokio::spawn(async move { function.invoke(&event).await }).await;
    let panic = ended.unwrap_err().into_panic();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("LEDGER_TABLE"), "{text}");
    assert!(world.items().await.is_empty());
}

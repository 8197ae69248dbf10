//! DynamoDB or SQS are down, throttle, hang, or do the work and never tell: nothing accepted is lost, nothing happens twice,
//! and a shop has its answer within five seconds.

use std::time::{Duration, Instant};

use guerdon_domain::{account::Asset, id::MemberId};
use guerdon_tests::{
    dynamodb::Mode,
    http::nobody,
    lambda::{Function, HttpAnswer},
    queue::Queue,
    samples::{self, MEMBER, sample},
    world::World,
};
use serde_json::json;

/// How long a shop waits.
const PATIENCE: Duration = Duration::from_secs(5);
/// What the order of the samples earns.
const EARNED: i64 = 489;

async fn in_time(function: &mut Function) -> HttpAnswer {
    let start = Instant::now();
    let answer = function.http(&sample("earn-shopify-orders-paid")).await;
    assert!(start.elapsed() < PATIENCE, "answered after {:?}", start.elapsed());
    answer
}

async fn available(world: &World) -> i64 {
    let account = world.ledger().account(&MemberId::new(MEMBER).unwrap()).await.unwrap();
    account.map_or(0, |account| account.balance(&Asset::Points).available)
}

/// Delivers what waits in the queue, twice, beside a poison message: only the poison stays.
async fn deliver(world: &World, earn: &mut Function) {
    let messages = world.queue.drain();
    assert_eq!(messages.len(), 1, "{messages:?}");
    let batch = Queue::batch(&[("good", &messages[0]), ("poison", "{}")]);
    for _ in 0..2 {
        let answer = earn.invoke(&batch).await.unwrap();
        assert_eq!(answer, json!({ "batchItemFailures": [{ "itemIdentifier": "poison" }] }));
        assert_eq!(available(world).await, EARNED);
    }
}

#[tokio::test]
async fn while_dynamodb_is_down_webhooks_wait_in_the_queue() {
    let world = World::start(&samples::programme()).await;
    let mut cut_off = world.function_with("earn", &nobody().await, &world.queue.url).await;
    let answer = in_time(&mut cut_off).await;
    assert_eq!((answer.status, &answer.body), (202, &json!({ "outcome": "queued" })));

    let mut earn = world.function("earn").await;
    deliver(&world, &mut earn).await;
}

#[tokio::test]
async fn when_the_queue_is_down_too_the_shop_is_asked_to_try_again() {
    let world = World::start(&samples::programme()).await;
    let mut cut_off = world.function_with("earn", &nobody().await, &nobody().await).await;
    let answer = in_time(&mut cut_off).await;
    assert_eq!((answer.status, &answer.body["type"]), (503, &json!("/problems/unavailable")));
    assert_eq!(answer.response["headers"]["retry-after"], "2");
    assert!(
        !answer.body.to_string().contains("127.0.0.1"),
        "a 5xx does not carry its cause: {}",
        answer.body
    );
    assert!(
        cut_off.log().contains("the DynamoDB call Query failed: "),
        "but the log does: {}",
        cut_off.log()
    );

    let events = cut_off.http(&sample("earn-member-event")).await;
    assert_eq!(events.status, 503);
    let mut redeem = world.function_with("redeem", &nobody().await, &world.queue.url).await;
    assert_eq!(redeem.http(&sample("redeem-redemption")).await.status, 503);
    let mut upkeep = world.function_with("upkeep", &nobody().await, &world.queue.url).await;
    assert!(
        upkeep.invoke(&sample("upkeep")).await.is_err(),
        "Lambda tries again, since the sweep fails"
    );
}

#[tokio::test]
async fn while_dynamodb_throttles_calls_are_tried_again() {
    let world = World::start(&samples::programme()).await;
    let mut earn = world.function("earn").await;
    world.proxy.set(Mode::Throttle(3));
    let answer = in_time(&mut earn).await;
    assert_eq!(answer.status, 200, "{}\n{}", answer.body, earn.log());
    assert!(world.proxy.take().calls.len() > 3);
    assert_eq!(available(&world).await, EARNED);
    assert!(world.queue.drain().is_empty());
}

#[tokio::test]
async fn while_dynamodb_throttles_everything_webhooks_wait_in_the_queue() {
    let world = World::start(&samples::programme()).await;
    let mut earn = world.function("earn").await;
    world.proxy.set(Mode::Throttle(u32::MAX));
    assert_eq!(in_time(&mut earn).await.status, 202);
    world.proxy.set(Mode::Pass);
    deliver(&world, &mut earn).await;
}

#[tokio::test]
async fn while_dynamodb_hangs_webhooks_wait_in_the_queue() {
    let world = World::start(&samples::programme()).await;
    let mut earn = world.function("earn").await;
    world.proxy.set(Mode::Hang);
    assert_eq!(in_time(&mut earn).await.status, 202);
    world.proxy.set(Mode::Pass);
    deliver(&world, &mut earn).await;
}

#[tokio::test]
async fn what_was_done_without_an_answer_is_not_done_again() {
    let world = World::start(&samples::programme()).await;
    let mut earn = world.function("earn").await;
    world.proxy.set(Mode::LoseAnswers);
    assert_eq!(in_time(&mut earn).await.status, 202);
    assert_eq!(available(&world).await, EARNED, "it was done");
    world.proxy.set(Mode::Pass);
    deliver(&world, &mut earn).await;

    let mut redeem = world.function("redeem").await;
    world.proxy.set(Mode::LoseAnswers);
    assert_eq!(redeem.http(&sample("redeem-redemption")).await.status, 503);
    world.proxy.set(Mode::Pass);
    let again = redeem.http(&sample("redeem-redemption")).await;
    assert_eq!(
        (again.status, &again.response["headers"]["idempotent-replayed"]),
        (201, &json!("true"))
    );
    assert_eq!(available(&world).await, EARNED - 350);
}

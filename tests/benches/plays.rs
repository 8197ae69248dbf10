//! Plays of instant wins, against as many bare conditional updates of one item: same engine, same client, same run.
//!
//! `cargo bench -p guerdon-tests --bench plays`. Rounds of all alternate, so that a machine that slows down slows all. Each round is
//! played by so many members at once. The engine is in this process, and one writer at a time: on AWS what waits for one item waits,
//! and nothing else does.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use futures_util::future::join_all;
use guerdon::engine::{Data, Engine, RAFFLE_TABLE};
use guerdon_domain::{
    id::{MemberId, Operation, RequestKey},
    play::{Paid, Play},
    programme::Versions,
};
use guerdon_store::{Ledger, Notice, Request};
use jiff::Timestamp;

const PROGRAMME: &str = r#"
[programme]
name = "Club"
currency = "EUR"

[[instant_win]]
id = "chance"
opens = "2026-01-01"
closes = "2030-01-01"
wins = { chance = 1, of = 1000 }
prizes = [{ id = "mug", gives = [{ points = 5 }] }]
free = { plays = 1000, per = "ever" }

[[instant_win]]
id = "one-counter"
opens = "2026-01-01"
closes = "2030-01-01"
wins = { every = 100 }
prizes = [{ id = "mug", gives = [{ points = 5 }] }]
free = { plays = 1000, per = "ever" }

[[instant_win]]
id = "many-counters"
opens = "2026-01-01"
closes = "2030-01-01"
wins = { every = 100, counters = 64 }
prizes = [{ id = "mug", gives = [{ points = 5 }] }]
free = { plays = 1000, per = "ever" }
"#;

const ROUNDS: u64 = 30;
const EACH: u64 = 16;
const GAMES: [&str; 3] = ["chance", "many-counters", "one-counter"];

#[tokio::main]
async fn main() {
    let engine = Engine::start(&Data::Memory).await.expect("the engine starts");
    let ledger = engine.ledger();
    let now: Timestamp = "2026-03-03T10:00:00Z".parse().expect("a timestamp");
    ledger.publish(PROGRAMME, now, now, Notice::Given).await.expect("it is in order");
    let versions = ledger.versions().await.expect("one is published");

    for members in [1, EACH] {
        let mut took = [Duration::ZERO; 4];
        for round in 0..ROUNDS {
            for (game, took) in GAMES.iter().zip(&mut took) {
                let start = Instant::now();
                for batch in 0..EACH / members {
                    let players = (0..members).map(|member| {
                        play(&ledger, &versions, game, (member, round * EACH + batch), now)
                    });
                    join_all(players).await;
                }
                if round > 0 {
                    *took += start.elapsed();
                }
            }
            let start = Instant::now();
            for n in 0..EACH {
                update(&engine.client, members, round * EACH + n).await;
            }
            if round > 0 {
                took[3] += start.elapsed();
            }
        }
        let [.., bare] = took;
        let plays = (ROUNDS - 1) * EACH;
        println!("{members} at a time, {plays} plays each:");
        for (what, took) in GAMES.iter().chain(&["bare updates"]).zip(took) {
            let a_second = u128::from(plays) * 1_000_000_000 / took.as_nanos().max(1);
            let ratio = took.as_nanos() * 100 / bare.as_nanos().max(1);
            println!(
                "  {what:14} {a_second:5} a second, {}.{:02} of a bare update",
                ratio / 100,
                ratio % 100
            );
        }
    }
}

async fn play(
    ledger: &Ledger,
    versions: &Versions,
    game: &str,
    (member, number): (u64, u64),
    now: Timestamp,
) {
    let member = MemberId::new(format!("bench:{member}")).expect("an id");
    let key = RequestKey::new(format!("{game}-{number}")).expect("a key");
    let operation = Operation::request(&member, &key);
    let request = Request { operation: operation.clone(), digest: game.to_owned() };
    let play = Play { operation, game: game.to_owned(), paid: Paid::Free };
    let random = || 7;
    ledger.play(&member, versions, &request, &play, now, &random).await.expect("it is taken");
}

/// What a play would be if it were nothing but the next number of a counter.
async fn update(client: &Client, counter: u64, n: u64) {
    let number = |n: u64| AttributeValue::N(n.to_string());
    let update = client
        .update_item()
        .table_name(RAFFLE_TABLE)
        .key("pk", AttributeValue::S(format!("BARE#{counter}")))
        .key("sk", AttributeValue::S("COUNTER".to_owned()))
        .update_expression("SET plays = :next")
        .condition_expression("attribute_not_exists(plays) OR plays = :before")
        .expression_attribute_values(":next", number(n + 1))
        .expression_attribute_values(":before", number(n));
    update.send().await.expect("it is written");
}

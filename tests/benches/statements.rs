//! A run of statements, against reading the same items bare: same engine, same client, as many at a time.
//!
//! `cargo bench -p guerdon-tests --bench statements`. The engine is in this process and answers over loopback, without TLS and
//! without a network: on AWS the calls take longer and our share is smaller.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::{StreamExt as _, stream};
use guerdon::engine::{Data, Engine, LEDGER_TABLE, tables};
use guerdon_archive::Archive;
use guerdon_domain::{
    account::{Account, Asset},
    adjust::{self, Adjust},
    id::{MemberId, Operation, RequestKey},
    profile::{Profile, Wanted},
};
use guerdon_edge::{Edge, config::Config, now, queue::RetryQueue};
use guerdon_store::{Notice, Programmes, Request};
use jiff::Timestamp;
use statement::{Run, Statements, Whose};

const MEMBERS: u64 = 2000;
const ENTRIES: u64 = 5;
const AT_ONCE: usize = 16;
const ROUNDS: usize = 7;

fn member(n: u64) -> MemberId {
    MemberId::new(format!("shopify:acme.myshopify.com:{n}")).expect("a name")
}

#[tokio::main]
async fn main() {
    let engine = Engine::start(&Data::Memory).await.expect("the engine starts");
    let ledger = engine.ledger();
    let january: Timestamp = "2026-01-20T10:00:00Z".parse().expect("a timestamp");
    let run_at: Timestamp = "2026-02-01T05:00:00Z".parse().expect("a timestamp");
    let source = guerdon::local::EXAMPLE_PROGRAMME;
    ledger.publish(source, january, january, Notice::Given).await.expect("it is in order");
    let config = Config::local(tables(), Some(engine.chance.clone()));
    let edge = Edge {
        config: Config { public_url: "https://club.example".to_owned(), ..config },
        programmes: Programmes::new(ledger.clone()),
        ledger,
        queue: RetryQueue::None,
    };
    let mut filling =
        stream::iter(0..MEMBERS).map(|n| fill(&edge, n, january)).buffer_unordered(AT_ONCE);
    while filling.next().await.is_some() {}

    let mut rounds: Vec<Round> = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        bare(&engine).await;
        let bare = start.elapsed();
        let statements = Statements::outbox(edge.clone(), Archive::memory());
        let whose = Whose::Segment { segment: 0, segments: 1, start: None };
        let run = Run { period: "2026-01".parse().expect("a period"), whose };
        let start = Instant::now();
        let report = statements.run(&run, run_at, now, Timestamp::MAX).await.expect("it runs");
        let made = start.elapsed();
        assert_eq!((report.made, report.sent), (MEMBERS, MEMBERS), "{report:?}");
        let ratio = made.as_micros() * 1000 / bare.as_micros().max(1);
        rounds.push(Round { ratio, bare, made });
    }
    rounds.sort_unstable_by_key(|round| round.ratio);
    let each = u32::try_from(MEMBERS).expect("few");
    for Round { ratio, bare, made } in &rounds {
        let (bare, made) = (*bare / each, *made / each);
        let a_second = 1_000_000 / made.as_micros().max(1);
        println!(
            "bare {bare:?} each, made and sent {made:?} ({a_second} a second): {}",
            times(*ratio)
        );
    }
    let median = rounds.get(ROUNDS / 2).expect("a round");
    println!("median ratio: {}", times(median.ratio));
}

/// Both, one after the other.
struct Round {
    /// In thousandths.
    ratio: u128,
    bare: Duration,
    made: Duration,
}

fn times(thousandths: u128) -> String {
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

async fn fill(edge: &Edge, n: u64, now: Timestamp) {
    let member = member(n);
    let versions = edge.programmes.versions().await.expect("a programme");
    for entry in 0..ENTRIES {
        let key = RequestKey::new(format!("k{entry}")).expect("a key");
        let operation = Operation::request(&member, &key);
        let adjust = Adjust {
            operation: operation.clone(),
            asset: Asset::Points,
            amount: 10,
            reason: "a visit".to_owned(),
            by: "bench".to_owned(),
        };
        let request = Request { operation, digest: String::new() };
        let decide = |account: &Account| adjust::decide(account, &versions, &adjust, now);
        edge.ledger.post(&member, &versions, &request, now, decide).await.expect("it is posted");
    }
    let email = format!("m{n}@example.com").parse().ok();
    let wanted = Wanted { email, statements: true, ..Wanted::default() };
    let change = |profile: Profile| profile.changed(wanted.clone(), now);
    edge.ledger.change_profile(&member, change).await.expect("it is kept");
}

/// Scans the members' items, and asks for the history and the profile of each, as many at a time as a run.
async fn bare(engine: &Engine) {
    let mut start = None;
    loop {
        let page = engine
            .client
            .scan()
            .table_name(LEDGER_TABLE)
            .filter_expression("begins_with(pk, :member)")
            .expression_attribute_values(":member", AttributeValue::S("MEMBER#".to_owned()))
            .set_exclusive_start_key(start);
        let page = page.send().await.expect("a page");
        let items = page.items.unwrap_or_default();
        let accounts = items.into_iter().filter_map(|item| item.get("member").cloned());
        let mut histories = stream::iter(accounts)
            .map(async |member| {
                let query = engine
                    .client
                    .query()
                    .table_name(LEDGER_TABLE)
                    .index_name("history")
                    .key_condition_expression("#member = :member")
                    .expression_attribute_names("#member", "member")
                    .expression_attribute_values(":member", member.clone())
                    .scan_index_forward(false)
                    .limit(24);
                query.send().await.expect("a history");
                let name = member.as_s().expect("a text");
                let profile = engine.client.get_item().table_name(LEDGER_TABLE);
                let profile = profile
                    .key("pk", AttributeValue::S(format!("MEMBER#{name}")))
                    .key("sk", AttributeValue::S("PROFILE".to_owned()))
                    .consistent_read(true);
                profile.send().await.expect("a profile");
            })
            .buffer_unordered(AT_ONCE);
        while histories.next().await.is_some() {}
        start = page.last_evaluated_key;
        if start.is_none() {
            return;
        }
    }
}

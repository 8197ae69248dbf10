//! Statements on an engine: pages of whole members, and a run that is interrupted anywhere and repeated, by an outbox and by a
//! mail service that loses answers.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aws_sdk_sesv2::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::{StreamExt as _, stream};
use guerdon_archive::Archive;
use guerdon_domain::profile::Wanted;
use guerdon_edge::{Edge, config::Config, now};
use guerdon_store::{Notice, StoreError};
use guerdon_tests::http::Server;
use jiff::Timestamp;
use serde_json::{Value, json};
use statement::{
    Report, Run, Statements, Whose,
    send::{Sender, Ses},
};
use tokio::sync::Notify;

use super::bench::{Bench, PROGRAMME, at, member, on_every_engine};

const BRAND: &str = r#"
[brand]
sender = "Club <club@club.example>"
"#;
/// In the month that statements are made of.
const JANUARY: &str = "2026-01-20T10:00:00Z";
/// When the run is.
const RUN: &str = "2026-02-01T05:00:00Z";
const SEGMENTS: u32 = 4;

/// A bench with so many members, each with an entry and a profile.
async fn crowd(bench: &Bench, members: u64) {
    let brand = format!("{PROGRAMME}{BRAND}");
    bench.ledger.publish(&brand, at("2026-01-02"), at("2026-01-02"), Notice::Waived).await.unwrap();
    let mut joining = stream::iter(0..members)
        .map(async |n| {
            bench.adjust(n, "join", 50, JANUARY).await.unwrap();
            let wanted = Wanted {
                email: format!("m{n}@example.com").parse().ok(),
                statements: true,
                ..Wanted::default()
            };
            let change = |profile: guerdon_domain::profile::Profile| {
                profile.changed(wanted.clone(), at(JANUARY))
            };
            bench.ledger.change_profile(&member(n), change).await.unwrap();
        })
        .buffer_unordered(16);
    while joining.next().await.is_some() {}
}

/// How many members a run is tried with: `GUERDON_STATEMENTS`, or enough for a test.
fn members_count(few: u64) -> u64 {
    std::env::var("GUERDON_STATEMENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

fn edge(bench: &Bench) -> Edge {
    let edge = bench.edge();
    let config =
        Config::local(edge.config.tables.clone(), Some(guerdon_domain::chance::ChanceKey([7; 32])));
    Edge { config: Config { public_url: "https://club.example".to_owned(), ..config }, ..edge }
}

fn segment(segment: u32, start: Option<String>) -> Run {
    let whose = Whose::Segment { segment, segments: SEGMENTS, start };
    Run { period: "2026-01".parse().unwrap(), whose }
}

/// Runs a segment of so many members as the state machine does, from report to report.
async fn whole(statements: &Statements, number: u32, members: u64) -> Vec<Report> {
    let mut reports: Vec<Report> = Vec::new();
    let mut start: Option<String> = None;
    loop {
        let run = segment(number, start.take());
        // Its time is up after a fifth of them, often in the middle of a page.
        let asked = AtomicU64::new(0);
        let clock = || {
            let late = asked.fetch_add(1, Ordering::Relaxed) > members / u64::from(SEGMENTS) / 5;
            if late { Timestamp::MAX } else { at(RUN) }
        };
        let report = statements.run(&run, at(RUN), clock, at("2026-03-01")).await.unwrap();
        start.clone_from(&report.next);
        reports.push(report);
        if start.is_none() {
            return reports;
        }
    }
}

/// Runs segments of so many members in all again and again, each time cut off, as a crash would, soon after one of its members
/// was begun.
async fn interrupted(statements: &Statements, members: u64, seed: u64) {
    let attempts = if members > 10_000 { 8 } else { 24 };
    let each = members / u64::from(SEGMENTS);
    for attempt in 0..attempts {
        let spread = (seed ^ (attempt * 0x9E37_79B9)) % 65_536;
        // Anywhere, and more often early than late, so that many can be tried.
        let last = spread % each * (spread / each % each) / each;
        let (begun, reached) = (AtomicU64::new(0), Notify::new());
        let clock = || {
            if begun.fetch_add(1, Ordering::Relaxed) == last {
                reached.notify_one();
            }
            now()
        };
        let run = segment(u32::try_from(attempt % u64::from(SEGMENTS)).unwrap(), None);
        let cut = async {
            reached.notified().await;
            tokio::time::sleep(Duration::from_micros(spread / 8)).await;
        };
        tokio::select! {
            _ = statements.run(&run, at(RUN), clock, Timestamp::MAX) => {}
            () = cut => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_member_is_on_one_page_and_whole() {
    on_every_engine(async |bench| {
        let count = 300;
        crowd(&bench, count).await;
        for segments in [1, 3, 7] {
            let mut seen = BTreeSet::new();
            for segment in 0..segments {
                let mut start: Option<String> = None;
                loop {
                    let page =
                        bench.ledger.members(segment, segments, start.as_deref()).await.unwrap();
                    for (member, record) in page.members {
                        let record = record.unwrap();
                        assert!(record.account.is_some() && record.profile.email.is_some());
                        assert!(seen.insert(member), "a member is on two pages");
                    }
                    start = page.next;
                    if start.is_none() {
                        break;
                    }
                }
            }
            assert_eq!(seen.len(), usize::try_from(count).unwrap());
        }
        let nowhere = bench.ledger.members(0, 1, Some("no place")).await;
        assert!(matches!(nowhere, Err(StoreError::Corrupt { .. })));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_lags_behind_is_not_taken_for_whole() {
    on_every_engine(async |bench| {
        for n in 0..130 {
            bench.adjust(1, &format!("k{n}"), 1, JANUARY).await.unwrap();
        }
        let account = bench.ledger.account(&member(1)).await.unwrap().unwrap();
        let entries = bench.ledger.history_back_to(&account, |_| true).await.unwrap();
        let sequences: Vec<u64> = entries.iter().map(|entry| entry.sequence).collect();
        assert_eq!(sequences, (1..=130).rev().collect::<Vec<_>>());
        let some =
            bench.ledger.history_back_to(&account, |entry| entry.sequence > 100).await.unwrap();
        assert_eq!(some.len(), 31);
        let ahead = guerdon_domain::account::Account { sequence: 131, ..account };
        let behind = bench.ledger.history_back_to(&ahead, |_| true).await;
        assert!(matches!(behind, Err(StoreError::Behind { sequence: 131 })), "{behind:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_interrupted_and_repeated_sends_each_mail_once() {
    on_every_engine(async |bench| {
        let count = members_count(2000);
        crowd(&bench, count).await;
        let archive = Archive::memory();
        let statements = Statements::outbox(edge(&bench), archive.clone());
        interrupted(&statements, count, 7).await;
        let before = archive.list(&["outbox"]).await.unwrap().len();
        let mut sum = Report::default();
        for number in 0..SEGMENTS {
            let reports = whole(&statements, number, count).await;
            assert!(reports.len() > 2, "they were stopped, and went on: {}", reports.len());
            for report in reports {
                assert!(report.failed.is_empty() && report.unsure.is_empty(), "{report:?}");
                sum.made += report.made;
                sum.already += report.already;
                sum.sent += report.sent;
                sum.sent_before += report.sent_before;
            }
        }
        assert_eq!(sum.made + sum.already, count);
        assert_eq!(sum.sent + sum.sent_before, count);
        assert_eq!(sum.sent_before, u64::try_from(before).unwrap());
        assert!(before > 0 && sum.sent > 0, "the runs were cut off in the middle: {before} before");
        for place in ["statements", "outbox"] {
            let kept = archive.list(&[place]).await.unwrap();
            let expected = (0..count).map(|n| member(n).to_string());
            let names = kept.iter().map(|place| {
                place[2].trim_end_matches(".json").trim_end_matches(".eml").to_owned()
            });
            assert_eq!(
                names.collect::<BTreeSet<_>>(),
                expected.collect::<BTreeSet<_>>(),
                "{place}"
            );
        }
    })
    .await;
}

/// A mail service that counts, and now and then refuses, or sends and loses its answer.
#[derive(Debug, Clone, Default)]
struct Service {
    sent: Arc<Mutex<BTreeMap<String, u32>>>,
    asked: Arc<Mutex<u64>>,
    heals: Arc<Mutex<bool>>,
}

fn refusal(kind: &str) -> Response {
    let headers = [("x-amzn-errortype", kind.to_owned())];
    (StatusCode::BAD_REQUEST, headers, Json(json!({ "message": "m1@example.com is no address" })))
        .into_response()
}

async fn take(State(service): State<Service>, Json(request): Json<Value>) -> Response {
    let to = request["Destination"]["ToAddresses"][0].as_str().unwrap().to_owned();
    let message = STANDARD.decode(request["Content"]["Raw"]["Data"].as_str().unwrap()).unwrap();
    let message = String::from_utf8(message).unwrap();
    assert!(
        message.contains(&format!("To: <{to}>")) && message.contains("List-Unsubscribe"),
        "{message}"
    );
    assert_eq!(request["EmailTags"][0]["Name"], "member");
    assert_eq!(request["ConfigurationSetName"], "set");
    let number = {
        let mut asked = service.asked.lock().unwrap_or_else(PoisonError::into_inner);
        *asked += 1;
        *asked
    };
    let healed = *service.heals.lock().unwrap_or_else(PoisonError::into_inner);
    // Whose address it does not like, it never does before it is healed; the rest is by turns.
    if to.contains("3@") && !healed {
        return refusal("MessageRejected");
    }
    if number.is_multiple_of(5) {
        return refusal("TooManyRequestsException");
    }
    *service.sent.lock().unwrap_or_else(PoisonError::into_inner).entry(to).or_default() += 1;
    if number % 10 == 7 && !healed {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    Json(json!({ "MessageId": format!("id-{number}") })).into_response()
}

/// A client of a mail service at an address.
fn client(url: &str) -> aws_sdk_sesv2::Client {
    let config = aws_sdk_sesv2::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(url)
        .region(Region::new("local"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .retry_config(RetryConfig::disabled())
        .build();
    aws_sdk_sesv2::Client::from_conf(config)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_service_that_refuses_and_loses_answers_sends_no_mail_twice() {
    let embedded = guerdon::engine::Engine::start(&guerdon::engine::Data::Memory).await.unwrap();
    let bench = Bench::new(&embedded.client).await;
    let count = 200;
    crowd(&bench, count).await;
    let service = Service::default();
    let server = Server::start(
        Router::new().route("/v2/email/outbound-emails", post(take)).with_state(service.clone()),
    )
    .await;
    let client = client(&server.url);
    let archive = Archive::memory();
    let ses = Ses { client, configuration_set: "set".to_owned(), claims: archive.clone() };
    let statements = Statements { edge: edge(&bench), archive, sender: Sender::Ses(Box::new(ses)) };
    interrupted(&statements, count, 11).await;
    let mut unsure = BTreeSet::new();
    let mut refused = BTreeSet::new();
    for number in 0..SEGMENTS {
        for report in whole(&statements, number, count).await {
            unsure.extend(report.unsure);
            for failed in report.failed {
                assert_eq!(
                    failed.why, "SES refused the mail: MessageRejected",
                    "no address is told"
                );
                refused.insert(failed.member);
            }
        }
    }
    assert!(!unsure.is_empty() && !refused.is_empty(), "{unsure:?} {refused:?}");
    *service.heals.lock().unwrap() = true;
    let again = Run {
        period: "2026-01".parse().unwrap(),
        whose: Whose::Members { members: refused.into_iter().collect() },
    };
    let report = statements.run(&again, at(RUN), now, Timestamp::MAX).await.unwrap();
    assert!(report.failed.is_empty() && report.unsure.is_empty() && report.sent > 0, "{report:?}");
    for number in 0..SEGMENTS {
        for report in whole(&statements, number, count).await {
            assert_eq!((report.sent, report.failed.len()), (0, 0), "all is settled: {report:?}");
        }
    }
    let sent = service.sent.lock().unwrap().clone();
    assert!(sent.values().all(|times| *times == 1), "{sent:?}");
    for n in 0..count {
        let was = sent.contains_key(&format!("m{n}@example.com"));
        assert!(was || unsure.contains(&member(n)), "member {n} has no mail, and nobody says so");
    }
    embedded.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_service_that_is_not_there_leaves_nothing_in_doubt() {
    let embedded = guerdon::engine::Engine::start(&guerdon::engine::Data::Memory).await.unwrap();
    let bench = Bench::new(&embedded.client).await;
    crowd(&bench, 20).await;
    let archive = Archive::memory();
    let ses = |url: &str| {
        let client = client(url);
        let ses = Ses { client, configuration_set: "set".to_owned(), claims: archive.clone() };
        let (archive, sender) = (archive.clone(), Sender::Ses(Box::new(ses)));
        Statements { edge: edge(&bench), archive, sender }
    };
    // Nobody listens there.
    let nowhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let all = Run {
        period: "2026-01".parse().unwrap(),
        whose: Whose::Segment { segment: 0, segments: 1, start: None },
    };
    let statements = ses(&format!("http://{nowhere}"));
    let report = statements.run(&all, at(RUN), now, Timestamp::MAX).await.unwrap();
    assert_eq!((report.failed.len(), report.unsure.len()), (20, 0), "{report:?}");
    let service = Service::default();
    *service.heals.lock().unwrap() = true;
    let server = Server::start(
        Router::new().route("/v2/email/outbound-emails", post(take)).with_state(service.clone()),
    )
    .await;
    let report = ses(&server.url).run(&all, at(RUN), now, Timestamp::MAX).await.unwrap();
    assert_eq!((report.sent, report.failed.len(), report.already), (20, 0, 20), "{report:?}");
    embedded.stop().await;
}

//! A raffle from its announcement to its prizes: over HTTP, with a published round of the beacon, checked by the verifier.

use std::{
    fs::File,
    num::NonZero,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use aws_sdk_secretsmanager::config::Credentials;
use axum::{Router, routing::get};
use guerdon_archive::Archive;
use guerdon_domain::draw::{beacon::CHAIN, hash::Hash, record::Record};
use guerdon_tests::{aws::Services, http::Server, world::World};
use guerdon_verifier::report::{self, Check, List};
use jiff::Timestamp;
use lambda_http::{Body, Request, RequestExt};
use object_store::aws::AmazonS3Builder;
use raffle_draw::{
    Due, Raffles, StepError,
    beacon::Source,
    schedules::{EventBridge, Schedules},
    vault::Vault,
};
use serde_json::{Value, json};

/// Quicknet's round 123, of 2023-08-23T15:15:33Z, as published.
const SIGNATURE: &str = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92";

const PROGRAMME: &str = r#"
[programme]
name = "Club"
currency = "EUR"

[[earn]]
id = "welcome"
on = "sign-up"
points = 100

[[raffle]]
id = "spring"
name = "Spring <raffle>"
opens = "2023-08-01"
closes = "2023-08-23T15:00:00Z"
draws = "2023-08-23T15:15:32Z"
prizes = [
  { id = "bike", name = "A bicycle" },
  { id = "credit", name = "Ten euro", count = 2, gives = [{ credit = "10.00 EUR" }] },
]
alternates = 2
price = { points = 10 }
free = { entries = 1, per = "day" }
limit = 8
"#;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A function in a world of its own, with a beacon that may be told to be away, or to lie.
struct Stage {
    raffles: Raffles,
    world: World,
    away: Arc<AtomicBool>,
    _beacon: Server,
}

impl Stage {
    async fn new(signature: &'static str) -> Self {
        let world = World::start(PROGRAMME).await;
        let away = Arc::new(AtomicBool::new(false));
        let is_away = away.clone();
        let answer = move || async move {
            if is_away.load(Ordering::Relaxed) {
                return (axum::http::StatusCode::NOT_FOUND, String::new());
            }
            let body =
                json!({ "round": 123, "signature": signature, "randomness": "not looked at" });
            (axum::http::StatusCode::OK, body.to_string())
        };
        let router = Router::new().route(&format!("/{CHAIN}/public/123"), get(answer));
        let beacon = Server::start(router).await;
        let raffles = Raffles {
            edge: world.edge(),
            vault: Vault::Memory(Mutex::default()),
            archive: Archive::folder(world.records()).unwrap(),
            schedules: Schedules::Sweep,
            beacon: Source::new(&beacon.url).unwrap(),
        };
        Self { raffles, world, away, _beacon: beacon }
    }

    /// Takes what is due, of this raffle.
    async fn due(&self, now: &str) -> Result<(), StepError> {
        let due = Due { raffle: Some("spring".to_owned()) };
        let far = Timestamp::MAX;
        raffle_draw::due(&self.raffles, &due, at(now), guerdon_edge::now, far).await.map(|_| ())
    }

    async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        now: &str,
    ) -> (u16, String) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut request: Request = lambda_http::http::Request::builder()
            .method(method)
            .uri(format!("http://localhost{path}"))
            .header("authorization", "Bearer local")
            .header("idempotency-key", Hash::of(format!("{body:?}").as_bytes()).to_string())
            .body(body.map_or(Body::Empty, |body| Body::Text(body.to_string())))
            .unwrap()
            .with_raw_http_path(path);
        if let Some((name, value)) = query.split_once('=') {
            let query = [(name.to_owned(), vec![value.to_owned()])];
            request = request.with_query_string_parameters(std::collections::HashMap::from(query));
        }
        let response = raffle_draw::handle(&self.raffles, at(now), request).await;
        let Body::Text(text) = response.body() else { panic!("no text") };
        (response.status().as_u16(), text.clone())
    }

    async fn get(&self, path: &str) -> Value {
        let (status, text) = self.call("GET", path, None, "2023-08-23T16:00:00Z").await;
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn enters(&self, member: u32, entries: i64, now: &str) -> (u16, Value) {
        let (free, member) = (entries == 0, format!("shop:m{member}"));
        let body = json!({ "member": member, "entries": entries.max(1), "free": free });
        let (status, text) = self.call("POST", "/raffles/spring/entries", Some(body), now).await;
        (status, serde_json::from_str(&text).unwrap())
    }
}

async fn join(stage: &Stage, member: u32) {
    let member = guerdon_domain::id::MemberId::new(format!("shop:m{member}")).unwrap();
    let ledger = stage.world.ledger();
    let versions = ledger.versions().await.unwrap();
    let (name, now) = (guerdon_domain::event::SIGN_UP.to_owned(), at("2023-08-02T00:00:00Z"));
    let event = guerdon_domain::event::MemberEvent { member, name, key: None, at: now };
    ledger.event(&versions, &event, now).await.unwrap();
}

#[tokio::test]
async fn a_raffle_is_drawn_once_and_anyone_can_check_it() {
    let stage = Stage::new(SIGNATURE).await;
    stage.due("2023-07-01T00:00:00Z").await.unwrap();
    let announced = stage.get("/raffles/spring").await;
    assert_eq!(announced["stage"], "announced");
    assert_eq!(announced["beacon"]["round"], 123);
    let (status, early) = stage.enters(1, 0, "2023-07-02T00:00:00Z").await;
    assert_eq!((status, &early["condition"]), (409, &json!("not-yet-open")));

    for member in 1..=6 {
        join(&stage, member).await;
        let (status, answer) =
            stage.enters(member, i64::from(member), "2023-08-10T00:00:00Z").await;
        assert_eq!(status, 201, "{answer}");
    }
    let (status, free) = stage.enters(1, 0, "2023-08-10T01:00:00Z").await;
    assert_eq!(status, 201, "{free}");
    // The same again is the same, and one more is too much for a day, for the limit, for the points.
    assert_eq!(stage.enters(1, 0, "2023-08-10T01:00:00Z").await, (201, free));
    for (member, entries, condition) in [(6, 3, "too-many-entries"), (5, 99, "too-many-entries")] {
        let (status, refused) = stage.enters(member, entries, "2023-08-10T02:00:00Z").await;
        assert_eq!((status, &refused["condition"]), (409, &json!(condition)));
    }
    for (entries, status, condition) in [
        (json!(-5), 422, "/problems/not-positive"),
        (json!(9_000_000_000_000_000_i64), 422, "/problems/out-of-range"),
        (json!("two"), 400, "/problems/malformed"),
    ] {
        let body = json!({ "member": "shop:m2", "entries": entries, "free": false });
        let path = "/raffles/spring/entries";
        let (answered, text) = stage.call("POST", path, Some(body), "2023-08-10T02:00:00Z").await;
        let problem: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((answered, &problem["type"]), (status, &json!(condition)), "{text}");
    }
    let (status, late) = stage.enters(6, 1, "2023-08-23T15:00:00Z").await;
    assert_eq!((status, &late["condition"]), (409, &json!("closed")));

    // Steps fired twice, out of order, and before their time.
    stage.due("2023-08-23T15:04:59Z").await.unwrap();
    assert_eq!(stage.get("/raffles/spring").await["stage"], "closed");
    assert_eq!(
        stage.call("GET", "/raffles/spring/record", None, "2023-08-23T15:05:00Z").await.0,
        409
    );
    stage.due("2023-08-23T15:05:00Z").await.unwrap();
    stage.due("2023-08-23T15:05:00Z").await.unwrap();
    let frozen = stage.get("/raffles/spring").await;
    assert_eq!(
        (&frozen["stage"], &frozen["entrants"], &frozen["tickets"]),
        (&json!("frozen"), &json!(6), &json!(22))
    );
    assert_eq!(frozen["commitment"], announced["commitment"]);
    assert_eq!(
        stage.call("GET", "/raffles/spring/list", None, "2023-08-23T15:06:00Z").await.0,
        409
    );

    // Without the beacon that was promised the draw waits.
    stage.away.store(true, Ordering::Relaxed);
    let waits = stage.due("2023-08-23T15:16:00Z").await.unwrap_err();
    assert!(matches!(waits, StepError::Beacon(_)), "{waits}");
    assert_eq!(stage.get("/raffles/spring").await["stage"], "frozen");
    stage.away.store(false, Ordering::Relaxed);
    let (one, two) =
        tokio::join!(stage.due("2023-08-23T15:16:00Z"), stage.due("2023-08-23T15:16:00Z"));
    one.and(two).unwrap();
    let drawn = stage.get("/raffles/spring").await;
    assert_eq!(drawn["stage"], "published");
    let (_, text) = stage.call("GET", "/raffles/spring/record", None, "2023-08-23T16:00:00Z").await;
    stage.due("2023-09-01T00:00:00Z").await.unwrap();
    let (_, again) =
        stage.call("GET", "/raffles/spring/record", None, "2023-08-23T16:00:00Z").await;
    assert_eq!(text, again, "a draw is not repeated");
    check(&stage, &text).await;
    assert_eq!(copies(&stage), [text.as_str()]);

    let record = Record::parse(text.as_bytes()).unwrap();
    let places = prizes(&stage, &record).await;
    assert_eq!(places, [1, 2, 3], "each prize is given once");

    // A winner who may not have it is replaced by the next alternate, on the record, with a reason.
    let (gone, next) = (record.winners[1].entrant, record.reserves[0].entrant);
    let now = at("2023-08-24T00:00:00Z");
    let replaced = stage.raffles.disqualify("spring", gone, "an employee", now).await.unwrap();
    assert_eq!(replaced, Some(next));
    assert!(stage.raffles.disqualify("spring", gone, "again", now).await.is_err());
    stage.due("2023-08-24T00:00:00Z").await.unwrap();
    let (_, edition) =
        stage.call("GET", "/raffles/spring/record", None, "2023-08-25T00:00:00Z").await;
    check(&stage, &edition).await;
    let mut both = [text.as_str(), edition.as_str()];
    both.sort_unstable();
    assert_eq!(copies(&stage), both, "an edition never takes another's place");
    let text = edition;
    let record = Record::parse(text.as_bytes()).unwrap();
    assert_eq!(record.disqualified[0].reason, "an employee");
    assert_eq!(prizes(&stage, &record).await, [1, 2, 2, 3], "the alternate has the prize, too");
}

/// The copies of records, as they are kept beside Guerdon.
fn copies(stage: &Stage) -> Vec<String> {
    let files = std::fs::read_dir(stage.world.records().join("spring")).unwrap();
    let mut texts: Vec<_> =
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    texts.sort_unstable();
    texts
}

#[tokio::test]
async fn whoever_replaces_a_winner_has_the_prize_though_the_run_broke_off() {
    let stage = Stage::new(SIGNATURE).await;
    stage.due("2023-07-01T00:00:00Z").await.unwrap();
    for member in 1..=6 {
        join(&stage, member).await;
        assert_eq!(stage.enters(member, 1, "2023-08-10T00:00:00Z").await.0, 201);
    }
    // The archive is away: the draw stands, and no prize is given before its record is kept.
    std::fs::remove_dir(stage.world.records()).unwrap();
    std::fs::write(stage.world.records(), "no folder").unwrap();
    let waits = stage.due("2023-08-23T15:16:00Z").await.unwrap_err();
    assert!(matches!(waits, StepError::Archive(_)), "{waits}");
    let (_, text) = stage.call("GET", "/raffles/spring/record", None, "2023-08-23T16:00:00Z").await;
    let record = Record::parse(text.as_bytes()).unwrap();
    assert_eq!(prizes(&stage, &record).await, Vec::<u64>::new());
    std::fs::remove_file(stage.world.records()).unwrap();
    stage.due("2023-08-23T15:17:00Z").await.unwrap();
    assert_eq!(prizes(&stage, &record).await, [1, 2, 3]);

    std::fs::rename(stage.world.records(), stage.world.records().with_extension("away")).unwrap();
    std::fs::write(stage.world.records(), "no folder").unwrap();
    let (gone, now) = (record.winners[1].entrant, at("2023-08-24T00:00:00Z"));
    stage.raffles.disqualify("spring", gone, "an employee", now).await.unwrap();
    let broken = stage.due("2023-08-24T00:00:00Z").await.unwrap_err();
    assert!(matches!(broken, StepError::Archive(_)), "{broken}");
    assert_eq!(stage.get("/raffles/spring").await["stage"], "drawn");
    std::fs::remove_file(stage.world.records()).unwrap();
    std::fs::rename(stage.world.records().with_extension("away"), stage.world.records()).unwrap();
    stage.due("2023-08-24T00:15:00Z").await.unwrap();
    assert_eq!(stage.get("/raffles/spring").await["stage"], "published");
    let (_, text) = stage.call("GET", "/raffles/spring/record", None, "2023-08-25T00:00:00Z").await;
    let record = Record::parse(text.as_bytes()).unwrap();
    assert_eq!(prizes(&stage, &record).await, [1, 2, 2, 3]);
    assert!(copies(&stage).contains(&text));
}

/// Holds a record, and the list that the API gives, to the protocol; and every member's proof to the record's root.
async fn check(stage: &Stage, text: &str) {
    let mut list = String::new();
    for page in 0.. {
        let path = format!("/raffles/spring/list?page={page}");
        let (status, lines) = stage.call("GET", &path, None, "2023-08-25T00:00:00Z").await;
        assert_eq!(status, 200);
        if lines.is_empty() {
            break;
        }
        list.push_str(&lines);
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &list).unwrap();
    let open = File::open(file.path()).unwrap();
    let told = List { text: open, threads: NonZero::<usize>::MIN, progress: &|_| {} };
    let (record, checks) = report::verify(text.as_bytes(), Some(told));
    assert!(!checks.iter().any(Check::fails), "{checks:?}");
    let record = record.unwrap();
    for member in 1..=6 {
        let place = stage.get(&format!("/raffles/spring/members/shop:m{member}")).await;
        let line = &place["line"];
        let shown =
            format!("{} {} {}", line["first"], line["tickets"], place["entrant"].as_str().unwrap());
        assert!(list.lines().any(|line| line == shown), "{shown}");
        let proof = serde_json::from_value::<guerdon_domain::draw::merkle::Proof>(
            json!({ "index": line["index"], "path": line["path"] }),
        );
        let leaf = Hash::leaf(shown.as_bytes());
        assert_eq!(proof.unwrap().root(leaf, record.entrants), Some(record.root));
    }
}

/// The places whose prizes are in members' ledgers.
async fn prizes(stage: &Stage, record: &Record) -> Vec<u64> {
    let mut places = Vec::new();
    for member in 1..=6 {
        let member = guerdon_domain::id::MemberId::new(format!("shop:m{member}")).unwrap();
        let account = stage.world.ledger().account(&member).await.unwrap().unwrap();
        let history = stage.world.ledger().history(&member, None, 100).await.unwrap();
        for entry in history.entries {
            if let guerdon_domain::entry::Kind::Prize { place, prize, .. } = entry.kind {
                places.push(place);
                let credit = account.balance(&guerdon_domain::account::Asset::Credit(
                    guerdon_domain::money::Currency::EUR,
                ));
                assert!(prize == "bike" || credit.available >= 1000);
                assert!(record.winners.iter().any(|winner| winner.place == place));
            }
        }
    }
    places.sort_unstable();
    places
}

#[tokio::test]
async fn in_aws_a_raffle_has_schedules_of_its_own_and_its_seed_is_a_version_of_one_secret() {
    let services = Services::start().await;
    let aws = aws_config::defaults(aws_config::BehaviorVersion::latest())
        .endpoint_url(&services.url)
        .region(aws_config::Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .load()
        .await;
    let mut stage = Stage::new(SIGNATURE).await;
    stage.raffles.vault =
        Vault::Secrets(aws_sdk_secretsmanager::Client::new(&aws), "seeds".to_owned());
    stage.raffles.schedules = Schedules::EventBridge(Box::new(EventBridge {
        client: aws_sdk_scheduler::Client::new(&aws),
        group: "raffles".to_owned(),
        function: "arn:aws:lambda:us-east-1:000000000000:function:raffle-draw".to_owned(),
        role: "arn:aws:iam::000000000000:role/schedules".to_owned(),
        dead_letters: "arn:aws:sqs:us-east-1:000000000000:dead".to_owned(),
    }));
    let bucket = AmazonS3Builder::new()
        .with_endpoint(&services.url)
        .with_allow_http(true)
        .with_region("us-east-1")
        .with_access_key_id("local")
        .with_secret_access_key("local")
        .with_bucket_name("records");
    stage.raffles.archive = Archive(Arc::new(bucket.build().unwrap()));
    // Announced by two at once: one seed, one schedule for each step.
    let (one, two) =
        tokio::join!(stage.due("2023-07-01T00:00:00Z"), stage.due("2023-07-01T00:00:00Z"));
    one.and(two).unwrap();
    let kept = services.kept();
    let schedules = kept.schedules.iter().map(|((group, name), schedule)| {
        let what = schedule["Target"]["Input"].as_str().unwrap();
        let after = schedule["ActionAfterCompletion"].as_str().unwrap();
        format!(
            "{group} {name} {} {after} {what}",
            schedule["ScheduleExpression"].as_str().unwrap()
        )
    });
    assert_eq!(
        schedules.collect::<Vec<_>>(),
        [
            r#"raffles spring-closed at(2023-08-23T15:00:00) DELETE {"raffle":"spring","step":"closed"}"#,
            r#"raffles spring-drawn at(2023-08-23T15:15:32) DELETE {"raffle":"spring","step":"drawn"}"#,
            r#"raffles spring-frozen at(2023-08-23T15:05:00) DELETE {"raffle":"spring","step":"frozen"}"#,
            r#"raffles spring-open at(2023-08-01T00:00:00) DELETE {"raffle":"spring","step":"open"}"#,
        ]
    );
    let seeds: Vec<_> = kept.versions.values().cloned().collect();
    assert_eq!((seeds.len(), &seeds[0].1), (1, &vec!["raffle-spring".to_owned()]));
    stage.due("2023-08-23T15:16:00Z").await.unwrap();
    let drawn = stage.get("/raffles/spring").await;
    assert_eq!(drawn["record"]["operator_seed"], seeds[0].0.as_str(), "the seed that was kept");
    let kept = services.kept();
    assert!(kept.versions.values().all(|(_, labels)| labels.is_empty()), "revealed");
    let (_, text) = stage.call("GET", "/raffles/spring/record", None, "2023-08-24T00:00:00Z").await;
    let record = Record::parse(text.as_bytes()).unwrap();
    let name = format!("spring/{}.json", record.digest());
    assert_eq!(kept.objects.into_iter().collect::<Vec<_>>(), [(name, text)]);
    let name = format!("{}.json", record.digest());
    let place = [record.announced.raffle.as_str(), name.as_str()];
    stage.raffles.archive.keep(&place, record.canonical()).await.unwrap();
    assert_eq!(services.kept().objects.len(), 1, "the same again is there");
}

#[tokio::test]
async fn a_beacon_that_lies_never_decides_a_draw() {
    let other = "a75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92";
    let stage = Stage::new(other).await;
    stage.due("2023-08-10T00:00:00Z").await.unwrap();
    let waits = stage.due("2023-08-23T15:16:00Z").await.unwrap_err();
    assert!(waits.to_string().contains("waits for the beacon"), "{waits}");
    assert_eq!(stage.get("/raffles/spring").await["stage"], "frozen");
}

#[tokio::test]
async fn a_raffle_that_nobody_entered_is_drawn_and_says_so() {
    let stage = Stage::new(SIGNATURE).await;
    stage.due("2023-08-10T00:00:00Z").await.unwrap();
    stage.due("2023-08-23T15:16:00Z").await.unwrap();
    let drawn = stage.get("/raffles/spring").await;
    assert_eq!(drawn["record"]["remarks"][0], "Nobody entered: no prize was drawn.");
    // Whoever asks for a page gets one, with no markup of the raffle's name in it.
    let request: Request = lambda_http::http::Request::builder()
        .uri("http://localhost/raffles/spring")
        .header("accept", "text/html,application/xhtml+xml")
        .body(Body::Empty)
        .unwrap()
        .with_raw_http_path("/raffles/spring");
    let page = raffle_draw::handle(&stage.raffles, at("2023-08-24T00:00:00Z"), request).await;
    let Body::Text(text) = page.body() else { panic!("no text") };
    assert!(text.contains("<h1>Spring &lt;raffle&gt;</h1>"), "{text}");
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
}

#[tokio::test]
async fn a_raffle_that_was_never_announced_before_it_closed_cannot_be_drawn() {
    let stage = Stage::new(SIGNATURE).await;
    let refused = stage.due("2023-08-23T15:00:00Z").await.unwrap_err();
    assert!(matches!(refused, StepError::Unannounced(_)), "{refused}");
}

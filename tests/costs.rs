//! What operations cost: counted at the engine, printed as `docs/costs.md`, and bounded where the design promises a bound.
//!
//! `GUERDON_BLESS=1` writes the file.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fmt::Write as _, sync::Mutex, time::Duration};

use guerdon::engine::tables;
use guerdon_archive::Archive;
use guerdon_domain::{
    account::Asset,
    adjust::{self, Adjust},
    id::{MemberId, Operation},
};
use guerdon_edge::{Edge, config::Config, queue::RetryQueue, token::Purpose};
use guerdon_store::{Ledger, Programmes, Request as Asked};
use guerdon_tests::{
    dynamodb::{Cost, Proxy},
    root,
    stack::member,
    world::World,
};
use jiff::Timestamp;
use lambda_http::{Body, Request, RequestExt, Response, http::Method};
use raffle_draw::{Raffles, beacon::Source, schedules::Schedules, vault::Vault};
use serde_json::{Value, json};
use statement::Statements;

/// Answers take this long, so that calls made together overlap and count as one round trip.
const LATENCY: Duration = Duration::from_millis(60);
/// The time at which everything happens, in an ordinary month.
const NOW: &str = "2026-03-18T12:00:00Z";

/// Prices in us-east-1, November 2026, in ten-thousandths of a dollar for a million.
mod price {
    /// A tenth of a write unit, on demand.
    pub(super) const WRITE_TENTH: i64 = 625;
    /// A tenth of a read unit, on demand.
    pub(super) const READ_TENTH: i64 = 125;
    /// A request of an HTTP API.
    pub(super) const HTTP: i64 = 10_000;
    /// An invocation of Lambda: the request, and 20 ms of 256 MB on arm64.
    pub(super) const LAMBDA: i64 = 2_000 + 667;
}

/// One measured operation.
struct Row {
    what: &'static str,
    cost: Cost,
    /// Whether it comes by HTTP.
    http: bool,
}

impl Row {
    /// Ten-thousandths of a dollar for a million of it.
    fn price(&self) -> i64 {
        let units =
            self.cost.write_tenths * price::WRITE_TENTH + self.cost.read_tenths * price::READ_TENTH;
        units + if self.http { price::HTTP + price::LAMBDA } else { 0 }
    }
}

/// Handlers whose calls are counted.
struct Meter {
    world: World,
    proxy: Proxy,
    edge: Edge,
    now: Timestamp,
    rows: Vec<Row>,
}

impl Meter {
    /// The coffee shop, with rules of its own after its file.
    async fn start(rules: &str) -> Self {
        let programme =
            std::fs::read_to_string(root().join("programmes/coffee-shop.toml")).unwrap();
        let world = World::start(&format!("{programme}{rules}")).await;
        let proxy = Proxy::with_latency(&format!("http://{}", world.engine.address), LATENCY).await;
        let chance = Some(world.engine.chance.clone());
        let ledger = Ledger::new(proxy.client(), tables()).with_chance(chance);
        let config = Config::local(tables(), None);
        let programmes = Programmes::new(ledger.clone());
        let edge = Edge { config, programmes, ledger, queue: RetryQueue::None };
        Self { world, proxy, edge, now: NOW.parse().unwrap(), rows: Vec::new() }
    }

    fn row(&mut self, what: &'static str, http: bool) -> &Cost {
        self.rows.push(Row { what, cost: self.proxy.take(), http });
        &self.rows.last().unwrap().cost
    }

    async fn webhook(&mut self, what: &'static str, topic: &str, body: Value) -> &Cost {
        let request = guerdon::demo::request(topic, &body.to_string());
        let response = earn::handle(&self.edge, self.now, request).await;
        assert_eq!(response.status(), 200, "{what}: {:?}", response.body());
        self.row(what, true)
    }

    async fn call(
        &mut self,
        what: &'static str,
        method: Method,
        path: &str,
        body: Value,
        status: u16,
    ) -> Value {
        let name = format!("key-{}", self.rows.len());
        self.keyed(what, method, path, &name, body, status).await
    }

    async fn keyed(
        &mut self,
        what: &'static str,
        method: Method,
        path: &str,
        key: &str,
        body: Value,
        status: u16,
    ) -> Value {
        let path = format!("/members/{}{path}", member(1));
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = lambda_http::http::Request::builder()
            .method(method)
            .uri(path.as_str())
            .header("authorization", "Bearer local")
            .header("idempotency-key", key)
            .body(Body::Text(body));
        let request: Request = request.unwrap().with_raw_http_path(&path);
        let response: Response<Body> = if path.ends_with("/events") {
            earn::handle(&self.edge, self.now, request).await
        } else {
            redeem::handle(&self.edge, self.now, request).await
        };
        let text = String::from_utf8(response.body().to_vec()).unwrap();
        assert_eq!(response.status(), status, "{what}: {text}");
        self.row(what, true);
        serde_json::from_str(&text).unwrap()
    }

    fn of(&self, what: &str) -> &Row {
        self.rows.iter().find(|row| row.what == what).unwrap()
    }
}

fn order(id: u64, placed_at: &str, lines: u64, each: &str) -> Value {
    let money =
        |amount: &str| json!({ "shop_money": { "amount": amount, "currency_code": "EUR" } });
    let line = |line: u64| {
        json!({
            "id": 13_800_000_000_000 + id * 1000 + line, "product_id": 8_200_000_000_000 + line, "sku": format!("SKU-{line:05}"),
            "product_type": "coffee", "price": each, "price_set": money(each), "quantity": 2, "current_quantity": 2,
            "discount_allocations": [{ "amount": "1.00", "amount_set": money("1.00") }],
        })
    };
    json!({
        "id": 5_600_000_000_000 + id, "currency": "EUR", "created_at": placed_at, "processed_at": placed_at,
        "updated_at": placed_at, "financial_status": "paid", "customer": { "id": 1 },
        "line_items": (1..=lines).map(line).collect::<Vec<_>>(), "refunds": [],
    })
}

fn refund(id: u64, order: u64) -> Value {
    let money = json!({ "shop_money": { "amount": "18.00", "currency_code": "EUR" } });
    let line = 13_800_000_000_000 + order * 1000 + 1;
    json!({
        "id": 900_000_000_000 + id, "order_id": 5_600_000_000_000 + order, "transactions": [], "order_adjustments": [],
        "refund_line_items": [{ "id": 1, "line_item_id": line, "quantity": 1, "subtotal": "18.00", "subtotal_set": money }],
    })
}

/// Measures everything, in the order of a member's life.
async fn measure() -> Meter {
    let mut m = Meter::start("").await;
    m.edge.programmes.versions().await.unwrap();
    m.row("the programme, once a minute and at a cold start", false);

    let joined = json!({ "id": 1, "created_at": "2026-03-01T10:00:00Z" });
    m.webhook("a sign-up", "customers/create", joined).await;
    m.webhook(
        "a member's first order",
        "orders/paid",
        order(1, "2026-03-16T10:00:00Z", 2, "18.50"),
    )
    .await;
    m.webhook("a later order", "orders/paid", order(2, "2026-03-18T10:00:00Z", 2, "18.50")).await;
    m.webhook(
        "the same webhook again",
        "orders/paid",
        order(2, "2026-03-18T10:00:00Z", 2, "18.50"),
    )
    .await;
    let mut shipped = order(2, "2026-03-18T10:00:00Z", 2, "18.50");
    shipped["updated_at"] = json!("2026-03-18T11:00:00Z");
    m.webhook("an update that moves no points", "orders/updated", shipped).await;
    m.webhook(
        "an order that is due before all others",
        "orders/paid",
        order(3, "2026-03-12T10:00:00Z", 2, "18.50"),
    )
    .await;
    m.webhook("an order of 1 line", "orders/paid", order(4, "2026-03-18T10:01:00Z", 1, "1.50"))
        .await;
    m.webhook("an order of 5 lines", "orders/paid", order(5, "2026-03-18T10:02:00Z", 5, "1.50"))
        .await;
    m.webhook("an order of 20 lines", "orders/paid", order(20, "2026-03-18T10:03:00Z", 20, "1.50"))
        .await;
    m.webhook("a refund", "refunds/create", refund(1, 2)).await;
    m.webhook(
        "an order that reaches a tier",
        "orders/paid",
        order(6, "2026-03-18T10:04:00Z", 2, "99.50"),
    )
    .await;
    m.webhook("an event that is ignored", "products/update", json!({})).await;
    let review =
        |id: &str| json!({ "type": "event.review", "timestamp": NOW, "data": { "id": id } });
    m.call("an event by the API", Method::POST, "/events", review("r-1"), 200).await;
    let ping = json!({ "type": "ping" });
    m.call("an event by the API that is ignored", Method::POST, "/events", ping, 200).await;

    m.call("a member shown", Method::GET, "", Value::Null, 200).await;
    m.call("a page of 20 entries", Method::GET, "/entries", Value::Null, 200).await;
    m.call("the rewards shown", Method::GET, "/rewards", Value::Null, 200).await;
    m.call("the grants shown", Method::GET, "/grants", Value::Null, 200).await;

    let gift = json!({ "points": 2000, "reason": "a gift" });
    m.call("an adjustment", Method::POST, "/adjustments", gift, 201).await;
    let latte = json!({ "reward": "latte" });
    m.keyed(
        "a redemption with stock and a code",
        Method::POST,
        "/redemptions",
        "latte",
        latte.clone(),
        201,
    )
    .await;
    m.keyed("the same request again", Method::POST, "/redemptions", "latte", latte, 201).await;
    m.call(
        "a redemption of store credit",
        Method::POST,
        "/redemptions",
        json!({ "reward": "five-euro" }),
        201,
    )
    .await;
    m.call(
        "a refused redemption",
        Method::POST,
        "/redemptions",
        json!({ "reward": "anniversary-mug" }),
        409,
    )
    .await;
    let total = json!({ "amount": "40.00", "currency": "EUR" });
    m.call("a quote", Method::POST, "/quotes", json!({ "order_total": total }), 200).await;
    let order = format!("{}:77", member(0).trim_end_matches(":0"));
    let wanted = json!({ "points": 100, "order_total": total, "order": order });
    let held = m.call("a hold", Method::POST, "/holds", wanted.clone(), 201).await;
    let path = |held: &Value, what: &str| {
        format!("/holds/{}/{what}", held["entries"][0]["hold"].as_str().unwrap())
    };
    m.call("a capture", Method::POST, &path(&held, "capture"), json!({}), 201).await;
    let held = m.call("another hold", Method::POST, "/holds", wanted, 201).await;
    m.call("a release", Method::POST, &path(&held, "release"), json!({}), 201).await;
    measure_sweeps(&mut m).await;
    m.rows.retain(|row| !["another hold", "a ranking"].contains(&row.what));
    m
}

/// Measures `upkeep`.
async fn measure_sweeps(m: &mut Meter) {
    upkeep::handle(&m.edge, m.now, || m.now, Timestamp::MAX).await.unwrap();
    m.row("a sweep that ranks an empty leaderboard, once an hour", false);
    upkeep::handle(&m.edge, m.now, || m.now, Timestamp::MAX).await.unwrap();
    m.row("a sweep that finds nothing due", false);
    let later: Timestamp = "2026-03-26T12:00:00Z".parse().unwrap();
    let versions = m.edge.programmes.versions().await.unwrap();
    let programme = &versions.at(later).programme;
    m.edge.ledger.rank_leaders(programme, later, || false).await.unwrap();
    m.row("a ranking", false);
    let report = upkeep::handle(&m.edge, later, || later, Timestamp::MAX).await.unwrap();
    assert_eq!(report.settled, 1);
    m.row("a sweep that settles one account", false);
}

/// Gives entries of the coffee shop's raffle.
const ENTRIES: &str = r#"
[[earn]]
id = "draw"
on = "order"
entries = { raffle = "machine", give = 1 }
"#;

/// Measures what has to do with a raffle, under a programme whose orders give entries.
async fn measure_raffle() -> Vec<Row> {
    let mut m = Meter::start(ENTRIES).await;
    m.edge.programmes.versions().await.unwrap();
    let raffles = Raffles {
        edge: m.edge.clone(),
        vault: Vault::Memory(Mutex::default()),
        archive: Archive::memory(),
        schedules: Schedules::Sweep,
        beacon: Source::new("http://127.0.0.1:9").unwrap(),
    };
    raffles.advance("machine", m.now, || m.now, Timestamp::MAX).await.unwrap();
    m.webhook("first", "orders/paid", order(1, "2026-03-16T10:00:00Z", 2, "18.50")).await;
    m.rows.clear();
    let paid = order(2, "2026-03-18T10:00:00Z", 2, "18.50");
    m.webhook("a later order that gives entries of a raffle", "orders/paid", paid).await;
    let gift = json!({ "points": 100, "reason": "a gift" });
    m.call("gift", Method::POST, "/adjustments", gift, 201).await;
    m.rows.retain(|row| row.what != "gift");
    let body = json!({ "member": member(1), "entries": 2 }).to_string();
    let shown = [
        ("entries of a raffle for points", Method::POST, "/raffles/machine/entries", 201),
        ("a raffle shown", Method::GET, "/raffles/machine", 200),
    ];
    for (what, method, path, status) in shown {
        let request = lambda_http::http::Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", "Bearer local")
            .header("idempotency-key", "entries")
            .body(Body::Text(body.clone()));
        let request: Request = request.unwrap().with_raw_http_path(path);
        let response = raffle_draw::handle(&raffles, m.now, request).await;
        assert_eq!(response.status(), status, "{what}: {:?}", response.body());
        m.row(what, true);
    }
    m.rows
}

/// Games whose outcome is certain, or as good as.
const GAMES: &str = r#"
[[instant_win]]
id = "never"
opens = "2026-01-01"
closes = "2030-01-01"
wins = { chance = 1, of = 1_000_000_000 }
prizes = [{ id = "car" }]
free = { plays = 9, per = "day" }

[[instant_win]]
id = "millionth"
opens = "2026-01-01"
closes = "2030-01-01"
wins = { every = 1_000_000 }
prizes = [{ id = "car" }]
free = { plays = 9, per = "day" }

[[instant_win]]
id = "always"
opens = "2026-01-01"
closes = "2030-01-01"
wins = { chance = 1, of = 1 }
prizes = [{ id = "mug", stock = 9, gives = [{ voucher = "product", sku = "MUG" }] }]
free = { plays = 9, per = "day" }
"#;

/// Measures plays of instant wins.
async fn measure_plays() -> Vec<Row> {
    let mut m = Meter::start(GAMES).await;
    m.edge.programmes.versions().await.unwrap();
    m.webhook("first", "orders/paid", order(1, "2026-03-16T10:00:00Z", 2, "18.50")).await;
    m.rows.clear();
    let path = format!("/members/{}/plays", member(1));
    let plays = [
        ("a play by chance that loses", "never", Method::POST, path.as_str(), 201),
        ("a play by count that loses", "millionth", Method::POST, &path, 201),
        ("a play that wins a voucher of a stock", "always", Method::POST, &path, 201),
        ("an instant win shown", "", Method::GET, "/instant-wins/always", 200),
    ];
    for (what, game, method, path, status) in plays {
        let body = json!({ "instant_win": game, "with": "free" }).to_string();
        let request = lambda_http::http::Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", "Bearer local")
            .header("idempotency-key", game)
            .body(Body::Text(body));
        let request: Request = request.unwrap().with_raw_http_path(path);
        let response = instant_win::handle(&m.edge, m.now, request).await;
        assert_eq!(response.status(), status, "{what}: {:?}", response.body());
        m.row(what, true);
    }
    m.rows
}

const AUCTIONS: &str = r#"
[[auction]]
id = "seen"
opens = "2026-03-01"
closes = "2027-03-01"
gives = [{ voucher = "product", sku = "SEEN" }]

[[auction]]
id = "sealed"
opens = "2026-03-01"
closes = "2027-03-01"
sealed = true
gives = [{ voucher = "product", sku = "SEALED" }]
"#;

/// Measures bids.
async fn measure_bids() -> Vec<Row> {
    let mut m = Meter::start(AUCTIONS).await;
    m.edge.programmes.versions().await.unwrap();
    for customer in [1, 2] {
        let member = MemberId::new(member(customer)).unwrap();
        let operation = Operation::once(&member, "funds");
        let request = Asked { operation: operation.clone(), digest: String::new() };
        let (asset, reason, by) = (Asset::Points, "to bid".to_owned(), "me".to_owned());
        let adjust = Adjust { operation, asset, amount: 100, reason, by };
        let versions = m.edge.programmes.versions().await.unwrap();
        let decide = |account: &_| adjust::decide(account, &versions, &adjust, m.now);
        m.edge.ledger.post(&member, &versions, &request, m.now, decide).await.unwrap();
        m.row("funds", false);
    }
    m.rows.clear();
    let bids = [
        ("a bid", 1, "seen", 5),
        ("a bid that raises one", 1, "seen", 6),
        ("a sealed bid", 1, "sealed", 6),
        ("a bid that outbids another, which is given back", 2, "seen", 7),
    ];
    for (what, customer, auction, points) in bids {
        let path = format!("/members/{}/bids", member(customer));
        let body = json!({ "auction": auction, "points": points }).to_string();
        let request = lambda_http::http::Request::builder()
            .method(Method::POST)
            .uri(&path)
            .header("authorization", "Bearer local")
            .header("idempotency-key", format!("{auction}-{points}"))
            .body(Body::Text(body));
        let request: Request = request.unwrap().with_raw_http_path(&path);
        let response = redeem::handle(&m.edge, m.now, request).await;
        assert_eq!(response.status(), 201, "{what}: {:?}", response.body());
        m.row(what, points < 7);
    }
    m.rows
}

/// Measures the member's page and a statement, of a member with a month behind them.
async fn measure_pages() -> Vec<Row> {
    let mut m = Meter::start("").await;
    let chance = Some(m.world.engine.chance.clone());
    m.edge.config =
        Config { public_url: "http://127.0.0.1".to_owned(), ..Config::local(tables(), chance) };
    m.edge.programmes.versions().await.unwrap();
    for id in 1..=20 {
        m.webhook("", "orders/paid", order(id, "2026-03-16T10:00:00Z", 2, "18.50")).await;
    }
    m.rows.clear();
    let key = m.edge.config.portal_key().unwrap();
    let cookie =
        key.seal(Purpose::Session, &MemberId::new(member(1)).unwrap(), Timestamp::MAX, [1; 32]);
    let ask = |path: &str| -> Request {
        let request = lambda_http::http::Request::get(path)
            .header("authorization", "Bearer local")
            .header("cookie", format!("guerdon={cookie}"))
            .body(Body::Empty);
        request.unwrap().with_raw_http_path(path)
    };
    for (what, path) in [
        ("a member's page: overview", "/me"),
        ("a member's page: history", "/me/history"),
        ("a member's page: rewards", "/me/offers"),
        ("a member's page: raffles and games", "/me/chances"),
        ("a member's page: my things", "/me/things"),
    ] {
        let response = portal::handle(&m.edge, m.now, ask(path)).await;
        assert_eq!(response.status(), 200, "{what}: {:?}", response.body());
        m.row(what, true);
    }
    let statements = Statements::outbox(m.edge.clone(), Archive::memory());
    let path = format!("/members/{}/statements/2026-03", member(1));
    let response = statement::handle(&statements, m.now, ask(&path)).await;
    assert_eq!(response.status(), 200, "{:?}", response.body());
    m.row("a statement of 20 entries", true);
    m.rows
}

#[tokio::test]
async fn costs_are_what_the_document_says() {
    let mut meter = measure().await;
    meter.rows.extend(measure_raffle().await);
    meter.rows.extend(measure_plays().await);
    meter.rows.extend(measure_bids().await);
    meter.rows.extend(Box::pin(measure_pages()).await);
    let text = document(&meter);
    let path = root().join("docs/costs.md");
    if std::env::var_os("GUERDON_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "GUERDON_BLESS=1 writes docs/costs.md, which should be:\n{text}");

    let earn = &meter.of("a later order").cost;
    assert!(
        earn.round_trips <= 2 && earn.read_tenths <= 20 && earn.write_tenths <= 50,
        "an earn: {earn:?}"
    );
    for repeated in ["the same webhook again", "the same request again", "a refused redemption"] {
        let cost = &meter.of(repeated).cost;
        assert_eq!((cost.writes(), cost.write_tenths), (0, 0), "{repeated}: {cost:?}");
    }
    for row in meter.rows.iter().filter(|row| row.http) {
        assert!(row.cost.round_trips <= 4, "{}: {:?}", row.what, row.cost);
    }
    drop(meter.world);
}

fn document(meter: &Meter) -> String {
    let mut text = String::from(HEAD);
    for row in &meter.rows {
        let Cost { round_trips, read_tenths, write_tenths, index_tenths, .. } = &row.cost;
        let indexes: Vec<String> =
            index_tenths.iter().map(|(name, units)| format!("{name} {}", tenths(*units))).collect();
        let (reads, writes) = (tenths(*read_tenths), tenths(*write_tenths));
        let (what, indexes, dollars) = (row.what, indexes.join(", "), dollars(row.price()));
        let _ = writeln!(
            text,
            "| {what} | {round_trips} | {reads} | {writes} | {indexes} | {dollars} |"
        );
    }
    text.push_str(MONTH);
    let mut sum = 0;
    for (share, what) in SHARES {
        let price = meter.of(what).price() * share / 100;
        sum += price;
        let _ = writeln!(text, "| {share} | {what} | {} |", dollars(price));
    }
    let sweeps = 30 * 24 * 12;
    let sweep =
        (meter.of("a sweep that finds nothing due").price() + price::LAMBDA) * sweeps / 1_000_000;
    let _ = writeln!(text, "| | {sweeps} sweeps | {} |", dollars(sweep));
    let _ = writeln!(text, "| | **together** | **{}** |", dollars(sum + sweep));
    text.push_str(TAIL);
    text
}

fn tenths(units: i64) -> String {
    if units % 10 == 0 {
        (units / 10).to_string()
    } else {
        format!("{}.{}", units / 10, units % 10)
    }
}

fn dollars(ten_thousandths: i64) -> String {
    let cents = (ten_thousandths + 50) / 100;
    format!("${}.{:02}", cents / 100, cents % 100)
}

/// How often what happens in a month, for each hundred orders.
const SHARES: [(i64, &str); 9] = [
    (100, "an order that is due before all others"),
    (100, "the same webhook again"),
    (200, "an update that moves no points"),
    (10, "a refund"),
    (100, "a sweep that settles one account"),
    (5, "a sign-up"),
    (10, "a redemption with stock and a code"),
    (100, "a member shown"),
    (20, "the rewards shown"),
];

const HEAD: &str = "\
# What it costs

Written by `tests/costs.rs`, which counts the calls of every operation at an embedded engine; do not edit it by hand
(`GUERDON_BLESS=1 cargo test --test costs` writes it). The numbers are for the coffee shop's programme and orders of two lines,
unless it says otherwise. The programme itself is read once a minute and not counted again.

- *Round trips*: calls that are made together count as one.
- *Reads* and *writes*: DynamoDB's units, with those of the indexes, which stand in the next column. A transaction costs twice
  the units of its items, and each begun kilobyte of an item counts.
- *A million*: on demand in us-east-1, November 2026: $0.625 for a million write units, $0.125 for a million read units, $1.00 for
  the HTTP API, $0.20 and 20 ms of 256 MB on arm64 for Lambda. What does not come by HTTP is counted without the last two.

The usual earn, *a later order*, is at most 2 round trips, 2 reads and 5 writes; the test fails when it is more. These cost more: a
member's first order and one that is due before all others (their place in the index), one that reaches a tier (a second entry),
one of so many lines that its entry exceeds a kilobyte, one that gives entries of a raffle (the place on its list), a refund
without its customer and an event by the API (a third round trip, and its key). What was done before writes nothing, and neither
does a webhook that is ignored. An event by the API claims its key first, also if it is ignored; a repeat tries to, in vain, which
DynamoDB counts as a write of one unit.

| operation | round trips | reads | writes | of these, indexes | a million |
|---|--:|--:|--:|---|--:|
";

const MONTH: &str = "
## A million orders a month

Each order is paid, delivered twice, updated twice, and settled when its points become available, before the member's next one
(so that each moves the account in the index of what is due); one in ten is refunded, one in ten pays for a redemption, one in
twenty brings a new member, and members look at their balance once an order.

| for 100 orders | | a month |
|--:|---|--:|
";

const TAIL: &str = "
Not counted: storage ($0.25 a GB and month; an order is about 2 KB with its index), logs, traces, data transfer, cold starts, and
the calls that are tried again.
";

//! Engines under test, and a ledger with tables of its own in one of them.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use aws_sdk_dynamodb::{Client, config::timeout::TimeoutConfig};
use guerdon::{
    engine::{Data, Engine, TEMPLATE, client},
    template,
};
use guerdon_domain::{
    account::{Account, Asset},
    adjust::{self, Adjust},
    chance::ChanceKey,
    event::{Line, OrderEvent, Refund, RefundLine, Snapshot, Status},
    id::{MemberId, Operation, OrderId, RequestKey},
    money::Currency,
    programme::Versions,
};
use guerdon_edge::{Edge, config::Config, queue::RetryQueue};
use guerdon_store::{Ledger, Notice, OrderAnswer, PostError, Posted, Programmes, Request, Tables};
use guerdon_tests::tables::{Items, items};
use jiff::Timestamp;

/// A programme with everything that the store has to keep: pending and expiring points, stock, codes, payments.
pub(super) const PROGRAMME: &str = r#"
[programme]
name = "Club"
currency = "EUR"
points = { value = "0.01 EUR" }
expiry = { after = "12 months", at = "month-end" }
pending = { until = "14 days after order" }

[[tier]]
id = "gold"
from = { qualifying_points = 500 }

[[earn]]
id = "spend"
on = "order"
points = { give = 1, per = "1.00 EUR" }

[[earn]]
id = "welcome"
on = "sign-up"
points = 50

[[earn]]
id = "review"
on = "event:review"
points = 20
limit = { points = 60, per = "month" }

[[earn]]
id = "vip"
on = "event:vip-visit"
points = 20
tier = "gold"

[[reward]]
id = "latte"
price = { points = 10 }
stock = 3
gives = [{ voucher = "product", sku = "LATTE", valid = "30 days" }]

[[reward]]
id = "coded"
price = { points = 10 }
gives = [{ voucher = "product", sku = "CODED", codes = { pool = "spring" } }]

[[reward]]
id = "credit"
price = { points = 100 }
gives = [{ credit = "1.00 EUR" }]

[[reward]]
id = "box"
price = { points = 10 }

[[reward.gives]]
reveal = "7 days"
mystery = [
  { id = "mug", weight = 5, stock = 2, gives = [{ voucher = "product", sku = "MUG" }] },
  { id = "coded", weight = 5, gives = [{ voucher = "product", sku = "CODED", codes = { pool = "spring" } }] },
  { id = "points", weight = 1, stock = 3, gives = [{ points = 7 }] },
]

[[auction]]
id = "tasting"
opens = "2026-03-01"
closes = "2026-04-01"
winners = 2
min = 100
gives = [{ credit = "1.00 EUR" }]

[[auction]]
id = "grinder"
opens = "2026-03-01"
closes = "2026-04-01"
sealed = true
gives = [{ voucher = "product", sku = "GRINDER" }]

[[raffle]]
id = "spring"
opens = "2026-03-01"
closes = "2026-04-01"
prizes = [{ id = "bike" }, { id = "points", count = 3, gives = [{ points = 5 }, { voucher = "product", sku = "CODED", codes = { pool = "spring" } }] }]
alternates = 2
beacon = "none"
price = { points = 1 }
free = { entries = 3, per = "day" }

[[instant_win]]
id = "tenth"
opens = "2026-03-01"
closes = "2026-04-01"
on = "sign-up"
wins = { every = 10 }
prizes = [{ id = "mug", gives = [{ voucher = "product", sku = "MUG" }] }]

[[instant_win]]
id = "golden"
opens = "2026-03-01"
closes = "2026-04-01"
wins = { moments = 10 }
prizes = [{ id = "points", gives = [{ points = 5 }] }]
free = { plays = 5, per = "day" }

[[instant_win]]
id = "sure"
opens = "2026-03-01"
closes = "2026-04-01"
wins = { chance = 1, of = 1 }
prizes = [
  { id = "mug", stock = 2, gives = [{ voucher = "product", sku = "MUG" }] },
  { id = "coded", stock = 9, gives = [{ voucher = "product", sku = "CODED", codes = { pool = "spring" } }] },
]
free = { plays = 5, per = "day" }

[pay]
step = 10
min = 10
hold = "30 minutes"
"#;

fn named([ledger, programme, raffle]: &[String; 3]) -> Tables {
    Tables { ledger: ledger.clone(), programme: programme.clone(), raffle: raffle.clone() }
}

/// A ledger with tables of its own.
#[derive(Debug, Clone)]
pub(super) struct Bench {
    pub(super) ledger: Ledger,
    pub(super) versions: Versions,
    pub(super) client: Client,
    pub(super) tables: [String; 3],
}

/// Runs a behaviour on every engine there is.
pub(super) async fn on_every_engine(behaviour: impl AsyncFn(Bench)) {
    let embedded = Engine::start(&Data::Memory).await.unwrap();
    behaviour(Bench::new(&patient(&embedded.client)).await).await;
    embedded.stop().await;
    if let Some(local) = dynamodb_local() {
        eprintln!("and on DynamoDB Local");
        behaviour(Bench::new(&local).await).await;
    }
}

/// A client of DynamoDB Local, if one runs.
pub(super) fn dynamodb_local() -> Option<Client> {
    std::env::var("GUERDON_DYNAMODB_LOCAL").ok().map(|url| patient(&client(&url)))
}

/// The client without its short time-outs: what they do is shown elsewhere, and here every answer counts, however slow the
/// machine is.
fn patient(client: &Client) -> Client {
    let minute = Duration::from_mins(1);
    let timeouts =
        TimeoutConfig::builder().operation_attempt_timeout(minute).operation_timeout(minute);
    Client::from_conf(client.config().to_builder().timeout_config(timeouts.build()).build())
}

impl Bench {
    pub(super) async fn new(client: &Client) -> Self {
        static BENCHES: AtomicU64 = AtomicU64::new(0);
        let number = BENCHES.fetch_add(1, Ordering::Relaxed);
        let run = guerdon_edge::random();
        let tables = ["LedgerTable", "ProgrammeTable", "RaffleTable"]
            .map(|table| format!("{table}-{run:016x}-{number}"));
        for (definition, name) in template::tables(TEMPLATE).unwrap().iter().zip(&tables) {
            definition.create(client, name).send().await.unwrap();
        }
        let ledger =
            Ledger::new(client.clone(), named(&tables)).with_chance(Some(ChanceKey([7; 32])));
        ledger.publish(PROGRAMME, at("2026-01-01"), at("2026-01-01"), Notice::Given).await.unwrap();
        let versions = ledger.versions().await.unwrap();
        Self { ledger, versions, client: client.clone(), tables }
    }

    /// The edge of a function that serves this ledger.
    pub(super) fn edge(&self) -> Edge {
        Edge {
            config: Config::local(named(&self.tables), None),
            programmes: Programmes::new(self.ledger.clone()),
            ledger: self.ledger.clone(),
            queue: RetryQueue::None,
        }
    }

    /// Every item of all tables.
    pub(super) async fn items(&self) -> [Items; 3] {
        let [ledger, programme, raffle] = &self.tables;
        [
            items(&self.client, ledger).await,
            items(&self.client, programme).await,
            items(&self.client, raffle).await,
        ]
    }

    /// Puts a free code into a pool, whatever else is known of it.
    pub(super) async fn put_free(&self, pool: &str, code: &str) {
        let text = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
        let put = self.client.put_item().table_name(&self.tables[1]);
        let put = put.item("pk", text(format!("POOL#{pool}"))).item("sk", text(code.to_owned()));
        put.send().await.unwrap();
    }

    pub(super) async fn adjust(
        &self,
        member: u64,
        key: &str,
        points: i64,
        now: &str,
    ) -> Result<Posted, PostError> {
        let member = self::member(member);
        let request = request(&member, key, &points.to_string());
        let operation = request.operation.clone();
        let (reason, by) = ("because".to_owned(), "ola".to_owned());
        let adjust = Adjust { operation, asset: Asset::Points, amount: points, reason, by };
        let now = at(now);
        let decide = |account: &Account| adjust::decide(account, &self.versions, &adjust, now);
        self.ledger.post(&member, &self.versions, &request, now, decide).await
    }

    pub(super) async fn order(&self, event: &OrderEvent, now: &str) -> OrderAnswer {
        self.ledger.order(&self.versions, event, at(now)).await.unwrap()
    }

    pub(super) async fn redeem(
        &self,
        member: u64,
        key: &str,
        reward: &str,
        now: &str,
    ) -> Result<Posted, PostError> {
        let member = self::member(member);
        let request = request(&member, key, reward);
        let random = || guerdon_edge::random();
        self.ledger.redeem(&member, &self.versions, &request, reward, at(now), &random).await
    }

    pub(super) async fn available(&self, member: u64) -> i64 {
        let account = self.ledger.account(&self::member(member)).await.unwrap();
        account.map_or(0, |account| account.balance(&Asset::Points).available)
    }
}

/// An instant: a date is its midnight.
pub(super) fn at(text: &str) -> Timestamp {
    let whole = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
    whole.parse().unwrap()
}

pub(super) fn member(number: u64) -> MemberId {
    MemberId::new(format!("standard:acme:{number}")).unwrap()
}

pub(super) fn order_id(number: u64) -> OrderId {
    OrderId::new(format!("standard:acme:{number}")).unwrap()
}

pub(super) fn request(member: &MemberId, key: &str, digest: &str) -> Request {
    let operation = Operation::request(member, &RequestKey::new(key).unwrap());
    Request { operation, digest: digest.to_owned() }
}

/// A paid order of one line.
pub(super) fn paid(order: u64, customer: u64, net_minor: i64, placed_at: &str) -> OrderEvent {
    let line = Line {
        id: "1".to_owned(),
        product: Some("beans".to_owned()),
        sku: None,
        categories: vec!["coffee".to_owned()],
        quantity_milli: 2000,
        current_milli: 2000,
        net_minor,
        gift_card: false,
        tip: false,
    };
    let snapshot = Snapshot {
        updated_at: at(placed_at),
        status: Status::Paid,
        member: Some(member(customer)),
        placed_at: at(placed_at),
        test: false,
        currency: Currency::EUR,
        lines: vec![line],
        paid_with_points_minor: 0,
        tax_minor: 0,
    };
    OrderEvent { order: order_id(order), snapshot: Some(snapshot.into()), refunds: [].into() }
}

/// A refund of one of the line's two units.
pub(super) fn refund(order: u64, refund: u64, net_minor: i64) -> OrderEvent {
    let line =
        RefundLine { line: "1".to_owned(), quantity_milli: 1000, net_minor: Some(net_minor) };
    let refund =
        (refund.to_string(), Refund { lines: vec![line], amount_minor: 0, ..Refund::default() });
    OrderEvent { order: order_id(order), snapshot: None, refunds: [refund].into() }
}

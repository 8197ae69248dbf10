//! The same seeded operations on both engines: the same answers, and in the end the same items.

use std::sync::atomic::{AtomicU64, Ordering};

use guerdon::engine::{Data, Engine};
use guerdon_domain::{
    account::Account,
    event::{Event, MemberEvent},
    id::HoldId,
    pay::{self, Capture, PlaceHold},
    rejection::{RuleError, RuleFailure},
};
use guerdon_store::Ledger;
use jiff::SignedDuration;

use super::bench::{Bench, at, dynamodb_local, member, order_id, paid, refund, request};

const OPERATIONS: u64 = 300;
const SEEDS: [u64; 2] = [20_261_122, 4711];

/// `SplitMix64`: small, and the same everywhere.
struct Seeded(AtomicU64);

impl Seeded {
    fn next(&self) -> u64 {
        let state = self
            .0
            .fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed)
            .wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// Runs the operations of a seed; returns what each answered.
async fn run(bench: &Bench, seed: u64) -> Vec<String> {
    let seeded = Seeded(AtomicU64::new(seed));
    let mut answers = Vec::new();
    let mut now = at("2026-01-02");
    for _ in 0..OPERATIONS {
        now = now
            .saturating_add(SignedDuration::from_hours(i64::try_from(seeded.below(40)).unwrap()))
            .unwrap();
        let text = now.to_string();
        let (customer, number, key) =
            (seeded.below(4), seeded.below(30), format!("k-{}", seeded.below(60)));
        let amount = i64::try_from(seeded.below(200)).unwrap();
        answers.push(match seeded.below(11) {
            0 | 1 => format!(
                "{:?}",
                bench.order(&paid(number, customer, amount * 100, &text), &text).await
            ),
            2 => format!(
                "{:?}",
                bench.order(&refund(number, seeded.below(3), amount * 50), &text).await
            ),
            3 => format!("{:?}", bench.adjust(customer, &key, amount - 60, &text).await),
            4 => redeem(bench, &seeded, customer, &key, now).await,
            5 => hold(bench, customer, &key, amount / 10 * 10, now).await,
            6 => capture(bench, customer, &key, &format!("k-{}", seeded.below(60)), now).await,
            7 => review(bench, customer, number, now).await,
            8 => sweep(bench, now).await,
            9 => park(bench, customer, number, now).await,
            _ => show(bench, customer).await,
        });
    }
    answers
}

async fn redeem(
    bench: &Bench,
    seeded: &Seeded,
    customer: u64,
    key: &str,
    now: jiff::Timestamp,
) -> String {
    let reward = ["latte", "coded", "credit", "yacht"][usize::try_from(seeded.below(4)).unwrap()];
    if seeded.below(4) == 0 {
        let code = format!("CODE-{}", seeded.below(20));
        return format!("{:?}", bench.ledger.import_codes("spring", &[code]).await);
    }
    let (member, random) = (member(customer), || seeded.next());
    let request = request(&member, key, reward);
    format!(
        "{:?}",
        bench.ledger.redeem(&member, &bench.versions, &request, reward, now, &random).await
    )
}

async fn hold(
    bench: &Bench,
    customer: u64,
    key: &str,
    points: i64,
    now: jiff::Timestamp,
) -> String {
    let member = member(customer);
    let request = request(&member, key, &format!("hold {points}"));
    let place = PlaceHold {
        operation: request.operation.clone(),
        hold: HoldId::new(key).unwrap(),
        points,
        total: "100.00 EUR".parse().unwrap(),
        order: None,
    };
    let decide = |account: &Account| pay::hold(account, &bench.versions, &place, now);
    format!("{:?}", bench.ledger.post(&member, &bench.versions, &request, now, decide).await)
}

async fn capture(
    bench: &Bench,
    customer: u64,
    key: &str,
    hold: &str,
    now: jiff::Timestamp,
) -> String {
    let member = member(customer);
    let account = bench.ledger.account(&member).await.unwrap();
    let open = account.and_then(|account| account.holds.first().map(|hold| hold.id.clone()));
    let hold = open.unwrap_or_else(|| HoldId::new(hold).unwrap());
    let request = request(&member, key, &format!("capture {hold}"));
    let operation = request.operation.clone();
    let capture = Capture {
        operation,
        hold,
        points: None,
        order: Some(order_id(customer)),
        shown_as_discount: false,
    };
    format!("{:?}", bench.ledger.capture(&member, &bench.versions, &request, &capture, now).await)
}

async fn review(bench: &Bench, customer: u64, number: u64, now: jiff::Timestamp) -> String {
    let key = Some(format!("review-{number}"));
    let event = MemberEvent { member: member(customer), name: "review".to_owned(), key, at: now };
    format!("{:?}", bench.ledger.event(&bench.versions, &event, now).await)
}

async fn sweep(bench: &Bench, now: jiff::Timestamp) -> String {
    let mut answer = String::new();
    for shard in Ledger::due_shards() {
        for member in bench.ledger.due(shard, now, 10).await.unwrap() {
            let settled = bench.ledger.settle(&member, &bench.versions, now).await;
            answer = format!("{answer}{member}: {settled:?}\n");
        }
    }
    answer
}

async fn park(bench: &Bench, customer: u64, number: u64, now: jiff::Timestamp) -> String {
    let event = Event::Order(paid(number, customer, 100, "2026-01-05"));
    let cause = RuleFailure::Overflow(guerdon_domain::account::Overflow);
    let id = bench
        .ledger
        .park(&event, &RuleError { rule: "r".to_owned(), version: 1, cause }, now)
        .await;
    let parked = bench.ledger.parked().await.unwrap();
    if parked.len() > 3 {
        bench.ledger.unpark(&parked[0].id).await.unwrap();
    }
    format!("{id:?} {parked:?}")
}

async fn show(bench: &Bench, customer: u64) -> String {
    let member = member(customer);
    let history = bench.ledger.history(&member, None, 7).await;
    let grants = bench.ledger.grants(&member).await;
    let account = bench.ledger.account(&member).await;
    format!("{history:?} {grants:?} {account:?} {:?}", bench.ledger.stock_taken("latte").await)
}

#[tokio::test]
async fn the_same_operations_leave_the_same_items() {
    for seed in SEEDS {
        let embedded = Engine::start(&Data::Memory).await.unwrap();
        let one = Bench::new(&embedded.client).await;
        let two = Bench::new(&dynamodb_local().unwrap_or_else(|| embedded.client.clone())).await;
        let (answers_one, answers_two) = tokio::join!(run(&one, seed), run(&two, seed));
        for (number, (one, two)) in answers_one.iter().zip(&answers_two).enumerate() {
            assert_eq!(one, two, "seed {seed}, operation {number}");
        }
        let (items_one, items_two) = (one.items().await, two.items().await);
        for (one, two) in items_one.iter().zip(&items_two) {
            assert!(one.keys().eq(two.keys()), "seed {seed}");
            for (key, item) in one {
                assert_eq!(Some(item), two.get(key), "seed {seed}, {key}");
            }
        }
        assert!(items_one[0].len() > 100, "the sequence does something: {}", items_one[0].len());
        embedded.stop().await;
    }
}

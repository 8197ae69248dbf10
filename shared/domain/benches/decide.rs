//! How many order decisions a second one core makes, with a programme of 20 rules.
//!
//! `cargo bench -p guerdon-domain`. A decision is what is pure of an earn: merging the news, the basis, all 20 rules, the
//! difference, the entry. Beside it, the rules alone.
#![expect(clippy::disallowed_methods, reason = "a benchmark has a clock, the domain has none")]

use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};

use guerdon_domain::{
    account::Account,
    earn::{self, Outcome},
    event::{Line, OrderEvent, Snapshot, Status},
    id::{MemberId, OrderId},
    money::Currency,
    order::{OrderState, basis},
    programme::{Versions, parse},
};
use jiff::Timestamp;

fn main() {
    let programme = parse(&source()).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(programme.earn.len(), 20);
    let versions = Versions::single(programme);
    let at: Timestamp = "2026-03-03T10:00:00Z".parse().expect("a timestamp");
    let member = MemberId::new("shopify:acme.myshopify.com:7").expect("an id");
    let account = Account::new(member.clone());
    let order = OrderId::new("shopify:acme.myshopify.com:1001").expect("an id");
    let event =
        OrderEvent { order, snapshot: Some(snapshot(at, member).into()), refunds: BTreeMap::new() };
    let state = OrderState::default();

    let decisions = per_second(|| {
        let outcome = earn::order(black_box(&account), &versions, &state, black_box(&event), at);
        assert!(matches!(outcome, Ok(Outcome::Posted(_))));
    });
    let snapshot = event.snapshot.as_ref().expect("it has one");
    let judge = versions.at(at);
    let rules = per_second(|| {
        let basis = basis(black_box(snapshot), &event.refunds, 0);
        black_box(earn::evaluate(judge, snapshot, &event.order, &basis, Some("gold")))
            .expect("no rule fails");
    });
    println!("order decisions a second on one core, 20 rules: {decisions}");
    println!("of which the basis and the rules alone:         {rules}");
}

/// The median of nine rounds, each a fifth of a second.
fn per_second(mut work: impl FnMut()) -> u64 {
    let mut rounds: Vec<u64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            let mut count = 0_u64;
            while start.elapsed() < Duration::from_millis(200) {
                for _ in 0..256 {
                    work();
                }
                count += 256;
            }
            let nanos = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX).max(1);
            count.saturating_mul(1_000_000_000) / nanos
        })
        .collect();
    rounds.sort_unstable();
    rounds[4]
}

fn snapshot(at: Timestamp, member: MemberId) -> Snapshot {
    let line = |id: u32, category: &str, net_minor: i64| Line {
        id: id.to_string(),
        product: Some(format!("p{id}")),
        sku: Some(format!("SKU-{id}")),
        categories: vec![category.to_owned()],
        quantity_milli: 1000,
        current_milli: 1000,
        net_minor,
        gift_card: false,
        tip: false,
    };
    Snapshot {
        updated_at: at,
        status: Status::Paid,
        member: Some(member),
        placed_at: at,
        test: false,
        currency: Currency::EUR,
        lines: vec![line(1, "coffee", 1_850), line(2, "equipment", 34_900), line(3, "tea", 990)],
        paid_with_points_minor: 0,
        tax_minor: 0,
    }
}

/// A programme like those in use: a base rate, exclusions, campaigns by category, product, tier, window and condition.
fn source() -> String {
    let mut source = String::from(
        r#"[programme]
name = "Bench"
currency = "EUR"
expiry = { after = "12 months", at = "month-end" }
pending = { days = 14 }
[[tier]]
id = "gold"
from = { qualifying_points = 1000 }
[[earn]]
id = "spend"
on = "order"
points = { give = 1, per = "1.00 EUR", tier = { gold = 2 } }
except = { categories = ["gift-cards"] }
"#,
    );
    for n in 1..20 {
        let rule = match n % 5 {
            0 => format!(
                "points = {{ give = 1, per = \"5.00 EUR\" }}\nonly = {{ categories = [\"category-{n}\"] }}"
            ),
            1 => format!(
                "points = {{ give = 2, per = \"3.00 EUR\" }}\nonly = {{ products = [\"SKU-{n}\"] }}"
            ),
            2 => "points = 10\ntier = \"gold\"".to_owned(),
            3 => "points = 25\nfrom = \"2026-11-01\"\nuntil = \"2026-12-01\"".to_owned(),
            _ => "multiply = 2\nwhen = \"order.weekday == 6 && order.net >= 5000\"".to_owned(),
        };
        source.extend([
            "[[earn]]\nid = \"rule-",
            &n.to_string(),
            "\"\non = \"order\"\n",
            &rule,
            "\n",
        ]);
    }
    source
}

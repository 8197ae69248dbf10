//! The stored format, as snapshots: a change here is a change of what is in people's tables.

use guerdon_domain::{
    account::Account,
    earn::{self, Outcome},
    entry::Because,
    event::{Line, OrderEvent, Refund, RefundLine, Snapshot, Status},
    id::{MemberId, OrderId, RequestKey},
    money::Currency,
    order::OrderState,
    pay::{self, Capture, PlaceHold},
    programme::{Versions, parse},
    redeem::{self, Redeem},
};

use super::*;

const PROGRAMME: &str = r#"
[programme]
name = "Test"
currency = "EUR"
expiry = { after = "12 months", at = "month-end" }
[[tier]]
id = "gold"
from = { qualifying_points = 50 }
[[earn]]
id = "spend"
on = "order"
points = { give = 10, per = "1.00 EUR" }
limit = { points = 900, per = "month" }
[[reward]]
id = "latte"
price = { points = 100 }
limit = { times = 2, per = "year" }
gives = [{ voucher = "product", sku = "LATTE", valid = "30 days" }, { credit = "1.00 EUR" }]
[pay]
value = "0.01 EUR"
"#;

fn show(item: &impl Serialize) -> String {
    let value: serde_json::Value = from_item(to_item(item).unwrap()).unwrap();
    format!("{value:#}")
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one life of one member, so that the items belong together"
)]
fn every_item_is_stored_as_it_was() {
    let versions = Versions::single(parse(PROGRAMME).unwrap());
    let member = MemberId::new("shopify:acme.myshopify.com:7").unwrap();
    let order = OrderId::new("shopify:acme.myshopify.com:1001").unwrap();
    let now = at("2026-03-03T10:00:00Z");
    let line = |id: &str, quantity_milli: i64, current_milli: i64, gift_card: bool| Line {
        id: id.to_owned(),
        product: Some("632910392".to_owned()),
        sku: Some("LATTE-250".to_owned()),
        categories: vec!["coffee".to_owned()],
        quantity_milli,
        current_milli,
        net_minor: 5_000,
        gift_card,
    };
    let snapshot = Snapshot {
        updated_at: now,
        status: Status::Paid,
        member: Some(member.clone()),
        placed_at: now,
        test: false,
        currency: Currency::EUR,
        lines: vec![
            line("1", 1000, 1000, false),
            line("2", 2500, 2000, false),
            line("3", 1000, 1000, true),
        ],
        paid_with_points_minor: 0,
        tax_minor: 0,
    };
    let refund = Refund {
        lines: vec![RefundLine {
            line: "2".to_owned(),
            quantity_milli: 500,
            net_minor: Some(1_000),
        }],
        amount_minor: 0,
        ..Refund::default()
    };
    let event = OrderEvent {
        order: order.clone(),
        snapshot: Some(snapshot.into()),
        refunds: BTreeMap::from([("r1".to_owned(), refund)]),
    };
    let account = Account::new(member.clone());
    let outcome = earn::order(&account, &versions, &OrderState::default(), &event, now).unwrap();
    let Outcome::Posted(earned) = outcome else { panic!("it earns") };
    let request = |key: &str| Operation::request(&member, &RequestKey::new(key).unwrap());
    let redeem = Redeem {
        operation: request("k1"),
        reward: "latte".to_owned(),
        codes: vec![Some("CODE1".to_owned())],
    };
    let redeemed = redeem::decide(&earned.account, &versions, &redeem, now).unwrap();
    let place = PlaceHold {
        operation: request("k2"),
        hold: HoldId::new("hold_1").unwrap(),
        points: 200,
        total: "20.00 EUR".parse().unwrap(),
        order: Some(order.clone()),
    };
    let held = pay::hold(&redeemed.account, &versions, &place, now).unwrap();
    let capture = Capture {
        operation: request("k3"),
        hold: place.hold.clone(),
        points: Some(150),
        order: None,
        shown_as_discount: false,
    };
    let (_, state) = earned.order.clone().unwrap();
    let captured = pay::capture(&held.account, &versions, Some(&state), &capture, now).unwrap();
    let forgiven = Account {
        forgiven: vec![guerdon_domain::account::Forgiven {
            order: order.clone(),
            points: 5,
            since: 2,
        }],
        ..held.account.clone()
    };

    let mut shown = String::new();
    let mut add = |name: &str, item: String| {
        shown.extend([name, "\n", &item, "\n\n"]);
    };
    add("account", show(&AccountItem::new(&forgiven, Some(at("2026-03-03T10:30:00Z")))));
    for (name, decision, digest) in [
        ("earn", &*earned, None),
        ("redeem", &redeemed, Some("d1")),
        ("hold", &held, Some("d2")),
        ("capture", &captured, Some("d3")),
    ] {
        for entry in &decision.entries {
            let order = decision.order.as_ref().map(|(_, state)| state.clone());
            add(&format!("entry of {name}"), show(&EntryItem::new(&member, entry, digest, order)));
            if let Some(grant) = GrantItem::of(&member, entry) {
                add("grant", show(&grant));
            }
        }
    }
    add("note", show(&NoteItem::new(&Operation::order(&order), state, now)));
    let reason = Reason { rule: "review".into(), points: 0, because: Because::NoRule };
    let event = Operation::event(&member, "review", "r1");
    add("event that gave nothing", show(&EventNoteItem::new(&event, &[reason], now)));
    add("request", show(&RequestItem::new(&request("k4"), "d4")));
    add("code", show(&CodeItem::new("CODE1", &member, &request("k1"), Some("spring"))));
    add("version", show(&VersionItem::new(2, now, now, "…")));
    add("parked", show(&ParkedItem::new("00ff", "{}".to_owned(), "rule x failed".to_owned(), now)));
    insta::assert_snapshot!("items", shown);

    let read: AccountItem =
        from_item(to_item(&AccountItem::new(&forgiven, None)).unwrap()).unwrap();
    assert_eq!(read.into_account(), forgiven, "an account is read as it was written");
    for entry in earned.entries.iter().chain(&redeemed.entries).chain(&captured.entries) {
        let read: EntryItem =
            from_item(to_item(&EntryItem::new(&member, entry, None, None)).unwrap()).unwrap();
        assert_eq!(read.into_entry(), *entry, "an entry is read as it was written");
    }
}

//! The stored format, as snapshots: a change here is a change of what is in people's tables.

use std::collections::BTreeMap;

use guerdon_domain::{
    account::{Account, Asset, Capped, Forgiven, Hold, Lot, Wallet},
    draw::hash::Hash,
    earn::{self, Outcome},
    entry::{Because, Reason},
    event::{Line, OrderEvent, Refund, RefundLine, Snapshot, Status},
    id::{HoldId, MemberId, OrderId, RequestKey, RuleId},
    leaders::Standing,
    money::Currency,
    order::OrderState,
    pay::{self, Capture, PlaceHold},
    profile::Profile,
    programme::{Versions, parse},
    redeem::{self, Drawn, Redeem},
    settle,
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
    let value: serde_json::Value = serde_dynamo::from_item(to_item(item).unwrap()).unwrap();
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
        tip: false,
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
        drawn: Drawn { seed: Hash([1; 32]), left: Vec::new() },
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
        forgiven: vec![Forgiven { order: order.clone(), cap: None, points: 5, since: 2 }],
        made_up: vec![Forgiven { order: order.clone(), cap: None, points: 3, since: 1 }],
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
            let then = decision.then(&entry.operation);
            let then = then.map(|entry| (entry.operation.clone(), entry.index)).collect();
            let first = digest.map(|digest| (digest, then));
            add(&format!("entry of {name}"), show(&EntryItem::new(&member, entry, first, order)));
            if let Some(grant) = GrantItem::of(&member, entry) {
                add("grant", show(&grant));
            }
        }
    }
    add("note", show(&NoteItem::new(&Operation::order(&order), state, now)));
    let reason = Reason { rule: RuleId::of("review"), points: 0, because: Because::NoRule };
    let event = Operation::event(&member, "review", "r1");
    add("event that gave nothing", show(&EventNoteItem::new(&event, &[reason], now)));
    add("request", show(&RequestItem::new(&request("k4"), "d4")));
    add("code", show(&CodeItem::new("CODE1", &member, &request("k1"), Some("spring"))));
    add("code that waits", show(&CodeItem::waiting("CODE2", "spring")));
    add("version", show(&VersionItem::new(2, now, now, "…")));
    add("parked", show(&ParkedItem::new("00ff", "{}".to_owned(), "rule x failed".to_owned(), now)));
    let profile = Profile {
        nickname: Some("Bean".to_owned()),
        leaderboard: Some(now),
        email: "ann@example.com".parse().ok(),
        ..Profile::default()
    };
    add("profile", show(&ProfileItem::new(&member, profile, 3)));
    add("used", show(&UsedItem::new(&member, "00ff", now)));
    add("leader", show(&LeaderItem::new(&member)));
    let first = Standing { member: member.clone(), points: 420 };
    add("leaders", show(&LeadersItem::new(2026, vec![first], now)));
    insta::assert_snapshot!("items", shown);

    let read: AccountItem =
        from_item(to_item(&AccountItem::new(&forgiven, None)).unwrap()).unwrap();
    assert_eq!(read.into_account().unwrap(), forgiven, "an account is read as it was written");
    for entry in earned.entries.iter().chain(&redeemed.entries).chain(&captured.entries) {
        let read: EntryItem =
            from_item(to_item(&EntryItem::new(&member, entry, None, None)).unwrap()).unwrap();
        assert_eq!(read.into_entry().unwrap(), *entry, "an entry is read as it was written");
    }
}

/// An account with something in every attribute.
fn full() -> Item {
    let member = MemberId::new("m").unwrap();
    let order = OrderId::new("o").unwrap();
    let lot = Lot { activates: None, expires: Some(at("2027-01-01T00:00:00Z")), amount: 5 };
    let hold = Hold {
        id: HoldId::new("h").unwrap(),
        lots: vec![lot],
        worth: "1.00 EUR".parse().unwrap(),
        order: None,
        lapses_at: at("2026-03-03T10:30:00Z"),
        version: 1,
        since: 1,
    };
    let account = Account {
        sequence: 3,
        settled_to: at("2026-03-03T10:00:00Z"),
        wallets: [(Asset::Points, Wallet { lots: vec![lot], debt: 0 })].into(),
        holds: vec![hold],
        forgiven: vec![Forgiven {
            order,
            cap: Some((RuleId::of("r"), "2026-03".to_owned())),
            points: 1,
            since: 1,
        }],
        qualifying: [(2026, 5)].into(),
        caps: [((RuleId::of("r"), "2026-03@1".to_owned()), Capped::default())].into(),
        capped: [((RuleId::of("r"), "2026-03".to_owned()), vec![lot])].into(),
        taken: [(("latte".to_owned(), "2026".to_owned()), 1)].into(),
        tier: Some("gold".to_owned()),
        ..Account::new(member)
    };
    to_item(&AccountItem::new(&account, Some(at("2026-03-03T10:30:00Z")))).unwrap()
}

fn read(item: Item) -> Result<Account, StoreError> {
    let item: AccountItem = from_item(item)?;
    item.due()?;
    item.into_account()
}

#[test]
fn no_attribute_of_an_account_is_guessed() {
    let map =
        |key: &str, value: AttributeValue| AttributeValue::M([(key.to_owned(), value)].into());
    let number = |number: &str| AttributeValue::N(number.to_owned());
    let beyond = number("999999999999999");
    let lot = AttributeValue::L(vec![AttributeValue::Null(true), beyond.clone(), number("5")]);
    let lots = map("lots", AttributeValue::L(vec![lot.clone()]));
    let capped =
        AttributeValue::M([("w".to_owned(), number("1")), ("q".to_owned(), number("0"))].into());
    let forgiven = [AttributeValue::S("o".to_owned()), number("1"), number("1")];
    let nameless = AttributeValue::S("without a period".to_owned());
    let forgiven = AttributeValue::L(forgiven.into_iter().chain([nameless]).collect());
    let AttributeValue::L(mut holds) = full()["holds"].clone() else { panic!("a list") };
    let AttributeValue::M(hold) = &mut holds[0] else { panic!("a map") };
    hold.insert("lapses_at".to_owned(), beyond.clone());
    assert!(read(full()).is_ok());
    for (attribute, broken) in [
        ("settled_to", beyond.clone()),
        ("due", beyond.clone()),
        ("wallets", map("points", lots)),
        ("wallets", map("florins", map("debt", number("1")))),
        ("holds", AttributeValue::L(holds)),
        ("qualifying", map("last year", number("5"))),
        ("caps", map("without a period", capped)),
        ("capped", map("r/2026-03", AttributeValue::L(vec![lot.clone()]))),
        ("capped", map("without a period", AttributeValue::L(Vec::new()))),
        ("forgiven", AttributeValue::L(vec![forgiven.clone()])),
        ("made_up", AttributeValue::L(vec![forgiven])),
        ("taken", map("without a period", number("1"))),
    ] {
        let mut item = full();
        item.insert(attribute.to_owned(), broken.clone());
        let error = read(item).expect_err(attribute);
        assert!(
            matches!(error, StoreError::Corrupt { attribute: named, .. } if named == attribute),
            "{attribute} {broken:?}: {error}"
        );
    }
    for attribute in full().keys() {
        let mut item = full();
        item.insert(attribute.clone(), AttributeValue::Bool(true));
        assert!(read(item).is_err(), "{attribute} is no truth value");
    }
    for required in ["pk", "sk", "f", "member", "revision", "settled_to"] {
        let mut item = full();
        item.remove(required);
        assert!(read(item).is_err(), "without {required}");
    }
}

#[test]
fn a_newer_form_is_refused_in_so_many_words() {
    let mut item = full();
    item.insert("f".to_owned(), AttributeValue::N("2".to_owned()));
    let error = read(item).unwrap_err();
    assert_eq!(
        error.to_string(),
        "an account is stored in form 2, and this version of Guerdon knows 1"
    );
}

#[test]
fn an_order_without_its_state_is_not_one_never_seen() {
    let order = Operation::order(&OrderId::new("o").unwrap());
    let mut item =
        to_item(&NoteItem::new(&order, OrderState::default(), at("2026-03-03T10:00:00Z"))).unwrap();
    assert!(from_item::<OrderItem>(item.clone()).is_ok());
    item.remove("order");
    assert!(from_item::<OrderItem>(item).is_err());
}

#[test]
fn a_mystery_gift_is_stored_sealed_and_as_it_was_revealed() {
    let gift = r#"
        [programme]
        name = "Test"
        currency = "EUR"
        [[reward]]
        id = "gift"
        price = { points = 0 }
        [[reward.gives]]
        reveal = "7 days"
        mystery = [
            { id = "mug", name = "A mug", weight = 3, stock = 5, gives = [{ voucher = "product", sku = "MUG" }] },
            { id = "cake", weight = 1, gives = [{ voucher = "product", sku = "CAKE" }] },
        ]"#;
    let versions = Versions::single(parse(gift).unwrap());
    let member = MemberId::new("shopify:acme.myshopify.com:7").unwrap();
    let redeem = Redeem {
        operation: Operation::request(&member, &RequestKey::new("k1").unwrap()),
        reward: "gift".to_owned(),
        codes: vec![Some("CODE1".to_owned())],
        drawn: Drawn { seed: Hash([1; 32]), left: vec![Some(4)] },
    };
    let account = Account::new(member.clone());
    let now = at("2026-03-03T10:00:00Z");
    let sealed = redeem::decide(&account, &versions, &redeem, now).unwrap();
    let later = at("2026-03-10T10:00:00Z");
    let revealed = settle::settle(&sealed.account, &versions, later).unwrap().unwrap();

    let mut shown = format!("account\n{}\n\n", show(&AccountItem::new(&sealed.account, None)));
    for (name, decision) in [("sealed", &sealed), ("revealed", &revealed)] {
        for entry in &decision.entries {
            let item = EntryItem::new(&member, entry, None, None);
            let grant = GrantItem::of(&member, entry).unwrap();
            shown.extend([name, "\n", &show(&item), "\n\n", &show(&grant), "\n\n"]);
            let read: EntryItem = from_item(to_item(&item).unwrap()).unwrap();
            assert_eq!(read.into_entry().unwrap(), *entry);
        }
    }
    insta::assert_snapshot!("gifts", shown);
    let read: AccountItem =
        from_item(to_item(&AccountItem::new(&sealed.account, None)).unwrap()).unwrap();
    assert_eq!(read.into_account().unwrap().gifts, sealed.account.gifts, "read as it was written");
}

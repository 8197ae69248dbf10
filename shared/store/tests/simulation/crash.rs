//! Every crash point: each operation is cut off at each of its calls, and at each pair of them, and must come to the same.

use std::{collections::BTreeMap, sync::Arc};

use guerdon_domain::{
    account::Asset,
    adjust::Adjust,
    auction::PlaceBid,
    event::{Line, MemberEvent, OrderEvent, Refund, RefundLine, SIGN_UP, Snapshot, Status},
    id::{HoldId, Operation as Name, OrderId, RequestKey},
    money::{Currency, Money},
    pay::{Capture, PlaceHold},
    play::{Paid, Play},
    raffle::Enter,
};
use guerdon_store::Request;
use jiff::Timestamp;

use crate::{
    bids::OPEN,
    history::{Fault, History},
    laws,
    operation::{Action, Operation, request_of},
    plan::{Plan, member},
    raffle::RAFFLE,
    seed::Seed,
    table::{Item, Place},
};

const FAULTS: [Fault; 4] = [Fault::CrashBefore, Fault::CrashAfter, Fault::Error, Fault::Unanswered];

fn start() -> Timestamp {
    "2026-03-10T10:00:00Z".parse().unwrap()
}

fn asked(key: &str, action: impl FnOnce(Name) -> Action) -> Operation {
    let member = member(0);
    let name = Name::request(&member, &RequestKey::new(key).unwrap());
    let action = action(name.clone());
    let request = Request { operation: name, digest: format!("{action:?}") };
    Operation { member: Some(member), request: Some(request), action }
}

fn funded() -> Operation {
    asked("fund", |operation| {
        let (asset, reason) = (Asset::Points, "to begin with".to_owned());
        Action::Adjust(Adjust { operation, asset, amount: 100, reason, by: "me".to_owned() })
    })
}

fn order() -> OrderId {
    OrderId::new("shop:o1").unwrap()
}

fn news(snapshot: Option<Snapshot>, refunds: BTreeMap<String, Refund>) -> Operation {
    let snapshot = snapshot.map(Arc::new);
    let action = Action::Order(OrderEvent { order: order(), snapshot, refunds });
    Operation { member: Some(member(0)), request: None, action }
}

fn paid(quantity: i64) -> Operation {
    let line = Line {
        id: "l1".to_owned(),
        product: None,
        sku: None,
        categories: Vec::new(),
        quantity_milli: quantity * 1000,
        current_milli: quantity * 1000,
        net_minor: 2000,
        gift_card: false,
        tip: false,
    };
    let snapshot = Snapshot {
        updated_at: start(),
        status: Status::Paid,
        member: Some(member(0)),
        placed_at: start(),
        test: false,
        currency: Currency::EUR,
        lines: vec![line],
        paid_with_points_minor: 0,
        tax_minor: 0,
    };
    news(Some(snapshot), BTreeMap::new())
}

fn refund() -> Operation {
    let of = RefundLine { line: "l1".to_owned(), quantity_milli: 1000, net_minor: Some(1000) };
    news(
        None,
        BTreeMap::from([(
            "r1".to_owned(),
            Refund { lines: vec![of], amount_minor: 0, ..Refund::default() },
        )]),
    )
}

fn held() -> Operation {
    let hold = HoldId::new("h1").unwrap();
    let total = Money { minor: 2000, currency: Currency::EUR };
    asked("hold", |operation| {
        Action::Hold(PlaceHold { operation, hold, points: 40, total, order: Some(order()) })
    })
}

fn captured() -> Operation {
    let hold = HoldId::new("h1").unwrap();
    asked("capture", |operation| {
        Action::Capture(Capture {
            operation,
            hold,
            points: Some(25),
            order: Some(order()),
            shown_as_discount: false,
        })
    })
}

fn signed_up() -> Operation {
    let event = MemberEvent { member: member(0), name: SIGN_UP.to_owned(), key: None, at: start() };
    let request = Some(request_of(&event));
    Operation { member: Some(member(0)), request, action: Action::Happened(event) }
}

/// The third in a month gives nothing.
fn reviewed(number: u32) -> Operation {
    let (name, key) = ("review".to_owned(), Some(format!("r{number}")));
    let event = MemberEvent { member: member(0), name, key, at: start() };
    let request = Some(request_of(&event));
    Operation { member: Some(member(0)), request, action: Action::Happened(event) }
}

fn entered() -> Operation {
    asked("enter", |operation| {
        Action::Enter(Enter { operation, raffle: RAFFLE.to_owned(), entries: 2, free: false })
    })
}

fn played(game: &str) -> Operation {
    let paid = if game == "golden" { Paid::Free } else { Paid::Points };
    asked("play", |operation| Action::Play(Play { operation, game: game.to_owned(), paid }))
}

fn bidding(key: &str, points: i64) -> Operation {
    asked(key, |operation| Action::Bid(PlaceBid { operation, auction: OPEN.to_owned(), points }))
}

/// After these operations, the last is disturbed.
fn scenarios() -> Vec<(&'static str, Vec<Operation>)> {
    let release = asked("release", |_| Action::Release(HoldId::new("h1").unwrap()));
    vec![
        ("earn", vec![paid(2)]),
        ("reverse", vec![paid(2), refund()]),
        ("note", vec![refund()]),
        ("park", vec![paid(7)]),
        ("event", vec![signed_up()]),
        ("event for nothing", vec![reviewed(1), reviewed(2), reviewed(3)]),
        ("redeem", vec![funded(), asked("redeem", |_| Action::Redeem("bundle".to_owned()))]),
        ("gift", vec![funded(), asked("redeem", |_| Action::Redeem("later".to_owned()))]),
        ("gift at once", vec![funded(), asked("redeem", |_| Action::Redeem("at-once".to_owned()))]),
        (
            "open",
            vec![
                funded(),
                asked("redeem", |_| Action::Redeem("sealed".to_owned())),
                asked("open", |_| Action::Open(2)),
            ],
        ),
        ("enter", vec![funded(), entered()]),
        ("play by count", vec![funded(), played("third")]),
        ("play by chance", vec![funded(), played("cup")]),
        ("play at a moment", vec![funded(), played("golden")]),
        ("bid", vec![funded(), bidding("bid", 20)]),
        ("raise", vec![funded(), bidding("bid", 20), bidding("raise", 30)]),
        ("hold", vec![funded(), held()]),
        ("capture", vec![funded(), paid(2), held(), captured()]),
        ("release", vec![funded(), held(), release]),
    ]
}

fn contents(history: &History) -> BTreeMap<Place, Item> {
    history.tables.all().map(|(place, item)| (place.clone(), (**item).clone())).collect()
}

fn check(
    name: &str,
    before: &History,
    expected: &BTreeMap<Place, Item>,
    faults: &[(u32, Fault)],
) -> u32 {
    let last = before.operations.len() - 1;
    let mut history = before.fork();
    let calls = history.deliver_with(last, faults);
    let calls = calls.unwrap_or_else(|violation| panic!("{name} with {faults:?}: {violation:?}"));
    assert!(contents(&history) == *expected, "{name} with {faults:?} comes to something else");
    calls
}

pub(crate) fn every_crash_point_comes_to_the_same() {
    for (name, operations) in scenarios() {
        let last = operations.len() - 1;
        let (deliveries, faults) = (Vec::new(), (0, 0));
        let plan = Plan { policy: 1, start: start(), operations, deliveries, faults, clients: 1 };
        let mut before = History::of(plan, Seed::new(0), false);
        before.chance = Some(7);
        before.stay_put();
        for operation in 0..last {
            before.deliver_quietly(operation).unwrap();
        }
        let mut undisturbed = before.fork();
        let calls = undisturbed.deliver_with(last, &[]).unwrap();
        let expected = contents(&undisturbed);
        laws::state(&undisturbed).unwrap();
        let mut cases = 0;
        for first in 0..calls {
            for one in FAULTS {
                let made = check(name, &before, &expected, &[(first, one)]);
                cases += 1;
                for second in first + 1..made {
                    for other in FAULTS {
                        check(name, &before, &expected, &[(first, one), (second, other)]);
                        cases += 1;
                    }
                }
            }
        }
        println!("{name}: {calls} calls, {cases} disturbed runs");
    }
}

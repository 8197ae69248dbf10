//! What happens in a history: members, their orders' lives, what they ask for, when time jumps. All from the seed.

use std::collections::BTreeMap;

use guerdon_domain::{
    account::Asset,
    adjust::Adjust,
    auction::PlaceBid,
    event::{Line, MemberEvent, OrderEvent, Refund, RefundLine, SIGN_UP, Snapshot, Status},
    id::{HoldId, MemberId, Operation as Name, OrderId, RequestKey},
    money::{Currency, Money},
    pay::{Capture, PlaceHold},
    play::{Paid, Play},
    raffle::Enter,
};
use guerdon_store::Request;
use jiff::{SignedDuration, Timestamp};

use crate::{
    bids::{OPEN, SEALED},
    operation::{Action, Operation, request_of},
    plays::GAMES,
    programme::{GIFTS, ONCE, POLICIES},
    raffle::{RAFFLE, moments},
    seed::Seed,
};

/// Something that the scheduler starts.
#[derive(Debug, Clone)]
pub(crate) enum Delivery {
    /// An operation arrives, again or for the first time.
    Operation(usize),
    /// Time passes; nothing is in flight meanwhile.
    Jump(Jump),
    /// A moment passes, in which what is in flight stays there, and the next comes.
    Wait,
    /// The next version is published.
    Publish,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Jump {
    Minutes(i64),
    Days(i64),
    /// To the next instant at which some account is due, or the second before it.
    Due {
        exactly: bool,
    },
    /// To the first instant of the next year.
    Year,
    /// So long after the close of the raffle.
    Raffle(SignedDuration),
}

/// A whole history, before chance decides what becomes of it.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) policy: usize,
    pub(crate) start: Timestamp,
    pub(crate) operations: Vec<Operation>,
    pub(crate) deliveries: Vec<Delivery>,
    /// How many faults may happen, and how likely each call has one, in percent.
    pub(crate) faults: (usize, usize),
    /// Clients at work at the same time.
    pub(crate) clients: usize,
}

/// Of so many histories in a hundred, the raffle comes to its end.
const RAFFLES: usize = 1;

/// So many histories in a hundred are of one to three operations, the others of four to twelve, or a few more.
const SHORT: usize = 70;

/// What members redeem. For the last, which each opens alone, nobody races.
const WISHES: [&str; 7] = ["mug", "coupon", "bundle", ONCE, GIFTS[0], GIFTS[1], GIFTS[2]];

/// What may happen in a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Happens {
    Order,
    Event,
    Adjust,
    Redeem,
    Race,
    Pay,
    Play,
    RaceToPlay,
    Bids,
    Odd,
}

/// Everything, as often as it is to happen.
const HAPPENS: [Happens; 13] = [
    Happens::Order,
    Happens::Order,
    Happens::Order,
    Happens::Order,
    Happens::Event,
    Happens::Adjust,
    Happens::Redeem,
    Happens::Race,
    Happens::Pay,
    Happens::Play,
    Happens::RaceToPlay,
    Happens::Bids,
    Happens::Odd,
];

/// What happens in one history: everything, or a few things that then happen to each other far more often
/// (Groce, Zhang, Eide, Chen and Regehr, "Swarm Testing", ISSTA 2012).
fn kinds(seed: &mut Seed) -> Vec<Happens> {
    if seed.chance(30) {
        return HAPPENS.to_vec();
    }
    (0..=seed.below(4)).map(|_| *seed.pick(&HAPPENS)).collect()
}

pub(crate) fn member(number: usize) -> MemberId {
    MemberId::new(format!("shop:m{number}")).unwrap()
}

/// Whether the raffle and the auctions come to their end in the history of a seed.
pub(crate) fn comes_to_the_end(seed: u64) -> bool {
    let plan = plan(&mut Seed::new(seed));
    plan.operations.iter().any(|operation| matches!(operation.action, Action::Step))
}

pub(crate) fn plan(seed: &mut Seed) -> Plan {
    let start: Timestamp = "2026-11-20T09:30:00.123456789Z".parse().unwrap();
    let start = start + SignedDuration::from_hours(seed.between(0, 24 * 60));
    let wish = *seed.pick(&WISHES);
    let mut planner = Planner { seed, start, wish, operations: Vec::new(), keys: 0 };
    let members = planner.seed.below(3) + 1;
    let kinds = kinds(planner.seed);
    let wanted = if planner.seed.chance(SHORT) {
        planner.seed.below(3) + 1
    } else {
        planner.seed.below(9) + 4
    };
    while planner.operations.len() < wanted {
        let member = member(planner.seed.below(members));
        match planner.seed.pick(&kinds) {
            Happens::Order => planner.order(&member),
            Happens::Event => planner.happened(&member),
            Happens::Adjust => planner.adjust(&member),
            Happens::Redeem => planner.redeem(&member),
            Happens::Race => planner.race(members),
            Happens::Pay => planner.pay(&member),
            Happens::Play => planner.play(&member),
            Happens::RaceToPlay => planner.races_to_play(members),
            Happens::Bids => planner.bids(members),
            Happens::Odd => planner.odd(&member),
        }
    }
    let mut operations = planner.operations;
    let mut deliveries: Vec<Delivery> = (0..operations.len()).map(Delivery::Operation).collect();
    for _ in 0..seed.below(4) {
        let again = Delivery::Operation(seed.below(operations.len()));
        deliveries.insert(seed.below(deliveries.len() + 1), again);
    }
    for _ in 0..seed.below(4) {
        let jump = jump(seed);
        deliveries.insert(seed.below(deliveries.len() + 1), Delivery::Jump(jump));
    }
    if seed.chance(35) {
        deliveries.insert(seed.below(deliveries.len() + 1), Delivery::Publish);
    }
    // Few: a list takes some hundred calls to freeze.
    if seed.chance(RAFFLES) {
        raffle(seed, members, &mut operations, &mut deliveries);
    }
    // What arrives does so roughly in order.
    for position in 0..deliveries.len() {
        let other = (position + seed.below(4)).min(deliveries.len() - 1);
        deliveries.swap(position, other);
    }
    let faults = *seed.pick(&[(0, 0), (4, 6), (10, 12), (25, 30)]);
    let clients = seed.below(5) + 2;
    Plan { policy: seed.below(POLICIES), start, operations, deliveries, faults, clients }
}

/// A raffle and the auctions at their end: entries and bids until the close and after it, and their schedules.
fn raffle(
    seed: &mut Seed,
    members: usize,
    operations: &mut Vec<Operation>,
    deliveries: &mut Vec<Delivery>,
) {
    let mut add = |operation: Operation, deliveries: &mut Vec<Delivery>| {
        deliveries.push(Delivery::Operation(operations.len()));
        operations.push(operation);
    };
    let step = || Operation { member: None, request: None, action: Action::Step };
    let sweep = || Operation { member: None, request: None, action: Action::Sweep };
    for number in 0..members {
        let member = member(number);
        let operation = Name::request(&member, &RequestKey::new("to-bid").unwrap());
        let (asset, reason) = (Asset::Points, "to bid".to_owned());
        let name = operation.clone();
        let adjust = Adjust { operation, asset, amount: 90, reason, by: "me".into() };
        let request = Some(Request { operation: name, digest: format!("{adjust:?}") });
        add(
            Operation { member: Some(member), request, action: Action::Adjust(adjust) },
            deliveries,
        );
    }
    add(step(), deliveries);
    for (part, moment) in moments().into_iter().enumerate() {
        for number in 0..=seed.below(3) {
            let member = member(seed.below(members));
            let operation =
                Name::request(&member, &RequestKey::new(format!("r{part}-{number}")).unwrap());
            let (entries, free) = (seed.between(1, 3), seed.chance(60));
            let enter =
                Enter { operation: operation.clone(), raffle: RAFFLE.to_owned(), entries, free };
            let request = Some(Request { operation, digest: format!("{enter:?}") });
            add(
                Operation { member: Some(member), request, action: Action::Enter(enter) },
                deliveries,
            );
        }
        // More of them in the second before the close, when a schedule that fires too early would miss what is on its way.
        let last = part == 1;
        for number in 0..seed.below(if last { 6 } else { 3 }) {
            let member = member(seed.below(members));
            let operation =
                Name::request(&member, &RequestKey::new(format!("b{part}-{number}")).unwrap());
            let auction = if seed.chance(if last { 20 } else { 50 }) { OPEN } else { SEALED };
            let bid = PlaceBid {
                operation: operation.clone(),
                auction: auction.to_owned(),
                points: seed.between(5, 60),
            };
            let request = Some(Request { operation, digest: format!("{bid:?}") });
            add(Operation { member: Some(member), request, action: Action::Bid(bid) }, deliveries);
        }
        deliveries.push(Delivery::Wait);
        add(sweep(), deliveries);
        deliveries.push(Delivery::Jump(Jump::Raffle(moment)));
        add(sweep(), deliveries);
        for _ in 0..=seed.below(2) {
            add(step(), deliveries);
        }
    }
    for _ in 0..seed.below(3) {
        let disqualify = Operation { member: None, request: None, action: Action::Disqualify };
        add(disqualify, deliveries);
        add(step(), deliveries);
    }
}

fn jump(seed: &mut Seed) -> Jump {
    match seed.below(8) {
        0 | 1 => Jump::Due { exactly: true },
        2 => Jump::Due { exactly: false },
        3 => Jump::Minutes(seed.between(1, 40)),
        4 => Jump::Days(seed.between(1, 40)),
        5 => Jump::Days(seed.between(150, 420)),
        6 => Jump::Year,
        _ => Jump::Minutes(31),
    }
}

struct Planner<'a> {
    seed: &'a mut Seed,
    start: Timestamp,
    /// What half of the redemptions are of.
    wish: &'static str,
    operations: Vec<Operation>,
    keys: usize,
}

impl Planner<'_> {
    fn key(&mut self) -> RequestKey {
        self.keys += 1;
        RequestKey::new(format!("k{}", self.keys)).unwrap()
    }

    /// Adds an operation with an idempotency key of its own.
    fn ask(&mut self, member: &MemberId, action: impl FnOnce(Name, &RequestKey) -> Action) {
        let key = self.key();
        let name = Name::request(member, &key);
        let action = action(name.clone(), &key);
        let request = Request { operation: name, digest: format!("{action:?}") };
        self.operations.push(Operation {
            member: Some(member.clone()),
            request: Some(request),
            action,
        });
    }

    fn adjust(&mut self, member: &MemberId) {
        let amount = if self.seed.chance(75) {
            self.seed.between(20, 120)
        } else {
            -self.seed.between(1, 40)
        };
        self.ask(member, |operation, _| {
            Action::Adjust(Adjust {
                operation,
                asset: Asset::Points,
                amount,
                reason: "test".into(),
                by: "me".into(),
            })
        });
    }

    /// One of these rewards; half of the time the one that this history has a wish for.
    fn reward(&mut self, of: &[&'static str]) -> &'static str {
        if self.seed.chance(50) { self.wish } else { self.seed.pick::<&str>(of) }
    }

    fn redeem(&mut self, member: &MemberId) {
        let reward = self.reward(&WISHES);
        let [.., sealed] = GIFTS;
        self.ask(member, |_, _| Action::Redeem(reward.to_owned()));
        if reward == sealed || self.seed.chance(10) {
            // Most are of nothing; some of a gift, and some of one that is not theirs to open.
            let grant = self.seed.between(1, 6).unsigned_abs();
            self.ask(member, |_, _| Action::Open(grant));
        }
    }

    /// Members with enough points want the same thing.
    fn race(&mut self, members: usize) {
        let reward = self.reward(&WISHES[..WISHES.len() - 1]);
        for number in 0..members {
            let member = member(number);
            self.ask(&member, |operation, _| {
                let (asset, reason) = (Asset::Points, "for the race".to_owned());
                Action::Adjust(Adjust { operation, asset, amount: 60, reason, by: "me".into() })
            });
            for _ in 0..=self.seed.below(3) {
                self.ask(&member, |_, _| Action::Redeem(reward.to_owned()));
            }
        }
    }

    fn play(&mut self, member: &MemberId) {
        let game = *self.seed.pick(&GAMES);
        let paid = *self.seed.pick(&[Paid::Points, Paid::Free, Paid::Free]);
        self.ask(member, |operation, _| {
            Action::Play(Play { operation, game: game.to_owned(), paid })
        });
    }

    /// Members play one game at once, or join at once.
    fn races_to_play(&mut self, members: usize) {
        let game = *self.seed.pick(&GAMES);
        let joins = self.seed.chance(30);
        for number in 0..members {
            let member = member(number);
            if joins {
                self.joins(&member);
                continue;
            }
            for _ in 0..=self.seed.below(3) {
                self.ask(&member, |operation, _| {
                    let (game, paid) = (game.to_owned(), Paid::Free);
                    Action::Play(Play { operation, game, paid })
                });
            }
        }
    }

    /// Members want to have the same thing, and now and then the schedule fires.
    fn bids(&mut self, members: usize) {
        let auction = if self.seed.chance(75) { OPEN } else { SEALED };
        // Two lead at once: with three, somebody is outbid; and where they bid in turn, it is somebody who bids again meanwhile.
        let (members, rising) = (members.max(3), self.seed.chance(50));
        for number in 0..members {
            let member = member(number);
            self.ask(&member, |operation, _| {
                let (asset, reason) = (Asset::Points, "to bid".to_owned());
                Action::Adjust(Adjust { operation, asset, amount: 60, reason, by: "me".into() })
            });
        }
        for bid in 0..=self.seed.below(7) + 1 {
            let (bidder, points) = if rising {
                (bid % members, 5 + 6 * i64::try_from(bid).unwrap())
            } else {
                (self.seed.below(members), self.seed.between(4, 60))
            };
            let member = member(bidder);
            self.ask(&member, |operation, _| {
                Action::Bid(PlaceBid { operation, auction: auction.to_owned(), points })
            });
        }
        if self.seed.chance(50) {
            let sweep = Operation { member: None, request: None, action: Action::Sweep };
            self.operations.push(sweep);
        }
    }

    fn joins(&mut self, member: &MemberId) {
        let event = MemberEvent {
            member: member.clone(),
            name: SIGN_UP.to_owned(),
            key: None,
            at: self.start,
        };
        let request = Some(request_of(&event));
        let action = Action::Happened(event);
        self.operations.push(Operation { member: Some(member.clone()), request, action });
    }

    /// A hold, and what becomes of it.
    fn pay(&mut self, member: &MemberId) {
        if self.seed.chance(60) {
            self.adjust(member);
        }
        let points = self.seed.between(1, 8) * 5;
        let order = self.order_of(member).filter(|_| self.seed.chance(60));
        let names_order = self.seed.chance(50);
        let hold = HoldId::new(format!("hold-{}", self.keys)).unwrap();
        let (id, total) = (hold.clone(), Money { minor: 5000, currency: Currency::EUR });
        let held_for = order.clone().filter(|_| names_order);
        self.ask(member, |operation, _| {
            Action::Hold(PlaceHold { operation, hold: id, points, total, order: held_for })
        });
        match self.seed.below(5) {
            0 => {}
            1 => self.ask(member, |_, _| Action::Release(hold)),
            _ => {
                let part = (self.seed.chance(50)).then(|| self.seed.between(1, points));
                let shown_as_discount = self.seed.chance(30);
                self.ask(member, |operation, _| {
                    Action::Capture(Capture {
                        operation,
                        hold,
                        points: part,
                        order,
                        shown_as_discount,
                    })
                });
            }
        }
    }

    /// An order of the member that some news are about.
    fn order_of(&self, member: &MemberId) -> Option<OrderId> {
        let of = |operation: &Operation| match &operation.action {
            Action::Order(event) if operation.member.as_ref() == Some(member) => {
                Some(event.order.clone())
            }
            _ => None,
        };
        self.operations.iter().rev().find_map(of)
    }

    fn happened(&mut self, member: &MemberId) {
        if self.seed.chance(40) {
            return self.joins(member);
        }
        let at = self.start - SignedDuration::from_hours(self.seed.between(0, 48));
        let key = self.key();
        let event = MemberEvent {
            member: member.clone(),
            name: "review".to_owned(),
            key: Some(key.to_string()),
            at,
        };
        let request = Some(request_of(&event));
        let action = Action::Happened(event);
        self.operations.push(Operation { member: Some(member.clone()), request, action });
    }

    /// A sweep, an operator at work, or a key that is used twice for different things.
    fn odd(&mut self, member: &MemberId) {
        let of_nobody = |action: Action| Operation { member: None, request: None, action };
        match self.seed.below(6) {
            0 => self.operations.push(of_nobody(Action::Upkeep(Vec::new()))),
            1 => self.operations.push(of_nobody(Action::Replay)),
            2 => self.operations.push(of_nobody(Action::Import)),
            3 => {
                let member = Some(member.clone());
                self.operations.push(Operation { member, request: None, action: Action::Read });
            }
            4 => {
                let named = |operation: &&Operation| {
                    let by_client = operation.request.is_some()
                        && !matches!(operation.action, Action::Order(_) | Action::Happened(_));
                    by_client && operation.member.as_ref() == Some(member)
                };
                let Some(first) = self.operations.iter().rev().find(named) else { return };
                let operation = first.request.clone().unwrap().operation;
                let action = Action::Redeem(ONCE.to_owned());
                let request = Request { operation, digest: "other content".to_owned() };
                self.operations.push(Operation {
                    member: Some(member.clone()),
                    request: Some(request),
                    action,
                });
            }
            _ => self.ask(member, |_, key| Action::Claim(key.clone())),
        }
    }

    /// The life of an order, told in several pieces of news.
    fn order(&mut self, member: &MemberId) {
        let number = self.operations.len();
        let order = OrderId::new(format!("shop:o{number}")).unwrap();
        for event in life(self.seed, &order, member, self.start) {
            let action = Action::Order(event);
            self.operations.push(Operation { member: Some(member.clone()), request: None, action });
        }
    }
}

/// Placed, paid, edited, refunded in parts, ended: what a shop would say at each step.
pub(crate) fn life(
    seed: &mut Seed,
    order: &OrderId,
    member: &MemberId,
    start: Timestamp,
) -> Vec<OrderEvent> {
    let placed_at = start - SignedDuration::from_hours(seed.between(0, 24 * 35));
    let lines = (0..=seed.below(3)).map(|number| line(seed, number)).collect();
    let mut now = Snapshot {
        updated_at: placed_at,
        status: Status::Unpaid,
        member: Some(member.clone()).filter(|_| !seed.chance(10)),
        placed_at,
        test: seed.chance(2),
        currency: Currency::EUR,
        lines,
        paid_with_points_minor: 0,
        tax_minor: 0,
    };
    let mut refunds = BTreeMap::new();
    let mut news = Vec::new();
    if seed.chance(50) {
        news.push(OrderEvent {
            order: order.clone(),
            snapshot: Some(now.clone().into()),
            refunds: BTreeMap::new(),
        });
    }
    now.status = Status::Paid;
    now.member = Some(member.clone());
    now.updated_at += SignedDuration::from_secs(seed.between(0, 90));
    news.push(OrderEvent {
        order: order.clone(),
        snapshot: Some(now.clone().into()),
        refunds: BTreeMap::new(),
    });
    for step in 0..seed.below(4) {
        now.updated_at += SignedDuration::from_secs(seed.between(0, 3600));
        let mut alone = BTreeMap::new();
        match seed.below(5) {
            0 => {
                let edited = seed.below(now.lines.len());
                let line = &mut now.lines[edited];
                line.current_milli = (line.current_milli - 1000).max(0);
            }
            1 => {
                let refund = Refund {
                    lines: Vec::new(),
                    amount_minor: seed.between(1, 400),
                    ..Refund::default()
                };
                alone.insert(format!("r{step}"), refund);
            }
            2 | 3 => {
                let refunded = seed.below(now.lines.len());
                let line = &now.lines[refunded];
                let net_minor = line.net_minor * 1000 / line.quantity_milli;
                let of = RefundLine {
                    line: line.id.clone(),
                    quantity_milli: 1000,
                    net_minor: Some(net_minor),
                };
                alone.insert(
                    format!("r{step}"),
                    Refund { lines: vec![of], amount_minor: 0, ..Refund::default() },
                );
            }
            _ => now.status = *seed.pick(&[Status::Cancelled, Status::Refunded, Status::Paid]),
        }
        refunds.extend(alone.clone());
        let told_alone = !alone.is_empty() && seed.chance(50);
        let snapshot = (!told_alone).then(|| now.clone().into());
        let refunds = if told_alone || seed.chance(20) { alone } else { refunds.clone() };
        news.push(OrderEvent { order: order.clone(), snapshot, refunds });
    }
    news
}

fn line(seed: &mut Seed, number: usize) -> Line {
    let quantity = if seed.chance(12) { 7 } else { seed.between(1, 3) };
    Line {
        id: format!("l{number}"),
        product: None,
        sku: None,
        categories: Vec::new(),
        quantity_milli: quantity * 1000,
        current_milli: quantity * 1000,
        net_minor: seed.between(0, 2500),
        gift_card: seed.chance(5),
        tip: false,
    }
}

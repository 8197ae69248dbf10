//! A small world: a ledger, a clock, and a language of steps. What must always be true is checked after every step.

use std::{collections::BTreeMap, fmt};

use guerdon_domain::{
    account::{Account, Asset, Balance},
    adjust::Adjust,
    book::{Answer, Book, BookError},
    draw::hash::Hash,
    entry::{Entry, Granted, Kind, LedgerAccount, Reason},
    event::MemberEvent,
    id::{HoldId, MemberId, Operation, RequestKey},
    money::{Currency, Money},
    pay::{Capture, PlaceHold},
    programme::{Clawback, Published},
    raffle::Enter,
    redeem::{Drawn, Redeem},
    settle,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::{
    life::{self, MEMBERS, News, ORDERS, any_news, member, order_id},
    policy::{COUPONS, FIVES, GIFTS, MUGS, Policy, RAFFLE, REWARDS, any_policy, versions},
};

/// One thing that happens. Numbers are of members, keys, holds; the same number is the same name again.
#[derive(Clone)]
pub(crate) enum Step {
    Wait(i64),
    Order(u8, News),
    Event(u8, usize, u8),
    Redeem(u8, usize, u8),
    Hold(u8, i64, u8, Option<u8>),
    Capture(u8, u8, Option<i64>, Option<u8>, u8),
    Release(u8, u8, u8),
    /// Member, the number of the grant, key.
    Open(u8, u64, u8),
    Adjust(u8, i64, u8),
    /// Entries of the raffle; whether by the free route.
    Enter(u8, i64, bool, u8),
    Settle,
    Publish,
}

/// Steps, printed one a line.
#[derive(Clone)]
pub(crate) struct Script(pub(crate) Vec<Step>);

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| write!(f, "\n  {step:?}"))
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wait(minutes) => write!(f, "wait {} d {} min", minutes / 1440, minutes % 1440),
            Self::Order(order, news) => write!(f, "o{order} (m{}): {news:?}", order % MEMBERS),
            Self::Event(member, what, key) => write!(f, "m{member} {} k{key}", EVENTS[*what]),
            Self::Redeem(member, reward, key) => {
                write!(f, "m{member} redeem {} k{key}", REWARDS[*reward])
            }
            Self::Hold(member, points, hold, order) => {
                write!(f, "m{member} hold h{hold} {points} for {order:?}")
            }
            Self::Capture(member, hold, points, order, key) => {
                write!(f, "m{member} capture h{hold} {points:?} for {order:?} k{key}")
            }
            Self::Open(member, grant, key) => write!(f, "m{member} open {grant} k{key}"),
            Self::Release(member, hold, key) => write!(f, "m{member} release h{hold} k{key}"),
            Self::Adjust(member, amount, key) => write!(f, "m{member} adjust {amount:+} k{key}"),
            Self::Enter(member, entries, free, key) => {
                write!(f, "m{member} enter × {entries}{} k{key}", if *free { " free" } else { "" })
            }
            Self::Settle => write!(f, "settle"),
            Self::Publish => write!(f, "publish"),
        }
    }
}

const EVENTS: [&str; 4] = ["sign-up", "review", "broken", "unknown"];

/// The kinds of step that a law is tried on.
#[derive(Clone, Copy)]
pub(crate) struct Mix {
    pub(crate) redeem: u32,
    pub(crate) pay: u32,
    pub(crate) adjust: u32,
}

/// Everything.
pub(crate) const ALL: Mix = Mix { redeem: 3, pay: 6, adjust: 2 };

pub(crate) fn any_step(mix: Mix) -> impl Strategy<Value = Step> {
    let who = 0..MEMBERS;
    let wait = prop_oneof![1..90_i64, (1..50_i64).prop_map(|days| days * 1440), Just(400 * 1440)];
    let order = prop::option::of(0..ORDERS);
    let points = prop_oneof![4 => (2..12_i64).prop_map(|n| n * 5), 1 => -5..50_i64];
    prop_oneof![
        3 => wait.prop_map(Step::Wait),
        8 => (0..ORDERS, any_news()).prop_map(|(order, news)| Step::Order(order, news)),
        3 => (0..ORDERS).prop_map(|order| Step::Order(order, life::paid())),
        2 => (who.clone(), 0..EVENTS.len(), 0..4_u8).prop_map(|(m, what, key)| Step::Event(m, what, key)),
        mix.redeem => (who.clone(), 0..REWARDS.len(), 0..20_u8).prop_map(|(m, reward, key)| Step::Redeem(m, reward, key)),
        mix.pay => (who.clone(), points.clone(), 0..6_u8, order.clone()).prop_map(|(m, p, h, o)| Step::Hold(m, p, h, o)),
        mix.pay => (who.clone(), 0..6_u8, prop::option::of(points), order, 0..20_u8)
            .prop_map(|(m, h, p, o, key)| Step::Capture(m, h, p, o, key)),
        mix.pay / 2 => (who.clone(), 0..6_u8, 0..20_u8).prop_map(|(m, h, key)| Step::Release(m, h, key)),
        mix.redeem => (who.clone(), 0..5_i64, any::<bool>(), 0..20_u8).prop_map(|(m, n, free, key)| Step::Enter(m, n, free, key)),
        mix.redeem => (who.clone(), 1..60_u64, 0..20_u8).prop_map(|(m, grant, key)| Step::Open(m, grant, key)),
        mix.adjust => (who, -80..200_i64, 0..20_u8).prop_map(|(m, amount, key)| Step::Adjust(m, amount, key)),
        1 => Just(Step::Settle),
        1 => Just(Step::Publish),
    ]
}

pub(crate) fn any_script(mix: Mix, steps: usize) -> impl Strategy<Value = Script> {
    prop::collection::vec(any_step(mix), 1..steps).prop_map(Script)
}

pub(crate) fn any_policies() -> impl Strategy<Value = [Policy; 2]> {
    [any_policy(), any_policy()]
}

/// A ledger under programmes of which the first is in force, and the others wait to be published.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) book: Book,
    pub(crate) now: Timestamp,
    policies: Vec<Policy>,
    published: Vec<(Policy, Timestamp)>,
}

impl World {
    pub(crate) fn new(policies: &[Policy]) -> Self {
        let published = vec![(policies[0], Timestamp::MIN)];
        let mut book = Book::new(versions(&published));
        book.pools.insert("coupons".to_owned(), (0..COUPONS).map(|n| format!("C{n}")).collect());
        Self { book, now: life::start(), policies: policies[1..].to_vec(), published }
    }

    pub(crate) fn wait_days(&mut self, days: i64) {
        self.now += SignedDuration::from_hours(24 * days);
    }

    pub(crate) fn news(&mut self, order: u8, news: &News) -> Answer {
        self.book.order(&life::event(order, news), self.now).unwrap()
    }

    pub(crate) fn account(&self, index: u8) -> Account {
        self.book.account(&member(index))
    }

    /// The account as it stands now.
    pub(crate) fn standing(&self, index: u8) -> Account {
        settle::as_of(&self.account(index), &self.book.versions, self.now).unwrap()
    }

    pub(crate) fn balance(&self, index: u8) -> Balance {
        self.standing(index).balance(&Asset::Points)
    }

    pub(crate) fn entries(&self, index: u8) -> &[Entry] {
        self.book.entries.get(&member(index)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn publish(&mut self) {
        if !self.policies.is_empty() {
            self.published.push((self.policies.remove(0), self.now));
            self.book.versions = versions(&self.published);
        }
    }

    /// Takes a step; a step that asks for nothing answers nothing.
    pub(crate) fn take(&mut self, step: &Step) -> Result<Answer, BookError> {
        let now = self.now;
        let book = &mut self.book;
        match step {
            Step::Wait(minutes) => self.now += SignedDuration::from_mins(*minutes),
            Step::Publish => self.publish(),
            Step::Settle => book.settle(now)?,
            Step::Order(order, news) => return book.order(&life::event(*order, news), now),
            Step::Event(m, what, key) => {
                let name = EVENTS[*what].to_owned();
                let key = (*what > 0).then(|| format!("k{key}"));
                let at = life::start() + SignedDuration::from_hours(24 * i64::from(*m));
                return book.event(&MemberEvent { member: member(*m), name, key, at }, now);
            }
            Step::Redeem(m, reward, key) => {
                let (operation, reward) =
                    (request(*m, "redeem", *key), REWARDS[*reward].to_owned());
                let codes = vec![Some(format!("G{m}-{key}"))];
                let seed = Hash::of(format!("{:?}", (key, m)).as_bytes());
                let drawn = Drawn { seed, left: Vec::new() };
                let redeem = Redeem { operation, reward, codes, drawn };
                return book.redeem(&member(*m), &redeem, now);
            }
            Step::Hold(m, points, hold, order) => {
                let request = PlaceHold {
                    operation: request(*m, "hold", *hold),
                    hold: hold_id(*m, *hold),
                    points: *points,
                    total: Money { minor: 5_000, currency: Currency::EUR },
                    order: order.map(order_id),
                };
                return book.hold(&member(*m), &request, now);
            }
            Step::Capture(m, hold, points, order, key) => {
                let request = Capture {
                    operation: request(*m, "capture", *key),
                    hold: hold_id(*m, *hold),
                    points: *points,
                    order: order.map(order_id),
                    shown_as_discount: key % 5 == 0,
                };
                return book.capture(&member(*m), &request, now);
            }
            Step::Open(m, grant, key) => {
                let operation = request(*m, "open", *key);
                return book.open(&member(*m), &operation, *grant, now);
            }
            Step::Release(m, hold, key) => {
                let operation = request(*m, "release", *key);
                return book.release(&member(*m), &operation, &hold_id(*m, *hold), now);
            }
            Step::Enter(m, entries, free, key) => {
                let (operation, raffle) = (request(*m, "enter", *key), RAFFLE.to_owned());
                let request = Enter { operation, raffle, entries: *entries, free: *free };
                return book.enter(&member(*m), &request, now);
            }
            Step::Adjust(m, amount, key) => {
                let operation = request(*m, "adjust", *key);
                let (reason, by) = ("a mistake".to_owned(), "staff".to_owned());
                let request =
                    Adjust { operation, asset: Asset::Points, amount: *amount, reason, by };
                return book.adjust(&member(*m), &request, now);
            }
        }
        Ok(Answer::Nothing(Vec::new()))
    }

    /// Takes a step and checks the laws that hold after every one.
    pub(crate) fn take_and_check(
        &mut self,
        step: &Step,
    ) -> Result<Result<Answer, BookError>, TestCaseError> {
        let before = self.clone();
        let answer = self.take(step);
        if answer.is_err() {
            prop_assert!(self.same_as(&before), "{step:?} was refused and changed something");
        }
        self.check_refusal(step, &answer)?;
        let acts_for = match step {
            Step::Order(order, _) => Some(order % MEMBERS),
            Step::Event(m, ..)
            | Step::Redeem(m, ..)
            | Step::Hold(m, ..)
            | Step::Capture(m, ..)
            | Step::Release(m, ..)
            | Step::Enter(m, ..)
            | Step::Open(m, ..)
            | Step::Adjust(m, ..) => Some(*m),
            Step::Wait(_) | Step::Settle | Step::Publish => None,
        };
        for m in 0..MEMBERS {
            let (old, new) = (before.entries(m), self.entries(m));
            prop_assert_eq!(&new[..old.len()], old, "an entry changed");
            // An order paid for by one member, and then said to be another's, stays with the first.
            let others =
                acts_for.is_some_and(|actor| actor != m) && !matches!(step, Step::Order(..));
            prop_assert!(
                !others || self.account(m) == before.account(m),
                "{step:?} touched member {m}"
            );
            self.check_account(m)?;
        }
        self.check_stock()?;
        Ok(answer)
    }

    pub(crate) fn same_as(&self, other: &Self) -> bool {
        let (a, b) = (&self.book, &other.book);
        (&a.accounts, &a.entries, &a.orders, &a.stock_taken, &a.pools)
            == (&b.accounts, &b.entries, &b.orders, &b.stock_taken, &b.pools)
    }

    /// Law 9: a refusal names its rule and version; who gets nothing for a paid order, or for an event, is told why.
    fn check_refusal(
        &self,
        step: &Step,
        answer: &Result<Answer, BookError>,
    ) -> Result<(), TestCaseError> {
        let known =
            |version| self.book.versions.all().any(|published| published.version == version);
        match answer {
            Err(BookError::Refused(refusal)) => {
                prop_assert!(!refusal.rule.is_empty() && known(refusal.version));
            }
            Err(BookError::Parked(error)) => {
                prop_assert!(!error.rule.is_empty() && known(error.version));
            }
            Err(BookError::Overflow(error)) => prop_assert!(false, "{step:?}: {error}"),
            Err(BookError::KeyReused) | Ok(Answer::Nothing(_)) => {}
            Ok(Answer::Entries(entries)) => {
                prop_assert!(entries.iter().all(|entry| known(entry.version)));
                for entry in entries
                    .iter()
                    .filter(|entry| matches!(entry.kind, Kind::Accrual { .. } | Kind::Reversal))
                {
                    prop_assert!(!entry.reasons.is_empty(), "no reason for {entry:?}");
                }
            }
        }
        Ok(())
    }

    /// Laws 1 and 3 on one account.
    fn check_account(&self, m: u8) -> Result<(), TestCaseError> {
        let account = self.account(m);
        let entries = self.entries(m);
        prop_assert_eq!(account.sequence, entries.len() as u64);
        let mut sums: BTreeMap<Asset, [i64; 3]> = BTreeMap::new();
        let mut names = std::collections::BTreeSet::new();
        let mut lowest = 0;
        let mut available = 0;
        for (entry, sequence) in entries.iter().zip(1..) {
            prop_assert_eq!(entry.sequence, sequence, "sequences have no gaps");
            prop_assert!(
                names.insert((&entry.operation, entry.index)),
                "{} is written twice",
                entry.operation
            );
            let mut total: BTreeMap<Asset, i64> = BTreeMap::new();
            for posting in &entry.postings {
                prop_assert_ne!(posting.amount, 0);
                *total.entry(posting.asset.clone()).or_default() += posting.amount;
                let place = match posting.account {
                    LedgerAccount::Available => 0,
                    LedgerAccount::Pending => 1,
                    LedgerAccount::Held => 2,
                    _ => continue,
                };
                sums.entry(posting.asset.clone()).or_default()[place] += posting.amount;
            }
            prop_assert!(total.values().all(|sum| *sum == 0), "{entry:?} does not balance");
            let points = sums.get(&Asset::Points).copied().unwrap_or_default();
            prop_assert_eq!(entry.balance, balance(points), "the balance after {:?}", entry);
            let fell = entry.balance.available < available.min(0);
            // Points that come after they lapsed cover a debt for the moment until they are gone again.
            let fell_back = matches!(entry.kind, Kind::Expiry) && entry.balance.available >= lowest;
            prop_assert!(!fell || fell_back || self.may_owe(entry), "below zero by {entry:?}");
            available = entry.balance.available;
            lowest = lowest.min(available);
        }
        for asset in sums.keys().chain(account.wallets.keys()) {
            let posted = balance(sums.get(asset).copied().unwrap_or_default());
            prop_assert_eq!(posted, account.balance(asset), "the balance of {:?}", asset);
            prop_assert!(posted.pending >= 0 && posted.held >= 0);
        }
        for wallet in account.wallets.values() {
            prop_assert!(wallet.debt >= 0 && wallet.lots.iter().all(|lot| lot.amount > 0));
            prop_assert!(
                wallet.debt == 0 || wallet.lots.iter().all(|lot| lot.activates.is_some()),
                "lots beside a debt"
            );
            let mut dates: Vec<_> =
                wallet.lots.iter().map(|lot| (lot.activates, lot.expires)).collect();
            dates.sort_unstable();
            dates.dedup();
            prop_assert_eq!(dates.len(), wallet.lots.len(), "lots of the same dates are one");
        }
        // The list of the raffle has what the account has, as far as it counts.
        let of = RAFFLE.into();
        let listed = self.book.entrants.get(&of).and_then(|list| list.get(&member(m)));
        let raffle = self.book.versions.raffle(RAFFLE, self.now).unwrap();
        prop_assert_eq!(listed.copied().unwrap_or(0), raffle.tickets(account.tickets(&of)));
        Ok(())
    }

    fn may_owe(&self, entry: &Entry) -> bool {
        let allows = |version: &Published| version.programme.clawback == Clawback::AllowNegative;
        match entry.kind {
            Kind::Reversal | Kind::Return => {
                allows(self.book.versions.number(entry.version).unwrap())
            }
            _ => false,
        }
    }

    /// Law 7 in the book: no more mugs than there are, no more fives, and every code once, sealed or not.
    fn check_stock(&self) -> Result<(), TestCaseError> {
        let mut mugs = 0;
        let mut fives: BTreeMap<&str, i64> = BTreeMap::new();
        let mut codes = std::collections::BTreeSet::new();
        for entry in self.book.entries.values().flatten() {
            let grants = match &entry.kind {
                Kind::Redemption { reward, grants } => {
                    mugs += i64::from(reward == "mug");
                    grants
                }
                Kind::Reveal { reward, gift, grants } => {
                    *fives.entry(reward).or_default() += i64::from(gift.outcome == "five");
                    grants
                }
                _ => continue,
            };
            for grant in grants {
                if let Granted::Voucher { code, .. } = grant {
                    prop_assert!(codes.insert(code), "the code {code} was given twice");
                }
            }
        }
        for gift in self.book.accounts.values().flat_map(|account| &account.gifts) {
            *fives.entry(&gift.reward).or_default() += i64::from(gift.decided.index() == Some(0));
            for code in &gift.codes {
                prop_assert!(codes.insert(code), "the code {code} is sealed, and was given");
            }
        }
        for gift in GIFTS {
            let given = fives.get(gift).copied().unwrap_or(0);
            prop_assert!(given <= FIVES, "{given} fives of {gift}");
            let taken = self.book.stock_taken.get(&format!("{gift}/five")).copied();
            prop_assert_eq!(taken.unwrap_or(0), given, "of {}", gift);
        }
        prop_assert!(mugs <= MUGS);
        prop_assert_eq!(self.book.stock_taken.get("mug").copied().unwrap_or(0), mugs);
        Ok(())
    }

    /// The sum of what an account of the ledger got from one member's entries, in points.
    pub(crate) fn posted(&self, m: u8, account: LedgerAccount) -> i64 {
        let postings = self.entries(m).iter().flat_map(|entry| &entry.postings);
        let ours =
            postings.filter(|posting| posting.account == account && posting.asset == Asset::Points);
        ours.map(|posting| posting.amount).sum()
    }
}

fn balance([available, pending, held]: [i64; 3]) -> Balance {
    Balance { available, pending, held }
}

pub(crate) fn reasons(answer: &Answer) -> Vec<Reason> {
    match answer {
        Answer::Nothing(reasons) => reasons.clone(),
        Answer::Entries(entries) => {
            entries.iter().flat_map(|entry| entry.reasons.clone()).collect()
        }
    }
}

pub(crate) fn request(m: u8, what: &str, key: u8) -> Operation {
    request_of(&member(m), &format!("{what}-{key}"))
}

fn request_of(member: &MemberId, key: &str) -> Operation {
    Operation::request(member, &RequestKey::new(key).unwrap())
}

pub(crate) fn hold_id(m: u8, hold: u8) -> HoldId {
    HoldId::new(format!("h{m}-{hold}")).unwrap()
}

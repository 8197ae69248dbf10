//! What clients ask of the ledger, as the functions would: the same calls in the same order.

use std::sync::atomic::{AtomicU64, Ordering};

use guerdon_domain::{
    account::Account,
    adjust::{self, Adjust},
    auction::PlaceBid,
    earn,
    entry::Entry,
    event::{Event, MemberEvent, OrderEvent},
    id::{HoldId, MemberId, Operation as Name, RequestKey},
    mystery,
    pay::{self, Capture, PlaceHold},
    play::Play,
    programme::Versions,
    raffle::{self, Enter},
};
use guerdon_store::{EventAnswer, Ledger, OrderAnswer, PostError, Request, StoreError, Waits};
use jiff::Timestamp;

use crate::{programme::POOL, seed::Seed};

/// Something that is delivered until it is answered.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// Whom it concerns; a sweep and an operator concern everyone.
    pub(crate) member: Option<MemberId>,
    /// The client's name for it, with a digest of its content.
    pub(crate) request: Option<Request>,
    pub(crate) action: Action,
}

#[derive(Debug, Clone)]
pub(crate) enum Action {
    Order(OrderEvent),
    Happened(MemberEvent),
    Redeem(String),
    /// A mystery gift, by its grant.
    Open(u64),
    Enter(Enter),
    Play(Play),
    Bid(PlaceBid),
    /// The schedule that ends bids fires.
    Sweep,
    Hold(PlaceHold),
    Capture(Capture),
    Release(HoldId),
    Adjust(Adjust),
    /// News of an order sent with an idempotency key: only the claim of the key.
    Claim(RequestKey),
    /// Settles whoever is due; partitions of the index, so that not all sixteen are asked each time.
    Upkeep(Vec<u8>),
    /// A member looks at a page of their history, which may lag behind.
    Read,
    /// A schedule of the raffle fires.
    Step,
    /// The operator disqualifies one who has a prize of the raffle.
    Disqualify,
    /// The operator replays what is parked.
    Replay,
    /// The operator imports the pool's codes once more.
    Import,
}

/// A definite answer: the client asks no more.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    Entries {
        entries: Vec<Entry>,
        replayed: bool,
    },
    /// News that were new, or were not.
    News {
        entries: Vec<Entry>,
        new: bool,
    },
    /// An event that gave nothing.
    Nothing {
        replayed: bool,
    },
    Parked,
    Refused(String),
    KeyReused,
    Done,
}

impl Action {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Order(_) => "order",
            Self::Happened(_) => "event",
            Self::Redeem(_) => "redeem",
            Self::Open(_) => "open",
            Self::Enter(_) => "enter",
            Self::Play(_) => "play",
            Self::Bid(_) => "bid",
            Self::Sweep => "sweep",
            Self::Step => "step",
            Self::Disqualify => "disqualify",
            Self::Hold(_) => "hold",
            Self::Capture(_) => "capture",
            Self::Release(_) => "release",
            Self::Adjust(_) => "adjust",
            Self::Claim(_) => "claim",
            Self::Upkeep(_) => "upkeep",
            Self::Read => "read",
            Self::Replay => "replay",
            Self::Import => "import",
        }
    }
}

/// Delivers an operation once. An error is the platform's to deliver again.
pub(crate) async fn perform(
    ledger: &Ledger,
    versions: &Versions,
    operation: &Operation,
    now: Timestamp,
    chance: u64,
) -> Result<Answer, StoreError> {
    let post = |member: &MemberId| (member.clone(), operation.request.clone().unwrap());
    let member = operation.member.as_ref();
    let posted = match (&operation.action, member) {
        (Action::Order(event), _) => return order(ledger, versions, event, now).await,
        (Action::Happened(event), _) => {
            let answer = happened(ledger, versions, event, now).await?;
            let event = Event::Member(event.clone());
            return match ledger.set_off(versions, &event, now, &random(chance)).await {
                Ok(_) => Ok(answer),
                Err(PostError::Store(error)) => Err(error),
                Err(other) => panic!("what an event sets off never fails: {other}"),
            };
        }
        (Action::Upkeep(shards), _) => return upkeep(ledger, versions, shards, now).await,
        (Action::Replay, _) => return replay(ledger, versions, now).await,
        (Action::Step, _) => {
            return crate::raffle::step(ledger, versions, now, chance).await;
        }
        (Action::Disqualify, _) => return crate::raffle::disqualify(ledger, now, chance).await,
        (Action::Sweep, _) => {
            return crate::bids::sweep(ledger, versions, now, &random(chance)).await;
        }
        (Action::Import, _) => {
            ledger.import_codes("spring", &POOL.map(str::to_owned)).await?;
            return Ok(Answer::Done);
        }
        (Action::Read, Some(member)) => {
            let page = ledger.history(member, None, 3).await?;
            let falls = page.entries.is_sorted_by(|one, next| one.sequence > next.sequence);
            assert!(falls, "a page is not newest first");
            return Ok(Answer::Done);
        }
        (Action::Redeem(reward), Some(member)) => {
            let (member, request) = post(member);
            let random = random(chance);
            ledger.redeem(&member, versions, &request, reward, now, &random).await
        }
        (Action::Open(grant), Some(member)) => {
            let (member, request) = post(member);
            let decide = |account: &Account| {
                mystery::open(account, versions, &request.operation, *grant, now)
            };
            ledger.post(&member, versions, &request, now, decide).await
        }
        (Action::Play(play), Some(member)) => {
            let (member, request) = post(member);
            let random = random(chance);
            ledger.play(&member, versions, &request, play, now, &random).await
        }
        (Action::Bid(bid), Some(member)) => {
            let (member, request) = post(member);
            ledger.bid(&member, versions, &request, bid, now, &random(chance)).await
        }
        (Action::Enter(enter), Some(member)) => {
            let (member, request) = post(member);
            let decide = |account: &Account| raffle::enter(account, versions, enter, now);
            ledger.post(&member, versions, &request, now, decide).await
        }
        (Action::Hold(place), Some(member)) => {
            let (member, request) = post(member);
            let decide = |account: &Account| pay::hold(account, versions, place, now);
            ledger.post(&member, versions, &request, now, decide).await
        }
        (Action::Capture(capture), Some(member)) => {
            let (member, request) = post(member);
            ledger.capture(&member, versions, &request, capture, now).await
        }
        (Action::Release(hold), Some(member)) => {
            let (member, request) = post(member);
            let decide =
                |account: &Account| pay::release(account, versions, &request.operation, hold, now);
            ledger.post(&member, versions, &request, now, decide).await
        }
        (Action::Adjust(adjust), Some(member)) => {
            let (member, request) = post(member);
            let decide = |account: &Account| adjust::decide(account, versions, adjust, now);
            ledger.post(&member, versions, &request, now, decide).await
        }
        (Action::Claim(key), Some(member)) => {
            let digest = &operation.request.as_ref().unwrap().digest;
            return match ledger.claim_request(member, key, digest).await {
                Ok(_) => Ok(Answer::Done),
                Err(PostError::KeyReused) => Ok(Answer::KeyReused),
                Err(PostError::Store(error)) => Err(error),
                Err(other) => panic!("a claim is never refused: {other}"),
            };
        }
        (action, None) => panic!("{} needs a member", action.name()),
    };
    match posted {
        Ok(posted) => Ok(Answer::Entries { entries: posted.entries, replayed: posted.replayed }),
        Err(PostError::Refused(refusal)) => Ok(Answer::Refused(refusal.to_string())),
        Err(PostError::KeyReused) => Ok(Answer::KeyReused),
        Err(PostError::Rule(error)) => panic!("only events are parked: {error}"),
        Err(PostError::Store(error)) => Err(error),
    }
}

/// A client's random numbers.
pub(crate) fn random(chance: u64) -> impl Fn() -> u64 + Sync {
    let state = AtomicU64::new(chance);
    move || Seed::new(state.fetch_add(1, Ordering::Relaxed)).next()
}

async fn order(
    ledger: &Ledger,
    versions: &Versions,
    event: &OrderEvent,
    now: Timestamp,
) -> Result<Answer, StoreError> {
    match ledger.order(versions, event, now).await {
        Ok(OrderAnswer::Unchanged) => Ok(Answer::News { entries: Vec::new(), new: false }),
        Ok(OrderAnswer::Noted { .. }) => Ok(Answer::News { entries: Vec::new(), new: true }),
        Ok(OrderAnswer::Posted { posted, .. }) => {
            Ok(Answer::News { entries: posted.entries, new: true })
        }
        Err(PostError::Rule(problem)) => {
            ledger.park(&Event::Order(event.clone()), &problem, now).await?;
            Ok(Answer::Parked)
        }
        Err(PostError::Store(error)) => Err(error),
        Err(other) => panic!("news are never refused: {other}"),
    }
}

/// The name of an event's operation, which is all that it is compared by.
pub(crate) fn request_of(event: &MemberEvent) -> Request {
    Request { operation: earn::operation(event), digest: String::new() }
}

async fn happened(
    ledger: &Ledger,
    versions: &Versions,
    event: &MemberEvent,
    now: Timestamp,
) -> Result<Answer, StoreError> {
    match ledger.event(versions, event, now).await {
        Ok(EventAnswer::Posted(posted)) => {
            Ok(Answer::Entries { entries: posted.entries, replayed: posted.replayed })
        }
        Ok(EventAnswer::Noted { replayed, .. }) => Ok(Answer::Nothing { replayed }),
        Err(PostError::Store(error)) => Err(error),
        Err(other) => panic!("an event is neither refused nor parked here: {other}"),
    }
}

async fn upkeep(
    ledger: &Ledger,
    versions: &Versions,
    shards: &[u8],
    now: Timestamp,
) -> Result<Answer, StoreError> {
    for shard in shards {
        for member in ledger.due(*shard, now, 100).await? {
            ledger.settle(&member, versions, now).await?;
        }
    }
    Ok(Answer::Done)
}

async fn replay(
    ledger: &Ledger,
    versions: &Versions,
    now: Timestamp,
) -> Result<Answer, StoreError> {
    for parked in ledger.parked().await? {
        let Waits::Event(event) = &parked.waits else { continue };
        let Event::Order(event) = &**event else { continue };
        if order(ledger, versions, event, now).await? != Answer::Parked {
            ledger.unpark(&parked.id).await?;
        }
    }
    Ok(Answer::Done)
}

/// The name of the operation whose entries an operation makes, if it has but one.
pub(crate) fn name(operation: &Operation) -> Option<Name> {
    match &operation.action {
        Action::Order(event) => Some(Name::order(&event.order)),
        _ => operation.request.as_ref().map(|request| request.operation.clone()),
    }
}

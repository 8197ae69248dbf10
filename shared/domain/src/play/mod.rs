//! Playing an instant win: a play is decided at once, by what its game committed itself to before.

pub mod check;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    account::{Account, Asset},
    chance::{ChanceKey, mac},
    decision::{Claim, Decision, Draft, Journal, millisecond},
    draw::{
        self,
        hash::Hash,
        sampler::{Counter, below},
    },
    entry::{Kind, LedgerAccount},
    event::{Event, SIGN_UP, Status},
    id::{ChanceId, MemberId, Operation},
    mystery::Weighed,
    programme::{Codes, InstantWin, Outcome, Published, Trigger, Versions, Wins},
    raffle::is_open,
    redeem::{codes_of, count, enough, give, not_met, nothing_left},
    rejection::{Refusal, Rejection},
};

/// How refusals name an instant win.
pub fn rule(game: &str) -> String {
    format!("instant win {game}")
}

/// The seed of a game: everything that chance decides of it follows from it. Secret until the game is over; its commitment
/// ([`draw::commitment`]) is public from the start.
pub fn seed(key: &ChanceKey, game: &str) -> Hash {
    Hash(key.derive("instant win", game))
}

/// The seed of a play: HMAC-SHA256(the game's seed, "play" NUL the play's name). A repeat of the play has the same. It can be
/// shown at once, since nothing follows from it for other plays.
pub fn play_seed(seed: &Hash, operation: &Operation) -> Hash {
    Hash(mac(&seed.0, &[b"play\0", operation.as_str().as_bytes()]))
}

/// The winning moments of a game in their order: so many seconds of its window, by the words of HMAC-SHA256(seed, "moments").
pub fn moments(seed: &Hash, opens: Timestamp, closes: Timestamp, count: u64) -> Vec<Timestamp> {
    let mut words = Counter::new(Hash(mac(&seed.0, &[b"moments"])));
    let length = closes.as_second().saturating_sub(opens.as_second());
    let length = u64::try_from(length).unwrap_or(0);
    let moment = |_| {
        let after = i64::try_from(below(&mut words, length)?).ok()?;
        Timestamp::from_second(opens.as_second().saturating_add(after)).ok()
    };
    let mut moments: Vec<Timestamp> = (0..count).filter_map(moment).collect();
    moments.sort_unstable();
    moments
}

/// What a play is paid with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paid {
    /// Points.
    Points,
    /// Nothing, by the free route.
    Free,
    /// A play that a rule gave.
    Earned,
    /// Nothing: a sign-up, an order or an event set it off.
    Event,
}

/// A request to play, or what an event sets off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Play {
    /// Its name: the idempotency guard, and what chance decides by.
    pub operation: Operation,
    /// The instant win's id.
    pub game: String,
    /// What it is paid with.
    pub paid: Paid,
}

/// What a play is decided by beside the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// The game's seed.
    pub seed: Hash,
    /// Plays that its counter has accepted, or moments that are taken; of no meaning for a game by chance.
    pub before: u64,
    /// What is left of each prize, in the order of the file; `None` for one without a stock. Not needed for a play that loses,
    /// unless the game has an end.
    pub left: Vec<Option<i64>>,
    /// A code for each voucher of the prize, as for a reward.
    pub codes: Vec<Option<String>>,
}

/// How a play was decided: on its own enough to decide it again, and after the game's end to check that nothing was chosen for
/// the occasion ([`check`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Played {
    /// What it was paid with.
    pub paid: Paid,
    /// The commitment to the game's seed.
    pub commitment: Hash,
    /// The play's seed.
    pub seed: Hash,
    /// Whether it won, and by what.
    pub by: By,
    /// What was left of each prize, if it won.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prizes: Vec<Weighed>,
    /// The prize's id; `None` if it lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prize: Option<String>,
}

/// What decided whether a play won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Every so-manieth wins.
    Every {
        /// So many.
        every: u64,
        /// The counter that the play's seed chose, from 0.
        counter: u64,
        /// Its number on that counter, from 1.
        number: u64,
    },
    /// Its own chance.
    Chance {
        /// It wins by a number below this,
        chance: u64,
        /// of those below this.
        of: u64,
        /// The number that its seed gave.
        drawn: u64,
    },
    /// The first play after a moment wins.
    Moment {
        /// Moments that were taken before it.
        taken: u64,
        /// The moment that it took; `None` if none had fallen that was not taken.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fell: Option<Timestamp>,
    },
}

impl By {
    /// Whether the play wins.
    pub fn wins(&self) -> bool {
        match self {
            Self::Every { every, number, .. } => number.is_multiple_of(*every),
            Self::Chance { chance, drawn, .. } => drawn < chance,
            Self::Moment { fell, .. } => fell.is_some(),
        }
    }
}

/// The counter of a game that a play counts on, from 0: the first number below their count that its seed gives.
pub fn counter(seed: &Hash, game: &InstantWin, operation: &Operation) -> u64 {
    let Wins::Every { counters, .. } = game.wins else { return 0 };
    below(&mut Counter::new(play_seed(seed, operation)), counters).unwrap_or(0)
}

/// Decides whether a play wins, and which prize.
fn decided(game: &InstantWin, play: &Play, brought: &Brought, at: Timestamp) -> Played {
    let seed = play_seed(&brought.seed, &play.operation);
    let mut words = Counter::new(seed);
    let by = match game.wins {
        Wins::Every { every, counters } => By::Every {
            every,
            counter: below(&mut words, counters).unwrap_or(0),
            number: brought.before.saturating_add(1),
        },
        Wins::Chance { chance, of } => {
            By::Chance { chance, of, drawn: below(&mut words, of).unwrap_or(of) }
        }
        Wins::Moments { moments: count } => {
            let moments = moments(&brought.seed, game.opens, game.closes, count);
            let next = usize::try_from(brought.before).ok().and_then(|taken| moments.get(taken));
            By::Moment { taken: brought.before, fell: next.copied().filter(|next| *next <= at) }
        }
    };
    let prizes = if by.wins() { Weighed::all(&game.prizes, &brought.left) } else { Vec::new() };
    // The same words go on: those that decided the win do not decide the prize.
    let prize = Weighed::choose(&prizes, &mut words).and_then(|index| game.prizes.get(index));
    let commitment = draw::commitment(&brought.seed);
    Played {
        paid: play.paid,
        commitment,
        seed,
        by,
        prizes,
        prize: prize.map(|prize| prize.id.clone()),
    }
}

/// Whether a play wins, and the prize, if any is left; so that the caller can bring what is left, and its codes.
pub fn outcome<'a>(
    game: &'a InstantWin,
    play: &Play,
    brought: &Brought,
    at: Timestamp,
) -> (bool, Option<(usize, &'a Outcome)>) {
    let played = decided(game, play, brought, at);
    let won = |(_, prize): &(usize, &Outcome)| Some(&prize.id) == played.prize.as_ref();
    (played.by.wins(), game.prizes.iter().enumerate().find(won))
}

/// Where the codes of a prize's vouchers come from, so that the caller can bring them.
pub fn codes_needed(prize: Option<&Outcome>) -> Vec<&Codes> {
    prize.map_or(Vec::new(), |prize| codes_of(&prize.gives))
}

/// The plays that an event sets off: one for each game that plays itself on it and was open when it happened. Each has the
/// event's name in its own, so that a repeat of the event sets off the same play again.
///
/// An order plays once, when it is paid. That it is cancelled later takes nothing back: a win is final.
pub fn set_off(versions: &Versions, event: &Event) -> Vec<(MemberId, Play)> {
    let (member, at, operation) = match event {
        Event::Order(order) => {
            let paid = |snapshot: &&std::sync::Arc<crate::event::Snapshot>| {
                snapshot.status == Status::Paid && !snapshot.test
            };
            let Some(snapshot) = order.snapshot.as_ref().filter(paid) else { return Vec::new() };
            let Some(member) = &snapshot.member else { return Vec::new() };
            (member, snapshot.placed_at, Operation::order(&order.order))
        }
        Event::Member(happened) => {
            (&happened.member, happened.at, crate::earn::operation(happened))
        }
    };
    let is_of = |trigger: &Trigger| match (trigger, event) {
        (Trigger::Order, Event::Order(_)) => true,
        (Trigger::SignUp, Event::Member(happened)) => happened.name == SIGN_UP,
        (Trigger::Event(name), Event::Member(happened)) => happened.name == *name,
        (Trigger::Order, Event::Member(_)) | (_, Event::Order(_)) => false,
    };
    let games = versions.at(at).programme.instant_wins.iter();
    let games = games.filter(|game| game.is_open(at) && game.on.as_ref().is_some_and(is_of));
    let play = |game: &InstantWin| Play {
        operation: Operation::play(&game.id, &operation),
        game: game.id.clone(),
        paid: Paid::Event,
    };
    games.map(|game| (member.clone(), play(game))).collect()
}

/// Decides what `play` posts to `account`.
///
/// The number, the moment and the prize are claimed: if another play took them since `brought` was read, it is decided again.
pub fn decide(
    account: &Account,
    versions: &Versions,
    play: &Play,
    brought: &Brought,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let version = versions.at(now.max(account.settled_to));
    let decision = have(account, versions, version, (play, brought), now);
    decision.map_err(|reason| reason.by(rule(&play.game), version.version))
}

fn have(
    account: &Account,
    versions: &Versions,
    version: &Published,
    (play, brought): (&Play, &Brought),
    now: Timestamp,
) -> Result<Decision, Rejection> {
    let programme = &*version.programme;
    let game = programme.instant_win(&play.game).ok_or(Rejection::UnknownInstantWin)?;
    if game.on.is_some() != (play.paid == Paid::Event) {
        return Err(Rejection::PlaysItself);
    }
    let mut journal = Journal::open(account, versions, now)?;
    let now = journal.now;
    is_open(game.opens, game.closes, now)?;
    not_met(programme, &game.conditions, &journal.account, now)?;
    count(programme, (&rule(&game.id), game.limit, 1), &mut journal.account, now)?;
    pay(&mut journal, version, game, play.paid)?;
    let left = Weighed::all(&game.prizes, &brought.left);
    if game.has_an_end() && left.iter().all(|prize| prize.left == Some(0)) {
        return Err(nothing_left(&game.prizes));
    }
    let played = decided(game, play, brought, now);
    let game_id = game.id.clone();
    let taken = match played.by {
        By::Every { counter, number, .. } => Some(Claim::Number { game: game_id, counter, number }),
        By::Moment { taken, fell: Some(_) } => {
            let (moment, at) = (taken.saturating_add(1), millisecond(now));
            Some(Claim::Moment { game: game_id, moment, at })
        }
        By::Moment { fell: None, .. } | By::Chance { .. } => None,
    };
    let mut claims: Vec<Claim> = taken.into_iter().collect();
    let mut grants = Vec::new();
    if played.by.wins() {
        let prize = game.prizes.iter().find(|prize| Some(&prize.id) == played.prize.as_ref());
        let prize = prize.ok_or_else(|| nothing_left(&game.prizes))?;
        if let Some(stock) = prize.stock {
            claims.push(Claim::Outcome { name: game.stock_name(prize), stock });
        }
        let (granted, claimed) = give(&mut journal, version, &prize.gives, &brought.codes)?;
        grants = granted;
        claims.extend(claimed);
    }
    journal.record(Draft {
        operation: play.operation.clone(),
        index: 0,
        at: now,
        version: version.version,
        kind: Kind::Play { game: game.id.clone(), played: Box::new(played), grants },
        reasons: Vec::new(),
    })?;
    Ok(journal.close(None, claims)?)
}

/// Takes what a play costs.
fn pay(
    journal: &mut Journal,
    version: &Published,
    game: &InstantWin,
    paid: Paid,
) -> Result<(), Rejection> {
    match paid {
        Paid::Points => {
            let price = game.price_points.ok_or(Rejection::NotForSale)?;
            enough(&journal.account, price)?;
            journal.debit(&Asset::Points, price, |lot| lot.activates.is_none())?;
            journal.post(LedgerAccount::Redeemed, &Asset::Points, price);
        }
        Paid::Free => {
            if game.free.is_none() {
                let reason = game.no_free_route.clone();
                let reason = reason.unwrap_or_else(|| "its plays are earned".to_owned());
                return Err(Rejection::NoFreeRoute { reason });
            }
            let name = format!("{} free", rule(&game.id));
            let now = journal.now;
            count(&version.programme, (&name, game.free, 1), &mut journal.account, now)?;
        }
        Paid::Earned => {
            let of = ChanceId::from(game.id.as_str());
            if journal.account.tickets(&of) <= 0 {
                return Err(Rejection::NoPlay);
            }
            let plays = Asset::Tickets(of);
            journal.debit(&plays, 1, |_| true)?;
            journal.post(LedgerAccount::Redeemed, &plays, 1);
        }
        Paid::Event => {}
    }
    Ok(())
}

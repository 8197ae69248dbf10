//! Checking a play after its game is over: from what was published of the game, and the play's own entry.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{By, Played, moments, play_seed};
use crate::{
    draw::{
        self,
        hash::Hash,
        sampler::{Counter, below},
    },
    id::Operation,
    mystery::Weighed,
    programme::{InstantWin, Wins, raffle::GRACE},
};

/// What is public of a game: its terms and commitment from the start; its seed, and who won when, after its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Game {
    /// Its id.
    pub instant_win: String,
    /// Its name.
    pub name: String,
    /// Plays are taken from this instant,
    pub opens: Timestamp,
    /// until this one.
    pub closes: Timestamp,
    /// Which plays win.
    pub wins: Wins,
    /// The prizes.
    pub prizes: Vec<Prize>,
    /// The commitment to the seed: its SHA-256.
    pub commitment: Hash,
    /// The seed, once the game is over.
    #[serde(default)]
    pub seed: Option<Hash>,
    /// Plays accepted on each counter, once the game is over.
    #[serde(default)]
    pub counters: Option<Vec<u64>>,
    /// The moments, once the game is over.
    #[serde(default)]
    pub moments: Option<Vec<Moment>>,
}

/// A prize.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prize {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its weight.
    pub weight: i64,
    /// How many there were; `None` is no limit.
    pub stock: Option<i64>,
    /// How many are left; `None` is no limit.
    pub left: Option<i64>,
}

/// A winning moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// When it fell.
    pub fell: Timestamp,
    /// When a play took it; `None` if none did.
    pub taken: Option<Timestamp>,
}

impl Game {
    /// What is public of a game before its end. `left` tells what is left of each prize, in their order.
    pub fn new(game: &InstantWin, seed: &Hash, left: &[Option<i64>]) -> Self {
        let left = left.iter().copied().chain(std::iter::repeat(None));
        let prizes = game.prizes.iter().zip(left).map(|(prize, left)| Prize {
            id: prize.id.clone(),
            name: prize.name.clone(),
            weight: prize.weight,
            stock: prize.stock,
            left,
        });
        Self {
            instant_win: game.id.clone(),
            name: game.name.clone(),
            opens: game.opens,
            closes: game.closes,
            wins: game.wins,
            prizes: prizes.collect(),
            commitment: draw::commitment(seed),
            seed: None,
            counters: None,
            moments: None,
        }
    }

    /// The same after its end: with its seed, how many plays each counter accepted, and when each moment was taken.
    #[must_use]
    pub fn over(self, seed: &Hash, counters: Vec<u64>, taken: &[Timestamp]) -> Self {
        let counters = matches!(self.wins, Wins::Every { .. }).then_some(counters);
        let moments = match self.wins {
            Wins::Moments { moments: count } => {
                let taken = taken.iter().copied().map(Some).chain(std::iter::repeat(None));
                let fell = moments(seed, self.opens, self.closes, count).into_iter();
                Some(fell.zip(taken).map(|(fell, taken)| Moment { fell, taken }).collect())
            }
            Wins::Every { .. } | Wins::Chance { .. } => None,
        };
        Self { seed: Some(*seed), counters, moments, ..self }
    }
}

/// Why a play is not what its game comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfair {
    /// It is of another game, or the terms are not those it was played under.
    #[error("the play is of another game, or of other terms")]
    OtherGame,
    /// The game is not over.
    #[error("the game's seed is not revealed yet: it is shown some minutes after the game closed")]
    NotOver,
    /// The seed is not the one that the game committed itself to.
    #[error("the seed that was revealed is not the one that was committed to")]
    Seed,
    /// The play's seed does not follow from the game's.
    #[error("the play's seed does not follow from the game's seed and the play's name")]
    PlaySeed,
    /// The number, counter or moment is not what follows from the seeds.
    #[error("whether the play wins does not follow from the seeds")]
    Win,
    /// The prize is not what follows from the play's seed.
    #[error("the prize does not follow from the play's seed and what was left")]
    Prize,
}

/// Checks a play, named by its operation and made at an instant, against what was published of its game.
///
/// # Errors
/// The first thing that does not follow from the seed that was committed to.
pub fn check(
    game: &Game,
    operation: &Operation,
    at: Timestamp,
    played: &Played,
) -> Result<(), Unfair> {
    if played.commitment != game.commitment || at < game.opens || at >= game.closes {
        return Err(Unfair::OtherGame);
    }
    let seed = game.seed.ok_or(Unfair::NotOver)?;
    if draw::commitment(&seed) != game.commitment {
        return Err(Unfair::Seed);
    }
    if play_seed(&seed, operation) != played.seed {
        return Err(Unfair::PlaySeed);
    }
    let mut words = Counter::new(played.seed);
    let follows = match (game.wins, &played.by) {
        (Wins::Every { every, counters }, By::Every { every: said, counter, number }) => {
            let accepted = game
                .counters
                .as_ref()
                .and_then(|counters| counters.get(usize::try_from(*counter).ok()?).copied());
            every == *said
                && below(&mut words, counters) == Some(*counter)
                && *number > 0
                && accepted.is_some_and(|accepted| *number <= accepted)
        }
        (Wins::Chance { chance, of }, By::Chance { chance: said, of: of_said, drawn }) => {
            (chance, of) == (*said, *of_said) && below(&mut words, of) == Some(*drawn)
        }
        (Wins::Moments { moments: count }, By::Moment { taken, fell }) => {
            let fallen = moments(&seed, game.opens, game.closes, count);
            moment_follows(game, &fallen, (*taken, *fell), at)
        }
        _ => return Err(Unfair::OtherGame),
    };
    if !follows {
        return Err(Unfair::Win);
    }
    prize_follows(game, played, &mut words)
}

/// Whether a play took the first moment that had fallen and was not taken; or, if it took none, all that had fallen were taken.
///
/// Plays count in the order in which they were accepted. Their times are those of their requests: one may be accepted before
/// another of an earlier time, by as long as a request may take.
fn moment_follows(
    game: &Game,
    fallen: &[Timestamp],
    (taken, fell): (u64, Option<Timestamp>),
    at: Timestamp,
) -> bool {
    let Ok(place) = usize::try_from(taken) else { return false };
    let published = game.moments.as_deref().unwrap_or_default();
    let same = published.iter().map(|moment| moment.fell).eq(fallen.iter().copied());
    let taken_by = |place: usize| published.get(place).and_then(|moment| moment.taken);
    let latest = at.saturating_add(GRACE).unwrap_or(Timestamp::MAX);
    let before =
        place.checked_sub(1).is_none_or(|last| taken_by(last).is_some_and(|last| last <= latest));
    let next = fallen.get(place).copied().filter(|next| *next <= at);
    same && before && next == fell && (fell.is_none() || taken_by(place) == Some(at))
}

fn prize_follows(game: &Game, played: &Played, words: &mut Counter) -> Result<(), Unfair> {
    if !played.by.wins() {
        let nothing = played.prize.is_none() && played.prizes.is_empty();
        return if nothing { Ok(()) } else { Err(Unfair::Prize) };
    }
    let weighed = |(prize, seen): (&Prize, &Weighed)| {
        let possible = match (prize.stock, seen.left) {
            (Some(stock), Some(left)) => (0..=stock).contains(&left),
            // Gone for want of a code, or without end.
            (None, left) => left.is_none_or(|left| left == 0),
            (Some(_), None) => false,
        };
        prize.id == seen.outcome && prize.weight == seen.weight && possible
    };
    let known = game.prizes.len() == played.prizes.len()
        && game.prizes.iter().zip(&played.prizes).all(weighed);
    let chosen = Weighed::choose(&played.prizes, words).and_then(|index| game.prizes.get(index));
    if known && chosen.is_some_and(|chosen| Some(&chosen.id) == played.prize.as_ref()) {
        Ok(())
    } else {
        Err(Unfair::Prize)
    }
}

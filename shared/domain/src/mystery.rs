//! Mystery gifts: one of several outcomes, decided when the reward is redeemed, sealed until it is revealed.
//!
//! The decision is a function of a secret seed, the weights, and what was left. Its commitment is shown at the redemption, and
//! what it commits to at the reveal, so that the member can check that nothing was exchanged in between.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    account::{Account, Asset, Overflow},
    chance::ChanceKey,
    decision::{Decision, Draft, Journal},
    draw::{
        hash::Hash,
        sampler::{Counter, Words, below},
    },
    earn,
    entry::{Granted, Kind},
    id::Operation,
    planted::{self, Bug},
    programme::{Grant, Mystery, Outcome, Published, Reveal, Reward, Versions},
    redeem::{hand_over, valid_until},
    rejection::{Refusal, Rejection},
};

/// Gifts of a member that wait for their reveal at most: all may be due at one instant, and must be settled in one transaction.
pub const GIFTS_MAX: usize = 10;

/// The rule that refusals of opening a gift name.
const RULE: &str = "mystery gift";

/// The seed of the decision that an operation makes: the same operation has the same seed, whoever asks again.
pub fn seed(key: &ChanceKey, operation: &Operation) -> Hash {
    Hash(key.derive("mystery", operation.as_str()))
}

/// What a decision was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The seed: secret until the reveal.
    pub seed: Hash,
    /// The outcomes in the order of the file.
    pub outcomes: Vec<Weighed>,
}

/// An outcome as a decision saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// Its id.
    pub outcome: String,
    /// Its weight, positive.
    pub weight: i64,
    /// Pieces left before the decision, 0 or more; `None` is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<i64>,
}

impl Weighed {
    /// Some outcomes with what is left of them. What is left of one with a stock counts as nothing if it is not given.
    pub(crate) fn all(outcomes: &[Outcome], left: &[Option<i64>]) -> Vec<Self> {
        let left = left.iter().copied().chain(std::iter::repeat(None));
        let weighed = outcomes.iter().zip(left).map(|(outcome, left)| Self {
            outcome: outcome.id.clone(),
            weight: outcome.weight,
            left: left.map(|left| left.max(0)).or(outcome.stock.map(|_| 0)),
        });
        weighed.collect()
    }

    /// The index of the outcome that some words choose, by the weights of what is left; `None` if nothing is.
    pub(crate) fn choose(outcomes: &[Self], words: &mut impl Words) -> Option<usize> {
        let tickets = || outcomes.iter().map(Self::tickets);
        let ticket = below(words, tickets().fold(0, u64::saturating_add))?;
        let mut before = 0_u64;
        tickets().position(|tickets| {
            before = before.saturating_add(tickets);
            ticket < before
        })
    }

    fn tickets(&self) -> u64 {
        if self.left == Some(0) { 0 } else { u64::try_from(self.weight).unwrap_or(0) }
    }
}

impl Decided {
    /// The decision that a seed and what is left come to. What is left of an outcome with a stock counts as nothing if it is
    /// not given.
    pub fn new(mystery: &Mystery, seed: Hash, left: &[Option<i64>]) -> Self {
        Self { seed, outcomes: Weighed::all(&mystery.outcomes, left) }
    }

    /// The index of the outcome: of W = the sum of the weights of what is left, the first number below W that the seed
    /// gives ([`below`]), counted off in the order of the outcomes. `None` if nothing is left.
    pub fn index(&self) -> Option<usize> {
        Weighed::choose(&self.outcomes, &mut Counter::new(self.seed))
    }

    /// What is shown at the redemption: SHA-256 of the seed and every outcome, line by line. The seed keeps it from being
    /// guessed.
    pub fn commitment(&self) -> Hash {
        let mut text = format!("guerdon-mystery/1\n{}\n", self.seed);
        for Weighed { outcome, weight, left } in &self.outcomes {
            let left = left.map_or_else(|| "-".to_owned(), |left| left.to_string());
            // Writing to a string does not fail.
            let _ = writeln!(text, "{outcome} {weight} {left}");
        }
        Hash::of(text.as_bytes())
    }

    /// Checks that this is what was sealed under a commitment, and that it comes to an outcome.
    pub fn check(&self, commitment: &Hash, outcome: &str) -> Result<(), Unfair> {
        if self.commitment() != *commitment {
            return Err(Unfair::Exchanged);
        }
        let decided = self.index().and_then(|index| self.outcomes.get(index));
        match decided {
            Some(decided) if decided.outcome == outcome => Ok(()),
            Some(decided) => Err(Unfair::Outcome { decided: decided.outcome.clone() }),
            None => Err(Unfair::NothingLeft),
        }
    }
}

/// Why a gift is not the one that was sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfair {
    /// What was revealed is not what was committed to.
    #[error("what was revealed is not what was sealed: the commitment is another")]
    Exchanged,
    /// The seed comes to another outcome.
    #[error("the seed gives {decided}")]
    Outcome {
        /// The outcome that it gives.
        decided: String,
    },
    /// Nothing was left to be given.
    #[error("nothing was left when it was decided")]
    NothingLeft,
}

/// A gift that waits for its reveal. Nothing of it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gift {
    /// The sequence of the redemption's entry: the grant's id.
    pub grant: u64,
    /// The reward.
    pub reward: String,
    /// The programme version whose outcome it is.
    pub version: u32,
    /// When it reveals itself; `None` if the member opens it.
    pub opens: Option<Timestamp>,
    /// The codes of the outcome's vouchers, in order.
    pub codes: Vec<String>,
    /// How it was decided.
    pub decided: Decided,
}

impl Gift {
    /// The version it belongs to, and its outcome; `None` if the version is not among these.
    fn outcome<'a>(&self, versions: &'a Versions) -> Option<(&'a Published, &'a Outcome)> {
        let version = versions.number(self.version)?;
        let mystery = version.programme.reward(&self.reward)?.mystery()?;
        Some((version, mystery.outcomes.get(self.decided.index()?)?))
    }
}

/// What a mystery gift turned out to be, and how that was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revealed {
    /// The grant that it is of.
    pub of: u64,
    /// The outcome's id.
    pub outcome: String,
    /// The outcome's name.
    pub name: String,
    /// What the decision was made from.
    pub decided: Decided,
}

/// Units of an asset that sealed gifts hold: they will be the member's, and count to what a member may have.
pub(crate) fn sealed(account: &Account, versions: &Versions, asset: &Asset) -> i64 {
    let gifts = account.gifts.iter().filter_map(|gift| gift.outcome(versions));
    gifts.fold(0, |sum, (_, outcome)| sum.saturating_add(units(&outcome.gives, asset)))
}

/// Units of an asset that some grants come to.
fn units(gives: &[Grant], asset: &Asset) -> i64 {
    let units = gives.iter().map(|grant| match grant {
        Grant::Points(points) if *asset == Asset::Points => *points,
        Grant::Credit(amount) if *asset == Asset::Credit(amount.currency) => amount.minor,
        Grant::Points(_)
        | Grant::Credit(_)
        | Grant::Voucher(_)
        | Grant::Badge(_)
        | Grant::Mystery(_) => 0,
    });
    units.fold(0, i64::saturating_add)
}

/// Refuses if a member cannot have all that some grants come to.
pub(crate) fn has_room(journal: &Journal, gives: &[Grant]) -> Result<(), Overflow> {
    gives.iter().try_for_each(|grant| {
        let asset = match grant {
            Grant::Points(_) => Asset::Points,
            Grant::Credit(amount) => Asset::Credit(amount.currency),
            Grant::Voucher(_) | Grant::Badge(_) | Grant::Mystery(_) => return Ok(()),
        };
        journal.has_room(&asset, units(gives, &asset))
    })
}

/// Seals the gift that a decision comes to, for the redemption that will be the journal's next entry; what the member is
/// shown of it.
///
/// # Errors
/// If anything would keep the reveal from happening: it must not fail when its time comes.
pub(crate) fn seal(
    journal: &mut Journal,
    version: &Published,
    reward: &Reward,
    (mystery, outcome): (&Mystery, &Outcome),
    decided: Decided,
    codes: Vec<String>,
) -> Result<Granted, Rejection> {
    if journal.account.gifts.len() >= GIFTS_MAX && mystery.reveal != Reveal::Now {
        return Err(Rejection::TooManyGifts { max: GIFTS_MAX });
    }
    let programme = &version.programme;
    let opens = match mystery.reveal {
        Reveal::Now => Some(journal.clock),
        Reveal::Opened => None,
        Reveal::After(length) => {
            Some(length.after(journal.clock, &programme.time_zone).ok_or(Rejection::OutOfRange)?)
        }
    };
    let revealed = opens.unwrap_or(journal.clock);
    has_room(journal, &outcome.gives)?;
    let _points_can_be_dated = earn::expires(programme, revealed)?;
    for grant in &outcome.gives {
        if let Grant::Voucher(voucher) = grant {
            let _can_be_dated = valid_until(version, voucher, revealed)?;
        }
    }
    let shown = Granted::Mystery {
        reveal_at: opens.filter(|_| mystery.reveal != Reveal::Now),
        commitment: decided.commitment(),
    };
    journal.account.gifts.push(Gift {
        grant: journal.account.sequence.saturating_add(1),
        reward: reward.id.clone(),
        version: version.version,
        opens,
        codes,
        decided,
    });
    Ok(shown)
}

/// Gives what a gift holds, and records it under a name. The gift has left the account already.
pub(crate) fn reveal(
    journal: &mut Journal,
    gift: Gift,
    operation: Operation,
    index: u32,
) -> Result<(), Rejection> {
    let versions = journal.versions;
    // Whoever decides has made sure that the versions of the account are there (`Versions::missing_for`).
    let (version, outcome) = gift.outcome(versions).ok_or(Overflow)?;
    let codes: Vec<Option<String>> = gift.codes.into_iter().map(Some).collect();
    // The codes were claimed when it was decided.
    let (grants, _claimed) = hand_over(journal, version, &outcome.gives, &codes)?;
    let (outcome, name) = (outcome.id.clone(), outcome.name.clone());
    let revealed = Revealed { of: gift.grant, outcome, name, decided: gift.decided };
    journal.record(Draft {
        operation,
        index,
        at: journal.clock,
        version: gift.version,
        kind: Kind::Reveal { reward: gift.reward, gift: Box::new(revealed), grants },
        reasons: Vec::new(),
    })?;
    Ok(())
}

/// Takes the gifts out of the account that reveal themselves by an instant.
pub(crate) fn due(account: &mut Account, at: Timestamp) -> Vec<Gift> {
    let (due, later) = std::mem::take(&mut account.gifts)
        .into_iter()
        .partition(|gift| gift.opens.is_some_and(|opens| opens <= at));
    account.gifts = later;
    due
}

/// Decides what opening a gift posts to `account`.
pub fn open(
    account: &Account,
    versions: &Versions,
    operation: &Operation,
    grant: u64,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let version = versions.at(now.max(account.settled_to)).version;
    let opened = || {
        let mut journal = Journal::open(account, versions, now)?;
        let gifts = &mut journal.account.gifts;
        let gift = gifts.iter().find(|gift| gift.grant == grant).cloned();
        let gift = gift.ok_or(Rejection::NoSealedGift)?;
        if let Some(from) = gift.opens {
            return Err(Rejection::NotYetOpen { from });
        }
        if !planted::is(Bug::KeepTheOpened) {
            gifts.retain(|other| other.grant != grant);
        }
        reveal(&mut journal, gift, operation.clone(), 0)?;
        Ok(journal.close(None, Vec::new())?)
    };
    opened().map_err(|reason: Rejection| reason.by(RULE, version))
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    use super::*;
    use crate::programme::Outcome;

    fn decided(seed: u64, outcomes: &[(i64, Option<i64>)]) -> Decided {
        let outcomes = outcomes.iter().zip('a'..).map(|(&(weight, stock), id)| Outcome {
            id: id.to_string(),
            name: id.to_string(),
            weight,
            stock,
            gives: Vec::new(),
        });
        let mystery = Mystery { outcomes: outcomes.collect(), reveal: Reveal::Opened };
        let left: Vec<_> = mystery.outcomes.iter().map(|outcome| outcome.stock).collect();
        Decided::new(&mystery, Hash::of(&seed.to_be_bytes()), &left)
    }

    /// The counts of the outcomes over so many seeds.
    fn counts(outcomes: &[(i64, Option<i64>)], seeds: u64) -> Vec<i64> {
        let mut counts = vec![0; outcomes.len()];
        for seed in 0..seeds {
            counts[decided(seed, outcomes).index().unwrap()] += 1;
        }
        counts
    }

    /// χ² by integers: 1000 times the sum of (seen - expected)² / expected.
    fn chi_squared(seen: &[i64], weights: &[i64], all: i64) -> i64 {
        let total: i64 = weights.iter().sum();
        let each = seen.iter().zip(weights).map(|(seen, weight)| {
            let expected = all * weight / total;
            1000 * (seen - expected) * (seen - expected) / expected
        });
        each.sum()
    }

    #[test]
    fn outcomes_come_by_their_weights() {
        let counts = counts(&[(3, None), (2, Some(9)), (1, Some(1))], 60_000);
        // Two degrees of freedom: above 13.8 once in a thousand; the seeds are fixed.
        assert!(chi_squared(&counts, &[3, 2, 1], 60_000) < 13_800, "{counts:?}");
    }

    #[test]
    fn what_is_gone_has_no_share_and_leaves_the_odds_of_the_rest() {
        let counts = counts(&[(3, None), (50, Some(0)), (2, None), (1, Some(1))], 60_000);
        assert_eq!(counts[1], 0);
        let rest = [counts[0], counts[2], counts[3]];
        assert!(chi_squared(&rest, &[3, 2, 1], 60_000) < 13_800, "{counts:?}");
        assert_eq!(decided(1, &[(1, Some(0)), (9, Some(-2))]).index(), None);
        assert_eq!(decided(1, &[(1, Some(0)), (9, Some(1))]).index(), Some(1));
    }

    #[test]
    fn what_is_left_and_not_told_is_gone() {
        let outcome = |id: &str, stock| Outcome {
            id: id.to_owned(),
            name: id.to_owned(),
            weight: 1,
            stock,
            gives: Vec::new(),
        };
        let outcomes = vec![outcome("a", Some(5)), outcome("b", None)];
        let mystery = Mystery { outcomes, reveal: Reveal::Now };
        for seed in 0..50_u64 {
            let decided = Decided::new(&mystery, Hash::of(&seed.to_be_bytes()), &[]);
            assert_eq!(decided.index(), Some(1));
        }
    }

    #[test]
    fn the_commitment_ties_down_everything() {
        let outcomes = [(3, None), (2, Some(9))];
        let commitment = decided(1, &outcomes).commitment();
        assert_eq!(commitment, decided(1, &outcomes).commitment());
        let others =
            [(2, &outcomes), (1, &[(3, None), (2, Some(8))]), (1, &[(3, Some(0)), (2, Some(9))])];
        for (seed, outcomes) in others {
            assert_ne!(commitment, decided(seed, outcomes).commitment());
        }
        let text = format!("guerdon-mystery/1\n{}\na 3 -\nb 2 9\n", decided(1, &outcomes).seed);
        assert_eq!(commitment, Hash::of(text.as_bytes()));
    }

    #[test]
    fn the_seed_is_of_the_operation() {
        let key: ChanceKey = "07".repeat(32).parse().unwrap();
        let [one, two] =
            ["request#a#1", "request#a#2"].map(|name| Operation::from(name.to_owned()));
        assert_eq!(seed(&key, &one), seed(&key, &one));
        assert_ne!(seed(&key, &one), seed(&key, &two));
    }
}

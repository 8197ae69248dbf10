//! What a version may not change: raffles, instant wins and auctions that members have read about, or taken part in.

use jiff::Timestamp;

use crate::programme::{Auction, InstantWin, Programme, Raffle};

/// A version would change a raffle, an instant win or an auction that members may have taken part in already, or read about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChanceChanged {
    /// It says something else than before.
    #[error("{0} was published and cannot change: give the new terms another id")]
    Terms(String),
    /// It leaves it out while it is under way.
    #[error("{0} is under way: it can be left out before it opens, or after it is over")]
    LeftOut(String),
}

/// What the three have in common here.
trait Announced: PartialEq {
    const KIND: &'static str;
    fn of(programme: &Programme) -> &[Self]
    where
        Self: Sized;
    fn id(&self) -> &str;
    fn is_under_way(&self, at: Timestamp) -> bool;
}

impl Announced for Raffle {
    const KIND: &'static str = "raffle";
    fn of(programme: &Programme) -> &[Self] {
        &programme.raffles
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn is_under_way(&self, at: Timestamp) -> bool {
        self.opens <= at && at < self.draws
    }
}

impl Announced for InstantWin {
    const KIND: &'static str = "instant win";
    fn of(programme: &Programme) -> &[Self] {
        &programme.instant_wins
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn is_under_way(&self, at: Timestamp) -> bool {
        self.is_open(at)
    }
}

impl Announced for Auction {
    const KIND: &'static str = "auction";
    fn of(programme: &Programme) -> &[Self] {
        &programme.auctions
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn is_under_way(&self, at: Timestamp) -> bool {
        self.is_open(at)
    }
}

/// Whether a programme that is to be in force from an instant keeps to what those before it announced.
///
/// # Errors
/// The first raffle, instant win or auction that it does not keep.
pub fn keeps(
    before: &[&Programme],
    after: &Programme,
    effective: Timestamp,
) -> Result<(), ChanceChanged> {
    keeps_each::<Raffle>(before, after, effective)?;
    keeps_each::<InstantWin>(before, after, effective)?;
    keeps_each::<Auction>(before, after, effective)
}

fn keeps_each<T: Announced>(
    before: &[&Programme],
    after: &Programme,
    effective: Timestamp,
) -> Result<(), ChanceChanged> {
    let named = |one: &T| format!("{} {}", T::KIND, one.id());
    let now = |one: &T| T::of(after).iter().find(|other| other.id() == one.id());
    for one in before.iter().flat_map(|programme| T::of(programme)) {
        if now(one).is_some_and(|now| now != one) {
            return Err(ChanceChanged::Terms(named(one)));
        }
    }
    for one in before.last().iter().flat_map(|programme| T::of(programme)) {
        if one.is_under_way(effective) && now(one).is_none() {
            return Err(ChanceChanged::LeftOut(named(one)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_raffle_stays_as_it_is() {
        let source = include_str!("../../../../programmes/coffee-shop.toml");
        let programme = |from: &str, to: &str| {
            assert!(source.contains(from));
            crate::programme::parse(&source.replace(from, to)).unwrap()
        };
        let before = programme("limit = 500", "limit = 500");
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (early, open) = (at("2025-06-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        let late = at("2031-01-01T00:00:00Z");
        assert_eq!(
            keeps(
                &[&before],
                &programme("price = { points = 350 }", "price = { points = 400 }"),
                open
            ),
            Ok(())
        );
        for other in [
            programme("limit = 500", "limit = 501"),
            programme("closes = \"2030-01-01\"", "closes = \"2030-01-02\""),
            programme("name = \"An espresso machine\"", "name = \"A spoon\""),
        ] {
            assert_eq!(
                keeps(&[&before], &other, early),
                Err(ChanceChanged::Terms("raffle machine".to_owned()))
            );
        }
        let mut without = before.clone();
        without.raffles.clear();
        assert_eq!(keeps(&[&before], &without, early), Ok(()));
        assert_eq!(
            keeps(&[&before], &without, open),
            Err(ChanceChanged::LeftOut("raffle machine".to_owned()))
        );
        assert_eq!(keeps(&[&before], &without, late), Ok(()));
        // Its id is taken for ever.
        let other = programme("limit = 500", "limit = 501");
        let changed = Err(ChanceChanged::Terms("raffle machine".to_owned()));
        assert_eq!(keeps(&[&before, &without], &other, late), changed);
    }
}

//! The leaderboard: who has done most this year, of those who agreed to be on it.

use std::cmp::Reverse;

use crate::{draw::hash::Hash, id::MemberId};

/// The most places there are.
pub const LEADERS_MAX: usize = 50;

/// What a member has come to in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub member: MemberId,
    /// Qualifying points of the year.
    pub points: i64,
}

/// The best of a year, the first of them first. Whoever has no points has no place.
///
/// Nobody knows who came first to the same points, so a pseudonym decides: stable, and another one each year. The best of all are the
/// best among those of any parts of them, so that they can be ranked page by page.
pub fn best(standings: impl IntoIterator<Item = Standing>, year: i16) -> Vec<Standing> {
    let mut best: Vec<Standing> =
        standings.into_iter().filter(|standing| standing.points > 0).collect();
    best.sort_by_cached_key(|standing| {
        (Reverse(standing.points), pseudonym(&standing.member, year).0)
    });
    best.truncate(LEADERS_MAX);
    best
}

fn pseudonym(member: &MemberId, year: i16) -> Hash {
    Hash::of(format!("leaders/{year}/{member}").as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn standing(member: usize, points: i64) -> Standing {
        Standing { member: MemberId::new(format!("standard:acme:{member}")).unwrap(), points }
    }

    fn places(points: &[i64], year: i16) -> Vec<String> {
        let standings = points.iter().enumerate().map(|(member, points)| standing(member, *points));
        best(standings, year).iter().map(|standing| standing.member.to_string()).collect()
    }

    #[test]
    fn who_has_more_points_is_ahead_and_who_has_none_is_not_there() {
        let places = places(&[5, 0, 70, -3, 12], 2026);
        assert_eq!(places, ["standard:acme:2", "standard:acme:4", "standard:acme:0"]);
    }

    #[test]
    fn ties_are_broken_alike_all_year_and_anew_the_next() {
        let tied = [10; 20];
        assert_eq!(places(&tied, 2026), places(&tied, 2026));
        assert_ne!(places(&tied, 2026), places(&tied, 2027));
    }

    proptest! {
        #[test]
        fn ranking_page_by_page_comes_to_the_same(
            points in prop::collection::vec(-2_i64..40, 0..200),
            page in 1_usize..30,
        ) {
            let all: Vec<Standing> =
                points.iter().enumerate().map(|(member, points)| standing(member, *points)).collect();
            let paged = all.chunks(page).fold(Vec::new(), |ahead, page| {
                best(ahead.into_iter().chain(page.iter().cloned()), 2026)
            });
            prop_assert!(paged.len() <= LEADERS_MAX);
            prop_assert_eq!(paged, best(all, 2026));
        }
    }
}

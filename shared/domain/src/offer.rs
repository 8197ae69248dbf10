//! What a member can have for points, in the order in which it is shown.

use jiff::Timestamp;

use crate::{
    account::{Account, Asset},
    calendar::Per,
    programme::{Reward, Versions},
    redeem,
    rejection::{Refusal, Rejection},
};

/// A reward, and whether a member can have it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer<'a> {
    /// The reward.
    pub reward: &'a Reward,
    /// How many are left for all members together; `None` if there is no limit.
    pub left: Option<i64>,
    /// Points that the member has too few of.
    pub missing: i64,
    /// Why the member cannot have it; `None` if they can.
    pub refusal: Option<Refusal>,
}

/// How near an offer is; the nearest is least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// It can be had now.
    Now,
    /// Nothing is missing but points.
    Points,
    /// It opens later, or is for a higher tier, or has a condition.
    Other,
    /// It is over, or gone, or was had as often as anybody may.
    Never,
}

impl Offer<'_> {
    /// Whether the member has it or may come to have it: it is neither over, nor gone, nor had as often as anybody may.
    pub fn is_within_reach(&self) -> bool {
        let reason = self.refusal.as_ref().map(|refusal| &refusal.reason);
        !matches!(
            reason,
            Some(
                Rejection::Closed { .. }
                    | Rejection::OutOfStock { .. }
                    | Rejection::LimitReached { per: Per::Ever, .. }
            )
        )
    }

    fn nearness(&self) -> Nearness {
        match self.refusal.as_ref().map(|refusal| &refusal.reason) {
            None => Nearness::Now,
            Some(Rejection::NotEnough { .. }) => Nearness::Points,
            Some(_) if self.is_within_reach() => Nearness::Other,
            Some(_) => Nearness::Never,
        }
    }
}

/// The rewards of the version in force: what can be had now first, the cheapest of it first; then what only points are missing
/// for, the fewest first; then the rest, likewise, with what cannot be had any more at the end.
///
/// The account is taken as it stands at `now` ([`crate::settle::as_of`]). `taken` tells how many pieces of a stock all members
/// have taken, as for [`redeem::refusal`].
pub fn offers<'a>(
    account: &Account,
    versions: &'a Versions,
    taken: impl Fn(&str) -> i64,
    now: Timestamp,
) -> Vec<Offer<'a>> {
    let available = account.balance(&Asset::Points).available.max(0);
    let rewards = versions.at(now).programme.rewards.iter();
    let mut offers: Vec<Offer<'a>> = rewards
        .map(|reward| Offer {
            reward,
            left: reward.stock.map(|stock| stock.saturating_sub(taken(&reward.id)).max(0)),
            missing: reward.price_points.saturating_sub(available).max(0),
            refusal: redeem::refusal(account, versions, reward, &taken, now),
        })
        .collect();
    offers.sort_by_key(|offer| (offer.nearness(), offer.missing, offer.reward.price_points));
    offers
}

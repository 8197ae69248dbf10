//! What is missing for what a member asked for, or why it cannot be had.

use guerdon_domain::{calendar::Per, programme::Programme, rejection::Rejection};

use crate::{Words, clean, describe::tier_name};

impl Words {
    /// What is missing, or why not: "50 beans more", "Opens on 1 March 2026".
    pub fn missing(&self, rejection: &Rejection, programme: &Programme) -> String {
        let zone = &programme.time_zone;
        match rejection {
            Rejection::UnknownReward => self.text("missing-unknown-reward"),
            Rejection::UnknownRaffle => self.text("missing-unknown-raffle"),
            Rejection::UnknownInstantWin => self.text("missing-unknown-game"),
            Rejection::UnknownAuction => self.text("missing-unknown-auction"),
            Rejection::PlaysItself => self.text("missing-plays-itself"),
            Rejection::NotForSale => self.text("missing-not-for-sale"),
            Rejection::NoFreeRoute { reason } => {
                let reason = clean(reason, 200);
                self.text_with("missing-no-free-route", &[("reason", reason.into())])
            }
            Rejection::TooManyEntries { limit, has, .. } => {
                let left = limit.saturating_sub(*has).max(0);
                self.text_with("missing-entries-left", &[("count", left.into())])
            }
            Rejection::PayNotOffered => self.text("missing-pay-not-offered"),
            Rejection::NoOpenHold => self.text("missing-no-open-hold"),
            Rejection::NotPositive { .. } => self.text("missing-not-positive"),
            Rejection::WrongCurrency { expected, .. } => {
                self.text_with("missing-currency", &[("currency", expected.code().into())])
            }
            Rejection::NotYetOpen { from } => {
                let date = self.beginning(*from, zone);
                self.text_with("missing-opens", &[("date", date.into())])
            }
            Rejection::Closed { until } => {
                let date = self.ending(*until, zone);
                self.text_with("missing-closed", &[("date", date.into())])
            }
            Rejection::TierTooLow { needed, .. } => {
                self.text_with("missing-tier", &[("tier", tier_name(programme, needed).into())])
            }
            Rejection::ConditionFails { .. } => self.text("missing-condition"),
            Rejection::LimitReached { times, per } => self.limit_reached(*times, *per),
            Rejection::BidTooLow { least, .. } => {
                self.text_with("missing-bid", &[("points", self.points(*least).into())])
            }
            Rejection::TooManyBids { max } => {
                self.text_with("missing-too-many-bids", &[("count", (*max).into())])
            }
            Rejection::NotPayable { min, max, .. } if *max <= 0 || min > max => {
                self.text("missing-payable-none")
            }
            Rejection::NotPayable { min, max, step, .. } => {
                let (min, max, step) = (self.number(*min), self.points(*max), self.number(*step));
                let args = [("min", min.into()), ("max", max.into()), ("step", step.into())];
                self.text_with("missing-payable", &args)
            }
            Rejection::TooManyHolds { .. } => self.text("missing-too-many-holds"),
            Rejection::NoSealedGift => self.text("missing-no-sealed-gift"),
            Rejection::TooManyGifts { max } => {
                self.text_with("missing-too-many-gifts", &[("count", (*max).into())])
            }
            Rejection::MoreThanHeld { held, .. } => {
                self.text_with("missing-more-than-held", &[("points", self.points(*held).into())])
            }
            Rejection::OtherOrder => self.text("missing-other-order"),
            Rejection::NotEnough { needed, available, pending } => {
                self.not_enough(needed.saturating_sub(*available), *pending)
            }
            Rejection::NoPlay => self.text("missing-no-play"),
            Rejection::OutOfStock { .. } => self.text("missing-out-of-stock"),
            // Nothing that a member could do about these.
            Rejection::NoCodeLeft { .. }
            | Rejection::OutOfRange
            | Rejection::ConditionErrs(_)
            | Rejection::UnknownVersion { .. } => self.text("missing-unavailable"),
        }
    }

    fn limit_reached(&self, times: i64, per: Per) -> String {
        let key = match per {
            Per::Day => "missing-limit-day",
            Per::Month => "missing-limit-month",
            Per::Year => "missing-limit-year",
            Per::Ever => "missing-limit-ever",
        };
        self.text_with(key, &[("times", times.into())])
    }

    fn not_enough(&self, short: i64, pending: i64) -> String {
        let points = ("points", self.points(short).into());
        if pending > 0 {
            let pending = self.points(pending).into();
            self.text_with("missing-points-pending", &[points, ("pending", pending)])
        } else {
            self.text_with("missing-points", &[points])
        }
    }
}

#[cfg(test)]
mod tests {
    use guerdon_domain::{account::Overflow, condition::ConditionError};

    use super::*;
    use crate::{
        Language,
        samples::{at, currency, programme, seen, words},
    };

    fn rejections() -> Vec<(Rejection, &'static str)> {
        let not_enough =
            |available, pending| Rejection::NotEnough { needed: 350, available, pending };
        let limit = |times, per| Rejection::LimitReached { times, per };
        let payable = |max| Rejection::NotPayable { asked: 950, min: 100, max, step: 100 };
        let unavailable = "Not available right now: please try again later";
        let many = |has| Rejection::TooManyEntries { limit: 500, has, asked: 3 };
        vec![
            (Rejection::UnknownReward, "This reward is not offered"),
            (Rejection::UnknownRaffle, "This raffle is not offered"),
            (Rejection::UnknownInstantWin, "This game is not offered"),
            (Rejection::UnknownAuction, "This auction is not offered"),
            (Rejection::PlaysItself, "It plays by itself: there is nothing to press"),
            (Rejection::NotForSale, "It cannot be had for beans"),
            (
                Rejection::NoFreeRoute { reason: "a gift to our guests".to_owned() },
                "It cannot be had for free: a gift to our guests",
            ),
            (many(499), "You can have 1 entry more"),
            (many(500), "You have as many entries as count"),
            (Rejection::PayNotOffered, "Paying with beans is not offered"),
            (Rejection::NoOpenHold, "This payment is no longer open"),
            (Rejection::NotPositive { field: "points" }, "Please choose more than zero"),
            (
                Rejection::WrongCurrency { given: currency("USD"), expected: currency("EUR") },
                "Please pay in EUR",
            ),
            (Rejection::NotYetOpen { from: at("2026-02-28T23:00:00Z") }, "Opens on 1 March 2026"),
            (Rejection::Closed { until: at("2026-02-28T23:00:00Z") }, "Ended on 28 February 2026"),
            (Rejection::TierTooLow { needed: "gold".to_owned(), has: None }, "For members of Gold"),
            (
                Rejection::ConditionFails { when: "member.age > 17".to_owned() },
                "Not offered to you at the moment",
            ),
            (limit(1, Per::Day), "Once a day: come back tomorrow"),
            (limit(2, Per::Month), "2 times a month: come back next month"),
            (limit(1, Per::Year), "Once a year: come back next year"),
            (limit(1, Per::Ever), "Once for each member: you have had it"),
            (Rejection::BidTooLow { asked: 100, least: 110 }, "Bid 110 beans or more"),
            (
                Rejection::TooManyBids { max: 10 },
                "You have bids in 10 auctions already: wait until one is over",
            ),
            (payable(900), "You can use 100 to 900 beans here, in steps of 100"),
            (payable(0), "No beans can be used for this order"),
            (
                Rejection::TooManyHolds { max: 10 },
                "Finish or cancel a payment that you have started first",
            ),
            (Rejection::NoSealedGift, "This gift is open already"),
            (Rejection::TooManyGifts { max: 10 }, "10 gifts are waiting: open one first"),
            (Rejection::MoreThanHeld { asked: 600, held: 500 }, "Only 500 beans are set aside"),
            (Rejection::OtherOrder, "This payment belongs to another order"),
            (not_enough(300, 0), "50 beans more"),
            (not_enough(300, 20), "50 beans more; 20 beans on the way"),
            (Rejection::NoPlay, "You have no play left"),
            (Rejection::NoCodeLeft { pool: "mugs".to_owned() }, unavailable),
            (Rejection::OutOfStock { stock: 200 }, "All gone"),
            (Overflow.into(), unavailable),
            (Rejection::ConditionErrs(ConditionError::Overflow), unavailable),
            (Rejection::UnknownVersion { version: 7 }, unavailable),
        ]
    }

    #[test]
    fn every_rejection_says_what_is_missing() {
        let programme = programme();
        for (rejection, text) in rejections() {
            assert_eq!(words(Language::En).missing(&rejection, &programme), text);
            for language in Language::ALL {
                let own = seen(&words(language).missing(&rejection, &programme));
                assert!(!own.is_empty() && !own.starts_with("missing-"), "{language}: {own}");
                assert!(language == Language::En || own != text, "{language}: {own}");
            }
        }
    }
}

//! What the letter says of today and of what lies ahead: what opens and lapses, tier, value, offers, how to redeem.

use guerdon_domain::{
    entry::Granted,
    statement::{Expiring, NextTier},
};
use guerdon_words::clean;

use crate::made::is_good;

use super::{Link, Links, Point, Section, Writer};

/// Dates on which points open or lapse that are told at most.
const DATES_MAX: usize = 12;
/// Offers that are told at most, of those that can be had and of those that are near.
const OFFERS_MAX: usize = 5;
/// The most characters of a name from the programme.
pub(super) const NAME_MAX: usize = 120;

impl Writer<'_> {
    /// What can be spent, what is set aside, what opens when.
    pub(super) fn balance_section(&self) -> Section {
        let outlook = &self.made.outlook;
        let points = outlook.balances.points;
        let mut said =
            vec![Point::Strong(self.with_points("statement-available", points.available))];
        if points.held > 0 {
            said.push(Point::Text(self.with_points("statement-held", points.held)));
        }
        if points.pending > 0 {
            said.push(Point::Text(self.with_points("statement-pending", points.pending)));
        }
        for opening in outlook.opens.iter().take(DATES_MAX) {
            let date = self.words.beginning(opening.at, &self.known.programme.time_zone);
            let points = self.words.points(opening.points);
            let args = [("points", points.into()), ("date", date.into())];
            said.push(Point::Text(self.words.text_with("statement-pending-until", &args)));
        }
        for credit in &outlook.balances.credit.0 {
            let (currency, minor) = (*credit.0, *credit.1);
            let money = self.words.money(guerdon_domain::money::Money { minor, currency });
            let args = [("money", money.into())];
            said.push(Point::Text(self.words.text_with("things-credit-balance", &args)));
        }
        Section { title: Some(self.words.text("overview-balance")), points: said }
    }

    /// What lapses, and when.
    pub(super) fn expiry_section(&self) -> Section {
        let lapses = |expiring: &Expiring| {
            let points = expiring.available.saturating_add(expiring.pending);
            let points = self.words.points(points.saturating_add(expiring.held));
            let args = [("points", points.into()), ("date", self.ending(expiring.at).into())];
            Point::Text(self.words.text_with("statement-expires", &args))
        };
        let mut points: Vec<Point> =
            self.made.outlook.expires.iter().take(DATES_MAX).map(lapses).collect();
        if points.is_empty() {
            points.push(Point::Text(self.words.text("statement-nothing-expires")));
        }
        Section { title: Some(self.words.text("statement-expires-title")), points }
    }

    /// The tier, and what is missing to the next.
    pub(super) fn tier_section(&self) -> Option<Section> {
        if self.known.programme.tiers.is_empty() {
            return None;
        }
        let outlook = &self.made.outlook;
        let title = match &outlook.tier {
            Some(tier) => {
                let name = clean(&tier.name, NAME_MAX);
                self.words.text_with("statement-tier", &[("tier", name.into())])
            }
            None => self.words.text("statement-tier-none"),
        };
        let points = match &outlook.next_tier {
            Some(next) => self.progress(next, outlook.qualifying_points),
            None => vec![Point::Text(self.words.text("statement-tier-top"))],
        };
        Some(Section { title: Some(title), points })
    }

    fn progress(&self, next: &NextTier, has: i64) -> Vec<Point> {
        let tier = clean(&next.name, NAME_MAX);
        let label = self.words.text_with(
            "statement-tier-progress",
            &[
                ("has", self.words.number(has).into()),
                ("needed", self.words.points(next.needed).into()),
                ("tier", tier.clone().into()),
            ],
        );
        let zone = &self.known.programme.time_zone;
        let year = zone.year(self.known.now).saturating_add(1);
        let missing = zone.start_of_year(year).map(|end| {
            let args = [
                ("points", self.words.points(next.missing).into()),
                ("date", self.ending(end).into()),
                ("tier", tier.into()),
            ];
            Point::Text(self.words.text_with("statement-tier-missing", &args))
        });
        let bar = Point::Progress { label, part: has, whole: next.needed };
        std::iter::once(bar).chain(missing).collect()
    }

    /// What the points are worth.
    pub(super) fn value_section(&self) -> Option<Section> {
        let worth = self.made.outlook.worth.filter(|worth| worth.0.minor > 0)?;
        let worth = self.words.money(worth.0);
        let text = self.words.text_with("statement-value", &[("money", worth.into())]);
        Some(Section { title: None, points: vec![Point::Strong(text)] })
    }

    /// What was given and can still be used.
    pub(super) fn given_section(&self) -> Section {
        let mut points = Vec::new();
        for record in &self.made.grants {
            let programme = self.known.programme_of(record.version);
            for granted in &record.grants {
                let what = || self.words.grant(granted, programme);
                match granted {
                    Granted::Voucher { code, .. } if is_good(granted, self.known.now) => {
                        points.push(Point::Code { what: what(), code: Some(code.clone()) });
                    }
                    Granted::Badge { .. } => {
                        let args = [("name", what().into())];
                        points.push(Point::Text(self.words.text_with("statement-badge", &args)));
                    }
                    // Points and credit are in the balance; a gift that waits is told below.
                    Granted::Voucher { .. }
                    | Granted::Credit { .. }
                    | Granted::Points { .. }
                    | Granted::Mystery { .. } => {}
                }
            }
        }
        for gift in &self.made.outlook.gifts {
            let what = match gift.reveal_at {
                None => self.words.text("grant-mystery"),
                Some(at) => {
                    let date = self.words.beginning(at, &self.known.programme.time_zone);
                    self.words.text_with("grant-mystery-on", &[("date", date.into())])
                }
            };
            points.push(Point::Code { what, code: None });
        }
        if points.is_empty() {
            points.push(Point::Text(self.words.text("statement-given-empty")));
        }
        Section { title: Some(self.words.text("statement-given")), points }
    }

    /// What can be had now, and what is near.
    pub(super) fn offer_sections(&self) -> Vec<Section> {
        let programme = &self.known.programme;
        if programme.rewards.is_empty() {
            return Vec::new();
        }
        let offers = self.known.offers(&self.made.account);
        let open = offers.iter().filter(|offer| offer.refusal.is_none()).take(OFFERS_MAX);
        let mut now: Vec<Point> = open
            .map(|offer| {
                let reward = ("reward", clean(&offer.reward.name, NAME_MAX).into());
                Point::Text(match offer.reward.price_points {
                    0 => self.words.text_with("statement-offer-free", &[reward]),
                    price => {
                        let price = ("points", self.words.points(price).into());
                        self.words.text_with("statement-offer", &[reward, price])
                    }
                })
            })
            .collect();
        if now.is_empty() {
            now.push(Point::Text(self.words.text("statement-offers-none")));
        }
        let near = offers.iter().filter(|offer| offer.is_within_reach()).filter_map(|offer| {
            let refusal = offer.refusal.as_ref()?;
            let missing = self.words.missing(&refusal.reason, programme);
            let reward = ("reward", clean(&offer.reward.name, NAME_MAX).into());
            let args = [reward, ("missing", missing.into())];
            Some(Point::Text(self.words.text_with("statement-offer-missing", &args)))
        });
        let near: Vec<Point> = near.take(OFFERS_MAX).collect();
        let mut sections =
            vec![Section { title: Some(self.words.text("statement-offers")), points: now }];
        if !near.is_empty() {
            let title = Some(self.words.text("statement-offers-near"));
            sections.push(Section { title, points: near });
        }
        sections
    }

    /// How to redeem, and the way to the member's page.
    pub(super) fn redeem_section(&self, links: &Links) -> Option<Section> {
        let url = links.page.clone().or_else(|| self.known.programme.brand.redeem_url.clone())?;
        let mut points = vec![
            Point::Text(self.words.text("statement-how-to-redeem")),
            Point::Link(Link { label: self.words.text("statement-open-page"), url }),
        ];
        if links.private {
            points.push(Point::Small(self.words.text("statement-link-private")));
        }
        Some(Section { title: Some(self.words.text("statement-how-to-redeem-title")), points })
    }
}

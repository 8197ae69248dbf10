//! What happened to a member, in a line that they understand.

use guerdon_domain::{
    account::Asset,
    entry::{Entry, Kind},
    id::OrderId,
    play::Played,
    programme::Programme,
};

use crate::{Arg, Words, clean};

/// The most characters of what others wrote, within a line.
pub(crate) const TEXT_MAX: usize = 120;

/// Events that have a title of their own; others are called by their name.
const EVENTS: [(&str, &str); 6] = [
    ("sign-up", "entry-sign-up"),
    ("review", "entry-review"),
    ("referral", "entry-referral"),
    ("birthday", "entry-birthday"),
    ("survey", "entry-survey"),
    ("newsletter", "entry-newsletter"),
];

impl Words {
    /// What an entry records, in a line: "Order 1001".
    pub fn title(&self, entry: &Entry, programme: &Programme) -> String {
        let name = |args: &[(&str, Arg<'_>)], key: &str| self.text_with(key, args);
        match &entry.kind {
            Kind::Accrual { what } => self.accrual(entry, what),
            Kind::Reversal => self.of_order("entry-reversal", order_of(entry), &[]),
            Kind::Return if points_of(entry) < 0 => {
                self.of_order("entry-return-taken", order_of(entry), &[])
            }
            Kind::Return => self.of_order("entry-return", order_of(entry), &[]),
            Kind::Activation => self.text("entry-activation"),
            Kind::Expiry => self.text("entry-expiry"),
            Kind::Redemption { reward, .. } => {
                name(&[("reward", reward_name(programme, reward).into())], "entry-redemption")
            }
            Kind::Reveal { reward, gift, .. } => {
                let prize = clean(&gift.name, TEXT_MAX);
                let reward = reward_name(programme, reward);
                name(&[("reward", reward.into()), ("prize", prize.into())], "entry-reveal")
            }
            Kind::Entered { raffle, entries, free } => {
                let key = if *free { "entry-entered-free" } else { "entry-entered" };
                let raffle = raffle_name(programme, raffle);
                name(&[("raffle", raffle.into()), ("entries", (*entries).into())], key)
            }
            Kind::Prize { raffle, prize, .. } => {
                let prize = prize_name(programme, raffle, prize);
                let raffle = raffle_name(programme, raffle);
                name(&[("raffle", raffle.into()), ("prize", prize.into())], "entry-prize")
            }
            Kind::Play { game, played, .. } => self.play(game, played, programme),
            Kind::Bid { auction, bid } => {
                let auction = auction_name(programme, auction);
                let args = [("auction", auction.into()), ("points", self.points(*bid).into())];
                name(&args, "entry-bid")
            }
            Kind::BidWon { auction, .. } => {
                name(&[("auction", auction_name(programme, auction).into())], "entry-bid-won")
            }
            Kind::BidReturned { auction, .. } => {
                name(&[("auction", auction_name(programme, auction).into())], "entry-bid-returned")
            }
            Kind::Hold { worth, .. } => name(&[("money", self.money(*worth).into())], "entry-hold"),
            Kind::Capture { worth, order, .. } => {
                let money = [("money", self.money(*worth).into())];
                self.of_order("entry-capture", order.as_ref().map(OrderId::as_str), &money)
            }
            Kind::Release { .. } => self.text("entry-release"),
            Kind::Lapse { .. } => self.text("entry-lapse"),
            Kind::Adjustment { reason, .. } => {
                let reason = clean(reason, TEXT_MAX);
                let key =
                    if reason.is_empty() { "entry-adjustment-unnamed" } else { "entry-adjustment" };
                name(&[("reason", reason.into())], key)
            }
            Kind::TierChange { from, to } => {
                self.tier_change(from.as_deref(), to.as_deref(), programme)
            }
        }
    }

    fn accrual(&self, entry: &Entry, what: &str) -> String {
        if what == "order" {
            return self.of_order("entry-order", order_of(entry), &[]);
        }
        let known = EVENTS.iter().find(|(event, _)| *event == what);
        known.map_or_else(|| spoken(what), |(_, key)| self.text(key))
    }

    /// The text of a key about an order, or of its sibling if the order is not known.
    fn of_order(&self, key: &str, order: Option<&str>, args: &[(&str, Arg<'_>)]) -> String {
        match order.map(short_order).filter(|order| !order.is_empty()) {
            Some(order) => {
                let mut args = args.to_vec();
                args.push(("order", order.into()));
                self.text_with(key, &args)
            }
            None => self.text_with(&format!("{key}-unnamed"), args),
        }
    }

    fn play(&self, game: &str, played: &Played, programme: &Programme) -> String {
        let found = programme.instant_win(game);
        let name = ("game", game_name(programme, game).into());
        let Some(id) = &played.prize else {
            return self.text_with("entry-play-lost", &[name]);
        };
        let prize = found.and_then(|game| game.prizes.iter().find(|prize| prize.id == *id));
        let prize = prize.map_or(id, |prize| &prize.name);
        self.text_with("entry-play-won", &[name, ("prize", clean(prize, TEXT_MAX).into())])
    }

    fn tier_change(&self, from: Option<&str>, to: Option<&str>, programme: &Programme) -> String {
        let (key, tier) = match (from, to) {
            (from, None) => ("entry-tier-ended", from.unwrap_or_default()),
            (from, Some(to)) if programme.rank(from) > programme.rank(Some(to)) => {
                ("entry-tier-down", to)
            }
            (_, Some(to)) => ("entry-tier-up", to),
        };
        self.text_with(key, &[("tier", tier_name(programme, tier).into())])
    }
}

/// The order whose operation an entry belongs to.
fn order_of(entry: &Entry) -> Option<&str> {
    entry.operation.as_str().strip_prefix("order#")
}

/// The part of an order's id that a member may know: "1001" of "shopify:a.myshopify.com:1001".
fn short_order(order: &str) -> String {
    clean(order.rsplit(':').next().unwrap_or(order), 40)
}

/// How many points the member has more (or less) by an entry.
fn points_of(entry: &Entry) -> i64 {
    let legs = entry.postings.iter();
    let own = legs.filter(|leg| leg.account.is_member() && leg.asset == Asset::Points);
    own.fold(0, |sum, leg| sum.saturating_add(leg.amount))
}

/// The name of an event as a text: "Store visit" of "store-visit".
fn spoken(event: &str) -> String {
    let text = clean(&event.replace(['-', '_'], " "), 60);
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().chain(letters).collect());
    first.unwrap_or_default()
}

/// A name from the programme, else the id.
fn named(name: Option<&String>, id: &str) -> String {
    clean(name.map_or(id, String::as_str), TEXT_MAX)
}

/// The name of a reward, else its id.
pub(crate) fn reward_name(programme: &Programme, id: &str) -> String {
    named(programme.reward(id).map(|reward| &reward.name), id)
}

/// The name of a raffle, else its id.
pub(crate) fn raffle_name(programme: &Programme, id: &str) -> String {
    named(programme.raffle(id).map(|raffle| &raffle.name), id)
}

fn prize_name(programme: &Programme, raffle: &str, id: &str) -> String {
    let raffle = programme.raffle(raffle);
    let prize = raffle.and_then(|raffle| raffle.prizes.iter().find(|prize| prize.id == id));
    named(prize.map(|prize| &prize.name), id)
}

/// The name of a game, else its id.
pub(crate) fn game_name(programme: &Programme, id: &str) -> String {
    named(programme.instant_win(id).map(|game| &game.name), id)
}

fn auction_name(programme: &Programme, id: &str) -> String {
    named(programme.auction(id).map(|auction| &auction.name), id)
}

/// The name of a tier, else its id.
pub(crate) fn tier_name(programme: &Programme, id: &str) -> String {
    let tier = programme.tiers.iter().find(|tier| tier.id == id);
    named(tier.map(|tier| &tier.name), id)
}

#[cfg(test)]
mod tests {
    use guerdon_domain::{
        draw::hash::Hash,
        id::HoldId,
        mystery::{Decided, Revealed},
        play::{By, Paid},
    };

    use super::*;
    use crate::{
        Language,
        samples::{at, entry, money, programme, words},
    };

    const ORDER: &str = "order#shopify:beanery.myshopify.com:1001";

    fn kinds() -> Vec<(Kind, i64, &'static str)> {
        let hold = || HoldId::new("h1").unwrap();
        let id = |text: &str| text.to_owned();
        let decided = Decided { seed: Hash([0; 32]), outcomes: Vec::new() };
        let gift = Revealed { of: 1, outcome: id("mug"), name: id("A mug"), decided };
        let grants = Vec::new;
        let change = |from: Option<&str>, to: Option<&str>| Kind::TierChange {
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
        };
        let adjustment = |reason: &str| Kind::Adjustment { reason: id(reason), by: id("ann") };
        let capture = |order: Option<&str>| Kind::Capture {
            hold: hold(),
            worth: money("5.00 EUR"),
            order: order.map(|order| OrderId::new(order).unwrap()),
        };
        vec![
            (Kind::Accrual { what: "order".into() }, 10, "Order 1001"),
            (Kind::Accrual { what: "sign-up".into() }, 50, "Welcome to Beanery Club"),
            (Kind::Accrual { what: "store-visit".into() }, 5, "Store visit"),
            (Kind::Reversal, -10, "Refund of order 1001"),
            (Kind::Return, 10, "Given back from order 1001"),
            (Kind::Return, -10, "Used again for order 1001"),
            (Kind::Activation, 10, "Now available"),
            (Kind::Expiry, -10, "Expired"),
            (
                Kind::Redemption { reward: id("latte"), grants: grants() },
                -350,
                "Redeemed: A latte, any size",
            ),
            (
                Kind::Reveal { reward: id("gone"), gift: Box::new(gift), grants: grants() },
                0,
                "Your surprise from gone: A mug",
            ),
            (
                Kind::Hold {
                    hold: hold(),
                    worth: money("5.00 EUR"),
                    lapses_at: at("2026-10-03T10:30:00Z"),
                },
                -500,
                "Set aside to pay €5.00",
            ),
            (
                capture(Some("shopify:b.myshopify.com:1002")),
                0,
                "Paid €5.00 with beans for order 1002",
            ),
            (capture(None), 0, "Paid €5.00 with beans"),
            (Kind::Release { hold: hold() }, 500, "Back in your balance"),
            (
                Kind::Lapse { hold: hold() },
                500,
                "Back in your balance: the payment was not completed",
            ),
            (adjustment("Sorry for\nthe wait\u{202e}"), 25, "Correction: Sorry for the wait"),
            (adjustment("  "), 25, "Correction"),
            (change(None, Some("silver")), 0, "Welcome to Silver"),
            (change(Some("gold"), Some("silver")), 0, "You are now in Silver"),
            (change(Some("gold"), None), 0, "Gold has ended"),
        ]
    }

    /// What chance or a bid decides.
    fn chances() -> Vec<(Kind, i64, &'static str)> {
        let id = |text: &str| text.to_owned();
        let grants = Vec::new;
        let entered = |entries, free| Kind::Entered { raffle: id("machine"), entries, free };
        let played = |prize: Option<&str>| {
            Box::new(Played {
                paid: Paid::Free,
                commitment: Hash([0; 32]),
                seed: Hash([0; 32]),
                by: By::Chance { chance: 1, of: 5, drawn: 0 },
                prizes: Vec::new(),
                prize: prize.map(str::to_owned),
            })
        };
        vec![
            (entered(3, false), -60, "3 entries in The espresso machine"),
            (entered(1, true), 0, "1 free entry in The espresso machine"),
            (
                Kind::Prize {
                    raffle: id("machine"),
                    prize: id("machine"),
                    place: 1,
                    grants: grants(),
                },
                0,
                "Prize won in The espresso machine: An espresso machine",
            ),
            (
                Kind::Play {
                    game: id("lucky-cup"),
                    played: played(Some("cookie")),
                    grants: grants(),
                },
                0,
                "Won in The lucky cup: A cookie",
            ),
            (
                Kind::Play { game: id("lucky-cup"), played: played(None), grants: grants() },
                0,
                "Played The lucky cup: no win this time",
            ),
            (
                Kind::Bid { auction: id("tasting"), bid: 1200 },
                0,
                "Bid 1,200 beans in A tasting for two",
            ),
            (
                Kind::BidWon { auction: id("tasting"), bid: 1200, grants: grants() },
                0,
                "Won at auction: A tasting for two",
            ),
            (
                Kind::BidReturned { auction: id("tasting"), bid: 1200 },
                0,
                "Outbid in A tasting for two",
            ),
        ]
    }

    #[test]
    fn every_kind_has_a_title() {
        let programme = programme();
        for (kind, points, title) in kinds().into_iter().chain(chances()) {
            let entry = entry(ORDER, kind, points);
            assert_eq!(words(Language::En).title(&entry, &programme), title);
            for language in Language::ALL {
                let text = words(language).title(&entry, &programme);
                assert!(!text.is_empty() && !text.starts_with("entry-"), "{language}: {text}");
                let own = title == "Store visit" || language == Language::En || text != title;
                assert!(own, "{language} says it in English: {text}");
            }
        }
    }

    #[test]
    fn an_order_that_is_not_known_is_just_an_order() {
        let request = entry("request#a#b", Kind::Accrual { what: "order".into() }, 10);
        assert_eq!(words(Language::En).title(&request, &programme()), "Order");
        assert_eq!(words(Language::De).title(&request, &programme()), "Bestellung");
    }

    #[test]
    fn a_name_from_right_to_left_moves_nothing_around_it() {
        let mut programme = programme();
        programme.rewards[0].name = "\u{202e}قهوة".to_owned();
        let kind = Kind::Redemption { reward: "latte".to_owned(), grants: Vec::new() };
        let title = words(Language::En).title(&entry("request#a#b", kind, -350), &programme);
        assert_eq!(title, "Redeemed: \u{2068}قهوة\u{2069}");
    }
}

//! What changed between two programmes, in plain words.

mod brand;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    money::{Money, Ratio, Rounding},
    programme::{
        Auction, Award, Clawback, Codes, Conditions, EarnRule, Expiry, Grant, InstantWin, Keeps,
        Outcome, PayTerms, Programme, Raffle, Reveal, Reward, RoundedTo, Selection, Tier,
        TimesLimit, Trigger, Wins,
        raffle::{FreeRoute, RafflePrize},
    },
};

/// What a part of a programme says, field by field; an empty text is a field left out.
type Fields = Vec<(&'static str, String)>;

/// One line for each changed field, added part and removed part; none if the programmes are equal.
///
/// ```text
/// programme: rounding down -> nearest
/// earn spend: removed
/// reward latte: price 350 -> 400 points
/// ```
pub fn diff(old: &Programme, new: &Programme) -> Vec<String> {
    let mut lines = changes("programme", &programme(old), &programme(new));
    lines.extend(changes("brand", &brand::brand(&old.brand), &brand::brand(&new.brand)));
    let parts = [
        (
            parts("tier", &old.tiers, tier, |tier| &tier.id),
            parts("tier", &new.tiers, tier, |tier| &tier.id),
        ),
        (
            parts("earn", &old.earn, |rule| earn(rule, old), |rule| rule.id.as_str()),
            parts("earn", &new.earn, |rule| earn(rule, new), |rule| rule.id.as_str()),
        ),
        (
            parts("reward", &old.rewards, reward, |reward| &reward.id),
            parts("reward", &new.rewards, reward, |reward| &reward.id),
        ),
        (
            parts("raffle", &old.raffles, raffle, |raffle| &raffle.id),
            parts("raffle", &new.raffles, raffle, |raffle| &raffle.id),
        ),
        (
            parts("instant win", &old.instant_wins, instant_win, |game| &game.id),
            parts("instant win", &new.instant_wins, instant_win, |game| &game.id),
        ),
        (
            parts("auction", &old.auctions, auction, |auction| &auction.id),
            parts("auction", &new.auctions, auction, |auction| &auction.id),
        ),
        (
            old.pay.iter().map(|terms| ("pay".to_owned(), pay(terms, old))).collect(),
            new.pay.iter().map(|terms| ("pay".to_owned(), pay(terms, new))).collect(),
        ),
    ];
    for (before, after) in parts {
        compare(&before, &after, &mut lines);
    }
    if lines.is_empty() && old != new {
        lines.push("programme: parts stand in another order".to_owned());
    }
    lines
}

fn parts<T>(
    kind: &str,
    list: &[T],
    fields: impl Fn(&T) -> Fields,
    id: impl Fn(&T) -> &str,
) -> BTreeMap<String, Fields> {
    list.iter().map(|part| (format!("{kind} {}", id(part)), fields(part))).collect()
}

fn compare(
    before: &BTreeMap<String, Fields>,
    after: &BTreeMap<String, Fields>,
    lines: &mut Vec<String>,
) {
    for (name, old) in before {
        match after.get(name) {
            Some(new) => lines.extend(changes(name, old, new)),
            None => lines.push(format!("{name}: removed")),
        }
    }
    for (name, new) in after {
        if !before.contains_key(name) {
            let said: Vec<String> = new
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(field, value)| format!("{field} {value}"))
                .collect();
            lines.push(format!("{name}: added: {}", said.join("; ")));
        }
    }
}

fn changes(name: &str, old: &Fields, new: &Fields) -> Vec<String> {
    let pairs = old.iter().zip(new).filter(|(before, after)| before != after);
    pairs
        .map(|((field, before), (_, after))| format!("{name}: {field} {}", change(before, after)))
        .collect()
}

/// "350 -> 400 points"
fn change(before: &str, after: &str) -> String {
    let none = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    match (before.split_once(' '), after.split_once(' ')) {
        (Some((from, unit)), Some((to, same))) if unit == same => format!("{from} -> {to} {unit}"),
        _ => format!("{} -> {}", none(before), none(after)),
    }
}

fn programme(programme: &Programme) -> Fields {
    let accepts: Vec<String> = programme
        .accepts
        .iter()
        .map(|(currency, rate)| format!("{currency} at {} minor units", ratio(*rate)))
        .collect();
    let expiry = match programme.expiry {
        Expiry::Never => "never".to_owned(),
        Expiry::Rolling { after, rounded } => match rounded {
            RoundedTo::Instant => after.to_string(),
            RoundedTo::DayEnd => format!("{after}, to the end of the day"),
            RoundedTo::MonthEnd => format!("{after}, to the end of the month"),
        },
    };
    let clawback = match programme.clawback {
        Clawback::PendingOnly => "pending-only",
        Clawback::WithinBalance => "within-balance",
        Clawback::AllowNegative => "allow-negative",
    };
    let rounding = match programme.rounding {
        Rounding::Down => "down",
        Rounding::Nearest => "nearest",
        Rounding::Up => "up",
    };
    let epoch = programme.time_zone.local(Timestamp::UNIX_EPOCH);
    vec![
        ("name", format!("{:?}", programme.name)),
        ("currency", programme.currency.to_string()),
        ("time zone", epoch.time_zone().iana_name().unwrap_or("UTC").to_owned()),
        ("points are called", format!("{}, {}", programme.points.one, programme.points.many)),
        (
            "a point is worth",
            programme.points.value.map(|value| worth(value, programme)).unwrap_or_default(),
        ),
        ("expiry", expiry),
        ("pending", programme.pending.map(|length| length.to_string()).unwrap_or_default()),
        ("clawback", clawback.to_owned()),
        ("rounding", rounding.to_owned()),
        ("accepts", accepts.join(", ")),
    ]
}

fn tier(tier: &Tier) -> Fields {
    let keeps = match tier.keeps {
        Keeps::ThisYear => "to the end of the year",
        Keeps::FollowingYear => "to the end of the following year",
    };
    vec![
        ("name", format!("{:?}", tier.name)),
        ("from", format!("{} qualifying points", tier.qualifying_points)),
        ("keeps", keeps.to_owned()),
        ("benefits", tier.benefits.join(", ")),
    ]
}

fn trigger(on: &Trigger) -> String {
    match on {
        Trigger::Order => "order".to_owned(),
        Trigger::SignUp => "sign-up".to_owned(),
        Trigger::Event(name) => format!("event:{name}"),
    }
}

fn earn(rule: &EarnRule, programme: &Programme) -> Fields {
    let unit = match &rule.tickets {
        Some(of) if programme.instant_win(of.as_str()).is_some() => format!("plays of {of}"),
        Some(of) => format!("entries of {of}"),
        None => "points".to_owned(),
    };
    let gives = match &rule.award {
        Award::Fixed(points) => format!("{points} {unit}"),
        Award::Multiply(by) => format!("the order's points times {}", ratio(*by)),
        Award::PerUnit { give, per_minor, tier } => {
            let per = Money { minor: *per_minor, currency: programme.currency };
            let first = match &rule.tickets {
                Some(_) => format!("{give} {unit} for each {per}"),
                None => format!("{give} for each {per}"),
            };
            let tiers = tier.iter().map(|(id, by)| format!("times {} for {id}", ratio(*by)));
            std::iter::once(first).chain(tiers).collect::<Vec<_>>().join(", ")
        }
    };
    let mut fields = vec![("on", trigger(&rule.on)), ("gives", gives)];
    fields.extend(conditions(&rule.conditions));
    fields.push((
        "limit",
        rule.limit.map(|cap| format!("{} {unit} per {}", cap.points, cap.per)).unwrap_or_default(),
    ));
    fields.push(("qualifies", if rule.qualifies { "yes" } else { "no" }.to_owned()));
    fields
}

fn reward(reward: &Reward) -> Fields {
    let gives: Vec<String> = reward.gives.iter().map(grant).collect();
    let mut fields = vec![
        ("name", format!("{:?}", reward.name)),
        ("price", format!("{} points", reward.price_points)),
        ("stock", reward.stock.map(|stock| stock.to_string()).unwrap_or_default()),
    ];
    fields.extend(conditions(&reward.conditions));
    fields.push(("limit", times(reward.limit, "times")));
    fields.push(("gives", gives.join(" and ")));
    fields
}

fn raffle(raffle: &Raffle) -> Fields {
    let prize = |prize: &RafflePrize| {
        let gives: Vec<String> = prize.gives.iter().map(grant).collect();
        let gives =
            if gives.is_empty() { String::new() } else { format!(", {}", gives.join(" and ")) };
        format!("{} {} ({:?}{gives})", prize.count, prize.id, prize.name)
    };
    let prizes: Vec<String> = raffle.prizes.iter().map(prize).collect();
    let free = match &raffle.free {
        FreeRoute::Entries { entries, per } => format!("{entries} entries per {per}"),
        FreeRoute::None { reason } => format!("none: {reason:?}"),
    };
    let mut fields = vec![
        ("name", format!("{:?}", raffle.name)),
        ("opens", raffle.opens.to_string()),
        ("closes", raffle.closes.to_string()),
        ("draws", raffle.draws.to_string()),
        ("prizes", prizes.join(", ")),
        ("alternates", raffle.alternates.to_string()),
        ("beacon", if raffle.beacon { "quicknet" } else { "none" }.to_owned()),
        ("price", raffle.price_points.map(|price| format!("{price} points")).unwrap_or_default()),
        ("free", free),
        ("limit", raffle.limit.map(|limit| format!("{limit} entries")).unwrap_or_default()),
    ];
    fields.extend(conditions(&raffle.conditions));
    fields
}

fn instant_win(game: &InstantWin) -> Fields {
    let wins = match game.wins {
        Wins::Every { every, counters: 1 } => format!("one of every {every} plays, by count"),
        Wins::Every { every, counters } => {
            format!("one of every {every} plays of each of {counters} counters")
        }
        Wins::Chance { chance, of } => format!("{chance} of {of} plays, by chance"),
        Wins::Moments { moments } => format!("the first play after each of {moments} moments"),
    };
    let prizes: Vec<String> = game.prizes.iter().map(outcome).collect();
    let free = match &game.no_free_route {
        Some(reason) => format!("none: {reason:?}"),
        None => times(game.free, "plays"),
    };
    let mut fields = vec![
        ("name", format!("{:?}", game.name)),
        ("opens", game.opens.to_string()),
        ("closes", game.closes.to_string()),
        ("on", game.on.as_ref().map(trigger).unwrap_or_default()),
        ("wins", wins),
        ("prizes", prizes.join(", ")),
        ("price", game.price_points.map(|price| format!("{price} points")).unwrap_or_default()),
        ("free", free),
        ("limit", times(game.limit, "times")),
    ];
    fields.extend(conditions(&game.conditions));
    fields
}

fn auction(auction: &Auction) -> Fields {
    let gives: Vec<String> = auction.gives.iter().map(grant).collect();
    let mut fields = vec![
        ("name", format!("{:?}", auction.name)),
        ("opens", auction.opens.to_string()),
        ("closes", auction.closes.to_string()),
        ("winners", auction.winners.to_string()),
        ("min", format!("{} points", auction.min)),
        ("step", format!("{} points", auction.step)),
        ("sealed", auction.sealed.to_string()),
        ("gives", gives.join(" and ")),
    ];
    fields.extend(conditions(&auction.conditions));
    fields
}

/// "3 times per day"
fn times(limit: Option<TimesLimit>, unit: &str) -> String {
    limit.map(|limit| format!("{} {unit} per {}", limit.times, limit.per)).unwrap_or_default()
}

fn grant(grant: &Grant) -> String {
    match grant {
        Grant::Credit(money) => format!("{money} of credit"),
        Grant::Points(points) => format!("{points} points"),
        Grant::Badge(badge) => format!("the badge {} {:?}", badge.id, badge.name),
        Grant::Mystery(mystery) => {
            let outcomes: Vec<String> = mystery.outcomes.iter().map(outcome).collect();
            let reveal = match mystery.reveal {
                Reveal::Now => "revealed at once".to_owned(),
                Reveal::After(length) => format!("revealed after {length}"),
                Reveal::Opened => "revealed when opened".to_owned(),
            };
            format!("a mystery gift ({}), {reveal}", outcomes.join(", or "))
        }
        Grant::Voucher(voucher) => {
            let what = voucher.sku.clone().or(voucher.amount.map(|amount| amount.to_string()));
            let valid = voucher.valid.map(|valid| format!(", valid {valid}")).unwrap_or_default();
            let pool = if let Codes::Pool(pool) = &voucher.codes {
                format!(", from pool {pool}")
            } else {
                String::new()
            };
            format!("a voucher for {}{valid}{pool}", what.unwrap_or_else(|| voucher.kind.clone()))
        }
    }
}

/// "mug, weight 3, stock 100: a voucher for MUG"
fn outcome(outcome: &Outcome) -> String {
    let Outcome { id, name, weight, stock, gives } = outcome;
    let stock = stock.map_or_else(String::new, |stock| format!(", stock {stock}"));
    let name = if id == name { String::new() } else { format!(" {name:?}") };
    let gives: Vec<String> = gives.iter().map(grant).collect();
    let gives = if gives.is_empty() { String::new() } else { format!(": {}", gives.join(" and ")) };
    format!("{id}{name}, weight {weight}{stock}{gives}")
}

fn conditions(conditions: &Conditions) -> Fields {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    vec![
        ("from", time(conditions.from)),
        ("until", time(conditions.until)),
        ("tier", conditions.tier.clone().unwrap_or_default().into()),
        ("only", selection(&conditions.only)),
        ("except", selection(&conditions.except)),
        (
            "when",
            conditions.when.as_ref().map(|when| format!("{:?}", when.source())).unwrap_or_default(),
        ),
    ]
}

fn selection(selection: &Selection) -> String {
    selection
        .categories()
        .iter()
        .chain(selection.products())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

fn pay(terms: &PayTerms, programme: &Programme) -> Fields {
    vec![
        ("value", worth(terms.value, programme)),
        ("step", format!("{} points", terms.step)),
        ("min", format!("{} points", terms.min)),
        ("max share", format!("{}%", terms.max_percent)),
        ("hold", terms.hold.to_string()),
    ]
}

/// What one point is worth: "1 minor unit of EUR".
fn worth(value: Ratio, programme: &Programme) -> String {
    format!("{} minor units of {}", ratio(value), programme.currency)
}

/// "2" or "3/2"
fn ratio(ratio: Ratio) -> String {
    match ratio.denominator {
        1 => ratio.numerator.to_string(),
        denominator => format!("{}/{denominator}", ratio.numerator),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::parse;

    const COFFEE: &str = include_str!("../../../../programmes/coffee-shop.toml");

    #[test]
    fn changes_are_told_in_plain_words() {
        let old = parse(COFFEE).unwrap();
        let changed = COFFEE
            .replace("price = { points = 350 }", "price = { points = 400 }")
            .replace("id = \"five-euro\"", "id = \"5-euro\"")
            .replace("stock = 1000\n", "")
            .replace("0.01 EUR", "0.015 EUR")
            .replace("qualifying_points = 300", "qualifying_points = 250")
            .replace("when = \"order.weekday == 2 ", "when = \"order.weekday == 3 ")
            .replace("gold = 2", "gold = \"2.5\"");
        let new = parse(&changed).unwrap();
        assert_eq!(
            diff(&old, &new),
            [
                "programme: a point is worth 1 -> 3/2 minor units of EUR",
                "tier silver: from 300 -> 250 qualifying points",
                "earn spend: gives 1 for each 1.00 EUR, times 2 for gold, times 3/2 for silver -> \
                 1 for each 1.00 EUR, times 5/2 for gold, times 3/2 for silver",
                "earn tuesday: when \"order.weekday == 2 && order.net >= 1000\" -> \
                 \"order.weekday == 3 && order.net >= 1000\"",
                "reward five-euro: removed",
                "reward latte: price 350 -> 400 points",
                "reward latte: stock 1000 -> none",
                "reward 5-euro: added: name \"5 euro of store credit\"; price 500 points; gives 5.00 EUR of credit",
                "pay: value 1 -> 3/2 minor units of EUR",
            ]
        );
    }

    #[test]
    fn another_look_is_told_too() {
        let old = parse(COFFEE).unwrap();
        let changed = COFFEE
            .replace("accent = \"#7b3f00\", ", "")
            .replace("few = \"ziarnka\"", "few = \"ziarenka\"")
            .replace("version = \"2026-01\"", "version = \"2027-01\"")
            .replace("typeface = \"rounded\"\n", "")
            .replace(
                "https://beanery.example/logo.png",
                "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'/%3E",
            );
        insta::assert_snapshot!(diff(&old, &parse(&changed).unwrap()).join("\n"));
    }

    #[test]
    fn comments_and_spacing_are_no_change() {
        let old = parse(COFFEE).unwrap();
        let spaced = COFFEE.replace("id = ", "id   =  ").replace("[[", "# a comment\n\n[[");
        let new = parse(&spaced.replace("gold = 2", "gold = \"2.0\"")).unwrap();
        assert_eq!(diff(&old, &new), Vec::<String>::new());
        assert_eq!(old, new);
    }
}

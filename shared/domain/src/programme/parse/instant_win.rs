//! `[[instant_win]]`: games that members play and win at once, or not.

use jiff::Timestamp;

use crate::programme::{
    InstantWin, Outcome, PointsTerms, Programme, Wins,
    parse::{
        earn::{Asks, trigger, who},
        mystery::{OUTCOMES_MAX, average, outcomes},
        raffle::window,
        reader::{Reader, Table},
        reward::{credit_of, grants, pays_back, points_of, times_limit},
        unique_ids,
    },
};

pub(super) fn instant_wins(
    reader: &mut Reader<'_>,
    tables: &[Table<'_>],
    points: &PointsTerms,
) -> Vec<InstantWin> {
    let ids = unique_ids(reader, tables, "instant win");
    reader.instant_wins.clone_from(&ids);
    let mut games = Vec::new();
    for (table, id) in tables.iter().zip(ids) {
        if reader.raffles.contains(&id)
            && !id.is_empty()
            && let Some(item) = reader.item(table, "id")
        {
            reader.fault(item.span, format!("there is already a raffle {id:?}"));
        }
        games.push(instant_win(reader, table, id, points));
    }
    games
}

fn instant_win(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    id: String,
    points: &PointsTerms,
) -> InstantWin {
    let name = reader.name(table, "name").unwrap_or_else(|| id.clone());
    let (opens, closes) = window(reader, table);
    let on = if table.has("on") { trigger(reader, table) } else { None };
    let wins = reader.table(table, "wins").and_then(|wins| self::wins(reader, &wins));
    let prizes = prizes(reader, table);
    let price = reader.table(table, "price").and_then(|price| reader.whole(&price, "points"));
    if let (Some(price), Some(wins)) = (price, wins) {
        pump(reader, table, (price, wins, &prizes), points);
    }
    let free = times_limit(reader, table, "free", "plays");
    let no_free_route = reader.sentence(table, "no_free_route");
    routes(reader, table);
    InstantWin {
        name,
        id,
        opens: opens.map_or(Timestamp::MIN, |opens| opens.value),
        closes: closes.map_or(Timestamp::MIN, |closes| closes.value),
        on,
        wins: wins.unwrap_or(Wins::Chance { chance: 1, of: 1 }),
        prizes,
        conditions: who(reader, table, Asks::Member),
        price_points: price,
        free,
        no_free_route,
        limit: times_limit(reader, table, "limit", "times"),
    }
}

/// One of the three ways to win.
fn wins(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Wins> {
    let every = reader.whole(table, "every").map(i64::unsigned_abs);
    let counters = reader.whole(table, "counters").map(i64::unsigned_abs);
    let chance = reader.whole(table, "chance").map(i64::unsigned_abs);
    let of = reader.whole(table, "of").map(i64::unsigned_abs);
    let moments = reader.whole(table, "moments").map(i64::unsigned_abs);
    let said: Vec<&str> =
        ["every", "chance", "moments"].into_iter().filter(|key| table.has(key)).collect();
    for (key, needs) in [("counters", "every"), ("of", "chance")] {
        if let Some(item) = reader.item(table, key).filter(|_| !table.has(needs)) {
            reader.fault(item.span, format!("`{key}` belongs to `{needs}`"));
        }
    }
    let help = "write wins = { every = 100 }, { chance = 1, of = 20 } or { moments = 50 }";
    match said.as_slice() {
        ["every"] => Some(Wins::Every { every: every?, counters: counters.unwrap_or(1) }),
        ["chance"] if !table.has("of") => {
            reader.missing(table.span.clone(), "a chance of how many?", help);
            None
        }
        ["chance"] => {
            let (chance, of) = (chance?, of?);
            if chance > of {
                let message = format!("a chance of {chance} of {of} is more than certain");
                reader.fault(table.span.clone(), message);
                return None;
            }
            Some(Wins::Chance { chance, of })
        }
        ["moments"] => moments.map(|moments| Wins::Moments { moments }),
        [] => {
            reader.missing(table.span.clone(), "no play wins", help);
            None
        }
        _ => {
            let message = format!("a game wins by `{}`, not by both", said.join("` or by `"));
            reader.fault_with_help(table.span.clone(), message, help);
            None
        }
    }
}

fn prizes(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<Outcome> {
    let tables = reader.tables(table, "prizes");
    if let Some(item) = reader.item(table, "prizes") {
        if tables.is_empty() {
            reader.fault(item.span, "a game without prizes cannot be won");
        } else if tables.len() > OUTCOMES_MAX {
            reader.fault(item.span, format!("a game has at most {OUTCOMES_MAX} prizes"));
        }
    }
    outcomes(reader, &tables, "prize", grants)
}

/// A game that gives back the price of a play on average, or more, can be played for ever. What has a stock, and what falls to
/// moments, comes to an end.
fn pump(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    (price, wins, prizes): (i64, Wins, &[Outcome]),
    terms: &PointsTerms,
) {
    let Some(item) = reader.item(table, "prizes") else { return };
    let (chance, of) = match wins {
        Wins::Every { every, .. } => (1, every),
        Wins::Chance { chance, of } => (chance, of),
        Wins::Moments { .. } => return,
    };
    let points = average(prizes, chance, of, points_of);
    let credit = average(prizes, chance, of, credit_of);
    pays_back(reader, &item, price, (points, credit), terms);
}

/// How members come to play. A game that can only be played by paying may be a lottery before the law.
fn routes(reader: &mut Reader<'_>, table: &Table<'_>) {
    if table.has("on") {
        for key in ["price", "free", "no_free_route"] {
            if let Some(item) = reader.item(table, key) {
                let message = format!("`{key}` says nothing here: the game plays itself");
                reader.fault_with_help(item.span, message, "leave it out, or leave `on` out");
            }
        }
        return;
    }
    match (table.has("price"), table.has("free"), table.has("no_free_route")) {
        (_, true, true) => reader.fault(
            table.span.clone(),
            "a game has either a `free` route or a reason for having none, not both",
        ),
        (true, false, false) => reader.missing(
            table.span.clone(),
            "the game is played for points and has no free route, and does not say why not",
            "write free = { plays = 1, per = \"day\" }, or no_free_route = \"the reason, for members to read\"",
        ),
        _ => {}
    }
}

/// A game that neither plays itself, nor can be bought, nor played for nothing, nor is given plays of by a rule, has no players.
/// Plays that a rule gives of a game that plays itself are worth nothing.
pub(super) fn can_be_played(reader: &mut Reader<'_>, tables: &[Table<'_>], programme: &Programme) {
    for (table, game) in tables.iter().zip(&programme.instant_wins) {
        let mut rules = programme
            .earn
            .iter()
            .filter(|rule| rule.tickets.as_ref().is_some_and(|of| of.as_str() == game.id));
        let rule = rules.next();
        let routes = ["on", "price", "free"];
        if rule.is_none() && !routes.iter().any(|key| table.has(key)) {
            reader.missing(
                table.span.clone(),
                format!("nobody can play {:?}", game.id),
                "give it `on`, a `price` or a `free` route, or write a rule with plays = { instant_win = \"…\", give = 1 }",
            );
        }
        // An id that a raffle has too is a fault already.
        let useless = game.on.is_some() && programme.raffle(&game.id).is_none();
        if let Some(rule) = rule.filter(|_| useless) {
            let message = format!(
                "{:?} plays itself, so that the plays that the rule {} gives could not be used",
                game.id, rule.id
            );
            reader.fault_with_help(table.span.clone(), message, "leave `on` out, or the rule");
        }
    }
}

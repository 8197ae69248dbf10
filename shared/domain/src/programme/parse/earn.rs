//! `[[earn]]`: what earns.

use crate::{
    condition::Condition,
    id::{ChanceId, RuleId},
    money::{Ratio, Rounding, divide},
    programme::{
        Award, Cap, Conditions, EarnRule, EarnRules, Programme, Selection, Trigger,
        parse::{
            reader::{At, Item, Reader, Table},
            unique_ids,
        },
    },
};

pub(super) fn rules(
    reader: &mut Reader<'_>,
    tables: &[Table<'_>],
    programme: &Programme,
) -> EarnRules {
    let ids = unique_ids(reader, tables, "rule");
    let mut rules = Vec::new();
    for (table, id) in tables.iter().zip(ids) {
        rules.push(rule(reader, table, id, programme));
    }
    let per_unit = |item: Option<Item<'_>>| item.is_some_and(|item| item.value.is_table());
    let base = tables.iter().any(|table| per_unit(reader.item(table, "points")));
    for table in tables {
        if let Some(multiply) = reader.item(table, "multiply").filter(|_| !base) {
            let help = "add a rule with points = { give = 1, per = \"1.00 EUR\" }";
            reader.missing(
                multiply.span,
                "there is nothing to multiply: no rule gives points for each amount spent",
                help,
            );
        }
    }
    EarnRules::new(rules)
}

fn rule(reader: &mut Reader<'_>, table: &Table<'_>, id: String, programme: &Programme) -> EarnRule {
    let on = trigger(reader, table);
    let on_order = on.as_ref().is_none_or(|on| *on == Trigger::Order);
    let (award, tickets) = award(reader, table, on_order, programme);
    let mut conditions =
        conditions(reader, table, if on_order { Asks::Order } else { Asks::Event });
    for (key, selection) in [("except", &mut conditions.except), ("only", &mut conditions.only)] {
        let Some(lines) = reader.table(table, key) else { continue };
        let (categories, products) =
            (reader.words(&lines, "categories"), reader.words(&lines, "products"));
        *selection = Selection::new(categories, products);
        if !on_order {
            reader.fault(
                lines.span,
                format!("`{key}` selects lines of an order, but the rule is not on orders"),
            );
        } else if table.has("multiply") {
            let message = format!(
                "`{key}` says nothing here: `multiply` multiplies all that the order earns for its amount"
            );
            let help = "to give more for some lines, write a rule with points = { give = 1, per = \"1.00 EUR\" } and `only`";
            reader.fault_with_help(lines.span, message, help);
        } else if selection.is_empty() {
            reader.missing(
                lines.span,
                format!("`{key}` selects nothing"),
                "name `categories` or `products`, or leave it out",
            );
        }
    }
    let limit = reader.table(table, "limit").and_then(|limit| {
        let (points, per) = (reader.whole(&limit, "points"), reader.per(&limit, "per"));
        Some(Cap { points: points?, per: per? })
    });
    let qualifies = reader.flag(table, "qualifies");
    if let Some(item) = reader.item(table, "qualifies").filter(|_| tickets.is_some()) {
        reader
            .fault(item.span, "`qualifies` is for points: entries and plays count towards no tier");
    }
    let by_default = tickets.is_none()
        && on_order
        && matches!(award, Some(Award::PerUnit { .. } | Award::Fixed(_)));
    EarnRule {
        id: RuleId::new(&id).unwrap_or_default(),
        on: on.unwrap_or(Trigger::Order),
        award: award.unwrap_or(Award::Fixed(0)),
        tickets,
        conditions,
        limit,
        qualifies: qualifies.unwrap_or(by_default),
    }
}

pub(super) fn trigger(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Trigger> {
    let text = reader.text(table, "on")?;
    match text.value {
        "order" => return Some(Trigger::Order),
        "sign-up" => return Some(Trigger::SignUp),
        _ => {}
    }
    let name = text.value.strip_prefix("event:").unwrap_or(text.value);
    if name == "order" || name == "sign-up" {
        reader.fault_with_help(
            text.span,
            format!("{name:?} is not a plain event"),
            format!("write on = {name:?}"),
        );
        return None;
    }
    if text.value == name
        && let Some(meant) = crate::spelling::nearest(name, ["order", "orders", "signup"])
    {
        let meant = if meant == "signup" { "sign-up" } else { "order" };
        let help =
            format!("did you mean {meant:?}? If it is an event of yours, write \"event:{name}\"");
        reader.fault_with_help(text.span, format!("unclear trigger {name:?}"), help);
        return None;
    }
    let name = reader.slug(&At { value: name, span: text.span })?;
    Some(Trigger::Event(name))
}

fn award(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    on_order: bool,
    programme: &Programme,
) -> (Option<Award>, Option<ChanceId>) {
    let (points, multiply) = (reader.item(table, "points"), reader.item(table, "multiply"));
    let (entries, plays) = (reader.item(table, "entries"), reader.item(table, "plays"));
    let Some(tickets) = entries.clone().or(plays.clone()) else {
        return (points_of(reader, table, (points, multiply), on_order, programme), None);
    };
    if points.is_some() || multiply.is_some() || entries.is_some() && plays.is_some() {
        let message = "a rule gives points, entries of a raffle, or plays of an instant win";
        reader.fault_with_help(tickets.span.clone(), message, "write a rule for each");
    }
    let of = if entries.is_some() { "raffle" } else { "instant_win" };
    tickets_of(reader, &tickets, of, on_order, programme)
}

/// `entries = { raffle = "spring", give = 1, per = "10.00 EUR" }`, or `plays = { instant_win = …`
fn tickets_of(
    reader: &mut Reader<'_>,
    tickets: &Item<'_>,
    of: &str,
    on_order: bool,
    programme: &Programme,
) -> (Option<Award>, Option<ChanceId>) {
    let Some(table) = reader.item_table(tickets) else { return (None, None) };
    let id = if of == "raffle" {
        reader.raffle_id(&table, of)
    } else {
        reader.instant_win_id(&table, of)
    };
    let id = id.map(|id| id.as_str().into());
    let give = reader.whole(&table, "give");
    let award = match reader.item(&table, "per") {
        None => give.map(Award::Fixed),
        Some(per) if !on_order => {
            let message = format!("only an order has an amount to give {} for", tickets.field.key);
            reader.fault_with_help(per.span, message, "leave `per` out");
            None
        }
        Some(_) => give.zip(reader.money(&table, "per")).map(|(give, per)| Award::PerUnit {
            give,
            per_minor: per.minor,
            tier: Vec::new(),
        }),
    };
    if let Some(Award::PerUnit { give, per_minor, .. }) = &award
        && !rates_fit(*give, *per_minor, &[], programme)
    {
        reader.fault_with_help(tickets.span.clone(), TOO_FINE, "write amounts with fewer digits");
    }
    (award, id)
}

/// `points = …` or `multiply = …`
fn points_of(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    given: (Option<Item<'_>>, Option<Item<'_>>),
    on_order: bool,
    programme: &Programme,
) -> Option<Award> {
    match given {
        (Some(points), Some(multiply)) => {
            let _checked = (
                per_order(reader, &points, on_order, programme),
                multiplied(reader, &multiply, on_order),
            );
            reader.fault(multiply.span, "a rule gives either `points` or `multiply`, not both");
            None
        }
        (Some(points), None) => per_order(reader, &points, on_order, programme),
        (None, Some(multiply)) => multiplied(reader, &multiply, on_order),
        (None, None) => {
            let help = "write points = 50, or points = { give = 1, per = \"1.00 EUR\" }, or multiply = 2, or entries, or plays";
            reader.missing(table.span.clone(), "the rule gives nothing", help);
            None
        }
    }
}

fn per_order(
    reader: &mut Reader<'_>,
    points: &Item<'_>,
    on_order: bool,
    programme: &Programme,
) -> Option<Award> {
    if points.value.is_integer() {
        return reader.item_whole(points).map(Award::Fixed);
    }
    let per_unit = reader.item_table(points)?;
    let give = reader.whole(&per_unit, "give");
    let per = reader.money(&per_unit, "per");
    let mut tier = Vec::new();
    for (id, item) in reader.map(&per_unit, "tier") {
        let known = reader.known_tier(id.value, id.span);
        let ratio = reader.item_ratio(&item);
        tier.extend(known.zip(ratio));
    }
    if !on_order {
        let help = "write a number: points = 50";
        reader.fault_with_help(
            points.span.clone(),
            "only an order has an amount to give points for",
            help,
        );
    }
    let (give, per) = (give?, per?);
    let best = tier
        .iter()
        .map(|(_, ratio)| *ratio)
        .chain([Ratio::ONE])
        .max_by_key(|ratio| ratio.of(1_000_000, Rounding::Up));
    if let (Some(worth), Some(best)) = (programme.points.value, best)
        && let Some(back) = best.times(worth).and_then(|rate| rate.of(give, Rounding::Down))
        && back >= per.minor
    {
        let message =
            format!("a money pump: for each {per} spent it gives points worth as much or more");
        reader.fault_with_help(
            points.span.clone(),
            message,
            "give fewer points, or state a lower `value` of a point",
        );
    }
    if !rates_fit(give, per.minor, &tier, programme) {
        reader.fault_with_help(
            points.span.clone(),
            TOO_FINE,
            "write rates and amounts with fewer digits",
        );
    }
    Some(Award::PerUnit { give, per_minor: per.minor, tier })
}

const TOO_FINE: &str = "this rate is too fine: with the rates of `accepts` and `tier` its numbers leave the range of 64 bits";

/// Whether every rate that can come of a rule is exact in 64 bits, so that no order fails on it later.
fn rates_fit(give: i64, per_minor: i64, tier: &[(String, Ratio)], programme: &Programme) -> bool {
    let Some(base) = Ratio::new(give, per_minor) else { return false };
    let rates = programme.accepts.iter().map(|(_, rate)| *rate).chain([Ratio::ONE]);
    rates.map(|rate| base.times(rate)).all(|base| {
        base.is_some_and(|base| {
            tier.iter().all(|(_, multiplier)| base.times(*multiplier).is_some())
        })
    })
}

fn multiplied(reader: &mut Reader<'_>, multiply: &Item<'_>, on_order: bool) -> Option<Award> {
    let ratio = reader.item_ratio(multiply)?;
    if !on_order {
        reader.fault(
            multiply.span.clone(),
            "`multiply` needs an order: it multiplies the order's points",
        );
    }
    if ratio.numerator <= ratio.denominator {
        reader.fault_with_help(
            multiply.span.clone(),
            "`multiply` must be more than 1",
            "2 gives the points once more",
        );
        return None;
    }
    Some(Award::Multiply(ratio))
}

/// What a condition can know: an offer is set off by an order, by another event, or by a member's wish.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    Order,
    Event,
    Member,
}

/// Window, tier and `when`, which rules and rewards share.
pub(super) fn conditions(reader: &mut Reader<'_>, table: &Table<'_>, asks: Asks) -> Conditions {
    let who = who(reader, table, asks);
    let from = reader.time(table, "from");
    let until = reader.time(table, "until");
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value <= from.value
    {
        reader.fault(until.span.clone(), "`until` is not after `from`: this never applies");
    }
    Conditions { from: from.map(|from| from.value), until: until.map(|until| until.value), ..who }
}

/// Tier and `when`, which everything shares that is not for all members.
pub(super) fn who(reader: &mut Reader<'_>, table: &Table<'_>, asks: Asks) -> Conditions {
    let tier = reader.tier_id(table, "tier").map(Into::into);
    let when = reader.condition(table, "when");
    if let Some(when) = &when {
        names_make_sense(reader, when, asks);
    }
    Conditions { tier, when: when.map(|when| when.value), ..Conditions::default() }
}

/// A tier that does not exist, or the net of an order where there is none, would silently never hold.
fn names_make_sense(reader: &mut Reader<'_>, when: &At<Condition>, asks: Asks) {
    for compared in when.value.compared() {
        if compared.reference == "member.tier" && !compared.literal.is_empty() {
            let span = reader.inside(&when.span, &compared.offset);
            let _known = reader.known_tier(&compared.literal, span);
        }
    }
    for (name, offset) in when.value.used() {
        let reason = match asks {
            Asks::Event if name.starts_with("order.") => "the rule is not on orders",
            Asks::Member if name.starts_with("order.") => "a reward is asked for without an order",
            Asks::Member if *name == "event.name" => "a reward is asked for without an event",
            Asks::Order if *name == "event.name" => "an order has no event name",
            _ => continue,
        };
        let span = reader.inside(&when.span, offset);
        reader.fault(span, format!("`{name}` says nothing here: {reason}"));
    }
}

/// Whether `amount` in minor units is worth more than `points`; never for an amount out of range.
pub(super) fn worth_more(amount_minor: i64, points: i64, value: Ratio) -> bool {
    let worth = i128::from(points).checked_mul(i128::from(value.numerator));
    let worth =
        worth.and_then(|worth| divide(worth, i128::from(value.denominator), Rounding::Down));
    worth.is_some_and(|worth| amount_minor > worth)
}

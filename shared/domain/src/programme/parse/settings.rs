//! `[programme]`, `[[tier]]` and `[pay]`.

use crate::{
    calendar::{Length, Unit},
    money::{Currency, Ratio, Rounding},
    programme::{
        Clawback, Expiry, Keeps, PayTerms, PointsTerms, Programme, RoundedTo, Tier,
        parse::{
            placeholder,
            reader::{At, Reader, Table},
            unique_ids,
            values::reduced,
        },
    },
};

pub(super) fn programme(reader: &mut Reader<'_>, table: &Table<'_>) -> Programme {
    let mut programme = placeholder();
    programme.name = reader.name(table, "name").unwrap_or_default();
    reader.currency = reader.currency(table, "currency");
    programme.currency = reader.currency.unwrap_or(programme.currency);
    if let Some(zone) = reader.text(table, "time_zone") {
        match crate::calendar::Zone::new(zone.value) {
            Some(zone) => reader.zone = zone,
            None => reader.fault_with_help(
                zone.span,
                format!("there is no time zone {:?}", zone.value),
                "write an IANA name such as \"Europe/Warsaw\"",
            ),
        }
    }
    programme.time_zone = reader.zone.clone();
    if let Some(points) = reader.table(table, "points") {
        programme.points = points_terms(reader, &points);
    }
    programme.expiry = expiry(reader, table);
    programme.pending =
        reader.table(table, "pending").and_then(|pending| pending_length(reader, &pending));
    programme.clawback = match reader.choice(table, "clawback") {
        Some("pending-only") => Clawback::PendingOnly,
        Some("allow-negative") => Clawback::AllowNegative,
        _ => Clawback::WithinBalance,
    };
    programme.rounding = match reader.choice(table, "rounding") {
        Some("nearest") => Rounding::Nearest,
        Some("up") => Rounding::Up,
        _ => Rounding::Down,
    };
    programme.accepts = accepts(reader, table);
    programme
}

fn points_terms(reader: &mut Reader<'_>, table: &Table<'_>) -> PointsTerms {
    let one = reader.name(table, "one").unwrap_or_else(|| "point".to_owned());
    let many = reader.name(table, "many").unwrap_or_else(|| format!("{one}s"));
    reader.worth_stated = table.has("value");
    let value = reader.worth(table, "value").map(|value| value.value);
    PointsTerms { one, many, value }
}

fn expiry(reader: &mut Reader<'_>, table: &Table<'_>) -> Expiry {
    let Some(item) = reader.item(table, "expiry") else { return Expiry::Never };
    if item.value.is_str() {
        let _never = reader.item_choice(&item);
        return Expiry::Never;
    }
    let Some(terms) = reader.item_table(&item) else { return Expiry::Never };
    let after = reader.length(&terms, "after");
    let rounded = match reader.choice(&terms, "at") {
        Some("day-end") => RoundedTo::DayEnd,
        Some("month-end") => RoundedTo::MonthEnd,
        _ => RoundedTo::Instant,
    };
    after.map_or(Expiry::Never, |after| Expiry::Rolling { after, rounded })
}

/// How long points are pending; zero is not at all.
fn pending_length(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Length> {
    let until = reader.text(table, "until");
    let days = reader.item(table, "days");
    if until.is_some() && days.is_some() {
        reader.fault(table.span.clone(), "`pending` has either `until` or `days`, not both");
    }
    if until.is_none() && days.is_none() {
        let help = "write, for example, pending = { days = 14 }";
        reader.missing(table.span.clone(), "`pending` has neither `until` nor `days`", help);
    }
    let days = days.and_then(|item| reader.item_whole(&item));
    let days =
        days.and_then(|days| Some(Length { count: i32::try_from(days).ok()?, unit: Unit::Days }));
    let length = match until {
        Some(until) => {
            let length = until
                .value
                .strip_suffix("after order")
                .and_then(|length| Length::parse(length.trim_end()));
            if length.is_none() {
                reader.not_a_length(&until, "\"14 days after order\"");
            }
            length
        }
        None => days,
    };
    length.filter(|length| length.count > 0)
}

/// Rates between major units as written, turned into rates between minor units.
fn accepts(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<(Currency, Ratio)> {
    let mut accepted = Vec::new();
    for (code, item) in reader.map(table, "accepts") {
        let currency = reader.known_currency(code.value, code.span.clone());
        let rate = reader.item_ratio(&item);
        let (Some(currency), Some(rate), Some(ours)) = (currency, rate, reader.currency) else {
            continue;
        };
        if currency == ours {
            reader.fault(code.span, format!("{currency} is the programme's own currency"));
            continue;
        }
        let power = |currency: Currency| 10_i64.checked_pow(currency.decimals());
        let scale =
            power(ours).zip(power(currency)).and_then(|(ours, theirs)| Ratio::new(ours, theirs));
        match scale.and_then(|scale| rate.times(reduced(scale))) {
            Some(rate) => accepted.push((currency, reduced(rate))),
            None => reader.fault(item.span, "this rate has too many digits"),
        }
    }
    accepted
}

/// The tiers; their ids become known to everything read later.
pub(super) fn tiers(reader: &mut Reader<'_>, tables: &[Table<'_>]) -> Vec<Tier> {
    let ids = unique_ids(reader, tables, "tier");
    reader.tiers.clone_from(&ids);
    let mut lower: Option<i64> = None;
    let mut tiers = Vec::new();
    for (table, id) in tables.iter().zip(ids) {
        let from = reader.table(table, "from");
        let needed = from.and_then(|from| {
            let _calendar_year = reader.choice(&from, "in");
            let item = reader.item(&from, "qualifying_points")?;
            reader.item_whole(&item).map(|value| At { value, span: item.span })
        });
        if let (Some(needed), Some(lower)) = (&needed, lower)
            && needed.value <= lower
        {
            let message = format!("{} is not above the {lower} of the tier before", needed.value);
            reader.fault_with_help(
                needed.span.clone(),
                message,
                "tiers stand in the file from the lowest to the highest",
            );
        }
        lower = needed.as_ref().map(|needed| needed.value).max(lower);
        tiers.push(Tier {
            name: reader.name(table, "name").unwrap_or_else(|| id.clone()),
            id,
            qualifying_points: needed.map_or(0, |needed| needed.value),
            keeps: match reader.choice(table, "keeps") {
                Some("to the end of the year") => Keeps::ThisYear,
                _ => Keeps::FollowingYear,
            },
            benefits: reader.ids(table, "benefits"),
        });
    }
    tiers
}

pub(super) fn pay(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    points: &PointsTerms,
) -> Option<PayTerms> {
    let value = reader.worth(table, "value").map(|value| value.value);
    if !table.has("value") && !reader.worth_stated {
        let help = "write value = \"0.01 EUR\" here or in the programme's `points`";
        reader.missing(table.span.clone(), "[pay] does not say what a point pays", help);
    }
    let step = reader.whole(table, "step").unwrap_or(1);
    let min_item = reader.item(table, "min");
    let min = min_item.as_ref().and_then(|item| reader.item_whole(item));
    if let (Some(item), Some(min)) = (min_item, min)
        && min < step
    {
        reader.fault(item.span, format!("`min` must be at least `step`, which is {step}"));
    }
    let max_percent = share(reader, table);
    let hold = reader.length(table, "hold").unwrap_or(Length { count: 30, unit: Unit::Minutes });
    let value = value.or(points.value)?;
    Some(PayTerms { value, step, min: min.unwrap_or(step), max_percent, hold })
}

/// "50%", from 1 to 100.
fn share(reader: &mut Reader<'_>, table: &Table<'_>) -> i64 {
    const WHOLE: i64 = 100;
    let Some(text) = reader.text(table, "max_share") else { return WHOLE };
    let percent =
        text.value.strip_suffix('%').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    let percent = percent
        .and_then(|digits| digits.parse().ok())
        .filter(|percent| (1..=WHOLE).contains(percent));
    percent.unwrap_or_else(|| {
        reader.fault(text.span, "`max_share` must be a whole share from \"1%\" to \"100%\"");
        WHOLE
    })
}

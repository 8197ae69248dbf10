//! Times, amounts, quantities and names as a scenario writes them.

use guerdon_domain::{
    calendar::{Length, Zone},
    money::{Currency, Rounding, divide, parse_minor},
};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::scenario::{cursor::Cursor, fault::Trouble, text::Word};

/// What a time of the file is read against.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    /// The first programme's time zone.
    pub(super) zone: Zone,
    /// The time of the statement before.
    pub(super) now: Option<Timestamp>,
}

const TIME_HELP: &str = "write a day as 2026-03-01, a time as 2026-03-01 10:00 or 2026-03-01T09:00Z, or `14 days later`";

/// The time zone itself.
pub(super) fn time_zone(zone: &Zone) -> TimeZone {
    zone.local(Timestamp::UNIX_EPOCH).time_zone().clone()
}

/// A time, if one comes next: a day, a day and a time, a time of the same day, or a while later.
pub(super) fn time(cursor: &mut Cursor<'_>, clock: &Clock) -> Result<Option<Timestamp>, Trouble> {
    let announced = cursor.eat(&["at", "on"]);
    let Some(word) = cursor
        .peek()
        .filter(|word| !word.quoted && word.text.starts_with(|c: char| c.is_ascii_digit()))
    else {
        return if announced {
            Err(cursor.missing("a time", "2026-03-01 10:00"))
        } else {
            Ok(None)
        };
    };
    let text = word.text.as_str();
    let colon = |word: &Word| {
        word.text.contains(':') && word.text.starts_with(|c: char| c.is_ascii_digit())
    };
    let day = match clock.now {
        _ if text.matches('-').count() >= 2 && !text.contains(':') => {
            cursor.skip();
            let Some(time) = cursor.peek().filter(|word| colon(word)) else {
                return instant(text, word, clock).map(Some);
            };
            cursor.skip();
            format!("{text}T{}", hours(&time.text))
        }
        _ if text.matches('-').count() >= 2 => {
            cursor.skip();
            text.to_owned()
        }
        Some(now) if text.contains(':') => {
            cursor.skip();
            format!("{}T{}", clock.zone.local(now).date(), hours(text))
        }
        None if text.contains(':') => {
            return Err(Trouble::new(
                word.span.clone(),
                "a time without a day needs a statement before it",
            )
            .help(TIME_HELP));
        }
        _ if text.len() >= 6 && text.matches(['.', '/', '-']).count() >= 2 => {
            return instant(text, word, clock).map(Some);
        }
        _ => return later(cursor, clock),
    };
    let suffix =
        cursor.peek().filter(|word| offset(word)).map(|word| word.text.to_ascii_uppercase());
    let whole = match suffix {
        Some(suffix) => {
            cursor.skip();
            format!("{day}{}", suffix.replace("UTC", "Z"))
        }
        None => day,
    };
    instant(&whole, word, clock).map(Some)
}

/// "9:30" as "09:30".
fn hours(text: &str) -> String {
    if text.find(':') == Some(1) { format!("0{text}") } else { text.to_owned() }
}

/// Whether a word says how far from UTC the time before it is.
fn offset(word: &Word) -> bool {
    word.is("z")
        || word.is("utc")
        || (!word.quoted
            && word.text.starts_with(['+', '-'])
            && word.text.len() == 6
            && word.text.contains(':'))
}

/// "14 days later"
fn later(cursor: &mut Cursor<'_>, clock: &Clock) -> Result<Option<Timestamp>, Trouble> {
    let (Some(count), Some(unit), Some(later)) = (cursor.peek(), cursor.ahead(1), cursor.ahead(2))
    else {
        return Ok(None);
    };
    if !later.is("later") {
        return Ok(None);
    }
    let wrong =
        |message: &str| Trouble::new(count.span.start..later.span.end, message).help(TIME_HELP);
    let now = clock.now.ok_or_else(|| wrong("`later` needs a time before it"))?;
    let length = Length::parse(&format!("{} {}", count.text, unit.text.to_ascii_lowercase()));
    let length = length.ok_or_else(|| {
        wrong("this is no length of time: count minutes, hours, days, weeks, months or years")
    })?;
    let time =
        length.after(now, &clock.zone).ok_or_else(|| wrong("this is beyond the calendar"))?;
    (0..3).for_each(|_| cursor.skip());
    Ok(Some(time))
}

fn instant(text: &str, word: &Word, clock: &Clock) -> Result<Timestamp, Trouble> {
    let wrong =
        || Trouble::new(word.span.clone(), format!("`{text}` is not a time")).help(TIME_HELP);
    if text.contains('[') {
        return Err(wrong());
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    if text.ends_with(['Z', 'z']) {
        return Err(wrong());
    }
    let local: DateTime = text.parse().map_err(|_| wrong())?;
    local.to_zoned(time_zone(&clock.zone)).map(|zoned| zoned.timestamp()).map_err(|_| wrong())
}

/// A time that must come next.
pub(super) fn needed_time(cursor: &mut Cursor<'_>, clock: &Clock) -> Result<Timestamp, Trouble> {
    let missing = cursor.missing("a time", "2026-03-01 10:00");
    time(cursor, clock)?.ok_or(missing)
}

/// An instant in local words that [`time`] reads back: with the seconds and the offset only where they are needed.
pub(super) fn show_time(at: Timestamp, zone: &TimeZone) -> String {
    let zoned = at.to_zoned(zone.clone());
    let local = zoned.datetime();
    let mut text = format!("{} {:02}:{:02}", local.date(), local.hour(), local.minute());
    if local.second() != 0 || local.subsec_nanosecond() != 0 {
        text = format!("{} {}", local.date(), local.time());
    }
    if zone.to_ambiguous_zoned(local).is_ambiguous() {
        let minutes = zoned.offset().seconds().div_euclid(60);
        let sign = if minutes < 0 { '-' } else { '+' };
        let minutes = minutes.unsigned_abs();
        let (hours, minutes) = (minutes.div_euclid(60), minutes.rem_euclid(60));
        text = format!("{text}{sign}{hours:02}:{minutes:02}");
    }
    text
}

/// An amount of money as written; its currency may be known only at the end of the statement.
#[derive(Debug, Clone)]
pub(super) struct Amount {
    word: Word,
    digits: String,
    /// The currency written with it.
    pub(super) currency: Option<Currency>,
}

/// An amount that must come next: "25.00", "25.00 EUR", "EUR 25.00".
pub(super) fn amount(cursor: &mut Cursor<'_>, what: &str) -> Result<Amount, Trouble> {
    let example = "25.00 EUR";
    let before = code(cursor)?;
    let word = cursor.next(what, example)?;
    let letters = word.text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.text.len());
    let (digits, attached) = word.text.split_at_checked(letters).unwrap_or((&word.text, ""));
    let number = digits.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit());
    if !number || word.quoted {
        let message = format!("{what} is expected here, not `{}`", word.text);
        return Err(
            Trouble::new(word.span.clone(), message).help(format!("write, for example: {example}"))
        );
    }
    let attached = match attached {
        "" => None,
        text => Some(
            text.parse::<Currency>()
                .map_err(|error| Trouble::new(word.span.clone(), error.to_string()))?,
        ),
    };
    let currency = match before.or(attached) {
        Some(currency) => Some(currency),
        None => code(cursor)?,
    };
    Ok(Amount { word: word.clone(), digits: digits.to_owned(), currency })
}

/// A currency's code, if three capitals come next.
fn code(cursor: &mut Cursor<'_>) -> Result<Option<Currency>, Trouble> {
    let capitals = |word: &&Word| {
        !word.quoted && word.text.len() == 3 && word.text.bytes().all(|b| b.is_ascii_uppercase())
    };
    let Some(word) = cursor.peek().filter(capitals) else { return Ok(None) };
    let currency =
        word.text.parse().map_err(|error| Trouble::new(word.span.clone(), format!("{error}")))?;
    cursor.skip();
    Ok(Some(currency))
}

/// A currency that must come next.
pub(super) fn currency(cursor: &mut Cursor<'_>) -> Result<Currency, Trouble> {
    let missing = cursor.missing("a currency", "in USD");
    code(cursor)?.ok_or(missing)
}

impl Amount {
    /// A whole amount that was counted elsewhere.
    pub(super) fn trouble(&self, message: &str, help: &str) -> Trouble {
        Trouble::new(self.word.span.clone(), message).help(help)
    }

    /// Minor units of the currency that turned out to be the statement's.
    pub(super) fn minor(&self, currency: Currency) -> Result<i64, Trouble> {
        if let Some(own) = self.currency.filter(|own| *own != currency) {
            let message = format!("{own} does not fit: this order is in {currency}");
            return Err(self.trouble(
                &message,
                "an order has one currency: write it once, with the first amount",
            ));
        }
        parse_minor(&self.digits, currency).map_err(|error| {
            let help = "write amounts with a point and nothing between the thousands: ";
            let example = ungrouped(&self.digits).unwrap_or_else(|| "1250.50".to_owned());
            self.trouble(&error.to_string(), &format!("{help}{example}"))
        })
    }

    /// Minor units that must not be negative.
    pub(super) fn not_negative(&self, currency: Currency) -> Result<i64, Trouble> {
        let minor = self.minor(currency)?;
        if minor < 0 {
            return Err(self
                .trouble("an amount of an order is never negative", "write it without the minus"));
        }
        Ok(minor)
    }
}

/// A number that was written with separators between its thousands, without them: "1,250.50" as "1250.50".
pub(super) fn ungrouped(text: &str) -> Option<String> {
    let (whole, part) = text.split_once('.').map_or((text, None), |(w, part)| (w, Some(part)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = whole.trim_start_matches(['+', '-']);
    let (first, groups) = unsigned.split_once([',', '\'', '_'])?;
    let grouped = (1..=3).contains(&first.len())
        && digits(first)
        && groups.split([',', '\'', '_']).all(|group| group.len() == 3 && digits(group));
    (grouped && part.is_none_or(digits)).then(|| text.replace([',', '\'', '_'], ""))
}

/// A quantity in thousandths: "2", "0.25".
pub(super) fn quantity(word: &Word) -> Result<i64, Trouble> {
    let wrong = || {
        let trouble = Trouble::new(word.span.clone(), format!("`{}` is not a quantity", word.text));
        match ungrouped(&word.text) {
            Some(plain) => trouble.help(format!("write nothing between the thousands: {plain}")),
            None => trouble.help("write a number with at most three decimals, such as 2 or 0.25"),
        }
    };
    let (whole, part) = word.text.split_once('.').unwrap_or((&word.text, "0"));
    let digits = |text: &str| {
        !text.is_empty() && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit())
    };
    if word.quoted || !digits(whole) || !digits(part) || part.len() > 3 {
        return Err(wrong());
    }
    let whole: i64 = whole.parse().map_err(|_| wrong())?;
    let part: i64 = format!("{part:0<3}").parse().map_err(|_| wrong())?;
    whole.checked_mul(1000).and_then(|milli| milli.checked_add(part)).ok_or_else(wrong)
}

/// So many thousandths of a price, to the nearest minor unit.
pub(super) fn times(quantity_milli: i64, price_minor: i64) -> Option<i64> {
    let product = i128::from(quantity_milli).checked_mul(i128::from(price_minor))?;
    divide(product, 1000, Rounding::Nearest)
}

/// A whole number that must come next.
pub(super) fn whole(cursor: &mut Cursor<'_>, what: &str, example: &str) -> Result<i64, Trouble> {
    let missing = cursor.missing(what, example);
    let word = cursor.next(what, example)?;
    let help = match ungrouped(&word.text) {
        Some(plain) => format!("write nothing between the thousands: {plain}"),
        None => format!("write a whole number without separators; for example: {example}"),
    };
    match word.text.parse() {
        Ok(number) if !word.quoted => Ok(number),
        _ if word.text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+') => {
            Err(Trouble::new(word.span.clone(), format!("`{}` is not a whole number", word.text))
                .help(help))
        }
        _ => Err(missing),
    }
}

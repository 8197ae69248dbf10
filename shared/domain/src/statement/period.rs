//! The period of a statement: a calendar month or year in the programme's time zone.

use std::{fmt, str::FromStr};

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::Zone,
    entry::Entry,
    programme::{Versions, raffle::GRACE},
};

/// The first and the last year that statements are made of.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=9999;

/// No zone is further ahead of coordinated universal time.
const FURTHEST_AHEAD: SignedDuration = SignedDuration::from_hours(14);

/// A calendar month or year.
///
/// ```
/// use guerdon_domain::{calendar::Zone, statement::Period};
///
/// let october: Period = "2026-10".parse().unwrap();
/// assert_eq!(october.before().unwrap().to_string(), "2026-09");
/// let warsaw = Zone::new("Europe/Warsaw").unwrap();
/// // 31 days, and the hour that summer time gives back.
/// let hours = october.until(&warsaw).duration_since(october.from(&warsaw)).as_hours();
/// assert_eq!(hours, 31 * 24 + 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Period {
    year: i16,
    month: Option<i8>,
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodLength {
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

/// The text is not a period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a period: write a month such as \"2026-10\" or a year such as \"2026\", from 1970 to 9999"
)]
pub struct NotAPeriod(pub String);

/// The instants of a period, half open: from `from`, before `until`. Both are whole seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
    /// The zone of its dates: that in which it begins.
    pub zone: Zone,
}

impl Bounds {
    /// Whether an instant lies in the period.
    pub fn contain(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// Whether a statement needs the entries before this one. Whoever reads the ledger, newest entry first, hands over what was
    /// read up to and including the first entry for which this is false.
    ///
    /// When Guerdon learned of entries never runs backwards by a whole second along a ledger, and no entry is booked later than
    /// that: so what comes before an entry that was recorded before the period is not of the period, nor of a later one.
    pub fn need_before(&self, entry: &Entry) -> bool {
        entry.recorded_at >= self.from
    }

    /// Whether no entry can be booked before the end any more: what was decided before it has been written by now, or never
    /// will be.
    pub fn are_over(&self, now: Timestamp) -> bool {
        self.until.saturating_add(GRACE).is_ok_and(|over| over <= now)
    }
}

impl Period {
    /// A month, from 1 to 12, of a year; `None` if there is no such month.
    pub fn month(year: i16, month: i8) -> Option<Self> {
        let known = YEARS.contains(&year) && (1..=12).contains(&month);
        known.then_some(Self { year, month: Some(month) })
    }

    /// A year; `None` if no statements are made of it.
    pub fn year(year: i16) -> Option<Self> {
        YEARS.contains(&year).then_some(Self { year, month: None })
    }

    /// The period that an instant lies in, in a zone; `None` if no statements are made of its year.
    pub fn of(at: Timestamp, length: PeriodLength, zone: &Zone) -> Option<Self> {
        let date = zone.civil(at).date();
        match length {
            PeriodLength::Month => Self::month(date.year(), date.month()),
            PeriodLength::Year => Self::year(date.year()),
        }
    }

    /// The last period that is over, and of which everything is written by now ([`Bounds::are_over`]); `None` if there is none.
    pub fn last_complete(
        now: Timestamp,
        length: PeriodLength,
        versions: &Versions,
    ) -> Option<Self> {
        let mut period = Self::of(now, length, &versions.at(now).programme.time_zone)?;
        while !period.bounds(versions).are_over(now) {
            period = period.before()?;
        }
        Some(period)
    }

    /// How long it is.
    pub fn length(self) -> PeriodLength {
        if self.month.is_some() { PeriodLength::Month } else { PeriodLength::Year }
    }

    /// The period before it, of the same length; `None` before 1970.
    pub fn before(self) -> Option<Self> {
        match self.month {
            Some(1) => Self::month(self.year.checked_sub(1)?, 12),
            Some(month) => Self::month(self.year, month.checked_sub(1)?),
            None => Self::year(self.year.checked_sub(1)?),
        }
    }

    /// The period after it, of the same length; `None` after 9999.
    pub fn after(self) -> Option<Self> {
        match self.month {
            Some(12) => Self::month(self.year.checked_add(1)?, 1),
            Some(month) => Self::month(self.year, month.checked_add(1)?),
            None => Self::year(self.year.checked_add(1)?),
        }
    }

    /// The instant at which it begins in a zone.
    pub fn from(self, zone: &Zone) -> Timestamp {
        self.first_day().and_then(|day| zone.start_of(day)).unwrap_or(Timestamp::MAX)
    }

    /// The instant at which the next one begins in a zone; that of 9999 ends with time.
    pub fn until(self, zone: &Zone) -> Timestamp {
        self.after().map_or(Timestamp::MAX, |next| next.from(zone))
    }

    /// Its instants, where a later version may have another zone than an earlier one.
    ///
    /// Each boundary is drawn in the zone that is in force when that day begins somewhere on Earth. So a period ends where the
    /// next one begins, and no version that comes into force later moves a boundary that has passed.
    pub fn bounds(self, versions: &Versions) -> Bounds {
        let zone = self.zone(versions);
        let until = self.after().map_or(Timestamp::MAX, |next| next.from(next.zone(versions)));
        Bounds { from: self.from(zone), until, zone: zone.clone() }
    }

    /// The zone in which it begins.
    fn zone(self, versions: &Versions) -> &Zone {
        let midnight = self.first_day().and_then(|day| {
            TimeZone::UTC.to_timestamp(DateTime::from(day)).ok()?.checked_sub(FURTHEST_AHEAD).ok()
        });
        &versions.at(midnight.unwrap_or(Timestamp::MAX)).programme.time_zone
    }

    /// The day that it begins with; there always is one.
    pub fn first_day(self) -> Option<Date> {
        Date::new(self.year, self.month.unwrap_or(1), 1).ok()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.month {
            Some(month) => write!(f, "{:04}-{month:02}", self.year),
            None => write!(f, "{:04}", self.year),
        }
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let digits = |text: &str, count: usize| {
            text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let period = match text.split_once('-') {
            Some((year, month)) if digits(year, 4) && digits(month, 2) => {
                year.parse().ok().zip(month.parse().ok()).and_then(|(y, m)| Self::month(y, m))
            }
            None if digits(text, 4) => text.parse().ok().and_then(Self::year),
            _ => None,
        };
        period.ok_or_else(|| NotAPeriod(text.chars().take(20).collect()))
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl TryFrom<String> for Period {
    type Error = NotAPeriod;

    fn try_from(text: String) -> Result<Self, NotAPeriod> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_or_a_year_reads_as_it_is_written() {
        for text in ["1970", "2026", "9999", "1970-01", "2026-10", "9999-12"] {
            assert_eq!(period(text).to_string(), text);
        }
        for text in [
            "",
            "26",
            "1969",
            "1969-12",
            "10000",
            "2026-0",
            "2026-00",
            "2026-13",
            "2026-1",
            "2026-001",
            "2026-10-01",
            "-2026",
            "+2026",
            "2026-",
            "２０２６",
            "2026-1०",
            "October",
            "2026 ",
        ] {
            assert_eq!(text.parse::<Period>(), Err(NotAPeriod(text.to_owned())), "{text:?}");
        }
        let error = "10/2026".parse::<Period>().unwrap_err().to_string();
        assert!(error.contains("\"2026-10\""), "{error}");
    }

    #[test]
    fn it_begins_and_ends_at_midnight_in_the_zone() {
        let bounds = |text: &str, zone: &str| {
            let zone = Zone::new(zone).unwrap();
            [period(text).from(&zone), period(text).until(&zone)].map(|at| at.to_string())
        };
        let cases = [
            ("2026-10", "Europe/Warsaw", ["2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"]),
            ("2026-03", "Europe/Warsaw", ["2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"]),
            ("2028-02", "Europe/Warsaw", ["2028-01-31T23:00:00Z", "2028-02-29T23:00:00Z"]),
            ("2026-11", "America/New_York", ["2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z"]),
            ("2026-03", "America/New_York", ["2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z"]),
            ("2026-12", "Asia/Bangkok", ["2026-11-30T17:00:00Z", "2026-12-31T17:00:00Z"]),
            ("2026", "Asia/Bangkok", ["2025-12-31T17:00:00Z", "2026-12-31T17:00:00Z"]),
            ("2026", "Europe/Warsaw", ["2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"]),
            // Daylight saving begins at midnight: there is no first midnight of that day, but the month is another.
            ("1970-01", "UTC", ["1970-01-01T00:00:00Z", "1970-02-01T00:00:00Z"]),
        ];
        for (text, zone, expected) in cases {
            assert_eq!(bounds(text, zone), expected, "{text} in {zone}");
        }
        let utc = Zone::utc();
        assert_eq!(period("9999-12").until(&utc), Timestamp::MAX, "it ends with time");
        assert_eq!(period("9999").until(&utc), Timestamp::MAX);
    }

    #[test]
    fn the_one_before_ends_where_it_begins() {
        assert_eq!(period("2026-01").before(), Some(period("2025-12")));
        assert_eq!(period("2025-12").after(), Some(period("2026-01")));
        assert_eq!(period("2026").before(), Some(period("2025")));
        assert_eq!(period("1970-01").before(), None);
        assert_eq!(period("9999-12").after(), None);
        for zone in ["Europe/Warsaw", "America/New_York", "Asia/Bangkok"] {
            let zone = Zone::new(zone).unwrap();
            let mut month = period("1970-01");
            while let Some(next) = month.after().filter(|next| *next < period("2100-01")) {
                assert_eq!(month.until(&zone), next.from(&zone));
                let of = |at| Period::of(at, PeriodLength::Month, &zone);
                assert_eq!(of(next.from(&zone)), Some(next));
                assert_eq!(of(next.from(&zone) - SignedDuration::from_nanos(1)), Some(month));
                month = next;
            }
        }
    }

    #[test]
    fn it_is_complete_when_what_was_decided_before_its_end_is_written() {
        let source = include_str!("../../../../programmes/coffee-shop.toml");
        let versions = Versions::single(crate::programme::parse(source).unwrap());
        let last = |now: &str, length| Period::last_complete(at(now), length, &versions);
        // The programme's zone is Warsaw's.
        let cases = [
            ("2026-10-31T22:59:59Z", "2026-09"),
            ("2026-10-31T23:00:00Z", "2026-09"),
            ("2026-10-31T23:04:59Z", "2026-09"),
            ("2026-10-31T23:05:00Z", "2026-10"),
            ("2027-01-01T00:00:00Z", "2026-12"),
        ];
        for (now, expected) in cases {
            assert_eq!(last(now, PeriodLength::Month), Some(period(expected)), "{now}");
        }
        assert_eq!(last("2026-12-31T23:04:00Z", PeriodLength::Year), Some(period("2025")));
        assert_eq!(last("2026-12-31T23:05:00Z", PeriodLength::Year), Some(period("2026")));
        assert_eq!(last("1970-01-15T00:00:00Z", PeriodLength::Month), None);
    }
}

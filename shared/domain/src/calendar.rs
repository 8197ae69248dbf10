//! Calendar arithmetic in a programme's time zone: spans, month ends, counting periods.

use std::fmt;

use jiff::{
    Span, Timestamp, ToSpan, Zoned,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

/// An IANA time zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Looks up a name such as "Europe/Warsaw".
    pub fn new(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Its name: "Europe/Warsaw".
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The local date and time of an instant, to add to.
    pub fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.0.clone())
    }

    /// The local date and time of an instant, to read.
    pub fn civil(&self, at: Timestamp) -> DateTime {
        self.0.to_datetime(at)
    }

    /// The instant at which a local date begins (after a gap, if daylight saving removes midnight).
    pub fn start_of(&self, date: Date) -> Option<Timestamp> {
        date.to_zoned(self.0.clone()).ok().map(|zoned| zoned.timestamp())
    }

    /// The calendar year of an instant.
    pub fn year(&self, at: Timestamp) -> i16 {
        self.civil(at).year()
    }

    /// The instant at which a calendar year begins.
    pub fn start_of_year(&self, year: i16) -> Option<Timestamp> {
        self.start_of(Date::new(year, 1, 1).ok()?)
    }
}

/// The unit of a [`Length`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Minutes of elapsed time.
    Minutes,
    /// Hours of elapsed time.
    Hours,
    /// Calendar days.
    Days,
    /// Calendar weeks.
    Weeks,
    /// Calendar months; the 31st becomes the last day of a shorter month.
    Months,
    /// Calendar years.
    Years,
}

impl Unit {
    /// So many of it at most: a thousand years, and no more than the calendar has room for.
    fn most(self) -> i32 {
        match self {
            Self::Minutes | Self::Hours | Self::Days => 100_000,
            Self::Weeks => 52_000,
            Self::Months => 12_000,
            Self::Years => 1_000,
        }
    }
}

/// A length of time as people say it: "12 months", "14 days", "30 minutes".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// How many.
    pub count: i32,
    /// Of what.
    pub unit: Unit,
}

impl Length {
    /// Reads "12 months"; the singular is accepted, zero is for the caller to judge. A thousand years are the longest.
    pub fn parse(text: &str) -> Option<Self> {
        let (count, unit) = text.trim().split_once(' ')?;
        let count: i32 = count.parse().ok()?;
        let unit = match unit.trim() {
            "minute" | "minutes" => Unit::Minutes,
            "hour" | "hours" => Unit::Hours,
            "day" | "days" => Unit::Days,
            "week" | "weeks" => Unit::Weeks,
            "month" | "months" => Unit::Months,
            "year" | "years" => Unit::Years,
            _ => return None,
        };
        (0..=unit.most()).contains(&count).then_some(Self { count, unit })
    }

    fn span(self) -> Span {
        let count = i64::from(self.count);
        match self.unit {
            Unit::Minutes => count.minutes(),
            Unit::Hours => count.hours(),
            Unit::Days => count.days(),
            Unit::Weeks => count.weeks(),
            Unit::Months => count.months(),
            Unit::Years => count.years(),
        }
    }

    /// `at` plus this length on the zone's calendar, in whole seconds; `None` beyond the year 9999.
    pub fn after(self, at: Timestamp, zone: &Zone) -> Option<Timestamp> {
        self.after_local(&zone.local(at))
    }

    /// As [`Length::after`], from a local time.
    pub fn after_local(self, local: &Zoned) -> Option<Timestamp> {
        let later = match self.unit {
            Unit::Minutes | Unit::Hours => local.timestamp().checked_add(self.span()).ok()?,
            // Of an hour that comes twice, no days later is the very one.
            _ if self.count == 0 => local.timestamp(),
            // As `Zoned` adds them, but without making another one of it, and no time can carry over into the days.
            Unit::Days | Unit::Weeks | Unit::Months | Unit::Years => {
                let later = local.date().checked_add(self.span()).ok()?;
                local.time_zone().to_timestamp(later.to_datetime(local.time())).ok()?
            }
        };
        Timestamp::from_second(later.as_second()).ok()
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Minutes => "minute",
            Unit::Hours => "hour",
            Unit::Days => "day",
            Unit::Weeks => "week",
            Unit::Months => "month",
            Unit::Years => "year",
        };
        write!(f, "{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}

/// The instant after the last moment of the month of `at`: when something "valid to the end of the month" is gone.
pub fn month_end(at: Timestamp, zone: &Zone) -> Option<Timestamp> {
    let date = zone.civil(at).date();
    zone.start_of(date.last_of_month().tomorrow().ok()?)
}

/// The instant after the last moment of the day of `at`.
pub fn day_end(at: Timestamp, zone: &Zone) -> Option<Timestamp> {
    zone.start_of(zone.civil(at).date().tomorrow().ok()?)
}

/// A recurring period in which something is counted or capped.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// A calendar day.
    Day,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
    /// The whole membership.
    Ever,
}

impl Per {
    /// The name of the period that contains `at`: "2026-11-22", "2026-11", "2026", "ever".
    pub fn period(self, at: Timestamp, zone: &Zone) -> String {
        let date = zone.civil(at).date();
        match self {
            Self::Day => date.to_string(),
            Self::Month => format!("{:04}-{:02}", date.year(), date.month()),
            Self::Year => format!("{:04}", date.year()),
            Self::Ever => "ever".to_owned(),
        }
    }
}

impl fmt::Display for Per {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::Ever => "ever",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn month_end_is_the_first_instant_of_the_next_month_in_the_zone() {
        let warsaw = Zone::new("Europe/Warsaw").unwrap();
        assert_eq!(
            month_end(at("2026-03-15T10:00:00Z"), &warsaw),
            Some(at("2026-03-31T22:00:00Z"))
        );
        assert_eq!(
            month_end(at("2026-12-31T23:30:00Z"), &warsaw),
            Some(at("2027-01-31T23:00:00Z"))
        );
    }

    #[test]
    fn lengths_follow_the_calendar() {
        let warsaw = Zone::new("Europe/Warsaw").unwrap();
        let month = Length::parse("1 month").unwrap();
        assert_eq!(
            month.after(at("2026-01-31T11:00:00Z"), &warsaw),
            Some(at("2026-02-28T11:00:00Z"))
        );
        let day = Length::parse("1 day").unwrap();
        assert_eq!(
            day.after(at("2026-03-28T11:00:00Z"), &warsaw),
            Some(at("2026-03-29T10:00:00Z")),
            "a short day"
        );
        assert_eq!(Length::parse("fortnight"), None);
        assert_eq!(Length::parse("-3 days"), None);
    }

    #[test]
    fn no_length_leaves_the_calendar() {
        let zone = Zone::utc();
        for (most, more) in [("1000 years", "1001 years"), ("12000 months", "12001 months")] {
            let longest = Length::parse(most).unwrap();
            assert!(longest.after(at("2026-01-31T11:00:00Z"), &zone).is_some());
            assert_eq!(Length::parse(more), None);
        }
        for unit in ["minutes", "hours", "days"] {
            let longest = Length::parse(&format!("100000 {unit}")).unwrap();
            assert!(longest.after(at("2026-01-31T11:00:00Z"), &zone).is_some());
        }
        assert_eq!(Length::parse("20000 years"), None);
    }

    #[test]
    fn lengths_are_added_as_local_times_are() {
        let warsaw = Zone::new("Europe/Warsaw").unwrap();
        let days = ["2026-03-28", "2026-10-24", "2027-02-28", "2028-02-28", "2026-12-31"];
        for half_hour in 0..96 {
            for day in days {
                let at = at(&format!("{day}T00:00:00Z"))
                    + jiff::SignedDuration::from_mins(half_hour * 30);
                let local = warsaw.local(at);
                for unit in
                    [Unit::Minutes, Unit::Hours, Unit::Days, Unit::Weeks, Unit::Months, Unit::Years]
                {
                    for count in [0, 1, 2, 13] {
                        let length = Length { count, unit };
                        let expected = local.checked_add(length.span()).unwrap().timestamp();
                        assert_eq!(
                            length.after_local(&local),
                            Some(expected),
                            "{local} and {length}"
                        );
                    }
                }
            }
        }
    }
}

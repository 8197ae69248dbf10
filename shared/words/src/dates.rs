//! Dates and times, by the conventions of a language.

use guerdon_domain::{
    calendar::Zone,
    statement::{Period, PeriodLength},
};
use icu_calendar::{Date, Iso};
use icu_datetime::{
    DateTimeFormatter,
    fieldsets::{YM, YMD, YMDT},
    input::{DateTime, Time},
};
use jiff::{SignedDuration, Timestamp, civil};

use crate::{Language, Words, numbers::locale};

/// What formats dates, each in the calendar of its language. Without data for a language, dates are ISO ones.
pub(crate) struct Dates {
    long: Option<DateTimeFormatter<YMD>>,
    short: Option<DateTimeFormatter<YMD>>,
    minute: Option<DateTimeFormatter<YMDT>>,
    month: Option<DateTimeFormatter<YM>>,
}

impl Dates {
    pub(crate) fn new(language: Language) -> Self {
        let locale = locale(language);
        Self {
            long: DateTimeFormatter::try_new((&locale).into(), YMD::long()).ok(),
            short: DateTimeFormatter::try_new((&locale).into(), YMD::medium()).ok(),
            minute: DateTimeFormatter::try_new((&locale).into(), YMD::long().with_time_hm()).ok(),
            month: DateTimeFormatter::try_new((&locale).into(), YM::long()).ok(),
        }
    }
}

fn iso(date: civil::Date) -> Option<Date<Iso>> {
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    Date::try_new_iso(date.year().into(), month, day).ok()
}

fn iso_time(time: civil::Time) -> Option<Time> {
    let (hour, minute) = (u8::try_from(time.hour()).ok()?, u8::try_from(time.minute()).ok()?);
    Time::try_new(hour, minute, 0, 0).ok()
}

impl Words {
    /// The day of an instant in a zone, in full: "1 March 2026".
    pub fn date(&self, at: Timestamp, zone: &Zone) -> String {
        self.civil_date(zone.civil(at).date())
    }

    /// The last day before an end: what ends at midnight is good until the day before.
    pub fn last_day(&self, end: Timestamp, zone: &Zone) -> String {
        self.date(just_before(end), zone)
    }

    /// The day of an instant in a zone, in short: "1 Mar 2026".
    pub fn day(&self, at: Timestamp, zone: &Zone) -> String {
        let date = zone.civil(at).date();
        let formatted = self.dates.short.as_ref().zip(iso(date));
        formatted.map_or_else(|| date.to_string(), |(short, date)| short.format(&date).to_string())
    }

    /// A day in full: "1 March 2026".
    pub fn civil_date(&self, date: civil::Date) -> String {
        let formatted = self.dates.long.as_ref().zip(iso(date));
        formatted.map_or_else(|| date.to_string(), |(long, date)| long.format(&date).to_string())
    }

    /// The day and the time of an instant in a zone, to the minute.
    pub fn date_time(&self, at: Timestamp, zone: &Zone) -> String {
        let civil = zone.civil(at);
        let input = iso(civil.date()).zip(iso_time(civil.time()));
        let formatted = self.dates.minute.as_ref().zip(input);
        formatted.map_or_else(
            || civil.strftime("%Y-%m-%d %H:%M").to_string(),
            |(minute, (date, time))| minute.format(&DateTime { date, time }).to_string(),
        )
    }

    /// When something begins: the day, with the time unless it begins with the day.
    pub fn beginning(&self, at: Timestamp, zone: &Zone) -> String {
        let midnight = zone.civil(at).time() == civil::Time::midnight();
        if midnight { self.date(at, zone) } else { self.date_time(at, zone) }
    }

    /// When something ends: the last day, or the day with the time unless it ends with the day.
    pub fn ending(&self, end: Timestamp, zone: &Zone) -> String {
        let midnight = zone.civil(end).time() == civil::Time::midnight();
        if midnight { self.last_day(end, zone) } else { self.date_time(end, zone) }
    }

    /// A period by the calendar of the language: "October 2026".
    pub fn period(&self, period: Period) -> String {
        let Some(first) = period.first_day() else { return period.to_string() };
        match period.length() {
            PeriodLength::Month => self.month(first.year(), first.month()),
            // The years of Thailand are counted from another one.
            PeriodLength::Year if self.language() == Language::Th => {
                first.year().saturating_add(543).to_string()
            }
            PeriodLength::Year => first.year().to_string(),
        }
    }

    fn month(&self, year: i16, month: i8) -> String {
        let date = civil::Date::new(year, month, 1).ok();
        let formatted = self.dates.month.as_ref().zip(date.and_then(iso));
        formatted.map_or_else(
            || format!("{year:04}-{month:02}"),
            |(formatter, date)| formatter.format(&date).to_string(),
        )
    }
}

fn just_before(end: Timestamp) -> Timestamp {
    end.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{at, seen, words};

    fn check(show: impl Fn(&Words) -> String, shown: [&str; 6]) {
        let all = Language::ALL.map(|language| seen(&show(&words(language))));
        assert_eq!(all, shown);
    }

    fn warsaw() -> Zone {
        Zone::new("Europe/Warsaw").unwrap()
    }

    #[test]
    fn dates_follow_the_language_and_its_calendar() {
        let night = at("2026-03-01T23:30:00Z");
        check(
            |words| words.date(night, &warsaw()),
            [
                "2 March 2026",
                "2 marca 2026",
                "2. März 2026",
                "2 มีนาคม 2569",
                "2026년 3월 2일",
                "2 مارس 2026",
            ],
        );
        check(
            |words| words.day(night, &warsaw()),
            ["2 Mar 2026", "2 mar 2026", "02.03.2026", "2 มี.ค. 2569", "2026/3/2", "02/03/2026"],
        );
        check(
            |words| words.date_time(night, &warsaw()),
            [
                "2 March 2026 at 00:30",
                "2 marca 2026 00:30",
                "2. März 2026 um 00:30",
                "2 มีนาคม 2569 เวลา 00:30",
                "2026년 3월 2일 오전 12:30",
                "2 مارس 2026 في 12:30 ص",
            ],
        );
        check(
            |words| words.month(2026, 10),
            [
                "October 2026",
                "październik 2026",
                "Oktober 2026",
                "ตุลาคม 2569",
                "2026년 10월",
                "أكتوبر 2026",
            ],
        );
    }

    #[test]
    fn what_ends_at_midnight_is_good_until_the_day_before() {
        let words = words(Language::En);
        let zone = warsaw();
        let midnight = at("2026-03-31T22:00:00Z");
        assert_eq!(words.last_day(midnight, &zone), "31 March 2026");
        assert_eq!(words.ending(midnight, &zone), "31 March 2026");
        assert_eq!(words.beginning(midnight, &zone), "1 April 2026");
        let noon = at("2026-03-31T10:00:00Z");
        assert_eq!(words.last_day(noon, &zone), "31 March 2026");
        assert_eq!(words.ending(noon, &zone), words.date_time(noon, &zone));
        assert_eq!(
            words.last_day(Timestamp::MIN, &Zone::utc()),
            words.date(Timestamp::MIN, &Zone::utc())
        );
    }

    #[test]
    fn a_month_that_does_not_exist_is_digits() {
        assert_eq!(words(Language::En).month(2026, 13), "2026-13");
    }
}

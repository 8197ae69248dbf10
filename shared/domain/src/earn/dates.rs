//! The dates of points: from when they can be spent, and when they lapse.

use jiff::{Timestamp, Zoned};

use crate::{
    account::{Lot, Overflow},
    calendar::{day_end, month_end},
    programme::{Expiry, Programme, RoundedTo},
};

/// When points of an order become available, and when they are gone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dates {
    pub(super) activates: Option<Timestamp>,
    pub(super) expires: Option<Timestamp>,
}

impl Dates {
    /// Of an order that was placed at a local time of the programme.
    pub(super) fn of(programme: &Programme, placed: &Zoned) -> Result<Self, Overflow> {
        let activates = match programme.pending {
            Some(pending) => Some(pending.after_local(placed).ok_or(Overflow)?),
            None => None,
        };
        Ok(Self { activates, expires: expires_local(programme, placed)? })
    }

    pub(super) fn lot(self, amount: i64, now: Timestamp) -> Lot {
        Lot { activates: self.activates.filter(|date| *date > now), expires: self.expires, amount }
    }
}

/// When points earned at `at` are gone; `None` is never.
///
/// # Errors
/// If the date lies beyond the calendar.
pub(crate) fn expires(programme: &Programme, at: Timestamp) -> Result<Option<Timestamp>, Overflow> {
    expires_local(programme, &programme.time_zone.local(at))
}

fn expires_local(programme: &Programme, at: &Zoned) -> Result<Option<Timestamp>, Overflow> {
    let Expiry::Rolling { after, rounded } = programme.expiry else { return Ok(None) };
    let zone = &programme.time_zone;
    let expires = after.after_local(at).and_then(|expires| match rounded {
        RoundedTo::Instant => Some(expires),
        RoundedTo::DayEnd => day_end(expires, zone),
        RoundedTo::MonthEnd => month_end(expires, zone),
    });
    expires.map(Some).ok_or(Overflow)
}

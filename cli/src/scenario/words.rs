//! The words for what the ledger says: refusals, reasons, entries. Spelled here and nowhere else.

use guerdon_domain::{
    account::{Asset, Lot},
    book::BookError,
    calendar::Per,
    entry::{Because, Granted, Kind, LedgerAccount, Posting, Reason},
    event::Status,
    id::ChanceId,
    money::{Currency, Money},
    play::{By, Played},
    rejection::Rejection,
};
use jiff::tz::TimeZone;

use crate::scenario::values::show_time;

/// Every code of a refusal, in the order in which refusals are looked for.
pub(super) const REFUSAL_CODES: [&str; 34] = [
    "unknown-reward",
    "pay-not-offered",
    "no-open-hold",
    "not-positive",
    "wrong-currency",
    "not-yet-open",
    "closed",
    "tier-too-low",
    "condition-fails",
    "limit-reached",
    "not-payable",
    "too-many-holds",
    "unknown-raffle",
    "unknown-instant-win",
    "unknown-auction",
    "bid-too-low",
    "too-many-bids",
    "plays-itself",
    "no-play",
    "not-for-sale",
    "no-free-route",
    "too-many-entries",
    "no-sealed-gift",
    "too-many-gifts",
    "more-than-held",
    "other-order",
    "not-enough",
    "out-of-stock",
    "no-code-left",
    "out-of-range",
    "condition-errs",
    "key-reused",
    "parked",
    "overflow",
];

/// Every code of a reason.
pub(super) const BECAUSE_CODES: [&str; 21] = [
    "net",
    "fixed",
    "multiple",
    "capped",
    "no-eligible-line",
    "too-small",
    "window",
    "tier",
    "when",
    "currency",
    "guest",
    "awaits-order",
    "no-rule",
    "test",
    "not-paid",
    "refund-currency",
    "no-such-line",
    "forgiven",
    "made-up",
    "tickets",
    "entries-closed",
];

/// The code of a refusal.
pub(super) fn refusal_code(error: &BookError) -> &'static str {
    match error {
        BookError::Refused(refusal) => refusal.reason.code(),
        BookError::KeyReused => "key-reused",
        BookError::Parked(_) => "parked",
        BookError::Overflow(_) => "overflow",
    }
}

/// A refusal in words: its code, who said no, and why.
pub(super) fn refusal(error: &BookError, zone: &TimeZone) -> String {
    let code = refusal_code(error);
    let BookError::Refused(refusal) = error else { return format!("{code}: {error}") };
    let why = match &refusal.reason {
        Rejection::NotYetOpen { from } => format!("opens at {}", show_time(*from, zone)),
        Rejection::Closed { until } => format!("closed at {}", show_time(*until, zone)),
        Rejection::TierTooLow { needed, has } => {
            format!("tier {needed} is needed, the member has {}", has.as_deref().unwrap_or("none"))
        }
        Rejection::NotEnough { pending, .. } if *pending > 0 => {
            format!("{}, {pending} pending", refusal.reason)
        }
        Rejection::LimitReached { times, per } => {
            format!("at most {times} {}, and this would be more", each(*per))
        }
        reason => reason.to_string(),
    };
    format!("{code}: {}, version {}: {why}", refusal.rule, refusal.version)
}

/// "a day", "ever"
fn each(per: Per) -> String {
    if per == Per::Ever { per.to_string() } else { format!("a {per}") }
}

/// The code of a reason.
pub(super) fn because_code(because: &Because) -> &'static str {
    match because {
        Because::Net(_) => "net",
        Because::Fixed => "fixed",
        Because::Multiple(_) => "multiple",
        Because::Capped { .. } => "capped",
        Because::NoEligibleLine => "no-eligible-line",
        Because::TooSmall(_) => "too-small",
        Because::Window => "window",
        Because::Tier { .. } => "tier",
        Because::When => "when",
        Because::Tickets(_) => "tickets",
        Because::EntriesClosed => "entries-closed",
        Because::Currency => "currency",
        Because::Guest => "guest",
        Because::AwaitsOrder => "awaits-order",
        Because::NoRule => "no-rule",
        Because::Test => "test",
        Because::NotPaid => "not-paid",
        Because::RefundCurrency { .. } => "refund-currency",
        Because::NoSuchLine(_) => "no-such-line",
        Because::Forgiven => "forgiven",
        Because::MadeUp => "made-up",
    }
}

/// A reason in words: "spend: +25 for 25.00 EUR". `again` says that something was given for the order before; `tickets` what
/// the rule moved, if it is for tickets.
pub(super) fn reason(
    reason: &Reason,
    currency: Currency,
    again: bool,
    tickets: Option<(&ChanceId, i64)>,
) -> String {
    let money = |minor: i64| Money { minor, currency };
    let because = match &reason.because {
        Because::Net(minor) => {
            return format!("{}: {} for {}", reason.rule, signed(reason.points), money(*minor));
        }
        Because::Fixed => "a fixed number".to_owned(),
        Because::Multiple(points) => format!("on top of {points}"),
        Because::Capped { cap, per, wanted } => {
            format!("at most {cap} {}, {wanted} wanted so far", each(*per))
        }
        Because::NoEligibleLine => "nothing in the order counts for it".to_owned(),
        Because::TooSmall(minor) => format!("{} is too little for a point", money(*minor)),
        Because::Window => "not in its time".to_owned(),
        Because::Tier { needed } => format!("tier {needed} is needed"),
        Because::When => "its condition does not hold".to_owned(),
        Because::Tickets(given) => {
            let tickets = format!("{}: {}", reason.rule, some(given.tickets, &given.of));
            return match given.net {
                Some(net) => format!("{tickets} for {}", money(net)),
                None => tickets,
            };
        }
        Because::EntriesClosed => "its list of entries is closed".to_owned(),
        Because::Currency => format!("orders in {currency} do not earn"),
        Because::Guest => "a guest's order".to_owned(),
        Because::AwaitsOrder => "waits for its order".to_owned(),
        Because::NoRule => "no rule is for it".to_owned(),
        Because::Test => "a test order".to_owned(),
        Because::NotPaid if again => "no longer paid".to_owned(),
        Because::NotPaid => "not paid".to_owned(),
        Because::RefundCurrency { refund, currency: told } => {
            format!("{refund} is told in {told}: its units count, its amounts do not")
        }
        Because::NoSuchLine(told) => {
            format!("{} names line {}, which the order does not have", told.refund, told.line)
        }
        Because::Forgiven => "not there to be taken back, and forgiven".to_owned(),
        Because::MadeUp => "makes up for what was forgiven".to_owned(),
    };
    match tickets {
        Some((of, moved)) => format!("{}: {}, {because}", reason.rule, some(moved, of)),
        None => format!("{}: {}, {because}", reason.rule, signed(reason.points)),
    }
}

/// "+2 tickets of spring"
fn some(tickets: i64, of: &ChanceId) -> String {
    let plus = if tickets > 0 { "+" } else { "" };
    format!("{plus}{} of {of}", many(tickets, "ticket"))
}

/// What an entry records, in words.
pub(super) fn kind(kind: &Kind, zone: &TimeZone) -> String {
    let tier = |tier: &Option<String>| tier.clone().unwrap_or_else(|| "none".to_owned());
    match kind {
        Kind::Accrual { what } => format!("earned: {what}"),
        Kind::Reversal => "taken back: order".to_owned(),
        Kind::Return => "given back: order".to_owned(),
        Kind::Activation => "activated".to_owned(),
        Kind::Expiry => "lapsed".to_owned(),
        Kind::Redemption { reward, .. } => format!("redeemed {reward}"),
        Kind::Entered { raffle, entries, free } => {
            let how = if *free { ", free" } else { "" };
            format!("entered {raffle}: {entries}{how}")
        }
        Kind::Prize { raffle, prize, place, .. } => {
            format!("won {prize} in {raffle}, place {place}")
        }
        Kind::Play { game, played, .. } => format!("played {game}: {}", how(played)),
        Kind::Reveal { reward, gift, .. } => {
            format!("revealed {reward} of {}: {}", gift.of, gift.outcome)
        }
        Kind::Bid { auction, bid } => format!("bid {bid} on {auction}"),
        Kind::BidWon { auction, bid, .. } => format!("won {auction} for {bid}"),
        Kind::BidReturned { auction, bid } => format!("bid of {bid} on {auction} returned"),
        Kind::Hold { hold, worth, lapses_at } => {
            format!("held {hold}: {worth} until {}", show_time(*lapses_at, zone))
        }
        Kind::Capture { hold, worth, order } => {
            let order = order
                .as_ref()
                .map_or_else(String::new, |order| format!(" for {}", short(order.as_str())));
            format!("captured {hold}: {worth}{order}")
        }
        Kind::Release { hold } => format!("released {hold}"),
        Kind::Lapse { hold } => format!("hold {hold} lapsed"),
        Kind::Adjustment { reason, by } => format!("adjusted by {by}: {reason}"),
        Kind::TierChange { from, to } => format!("tier {} -> {}", tier(from), tier(to)),
    }
}

/// How a play was decided, in words.
fn how(played: &Played) -> String {
    let by = match &played.by {
        By::Every { every, counter, number } => {
            let counter =
                if *counter == 0 { String::new() } else { format!(" of counter {counter}") };
            format!("number {number}{counter}, multiples of {every} win")
        }
        By::Chance { chance, of, drawn } => format!("{drawn} of {of}, below {chance} wins"),
        By::Moment { taken, fell: Some(_) } => format!("moment {}", taken.saturating_add(1)),
        By::Moment { taken, fell: None } => format!("no moment after {taken}"),
    };
    match &played.prize {
        Some(prize) => format!("won {prize} ({by})"),
        None => format!("lost ({by})"),
    }
}

/// What an entry gave beside points, in words.
pub(super) fn grants(kind: &Kind, zone: &TimeZone) -> Vec<String> {
    kind.grants().iter().map(|grant| granted(grant, zone)).collect()
}

fn granted(grant: &Granted, zone: &TimeZone) -> String {
    match grant {
        Granted::Voucher { voucher, code, sku, amount, expires } => {
            let sku = sku.as_ref().map_or_else(String::new, |sku| format!(" {sku}"));
            let amount = amount.map_or_else(String::new, |amount| format!(" {amount}"));
            let expires =
                expires.map_or_else(String::new, |at| format!(" until {}", show_time(at, zone)));
            format!("{voucher} voucher{sku}{amount} {code}{expires}")
        }
        Granted::Credit { amount } => format!("credit {amount}"),
        Granted::Points { points } => many(*points, "point"),
        Granted::Badge { badge, .. } => format!("the badge {badge}"),
        Granted::Mystery { reveal_at: Some(at), .. } => {
            format!("a mystery gift, to be revealed on {}", show_time(*at, zone))
        }
        Granted::Mystery { reveal_at: None, .. } => "a mystery gift".to_owned(),
    }
}

/// The legs of an entry: "available +25, issued -25".
pub(super) fn legs(postings: &[Posting]) -> String {
    let legs: Vec<String> = postings.iter().map(leg).collect();
    if legs.is_empty() { "-".to_owned() } else { legs.join(", ") }
}

fn leg(posting: &Posting) -> String {
    let account = match posting.account {
        LedgerAccount::Available => "available",
        LedgerAccount::Pending => "pending",
        LedgerAccount::Held => "held",
        LedgerAccount::Issued => "issued",
        LedgerAccount::Redeemed => "redeemed",
        LedgerAccount::Expired => "expired",
        LedgerAccount::Forgiven => "forgiven",
        LedgerAccount::Adjusted => "adjusted",
    };
    match &posting.asset {
        Asset::Tickets(of) => format!("{account} {} of {of}", signed(posting.amount)),
        Asset::Points => format!("{account} {}", signed(posting.amount)),
        Asset::Credit(currency) => {
            let plus = if posting.amount > 0 { "+" } else { "" };
            format!("{account} {plus}{}", Money { minor: posting.amount, currency: *currency })
        }
    }
}

/// A lot: "30 from 2026-03-16 10:00 until 2027-04-01 00:00".
pub(super) fn lot(lot: Lot, zone: &TimeZone) -> String {
    let from =
        lot.activates.map_or_else(String::new, |at| format!(" from {}", show_time(at, zone)));
    let until = lot.expires.map_or_else(|| "never".to_owned(), |at| show_time(at, zone));
    format!("{}{from} until {until}", lot.amount)
}

/// How far an order has come.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Unpaid => "not paid",
        Status::Paid => "paid",
        Status::Refunded => "refunded",
        Status::Voided => "void",
        Status::Cancelled => "cancelled",
    }
}

/// An order's name as the file wrote it.
pub(super) fn short(order: &str) -> &str {
    order.strip_prefix("scenario:shop:").unwrap_or(order)
}

/// "1 point", "2 points"
pub(super) fn many(units: i64, one: &str) -> String {
    let ending = if units.unsigned_abs() == 1 { "" } else { "s" };
    format!("{units} {one}{ending}")
}

fn signed(units: i64) -> String {
    if units > 0 { format!("+{units}") } else { units.to_string() }
}

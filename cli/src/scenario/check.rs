//! Whether what was expected is so.

use guerdon_domain::{
    account::{Account, Asset},
    book::Answer,
    entry::{Entry, Granted, Kind},
    id::MemberId,
    order::OrderState,
    pay, settle,
};

use crate::scenario::{
    play::{Last, Played},
    script::{Check, Fact, Step},
    values::show_time,
    words::{because_code, lot, many, reason, refusal, refusal_code},
};

/// Expected and actual, if they differ.
type Difference = Option<(String, String)>;

/// What is not as expected after a step.
pub(super) fn failure(played: &Played, last: &Last, check: &Check, step: &Step) -> Difference {
    let number = |what: &str, expected: i64, actual: i64| {
        differ(format!("{what} {expected}"), format!("{what} {actual}"))
    };
    match check {
        Check::Refused(expected) => match (&last.answer, expected) {
            (Err(_), None) => None,
            (Err(error), Some(code)) if refusal_code(error) == *code => None,
            (Err(error), Some(code)) => {
                Some((format!("refused: {code}"), refusal(error, &played.zone)))
            }
            (Ok(_), code) => {
                Some((format!("refused{}", suffix(": ", *code)), "not refused".to_owned()))
            }
        },
        Check::Nothing => {
            let entries = format!("{} entries written", last.written.len());
            (!last.written.is_empty()).then(|| ("nothing moved".to_owned(), entries))
        }
        Check::SameAnswer => match last.same {
            Some(true) => None,
            Some(false) => Some(("the same answer".to_owned(), "another answer".to_owned())),
            None => Some(("the same answer".to_owned(), "it was not asked before".to_owned())),
        },
        Check::Earned(points) => number("earned", *points, last.earned()),
        Check::Spent(points) => number("spent", *points, last.spent()),
        Check::Code(code) => {
            let codes = codes(last);
            let actual = if codes.is_empty() { "no code".to_owned() } else { codes.join(", ") };
            (!codes.contains(code)).then(|| (format!("code {code}"), actual))
        }
        Check::Rule(rule, points, because) => of_rule(played, last, rule, *points, *because),
        Check::Member(member, fact) => of_member(played, member, fact, step),
        Check::Stock(reward, left) => match stock_left(played, reward) {
            Some(actual) => number(&format!("stock {reward}"), *left, actual),
            None => Some((format!("stock {reward} {left}"), "it has no stock".to_owned())),
        },
        Check::Pool(pool, left) => {
            let codes = played.book.pools.get(pool).map_or(0, std::collections::BTreeSet::len);
            number(&format!("pool {pool}"), *left, i64::try_from(codes).unwrap_or(i64::MAX))
        }
        Check::Pinned(order, version) => {
            let by = played.book.orders.get(order).and_then(OrderState::version);
            let actual = by.map_or_else(
                || "no version: it has not earned".to_owned(),
                |by| format!("version {by}"),
            );
            differ(format!("version {version}"), actual)
        }
    }
}

/// Pieces left of a reward that has a stock, or of an outcome ("reward/outcome"), in the version in force.
pub(super) fn stock_left(played: &Played, reward: &str) -> Option<i64> {
    let programme = &played.book.versions.at(played.now).programme;
    let stock = match reward.split_once('/') {
        Some((of, outcome)) => {
            let mut outcomes = programme.reward(of)?.mystery()?.outcomes.iter();
            outcomes.find(|other| other.id == outcome)?.stock?
        }
        None => programme.reward(reward)?.stock?,
    };
    // A later version may have fewer than were taken.
    let taken = played.book.stock_taken.get(reward).copied().unwrap_or(0);
    Some(stock.saturating_sub(taken).max(0))
}

/// A member's account as the member would be shown it now.
pub(super) fn account(played: &Played, member: &MemberId) -> Account {
    let account = played.book.account(member);
    settle::as_of(&account, &played.book.versions, played.now).unwrap_or(account)
}

fn differ(expected: String, actual: String) -> Difference {
    (expected != actual).then_some((expected, actual))
}

fn suffix(before: &str, text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| format!("{before}{text}"))
}

fn codes(last: &Last) -> Vec<String> {
    let Ok(Answer::Entries(entries)) = &last.answer else { return Vec::new() };
    let grants = entries.iter().flat_map(|entry| entry.kind.grants());
    let codes = grants.filter_map(|grant| match grant {
        Granted::Voucher { code, .. } => Some(code.clone()),
        Granted::Credit { .. }
        | Granted::Points { .. }
        | Granted::Badge { .. }
        | Granted::Mystery { .. } => None,
    });
    codes.collect()
}

fn of_rule(
    played: &Played,
    last: &Last,
    rule: &str,
    points: Option<i64>,
    because: Option<&str>,
) -> Difference {
    let expected = format!(
        "rule {rule}{}{}",
        suffix(" ", points.map(|p| p.to_string()).as_deref()),
        suffix(" because ", because)
    );
    let reasons = last.reasons();
    let mut said = reasons.iter().filter(|reason| reason.rule == rule).peekable();
    if said.peek().is_none() {
        return Some((expected, "the rule said nothing".to_owned()));
    }
    let fits = |points: Option<i64>, because: Option<&str>| {
        reasons.iter().filter(|reason| reason.rule == rule).any(|reason| {
            points.is_none_or(|points| points == reason.points)
                && because.is_none_or(|because| because == because_code(&reason.because))
        })
    };
    let currency = played.book.versions.first().programme.currency;
    let taken_back = |entry: &Entry| matches!(entry.kind, Kind::Reversal | Kind::Return);
    let again = last.written.iter().any(taken_back);
    let actual: Vec<String> = said
        .map(|said| {
            format!("{} ({})", reason(said, currency, again, None), because_code(&said.because))
        })
        .collect();
    (!fits(points, because)).then(|| (expected, actual.join("; ")))
}

fn of_member(played: &Played, member: &MemberId, fact: &Fact, step: &Step) -> Difference {
    let account = account(played, member);
    let balance = account.balance(&Asset::Points);
    let number = |what: &str, expected: i64, actual: i64| {
        differ(format!("{what} {expected}"), format!("{what} {actual}"))
    };
    let tier = |tier: &Option<String>| format!("tier {}", tier.as_deref().unwrap_or("none"));
    match fact {
        Fact::Available(points) => number("available", *points, balance.available),
        Fact::Pending(points) => number("pending", *points, balance.pending),
        Fact::Held(points) => number("held", *points, balance.held),
        Fact::Entries(count) => {
            let entries = played.book.entries.get(member).map_or(0, Vec::len);
            number("entries", *count, i64::try_from(entries).unwrap_or(i64::MAX))
        }
        Fact::Tier(expected) => differ(tier(expected), tier(&account.tier)),
        Fact::Qualifying(year, points) => {
            let actual = account.qualifying.get(year).copied().unwrap_or(0);
            differ(
                format!("qualifying {points} in {year}"),
                format!("qualifying {actual} in {year}"),
            )
        }
        Fact::Credit(money) => {
            let minor = account.balance(&Asset::Credit(money.currency)).available;
            let actual = guerdon_domain::money::Money { minor, ..*money };
            differ(format!("credit {money}"), format!("credit {actual}"))
        }
        Fact::Tickets(of, tickets) => {
            let actual = account.tickets(&of.as_str().into());
            differ(format!("tickets {tickets} of {of}"), format!("tickets {actual} of {of}"))
        }
        Fact::Lots(expected) => {
            let mut actual: Vec<_> =
                lots(&account).map(|lot| (lot.activates, lot.expires, lot.amount)).collect();
            actual.sort_unstable();
            let words = |lots: &[(Option<jiff::Timestamp>, Option<jiff::Timestamp>, i64)]| {
                let lots = lots.iter().map(|(activates, expires, amount)| {
                    let each = guerdon_domain::account::Lot {
                        activates: *activates,
                        expires: *expires,
                        amount: *amount,
                    };
                    lot(each, &played.zone)
                });
                let lots: Vec<String> = lots.collect();
                if lots.is_empty() {
                    "lots none".to_owned()
                } else {
                    format!("lots {}", lots.join(", "))
                }
            };
            differ(words(expected), words(&actual))
        }
        Fact::NextExpiry(expected) => {
            let words = |next: Option<(jiff::Timestamp, i64)>| match next {
                Some((at, points)) => {
                    format!("next expiry {points} at {}", show_time(at, &played.zone))
                }
                None => "next expiry none".to_owned(),
            };
            differ(words(*expected), words(account.next_expiry()))
        }
        Fact::CanPay(most, total) => {
            let expected = format!("can pay {} for {total}", many(*most, "point"));
            match pay::quote(&played.book.account(member), &played.book.versions, *total, step.now)
            {
                Ok(payable) => {
                    differ(expected, format!("can pay {} for {total}", many(payable.max, "point")))
                }
                Err(error) => Some((expected, refusal(&error.into(), &played.zone))),
            }
        }
    }
}

/// The lots of points of an account.
pub(super) fn lots(account: &Account) -> impl Iterator<Item = &guerdon_domain::account::Lot> {
    account.wallets.get(&Asset::Points).into_iter().flat_map(|wallet| &wallet.lots)
}

//! `expect …`: what a scenario says should have come of it.

use guerdon_domain::{money::Money, spelling::nearest};
use jiff::Timestamp;

use crate::scenario::{
    compile::Compiler,
    cursor::Cursor,
    fault::Trouble,
    order::order_id,
    people,
    script::{Check, Fact},
    text::{Word, words},
    values::{amount, needed_time, time, ungrouped, whole},
    words::{BECAUSE_CODES, REFUSAL_CODES},
};

const HELP: &str = "expect refused / nothing / same answer / earned 25 / spent 350 / code A1 / rule spend 25 / stock latte 9 / \
    pool spring 2 / order o1 version 1, or a member and: available, pending, held, tier, lots, credit, tickets, qualifying, next expiry, \
    can pay, entries";
const FACTS: [&str; 14] = [
    "available",
    "pending",
    "held",
    "tier",
    "lots",
    "credit",
    "tickets",
    "qualifying",
    "next",
    "entries",
    "can",
    "earned",
    "spent",
    "balance",
];

/// Reads an `expect` statement.
pub(super) fn read(
    cursor: &mut Cursor<'_>,
    compiler: &mut Compiler<'_>,
) -> Result<Vec<Check>, Trouble> {
    cursor.skip();
    let mut checks = Vec::new();
    if let Some(check) = of_the_last(cursor, compiler)? {
        checks.push(check);
        cursor.finish("expect one thing in each statement that is not about a member")?;
        return Ok(checks);
    }
    let word = cursor.next("what is expected", "expect ann available 120")?;
    if cursor.done() && !word.quoted {
        let trouble = Trouble::new(
            word.span.clone(),
            format!("`{}` is nothing that can be expected", word.text),
        );
        return Err(trouble.help(HELP));
    }
    let member = people::member(word, false)?;
    compiler.expected.push((member.clone(), word.span.clone()));
    while !cursor.done() {
        if cursor.eat(&[",", "and", "has", "is", "in"]) {
            continue;
        }
        if let Some(fact) = number_first(cursor, compiler)? {
            checks.push(Check::Member(member.clone(), fact));
            continue;
        }
        let fact_word = of_the_member(cursor)?;
        cursor.eat(&["is", "="]);
        checks.push(match fact_word {
            "earned" => Check::Earned(compiler.points(cursor, "expect ann earned 25")?),
            "spent" => Check::Spent(compiler.points(cursor, "expect ann spent 350")?),
            word => Check::Member(member.clone(), fact(word, cursor, compiler)?),
        });
    }
    Ok(checks)
}

/// "120 points available", the other way round.
fn number_first(cursor: &mut Cursor<'_>, compiler: &Compiler<'_>) -> Result<Option<Fact>, Trouble> {
    let number = |word: &Word| {
        !word.quoted && (word.text.parse::<i64>().is_ok() || ungrouped(&word.text).is_some())
    };
    if !cursor.peek().is_some_and(number) {
        return Ok(None);
    }
    let example = "expect ann available 120";
    let points = compiler.points(cursor, example)?;
    Ok(Some(if cursor.eat(&["available"]) {
        Fact::Available(points)
    } else if cursor.eat(&["pending"]) {
        Fact::Pending(points)
    } else if cursor.eat(&["held"]) {
        Fact::Held(points)
    } else {
        return Err(cursor.missing("`available`, `pending` or `held`", example));
    }))
}

/// The keyword of a fact about a member.
fn of_the_member<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Trouble> {
    let word = cursor.next("what the member should have", "expect ann available 120")?;
    if let Some(known) = FACTS.iter().find(|fact| word.is(fact)) {
        return Ok(known);
    }
    let trouble =
        Trouble::new(word.span.clone(), format!("`{}` is nothing that a member has", word.text));
    Err(match nearest(&word.text, FACTS) {
        Some(near) => trouble.help(format!("did you mean `{near}`?")),
        None => trouble.help(HELP),
    })
}

/// What is said of the command before, of stock, pools and orders.
fn of_the_last(cursor: &mut Cursor<'_>, compiler: &Compiler<'_>) -> Result<Option<Check>, Trouble> {
    let named = cursor.ahead(1).is_some();
    Ok(Some(if cursor.eat(&["refused", "refusal"]) {
        Check::Refused(match cursor.peek() {
            Some(_) => Some(code(cursor, &REFUSAL_CODES, "a refusal")?),
            None => None,
        })
    } else if cursor.eat_all(&["moved", "nothing"])
        || cursor.eat_all(&["nothing", "moved"])
        || cursor.eat(&["nothing"])
    {
        Check::Nothing
    } else if cursor.eat_all(&["same", "answer"]) || cursor.eat_all(&["the", "same", "answer"]) {
        Check::SameAnswer
    } else if named && cursor.eat(&["earned"]) {
        Check::Earned(compiler.points(cursor, "expect earned 25")?)
    } else if named && cursor.eat(&["spent"]) {
        Check::Spent(compiler.points(cursor, "expect spent 350")?)
    } else if named && cursor.eat(&["code"]) {
        Check::Code(cursor.next("a code", "expect code A1")?.text.clone())
    } else if cursor.eat(&["rule"]) {
        let rule = cursor.next("a rule's id", "expect rule spend 25")?.text.clone();
        cursor.eat(&["gave", "gives"]);
        let points = if cursor.done() || cursor.is("because") {
            None
        } else if cursor.eat(&["nothing"]) {
            Some(0)
        } else {
            Some(compiler.points(cursor, "expect rule spend 25")?)
        };
        let because = if cursor.eat(&["because"]) {
            Some(code(cursor, &BECAUSE_CODES, "a reason")?)
        } else {
            None
        };
        Check::Rule(rule, points, because)
    } else if cursor.eat(&["stock"]) {
        let reward = cursor.next("a reward's id", "expect stock latte 9")?.text.clone();
        let left = whole(cursor, "how many are left", "expect stock latte 9")?;
        cursor.eat(&["left"]);
        Check::Stock(reward, left)
    } else if cursor.eat(&["pool"]) {
        let pool = cursor.next("a pool's name", "expect pool spring 2")?.text.clone();
        let left = whole(cursor, "how many codes are left", "expect pool spring 2")?;
        cursor.eat(&["codes", "code"]);
        cursor.eat(&["left"]);
        Check::Pool(pool, left)
    } else if named && cursor.eat(&["order"]) {
        let order = order_id(cursor.next("an order's name", "expect order o1 version 1")?)?;
        cursor.eat(&["under"]);
        if !cursor.eat(&["version"]) {
            return Err(cursor.missing("`version`", "expect order o1 version 1"));
        }
        let here = cursor.here();
        let version = whole(cursor, "a version", "expect order o1 version 1")?;
        let version = u32::try_from(version).ok().filter(|version| *version > 0);
        let version = version.ok_or_else(|| Trouble::new(here, "versions are counted from 1"))?;
        Check::Pinned(order, version)
    } else {
        return Ok(None);
    }))
}

fn fact(word: &str, cursor: &mut Cursor<'_>, compiler: &Compiler<'_>) -> Result<Fact, Trouble> {
    let points =
        |cursor: &mut Cursor<'_>| compiler.points(cursor, &format!("expect ann {word} 120"));
    Ok(match word {
        "available" | "balance" => Fact::Available(points(cursor)?),
        "pending" => Fact::Pending(points(cursor)?),
        "held" => Fact::Held(points(cursor)?),
        "entries" => Fact::Entries(points(cursor)?),
        "tier" => {
            let tier = cursor.next("a tier's id, or none", "expect ann tier gold")?;
            Fact::Tier((!tier.is("none")).then(|| tier.text.clone()))
        }
        "qualifying" => {
            let count = points(cursor)?;
            let year = if cursor.eat(&["in"]) {
                let here = cursor.here();
                let year = whole(cursor, "a year", "expect ann qualifying 1000 in 2026")?;
                i16::try_from(year).map_err(|_| Trouble::new(here, "this is not a year"))?
            } else {
                compiler.clock.zone.year(compiler.clock.now.unwrap_or(Timestamp::UNIX_EPOCH))
            };
            Fact::Qualifying(year, count)
        }
        "credit" => {
            let amount = amount(cursor, "an amount")?;
            let currency = amount.currency.unwrap_or(compiler.currency);
            Fact::Credit(Money { minor: amount.minor(currency)?, currency })
        }
        "tickets" => {
            let example = "expect ann tickets 3 of spring";
            let tickets = whole(cursor, "how many tickets", example)?;
            if !cursor.eat(&["of", "in"]) {
                return Err(cursor.missing("`of` and the id of a raffle", example));
            }
            Fact::Tickets(cursor.next("a raffle's id", example)?.text.clone(), tickets)
        }
        "next" => {
            if !cursor.eat(&["expiry"]) {
                return Err(cursor.missing("`expiry`", "expect ann next expiry 120 at 2027-04-01"));
            }
            if cursor.eat(&["none", "never"]) {
                return Ok(Fact::NextExpiry(None));
            }
            let count = points(cursor)?;
            Fact::NextExpiry(Some((needed_time(cursor, &compiler.clock)?, count)))
        }
        "can" => {
            let example = "expect ann can pay 500 points for 20.00 EUR";
            if !cursor.eat(&["pay"]) {
                return Err(cursor.missing("`pay`", example));
            }
            let most = compiler.points(cursor, example)?;
            if !cursor.eat(&["for"]) {
                return Err(cursor.missing("`for` and what the order comes to", example));
            }
            let total = amount(cursor, "what the order comes to")?;
            let currency = total.currency.unwrap_or(compiler.currency);
            Fact::CanPay(most, Money { minor: total.minor(currency)?, currency })
        }
        "lots" => Fact::Lots(lots(cursor, compiler)?),
        _ => return Err(cursor.missing("what the member should have", "expect ann available 120")),
    })
}

type Lots = Vec<(Option<Timestamp>, Option<Timestamp>, i64)>;

/// "120 until 2027-04-01, 30 from 2026-03-16 10:00 until 2027-04-01", quoted or not.
fn lots(cursor: &mut Cursor<'_>, compiler: &Compiler<'_>) -> Result<Lots, Trouble> {
    let Some(quoted) = cursor.peek().filter(|word| word.quoted) else {
        return lots_of(cursor, compiler);
    };
    cursor.skip();
    let mut troubles = Vec::new();
    let mut inside = words(&quoted.text, 0, &mut troubles);
    if let Some(trouble) = troubles.pop() {
        return Err(trouble);
    }
    for word in &mut inside {
        word.span = quoted.span.clone();
    }
    let mut inside = Cursor::over(&inside, quoted.span.clone());
    let lots = lots_of(&mut inside, compiler)?;
    inside.finish("write: \"120 until 2027-04-01, 30 until never\"")?;
    Ok(lots)
}

fn lots_of(cursor: &mut Cursor<'_>, compiler: &Compiler<'_>) -> Result<Lots, Trouble> {
    let example = "expect ann lots 120 until 2027-04-01, 30 from 2026-03-16 10:00 until never";
    let mut lots = Vec::new();
    if cursor.eat(&["none"]) {
        return Ok(lots);
    }
    loop {
        let count = compiler.points(cursor, example)?;
        cursor.eat(&["pending"]);
        let from =
            if cursor.eat(&["from"]) { Some(needed_time(cursor, &compiler.clock)?) } else { None };
        let until = if cursor.eat(&["never", "forever"]) {
            None
        } else if cursor.eat(&["until"]) {
            if cursor.eat(&["never", "forever"]) {
                None
            } else {
                let missing = cursor.missing("a time, or never", example);
                Some(time(cursor, &compiler.clock)?.ok_or(missing)?)
            }
        } else {
            None
        };
        lots.push((from, until, count));
        let digit =
            |word: &Word| !word.quoted && word.text.starts_with(|c: char| c.is_ascii_digit());
        let more = (cursor.is(",") || cursor.is("and")) && cursor.ahead(1).is_some_and(digit);
        if !more {
            lots.sort_unstable();
            return Ok(lots);
        }
        cursor.skip();
    }
}

/// One of some codes, written with dashes, with spaces, or in quotes.
fn code(
    cursor: &mut Cursor<'_>,
    codes: &[&'static str],
    what: &str,
) -> Result<&'static str, Trouble> {
    let start = cursor.here();
    let mut written = String::new();
    while let Some(word) = cursor.peek() {
        if !written.is_empty() {
            written.push('-');
        }
        written.push_str(&word.text.to_lowercase().replace([' ', '_'], "-"));
        cursor.skip();
    }
    if let Some(code) = codes.iter().find(|code| **code == written) {
        return Ok(code);
    }
    let trouble = Trouble::new(start, format!("`{written}` is not the code of {what}"));
    Err(match nearest(&written, codes.iter().copied()) {
        Some(near) => trouble.help(format!("did you mean `{near}`?")),
        None => trouble.help(format!("one of: {}", codes.join(", "))),
    })
}

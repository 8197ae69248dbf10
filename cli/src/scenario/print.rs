//! The ledger after a scenario, as a text that is the same every time.

use std::fmt::Write;

use crate::scenario::{
    check::{account, lots, stock_left},
    play::{Played, Row},
    values::show_time,
    words::{grants, kind, legs, lot, many, reason, short, status},
};
use guerdon_domain::{
    account::{Account, Asset},
    entry::{Entry, Kind, LedgerAccount, Posting, Reason},
    event::Status,
    id::{ChanceId, MemberId},
    money::{Currency, Money},
    order::OrderState,
};

/// Prints everything. `files` names the file of each version.
pub(super) fn print(played: &Played, files: &[String]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = all(&mut out, played, files);
    out
}

fn all(out: &mut String, played: &Played, files: &[String]) -> std::fmt::Result {
    let first = played.book.versions.first();
    writeln!(out, "{}", first.programme.name)?;
    for (version, file) in played.book.versions.all().zip(files) {
        let effective = match version.version {
            1 => String::new(),
            _ if !played.book.versions.is_ever_in_force(version) => ", never in force".to_owned(),
            _ => format!(", in force from {}", show_time(version.effective, &played.zone)),
        };
        writeln!(out, "  version {}  {file}{effective}", version.version)?;
    }
    writeln!(out, "  times in {}", played.zone.iana_name().unwrap_or("UTC"))?;
    if !played.nobody.is_empty() {
        writeln!(out, "\nno member")?;
        rows(out, played, &played.nobody, first.programme.currency)?;
    }
    for (member, happened) in &played.rows {
        writeln!(out, "\n{member}")?;
        rows(out, played, happened, first.programme.currency)?;
        state(out, played, member)?;
    }
    stock(out, played)?;
    verdict(out, played)
}

/// Columns of a row: number, time, what, legs, balances.
type Columns = [String; 5];

fn rows(out: &mut String, played: &Played, rows: &[Row], currency: Currency) -> std::fmt::Result {
    let cells: Vec<Columns> = rows.iter().map(|row| columns(played, row)).collect();
    let mut widths = [3, 16, 12, 12, 0];
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let [number_width, when_width, what_width, legs_width, _] = widths;
    for (row, [number, when, what, legs, balance]) in rows.iter().zip(&cells) {
        let line = format!(
            "  {number:>number_width$}  {when:<when_width$}  {what:<what_width$}  {legs:<legs_width$}  {balance}"
        );
        writeln!(out, "{}", line.trim_end())?;
        let indent = " ".repeat(number_width.saturating_add(6));
        let mut of_entry = None;
        let (reasons, currency) = match row {
            Row::Entry(entry) => {
                of_entry = Some(&**entry);
                for grant in grants(&entry.kind, &played.zone) {
                    writeln!(out, "{indent}{grant}")?;
                }
                if entry.recorded_at != entry.at {
                    writeln!(
                        out,
                        "{indent}recorded {}",
                        show_time(entry.recorded_at, &played.zone)
                    )?;
                }
                (&entry.reasons, order_currency(played, entry).unwrap_or(currency))
            }
            Row::Note { refusal, reasons, currency, .. } => {
                if let Some(refusal) = refusal {
                    writeln!(out, "{indent}{refusal}")?;
                }
                (reasons, *currency)
            }
        };
        let back = |entry: &Entry| matches!(entry.kind, Kind::Reversal | Kind::Return);
        let again = of_entry.is_some_and(back);
        for each in reasons {
            let tickets = of_entry.and_then(|entry| tickets_moved(played, entry, each));
            writeln!(out, "{indent}{}", reason(each, currency, again, tickets))?;
        }
    }
    Ok(())
}

/// The tickets that an entry moved by a rule: none if the rule is not for tickets, or another one is for the same.
fn tickets_moved<'a>(
    played: &'a Played,
    entry: &Entry,
    reason: &Reason,
) -> Option<(&'a ChanceId, i64)> {
    let earn = &played.book.versions.number(entry.version)?.programme.earn;
    let of = |said: &Reason| earn.iter().find(|rule| rule.id == said.rule)?.tickets.as_ref();
    let mine = of(reason)?;
    let alone = entry.reasons.iter().filter(|other| of(other) == Some(mine)).count() == 1;
    let legs = entry.postings.iter().filter(|leg| leg.account == LedgerAccount::Available);
    let legs = legs.filter(|leg| leg.asset == Asset::Tickets(mine.clone()));
    let moved = legs.fold(0_i64, |sum, leg| sum.saturating_add(leg.amount));
    (alone && moved != 0).then_some((mine, moved))
}

/// Whether the points that paid for an order were taken again, because it stands again.
fn is_taken_again(entry: &Entry) -> bool {
    let redeemed = |leg: &&Posting| leg.account == LedgerAccount::Redeemed;
    entry.postings.iter().filter(redeemed).any(|leg| leg.amount > 0)
}

fn columns(played: &Played, row: &Row) -> Columns {
    match row {
        Row::Entry(entry) => {
            let balance = entry.balance;
            let mut what = match entry.kind {
                Kind::Return if is_taken_again(entry) => "taken again: order".to_owned(),
                _ => kind(&entry.kind, &played.zone),
            };
            if let Some(order) = entry.operation.as_str().strip_prefix("order#") {
                what = format!("{what} {}", short(order));
            }
            let mut after = format!("= {} available", balance.available);
            for (points, name) in [(balance.pending, "pending"), (balance.held, "held")] {
                if points != 0 {
                    // Writing to a string cannot fail.
                    let _ = write!(after, ", {points} {name}");
                }
            }
            let version = if entry.version == 1 {
                String::new()
            } else {
                format!(", version {}", entry.version)
            };
            let number = entry.sequence.to_string();
            [
                number,
                show_time(entry.at, &played.zone),
                what,
                legs(&entry.postings),
                format!("{after}{version}"),
            ]
        }
        Row::Note { at, what, came, .. } => [
            "-".to_owned(),
            show_time(*at, &played.zone),
            format!("{what}: {came}"),
            String::new(),
            String::new(),
        ],
    }
}

/// The currency of the order that an entry belongs to.
fn order_currency(played: &Played, entry: &Entry) -> Option<Currency> {
    let name = entry.operation.as_str().strip_prefix("order#")?;
    let (_, state) = played.book.orders.iter().find(|(order, _)| order.as_str() == name)?;
    Some(state.knowledge.snapshot.as_ref()?.currency)
}

fn state(out: &mut String, played: &Played, member: &MemberId) -> std::fmt::Result {
    let account = account(played, member);
    let balance = account.balance(&Asset::Points);
    writeln!(out)?;
    let mut fact = |name: &str, text: String| writeln!(out, "  {name:<10}  {text}");
    fact(
        "balance",
        format!(
            "{} available, {} pending, {} held",
            balance.available, balance.pending, balance.held
        ),
    )?;
    for (name, each) in named("lots", lots(&account).map(|each| lot(*each, &played.zone))) {
        fact(name, each)?;
    }
    let holds = account.holds.iter().map(|hold| {
        let order = hold
            .order
            .as_ref()
            .map_or_else(String::new, |order| format!(" for order {}", short(order.as_str())));
        let lapses = show_time(hold.lapses_at, &played.zone);
        let points = many(hold.points(), "point");
        format!("{}: {points}, {}{order}, lapses {lapses}", hold.id, hold.worth)
    });
    for (name, each) in named("holds", holds) {
        fact(name, each)?;
    }
    let bids = account.bids.iter();
    let bids = bids.map(|(auction, bid)| format!("{auction}: {}", many(bid.points(), "point")));
    for (name, each) in named("bids", bids) {
        fact(name, each)?;
    }
    let forgiven = account.forgiven.iter();
    let forgiven = forgiven.map(|each| {
        format!("{} of order {}", many(each.points, "point"), short(each.order.as_str()))
    });
    for (name, each) in named("forgiven", forgiven) {
        fact(name, each)?;
    }
    for (name, each) in named("credit", credit(&account).map(|money| money.to_string())) {
        fact(name, each)?;
    }
    for (name, each) in named("tickets", tickets(&account)) {
        fact(name, each)?;
    }
    fact("tier", account.tier.clone().unwrap_or_else(|| "none".to_owned()))?;
    let years = account.qualifying.iter().map(|(year, points)| format!("{points} in {year}"));
    for (name, each) in named("qualifying", years) {
        fact(name, each)?;
    }
    let orders = played.book.orders.iter().filter(|(_, state)| whose(state) == Some(member));
    for (name, each) in named(
        "orders",
        orders.map(|(id, state)| format!("{}: {}", short(id.as_str()), order(played, state))),
    ) {
        fact(name, each)?;
    }
    Ok(())
}

/// The name before the first, and nothing before the others.
fn named(name: &str, items: impl Iterator<Item = String>) -> impl Iterator<Item = (&str, String)> {
    std::iter::once(name).chain(std::iter::repeat("")).zip(items)
}

fn credit(account: &Account) -> impl Iterator<Item = Money> {
    account.wallets.keys().filter_map(|asset| match asset {
        Asset::Credit(currency) => {
            Some(Money { minor: account.balance(asset).available, currency: *currency })
        }
        Asset::Points | Asset::Tickets(_) => None,
    })
}

fn tickets(account: &Account) -> impl Iterator<Item = String> {
    account.wallets.iter().filter_map(|(asset, wallet)| match asset {
        Asset::Tickets(of) => Some(format!("{} of {of}", wallet.available())),
        Asset::Points | Asset::Credit(_) => None,
    })
}

fn whose(state: &OrderState) -> Option<&MemberId> {
    let named = state.knowledge.snapshot.as_ref().and_then(|snapshot| snapshot.member.as_ref());
    state.member.as_ref().or(named)
}

fn order(played: &Played, state: &OrderState) -> String {
    let Some(snapshot) = &state.knowledge.snapshot else {
        return "only refunds are known".to_owned();
    };
    let money = |minor: i64| Money { minor, currency: snapshot.currency };
    let mut text = status(snapshot.status).to_owned();
    let versions = &played.book.versions;
    let version = match state.version() {
        Some(version) => versions.number(version).unwrap_or(versions.newest()),
        None => versions.at(snapshot.placed_at),
    };
    if let Ok(Some(basis)) = state.basis(&played.book.versions, &version.programme) {
        // Writing to a string cannot fail.
        let _ = match snapshot.status {
            Status::Paid => {
                write!(text, ", {} of {} left", money(basis.net()), money(basis.ordered))
            }
            _ => write!(text, ", {}", money(basis.ordered)),
        };
    }
    if let Some(pin) = &state.pin {
        let tier = pin.tier.as_deref().unwrap_or("none");
        let _ = write!(text, ", version {}, tier {tier}", version.version);
    }
    for part in &state.parts {
        let _ = write!(text, ", {} {}", part.rule, part.wanted);
    }
    text
}

fn stock(out: &mut String, played: &Played) -> std::fmt::Result {
    let programme = &played.book.versions.at(played.now).programme;
    let limited = programme
        .rewards
        .iter()
        .filter_map(|reward| Some((reward, reward.stock?, stock_left(played, &reward.id)?)));
    let rewards = limited.map(|(reward, stock, left)| format!("{left} of {stock} {}", reward.id));
    let pools = played
        .book
        .pools
        .iter()
        .map(|(pool, codes)| (pool, i64::try_from(codes.len()).unwrap_or(i64::MAX)))
        .map(|(pool, codes)| format!("{} in pool {pool}", many(codes, "code")));
    let mut lines = rewards.chain(pools).peekable();
    if lines.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "\nleft")?;
    lines.try_for_each(|line| writeln!(out, "  {line}"))
}

fn verdict(out: &mut String, played: &Played) -> std::fmt::Result {
    let failed = played.failures.len();
    let hold = match played.hold {
        1 => "1 expectation holds".to_owned(),
        hold => format!("{hold} expectations hold"),
    };
    if failed == 0 {
        return writeln!(out, "\n{hold}");
    }
    writeln!(out, "\n{hold}, {failed} failed")?;
    for failure in &played.failures {
        writeln!(out, "\nline {}: {}", failure.line, failure.text)?;
        writeln!(out, "  expected  {}", failure.expected)?;
        writeln!(out, "  actual    {}", failure.actual)?;
    }
    Ok(())
}

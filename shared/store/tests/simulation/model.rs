//! What a history must come to, worked out without looking at the order in which it happened; and the same writes again,
//! one after the other, on the ledger in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use guerdon_domain::{
    account::{Account, Asset},
    book::Book,
    calendar::{Per, Zone, day_end, month_end},
    event::{Event, OrderEvent, Refund, Snapshot, Status},
    id::{MemberId, Operation, OrderId},
    mystery,
    order::{OrderState, basis},
    play,
    programme::{Award as Gives, Expiry, Programme, RoundedTo},
    raffle::award::{self, Award},
    redeem::{Drawn, Redeem},
    settle,
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    bids,
    history::{Effect, History},
    laws::{Violation, broken},
    operation::{Action, Answer},
    programme::{CHANCE, POOL},
    raffle::{self, RAFFLE},
    stored,
    table::{LEDGER, number, text},
};

/// What the shop said of an order, joined here by other code than the domain's.
#[derive(Debug, Default)]
struct Known {
    snapshot: Option<Arc<Snapshot>>,
    refunds: BTreeMap<String, Refund>,
}

/// News that were accepted, and do not wait for an operator.
fn accepted(history: &History) -> BTreeMap<OrderId, Vec<OrderEvent>> {
    let parked: BTreeSet<&str> =
        history.tables.under(LEDGER, "PARKED").map(|(_, item)| text(item, "event")).collect();
    let mut news: BTreeMap<OrderId, Vec<OrderEvent>> = BTreeMap::new();
    for (operation, answer) in history.operations.iter().zip(&history.answers) {
        let Action::Order(event) = &operation.action else { continue };
        let text = serde_json::to_string(&Event::Order(event.clone())).unwrap();
        if *answer == Some(Answer::Parked) && parked.contains(text.as_str()) {
            continue;
        }
        news.entry(event.order.clone()).or_default().push(event.clone());
    }
    news
}

fn joined(news: &[OrderEvent]) -> Known {
    let mut known = Known::default();
    for event in news {
        known.snapshot = known.snapshot.max(event.snapshot.clone());
        for (id, refund) in &event.refunds {
            known.refunds.insert(id.clone(), refund.clone());
        }
    }
    known
}

/// Laws 4 and 10: every order is known as the shop told it, and gives what its rules give for that.
pub(crate) fn orders(history: &mut History) -> Result<(), Violation> {
    let versions = history.versions();
    let mut given: BTreeMap<String, i64> = BTreeMap::new();
    let mut capped: BTreeMap<(String, String), BTreeMap<u32, i64>> = BTreeMap::new();
    for (order, news) in accepted(history) {
        let known = joined(&news);
        let id = order.clone();
        let state: OrderState =
            history.look(async move |ledger| ledger.order_state(&id).await.unwrap());
        if state.knowledge.snapshot != known.snapshot || state.knowledge.refunds != known.refunds {
            return Err(broken(
                "4",
                format!("{order} is known as {:?}, and was told as {known:?}", state.knowledge),
            ));
        }
        returned(&order, &state)?;
        let Some(snapshot) =
            known.snapshot.filter(|snapshot| snapshot.status == Status::Paid && !snapshot.test)
        else {
            continue;
        };
        let Some(pin) = &state.pin else {
            return Err(broken("4", format!("{order} is paid, and has no rules")));
        };
        let version = versions.at(snapshot.placed_at);
        if pin.version != version.version {
            return Err(broken(
                "4",
                format!("{order} of version {} is judged by {}", version.version, pin.version),
            ));
        }
        let member = snapshot.member.as_ref().unwrap().to_string();
        let paid = state.paid_with_points(&snapshot, &versions, &version.programme).unwrap();
        let net = basis(&snapshot, &known.refunds, paid).net();
        *given.entry(member.clone()).or_default() +=
            points(&version.programme, net, pin.tier.as_deref());
        if net > 0 {
            let quantity: i64 =
                snapshot.lines.iter().map(|line| line.current_milli).sum::<i64>() / 1000;
            *given.entry(member.clone()).or_default() += if quantity > 7 { 3 } else { 0 };
            let day = Per::Day.period(snapshot.placed_at, &version.programme.time_zone);
            *capped.entry((member, day)).or_default().entry(version.version).or_default() += 7;
        }
    }
    for ((member, _), wanted) in capped {
        let mut total = 0;
        for (version, wanted) in wanted {
            let rule = versions
                .number(version)
                .unwrap()
                .programme
                .earn
                .iter()
                .find(|rule| rule.id == "bonus")
                .unwrap();
            total += wanted.min((rule.limit.unwrap().points - total).max(0));
        }
        *given.entry(member).or_default() += total;
    }
    for (member, entries) in stored::entries(&history.tables) {
        let of_orders = entries.iter().filter(|entry| entry.operation.starts_with("order#"));
        let postings = of_orders.flat_map(|entry| &entry.postings);
        let issued = postings.filter(|posting| posting.0 == "issued" && posting.1 == "points");
        let issued: i64 = issued.map(|posting| -posting.2).sum();
        let expected = given.remove(&member).unwrap_or(0);
        if issued != expected {
            return Err(broken(
                "4",
                format!("{member} was issued {issued} for orders that give {expected}"),
            ));
        }
    }
    given.retain(|_, points| *points != 0);
    if given.is_empty() {
        Ok(())
    } else {
        Err(broken("10", format!("nothing was issued: {given:?}")))
    }
}

/// What `spend` gives: rounded once, as the programme says.
fn points(programme: &Programme, net: i64, tier: Option<&str>) -> i64 {
    let rule = programme.earn.iter().find(|rule| rule.id == "spend").unwrap();
    let Gives::PerUnit { give, per_minor, .. } = rule.award else { panic!("spend gives per unit") };
    let (times, of) = match tier {
        Some("gold") => (2, 1),
        Some("silver") => (3, 2),
        _ => (1, 1),
    };
    let divisor = per_minor * of;
    let bias = match programme.rounding {
        guerdon_domain::money::Rounding::Down => 0,
        guerdon_domain::money::Rounding::Nearest => divisor / 2,
        guerdon_domain::money::Rounding::Up => divisor - 1,
    };
    (net * give * times + bias) / divisor
}

/// An order that came to nothing gives back all points that paid for it.
fn returned(order: &OrderId, state: &OrderState) -> Result<(), Violation> {
    let over =
        state.knowledge.snapshot.as_ref().is_some_and(|snapshot| snapshot.status > Status::Paid);
    for payment in &state.payments {
        let points: i64 = payment.lots.iter().map(|lot| lot.amount).sum();
        if payment.returned > points || (over && payment.returned != points) {
            return Err(broken(
                "5",
                format!("{order} is over, and {} of {points} points are back", payment.returned),
            ));
        }
    }
    Ok(())
}

/// When the points of an order lapse; `None` if never, or for what is no order.
pub(crate) fn expires(history: &History, operation: &str) -> Option<Timestamp> {
    let order = operation.strip_prefix("order#")?;
    let placed_at = history.operations.iter().find_map(|operation| match &operation.action {
        Action::Order(event) if event.order.as_str() == order => {
            Some(event.snapshot.as_ref()?.placed_at)
        }
        _ => None,
    })?;
    let versions = history.versions();
    let programme = &versions.at(placed_at).programme;
    let Expiry::Rolling { after, rounded } = programme.expiry else { return None };
    let expires = after.after(placed_at, &programme.time_zone)?;
    match rounded {
        RoundedTo::Instant => Some(expires),
        RoundedTo::DayEnd => day_end(expires, &programme.time_zone),
        RoundedTo::MonthEnd => month_end(expires, &programme.time_zone),
    }
}

/// An account as it is stored, without parts of a second.
fn whole(mut account: Account) -> Account {
    let second = |at: Timestamp| Timestamp::from_second(at.as_second()).unwrap();
    account.settled_to = second(account.settled_to);
    account.bids.values_mut().for_each(|bid| bid.at = second(bid.at));
    account.wallets.retain(|_, wallet| !wallet.lots.is_empty() || wallet.debt != 0);
    account
}

/// An account with what its gifts are, but without how many were left: races may have taken some since that was read.
fn as_decided(account: &Account) -> (Account, Vec<Option<usize>>) {
    let mut account = account.clone();
    let indices = account.gifts.iter().map(|gift| gift.decided.index()).collect();
    for outcome in account.gifts.iter_mut().flat_map(|gift| &mut gift.decided.outcomes) {
        outcome.left = None;
    }
    (account, indices)
}

/// What races came to is what comes of the same operations one after the other, in the order in which they were written.
pub(crate) fn replayed(history: &mut History) -> Result<(), Violation> {
    let mut book = Book::new((*history.versions()).clone());
    book.pools.insert("spring".to_owned(), POOL.iter().map(|code| (*code).to_owned()).collect());
    for effect in history.effects.clone() {
        replay(history, &mut book, &effect).map_err(|error| {
            broken("1", format!("written, but not one after the other: {error}"))
        })?;
    }
    let members: BTreeSet<MemberId> =
        history.operations.iter().filter_map(|o| o.member.clone()).collect();
    for member in members {
        let id = member.clone();
        let stored = history.look(async move |ledger| ledger.account(&id).await.unwrap());
        let stored = whole(stored.unwrap_or_else(|| Account::new(member.clone())));
        let expected = whole(book.account(&member));
        if as_decided(&stored) != as_decided(&expected) {
            return Err(broken(
                "1",
                format!("one after the other gives {expected:?}, but there is {stored:?}"),
            ));
        }
        canonical(history, &member, &stored)?;
        in_steps(history, &stored)?;
    }
    Ok(())
}

fn replay(history: &History, book: &mut Book, effect: &Effect) -> Result<(), String> {
    let run = &history.runs[effect.run];
    let operation = &history.operations[run.operation];
    let board = bids::board_of(effect);
    let kept = member_of(effect).is_some()
        || effect.written.iter().any(|written| written.place.1.starts_with("OP#"));
    if !kept || matches!(&operation.action, Action::Claim(_)) {
        // What a bid is worth depends on others: it is taken as it was, and has laws of its own.
        book.boards.extend(board);
        return Ok(());
    }
    book.versions = (*run.versions).clone();
    let said = |error: guerdon_domain::book::BookError| error.to_string();
    let name = || operation.request.as_ref().unwrap().operation.clone();
    let done = match (&operation.action, &operation.member) {
        (Action::Order(event), _) => book.order(event, run.now).map(|_| ()),
        (Action::Happened(event), _) => {
            let wrote = |name: &Operation| wrote(effect, name);
            if wrote(&name()) {
                book.event(event, run.now).map_err(said)?;
            }
            let event = Event::Member(event.clone());
            for (member, play) in play::set_off(&book.versions.clone(), &event) {
                if wrote(&play.operation) {
                    book.play(&member, &play, (play::seed(&CHANCE, &play.game), &[]), run.now)
                        .map_err(said)?;
                }
            }
            Ok(())
        }
        (Action::Redeem(reward), Some(member)) => {
            let codes = vec![Some(format!("{reward}-{}", effect.run)); 2];
            let drawn = Drawn { seed: mystery::seed(&CHANCE, &name()), left: Vec::new() };
            let redeem = Redeem { operation: name(), reward: reward.clone(), codes, drawn };
            book.redeem(member, &redeem, run.now).map(|_| ())
        }
        (Action::Open(grant), Some(member)) => {
            book.open(member, &name(), *grant, run.now).map(|_| ())
        }
        // Numbers are given in the order of the writes: settling alone is no play.
        (Action::Play(_), Some(member)) if !wrote(effect, &name()) => {
            return settled(book, member.clone(), run.now);
        }
        (Action::Play(play), Some(member)) => {
            let seed = play::seed(&CHANCE, &play.game);
            book.play(member, play, (seed, &[]), run.now).map(|_| ())
        }
        (Action::Bid(bid), Some(member)) if wrote(effect, &name()) => {
            book.place_bid(member, bid, run.now).map(|_| ())
        }
        (Action::Bid(_) | Action::Sweep, _) => {
            let Some(member) = member_of(effect) else { return Ok(()) };
            let ended = effect
                .written
                .iter()
                .find_map(|written| written.place.1.strip_prefix("OP#bid#")?.split('#').next());
            match ended {
                Some(auction) => book.end_bid(&member, auction, &[], run.now),
                None => return settled(book, member, run.now),
            }
        }
        (Action::Enter(enter), Some(member)) => book.enter(member, enter, run.now).map(|_| ()),
        (Action::Hold(place), Some(member)) => book.hold(member, place, run.now).map(|_| ()),
        (Action::Capture(capture), Some(member)) => {
            book.capture(member, capture, run.now).map(|_| ())
        }
        (Action::Release(hold), Some(member)) => {
            book.release(member, &name(), hold, run.now).map(|_| ())
        }
        (Action::Adjust(adjust), Some(member)) => book.adjust(member, adjust, run.now).map(|_| ()),
        (Action::Upkeep(_), _) => {
            let Some(member) = member_of(effect) else { return Ok(()) };
            return settled(book, member, run.now);
        }
        (Action::Replay, _) => {
            // The order that was replayed is named by what was written.
            let of = |event: &OrderEvent| format!("OP#order#{}", event.order);
            let wrote = |pk: &str| effect.written.iter().any(|written| written.place.1 == pk);
            for operation in &history.operations {
                if let Action::Order(event) = &operation.action
                    && wrote(&of(event))
                {
                    let before = book.orders.get(&event.order).map(|state| state.written);
                    book.order(event, run.now).map_err(said)?;
                    if book.orders.get(&event.order).map(|state| state.written) != before {
                        break;
                    }
                }
            }
            Ok(())
        }
        (Action::Step, _) => return stepped(book, effect, run.now),
        (Action::Claim(_) | Action::Import | Action::Read | Action::Disqualify, _) => Ok(()),
        (action, None) => panic!("{} needs a member", action.name()),
    };
    done.map_err(|error| format!("{}: {error}", operation.action.name()))
}

/// Gives the prize that a step of the raffle gave, if it gave one.
fn stepped(book: &mut Book, effect: &Effect, now: Timestamp) -> Result<(), String> {
    let Some(member) = member_of(effect) else { return Ok(()) };
    let Some(award) = award_of(effect) else { return settled(book, member, now) };
    let decision = award::decide(&book.account(&member), &book.versions, &award, now);
    let decision = decision.map_err(|refusal| refusal.to_string())?;
    book.accounts.insert(member, decision.account);
    Ok(())
}

/// Whose account a write changes.
fn member_of(effect: &Effect) -> Option<MemberId> {
    let account = effect.written.iter().find(|written| written.place.2 == "ACCOUNT")?;
    Some(MemberId::new(text(account.after.as_deref()?, "member")).unwrap())
}

/// The prize that a write gives.
fn award_of(effect: &Effect) -> Option<Award> {
    effect.written.iter().find_map(|written| {
        let (place, entrant) = raffle::prize_of(written.place.1.strip_prefix("OP#")?)?;
        let item = written.after.as_deref()?;
        Some(Award {
            raffle: RAFFLE.to_owned(),
            version: u32::try_from(number(item, "version")?).unwrap(),
            prize: item["kind"]["M"]["prize"]["S"].as_str()?.to_owned(),
            place,
            entrant,
            codes: vec![Some("a code".to_owned())],
        })
    })
}

/// Whether a write has to do with an operation.
fn wrote(effect: &Effect, name: &Operation) -> bool {
    let partition = format!("OP#{name}");
    effect.written.iter().any(|written| written.place.1 == partition)
}

/// Settles a member's account in the ledger in memory.
fn settled(book: &mut Book, member: MemberId, now: Timestamp) -> Result<(), String> {
    let settled = settle::settle(&book.account(&member), &book.versions, now);
    if let Some(decision) = settled.map_err(|error| error.to_string())? {
        book.accounts.insert(member, decision.account);
    }
    Ok(())
}

/// Law 6: settling in two steps is settling in one.
fn in_steps(history: &History, stored: &Account) -> Result<(), Violation> {
    let versions = history.versions();
    let as_of = |account: &Account, at| settle::as_of(account, &versions, at).unwrap();
    for days in [1, 20, 200, 500] {
        let soon = history.now + SignedDuration::from_hours(24 * days);
        let late = soon + SignedDuration::from_hours(24 * 300);
        let (steps, one) = (as_of(&as_of(stored, soon), late), as_of(stored, late));
        if steps != one {
            let detail = format!("at {late} there is {one:?}; by way of {soon} {steps:?}");
            return Err(broken("6", detail));
        }
    }
    Ok(())
}

/// Law 4: for a member with one order and nothing spent, the same news in the shop's order, all at once, now.
fn canonical(history: &History, member: &MemberId, stored: &Account) -> Result<(), Violation> {
    let mine: Vec<_> = history
        .operations
        .iter()
        .filter(|operation| operation.member.as_ref() == Some(member))
        .collect();
    let simple =
        |action: &Action| matches!(action, Action::Order(_) | Action::Happened(_) | Action::Read);
    let mut news: Vec<(OrderId, Vec<OrderEvent>)> = accepted(history).into_iter().collect();
    news.retain(|(_, news)| {
        news.iter()
            .any(|event| mine.iter().any(|o| matches!(&o.action, Action::Order(e) if e == event)))
    });
    let named = |action: &Action| matches!(action, Action::Happened(event) if event.key.is_some());
    let capped = mine.iter().filter(|operation| named(&operation.action)).count();
    // What became available is the member's under the third policy, so there it matters when news arrive; and of events
    // under one cap the first has the most, with its dates.
    if history.policy == 2
        || capped > 1
        || news.len() != 1
        || !mine.iter().all(|operation| simple(&operation.action))
    {
        return Ok(());
    }
    let entries = stored::entries(&history.tables);
    if entries.get(member.as_str()).is_some_and(|all| all.iter().any(|e| e.kind == "prize")) {
        return Ok(());
    }
    let mut book = Book::new((*history.versions()).clone());
    let (_, mut news) = news.remove(0);
    news.sort_by_key(|event| {
        event.snapshot.as_ref().map_or(Timestamp::MAX, |snapshot| snapshot.updated_at)
    });
    let fails = |error: guerdon_domain::book::BookError| broken("4", format!("in order, {error}"));
    // A rule may fail on a state that was never seen, because newer news came first: then the event waits, and is replayed.
    for event in news.iter().chain(&news) {
        match book.order(event, history.now) {
            Ok(_) | Err(guerdon_domain::book::BookError::Parked(_)) => {}
            Err(error) => return Err(fails(error)),
        }
    }
    for operation in &mine {
        if let Action::Happened(event) = &operation.action {
            book.event(event, history.now).map_err(fails)?;
        }
    }
    let versions = history.versions();
    let balance = |account: &Account| {
        settle::as_of(account, &versions, history.now).unwrap().balance(&Asset::Points)
    };
    let (expected, found) = (balance(&book.account(member)), balance(stored));
    if expected == found {
        Ok(())
    } else {
        Err(broken("4", format!("{member}: {found:?}; in order {expected:?}")))
    }
}

/// The zone that every programme here lives in.
pub(crate) fn zone() -> Zone {
    Zone::new("Europe/Warsaw").unwrap()
}

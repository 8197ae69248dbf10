//! Laws 1, 3, 7, 9 and 11: what is true after every step of every history.

use std::collections::BTreeMap;

use guerdon_domain::{
    account::{Asset, sum},
    book::{Answer, BookError},
    earn,
    entry::{Kind, LedgerAccount},
    event::Status,
    id::{Operation, RuleId},
    order::Part,
    programme::Trigger,
};
use proptest::prelude::*;

use crate::{
    life::{self, MEMBERS, News, ORDERS, event, member, order_id},
    policy::{PLAIN, RAFFLE},
    world::{ALL, Step, World, any_policies, any_script, any_step, reasons},
};

proptest! {
    /// The checks are in [`World::take_and_check`].
    #[test]
    fn the_books_balance_after_every_step_and_no_one_owes_but_by_a_reversal(
        policies in any_policies(),
        script in any_script(ALL, 60),
    ) {
        let mut world = World::new(&policies);
        for step in &script.0 {
            world.take_and_check(step)?.ok();
        }
    }

    #[test]
    fn what_was_issued_for_orders_is_what_the_rules_give_for_them_as_they_stand(
        policies in any_policies(),
        script in any_script(ALL, 60),
    ) {
        let mut world = World::new(&policies);
        for step in &script.0 {
            world.take(step).ok();
        }
        for m in 0..MEMBERS {
            let (points, tickets) = (Asset::Points, Asset::Tickets(RAFFLE.into()));
            let issued = issued_for_orders(&world, m, &points);
            prop_assert_eq!(issued, entitled(&world, m, &points)?, "to member {}", m);
            if !closed(&world) {
                let issued = issued_for_orders(&world, m, &tickets);
                prop_assert_eq!(issued, entitled(&world, m, &tickets)?, "tickets to member {}", m);
            }
        }
    }

    #[test]
    fn the_list_of_a_closed_raffle_never_changes(policies in any_policies(), script in any_script(ALL, 60)) {
        let mut world = World::new(&policies);
        let mut list = None;
        for step in &script.0 {
            world.take(step).ok();
            if closed(&world) {
                let now = world.book.entrants.get(&RAFFLE.into()).cloned();
                prop_assert_eq!(list.get_or_insert(now.clone()), &now);
            }
        }
    }

    #[test]
    fn a_cap_is_never_overdrawn(policies in any_policies(), script in any_script(ALL, 60)) {
        let mut world = World::new(&policies);
        for step in &script.0 {
            world.take(step).ok();
        }
        for m in 0..MEMBERS {
            let mut given: BTreeMap<(RuleId, String), i64> = BTreeMap::new();
            let mut caps: BTreeMap<(RuleId, String), i64> = BTreeMap::new();
            for entry in world.entries(m) {
                let programme = &world.book.versions.number(entry.version).unwrap().programme;
                for reason in &entry.reasons {
                    let rule = programme.earn.iter().find(|rule| rule.id == reason.rule);
                    let Some(cap) = rule.and_then(|rule| rule.limit) else { continue };
                    let key = (reason.rule, cap.per.period(entry.at, &programme.time_zone));
                    *given.entry(key.clone()).or_default() += reason.points;
                    let most = caps.entry(key).or_default();
                    *most = cap.points.max(*most);
                }
            }
            // A rule that had no cap in another version gave without one.
            let uncapped = |rule: &RuleId| world.book.versions.all().any(|version| {
                version.programme.earn.iter().any(|earn| earn.id == *rule && earn.limit.is_none())
            });
            for (key, given) in given.iter().filter(|((rule, _), _)| !uncapped(rule)) {
                prop_assert!((0..=caps[key]).contains(given), "{:?} gave {}", key, given);
            }
            // Of what orders were given, the account knows when it expires.
            let of_orders = |rule: &RuleId| world.book.versions.all().any(|version| {
                version.programme.earn.iter().any(|earn| earn.id == *rule && earn.on == Trigger::Order)
            });
            for ((rule, period), given) in given.iter().filter(|((rule, _), _)| of_orders(rule) && !uncapped(rule)) {
                let account = world.account(m);
                let gave = account.capped.get(&(*rule, period.clone()));
                let known = gave.map_or(0, |gave| sum(gave));
                prop_assert_eq!(known, *given, "{} in {}", rule, period);
            }
        }
    }

    #[test]
    fn who_gets_nothing_for_an_order_or_an_event_is_told_why_by_every_rule(
        policies in any_policies(),
        before in any_script(ALL, 20),
        order in 0..ORDERS,
        news in life::any_news(),
    ) {
        let mut world = World::new(&policies);
        for step in &before.0 {
            world.take(step).ok();
        }
        let event = event(order, &news);
        let known = world.book.orders.get(&order_id(order)).cloned().unwrap_or_default();
        let is_news = known.knowledge.clone().merge(&event);
        let Ok(answer) = world.book.order(&event, world.now) else { return Ok(()) };
        let state = world.book.orders.get(&order_id(order)).cloned().unwrap_or_default();
        if let (true, Some(snapshot)) = (is_news, &state.knowledge.snapshot)
            && known.member.as_ref().is_none_or(|owner| *owner == member(order))
        {
            let reasons = reasons(&answer);
            let returned = matches!(&answer, Answer::Entries(entries) if entries.iter().all(|e| e.kind == Kind::Return));
            let whole = reasons.iter().any(|reason| reason.rule == "order");
            let rules = ["spend", "double", "thanks"];
            let each = rules.iter().all(|rule| reasons.iter().any(|reason| reason.rule == *rule));
            prop_assert!(whole || each || returned, "{:?}", reasons);
            prop_assert!(whole || returned || snapshot.status == Status::Paid);
        }
    }

    #[test]
    fn a_rule_that_errs_parks_the_event_and_changes_nothing(
        policies in any_policies(),
        before in any_script(ALL, 20),
        m in 0..MEMBERS,
    ) {
        let mut world = World::new(&policies);
        for step in &before.0 {
            world.take(step).ok();
        }
        let step = Step::Event(m, 2, 77);
        let answer = world.take_and_check(&step)?;
        prop_assert!(matches!(&answer, Err(BookError::Parked(error)) if error.rule == "broken"), "{:?}", answer);
    }

    #[test]
    fn what_was_accepted_of_an_order_is_remembered(
        policies in any_policies(),
        before in any_script(ALL, 20),
        order in 0..ORDERS,
        life in life::any_life(),
    ) {
        let mut world = World::new(&policies);
        for step in &before.0 {
            world.take(step).ok();
        }
        for news in &life {
            if world.book.order(&event(order, news), world.now).is_ok() {
                let mut known = world.book.orders[&order_id(order)].knowledge.clone();
                prop_assert!(!known.merge(&event(order, news)));
            }
        }
    }

    #[test]
    fn what_one_member_does_is_the_same_whatever_the_other_does(
        policies in any_policies(),
        steps in prop::collection::vec((any_step(ALL), 0..100_i64), 1..40),
    ) {
        // They compete for stock and codes only, so member 1 redeems nothing here.
        let of = |step: &Step| match step {
            Step::Order(order, _) => order % MEMBERS,
            Step::Event(m, ..) | Step::Redeem(m, ..) | Step::Hold(m, ..) | Step::Capture(m, ..) | Step::Release(m, ..) | Step::Open(m, ..) | Step::Enter(m, ..) | Step::Adjust(m, ..) => *m,
            Step::Wait(_) | Step::Settle | Step::Publish => 0,
        };
        let apart = |step: &&(Step, i64)| match &step.0 {
            Step::Redeem(m, ..) => *m == 0,
            Step::Hold(m, _, _, order) | Step::Capture(m, _, _, order, _) => {
                order.is_none_or(|order| order % MEMBERS == *m)
            }
            _ => true,
        };
        let (mut both, mut alone) = (World::new(&policies), World::new(&policies));
        for (step, _) in steps.iter().filter(apart) {
            both.take(step).ok();
            if of(step) == 0 {
                alone.take(step).ok();
            }
        }
        prop_assert_eq!(both.entries(0), alone.entries(0));
        prop_assert_eq!(both.account(0), alone.account(0));
    }
}

/// What a member's orders were issued, by the ledger.
/// What a part of an order is made of.
fn asset_of(part: &Part) -> Asset {
    part.tickets.clone().map_or(Asset::Points, Asset::Tickets)
}

/// Whether the raffle takes no entries any more.
fn closed(world: &World) -> bool {
    world.now >= world.book.versions.raffle(RAFFLE, world.now).unwrap().closes
}

fn issued_for_orders(world: &World, m: u8, asset: &Asset) -> i64 {
    let orders: Vec<Operation> =
        (0..ORDERS).map(|order| Operation::order(&order_id(order))).collect();
    let entries = world.entries(m).iter().filter(|entry| orders.contains(&entry.operation));
    let issued = entries
        .flat_map(|entry| &entry.postings)
        .filter(|posting| posting.account == LedgerAccount::Issued && posting.asset == *asset);
    -issued.map(|posting| posting.amount).sum::<i64>()
}

/// What the rules give for a member's orders as they stand, worked out from the rules alone. Versions share a cap in their
/// order: each gives what the older ones leave of its own.
///
/// Of tickets it is only so while the raffle takes entries.
pub(crate) fn entitled(world: &World, m: u8, asset: &Asset) -> Result<i64, TestCaseError> {
    let mut uncapped = 0;
    let mut capped: BTreeMap<(RuleId, String), BTreeMap<u32, (i64, i64)>> = BTreeMap::new();
    for (order, state) in
        world.book.orders.iter().filter(|(_, state)| state.member.as_ref() == Some(&member(m)))
    {
        let (Some(snapshot), Some(pin)) = (&state.knowledge.snapshot, &state.pin) else { continue };
        if snapshot.status != Status::Paid {
            prop_assert!(state.parts.iter().all(|part| part.tickets.is_some()));
            prop_assert!(closed(world) || state.parts.is_empty());
            continue;
        }
        let version = world.book.versions.number(pin.version).unwrap();
        let basis = state.basis(&world.book.versions, &version.programme).unwrap().unwrap();
        let parts = earn::evaluate(version, snapshot, order, &basis, pin.tier.as_deref());
        let (parts, _) = parts.map_err(|error| TestCaseError::fail(error.to_string()))?;
        for part in parts.into_iter().filter(|part| asset_of(part) == *asset) {
            let rule = version.programme.earn.iter().find(|rule| rule.id == part.rule).unwrap();
            match rule.limit {
                None => uncapped += part.wanted,
                Some(cap) => {
                    let period = cap.per.period(snapshot.placed_at, &version.programme.time_zone);
                    let versions = capped.entry((part.rule, period)).or_default();
                    let (wanted, most) = versions.entry(version.version).or_default();
                    *wanted += part.wanted;
                    *most = cap.points;
                }
            }
        }
    }
    let share = |versions: &BTreeMap<u32, (i64, i64)>| {
        versions
            .values()
            .fold(0, |given: i64, (wanted, cap)| given + (*wanted).min((cap - given).max(0)))
    };
    Ok(uncapped + capped.values().map(share).sum::<i64>())
}

#[test]
fn an_order_in_a_currency_that_is_not_accepted_says_so() {
    let mut world = World::new(&[PLAIN]);
    let answer = world.news(ORDERS - 2, &News::State(1, Status::Paid, [4, 2]));
    let reasons = reasons(&answer);
    assert_eq!(reasons.len(), 1);
    assert_eq!(reasons[0].because, guerdon_domain::entry::Because::Currency);
}

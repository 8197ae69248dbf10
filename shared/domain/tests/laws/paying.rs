//! Paying with points conserves them, and no sequence of paying, earning and refunding makes points out of nothing.

use std::collections::BTreeMap;

use guerdon_domain::{
    account::{Asset, sum},
    earn,
    entry::{Kind, LedgerAccount},
    event::{Line, Status},
    programme::Clawback,
};
use proptest::prelude::*;

use crate::{
    always::entitled,
    life::{MEMBERS, event, order_id, paid},
    policy::{PLAIN, Policy, any_policy, any_policy_that_takes_back},
    world::{Mix, Script, World, any_script},
};

const PAY: Mix = Mix { redeem: 1, pay: 10, adjust: 1 };

fn play(policy: Policy, script: &Script) -> World {
    let mut world = World::new(&[policy]);
    for step in &script.0 {
        world.take(step).ok();
    }
    world
}

proptest! {
    #[test]
    fn points_given_back_never_exceed_points_spent_and_a_refunded_order_gives_back_all(
        policy in any_policy(),
        script in any_script(PAY, 60),
    ) {
        let world = play(policy, &script);
        for state in world.book.orders.values() {
            let undone = |status| matches!(status, Status::Refunded | Status::Voided | Status::Cancelled);
            let off = state.knowledge.snapshot.as_ref().is_some_and(|snapshot| undone(snapshot.status));
            let stands = state.knowledge.refunds.is_empty()
                && state.knowledge.snapshot.as_ref().is_some_and(|snapshot| {
                    let whole = |line: &Line| line.current_milli == line.quantity_milli;
                    !undone(snapshot.status) && snapshot.lines.iter().all(whole)
                });
            for payment in &state.payments {
                let spent = sum(&payment.lots);
                prop_assert!((0..=spent).contains(&payment.returned));
                // What was given back and lapsed since cannot be taken again; all else is, or is owed.
                prop_assert!(!stands || payment.returned == 0 || policy.expiry.is_some(), "{:?}", payment);
                prop_assert!(!off || payment.returned == spent, "{:?} of {}", payment, spent);
            }
        }
    }

    #[test]
    fn what_was_spent_on_orders_is_captured_less_given_back(policy in any_policy(), script in any_script(PAY, 60)) {
        let world = play(policy, &script);
        let states = || world.book.orders.values();
        for m in 0..MEMBERS {
            let paid: i64 = states()
                .filter(|state| state.member == Some(crate::life::member(m)))
                .flat_map(|state| &state.payments)
                .map(|payment| sum(&payment.lots) - payment.returned)
                .sum();
            let rest = world.entries(m).iter().filter(|entry| match &entry.kind {
                Kind::Redemption { .. } | Kind::Entered { .. } => true,
                Kind::Capture { order, .. } => order.is_none(),
                _ => false,
            });
            let rest = rest.flat_map(|entry| &entry.postings);
            let rest: i64 =
                rest.filter(|posting| posting.account == LedgerAccount::Redeemed).map(|posting| posting.amount).sum();
            prop_assert_eq!(world.posted(m, LedgerAccount::Redeemed), paid + rest);
        }
    }

    #[test]
    fn the_part_paid_with_points_does_not_earn(
        give in 1..4_i64,
        points in (2..20_i64).prop_map(|n| n * 5),
        before in any::<bool>(),
    ) {
        use crate::world::Step;
        let mut world = World::new(&[Policy { give, ..PLAIN }]);
        world.take(&Step::Adjust(0, 500, 1)).unwrap();
        world.take(&Step::Hold(0, points, 1, Some(0))).unwrap();
        if before {
            world.news(0, &paid());
        }
        world.take(&Step::Capture(0, 1, None, None, 1)).unwrap();
        world.news(0, &paid());
        let state = &world.book.orders[&order_id(0)];
        let basis = state.basis(&world.book.versions, &world.book.versions.newest().programme).unwrap().unwrap();
        let rest = basis.total - points / 2;
        prop_assert_eq!(basis.net(), rest);
        let tea = i64::try_from(i128::from(basis.lines[0]) * i128::from(rest) / i128::from(basis.total)).unwrap();
        let spend = state.parts.iter().find(|part| part.rule == "spend").unwrap();
        prop_assert_eq!(spend.wanted, give * tea / 100);
        let snapshot = event(0, &paid()).snapshot.unwrap();
        let version = world.book.versions.newest();
        let whole = guerdon_domain::order::basis(&snapshot, &BTreeMap::new(), 0);
        let (parts, _) = earn::evaluate(version, &snapshot, &order_id(0), &whole, None).unwrap();
        prop_assert!(parts.iter().any(|part| part.rule == "spend" && part.wanted >= spend.wanted));
    }

    #[test]
    fn no_history_makes_points_out_of_nothing(policy in any_policy_that_takes_back(), script in any_script(PAY, 80)) {
        let policy = Policy { tiers_multiply: false, ..policy };
        let world = play(policy, &script);
        for m in 0..MEMBERS {
            let events = world.entries(m).iter().filter(|entry| match &entry.kind {
                Kind::Accrual { what } => what != "order",
                Kind::Redemption { .. } | Kind::Reveal { .. } => true,
                _ => false,
            });
            let events = events.flat_map(|entry| &entry.postings);
            let issued: i64 = -events
                .filter(|posting| posting.account == LedgerAccount::Issued && posting.asset == Asset::Points)
                .map(|posting| posting.amount)
                .sum::<i64>();
            let (added, taken) = adjusted(&world, m);
            let given = entitled(&world, m, &Asset::Points)? + issued + added;
            let balance = world.account(m).balance(&Asset::Points);
            let total = balance.available + balance.pending + balance.held;
            let gone = world.posted(m, LedgerAccount::Redeemed) + world.posted(m, LedgerAccount::Expired) + taken;
            let forgiven = -world.posted(m, LedgerAccount::Forgiven);
            prop_assert_eq!(total, given - gone + forgiven);
            prop_assert!(forgiven >= 0);
            // What is forgiven was out at the time: spent for good, or held still. What came back since made up for it, unless
            // the policy leaves to the member what was available.
            let left = if policy.clawback == Clawback::PendingOnly { came_back(&world, m) } else { 0 };
            let back = balance.held + left;
            prop_assert!(total <= given + back, "m{} has {}, was given {}; {} came back", m, total, given, back);
            if policy.clawback == Clawback::AllowNegative && policy.expiry.is_none() {
                prop_assert_eq!(forgiven, 0);
            }
        }
    }
}

/// What staff added, and took away.
fn adjusted(world: &World, m: u8) -> (i64, i64) {
    let legs = world.entries(m).iter().flat_map(|entry| &entry.postings);
    let amounts = legs
        .filter(|posting| posting.account == LedgerAccount::Adjusted)
        .map(|posting| -posting.amount);
    amounts.fold((0, 0), |(added, taken), amount| (added + amount.max(0), taken + (-amount).max(0)))
}

/// Points that releases, lapses and refunds brought back to a member.
fn came_back(world: &World, m: u8) -> i64 {
    let back = world.entries(m).iter().filter(|entry| {
        matches!(entry.kind, Kind::Release { .. } | Kind::Lapse { .. } | Kind::Return)
    });
    let legs = back
        .flat_map(|entry| &entry.postings)
        .filter(|posting| posting.account == LedgerAccount::Available);
    legs.map(|posting| posting.amount.max(0)).sum()
}

//! Law 4: news of an order may come in any order, any number of times.

use std::collections::BTreeMap;

use guerdon_domain::{
    account::{Account, Asset, Lot, Wallet},
    event::Status,
    programme::{Clawback, RoundedTo},
};
use proptest::prelude::*;

use crate::{
    life::{News, ORDERS, UNITS, any_life, any_undone_life, paid, shuffled},
    policy::{GIFTS, Policy, REWARDS, any_policy, any_policy_that_takes_back},
    world::{ALL, Script, Step, World, any_script},
};

/// The order whose news are shuffled, of member 0; the others of that member have even numbers too.
const ORDER: u8 = 2;

fn any_others() -> impl Strategy<Value = Vec<(u8, News)>> {
    let order = prop_oneof![Just(0_u8), Just(4)];
    prop::collection::vec((order, any_life()), 0..3).prop_map(|others| {
        others
            .into_iter()
            .flat_map(|(order, life)| life.into_iter().map(move |news| (order, news)))
            .collect()
    })
}

/// A life, and the same life in another order.
fn twice(life: impl Strategy<Value = Vec<News>>) -> impl Strategy<Value = (Vec<News>, Vec<News>)> {
    life.prop_flat_map(|life| (Just(life.clone()), shuffled(life)))
}

/// What remains of an account when the numbering of its entries is left out.
fn standing(world: &World) -> (BTreeMap<Asset, Wallet>, Account) {
    let mut account = world.standing(0);
    let wallets = std::mem::take(&mut account.wallets);
    account.sequence = 0;
    account.tier = None;
    (wallets.into_iter().filter(|(_, wallet)| *wallet != Wallet::default()).collect(), account)
}

/// The same for orders that share a cap: which of them got its points, and so their dates, depends on which came first. Their
/// sum does not.
fn shared(world: &World) -> Account {
    let mut account = standing(world).1;
    for gave in account.capped.values_mut() {
        let amount = guerdon_domain::account::sum(gave);
        *gave = vec![Lot { activates: None, expires: None, amount }];
    }
    account
}

fn points(world: &World) -> i64 {
    let balance = world.balance(0);
    balance.available + balance.pending + balance.held
}

fn deliver(world: &mut World, order: u8, life: &[News]) {
    for news in life {
        world.news(order, news);
    }
}

/// Under "pending only" what has become available stays the member's, whatever comes later: that policy gives up law 4
/// once points are available, so there all news come before.
fn days(policy: &Policy, days: i64) -> (Policy, i64) {
    if policy.clawback == Clawback::PendingOnly {
        (Policy { pending_days: Some(policy.pending_days.unwrap_or(7)), ..*policy }, 4)
    } else {
        (*policy, days)
    }
}

fn world(policy: &Policy, others: &[(u8, News)], after_days: i64) -> World {
    let mut world = World::new(&[*policy]);
    world.wait_days(after_days);
    for (order, news) in others {
        world.news(*order, news);
    }
    world
}

proptest! {
    #[test]
    fn news_of_an_order_come_to_the_same_in_any_order(
        policy in any_policy(),
        others in any_others(),
        (life, otherwise) in twice(any_life()),
        after in prop_oneof![Just(4_i64), 4..80_i64],
    ) {
        let (policy, after) = days(&policy, after);
        let start = world(&policy, &others, after);
        let (mut straight, mut shuffled) = (start.clone(), start);
        deliver(&mut straight, ORDER, &life);
        deliver(&mut shuffled, ORDER, &otherwise);
        prop_assert_eq!(standing(&straight), standing(&shuffled));
        prop_assert_eq!(state(&straight), state(&shuffled));
    }

    #[test]
    fn news_of_an_order_that_points_paid_for_come_to_the_same_in_any_order(
        policy in any_policy(),
        (life, otherwise) in twice(any_life()),
        points in (2..20_i64).prop_map(|n| n * 5),
        captured_after in 0..6_usize,
    ) {
        let (policy, after) = days(&policy, 4);
        let mut start = world(&policy, &[], after);
        start.take(&Step::Adjust(0, 500, 1)).unwrap();
        start.take(&Step::Hold(0, points, 1, Some(ORDER))).unwrap();
        let run = |life: &[News]| {
            let mut world = start.clone();
            let (first, rest) = life.split_at(captured_after.min(life.len()));
            deliver(&mut world, ORDER, first);
            world.take(&Step::Capture(0, 1, None, None, 1)).unwrap();
            deliver(&mut world, ORDER, rest);
            world
        };
        let (straight, shuffled) = (run(&life), run(&otherwise));
        prop_assert_eq!(standing(&straight), standing(&shuffled));
        prop_assert_eq!(state(&straight), state(&shuffled));
    }

    #[test]
    fn news_of_an_order_come_to_the_same_whenever_they_come(
        policy in any_policy_that_takes_back(),
        others in any_others(),
        (life, otherwise) in twice(any_life()),
        waits in prop::collection::vec((0..40_i64, 0..40_i64), 20),
    ) {
        let start = world(&policy, &others, 4);
        let end = start.now + jiff::SignedDuration::from_hours(24 * 1000);
        let run = |life: &[News], waits: Vec<i64>| {
            let mut world = start.clone();
            for (news, wait) in life.iter().zip(waits) {
                world.wait_days(if wait > 20 { 0 } else { wait });
                world.news(ORDER, news);
            }
            world.now = end;
            world
        };
        let straight = run(&life, waits.iter().map(|wait| wait.0).collect());
        let shuffled = run(&otherwise, waits.iter().map(|wait| wait.1).collect());
        prop_assert_eq!(points(&straight), points(&shuffled));
    }

    #[test]
    fn an_order_that_ends_in_a_full_refund_leaves_no_trace_whatever_was_published_meanwhile(
        policies in [any_policy_that_takes_back(), any_policy_that_takes_back()],
        before in any_others(),
        between in any_others(),
        (_, life) in twice(any_undone_life()),
        published_after in 0..6_usize,
    ) {
        // Others must not earn by a tier that this order lifted the member to for a while.
        let policies = policies.map(|policy| Policy { tiers_multiply: false, ..policy });
        let mut with = World::new(&policies);
        with.wait_days(4);
        let mut without = with.clone();
        for (index, news) in life.iter().enumerate() {
            if index == published_after.min(life.len() - 1) {
                for (order, news) in &before {
                    with.news(*order, news);
                    without.news(*order, news);
                }
                with.publish();
                without.publish();
                for (order, news) in &between {
                    with.news(*order, news);
                    without.news(*order, news);
                }
            }
            with.news(ORDER, news);
        }
        prop_assert_eq!(points(&with), points(&without));
        prop_assert_eq!(standing(&with).1.qualifying, standing(&without).1.qualifying);
        prop_assert_eq!(standing(&with).1.caps, standing(&without).1.caps);
    }

    #[test]
    fn orders_that_share_a_cap_come_to_the_same_sum_in_any_order(
        policy in any_policy_that_takes_back(),
        cap in 20..200_i64,
        (all, otherwise) in prop::collection::vec((0..ORDERS / 2, any_life()), 1..5).prop_flat_map(|lives| {
            let all: Vec<(u8, News)> =
                lives.into_iter().flat_map(|(order, life)| life.into_iter().map(move |news| (order * 2, news))).collect();
            (Just(all.clone()), Just(all).prop_shuffle())
        }),
        after in prop_oneof![Just(0_i64), 0..12_i64],
        expires in prop::option::of((40..60_i32, Just(RoundedTo::Instant))),
    ) {
        let policy = Policy { cap: Some(cap), tiers_multiply: false, expiry: expires, ..policy };
        let (mut straight, mut shuffled) = (world(&policy, &[], after), world(&policy, &[], after));
        for (order, news) in &all {
            straight.news(*order, news);
        }
        for (order, news) in &otherwise {
            shuffled.news(*order, news);
        }
        prop_assert_eq!(points(&straight), points(&shuffled));
        prop_assert_eq!(shared(&straight), shared(&shuffled));
    }

    #[test]
    fn who_pays_again_for_what_was_refunded_has_what_they_had(
        policy in any_policy(),
        holds in any::<bool>(),
        before in any_script(ALL, 40),
        (refunded, paid_again) in prop::collection::vec(0..ORDERS / 2, 1..4).prop_flat_map(|orders| {
            (Just(orders.clone()), Just(orders).prop_shuffle())
        }),
        days in prop_oneof![Just(0_i64), 1..70_i64],
        times in 1..4_i64,
    ) {
        // What activates or comes back meanwhile fills a debt, or makes up for what was forgiven, and is not told apart after.
        let meanwhile = holds || policy.clawback == Clawback::AllowNegative && policy.pending_days.is_some();
        let days = if meanwhile { 0 } else { days };
        // What a cap gives again has the dates of the order that it gives it for.
        let policy = Policy { cap: policy.cap.filter(|_| policy.expiry.is_none()), ..policy };
        let mut world = World::new(&[policy]);
        for step in &before.0 {
            let skipped = match step {
                Step::Hold(..) => !holds,
                // A gift that opens meanwhile would.
                Step::Redeem(_, reward, _) => GIFTS.contains(&REWARDS[*reward]),
                // What a cap gives for one order makes up for another part of it too, if there is something to make up for.
                Step::Order(_, news) => policy.cap.is_some() && !matches!(news, News::State(_, Status::Paid, UNITS)),
                _ => false,
            };
            if !skipped {
                world.take(step).ok();
            }
        }
        for order in &refunded {
            world.news(order * 2, &News::State(90, Status::Paid, UNITS));
        }
        let mut straight = world.clone();
        straight.wait_days(days);
        let mut once = None;
        for n in 0..times {
            for order in &refunded {
                world.news(order * 2, &News::State(91 + 2 * n, Status::Refunded, [0, 0]));
            }
            if n == 0 {
                world.wait_days(days);
            }
            // The other policies take what is pending, or what the member has, by then; and of several orders, one may have paid
            // the debt of another that has lapsed since.
            if policy.clawback == Clawback::AllowNegative && refunded.iter().all(|order| *order == refunded[0]) {
                let refunded = points(&world);
                prop_assert_eq!(refunded, *once.get_or_insert(refunded), "refunded once or more often");
            }
            for order in &paid_again {
                world.news(order * 2, &News::State(92 + 2 * n, Status::Paid, UNITS));
            }
        }
        prop_assert_eq!(points(&world), points(&straight));
    }

    #[test]
    fn what_is_refunded_again_was_refunded_once(
        policy in any_policy_that_takes_back(),
        scripts in [any_script(ALL, 30), any_script(ALL, 10), any_script(ALL, 10), any_script(ALL, 10)],
        order in (0..ORDERS / 2).prop_map(|order| order * 2),
        times in 1..4_i64,
    ) {
        let policy = Policy { cap: None, double_cap: None, expiry: None, ..policy };
        let play = |world: &mut World, script: &Script| {
            // A gift is opened by the number of its entry, and who is refunded twice has more of them.
            for step in script.0.iter().filter(|step| !matches!(step, Step::Open(..))) {
                world.take(step).ok();
            }
        };
        let [before, spent, meanwhile, after] = scripts;
        let mut once = World::new(&[policy]);
        play(&mut once, &before);
        once.news(order, &News::State(90, Status::Paid, UNITS));
        play(&mut once, &spent);
        once.news(order, &News::State(91, Status::Refunded, [0, 0]));
        play(&mut once, &meanwhile);
        let mut again = once.clone();
        for n in 0..times {
            again.news(order, &News::State(92 + 2 * n, Status::Paid, UNITS));
            again.news(order, &News::State(93 + 2 * n, Status::Refunded, [0, 0]));
        }
        prop_assert_eq!(points(&again), points(&once));
        play(&mut once, &after);
        play(&mut again, &after);
        prop_assert_eq!(points(&again), points(&once), "after {:?}", after);
    }
}

type State = (
    guerdon_domain::order::Knowledge,
    Vec<guerdon_domain::order::Part>,
    Vec<guerdon_domain::order::Payment>,
);

/// What is known of the order and moved for it, when the numbering of entries is left out.
fn state(world: &World) -> State {
    let mut state = world.book.orders[&crate::life::order_id(ORDER)].clone();
    for payment in &mut state.payments {
        payment.since = 0;
    }
    (state.knowledge, state.parts, state.payments)
}

#[test]
fn a_refund_may_come_before_its_order() {
    let mut world = World::new(&[crate::policy::PLAIN]);
    world.news(ORDER, &News::Amount(1, 1_000_000));
    world.news(ORDER, &paid());
    assert_eq!(points(&world), 0);
}

//! Cases thought of by hand, most of them once wrong.

use std::sync::Arc;

use guerdon_domain::{
    account::{Asset, Lot},
    book::{Answer, BookError},
    entry::{Because, Kind},
    event::{OrderEvent, Status},
    programme::{Clawback, RoundedTo},
    rejection::Rejection,
};
use jiff::SignedDuration;

use crate::{
    life::{self, News, UNITS, member, order_id, paid},
    policy::{PLAIN, Policy},
    world::{Step, World, reasons},
};

const ADJUST: Step = Step::Adjust(0, 500, 1);
/// What order 0, of 61.32 of tea and 30.01 on sale, earns by `spend`, `double` and `thanks`.
const EARNED: i64 = 61 + 61 + 7;

fn world(policy: Policy) -> World {
    World::new(&[policy])
}

fn points(world: &World, m: u8) -> (i64, i64, i64) {
    let balance = world.balance(m);
    (balance.available, balance.pending, balance.held)
}

fn lots(world: &World) -> Vec<Lot> {
    world.standing(0).wallets.get(&Asset::Points).map_or(Vec::new(), |wallet| wallet.lots.clone())
}

fn cancelled() -> News {
    News::State(9, Status::Cancelled, [0, 0])
}

#[test]
fn a_condition_that_divides_by_the_net_does_not_park_the_refund_that_empties_the_order() {
    let mut world = world(PLAIN);
    world.news(0, &paid());
    assert_eq!(points(&world, 0), (EARNED, 0, 0));
    let answer = world.news(0, &News::Amount(1, 1_000_000));
    assert_eq!(points(&world, 0), (0, 0, 0));
    assert!(reasons(&answer).iter().all(|reason| reason.because == Because::NoEligibleLine));
}

#[test]
fn a_cap_that_changes_within_a_month_gives_and_takes_back_the_same() {
    let mut world =
        World::new(&[Policy { cap: Some(80), ..PLAIN }, Policy { cap: Some(50), ..PLAIN }]);
    world.news(0, &paid());
    // Order 2 is placed four days later: under the second version.
    world.wait_days(1);
    world.publish();
    world.news(2, &paid());
    world.news(0, &cancelled());
    world.news(2, &cancelled());
    assert_eq!(points(&world, 0), (0, 0, 0));
    assert!(world.account(0).caps.is_empty() && world.account(0).capped.is_empty());
}

#[test]
fn orders_that_share_a_cap_do_not_leave_each_others_pending_points_behind() {
    let mut world = world(Policy { cap: Some(61), pending_days: Some(14), ..PLAIN });
    for news in [paid(), cancelled()] {
        world.news(0, &news);
        world.news(2, &news);
    }
    assert_eq!(points(&world, 0), (0, 0, 0));
}

#[test]
fn a_payment_that_failed_and_was_made_good_spends_the_points_again() {
    let mut world = world(PLAIN);
    world.take(&ADJUST).unwrap();
    world.take(&Step::Hold(0, 100, 1, Some(0))).unwrap();
    world.take(&Step::Capture(0, 1, None, None, 1)).unwrap();
    world.news(0, &News::State(2, Status::Voided, [4, 2]));
    assert_eq!(points(&world, 0), (500, 0, 0));
    let mut straight = world.clone();
    straight.news(0, &News::State(3, Status::Unpaid, [4, 2]));
    assert_eq!(points(&straight, 0), (400, 0, 0));
}

#[test]
fn two_captures_on_one_order_both_come_back_and_the_last_first() {
    let mut world = world(Policy { expiry: Some((40, RoundedTo::Instant)), ..PLAIN });
    world.take(&Step::Adjust(0, 50, 1)).unwrap();
    world.wait_days(1);
    world.take(&Step::Adjust(0, 50, 2)).unwrap();
    let before = lots(&world);
    for hold in 1..3 {
        world.take(&Step::Hold(0, 40, hold, Some(0))).unwrap();
        world.take(&Step::Capture(0, hold, Some(30), None, hold)).unwrap();
    }
    assert_eq!(points(&world, 0), (40, 0, 0));
    world.news(0, &News::State(1, Status::Unpaid, [4, 2]));
    world.news(0, &News::State(2, Status::Unpaid, [2, 2]));
    let state = &world.book.orders[&order_id(0)];
    let returned: Vec<i64> = state.payments.iter().map(|payment| payment.returned).collect();
    assert_eq!(
        returned,
        [11, 11],
        "30.66 of 91.33 in goods and 25.00 of a gift card of 50.00 went back, and so 11.81 of each 30 points"
    );
    world.news(0, &cancelled());
    assert_eq!(lots(&world), before);
}

#[test]
fn points_captured_before_the_orders_first_news_do_not_earn_and_come_back() {
    let mut world = world(PLAIN);
    world.take(&ADJUST).unwrap();
    world.take(&Step::Hold(0, 200, 1, None)).unwrap();
    world.take(&Step::Capture(0, 1, None, Some(0), 1)).unwrap();
    world.news(0, &paid());
    // 1.00 of 91.33 was paid with points: 60.64 of tea is left.
    assert_eq!(points(&world, 0), (300 + 60 + 60 + 7, 0, 0));
    world.news(0, &cancelled());
    assert_eq!(points(&world, 0), (500, 0, 0));
}

#[test]
fn points_that_lapsed_while_they_were_spent_lapse_when_they_come_back() {
    let mut world = world(Policy { expiry: Some((10, RoundedTo::Instant)), ..PLAIN });
    world.take(&ADJUST).unwrap();
    world.take(&Step::Hold(0, 100, 1, Some(0))).unwrap();
    world.take(&Step::Capture(0, 1, None, None, 1)).unwrap();
    world.wait_days(11);
    world.news(0, &cancelled());
    assert_eq!(points(&world, 0), (0, 0, 0));
    assert!(matches!(world.entries(0).last().unwrap().kind, Kind::Expiry));
}

#[test]
fn a_late_order_goes_to_the_lots_of_its_date_and_may_arrive_lapsed() {
    let policy = Policy { expiry: Some((10, RoundedTo::Instant)), ..PLAIN };
    let mut world = world(policy);
    world.wait_days(5);
    world.news(2, &paid());
    world.news(0, &paid());
    let first = lots(&world)[0];
    assert_eq!(
        (first.amount, first.expires),
        (EARNED, Some(life::start() + SignedDuration::from_hours(240)))
    );
    let mut late = self::world(policy);
    late.wait_days(10);
    late.news(0, &paid());
    assert_eq!(points(&late, 0), (0, 0, 0));
}

#[test]
fn pending_lots_merge_across_orders_and_a_refund_takes_its_own_share() {
    let mut world =
        world(Policy { expiry: Some((20, RoundedTo::MonthEnd)), pending_days: Some(1), ..PLAIN });
    world.news(0, &paid());
    world.news(2, &paid());
    let other = points(&world, 0).1 - EARNED;
    world.wait_days(3);
    assert_eq!(points(&world, 0), (EARNED, other, 0), "the first became available");
    world.news(0, &cancelled());
    assert_eq!(points(&world, 0), (0, other, 0));
    world.wait_days(3);
    assert_eq!(lots(&world).len(), 1);
    world.news(0, &News::State(10, Status::Paid, [4, 2]));
    assert_eq!(points(&world, 0), (EARNED + other, 0, 0));
    assert_eq!(lots(&world).len(), 1, "both lapse at the end of January");
    world.news(2, &cancelled());
    assert_eq!(points(&world, 0), (EARNED, 0, 0));
}

#[test]
fn what_a_hold_releases_fills_a_debt_first() {
    let mut world = world(Policy { clawback: Clawback::AllowNegative, ..PLAIN });
    world.news(0, &paid());
    world.take(&Step::Hold(0, 100, 1, None)).unwrap();
    world.news(0, &cancelled());
    assert_eq!(points(&world, 0), (-100, 0, 100));
    let refused = world.take(&Step::Hold(0, 10, 2, None));
    assert!(
        matches!(refused, Err(BookError::Refused(refusal)) if matches!(refusal.reason, Rejection::NotEnough { .. }))
    );
    world.take(&Step::Release(0, 1, 1)).unwrap();
    assert_eq!(points(&world, 0), (0, 0, 0));
}

#[test]
fn points_stay_with_whom_they_moved_on_when_the_customer_changes() {
    let mut world = world(PLAIN);
    world.news(0, &paid());
    let OrderEvent { order, snapshot, refunds } = life::event(0, &cancelled());
    let mut snapshot = snapshot.unwrap();
    Arc::make_mut(&mut snapshot).member = Some(member(1));
    let snapshot = Some(snapshot);
    world.book.order(&OrderEvent { order, snapshot, refunds }, world.now).unwrap();
    assert_eq!((points(&world, 0), points(&world, 1)), ((0, 0, 0), (0, 0, 0)));
}

#[test]
fn an_order_whose_date_the_shop_moves_keeps_its_periods_and_its_lots() {
    let policy = Policy {
        cap: Some(100),
        expiry: Some((400, RoundedTo::Instant)),
        tiers_from: Some(50),
        ..PLAIN
    };
    let mut world = world(policy);
    world.news(0, &paid());
    let moved = |news: &News| {
        let mut event = life::event(0, news);
        if let Some(snapshot) = &mut event.snapshot {
            Arc::make_mut(snapshot).placed_at += SignedDuration::from_hours(24 * 20);
        }
        event
    };
    let now = world.now;
    world.book.order(&moved(&News::State(2, Status::Paid, [4, 2])), now).unwrap();
    world.book.order(&moved(&News::State(3, Status::Cancelled, [4, 2])), now).unwrap();
    let account = world.account(0);
    assert!(account.caps.is_empty() && account.capped.is_empty());
    assert!(account.qualifying.is_empty() && lots(&world).is_empty());
}

#[test]
fn an_order_keeps_the_tier_and_the_version_that_it_first_earned_under() {
    let gold = Policy { tiers_from: Some(0), tiers_multiply: true, ..PLAIN };
    let mut world = World::new(&[gold, Policy { give: 3, tiers_from: None, ..PLAIN }]);
    for order in [0, 2, 4] {
        world.wait_days(2);
        world.news(order, &paid());
    }
    let before = points(&world, 0).0;
    assert_eq!(world.account(0).tier.as_deref(), Some("gold"));
    world.publish();
    world.news(4, &News::State(2, Status::Paid, [3, 2]));
    let state = &world.book.orders[&order_id(4)];
    assert_eq!(
        state.pin.as_ref().map(|pin| (pin.version, pin.tier.as_deref())),
        Some((1, Some("gold")))
    );
    // Three of four units of 94.92 of tea, at one and a half points, and twice that, and the seven.
    let spend = 71 * 3 / 2;
    assert!((state.parts[0].wanted - spend).abs() <= 1, "{:?}", state.parts);
    world.news(4, &cancelled());
    assert!(points(&world, 0).0 < before);
    world.news(0, &cancelled());
    world.news(2, &cancelled());
    assert_eq!(points(&world, 0), (0, 0, 0));
}

#[test]
fn an_order_in_dollars_earns_by_the_exact_rate() {
    let mut world = world(PLAIN);
    world.news(life::ORDERS - 1, &paid());
    let state = &world.book.orders[&order_id(life::ORDERS - 1)];
    let basis = state
        .basis(&world.book.versions, &world.book.versions.newest().programme)
        .unwrap()
        .unwrap();
    assert_eq!(state.parts[0].wanted, basis.lines[0] * 9 / 1000);
}

#[test]
fn a_tier_for_everybody_is_reached_when_its_version_comes_into_force() {
    let mut world = World::new(&[PLAIN, Policy { tiers_from: Some(0), ..PLAIN }]);
    world.take(&ADJUST).unwrap();
    world.wait_days(5);
    world.publish();
    let effective = world.now;
    world.wait_days(50);
    world.take(&Step::Settle).unwrap();
    let change = world.entries(0).last().unwrap();
    assert!(matches!(&change.kind, Kind::TierChange { to: Some(to), .. } if to == "silver"));
    assert_eq!(change.at, effective);
}

#[test]
fn two_holds_of_one_id_do_not_unbalance_the_books() {
    let mut world = world(PLAIN);
    world.take(&ADJUST).unwrap();
    world.take(&Step::Hold(0, 100, 1, None)).unwrap();
    let again = guerdon_domain::pay::PlaceHold {
        operation: crate::world::request(0, "hold", 9),
        hold: crate::world::hold_id(0, 1),
        points: 50,
        total: "50.00 EUR".parse().unwrap(),
        order: None,
    };
    world.book.hold(&member(0), &again, world.now).unwrap();
    world.take_and_check(&Step::Capture(0, 1, Some(60), None, 1)).unwrap().unwrap();
    assert_eq!(points(&world, 0), (390, 0, 50));
}

#[test]
fn one_key_for_two_kinds_of_request_is_refused() {
    let mut world = world(PLAIN);
    world.take(&ADJUST).unwrap();
    world.take(&Step::Redeem(0, 0, 1)).unwrap();
    let operation = crate::world::request(0, "redeem", 1);
    let hold = guerdon_domain::id::HoldId::new("mug").unwrap();
    assert_eq!(
        world.book.release(&member(0), &operation, &hold, world.now),
        Err(BookError::KeyReused)
    );
}

#[test]
fn a_redelivery_is_no_news() {
    let mut world = world(PLAIN);
    world.news(0, &paid());
    assert_eq!(world.news(0, &paid()), Answer::Nothing(Vec::new()));
}

#[test]
fn what_was_forgiven_is_made_up_for_when_the_order_stands_again() {
    let mut world = world(PLAIN);
    world.news(0, &paid());
    world.take(&Step::Redeem(0, 0, 1)).unwrap();
    world.news(0, &cancelled());
    assert_eq!(points(&world, 0), (0, 0, 0), "twenty are spent, and forgiven");
    world.news(0, &News::State(10, Status::Paid, [4, 2]));
    assert_eq!(points(&world, 0), (EARNED - 20, 0, 0));
}

#[test]
fn the_last_piece_and_the_last_code_are_the_last() {
    let mut world = world(PLAIN);
    for m in 0..2 {
        world.take(&Step::Adjust(m, 500, 1)).unwrap();
    }
    let mut refused = Vec::new();
    for (m, reward, key) in [
        (0, 0, 1),
        (1, 0, 1),
        (0, 0, 2),
        (1, 0, 2),
        (0, 1, 3),
        (1, 1, 3),
        (0, 1, 4),
        (1, 1, 4),
        (0, 1, 5),
    ] {
        match world.take_and_check(&Step::Redeem(m, reward, key)).unwrap() {
            Err(BookError::Refused(refusal)) => refused.push(refusal.to_string()),
            answer => drop(answer.unwrap()),
        }
    }
    let expected = [
        "reward mug (version 1): the stock of 3 is gone",
        "reward coupon (version 1): the pool \"coupons\" has no code left",
    ];
    assert_eq!(refused, expected);
    assert_eq!((points(&world, 0).0, points(&world, 1).0), (500 - 40 - 30, 500 - 20 - 30));
}

#[test]
fn a_version_of_the_very_instant_of_the_last_settlement_is_not_missed() {
    let mut world = World::new(&[PLAIN, Policy { tiers_from: Some(0), ..PLAIN }]);
    world.take(&ADJUST).unwrap();
    world.publish();
    let effective = world.now;
    assert_eq!(
        guerdon_domain::settle::next_due(&world.account(0), &world.book.versions),
        Some(effective)
    );
    world.wait_days(3);
    world.take(&Step::Settle).unwrap();
    assert_eq!(world.entries(0).last().unwrap().at, effective);
}

#[test]
fn what_never_lapses_is_spent_last() {
    let mut world =
        World::new(&[PLAIN, Policy { expiry: Some((10, RoundedTo::Instant)), ..PLAIN }]);
    world.take(&Step::Adjust(0, 50, 1)).unwrap();
    world.publish();
    world.take(&Step::Adjust(0, 50, 2)).unwrap();
    world.take(&Step::Redeem(0, 0, 1)).unwrap();
    world.wait_days(10);
    assert_eq!(points(&world, 0), (50, 0, 0));
}

#[test]
fn points_given_back_are_taken_again_from_whatever_the_member_has_when_the_order_stands_again() {
    let mut world = world(Policy { expiry: Some((30, RoundedTo::DayEnd)), ..PLAIN });
    world.take(&ADJUST).unwrap();
    world.take(&Step::Hold(0, 100, 1, Some(0))).unwrap();
    world.take(&Step::Capture(0, 1, None, None, 1)).unwrap();
    world.news(0, &News::State(1, Status::Unpaid, life::UNITS));
    world.wait_days(1);
    world.take(&Step::Adjust(0, 200, 2)).unwrap();
    world.news(0, &News::State(2, Status::Voided, life::UNITS));
    assert_eq!(points(&world, 0), (700, 0, 0));
    // All of the lot that they came from, and some of the other, is spent elsewhere.
    world.take(&Step::Adjust(0, -550, 3)).unwrap();
    world.news(0, &News::State(3, Status::Unpaid, life::UNITS));
    assert_eq!(points(&world, 0), (50, 0, 0));
}

#[test]
fn what_came_back_and_made_up_for_another_order_is_spent_again_all_the_same() {
    let mut world = world(PLAIN);
    world.news(0, &paid());
    world.take(&Step::Hold(0, 100, 1, Some(2))).unwrap();
    world.take(&Step::Capture(0, 1, None, None, 1)).unwrap();
    world.take(&Step::Adjust(0, 100 - EARNED, 2)).unwrap();
    world.news(2, &News::State(1, Status::Unpaid, life::UNITS));
    world.news(0, &News::State(2, Status::Voided, life::UNITS));
    world.news(2, &News::State(2, Status::Voided, life::UNITS));
    world.news(2, &News::State(3, Status::Unpaid, life::UNITS));
    world.news(0, &News::State(3, Status::Paid, life::UNITS));
    assert_eq!(points(&world, 0), (0, 0, 0));
    assert!(world.account(0).forgiven.is_empty());
}

#[test]
fn points_that_have_lapsed_fill_no_debt() {
    let expiry = Some((30, RoundedTo::Instant));
    let mut world = world(Policy { clawback: Clawback::AllowNegative, expiry, ..PLAIN });
    world.wait_days(33);
    world.take(&Step::Adjust(0, 200, 1)).unwrap();
    world.news(4, &paid());
    world.take(&Step::Adjust(0, -points(&world, 0).0, 2)).unwrap();
    world.news(4, &cancelled());
    let owed = points(&world, 0).0;
    assert!(owed < 0);
    // Placed more than thirty days ago, and known only now.
    world.news(0, &paid());
    assert_eq!(points(&world, 0).0, owed);
}

#[test]
fn an_order_that_stands_again_after_its_points_lapsed_fills_its_own_debt() {
    let expiry = Some((30, RoundedTo::Instant));
    let mut world = world(Policy { clawback: Clawback::AllowNegative, expiry, ..PLAIN });
    world.news(0, &paid());
    world.take(&Step::Adjust(0, -EARNED, 1)).unwrap();
    world.news(0, &cancelled());
    assert_eq!(points(&world, 0), (-EARNED, 0, 0));
    world.wait_days(60);
    world.news(0, &News::State(10, Status::Paid, life::UNITS));
    assert_eq!(points(&world, 0), (0, 0, 0));
}

#[test]
fn nobody_has_more_than_can_come_back_to_them() {
    let mut world = world(PLAIN);
    let most = (1_i64 << 53) - 1;
    assert!(world.take(&Step::Adjust(0, i64::MAX, 1)).is_err());
    world.take(&Step::Adjust(0, most, 1)).unwrap();
    world.take(&Step::Hold(0, 100, 1, Some(0))).unwrap();
    assert!(world.take(&Step::Adjust(0, 5, 2)).is_err());
    world.take(&Step::Release(0, 1, 1)).unwrap();
    assert_eq!(points(&world, 0), (most, 0, 0));
}

#[test]
fn points_held_over_a_refund_that_was_undone_are_there_for_the_next_refund() {
    let mut world = world(PLAIN);
    world.news(0, &paid());
    world.take(&Step::Hold(0, 100, 1, None)).unwrap();
    world.news(0, &cancelled());
    world.news(0, &News::State(10, Status::Paid, UNITS));
    world.take(&Step::Release(0, 1, 1)).unwrap();
    assert_eq!(points(&world, 0), (EARNED, 0, 0));
    world.news(0, &News::State(11, Status::Cancelled, [0, 0]));
    assert_eq!(points(&world, 0), (0, 0, 0));
}

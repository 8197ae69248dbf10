//! Law 5: what expires first is spent first; what comes back comes back to where it was; at the instant of expiry it is gone.

use guerdon_domain::{
    account::{Asset, Lot},
    event::Status,
    programme::RoundedTo,
    settle,
};
use jiff::SignedDuration;
use proptest::prelude::*;

use crate::{
    life::{News, paid},
    policy::{PLAIN, Policy},
    world::{Step, World},
};

fn lots(world: &World) -> Vec<Lot> {
    world.standing(0).wallets.get(&Asset::Points).map_or(Vec::new(), |wallet| wallet.lots.clone())
}

/// A member with some lots, given on different days.
fn with_lots(gifts: &[(i64, i64)]) -> World {
    let mut world = World::new(&[Policy { expiry: Some((40, RoundedTo::Instant)), ..PLAIN }]);
    for ((wait, amount), key) in gifts.iter().zip(30..) {
        world.wait_days(*wait);
        world.take(&Step::Adjust(0, *amount, key)).unwrap();
    }
    world
}

fn any_gifts() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0..5_i64, 5..60_i64), 1..8)
}

/// Takes from the lots that expire first, one point at a time: slow, and plainly right.
fn without_first(mut lots: Vec<Lot>, points: i64) -> Vec<Lot> {
    for _ in 0..points {
        let first = lots.iter_mut().min_by_key(|lot| lot.expires).unwrap();
        first.amount -= 1;
        lots.retain(|lot| lot.amount > 0);
    }
    lots
}

proptest! {
    #[test]
    fn what_expires_first_is_spent_first(gifts in any_gifts(), spends in prop::collection::vec(0..5_usize, 1..5)) {
        let mut world = with_lots(&gifts);
        for (spend, key) in spends.into_iter().zip(0..) {
            let before = lots(&world);
            let (step, points) = match spend {
                0 => (Step::Redeem(0, 0, key), 20),
                1 => (Step::Redeem(0, 2, key), 10),
                2 => (Step::Adjust(0, -7, key), 7),
                _ => (Step::Hold(0, 25, key, None), 25),
            };
            if world.take(&step).is_ok() {
                prop_assert_eq!(lots(&world), without_first(before, points));
            }
        }
    }

    #[test]
    fn what_a_hold_took_comes_back_to_its_lots_by_release_lapse_and_partial_capture(
        gifts in any_gifts(),
        points in (2..12_i64).prop_map(|n| n * 5),
        how in 0..3,
        captured in 1..60_i64,
    ) {
        let mut world = with_lots(&gifts);
        let before = lots(&world);
        if world.take(&Step::Hold(0, points, 1, None)).is_err() {
            return Ok(());
        }
        match how {
            0 => drop(world.take(&Step::Release(0, 1, 1)).unwrap()),
            1 => world.now += SignedDuration::from_mins(45),
            _ => {
                let captured = captured.min(points);
                world.take(&Step::Capture(0, 1, Some(captured), None, 1)).unwrap();
                prop_assert_eq!(lots(&world), without_first(before, captured));
                return Ok(());
            }
        }
        prop_assert_eq!(lots(&world), before);
    }

    #[test]
    fn a_refund_gives_points_back_to_the_lots_they_came_from(
        gifts in any_gifts(),
        points in (2..12_i64).prop_map(|n| n * 5),
        steps in prop::collection::vec(0..5_usize, 0..4),
    ) {
        let mut world = with_lots(&gifts);
        let before = lots(&world);
        if world.take(&Step::Hold(0, points, 1, Some(0))).is_err() {
            return Ok(());
        }
        world.take(&Step::Capture(0, 1, None, None, 1)).unwrap();
        let partly = [News::Lines(1, 0, 1, 0), News::Lines(2, 0, 1, 0), News::Amount(3, 700), News::Lines(4, 1, 1, 0), paid()];
        for step in steps {
            world.news(0, &partly[step]);
        }
        world.news(0, &News::State(9, Status::Cancelled, [0, 0]));
        prop_assert_eq!(lots(&world), before);
    }

    #[test]
    fn at_the_instant_of_expiry_points_are_gone_and_a_second_before_they_are_not(
        gifts in any_gifts(),
        rounded in prop_oneof![Just(RoundedTo::Instant), Just(RoundedTo::DayEnd), Just(RoundedTo::MonthEnd)],
        after in 1..60_i32,
    ) {
        let mut world = World::new(&[Policy { expiry: Some((after, rounded)), ..PLAIN }]);
        for ((wait, amount), key) in gifts.iter().zip(30..) {
            world.wait_days(*wait);
            world.take(&Step::Adjust(0, *amount, key)).unwrap();
        }
        let account = world.account(0);
        for lot in lots(&world) {
            let expires = lot.expires.unwrap();
            let at = |now| settle::as_of(&account, &world.book.versions, now).unwrap().wallets[&Asset::Points].lots.clone();
            prop_assert!(at(expires - SignedDuration::from_secs(1)).contains(&lot));
            prop_assert!(at(expires).iter().all(|other| other.expires > Some(expires)));
        }
    }
}

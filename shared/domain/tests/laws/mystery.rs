//! Mystery gifts: decided once, sealed until the reveal, and then exactly what was decided.

use std::collections::BTreeMap;

use guerdon_domain::{
    account::{Account, Asset},
    book::{Answer, BookError},
    decision::UNITS_MAX,
    entry::{Entry, Granted, Kind, LedgerAccount},
    id::MemberId,
    mystery::{GIFTS_MAX, Gift},
    rejection::Rejection,
};
use proptest::prelude::*;

use crate::{
    life::{MEMBERS, member},
    policy::{FIVES, GIFTS, PLAIN, REWARDS},
    world::{ALL, Mix, Step, World, any_policies, any_script},
};

const MANY: Mix = Mix { redeem: 12, ..ALL };

fn reward(id: &str) -> usize {
    REWARDS.iter().position(|reward| *reward == id).unwrap()
}

/// The gift that an entry seals: what is shown of it.
fn sealed(entry: &Entry) -> Option<(&str, &Granted)> {
    let Kind::Redemption { reward, grants } = &entry.kind else { return None };
    let gift = grants.iter().find(|grant| matches!(grant, Granted::Mystery { .. }))?;
    Some((reward, gift))
}

/// The points that an entry issues.
fn issued(entry: &Entry) -> i64 {
    let ours = entry.postings.iter().filter(|posting| posting.account == LedgerAccount::Issued);
    ours.map(|posting| -posting.amount).sum()
}

proptest! {
    #[test]
    fn a_gift_is_sealed_or_revealed_once_as_what_it_was_committed_to(
        policies in any_policies(),
        script in any_script(MANY, 80),
    ) {
        let mut world = World::new(&policies);
        for step in &script.0 {
            world.take_and_check(step)?.ok();
        }
        for m in 0..MEMBERS {
            let account = world.account(m);
            let mut waiting: BTreeMap<u64, &Gift> =
                account.gifts.iter().map(|gift| (gift.grant, gift)).collect();
            let mut revealed = BTreeMap::new();
            for entry in world.entries(m) {
                if let Kind::Reveal { reward, gift, .. } = &entry.kind {
                    prop_assert!(revealed.insert(gift.of, (reward, gift, entry)).is_none());
                }
            }
            for entry in world.entries(m) {
                let Some((reward, shown)) = sealed(entry) else { continue };
                let Granted::Mystery { reveal_at, commitment } = shown else { unreachable!() };
                let left = waiting.remove(&entry.sequence);
                let done = revealed.remove(&entry.sequence);
                prop_assert!(left.is_some() != done.is_some(), "{} of {}", entry.sequence, m);
                let decided = left.map(|gift| &gift.decided);
                let decided = decided.or(done.map(|(_, gift, _)| &gift.decided)).unwrap();
                prop_assert_eq!(decided.commitment(), *commitment);
                let chosen = &decided.outcomes[decided.index().unwrap()];
                prop_assert!(chosen.left != Some(0), "{:?} was gone", chosen);
                if let Some((of, gift, reveal)) = done {
                    prop_assert_eq!((of.as_str(), &gift.outcome), (reward, &chosen.outcome));
                    prop_assert_eq!(reveal_at.unwrap_or(reveal.at), reveal.at, "in its time");
                    let points = if gift.outcome == "five" { 5 } else { 70 };
                    let gives = if gift.outcome == "coupon" { 0 } else { points };
                    prop_assert_eq!(issued(reveal), gives);
                }
                // Neither the legs nor the words of the redemption depend on the outcome.
                prop_assert_eq!(issued(entry), i64::from(reward == "at-once"));
                let told = serde_json::to_string(&entry.kind).unwrap();
                for word in ["five", "coupon", "code", &decided.seed.to_string()] {
                    prop_assert!(!told.contains(word), "{told} tells {word}");
                }
            }
            prop_assert!(waiting.is_empty() && revealed.is_empty(), "gifts that nobody was given");
        }
    }
}

/// A member with points.
fn rich(points: i64) -> World {
    let mut world = World::new(&[PLAIN, PLAIN]);
    world.take(&Step::Adjust(0, points, 1)).unwrap();
    world
}

fn refused(answer: Result<Answer, BookError>) -> Rejection {
    match answer {
        Err(BookError::Refused(refusal)) => refusal.reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_gone_is_decided_again_among_the_rest() {
    let mut world = rich(10_000);
    for key in 0..60 {
        world.take_and_check(&Step::Redeem(0, reward("at-once"), key)).unwrap().unwrap();
    }
    let mut outcomes: BTreeMap<&str, i64> = BTreeMap::new();
    for entry in world.entries(0) {
        if let Kind::Reveal { gift, .. } = &entry.kind {
            *outcomes.entry(&gift.outcome).or_default() += 1;
        }
    }
    assert_eq!((outcomes["five"], outcomes["coupon"]), (FIVES, 4), "{outcomes:?}");
    assert_eq!(outcomes["code"], 60 - 4 - FIVES, "which has no end");
}

#[test]
fn a_gift_is_opened_once_by_its_member_and_not_before_its_time() {
    let mut world = rich(100);
    world.take(&Step::Redeem(0, reward("sealed"), 1)).unwrap();
    world.take(&Step::Redeem(0, reward("later"), 2)).unwrap();
    let [grant, later] = [&world.account(0).gifts[0], &world.account(0).gifts[1]].map(|g| g.grant);
    assert!(matches!(refused(world.take(&Step::Open(0, later, 1))), Rejection::NotYetOpen { .. }));
    assert_eq!(refused(world.take(&Step::Open(1, grant, 1))), Rejection::NoSealedGift);
    assert_eq!(refused(world.take(&Step::Open(0, 99, 1))), Rejection::NoSealedGift);
    let first = world.take(&Step::Open(0, grant, 1)).unwrap();
    assert_eq!(world.take(&Step::Open(0, grant, 1)).unwrap(), first);
    assert_eq!(refused(world.take(&Step::Open(0, grant, 2))), Rejection::NoSealedGift);
    world.wait_days(3);
    world.take(&Step::Settle).unwrap();
    assert!(world.account(0).gifts.is_empty());
    assert_eq!(refused(world.take(&Step::Open(0, later, 3))), Rejection::NoSealedGift);
}

#[test]
fn sealed_gifts_are_as_many_as_can_be_revealed_at_once() {
    let mut world = rich(1_000);
    for key in 0..u8::try_from(GIFTS_MAX).unwrap() {
        world.take(&Step::Redeem(0, reward("later"), key)).unwrap();
    }
    let before = world.clone();
    for gift in ["later", "sealed"] {
        let refusal = refused(world.take(&Step::Redeem(0, reward(gift), 30)));
        assert_eq!(refusal, Rejection::TooManyGifts { max: GIFTS_MAX });
    }
    assert!(world.same_as(&before));
    world.take(&Step::Redeem(0, reward("at-once"), 31)).unwrap();
    world.wait_days(3);
    world.take(&Step::Redeem(0, reward("later"), 32)).unwrap();
    assert_eq!(world.account(0).gifts.len(), 1, "the others are revealed");
}

/// What is sealed is the member's already: nobody fills their account in between so that the reveal would fail.
#[test]
fn a_reveal_never_fails_for_want_of_room() {
    let id: MemberId = member(0);
    let with_five = |world: &World| {
        let account: Account = world.account(0);
        account.gifts.iter().any(|gift| gift.decided.index() == Some(0))
    };
    let mut world = rich(100);
    for key in 0..9 {
        world.take(&Step::Redeem(0, reward("later"), key)).unwrap();
    }
    assert!(with_five(&world), "one of nine is a five");
    let has = world.balance(0).available;
    let sealed: i64 = 5 * world.book.stock_taken["later/five"];
    let most = UNITS_MAX - has - sealed;
    assert_eq!(refused(world.take(&Step::Adjust(0, most + 1, 2))), Rejection::OutOfRange);
    world.take(&Step::Adjust(0, most, 3)).unwrap();
    world.wait_days(3);
    world.take(&Step::Settle).unwrap();
    assert_eq!(world.book.account(&id).balance(&Asset::Points).available, UNITS_MAX);
    assert!(GIFTS.contains(&"later"));
}

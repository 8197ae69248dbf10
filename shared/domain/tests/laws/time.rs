//! Law 6: time is an argument. Settling on the way changes nothing.

use guerdon_domain::{
    account::Account,
    entry::Entry,
    programme::Versions,
    settle::{next_due, settle},
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::{
    life::MEMBERS,
    policy::{Policy, any_policy, versions},
    world::{ALL, Script, World, any_policies, any_script},
};

fn settled(account: Account, versions: &Versions, now: Timestamp) -> (Account, Vec<Entry>) {
    match settle(&account, versions, now).unwrap() {
        None => (account, Vec::new()),
        Some(decision) => (decision.account, decision.entries),
    }
}

/// Entries without when Guerdon learned of them, which is when they were settled.
fn timeless(entries: Vec<Entry>) -> Vec<Entry> {
    entries.into_iter().map(|entry| Entry { recorded_at: Timestamp::MIN, ..entry }).collect()
}

/// An account after some steps, under versions of which one is to come after so many days.
#[derive(Debug, Clone)]
struct History {
    policies: [Policy; 2],
    future: Policy,
    script: Script,
    m: u8,
    days: i64,
}

fn any_history() -> impl Strategy<Value = History> {
    (any_policies(), any_policy(), any_script(ALL, 40), 0..MEMBERS, 1..900_i64).prop_map(
        |(policies, future, script, m, days)| History { policies, future, script, m, days },
    )
}

impl History {
    fn play(&self) -> (Account, Versions, Timestamp) {
        let mut world = World::new(&self.policies);
        for step in &self.script.0 {
            world.take(step).ok();
        }
        let effective = world.now + SignedDuration::from_hours(24 * self.days);
        let mut published = vec![(self.policies[0], Timestamp::MIN)];
        if world.book.versions.newest().version == 2 {
            published.push((self.policies[1], world.book.versions.newest().effective));
        }
        published.push((self.future, effective));
        (world.account(self.m), versions(&published), world.now)
    }
}

proptest! {
    #[test]
    fn settling_on_the_way_changes_nothing(
        history in any_history(),
        days in (0..1200_i64, 0..1200_i64),
        minutes in 0..1440_i64,
    ) {
        let (account, versions, now) = history.play();
        if account.sequence == 0 {
            return Ok(()); // No one has such an account.
        }
        let t1 = now + SignedDuration::from_mins(days.0 * 1440 + minutes);
        let t2 = t1 + SignedDuration::from_hours(24 * days.1);
        let (there, mut first) = settled(account.clone(), &versions, t1);
        let (there, second) = settled(there, &versions, t2);
        first.extend(second);
        let (at_once, all) = settled(account, &versions, t2);
        prop_assert_eq!(timeless(first), timeless(all));
        // An account in which nothing was due is not written, and so does not remember when it was looked at.
        prop_assert_eq!(Account { settled_to: t2, ..there }, Account { settled_to: t2, ..at_once });
    }

    #[test]
    fn nothing_is_due_before_the_next_due_date(history in any_history(), days in 1..1200_i64) {
        let (account, versions, now) = history.play();
        if account.sequence == 0 {
            return Ok(()); // No one has such an account.
        }
        let (account, _) = settled(account, &versions, now);
        let due = next_due(&account, &versions);
        let before = now + SignedDuration::from_hours(24 * days);
        let before = due.map_or(before, |due| before.min(due - SignedDuration::from_secs(1)));
        if before > now {
            let (_, entries) = settled(account, &versions, before);
            prop_assert_eq!(entries, Vec::new());
        }
    }
}

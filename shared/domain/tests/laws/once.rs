//! Law 2: an operation has at most one effect, for ever.

use guerdon_domain::book::{Answer, BookError};
use proptest::prelude::*;

use crate::{
    policy::{REWARDS, any_policy},
    world::{ALL, Step, World, any_policies, any_script},
};

/// The same name with other content, for what a client names.
fn other_content(step: &Step) -> Option<Step> {
    Some(match step.clone() {
        Step::Redeem(m, reward, key) => Step::Redeem(m, (reward + 1) % REWARDS.len(), key),
        Step::Open(m, grant, key) => Step::Open(m, grant + 1, key),
        Step::Hold(m, points, hold, order) => Step::Hold(m, points + 5, hold, order),
        Step::Capture(m, hold, points, order, key) => {
            Step::Capture(m, hold + 1, points, order, key)
        }
        Step::Release(m, hold, key) => Step::Release(m, hold + 1, key),
        Step::Adjust(m, amount, key) => Step::Adjust(m, amount + 1, key),
        _ => return None,
    })
}

proptest! {
    #[test]
    fn a_repeat_gets_the_same_answer_and_changes_nothing_even_years_later_under_other_rules(
        policies in any_policies(),
        later in any_policy(),
        script in any_script(ALL, 50),
        years in 0..5_i64,
    ) {
        let mut world = World::new(&[policies[0], policies[1], later]);
        let mut answers = Vec::new();
        for step in &script.0 {
            match world.take(step) {
                Ok(answer @ Answer::Entries(_)) => answers.push((step, answer)),
                // An event that gave nothing is final too.
                Ok(answer) if matches!(step, Step::Event(..)) => answers.push((step, answer)),
                _ => {}
            }
        }
        for m in 0..2 {
            for key in 30..36 {
                world.take(&Step::Redeem(m, usize::from(key % 2), key)).ok();
            }
        }
        world.wait_days(years * 365);
        world.publish();
        world.publish();
        let before = world.clone();
        for (step, answer) in answers {
            let again = world.take(step);
            let expected = if matches!(step, Step::Order(..)) { Answer::Nothing(Vec::new()) } else { answer };
            prop_assert_eq!(again, Ok(expected), "{:?}", step);
            if let Some(other) = other_content(step) {
                prop_assert_eq!(world.take(&other), Err(BookError::KeyReused), "{:?} after {:?}", other, step);
            }
            prop_assert!(world.same_as(&before), "a repeat of {:?} changed something", step);
        }
    }
}

//! `guerdon gift verify`: checks offline what mystery gifts turned out to be, from the list of what a member was given.

use std::{fmt::Write as _, path::PathBuf};

use clap::Subcommand;
use guerdon_domain::{entry::Granted, mystery::Revealed};
use serde::Deserialize;

use super::{Failure, read};

#[derive(Debug, Subcommand)]
pub(super) enum GiftCommand {
    /// Check how mystery gifts were decided, after their reveal, without a network: see docs/programme.md.
    Verify {
        /// What `GET /members/{member}/grants` answers.
        grants: PathBuf,
    },
}

/// What a member was given, as the API shows it.
#[derive(Debug, Deserialize)]
struct Answer {
    grants: Vec<Given>,
}

#[derive(Debug, Deserialize)]
struct Given {
    sequence: u64,
    reward: String,
    grants: Vec<Granted>,
    #[serde(default)]
    gift: Option<Revealed>,
}

pub(super) fn gift(command: &GiftCommand) -> Result<u8, Failure> {
    let GiftCommand::Verify { grants } = command;
    let answer: Answer = serde_json::from_slice(&read(grants)?)
        .map_err(|error| format!("{} is not what a member was given: {error}", grants.display()))?;
    let (told, fair) = told(&answer);
    print!("{told}");
    Ok(u8::from(!fair))
}

/// What is printed, and whether every gift that was revealed is the one that was sealed.
///
/// A gift is in the list twice: as it was sealed, and as it was revealed, which names the first by its number.
fn told(answer: &Answer) -> (String, bool) {
    let (mut told, mut fair, mut gifts) = (String::new(), true, 0);
    for given in &answer.grants {
        let sealed = given.grants.iter().find_map(|granted| match granted {
            Granted::Mystery { commitment, .. } => Some(commitment),
            _ => None,
        });
        let Some(commitment) = sealed else { continue };
        gifts += 1;
        let (reward, number) = (&given.reward, given.sequence);
        let revealed = answer.grants.iter().filter_map(|other| other.gift.as_ref());
        // Writing to a string does not fail.
        let _ = match revealed.into_iter().find(|gift| gift.of == number) {
            None => writeln!(told, "  {reward} ({number}): sealed; its commitment is {commitment}"),
            Some(gift) => match gift.decided.check(commitment, &gift.outcome) {
                Ok(()) => writeln!(
                    told,
                    "✓ {reward} ({number}): its seed gives {}, of what was sealed as {commitment}",
                    gift.outcome
                ),
                Err(unfair) => {
                    fair = false;
                    writeln!(told, "✗ {reward} ({number}): {unfair}")
                }
            },
        };
    }
    if gifts == 0 {
        told.push_str("There is no mystery gift among these.\n");
    } else if fair {
        told.push_str(
            "\nCompare the commitments with what was shown when the rewards were redeemed.\n",
        );
    }
    (told, fair)
}

#[cfg(test)]
mod tests {
    use guerdon_domain::{draw::hash::Hash, mystery::Decided, programme::parse};
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_exchanged_after_it_was_sealed_is_found() {
        let programme = parse(crate::local::EXAMPLE_PROGRAMME).unwrap();
        let reward = programme.reward("mystery-cup").unwrap();
        let mystery = reward.mystery().unwrap();
        let decided = Decided::new(mystery, Hash([5; 32]), &vec![Some(3); mystery.outcomes.len()]);
        let outcome = &mystery.outcomes[decided.index().unwrap()];
        let other = mystery.outcomes.iter().find(|other| other.id != outcome.id).unwrap();
        let given = |commitment: Hash, gift: serde_json::Value| -> Answer {
            let sealed = json!({ "grant": "mystery", "commitment": commitment });
            let given = json!({ "sequence": 4, "reward": reward.id, "grants": [sealed] });
            let shown = json!({ "sequence": 5, "reward": reward.id, "grants": [], "gift": gift });
            serde_json::from_value(json!({ "grants": [shown, given] })).unwrap()
        };
        let revealed = |of: &str| json!({ "of": 4, "outcome": of, "name": of, "decided": decided });
        let sealed = decided.commitment();
        assert!(told(&given(sealed, revealed(&outcome.id))).1);
        assert!(told(&given(sealed, serde_json::Value::Null)).0.contains("sealed; its commitment"));
        let (text, fair) = told(&given(sealed, revealed(&other.id)));
        assert!(!fair && text.contains(&outcome.id), "{text}");
        assert!(!told(&given(Hash([1; 32]), revealed(&outcome.id))).1);
    }
}

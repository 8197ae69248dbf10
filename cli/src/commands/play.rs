//! `guerdon play verify`: checks a play of an instant win offline, from its entry and what was published of its game.

use std::path::PathBuf;

use clap::Subcommand;
use guerdon_domain::{
    id::Operation,
    play::{
        By, Played,
        check::{Game, check},
    },
};
use jiff::Timestamp;
use serde::Deserialize;

use super::{Failure, read};

#[derive(Debug, Subcommand)]
pub(super) enum PlayCommand {
    /// Check how a play was decided, after its game is over, without a network: see docs/programme.md.
    Verify {
        /// The play: the answer to it, or its entry in a member's history.
        play: PathBuf,
        /// What `GET /instant-wins/{instant_win}` answers some minutes after the game closed.
        game: PathBuf,
    },
}

/// A play's entry, as the API shows it.
#[derive(Debug, Deserialize)]
struct Entry {
    operation: Operation,
    at: Timestamp,
    game: String,
    played: Played,
}

/// The answer to a play.
#[derive(Debug, Deserialize)]
struct Answer {
    entries: Vec<Entry>,
}

pub(super) fn play(command: &PlayCommand) -> Result<u8, Failure> {
    let PlayCommand::Verify { play, game } = command;
    let not_a_play =
        || format!("{} is no play: give the answer to one, or its entry", play.display());
    let text = read(play)?;
    let entry = serde_json::from_slice::<Entry>(&text).or_else(|_| {
        let answer = serde_json::from_slice::<Answer>(&text);
        answer.map_err(drop).and_then(|answer| answer.entries.into_iter().next().ok_or(()))
    });
    let entry = entry.map_err(|()| not_a_play())?;
    let text = read(game)?;
    let game: Game = serde_json::from_slice(&text).map_err(|error| {
        format!("{} is not what is published of a game: {error}", game.display())
    })?;
    let (told, fair) = told(&entry, &game);
    print!("{told}");
    Ok(u8::from(!fair))
}

/// What is printed, and whether the play is what its game comes to.
fn told(entry: &Entry, game: &Game) -> (String, bool) {
    let Entry { operation, at, game: of, played } = entry;
    if *of != game.instant_win {
        return (format!("✗ the play is of {of}, and the game is {}\n", game.instant_win), false);
    }
    if let Err(unfair) = check(game, operation, *at, played) {
        return (format!("✗ {unfair}\n"), false);
    }
    let won = match &played.by {
        By::Every { every, counter, number } => {
            format!("it is number {number} of counter {counter}, and multiples of {every} win")
        }
        By::Chance { chance, of, drawn } => {
            format!(
                "its seed gives {drawn} of the numbers below {of}, and those below {chance} win"
            )
        }
        By::Moment { fell: Some(fell), .. } => {
            format!("it is the first after the moment that fell at {fell}")
        }
        By::Moment { taken, fell: None } => {
            format!("{taken} moments had fallen, and all of them were taken")
        }
    };
    let came = match &played.prize {
        Some(prize) => format!("it won {prize}, which follows from its seed and what was left"),
        None => "it lost".to_owned(),
    };
    let told = format!(
        "✓ the seed that was revealed is the one that was committed to\n\
         ✓ the play's seed follows from it and the play's name\n\
         ✓ {won}\n\
         ✓ {came}\n\n\
         The play follows from its game. Compare with what was published before it:\n  commitment  {}\n",
        game.commitment
    );
    (told, true)
}

#[cfg(test)]
mod tests {
    use guerdon_domain::{
        draw::hash::Hash,
        play::{self, Brought, Paid, Play},
        programme::parse,
    };

    use super::*;

    #[test]
    fn a_play_is_told_with_its_reasons_and_another_is_refused() {
        let programme = parse(crate::local::EXAMPLE_PROGRAMME).unwrap();
        let declared = programme.instant_win("lucky-cup").unwrap();
        let seed = Hash([3; 32]);
        let operation = Operation::from("request#m#k".to_owned());
        let asked =
            Play { operation: operation.clone(), game: "lucky-cup".to_owned(), paid: Paid::Free };
        let left = vec![None, None, Some(20)];
        let brought =
            Brought { seed, before: 0, left: left.clone(), codes: vec![Some("A".into())] };
        let (wins, prize) = play::outcome(declared, &asked, &brought, declared.opens);
        let book = {
            use guerdon_domain::{book::Book, id::MemberId, programme::Versions};
            let mut book = Book::new(Versions::single(programme.clone()));
            let member = MemberId::new("m").unwrap();
            let now = declared.opens;
            book.play(&member, &asked, (seed, &[Some("A".into())]), now).unwrap();
            book.entries[&member].clone()
        };
        let guerdon_domain::entry::Kind::Play { played, .. } = &book[0].kind else { panic!() };
        assert_eq!(played.prize.is_some(), wins);
        assert_eq!(played.prize, prize.map(|(_, prize)| prize.id.clone()));
        let mut entry = Entry {
            operation,
            at: declared.opens,
            game: "lucky-cup".to_owned(),
            played: (**played).clone(),
        };
        let running = Game::new(declared, &seed, &left);
        let (text, fair) = told(&entry, &running);
        assert!(!fair && text.contains("not revealed yet"), "{text}");
        let over = running.over(&seed, Vec::new(), &[]);
        let (text, fair) = told(&entry, &over);
        assert!(fair && text.contains("of the numbers below 5, and those below 1 win"), "{text}");
        entry.game = "another".to_owned();
        assert!(!told(&entry, &over).1);
    }
}

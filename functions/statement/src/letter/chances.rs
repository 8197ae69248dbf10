//! What the letter says of raffles and games: entries, plays, and what came of them.

use guerdon_words::clean;

use super::{Point, Section, Writer, ahead::NAME_MAX};

impl Writer<'_> {
    /// Entries that wait for a draw, what draws came to, and plays that are left; `None` if there is nothing.
    pub(super) fn chance_section(&self) -> Option<Section> {
        let mut points: Vec<Point> = self.made.prizes.iter().map(|won| self.won(won)).collect();
        for (of, tickets) in &self.made.outlook.balances.tickets {
            let id = of.as_str();
            points.extend(match self.known.programme.raffle(id) {
                Some(raffle) => {
                    let name = ("raffle", clean(&raffle.name, NAME_MAX).into());
                    let won = self.made.prizes.iter().any(|(raffle, _)| raffle == id);
                    if raffle.draws > self.known.now {
                        let zone = &self.known.programme.time_zone;
                        let date = self.words.date(raffle.draws, zone);
                        let args = [("count", (*tickets).into()), name, ("date", date.into())];
                        Some(Point::Text(self.words.text_with("statement-raffle-entries", &args)))
                    } else if self.known.is_drawn(id) && !won {
                        Some(Point::Text(self.words.text_with("statement-raffle-lost", &[name])))
                    } else {
                        None
                    }
                }
                None => self.plays_left(id, *tickets),
            });
        }
        let title = Some(self.words.text("statement-raffles"));
        (!points.is_empty()).then_some(Section { title, points })
    }

    fn won(&self, (raffle, prize): &(String, String)) -> Point {
        let declared =
            self.known.versions.all().filter_map(|version| version.programme.raffle(raffle));
        let declared = declared.last();
        let prizes = declared.into_iter().flat_map(|raffle| &raffle.prizes);
        let name = prizes.into_iter().find(|one| one.id == *prize).map_or(prize, |one| &one.name);
        let raffle = declared.map_or(raffle, |raffle| &raffle.name);
        let args =
            [("raffle", clean(raffle, NAME_MAX).into()), ("prize", clean(name, NAME_MAX).into())];
        Point::Strong(self.words.text_with("statement-raffle-won", &args))
    }

    /// Plays that are left of a game that is on.
    fn plays_left(&self, id: &str, plays: i64) -> Option<Point> {
        let game = self.known.programme.instant_win(id);
        let game = game.filter(|game| plays > 0 && game.closes > self.known.now)?;
        let args = [("count", plays.into()), ("of", clean(&game.name, NAME_MAX).into())];
        Some(Point::Text(self.words.text_with("why-tickets-game", &args)))
    }
}

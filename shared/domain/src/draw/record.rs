//! The draw record: what is published of a draw, as canonical JSON (RFC 8785).

mod holders;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) use self::holders::Holders;
pub use self::holders::{Disqualified, NotDisqualified};
use super::{
    PROTOCOL, TICKETS_MAX,
    beacon::Beacon,
    commitment, draw_seed,
    hash::Hash,
    list::{Entrant, Summary},
    merkle::Proof,
    pages::Drawn,
    sequence::Range,
};

/// Stands in the record of a draw without a beacon.
pub const NO_BEACON: &str = "No public beacon was used. The commitment shows that the seed was not exchanged after the \
     announcement. It does not show that the seed and the list were not chosen for their outcome: the operator alone knew the \
     seed and could work out the winners of any list before freezing it.";

/// A kind of prize, and how many of it there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prize {
    /// Its id in the programme.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// How many are drawn.
    pub count: u64,
}

/// What was announced of a raffle before anybody entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// The raffle's id: 1 to 128 printable ASCII characters without spaces.
    pub raffle: String,
    /// What it is called.
    pub name: String,
    /// The version of the programme whose rules held.
    pub programme_version: u64,
    /// The prizes, in the order in which they are drawn.
    pub prizes: Vec<Prize>,
    /// How many alternates are drawn after them.
    pub alternates: u64,
    /// From when entries were taken.
    pub opens: Timestamp,
    /// Until when.
    pub closes: Timestamp,
    /// When it is drawn: the beacon's round is the first at or after this.
    pub draws: Timestamp,
}

impl Announced {
    /// How many are to be drawn, alternates included.
    pub fn wanted(&self) -> u64 {
        self.prize_count().saturating_add(self.alternates)
    }

    /// How many prizes there are.
    pub fn prize_count(&self) -> u64 {
        self.prizes.iter().fold(0, |sum, prize| sum.saturating_add(prize.count))
    }

    /// The prizes of the winners, in order: each kind as often as there are of it.
    pub fn slots(&self) -> impl Iterator<Item = &Prize> {
        let times = |prize: &Prize| usize::try_from(prize.count).unwrap_or(usize::MAX);
        self.prizes.iter().flat_map(move |prize| std::iter::repeat_n(prize, times(prize)))
    }
}

/// One who was drawn for a prize.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Winner {
    /// How many were drawn with them, from 1.
    pub place: u64,
    /// The prize's id.
    pub prize: String,
    /// Who.
    pub entrant: Entrant,
    /// The first of their tickets.
    pub first: u64,
    /// How many they have.
    pub tickets: u64,
    /// The one that was drawn.
    pub ticket: u64,
    /// That the list says so.
    pub proof: Proof,
}

/// One who was drawn as an alternate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// How many were drawn with them, winners included.
    pub place: u64,
    /// Who.
    pub entrant: Entrant,
    /// The first of their tickets.
    pub first: u64,
    /// How many they have.
    pub tickets: u64,
    /// The one that was drawn.
    pub ticket: u64,
    /// That the list says so.
    pub proof: Proof,
}

/// All that is published of a draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "docs/draw-protocol.md says what each member is")]
pub struct Record {
    pub protocol: String,
    #[serde(flatten)]
    pub announced: Announced,
    pub commitment: Hash,
    pub beacon: Option<Beacon>,
    pub entrants: u64,
    pub tickets: u64,
    pub root: Hash,
    pub operator_seed: Hash,
    pub draw_seed: Hash,
    pub winners: Vec<Winner>,
    pub reserves: Vec<Reserve>,
    pub disqualified: Vec<Disqualified>,
    pub remarks: Vec<String>,
}

/// The text is not that of a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRecord {
    /// It is not JSON, or a member is missing, unknown or of another type.
    #[error("the text is not a draw record: {0}")]
    Malformed(String),
    /// It is a record in other words than RFC 8785 has for it.
    #[error(
        "the text is not in canonical form (RFC 8785): something was changed, or it was formatted anew"
    )]
    NotCanonical,
    /// A number is no integer from 0 to 2^53 - 1.
    #[error("the number {0} is not an integer from 0 to 2^53 - 1")]
    Number(String),
    /// The digest is not that of the rest.
    #[error("the digest is not that of the record: something was changed")]
    Digest,
}

impl Record {
    /// The record of a draw, from what was announced and what was drawn of it.
    pub fn new(
        announced: Announced,
        list: Summary,
        operator_seed: Hash,
        beacon: Option<Beacon>,
        drawn: Vec<Drawn>,
    ) -> Self {
        let randomness = beacon.as_ref().map(|beacon| &beacon.randomness);
        let draw_seed = draw_seed(&announced.raffle, &list.root, &operator_seed, randomness);
        let mut drawn = (1..).zip(drawn);
        let winners = announced.slots().zip(drawn.by_ref());
        let winner = |(prize, (place, drawn)): (&Prize, (u64, Drawn))| Winner {
            place,
            prize: prize.id.clone(),
            entrant: drawn.entrant,
            first: drawn.range.first,
            tickets: drawn.range.tickets,
            ticket: drawn.ticket,
            proof: drawn.proof,
        };
        let winners = winners.map(winner).collect();
        let reserve = |(place, drawn): (u64, Drawn)| Reserve {
            place,
            entrant: drawn.entrant,
            first: drawn.range.first,
            tickets: drawn.range.tickets,
            ticket: drawn.ticket,
            proof: drawn.proof,
        };
        let mut record = Self {
            protocol: PROTOCOL.to_owned(),
            commitment: commitment(&operator_seed),
            beacon,
            entrants: list.entrants,
            tickets: list.tickets,
            root: list.root,
            operator_seed,
            draw_seed,
            winners,
            reserves: drawn.map(reserve).collect(),
            disqualified: Vec::new(),
            remarks: Vec::new(),
            announced,
        };
        record.remarks = record.due_remarks();
        record
    }

    /// Reads a record, and refuses any text but the one that [`Record::canonical`] gives.
    pub fn parse(text: &[u8]) -> Result<Self, InvalidRecord> {
        let malformed = |error: serde_json::Error| InvalidRecord::Malformed(error.to_string());
        let mut value: Value = serde_json::from_slice(text).map_err(malformed)?;
        integers(&value)?;
        let digest = value.as_object_mut().and_then(|members| members.remove("digest"));
        let record: Self = serde_json::from_value(value).map_err(malformed)?;
        let expected = record.canonical();
        if expected.as_bytes() == text {
            return Ok(record);
        }
        if digest != Some(Value::String(record.digest().to_string())) {
            return Err(InvalidRecord::Digest);
        }
        Err(InvalidRecord::NotCanonical)
    }

    /// The text to publish.
    pub fn canonical(&self) -> String {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(members) = value.as_object_mut() {
            members.insert("digest".to_owned(), Value::String(self.digest().to_string()));
        }
        canonical(&value)
    }

    /// SHA-256 of the canonical text without the digest: one line that tells two records apart, and a damaged copy from a whole one.
    pub fn digest(&self) -> Hash {
        Hash::of(canonical(&serde_json::to_value(self).unwrap_or_default()).as_bytes())
    }

    /// All who were drawn, in order.
    pub fn drawn(&self) -> impl Iterator<Item = Drawn> {
        let winners = self.winners.iter().map(|winner| Drawn {
            entrant: winner.entrant,
            range: Range { first: winner.first, tickets: winner.tickets },
            ticket: winner.ticket,
            proof: winner.proof.clone(),
        });
        let reserves = self.reserves.iter().map(|reserve| Drawn {
            entrant: reserve.entrant,
            range: Range { first: reserve.first, tickets: reserve.tickets },
            ticket: reserve.ticket,
            proof: reserve.proof.clone(),
        });
        winners.chain(reserves)
    }

    /// The remarks that the record must begin with.
    pub fn due_remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.beacon.is_none() {
            remarks.push(NO_BEACON.to_owned());
        }
        let (entrants, prizes, alternates) =
            (self.entrants, self.announced.prize_count(), self.announced.alternates);
        if entrants == 0 {
            remarks.push("Nobody entered: no prize was drawn.".to_owned());
        } else if entrants < prizes {
            let missing = prizes.saturating_sub(entrants);
            remarks.push(format!(
                "Fewer entrants than prizes: {entrants} for {prizes}. Prizes not drawn: {missing}. Alternates drawn: 0."
            ));
        } else if entrants < prizes.saturating_add(alternates) {
            let reserves = entrants.saturating_sub(prizes);
            remarks.push(format!(
                "Fewer entrants than prizes and alternates: {entrants} for {prizes} and {alternates}. Alternates drawn: {reserves}."
            ));
        }
        remarks
    }
}

/// RFC 8785. Of a record, this does not fail: its keys are strings and its numbers are finite.
fn canonical(value: &Value) -> String {
    serde_json_canonicalizer::to_string(value).unwrap_or_default()
}

fn integers(value: &Value) -> Result<(), InvalidRecord> {
    match value {
        Value::Number(number) if number.as_u64().is_none_or(|number| number > TICKETS_MAX) => {
            Err(InvalidRecord::Number(number.to_string()))
        }
        Value::Array(values) => values.iter().try_for_each(integers),
        Value::Object(members) => members.values().try_for_each(integers),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::draw::pages::{Builder, Drawing, Step};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    pub(in crate::draw) fn announced(prizes: &[(&str, u64)], alternates: u64) -> Announced {
        let prize = |(id, count): &(&str, u64)| Prize {
            id: (*id).to_owned(),
            name: format!("A {id}"),
            count: *count,
        };
        Announced {
            raffle: "summer".to_owned(),
            name: "Sommer am Müggelsee".to_owned(),
            programme_version: 3,
            prizes: prizes.iter().map(prize).collect(),
            alternates,
            opens: at("2023-08-01T00:00:00Z"),
            closes: at("2023-08-23T15:00:00Z"),
            draws: at("2023-08-23T15:15:31Z"),
        }
    }

    /// Round 123 of quicknet, as published.
    pub(in crate::draw) fn beacon() -> Beacon {
        let signature = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92";
        let randomness = Hash::of(&hex::decode(signature).unwrap());
        let chain = crate::draw::beacon::CHAIN.to_owned();
        Beacon { chain, round: 123, signature: signature.to_owned(), randomness }
    }

    /// Draws a raffle among so many entrants.
    pub(in crate::draw) fn draw(
        announced: Announced,
        entrants: u8,
        beacon: Option<Beacon>,
    ) -> Record {
        let mut builder = Builder::default();
        for n in 0..entrants {
            builder.push(Entrant([n; 16]), u64::from(n % 3) + 1).unwrap();
        }
        let (mut pages, list) = builder.finish();
        let seed = Hash::of(b"the operator's");
        let randomness = beacon.as_ref().map(|beacon| &beacon.randomness);
        let draw_seed = draw_seed(&announced.raffle, &list.root, &seed, randomness);
        let wanted = usize::try_from(announced.wanted()).unwrap();
        let mut drawing = Drawing::new(list, draw_seed, wanted);
        loop {
            match drawing.step().unwrap() {
                Step::Read(_) => drawing.supply(pages.pop().unwrap().1).unwrap(),
                Step::Done(drawn) => {
                    return Record::new(announced, list, seed, beacon, drawn);
                }
            }
        }
    }

    fn sample() -> Record {
        draw(announced(&[("car", 1), ("mug", 3)], 3), 20, Some(beacon()))
    }

    #[test]
    fn a_record_is_read_back_from_its_text_and_from_no_other() {
        let record = sample();
        let text = record.canonical();
        assert_eq!(Record::parse(text.as_bytes()), Ok(record.clone()));
        assert!(text.starts_with(r#"{"alternates":3,"beacon":{"chain":"#), "{text}");
        let pretty = format!("{:#}", serde_json::from_str::<Value>(&text).unwrap());
        assert_eq!(Record::parse(pretty.as_bytes()), Err(InvalidRecord::NotCanonical));
        let more = text.replacen('{', r#"{"a":1,"#, 1);
        assert!(matches!(Record::parse(more.as_bytes()), Err(InvalidRecord::Malformed(_))));
        let renamed = text.replace("Müggelsee", "Schlachtensee");
        assert_eq!(Record::parse(renamed.as_bytes()), Err(InvalidRecord::Digest));
        for number in ["-1", "1.5", "9007199254740992", "1e3"] {
            let text = text.replacen(r#""alternates":3"#, &format!(r#""alternates":{number}"#), 1);
            let refused = Record::parse(text.as_bytes());
            assert!(matches!(refused, Err(InvalidRecord::Number(_))), "{number}: {refused:?}");
        }
    }

    #[test]
    fn a_record_with_any_byte_changed_is_refused() {
        let text = sample().canonical().into_bytes();
        for place in 0..text.len() {
            let mut changed = text.clone();
            changed[place] ^= 1;
            let refused = Record::parse(&changed);
            assert!(refused.is_err(), "at byte {place}: {refused:?}");
        }
    }

    #[test]
    fn the_next_alternate_takes_the_prize_of_the_disqualified_and_nobody_else() {
        let mut record = sample();
        let now = at("2023-08-25T12:00:00Z");
        let winner = |place: usize, record: &Record| record.winners[place].entrant;
        let [one, two, three] = [0, 1, 2].map(|place| record.reserves[place].entrant);
        let (car, mug) = (winner(0, &record), winner(1, &record));

        // A peer gave it to the oldest account. Here it is the order of the draw, and one who is out is passed over.
        assert_eq!(record.disqualify(one, "staff".to_owned(), now), Ok(None));
        assert_eq!(record.disqualify(car, "staff".to_owned(), now), Ok(Some(two)));
        assert_eq!(record.disqualify(two, "no age proof".to_owned(), now), Ok(Some(three)));
        assert_eq!(record.disqualify(mug, "staff".to_owned(), now), Ok(None));
        let twice = record.disqualify(car, "staff".to_owned(), now);
        assert_eq!(twice, Err(NotDisqualified::Already(car)));
        let stranger = Entrant([0xff; 16]);
        let refused = record.disqualify(stranger, "staff".to_owned(), now);
        assert_eq!(refused, Err(NotDisqualified::NotDrawn(stranger)));

        let (third, fourth) = (winner(2, &record), winner(3, &record));
        let expected =
            vec![("car", Some(three)), ("mug", None), ("mug", Some(third)), ("mug", Some(fourth))];
        assert_eq!(record.holders(), Ok(expected));
        assert_eq!(winner(0, &record), car, "what was drawn stays on the record");
    }

    #[test]
    fn what_was_not_drawn_is_said_in_words() {
        let remarks = |entrants, alternates, beacon| {
            draw(announced(&[("mug", 4)], alternates), entrants, beacon).remarks
        };
        assert_eq!(remarks(20, 3, Some(beacon())), Vec::<String>::new());
        assert_eq!(remarks(20, 3, None), [NO_BEACON]);
        assert_eq!(
            remarks(6, 3, Some(beacon())),
            ["Fewer entrants than prizes and alternates: 6 for 4 and 3. Alternates drawn: 2."]
        );
        assert_eq!(
            remarks(3, 3, Some(beacon())),
            ["Fewer entrants than prizes: 3 for 4. Prizes not drawn: 1. Alternates drawn: 0."]
        );
        assert_eq!(remarks(0, 3, None), [NO_BEACON, "Nobody entered: no prize was drawn."]);
    }
}

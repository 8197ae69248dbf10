//! What can be checked of a draw record by itself: all but the beacon's signature, and what only the list can show.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    PROTOCOL,
    beacon::{self, CHAIN},
    commitment, draw_seed,
    hash::Hash,
    list::{Entrant, Line, Summary},
    record::{Announced, Holders, NotDisqualified, Record},
    sampler::Counter,
    sequence::Sequence,
};

/// What does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The record is of another protocol.
    #[error("the protocol is `{0}`, not `{PROTOCOL}`")]
    Protocol(String),
    /// The raffle's id is none.
    #[error("the raffle's id is not 1 to 128 printable ASCII characters without spaces")]
    RaffleId,
    /// A time has a fraction of a second.
    #[error("{0} is not a whole second")]
    Fraction(Timestamp),
    /// It closes before it opens, or is drawn before it closes.
    #[error("the raffle does not open before it closes, or is drawn before it closes")]
    TimesOutOfOrder,
    /// A prize without a count, or two with one id.
    #[error("prize `{0}` has no count, or its id is there twice")]
    Prize(String),
    /// The seed is another than the operator committed to.
    #[error("the operator's seed is not the one committed to: its hash is {0}")]
    Commitment(Hash),
    /// The beacon is of another chain.
    #[error("the beacon is of another chain than drand's quicknet: {0}")]
    Chain(String),
    /// The round is not the one for the drawing time.
    #[error(
        "the beacon's round is {found}, but {expected} is the first at or after the drawing time"
    )]
    Round {
        /// In the record.
        found: u64,
        /// What it should be.
        expected: u64,
    },
    /// The randomness is not the signature's hash.
    #[error("the beacon's randomness is not the hash of its signature")]
    Randomness,
    /// The signature is not one of quicknet.
    #[error("the beacon's signature is not that of round {0} of drand's quicknet")]
    Signature(u64),
    /// The draw's seed does not follow.
    #[error("the draw's seed should be {0}")]
    DrawSeed(Hash),
    /// A proof does not lead to the root.
    #[error("the proof of place {place}, entrant {entrant}, does not lead to the list's root")]
    Proof {
        /// The place.
        place: u64,
        /// Who.
        entrant: Entrant,
    },
    /// Another ticket was to be drawn.
    #[error("at place {place}, ticket {expected} is drawn, but the record says {found}")]
    Ticket {
        /// The place.
        place: u64,
        /// What the seed says.
        expected: u64,
        /// What the record says.
        found: u64,
    },
    /// A winner does not hold the ticket drawn.
    #[error("at place {place}, the ticket drawn is not one of entrant {entrant}")]
    NotTheHolder {
        /// The place.
        place: u64,
        /// Who.
        entrant: Entrant,
    },
    /// The record ends too early, or goes on after everybody was drawn.
    #[error("{found} were drawn, but {expected} are due")]
    Count {
        /// How many there are.
        found: u64,
        /// How many there should be.
        expected: u64,
    },
    /// A winner's place or prize is another.
    #[error(
        "the winner at place {place} has another place or prize than the order of the prizes gives"
    )]
    PrizeOrder {
        /// The place that is meant, from 1.
        place: u64,
    },
    /// One of the disqualified was not drawn, or is there twice.
    #[error(transparent)]
    NotDisqualified(#[from] NotDisqualified),
    /// A disqualification without a reason, or one dated before the draw or before the one above it.
    #[error("the disqualification of entrant {0} has no reason, or its time is out of order")]
    Disqualification(Entrant),
    /// Another alternate is next.
    #[error("entrant {0} was not replaced by the next alternate")]
    Replacement(Entrant),
    /// A sentence that must be there is not.
    #[error("this remark is missing: {0}")]
    Remark(String),
    /// The list is another than the record says.
    #[error("the list has {found:?}, but the record says {said:?}")]
    List {
        /// What the list came to.
        found: Summary,
        /// What the record says.
        said: Summary,
    },
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What should hold, as a sentence.
    pub what: String,
    /// Why it does not.
    pub fault: Option<Fault>,
}

impl Finding {
    /// What came of checking `what`.
    pub fn new(what: impl Into<String>, result: Result<(), Fault>) -> Self {
        Self { what: what.into(), fault: result.err() }
    }
}

/// Checks all of a record that needs neither the list nor a BLS signature, in the order in which a reader would.
pub fn record(record: &Record) -> Vec<Finding> {
    let beacon_round = record.beacon.as_ref().map(|beacon| beacon.round);
    let about_the_beacon = beacon_round.map_or_else(
        || "there is no beacon, and the record says what that means".to_owned(),
        |round| format!("round {round} is quicknet's first at or after the drawing time"),
    );
    let drawn = record.winners.len().saturating_add(record.reserves.len());
    vec![
        Finding::new("names, times and prizes are well formed", form(record)),
        Finding::new("the operator's seed is the one committed to", committed(record)),
        Finding::new(about_the_beacon, promised(record)),
        Finding::new("the draw's seed follows from root, seed and beacon", seeded(record)),
        Finding::new(
            format!("each of the {drawn} drawn stands in the list of this root"),
            proven(record),
        ),
        Finding::new(
            "the tickets drawn follow from the draw's seed, one after another",
            sequence(record),
        ),
        Finding::new("the prizes were given in their order", given(record)),
        Finding::new("who was disqualified was replaced by the next alternate", replaced(record)),
        Finding::new("what must be remarked is", remarked(record)),
    ]
}

/// Whether the list is the one that the record was drawn from.
pub fn list(record: &Record, found: Summary) -> Result<(), Fault> {
    let Record { entrants, tickets, root, .. } = *record;
    let said = Summary { entrants, tickets, root };
    if found == said { Ok(()) } else { Err(Fault::List { found, said }) }
}

fn form(record: &Record) -> Result<(), Fault> {
    if record.protocol != PROTOCOL {
        return Err(Fault::Protocol(record.protocol.clone()));
    }
    let Announced { raffle, opens, closes, draws, prizes, .. } = &record.announced;
    let length = raffle.len();
    if length == 0 || length > 128 || !raffle.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Fault::RaffleId);
    }
    let disqualified = record.disqualified.iter().map(|gone| gone.at);
    for time in [*opens, *closes, *draws].into_iter().chain(disqualified) {
        if time.subsec_nanosecond() != 0 {
            return Err(Fault::Fraction(time));
        }
    }
    if opens >= closes || closes > draws {
        return Err(Fault::TimesOutOfOrder);
    }
    let mut ids = BTreeSet::new();
    for prize in prizes {
        if prize.count == 0 || !ids.insert(&prize.id) {
            return Err(Fault::Prize(prize.id.clone()));
        }
    }
    Ok(())
}

fn committed(record: &Record) -> Result<(), Fault> {
    let found = commitment(&record.operator_seed);
    if found == record.commitment { Ok(()) } else { Err(Fault::Commitment(found)) }
}

fn promised(record: &Record) -> Result<(), Fault> {
    let Some(beacon) = &record.beacon else { return Ok(()) };
    if beacon.chain != CHAIN {
        return Err(Fault::Chain(beacon.chain.clone()));
    }
    let (found, expected) = (beacon.round, beacon::round_at(record.announced.draws));
    if found != expected {
        return Err(Fault::Round { found, expected });
    }
    let signature = beacon.signature().ok_or(Fault::Signature(found))?;
    if Hash::of(&signature) == beacon.randomness { Ok(()) } else { Err(Fault::Randomness) }
}

fn seeded(record: &Record) -> Result<(), Fault> {
    let randomness = record.beacon.as_ref().map(|beacon| &beacon.randomness);
    let raffle = &record.announced.raffle;
    let found = draw_seed(raffle, &record.root, &record.operator_seed, randomness);
    if found == record.draw_seed { Ok(()) } else { Err(Fault::DrawSeed(found)) }
}

fn proven(record: &Record) -> Result<(), Fault> {
    for (place, drawn) in (1..).zip(record.drawn()) {
        let entrant = drawn.entrant;
        let leaf = Line { range: drawn.range, entrant }.leaf();
        if drawn.proof.root(leaf, record.entrants) != Some(record.root) {
            return Err(Fault::Proof { place, entrant });
        }
    }
    Ok(())
}

fn sequence(record: &Record) -> Result<(), Fault> {
    let mut sequence = Sequence::new(Counter::new(record.draw_seed), record.tickets);
    let due = record.announced.wanted().min(record.entrants);
    let mut found = 0_u64;
    for (place, drawn) in (1..).zip(record.drawn()) {
        let Some(expected) = sequence.ticket() else { break };
        let entrant = drawn.entrant;
        if drawn.ticket != expected {
            return Err(Fault::Ticket { place, expected, found: drawn.ticket });
        }
        sequence.leave_out(drawn.range).map_err(|_| Fault::NotTheHolder { place, entrant })?;
        found = place;
    }
    let written = (record.winners.len() as u64).saturating_add(record.reserves.len() as u64);
    if found != due || written != due {
        return Err(Fault::Count { found: written, expected: due });
    }
    Ok(())
}

fn given(record: &Record) -> Result<(), Fault> {
    let winners = record.winners.len() as u64;
    let expected = record.announced.prize_count().min(record.entrants);
    if winners != expected {
        return Err(Fault::Count { found: winners, expected });
    }
    for (place, (winner, prize)) in (1..).zip(record.winners.iter().zip(record.announced.slots())) {
        if winner.place != place || winner.prize != prize.id {
            return Err(Fault::PrizeOrder { place });
        }
    }
    for (place, reserve) in (winners.saturating_add(1)..).zip(&record.reserves) {
        if reserve.place != place {
            return Err(Fault::PrizeOrder { place });
        }
    }
    Ok(())
}

fn replaced(record: &Record) -> Result<(), Fault> {
    let mut holders = Holders::new(record);
    let mut earliest = record.announced.draws;
    for gone in &record.disqualified {
        if gone.reason.trim().is_empty() || gone.at < earliest {
            return Err(Fault::Disqualification(gone.entrant));
        }
        earliest = gone.at;
        if holders.disqualify(gone.entrant)? != gone.replaced_by {
            return Err(Fault::Replacement(gone.entrant));
        }
    }
    Ok(())
}

fn remarked(record: &Record) -> Result<(), Fault> {
    let due = record.due_remarks();
    let missing =
        due.iter().enumerate().find(|(place, due)| record.remarks.get(*place) != Some(due));
    missing.map_or(Ok(()), |(_, due)| Err(Fault::Remark(due.clone())))
}

#[cfg(test)]
mod tests {
    use super::{
        super::record::tests::{announced, beacon, draw},
        *,
    };

    /// The first fault of a record, or none.
    fn fault(record: &Record) -> Option<Fault> {
        super::record(record).into_iter().find_map(|finding| finding.fault)
    }

    fn sample() -> Record {
        draw(announced(&[("car", 1), ("mug", 3)], 3), 20, Some(beacon()))
    }

    #[test]
    fn a_draw_as_it_should_be_has_no_fault() {
        for entrants in [0, 1, 3, 4, 5, 6, 7, 8, 200] {
            for beacon in [None, Some(beacon())] {
                let record = draw(announced(&[("car", 1), ("mug", 3)], 3), entrants, beacon);
                assert_eq!(fault(&record), None, "{entrants}");
            }
        }
        let mut record = sample();
        let (winner, now) = (record.winners[1].entrant, record.announced.draws);
        record.disqualify(winner, "staff".to_owned(), now).unwrap();
        assert_eq!(fault(&record), None);
    }

    /// Changes a good record; the first fault found.
    fn changed(change: impl FnOnce(&mut Record)) -> Option<Fault> {
        let mut record = sample();
        change(&mut record);
        // A forger makes the text right again: only what it says can tell.
        let record = Record::parse(record.canonical().as_bytes()).unwrap();
        fault(&record)
    }

    #[test]
    fn whatever_a_forger_changes_is_found() {
        let hash = Hash::of(b"another");
        let good = sample();
        let [first, second] = [0, 1].map(|place| good.winners[place].clone());
        let protocol = changed(|r| "guerdon-draw/2".clone_into(&mut r.protocol));
        assert_eq!(protocol, Some(Fault::Protocol("guerdon-draw/2".to_owned())));
        assert_eq!(changed(|r| "a b".clone_into(&mut r.announced.raffle)), Some(Fault::RaffleId));
        assert!(matches!(
            changed(|r| "a".clone_into(&mut r.announced.raffle)),
            Some(Fault::DrawSeed(_))
        ));
        assert_eq!(
            changed(|r| r.announced.opens = r.announced.closes),
            Some(Fault::TimesOutOfOrder)
        );
        assert_eq!(
            changed(|r| r.announced.prizes[1].count = 0),
            Some(Fault::Prize("mug".to_owned()))
        );
        assert!(matches!(changed(|r| r.operator_seed = hash), Some(Fault::Commitment(_))));
        assert!(matches!(changed(|r| r.commitment = hash), Some(Fault::Commitment(_))));
        let round = Fault::Round { found: 124, expected: 123 };
        assert_eq!(changed(|r| r.beacon.as_mut().unwrap().round = 124), Some(round));
        let randomness = changed(|r| r.beacon.as_mut().unwrap().randomness = hash);
        assert_eq!(randomness, Some(Fault::Randomness));
        let chain = changed(|r| "another".clone_into(&mut r.beacon.as_mut().unwrap().chain));
        assert_eq!(chain, Some(Fault::Chain("another".to_owned())));
        assert!(matches!(changed(|r| r.beacon = None), Some(Fault::DrawSeed(_))));
        assert!(matches!(changed(|r| r.root = hash), Some(Fault::DrawSeed(_))));
        assert!(matches!(changed(|r| r.draw_seed = hash), Some(Fault::DrawSeed(_))));
        let proof = Some(Fault::Proof { place: 1, entrant: first.entrant });
        assert_eq!(changed(|r| r.winners[0].proof.path[0] = hash), proof);
        assert_eq!(changed(|r| r.winners[0].tickets += 1), proof);
        assert_eq!(changed(|r| r.winners[0].proof.index ^= 1), proof);
        let swapped = changed(|r| r.winners.swap(0, 1));
        let (expected, found) = (first.ticket, second.ticket);
        assert_eq!(swapped, Some(Fault::Ticket { place: 1, expected, found }));
        let holder = changed(|r| {
            (r.winners[0], r.winners[1]) = (second.clone(), first.clone());
            r.winners[0].ticket = first.ticket;
        });
        assert_eq!(holder, Some(Fault::NotTheHolder { place: 1, entrant: second.entrant }));
        let again = changed(|r| r.reserves[0] = r.reserves[1].clone());
        assert!(matches!(again, Some(Fault::Ticket { place: 5, .. })));
        let shorter = changed(|r| drop(r.reserves.pop()));
        assert_eq!(shorter, Some(Fault::Count { found: 6, expected: 7 }));
        assert!(matches!(changed(|r| r.tickets += 100), Some(Fault::Ticket { .. })));
        let fewer = changed(|r| r.announced.alternates = 2);
        assert_eq!(fewer, Some(Fault::Count { found: 7, expected: 6 }));
        let moved = changed(|r| r.announced.prizes.swap(0, 1));
        assert_eq!(moved, Some(Fault::PrizeOrder { place: 1 }));
        assert_eq!(changed(|r| r.winners[2].place = 9), Some(Fault::PrizeOrder { place: 3 }));
        assert_eq!(changed(|r| r.reserves[2].place = 9), Some(Fault::PrizeOrder { place: 7 }));
    }

    #[test]
    fn a_replacement_that_the_order_does_not_give_is_found() {
        let good = sample();
        let (winner, oldest) = (good.winners[0].entrant, good.reserves[2].entrant);
        let disqualified = |change: &dyn Fn(&mut Record)| {
            changed(|record| {
                let at = record.announced.draws;
                record.disqualify(winner, "staff".to_owned(), at).unwrap();
                change(record);
            })
        };
        assert_eq!(disqualified(&|_| ()), None);
        let replaced = disqualified(&|r| r.disqualified[0].replaced_by = Some(oldest));
        assert_eq!(replaced, Some(Fault::Replacement(winner)));
        let nobody = disqualified(&|r| r.disqualified[0].replaced_by = None);
        assert_eq!(nobody, Some(Fault::Replacement(winner)));
        let reason = Some(Fault::Disqualification(winner));
        assert_eq!(disqualified(&|r| r.disqualified[0].reason.clear()), reason);
        assert_eq!(disqualified(&|r| r.disqualified[0].at = r.announced.opens), reason);
        let twice = disqualified(&|r| r.disqualified.push(r.disqualified[0].clone()));
        let already = NotDisqualified::Already(winner);
        assert_eq!(twice, Some(Fault::NotDisqualified(already)));
    }

    #[test]
    fn a_record_that_keeps_silent_on_its_weakness_has_a_fault() {
        let mut record = draw(announced(&[("mug", 4)], 1), 2, None);
        let kept = std::mem::take(&mut record.remarks);
        assert_eq!(fault(&record), Some(Fault::Remark(kept[0].clone())));
        record.remarks.push(kept[0].clone());
        assert_eq!(fault(&record), Some(Fault::Remark(kept[1].clone())));
        record.remarks = kept;
        record.remarks.push("Drawn in the presence of a notary.".to_owned());
        assert_eq!(fault(&record), None);
    }
}

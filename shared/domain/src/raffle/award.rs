//! Giving a raffle's prizes to those who hold them.

use jiff::Timestamp;

use crate::{
    account::Account,
    decision::{Decision, Draft, Journal},
    draw::list::Entrant,
    entry::Kind,
    id::Operation,
    programme::{Codes, Grant, Published, Versions, raffle::RafflePrize},
    raffle::rule,
    redeem,
    rejection::{Refusal, Rejection},
};

/// A prize to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Award {
    /// The raffle's id.
    pub raffle: String,
    /// The version of the programme that the raffle was announced under.
    pub version: u32,
    /// The prize's id.
    pub prize: String,
    /// The place that was drawn.
    pub place: u64,
    /// Who has it: they are given its prize once, whoever asks how often.
    pub entrant: Entrant,
    /// A code for each voucher, as for a reward.
    pub codes: Vec<Option<String>>,
}

impl Award {
    /// Its name: the idempotency guard.
    pub fn operation(&self) -> Operation {
        Operation::prize(&self.raffle, self.place, self.entrant)
    }

    /// Where the codes of its vouchers come from.
    pub fn codes_needed<'a>(&self, versions: &'a Versions) -> Vec<&'a Codes> {
        self.terms(versions).map_or(Vec::new(), |(_, prize)| redeem::codes_of(&prize.gives))
    }

    fn terms<'a>(&self, versions: &'a Versions) -> Option<(&'a Published, &'a RafflePrize)> {
        let version = versions.number(self.version)?;
        let raffle = version.programme.raffle(&self.raffle)?;
        let prize = raffle.prizes.iter().find(|prize| prize.id == self.prize)?;
        Some((version, prize))
    }
}

/// Decides what giving a prize posts to the winner's account.
pub fn decide(
    account: &Account,
    versions: &Versions,
    award: &Award,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let decision = give(account, versions, award, now);
    decision.map_err(|reason| reason.by(rule(&award.raffle), award.version))
}

fn give(
    account: &Account,
    versions: &Versions,
    award: &Award,
    now: Timestamp,
) -> Result<Decision, Rejection> {
    let unknown = Rejection::UnknownVersion { version: award.version };
    let version = versions.number(award.version).ok_or(unknown)?;
    let (_, prize) = award.terms(versions).ok_or(Rejection::UnknownRaffle)?;
    let gives: &[Grant] = &prize.gives;
    let mut journal = Journal::open(account, versions, now)?;
    let (grants, claims) = redeem::give(&mut journal, version, gives, &award.codes)?;
    let at = journal.now;
    journal.record(Draft {
        operation: award.operation(),
        index: 0,
        at,
        version: version.version,
        kind: Kind::Prize {
            raffle: award.raffle.clone(),
            prize: award.prize.clone(),
            place: award.place,
            grants,
        },
        reasons: Vec::new(),
    })?;
    Ok(journal.close(None, claims)?)
}

//! What a run writes for a member: the statement as data, and the mail to those who want one. Nothing is read or sent here.

use guerdon_domain::{
    id::MemberId,
    profile::{Email, Unsent},
};

use crate::{
    letter::letter,
    made::{Known, Made, MakeError, Material},
    mail::{Mail, Post, links, message},
};

/// A member's statement could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WritingError {
    #[error(transparent)]
    Make(#[from] MakeError),
    #[error("the statement cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// What is written for a member.
pub(crate) struct Written {
    /// The statement as data.
    pub(crate) data: String,
    /// The mail, or why there is none.
    pub(crate) mail: Result<Mail, &'static str>,
}

impl Written {
    pub(crate) fn of(
        known: &Known,
        member: &MemberId,
        material: Material,
    ) -> Result<Self, WritingError> {
        let made = known.of(material)?;
        Ok(Self { data: made.json()?, mail: Self::mail_of(known, member, &made) })
    }

    /// The mail of a statement, or why there is none.
    fn mail_of(known: &Known, member: &MemberId, made: &Made) -> Result<Mail, &'static str> {
        let to: &Email = made.profile.statement_to().map_err(|unsent| match unsent {
            Unsent::NoEmail => "no-email",
            Unsent::NoConsent => "no-consent",
            Unsent::Bounced => "bounced",
        })?;
        if !made.has_news(known.now) {
            return Err("nothing-to-tell");
        }
        let config = &known.config;
        let brand = &known.programme.brand;
        let sender = brand.sender.as_ref().ok_or("no-sender")?;
        let key = config.portal_key.as_ref().ok_or("no-portal")?;
        if config.public_url.is_empty() {
            return Err("no-portal");
        }
        let post = Post { key, public_url: &config.public_url, sender };
        let (links, tag) = links(&post, member, known.period, known.now);
        let letter = letter(known, made, known.language(None, &made.profile), &links);
        let message = message(&post, &letter, brand, (member, to), known.period, known.now);
        Ok(Mail { to: to.clone(), message, tag })
    }
}

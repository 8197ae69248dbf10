//! What a member tells of themselves: personal data, kept apart from the ledger so that it can be erased alone.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::address::{MAIL_BYTES_MAX, is_mail};

/// The longest name, in characters.
pub const NAME_CHARS_MAX: usize = 500;
/// The longest nickname, in characters.
pub const NICKNAME_CHARS_MAX: usize = 40;
/// The longest address, in bytes.
pub const EMAIL_BYTES_MAX: usize = MAIL_BYTES_MAX;

/// A member's profile. Debug output shows none of it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// What they are called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where statements are sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The code of their language, such as "pl"; the programme's first one if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What they are called on the leaderboard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// When they agreed to statements by mail; `None` if they did not, or withdrew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statements: Option<Timestamp>,
    /// When they agreed to be on the leaderboard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaderboard: Option<Timestamp>,
    /// When mail to their address came back; nothing is sent until they give another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounced: Option<Timestamp>,
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Profile")
    }
}

/// An address of e-mail that every mail service takes: ASCII, one line, a domain with a dot. An international domain is written as
/// `xn--…`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Email(String);

/// A text is no address of e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not an e-mail address such as ann@example.com")]
pub struct NotAnEmail;

impl Email {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email")
    }
}

impl std::str::FromStr for Email {
    type Err = NotAnEmail;

    fn from_str(text: &str) -> Result<Self, NotAnEmail> {
        if is_mail(text) { Ok(Self(text.to_owned())) } else { Err(NotAnEmail) }
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl TryFrom<String> for Email {
    type Error = NotAnEmail;

    fn try_from(text: String) -> Result<Self, NotAnEmail> {
        text.parse()
    }
}

/// Why a member gets no statement by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unsent {
    /// They gave no address.
    NoEmail,
    /// They did not agree, or withdrew it.
    NoConsent,
    /// Mail to their address came back.
    Bounced,
}

impl Profile {
    /// The address to send statements to, or why there is none.
    pub fn statement_to(&self) -> Result<&Email, Unsent> {
        match (&self.email, self.statements, self.bounced) {
            (None, ..) => Err(Unsent::NoEmail),
            (_, None, _) => Err(Unsent::NoConsent),
            (_, _, Some(_)) => Err(Unsent::Bounced),
            (Some(email), Some(_), None) => Ok(email),
        }
    }

    /// This profile after mail to an address came back at `now`. Mail to an address that they no longer have tells nothing of
    /// the one that they have.
    #[must_use]
    pub fn bounced(self, address: &str, now: Timestamp) -> Self {
        let theirs = self.email.as_ref().is_some_and(|email| email.0.eq_ignore_ascii_case(address));
        Self { bounced: if theirs { self.bounced.or(Some(now)) } else { self.bounced }, ..self }
    }

    /// What they are called on the leaderboard; `None` if they did not agree to be on it, withdrew it, or have no nickname.
    pub fn on_leaderboard(&self) -> Option<&str> {
        let nickname = self.nickname.as_deref().filter(|_| self.leaderboard.is_some());
        nickname.filter(|nickname| !nickname.trim().is_empty())
    }

    /// This profile after the member changed it at `now`. Consent that was given stays with its date; a new address is tried again.
    #[must_use]
    pub fn changed(self, wanted: Wanted, now: Timestamp) -> Self {
        let consent =
            |before: Option<Timestamp>, wanted: bool| wanted.then(|| before.unwrap_or(now));
        let bounced = self.bounced.filter(|_| wanted.email == self.email);
        Self {
            statements: consent(self.statements, wanted.statements),
            leaderboard: consent(self.leaderboard, wanted.leaderboard),
            name: wanted.name,
            email: wanted.email,
            language: wanted.language,
            nickname: wanted.nickname,
            bounced,
        }
    }
}

/// A profile as the member, or the shop for them, wants it.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    /// What they are called.
    pub name: Option<String>,
    /// Where statements are sent.
    pub email: Option<Email>,
    /// The code of their language.
    pub language: Option<String>,
    /// What they are called on the leaderboard.
    pub nickname: Option<String>,
    /// Whether they agree to statements by mail.
    pub statements: bool,
    /// Whether they agree to be on the leaderboard.
    pub leaderboard: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_line_with_an_at_sign() {
        for good in ["ann@example.com", "a.b+c@x.y.zz", "o'hara@xn--exmple-cua.ie"] {
            assert!(good.parse::<Email>().is_ok(), "{good}");
        }
        let long = format!("{}@a.de", "a".repeat(65));
        for bad in [
            "",
            "ann",
            "@a.de",
            "ann@",
            "ann@de",
            "a n@a.de",
            "a@b@c.de",
            "a@a..de",
            ".a@b.de",
            "a..b@c.de",
            "ünï@a.de",
            "a@exämple.de",
            "a@a.de\nBcc: b@c.de",
            "<a@a.de>",
            &long,
        ] {
            assert_eq!(bad.parse::<Email>(), Err(NotAnEmail), "{bad}");
        }
    }

    #[test]
    fn consent_keeps_its_date_and_a_new_address_is_tried_again() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let wanted = |email: &str, statements| Wanted {
            email: email.parse().ok(),
            statements,
            ..Wanted::default()
        };
        let first = Profile::default().changed(wanted("a@a.de", true), at(1));
        assert!(first.statement_to().is_ok());
        assert_eq!(first.clone().bounced("old@a.de", at(2)), first, "of an address before");
        let bounced = first.bounced("A@a.de", at(2));
        let same = bounced.clone().changed(wanted("a@a.de", true), at(3));
        assert_eq!((same.statements, same.statement_to()), (Some(at(1)), Err(Unsent::Bounced)));
        let other = bounced.changed(wanted("b@a.de", true), at(3));
        assert!(other.statement_to().is_ok());
        let without = other.changed(wanted("b@a.de", false), at(4));
        assert_eq!(without.statement_to(), Err(Unsent::NoConsent));
        assert_eq!(Profile::default().statement_to(), Err(Unsent::NoEmail));
    }

    #[test]
    fn who_is_on_the_leaderboard_agreed_and_has_a_nickname() {
        let wanted = |nickname: &str, leaderboard| Wanted {
            nickname: Some(nickname.to_owned()),
            leaderboard,
            ..Wanted::default()
        };
        let profile = |nickname: &str, leaderboard| {
            Profile::default().changed(wanted(nickname, leaderboard), Timestamp::UNIX_EPOCH)
        };
        assert_eq!(profile("Bean", true).on_leaderboard(), Some("Bean"));
        assert_eq!(profile("Bean", false).on_leaderboard(), None);
        assert_eq!(profile(" ", true).on_leaderboard(), None);
        assert_eq!(Profile::default().on_leaderboard(), None);
    }

    #[test]
    fn nothing_of_it_is_shown_by_debug() {
        let profile = Profile { email: "a@a.de".parse().ok(), ..Profile::default() };
        assert_eq!(format!("{profile:?} {:?}", profile.email), "Profile Some(Email)");
    }
}

//! Tokens that this deployment alone can make and read: links, sessions, forms. They are encrypted, because they stand in
//! URLs, cookies and mails, and name a member.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use guerdon_domain::id::MemberId;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// What a token is good for. One of another purpose cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Opens the member's page, once.
    Link,
    /// Who is on the member's page: the cookie.
    Session,
    /// Shows that a form came from the member's page, and names what it does: sent twice, it is done once.
    Form,
    /// Stops the statements by mail, from the mail itself.
    Unsubscribe,
    /// Shows a balance on a shop's page.
    Widget,
}

impl Purpose {
    /// What the cipher authenticates beside the text, so that purposes cannot be exchanged.
    fn context(self) -> &'static [u8] {
        match self {
            Self::Link => b"guerdon/link/1",
            Self::Session => b"guerdon/session/1",
            Self::Form => b"guerdon/form/1",
            Self::Unsubscribe => b"guerdon/unsubscribe/1",
            Self::Widget => b"guerdon/widget/1",
        }
    }
}

/// The key of tokens: 32 bytes of the operating system's randomness. Debug output does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct PortalKey(pub [u8; 32]);

impl fmt::Debug for PortalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PortalKey")
    }
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Whose.
    pub member: MemberId,
    /// The instant from which it is no longer good.
    pub until: Timestamp,
    /// Its name: no two tokens have the same.
    pub id: String,
}

/// A token is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It was not made here, not for this, or was changed.
    #[error("this is not a token that was given out for this")]
    Invalid,
    /// It was good once.
    #[error("the token has expired")]
    Expired,
}

/// Bytes of a nonce: so many that random ones never meet.
const NONCE: usize = 24;
/// The longest token that is looked at, in bytes.
const TEXT_MAX: usize = 1024;

impl PortalKey {
    /// A token for a member, good until an instant (whole seconds). `random` must never be given twice.
    pub fn seal(
        &self,
        purpose: Purpose,
        member: &MemberId,
        until: Timestamp,
        random: [u8; 32],
    ) -> String {
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&random[..NONCE]);
        let mut text = until.as_second().to_be_bytes().to_vec();
        text.extend_from_slice(member.as_str().as_bytes());
        let payload = Payload { msg: &text, aad: purpose.context() };
        let mut token = nonce.to_vec();
        // Encrypting fails for texts of many gigabytes alone.
        token.extend(self.cipher().encrypt(&nonce.into(), payload).unwrap_or_default());
        URL_SAFE_NO_PAD.encode(token)
    }

    /// A token that is the same whenever it is made for the same: for what is sent at most once, but may be made again. `name`
    /// tells apart what is.
    pub fn seal_named(
        &self,
        purpose: Purpose,
        member: &MemberId,
        until: Timestamp,
        name: &str,
    ) -> String {
        // The nonce follows from everything that is encrypted, so that none is ever taken for two texts.
        let mut random = Sha256::new().chain_update(b"guerdon/nonce/1").chain_update(self.0);
        for part in [purpose.context(), &until.as_second().to_be_bytes(), name.as_bytes()] {
            random.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            random.update(part);
        }
        random.update(member.as_str());
        self.seal(purpose, member, until, random.finalize().into())
    }

    /// What a token says, if it is one of ours, for this purpose, and still good.
    pub fn open(&self, purpose: Purpose, token: &str, now: Timestamp) -> Result<Token, TokenError> {
        if token.len() > TEXT_MAX {
            return Err(TokenError::Invalid);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| TokenError::Invalid)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or(TokenError::Invalid)?;
        let payload = Payload { msg: sealed, aad: purpose.context() };
        let text = self.cipher().decrypt(nonce.into(), payload);
        let text = text.map_err(|_| TokenError::Invalid)?;
        let (until, member) = text.split_first_chunk::<8>().ok_or(TokenError::Invalid)?;
        let until = Timestamp::from_second(i64::from_be_bytes(*until));
        let until = until.map_err(|_| TokenError::Invalid)?;
        let member = std::str::from_utf8(member).map_err(|_| TokenError::Invalid)?;
        let member = MemberId::new(member).map_err(|_| TokenError::Invalid)?;
        if until <= now {
            return Err(TokenError::Expired);
        }
        Ok(Token { member, until, id: hex::encode(nonce) })
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: PortalKey = PortalKey([7; 32]);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn ann() -> MemberId {
        MemberId::new("shopify:a.myshopify.com:1").unwrap()
    }

    #[test]
    fn a_token_says_whose_it_is_until_it_expires() {
        let token = KEY.seal(Purpose::Link, &ann(), at(100), [1; 32]);
        let read = KEY.open(Purpose::Link, &token, at(99)).unwrap();
        assert_eq!((read.member, read.until), (ann(), at(100)));
        assert_eq!(KEY.open(Purpose::Link, &token, at(100)), Err(TokenError::Expired));
    }

    #[test]
    fn no_token_shows_its_member_or_serves_another_purpose_or_key() {
        let token = KEY.seal(Purpose::Link, &ann(), at(100), [1; 32]);
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        assert!(!bytes.windows(7).any(|part| part == b"shopify"), "it is in plain text");
        for purpose in [Purpose::Session, Purpose::Form, Purpose::Unsubscribe, Purpose::Widget] {
            assert_eq!(KEY.open(purpose, &token, at(1)), Err(TokenError::Invalid));
        }
        let other = PortalKey([8; 32]);
        assert_eq!(other.open(Purpose::Link, &token, at(1)), Err(TokenError::Invalid));
    }

    #[test]
    fn a_named_token_is_the_same_for_the_same_and_another_for_anything_else() {
        let seal = |purpose, second, name| KEY.seal_named(purpose, &ann(), at(second), name);
        let token = seal(Purpose::Link, 100, "2026-10");
        assert_eq!(seal(Purpose::Link, 100, "2026-10"), token);
        let read = KEY.open(Purpose::Link, &token, at(1)).unwrap();
        assert_eq!((read.member, read.until), (ann(), at(100)));
        for other in [
            seal(Purpose::Link, 101, "2026-10"),
            seal(Purpose::Link, 100, "2026-11"),
            seal(Purpose::Unsubscribe, 100, "2026-10"),
        ] {
            assert_ne!(other[..32], token[..32], "the nonce");
        }
    }

    #[test]
    fn a_token_with_any_byte_changed_or_missing_is_none() {
        let token = KEY.seal(Purpose::Session, &ann(), at(100), [1; 32]);
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let changed = URL_SAFE_NO_PAD.encode(&changed);
            assert_eq!(KEY.open(Purpose::Session, &changed, at(1)), Err(TokenError::Invalid));
            let short = URL_SAFE_NO_PAD.encode(&bytes[..place]);
            assert_eq!(KEY.open(Purpose::Session, &short, at(1)), Err(TokenError::Invalid));
        }
        for text in ["", "é", "a b", &"A".repeat(5000)] {
            assert_eq!(KEY.open(Purpose::Session, text, at(1)), Err(TokenError::Invalid));
        }
    }
}

//! Why a payload was not understood.

use std::fmt;

/// A payload that cannot be translated: which field, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadError {
    /// Whether the payload is broken or only impossible.
    pub kind: PayloadErrorKind,
    /// JSON pointer (RFC 6901) to the field; empty for the whole body.
    pub pointer: String,
    /// What is wrong, for the person who sends the payload.
    pub message: String,
}

/// The two kinds of [`PayloadError`], which are two statuses at HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadErrorKind {
    /// Not the documented shape: not JSON, a field missing or of the wrong type. HTTP 400.
    Malformed,
    /// The right shape with an impossible value: negative, out of range, an unknown currency, a fraction of a cent. HTTP 422.
    Unprocessable,
}

impl PayloadError {
    pub(crate) fn malformed(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { kind: PayloadErrorKind::Malformed, pointer: pointer.into(), message: message.into() }
    }

    pub(crate) fn unprocessable(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            kind: PayloadErrorKind::Unprocessable,
            pointer: pointer.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for PayloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the body" } else { &self.pointer };
        write!(f, "{place}: {}", self.message)
    }
}

impl std::error::Error for PayloadError {}

//! Whether a webhook comes from who it says: signatures over the raw bytes of the body.
//!
//! Verify before parsing. Each function takes every secret that is valid now, so that a secret can be replaced without
//! losing a delivery: the current one and, for a while, the previous. Nothing here says which secret matched, or how far a
//! wrong signature was right; the comparison takes the same time for each.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

/// Looks up a header by its lower-case name.
pub type Headers<'a> = &'a dyn Fn(&str) -> Option<&'a str>;

/// Seconds that the timestamp of a Standard Webhooks delivery may differ from now.
pub const TOLERANCE_SECONDS: u64 = 5 * 60;

/// Why a delivery is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// A header that the scheme needs is not there.
    #[error("the header {0} is missing")]
    Missing(&'static str),
    /// There is no usable secret. An empty one is never used: everybody knows it.
    #[error("no secret is configured for this platform")]
    NotConfigured,
    /// No secret made this signature for this body.
    #[error("the signature does not match")]
    Wrong,
    /// The signature is right, but the delivery is too old or from the future.
    #[error("the delivery is not recent")]
    Stale,
}

/// Verifies a Shopify webhook: the base64 HMAC-SHA256 of the body, with the client secret as key.
pub fn shopify<S: AsRef<str>>(
    headers: Headers<'_>,
    body: &[u8],
    secrets: &[S],
) -> Result<(), SignatureError> {
    const HEADER: &str = "x-shopify-hmac-sha256";
    let keys = secrets.iter().map(|secret| secret.as_ref().as_bytes().to_vec());
    let macs = macs(keys, &[body])?;
    let given = headers(HEADER).or_else(|| headers("shopify-hmac-sha256"));
    verify(&macs, [given.ok_or(SignatureError::Missing(HEADER))?])
}

/// Verifies a [Standard Webhooks](https://www.standardwebhooks.com) delivery, at most [`TOLERANCE_SECONDS`] from `now`.
///
/// The key is the base64 after `whsec_`; a secret without that prefix is the key itself. Signatures of other versions
/// than `v1` are passed over.
pub fn standard<S: AsRef<str>>(
    headers: Headers<'_>,
    body: &[u8],
    secrets: &[S],
    now: Timestamp,
) -> Result<(), SignatureError> {
    let header =
        |name| headers(name).filter(|text| !text.is_empty()).ok_or(SignatureError::Missing(name));
    let keys = secrets.iter().filter_map(|secret| match secret.as_ref().strip_prefix("whsec_") {
        Some(encoded) => STANDARD.decode(encoded).ok(),
        None => Some(secret.as_ref().as_bytes().to_vec()),
    });
    let (id, sent) = (header("webhook-id")?, header("webhook-timestamp")?);
    let macs = macs(keys, &[id.as_bytes(), b".", sent.as_bytes(), b".", body])?;
    let given = header("webhook-signature")?
        .split(' ')
        .filter_map(|signature| signature.strip_prefix("v1,"));
    verify(&macs, given)?;
    let seconds: i64 = sent.parse().map_err(|_| SignatureError::Stale)?;
    let apart = now.as_second().abs_diff(seconds);
    if apart > TOLERANCE_SECONDS { Err(SignatureError::Stale) } else { Ok(()) }
}

/// Computes the code of the parts, one after the other, under every key that is not empty.
fn macs(
    keys: impl Iterator<Item = Vec<u8>>,
    parts: &[&[u8]],
) -> Result<Vec<Hmac<Sha256>>, SignatureError> {
    let keyed = keys
        .filter(|key| !key.is_empty())
        .filter_map(|key| Hmac::<Sha256>::new_from_slice(&key).ok());
    let macs: Vec<_> = keyed
        .map(|mut mac| {
            for part in parts {
                mac.update(part);
            }
            mac
        })
        .collect();
    if macs.is_empty() { Err(SignatureError::NotConfigured) } else { Ok(macs) }
}

/// Compares each given signature with each code, without stopping at a match.
///
/// Only canonical base64 is decoded, so that a signature has one spelling.
fn verify<'a>(
    macs: &[Hmac<Sha256>],
    given: impl IntoIterator<Item = &'a str>,
) -> Result<(), SignatureError> {
    let mut right = false;
    for signature in given {
        let Ok(bytes) = STANDARD.decode(signature) else { continue };
        for mac in macs {
            right |= mac.clone().verify_slice(&bytes).is_ok();
        }
    }
    if right { Ok(()) } else { Err(SignatureError::Wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOPIFY_BODY: &str =
        r#"{"id":1234567890,"email":"customer@example.com","total_price":"123.45"}"#;
    const SHOPIFY_SECRET: &str = "test-webhook-secret";
    const SHOPIFY_SIGNATURE: &str = "QNyObTlKbMx2qDlPF/ZOZcBqg5OgPg+2oky3zldc0Gw=";

    /// Published by the Standard Webhooks libraries: secret, id, timestamp, body, signature.
    const STANDARD_VECTORS: [(&str, &str, &str, &str, &str); 2] = [
        (
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            r#"{"test": 2432232314}"#,
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
        (
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            "1649367553",
            r#"{"email":"test@example.com","username":"test_user"}"#,
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
        ),
    ];

    fn check_shopify(signature: &str, body: &[u8], secrets: &[&str]) -> Result<(), SignatureError> {
        shopify(&|name| (name == "x-shopify-hmac-sha256").then_some(signature), body, secrets)
    }

    fn check_standard(
        secrets: &[&str],
        (id, sent, signature): (&str, &str, &str),
        body: &[u8],
        now: i64,
    ) -> Result<(), SignatureError> {
        let headers = |name: &str| match name {
            "webhook-id" => Some(id),
            "webhook-timestamp" => Some(sent),
            "webhook-signature" => Some(signature),
            _ => None,
        };
        standard(&headers, body, secrets, Timestamp::from_second(now).unwrap())
    }

    /// Every text that differs from `text` in one byte and is still ASCII.
    fn changed(text: &str) -> impl Iterator<Item = String> {
        (0..text.len()).flat_map(move |at| {
            (0..128_u8).filter(move |byte| *byte != text.as_bytes()[at]).map(move |byte| {
                let mut bytes = text.as_bytes().to_vec();
                bytes[at] = byte;
                String::from_utf8(bytes).unwrap()
            })
        })
    }

    #[test]
    fn shopify_accepts_what_was_published_and_nothing_near_it() {
        let body = SHOPIFY_BODY.as_bytes();
        assert_eq!(check_shopify(SHOPIFY_SIGNATURE, body, &[SHOPIFY_SECRET]), Ok(()));
        for signature in changed(SHOPIFY_SIGNATURE) {
            assert_eq!(
                check_shopify(&signature, body, &[SHOPIFY_SECRET]),
                Err(SignatureError::Wrong),
                "{signature}"
            );
        }
        for secret in changed(SHOPIFY_SECRET) {
            assert_eq!(
                check_shopify(SHOPIFY_SIGNATURE, body, &[&secret]),
                Err(SignatureError::Wrong),
                "{secret}"
            );
        }
        for body in changed(SHOPIFY_BODY) {
            let answer = check_shopify(SHOPIFY_SIGNATURE, body.as_bytes(), &[SHOPIFY_SECRET]);
            assert_eq!(answer, Err(SignatureError::Wrong), "{body}");
        }
    }

    #[test]
    fn standard_accepts_what_was_published_and_nothing_near_it() {
        for (secret, id, sent, body, signature) in STANDARD_VECTORS {
            let now = sent.parse().unwrap();
            let check = |secret: &str, id: &str, signature: &str, body: &str| {
                check_standard(&[secret], (id, sent, signature), body.as_bytes(), now)
            };
            assert_eq!(check(secret, id, signature, body), Ok(()));
            assert!(changed(secret).all(|secret| check(&secret, id, signature, body).is_err()));
            assert!(changed(id).all(|id| check(secret, &id, signature, body).is_err()));
            assert!(
                changed(signature).all(|signature| check(secret, id, &signature, body).is_err())
            );
            assert!(changed(body).all(|body| check(secret, id, signature, &body).is_err()));
            let near = |sent: String| {
                check_standard(&[secret], (id, &sent, signature), body.as_bytes(), now)
            };
            assert!(changed(sent).all(|sent| near(sent) == Err(SignatureError::Wrong)));
        }
    }

    #[test]
    fn a_signature_has_one_spelling() {
        // "x" and "w" decode to the same bytes in a decoder that drops the bits that are left over.
        for same in [
            "QNyObTlKbMx2qDlPF/ZOZcBqg5OgPg+2oky3zldc0Gx=",
            "QNyObTlKbMx2qDlPF/ZOZcBqg5OgPg+2oky3zldc0Gw",
        ] {
            let answer = check_shopify(same, SHOPIFY_BODY.as_bytes(), &[SHOPIFY_SECRET]);
            assert_eq!(answer, Err(SignatureError::Wrong), "{same}");
        }
    }

    #[test]
    fn a_secret_is_replaced_without_losing_a_delivery() {
        let body = SHOPIFY_BODY.as_bytes();
        assert_eq!(check_shopify(SHOPIFY_SIGNATURE, body, &["new-secret", SHOPIFY_SECRET]), Ok(()));
        assert_eq!(check_shopify(SHOPIFY_SIGNATURE, body, &["", SHOPIFY_SECRET]), Ok(()));
        assert_eq!(
            check_shopify(SHOPIFY_SIGNATURE, body, &["new-secret"]),
            Err(SignatureError::Wrong)
        );
        let (secret, id, sent, body, signature) = STANDARD_VECTORS[0];
        let now = sent.parse().unwrap();
        let answer =
            check_standard(&["new-secret", secret], (id, sent, signature), body.as_bytes(), now);
        assert_eq!(answer, Ok(()));
    }

    #[test]
    fn an_empty_secret_is_no_secret() {
        // The published signature of "secret" under an empty key: anybody can make it.
        let forged = "GBDo00G55h6IiV+6CxqivQPLbI//KzaOZm747971tPs=";
        assert_eq!(check_shopify(forged, b"secret", &[""]), Err(SignatureError::NotConfigured));
        assert_eq!(check_shopify(forged, b"secret", &[]), Err(SignatureError::NotConfigured));
        for secret in ["", "whsec_", "whsec_not base64"] {
            let answer = check_standard(&[secret], ("id", "1", "v1,GBDo"), b"{}", 1);
            assert_eq!(answer, Err(SignatureError::NotConfigured), "{secret:?}");
        }
    }

    #[test]
    fn both_spellings_of_the_shopify_header_are_read() {
        let headers = |name: &str| (name == "shopify-hmac-sha256").then_some(SHOPIFY_SIGNATURE);
        assert_eq!(shopify(&headers, SHOPIFY_BODY.as_bytes(), &[SHOPIFY_SECRET]), Ok(()));
        let none = shopify(&|_| None, SHOPIFY_BODY.as_bytes(), &[SHOPIFY_SECRET]);
        assert_eq!(none, Err(SignatureError::Missing("x-shopify-hmac-sha256")));
    }

    #[test]
    fn a_delivery_is_trusted_for_five_minutes() {
        let (secret, id, sent, body, signature) = STANDARD_VECTORS[0];
        let now: i64 = sent.parse().unwrap();
        let check = |now| check_standard(&[secret], (id, sent, signature), body.as_bytes(), now);
        assert_eq!((check(now - 300), check(now + 300)), (Ok(()), Ok(())));
        assert_eq!(
            (check(now - 301), check(now + 301)),
            (Err(SignatureError::Stale), Err(SignatureError::Stale))
        );
    }

    #[test]
    fn only_version_one_of_several_signatures_counts() {
        let (secret, id, sent, body, signature) = STANDARD_VECTORS[0];
        let check = |list: &str| {
            check_standard(&[secret], (id, sent, list), body.as_bytes(), sent.parse().unwrap())
        };
        assert_eq!(check(&format!("v1a,AAAA v1,AAAA {signature}")), Ok(()));
        assert_eq!(check(&signature.replace("v1,", "v2,")), Err(SignatureError::Wrong));
        assert_eq!(check(&signature.replace("v1,", "v1a,")), Err(SignatureError::Wrong));
        assert_eq!(check(""), Err(SignatureError::Missing("webhook-signature")));
    }

    #[test]
    fn a_secret_without_prefix_is_the_key_itself() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"a plain secret").unwrap();
        mac.update(b"msg_1.1700000000.{}");
        let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        let answer = check_standard(
            &["a plain secret"],
            ("msg_1", "1700000000", &signature),
            b"{}",
            1_700_000_000,
        );
        assert_eq!(answer, Ok(()));
    }
}

//! Signatures, as platforms make them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// HMAC-SHA256 (RFC 2104).
///
/// # Panics
/// Never: it takes keys of any length.
pub fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The value of `X-Shopify-Hmac-SHA256`.
pub fn shopify(secret: &str, body: &[u8]) -> String {
    STANDARD.encode(hmac(secret.as_bytes(), &[body]))
}

/// The value of `webhook-signature`.
///
/// # Panics
/// If the part of the secret after `whsec_` is not base64.
pub fn standard(secret: &str, id: &str, seconds: i64, body: &[u8]) -> String {
    let key = match secret.strip_prefix("whsec_") {
        Some(encoded) => STANDARD.decode(encoded).expect("the secret is base64"),
        None => secret.as_bytes().to_vec(),
    };
    let sent = seconds.to_string();
    let code = hmac(&key, &[id.as_bytes(), b".", sent.as_bytes(), b".", body]);
    format!("v1,{}", STANDARD.encode(code))
}

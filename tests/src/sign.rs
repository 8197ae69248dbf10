//! Signatures, as platforms make them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

fn mac(key: &[u8], parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The value of `X-Shopify-Hmac-SHA256`.
pub fn shopify(secret: &str, body: &[u8]) -> String {
    mac(secret.as_bytes(), &[body])
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
    format!("v1,{}", mac(&key, &[id.as_bytes(), b".", sent.as_bytes(), b".", body]))
}

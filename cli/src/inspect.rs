//! `guerdon inspect`: what a payload means, without network or database.

use guerdon_commerce::{PayloadErrorKind, Platform, shopify, translate};
use serde_json::json;

/// The meaning of a payload as JSON, and the exit code: 0, or 1 if the payload is refused.
pub fn inspect(platform: Platform, topic: &str, shop: &str, body: &[u8]) -> (String, u8) {
    let headers = |name: &str| match name {
        shopify::TOPIC_HEADER => Some(topic),
        shopify::SHOP_HEADER => Some(shop),
        _ => None,
    };
    let (value, code) = match translate(platform, &headers, body) {
        Ok(translation) => (json!(translation.meaning()), 0),
        Err(error) => {
            let status = match error.kind {
                PayloadErrorKind::Malformed => 400,
                PayloadErrorKind::Unprocessable => 422,
            };
            (
                json!({ "error": { "status": status, "pointer": error.pointer, "message": error.message } }),
                1,
            )
        }
    };
    (format!("{value:#}"), code)
}

//! The samples in `events/`, and what they are made for.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{root, sign};

/// The secret that signs the samples of Shopify.
pub const SHOPIFY_SECRET: &str = "sample-shopify-secret";
/// The secret that signs the samples of Standard Webhooks.
pub const STANDARD_SECRET: &str = "whsec_c2FtcGxlLXN0YW5kYXJkLXNlY3JldA==";
/// The API key that the samples call with.
pub const API_KEY: &str = "sample-key";
/// The member of most samples.
pub const MEMBER: &str = "shopify:lumen-coffee.myshopify.com:8101";

/// A sample by its name, such as `redeem-show`.
///
/// # Panics
/// If there is none.
pub fn sample(name: &str) -> Value {
    let path = root().join("events").join(name).with_extension("json");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of all samples, in order.
///
/// # Panics
/// If there is no folder of them.
pub fn names() -> Vec<String> {
    let files = std::fs::read_dir(root().join("events"))
        .expect("the folder of samples")
        .filter_map(Result::ok);
    let name = |path: std::path::PathBuf| {
        let json = path.extension().is_some_and(|extension| extension == "json");
        path.file_stem().filter(|_| json).and_then(|stem| stem.to_str()).map(str::to_owned)
    };
    let mut names: Vec<String> = files.filter_map(|file| name(file.path())).collect();
    names.sort();
    names
}

/// The programme that the samples are made for: nothing in it lapses, so that they do not age.
///
/// # Panics
/// If it is gone.
pub fn programme() -> String {
    std::fs::read_to_string(root().join("events/programme.toml"))
        .expect("the programme of the samples")
}

/// The function that a sample is of: what its name begins with.
pub fn function(sample: &str) -> &str {
    const OF_TWO_WORDS: [&str; 2] = ["raffle-draw", "instant-win"];
    let two = OF_TWO_WORDS.into_iter().find(|name| sample.starts_with(name));
    two.unwrap_or_else(|| sample.split('-').next().unwrap_or(sample))
}

/// The secrets and keys of the samples, as a deployment would be told them.
pub fn secrets() -> Vec<(String, String)> {
    let secrets = json!({ "shopify": [SHOPIFY_SECRET], "standard": [STANDARD_SECRET] });
    let mut hash = String::new();
    for byte in Sha256::digest(API_KEY) {
        let _ = write!(hash, "{byte:02x}");
    }
    let keys = json!([{ "name": "samples", "sha256": hash, "scopes": ["read", "write", "staff"] }]);
    vec![
        ("WEBHOOK_SECRETS".to_owned(), secrets.to_string()),
        ("API_KEYS".to_owned(), keys.to_string()),
    ]
}

/// The bytes of a sample's body.
///
/// # Panics
/// If it says that it is base64, and is not.
pub fn body(event: &Value) -> Vec<u8> {
    let text = event["body"].as_str().unwrap_or_default();
    if event["isBase64Encoded"] == true {
        STANDARD.decode(text).expect("base64")
    } else {
        text.as_bytes().to_vec()
    }
}

/// A sample of Standard Webhooks signed again, now: the signature of one is good for five minutes.
#[must_use]
pub fn signed_now(mut event: Value, now: Timestamp) -> Value {
    let id = event["headers"]["webhook-id"].as_str().unwrap_or_default().to_owned();
    let signature = sign::standard(STANDARD_SECRET, &id, now.as_second(), &body(&event));
    event["headers"]["webhook-timestamp"] = json!(now.as_second().to_string());
    event["headers"]["webhook-signature"] = json!(signature);
    event
}

/// A sample of Shopify with another body, signed anew.
#[must_use]
pub fn with_body(mut event: Value, body: &Value) -> Value {
    let text = body.to_string();
    event["headers"]["x-shopify-hmac-sha256"] =
        json!(sign::shopify(SHOPIFY_SECRET, text.as_bytes()));
    event["body"] = json!(text);
    event["isBase64Encoded"] = json!(false);
    event
}

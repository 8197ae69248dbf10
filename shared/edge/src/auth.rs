//! Who may call the API: keys of which only hashes are kept, with scopes.

use lambda_http::http::HeaderMap;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::{config::LOCAL_API_KEY, problem::Problem};

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Read members, history, offers.
    Read,
    /// Redeem, hold, capture, release, send events.
    Write,
    /// Correct balances.
    Staff,
}

/// A key as configured.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// What it is called in logs.
    pub name: String,
    /// SHA-256 of the key, in hex.
    pub sha256: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
}

/// The keys of a deployment.
#[derive(Debug, Clone, Default)]
pub struct ApiKeys(Vec<(String, [u8; 32], Vec<Scope>)>);

impl ApiKeys {
    /// Checks configured keys; the local stack's is refused.
    pub fn new(keys: Vec<ApiKey>) -> Result<Self, String> {
        let local: [u8; 32] = Sha256::digest(LOCAL_API_KEY).into();
        let keys = keys.into_iter().map(|key| match unhex(&key.sha256) {
            None => Err(format!("key {:?}: sha256 must be 64 hexadecimal digits", key.name)),
            Some(hash) if hash == local => {
                Err(format!("key {:?} is the one of the local stack", key.name))
            }
            Some(hash) => Ok((key.name, hash, key.scopes)),
        });
        keys.collect::<Result<_, _>>().map(Self)
    }

    /// The local stack's: one well-known key that may do everything.
    pub fn local() -> Self {
        let scopes = vec![Scope::Read, Scope::Write, Scope::Staff];
        Self(vec![("local".to_owned(), Sha256::digest(LOCAL_API_KEY).into(), scopes)])
    }

    /// The name of the caller, if its key has the scope. Every configured key is compared, in constant time.
    pub fn authorize(&self, headers: &HeaderMap, scope: Scope) -> Result<&str, Problem> {
        let bearer = headers.get("authorization").and_then(|value| value.to_str().ok());
        let bearer = bearer
            .and_then(|value| value.strip_prefix("Bearer ").or(value.strip_prefix("bearer ")));
        let key = bearer.or_else(|| headers.get("x-api-key").and_then(|value| value.to_str().ok()));
        let key = key
            .map(str::trim)
            .filter(|key| !key.is_empty())
            .ok_or_else(Problem::unauthenticated)?;
        let given: [u8; 32] = Sha256::digest(key).into();
        let mut found: Option<usize> = None;
        for (index, (_, hash, _)) in self.0.iter().enumerate() {
            let same: Choice = hash.ct_eq(&given);
            if bool::from(same) {
                found = Some(index);
            }
        }
        let (name, _, scopes) =
            found.and_then(|index| self.0.get(index)).ok_or_else(Problem::unauthenticated)?;
        if scopes.contains(&scope) { Ok(name) } else { Err(Problem::forbidden(scope)) }
    }
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
}

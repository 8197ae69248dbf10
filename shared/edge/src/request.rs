//! Reading HTTP requests; anything malformed is a problem that names the field.

use guerdon_domain::{
    decision::in_range,
    id::{MemberId, Operation, RequestKey},
    money::{Currency, Money, MoneyError, parse_minor},
};
use guerdon_store::Request as StoreRequest;
use lambda_http::{
    Adapter, Body, Error, LambdaEvent, Request, RequestExt, Response, Service,
    request::LambdaRequest, service_fn, tower::ServiceExt,
};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Number, Value};
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// The largest body taken, in bytes: API Gateway's own limit is 10 MB, a platform's webhooks are far below this.
pub const BODY_BYTES_MAX: usize = 5 * 1024 * 1024;

/// Answers an event of API Gateway by a handler of requests, in a function that takes other events, too.
pub async fn answer_event<F: Future<Output = Response<Body>> + Send>(
    event: LambdaEvent<Value>,
    handle: impl Fn(Request) -> F + Send + Sync,
) -> Result<Value, Error> {
    let request: LambdaRequest = serde_json::from_value(event.payload)?;
    let http = service_fn(|request: Request| async { Ok::<_, Error>(handle(request).await) });
    let mut adapter = Adapter::from(http);
    let response = adapter.ready().await?.call(LambdaEvent::new(request, event.context)).await?;
    Ok(serde_json::to_value(response)?)
}

/// The path's segments, decoded. A segment that is not UTF-8 is a problem.
pub fn segments(request: &Request) -> Result<Vec<String>, Problem> {
    let path = request.raw_http_path();
    let decode = |segment: &str| {
        let text = percent_decode_str(segment).decode_utf8();
        let text = text.map(std::borrow::Cow::into_owned);
        text.map_err(|_| Problem::bad_request("the path is not UTF-8").at("/path"))
    };
    path.trim_start_matches('/').trim_end_matches('/').split('/').map(decode).collect()
}

/// The member named in a path.
pub fn member(segment: &str) -> Result<MemberId, Problem> {
    MemberId::new(segment).map_err(|error| Problem::bad_request(error).at("/path/member"))
}

/// The raw bytes of the body, as they were signed.
pub fn bytes(request: &Request) -> Result<&[u8], Problem> {
    let bytes: &[u8] = match request.body() {
        Body::Text(text) => text.as_bytes(),
        Body::Binary(bytes) => bytes,
        _ => &[],
    };
    if bytes.len() > BODY_BYTES_MAX { Err(Problem::too_large(BODY_BYTES_MAX)) } else { Ok(bytes) }
}

/// The JSON object in the body. A malformed one names the field by JSON pointer.
pub fn body<'b, T: Deserialize<'b>>(request: &'b Request) -> Result<T, Problem> {
    guerdon_commerce::read(bytes(request)?).map_err(|error| Problem::payload(&error))
}

/// Refuses a body that says something, where nothing is asked for: it is empty, or an object without fields.
pub fn no_body(request: &Request) -> Result<(), Problem> {
    if bytes(request)?.is_empty() { Ok(()) } else { body::<Nothing>(request).map(|Nothing {}| ()) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Where problems say that the key is wrong.
const KEY_HEADER: &str = "/headers/idempotency-key";

/// The `Idempotency-Key` header.
pub fn key(request: &Request) -> Result<RequestKey, Problem> {
    let value = request.headers().get("idempotency-key");
    let value = value.ok_or_else(|| {
        let detail = "the Idempotency-Key header is missing: send a name of your own for this request, such as a UUID";
        Problem::bad_request(detail).at(KEY_HEADER)
    })?;
    let value = value.to_str();
    let value = value.map_err(|_| {
        Problem::bad_request("the Idempotency-Key header is not ASCII").at(KEY_HEADER)
    })?;
    let bare = value.trim().trim_matches('"');
    RequestKey::new(bare).map_err(|error| Problem::bad_request(error).at(KEY_HEADER))
}

/// The name of this request's operation on a member, with a digest of the method, the path and the body.
pub fn operation(request: &Request, member: &MemberId) -> Result<StoreRequest, Problem> {
    let operation = Operation::request(member, &key(request)?);
    Ok(StoreRequest { operation, digest: digest(request)? })
}

/// A digest of the method, the path and the body, 128 bits in hex.
pub fn digest(request: &Request) -> Result<String, Problem> {
    let digest = Sha256::new()
        .chain_update(request.method().as_str())
        .chain_update(b" ")
        .chain_update(request.raw_http_path())
        .chain_update(b"\n")
        .chain_update(bytes(request)?)
        .finalize();
    Ok(hex::encode(digest.get(..16).unwrap_or_default()))
}

/// An amount of money in a request: exact decimal text, and a currency.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    amount: String,
    currency: String,
}

impl Amount {
    /// The money; `pointer` names the field in problems.
    pub fn money(&self, pointer: &str) -> Result<Money, Problem> {
        let currency: Currency = self
            .currency
            .parse()
            .map_err(|error| Problem::unprocessable(error).at(format!("{pointer}/currency")))?;
        let minor = parse_minor(&self.amount, currency).map_err(|error| {
            let problem = match error {
                MoneyError::NotDecimal(_) => Problem::bad_request(error),
                MoneyError::FractionOfMinor(..) | MoneyError::OutOfRange(_) => {
                    Problem::unprocessable(error)
                }
            };
            problem.at(format!("{pointer}/amount"))
        })?;
        if !in_range(minor) {
            let detail = format!("{:?} is beyond the ledger's range", self.amount);
            return Err(Problem::unprocessable(detail).at(format!("{pointer}/amount")));
        }
        Ok(Money { minor, currency })
    }
}

/// A whole number in a request. What is a number beyond the ledger's range is a matter of its value, not of its form.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Units(Number);

impl Units {
    /// The number; `pointer` names the field in problems.
    pub fn get(&self, pointer: &str) -> Result<i64, Problem> {
        self.0.as_i64().filter(|units| in_range(*units)).ok_or_else(|| {
            Problem::unprocessable(format!(
                "{} is not a whole number within the ledger's range",
                Value::from(self.0.clone())
            ))
            .at(pointer)
        })
    }
}

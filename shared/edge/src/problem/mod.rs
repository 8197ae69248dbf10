//! HTTP errors as problem details (RFC 9457). The `type` of each is part of the public API, documented in `docs/api.md`.

mod refused;

use std::fmt::Display;

use guerdon_commerce::{PayloadError, PayloadErrorKind, signature::SignatureError};
use guerdon_store::{PostError, StoreError};
use lambda_http::{
    Body, Response,
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

pub use self::refused::refused;
use crate::auth::Scope;

const OUT_OF_RANGE: &str = "/problems/out-of-range";
const NOT_FOR_SALE: &str = "/problems/not-for-sale";
const NO_FREE_ROUTE: &str = "/problems/no-free-route";

/// An error response.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    detail: String,
    pointer: Option<String>,
    extra: Map<String, Value>,
}

impl Problem {
    fn new(
        status: StatusCode,
        kind: &'static str,
        title: &'static str,
        detail: impl Display,
    ) -> Self {
        Self { status, kind, title, detail: detail.to_string(), pointer: None, extra: Map::new() }
    }

    /// The request is malformed.
    pub fn bad_request(detail: impl Display) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "/problems/malformed",
            "The request is malformed",
            detail,
        )
    }

    /// The request is well-formed, but a value in it cannot be.
    pub fn unprocessable(detail: impl Display) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "/problems/unprocessable",
            "A value cannot be processed",
            detail,
        )
    }

    /// The body is too large.
    pub fn too_large(bytes_max: usize) -> Self {
        let detail = format!("the body may have {bytes_max} bytes");
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "/problems/too-large",
            "The body is too large",
            detail,
        )
    }

    /// There is no such raffle, or it is not announced yet.
    pub fn unknown_raffle(raffle: &str) -> Self {
        let detail = format!("there is no raffle {raffle:?}, or it is not announced yet");
        Self::new(
            StatusCode::NOT_FOUND,
            "/problems/unknown-raffle",
            "There is no such raffle",
            detail,
        )
    }

    /// There is no such instant win.
    pub fn unknown_instant_win(game: &str) -> Self {
        let detail = format!("there is no instant win {game:?}");
        Self::new(
            StatusCode::NOT_FOUND,
            "/problems/unknown-instant-win",
            "There is no such instant win",
            detail,
        )
    }

    /// There is no such auction.
    pub fn unknown_auction(auction: &str) -> Self {
        let detail = format!("there is no auction {auction:?}");
        Self::new(
            StatusCode::NOT_FOUND,
            "/problems/unknown-auction",
            "There is no such auction",
            detail,
        )
    }

    /// The raffle is not drawn yet.
    pub fn not_drawn(raffle: &str) -> Self {
        let detail = format!("raffle {raffle} is not drawn yet");
        Self::new(
            StatusCode::CONFLICT,
            "/problems/not-drawn",
            "The raffle is not drawn yet",
            detail,
        )
    }

    /// No valid API key.
    pub fn unauthenticated() -> Self {
        let detail = "send a valid key as `Authorization: Bearer KEY`";
        Self::new(
            StatusCode::UNAUTHORIZED,
            "/problems/unauthenticated",
            "The API key is missing or unknown",
            detail,
        )
    }

    /// The key is valid, but may not do this.
    pub fn forbidden(scope: Scope) -> Self {
        let detail = format!("this key does not have the scope {scope:?}").to_lowercase();
        Self::new(
            StatusCode::FORBIDDEN,
            "/problems/forbidden",
            "The API key may not do this",
            detail,
        )
    }

    /// The deployment has no key for members' links.
    pub fn no_portal() -> Self {
        let detail = "this deployment has no portal key or no public address, so that it can make no links for members";
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "/problems/no-portal",
            "Members' pages are not set up",
            detail,
        )
    }

    /// The text is no period of a statement.
    pub fn not_a_period(detail: impl Display) -> Self {
        let title = "There are no statements of such a period";
        Self::new(StatusCode::NOT_FOUND, "/problems/not-a-period", title, detail).at("/path/period")
    }

    /// The period of a statement has not begun.
    pub fn not_begun(detail: impl Display) -> Self {
        let title = "The period has not begun";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "/problems/not-begun", title, detail)
            .at("/path/period")
    }

    /// A link that was not given out here, or not whole.
    pub fn bad_link() -> Self {
        let detail = "the link was not given out here, is not whole, or has expired";
        Self::new(StatusCode::FORBIDDEN, "/problems/bad-link", "The link does not work", detail)
    }

    /// A form that does not come from the member's own page, or is too old.
    pub fn stale_form() -> Self {
        let detail = "open the page again, and send the form from there";
        Self::new(
            StatusCode::FORBIDDEN,
            "/problems/stale-form",
            "The form is no longer valid",
            detail,
        )
    }

    /// No such route.
    pub fn no_route() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "/problems/no-route",
            "There is no such route",
            "see openapi.json for the routes",
        )
    }

    /// The signature does not hold. What exactly is wrong is not told.
    pub fn signature(error: &SignatureError) -> Self {
        let detail = match error {
            SignatureError::Missing(header) => format!("the header {header} is missing"),
            SignatureError::NotConfigured => "no secret is configured for this platform".to_owned(),
            SignatureError::Wrong => {
                "the signature does not match the body under any active secret".to_owned()
            }
            SignatureError::Stale => "the timestamp is more than five minutes away".to_owned(),
        };
        Self::new(
            StatusCode::UNAUTHORIZED,
            "/problems/signature",
            "The webhook's signature does not hold",
            detail,
        )
    }

    /// The payload cannot be read or taken.
    pub fn payload(error: &PayloadError) -> Self {
        let problem = match error.kind {
            PayloadErrorKind::Malformed => Self::bad_request(&error.message),
            PayloadErrorKind::Unprocessable => Self::unprocessable(&error.message),
        };
        problem.at(&error.pointer)
    }

    /// Neither the ledger nor the queue can be reached: nothing was accepted.
    pub fn unavailable() -> Self {
        let detail = "nothing was recorded: send the same request again in a moment";
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "/problems/unavailable",
            "The ledger cannot be reached",
            detail,
        )
    }

    /// Names the field that is wrong, as a JSON pointer.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into()).filter(|pointer| !pointer.is_empty());
        self
    }

    /// Names the field whose value leaves the range of the ledger, if that is the problem: each route has its own.
    #[must_use]
    pub fn if_out_of_range_at(self, pointer: &str) -> Self {
        if self.kind == OUT_OF_RANGE { self.at(pointer) } else { self }
    }

    /// Names the field that says what entries or plays are had for, if they cannot be had for that: each route has its own.
    #[must_use]
    pub fn if_not_obtainable_at(self, pointer: &str) -> Self {
        if [NOT_FOR_SALE, NO_FREE_ROUTE].contains(&self.kind) { self.at(pointer) } else { self }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The response.
    pub fn respond(&self) -> Response<Body> {
        let mut body = Map::new();
        body.insert("type".to_owned(), json!(self.kind));
        body.insert("title".to_owned(), json!(self.title));
        body.insert("status".to_owned(), json!(self.status.as_u16()));
        body.insert("detail".to_owned(), json!(self.detail));
        if let Some(pointer) = &self.pointer {
            body.insert("pointer".to_owned(), json!(pointer));
        }
        body.extend(self.extra.clone());
        let mut response = respond(self.status, &Value::Object(body));
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert("retry-after", HeaderValue::from_static("2"));
        }
        response
    }
}

impl From<StoreError> for Problem {
    /// The cause goes to the log, once; the client learns only that it may try again.
    fn from(error: StoreError) -> Self {
        tracing::error!(error = crate::causes(&error), "the store failed");
        match error {
            StoreError::NoProgramme => {
                let detail = "publish one with `guerdon programme publish FILE`";
                let title = "No programme is published";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "/problems/no-programme", title, detail)
            }
            StoreError::Call { .. }
            | StoreError::Item(_)
            | StoreError::Corrupt { .. }
            | StoreError::NewerForm { .. }
            | StoreError::Json(_)
            | StoreError::Build(_)
            | StoreError::Contended { .. }
            | StoreError::Programme { .. }
            | StoreError::UnknownVersion { .. }
            | StoreError::Behind { .. }
            | StoreError::NoChanceKey
            | StoreError::ListChanged { .. }
            | StoreError::Page(_)
            | StoreError::Overflow(_) => Self::unavailable(),
        }
    }
}

impl From<PostError> for Problem {
    fn from(error: PostError) -> Self {
        match error {
            PostError::Refused(refusal) => refused(&refusal),
            PostError::KeyReused => {
                let detail = "the key was used before for a request with other content: use a new key, or send the same content";
                let title = "The idempotency key was used for a different request";
                Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "/problems/idempotency-key-reused",
                    title,
                    detail,
                )
            }
            PostError::Rule(error) => {
                tracing::error!(rule = error.rule, version = error.version, "a rule failed");
                let title = "A rule of the programme failed";
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "/problems/rule-failed",
                    title,
                    "the event waits for the rule's repair",
                )
            }
            PostError::Store(error) => error.into(),
        }
    }
}

/// A JSON response.
pub fn respond(status: StatusCode, body: &impl Serialize) -> Response<Body> {
    let text = serde_json::to_string(body).unwrap_or_else(|_| "null".to_owned());
    let mut response = Response::new(Body::Text(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert("cache-control", HeaderValue::from_static("no-store"));
    response
}

/// Marks the answer to a repeat: it is the first one again.
fn mark_replayed(response: &mut Response<Body>) {
    response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
}

/// A JSON response, marked if it was given before.
pub fn respond_again(status: StatusCode, body: &impl Serialize, replayed: bool) -> Response<Body> {
    let mut response = respond(status, body);
    if replayed {
        mark_replayed(&mut response);
    }
    response
}

/// Turns a handler's result into a response.
pub fn answer(result: Result<Response<Body>, Problem>) -> Response<Body> {
    result.unwrap_or_else(|problem| problem.respond())
}

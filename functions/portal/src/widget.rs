//! The balance on a shop's page: one script, one answer, and a token that shows nothing else.

use guerdon_domain::account::Asset;
use guerdon_edge::{
    Edge,
    problem::{Problem, respond},
    session::Visit,
    token::Purpose,
};
use guerdon_words::LanguageExt as _;
use jiff::Timestamp;
use lambda_http::{
    Body, Request, Response,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use serde_json::json;

use crate::view::View;

/// `GET /widget/balance`: what the token's member can spend, in numbers and in words.
pub(crate) async fn balance(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let bearer = request.headers().get(header::AUTHORIZATION);
    let bearer = bearer.and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let token = edge.config.portal_key()?.open(Purpose::Widget, token, now);
    let token = token.map_err(|_| Problem::unauthenticated())?;
    let visit = Visit { member: token.member, until: token.until };
    let view = View::of(edge, now, request, Some(visit)).await?;
    let points = view.account(edge).await?.balance(&Asset::Points);
    let words = &view.words;
    let mut response = respond(
        StatusCode::OK,
        &json!({
            "available": points.available,
            "pending": points.pending,
            "text": words.points(points.available),
            "language": words.language().code(),
            "direction": words.language().direction(),
        }),
    );
    share(response.headers_mut());
    Ok(response)
}

/// What a browser asks before it sends the token from a shop's page.
pub(crate) fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    share(response.headers_mut());
    response
}

/// Any page may ask: whoever has the token may see the balance, and no cookie is looked at.
fn share(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

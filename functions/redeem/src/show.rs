//! Showing: the member, their history, their offers, and what they were given.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use guerdon_domain::id::MemberId;
use guerdon_edge::{
    Edge,
    problem::{Problem, respond},
    view,
};
use jiff::Timestamp;
use lambda_http::{
    Body, Request, RequestExt, Response,
    http::{HeaderValue, StatusCode},
};
use serde_json::json;

/// `GET /members/{member}`: balance, tier, what expires next. A member never seen has nothing.
pub(crate) async fn member(
    edge: &Edge,
    now: Timestamp,
    member: &MemberId,
) -> Result<Response<Body>, Problem> {
    let (versions, account) = edge.standing(member, now).await?;
    Ok(respond(StatusCode::OK, &view::member(&account, &versions, now)))
}

/// Entries on a page at most.
const PAGE_MAX: i32 = 100;

/// `GET /members/{member}/entries`: history, newest first, by cursor.
pub(crate) async fn entries(
    edge: &Edge,
    request: &Request,
    member: &MemberId,
) -> Result<Response<Body>, Problem> {
    let query = request.query_string_parameters();
    let limit = match query.first("limit").map(str::parse::<i32>) {
        None => 20,
        Some(Ok(limit)) if (1..=PAGE_MAX).contains(&limit) => limit,
        Some(_) => return Err(Problem::bad_request("limit must be 1 to 100").at("/query/limit")),
    };
    let before = match query.first("cursor") {
        None => None,
        Some(cursor) => Some(from_cursor(cursor).ok_or_else(|| {
            Problem::bad_request("this is not a cursor that an earlier page gave")
                .at("/query/cursor")
        })?),
    };
    let page = edge.ledger.history(member, before, limit).await?;
    let entries: Vec<_> = page.entries.iter().map(view::entry).collect();
    let next = page.before.map(to_cursor);
    let mut response = respond(StatusCode::OK, &json!({ "entries": entries, "next": next }));
    if let Some(next) = next {
        let link = format!("<?cursor={next}&limit={limit}>; rel=\"next\"");
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().insert("link", link);
        }
    }
    Ok(response)
}

fn to_cursor(before: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("before:{before}"))
}

fn from_cursor(cursor: &str) -> Option<u64> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("before:")?.parse().ok()
}

/// `GET /members/{member}/rewards`: the offers, and what is missing for each.
pub(crate) async fn rewards(
    edge: &Edge,
    now: Timestamp,
    member: &MemberId,
) -> Result<Response<Body>, Problem> {
    let (versions, account) = edge.standing(member, now).await?;
    let taken = edge.taken(&versions.at(now).programme).await?;
    Ok(respond(StatusCode::OK, &view::rewards(&account, &versions, now, &taken)))
}

/// `GET /members/{member}/grants`: what the member was given, newest first.
pub(crate) async fn grants(edge: &Edge, member: &MemberId) -> Result<Response<Body>, Problem> {
    let grants = edge.ledger.grants(member).await?;
    let grants: Vec<_> = grants.iter().map(view::grant).collect();
    Ok(respond(StatusCode::OK, &json!({ "grants": grants })))
}

//! Who is on the member's page: the sealed cookie that follows a link.

use guerdon_domain::id::MemberId;
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::HeaderMap;

use crate::{Edge, problem::Problem, random_bytes, token::Purpose};

/// How long a member stays on the page without a new link.
const SESSION: SignedDuration = SignedDuration::from_hours(12);
/// The cookie's name. With `__Host-` a browser takes it over TLS, for this host and every path, alone.
const COOKIE: &str = "__Host-guerdon";
/// On a developer's machine there is no TLS.
const LOCAL_COOKIE: &str = "guerdon";

/// A member on the page.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Who.
    pub member: MemberId,
    /// Until when they stay.
    pub until: Timestamp,
}

/// Who is on the page, by the cookie; nobody, if there is none that is good.
pub fn visit(edge: &Edge, now: Timestamp, headers: &HeaderMap) -> Result<Option<Visit>, Problem> {
    let key = edge.config.portal_key()?;
    let name = cookie_name(edge);
    let cookies = headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let Some((_, token)) = pairs.find(|(found, _)| *found == name) else { return Ok(None) };
    let token = key.open(Purpose::Session, token, now).ok();
    Ok(token.map(|token| Visit { member: token.member, until: token.until }))
}

/// The header that begins a member's visit.
pub fn begin(edge: &Edge, member: &MemberId, now: Timestamp) -> Result<String, Problem> {
    let key = edge.config.portal_key()?;
    let until = now.checked_add(SESSION).unwrap_or(Timestamp::MAX);
    let session = key.seal(Purpose::Session, member, until, random_bytes());
    Ok(cookie(edge, &session, SESSION.as_secs()))
}

/// The header that ends a visit.
pub fn end(edge: &Edge) -> String {
    cookie(edge, "", 0)
}

fn cookie_name(edge: &Edge) -> &'static str {
    if edge.config.local { LOCAL_COOKIE } else { COOKIE }
}

fn cookie(edge: &Edge, value: &str, seconds: i64) -> String {
    let secure = if edge.config.local { "" } else { "; Secure" };
    let name = cookie_name(edge);
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

//! What a member tells of themselves, by way of the shop; and links to the member's page.

use guerdon_domain::{
    id::MemberId,
    profile::{NAME_CHARS_MAX, NICKNAME_CHARS_MAX, Profile, Wanted},
    programme::language::Language,
};
use guerdon_edge::{
    Edge,
    problem::{Problem, respond},
    random_bytes, request,
    token::Purpose,
};
use jiff::{SignedDuration, Timestamp};
use lambda_http::{Body, Request, Response, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

/// How long a link or a widget's token is good.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(1);

fn shown(profile: &Profile) -> Value {
    json!({
        "name": profile.name,
        "email": profile.email,
        "language": profile.language,
        "nickname": profile.nickname,
        "statements": profile.statements,
        "leaderboard": profile.leaderboard,
        "bounced": profile.bounced,
    })
}

/// `GET /members/{member}/profile`.
pub(crate) async fn show(edge: &Edge, member: &MemberId) -> Result<Response<Body>, Problem> {
    let profile = edge.ledger.profile(member).await?;
    Ok(respond(StatusCode::OK, &shown(&profile)))
}

/// `PUT /members/{member}/profile`: all of it anew. The same again changes nothing.
pub(crate) async fn put(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    member: &MemberId,
) -> Result<Response<Body>, Problem> {
    let wanted: Wanted = request::body(request)?;
    line(wanted.name.as_deref(), NAME_CHARS_MAX, "/name")?;
    line(wanted.nickname.as_deref(), NICKNAME_CHARS_MAX, "/nickname")?;
    if let Some(code) = &wanted.language {
        let versions = edge.programmes.versions().await?;
        let spoken = &versions.at(now).programme.brand.languages;
        let known = Language::of(code).is_some_and(|language| spoken.contains(&language));
        if !known {
            let spoken: Vec<&str> = spoken.iter().map(|language| language.code()).collect();
            let detail = format!("the programme speaks {}", spoken.join(", "));
            return Err(Problem::unprocessable(detail).at("/language"));
        }
    }
    let change = |before: Profile| before.changed(wanted.clone(), now);
    let profile = edge.ledger.change_profile(member, change).await?;
    Ok(respond(StatusCode::OK, &shown(&profile)))
}

/// Refuses a name that is too long, or is not one line of text.
fn line(text: Option<&str>, chars_max: usize, pointer: &str) -> Result<(), Problem> {
    let Some(text) = text else { return Ok(()) };
    if text.trim().is_empty() || text.chars().count() > chars_max {
        let detail = format!("give 1 to {chars_max} characters, or leave it out");
        return Err(Problem::unprocessable(detail).at(pointer));
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::unprocessable("this has control characters").at(pointer));
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Linking {
    #[serde(default, rename = "for")]
    to: To,
}

/// What a link is to.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum To {
    #[default]
    Page,
    Widget,
}

/// `POST /members/{member}/links`: a link to the member's page that works once, or a token for the balance on a shop's page.
pub(crate) fn link(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    member: &MemberId,
) -> Result<Response<Body>, Problem> {
    let to = match request::bytes(request)? {
        [] => To::Page,
        _ => request::body::<Linking>(request)?.to,
    };
    let answer = match to {
        To::Page => {
            let (url, expires) = link_of(edge, now, member).ok_or_else(Problem::no_portal)?;
            json!({ "url": url, "expires": expires })
        }
        To::Widget => {
            let (key, expires) = (edge.config.portal_key()?, ends(now));
            let token = key.seal(Purpose::Widget, member, expires, random_bytes());
            json!({ "token": token, "expires": expires })
        }
    };
    Ok(respond(StatusCode::CREATED, &answer))
}

/// When what is made now ends, in whole seconds.
fn ends(now: Timestamp) -> Timestamp {
    let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
    now.saturating_add(GOOD_FOR).unwrap_or(Timestamp::MAX)
}

/// A link to a member's page, good once, and until when; `None` where the deployment has no key for them, or no address.
pub fn link_of(edge: &Edge, now: Timestamp, member: &MemberId) -> Option<(String, Timestamp)> {
    let key = edge.config.portal_key.as_ref()?;
    let url = Some(&edge.config.public_url).filter(|url| !url.is_empty())?;
    let until = ends(now);
    let token = key.seal(Purpose::Link, member, until, random_bytes());
    Some((format!("{url}/me/enter?link={token}"), until))
}

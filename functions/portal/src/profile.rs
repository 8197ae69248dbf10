//! The profile: what the member tells of themselves, what they agree to, their language, and all that is kept of them.

use guerdon_domain::profile::{Email, NAME_CHARS_MAX, NICKNAME_CHARS_MAX, Profile, Wanted};
use guerdon_edge::{
    Edge,
    problem::{Problem, respond},
    view as api,
};
use guerdon_words::{Language, LanguageExt as _, clean};
use jiff::Timestamp;
use lambda_http::{
    Body, Request, Response,
    http::{HeaderValue, StatusCode, header},
};
use maud::{Markup, html};
use serde_json::json;

use crate::{
    answer,
    page::{self, Section, hidden},
    view::View,
    visit::Fields,
};

/// What is said above the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Saved,
    InvalidEmail,
}

/// `GET /me/profile`.
pub(crate) fn show(edge: &Edge, view: &View) -> Result<Response<Body>, Problem> {
    render(edge, view, &view.profile, email_of(&view.profile), Said::Nothing)
}

fn email_of(profile: &Profile) -> &str {
    profile.email.as_ref().map(Email::as_str).unwrap_or_default()
}

fn render(
    edge: &Edge,
    view: &View,
    profile: &Profile,
    email: &str,
    said: Said,
) -> Result<Response<Body>, Problem> {
    let words = &view.words;
    let form = view.form(edge)?;
    let wrong = said == Said::InvalidEmail;
    let content = html! {
        h1 { (words.text("profile-title")) }
        @match said {
            Said::Nothing => {},
            Said::Saved => p.notice role="status" { (words.text("profile-saved")) },
            Said::InvalidEmail => p.notice role="alert" { (words.text("profile-invalid-email")) },
        }
        form method="post" action="/me/profile" {
            (hidden(&form, &[]))
            label for="name" { (words.text("profile-name")) }
            input id="name" name="name" autocomplete="name" maxlength=(NAME_CHARS_MAX) value=(profile.name.as_deref().unwrap_or_default());
            label for="email" { (words.text("profile-email")) }
            input id="email" name="email" type="email" autocomplete="email" maxlength="254" value=(email) aria-invalid=[wrong.then_some("true")];
            label for="nickname" { (words.text("profile-nickname")) }
            input id="nickname" name="nickname" maxlength=(NICKNAME_CHARS_MAX) aria-describedby="nickname-hint" value=(profile.nickname.as_deref().unwrap_or_default());
            p.small.muted id="nickname-hint" { (words.text("profile-nickname-hint")) }
            (consent(view, "statements", profile.statements))
            (consent(view, "leaderboard", profile.leaderboard))
            p.act { button type="submit" { (words.text("profile-save")) } }
        }
        h2 { (words.text("export-button")) }
        p { (words.text("export-hint")) }
        p.act { a.button.quiet href="/me/export" download="guerdon.json" { (words.text("export-button")) } }
    };
    let title = words.text("nav-profile");
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(answer::page(status, page::shell(view, Section::Profile, &title, &form, &content)))
}

fn consent(view: &View, name: &str, given: Option<Timestamp>) -> Markup {
    let words = &view.words;
    let hint = format!("{name}-hint");
    html! {
        label.check for=(name) {
            input type="checkbox" id=(name) name=(name) value="yes" checked[given.is_some()] aria-describedby=(hint);
            span { (words.text(&format!("consent-{name}"))) }
        }
        p.small.muted id=(hint) {
            (words.text(&format!("consent-{name}-hint")))
            @if let Some(at) = given {
                " " (words.text_with("consent-given", &[("date", words.date(at, &view.programme().time_zone).into())]))
            }
        }
    }
}

/// `POST /me/profile`.
pub(crate) async fn save(
    edge: &Edge,
    view: &View,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let fields = Fields::of(edge, view, request)?;
    let text = |name: &str, max: usize| {
        fields.some(name).map(|text| clean(&text, max)).filter(|text| !text.is_empty())
    };
    let wanted = Wanted {
        name: text("name", NAME_CHARS_MAX),
        nickname: text("nickname", NICKNAME_CHARS_MAX),
        statements: fields.some("statements").is_some(),
        leaderboard: fields.some("leaderboard").is_some(),
        ..Wanted::default()
    };
    let Ok(email) = fields.some("email").map(|email| email.parse()).transpose() else {
        // What else they typed is not lost.
        let typed = view.profile.clone().changed(wanted, view.now);
        return render(edge, view, &typed, fields.one("email"), Said::InvalidEmail);
    };
    let wanted = Wanted { email, ..wanted };
    // The language has a form of its own.
    let change = |before: Profile| {
        let language = before.language.clone();
        before.changed(Wanted { language, ..wanted.clone() }, view.now)
    };
    let profile = edge.ledger.change_profile(&view.visit()?.member, change).await?;
    render(edge, view, &profile, email_of(&profile), Said::Saved)
}

/// `POST /me/language`.
pub(crate) async fn language(
    edge: &Edge,
    view: &View,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let fields = Fields::of(edge, view, request)?;
    let spoken = |language: &Language| view.brand().languages.contains(language);
    let language = Language::from_code(fields.one("language")).filter(spoken);
    let language = language.ok_or_else(|| Problem::bad_request("this language is not offered"))?;
    let change = |before: Profile| Profile { language: Some(language.code().to_owned()), ..before };
    edge.ledger.change_profile(&view.visit()?.member, change).await?;
    Ok(answer::see_other("/me", None))
}

/// `GET /me/export`: all that is kept of the member.
pub(crate) async fn export(edge: &Edge, view: &View) -> Result<Response<Body>, Problem> {
    let visit = view.visit()?;
    let export = edge.ledger.export(&visit.member).await?;
    let account = view.account(edge).await?;
    let mut response = respond(
        StatusCode::OK,
        &json!({
            "member": api::member(&account, &view.versions, view.now),
            "profile": view.profile,
            "entries": export.entries.iter().map(api::entry).collect::<Vec<_>>(),
            "grants": export.grants.iter().map(api::grant).collect::<Vec<_>>(),
        }),
    );
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"guerdon.json\""),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

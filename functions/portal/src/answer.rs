//! What is sent: pages, the styles, the scripts, and what went wrong, said kindly.

use std::fmt::Write as _;

use guerdon_domain::programme::{Brand, Palette, Typeface};
use guerdon_edge::{Edge, problem::Problem, session};
use jiff::Timestamp;
use lambda_http::{
    Body, Request, Response,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use maud::{Markup, html};

use crate::{
    page::{self, Section},
    view::View,
};

/// Copies codes; without it they can be selected.
pub(crate) const PAGE_JS: &str = include_str!("page.js");
/// Shows a balance on a shop's page.
pub(crate) const WIDGET_JS: &str = include_str!("widget.js");
const STYLES: &str = include_str!("styles.css");

/// What a page may load: its own styles and script, and pictures that are in it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page.
pub(crate) fn page(status: StatusCode, page: Markup) -> Response<Body> {
    let mut response = typed(status, "text/html; charset=utf-8", page.into_string());
    let headers = response.headers_mut();
    secure(headers);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The headers of everything a browser shows.
fn secure(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Something of a type.
pub(crate) fn typed(status: StatusCode, kind: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::Text(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// On to another page, perhaps with a cookie.
pub(crate) fn see_other(place: &'static str, cookie: Option<&str>) -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static(place));
    secure(response.headers_mut());
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(cookie).ok()) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// A script.
pub(crate) fn script(text: &str) -> Response<Body> {
    let mut response = typed(StatusCode::OK, "text/javascript; charset=utf-8", text.to_owned());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The styles, with the colours and letters of the brand in force.
pub(crate) async fn styles(edge: &Edge, now: Timestamp) -> Result<Response<Body>, Problem> {
    let versions = edge.programmes.versions().await?;
    let text = format!("{STYLES}{}", brand(&versions.at(now).programme.brand));
    let mut response = typed(StatusCode::OK, "text/css; charset=utf-8", text);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

fn brand(brand: &Brand) -> String {
    let palette = |palette: &Palette| {
        let Palette { background, text, accent, on_accent } = palette;
        // Text and ground can be told apart, so that what lies between can be made of both.
        format!(
            "--background:{background};--text:{text};--accent:{accent};--on-accent:{on_accent};\
             --surface:color-mix(in srgb,{background} 95%,{text});--line:color-mix(in srgb,{background} 82%,{text});\
             --muted:color-mix(in srgb,{text} 80%,{background});"
        )
    };
    let typeface = match brand.typeface {
        Typeface::SystemSans => "system-ui,-apple-system,\"Segoe UI\",\"Noto Sans\",sans-serif",
        Typeface::SystemSerif => "ui-serif,Georgia,\"Noto Serif\",serif",
        Typeface::Rounded => {
            "ui-rounded,\"Hiragino Maru Gothic ProN\",Quicksand,\"Noto Sans\",sans-serif"
        }
        Typeface::Mono => "ui-monospace,\"Cascadia Mono\",Menlo,monospace",
    };
    let mut css = format!(":root{{{}--typeface:{typeface}}}", palette(&brand.colours.light));
    let dark = palette(&brand.colours.dark);
    // Writing to a string does not fail.
    let _ = write!(css, "@media(prefers-color-scheme:dark){{:root{{{dark}}}}}");
    css
}

/// A notice alone on a page.
pub(crate) fn notice(view: &View, status: StatusCode, title: &str, hint: &str) -> Response<Body> {
    let content = html! {
        h1 { (title) }
        @if !hint.is_empty() { p { (hint) } }
        @if view.visit.is_some() { p.act { a.button href="/me" { (view.words.text("page-back")) } } }
    };
    page(status, page::shell(view, Section::None, title, "", &content))
}

/// What went wrong, as a page.
pub(crate) async fn failed(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    problem: &Problem,
) -> Response<Body> {
    let path = lambda_http::RequestExt::raw_http_path(request);
    if path.starts_with("/widget") {
        return problem.clone().respond();
    }
    let visit = session::visit(edge, now, request.headers()).ok().flatten();
    let Ok(view) = View::of(edge, now, request, visit).await else {
        return problem.clone().respond();
    };
    let words = &view.words;
    let status = problem.status();
    let (title, hint) = match status {
        StatusCode::NOT_FOUND => (words.text("error-not-found"), String::new()),
        StatusCode::UNAUTHORIZED => (words.text("error-signed-out"), String::new()),
        StatusCode::SERVICE_UNAVAILABLE => (words.text("error-title"), words.text("error-busy")),
        StatusCode::BAD_REQUEST => (words.text("error-title"), String::new()),
        status if status.is_client_error() => {
            (words.text("error-title"), words.text("error-changed"))
        }
        _ => (words.text("error-title"), words.text("error-unexpected")),
    };
    notice(&view, status, &title, &hint)
}

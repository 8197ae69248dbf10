//! Coming and going: the link, the cookie, and what is said to whom the page does not open.

use guerdon_edge::{Edge, problem::Problem, session, token::Purpose};
use jiff::Timestamp;
use lambda_http::{Body, Request, RequestExt, Response, http::StatusCode};
use maud::html;

use crate::{
    answer,
    page::{self, Section},
    view::View,
    visit::{self, Shut},
};

fn link(request: &Request) -> String {
    let query = request.query_string_parameters();
    query.first("link").unwrap_or_default().to_owned()
}

/// `GET /me/enter?link=…`: a button. Programs that follow the links of a mail to look for harm press none, and do not use the
/// link up.
pub(crate) async fn door(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let view = View::of(edge, now, request, None).await?;
    let link = link(request);
    if let Err(error) = edge.config.portal_key()?.open(Purpose::Link, &link, now) {
        return Ok(shut(&view, error.into()));
    }
    let title = view.words.text("link-title");
    let content = html! {
        h1 { (view.words.text("overview-hello-unnamed")) }
        form method="post" action={ "/me/enter?link=" (link) } {
            button type="submit" { (view.words.text("statement-open-page")) }
        }
        p.muted { (view.words.text("statement-link-private")) }
    };
    Ok(answer::page(StatusCode::OK, page::shell(&view, Section::None, &title, "", &content)))
}

/// `POST /me/enter?link=…`: uses the link up, and opens the page.
pub(crate) async fn enter(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    // Another site could let a visitor in as somebody else, who then reads what they type.
    if visit::is_foreign(request.headers()) {
        return Err(Problem::stale_form());
    }
    match visit::enter(edge, now, &link(request)).await? {
        Ok(cookie) => Ok(answer::see_other("/me", Some(&cookie))),
        Err(reason) => Ok(shut(&View::of(edge, now, request, None).await?, reason)),
    }
}

fn shut(view: &View, reason: Shut) -> Response<Body> {
    let (title, hint) = match reason {
        Shut::Invalid => ("link-invalid", "link-invalid-hint"),
        Shut::Expired => ("link-expired", "link-expired-hint"),
        Shut::Used => ("link-used", "link-used-hint"),
    };
    answer::notice(view, StatusCode::FORBIDDEN, &view.words.text(title), &view.words.text(hint))
}

/// Whoever has no cookie, or an old one.
pub(crate) async fn signed_out(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let view = View::of(edge, now, request, None).await?;
    let words = &view.words;
    let (title, hint) = (words.text("error-signed-out"), words.text("link-expired-hint"));
    Ok(answer::notice(&view, StatusCode::UNAUTHORIZED, &title, &hint))
}

/// `POST /me/leave`: the cookie is gone.
pub(crate) fn leave(
    edge: &Edge,
    view: &View,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    visit::Fields::of(edge, view, request)?;
    Ok(answer::see_other("/me", Some(&session::end(edge))))
}

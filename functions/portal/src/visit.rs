//! What lets a member in, and what their page sends: links that are good once, and forms.

use guerdon_edge::{
    Edge,
    problem::Problem,
    random_bytes, request,
    session::{self, Visit},
    token::{Purpose, TokenError},
};
use jiff::Timestamp;
use lambda_http::{Request, http::HeaderMap};

use crate::view::View;

/// Why a link does not open the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shut {
    /// It was not given out here, or was changed.
    Invalid,
    /// It was good once.
    Expired,
    /// It was used before.
    Used,
}

impl From<TokenError> for Shut {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid => Self::Invalid,
            TokenError::Expired => Self::Expired,
        }
    }
}

/// Opens the page with a link, which is used up; the cookie's header.
pub(crate) async fn enter(
    edge: &Edge,
    now: Timestamp,
    link: &str,
) -> Result<Result<String, Shut>, Problem> {
    let key = edge.config.portal_key()?;
    let token = match key.open(Purpose::Link, link, now) {
        Ok(token) => token,
        Err(error) => return Ok(Err(error.into())),
    };
    if !edge.ledger.use_token(&token.member, &token.id, token.until).await? {
        return Ok(Err(Shut::Used));
    }
    Ok(Ok(session::begin(edge, &token.member, now)?))
}

/// A token for a form on a member's page.
pub(crate) fn form(edge: &Edge, visit: &Visit) -> Result<String, Problem> {
    let key = edge.config.portal_key()?;
    Ok(key.seal(Purpose::Form, &visit.member, visit.until, random_bytes()))
}

/// Whether a browser says that a request comes from another site's page. Those that say nothing are old ones; the cookie that they send
/// is for requests from this site alone.
pub(crate) fn is_foreign(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

/// The longest form, in bytes: longer than any that a page has.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// The fields of a form that came from the member's own page: no form is read otherwise.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The fields that a request sent.
    ///
    /// # Errors
    /// If the form has no token of this member's page, or one that is too old; if it is longer than any that a page has.
    pub(crate) fn of(edge: &Edge, view: &View, request: &Request) -> Result<Self, Problem> {
        let bytes = request::bytes(request)?;
        if bytes.len() > FORM_BYTES_MAX {
            return Err(Problem::too_large(FORM_BYTES_MAX));
        }
        let fields = Self(form_urlencoded::parse(bytes).into_owned().collect());
        let key = edge.config.portal_key()?;
        let token = key.open(Purpose::Form, fields.one("form"), view.now).ok();
        let member = &view.visit()?.member;
        let theirs = token.is_some_and(|token| token.member == *member);
        if theirs { Ok(fields) } else { Err(Problem::stale_form()) }
    }

    /// The field of a name, without the spaces around it; an empty one if there is none.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// The field of a name, if it is not empty.
    pub(crate) fn some(&self, name: &str) -> Option<String> {
        Some(self.one(name)).filter(|value| !value.is_empty()).map(str::to_owned)
    }
}

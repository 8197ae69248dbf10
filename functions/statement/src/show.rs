//! Showing a member's statement: as data, as a page, as text, as a PDF.

use guerdon_domain::{
    id::MemberId,
    statement::{Period, StatementError},
};
use guerdon_edge::problem::Problem;
use guerdon_words::{Language, LanguageExt};
use jiff::Timestamp;
use lambda_http::{
    Body, Request, RequestExt as _, Response,
    http::{HeaderValue, StatusCode, header},
};

use crate::{
    Statements,
    html::html,
    letter::{Links, letter},
    made::{Known, Made, MakeError},
    pdf::pdf,
    text::text,
};

/// What a statement is shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Data.
    Json,
    /// A page.
    Html,
    /// Plain text.
    Text,
    /// To print.
    Pdf,
}

impl Format {
    /// The format of a name: "html".
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "json" => Self::Json,
            "html" => Self::Html,
            "text" => Self::Text,
            "pdf" => Self::Pdf,
            _ => return None,
        })
    }

    /// What a request asks for: by its query, or else by what it accepts.
    fn asked(request: &Request) -> Result<Self, Problem> {
        let query = request.query_string_parameters();
        if let Some(name) = query.first("format") {
            let unknown = "`format` is json, html, text or pdf";
            return Self::named(name)
                .ok_or_else(|| Problem::bad_request(unknown).at("/query/format"));
        }
        let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
        let accept = accept.unwrap_or_default();
        let known = [
            ("application/json", Self::Json),
            ("text/html", Self::Html),
            ("application/pdf", Self::Pdf),
            ("text/plain", Self::Text),
        ];
        // The first that is named: nobody who asks for statements weighs them.
        let found = known.iter().filter_map(|(kind, format)| Some((accept.find(kind)?, *format)));
        Ok(found.min_by_key(|(place, _)| *place).map_or(Self::Json, |(_, format)| format))
    }
}

/// A statement cannot be written in a format.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Not as JSON.
    #[error("the statement cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// Not as a PDF.
    #[error(transparent)]
    Paper(#[from] guerdon_paper::PaperError),
}

/// The language that a request asks for.
fn language(request: &Request) -> Result<Option<Language>, Problem> {
    let query = request.query_string_parameters();
    let Some(code) = query.first("language") else { return Ok(None) };
    let unknown = "`language` is en, pl, de, th, ko or ar";
    let language = Language::from_code(code);
    language.map(Some).ok_or_else(|| Problem::unprocessable(unknown).at("/query/language"))
}

impl Statements {
    /// `GET /members/{member}/statements/{period}`, and the same for a member on their page.
    pub(crate) async fn show(
        &self,
        request: &Request,
        member: &MemberId,
        period: &str,
        now: Timestamp,
    ) -> Result<Response<Body>, Problem> {
        let period: Period = period.parse().map_err(Problem::not_a_period)?;
        let (format, language) = (Format::asked(request)?, language(request)?);
        let (known, made) = self.make(member, period, now).await.map_err(refused)?;
        self.shown(&known, &made, format, language)
    }

    /// The statement of a member as it can be made now; an empty one for a member never seen.
    pub async fn make(
        &self,
        member: &MemberId,
        period: Period,
        now: Timestamp,
    ) -> Result<(Known, Made), MakeError> {
        let make = |versions| async move {
            let known = Known::read(&self.edge, versions, period, now).await?;
            let record = self.edge.ledger.record_of(member).await?;
            let made = known.of(known.material(&self.edge, member, record).await?)?;
            Ok::<_, MakeError>((known, made))
        };
        self.edge.under_versions(make).await
    }

    /// A statement in a format.
    fn shown(
        &self,
        known: &Known,
        made: &Made,
        format: Format,
        language: Option<Language>,
    ) -> Result<Response<Body>, Problem> {
        match self.written(known, made, format, language) {
            Ok((kind, body)) => Ok(answer(kind, body)),
            Err(error) => {
                tracing::error!(error = guerdon_edge::causes(&error), "a statement is not written");
                Err(Problem::unavailable())
            }
        }
    }

    /// A statement in a format, with its media type.
    pub fn written(
        &self,
        known: &Known,
        made: &Made,
        format: Format,
        language: Option<Language>,
    ) -> Result<(&'static str, Body), WriteError> {
        if format == Format::Json {
            return Ok(("application/json", Body::Text(made.json()?)));
        }
        let language = known.language(language, &made.profile);
        let url = &self.edge.config.public_url;
        let page = (!url.is_empty()).then(|| format!("{url}/me"));
        let links = Links { page, ..Links::default() };
        let letter = letter(known, made, language, &links);
        let brand = &known.programme.brand;
        Ok(match format {
            Format::Html => {
                let page = html(&letter, brand, brand.inline_logo());
                ("text/html; charset=utf-8", Body::Text(page))
            }
            Format::Text => ("text/plain; charset=utf-8", Body::Text(text(&letter))),
            Format::Pdf | Format::Json => {
                let words = known.words(language);
                ("application/pdf", Body::Binary(pdf(&letter, brand, words, known.now)?))
            }
        })
    }
}

/// On to the member's page, which says how to get in.
pub(crate) fn sign_in() -> Response<Body> {
    let mut response = answer("text/plain; charset=utf-8", Body::Empty);
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/me"));
    response
}

fn refused(error: MakeError) -> Problem {
    match error {
        MakeError::Statement(error @ StatementError::NotBegun { .. }) => Problem::not_begun(error),
        MakeError::Statement(error) => {
            tracing::error!(error = guerdon_edge::causes(&error), "a statement cannot be made");
            Problem::unavailable()
        }
        MakeError::Store(error) => error.into(),
    }
}

/// An answer that is not kept, and loads and runs nothing.
pub(crate) fn answer(kind: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

//! What is published of a raffle, and what a member is told of theirs.

use std::fmt::Write as _;

use guerdon_domain::{
    draw::{
        beacon::CHAIN,
        list::Summary,
        merkle::Proof,
        pages::{FAN_OUT, Next, Page, PageId, Place},
    },
    id::MemberId,
    raffle::stage::{Announcement, Stage},
};
use guerdon_edge::problem::{Problem, respond};
use guerdon_store::RaffleState;
use lambda_http::{
    Body, Request, RequestExt, Response,
    http::{HeaderValue, StatusCode, header},
};
use serde_json::{Value, json};

use crate::{Raffles, StepError, page};

/// The longest id that a programme gives a raffle, in bytes.
const ID_MAX: usize = 40;

/// The raffle of a path, once it is announced.
async fn announced(raffles: &Raffles, raffle: &str) -> Result<RaffleState, Problem> {
    if raffle.len() > ID_MAX {
        return Err(Problem::unknown_raffle("of so long an id"));
    }
    let state = raffles.edge.ledger.raffle(raffle).await?;
    state.ok_or_else(|| Problem::unknown_raffle(raffle))
}

fn failed(error: StepError) -> Problem {
    match error {
        StepError::Store(error) => error.into(),
        error => {
            tracing::error!(error = guerdon_edge::causes(&error), "a list cannot be read");
            Problem::unavailable()
        }
    }
}

/// `GET /raffles/{raffle}`: as JSON, or as a page for people.
pub(crate) async fn raffle(
    raffles: &Raffles,
    raffle: &str,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let state = announced(raffles, raffle).await?;
    let record = raffles.edge.ledger.record(&state).await?;
    let html = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if html.is_some_and(|accept| accept.contains("text/html")) {
        return Ok(text("text/html; charset=utf-8", page::raffle(&state, record.as_ref())));
    }
    let Announcement { announced, commitment, round, .. } = &state.announcement;
    let free = &state.announcement.free;
    let record = match raffles.edge.ledger.record_text(&state).await? {
        Some(text) => serde_json::from_str(&text).unwrap_or(Value::Null),
        None => Value::Null,
    };
    let answer = json!({
        "raffle": announced.raffle,
        "name": announced.name,
        "stage": state.stage,
        "programme_version": announced.programme_version,
        "opens": announced.opens,
        "closes": announced.closes,
        "draws": announced.draws,
        "prizes": announced.prizes,
        "alternates": announced.alternates,
        "commitment": commitment,
        "beacon": round.map(|round| json!({ "chain": CHAIN, "round": round })),
        "price": state.announcement.price_points.map(|points| json!({ "points": points })),
        "free": free.map(|(entries, per)| json!({ "entries": entries, "per": per })),
        "no_free_route": state.announcement.no_free_route,
        "limit": state.announcement.limit,
        "tier": state.announcement.tier,
        "when": state.announcement.when,
        "entrants": state.list.map(|list| list.entrants),
        "tickets": state.list.map(|list| list.tickets),
        "root": state.list.map(|list| list.root),
        "record": record,
    });
    Ok(respond(StatusCode::OK, &answer))
}

/// `GET /raffles/{raffle}/record`: the record's canonical text, byte by byte.
pub(crate) async fn record(raffles: &Raffles, raffle: &str) -> Result<Response<Body>, Problem> {
    let state = announced(raffles, raffle).await?;
    let record = raffles.edge.ledger.record_text(&state).await?;
    let record = record.ok_or_else(|| Problem::not_drawn(raffle))?;
    Ok(text("application/json", record))
}

/// `GET /raffles/{raffle}/list?page=0`: up to 1024 lines of the list. All pages, one after the other, are the list.
///
/// It is published with the record, not before: until then, a list that is known would help those who can still choose a seed.
pub(crate) async fn list(
    raffles: &Raffles,
    raffle: &str,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let state = announced(raffles, raffle).await?;
    let list = state.list.filter(|_| state.stage >= Stage::Drawn);
    let list = list.ok_or_else(|| Problem::not_drawn(raffle))?;
    let query = request.query_string_parameters();
    let number = query.first("page").unwrap_or("0");
    let number: u64 = number
        .parse()
        .map_err(|_| Problem::bad_request("`page` is not a whole number").at("/query/page"))?;
    let lines = raffles.list_page(raffle, list, number).await.map_err(failed)?;
    Ok(text("text/plain; charset=us-ascii", lines))
}

/// `GET /raffles/{raffle}/members/{member}`: the member's pseudonym and tickets, and once the list is frozen, the proof.
pub(crate) async fn place(
    raffles: &Raffles,
    raffle: &str,
    member: &MemberId,
) -> Result<Response<Body>, Problem> {
    let state = announced(raffles, raffle).await?;
    let entrant = raffles.edge.ledger.pseudonym(raffle, member)?;
    let entry = raffles.edge.ledger.entrant(raffle, entrant).await?;
    let place = match state.list {
        Some(list) => raffles.place(raffle, list, entrant).await.map_err(failed)?,
        None => None,
    };
    let line = place.map(|(range, Proof { index, path })| {
        json!({ "first": range.first, "tickets": range.tickets, "index": index, "path": path })
    });
    let answer = json!({
        "raffle": raffle,
        "member": member,
        "stage": state.stage,
        "entrant": entrant,
        "tickets": entry.map_or(0, |entry| entry.tickets),
        "root": state.list.map(|list| list.root),
        "entrants": state.list.map(|list| list.entrants),
        "line": line,
    });
    Ok(respond(StatusCode::OK, &answer))
}

impl Raffles {
    /// The lines of a leaf page, with their line feeds; empty after the last.
    pub async fn list_page(
        &self,
        raffle: &str,
        list: Summary,
        number: u64,
    ) -> Result<String, StepError> {
        let fan_out = FAN_OUT as u64;
        if number >= list.entrants.div_ceil(fan_out) {
            return Ok(String::new());
        }
        let leaf = self.edge.ledger.page(raffle, PageId { level: 0, number }).await?;
        let (mut first, mut below, mut level) = (0_u64, number, 1_u8);
        let mut pages = list.entrants.div_ceil(fan_out);
        while pages > 1 {
            let (number, place) = (below / fan_out, below % fan_out);
            if let Page::Inner(entries) =
                self.edge.ledger.page(raffle, PageId { level, number }).await?
            {
                let before = entries.iter().take(usize::try_from(place).unwrap_or(usize::MAX));
                first = before.fold(first, |sum, (tickets, _)| sum.saturating_add(*tickets));
            }
            (below, level, pages) = (number, level.saturating_add(1), pages.div_ceil(fan_out));
        }
        let mut lines = String::new();
        for line in leaf.lines(first) {
            let _ = writeln!(lines, "{line}");
        }
        Ok(lines)
    }

    async fn place(
        &self,
        raffle: &str,
        list: Summary,
        entrant: guerdon_domain::draw::list::Entrant,
    ) -> Result<Option<(guerdon_domain::draw::sequence::Range, Proof)>, StepError> {
        let mut search = Place::new(list, entrant);
        loop {
            match search.next() {
                Next::Found(found) => return Ok(found),
                Next::Read(id) => search.supply(id, self.edge.ledger.page(raffle, id).await?),
            }
        }
    }
}

fn text(kind: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::Text(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'"),
    );
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

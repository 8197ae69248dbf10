//! The page of a raffle that a person can read: what was promised, what happened, how to check it.

use std::fmt::Write as _;

use guerdon_domain::draw::record::Record;
use guerdon_store::RaffleState;

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .5rem;border-bottom:1px solid #ccc;vertical-align:top}\
code{overflow-wrap:anywhere}@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}td,th{border-color:#444}}";

/// The page.
pub(crate) fn raffle(state: &RaffleState, record: Option<&Record>) -> String {
    let announced = &state.announcement.announced;
    let name = escape(&announced.name);
    let mut out = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{name}</title><style>{STYLE}</style></head><body><main><h1>{name}</h1><h2>What was announced</h2><table>"
    );
    let mut row = |name: &str, value: &str| {
        let _ = write!(out, "<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>");
    };
    row("Stage", state.stage.name());
    row("Entries", &format!("from {} until {}", announced.opens, announced.closes));
    row("Draw", &announced.draws.to_string());
    for prize in &announced.prizes {
        row("Prize", &format!("{} × {}", prize.count, escape(&prize.name)));
    }
    row("Alternates", &announced.alternates.to_string());
    match (&state.announcement.free, &state.announcement.no_free_route) {
        (Some((entries, per)), _) => row("Free entries", &format!("{entries} per {per}")),
        (None, reason) => {
            row(
                "Free entries",
                &format!("none: {}", escape(reason.as_deref().unwrap_or_default())),
            );
        }
    }
    row("Commitment to the seed", &format!("<code>{}</code>", state.announcement.commitment));
    match state.announcement.round {
        Some(round) => row("Public beacon", &format!("drand quicknet, round {round}")),
        None => row("Public beacon", "none"),
    }
    if let Some(list) = state.list {
        row("Entrants, tickets", &format!("{}, {}", list.entrants, list.tickets));
        row("Root of the list", &format!("<code>{}</code>", list.root));
    }
    out.push_str("</table>");
    if let Some(record) = record {
        draw(&mut out, record);
    }
    out.push_str("</main></body></html>");
    out
}

fn draw(out: &mut String, record: &Record) {
    out.push_str("<h2>What was drawn</h2><table><tr><th>Place</th><th>Prize</th><th>Entrant</th><th>Ticket</th></tr>");
    for winner in &record.winners {
        let prize = escape(&winner.prize);
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{prize}</td><td><code>{}</code></td><td>{}</td></tr>",
            winner.place, winner.entrant, winner.ticket
        );
    }
    for reserve in &record.reserves {
        let _ = write!(
            out,
            "<tr><td>{}</td><td>alternate</td><td><code>{}</code></td><td>{}</td></tr>",
            reserve.place, reserve.entrant, reserve.ticket
        );
    }
    out.push_str("</table>");
    for gone in &record.disqualified {
        let after = match gone.replaced_by {
            Some(entrant) => format!("replaced by <code>{entrant}</code>"),
            None => "replaced by nobody".to_owned(),
        };
        let reason = escape(&gone.reason);
        let _ = write!(
            out,
            "<p>{}: <code>{}</code> was disqualified ({reason}), {after}.</p>",
            gone.at, gone.entrant
        );
    }
    for remark in &record.remarks {
        let _ = write!(out, "<p>{}</p>", escape(remark));
    }
    let _ = write!(
        out,
        "<h2>How to check it</h2><p>Save the <a href=\"{raffle}/record\">record</a> and all pages of the <a href=\"{raffle}/list\">list</a>, \
         and run <code>guerdon draw verify</code> on them, or the short program in the documentation. The seed was <code>{seed}</code>, \
         the record's digest is <code>{digest}</code>.</p>",
        raffle = record.announced.raffle,
        seed = record.operator_seed,
        digest = record.digest(),
    );
}

/// Text as it may stand in HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

//! The outbox of the local stack: the mails of statements, listed, and each shown as a mailbox would.

use std::fmt::Write as _;

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use guerdon_archive::Archive;

/// `GET /outbox`: all mails, by period.
pub(crate) async fn list(State(archive): State<Archive>) -> Response {
    let Ok(places) = archive.list(&["outbox"]).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let mut page =
        "<!doctype html><meta charset=\"utf-8\"><title>Outbox</title><h1>Outbox</h1>\n<ul>\n"
            .to_owned();
    for place in &places {
        let [_, period, name] = place.as_slice() else { continue };
        let (period, name) = (escape(period), escape(name));
        let _ = writeln!(page, "<li>{period} <a href=\"/outbox/{period}/{name}\">{name}</a></li>");
    }
    if places.is_empty() {
        page.push_str(
            "<li>Nothing yet: run <code>guerdon statement run --period 2026-10</code></li>\n",
        );
    }
    page.push_str("</ul>\n");
    Html(page).into_response()
}

/// `GET /outbox/{period}/{name}`: a mail: its headers, its HTML in a frame that may do nothing, and its plain text.
pub(crate) async fn show(
    State(archive): State<Archive>,
    Path((period, name)): Path<(String, String)>,
) -> Response {
    let message = match archive.read(&["outbox", &period, &name]).await {
        Ok(Some(message)) => message,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let Parts { head, text, html } = parts(&String::from_utf8_lossy(&message));
    let page = format!(
        "<!doctype html><meta charset=\"utf-8\"><title>{title}</title>\
         <p><a href=\"/outbox\">Outbox</a></p><pre>{head}</pre>\
         <iframe sandbox=\"\" title=\"HTML\" style=\"width:100%;height:70vh\" srcdoc=\"{html}\"></iframe>\
         <pre>{text}</pre>",
        title = escape(&name),
        head = escape(&head),
        html = escape(&html),
        text = escape(&text),
    );
    let policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-src 'self'";
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
}

/// What a mail of ours consists of.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Its headers.
    pub head: String,
    /// Its plain text.
    pub text: String,
    /// Its HTML.
    pub html: String,
}

/// Takes a mail of ours apart: an alternative of plain text and HTML.
pub fn parts(message: &str) -> Parts {
    let (head, body) = message.split_once("\r\n\r\n").unwrap_or((message, ""));
    let mut parts = Parts { head: head.to_owned(), ..Parts::default() };
    let after = head.split_once("boundary=\"").map(|(_, after)| after);
    let Some((boundary, _)) = after.and_then(|after| after.split_once('"')) else { return parts };
    for part in body.split(&format!("--{boundary}")) {
        let Some((head, content)) = part.split_once("\r\n\r\n") else { continue };
        let content = decoded(head, content);
        if head.contains("text/html") {
            parts.html = content;
        } else {
            parts.text = content;
        }
    }
    parts
}

/// The content of a part, by its transfer encoding.
fn decoded(head: &str, content: &str) -> String {
    let head = head.to_ascii_lowercase();
    let bytes = if head.contains("quoted-printable") {
        quoted_printable(content)
    } else if head.contains("base64") {
        let plain: String = content.split_whitespace().collect();
        STANDARD.decode(plain).unwrap_or_default()
    } else {
        content.as_bytes().to_vec()
    };
    String::from_utf8_lossy(&bytes).trim_end().to_owned()
}

/// Quoted-printable text (RFC 2045, section 6.7) as the bytes it stands for.
fn quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let joined = text.replace("=\r\n", "");
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let hex = after.get(..2).filter(|_| *first == b'=');
        match hex.and_then(|hex| hex::decode(hex).ok()) {
            Some(byte) => {
                bytes.extend(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => bytes.push(*first),
        }
    }
    bytes
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_taken_apart() {
        let message = "Subject: x\r\nContent-Type: multipart/alternative; boundary=\"=_b\"\r\n\r\n--=_b\r\n\
            Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n1 =3D a=\r\nb =E2=82=AC\r\n\
            --=_b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+\r\n--=_b--\r\n";
        let Parts { text, html, .. } = parts(message);
        assert_eq!((text.as_str(), html.as_str()), ("1 = ab €", "<b>"));
        assert_eq!(parts("no mail at all").text, "");
    }
}

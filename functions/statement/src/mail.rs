//! A statement as a mail: plain text and HTML, from the programme, with a way to stop it in one click (RFC 8058).

use guerdon_domain::{
    id::MemberId,
    profile::Email,
    programme::brand::{Brand, Sender},
    statement::Period,
};
use guerdon_edge::token::{PortalKey, Purpose};
use guerdon_words::clean;
use jiff::{SignedDuration, Timestamp};
use mail_builder::{
    MessageBuilder,
    headers::{
        address::Address, content_type::ContentType, date::Date, message_id::MessageId, raw::Raw,
    },
    mime::MimePart,
};
use sha2::{Digest as _, Sha256};

use crate::{
    html::html,
    letter::{Letter, Links},
    text::text,
};

/// How long the link to the member's page is good.
const LINK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long the statements can be stopped from a mail.
const UNSUBSCRIBE: SignedDuration = SignedDuration::from_hours(731 * 24);

/// What mails are made with.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// The key of tokens.
    pub key: &'a PortalKey,
    /// Where members reach the deployment.
    pub public_url: &'a str,
    /// Whom they are from.
    pub sender: &'a Sender,
}

/// A mail, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// To whom.
    pub to: Email,
    /// What is sent.
    pub message: Vec<u8>,
    /// What tells whose it was, if it comes back: a token that stops the statements.
    pub tag: String,
}

/// The links of a member's mail, and the token that stops the statements. The same within an hour, so that a mail that is made
/// again is the same.
pub fn links(
    post: &Post<'_>,
    member: &MemberId,
    period: Period,
    now: Timestamp,
) -> (Links, String) {
    let name = format!("statement/{period}");
    let until = |good: SignedDuration| hour(now).saturating_add(good).unwrap_or(Timestamp::MAX);
    let token = post.key.seal_named(Purpose::Link, member, until(LINK), &name);
    let tag = post.key.seal_named(Purpose::Unsubscribe, member, until(UNSUBSCRIBE), &name);
    let url = post.public_url;
    let links = Links {
        page: Some(format!("{url}/me/enter?link={token}")),
        private: true,
        unsubscribe: Some(format!("{url}/unsubscribe?token={tag}")),
    };
    (links, tag)
}

/// The hour that an instant lies in.
fn hour(now: Timestamp) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second.saturating_sub(second.rem_euclid(3600))).unwrap_or(now)
}

/// The message of a letter.
pub fn message(
    post: &Post<'_>,
    letter: &Letter,
    brand: &Brand,
    whom: (&MemberId, &Email),
    period: Period,
    now: Timestamp,
) -> Vec<u8> {
    let (member, to) = whom;
    let digest =
        hex::encode(Sha256::digest(format!("{period}\n{member}")).get(..16).unwrap_or_default());
    let domain = post.sender.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let boundary = format!("=_{digest}");
    let kind = ContentType::new("multipart/alternative").attribute("boundary", boundary);
    let (text, html) = (text(letter), html(letter, brand, brand.logo.as_deref()));
    let length = text.len().saturating_add(html.len());
    let parts = vec![MimePart::new("text/plain", text), MimePart::new("text/html", html)];
    let from = clean(&post.sender.name, 100);
    let mut builder = MessageBuilder::new()
        .from((from.as_str(), post.sender.address.as_str()))
        .to(Address::new_address(None::<&str>, to.as_str()))
        .subject(letter.subject.as_str())
        .date(Date::new(hour(now).as_second()))
        .message_id(MessageId::new(format!("{digest}.{period}@{domain}")));
    if let Some(reply_to) = &brand.reply_to {
        builder = builder.reply_to(reply_to.as_str());
    }
    if let Some(stop) = &letter.unsubscribe {
        builder = builder
            .header("List-Unsubscribe", Raw::new(format!("<{}>", stop.url)))
            .header("List-Unsubscribe-Post", Raw::new("List-Unsubscribe=One-Click"));
    }
    // What quoting and headers add is an eighth of most letters.
    let mut message = Vec::with_capacity(length.saturating_add(length >> 3));
    builder.body(MimePart::new(kind, parts)).serialize(&mut message);
    message
}

//! Web and mail addresses: what is certain to work everywhere, rather than all that standards allow.

use crate::{
    address::{MAIL_BYTES_MAX, is_host, is_mail},
    programme::schema::brand::URL_MAX,
};

/// The longest name of a sender.
const NAME_MAX: usize = 80;

/// Checks an address of the web.
pub(super) fn https(text: &str) -> Result<(), &'static str> {
    let Some(rest) = text.strip_prefix("https://") else {
        return Err("is not an https address");
    };
    if text.len() > URL_MAX {
        return Err("is too long");
    }
    let allowed = |c: char| c.is_ascii_graphic() && !"<>\"'`{}|\\^".contains(c);
    if !text.chars().all(allowed) {
        return Err("has characters that a web address cannot have");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    if !is_host(host) || port.parse::<u16>().is_err() {
        return Err("names no host");
    }
    Ok(())
}

/// Checks an address of mail.
pub(super) fn address(text: &str) -> Result<(), &'static str> {
    if text.len() > MAIL_BYTES_MAX {
        return Err("is too long for a mail address");
    }
    if !is_mail(text) {
        return Err("is no mail address");
    }
    Ok(())
}

/// The name and the address of "Name <address>". Neither can end the header it is put into.
pub(super) fn mailbox(text: &str) -> Result<(String, String), &'static str> {
    let inner = text.strip_suffix('>').and_then(|text| text.split_once('<'));
    let Some((name, inside)) = inner else { return Err("has no name and address") };
    let name = name.trim();
    let quoted = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    let name = quoted.unwrap_or(name);
    if name.is_empty() {
        return Err("has no name");
    }
    if name.chars().count() > NAME_MAX {
        return Err("has too long a name");
    }
    if name.chars().any(|c| c.is_control() || "<>\"\\".contains(c)) {
        return Err("has a name that mails cannot carry");
    }
    address(inside)?;
    Ok((name.to_owned(), inside.to_owned()))
}

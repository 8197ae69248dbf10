//! The logo: an address of an image, or the image itself.

use crate::programme::{
    parse::{
        brand::checked_url,
        reader::{At, Reader, Table},
    },
    schema::brand::LOGO_MAX,
};

const HELP: &str = "write an https address that ends in .png, .svg, .jpg or .webp, or a data: URI of such an image";

pub(super) fn logo(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<String> {
    let text = reader.text(table, "logo")?;
    let Some(data) = text.value.strip_prefix("data:") else { return linked(reader, &text) };
    if text.value.len() > LOGO_MAX {
        let message = format!("`logo` is larger than {} kB", LOGO_MAX.div_euclid(1000));
        let help = "make the image smaller, or write the https address of it";
        reader.fault_with_help(text.span, message, help);
        return None;
    }
    if let Err(reason) = image(data) {
        reader.fault_with_help(text.span, format!("`logo` {reason}"), HELP);
        return None;
    }
    Some(text.value.to_owned())
}

fn linked(reader: &mut Reader<'_>, text: &At<&str>) -> Option<String> {
    let url = checked_url(reader, text, "logo")?;
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let ends = [".png", ".svg", ".jpg", ".jpeg", ".webp"].iter().any(|end| path.ends_with(end));
    if !ends {
        reader.fault_with_help(text.span.clone(), "`logo` is not an image", HELP);
        return None;
    }
    Some(url)
}

/// Checks that a `data:` URI, without its scheme, is the image that it says it is.
fn image(data: &str) -> Result<(), &'static str> {
    let Some((head, body)) = data.split_once(',') else { return Err("is no data: URI") };
    let (kind, base64) = match head.strip_suffix(";base64") {
        Some(kind) => (kind, true),
        None => (head, false),
    };
    let kind = kind.split(';').next().unwrap_or_default();
    let is_url = body.chars().all(|c| c.is_ascii_graphic() && c != '"');
    if !is_url {
        return Err("has characters that a data: URI cannot have");
    }
    let bytes = if base64 { decode(body) } else { unescape(body) };
    let Some(bytes) = bytes else { return Err("cannot be decoded") };
    let is = match kind {
        "image/png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/jpeg" => bytes.starts_with(b"\xff\xd8\xff"),
        "image/webp" => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        "image/svg+xml" => return drawing(&bytes),
        _ => return Err("is not an image"),
    };
    if is { Ok(()) } else { Err("is not the image that it says it is") }
}

/// A drawing that only draws.
fn drawing(bytes: &[u8]) -> Result<(), &'static str> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is not the image that it says it is")?;
    let text = text.to_ascii_lowercase();
    if !text.contains("<svg") {
        return Err("is not the image that it says it is");
    }
    if text.contains("<script") || text.contains("javascript:") || text.contains("<foreignobject") {
        return Err("is a drawing that runs a program");
    }
    Ok(())
}

/// Base64 (RFC 4648), padded or not.
fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if text.len().saturating_sub(digits.len()) > 2 || digits.len().rem_euclid(4) == 1 {
        return None;
    }
    let mut bytes = Vec::new();
    for group in digits.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for place in 0..4 {
            let digit = group.get(place).map_or(Some(0), |digit| value(*digit))?;
            bits = bits.checked_mul(64)?.checked_add(digit)?;
        }
        let [_, first, second, third] = bits.to_be_bytes();
        let whole = [first, second, third];
        bytes.extend(whole.iter().take(group.len().saturating_sub(1)));
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u32> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let place = DIGITS.iter().position(|known| *known == digit)?;
    u32::try_from(place).ok()
}

/// Percent-encoding (RFC 3986).
fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let mut byte = [0];
        hex::decode_to_slice(part.get(..2)?, &mut byte).ok()?;
        bytes.extend(byte);
        bytes.extend(part.get(2..)?.as_bytes());
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_decoded() {
        let cases = [
            ("", ""),
            ("Zg==", "f"),
            ("Zg", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYmFy", "foobar"),
        ];
        for (text, expected) in cases {
            assert_eq!(decode(text).as_deref(), Some(expected.as_bytes()), "{text}");
        }
        for bad in ["Z", "Zm9v!", "Zm9vY", "Zg===", "Z=g="] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_image_is_what_it_says() {
        for good in [
            "image/png;base64,iVBORw0KGgo=",
            "image/jpeg;base64,/9j/4AAQ",
            "image/webp;base64,UklGRgAAAABXRUJQ",
            "image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'/%3E",
            "image/svg+xml;charset=utf-8;base64,PHN2Zy8+",
        ] {
            assert_eq!(image(good), Ok(()), "{good}");
        }
        for (bad, said) in [
            ("image/png", "is no data: URI"),
            ("text/html,hello", "is not an image"),
            ("image/gif;base64,R0lGODlh", "is not an image"),
            ("image/png;base64,R0lGODlh", "is not the image that it says it is"),
            ("image/png;base64,iVBORw0KGgo!", "cannot be decoded"),
            ("image/svg+xml,%3Csvg%3E%3Cscript/%3E%3C/svg%3E", "is a drawing that runs a program"),
            ("image/svg+xml,<svg a=\"b\"/>", "has characters that a data: URI cannot have"),
            ("image/svg+xml,%3Csv", "is not the image that it says it is"),
            ("image/svg+xml,%3Csvg%", "cannot be decoded"),
        ] {
            assert_eq!(image(bad), Err(said), "{bad}");
        }
    }
}

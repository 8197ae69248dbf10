//! Symbols of currencies, and where each language puts them.

use crate::Language;

/// A space that does not break.
const NBSP: char = '\u{a0}';

/// An amount with its currency, where a language puts it.
pub(crate) fn placed(language: Language, code: &str, amount: &str) -> String {
    let symbol = symbol(language, code);
    match language {
        Language::En | Language::Th | Language::Ko => {
            // Letters stand apart from digits.
            let letters = symbol.ends_with(|c: char| c.is_ascii_alphabetic());
            let space = if letters { String::from(NBSP) } else { String::new() };
            format!("{symbol}{space}{amount}")
        }
        Language::Pl | Language::De => format!("{amount}{NBSP}{symbol}"),
        Language::Ar => format!("\u{200f}{amount}{NBSP}{symbol}"),
    }
}

/// What a language calls a currency: a symbol that its readers tell from others, else the code.
fn symbol(language: Language, code: &str) -> &str {
    use Language::{Ar, De, En, Ko, Pl, Th};
    match (language, code) {
        (_, "EUR") => "€",
        (Pl, "PLN") => "zł",
        (Pl, "CZK") => "Kč",
        // Polish writes the codes of all others.
        (Pl, _) => code,
        (En | De, "USD") => "$",
        (Th | Ko | Ar, "USD") => "US$",
        (Ar, "GBP") => "UK£",
        (En | De | Th | Ko, "GBP") => "£",
        (En | De | Th, "JPY") => "¥",
        (Ko | Ar, "JPY") => "JP¥",
        (Th | De, "THB") => "฿",
        (En | Th, "AUD") => "A$",
        (De | Ko | Ar, "AUD") => "AU$",
        (_, "BRL") => "R$",
        (_, "CAD") => "CA$",
        (_, "CNY") => "CN¥",
        (_, "HKD") => "HK$",
        (_, "ILS") => "₪",
        (_, "INR") => "₹",
        (_, "KRW") => "₩",
        (_, "MXN") => "MX$",
        (_, "NZD") => "NZ$",
        (_, "TWD") => "NT$",
        (_, "VND") => "₫",
        (Ar, _) => arabic(code),
        _ => code,
    }
}

/// The currencies of Arab countries, in Arabic.
fn arabic(code: &str) -> &str {
    match code {
        "AED" => "د.إ.\u{200f}",
        "BHD" => "د.ب.\u{200f}",
        "EGP" => "ج.م.\u{200f}",
        "JOD" => "د.أ.\u{200f}",
        "KWD" => "د.ك.\u{200f}",
        "MAD" => "د.م.\u{200f}",
        "OMR" => "ر.ع.\u{200f}",
        "QAR" => "ر.ق.\u{200f}",
        "SAR" => "ر.س.\u{200f}",
        "TND" => "د.ت.\u{200f}",
        _ => code,
    }
}

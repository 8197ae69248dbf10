//! What members read, in their language: texts, points, money and dates, what happened and why.
//!
//! Everything here is a value or a pure function. The languages' texts are part of the program. Nothing that is formatted can
//! fail: what a language lacks is said in English, and what English lacks by its key.

mod bundle;
mod clean;
mod currency;
mod dates;
mod describe;
mod grant;
mod language;
mod naming;
mod numbers;
mod refusal;
mod why;
mod words;

pub use guerdon_domain::programme::language::Language;

pub use crate::{
    clean::{clean, isolate},
    language::LanguageExt,
    naming::{Naming, PointsWords},
    words::{Arg, Words},
};

#[cfg(test)]
mod samples;

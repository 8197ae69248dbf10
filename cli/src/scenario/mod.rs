//! Scenarios: a dated script of events played against a programme, in memory, and the ledger after it.
//!
//! The language is described in `docs/scenarios.md`. The same file always prints the same text.

mod check;
mod compile;
mod cursor;
mod expectation;
mod fault;
mod line;
mod order;
mod people;
mod play;
mod print;
mod request;
mod script;
mod setup;
mod shop;
mod shuffle;
#[cfg(test)]
mod tests;
mod text;
mod values;
mod words;

use std::{io, path::Path};

/// What came of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The ledger and what failed, or what is wrong with the file.
    pub text: String,
    /// 0 if every expectation holds, 1 if one fails or something was refused unexpectedly, 2 if the file is malformed.
    pub code: u8,
}

/// Plays the scenario in the file at `path`. Files are read by `read`; programmes are looked for beside the scenario.
pub fn run(path: &Path, read: &dyn Fn(&Path) -> io::Result<String>) -> Outcome {
    let source = match read(path) {
        Ok(source) => source,
        Err(error) => {
            return Outcome {
                text: format!("{} cannot be read: {error}\n", path.display()),
                code: 2,
            };
        }
    };
    let script = match compile::compile(&source, path, read) {
        Ok(script) => script,
        Err(text) => return Outcome { text, code: 2 },
    };
    let files = script.files.clone();
    let played = play::play(script);
    Outcome { text: print::print(&played, &files), code: u8::from(!played.failures.is_empty()) }
}

//! Prints a sample statement to standard output: `cargo run -p guerdon-paper --example sample -- pl 40 > sample.pdf`.

use std::io::Write as _;

#[path = "../tests/samples/mod.rs"]
mod samples;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let language = std::env::args().nth(1).unwrap_or_else(|| "en".into());
    let rows = std::env::args().nth(2).map_or(Ok(40), |rows| rows.parse())?;
    let bytes = guerdon_paper::pdf(&samples::statement(&language, rows))?;
    Ok(std::io::stdout().write_all(&bytes)?)
}

//! `guerdon`: the local stack and the operator's commands.

use std::process::ExitCode;

use clap::Parser;
use guerdon::commands::{Cli, run};

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::WARN)
        .init();
    Box::pin(run(Cli::parse())).await
}

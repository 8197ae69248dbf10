//! `guerdon`: the local stack and the operator's commands.

use std::process::ExitCode;

use clap::Parser;
use guerdon::commands::{Cli, run};
use tracing_subscriber::{
    Layer as _,
    filter::{LevelFilter, Targets},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

#[tokio::main]
async fn main() -> ExitCode {
    // What becomes of webhooks that have no effect is told. The embedded engine tells of every lost race, which is the ledger's
    // to see to.
    let wanted = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("earn", LevelFilter::INFO)
        .with_target("dynoxide", LevelFilter::ERROR);
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    tracing_subscriber::registry().with(log.with_filter(wanted)).init();
    Box::pin(run(Cli::parse())).await
}

//! `guerdon programme`: check, publish, show or compare programmes.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use guerdon_domain::programme::{self, Programme, diff, schema};
use guerdon_edge::now;
use guerdon_store::{Ledger, Notice, Publication, PublishError};
use jiff::Timestamp;

use crate::{
    commands::{Failure, moment, read_text, say, with},
    operator::{Open, Target},
};

#[derive(Debug, Subcommand)]
pub(super) enum ProgrammeCommand {
    /// Report all faults of a file.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Publish a file as the next version; an equal one changes nothing.
    Publish {
        /// The file.
        file: PathBuf,
        /// From when it is in force; without it, two minutes from now, when every function knows it.
        #[arg(long, value_name = "TIMESTAMP", value_parser = moment)]
        effective: Option<Timestamp>,
        /// Let it take effect before every function knows it. Only for a ledger that no function serves.
        #[arg(long)]
        without_notice: bool,
    },
    /// Print the published versions, and the source of one.
    Show {
        /// The version; the newest without it.
        version: Option<u32>,
    },
    /// What a file would change: of the newest version, or of another file.
    Diff {
        /// The file; with a second one, the older of the two.
        file: PathBuf,
        /// The newer file.
        newer: Option<PathBuf>,
    },
    /// Print the JSON Schema of programme files, for editors.
    Schema,
    /// Put voucher codes into a pool, one a line.
    ImportCodes {
        /// The pool.
        pool: String,
        /// The file; `-` reads standard input.
        file: PathBuf,
    },
}

pub(super) async fn programme(command: ProgrammeCommand, target: &Target) -> Result<u8, Failure> {
    match command {
        ProgrammeCommand::Check { file } => {
            let Some(programme) = check(&file)? else { return Ok(1) };
            let (earn, rewards) = (programme.earn.len(), programme.rewards.len());
            let some = |count: usize, one: &str| match count {
                0 => String::new(),
                1 => format!(", 1 {one}"),
                many => format!(", {many} {one}s"),
            };
            let raffles = some(programme.raffles.len(), "raffle");
            let games = some(programme.instant_wins.len(), "instant win");
            let auctions = some(programme.auctions.len(), "auction");
            println!(
                "{}: {} is in order: {earn} earn rules, {rewards} rewards{raffles}{games}{auctions}",
                file.display(),
                programme.name
            );
            Ok(0)
        }
        ProgrammeCommand::Schema => {
            say(format_args!("{:#}", schema::json_schema()));
            Ok(0)
        }
        ProgrammeCommand::Diff { file, newer: Some(newer) } => {
            let (Some(old), Some(new)) = (check(&file)?, check(&newer)?) else { return Ok(1) };
            print_diff(&old, &new);
            Ok(0)
        }
        ProgrammeCommand::Diff { file, newer: None } => {
            let Some(new) = check(&file)? else { return Ok(1) };
            with(target, async |open| {
                let versions = open.edge.ledger.versions().await?;
                print_diff(&versions.newest().programme, &new);
                Ok(0)
            })
            .await
        }
        ProgrammeCommand::Publish { file, effective, without_notice } => {
            let source = read_text(&file)?;
            let notice = if without_notice { Notice::Waived } else { Notice::Given };
            with(target, async |open| {
                publish(&open.edge.ledger, &file, &source, effective, notice).await
            })
            .await
        }
        ProgrammeCommand::Show { version } => {
            with(target, async |open| show_versions(open, version).await).await
        }
        ProgrammeCommand::ImportCodes { pool, file } => {
            let text = read_text(&file)?;
            let codes =
                text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
            let codes: BTreeSet<String> = codes.collect();
            let codes: Vec<String> = codes.into_iter().collect();
            with(target, async |open| {
                let imported = open.edge.ledger.import_codes(&pool, &codes).await?;
                println!(
                    "{imported} codes are new in pool {pool}; {} were known",
                    codes.len() - imported
                );
                Ok(0)
            })
            .await
        }
    }
}

/// Parses a programme file; prints all its faults if it has any.
fn check(file: &Path) -> Result<Option<Programme>, Failure> {
    let source = read_text(file)?;
    match programme::parse(&source) {
        Ok(programme) => Ok(Some(programme)),
        Err(faults) => {
            eprint!("{}", programme::render(&source, &file.display().to_string(), &faults));
            Ok(None)
        }
    }
}

fn print_diff(old: &Programme, new: &Programme) {
    let changes = diff::diff(old, new);
    if changes.is_empty() {
        say("nothing changes");
    }
    for change in changes {
        say(change);
    }
}

/// How long after publishing a version takes effect, so that every function knows it by then.
const NOTICE: jiff::SignedDuration = jiff::SignedDuration::from_mins(2);

async fn publish(
    ledger: &Ledger,
    file: &Path,
    source: &str,
    effective: Option<Timestamp>,
    notice: Notice,
) -> Result<u8, Failure> {
    let now = now();
    let effective = effective.unwrap_or(now.saturating_add(NOTICE)?);
    match ledger.publish(source, effective, now, notice).await {
        Ok(Publication::Same { version }) => {
            println!("it says the same as version {version}: nothing to publish");
        }
        Ok(Publication::Published { version: 1, .. }) => {
            println!("published version 1, in force since for ever");
        }
        Ok(Publication::Published { version, effective }) => {
            println!("published version {version}, in force from {effective}");
        }
        Err(PublishError::Faults(faults)) => {
            eprint!("{}", programme::render(source, &file.display().to_string(), &faults));
            eprintln!("not published: the running version stays");
            return Ok(1);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(0)
}

async fn show_versions(open: &Open, version: Option<u32>) -> Result<u8, Failure> {
    let published = open.edge.ledger.published().await?;
    for source in &published {
        let since = if source.published.version == 1 {
            "since for ever".to_owned()
        } else {
            format!("from {}", source.published.effective)
        };
        eprintln!(
            "version {}: {}, in force {since}",
            source.published.version, source.published.programme.name
        );
    }
    let wanted = match version {
        Some(version) => published.iter().find(|source| source.published.version == version),
        None => published.last(),
    };
    match wanted {
        Some(source) => {
            say(source.source.trim_end_matches('\n'));
            Ok(0)
        }
        None => Err("there is no such version".into()),
    }
}

//! `guerdon statement`: make and send the statements of a period, or show one.

use std::io::Write as _;

use clap::Subcommand;
use guerdon_domain::{id::MemberId, statement::Period};
use guerdon_edge::now;
use guerdon_words::Language;
use jiff::Timestamp;
use lambda_http::Body;
use serde_json::json;
use statement::{Format, Run, Whose};

use super::{Failure, moment, print_json};
use crate::{local::statements, operator::Open};

#[derive(Debug, Subcommand)]
pub(super) enum StatementCommand {
    /// Make the statements of all members of the local stack, and put the mails into its outbox. A deployment does it on
    /// schedule.
    Run {
        /// A month that is over, such as 2026-10, or a year.
        #[arg(long)]
        period: Period,
        /// Only these members, such as those that failed before.
        #[arg(long, value_name = "MEMBER")]
        member: Vec<String>,
        /// As if it were this time, to try it out.
        #[arg(long, value_name = "TIMESTAMP", value_parser = moment)]
        at: Option<Timestamp>,
    },
    /// Show a member's statement, as it can be made now.
    Show {
        /// The member.
        member: String,
        /// A month, such as 2026-10, or a year.
        #[arg(long)]
        period: Period,
        /// How.
        #[arg(long, default_value = "text", value_parser = ["text", "html", "pdf", "json"])]
        format: String,
        /// The language; without it, the member's.
        #[arg(long)]
        language: Option<String>,
        /// As if it were this time.
        #[arg(long, value_name = "TIMESTAMP", value_parser = moment)]
        at: Option<Timestamp>,
    },
}

pub(super) async fn statement(open: &Open, command: StatementCommand) -> Result<u8, Failure> {
    let statements = statements(&open.edge, &open.data)?;
    match command {
        StatementCommand::Run { period, member, at } => {
            if !open.local {
                return Err("a deployment's statements are made by its state machine: start an execution of it".into());
            }
            let members = member.into_iter().map(MemberId::new).collect::<Result<Vec<_>, _>>()?;
            let whose = if members.is_empty() {
                Whose::Segment { segment: 0, segments: 1, start: None }
            } else {
                Whose::Members { members }
            };
            let run = Run { period, whose };
            let at = at.unwrap_or_else(now);
            let report = Box::pin(statements.run(&run, at, now, Timestamp::MAX)).await?;
            let failed = !report.failed.is_empty();
            print_json(&json!(report));
            Ok(u8::from(failed))
        }
        StatementCommand::Show { member, period, format, language, at } => {
            let member = MemberId::new(member)?;
            let language = match language {
                None => None,
                Some(code) => {
                    Some(Language::of(&code).ok_or("the language is en, pl, de, th, ko or ar")?)
                }
            };
            let format = Format::named(&format).ok_or("the format is text, html, pdf or json")?;
            let (known, made) = statements.make(&member, period, at.unwrap_or_else(now)).await?;
            let (_, body) = statements.written(&known, &made, format, language)?;
            let bytes: &[u8] = match &body {
                Body::Text(text) => text.as_bytes(),
                Body::Binary(bytes) => bytes,
                _ => &[],
            };
            std::io::stdout().write_all(bytes)?;
            Ok(0)
        }
    }
}

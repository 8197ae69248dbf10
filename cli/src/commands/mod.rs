//! The command line: what an operator can ask for, and what is printed.

mod draw;
mod gift;
mod member;
mod play;
mod programme;
mod raffle;
mod statement;

use std::{
    error::Error,
    fmt::Display,
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use guerdon_commerce::Platform;
use guerdon_domain::id::MemberId;
use guerdon_edge::{now, random_bytes, token::Purpose};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    demo,
    engine::Data,
    inspect,
    local::{Local, Options},
    operator::{Open, Target},
    scenario,
};

/// The data folder of the local stack.
pub const DATA: &str = ".guerdon";

pub(crate) type Failure = Box<dyn Error>;

/// An open-source loyalty engine: `guerdon` alone starts it on this machine.
#[derive(Debug, Parser)]
#[command(name = "guerdon", version, about, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    local: LocalArgs,
}

#[derive(Debug, Clone, Args)]
struct LocalArgs {
    /// Loopback port to answer on; 0 takes a free one.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Folder for the data; `memory` keeps none.
    #[arg(long, default_value = DATA, value_name = "DIR")]
    data: String,
    /// Programme file to publish; without it, the coffee shop's.
    #[arg(long, value_name = "FILE")]
    programme: Option<PathBuf>,
    /// A fixed clock of the stack, such as 2026-03-01T12:00:00Z; a date alone is its midnight, UTC. Other commands have the
    /// machine's.
    #[arg(long, value_name = "TIMESTAMP", value_parser = moment)]
    at: Option<Timestamp>,
    /// Do not send sample webhooks to an empty ledger.
    #[arg(long)]
    no_demo: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the whole engine on this machine (the default).
    Local(LocalArgs),
    /// Say what a platform's payload means, as JSON. No network, no database.
    Inspect(InspectArgs),
    /// Run a dated script of events against a programme, in memory, and print the ledger after it.
    Scenario {
        /// The scenario; see docs/scenarios.md.
        file: PathBuf,
    },
    /// Look at, correct, export or erase a member.
    Member {
        #[command(subcommand)]
        command: member::MemberCommand,
        #[command(flatten)]
        target: Target,
    },
    /// Check, publish, show or compare programmes.
    Programme {
        #[command(subcommand)]
        command: programme::ProgrammeCommand,
        #[command(flatten)]
        target: Target,
    },
    /// Look at raffles, take their steps, disqualify.
    Raffle {
        #[command(subcommand)]
        command: raffle::RaffleCommand,
        #[command(flatten)]
        target: Target,
    },
    /// Make and send the statements of a period, or show one.
    Statement {
        #[command(subcommand)]
        command: statement::StatementCommand,
        #[command(flatten)]
        target: Target,
    },
    /// Check draws.
    Draw {
        #[command(subcommand)]
        command: draw::DrawCommand,
    },
    /// Check plays of instant wins.
    Play {
        #[command(subcommand)]
        command: play::PlayCommand,
    },
    /// Check mystery gifts.
    Gift {
        #[command(subcommand)]
        command: gift::GiftCommand,
    },
    /// List parked events, tasks and dead letters, or take them again.
    Replay(ReplayArgs),
    /// Settle what is due, now.
    Upkeep(Target),
    /// Print the OpenAPI document of the HTTP API.
    Openapi,
    /// Make an API key, and what to put into the deployment's secret for it.
    Key {
        /// What the key is called in logs.
        #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
        name: String,
        /// What it may do.
        #[arg(long, value_delimiter = ',', default_value = "read,write", value_parser = ["read", "write", "staff"])]
        scopes: Vec<String>,
    },
}

#[derive(Debug, Args)]
struct InspectArgs {
    /// shopify or standard.
    #[arg(long)]
    platform: Platform,
    /// Shopify's topic, such as orders/paid, which stands in a header. Standard Webhooks name theirs in the payload.
    #[arg(long, default_value = "")]
    topic: String,
    /// The shop's domain, which stands in a header and not in the payload.
    #[arg(long, default_value = "example.myshopify.com")]
    shop: String,
    /// The payload; `-` reads standard input.
    file: PathBuf,
}

#[derive(Debug, Args)]
struct ReplayArgs {
    #[command(flatten)]
    target: Target,
    /// Take the events again, instead of only listing them.
    #[arg(long)]
    run: bool,
    /// Strike off a task or an event of this id: it is done, or not wanted. May be repeated.
    #[arg(long, value_name = "ID")]
    done: Vec<String>,
    /// Also the messages of this dead-letter queue in SQS.
    #[arg(long, value_name = "URL")]
    dead_letters: Option<String>,
}

/// Runs a command; the exit code.
pub async fn run(cli: Cli) -> ExitCode {
    let Cli { command, local } = cli;
    let result = match command.unwrap_or(Command::Local(local)) {
        Command::Local(args) => Box::pin(serve(args)).await,
        Command::Inspect(args) => inspect_file(&args),
        Command::Scenario { file } => {
            let outcome = scenario::run(&file, &|path: &Path| std::fs::read_to_string(path));
            say(outcome.text.trim_end_matches('\n'));
            Ok(outcome.code)
        }
        Command::Member { command, target } => {
            with(&target, async |open| member::member(open, command).await).await
        }
        Command::Programme { command, target } => programme::programme(command, &target).await,
        Command::Raffle { command, target } => {
            with(&target, async |open| Box::pin(raffle::raffle(open, command)).await).await
        }
        Command::Statement { command, target } => {
            with(&target, async |open| Box::pin(statement::statement(open, command)).await).await
        }
        Command::Draw { command } => draw::draw(&command),
        Command::Play { command } => play::play(&command),
        Command::Gift { command } => gift::gift(&command),
        Command::Replay(args) => {
            let target = args.target.clone();
            with(&target, async |open| {
                let dead_letters = args.dead_letters.as_deref();
                crate::replay::replay(&open.edge, args.run, &args.done, dead_letters).await
            })
            .await
        }
        Command::Upkeep(target) => {
            with(&target, async |open| {
                let report = upkeep::handle(&open.edge, now(), now, Timestamp::MAX).await?;
                print_json(&json!(report));
                Ok(0)
            })
            .await
        }
        Command::Openapi => {
            say(format_args!("{:#}", crate::openapi::document()));
            Ok(0)
        }
        Command::Key { name, scopes } => {
            make_key(&name, &scopes);
            Ok(0)
        }
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("guerdon: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

/// Runs `work` on an open ledger and closes it again.
async fn with(
    target: &Target,
    work: impl AsyncFnOnce(&Open) -> Result<u8, Failure>,
) -> Result<u8, Failure> {
    let open = target.open().await?;
    let result = work(&open).await;
    open.close().await;
    result
}

pub(crate) fn print_json(value: &Value) {
    say(format_args!("{value:#}"));
}

/// Prints a command's answer. A reader that has seen enough (`| head`) ends the command without a word.
pub(crate) fn say(text: impl Display) {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        _ => {}
    }
}

/// Reads a timestamp, or a date, which is its midnight in UTC.
fn moment(text: &str) -> Result<Timestamp, jiff::Error> {
    match text.parse::<jiff::civil::Date>() {
        Ok(date) if text.len() == "2026-03-01".len() => {
            Ok(date.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp())
        }
        _ => text.parse(),
    }
}

async fn serve(args: LocalArgs) -> Result<u8, Failure> {
    let data: Data = match args.data.parse() {
        Ok(data) => data,
        Err(never) => match never {},
    };
    let (port, at, demo) = (args.port, args.at, !args.no_demo);
    let local =
        Local::start(&Options { port, data: data.clone(), programme: args.programme, at, demo })
            .await?;
    // Whoever reads the greeting may close it; the stack goes on.
    greet(&local, &data, args.at).ok();
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result?,
        _ = terminate.recv() => {}
    }
    writeln!(std::io::stdout(), "stopping").ok();
    local.stop().await;
    Ok(0)
}

/// How long the link in the greeting is good: an evening of trying things out.
const LINK: SignedDuration = SignedDuration::from_hours(12);

fn greet(local: &Local, data: &Data, at: Option<Timestamp>) -> std::io::Result<()> {
    let (kept, then) = match data {
        Data::Memory => ("in memory only".to_owned(), ""),
        Data::Folder(folder) => {
            (format!("in {}", folder.display()), "; the next start finds its data")
        }
    };
    let (member, url) = (demo::MEMBER, &local.url);
    let mut out = std::io::stdout();
    writeln!(out, "Guerdon answers on {url}; its data are {kept}.")?;
    if let Some(at) = at {
        writeln!(out, "Its clock stands at {at}.")?;
    }
    let id = MemberId::new(member).ok();
    if let (Some(id), Some(key)) = (id, &local.edge.config.portal_key) {
        let until = at.unwrap_or_else(now).checked_add(LINK).unwrap_or(Timestamp::MAX);
        let link = key.seal(Purpose::Link, &id, until, random_bytes());
        writeln!(out, "\nA member's page; the link works once:\n\n  {url}/me/enter?link={link}")?;
        writeln!(
            out,
            "\nThen, in the same browser, their statement of the year (or of a month; `format=pdf`):\n\n  \
             {url}/me/statements/{year}?format=html",
            year = at.unwrap_or_else(now).strftime("%Y"),
        )?;
    }
    writeln!(
        out,
        "\nTry (the API key is `local`, every webhook secret `local-secret`):\n
  curl -s -H 'Authorization: Bearer local' {url}/members/{member}
  curl -s -H 'Authorization: Bearer local' {url}/members/{member}/entries
  curl -s -H 'Authorization: Bearer local' {url}/members/{member}/rewards
  curl -s -H 'Authorization: Bearer local' -H 'Idempotency-Key: my-first' {url}/members/{member}/redemptions -d '{{\"reward\":\"latte\"}}'

Send a Shopify webhook of your own:\n
  body='{{\"id\":1,\"currency\":\"EUR\",\"financial_status\":\"paid\",\"created_at\":\"{now}\",\"customer\":{{\"id\":42}},\"line_items\":[{{\"id\":1,\"price\":\"25.00\",\"quantity\":1}}]}}'
  signature=$(printf %s \"$body\" | openssl dgst -sha256 -hmac local-secret -binary | base64)
  curl -s {url}/webhooks/shopify -H 'X-Shopify-Topic: orders/paid' -H 'X-Shopify-Shop-Domain: my.myshopify.com' -H \"X-Shopify-Hmac-SHA256: $signature\" -d \"$body\"

Ctrl-C stops it{then}.",
        now = at.unwrap_or_else(now),
    )
}

fn inspect_file(args: &InspectArgs) -> Result<u8, Failure> {
    if args.platform == Platform::Shopify && args.topic.is_empty() {
        let missing = "--topic is missing: Shopify names it beside the payload, so say which it is, such as --topic orders/paid";
        return Err(missing.into());
    }
    let body = read(&args.file)?;
    let (text, code) = inspect::inspect(args.platform, &args.topic, &args.shop, &body);
    say(text);
    Ok(code)
}

/// Reads a file, or standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()).into())
}

pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read(path)?)
        .map_err(|_| format!("{} is not UTF-8 text", path.display()).into())
}

/// Prints a new key, once, and its entry for the secret, which holds only the hash.
fn make_key(name: &str, scopes: &[String]) {
    let key = format!("gk_{:016x}{:016x}", guerdon_edge::random(), guerdon_edge::random());
    let hash = hex::encode(Sha256::digest(&key));
    println!("the key, shown only now:   {key}");
    println!(
        "its entry in the secret:   {}",
        json!({ "name": name, "sha256": hash, "scopes": scopes })
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_before_a_command_are_refused_and_not_forgotten() {
        assert!(Cli::try_parse_from(["guerdon", "--port", "3001"]).is_ok());
        assert!(Cli::try_parse_from(["guerdon", "local", "--port", "3001"]).is_ok());
        assert!(Cli::try_parse_from(["guerdon", "--port", "3001", "local"]).is_err());
    }
}

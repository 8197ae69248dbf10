//! The command line: what an operator can ask for, and what is printed.

use std::{error::Error, io::Read, path::{Path, PathBuf}, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use guerdon_commerce::Platform;
use guerdon_domain::{
    account::{Account, Asset},
    adjust::{self, Adjust},
    id::{MemberId, Operation, RequestKey},
    money::Money,
    programme::{self, Programme, diff, schema},
    settle,
};
use guerdon_edge::{now, view};
use guerdon_store::{Ledger, PublishError, Publication, Request};
use jiff::Timestamp;
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

type Failure = Box<dyn Error>;

/// An open-source loyalty engine: `guerdon` alone starts it on this machine.
#[derive(Debug, Parser)]
#[command(name = "guerdon", version, about)]
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
    /// A fixed clock, such as 2026-03-01T12:00:00Z.
    #[arg(long, value_name = "TIMESTAMP")]
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
        command: MemberCommand,
        #[command(flatten)]
        target: Target,
    },
    /// Check, publish, show or compare programmes.
    Programme {
        #[command(subcommand)]
        command: ProgrammeCommand,
        #[command(flatten)]
        target: Target,
    },
    /// List parked events and dead letters, or take them again.
    Replay(ReplayArgs),
    /// Settle what is due, now.
    Upkeep(Target),
    /// Print the OpenAPI document of the HTTP API.
    Openapi,
    /// Make an API key, and what to put into the deployment's secret for it.
    Key {
        /// What the key is called in logs.
        name: String,
        /// What it may do: read, write, staff.
        #[arg(long, value_delimiter = ',', default_value = "read,write")]
        scopes: Vec<String>,
    },
}

#[derive(Debug, Args)]
struct InspectArgs {
    /// shopify or standard.
    #[arg(long)]
    platform: Platform,
    /// The platform's topic, such as orders/paid. Standard Webhooks name theirs in the body.
    #[arg(long, default_value = "")]
    topic: String,
    /// The shop's domain, which stands in a header and not in the payload.
    #[arg(long, default_value = "example.myshopify.com")]
    shop: String,
    /// The payload; `-` reads standard input.
    file: PathBuf,
}

#[derive(Debug, Subcommand)]
enum MemberCommand {
    /// Balance, tier, holds, and the newest entries.
    Show {
        /// The member.
        member: String,
    },
    /// Correct a balance, on the record.
    Adjust {
        /// The member.
        member: String,
        /// Points to add; negative takes away.
        #[arg(long, allow_hyphen_values = true, conflicts_with = "credit", required_unless_present = "credit")]
        points: Option<i64>,
        /// Store credit to add, such as "5.00 EUR"; negative takes away.
        #[arg(long, allow_hyphen_values = true)]
        credit: Option<String>,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Who decided it.
        #[arg(long, default_value = "operator")]
        by: String,
        /// A name for this correction: the same name again changes nothing.
        #[arg(long)]
        key: Option<String>,
    },
    /// Everything that is kept of a member, as JSON.
    Export {
        /// The member.
        member: String,
    },
    /// Erase what a member was given; the books stay, under the platform's reference alone.
    Erase {
        /// The member.
        member: String,
    },
}

#[derive(Debug, Subcommand)]
enum ProgrammeCommand {
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
        #[arg(long)]
        effective: Option<Timestamp>,
    },
    /// Print the published versions, and the source of one.
    Show {
        /// The version; the newest without it.
        version: Option<u32>,
    },
    /// What a file would change.
    Diff {
        /// The file.
        file: PathBuf,
        /// Compare with this file instead of the newest version.
        with: Option<PathBuf>,
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

#[derive(Debug, Args)]
struct ReplayArgs {
    #[command(flatten)]
    target: Target,
    /// Take the events again, instead of only listing them.
    #[arg(long)]
    run: bool,
    /// Also the messages of this dead-letter queue in SQS.
    #[arg(long, value_name = "URL")]
    dead_letters: Option<String>,
}

/// Runs a command; the exit code.
pub async fn run(cli: Cli) -> ExitCode {
    let Cli { command, local } = cli;
    let result = match command.unwrap_or(Command::Local(local)) {
        Command::Local(args) => serve(args).await,
        Command::Inspect(args) => inspect_file(&args),
        Command::Scenario { file } => {
            let outcome = scenario::run(&file, &|path: &Path| std::fs::read_to_string(path));
            print!("{}", outcome.text);
            Ok(outcome.code)
        }
        Command::Member { command, target } => with(&target, async |open| member(open, command).await).await,
        Command::Programme { command, target } => programme_command(command, &target).await,
        Command::Replay(args) => {
            let target = args.target.clone();
            with(&target, async |open| crate::replay::replay(&open.edge, args.run, args.dead_letters.as_deref()).await)
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
            println!("{:#}", crate::openapi::document());
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
async fn with(target: &Target, work: impl AsyncFnOnce(&Open) -> Result<u8, Failure>) -> Result<u8, Failure> {
    let open = target.open().await?;
    let result = work(&open).await;
    open.close().await;
    result
}

fn print_json(value: &Value) {
    println!("{value:#}");
}

async fn serve(args: LocalArgs) -> Result<u8, Failure> {
    let data: Data = match args.data.parse() {
        Ok(data) => data,
        Err(never) => match never {},
    };
    let kept = match &data {
        Data::Memory => "in memory only".to_owned(),
        Data::Folder(folder) => format!("in {}", folder.display()),
    };
    let (port, at, demo) = (args.port, args.at, !args.no_demo);
    let local = Local::start(&Options { port, data, programme: args.programme, at, demo }).await?;
    greet(&local.url, &kept, args.at);
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result?,
        _ = terminate.recv() => {}
    }
    println!("stopping");
    local.stop().await;
    Ok(0)
}

fn greet(url: &str, kept: &str, at: Option<Timestamp>) {
    let member = demo::MEMBER;
    println!("Guerdon answers on {url}; its data are {kept}.");
    if let Some(at) = at {
        println!("Its clock stands at {at}.");
    }
    println!(
        "\nTry (the API key is `local`, every webhook secret `local-secret`):\n
  curl -s -H 'Authorization: Bearer local' {url}/members/{member}
  curl -s -H 'Authorization: Bearer local' {url}/members/{member}/entries
  curl -s -H 'Authorization: Bearer local' {url}/members/{member}/rewards
  curl -s -H 'Authorization: Bearer local' -H 'Idempotency-Key: my-first' {url}/members/{member}/redemptions -d '{{\"reward\":\"latte\"}}'

Send a Shopify webhook of your own:\n
  body='{{\"id\":1,\"currency\":\"EUR\",\"financial_status\":\"paid\",\"created_at\":\"{now}\",\"customer\":{{\"id\":42}},\"line_items\":[{{\"id\":1,\"price\":\"25.00\",\"quantity\":1}}]}}'
  signature=$(printf %s \"$body\" | openssl dgst -sha256 -hmac local-secret -binary | base64)
  curl -s {url}/webhooks/shopify -H 'X-Shopify-Topic: orders/paid' -H 'X-Shopify-Shop-Domain: my.myshopify.com' -H \"X-Shopify-Hmac-SHA256: $signature\" -d \"$body\"

Ctrl-C stops it; the next start finds its data.",
        now = at.unwrap_or_else(now),
    );
}

fn inspect_file(args: &InspectArgs) -> Result<u8, Failure> {
    let body = read(&args.file)?;
    let (text, code) = inspect::inspect(args.platform, &args.topic, &args.shop, &body);
    println!("{text}");
    Ok(code)
}

/// Reads a file, or standard input for `-`.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()).into())
}

fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read(path)?).map_err(|_| format!("{} is not UTF-8 text", path.display()).into())
}

async fn member(open: &Open, command: MemberCommand) -> Result<u8, Failure> {
    let ledger = &open.edge.ledger;
    match command {
        MemberCommand::Show { member } => show(open, &MemberId::new(member)?).await,
        MemberCommand::Adjust { member, points, credit, reason, by, key } => {
            let member = MemberId::new(member)?;
            let (asset, amount) = match (points, credit) {
                (Some(points), _) => (Asset::Points, points),
                (None, Some(credit)) => {
                    let money: Money = credit.parse()?;
                    (Asset::Credit(money.currency), money.minor)
                }
                (None, None) => return Err("give --points or --credit".into()),
            };
            let key = key.unwrap_or_else(|| format!("operator-{:016x}", guerdon_edge::random()));
            let operation = Operation::request(&member, &RequestKey::new(key)?);
            let digest = format!("{:x?}", Sha256::digest(format!("{asset:?} {amount} {reason} {by}")).as_slice());
            let adjust = Adjust { operation: operation.clone(), asset, amount, reason, by };
            let versions = ledger.versions().await?;
            let now = now();
            let decide = |account: &Account| adjust::decide(account, &versions, &adjust, now);
            let request = Request { operation, digest };
            let posted = ledger.post(&member, &versions, &request, now, decide).await.map_err(explain)?;
            print_json(&view::posted(&member, &posted.entries));
            Ok(0)
        }
        MemberCommand::Export { member } => {
            let member = MemberId::new(member)?;
            let export = ledger.export(&member).await?;
            let versions = ledger.versions().await?;
            print_json(&json!({
                "member": export.account.as_ref().map(|account| view::member(account, &versions, now())),
                "entries": export.entries.iter().map(view::entry).collect::<Vec<_>>(),
                "grants": export.grants.iter().map(view::grant).collect::<Vec<_>>(),
            }));
            Ok(0)
        }
        MemberCommand::Erase { member } => {
            let member = MemberId::new(member)?;
            ledger.erase(&member).await?;
            println!("erased what {member} was given; the books stay, under that reference alone");
            Ok(0)
        }
    }
}

/// A refusal in words; other failures as they are.
fn explain(error: guerdon_store::PostError) -> Failure {
    match error {
        guerdon_store::PostError::Refused(refusal) => refusal.into(),
        other => other.into(),
    }
}

async fn show(open: &Open, member: &MemberId) -> Result<u8, Failure> {
    let ledger = &open.edge.ledger;
    let versions = ledger.versions().await?;
    let Some(account) = ledger.account(member).await? else {
        println!("{member} has no account yet");
        return Ok(1);
    };
    let account = settle::as_of(&account, &versions, now())?;
    let page = ledger.history(member, None, 20).await?;
    let mut shown = view::member(&account, &versions, now());
    shown["entries"] = json!(page.entries.iter().map(view::entry).collect::<Vec<_>>());
    print_json(&shown);
    Ok(0)
}

async fn programme_command(command: ProgrammeCommand, target: &Target) -> Result<u8, Failure> {
    match command {
        ProgrammeCommand::Check { file } => {
            let Some(programme) = check(&file)? else { return Ok(1) };
            let (earn, rewards) = (programme.earn.len(), programme.rewards.len());
            println!("{}: {} is in order: {earn} earn rules, {rewards} rewards", file.display(), programme.name);
            Ok(0)
        }
        ProgrammeCommand::Schema => {
            println!("{:#}", schema::json_schema());
            Ok(0)
        }
        ProgrammeCommand::Diff { file, with: Some(other) } => {
            let (Some(new), Some(old)) = (check(&file)?, check(&other)?) else { return Ok(1) };
            print_diff(&old, &new);
            Ok(0)
        }
        ProgrammeCommand::Diff { file, with: None } => {
            let Some(new) = check(&file)? else { return Ok(1) };
            with(target, async |open| {
                let versions = open.edge.ledger.versions().await?;
                print_diff(&versions.newest().programme, &new);
                Ok(0)
            })
            .await
        }
        ProgrammeCommand::Publish { file, effective } => {
            let source = read_text(&file)?;
            with(target, async |open| publish(&open.edge.ledger, &file, &source, effective).await).await
        }
        ProgrammeCommand::Show { version } => with(target, async |open| show_versions(open, version).await).await,
        ProgrammeCommand::ImportCodes { pool, file } => {
            let text = read_text(&file)?;
            let codes = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
            let codes: Vec<String> = codes.collect();
            with(target, async |open| {
                let imported = open.edge.ledger.import_codes(&pool, &codes).await?;
                println!("{imported} codes are new in pool {pool}; {} were known", codes.len() - imported);
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
        println!("nothing changes");
    }
    for change in changes {
        println!("{change}");
    }
}

/// How long after publishing a version takes effect, so that every function knows it by then.
const NOTICE: jiff::SignedDuration = jiff::SignedDuration::from_mins(2);

async fn publish(ledger: &Ledger, file: &Path, source: &str, effective: Option<Timestamp>) -> Result<u8, Failure> {
    let now = now();
    let effective = effective.unwrap_or(now.saturating_add(NOTICE)?);
    match ledger.publish(source, effective, now).await {
        Ok(Publication::Same { version }) => println!("it says the same as version {version}: nothing to publish"),
        Ok(Publication::Published { version: 1, .. }) => println!("published version 1, in force since for ever"),
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
        eprintln!("version {}: {}, in force {since}", source.published.version, source.published.programme.name);
    }
    let wanted = match version {
        Some(version) => published.iter().find(|source| source.published.version == version),
        None => published.last(),
    };
    match wanted {
        Some(source) => {
            print!("{}", source.source);
            Ok(0)
        }
        None => Err("there is no such version".into()),
    }
}

/// Prints a new key, once, and its entry for the secret, which holds only the hash.
fn make_key(name: &str, scopes: &[String]) {
    let key = format!("gk_{:016x}{:016x}", guerdon_edge::random(), guerdon_edge::random());
    let hash: String = Sha256::digest(&key).iter().map(|byte| format!("{byte:02x}")).collect();
    println!("the key, shown only now:   {key}");
    println!("its entry in the secret:   {}", json!({ "name": name, "sha256": hash, "scopes": scopes }));
}

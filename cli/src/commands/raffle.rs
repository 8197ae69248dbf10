//! `guerdon raffle`: look at raffles, take their steps by hand, disqualify.

use std::fmt::Write as _;

use clap::Subcommand;
use guerdon_domain::{draw::list::Entrant, raffle::stage::Stage};
use guerdon_edge::now;
use guerdon_store::RaffleState;
use jiff::Timestamp;
use raffle_draw::Raffles;

use super::{Failure, moment, say};
use crate::{local::raffles, operator::Open};

#[derive(Debug, Subcommand)]
pub(super) enum RaffleCommand {
    /// What is published of a raffle.
    Show {
        /// The raffle's id.
        raffle: String,
        /// Print the record of its draw instead, byte by byte.
        #[arg(long)]
        record: bool,
        /// Print the list of its entrants instead.
        #[arg(long, conflicts_with = "record")]
        list: bool,
    },
    /// Announce and open a raffle of the local stack whose time has come. A deployment does it on schedule.
    Open(StepArgs),
    /// Close a raffle of the local stack whose time has come.
    Close(StepArgs),
    /// Freeze and draw a raffle of the local stack whose time has come, and give its prizes.
    Draw(StepArgs),
    /// Disqualify somebody who was drawn, on the record: their prize goes to the next alternate.
    Disqualify {
        /// The raffle's id.
        raffle: String,
        /// The pseudonym that was drawn, 32 hex digits.
        entrant: Entrant,
        /// Why, for everybody to read.
        #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
        reason: String,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct StepArgs {
    /// The raffle's id.
    raffle: String,
    /// As if it were this time, to try a raffle out; refused on a deployment.
    #[arg(long, value_name = "TIMESTAMP", value_parser = moment)]
    at: Option<Timestamp>,
}

pub(super) async fn raffle(open: &Open, command: RaffleCommand) -> Result<u8, Failure> {
    let raffles = raffles(&open.edge, &open.data)?;
    match command {
        RaffleCommand::Show { raffle, record, list } => {
            let state = state(open, &raffle).await?;
            if list {
                return print_list(&raffles, &state).await;
            }
            if record {
                let text = open.edge.ledger.record_text(&state).await?;
                print!("{}", text.ok_or_else(|| format!("raffle {raffle} is not drawn yet"))?);
                return Ok(0);
            }
            say(shown(&state).trim_end());
            Ok(0)
        }
        RaffleCommand::Open(args) => step(open, &raffles, args, Stage::Open).await,
        RaffleCommand::Close(args) => step(open, &raffles, args, Stage::Closed).await,
        RaffleCommand::Draw(args) => step(open, &raffles, args, Stage::Published).await,
        RaffleCommand::Disqualify { raffle, entrant, reason } => {
            if reason.trim().is_empty() {
                return Err("say why, for everybody to read".into());
            }
            match raffles.disqualify(&raffle, entrant, &reason, now()).await? {
                Some(next) => say(format_args!("{entrant} is disqualified; {next} has the prize")),
                None => say(format_args!("{entrant} is disqualified; nobody takes their place")),
            }
            if open.local {
                // It may have been drawn as if it were later.
                let drawn = state(open, &raffle).await?.announcement.announced.draws;
                raffles.advance(&raffle, now().max(drawn), now, Timestamp::MAX).await?;
            } else {
                say("the deployment does the rest within a quarter of an hour");
            }
            Ok(0)
        }
    }
}

async fn state(open: &Open, raffle: &str) -> Result<RaffleState, Failure> {
    let state = open.edge.ledger.raffle(raffle).await?;
    state.ok_or_else(|| format!("there is no raffle {raffle}, or it is not announced yet").into())
}

async fn step(
    open: &Open,
    raffles: &Raffles,
    args: StepArgs,
    wanted: Stage,
) -> Result<u8, Failure> {
    let StepArgs { raffle, at } = args;
    if !open.local {
        return Err(
            "a deployment takes the steps of a raffle on schedule, and nobody before".into()
        );
    }
    let at = at.unwrap_or_else(now);
    let reached = raffles.advance(&raffle, at, now, Timestamp::MAX).await?;
    let state = state(open, &raffle).await?;
    say(shown(&state).trim_end());
    if reached.stage >= wanted {
        return Ok(0);
    }
    let when = state.announcement.after(reached.stage);
    let when = when.map_or_else(String::new, |(next, due)| format!("; it is {next} from {due}"));
    eprintln!("guerdon: raffle {raffle} is {} at {at}{when}", reached.stage);
    Ok(1)
}

async fn print_list(raffles: &Raffles, state: &RaffleState) -> Result<u8, Failure> {
    let list = state.list.filter(|_| state.stage >= Stage::Drawn);
    let list = list.ok_or("the list is published with the record")?;
    let id = &state.announcement.announced.raffle;
    for page in 0_u64.. {
        let lines = raffles.list_page(id, list, page).await?;
        if lines.is_empty() {
            break;
        }
        print!("{lines}");
    }
    Ok(0)
}

fn shown(state: &RaffleState) -> String {
    let announced = &state.announcement.announced;
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<12}{value}");
    };
    line("raffle", format!("{}: {}", announced.raffle, announced.name));
    line("stage", state.stage.name().to_owned());
    line("open", format!("from {} until {}", announced.opens, announced.closes));
    line("drawn", announced.draws.to_string());
    for prize in &announced.prizes {
        line("prize", format!("{} × {} ({})", prize.count, prize.id, prize.name));
    }
    line("alternates", announced.alternates.to_string());
    line("commitment", state.announcement.commitment.to_string());
    let round = state.announcement.round;
    line("beacon", round.map_or("none".to_owned(), |round| format!("quicknet, round {round}")));
    if let Some(list) = state.list {
        line("list", format!("{} entrants, {} tickets", list.entrants, list.tickets));
        line("root", list.root.to_string());
    }
    if let Some(record) = &state.record {
        line("record", format!("digest {}", record.digest));
    }
    text
}

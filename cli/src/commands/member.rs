//! `guerdon member`: look at, correct, export or erase a member.

use clap::Subcommand;
use guerdon_domain::{
    account::{Account, Asset},
    adjust::{self, Adjust},
    id::{MemberId, Operation, RequestKey},
    money::Money,
    settle,
};
use guerdon_edge::{now, view};
use guerdon_store::Request;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    commands::{Failure, print_json},
    local::statements,
    operator::Open,
};

#[derive(Debug, Subcommand)]
pub(super) enum MemberCommand {
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
        #[arg(
            long,
            allow_hyphen_values = true,
            conflicts_with = "credit",
            required_unless_present = "credit"
        )]
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
    /// A link to a member's page, good once, for an hour.
    Link {
        /// The member.
        member: String,
    },
    /// Erase the profile of a member, and the list of what they were given. The books stay, with the codes given, under the platform's reference alone.
    Erase {
        /// The member.
        member: String,
    },
}

pub(super) async fn member(open: &Open, command: MemberCommand) -> Result<u8, Failure> {
    let ledger = &open.edge.ledger;
    match command {
        MemberCommand::Show { member } => show(open, &MemberId::new(member)?).await,
        MemberCommand::Adjust { member, points, credit, reason, by, key } => {
            let member = MemberId::new(member)?;
            adjust::is_explained(&reason, &by)?;
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
            let digest = hex::encode(Sha256::digest(format!("{asset:?} {amount} {reason} {by}")));
            let adjust = Adjust { operation: operation.clone(), asset, amount, reason, by };
            let versions = ledger.versions().await?;
            let now = now();
            let decide = |account: &Account| adjust::decide(account, &versions, &adjust, now);
            let request = Request { operation, digest };
            let posted =
                ledger.post(&member, &versions, &request, now, decide).await.map_err(explain)?;
            print_json(&view::posted(&member, &posted));
            Ok(0)
        }
        MemberCommand::Export { member } => {
            let member = MemberId::new(member)?;
            let export = ledger.export(&member).await?;
            let versions = ledger.versions().await?;
            print_json(&json!({
                "member": export.account.as_ref().map(|account| view::member(account, &versions, now())),
                "entries": export.entries.iter().map(view::entry).collect::<Vec<_>>(),
                "profile": export.profile,
                "grants": export.grants.iter().map(view::grant).collect::<Vec<_>>(),
            }));
            Ok(0)
        }
        MemberCommand::Link { member } => {
            let member = MemberId::new(member)?;
            let link = redeem::profile::link_of(&open.edge, now(), &member);
            let (url, until) =
                link.ok_or("this needs PORTAL_KEY and PUBLIC_URL, or the local stack")?;
            println!("{url}\ngood once, until {until}");
            Ok(0)
        }
        MemberCommand::Erase { member } => {
            let member = MemberId::new(member)?;
            ledger.erase(&member).await?;
            if open.local {
                statements(&open.edge, &open.data)?.forget(&member).await?;
            }
            println!(
                "erased the profile of {member}, and the list of what they were given; the books stay, with the codes given, under that reference alone"
            );
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

//! The handlers of the `statement` function: a member's statement, runs for all members, and how to stop the mails.

mod consent;
mod html;
pub mod letter;
pub mod made;
pub mod mail;
pub mod pdf;
mod plan;
mod report;
mod run;
pub mod send;
mod show;
mod text;
mod written;

use std::time::Duration;

use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use guerdon_archive::{Archive, ArchiveError};
use guerdon_domain::id::MemberId;
use guerdon_edge::{
    Edge,
    auth::Scope,
    config::Config,
    problem::{Problem, answer},
    request, session,
};
use guerdon_store::StoreError;
use jiff::Timestamp;
use lambda_http::{Body, Error, LambdaEvent, Request, Response, http::Method};
use serde::Deserialize;
use serde_json::Value;

use crate::send::{Sender, Ses};
pub use crate::{
    consent::Feedback,
    html::html,
    plan::{Plan, Planned},
    report::{Failed, Report},
    run::{Run, RunError, Whose},
    show::Format,
    text::text,
};

/// What the function keeps between invocations.
#[derive(Debug, Clone)]
pub struct Statements {
    /// The edge that all functions have.
    pub edge: Edge,
    /// Where statements are kept.
    pub archive: Archive,
    /// How mails are sent.
    pub sender: Sender,
}

/// Where mails wait that nobody sends.
pub(crate) const OUTBOX: &str = "outbox";
/// How long one mail may take, so that one that hangs does not keep the others.
const MAIL_TIME_MAX: Duration = Duration::from_secs(20);

/// What the function is invoked with, beside requests.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Event {
    Run { run: Run },
    Plan { plan: Plan },
    Feedback(Feedback),
}

/// An event could not be taken; whoever sent it tries again.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// It is none that is known here.
    #[error("this is no event of this function")]
    Unknown(#[from] serde_json::Error),
    /// A run failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The ledger failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Statements {
    /// As the environment says. Called once, before the first event.
    pub async fn start() -> Result<Self, Error> {
        let edge = Edge::start().await?;
        let settings = Config::statements()?;
        let archive = Archive::named(&settings.archive)?;
        let sender = match settings.configuration_set {
            Some(configuration_set) => {
                let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
                // A call whose answer is lost may have sent the mail: the client never tries again by itself.
                let timeouts = TimeoutConfig::builder().operation_timeout(MAIL_TIME_MAX).build();
                let config = aws_sdk_sesv2::config::Builder::from(&aws)
                    .retry_config(aws_sdk_sesv2::config::retry::RetryConfig::disabled())
                    .timeout_config(timeouts)
                    .build();
                let client = aws_sdk_sesv2::Client::from_conf(config);
                let claims = archive.clone();
                Sender::Ses(Box::new(Ses { client, configuration_set, claims }))
            }
            None => Sender::Outbox(archive.clone()),
        };
        Ok(Self { edge, archive, sender })
    }

    /// Statements that are kept in an archive, and whose mails stay in its outbox.
    pub fn outbox(edge: Edge, archive: Archive) -> Self {
        Self { edge, sender: Sender::Outbox(archive.clone()), archive }
    }

    /// Deletes the mails of a member that wait in the outbox: they have the name and the address that are erased.
    pub async fn forget(&self, member: &MemberId) -> Result<(), ArchiveError> {
        let name = format!("{member}.eml");
        for place in self.archive.list(&[OUTBOX]).await? {
            if place.last() == Some(&name) {
                let place: Vec<&str> = place.iter().map(String::as_str).collect();
                self.archive.release(&place).await?;
            }
        }
        Ok(())
    }

    /// Answers an invocation: a request, or an event.
    pub async fn invoke(
        &self,
        event: LambdaEvent<Value>,
        clock: fn() -> Timestamp,
    ) -> Result<Value, Error> {
        if event.payload.get("requestContext").is_some() {
            let handle = |request| Box::pin(handle(self, clock(), request));
            return request::answer_event(event, handle).await;
        }
        let now = clock();
        let deadline = i64::try_from(event.context.deadline).ok();
        let deadline = deadline.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        // A deadline that was over before the start is none.
        let deadline = deadline.filter(|deadline| *deadline > now).unwrap_or(Timestamp::MAX);
        Ok(Box::pin(self.take(event.payload, now, clock, deadline)).await?)
    }

    /// Takes an event: a run, a plan of runs, or what SES tells of a mail.
    pub async fn take(
        &self,
        event: Value,
        now: Timestamp,
        clock: impl Fn() -> Timestamp + Sync,
        deadline: Timestamp,
    ) -> Result<Value, EventError> {
        Ok(match serde_json::from_value(event)? {
            Event::Run { run } => {
                serde_json::to_value(self.run(&run, now, clock, deadline).await?)?
            }
            Event::Plan { plan } => serde_json::to_value(self.plan(&plan, now).await?)?,
            Event::Feedback(feedback) => self.feedback(&feedback, now).await?.into(),
        })
    }
}

/// The local stack's, or an operator's: statements in a folder, or nowhere.
pub fn local(edge: Edge, folder: Option<std::path::PathBuf>) -> Result<Statements, ArchiveError> {
    let archive = match folder {
        Some(folder) => Archive::folder(folder)?,
        None => Archive::memory(),
    };
    Ok(Statements::outbox(edge, archive))
}

/// Answers an HTTP request.
pub async fn handle(statements: &Statements, now: Timestamp, request: Request) -> Response<Body> {
    answer(route(statements, now, &request).await)
}

async fn route(
    statements: &Statements,
    now: Timestamp,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let segments = request::segments(request)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (request.method(), segments.as_slice()) {
        (&Method::GET, ["members", member, "statements", period]) => {
            statements.edge.config.api_keys.authorize(request.headers(), Scope::Read)?;
            statements.show(request, &request::member(member)?, period, now).await
        }
        // From the member's page, which is another function: the cookie says who asks.
        (&Method::GET, ["me", "statements", period]) => {
            match session::visit(&statements.edge, now, request.headers())? {
                Some(visit) => statements.show(request, &visit.member, period, now).await,
                None => Ok(show::sign_in()),
            }
        }
        // Whoever has the token of a mail may stop the mails: nobody has to sign in for that.
        (&Method::GET, ["unsubscribe"]) => statements.ask(request, now).await,
        (&Method::POST, ["unsubscribe"]) => statements.stop(request, now).await,
        _ => Err(Problem::no_route()),
    }
}

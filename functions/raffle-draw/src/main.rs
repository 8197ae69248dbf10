//! `raffle-draw`: raffles over HTTP, and their steps on schedule.

use guerdon_archive::Archive;
use guerdon_edge::{Edge, config::Config, now, request::answer_event};
use jiff::Timestamp;
use lambda_http::{Error, LambdaEvent, lambda_runtime, service_fn};
use raffle_draw::{
    Due, Raffles,
    beacon::Source,
    schedules::{EventBridge, Schedules},
    vault::Vault,
};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let edge = Edge::start().await?;
    let raffles = &raffles(edge).await?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        if event.payload.get("requestContext").is_none() {
            let deadline = i64::try_from(event.context.deadline)
                .ok()
                .and_then(|ms| Timestamp::from_millisecond(ms).ok())
                // A deadline that was over before the start is none.
                .filter(|deadline| *deadline > now());
            let due: Due = serde_json::from_value(event.payload)?;
            let deadline = deadline.unwrap_or(Timestamp::MAX);
            let report = Box::pin(raffle_draw::due(raffles, &due, now(), now, deadline)).await?;
            return Ok::<_, Error>(serde_json::to_value(report)?);
        }
        answer_event(event, |request| Box::pin(raffle_draw::handle(raffles, now(), request))).await
    }))
    .await
}

async fn raffles(edge: Edge) -> Result<Raffles, Error> {
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let settings = Config::draws()?;
    let schedules = match settings.schedules {
        Some(to) => Schedules::EventBridge(Box::new(EventBridge {
            client: aws_sdk_scheduler::Client::new(&aws),
            group: to.group,
            function: to.function,
            role: to.role,
            dead_letters: to.dead_letters,
        })),
        None => Schedules::Sweep,
    };
    let vault = match settings.seeds.strip_prefix("file:") {
        Some(folder) => Vault::Folder(folder.into()),
        None => Vault::Secrets(aws_sdk_secretsmanager::Client::new(&aws), settings.seeds),
    };
    let archive = Archive::named(&settings.records)?;
    let beacon = Source::new(&settings.beacon_url)?;
    Ok(Raffles { edge, vault, archive, schedules, beacon })
}

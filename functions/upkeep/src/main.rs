//! `upkeep`: settles what is due, on a schedule.

use guerdon_edge::{Edge, now};
use jiff::Timestamp;
use lambda_http::{Error, LambdaEvent, lambda_runtime, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let edge = &Edge::start().await?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        let deadline = i64::try_from(event.context.deadline)
            .ok()
            .and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let report = upkeep::handle(edge, now(), now, deadline.unwrap_or(Timestamp::MAX)).await?;
        Ok::<_, Error>(report)
    }))
    .await
}

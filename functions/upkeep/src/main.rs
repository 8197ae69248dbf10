//! `upkeep`: settles what is due, on a schedule.

use guerdon_edge::{Edge, now};
use lambda_http::{Error, LambdaEvent, lambda_runtime, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let edge = &Edge::start().await?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        let start = now();
        let deadline = upkeep::deadline(event.context.deadline, start);
        let report = upkeep::handle(edge, start, now, deadline).await?;
        Ok::<_, Error>(report)
    }))
    .await
}

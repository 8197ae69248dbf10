//! `earn`: webhooks and events over HTTP, and the retry queue.

use guerdon_edge::{Edge, now, request::answer_event};
use lambda_http::{Error, LambdaEvent, lambda_runtime, service_fn};
use serde_json::Value;

// Futures are boxed, or the compiler despairs of how deeply they are nested.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let edge = &Edge::start().await?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        if event.payload.get("Records").is_some() {
            let batch = serde_json::from_value(event.payload)?;
            return Ok::<_, Error>(serde_json::to_value(
                Box::pin(earn::retry(edge, now(), batch)).await,
            )?);
        }
        answer_event(event, |request| Box::pin(earn::handle(edge, now(), request))).await
    }))
    .await
}

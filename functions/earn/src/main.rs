//! `earn`: webhooks and events over HTTP, and the retry queue.

use guerdon_edge::{Edge, now};
use lambda_http::{
    Adapter, Error, LambdaEvent, Request, Service, lambda_runtime, request::LambdaRequest,
    service_fn, tower::ServiceExt,
};
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
        let request: LambdaRequest = serde_json::from_value(event.payload)?;
        let http = service_fn(|request: Request| async {
            Ok::<_, Error>(Box::pin(earn::handle(edge, now(), request)).await)
        });
        let mut adapter = Adapter::from(http);
        let response =
            adapter.ready().await?.call(LambdaEvent::new(request, event.context)).await?;
        Ok(serde_json::to_value(response)?)
    }))
    .await
}

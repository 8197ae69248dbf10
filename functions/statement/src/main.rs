//! `statement`: a member's statement over HTTP, runs for all members, and what SES tells of mails.

use guerdon_edge::now;
use lambda_http::{Error, LambdaEvent, lambda_runtime, service_fn};
use serde_json::Value;
use statement::Statements;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let statements = &Statements::start().await?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        statements.invoke(event, now).await
    }))
    .await
}

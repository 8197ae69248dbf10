//! The smallest function with the same DynamoDB client: what a cold start of ours is compared with.

use lambda_http::{Error, LambdaEvent, lambda_runtime, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_http::tracing::init_default_subscriber();
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let client = aws_sdk_dynamodb::Client::new(&aws);
    lambda_runtime::run(service_fn(|_: LambdaEvent<Value>| {
        let region = client.config().region().map(ToString::to_string);
        async move { Ok::<_, Error>(region) }
    }))
    .await
}

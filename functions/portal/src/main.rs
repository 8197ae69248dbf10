//! `portal`: the member's page, over HTTP.

use guerdon_edge::{Edge, now};
use lambda_http::{Error, Request, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let edge = &Edge::start().await?;
    run(service_fn(|request: Request| async {
        Ok::<_, Error>(portal::handle(edge, now(), request).await)
    }))
    .await
}

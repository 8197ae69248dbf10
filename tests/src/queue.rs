//! A queue with as much of SQS as the functions use: it takes messages.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{Router, body::Bytes, extract::State, response::IntoResponse};
use serde_json::{Value, json};

use crate::http::Server;

/// A running queue.
#[derive(Debug)]
pub struct Queue {
    /// Where it answers.
    pub url: String,
    messages: Arc<Mutex<Vec<String>>>,
    _server: Server,
}

impl Queue {
    /// Starts an empty queue.
    pub async fn start() -> Self {
        let messages = Arc::new(Mutex::new(Vec::new()));
        let server = Server::start(Router::new().fallback(take).with_state(messages.clone())).await;
        Self { url: server.url.clone(), messages, _server: server }
    }

    /// The URL of the queue, as functions are told it.
    pub fn queue_url(&self) -> String {
        format!("{}/000000000000/retry", self.url)
    }

    /// Takes all messages out.
    pub fn drain(&self) -> Vec<String> {
        std::mem::take(&mut self.messages.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A batch as Lambda gets it from SQS: messages by id and body.
    pub fn batch(messages: &[(&str, &str)]) -> Value {
        let record = |(id, body): &(&str, &str)| {
            json!({
                "messageId": id, "receiptHandle": format!("receipt-{id}"), "body": body, "attributes": {
                    "ApproximateReceiveCount": "1", "SentTimestamp": "1767603600000", "SenderId": "AROAEXAMPLE:earn",
                    "ApproximateFirstReceiveTimestamp": "1767603660000",
                }, "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:retry", "awsRegion": "us-east-1",
            })
        };
        json!({ "Records": messages.iter().map(record).collect::<Vec<_>>() })
    }
}

async fn take(State(messages): State<Arc<Mutex<Vec<String>>>>, body: Bytes) -> impl IntoResponse {
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let message = request["MessageBody"].as_str().unwrap_or_default().to_owned();
    messages.lock().unwrap_or_else(PoisonError::into_inner).push(message);
    let answer =
        json!({ "MessageId": "219f8380-5770-4cc2-8c3e-5c715e145f5e", "MD5OfMessageBody": "" });
    ([("content-type", "application/x-amz-json-1.0")], answer.to_string())
}

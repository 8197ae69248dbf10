//! Where an accepted event waits while the ledger cannot be reached.

use guerdon_domain::event::Event;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An event on its way to the ledger. It carries no personal data: the event is in the domain's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The event.
    pub event: Event,
    /// When the shop sent it.
    pub received_at: Timestamp,
}

/// The retry queue.
#[derive(Debug, Clone)]
pub enum RetryQueue {
    /// SQS.
    Sqs {
        /// How to reach SQS. The client is made when it is first needed, which a cold start seldom does.
        config: Box<aws_sdk_sqs::Config>,
        /// The queue.
        url: String,
    },
    /// None: the shop is asked to try again. The local stack has none, since its ledger is in the same process.
    None,
}

/// The event could not be queued.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// There is no queue.
    #[error("there is no retry queue")]
    Missing,
    /// SQS refused, or cannot be reached.
    #[error("SQS SendMessage failed")]
    Sqs(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The event does not serialize.
    #[error("the event cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

impl RetryQueue {
    /// A queue in SQS.
    pub fn sqs(config: aws_sdk_sqs::Config, url: String) -> Self {
        Self::Sqs { config: Box::new(config), url }
    }

    /// Queues an event.
    pub async fn send(&self, waiting: Waiting) -> Result<(), QueueError> {
        match self {
            Self::Sqs { config, url } => {
                let client = aws_sdk_sqs::Client::from_conf((**config).clone());
                let body = serde_json::to_string(&waiting)?;
                let send = client.send_message().queue_url(url).message_body(body).send().await;
                send.map(|_| ()).map_err(|error| QueueError::Sqs(Box::new(error)))
            }
            Self::None => Err(QueueError::Missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_written_as_it_always_was() {
        let text = concat!(
            r#"{"event":{"type":"member","member":"shopify:a.example:7","name":"sign-up","at":"2026-03-02T10:00:00Z"},"#,
            r#""received_at":"2026-03-02T10:00:01Z"}"#,
        );
        let waiting: Waiting = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&waiting).unwrap(), text);
    }
}

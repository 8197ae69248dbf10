//! Where an accepted event waits while the ledger cannot be reached.

use std::sync::OnceLock;

use guerdon_domain::event::Event;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// An event on its way to the ledger. It carries no personal data: the event is in the domain's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The form of the message: [`FORM`], or older.
    #[serde(deserialize_with = "known_form")]
    pub f: u32,
    /// The event.
    pub event: Event,
    /// When the shop sent it.
    pub received_at: Timestamp,
}

/// The newest form of messages that this Guerdon writes and reads.
pub const FORM: u32 = 1;

impl Waiting {
    /// An event that was received at an instant.
    pub fn new(event: Event, received_at: Timestamp) -> Self {
        Self { f: FORM, event, received_at }
    }
}

/// Refuses a message of a newer form: it stays in the queue for a newer Guerdon.
fn known_form<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let form = u32::deserialize(deserializer)?;
    if form > FORM {
        let problem = format!("form {form} of a message, and this Guerdon knows {FORM}");
        return Err(D::Error::custom(problem));
    }
    Ok(form)
}

/// The retry queue.
#[derive(Debug, Clone)]
pub enum RetryQueue {
    /// SQS.
    Sqs {
        /// How to reach SQS.
        config: Box<aws_sdk_sqs::Config>,
        /// The client, made when it is first needed, which a cold start seldom does.
        client: OnceLock<aws_sdk_sqs::Client>,
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
        Self::Sqs { config: Box::new(config), client: OnceLock::new(), url }
    }

    /// Queues an event.
    pub async fn send(&self, waiting: Waiting) -> Result<(), QueueError> {
        match self {
            Self::Sqs { config, client, url } => {
                let client =
                    client.get_or_init(|| aws_sdk_sqs::Client::from_conf((**config).clone()));
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
            r#"{"f":1,"event":{"type":"member","member":"shopify:a.example:7","name":"sign-up","at":"2026-03-02T10:00:00Z"},"#,
            r#""received_at":"2026-03-02T10:00:01Z"}"#,
        );
        let waiting: Waiting = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&waiting).unwrap(), text);
        let newer = serde_json::from_str::<Waiting>(&text.replace("\"f\":1", "\"f\":2"));
        assert!(newer.is_err_and(|error| error.to_string().contains("knows 1")));
    }
}

//! `guerdon replay`: events that wait because a rule failed on them, and dead letters of the retry queue.

use std::error::Error;

use aws_config::BehaviorVersion;
use earn::Taken;
use guerdon_domain::event::Event;
use guerdon_edge::{Edge, now, queue::Waiting};
use guerdon_store::Waits;
use serde_json::{Value, json};

/// Lists what waits, or takes it again; what is in `done` waits no longer. The exit code is 1 if anything still waits after a run.
///
/// # Errors
/// If an id of `done` is none of those that wait: then nothing is done.
pub async fn replay(
    edge: &Edge,
    run: bool,
    done: &[String],
    dead_letters: Option<&str>,
) -> Result<u8, Box<dyn Error>> {
    let mut waiting = 0_usize;
    let all = edge.ledger.parked().await?;
    let known = |id: &&String| all.iter().any(|parked| parked.id == **id);
    if let Some(id) = done.iter().find(|id| !known(id)) {
        return Err(format!("nothing waits under {id:?}; nothing was struck off").into());
    }
    for parked in all {
        let mut outcome = json!("waits");
        let mut gone = false;
        match &parked.waits {
            _ if done.contains(&parked.id) => (outcome, gone) = (json!("done"), true),
            Waits::Event(event) if run => (outcome, gone) = take(edge, event).await?,
            Waits::Unreadable(error) => outcome = json!(format!("cannot be read: {error}")),
            Waits::Event(_) | Waits::Task(_) => {}
        }
        if gone {
            edge.ledger.unpark(&parked.id).await?;
        } else {
            waiting += 1;
        }
        let recorded_at = parked.recorded_at;
        println!(
            "{}",
            json!({ "parked": parked.id, "since": recorded_at, "problem": parked.problem, "outcome": outcome })
        );
    }
    if let Some(url) = dead_letters {
        waiting += dead(edge, run, url).await?;
    }
    if waiting == 0 {
        println!("nothing waits");
    }
    Ok(u8::from(run && waiting > 0))
}

/// The messages of a dead-letter queue. They are only removed once the ledger has taken them.
async fn dead(edge: &Edge, run: bool, url: &str) -> Result<usize, Box<dyn Error>> {
    let aws = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let sqs = aws_sdk_sqs::Client::new(&aws);
    let mut waiting = 0;
    loop {
        let receive =
            sqs.receive_message().queue_url(url).max_number_of_messages(10).visibility_timeout(60);
        let messages = receive.send().await?.messages.unwrap_or_default();
        if messages.is_empty() {
            return Ok(waiting);
        }
        for message in messages {
            let id = message.message_id.unwrap_or_default();
            let event: Result<Waiting, _> =
                serde_json::from_str(message.body.as_deref().unwrap_or_default());
            let (outcome, gone) = match event {
                Err(error) => (json!(format!("not an event: {error}")), false),
                Ok(event) if run => take(edge, &event.event).await?,
                Ok(_) => (json!("waits"), false),
            };
            println!("{}", json!({ "dead_letter": id, "outcome": outcome }));
            if gone {
                let receipt = message.receipt_handle.unwrap_or_default();
                sqs.delete_message().queue_url(url).receipt_handle(receipt).send().await?;
            } else {
                waiting += 1;
            }
        }
    }
}

/// Takes an event again: what it came to, and whether it waits no longer. What has no effect waits on, since its sender was
/// told that it is accepted.
async fn take(edge: &Edge, event: &Event) -> Result<(Value, bool), Box<dyn Error>> {
    Ok(match earn::replay(edge, now(), event).await? {
        Taken::Done { answer, replayed: false } => (json!({ "replayed": answer }), true),
        Taken::Done { answer, replayed: true } => (json!({ "done before": answer }), true),
        Taken::Parked(_) => (json!("waits: the rule fails still"), false),
        Taken::Refused(refusal) => (json!(format!("refused: {refusal}")), false),
        Taken::NameReused => (json!("refused: its name was used with other content"), false),
    })
}

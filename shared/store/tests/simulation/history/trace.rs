//! The story of a history, as a table of text: when, which task, what, what went wrong, what came of it.

use std::fmt::Write as _;

use guerdon_domain::{entry::Entry, event::OrderEvent};
use serde_json::Value;

use crate::{
    history::{Fault, History},
    operation::{Action, Answer, Operation},
    wire::{self, Call},
};

impl History {
    pub(crate) fn trace(&self) -> &str {
        self.trace.as_deref().unwrap_or_default()
    }

    /// Adds a line, if anyone reads them.
    pub(super) fn note(&mut self, task: Option<usize>, line: impl FnOnce(&Self) -> [String; 3]) {
        if self.trace.is_none() {
            return;
        }
        let [what, fault, answer] = line(self);
        let task = task.map_or_else(String::new, |task| format!("task {task}"));
        let at = format!("{:.3}", self.now);
        let line = format!("{at:24} | {task:8} | {what:72} | {fault:12} | {answer}\n");
        self.trace.get_or_insert_default().push_str(&line);
    }
}

/// An operation in a few words.
pub(super) fn asked(operation: &Operation) -> String {
    let member = operation.member.as_ref().map_or("", |member| member.as_str());
    let key = operation.request.as_ref().map_or("", |request| request.operation.as_str());
    match &operation.action {
        Action::Order(event) => format!("{member}: {}", news(event)),
        Action::Happened(event) => format!("{member}: {} {key}", event.name),
        Action::Redeem(reward) => format!("{member}: redeem {reward} {key}"),
        Action::Open(grant) => format!("{member}: open {grant} {key}"),
        Action::Enter(enter) => {
            let free = if enter.free { " free" } else { "" };
            format!("{member}: {}{free} entries {key}", enter.entries)
        }
        Action::Hold(place) => {
            format!("{member}: hold {} {} points {key}", place.hold, place.points)
        }
        Action::Capture(capture) => {
            format!("{member}: capture {} {:?} points {key}", capture.hold, capture.points)
        }
        Action::Release(hold) => format!("{member}: release {hold} {key}"),
        Action::Adjust(adjust) => format!("{member}: adjust by {} {key}", adjust.amount),
        other => format!("{member}: {} {key}", other.name()),
    }
}

fn news(event: &OrderEvent) -> String {
    let mut told = event.order.to_string();
    if let Some(snapshot) = &event.snapshot {
        let net: i64 = snapshot.lines.iter().map(|line| line.net_minor).sum();
        let left: i64 = snapshot.lines.iter().map(|line| line.current_milli / 1000).sum();
        let _ = write!(
            told,
            " {:?} net {net}, {left} pieces, {:.0}",
            snapshot.status, snapshot.updated_at
        );
    }
    for (id, refund) in &event.refunds {
        let lines: i64 = refund.lines.iter().filter_map(|line| line.net_minor).sum();
        let _ = write!(told, " {id} {}", refund.amount_minor + lines);
    }
    told
}

/// An answer in a few words.
pub(super) fn answered(answer: &Answer) -> String {
    let list = |entries: &[Entry]| {
        let line = |entry: &Entry| format!("#{} {:?}", entry.sequence, entry.balance);
        entries.iter().map(line).collect::<Vec<_>>().join(", ")
    };
    match answer {
        Answer::Entries { entries, replayed: true } => format!("as before: {}", list(entries)),
        Answer::News { new: false, .. } => "unchanged".to_owned(),
        Answer::News { entries, .. } if entries.is_empty() => "noted".to_owned(),
        Answer::News { entries, .. } | Answer::Entries { entries, .. } => {
            format!("posted: {}", list(entries))
        }
        other => format!("{other:?}"),
    }
}

/// A call and how it fared.
pub(super) fn called(call: &Call, fault: Fault, told: &wire::Answer) -> [String; 3] {
    let mut keys = Vec::new();
    find_keys(&call.request, &mut keys);
    let fault = if fault == Fault::None { String::new() } else { format!("{fault:?}") };
    let told = match told {
        wire::Answer::Success(_) => "ok".to_owned(),
        wire::Answer::Failed(failure) => format!("{} {}", failure.name, failure.reasons.join(" ")),
        other => format!("{other:?}"),
    };
    [format!("  {} {}", call.target, keys.join(" ")), fault, told]
}

fn find_keys(value: &Value, found: &mut Vec<String>) {
    if let (Some(pk), Some(sk)) = (value["pk"]["S"].as_str(), value["sk"]["S"].as_str()) {
        found.push(format!("{pk}|{sk}"));
    } else if let Some(pk) = value[":pk"]["S"].as_str() {
        found.push(pk.to_owned());
    } else if let Value::Object(map) = value {
        for value in map.values() {
            find_keys(value, found);
        }
    } else if let Value::Array(list) = value {
        for value in list {
            find_keys(value, found);
        }
    }
}

//! Deliveries: an operation starts, is polled after each answer, and is delivered again if the world failed it.

use std::{collections::BTreeSet, sync::Arc, task::Poll};

use guerdon_domain::event::OrderEvent;
use jiff::SignedDuration;

use crate::{
    history::{
        Attempt, Fault, History, Run,
        trace::{answered, asked},
    },
    laws::{self, Violation},
    operation::{Action, Answer, perform},
    plan::Delivery,
    table::{LEDGER, text},
};

/// How far a delivery has come.
#[derive(Debug)]
pub(super) enum Progress {
    /// For the answer to a call.
    Waits,
    /// The world failed it: it is to be delivered again.
    Failed,
    Answered(Answer),
}

impl History {
    /// Delivers an operation with nobody else at work, and no faults.
    pub(crate) fn deliver_quietly(&mut self, operation: usize) -> Result<Answer, Violation> {
        let run = self.begin(operation);
        loop {
            match self.poll(run)? {
                Progress::Answered(answer) => return Ok(answer),
                Progress::Failed => {
                    return Err(laws::broken(
                        "10",
                        "without a fault, an operation fails".to_owned(),
                    ));
                }
                Progress::Waits => {}
            }
            let call = self.wire.queue().calls.remove(0);
            self.let_through(call, Fault::None)?;
        }
    }

    /// Delivers an operation until it is answered, with these faults at these calls (counted from 0); how many calls it took.
    pub(crate) fn deliver_with(
        &mut self,
        operation: usize,
        faults: &[(u32, Fault)],
    ) -> Result<u32, Violation> {
        let mut made = 0;
        for _ in 0..10 {
            let run = self.begin(operation);
            while self.tasks.contains_key(&run) {
                match self.poll(run)? {
                    Progress::Answered(_) => return Ok(made),
                    Progress::Failed => break,
                    Progress::Waits => {}
                }
                let call = self.wire.queue().calls.remove(0);
                let fault = faults.iter().find(|(at, _)| *at == made && call.target != "sleep");
                made += u32::from(call.target != "sleep");
                self.let_through(call, fault.map_or(Fault::None, |(_, fault)| *fault))?;
            }
            self.wire.queue().calls.clear();
        }
        Err(laws::broken("10", "it is never accepted".to_owned()))
    }

    /// Starts a delivery; versions may be as old as a function keeps them.
    pub(super) fn begin(&mut self, operation: usize) -> usize {
        let minute_ago = self.now - SignedDuration::from_secs(60);
        let sure = self.published.iter().rposition(|(at, _)| *at < minute_ago).unwrap_or(0);
        let known = sure + self.seed.below(self.published.len() - sure);
        let versions = self.published[known].1.clone();
        let run = self.runs.len();
        self.runs.push(Run { operation, now: self.now, versions: versions.clone() });
        self.place(operation);
        let mut what = self.operations[operation].clone();
        if let Action::Upkeep(shards) = &mut what.action {
            let due =
                self.tables.under(LEDGER, "MEMBER#").filter(|(_, item)| item.contains_key("due"));
            let due: BTreeSet<u8> =
                due.filter_map(|(_, item)| text(item, "due_shard").parse().ok()).collect();
            shards.extend(due);
        }
        self.note(Some(run), |this| {
            let version = this.runs[run].versions.newest().version;
            [
                asked(&what),
                String::new(),
                format!("operation {operation} begins, under version {version}"),
            ]
        });
        let chance = self.chance.unwrap_or_else(|| self.seed.next());
        let (ledger, now) = (self.ledger.clone(), self.now);
        let task: Attempt =
            Box::pin(async move { perform(&ledger, &versions, &what, now, chance).await });
        self.tasks.insert(run, task);
        run
    }

    /// Some orders are placed not long before their first news, under whatever version is in force then.
    pub(super) fn place(&mut self, operation: usize) {
        let Action::Order(OrderEvent { order, .. }) = &self.operations[operation].action else {
            return;
        };
        let order = order.clone();
        if !self.placed.insert(order.clone()) || self.seed.chance(50) {
            return;
        }
        let placed_at = self.now - SignedDuration::from_mins(self.seed.between(0, 60 * 48));
        let mut first = None;
        for operation in &mut self.operations {
            if let Action::Order(OrderEvent { order: of, snapshot: Some(snapshot), .. }) =
                &mut operation.action
                && *of == order
            {
                let later = placed_at.duration_since(*first.get_or_insert(snapshot.placed_at));
                let snapshot = Arc::make_mut(snapshot);
                snapshot.placed_at += later;
                snapshot.updated_at += later;
            }
        }
    }

    /// Polls a task after an answer.
    pub(super) fn poll(&mut self, run: usize) -> Result<Progress, Violation> {
        let task = self.tasks.get_mut(&run).unwrap();
        let Poll::Ready(answer) = self.wire.poll(run, task) else { return Ok(Progress::Waits) };
        self.tasks.remove(&run);
        self.wire.queue().calls.retain(|call| call.task != run || call.target != "sleep");
        self.note(Some(run), |_| {
            let answer = answer.as_ref().map_or_else(ToString::to_string, answered);
            ["it is answered".to_owned(), String::new(), answer]
        });
        let Ok(answer) = answer else { return Ok(Progress::Failed) };
        let operation = self.runs[run].operation;
        laws::answered(self, operation, &answer)?;
        let settled = !matches!(answer, Answer::Refused(_) | Answer::KeyReused);
        if self.answers[operation].is_none() || (settled && !self.has_effect_answer(operation)) {
            self.answers[operation] = Some(answer.clone());
        }
        Ok(Progress::Answered(answer))
    }

    pub(super) fn has_effect_answer(&self, operation: usize) -> bool {
        matches!(
            self.answers[operation],
            Some(
                Answer::Entries { .. }
                    | Answer::News { .. }
                    | Answer::Nothing { .. }
                    | Answer::Done
            )
        )
    }

    /// Polls a task; one that the world failed is delivered again later.
    pub(super) fn finish(&mut self, run: usize) -> Result<(), Violation> {
        if let Progress::Failed = self.poll(run)? {
            self.again(run);
        }
        Ok(())
    }

    pub(super) fn again(&mut self, run: usize) {
        let position = self.seed.below(self.deliveries.len() + 1);
        self.deliveries.insert(position, Delivery::Operation(self.runs[run].operation));
    }
}

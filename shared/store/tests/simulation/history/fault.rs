//! What goes wrong: how a call fares, how a client dies.

use guerdon_domain::id::MemberId;

use crate::{
    history::{Effect, History, trace::called},
    laws::{self, Violation},
    operation::Action,
    table::{Failure, LEDGER, Reply, text},
    wire::{self, Call},
};

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    Conflict,
    Throttled(&'static str),
    Error,
    /// It never arrives.
    Unsent,
    /// It is applied, and its answer is lost.
    Unanswered,
    /// It is applied later, and its sender has given up.
    Late,
    CrashBefore,
    CrashAfter,
}

const FAULTS: [Fault; 12] = [
    Fault::Conflict,
    Fault::Conflict,
    Fault::Throttled("ProvisionedThroughputExceededException"),
    Fault::Throttled("ThrottlingException"),
    Fault::Throttled("RequestLimitExceeded"),
    Fault::Error,
    Fault::Unsent,
    Fault::Unanswered,
    Fault::Unanswered,
    Fault::Late,
    Fault::CrashBefore,
    Fault::CrashAfter,
];

impl History {
    pub(super) fn fault(&mut self, call: &Call) -> Fault {
        let (left, percent) = self.faults;
        if left == 0 || call.target == "sleep" || !self.seed.chance(percent) {
            return Fault::None;
        }
        let fault = *self.seed.pick(&FAULTS);
        let reads = ["GetItem", "Query"].contains(&call.target.as_str());
        if fault == Fault::Conflict && reads {
            return Fault::None;
        }
        self.faults.0 -= 1;
        fault
    }

    /// The client dies. What it has sent may still arrive.
    pub(super) fn crash(&mut self, task: usize) {
        self.tasks.remove(&task);
        let arrives = self.seed.chance(50);
        self.wire
            .queue()
            .calls
            .retain(|call| call.task != task || (arrives && call.target != "sleep"));
        self.note(Some(task), |_| ["it dies".to_owned(), String::new(), String::new()]);
        self.again(task);
    }

    pub(super) fn let_through(&mut self, call: Call, fault: Fault) -> Result<(), Violation> {
        use wire::Answer as Told;
        if call.target == "sleep" {
            self.wire.queue().answer(call.number, Told::Slept);
            return Ok(());
        }
        let told = match fault {
            Fault::None => match self.apply(&call)? {
                Ok(reply) => Told::Success(reply.body),
                Err(failure) => Told::Failed(failure),
            },
            Fault::Conflict if call.target == "TransactWriteItems" => {
                let writes = call.request["TransactItems"].as_array().unwrap().len();
                let mut reasons = vec!["None"; writes];
                reasons[self.seed.below(writes)] = "TransactionConflict";
                Told::Failed(Failure::cancelled(reasons))
            }
            Fault::Conflict => Told::Failed(Failure::of("TransactionConflictException")),
            Fault::Throttled(name) => Told::Failed(Failure::of(name)),
            Fault::Error => Told::Failed(Failure::of("InternalServerError")),
            Fault::Unsent => Told::Broken,
            Fault::Unanswered => {
                let _lost = self.apply(&call)?;
                if self.seed.chance(50) { Told::TimedOut } else { Told::Broken }
            }
            Fault::Late => Told::TimedOut,
            Fault::CrashBefore | Fault::CrashAfter => {
                if fault == Fault::CrashAfter {
                    let _lost = self.apply(&call)?;
                }
                self.note(Some(call.task), |_| called(&call, fault, &Told::Broken));
                if self.tasks.contains_key(&call.task) {
                    self.crash(call.task);
                }
                return Ok(());
            }
        };
        let task = call.task.min(usize::MAX - call.task);
        self.note(Some(task), |_| called(&call, fault, &told));
        self.wire.queue().answer(call.number, told);
        if fault == Fault::Late {
            self.wire.queue().calls.push(Call { task: usize::MAX - call.task, ..call });
        }
        Ok(())
    }

    /// The tables take the call; laws look at what it wrote.
    pub(super) fn apply(&mut self, call: &Call) -> Result<Result<Reply, Failure>, Violation> {
        let lag = self.seed.next() % 4;
        let reply = self.tables.call(&call.target, &call.request, self.now.as_second(), lag);
        let Ok(reply) = reply else { return Ok(reply) };
        let run = call.task.min(usize::MAX - call.task);
        self.no_cross_talk(run, &reply)?;
        if !reply.written.is_empty() {
            self.effects.push(Effect { run, written: reply.written.clone() });
            laws::transition(self, &reply.written)?;
        }
        Ok(Ok(reply))
    }

    /// Law 11: an item of the ledger belongs to one member.
    pub(super) fn no_cross_talk(&mut self, run: usize, reply: &Reply) -> Result<(), Violation> {
        let operation = &self.operations[self.runs[run].operation];
        let Some(member) = &operation.member else { return Ok(()) };
        // A bid competes with the one that it outbids, whose end is a write of its own, for that member alone.
        let account = reply.written.iter().find(|written| written.place.2 == "ACCOUNT");
        let account = account.and_then(|account| account.after.as_deref());
        let owner = account.map(|item| MemberId::new(text(item, "member")).unwrap());
        let member = match (&operation.action, &owner) {
            (Action::Bid(_), Some(owner)) => owner,
            (Action::Bid(_), None) => return Ok(()),
            _ => member,
        };
        for place in reply.touched.iter().filter(|(table, pk, _)| table == LEDGER && pk != "PARKED")
        {
            let first = self.touched.entry(place.clone()).or_insert_with(|| member.clone());
            if first != member {
                return Err(laws::broken(
                    "11",
                    format!("{place:?} is touched for {first} and {member}"),
                ));
            }
        }
        Ok(())
    }
}

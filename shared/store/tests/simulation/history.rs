//! One history: a scheduler that lets one call through at a time, loses answers, kills clients and moves the clock.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::Pin,
    sync::Arc,
    task::Poll,
};

use guerdon_domain::{
    event::OrderEvent,
    id::{MemberId, Operation as Name, OrderId},
    programme::Versions,
};
use guerdon_store::{Ledger, StoreError};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::{
    laws::{self, Violation},
    model,
    operation::{Action, Answer, Operation, name, perform},
    plan::{Delivery, Jump, Plan, plan},
    programme::{self, POOL},
    seed::Seed,
    table::{Failure, LEDGER, PROGRAMME, Place, Reply, Tables, Written, number, text},
    wire::{self, Call, Wire},
};

pub(crate) type Attempt = Pin<Box<dyn Future<Output = Result<Answer, StoreError>>>>;

/// Calls after which a history is taken to be stuck.
const CALLS_MAX: u32 = 6000;

/// A delivery that was started; its calls may outlive it.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) operation: usize,
    pub(crate) now: Timestamp,
    pub(crate) versions: Arc<Versions>,
}

/// A write that took effect, by which delivery.
#[derive(Debug, Clone)]
pub(crate) struct Effect {
    pub(crate) run: usize,
    pub(crate) written: Vec<Written>,
}

pub(crate) struct History {
    pub(crate) tables: Tables,
    pub(crate) now: Timestamp,
    pub(crate) policy: usize,
    pub(crate) operations: Vec<Operation>,
    pub(crate) runs: Vec<Run>,
    pub(crate) effects: Vec<Effect>,
    /// The first answer of each operation that says what it came to.
    pub(crate) answers: Vec<Option<Answer>>,
    /// When the second version takes effect, if it was published.
    pub(crate) second: Option<Timestamp>,
    /// What a client's random numbers come from, if not from the seed.
    pub(crate) chance: Option<u64>,
    seed: Seed,
    wire: Wire,
    ledger: Ledger,
    published: Vec<(Timestamp, Arc<Versions>)>,
    deliveries: Vec<Delivery>,
    tasks: BTreeMap<usize, Attempt>,
    calls: u32,
    faults: (usize, usize),
    clients: usize,
    touched: BTreeMap<Place, MemberId>,
    /// Orders of which news have arrived.
    placed: BTreeSet<OrderId>,
    trace: Option<String>,
}

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
    pub(crate) fn new(seed: u64, traced: bool) -> Self {
        let mut seed = Seed::new(seed);
        let plan = plan(&mut seed);
        Self::of(plan, seed, traced)
    }

    /// A history of a plan, over empty tables but for the pool of codes.
    pub(crate) fn of(plan: Plan, seed: Seed, traced: bool) -> Self {
        let wire = Wire::default();
        let mut tables = Tables::default();
        for code in POOL {
            let item = json!({ "pk": { "S": "POOL#spring" }, "sk": { "S": code } });
            let put = json!({ "TableName": PROGRAMME, "Item": item });
            tables.call("PutItem", &put, 0, 0).unwrap();
        }
        let Plan { policy, start, operations, deliveries, faults, clients } = plan;
        Self {
            answers: vec![None; operations.len()],
            ledger: Ledger::new(wire.client(), LEDGER, PROGRAMME),
            published: vec![(Timestamp::MIN, programme::versions(policy, None))],
            now: start,
            second: None,
            chance: None,
            runs: Vec::new(),
            effects: Vec::new(),
            tasks: BTreeMap::new(),
            touched: BTreeMap::new(),
            placed: BTreeSet::new(),
            calls: 0,
            trace: traced.then(String::new),
            tables,
            policy,
            operations,
            seed,
            wire,
            deliveries,
            faults,
            clients,
        }
    }

    pub(crate) fn trace(&self) -> &str {
        self.trace.as_deref().unwrap_or_default()
    }

    /// The same history up to here, with nobody at work.
    pub(crate) fn fork(&self) -> Self {
        let wire = Wire::default();
        Self {
            ledger: Ledger::new(wire.client(), LEDGER, PROGRAMME),
            tables: self.tables.clone(),
            operations: self.operations.clone(),
            runs: self.runs.clone(),
            effects: self.effects.clone(),
            answers: self.answers.clone(),
            seed: self.seed.clone(),
            published: self.published.clone(),
            deliveries: Vec::new(),
            tasks: BTreeMap::new(),
            touched: self.touched.clone(),
            placed: self.placed.clone(),
            trace: None,
            wire,
            ..*self
        }
    }

    /// The newest versions.
    pub(crate) fn versions(&self) -> Arc<Versions> {
        self.published.last().unwrap().1.clone()
    }

    fn note(&mut self, line: impl FnOnce(&Self) -> String) {
        if self.trace.is_some() {
            let line = format!("{:.3}  {}\n", self.now, line(self));
            self.trace.as_mut().unwrap().push_str(&line);
        }
    }

    /// No order is moved nearer to its first news.
    pub(crate) fn stay_put(&mut self) {
        for operation in &self.operations {
            if let Action::Order(event) = &operation.action {
                self.placed.insert(event.order.clone());
            }
        }
    }

    /// Lets chance run until all is delivered, then checks every law.
    pub(crate) fn run(&mut self) -> Result<(), Violation> {
        while !(self.deliveries.is_empty()
            && self.tasks.is_empty()
            && self.wire.queue().calls.is_empty())
        {
            self.step()?;
        }
        self.settle_down()?;
        laws::state(self)?;
        laws::orders(self)?;
        laws::claims(self)?;
        laws::replayed(self)?;
        let later = self.seed.chance(50);
        laws::twice(self, later)
    }

    /// Faults are over: what was never answered is delivered again until it is.
    fn settle_down(&mut self) -> Result<(), Violation> {
        self.faults = (0, 0);
        for operation in 0..self.operations.len() {
            if self.answers[operation].is_none() {
                self.deliver_quietly(operation)?;
            }
        }
        Ok(())
    }

    /// Delivers an operation with nobody else at work, and no faults.
    pub(crate) fn deliver_quietly(&mut self, operation: usize) -> Result<Answer, Violation> {
        let run = self.begin(operation);
        loop {
            if let Some(answer) = self.poll(run)? {
                return answer.ok_or_else(|| {
                    laws::broken("10", "without a fault, an operation fails".to_owned())
                });
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
                if let Some(answer) = self.poll(run)? {
                    if answer.is_some() {
                        return Ok(made);
                    }
                    break;
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

    fn step(&mut self) -> Result<(), Violation> {
        self.calls += 1;
        if self.calls > CALLS_MAX {
            return Err(laws::broken("10", "the clients make no progress".to_owned()));
        }
        let waiting = self.wire.queue().calls.len();
        let may_start = !self.deliveries.is_empty() && self.tasks.len() < self.clients;
        let start = usize::from(may_start) * 2;
        match self.seed.below((waiting * 3 + start).max(1)) {
            choice if choice < waiting * 3 => {
                let call = self.wire.queue().calls.remove(choice / 3);
                let fault = self.fault(&call);
                let task = call.task;
                self.let_through(call, fault)?;
                if self.tasks.contains_key(&task) {
                    self.finish(task)?;
                }
            }
            _ => self.start()?,
        }
        if self.seed.chance(3) {
            self.now += SignedDuration::from_millis(self.seed.between(1, 900));
        }
        if self.seed.chance(4) { laws::state(self) } else { Ok(()) }
    }

    fn fault(&mut self, call: &Call) -> Fault {
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

    fn start(&mut self) -> Result<(), Violation> {
        if self.deliveries.is_empty() {
            return Ok(());
        }
        match self.deliveries.remove(0) {
            Delivery::Operation(operation) => {
                let run = self.begin(operation);
                self.finish(run)
            }
            Delivery::Publish => {
                self.publish();
                Ok(())
            }
            Delivery::Jump(jump) => {
                // What was at work has run out of time.
                for task in self.tasks.keys().copied().collect::<Vec<_>>() {
                    self.crash(task);
                }
                self.jump(jump);
                Ok(())
            }
        }
    }

    fn publish(&mut self) {
        let effective = self.now + SignedDuration::from_secs(61 + self.seed.between(0, 86_400));
        let effective = Timestamp::from_second(effective.as_second()).unwrap();
        self.second = Some(effective);
        self.published.push((self.now, programme::versions(self.policy, Some(effective))));
        self.note(|_| format!("version 2 is published, in force from {effective}"));
    }

    fn jump(&mut self, jump: Jump) {
        let warsaw = model::zone();
        let target = match jump {
            Jump::Minutes(minutes) => Some(self.now + SignedDuration::from_mins(minutes)),
            Jump::Days(days) => Some(self.now + SignedDuration::from_hours(days * 24)),
            Jump::Year => warsaw.start_of_year(warsaw.year(self.now) + 1),
            Jump::Due { exactly } => {
                let due = self
                    .tables
                    .under(LEDGER, "MEMBER#")
                    .filter_map(|(_, item)| number(item, "due"));
                let next = due.filter(|due| *due > self.now.as_second()).min();
                next.map(|due| Timestamp::from_second(due - i64::from(!exactly)).unwrap())
            }
        };
        self.now = target.map_or(self.now, |target| self.now.max(target));
        self.note(|_| format!("time jumps: {jump:?}"));
    }

    /// Starts a delivery; versions may be as old as a function keeps them.
    fn begin(&mut self, operation: usize) -> usize {
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
        self.note(|this| {
            let member = what.member.as_ref().map_or("", MemberId::as_str);
            let version = this.runs[run].versions.newest().version;
            format!("task {run}: operation {operation} {member} v{version} {:?}", what.action)
        });
        let chance = self.chance.unwrap_or_else(|| self.seed.next());
        let (ledger, now) = (self.ledger.clone(), self.now);
        let task: Attempt =
            Box::pin(async move { perform(&ledger, &versions, &what, now, chance).await });
        self.tasks.insert(run, task);
        run
    }

    /// Some orders are placed not long before their first news, under whatever version is in force then.
    fn place(&mut self, operation: usize) {
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
                snapshot.placed_at += later;
                snapshot.updated_at += later;
            }
        }
    }

    /// Polls a task after an answer; if it is over, `Some` with its answer, which is `None` if the world failed.
    fn poll(&mut self, run: usize) -> Result<Option<Option<Answer>>, Violation> {
        let task = self.tasks.get_mut(&run).unwrap();
        let Poll::Ready(answer) = self.wire.poll(run, task) else { return Ok(None) };
        self.tasks.remove(&run);
        self.wire.queue().calls.retain(|call| call.task != run || call.target != "sleep");
        self.note(|_| {
            format!(
                "task {run}: {}",
                answer.as_ref().map_or_else(ToString::to_string, |a| format!("{a:?}"))
            )
        });
        let Ok(answer) = answer else { return Ok(Some(None)) };
        let operation = self.runs[run].operation;
        laws::answered(self, operation, &answer)?;
        let settled = !matches!(answer, Answer::Refused(_) | Answer::Nothing | Answer::KeyReused);
        if self.answers[operation].is_none() || (settled && !self.has_effect_answer(operation)) {
            self.answers[operation] = Some(answer.clone());
        }
        Ok(Some(Some(answer)))
    }

    fn has_effect_answer(&self, operation: usize) -> bool {
        matches!(
            self.answers[operation],
            Some(Answer::Entries { .. } | Answer::News { .. } | Answer::Done)
        )
    }

    /// Polls a task; one that the world failed is delivered again later.
    fn finish(&mut self, run: usize) -> Result<(), Violation> {
        if let Some(None) = self.poll(run)? {
            self.again(run);
        }
        Ok(())
    }

    fn again(&mut self, run: usize) {
        let position = self.seed.below(self.deliveries.len() + 1);
        self.deliveries.insert(position, Delivery::Operation(self.runs[run].operation));
    }

    /// The client dies. What it has sent may still arrive.
    fn crash(&mut self, task: usize) {
        self.tasks.remove(&task);
        let arrives = self.seed.chance(50);
        self.wire
            .queue()
            .calls
            .retain(|call| call.task != task || (arrives && call.target != "sleep"));
        self.note(|_| format!("task {task}: crashed"));
        self.again(task);
    }

    fn let_through(&mut self, call: Call, fault: Fault) -> Result<(), Violation> {
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
                if self.tasks.contains_key(&call.task) {
                    self.crash(call.task);
                }
                return Ok(());
            }
        };
        self.note(|_| {
            let answer =
                if let Told::Success(_) = &told { "ok".to_owned() } else { format!("{told:?}") };
            format!("task {}: {} {fault:?} -> {answer}  {}", call.task, call.target, shown(&call))
        });
        self.wire.queue().answer(call.number, told);
        if fault == Fault::Late {
            self.wire.queue().calls.push(Call { task: usize::MAX - call.task, ..call });
        }
        Ok(())
    }

    /// The tables take the call; laws look at what it wrote.
    fn apply(&mut self, call: &Call) -> Result<Result<Reply, Failure>, Violation> {
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
    fn no_cross_talk(&mut self, run: usize, reply: &Reply) -> Result<(), Violation> {
        let Some(member) = &self.operations[self.runs[run].operation].member else { return Ok(()) };
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

    /// Whether a name has an effect: its first entry.
    pub(crate) fn first_entry(&self, name: &Name) -> Option<&Map<String, Value>> {
        let place = (LEDGER.to_owned(), format!("OP#{name}"), "000000".to_owned());
        self.tables.get(&place).map(|item| &**item)
    }

    pub(crate) fn name(&self, operation: usize) -> Option<Name> {
        name(&self.operations[operation])
    }

    /// Runs one look at the ledger to its end, without faults.
    pub(crate) fn look<T: 'static>(&mut self, look: impl AsyncFnOnce(Ledger) -> T + 'static) -> T {
        let ledger = self.ledger.clone();
        let mut task: Pin<Box<dyn Future<Output = T>>> =
            Box::pin(async move { look(ledger).await });
        loop {
            if let Poll::Ready(answer) = self.wire.poll(0, &mut task) {
                return answer;
            }
            let calls = std::mem::take(&mut self.wire.queue().calls);
            for call in calls {
                let reply =
                    self.tables.call(&call.target, &call.request, self.now.as_second(), 0).unwrap();
                self.wire.queue().answer(call.number, wire::Answer::Success(reply.body));
            }
        }
    }

    /// Years later.
    pub(crate) fn years_pass(&mut self) {
        self.now += SignedDuration::from_hours(24 * 365 * 3);
        self.note(|_| "three years pass".to_owned());
    }
}

/// A call in a line of the trace: its keys.
fn shown(call: &Call) -> String {
    fn keys(value: &Value, found: &mut Vec<String>) {
        if let (Some(pk), Some(sk)) = (value["pk"]["S"].as_str(), value["sk"]["S"].as_str()) {
            found.push(format!("{pk}|{sk}"));
        } else if let Some(pk) = value[":pk"]["S"].as_str() {
            found.push(pk.to_owned());
        } else if let Value::Object(map) = value {
            map.values().for_each(|value| keys(value, found));
        } else if let Value::Array(list) = value {
            list.iter().for_each(|value| keys(value, found));
        }
    }
    let mut found = Vec::new();
    keys(&call.request, &mut found);
    found.join(", ")
}

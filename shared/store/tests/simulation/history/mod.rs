//! One history: a scheduler that lets one call through at a time, loses answers, kills clients and moves the clock.

mod delivery;
mod fault;
mod time;
mod trace;

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::Pin,
    sync::Arc,
    task::Poll,
};

use guerdon_domain::{
    id::{MemberId, Operation as Name, OrderId},
    programme::Versions,
};
use guerdon_store::{Ledger, StoreError};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::{
    laws::{self, Violation},
    operation::{Answer, Operation, name},
    plan::{Delivery, Plan, plan},
    programme::{self, CHANCE, POOL},
    seed::Seed,
    table::{LEDGER, PROGRAMME, Place, Tables, Written, tables as names},
    wire::{self, Wire},
};

pub(crate) use crate::history::fault::Fault;

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
            ledger: Ledger::new(wire.client(), names()).with_chance(Some(CHANCE)).with_jitter(7),
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

    /// The same history up to here, with nobody at work.
    pub(crate) fn fork(&self) -> Self {
        let wire = Wire::default();
        Self {
            ledger: Ledger::new(wire.client(), names()).with_chance(Some(CHANCE)).with_jitter(7),
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
        laws::pages(self)?;
        laws::plays(self)?;
        laws::replayed(self)?;
        laws::bids(self)?;
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

    fn start(&mut self) -> Result<(), Violation> {
        if self.deliveries.is_empty() {
            return Ok(());
        }
        match self.deliveries.remove(0) {
            Delivery::Operation(operation) => {
                let run = self.begin(operation);
                self.finish(run)
            }
            Delivery::Wait => {
                self.now += SignedDuration::from_millis(1500);
                self.start()
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
                // What a call of DynamoDB may take is seconds: what was sent has arrived by then, or never will.
                let sent = std::mem::take(&mut self.wire.queue().calls);
                for call in sent {
                    if self.seed.chance(50) {
                        self.let_through(call, Fault::None)?;
                    }
                }
                self.jump(jump);
                Ok(())
            }
        }
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
}

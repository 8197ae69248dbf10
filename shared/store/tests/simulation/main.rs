//! Probe.
mod seed;
mod table;
mod wire;
use guerdon_store::Ledger;
use std::future::Future;
use std::pin::Pin;
use std::task::Poll;
use crate::{table::Tables, wire::{Answer, Wire}};

#[test]
fn probe() {
    let wire = Wire::default();
    let ledger = Ledger::new(wire.client(), table::LEDGER, table::PROGRAMME);
    let mut tables = Tables::default();
    let started = std::time::Instant::now();
    let n = 20000;
    for _ in 0..n {
        let ledger = ledger.clone();
        let mut task: Pin<Box<dyn Future<Output = i64>>> = Box::pin(async move { ledger.stock_taken("x").await.unwrap() });
        loop {
            if let Poll::Ready(_) = wire.poll(0, &mut task) { break; }
            let calls: Vec<_> = std::mem::take(&mut wire.queue().calls);
            for call in calls {
                let answer = match tables.call(&call.target, &call.request, 0, 0) { Ok(reply) => Answer::Success(reply.body), Err(f) => Answer::Failed(f) };
                wire.queue().answer(call.number, answer);
            }
        }
    }
    println!("{:?} per call", started.elapsed() / n);
    let s = std::time::Instant::now();
    for _ in 0..200 { let w = Wire::default(); std::hint::black_box(w.client()); }
    println!("{:?} per client", s.elapsed() / 200);
}

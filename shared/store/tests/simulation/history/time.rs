//! The clock, and what it brings: jumps, a new version, years.

use jiff::{SignedDuration, Timestamp};

use crate::{
    history::History,
    model,
    operation::Action,
    plan::Jump,
    programme, raffle,
    table::{LEDGER, number},
};

impl History {
    pub(super) fn publish(&mut self) {
        let effective = self.now + SignedDuration::from_secs(61 + self.seed.between(0, 86_400));
        let effective = Timestamp::from_second(effective.as_second()).unwrap();
        self.second = Some(effective);
        self.published.push((self.now, programme::versions(self.policy, Some(effective))));
        let line = format!("version 2 is published, in force from {effective}");
        self.note(None, |_| [line, String::new(), String::new()]);
    }

    pub(super) fn jump(&mut self, jump: Jump) {
        let warsaw = model::zone();
        let target = match jump {
            Jump::Minutes(minutes) => Some(self.now + SignedDuration::from_mins(minutes)),
            Jump::Days(days) => Some(self.now + SignedDuration::from_hours(days * 24)),
            Jump::Year => warsaw.start_of_year(warsaw.year(self.now) + 1),
            Jump::Raffle(after) => Some(raffle::closes() + after),
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
        self.note(None, |_| [format!("time jumps: {jump:?}"), String::new(), String::new()]);
    }

    /// Years later.
    pub(crate) fn years_pass(&mut self) {
        self.now += SignedDuration::from_hours(24 * 365 * 3);
        self.note(None, |_| ["three years pass".to_owned(), String::new(), String::new()]);
    }

    /// No order is moved nearer to its first news.
    pub(crate) fn stay_put(&mut self) {
        for operation in &self.operations {
            if let Action::Order(event) = &operation.action {
                self.placed.insert(event.order.clone());
            }
        }
    }
}

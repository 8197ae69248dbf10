//! What is known of an order: news merge like a join, in any order, any number of times, to the same knowledge (law 4).

use std::{borrow::Cow, cmp::Ordering, collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    entry::{Because, NoSuchLine, Reason},
    event::{OrderEvent, Refund, RefundLine, Snapshot},
    id::RuleId,
    money::Currency,
    planted::{self, Bug},
};

/// What a shop said of an order, all news merged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Knowledge {
    /// The newest state seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Arc<Snapshot>>,
    /// All refunds seen, by the platform's id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refunds: BTreeMap<String, Refund>,
}

impl Knowledge {
    /// Merges news; whether anything was new.
    ///
    /// Two reports of the same refund are one, in whatever order they come.
    pub fn merge(&mut self, news: &OrderEvent) -> bool {
        let mut new = false;
        if news.snapshot > self.snapshot
            || (planted::is(Bug::LastNewsWins) && news.snapshot.is_some())
        {
            new = news.snapshot != self.snapshot;
            self.snapshot.clone_from(&news.snapshot);
        }
        for (id, refund) in &news.refunds {
            let Some(known) = self.refunds.get_mut(id) else {
                self.refunds.insert(id.clone(), refund.clone());
                new = true;
                continue;
            };
            new |= known.learn(refund);
        }
        new
    }
}

impl Refund {
    /// Learns what another report of the same refund says; whether anything was new.
    ///
    /// Reports in different currencies are kept side by side, in the order of the currencies: only the order tells which of
    /// them counts, and it may come last.
    pub(super) fn learn(&mut self, report: &Self) -> bool {
        let mut new = self.hear(report);
        for report in &report.also {
            new |= self.hear(report);
        }
        new
    }

    fn hear(&mut self, report: &Self) -> bool {
        let place = match report.currency.cmp(&self.currency) {
            Ordering::Equal => return self.join(report),
            Ordering::Less => {
                let mut first = Self { also: std::mem::take(&mut self.also), ..report.clone() };
                std::mem::swap(self, &mut first);
                self.also.insert(0, first);
                return true;
            }
            Ordering::Greater => self.also.binary_search_by_key(&report.currency, |r| r.currency),
        };
        match place {
            Ok(same) => self.also.get_mut(same).is_some_and(|known| known.join(report)),
            Err(place) => {
                self.also.insert(place, Self { also: Vec::new(), ..report.clone() });
                true
            }
        }
    }

    /// Whether no report of it is in the order's currency: then its units count, and its money does not.
    fn is_foreign(&self, currency: Currency) -> bool {
        let foreign = |report: &Self| report.currency.is_some_and(|told| told != currency);
        foreign(self) && self.also.iter().all(foreign)
    }

    /// What it says to an order in `currency`.
    pub(super) fn told_in(&self, currency: Currency) -> Cow<'_, Self> {
        let own = |report: &Self| report.currency.is_none_or(|told| told == currency);
        if self.also.is_empty() && own(self) {
            return Cow::Borrowed(self);
        }
        let foreign = self.is_foreign(currency);
        let mut told = Self::default();
        for report in [self].into_iter().chain(&self.also) {
            if foreign {
                let units = |line: &RefundLine| RefundLine { net_minor: None, ..line.clone() };
                let lines = report.lines.iter().map(units).collect();
                told.join(&Self { lines, ..Self::default() });
            } else if own(report) {
                told.join(report);
            }
        }
        Cow::Owned(told)
    }

    /// Learns from a report in the same currency.
    ///
    /// The larger amount and the larger discrepancy are kept (money on its way counts once it arrived). Some lines say more than
    /// none; of reports with the same units a stated net says more than none, and then the smaller (a report inside an order knows whether tax is
    /// included). Each of these is a join, and so are they together: reports may come in any order (law 4).
    fn join(&mut self, report: &Self) -> bool {
        let mut new = (report.amount_minor, report.taxed) > (self.amount_minor, self.taxed);
        if new {
            (self.amount_minor, self.taxed) = (report.amount_minor, report.taxed);
        }
        if report.discrepancy_minor > self.discrepancy_minor {
            self.discrepancy_minor = report.discrepancy_minor;
            new = true;
        }
        let more = |a: &Self, b: &Self| {
            (a.lines.is_empty(), a.units()).cmp(&(b.lines.is_empty(), b.units()))
        };
        match more(report, self) {
            Ordering::Less => {
                self.lines.clone_from(&report.lines);
                new = true;
            }
            Ordering::Equal => {
                for (known, told) in self.lines.iter_mut().zip(&report.lines) {
                    if told.vagueness() < known.vagueness() {
                        known.net_minor = told.net_minor;
                        new = true;
                    }
                }
            }
            Ordering::Greater => {}
        }
        new
    }

    fn units(&self) -> Vec<(&str, i64)> {
        self.lines.iter().map(|line| (line.line.as_str(), line.quantity_milli)).collect()
    }
}

impl RefundLine {
    /// Smaller says more: a net, then zero, then nothing at all.
    fn vagueness(&self) -> (u8, i64) {
        match (self.stated_minor(), self.net_minor) {
            (Some(net), _) => (0, net),
            (None, Some(zero)) => (1, zero),
            (None, None) => (2, 0),
        }
    }
}

impl Knowledge {
    /// What of the refunds does not count as it was told, and why (law 9).
    pub(crate) fn doubts(&self, snapshot: &Snapshot) -> Vec<Reason> {
        let doubts = self.refunds.iter().flat_map(|(id, refund)| {
            let foreign = refund.currency.filter(|_| refund.is_foreign(snapshot.currency));
            let foreign = foreign
                .map(|currency| Because::RefundCurrency { refund: id.as_str().into(), currency });
            let unknown = refund
                .told_in(snapshot.currency)
                .lines
                .iter()
                .filter(|told| !snapshot.lines.iter().any(|line| line.id == told.line))
                .map(|told| NoSuchLine { refund: id.clone(), line: told.line.clone() })
                .map(|unknown| Because::NoSuchLine(unknown.into()))
                .take(DOUBTS_MAX)
                .collect::<Vec<_>>();
            foreign.into_iter().chain(unknown)
        });
        doubts
            .take(DOUBTS_MAX)
            .map(|because| Reason { rule: RuleId::of("refund"), points: 0, because })
            .collect()
    }
}

/// Doubts about one order that are told, because they are kept with each of its entries: a few show what is wrong.
const DOUBTS_MAX: usize = 5;

//! What is known of an order, and what is left of it to earn on.
//!
//! News of an order merge like a join: in any order, any number of times, to the same knowledge (law 4).

use std::{borrow::Cow, cmp::Ordering, collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    account::{Forgiven, Lot, Overflow, sum},
    entry::{Because, NoSuchLine, Reason},
    event::{Line, OrderEvent, Refund, RefundLine, Snapshot, Status},
    id::{HoldId, MemberId, RuleId},
    money::{Currency, Ratio, Rounding, proportion},
    planted::{self, Bug},
    programme::Programme,
};

/// Everything that Guerdon remembers of one order. The newest is kept on the newest entry of the order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OrderState {
    /// Number of entries and notes written for the order so far.
    pub written: u32,
    /// What the shop said.
    pub knowledge: Knowledge,
    /// Whose points the order moves, once it moved any. A later change of customer does not move them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The rules that hold for this order, for ever, since it first earned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<Pin>,
    /// The version whose rules gave the parts, if it is not the pinned one: a rule of that fails on the order as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged_by: Option<u32>,
    /// What each rule has given for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// Points that paid for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment>,
    /// What its reversals took beyond the balance, and it has not earned again since.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub owed: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(points: &i64) -> bool {
    *points == 0
}

/// The rules pinned to an order when it first earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The programme version in force when the order was placed.
    pub version: u32,
    /// The member's tier when the order was placed, as far as it was known then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// When the order was placed, as the shop said then.
    pub placed_at: Timestamp,
}

/// What one rule gives for one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The rule.
    pub rule: RuleId,
    /// Points, before any cap.
    pub wanted: i64,
    /// Of these, qualifying points.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub qualifying: i64,
    /// The counting period of the rule's cap, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
}

/// Points that paid for part of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The hold that was captured.
    pub hold: HoldId,
    /// The lots the points came from.
    pub lots: Vec<Lot>,
    /// What they paid, in minor units of the programme's currency; 0 if the order's own amounts show it already.
    pub minor: i64,
    /// The sequence of the entry that took them out of the balance.
    pub since: u64,
    /// Points given back so far, because the order was refunded.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub returned: i64,
    /// Of these, points that made up for what had been forgiven while they were out, and for what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_up: Vec<Forgiven>,
}

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
    fn learn(&mut self, report: &Self) -> bool {
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
    fn told_in(&self, currency: Currency) -> Cow<'_, Self> {
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
    /// The larger amount is kept (money on its way counts once it arrived). Some lines say more than none; of reports with
    /// the same units a stated net says more than none, and then the smaller (a report inside an order knows whether tax is
    /// included). Each of these is a join, and so are they together: reports may come in any order (law 4).
    fn join(&mut self, report: &Self) -> bool {
        let mut new = (report.amount_minor, report.taxed) > (self.amount_minor, self.taxed);
        if new {
            (self.amount_minor, self.taxed) = (report.amount_minor, report.taxed);
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

/// What is left of an order to earn on, in minor units of its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// Each line's net after refunds; gift cards are zero.
    pub lines: Vec<i64>,
    /// The sum of the lines, before anything is taken off the whole order.
    pub total: i64,
    /// What the goods came to before any refund.
    pub ordered: i64,
    /// Taken off the whole order: refunded amounts that name no line.
    pub refunded: i64,
    /// Taken off the whole order: paid with points.
    pub paid_with_points: i64,
}

impl Basis {
    /// What is left to earn on.
    pub fn net(&self) -> i64 {
        self.share(self.total)
    }

    /// The share of the lines that sum to `eligible` in what is left, rounded down.
    ///
    /// What is taken off the whole order is spread over its lines by their net.
    pub fn share(&self, eligible: i64) -> i64 {
        let left =
            self.total.saturating_sub(self.refunded).saturating_sub(self.paid_with_points).max(0);
        proportion(eligible, left, self.total, Rounding::Down)
    }
}

/// Works out what is left of an order.
///
/// Its sums stop at the end of the range, and nothing depends on where: the lines of an order are refused at the border if
/// their sum leaves it, and whatever goes back beyond the lines leaves nothing. `paid_with_points` is what captures still pay of it, in minor units of its currency.
pub fn basis(
    snapshot: &Snapshot,
    refunds: &BTreeMap<String, Refund>,
    paid_with_points: i64,
) -> Basis {
    let refunds: Vec<_> =
        refunds.values().map(|refund| refund.told_in(snapshot.currency)).collect();
    let lines: Vec<i64> = snapshot.lines.iter().map(|line| line_net(line, &refunds)).collect();
    let goods = snapshot.lines.iter().filter(|line| !line.gift_card);
    let ordered = goods.fold(0_i64, |sum, line| sum.saturating_add(line.net_minor));
    let amounts = |taxed: bool| {
        let those = refunds.iter().filter(|refund| refund.taxed == taxed);
        those.fold(0_i64, |sum, refund| sum.saturating_add(refund.amount_minor))
    };
    // All at once, so that what adds up to the whole order takes all of it, however many times it is rounded.
    let gross = ordered.saturating_add(snapshot.tax_minor);
    let refunded =
        amounts(false).saturating_add(proportion(amounts(true), ordered, gross, Rounding::Up));
    let total = lines.iter().fold(0_i64, |sum, net| sum.saturating_add(*net));
    // What the shop states is taken off as it stands: a shop that gives points back states less from then on.
    let paid_with_points = paid_with_points.max(snapshot.paid_with_points_minor);
    Basis { lines, total, ordered, refunded, paid_with_points }
}

/// A line's net after refunds.
///
/// A line of which no unit is left is worth nothing, whatever the amounts say. If the refunds account for every unit that
/// is gone, their nets come off, and the share of the units whose net is not stated; otherwise (an edit took units away) what
/// is left is in proportion, rounded down.
fn line_net(line: &Line, refunds: &[Cow<'_, Refund>]) -> i64 {
    if line.gift_card {
        return 0;
    }
    let refunds =
        || refunds.iter().flat_map(|refund| &refund.lines).filter(|refund| refund.line == line.id);
    let gone = refunds().fold(0_i64, |sum, refund| sum.saturating_add(refund.quantity_milli));
    let left = line.current_milli.min(line.quantity_milli.saturating_sub(gone)).max(0);
    if left == 0 && (line.quantity_milli > 0 || gone > 0) {
        return 0;
    }
    if left.saturating_add(gone) == line.quantity_milli {
        let stated = refunds().filter_map(RefundLine::stated_minor).fold(0, i64::saturating_add);
        let vague = refunds().filter(|refund| refund.stated_minor().is_none());
        let units = vague.fold(0_i64, |sum, refund| sum.saturating_add(refund.quantity_milli));
        let share = proportion(line.net_minor, units, line.quantity_milli, Rounding::Up);
        return line.net_minor.saturating_sub(stated).saturating_sub(share).max(0);
    }
    proportion(line.net_minor, left, line.quantity_milli, Rounding::Down)
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
            .map(|because| Reason { rule: "refund".into(), points: 0, because })
            .collect()
    }
}

/// Doubts about one order that are told, because they are kept with each of its entries: a few show what is wrong.
const DOUBTS_MAX: usize = 5;

impl OrderState {
    /// The programme version whose rules gave the parts, once there were any to give.
    pub fn version(&self) -> Option<u32> {
        self.judged_by.or(self.pin.as_ref().map(|pin| pin.version))
    }

    /// What captures still pay of the order, in minor units of the programme's currency: points given back for a refund no
    /// longer do. Rounded up, so that no part of it earns.
    ///
    /// # Errors
    /// If they pay more than the ledger can hold.
    pub fn paid_with_points(&self) -> Result<i64, Overflow> {
        let snapshot = self.knowledge.snapshot.as_ref();
        snapshot.map_or(Ok(0), |snapshot| self.paid_with_points_of(snapshot))
    }

    fn paid_with_points_of(&self, snapshot: &Snapshot) -> Result<i64, Overflow> {
        let pays = |payment: &Payment| {
            let points = sum(&payment.lots);
            let kept = points.saturating_sub(self.points_to_return(snapshot, payment));
            proportion(payment.minor, kept, points, Rounding::Up)
        };
        self.payments
            .iter()
            .map(pays)
            .try_fold(0, |sum: i64, minor| sum.checked_add(minor).ok_or(Overflow))
    }

    /// What is left of the order to earn on under a programme, if the order's state is known.
    ///
    /// # Errors
    /// If what points pay of it leaves the range of the ledger in the order's currency.
    pub fn basis(&self, programme: &Programme) -> Result<Option<Basis>, Overflow> {
        let snapshot = self.knowledge.snapshot.as_ref();
        snapshot.map(|snapshot| self.basis_of(snapshot, programme)).transpose()
    }

    pub(crate) fn basis_of(
        &self,
        snapshot: &Snapshot,
        programme: &Programme,
    ) -> Result<Basis, Overflow> {
        // Points pay in the programme's currency. An order in one that is not accepted earns nothing at any rate.
        let rate = programme.rate(snapshot.currency).unwrap_or(Ratio::ONE);
        let inverse = Ratio { numerator: rate.denominator, denominator: rate.numerator };
        let paid = self.paid_with_points_of(snapshot)?;
        let paid = inverse.of(paid, Rounding::Up).ok_or(Overflow)?;
        Ok(basis(snapshot, &self.knowledge.refunds, paid))
    }

    /// How many of a payment's points the order's refunds give back: all when nothing is left of it, else in proportion to
    /// the goods that went back, rounded down.
    pub(crate) fn points_to_return(&self, snapshot: &Snapshot, payment: &Payment) -> i64 {
        let points = sum(&payment.lots);
        match snapshot.status {
            Status::Cancelled | Status::Refunded | Status::Voided => return points,
            Status::Unpaid | Status::Paid => {}
        }
        let basis = basis(snapshot, &self.knowledge.refunds, 0);
        let left = basis.total.saturating_sub(basis.refunded).max(0);
        let gone = basis.ordered.saturating_sub(left).max(0);
        if gone == 0 {
            return 0;
        }
        proportion(points, gone, basis.ordered, Rounding::Down)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(quantity: i64, current: i64, net_minor: i64) -> Line {
        Line {
            id: "1".into(),
            product: None,
            sku: None,
            categories: Vec::new(),
            quantity_milli: quantity * 1000,
            current_milli: current * 1000,
            net_minor,
            gift_card: false,
        }
    }

    fn told(quantity_milli: i64, net_minor: Option<i64>) -> Refund {
        let lines = vec![RefundLine { line: "1".into(), quantity_milli, net_minor }];
        Refund { lines, ..Refund::default() }
    }

    fn refunds(quantity: i64, net_minor: i64) -> [Cow<'static, Refund>; 1] {
        [Cow::Owned(told(quantity * 1000, Some(net_minor)))]
    }

    fn order(lines: Vec<Line>) -> Snapshot {
        Snapshot {
            updated_at: Timestamp::UNIX_EPOCH,
            status: Status::Paid,
            member: None,
            placed_at: Timestamp::UNIX_EPOCH,
            test: false,
            currency: Currency::EUR,
            lines,
            paid_with_points_minor: 0,
            tax_minor: 0,
        }
    }

    #[test]
    fn a_line_is_worth_what_is_left_of_it() {
        let none = [];
        assert_eq!(line_net(&line(3, 3, 2900), &none), 2900);
        assert_eq!(
            line_net(&line(3, 3, 2900), &refunds(1, 967)),
            1933,
            "a refund newer than the state"
        );
        assert_eq!(
            line_net(&line(3, 2, 2900), &refunds(1, 967)),
            1933,
            "a state that knows the refund"
        );
        assert_eq!(line_net(&line(3, 2, 2900), &none), 1933, "an edit, in proportion");
        assert_eq!(
            line_net(&line(3, 2, 2900), &refunds(1, 0)),
            1933,
            "a refund that names no money"
        );
        assert_eq!(
            line_net(&line(1, 0, 19_400), &refunds(1, 19_900)),
            0,
            "refunded for more than it cost"
        );
        assert_eq!(line_net(&line(3, 3, 2900), &refunds(7, 9999)), 0, "more units than there were");
        assert_eq!(line_net(&Line { gift_card: true, ..line(1, 1, 5000) }, &none), 0);
    }

    #[test]
    fn a_refund_without_a_net_takes_its_units_share_whatever_the_others_state() {
        let left = |refunds: [Refund; 2]| line_net(&line(3, 3, 3000), &refunds.map(Cow::Owned));
        assert_eq!(left([told(1000, None), told(1000, Some(1000))]), 1000);
        assert_eq!(left([told(1000, Some(400)), told(1000, None)]), 1600);
        assert_eq!(left([told(1000, Some(0)), told(1000, None)]), 1000, "zero says nothing");
        assert_eq!(left([told(1000, None), told(2000, Some(5))]), 0, "nothing is left of it");
    }

    #[test]
    fn a_report_that_states_a_net_says_more_than_one_that_does_not() {
        let told = |net_minor| told(1000, net_minor);
        for (first, second) in
            [(None, Some(5)), (Some(5), None), (Some(0), Some(5)), (Some(7), Some(5))]
        {
            let mut known = told(first);
            known.learn(&told(second));
            assert_eq!(known, told(Some(5)), "{first:?} and {second:?}");
            assert!(!known.learn(&told(first)), "it is known");
        }
    }

    #[test]
    fn what_points_pay_beyond_the_range_is_an_error_and_not_the_whole_order() {
        let lots = vec![Lot { activates: None, expires: None, amount: 100 }];
        let payment = |hold: &str| Payment {
            hold: HoldId::new(hold).unwrap(),
            lots: lots.clone(),
            minor: i64::MAX,
            since: 1,
            returned: 0,
            made_up: Vec::new(),
        };
        let mut state = OrderState { payments: vec![payment("a")], ..OrderState::default() };
        state.knowledge.snapshot = Some(order(vec![line(1, 1, 2900)]).into());
        assert_eq!(state.paid_with_points(), Ok(i64::MAX));
        state.payments.push(payment("b"));
        assert_eq!(state.paid_with_points(), Err(Overflow));
    }

    #[test]
    fn money_that_went_back_with_its_tax_counts_without_it() {
        let snapshot = Snapshot { tax_minor: 2300, ..order(vec![line(1, 1, 10_000)]) };
        let back = |amounts: &[(i64, bool)]| {
            let refund =
                |&(amount_minor, taxed): &_| Refund { amount_minor, taxed, ..Refund::default() };
            let refunds = ["a", "b", "c"].map(str::to_owned).into_iter();
            basis(&snapshot, &refunds.zip(amounts.iter().map(refund)).collect(), 0).net()
        };
        assert_eq!(back(&[(6150, true)]), 5000);
        assert_eq!(back(&[(6150, false)]), 3850, "a net is taken as it stands");
        assert_eq!(back(&[(4100, true), (4100, true), (4100, true)]), 0, "all of it");
        assert_eq!(back(&[(1, true)]), 9999, "a part of a cent is a cent that does not earn");
        let payment = Payment {
            hold: HoldId::new("a").unwrap(),
            lots: vec![Lot { activates: None, expires: None, amount: 100 }],
            minor: 100,
            since: 1,
            returned: 0,
            made_up: Vec::new(),
        };
        let mut state = OrderState::default();
        let half = Refund { amount_minor: 6150, taxed: true, ..Refund::default() };
        state.knowledge.refunds.insert("a".to_owned(), half);
        assert_eq!(state.points_to_return(&snapshot, &payment), 50);
    }
}

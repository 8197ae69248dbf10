//! What is left of an order to earn on: its lines, less what was refunded and what points paid.

use std::{borrow::Cow, collections::BTreeMap};

use crate::{
    event::{Line, Refund, RefundLine, Snapshot},
    money::{Ratio, Rounding, proportion},
};

/// What is left of an order to earn on, in minor units of its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// Each line's net after refunds; gift cards and tips are zero.
    pub lines: Vec<i64>,
    /// The sum of the lines, before anything is taken off the whole order.
    pub total: i64,
    /// What the goods came to before any refund.
    pub ordered: i64,
    /// Taken off the whole order: money paid back beyond the lines that went back.
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
    let goods = snapshot.lines.iter().filter(|line| line.is_goods());
    let ordered = goods.fold(0_i64, |sum, line| sum.saturating_add(line.net_minor));
    let refunded = beyond_lines(snapshot, &refunds, ordered);
    let total = lines.iter().fold(0_i64, |sum, net| sum.saturating_add(*net));
    // What the shop states is taken off as it stands: a shop that gives points back states less from then on.
    let paid_with_points = paid_with_points.max(snapshot.paid_with_points_minor);
    Basis { lines, total, ordered, refunded, paid_with_points }
}

/// Minor units paid back beyond the lines that went back, by all refunds together, without tax; at least nothing.
///
/// What one refund kept of its lines, or still owed, another may pay later: no refund says which one it is for, so they are added
/// up. But what the shop states to have given away is no payment for goods whose discrepancy nobody explained: they may have been
/// paid for outside of the shop, or by other goods.
fn beyond_lines(snapshot: &Snapshot, refunds: &[Cow<'_, Refund>], ordered: i64) -> i64 {
    let (mut net, mut taxed, mut unexplained) = (0_i64, 0_i64, 0_i64);
    for refund in refunds {
        let (sum, minor) = match refund.amount_minor {
            0 => (&mut unexplained, refund.discrepancy_minor.unwrap_or(0)),
            stated if refund.taxed => (&mut taxed, stated),
            stated => (&mut net, stated),
        };
        *sum = sum.saturating_add(minor);
    }
    let gross = ordered.saturating_add(snapshot.tax_minor);
    if unexplained > 0 {
        unexplained = unexplained.saturating_sub(edited_minor(snapshot, refunds, ordered, gross));
    }
    let unexplained = unexplained.max(0);
    let net_of = |minor: i64| match minor {
        ..0 => proportion(minor.saturating_neg(), ordered, gross, Rounding::Down).saturating_neg(),
        _ => proportion(minor, ordered, gross, Rounding::Up),
    };
    // All at once, so that what adds up to the whole order takes all of it, however many times it is rounded.
    net.saturating_add(net_of(taxed.saturating_add(unexplained))).max(0)
}

/// What is gone from the lines and no refund states, in minor units with tax: what edits took away, to be paid back later.
///
/// Its tax is the order's share, because a line does not say its own.
fn edited_minor(snapshot: &Snapshot, refunds: &[Cow<'_, Refund>], ordered: i64, gross: i64) -> i64 {
    let gone = |line: &Line| {
        let stated = told_of(line, refunds).filter_map(RefundLine::stated_minor);
        let accounted = stated.fold(kept_minor(line, refunds), i64::saturating_add);
        line.net_minor.saturating_sub(accounted).max(0)
    };
    let sum = |goods: bool| {
        let those = snapshot.lines.iter().filter(|line| line.is_goods() == goods);
        those.fold(0_i64, |sum, line| sum.saturating_add(gone(line)))
    };
    let goods = sum(true);
    let with_tax = Ratio::new(gross, ordered).and_then(|ratio| ratio.of(goods, Rounding::Up));
    with_tax.unwrap_or(goods).saturating_add(sum(false))
}

/// What refunds tell of a line.
fn told_of<'a>(
    line: &'a Line,
    refunds: &'a [Cow<'_, Refund>],
) -> impl Iterator<Item = &'a RefundLine> {
    refunds.iter().flat_map(|refund| &refund.lines).filter(|told| told.line == line.id)
}

/// What the gift cards and tips of an order came to, and what of them is left, in minor units: nothing of them earns, and points
/// may have paid for them.
pub(super) fn beside_goods(snapshot: &Snapshot, refunds: &BTreeMap<String, Refund>) -> (i64, i64) {
    let refunds: Vec<_> =
        refunds.values().map(|refund| refund.told_in(snapshot.currency)).collect();
    let others = snapshot.lines.iter().filter(|line| !line.is_goods());
    others.fold((0, 0), |(sold, kept): (i64, i64), line| {
        (sold.saturating_add(line.net_minor), kept.saturating_add(kept_minor(line, &refunds)))
    })
}

/// A line's net after refunds; of a gift card or a tip nothing.
///
/// A line of which no unit is left is worth nothing, whatever the amounts say. If the refunds account for every unit that
/// is gone, their nets come off, and the share of the units whose net is not stated; otherwise (an edit took units away) what
/// is left is in proportion, rounded down.
pub(super) fn line_net(line: &Line, refunds: &[Cow<'_, Refund>]) -> i64 {
    if line.is_goods() { kept_minor(line, refunds) } else { 0 }
}

/// As [`line_net`], of gift cards and tips too: they earn nothing, and are paid for.
fn kept_minor(line: &Line, refunds: &[Cow<'_, Refund>]) -> i64 {
    if refunds.is_empty() && line.quantity_milli > 0 && line.current_milli >= line.quantity_milli {
        // All of it is there, as of nearly every line.
        return line.net_minor.max(0);
    }
    let refunds = || told_of(line, refunds);
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

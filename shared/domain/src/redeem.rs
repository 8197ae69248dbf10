//! Redeeming: points become rewards.

use jiff::Timestamp;

use crate::{
    account::{Account, Asset, Lot},
    condition::Facts,
    decision::{Claim, Decision, Draft, Journal},
    earn,
    entry::{Granted, Kind, LedgerAccount},
    id::Operation,
    programme::{Codes, Conditions, Grant, Programme, Published, Reward, Versions, Voucher},
    rejection::{Refusal, Rejection},
};

/// A request for a reward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeem {
    /// Its name: the idempotency guard.
    pub operation: Operation,
    /// The reward's id.
    pub reward: String,
    /// A code for each voucher the reward gives, in order: fresh randomness, or one free in its pool.
    /// `None` where a pool has none left.
    pub codes: Vec<Option<String>>,
}

/// Where the codes of a reward's vouchers come from, so that the caller can bring them.
pub fn codes_needed<'a>(versions: &'a Versions, reward: &str, now: Timestamp) -> Vec<&'a Codes> {
    let reward = versions.at(now).programme.reward(reward);
    reward.map_or(Vec::new(), |reward| {
        let vouchers = reward.gives.iter().filter_map(|grant| match grant {
            Grant::Voucher(voucher) => Some(&voucher.codes),
            Grant::Credit(_) | Grant::Points(_) => None,
        });
        vouchers.collect()
    })
}

/// Decides what `redeem` posts to `account`.
///
/// Whether stock is left is not known here: it is claimed, and the claim's condition decides (law 7).
pub fn decide(
    account: &Account,
    versions: &Versions,
    redeem: &Redeem,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let version = versions.at(now.max(account.settled_to));
    let decision = have(account, versions, version, redeem, now);
    decision.map_err(|reason| reason.by(rule(&redeem.reward), version.version))
}

/// How refusals name a reward.
pub fn rule(reward: &str) -> String {
    format!("reward {reward}")
}

fn have(
    account: &Account,
    versions: &Versions,
    version: &Published,
    redeem: &Redeem,
    now: Timestamp,
) -> Result<Decision, Rejection> {
    let programme = &*version.programme;
    let reward = programme.reward(&redeem.reward).ok_or(Rejection::UnknownReward)?;
    let mut journal = Journal::open(account, versions, now)?;
    let now = journal.now;
    not_met(programme, &reward.conditions, &journal.account, now)?;
    count(programme, reward, &mut journal.account, now)?;
    enough(&journal.account, reward.price_points)?;

    journal.debit(Asset::Points, reward.price_points, |lot| lot.activates.is_none())?;
    journal.post(LedgerAccount::Redeemed, Asset::Points, reward.price_points);
    let (grants, claims) = give(&mut journal, version, reward, &redeem.codes)?;
    journal.record(Draft {
        operation: redeem.operation.clone(),
        index: 0,
        at: now,
        version: version.version,
        kind: Kind::Redemption { reward: reward.id.clone(), grants },
        reasons: Vec::new(),
    })?;
    Ok(journal.close(None, claims)?)
}

/// Why a member cannot have a reward now, of which all members have taken so many; `None` if they can. For showing offers.
pub fn refusal(
    account: &Account,
    versions: &Versions,
    reward: &Reward,
    taken: i64,
    now: Timestamp,
) -> Option<Refusal> {
    let version = versions.at(now);
    let mut account = account.clone();
    let answer = not_met(&version.programme, &reward.conditions, &account, now)
        .and_then(|()| count(&version.programme, reward, &mut account, now))
        .and_then(|()| enough(&account, reward.price_points))
        .and(match reward.stock {
            Some(stock) if taken >= stock => Err(Rejection::OutOfStock { stock }),
            _ => Ok(()),
        });
    answer.err().map(|reason| reason.by(rule(&reward.id), version.version))
}

/// Refuses unless the window is open, the tier is high enough, and the condition holds.
fn not_met(
    programme: &Programme,
    conditions: &Conditions,
    account: &Account,
    now: Timestamp,
) -> Result<(), Rejection> {
    if let Some(from) = conditions.from.filter(|from| now < *from) {
        return Err(Rejection::NotYetOpen { from });
    }
    if let Some(until) = conditions.until.filter(|until| now >= *until) {
        return Err(Rejection::Closed { until });
    }
    if let Some(needed) = &conditions.tier
        && programme.rank(account.tier.as_deref()) < programme.rank(Some(needed))
    {
        return Err(Rejection::TierTooLow { needed: needed.clone(), has: account.tier.clone() });
    }
    if let Some(when) = &conditions.when {
        let facts =
            Facts { member_tier: account.tier.as_deref().unwrap_or_default(), ..Facts::default() };
        if !when.holds(&facts).map_err(Rejection::ConditionErrs)? {
            return Err(Rejection::ConditionFails { when: when.source().to_owned() });
        }
    }
    Ok(())
}

/// Counts one more of the reward against its per-member limit.
fn count(
    programme: &Programme,
    reward: &Reward,
    account: &mut Account,
    now: Timestamp,
) -> Result<(), Rejection> {
    let Some(limit) = reward.limit else { return Ok(()) };
    let period = limit.per.period(now, &programme.time_zone);
    let taken = account.taken.entry((reward.id.clone(), period)).or_default();
    if *taken >= limit.times {
        return Err(Rejection::LimitReached { times: limit.times, per: limit.per });
    }
    *taken = taken.saturating_add(1);
    Ok(())
}

/// Refuses if fewer points can be spent than needed.
pub(crate) fn enough(account: &Account, needed: i64) -> Result<(), Rejection> {
    let balance = account.balance(Asset::Points);
    if needed > balance.available.max(0) {
        let (available, pending) = (balance.available, balance.pending);
        return Err(Rejection::NotEnough { needed, available, pending });
    }
    Ok(())
}

/// Gives what the reward gives: credits at once, codes by claim.
fn give(
    journal: &mut Journal,
    version: &Published,
    reward: &Reward,
    codes: &[Option<String>],
) -> Result<(Vec<Granted>, Vec<Claim>), Rejection> {
    let now = journal.now;
    let mut codes = codes.iter();
    let mut grants = Vec::with_capacity(reward.gives.len());
    let mut claims = Vec::new();
    if let Some(stock) = reward.stock {
        if stock <= 0 {
            return Err(Rejection::OutOfStock { stock });
        }
        claims.push(Claim::Stock { reward: reward.id.clone(), stock });
    }
    for grant in &reward.gives {
        grants.push(match grant {
            Grant::Voucher(voucher) => {
                let code = codes.next().cloned().flatten();
                let (granted, claim) = hand_out(version, voucher, code, now)?;
                claims.push(claim);
                granted
            }
            Grant::Credit(amount) => {
                let asset = Asset::Credit(amount.currency);
                let lot = Lot { activates: None, expires: None, amount: amount.minor };
                journal.issue(asset, lot)?;
                journal.post(LedgerAccount::Issued, asset, amount.minor.saturating_neg());
                Granted::Credit { amount: *amount }
            }
            Grant::Points(points) => {
                let expires = earn::expires(&version.programme, now)?;
                journal.issue(Asset::Points, Lot { activates: None, expires, amount: *points })?;
                journal.post(LedgerAccount::Issued, Asset::Points, points.saturating_neg());
                Granted::Points { points: *points }
            }
        });
    }
    Ok((grants, claims))
}

fn hand_out(
    version: &Published,
    voucher: &Voucher,
    code: Option<String>,
    now: Timestamp,
) -> Result<(Granted, Claim), Rejection> {
    let pool = match &voucher.codes {
        Codes::Generated => None,
        Codes::Pool(pool) => Some(pool.clone()),
    };
    let code =
        code.ok_or_else(|| Rejection::NoCodeLeft { pool: pool.clone().unwrap_or_default() })?;
    let expires = match voucher.valid {
        Some(valid) => {
            Some(valid.after(now, &version.programme.time_zone).ok_or(Rejection::OutOfRange)?)
        }
        None => None,
    };
    let granted = Granted::Voucher {
        voucher: voucher.kind.clone(),
        code: code.clone(),
        sku: voucher.sku.clone(),
        amount: voucher.amount,
        expires,
    };
    Ok((granted, Claim::Code { pool, code }))
}

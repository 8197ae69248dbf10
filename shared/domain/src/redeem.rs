//! Redeeming: points become rewards.

use jiff::Timestamp;

use crate::{
    account::{Account, Asset, Lot},
    calendar::Per,
    condition::Facts,
    decision::{Claim, Decision, Draft, Journal},
    draw::hash::Hash,
    earn,
    entry::{Granted, Kind, LedgerAccount},
    id::Operation,
    mystery::{self, Decided},
    programme::{
        Codes, Conditions, Grant, Mystery, Outcome, Programme, Published, Reveal, Reward,
        TimesLimit, Versions, Voucher,
    },
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
    /// What a mystery gift is decided by.
    pub drawn: Drawn,
}

/// What a mystery gift is decided by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The seed of this redemption ([`mystery::seed`]).
    pub seed: Hash,
    /// What is left of each outcome, in the order of the file; `None` for one without a stock.
    pub left: Vec<Option<i64>>,
}

/// Where the codes of a reward's vouchers come from, so that the caller can bring them; those of a mystery gift's outcome are
/// last.
pub fn codes_needed<'a>(
    versions: &'a Versions,
    reward: &str,
    drawn: &Drawn,
    now: Timestamp,
) -> Vec<&'a Codes> {
    let Some(reward) = versions.at(now).programme.reward(reward) else { return Vec::new() };
    let outcome = outcome(reward, drawn).map_or(&[][..], |(_, outcome, _)| &outcome.gives);
    let mut codes = codes_of(&reward.gives);
    codes.extend(codes_of(outcome));
    codes
}

/// Where the codes of some grants' vouchers come from.
pub(crate) fn codes_of(gives: &[Grant]) -> Vec<&Codes> {
    let vouchers = gives.iter().filter_map(|grant| match grant {
        Grant::Voucher(voucher) => Some(&voucher.codes),
        Grant::Credit(_) | Grant::Points(_) | Grant::Badge(_) | Grant::Mystery(_) => None,
    });
    vouchers.collect()
}

/// The pools that the codes of some grants come from, each with how many codes it must have for the next of them.
pub fn pools(gives: &[Grant]) -> impl Iterator<Item = (&str, usize)> {
    let pool = |grant| match grant {
        &Grant::Voucher(Voucher { codes: Codes::Pool(ref pool), .. }) => Some(pool.as_str()),
        _ => None,
    };
    gives.iter().enumerate().filter_map(move |(index, grant)| {
        let before = gives.iter().take(index.saturating_add(1)).filter_map(pool);
        let this = pool(grant)?;
        Some((this, before.filter(|other| *other == this).count()))
    })
}

/// The mystery gift of a reward, the outcome that its decision comes to, and the decision; `None` if it has none, or nothing
/// is left.
pub fn outcome<'a>(
    reward: &'a Reward,
    drawn: &Drawn,
) -> Option<(&'a Mystery, &'a Outcome, Decided)> {
    let mystery = reward.mystery()?;
    let decided = Decided::new(mystery, drawn.seed, &drawn.left);
    let outcome = mystery.outcomes.get(decided.index()?)?;
    Some((mystery, outcome, decided))
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
    count(programme, (&reward.id, reward.limit, 1), &mut journal.account, now)?;
    enough(&journal.account, reward.price_points)?;

    journal.debit(&Asset::Points, reward.price_points, |lot| lot.activates.is_none())?;
    journal.post(LedgerAccount::Redeemed, &Asset::Points, reward.price_points);
    let mut claims: Vec<Claim> = stock_of(reward)?.into_iter().collect();
    // The codes of the outcome come after those that are given in sight.
    let (given, sealed) =
        redeem.codes.split_at(codes_of(&reward.gives).len().min(redeem.codes.len()));
    let (mut grants, given) = give(&mut journal, version, &reward.gives, given)?;
    claims.extend(given);
    if let Some(mystery) = reward.mystery() {
        let (granted, claimed) =
            conceal(&mut journal, version, reward, mystery, (&redeem.drawn, sealed))?;
        grants.push(granted);
        claims.extend(claimed);
    }
    journal.record(Draft {
        operation: redeem.operation.clone(),
        index: 0,
        at: now,
        version: version.version,
        kind: Kind::Redemption { reward: reward.id.clone(), grants },
        reasons: Vec::new(),
    })?;
    if reward.mystery().is_some_and(|mystery| mystery.reveal == Reveal::Now)
        && let Some(gift) = journal.account.gifts.pop()
    {
        mystery::reveal(&mut journal, gift, redeem.operation.clone(), 1)?;
    }
    Ok(journal.close(None, claims)?)
}

/// Decides a mystery gift and seals it, with what it claims.
fn conceal(
    journal: &mut Journal,
    version: &Published,
    reward: &Reward,
    mystery: &Mystery,
    (drawn, codes): (&Drawn, &[Option<String>]),
) -> Result<(Granted, Vec<Claim>), Rejection> {
    let (_, outcome, decided) =
        outcome(reward, drawn).ok_or_else(|| nothing_left(&mystery.outcomes))?;
    let stock = outcome.stock.map(|stock| (outcome.stock_name(&reward.id), stock));
    let mut claims: Vec<Claim> =
        stock.map(|(name, stock)| Claim::Outcome { name, stock }).into_iter().collect();
    let vouchers = outcome.gives.iter().filter_map(|grant| match grant {
        Grant::Voucher(voucher) => Some(voucher),
        Grant::Credit(_) | Grant::Points(_) | Grant::Badge(_) | Grant::Mystery(_) => None,
    });
    let mut sealed = Vec::new();
    for (voucher, code) in vouchers.zip(codes.iter().cloned().chain(std::iter::repeat(None))) {
        let (code, claim) = claim(voucher, code)?;
        claims.push(claim);
        sealed.push(code);
    }
    let granted = mystery::seal(journal, version, reward, (mystery, outcome), decided, sealed)?;
    Ok((granted, claims))
}

/// Why a member cannot have a reward now; `None` if they can. For showing offers. `taken` tells how many pieces of a stock all
/// members have taken: of the reward's, and of the outcomes' of a mystery gift ([`Outcome::stock_name`]).
pub fn refusal(
    account: &Account,
    versions: &Versions,
    reward: &Reward,
    taken: impl Fn(&str) -> i64,
    now: Timestamp,
) -> Option<Refusal> {
    let version = versions.at(now);
    let mut account = account.clone();
    let answer = not_met(&version.programme, &reward.conditions, &account, now)
        .and_then(|()| count(&version.programme, (&reward.id, reward.limit, 1), &mut account, now))
        .and_then(|()| enough(&account, reward.price_points))
        .and(match reward.stock {
            Some(stock) if taken(&reward.id) >= stock => Err(Rejection::OutOfStock { stock }),
            _ => Ok(()),
        })
        .and(match reward.mystery() {
            Some(mystery)
                if gone(&mystery.outcomes, |outcome| taken(&outcome.stock_name(&reward.id))) =>
            {
                Err(nothing_left(&mystery.outcomes))
            }
            _ => Ok(()),
        });
    answer.err().map(|reason| reason.by(rule(&reward.id), version.version))
}

/// Whether no outcome is left.
fn gone(outcomes: &[Outcome], taken: impl Fn(&Outcome) -> i64) -> bool {
    outcomes.iter().all(|outcome| outcome.stock.is_some_and(|stock| taken(outcome) >= stock))
}

/// The refusal when no outcome is left: all their pieces together.
pub(crate) fn nothing_left(outcomes: &[Outcome]) -> Rejection {
    let stock = outcomes.iter().filter_map(|outcome| outcome.stock);
    Rejection::OutOfStock { stock: stock.fold(0, i64::saturating_add) }
}

/// Refuses unless the window is open, the tier is high enough, and the condition holds.
pub(crate) fn not_met(
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
        return Err(Rejection::TierTooLow {
            needed: needed.to_string(),
            has: account.tier.clone(),
        });
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

/// Counts so many more of something against how many a member may have, if there is a limit.
pub(crate) fn count(
    programme: &Programme,
    (name, limit, more): (&str, Option<TimesLimit>, i64),
    account: &mut Account,
    now: Timestamp,
) -> Result<(), Rejection> {
    let Some(limit) = limit else { return Ok(()) };
    let period = limit.per.period(now, &programme.time_zone);
    let taken = account.taken.entry((name.to_owned(), period.clone())).or_default();
    let all = taken.saturating_add(more);
    if all > limit.times {
        return Err(Rejection::LimitReached { times: limit.times, per: limit.per });
    }
    *taken = all;
    if limit.per != Per::Ever {
        forget_past(account, name, &period);
    }
    Ok(())
}

/// Counts of periods that have ended are asked for no more: time never runs backwards for an account.
///
/// Its zone may: from UTC+14 to UTC-12 it is a day before yesterday again, so two earlier periods stay. Names of periods of one
/// length sort by time and are equally long, which tells them from those of a limit by another period.
fn forget_past(account: &mut Account, of: &str, period: &str) {
    let past = |(other, name): &(String, String)| {
        other == of && name.len() == period.len() && name.as_str() < period
    };
    let earlier: Vec<_> = account.taken.keys().filter(|key| past(key)).cloned().collect();
    for key in earlier.iter().rev().skip(2) {
        account.taken.remove(key);
    }
}

/// Refuses if fewer points can be spent than needed.
pub(crate) fn enough(account: &Account, needed: i64) -> Result<(), Rejection> {
    let balance = account.balance(&Asset::Points);
    if needed > balance.available.max(0) {
        let (available, pending) = (balance.available, balance.pending);
        return Err(Rejection::NotEnough { needed, available, pending });
    }
    Ok(())
}

/// The claim of a piece of a reward's stock, if it has one.
fn stock_of(reward: &Reward) -> Result<Option<Claim>, Rejection> {
    match reward.stock {
        Some(stock) if stock <= 0 => Err(Rejection::OutOfStock { stock }),
        stock => Ok(stock.map(|stock| Claim::Stock { reward: reward.id.clone(), stock })),
    }
}

/// Gives what an offer gives: credits at once, codes by claim. A mystery gift among it is not given here, but sealed.
pub(crate) fn give(
    journal: &mut Journal,
    version: &Published,
    gives: &[Grant],
    codes: &[Option<String>],
) -> Result<(Vec<Granted>, Vec<Claim>), Rejection> {
    mystery::has_room(journal, gives)?;
    hand_over(journal, version, gives, codes)
}

/// The same, when it was seen to before that there is room for it.
pub(crate) fn hand_over(
    journal: &mut Journal,
    version: &Published,
    gives: &[Grant],
    codes: &[Option<String>],
) -> Result<(Vec<Granted>, Vec<Claim>), Rejection> {
    let now = journal.clock;
    let mut codes = codes.iter();
    let mut grants = Vec::with_capacity(gives.len());
    let mut claims = Vec::new();
    for grant in gives {
        grants.push(match grant {
            Grant::Voucher(voucher) => {
                let (code, claim) = claim(voucher, codes.next().cloned().flatten())?;
                claims.push(claim);
                Granted::Voucher {
                    voucher: voucher.kind.clone(),
                    code,
                    sku: voucher.sku.clone(),
                    amount: voucher.amount,
                    expires: valid_until(version, voucher, now)?,
                }
            }
            Grant::Credit(amount) => {
                let asset = Asset::Credit(amount.currency);
                let lot = Lot { activates: None, expires: None, amount: amount.minor };
                journal.credit(&asset, lot)?;
                journal.post(LedgerAccount::Issued, &asset, amount.minor.saturating_neg());
                Granted::Credit { amount: *amount }
            }
            Grant::Points(points) => {
                let expires = earn::expires(&version.programme, now)?;
                journal
                    .credit(&Asset::Points, Lot { activates: None, expires, amount: *points })?;
                journal.post(LedgerAccount::Issued, &Asset::Points, points.saturating_neg());
                Granted::Points { points: *points }
            }
            Grant::Badge(badge) => {
                Granted::Badge { badge: badge.id.clone(), name: badge.name.clone() }
            }
            Grant::Mystery(_) => continue,
        });
    }
    Ok((grants, claims))
}

/// The claim on a voucher's code.
fn claim(voucher: &Voucher, code: Option<String>) -> Result<(String, Claim), Rejection> {
    let pool = match &voucher.codes {
        Codes::Generated => None,
        Codes::Pool(pool) => Some(pool.clone()),
    };
    let missing = || Rejection::NoCodeLeft { pool: pool.clone().unwrap_or_default() };
    let code = code.ok_or_else(missing)?;
    Ok((code.clone(), Claim::Code { pool, code }))
}

/// The instant at which a voucher that is given at `at` is no longer good; `None` is never.
pub(crate) fn valid_until(
    version: &Published,
    voucher: &Voucher,
    at: Timestamp,
) -> Result<Option<Timestamp>, Rejection> {
    let Some(valid) = voucher.valid else { return Ok(None) };
    let until = valid.after(at, &version.programme.time_zone).ok_or(Rejection::OutOfRange)?;
    Ok(Some(until))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        draw::hash::Hash,
        id::{MemberId, Operation, RequestKey},
        programme::parse,
    };

    #[test]
    fn counts_of_ended_periods_are_forgotten_and_no_others() {
        let mut account = Account::new(MemberId::new("m").unwrap());
        let days = ["2025-12-31", "2026-01-01", "2026-01-02", "2026-01-03", "2026-01-09"];
        let counted = days.map(|day| ("latte", day)).into_iter();
        let others = [("latte", "2025-12"), ("latte", "ever"), ("mug", "2025-12-31")];
        for (reward, period) in counted.chain(others) {
            account.taken.insert((reward.to_owned(), period.to_owned()), 1);
        }
        forget_past(&mut account, "latte", "2026-01-03");
        let left: Vec<_> =
            account.taken.keys().map(|(of, name)| (of.as_str(), name.as_str())).collect();
        let expected = [
            ("latte", "2025-12"),
            ("latte", "2026-01-01"),
            ("latte", "2026-01-02"),
            ("latte", "2026-01-03"),
            ("latte", "2026-01-09"),
            ("latte", "ever"),
            ("mug", "2025-12-31"),
        ];
        assert_eq!(left, expected);
    }

    #[test]
    fn a_badge_moves_nothing_and_is_kept_under_the_name_it_had() {
        let programme = r#"
            [programme]
            name = "Test"
            currency = "EUR"
            [[reward]]
            id = "regular"
            price = { points = 0 }
            gives = [{ badge = "regular", name = "Regular" }, { badge = "plain" }]
        "#;
        let versions = Versions::single(parse(programme).unwrap());
        let member = MemberId::new("m").unwrap();
        let redeem = Redeem {
            operation: Operation::request(&member, &RequestKey::new("k").unwrap()),
            reward: "regular".to_owned(),
            codes: Vec::new(),
            drawn: Drawn { seed: Hash([0; 32]), left: Vec::new() },
        };
        let now = "2026-03-03T10:00:00Z".parse().unwrap();
        let decision = decide(&Account::new(member), &versions, &redeem, now).unwrap();
        let badge = |badge: &str, name: &str| Granted::Badge {
            badge: badge.to_owned(),
            name: name.to_owned(),
        };
        let [entry] = &decision.entries[..] else { panic!("one entry") };
        assert!(entry.postings.is_empty() && decision.claims.is_empty());
        assert_eq!(entry.kind.grants(), [badge("regular", "Regular"), badge("plain", "plain")]);
    }
}

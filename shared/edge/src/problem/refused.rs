//! Refusals by the rules as problems: each with its status, its type and what is missing.

use guerdon_domain::rejection::{Refusal, Rejection};
use lambda_http::http::StatusCode;
use serde_json::{Value, json};

use super::{NO_FREE_ROUTE, NOT_FOR_SALE, OUT_OF_RANGE, Problem};

/// A refusal by the rules: which rule of which version, the condition, and what is missing.
pub fn refused(refusal: &Refusal) -> Problem {
    let (status, kind, title, missing) = explain(&refusal.reason);
    let mut problem = Problem::new(status, kind, title, refusal);
    problem.extra.insert("rule".to_owned(), json!(refusal.rule));
    problem.extra.insert("version".to_owned(), json!(refusal.version));
    problem.extra.insert("condition".to_owned(), json!(kind.trim_start_matches("/problems/")));
    if !missing.is_null() {
        problem.extra.insert("missing".to_owned(), missing);
    }
    problem.pointer = field(&refusal.reason).map(|field| format!("/{field}"));
    problem
}

/// The field of the request that a refusal is about, where every route calls it the same.
fn field(reason: &Rejection) -> Option<&'static str> {
    match reason {
        Rejection::NotPositive { field: "order_total" } => Some("order_total/amount"),
        Rejection::NotPositive { field } => Some(field),
        Rejection::NotPayable { .. } | Rejection::MoreThanHeld { .. } => Some("points"),
        Rejection::WrongCurrency { .. } => Some("order_total/currency"),
        Rejection::PlaysItself => Some("instant_win"),
        _ => None,
    }
}

/// Status, type, title and what is missing, of every rejection there is.
#[expect(clippy::too_many_lines, reason = "a table")]
fn explain(reason: &Rejection) -> (StatusCode, &'static str, &'static str, Value) {
    use StatusCode as S;
    let (conflict, unprocessable) = (S::CONFLICT, S::UNPROCESSABLE_ENTITY);
    match reason {
        Rejection::UnknownReward => {
            (S::NOT_FOUND, "/problems/unknown-reward", "There is no such reward", Value::Null)
        }
        Rejection::UnknownRaffle => {
            (S::NOT_FOUND, "/problems/unknown-raffle", "There is no such raffle", Value::Null)
        }
        Rejection::UnknownInstantWin => (
            S::NOT_FOUND,
            "/problems/unknown-instant-win",
            "There is no such instant win",
            Value::Null,
        ),
        Rejection::UnknownAuction => {
            (S::NOT_FOUND, "/problems/unknown-auction", "There is no such auction", Value::Null)
        }
        Rejection::BidTooLow { least, .. } => {
            (conflict, "/problems/bid-too-low", "The bid is too low", json!({ "points": least }))
        }
        Rejection::TooManyBids { max } => (
            conflict,
            "/problems/too-many-bids",
            "The member has bids in too many auctions",
            json!({ "max": max }),
        ),
        Rejection::PlaysItself => {
            (unprocessable, "/problems/plays-itself", "The game plays itself", Value::Null)
        }
        Rejection::NoPlay => (conflict, "/problems/no-play", "No earned play is left", Value::Null),
        Rejection::NotForSale => {
            (unprocessable, NOT_FOR_SALE, "It cannot be had for points", Value::Null)
        }
        Rejection::NoFreeRoute { reason } => (
            unprocessable,
            NO_FREE_ROUTE,
            "It cannot be had for nothing",
            json!({ "reason": reason }),
        ),
        Rejection::TooManyEntries { limit, has, asked } => (
            conflict,
            "/problems/too-many-entries",
            "More entries than count for one member",
            json!({ "limit": limit, "has": has, "asked": asked }),
        ),
        Rejection::PayNotOffered => (
            unprocessable,
            "/problems/pay-not-offered",
            "Paying with points is not offered",
            Value::Null,
        ),
        Rejection::NoOpenHold => {
            (conflict, "/problems/no-open-hold", "There is no open hold of this id", Value::Null)
        }
        Rejection::NotPositive { field } => (
            unprocessable,
            "/problems/not-positive",
            "An amount must be more than zero",
            json!({ "field": field }),
        ),
        Rejection::WrongCurrency { given, expected } => {
            let missing = json!({ "given": given, "expected": expected });
            (
                unprocessable,
                "/problems/wrong-currency",
                "The currency is not the programme's",
                missing,
            )
        }
        Rejection::NotYetOpen { from } => (
            conflict,
            "/problems/not-yet-open",
            "The offer is not open yet",
            json!({ "from": from }),
        ),
        Rejection::Closed { until } => {
            (conflict, "/problems/closed", "The offer has closed", json!({ "until": until }))
        }
        Rejection::TierTooLow { needed, has } => (
            conflict,
            "/problems/tier-too-low",
            "A higher tier is needed",
            json!({ "needed": needed, "has": has }),
        ),
        Rejection::ConditionFails { when } => (
            conflict,
            "/problems/condition-fails",
            "The offer's condition does not hold",
            json!({ "when": when }),
        ),
        Rejection::LimitReached { times, per } => {
            let missing = json!({ "times": times, "per": per });
            (conflict, "/problems/limit-reached", "The limit per member is reached", missing)
        }
        Rejection::NotPayable { asked, min, max, step } => {
            let missing = json!({ "asked": asked, "min": min, "max": max, "step": step });
            (
                unprocessable,
                "/problems/not-payable",
                "This number of points cannot be used",
                missing,
            )
        }
        Rejection::TooManyHolds { max } => (
            conflict,
            "/problems/too-many-holds",
            "The member has too many open holds",
            json!({ "max": max }),
        ),
        Rejection::NoSealedGift => (
            conflict,
            "/problems/no-sealed-gift",
            "There is no sealed mystery gift of this grant",
            Value::Null,
        ),
        Rejection::TooManyGifts { max } => (
            conflict,
            "/problems/too-many-gifts",
            "The member has too many sealed mystery gifts",
            json!({ "max": max }),
        ),
        Rejection::MoreThanHeld { asked, held } => (
            unprocessable,
            "/problems/more-than-held",
            "More is asked for than is held",
            json!({ "asked": asked, "held": held }),
        ),
        Rejection::OtherOrder => {
            (conflict, "/problems/other-order", "The order is another's", Value::Null)
        }
        Rejection::NotEnough { needed, available, pending } => {
            let short = needed.saturating_sub(*available);
            let missing = json!({ "needed": needed, "available": available, "pending": pending, "short": short });
            (conflict, "/problems/not-enough", "There is not enough to spend", missing)
        }
        Rejection::OutOfStock { stock } => {
            (conflict, "/problems/out-of-stock", "The stock is gone", json!({ "stock": stock }))
        }
        Rejection::NoCodeLeft { pool } => {
            (conflict, "/problems/no-code-left", "No code is left", json!({ "pool": pool }))
        }
        Rejection::OutOfRange => {
            (unprocessable, OUT_OF_RANGE, "An amount is out of range", Value::Null)
        }
        Rejection::ConditionErrs(_) => (
            conflict,
            "/problems/condition-errs",
            "The offer's condition cannot be evaluated",
            Value::Null,
        ),
        Rejection::UnknownVersion { version } => (
            S::SERVICE_UNAVAILABLE,
            "/problems/unavailable",
            "The versions must be read again",
            json!({ "version": version }),
        ),
    }
}

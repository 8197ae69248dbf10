//! Paying with points at a checkout: quote, hold, capture, release.

use std::sync::Arc;

use guerdon_domain::{
    account::Account,
    id::{HoldId, MemberId, Operation, OrderId},
    pay::{self, Capture, PlaceHold},
    programme::Versions,
};
use guerdon_edge::{
    Edge,
    problem::{Problem, refused, respond},
    request::{self, Amount, Units},
    view,
};
use jiff::Timestamp;
use lambda_http::{Body, Request, Response, http::StatusCode};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Where problems say that the order's total is wrong.
const TOTAL: &str = "/order_total/amount";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuoteRequest {
    order_total: Amount,
}

/// `POST /members/{member}/quotes`: how much of an order may be paid with points.
pub(crate) async fn quote(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    member: &MemberId,
) -> Result<Response<Body>, Problem> {
    let QuoteRequest { order_total } = request::body(request)?;
    let total = order_total.money("/order_total")?;
    let (versions, account) =
        tokio::try_join!(edge.programmes.versions(), edge.ledger.account(member))?;
    let account = account.unwrap_or_else(|| Account::new(member.clone()));
    let payable = pay::quote(&account, &versions, total, now);
    let payable = payable.map_err(|refusal| refused(&refusal).if_out_of_range_at(TOTAL))?;
    let quote = json!({
        "min": payable.min,
        "max": payable.max,
        "step": payable.step,
        "worth": view::money(payable.worth),
        "version": versions.at(now).version,
    });
    Ok(respond(StatusCode::OK, &quote))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HoldRequest {
    points: Units,
    order_total: Amount,
    #[serde(default)]
    order: Option<String>,
}

/// `POST /members/{member}/holds`: sets points aside.
pub(crate) async fn hold(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    member: &MemberId,
) -> Result<Response<Body>, Problem> {
    let operation = request::operation(request, member)?;
    let HoldRequest { points, order_total, order } = request::body(request)?;
    let place = PlaceHold {
        hold: hold_id(&operation.operation)?,
        operation: operation.operation.clone(),
        points: points.get("/points")?,
        total: order_total.money("/order_total")?,
        order: order_id(member, order)?,
    };
    let (asked, place) = (&operation, &place);
    let post = |versions: Arc<Versions>| async move {
        let decide = |account: &Account| pay::hold(account, &versions, place, now);
        edge.ledger.post(member, &versions, asked, now, decide).await
    };
    let posted = edge.under_versions(post).await;
    let posted = posted.map_err(|error| Problem::from(error).if_out_of_range_at(TOTAL))?;
    Ok(view::created(member, &posted))
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaptureRequest {
    #[serde(default)]
    points: Option<Units>,
    #[serde(default)]
    order: Option<String>,
    #[serde(default)]
    applied_as: AppliedAs,
}

/// How the shop's order shows what points paid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum AppliedAs {
    /// As a payment: the lines are at full price, so Guerdon takes the points' part off what earns.
    #[default]
    Payment,
    /// As a discount: the lines are reduced already.
    Discount,
}

/// `POST /members/{member}/holds/{hold}/capture`: spends held points; what is not captured is released.
pub(crate) async fn capture(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    member: &MemberId,
    hold: &str,
) -> Result<Response<Body>, Problem> {
    let operation = request::operation(request, member)?;
    let empty = request::bytes(request)?.is_empty();
    let CaptureRequest { points, order, applied_as } =
        if empty { CaptureRequest::default() } else { request::body(request)? };
    let capture = Capture {
        operation: operation.operation.clone(),
        hold: path_hold(hold)?,
        points: points.map(|points| points.get("/points")).transpose()?,
        order: order_id(member, order)?,
        shown_as_discount: applied_as == AppliedAs::Discount,
    };
    let (asked, capture) = (&operation, &capture);
    let post = |versions: Arc<Versions>| async move {
        edge.ledger.capture(member, &versions, asked, capture, now).await
    };
    let posted = edge.under_versions(post).await?;
    Ok(view::created(member, &posted))
}

/// `POST /members/{member}/holds/{hold}/release`: puts held points back.
pub(crate) async fn release(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    member: &MemberId,
    hold: &str,
) -> Result<Response<Body>, Problem> {
    let operation = request::operation(request, member)?;
    request::no_body(request)?;
    let hold = path_hold(hold)?;
    let (asked, hold) = (&operation, &hold);
    let post = |versions: Arc<Versions>| async move {
        let decide =
            |account: &Account| pay::release(account, &versions, &asked.operation, hold, now);
        edge.ledger.post(member, &versions, asked, now, decide).await
    };
    let posted = edge.under_versions(post).await?;
    Ok(view::created(member, &posted))
}

/// The id of the hold that an operation makes: a digest of its name, so that a repeat names the same hold.
fn hold_id(operation: &Operation) -> Result<HoldId, Problem> {
    let digest = Sha256::digest(operation.as_str());
    let name = hex::encode(digest.get(..10).unwrap_or_default());
    HoldId::new(format!("hold_{name}")).map_err(Problem::bad_request)
}

fn path_hold(segment: &str) -> Result<HoldId, Problem> {
    HoldId::new(segment).map_err(|error| Problem::bad_request(error).at("/path/hold"))
}

/// The order that points pay for. The shop's own number alone is taken to be of the member's shop: an order of another name
/// would earn on the part that points paid.
fn order_id(member: &MemberId, order: Option<String>) -> Result<Option<OrderId>, Problem> {
    let Some(order) = order else { return Ok(None) };
    let shop = member.as_str().rsplit_once(':').map(|(shop, _)| shop);
    let full = match shop.filter(|shop| shop.contains(':') && !order.contains(':')) {
        Some(shop) => format!("{shop}:{order}"),
        None => order,
    };
    let parts = full.split(':').filter(|part| !part.is_empty()).count();
    if parts < 3 {
        return Err(Problem::bad_request("an order is named platform:shop:id").at("/order"));
    }
    OrderId::new(full).map(Some).map_err(|error| Problem::bad_request(error).at("/order"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_named_in_full_or_by_the_number_that_the_members_shop_gave_it() {
        let of = |member: &str, order: &str| {
            let named = order_id(&MemberId::new(member).unwrap(), Some(order.to_owned()));
            named.ok().flatten().map(|order| order.to_string())
        };
        let full = "shopify:a.example:1001";
        assert_eq!(of("shopify:a.example:7", "1001").as_deref(), Some(full));
        assert_eq!(of("shopify:a.example:7", full).as_deref(), Some(full));
        assert_eq!(of("ann", full).as_deref(), Some(full));
        for (member, order) in [("ann", "1001"), ("shopify:a.example:7", "a:1"), ("ann", "::1001")]
        {
            assert_eq!(of(member, order), None, "{order} of {member}");
        }
    }
}

//! Whom one may want to write to, or to call: proposed while a name is typed.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::find;
use crate::cases::store;
use crate::customers;
use crate::people;
use crate::people::Person;
use crate::platform::{Actor, App, CaseId, Id, Query, Result, Right, Tx};

/// Proposals at a time.
const MOST: usize = 8;

#[derive(Deserialize, IntoParams)]
pub(super) struct Search {
    /// What was typed so far.
    #[serde(default)]
    q: String,
}

/// Somebody who can be written to.
#[derive(Serialize, ToSchema)]
pub(super) struct Proposal {
    name: String,
    address: String,
    /// `case`, `customer` or `colleague`
    kind: &'static str,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Proposals {
    items: Vec<Proposal>,
}

/// Addresses that fit what is typed: of this case first, then of customers and colleagues.
#[utoipa::path(get, path = "/cases/{number}/addressees", tag = "cases", params(("number" = String, Path), Search),
    responses((status = 200, body = Proposals), (status = 404)))]
pub(super) async fn list(
    actor: Actor,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(search): Query<Search>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let typed = search.q.trim().to_lowercase();
    let mut tx = app.db.read().await?;
    let mut items = of_case(&mut tx, case.id).await?;
    if !typed.is_empty() {
        items.extend(of_customers(&mut tx, &typed).await?);
        items.extend(of_colleagues(&mut tx).await?);
    }
    items.retain(|one| format!("{} {}", one.name, one.address).to_lowercase().contains(&typed));
    let mut seen = std::collections::HashSet::new();
    items.retain(|one| seen.insert(people::fold_email(&one.address)));
    items.truncate(MOST);
    Ok(Json(Proposals { items }).into_response())
}

async fn of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<Proposal>> {
    let known = store::addresses_of_case(tx, case).await?;
    let proposal = |(name, address)| Proposal { name, address, kind: "case" };
    Ok(known.into_iter().map(proposal).collect())
}

async fn of_customers(tx: &mut Tx, typed: &str) -> Result<Vec<Proposal>> {
    let limit = i64::try_from(MOST).unwrap_or(8);
    let found = customers::list(tx, typed, None, limit).await?;
    let ids: Vec<_> = found.iter().map(|customer| customer.id).collect();
    let emails = customers::emails(tx, &ids).await?;
    let proposal = |customer: customers::Customer| {
        let address = emails.get(&customer.id)?.clone();
        Some(Proposal { name: customer.name, address, kind: "customer" })
    };
    Ok(found.into_iter().filter_map(proposal).collect())
}

async fn of_colleagues(tx: &mut Tx) -> Result<Vec<Proposal>> {
    let all = people::all(tx).await?.into_iter().filter(|person| person.active);
    Ok(all.map(|person| Proposal { name: person.name, address: person.email, kind: "colleague" }).collect())
}

/// Somebody who can be called into a case.
#[derive(Serialize, ToSchema)]
pub(super) struct Colleague {
    name: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Colleagues {
    items: Vec<Colleague>,
}

/// Colleagues who may see the case and whose name fits what is typed behind an `@`.
#[utoipa::path(get, path = "/cases/{number}/colleagues", tag = "cases", params(("number" = String, Path), Search),
    responses((status = 200, body = Colleagues), (status = 404)))]
pub(super) async fn colleagues(
    actor: Actor,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(search): Query<Search>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    find(&app, &number).await?;
    let typed = search.q.trim().to_lowercase();
    let reads = |person: &Person| person.active && person.can(Right::ReadCases);
    let fits = |person: &Person| {
        let name = person.name.to_lowercase();
        name.split(' ').any(|word| word.starts_with(&typed)) || name.starts_with(&typed)
    };
    let all = people::all(&mut app.db.read().await?).await?;
    let found = all.into_iter().filter(|person| reads(person) && fits(person)).take(MOST);
    let items = found.map(|person| Colleague { name: person.name }).collect();
    Ok(Json(Colleagues { items }).into_response())
}

//! Customers to choose from, while somebody types a name, a number or an address.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::customers;
use crate::platform::{Actor, App, CustomerId, Query, Result, Right};

#[derive(Deserialize, IntoParams)]
pub(super) struct PickQuery {
    /// A part of the name, the beginning of a number or of an address.
    #[serde(default)]
    q: String,
}

/// A customer who can be chosen.
#[derive(Serialize, ToSchema)]
pub(super) struct PickedCustomer {
    id: CustomerId,
    name: String,
    /// How they are reached, or where they live.
    detail: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct PickedCustomers {
    items: Vec<PickedCustomer>,
}

/// Customers who fit what was typed.
#[utoipa::path(get, path = "/pick/customers", tag = "customers", params(PickQuery),
    responses((status = 200, body = PickedCustomers)))]
pub(super) async fn pick(
    actor: Actor,
    State(app): State<App>,
    Query(query): Query<PickQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCustomers)?;
    let found = customers::pick(&mut app.db.read().await?, &query.q).await?;
    let items = found.into_iter().map(|(id, name, detail)| PickedCustomer { id, name, detail }).collect();
    Ok(Json(PickedCustomers { items }).into_response())
}

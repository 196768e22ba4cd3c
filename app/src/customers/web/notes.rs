//! What is good to know about a customer.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Changed, done};
use crate::customers;
use crate::platform::{Actor, App, CustomerId, Id, Input, Result, Right, Wants};

#[derive(Deserialize, ToSchema)]
pub struct NoteForm {
    text: String,
}

/// Remembers something good to know; its source is who says it.
#[utoipa::path(post, path = "/customers/{id}/notes", tag = "customers", params(("id" = i64, Path)),
    request_body = NoteForm, responses((status = 200, body = Changed), (status = 422)))]
pub async fn add(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<NoteForm>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    customers::note(&app, &actor, CustomerId(id), &form.text).await?;
    done(&app, &wants, CustomerId(id), "customers-noted").await
}

/// Forgets something.
#[utoipa::path(post, path = "/customers/{id}/notes/{note}/remove", tag = "customers",
    params(("id" = i64, Path), ("note" = i64, Path)),
    responses((status = 200, body = Changed), (status = 404)))]
pub async fn remove(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((id, note)): Id<(i64, i64)>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    customers::forget_note(&app, &actor, CustomerId(id), note).await?;
    done(&app, &wants, CustomerId(id), "customers-forgotten").await
}

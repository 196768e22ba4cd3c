//! What a customer was told would happen.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Changed, done};
use crate::customers;
use crate::platform::web::moment;
use crate::platform::{Actor, App, CustomerId, Error, Id, Input, Result, Right, Wants};

#[derive(Deserialize, ToSchema)]
pub struct PromiseForm {
    text: String,
    /// RFC 3339, or a local date and time as a form sends it.
    due: String,
}

/// Records a promise.
#[utoipa::path(post, path = "/customers/{id}/promises", tag = "customers", params(("id" = i64, Path)),
    request_body = PromiseForm, responses((status = 200, body = Changed), (status = 422)))]
pub async fn make(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<PromiseForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let due = moment(&app, "due", &form.due)?;
    customers::promise(&app, &actor, CustomerId(id), None, &form.text, due).await?;
    done(&app, &wants, CustomerId(id), "customers-promised").await
}

#[derive(Deserialize, ToSchema)]
pub struct EndForm {
    /// Was it kept? `true` or `false`.
    kept: Kept,
}

/// Forms send words, programs send booleans.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
enum Kept {
    Bool(bool),
    Text(String),
}

/// The promise was kept, or was not.
#[utoipa::path(post, path = "/customers/{id}/promises/{promise}", tag = "customers",
    params(("id" = i64, Path), ("promise" = i64, Path)), request_body = EndForm,
    responses((status = 200, body = Changed), (status = 404), (status = 422)))]
pub async fn end(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((id, promise)): Id<(i64, i64)>,
    Input(form): Input<EndForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let kept = match form.kept {
        Kept::Bool(kept) => kept,
        Kept::Text(text) => text.parse().map_err(|_| Error::invalid("kept", "error-field-malformed"))?,
    };
    customers::end_promise(&app, &actor, CustomerId(id), promise, kept).await?;
    let word = if kept { "customers-promise-kept" } else { "customers-promise-broken" };
    done(&app, &wants, CustomerId(id), word).await
}

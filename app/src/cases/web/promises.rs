//! What a customer was told would happen, in their file.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::cases;
use crate::customers::web::{Changed, done};
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
    cases::promise(&app, &actor, CustomerId(id), None, &form.text, due).await?;
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
    cases::end_promise(&app, &actor, CustomerId(id), promise, kept).await?;
    let word = if kept { "customers-promise-kept" } else { "customers-promise-broken" };
    done(&app, &wants, CustomerId(id), word).await
}

#[derive(Deserialize, ToSchema)]
#[schema(as = PromiseDue)]
pub struct DueForm {
    /// RFC 3339, or a local date and time as a form sends it.
    due: String,
}

/// The customer was told of another day; only while the promise is open.
#[utoipa::path(post, path = "/customers/{id}/promises/{promise}/due", tag = "customers",
    params(("id" = i64, Path), ("promise" = i64, Path)), request_body = DueForm,
    responses((status = 200, body = Changed), (status = 404), (status = 422)))]
pub async fn put_off(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((id, promise)): Id<(i64, i64)>,
    Input(form): Input<DueForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let due = moment(&app, "due", &form.due)?;
    cases::move_promise(&app, &actor, CustomerId(id), promise, due).await?;
    done(&app, &wants, CustomerId(id), "customers-promise-moved").await
}

/// The promise should not have been noted; only while it is open.
#[utoipa::path(post, path = "/customers/{id}/promises/{promise}/withdraw", tag = "customers",
    params(("id" = i64, Path), ("promise" = i64, Path)),
    responses((status = 200, body = Changed), (status = 404)))]
pub async fn withdraw(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((id, promise)): Id<(i64, i64)>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    cases::withdraw_promise(&app, &actor, CustomerId(id), promise).await?;
    done(&app, &wants, CustomerId(id), "customers-promise-withdrawn").await
}

//! The text modules as a table, out of the house and into it.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::URL;
use crate::platform::sheet;
use crate::platform::{Actor, App, Input, Result, Right, Wants};
use crate::snippets;

/// The shared snippets as CSV.
#[utoipa::path(get, path = "/snippets/csv", tag = "snippets",
    responses((status = 200, content_type = "text/csv")))]
pub(super) async fn export(actor: Actor, State(app): State<App>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let all = snippets::all(&mut app.db.read().await?, &actor).await?;
    Ok(sheet::file("snippets", snippets::to_csv(&all)?))
}

/// A table of snippets.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct TableForm {
    /// CSV with the columns shortcut, name, folder, language, body, and if need be informal.
    table: String,
}

/// How many snippets a table brought.
#[derive(Serialize, ToSchema)]
#[schema(as = SnippetsBrought)]
struct Brought {
    snippets: usize,
}

/// Adds or changes shared snippets, by their shortcut.
#[utoipa::path(post, path = "/snippets/imports", tag = "snippets", request_body = TableForm,
    responses((status = 200, body = Brought), (status = 422)))]
pub(super) async fn import(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<TableForm>,
) -> Result<Response> {
    actor.may(Right::EditPolicies)?;
    let table = snippets::from_csv(&form.table)?;
    let snippets = snippets::bring_in(&app, &actor, table).await?;
    wants.done(URL, "saved", &Brought { snippets })
}

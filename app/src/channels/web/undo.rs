//! How long a written answer can be taken back.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sending::URL;
use crate::cases;
use crate::platform::{Actor, App, Error, Input, Result, Right, Wants};

/// How long an answer waits before it leaves.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = UndoForm)]
pub struct Form {
    /// Seconds, from 0 to 60.
    undo_seconds: String,
}

/// Sets how long an answer can be taken back.
#[utoipa::path(post, path = "/settings/sending/undo", tag = "settings", request_body = Form,
    responses((status = 200, body = Form), (status = 422)))]
pub async fn set(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<Form>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let seconds = form.undo_seconds.trim().parse();
    let seconds = seconds.map_err(|_| Error::invalid("undo_seconds", "sending-rule-range"))?;
    cases::set_undo_time(&app, &actor, seconds).await?;
    wants.done(URL, "saved", &form)
}

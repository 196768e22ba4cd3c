//! Buttons: try, pause, remove; and testing what a form says before it is saved.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::form::MailboxForm;
use super::pages::{self, Probe, Shown};
use super::show::Problem;
use crate::mailboxes;
use crate::platform::web::Corrections;
use crate::platform::{Actor, App, Error, Id, Input, MailboxId, Result, Right, Wants};

/// Tries what the form says: connects, logs in, looks for the folders. Saves nothing.
#[utoipa::path(post, path = "/settings/mailboxes/test", tag = "settings", request_body = MailboxForm,
    responses((status = 200, body = Probe), (status = 404), (status = 422)))]
pub async fn probe(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<MailboxForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let id = form.id.parse().map(MailboxId).ok();
    let tried = match form.draft() {
        Ok(draft) => mailboxes::probe(&app, id, &draft).await,
        Err(error) => Err(error),
    };
    let (status, errors, probe) = match tried {
        Ok(Ok(folders)) => {
            (StatusCode::OK, Vec::new(), Some(Probe { folders: Some(folders), problem: None }))
        }
        Ok(Err(fault)) => {
            let problem = Some(Problem::of(&wants.words, fault));
            (StatusCode::OK, Vec::new(), Some(Probe { folders: None, problem }))
        }
        Err(Error::Invalid(errors)) if !wants.json => (StatusCode::UNPROCESSABLE_ENTITY, errors, None),
        Err(error) => return Err(error),
    };
    if wants.json {
        return Ok(Json(probe).into_response());
    }
    // What was typed stays, except for the secret, which no page ever shows.
    let form = MailboxForm { secret: String::new(), ..form };
    let errors = Corrections::new("", errors);
    match id {
        Some(id) => {
            pages::show_page(&app, &actor, &wants, status, id, Shown { form, errors, probe, visit: None })
                .await
        }
        None => pages::show_list(&app, &actor, &wants, status, Some(form), errors, probe).await,
    }
}

#[derive(Deserialize, ToSchema)]
pub struct PauseForm {
    /// "yes" to stop fetching, "no" to go on.
    paused: String,
}

/// Stops fetching, or goes on with it.
#[utoipa::path(post, path = "/settings/mailboxes/{id}/pause", tag = "settings", params(("id" = i64, Path)),
    request_body = PauseForm, responses((status = 200, description = "done"), (status = 404)))]
pub async fn pause(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<MailboxId>,
    Input(form): Input<PauseForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    mailboxes::set_paused(&app, &actor, id, form.paused == "yes").await?;
    pages::done(&app, &actor, &wants, id, "saved").await
}

/// Tries again at once.
#[utoipa::path(post, path = "/settings/mailboxes/{id}/attempt", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200, description = "tried soon"), (status = 404)))]
pub async fn attempt(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<MailboxId>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    mailboxes::try_now(&app, &actor, id).await?;
    pages::done(&app, &actor, &wants, id, "mailboxes-trying").await
}

/// Removes a mailbox. Its mails stay in Kitt and on its server.
#[utoipa::path(post, path = "/settings/mailboxes/{id}/remove", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200, description = "removed"), (status = 404)))]
pub async fn remove(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<MailboxId>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    mailboxes::remove(&app, &actor, id).await?;
    wants.done("/settings/mailboxes", "mailboxes-removed", &serde_json::json!({}))
}

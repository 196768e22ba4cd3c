//! To a provider's page where somebody lets Kitt in, and back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::form::MailboxForm;
use super::pages::{self, Shown};
use super::show::Problem;
use crate::mailboxes;
use crate::mailboxes::fault::Fault;
use crate::mailboxes::model::Trouble;
use crate::mailboxes::oauth;
use crate::platform::{Actor, App, Error, Id, MailboxId, Query, Result, Right, Wants};

/// Leads to the provider. It changes nothing, and so is a plain link.
#[utoipa::path(get, path = "/settings/mailboxes/{id}/connect", tag = "settings", params(("id" = i64, Path)),
    responses((status = 303, description = "to the provider"), (status = 404)))]
pub async fn connect(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<MailboxId>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let url = mailboxes::consent_page(&app, id, actor.person()?).await?;
    Ok(wants.go(url.as_str()))
}

/// What a provider sends people back with (RFC 6749, 4.1.2).
#[derive(Deserialize, IntoParams)]
pub struct Visit {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// Back from the provider.
#[utoipa::path(get, path = "/settings/mailboxes/oauth", tag = "settings", params(Visit),
    responses((status = 303, description = "connected"), (status = 422)))]
pub async fn callback(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(visit): Query<Visit>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let state = visit.state.unwrap_or_default();
    let asked = oauth::read_state(app.secret(), &state, app.now());
    // A link that somebody else was sent leads nowhere.
    let asked = asked.filter(|asked| Some(asked.person) == actor.person_id());
    let Some(asked) = asked else { return Err(Error::invalid("state", "mailboxes-visit-over")) };
    let id = asked.mailbox;
    let ended = match (visit.code, visit.error) {
        (Some(code), None) => mailboxes::connected(&app, &actor, id, &code, &state).await?,
        (_, error) => {
            let said = [error, visit.error_description].into_iter().flatten().collect::<Vec<_>>().join(" ");
            Err(Fault::saying(Trouble::Consent, &said))
        }
    };
    match ended {
        Ok(()) => pages::done(&app, &actor, &wants, id, "mailboxes-connected").await,
        Err(fault) => {
            let form = MailboxForm::of(&mailboxes::mailbox(&mut app.db.read().await?, id).await?);
            let visit = Some(Problem::of(&wants.words, fault));
            let shown = Shown { form, visit, ..Shown::default() };
            pages::show_page(&app, &actor, &wants, StatusCode::OK, id, shown).await
        }
    }
}

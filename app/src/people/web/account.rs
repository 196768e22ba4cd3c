//! One's own account: password, language, keys, logins.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{device, session_cookie, set_cookie};
use crate::people;
use crate::people::model::Session;
use crate::people::session::{Current, SESSION, hash};
use crate::people::store;
use crate::platform::keys::{KEYS, Keyboard};
use crate::platform::{Actor, App, Area, Error, Id, Input, Language, Page, Result, Right, Wants};

#[derive(Template, Serialize, ToSchema)]
#[template(path = "people/views/account.html")]
struct AccountView {
    #[serde(skip)]
    page: Page,
    name: String,
    sessions: Vec<Session>,
    language: Option<Language>,
    keyboard: Keyboard,
    /// After closing a case, the next one of the list opens.
    goes_on: bool,
}

/// One's own account: language, password, logins.
#[utoipa::path(get, path = "/account", tag = "account", responses((status = 200, body = AccountView)))]
pub(super) async fn account(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    current: Option<Extension<Current>>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let person = actor.person()?;
    let mut tx = app.db.read().await?;
    let mut sessions = store::sessions(&mut tx, person).await?;
    let own = current.map(|Extension(Current(token))| hash(&token));
    for session in &mut sessions {
        session.current = own.as_ref() == Some(&session.id);
        session.id.truncate(16);
    }
    let page = wants.page(&app, &actor, Area::Settings);
    let (name, language, keyboard) = (actor.name.clone(), actor.language, actor.keyboard.clone());
    wants.answer(&AccountView { page, name, sessions, language, keyboard, goes_on: actor.goes_on })
}

#[derive(Deserialize, ToSchema)]
pub(super) struct PasswordForm {
    old: String,
    password: String,
}

/// Changes one's own password; all other logins end.
#[utoipa::path(post, path = "/account/password", tag = "account", request_body = PasswordForm,
    responses((status = 303, description = "changed"), (status = 422)))]
pub(super) async fn change_password(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    headers: HeaderMap,
    Input(form): Input<PasswordForm>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let token = people::change_password(&app, &actor, form.old, form.password, &device(&headers)).await?;
    let mut response = wants.done("/account", "account-password-changed", &serde_json::json!({}))?;
    set_cookie(&mut response, &session_cookie(&app, &token, SESSION.as_secs()))?;
    Ok(response)
}

#[derive(Deserialize, ToSchema)]
pub(super) struct LanguageForm {
    /// Empty: as the browser asks.
    language: String,
}

/// Chooses the interface language.
#[utoipa::path(post, path = "/account/language", tag = "account", request_body = LanguageForm,
    responses((status = 303, description = "chosen")))]
pub(super) async fn choose_language(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<LanguageForm>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    people::choose_language(&app, &actor, Language::from_code(&form.language)).await?;
    wants.done("/account", "saved", &serde_json::json!({}))
}

#[derive(Deserialize, ToSchema)]
pub(super) struct KeysForm {
    /// Empty: no single keys at all.
    #[serde(default)]
    singles: String,
    /// What to press instead of each key of the house; empty or missing: as the house has it.
    #[serde(flatten)]
    own: BTreeMap<String, String>,
}

/// Chooses single keys, or none.
#[utoipa::path(post, path = "/account/keys", tag = "account", request_body = KeysForm,
    responses((status = 303, description = "chosen"), (status = 422)))]
pub(super) async fn choose_keys(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<KeysForm>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let keyboard = Keyboard::chosen(form.singles.is_empty(), |key| form.own.get(key).cloned())?;
    people::choose_keys(&app, &actor, &keyboard).await?;
    wants.done("/account", "saved", &keyboard)
}

#[derive(Deserialize, ToSchema)]
pub(super) struct ClosingForm {
    /// Empty: the case that was closed stays open to look at.
    #[serde(default)]
    goes_on: String,
}

/// Chooses what is shown after a case was closed: it, or the next one of the list.
#[utoipa::path(post, path = "/account/closing", tag = "account", request_body = ClosingForm,
    responses((status = 303, description = "chosen")))]
pub(super) async fn choose_closing(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<ClosingForm>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    people::choose_closing(&app, &actor, !form.goes_on.is_empty()).await?;
    wants.done("/account", "saved", &serde_json::json!({}))
}

/// Ends one of one's own logins.
#[utoipa::path(post, path = "/account/sessions/{id}/end", tag = "account", params(("id" = String, Path)),
    responses((status = 303, description = "ended"), (status = 404)))]
pub(super) async fn end_session(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<String>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let mut tx = app.db.write().await?;
    if store::delete_session_of(&mut tx, actor.person()?, &id).await? == 0 {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    wants.done("/account", "saved", &serde_json::json!({}))
}

//! Login, invitation, own account.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::Session;
use super::session::{COOKIE, Current, SESSION};
use super::store;
use crate::platform::keys::{KEYS, Keyboard};
use crate::platform::server::Peer;
use crate::platform::web::client_ip;
use crate::platform::{Actor, App, Area, Error, Id, Input, Language, Page, Query, Result, Right, Wants};

/// What no mail server delivers to (RFC 5321, 4.5.3.1).
const LONGEST_EMAIL: usize = 320;

/// Bytes of a form here; anybody may send one.
const LARGEST_BODY: usize = 64 * 1024;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(login_page, login))
        .routes(routes!(logout))
        .routes(routes!(welcome_page, welcome))
        .routes(routes!(account))
        .routes(routes!(change_password))
        .routes(routes!(choose_language))
        .routes(routes!(choose_keys))
        .routes(routes!(choose_closing))
        .routes(routes!(end_session))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "people/views/login.html")]
struct LoginView {
    #[serde(skip)]
    page: Page,
    next: String,
    email: String,
    wrong: bool,
}

#[derive(Deserialize, IntoParams)]
struct Next {
    /// Where to go after the login: a path of this house.
    next: Option<String>,
}

/// The login page.
#[utoipa::path(get, path = "/login", tag = "account", params(Next), responses((status = 200, body = LoginView)))]
async fn login_page(
    wants: Wants,
    State(app): State<App>,
    who: Option<Extension<Actor>>,
    Query(query): Query<Next>,
) -> Result<Response> {
    let next = own_path(query.next.as_deref());
    if who.is_some() && !wants.json {
        return Ok(wants.go(&next));
    }
    let page = wants.public_page(&app, Area::Door);
    wants.answer(&LoginView { page, next, email: String::new(), wrong: false })
}

#[derive(Deserialize, ToSchema)]
struct Login {
    email: String,
    password: String,
    next: Option<String>,
}

/// Logs in and sets the session cookie.
#[utoipa::path(post, path = "/login", tag = "account", request_body = Login,
    responses((status = 303, description = "logged in"), (status = 422, description = "wrong"), (status = 429)))]
async fn login(
    wants: Wants,
    State(app): State<App>,
    address: Option<Extension<ConnectInfo<Peer>>>,
    headers: HeaderMap,
    Input(form): Input<Login>,
) -> Result<Response> {
    let from = client_ip(&app, address.map(|Extension(ConnectInfo(Peer(address)))| address), &headers);
    let next = own_path(form.next.as_deref());
    match super::log_in(&app, &form.email, form.password, &device(&headers), &from).await {
        Ok(token) => enter(&app, &wants, &token, &next),
        Err(Error::Invalid(_)) if !wants.json => {
            let page = wants.public_page(&app, Area::Door);
            let view = LoginView { page, next, email: form.email, wrong: true };
            wants.answer_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(error) => Err(error),
    }
}

/// Logs out.
#[utoipa::path(post, path = "/logout", tag = "account", responses((status = 303, description = "logged out")))]
async fn logout(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    current: Option<Extension<Current>>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    if let Some(Extension(Current(token))) = current {
        super::log_out(&app, &token).await?;
    }
    let mut response = wants.go("/login");
    set_cookie(&mut response, &session_cookie(&app, "", 0))?;
    Ok(response)
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "people/views/welcome.html")]
struct WelcomeView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    token: String,
    name: String,
    email: String,
    /// Translation keys of what has to be corrected, by field.
    #[serde(skip)]
    errors: Vec<crate::platform::FieldError>,
}

impl WelcomeView {
    fn error(&self, field: &str) -> Option<&'static str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.word)
    }
}

/// The page behind a one-time link: set name and password.
#[utoipa::path(get, path = "/welcome/{token}", tag = "account", params(("token" = String, Path)),
    responses((status = 200, body = WelcomeView), (status = 404)))]
async fn welcome_page(wants: Wants, State(app): State<App>, Id(token): Id<String>) -> Result<Response> {
    let person = match super::invited(&app, &token).await {
        Err(Error::NotFound) if !wants.json => return spent(&app, &wants),
        invited => invited?,
    };
    let page = wants.public_page(&app, Area::Door);
    wants.answer(&WelcomeView { page, token, name: person.name, email: person.email, errors: Vec::new() })
}

/// What a one-time link leads to once it was used, or is too old.
#[derive(Template, Serialize)]
#[template(path = "people/views/spent.html")]
struct SpentView {
    #[serde(skip)]
    page: Page,
}

fn spent(app: &App, wants: &Wants) -> Result<Response> {
    wants.answer_as(StatusCode::NOT_FOUND, &SpentView { page: wants.public_page(app, Area::Door) })
}

#[derive(Deserialize, ToSchema)]
struct Welcome {
    name: String,
    email: String,
    password: String,
}

/// Uses a one-time link and logs in.
#[utoipa::path(post, path = "/welcome/{token}", tag = "account", params(("token" = String, Path)),
    request_body = Welcome, responses((status = 303, description = "logged in"), (status = 404), (status = 422)))]
async fn welcome(
    wants: Wants,
    State(app): State<App>,
    Id(token): Id<String>,
    headers: HeaderMap,
    Input(form): Input<Welcome>,
) -> Result<Response> {
    let (name, email) = (form.name.trim().to_owned(), form.email.trim().to_owned());
    let accepted = match check_person(&name, &email) {
        Ok(()) => super::accept(&app, &token, &name, &email, form.password, &device(&headers)).await,
        Err(error) => Err(error),
    };
    match accepted {
        Ok(session) => enter(&app, &wants, &session, "/"),
        Err(Error::Invalid(errors)) if !wants.json => {
            let page = wants.public_page(&app, Area::Door);
            let view = WelcomeView { page, token, name, email, errors };
            wants.answer_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(Error::NotFound) if !wants.json => spent(&app, &wants),
        Err(error) => Err(error),
    }
}

/// Are name and e-mail usable?
pub fn check_person(name: &str, email: &str) -> Result<()> {
    let mut errors = Vec::new();
    errors.extend(crate::platform::FieldError::of_text("name", name, 100));
    errors.extend(crate::platform::FieldError::of_text("email", email, LONGEST_EMAIL));
    let parts = email.rsplit_once('@');
    if errors.iter().any(|error| error.field == "email") {
        return Err(Error::Invalid(errors));
    }
    if parts.is_none_or(|(local, host)| local.is_empty() || host.is_empty())
        || email.contains(char::is_whitespace)
    {
        errors.push(crate::platform::FieldError { field: "email", word: "error-field-malformed" });
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

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
async fn account(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    current: Option<Extension<Current>>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let person = actor.person()?;
    let mut tx = app.db.read().await?;
    let mut sessions = store::sessions(&mut tx, person).await?;
    let own = current.map(|Extension(Current(token))| super::session::hash(&token));
    for session in &mut sessions {
        session.current = own.as_ref() == Some(&session.id);
        session.id.truncate(16);
    }
    let page = wants.page(&app, &actor, Area::Settings);
    let (name, language, keyboard) = (actor.name.clone(), actor.language, actor.keyboard.clone());
    wants.answer(&AccountView { page, name, sessions, language, keyboard, goes_on: actor.goes_on })
}

#[derive(Deserialize, ToSchema)]
struct PasswordForm {
    old: String,
    password: String,
}

/// Changes one's own password; all other logins end.
#[utoipa::path(post, path = "/account/password", tag = "account", request_body = PasswordForm,
    responses((status = 303, description = "changed"), (status = 422)))]
async fn change_password(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    headers: HeaderMap,
    Input(form): Input<PasswordForm>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let token = super::change_password(&app, &actor, form.old, form.password, &device(&headers)).await?;
    let mut response = wants.done("/account", "account-password-changed", &serde_json::json!({}))?;
    set_cookie(&mut response, &session_cookie(&app, &token, SESSION.as_secs()))?;
    Ok(response)
}

#[derive(Deserialize, ToSchema)]
struct LanguageForm {
    /// Empty: as the browser asks.
    language: String,
}

/// Chooses the interface language.
#[utoipa::path(post, path = "/account/language", tag = "account", request_body = LanguageForm,
    responses((status = 303, description = "chosen")))]
async fn choose_language(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<LanguageForm>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    super::choose_language(&app, &actor, Language::from_code(&form.language)).await?;
    wants.done("/account", "saved", &serde_json::json!({}))
}

#[derive(Deserialize, ToSchema)]
struct KeysForm {
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
async fn choose_keys(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<KeysForm>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let keyboard = Keyboard::chosen(form.singles.is_empty(), |key| form.own.get(key).cloned())?;
    super::choose_keys(&app, &actor, &keyboard).await?;
    wants.done("/account", "saved", &keyboard)
}

#[derive(Deserialize, ToSchema)]
struct ClosingForm {
    /// Empty: the case that was closed stays open to look at.
    #[serde(default)]
    goes_on: String,
}

/// Chooses what is shown after a case was closed: it, or the next one of the list.
#[utoipa::path(post, path = "/account/closing", tag = "account", request_body = ClosingForm,
    responses((status = 303, description = "chosen")))]
async fn choose_closing(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<ClosingForm>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    super::choose_closing(&app, &actor, !form.goes_on.is_empty()).await?;
    wants.done("/account", "saved", &serde_json::json!({}))
}

/// Ends one of one's own logins.
#[utoipa::path(post, path = "/account/sessions/{id}/end", tag = "account", params(("id" = String, Path)),
    responses((status = 303, description = "ended"), (status = 404)))]
async fn end_session(
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

fn enter(app: &App, wants: &Wants, token: &str, next: &str) -> Result<Response> {
    let mut response = wants.go(next);
    set_cookie(&mut response, &session_cookie(app, token, SESSION.as_secs()))?;
    Ok(response)
}

fn session_cookie(app: &App, token: &str, seconds: u64) -> String {
    let secure = if app.settings().is_https() { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

fn set_cookie(response: &mut Response, cookie: &str) -> Result<()> {
    let value = HeaderValue::from_str(cookie).map_err(anyhow::Error::from)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(())
}

/// Only paths of this house: a link must not send a fresh login to another site.
fn own_path(next: Option<&str>) -> String {
    let next = next.unwrap_or("/");
    // Browsers skip control characters, wherever they stand: "/<tab>/evil.example" is another site.
    let odd = |c: char| c == '\\' || c.is_control();
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains(odd);
    if own { next.to_owned() } else { "/".to_owned() }
}

fn device(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("?").to_owned()
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn a_login_never_leads_to_another_site() {
        for (next, path) in [
            (None, "/"),
            (Some("/cases/26-10001?view=mine"), "/cases/26-10001?view=mine"),
            (Some("https://evil.example"), "/"),
            (Some("//evil.example"), "/"),
            (Some("/\\evil.example"), "/"),
            (Some("/\t/evil.example"), "/"),
            (Some("/\u{0}/evil.example"), "/"),
        ] {
            assert_eq!(own_path(next), path);
        }
    }
}

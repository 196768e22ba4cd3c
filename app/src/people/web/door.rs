//! How people get in and out: login, one-time links.

use askama::Template;
use axum::extract::{ConnectInfo, Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{check_person, device, session_cookie, set_cookie};
use crate::people;
use crate::people::session::{Current, SESSION};
use crate::platform::server::Peer;
use crate::platform::web::client_ip;
use crate::platform::{Actor, App, Area, Error, FieldError, Id, Input, Page, Query, Result, Right, Wants};

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
pub(super) struct Next {
    /// Where to go after the login: a path of this house.
    next: Option<String>,
}

/// The login page.
#[utoipa::path(get, path = "/login", tag = "account", params(Next), responses((status = 200, body = LoginView)))]
pub(super) async fn login_page(
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
pub(super) struct Login {
    email: String,
    password: String,
    next: Option<String>,
}

/// Logs in and sets the session cookie.
#[utoipa::path(post, path = "/login", tag = "account", request_body = Login,
    responses((status = 303, description = "logged in"), (status = 422, description = "wrong"), (status = 429)))]
pub(super) async fn login(
    wants: Wants,
    State(app): State<App>,
    address: Option<Extension<ConnectInfo<Peer>>>,
    headers: HeaderMap,
    Input(form): Input<Login>,
) -> Result<Response> {
    let from = client_ip(&app, address.map(|Extension(ConnectInfo(Peer(address)))| address), &headers);
    let next = own_path(form.next.as_deref());
    match people::log_in(&app, &form.email, form.password, &device(&headers), &from).await {
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
pub(super) async fn logout(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    current: Option<Extension<Current>>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    if let Some(Extension(Current(token))) = current {
        people::log_out(&app, &token).await?;
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
    errors: Vec<FieldError>,
}

impl WelcomeView {
    fn error(&self, field: &str) -> Option<&'static str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.word)
    }
}

/// The page behind a one-time link: set name and password.
#[utoipa::path(get, path = "/welcome/{token}", tag = "account", params(("token" = String, Path)),
    responses((status = 200, body = WelcomeView), (status = 404)))]
pub(super) async fn welcome_page(
    wants: Wants,
    State(app): State<App>,
    Id(token): Id<String>,
) -> Result<Response> {
    let person = match people::invited(&app, &token).await {
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
pub(super) struct Welcome {
    name: String,
    email: String,
    password: String,
}

/// Uses a one-time link and logs in.
#[utoipa::path(post, path = "/welcome/{token}", tag = "account", params(("token" = String, Path)),
    request_body = Welcome, responses((status = 303, description = "logged in"), (status = 404), (status = 422)))]
pub(super) async fn welcome(
    wants: Wants,
    State(app): State<App>,
    Id(token): Id<String>,
    headers: HeaderMap,
    Input(form): Input<Welcome>,
) -> Result<Response> {
    let (name, email) = (form.name.trim().to_owned(), form.email.trim().to_owned());
    let accepted = match check_person(&name, &email) {
        Ok(()) => people::accept(&app, &token, &name, &email, form.password, &device(&headers)).await,
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

fn enter(app: &App, wants: &Wants, token: &str, next: &str) -> Result<Response> {
    let mut response = wants.go(next);
    set_cookie(&mut response, &session_cookie(app, token, SESSION.as_secs()))?;
    Ok(response)
}

/// Only paths of this house: a link must not send a fresh login to another site.
fn own_path(next: Option<&str>) -> String {
    let next = next.unwrap_or("/");
    // Browsers skip control characters, wherever they stand: "/<tab>/evil.example" is another site.
    let odd = |c: char| c == '\\' || c.is_control();
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains(odd);
    if own { next.to_owned() } else { "/".to_owned() }
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

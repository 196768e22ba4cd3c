//! Login, invitation, own account.

mod account;
mod door;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::session::COOKIE;
use crate::platform::{App, Error, FieldError, Result};

/// What no mail server delivers to (RFC 5321, 4.5.3.1).
const LONGEST_EMAIL: usize = 320;

/// Bytes of a form here; anybody may send one.
const LARGEST_BODY: usize = 64 * 1024;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(door::login_page, door::login))
        .routes(routes!(door::logout))
        .routes(routes!(door::welcome_page, door::welcome))
        .routes(routes!(account::account))
        .routes(routes!(account::change_password))
        .routes(routes!(account::choose_language))
        .routes(routes!(account::choose_keys))
        .routes(routes!(account::choose_closing))
        .routes(routes!(account::end_session))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

/// Are name and e-mail usable?
pub fn check_person(name: &str, email: &str) -> Result<()> {
    let mut errors = Vec::new();
    errors.extend(FieldError::of_text("name", name, 100));
    errors.extend(FieldError::of_text("email", email, LONGEST_EMAIL));
    let parts = email.rsplit_once('@');
    if errors.iter().any(|error| error.field == "email") {
        return Err(Error::Invalid(errors));
    }
    if parts.is_none_or(|(local, host)| local.is_empty() || host.is_empty())
        || email.contains(char::is_whitespace)
    {
        errors.push(FieldError { field: "email", word: "error-field-malformed" });
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
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

fn device(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("?").to_owned()
}

//! Turns an error into a page or a problem (RFC 9457), in the reader's language.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use super::page::{Area, Page};
use super::wants::Wants;
use crate::platform::{Actor, App, Error, FieldError, OwnFieldError, Words};

#[derive(Template)]
#[template(path = "platform/views/error.html")]
struct ErrorView {
    page: Page,
    word: &'static str,
    fields: Vec<Field>,
    /// The page that may come if it is asked for once more.
    again: Option<String>,
    /// The page to go back to.
    back: String,
}

/// What every error looks like to a program (RFC 9457).
#[derive(Serialize, utoipa::ToSchema)]
pub struct Problem {
    r#type: &'static str,
    title: String,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(inline)]
    errors: Vec<Field>,
}

/// A field that has to be corrected.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Field {
    field: String,
    message: String,
}

impl Field {
    fn of(error: &FieldError, words: &Words) -> Self {
        Self { field: error.field.to_owned(), message: words.t(error.word).into_owned() }
    }

    fn of_own(error: &OwnFieldError, words: &Words) -> Self {
        let name = ("field", error.name.in_language(words.language));
        let value = error.value.as_ref().map_or("", |value| value.in_language(words.language));
        let message = words.with2(error.word, name, ("value", value)).into_owned();
        Self { field: error.field.clone(), message }
    }
}

/// Renders errors that handlers left in the response.
pub async fn explain(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let wants = Wants::of(&parts, &app);
    let actor = parts.extensions.get::<Actor>().cloned();
    // The pattern only: addresses may hold secrets, as invitations do.
    let route = parts.extensions.get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let safe = parts.method.is_safe();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(error) = response.extensions().get::<Arc<Error>>().cloned() else { return response };
    if let Error::Broken(cause) = &*error {
        tracing::error!(route, cause = format!("{cause:#}"), "a request failed");
    }
    if !wants.json && matches!(*error, Error::LoggedOut) {
        return to_login(&wants, safe);
    }
    let mut explained = render(&app, &wants, actor, &error, safe);
    if let Error::TooMany(seconds) = &*error {
        explained.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    explained
}

/// Asks for a login that leads back: to what was asked for, or to the page from which something was sent, since
/// what was sent cannot be asked for.
fn to_login(wants: &Wants, safe: bool) -> Response {
    let page = if safe { Some(wants.url.as_str()) } else { wants.from.as_deref() };
    let next: String = url::form_urlencoded::byte_serialize(page.unwrap_or("/").as_bytes()).collect();
    wants.go(&format!("/login?next={next}"))
}

fn render(app: &App, wants: &Wants, actor: Option<Actor>, error: &Error, safe: bool) -> Response {
    let status = error.status();
    let fields = match error {
        Error::Invalid(fields) => fields.iter().map(|field| Field::of(field, &wants.words)).collect(),
        Error::OwnFields(fields) => fields.iter().map(|field| Field::of_own(field, &wants.words)).collect(),
        _ => Vec::new(),
    };
    if wants.json {
        let problem = Problem {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: wants.words.t(error.word()).into_owned(),
            errors: fields,
        };
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        return (status, kind, Json(problem)).into_response();
    }
    let mut page = wants.public_page(app, Area::Door);
    if actor.is_some() {
        page.area = Area::of(&wants.url);
    }
    page.actor = actor;
    let back = wants.from.clone().filter(|page| *page != wants.url).unwrap_or_else(|| "/".to_owned());
    // What was sent cannot be asked for again: the page that sent it still has it.
    let passes = matches!(error, Error::Broken(_) | Error::TooMany(_));
    let again = (safe && passes).then(|| wants.url.clone());
    let view = ErrorView { page, word: error.word(), fields, again, back };
    match view.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => status.into_response(),
    }
}

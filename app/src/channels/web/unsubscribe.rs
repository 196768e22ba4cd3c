//! The page on which somebody declines mail, and the request by which a mail program does so in their name.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::files::bare;
use super::gate::Gate;
use crate::cases;
use crate::channels::unsubscribe;
use crate::customers::Way;
use crate::platform::{App, Area, Error, Id, Page, Result, Wants};

/// What a mail program sends (RFC 8058, 3.2).
const ONE_CLICK: &[u8] = b"One-Click";

#[derive(Template, Serialize, ToSchema)]
#[template(path = "channels/views/unsubscribe.html")]
pub struct UnsubscribeView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    token: String,
    house: String,
    /// Whom to ask.
    address: String,
    /// It is noted.
    done: bool,
}

fn view(app: &App, wants: &Wants, token: String, done: bool) -> Result<Response> {
    let page = wants.public_page(app, Area::Door);
    let (house, address) = (app.settings().house.clone(), app.settings().mail_from.clone());
    bare(wants, StatusCode::OK, &UnsubscribeView { page, token, house, address, done })
}

/// Asks whether somebody wants no more messages of this kind. Changes nothing: programs open links, too.
#[utoipa::path(get, path = "/unsubscribe/{token}", tag = "public", params(("token" = String, Path)),
    responses((status = 200, body = UnsubscribeView), (status = 404), (status = 429)))]
pub async fn ask(wants: Wants, State(app): State<App>, _: Gate, Id(token): Id<String>) -> Result<Response> {
    let contact = unsubscribe::read(&app, &token).ok_or(Error::NotFound)?;
    let found = cases::contact(&mut app.db.read().await?, contact).await?;
    if !found.purpose.is_optional() {
        return Err(Error::NotFound);
    }
    view(&app, &wants, token, false)
}

/// Notes that somebody wants no more messages of this kind. The token is the proof: no login, no cookie.
#[utoipa::path(post, path = "/unsubscribe/{token}", tag = "public", params(("token" = String, Path)),
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = UnsubscribeView), (status = 404), (status = 429)))]
pub async fn decline(
    wants: Wants,
    State(app): State<App>,
    _: Gate,
    Id(token): Id<String>,
    body: Bytes,
) -> Result<Response> {
    let contact = unsubscribe::read(&app, &token).ok_or(Error::NotFound)?;
    let one_click = body.windows(ONE_CLICK.len()).any(|part| part == ONE_CLICK);
    let way = if one_click { Way::OneClick } else { Way::Page };
    let mut tx = app.db.write().await?;
    unsubscribe::decline(&app, &mut tx, contact, way).await?;
    tx.commit().await?;
    view(&app, &wants, token, true)
}

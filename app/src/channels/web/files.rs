//! Files that went as links: their page and the file for who has the address, and what people here do with them.

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::gate::Gate;
use crate::cases;
use crate::cases::Attachment;
use crate::channels::links;
use crate::channels::links::FileLink;
use crate::platform::{Actor, App, Area, Error, Id, Page, Result, Right, Timestamp, Tx, Wants};

/// Runs nothing and sends nothing anywhere; the page works in any program.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

#[derive(Template, Serialize, ToSchema)]
#[template(path = "channels/views/file.html")]
pub struct FileView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    token: String,
    /// Whom to ask.
    house: String,
    address: String,
    /// `None`: it is not here any more.
    file: Option<Shown>,
}

/// What is told of a file that can be fetched.
#[derive(Serialize, ToSchema)]
pub struct Shown {
    name: String,
    size: i64,
    until: Timestamp,
}

impl FileView {
    fn told(&self, file: &Shown) -> String {
        let (size, day) = (self.page.size(&file.size), self.page.day(&file.until));
        self.page.with2("file-told", ("size", size), ("day", day)).into_owned()
    }
}

/// The page of a file that was too large for a mail.
#[utoipa::path(get, path = "/files/{token}", tag = "public", params(("token" = String, Path)),
    responses((status = 200, body = FileView), (status = 404), (status = 410, body = FileView), (status = 429)))]
pub async fn page(wants: Wants, State(app): State<App>, _: Gate, Id(token): Id<String>) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let link = links::read(&app, &mut tx, &token).await?;
    let file = open(&app, &mut tx, &link).await?;
    let shown = file.map(|file| Shown { name: file.name, size: file.size, until: link.until });
    let status = if shown.is_some() { StatusCode::OK } else { StatusCode::GONE };
    tell(&app, &wants, status, token, shown)
}

/// The file itself: always to be saved, never to be shown here.
#[utoipa::path(get, path = "/files/{token}/content", tag = "public", params(("token" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream"), (status = 404),
        (status = 410, body = FileView), (status = 429)))]
pub async fn content(
    method: Method,
    wants: Wants,
    State(app): State<App>,
    _: Gate,
    Id(token): Id<String>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let link = links::read(&app, &mut tx, &token).await?;
    let file = open(&app, &mut tx, &link).await?;
    drop(tx);
    let Some(file) = file else { return tell(&app, &wants, StatusCode::GONE, token, None) };
    let Some((size, pieces)) = app.blobs.stream(&file.blob).await? else {
        return tell(&app, &wants, StatusCode::GONE, token, None);
    };
    if method == Method::GET {
        links::count(&app, &link).await?;
    }
    let disposition = format!("attachment; filename*=UTF-8''{}", cases::web::encoded_name(&file.name));
    let disposition = HeaderValue::from_str(&disposition).map_err(anyhow::Error::from)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_LENGTH, HeaderValue::from(size)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, private(), Body::from_stream(pieces)).into_response())
}

/// The file of a link, if it can be fetched and is still here.
async fn open(app: &App, tx: &mut Tx, link: &FileLink) -> Result<Option<Attachment>> {
    if !link.is_open(app.now()) {
        return Ok(None);
    }
    match cases::attachment(tx, link.attachment).await {
        Ok(file) => Ok(Some(file)),
        // Erased with its customer.
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn tell(
    app: &App,
    wants: &Wants,
    status: StatusCode,
    token: String,
    file: Option<Shown>,
) -> Result<Response> {
    let page = wants.public_page(app, Area::Door);
    let (house, address) = (app.settings().house.clone(), app.settings().mail_from.clone());
    bare(wants, status, &FileView { page, token, house, address, file })
}

/// A page for people outside, without scripts and without traces.
pub fn bare<V: Template + Serialize>(wants: &Wants, status: StatusCode, view: &V) -> Result<Response> {
    let mut response = if wants.json {
        (status, axum::Json(view)).into_response()
    } else {
        (status, Html(view.render().map_err(anyhow::Error::from)?)).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.extend(private().map(|(name, value)| (Some(name), value)));
    Ok(response)
}

/// An address that is a secret goes into no other site's log, and into no search engine.
const fn private() -> [(HeaderName, HeaderValue); 2] {
    [
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
    ]
}

/// Withdraws a link: nobody can fetch the file any more.
#[utoipa::path(post, path = "/attachments/{id}/link/end", tag = "channels", params(("id" = i64, Path)),
    responses((status = 200, body = FileLink), (status = 404)))]
pub async fn withdraw(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let link = links::withdraw(&app, &actor, id).await?;
    back(&app, &wants, &link, "file-link-withdrawn").await
}

/// Lets a link be valid for longer, counted from now.
#[utoipa::path(post, path = "/attachments/{id}/link/extension", tag = "channels", params(("id" = i64, Path)),
    responses((status = 200, body = FileLink), (status = 404)))]
pub async fn extend(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let link = links::extend(&app, &actor, id).await?;
    back(&app, &wants, &link, "file-link-extended").await
}

async fn back(app: &App, wants: &Wants, link: &FileLink, word: &'static str) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let contact = cases::contact(&mut tx, link.contact).await?;
    let number = cases::case(&mut tx, contact.case).await?.number;
    wants.done(&format!("/cases/{number}"), word, link)
}

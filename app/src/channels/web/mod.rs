//! Mail over HTTP, what could not be read, and what left.

mod acknowledgements;
mod files;
mod gate;
mod rules;
mod sending;
mod sent;
mod source;
mod suppressed;
mod undo;
mod unsubscribe;

use std::time::Duration;

use askama::Template;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cases;
use crate::channels::intake;
use crate::channels::model::{Delivery, Received, Route, State as MailState};
use crate::channels::proof;
use crate::channels::proof::report;
use crate::channels::raw;
use crate::channels::smtp::LARGEST;
use crate::channels::store;
use crate::channels::worker;
use crate::platform::parts;
use crate::platform::{
    Actor, App, Area, Error, Id, Page, Query, ReceivedId, Result, Right, Tx, Wants, Words,
};

/// How long a delivery waits to be told its case.
const PATIENCE: Duration = Duration::from_secs(2);

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(acknowledgements::show))
        .routes(routes!(acknowledgements::set))
        .routes(routes!(deliver))
        .routes(routes!(unprocessable))
        .routes(routes!(retry))
        .routes(routes!(retry_all))
        .merge(proof::routes())
        .routes(routes!(received_raw))
        .routes(routes!(source::contact_raw))
        .routes(routes!(source::source))
        .routes(routes!(sent::sent))
        .routes(routes!(sent::sent_mail))
        .routes(routes!(sent::sent_raw))
        .routes(routes!(suppressed::suppressions))
        .routes(routes!(suppressed::send_anyway))
        .routes(routes!(sending::show))
        .routes(routes!(undo::set))
        .routes(routes!(sending::set_queue))
        .routes(routes!(rules::set))
        .routes(routes!(sending::create_key))
        .routes(routes!(sending::check_key))
        .routes(routes!(sending::set_signs))
        .routes(routes!(sending::remove_key))
        .routes(routes!(files::page))
        .routes(routes!(files::content))
        .routes(routes!(files::withdraw))
        .routes(routes!(files::extend))
        .routes(routes!(unsubscribe::ask, unsubscribe::decline))
}

#[derive(Deserialize, IntoParams)]
struct Envelope {
    /// Whom the mail is for; without it, its own header says so.
    to: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Delivered {
    /// The mail is kept under this id.
    received: ReceivedId,
    state: MailState,
    /// Once it was filed, which mostly takes less than a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<CaseRef>,
}

#[derive(Serialize, ToSchema)]
struct CaseRef {
    number: String,
}

/// Takes a raw message (RFC 5322), whatever its content type says.
///
/// Answers once its bytes are durable: 200 with its case, or 202 if it is not filed within two seconds.
#[utoipa::path(post, path = "/mail", tag = "channels", params(Envelope), request_body(content = String, content_type = "message/rfc822"),
    responses((status = 200, body = Delivered), (status = 202, body = Delivered), (status = 413), (status = 422)))]
async fn deliver(
    actor: Actor,
    State(app): State<App>,
    Query(envelope): Query<Envelope>,
    raw: Bytes,
) -> Result<Response> {
    actor.may(Right::DeliverMail)?;
    if raw.is_empty() {
        return Err(Error::invalid("body", "error-field-required"));
    }
    if LARGEST < raw.len() {
        return Err(Error::TooLarge(LARGEST));
    }
    let to = envelope.to.into_iter().collect();
    let delivery = Delivery { route: Route::Api, from: None, to, peer: None, raw: raw.into(), queue: None };
    let id = intake::keep(&app, delivery).await?;
    let mail = worker::wait_for(&app, id, PATIENCE).await?;
    let case = match mail.case {
        Some(case) => {
            let mut tx = app.db.read().await?;
            Some(CaseRef { number: cases::case(&mut tx, case).await?.number })
        }
        None => None,
    };
    let status = if mail.state == MailState::Received { StatusCode::ACCEPTED } else { StatusCode::OK };
    Ok((status, Json(Delivered { received: id, state: mail.state, case })).into_response())
}

#[derive(Deserialize, IntoParams)]
struct Part {
    /// At most 200.
    limit: Option<i64>,
    /// From `next` of the part before.
    cursor: Option<String>,
}

impl Part {
    fn limit(&self) -> i64 {
        parts::limit(self.limit, 50)
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "channels/views/unprocessable.html")]
struct UnprocessableView {
    #[serde(skip)]
    page: Page,
    items: Vec<Unread>,
    next: Option<String>,
}

/// A mail that nobody could make sense of, with what it says of itself.
#[derive(Serialize, ToSchema)]
struct Unread {
    #[serde(flatten)]
    mail: Received,
    subject: Option<String>,
    from: Option<String>,
    /// The reason in words.
    why: String,
}

/// The word of a reason; codes that came later than the words are failures like others.
fn word_of(reason: &str) -> &'static str {
    match reason {
        "empty" => "channels-reason-empty",
        "not_a_message" => "channels-reason-not-a-message",
        "deadly" => "channels-reason-deadly",
        "panic" => "channels-reason-panic",
        report::CAME_BACK => "channels-reason-report",
        _ => "channels-reason-failing",
    }
}

/// Looks into those mails that are small, and did not end the program that read them.
async fn look(tx: &mut Tx, words: &Words, mails: Vec<Received>) -> Result<Vec<Unread>> {
    let harmless = mails.iter().filter(|mail| mail.reason.as_deref() != Some("deadly"));
    let ids: Vec<ReceivedId> = harmless.map(|mail| mail.id).collect();
    let mut raws = store::raws(tx, &ids).await?;
    let told = mails.into_iter().map(|mail| {
        let raw = raws.remove(&mail.id).and_then(|raw| lz4_flex::decompress_size_prepended(&raw).ok());
        let heading = raw.map(|raw| mail::heading(&raw)).unwrap_or_default();
        let why = words.t(word_of(mail.reason.as_deref().unwrap_or_default())).into_owned();
        Unread { mail, subject: heading.subject, from: heading.from, why }
    });
    Ok(told.collect())
}

impl UnprocessableView {
    fn from(&self, unread: &Unread) -> String {
        let envelope = unread.mail.envelope_from.as_deref().filter(|from| !from.is_empty());
        let from = unread.from.as_deref().or(envelope);
        from.map_or_else(|| self.page.t("channels-from-unknown").into_owned(), str::to_owned)
    }
}

/// Mails that nobody could make sense of.
#[utoipa::path(get, path = "/unprocessable", tag = "channels", params(Part),
    responses((status = 200, body = UnprocessableView)))]
async fn unprocessable(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(part): Query<Part>,
) -> Result<Response> {
    actor.may(Right::ReadUnprocessable)?;
    let limit = part.limit();
    let cursor = part.cursor.as_deref().and_then(|cursor| cursor.parse().ok()).map(ReceivedId);
    let mut tx = app.db.read().await?;
    let items = store::unprocessable(&mut tx, cursor, limit + 1).await?;
    let (items, next) = parts::cut(items, limit, |last| last.id.to_string());
    let items = look(&mut tx, &wants.words, items).await?;
    let page = wants.page(&app, &actor, Area::Settings);
    wants.answer(&UnprocessableView { page, items, next })
}

/// Reads a mail once more, after what was in the way is gone.
#[utoipa::path(post, path = "/unprocessable/{id}/retry", tag = "channels", params(("id" = i64, Path)),
    responses((status = 303, description = "being read again"), (status = 404)))]
async fn retry(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<ReceivedId>,
) -> Result<Response> {
    actor.may(Right::ReadUnprocessable)?;
    worker::retry(&app, &actor, id).await?;
    let mail = worker::wait_for(&app, id, PATIENCE).await?;
    let word = match mail.state {
        MailState::Done => "channels-retry-done",
        MailState::Received => "channels-retry-started",
        MailState::Unprocessable => "channels-retry-failed",
    };
    wants.done("/unprocessable", word, &mail)
}

#[derive(Serialize, ToSchema)]
struct Retried {
    mails: usize,
}

/// Reads all mails once more, as after an upgrade.
#[utoipa::path(post, path = "/unprocessable/retries", tag = "channels",
    responses((status = 303, description = "being read again")))]
async fn retry_all(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ReadUnprocessable)?;
    let mails = worker::retry_all(&app, &actor).await?;
    wants.done("/unprocessable", "channels-retry-all-started", &Retried { mails })
}

/// The raw bytes of a received mail, as they came.
#[utoipa::path(get, path = "/received/{id}/raw", tag = "channels", params(("id" = i64, Path)),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404)))]
async fn received_raw(actor: Actor, State(app): State<App>, Id(id): Id<ReceivedId>) -> Result<Response> {
    actor.may(Right::ReadUnprocessable)?;
    let mut tx = app.db.read().await?;
    if let Some(case) = store::received(&mut tx, id).await?.case {
        cases::sight::seen(&mut tx, &actor, case).await?;
    }
    drop(tx);
    as_it_came(&app, id).await
}

async fn as_it_came(app: &App, id: ReceivedId) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let mail = store::received(&mut tx, id).await?;
    let bytes = store::raw(&mut tx, id).await?;
    drop(tx);
    let raw = raw::load(app, bytes, mail.blob.as_deref()).await?;
    Ok(download(&format!("{id}.eml"), raw))
}

/// A file to be saved: never rendered, whatever is in it.
fn download(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}

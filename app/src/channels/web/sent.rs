//! Mails that left, as they left: what the demonstration's sink shows, and what an administrator checks.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Part, download};
use crate::cases;
use crate::cases::{Problem, State as ContactState};
use crate::channels::model::SentLine;
use crate::channels::raw;
use crate::channels::store;
use crate::platform::parts;
use crate::platform::{Actor, App, Area, ContactId, Error, Id, Page, Query, Result, Right, Timestamp, Wants};

#[derive(Template, Serialize, ToSchema)]
#[template(path = "channels/views/sent.html")]
pub struct SentView {
    #[serde(skip)]
    page: Page,
    items: Vec<SentItem>,
    next: Option<String>,
}

/// A mail that left, and how it fares.
#[derive(Serialize, ToSchema)]
pub struct SentItem {
    #[serde(flatten)]
    mail: SentLine,
    state: ContactState,
    problem: Option<Problem>,
}

/// Mails that left, newest first.
#[utoipa::path(get, path = "/sent", tag = "channels", params(Part), responses((status = 200, body = SentView)))]
pub async fn sent(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(part): Query<Part>,
) -> Result<Response> {
    actor.may(Right::ReadUnprocessable)?;
    let limit = part.limit();
    let mut tx = app.db.read().await?;
    let items = store::sent(&mut tx, cursor(&part), limit + 1).await?;
    let (mut items, next) = parts::cut(items, limit, |last| format!("{}.{}", last.at.0, last.contact));
    let ids: Vec<ContactId> = items.iter().map(|mail| mail.contact).collect();
    let unseen = cases::sight::unseen_contacts(&mut tx, &actor, &ids).await?;
    items.retain(|mail| !unseen.contains(&mail.contact));
    let fates = cases::fates(&mut tx, &ids).await?;
    let with_fate = |mail: SentLine| {
        let (state, problem) = fates.get(&mail.contact).copied().unwrap_or((ContactState::Sent, None));
        SentItem { mail, state, problem }
    };
    let page = wants.page(&app, &actor, Area::Settings);
    wants.answer(&SentView { page, items: items.into_iter().map(with_fate).collect(), next })
}

pub fn cursor(part: &Part) -> Option<(Timestamp, ContactId)> {
    let (at, contact) = part.cursor.as_deref()?.split_once('.')?;
    Some((Timestamp(at.parse().ok()?), ContactId(contact.parse().ok()?)))
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "channels/views/sent_mail.html")]
pub struct SentMailView {
    #[serde(skip)]
    page: Page,
    contact: ContactId,
    from: String,
    to: String,
    reply_to: String,
    subject: String,
    text: String,
    attachments: Vec<String>,
}

/// One mail that left.
#[utoipa::path(get, path = "/sent/{id}", tag = "channels", params(("id" = i64, Path)),
    responses((status = 200, body = SentMailView), (status = 404)))]
pub async fn sent_mail(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(contact): Id<ContactId>,
) -> Result<Response> {
    actor.may(Right::ReadUnprocessable)?;
    let raw = bytes(&app, &actor, contact).await?;
    let mail = mail::parse(&raw).map_err(anyhow::Error::from)?;
    let first =
        |addresses: &[mail::Address]| addresses.first().map(|one| one.address.clone()).unwrap_or_default();
    let page = wants.page(&app, &actor, Area::Settings);
    wants.answer(&SentMailView {
        page,
        contact,
        from: first(&mail.from),
        to: first(&mail.to),
        reply_to: first(&mail.reply_to),
        subject: mail.subject,
        text: mail.text,
        attachments: mail.attachments.into_iter().map(|file| file.name).collect(),
    })
}

/// The raw bytes of a mail that left.
#[utoipa::path(get, path = "/sent/{id}/raw", tag = "channels", params(("id" = i64, Path)),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404)))]
pub async fn sent_raw(actor: Actor, State(app): State<App>, Id(contact): Id<ContactId>) -> Result<Response> {
    actor.may(Right::ReadUnprocessable)?;
    Ok(download(&format!("sent-{contact}.eml"), bytes(&app, &actor, contact).await?))
}

async fn bytes(app: &App, actor: &Actor, contact: ContactId) -> Result<Vec<u8>> {
    let mut tx = app.db.read().await?;
    if !cases::sight::unseen_contacts(&mut tx, actor, &[contact]).await?.is_empty() {
        return Err(Error::NotFound);
    }
    let outgoing = store::outgoing(&mut tx, contact).await?.ok_or(Error::NotFound)?;
    drop(tx);
    if outgoing.raw.is_none() && outgoing.blob.is_none() {
        return Err(Error::NotFound);
    }
    raw::load(app, outgoing.raw, outgoing.blob.as_deref()).await
}

//! Answers and notes.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::upload::Upload;
use super::{Changed, bodies, find};
use crate::cases::recipients;
use crate::cases::recipients::{Place, Recipient};
use crate::cases::store;
use crate::cases::undo::TakenBack;
use crate::cases::{Answer, NewAttachment, Then};
use crate::customers::Purpose;
use crate::platform::web::moment;
use crate::platform::{Actor, App, CaseId, ContactId, Error, Id, Input, Result, Right, Wants};

/// A new contact.
#[derive(Serialize, ToSchema)]
pub(super) struct Written {
    pub number: String,
    pub contact: ContactId,
}

/// Writes to the customer; the answer leaves after ten seconds, in which it can be taken back.
#[utoipa::path(post, path = "/cases/{number}/replies", tag = "cases", params(("number" = String, Path)),
    request_body = Upload, responses((status = 200, body = Written), (status = 422)))]
pub(super) async fn reply(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    upload: Upload,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let then = match upload.then.as_str() {
        "" | "wait" => Then::Wait,
        "open" => Then::StayOpen,
        "close" => Then::Close,
        _ => return Err(Error::invalid("then", "error-field-malformed")),
    };
    let recipients = named(&upload)?;
    let at = match upload.at.trim() {
        "" => None,
        text => Some(moment(&app, "at", text)?),
    };
    let written = bodies::read(&app, case.id, upload.body, &upload.body_format).await?;
    let answer = Answer {
        text: written.text,
        html: written.html,
        to: None,
        recipients,
        attachments: [written.pictures, again(&app, case.id, &upload.again).await?, upload.files].concat(),
        then,
        automatic: false,
        purpose: Purpose::Service,
        seen: upload.seen.map(ContactId),
        at,
        draft: upload.draft,
    };
    let contact = crate::cases::reply(&app, &actor, case.id, answer).await?;
    wants.done(&format!("/cases/{number}"), "case-replied", &Written { number, contact })
}

/// Files of the case that go along once more.
async fn again(app: &App, case: CaseId, files: &[i64]) -> Result<Vec<NewAttachment>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let found = store::attachments_in(&mut app.db.read().await?, case, files).await?;
    if found.len() < files.len() {
        return Err(Error::invalid("again", "error-field-malformed"));
    }
    Ok(found.into_iter().map(NewAttachment::again).collect())
}

/// Everybody whom To, Cc and Bcc of a form name.
pub(super) fn named(upload: &Upload) -> Result<Vec<Recipient>> {
    let mut all = recipients::read(Place::To, upload.to.as_deref().unwrap_or_default())?;
    all.extend(recipients::read(Place::Cc, &upload.cc)?);
    all.extend(recipients::read(Place::Bcc, &upload.bcc)?);
    Ok(all)
}

/// Adds an internal note; customers never see it.
#[utoipa::path(post, path = "/cases/{number}/notes", tag = "cases", params(("number" = String, Path)),
    request_body = Upload, responses((status = 200, body = Written), (status = 422)))]
pub(super) async fn note(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    upload: Upload,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let written = bodies::read(&app, case.id, upload.body, &upload.body_format).await?;
    let files = [written.pictures, upload.files].concat();
    let contact =
        crate::cases::note_drafted(&app, &actor, case.id, &written.text, files, upload.draft).await?;
    wants.done(&format!("/cases/{number}"), "case-noted", &Written { number, contact })
}

/// What was taken back, for who does not see cases and of what is about none.
#[derive(Serialize)]
struct TakenBackJson {
    undo: i64,
}

/// Takes back what the person did, with a case or with what opens cases, while it is as that left it. It takes the right
/// that doing it took.
#[utoipa::path(post, path = "/undos/{id}", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Changed), (status = 404), (status = 422)))]
pub(super) async fn take_back(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let word = "case-taken-back";
    match crate::cases::undo::take_back(&app, &actor, id).await? {
        // Who did it in a list goes on there.
        TakenBack::Case(case) if actor.can(Right::ReadCases) => {
            let from = wants.from.as_deref().and_then(|from| from.split('?').next());
            let list = from.filter(|from| ["/tasks", "/handoffs"].contains(from)).map(str::to_owned);
            let page = list.unwrap_or_else(|| format!("/cases/{}", case.number));
            wants.done(&page, word, &Changed::of(*case))
        }
        TakenBack::Case(_) => wants.done("/handoffs", word, &TakenBackJson { undo: id }),
        TakenBack::Page(page) => {
            // Who did it on the page of one of them goes on there.
            let from = wants.from.as_deref().and_then(|from| from.split('?').next());
            let below =
                |from: &&str| from.strip_prefix(page.as_str()).is_some_and(|rest| rest.starts_with('/'));
            wants.done(from.filter(below).unwrap_or(&page), word, &TakenBackJson { undo: id })
        }
    }
}

/// Takes a written answer back, as long as it has not left. Its text waits in the case, withdrawn.
#[utoipa::path(post, path = "/contacts/{id}/undo", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Written), (status = 422)))]
pub(super) async fn undo(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let contact = crate::cases::withdraw(&app, &actor, ContactId(id)).await?;
    back_to(&app, &wants, &contact, "case-withdrawn").await
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Again {
    /// Another address; empty or missing: the same one.
    #[serde(default)]
    to: String,
}

/// Tries a failed answer again, to another address if one is given.
#[utoipa::path(post, path = "/contacts/{id}/retry", tag = "cases", params(("id" = i64, Path)), request_body = Again,
    responses((status = 200, body = Written), (status = 409), (status = 422)))]
pub(super) async fn send_again(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<Again>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let to = Some(form.to.trim()).filter(|to| !to.is_empty());
    if to.is_some_and(|to| !recipients::is_address(to)) {
        return Err(Error::invalid("to", "error-field-malformed"));
    }
    let contact = crate::cases::send_again(&app, &actor, ContactId(id), to).await?;
    back_to(&app, &wants, &contact, "case-replied").await
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Time {
    /// RFC 3339, or a local date and time as a form sends it.
    at: String,
}

/// Another moment for an answer that waits to leave.
#[utoipa::path(post, path = "/contacts/{id}/time", tag = "cases", params(("id" = i64, Path)), request_body = Time,
    responses((status = 200, body = Written), (status = 422)))]
pub(super) async fn reschedule(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<Time>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let at = moment(&app, "at", &form.at)?;
    let contact = crate::cases::reschedule(&app, &actor, ContactId(id), at).await?;
    back_to(&app, &wants, &contact, "case-planned").await
}

pub(super) async fn back_to(
    app: &App,
    wants: &Wants,
    contact: &crate::cases::Contact,
    word: &'static str,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let number = crate::cases::case(&mut tx, contact.case).await?.number;
    wants.done(&format!("/cases/{number}"), word, &Written { number: number.clone(), contact: contact.id })
}

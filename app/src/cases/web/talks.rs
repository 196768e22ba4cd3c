//! Side conversations, and messages that are sent on.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::upload::Upload;
use super::write::{Written, back_to, named};
use super::{bodies, find};
use crate::cases::NewTalk;
use crate::cases::recipients;
use crate::cases::recipients::Place;
use crate::platform::{Actor, App, ContactId, Id, Input, Result, Right, Wants};

/// Writes to somebody who is not the customer: a new side conversation, or one that goes on. With `files_of` the files
/// of a contact go along, as when it is forwarded.
#[utoipa::path(post, path = "/cases/{number}/talks", tag = "cases", params(("number" = String, Path)),
    request_body = Upload, responses((status = 200, body = Written), (status = 404), (status = 422)))]
pub(super) async fn say(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    upload: Upload,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let recipients = named(&upload)?;
    let written = bodies::read(&app, case.id, upload.body, &upload.body_format).await?;
    let new = NewTalk {
        talk: upload.talk,
        recipients,
        subject: upload.subject,
        text: written.text,
        html: written.html,
        attachments: [written.pictures, upload.files].concat(),
        with_files_of: upload.files_of.map(ContactId),
        draft: upload.draft,
    };
    let contact = crate::cases::say(&app, &actor, case.id, new).await?;
    wants.done(&format!("/cases/{number}"), "talk-written", &Written { number, contact })
}

/// Whom a message is sent on to.
#[derive(Deserialize, ToSchema)]
pub(super) struct PassOn {
    /// `Name <address>, address`
    to: String,
}

/// Sends a received message on as it is, under its own sender.
#[utoipa::path(post, path = "/contacts/{id}/redirects", tag = "cases", params(("id" = i64, Path)),
    request_body = PassOn, responses((status = 200, body = Written), (status = 404), (status = 422)))]
pub(super) async fn pass_on(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<PassOn>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let to = recipients::read(Place::To, &form.to)?;
    let contact = crate::cases::pass_on(&app, &actor, ContactId(id), to).await?;
    let contact = crate::cases::contact(&mut app.db.read().await?, contact).await?;
    back_to(&app, &wants, &contact, "talk-passed-on").await
}

//! What is being written, and the pictures in it.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::upload::Upload;
use super::{bodies, find, number_or_empty};
use crate::cases::drafts::{DraftKind, Kept, Typed};
use crate::cases::sight;
use crate::cases::store;
use crate::platform::{Actor, App, CaseId, Error, Id, Input, Result, Right, Wants};

/// Pictures that a mail program shows within a text.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/// Bytes of a picture; larger ones belong beside the text.
const LARGEST_PICTURE: i64 = 10_000_000;

#[derive(Deserialize, ToSchema)]
#[schema(as = DraftForm)]
pub(super) struct Form {
    kind: DraftKind,
    #[serde(default)]
    body: String,
    /// `html` or `text`
    #[serde(default)]
    body_format: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    cc: String,
    #[serde(default)]
    bcc: String,
    /// The draft that was written on, and the version that the writer knew.
    #[serde(default, deserialize_with = "number_or_empty")]
    draft: Option<i64>,
    #[serde(default, deserialize_with = "number_or_empty")]
    version: Option<i64>,
}

/// Keeps what is being written. An empty text ends the draft.
#[utoipa::path(post, path = "/cases/{number}/drafts", tag = "cases", params(("number" = String, Path)),
    request_body = Form, responses((status = 200, body = Kept), (status = 422)))]
pub(super) async fn save(
    actor: Actor,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<Form>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let body = match form.body_format.as_str() {
        "html" => bodies::clean(&form.body),
        _ if form.body.trim().is_empty() => String::new(),
        _ => mail::html::from_text(&form.body),
    };
    let typed = Typed {
        kind: form.kind,
        body,
        to: form.to,
        cc: form.cc,
        bcc: form.bcc,
        draft: form.draft,
        version: form.version,
    };
    let kept = crate::cases::save(&app, &actor, case.id, &typed).await?;
    Ok(Json(kept).into_response())
}

/// The case whose draft changed.
#[derive(Serialize, ToSchema)]
#[schema(as = DraftChanged)]
pub(super) struct Changed {
    number: String,
    draft: i64,
}

async fn back(app: &App, wants: &Wants, case: CaseId, draft: i64, word: &'static str) -> Result<Response> {
    let number = crate::cases::case(&mut app.db.read().await?, case).await?.number;
    wants.done(&format!("/cases/{number}"), word, &Changed { number: number.clone(), draft })
}

/// Goes on with what a colleague began.
#[utoipa::path(post, path = "/drafts/{id}/owner", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Changed), (status = 404)))]
pub(super) async fn take_over(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = crate::cases::take_over(&app, &actor, id).await?;
    back(&app, &wants, case, id, "draft-taken").await
}

/// Throws an own draft away.
#[utoipa::path(post, path = "/drafts/{id}/discard", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Changed), (status = 404)))]
pub(super) async fn discard(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = crate::cases::discard(&app, &actor, id).await?;
    back(&app, &wants, case, id, "draft-discarded").await
}

/// Brings a draft back that was thrown away.
#[utoipa::path(post, path = "/drafts/{id}/restore", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Changed), (status = 404)))]
pub(super) async fn restore(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = crate::cases::restore(&app, &actor, id).await?;
    back(&app, &wants, case, id, "draft-restored").await
}

/// Where a picture waits until its text is sent.
#[derive(Serialize, ToSchema)]
pub(super) struct Uploaded {
    id: i64,
    url: String,
}

/// Keeps a picture that is put into a text.
#[utoipa::path(post, path = "/cases/{number}/uploads", tag = "cases", params(("number" = String, Path)),
    request_body = Upload, responses((status = 200, body = Uploaded), (status = 422)))]
pub(super) async fn upload(
    actor: Actor,
    State(app): State<App>,
    Id(number): Id<String>,
    upload: Upload,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let person = actor.person()?;
    let case = find(&app, &number).await?;
    let file = upload.files.first().ok_or_else(|| Error::invalid("file", "error-field-required"))?;
    if !PICTURES.contains(&file.content_type.as_str()) {
        return Err(Error::invalid("file", "draft-no-picture"));
    }
    if LARGEST_PICTURE < file.size {
        return Err(Error::invalid("file", "draft-picture-large"));
    }
    let mut tx = app.db.write().await?;
    let id = store::insert_upload(&mut tx, case.id, person, file, app.now()).await?;
    tx.commit().await?;
    Ok(Json(Uploaded { id, url: format!("/uploads/{id}") }).into_response())
}

/// A picture that waits in a text.
#[utoipa::path(get, path = "/uploads/{id}", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, content_type = "image/*"), (status = 404)))]
pub(super) async fn picture(actor: Actor, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let file = store::upload(&mut tx, id).await?;
    // Who may not see the case does not see its pictures.
    sight::seen(&mut tx, &actor, file.case).await?;
    drop(tx);
    let bytes = app.blobs.get(&file.blob).await?;
    let kind = PICTURES.iter().find(|kind| **kind == file.content_type).ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400")),
    ];
    Ok((StatusCode::OK, headers, bytes).into_response())
}

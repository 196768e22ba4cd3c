//! Customers' HTML and files: shown where they can do no harm.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::platform::{Actor, App, ContactId, Error, Id, Query, Result, Right};

/// Runs nothing, loads only our own inline images; shown in a sandboxed frame.
const FRAME: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; \
     form-action 'none'; base-uri 'none'";
/// As [`FRAME`], once the reader allowed images from elsewhere for this message.
const FRAME_WITH_IMAGES: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: https: http:; \
     frame-ancestors 'self'; form-action 'none'; base-uri 'none'";
/// Types that a browser may show itself; everything else is only ever downloaded.
const SHOWN: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"];

#[derive(Deserialize, IntoParams)]
pub(super) struct Images {
    /// `1` loads images from other hosts, which tells them that the mail was read.
    #[serde(default)]
    images: String,
}

/// A message's HTML as its own document, for a sandboxed frame.
#[utoipa::path(get, path = "/contacts/{id}/html", tag = "cases", params(("id" = i64, Path), Images),
    responses((status = 200, content_type = "text/html"), (status = 404)))]
pub(super) async fn html(
    actor: Actor,
    State(app): State<App>,
    Id(id): Id<i64>,
    Query(query): Query<Images>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let contact = crate::cases::contact(&mut tx, ContactId(id)).await?;
    let source = contact.html.ok_or(Error::NotFound)?;
    let files = crate::cases::attachments(&mut tx, contact.id).await?;
    drop(tx);
    let allow_remote = query.images == "1";
    // A large mail takes a while.
    let sanitised = tokio::task::spawn_blocking(move || {
        let cid = |content_id: &str| {
            let file = files.iter().find(|file| file.content_id.as_deref() == Some(content_id))?;
            Some(format!("/attachments/{}?inline=1", file.id))
        };
        mail::html::sanitise(&source, &mail::html::SanitiseOptions { cid_url: &cid, allow_remote })
    });
    let clean = sanitised.await.map_err(anyhow::Error::from)?;
    // A cell whose words may break anywhere would be a letter wide beside one whose words may not.
    let page = format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light\"><title>–</title>\
         <style>body{{margin:0;padding:12px;background:#fff;color:#222;font:15px/1.5 Georgia,serif;overflow-wrap:anywhere}}\
         td,th{{overflow-wrap:break-word}}img{{max-width:100%;height:auto}}table{{max-width:100%}}</style></head><body>{clean}</body></html>"
    );
    let policy = if allow_remote { FRAME_WITH_IMAGES } else { FRAME };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    Ok((StatusCode::OK, headers, page).into_response())
}

#[derive(Deserialize, IntoParams)]
pub(super) struct Inline {
    /// `1` shows the file in the page, if its type is harmless.
    #[serde(default)]
    inline: String,
}

/// A file: downloaded, never run here.
#[utoipa::path(get, path = "/attachments/{id}", tag = "cases", params(("id" = i64, Path), Inline),
    responses((status = 200, content_type = "application/octet-stream"), (status = 404)))]
pub(super) async fn attachment(
    actor: Actor,
    State(app): State<App>,
    Id(id): Id<i64>,
    Query(query): Query<Inline>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let file = crate::cases::attachment(&mut tx, id).await?;
    drop(tx);
    let bytes = app.blobs.get(&file.blob).await?;
    let kind = file.content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let shown = query.inline == "1" && SHOWN.contains(&kind.as_str());
    let kind = if shown { kind } else { "application/octet-stream".to_owned() };
    let place = if shown { "inline" } else { "attachment" };
    let disposition = format!("{place}; filename*=UTF-8''{}", encoded_name(&file.name));
    let headers = [
        (header::CONTENT_TYPE, header_value(&kind)?),
        (header::CONTENT_DISPOSITION, header_value(&disposition)?),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((StatusCode::OK, headers, bytes).into_response())
}

fn header_value(text: &str) -> Result<HeaderValue> {
    Ok(HeaderValue::from_str(text).map_err(anyhow::Error::from)?)
}

/// RFC 8187: everything but letters, digits and a few marks as percent codes.
pub fn encoded_name(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    name.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

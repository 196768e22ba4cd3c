//! Text with files: a multipart form from a page, or JSON from a program.

use axum::Json;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::cases::NewAttachment;
use crate::platform::web::form_error;
use crate::platform::{App, Error, Result};

/// Bytes of a form with all its files.
pub const LARGEST: usize = 310_000_000;
/// Bytes of one file.
const LARGEST_FILE: u64 = 100_000_000;
/// Bytes of one field that is no file.
const LARGEST_FIELD: usize = 4_000_000;

/// What was written, with its files already kept as blobs.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Upload {
    pub body: String,
    /// `html` or `text`
    pub body_format: String,
    /// `wait` (default), `open` or `close`
    pub then: String,
    /// Other recipients than the customer's own address, as `Name <address>, address`.
    pub to: Option<String>,
    pub cc: String,
    pub bcc: String,
    /// The draft that this was; it goes with the message.
    #[serde(deserialize_with = "super::number_or_empty")]
    pub draft: Option<i64>,
    /// Of a side conversation that begins.
    pub subject: String,
    /// The side conversation that it goes on with.
    #[serde(deserialize_with = "super::number_or_empty")]
    pub talk: Option<i64>,
    /// The contact whose files go along.
    #[serde(deserialize_with = "super::number_or_empty")]
    pub files_of: Option<i64>,
    /// Files of the case that go along once more, as those of an answer that was taken back.
    pub again: Vec<i64>,
    /// The newest contact that the writer knew; if something was said since, the answer is refused.
    #[serde(deserialize_with = "super::number_or_empty")]
    pub seen: Option<i64>,
    /// When it is to leave: RFC 3339, or a local date and time as a form sends it; empty: at once.
    pub at: String,
    #[serde(skip)]
    pub files: Vec<NewAttachment>,
}

impl FromRequest<App> for Upload {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if kind.starts_with("application/json") {
            let Json(upload) =
                Json::from_request(request, app).await.map_err(|error| form_error(&error.body_text()))?;
            return Ok(upload);
        }
        if kind.starts_with("multipart/form-data") {
            let form = Multipart::from_request(request, app)
                .await
                .map_err(|error| form_error(&error.body_text()))?;
            return read(app, form).await;
        }
        let form = axum::Form::from_request(request, app).await;
        form.map(|axum::Form(upload)| upload).map_err(|error| form_error(&error.body_text()))
    }
}

async fn read(app: &App, mut form: Multipart) -> Result<Upload> {
    let mut upload = Upload::default();
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(file) = field.file_name().map(str::to_owned) {
            upload.files.extend(keep(app, field, &file).await?);
            continue;
        }
        let text = text(field).await?;
        match name.as_str() {
            "body" | "note" => upload.body = text,
            "body_format" => upload.body_format = text,
            "then" => upload.then = text,
            "at" => upload.at = text,
            "seen" => upload.seen = text.parse().ok(),
            "to" => upload.to = Some(text.trim().to_owned()).filter(|to| !to.is_empty()),
            "cc" => upload.cc = text,
            "bcc" => upload.bcc = text,
            "draft" => upload.draft = text.parse().ok(),
            "subject" => upload.subject = text.trim().to_owned(),
            "talk" => upload.talk = text.parse().ok(),
            "again" => upload.again.extend(text.parse::<i64>()),
            "files_of" => upload.files_of = text.parse().ok(),
            _ => {}
        }
    }
    Ok(upload)
}

fn broken(error: &MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Error::TooLarge(LARGEST)
    } else {
        form_error(&error.body_text())
    }
}

/// A file goes to the disk as it comes: it may be larger than what fits into the memory many times over.
async fn keep(app: &App, mut field: Field<'_>, name: &str) -> Result<Option<NewAttachment>> {
    let content_type = field.content_type().unwrap_or("application/octet-stream").to_owned();
    let mut writing = app.blobs.write()?;
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
        writing.add(&piece).await?;
        if LARGEST_FILE < writing.size() {
            return Err(Error::TooLarge(usize::try_from(LARGEST_FILE).unwrap_or(usize::MAX)));
        }
    }
    if writing.size() == 0 {
        return Ok(None);
    }
    let size = i64::try_from(writing.size()).unwrap_or(i64::MAX);
    let blob = writing.finish().await?;
    let name = safe_name(name);
    Ok(Some(NewAttachment { name, content_type, size, blob, inline: false, content_id: None }))
}

async fn text(mut field: Field<'_>) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
        bytes.extend_from_slice(&piece);
        if LARGEST_FIELD < bytes.len() {
            return Err(Error::TooLarge(LARGEST_FIELD));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Would it show the rest of a name backwards?
const fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A file name without folders and control characters, at most 200 characters.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control() && !turns(*c)).take(200).collect();
    if clean.trim_matches(['.', ' ']).is_empty() { "file".into() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn a_file_name_leads_nowhere() {
        for (sent, kept) in [
            ("Rechnung 4711.pdf", "Rechnung 4711.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Temp\\böse.exe", "böse.exe"),
            ("a\r\nb", "ab"),
            ("Rechnung \u{202e}gnp.exe", "Rechnung gnp.exe"),
            ("..", "file"),
            ("", "file"),
        ] {
            assert_eq!(safe_name(sent), kept);
        }
    }
}

//! A mail as it travelled: its headers line by line, and its bytes.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::download;
use crate::cases;
use crate::cases::Contact;
use crate::channels::raw;
use crate::channels::store;
use crate::platform::{Actor, App, Area, ContactId, Error, Id, Page, Result, Right, Wants};

/// Bytes of a source on its page; the file has all.
const SHOWN: usize = 100_000;

/// A line of a mail's head, as it was written.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MailHeader)]
struct Header {
    name: String,
    value: String,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "channels/views/source.html")]
pub(super) struct SourceView {
    #[serde(skip)]
    page: Page,
    contact: ContactId,
    /// The case's number.
    case: String,
    headers: Vec<Header>,
    /// How the mail begins; `/contacts/{id}/raw` has all of it.
    source: String,
    /// Bytes of the whole mail.
    size: i64,
    /// The source goes on.
    cut: bool,
}

/// A mail's headers and source, as it came or as it left, for those who may read its case.
#[utoipa::path(get, path = "/contacts/{id}/source", tag = "channels", params(("id" = i64, Path)),
    responses((status = 200, body = SourceView), (status = 404)))]
pub(super) async fn source(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let contact = cases::contact(&mut tx, ContactId(id)).await?;
    let case = cases::case(&mut tx, contact.case).await?.number;
    drop(tx);
    let raw = bytes_of(&app, &contact).await?;
    let source = beginning(&raw);
    wants.answer(&SourceView {
        page: wants.page(&app, &actor, Area::Inbox),
        contact: contact.id,
        case,
        headers: headers(&source),
        size: i64::try_from(raw.len()).unwrap_or(i64::MAX),
        cut: SHOWN < raw.len(),
        source,
    })
}

/// The mail that a contact came in or left in, whole, for those who may read its case.
#[utoipa::path(get, path = "/contacts/{id}/raw", tag = "channels", params(("id" = i64, Path)),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404)))]
pub(super) async fn contact_raw(actor: Actor, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let contact = cases::contact(&mut app.db.read().await?, ContactId(id)).await?;
    Ok(download(&format!("{id}.eml"), bytes_of(&app, &contact).await?))
}

/// # Errors
///
/// [`Error::NotFound`] of what is no mail, or has not left.
async fn bytes_of(app: &App, contact: &Contact) -> Result<Vec<u8>> {
    let mut tx = app.db.read().await?;
    if let Some(received) = contact.received {
        let mail = store::received(&mut tx, received).await?;
        let bytes = store::raw(&mut tx, received).await?;
        drop(tx);
        return raw::load(app, bytes, mail.blob.as_deref()).await;
    }
    let sent = store::outgoing(&mut tx, contact.id).await?;
    drop(tx);
    let sent = sent.filter(|mail| mail.raw.is_some() || mail.blob.is_some()).ok_or(Error::NotFound)?;
    raw::load(app, sent.raw, sent.blob.as_deref()).await
}

/// Bytes that are no text are shown as such.
fn beginning(raw: &[u8]) -> String {
    let shown = raw.get(..SHOWN).unwrap_or(raw);
    String::from_utf8_lossy(shown).replace('\r', "")
}

/// The lines of a head, each with those that go on with it.
fn headers(source: &str) -> Vec<Header> {
    let mut headers: Vec<Header> = Vec::new();
    for line in source.lines().take_while(|line| !line.is_empty()) {
        if line.starts_with([' ', '\t']) {
            if let Some(last) = headers.last_mut() {
                last.value.push(' ');
                last.value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push(Header { name: name.trim().to_owned(), value: value.trim().to_owned() });
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_one_line_however_it_was_folded_and_a_body_has_none() {
        let header = |name: &str, value: &str| Header { name: name.into(), value: value.into() };
        let raw = "Received: by a\r\n\tfor b; Mon\r\nSubject:Lampe\r\nno header\r\n\r\nBody: no header\r\n";
        let folded = header("Received", "by a for b; Mon");
        assert_eq!(headers(&beginning(raw.as_bytes())), [folded, header("Subject", "Lampe")]);
        assert!(headers(" begins in: the middle").is_empty());
    }

    #[test]
    fn only_the_beginning_of_a_large_mail_is_shown() {
        assert_eq!(beginning("a".repeat(SHOWN + 1).as_bytes()).len(), SHOWN);
    }
}

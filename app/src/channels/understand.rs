//! From raw bytes to what a case needs, outside any transaction: parsing burns CPU, attachments wait for the disk.

use anyhow::anyhow;
use bytes::Bytes;
use mail::{Kind, Message};

use super::model::{Received, Route};
use crate::cases::NewAttachment;
use crate::platform::{App, Language, Result, Timestamp};

/// Longer ones would not fit an index, and no server delivers them (RFC 5321, 4.5.3.1).
const LONGEST_ADDRESS: usize = 320;

/// Longer texts are cut in the conversation; the raw mail is kept whole.
pub const LONGEST_TEXT: usize = 200_000;
/// The same for HTML, whose tags take most of it.
pub const LONGEST_HTML: usize = 500_000;

/// A mail that was read, with its attachments kept.
pub struct Understood {
    pub message: Message,
    pub attachments: Vec<NewAttachment>,
    pub sender: Sender,
    /// Written by a machine: it is filed, but nobody owes it an answer.
    pub automatic: bool,
    pub at: Timestamp,
}

/// Who wrote, in the order in which an answer would go.
pub struct Sender {
    pub name: Option<String>,
    /// Where an answer goes: `Reply-To`, or the author.
    pub answer_to: String,
    /// `From`, where it differs from that.
    pub author: Option<String>,
}

/// Why a mail has to be looked at by a person: a code, translated where it is shown.
pub type Refusal = &'static str;

/// Reads a mail.
///
/// # Errors
///
/// The inner one says that the bytes are no mail; the outer one that reading them failed and may work later.
pub async fn understand(app: &App, received: &Received, raw: Vec<u8>) -> Result<Result<Understood, Refusal>> {
    let parsed = tokio::task::spawn_blocking(move || mail::parse(&raw)).await;
    let mut message = match parsed {
        Ok(Ok(message)) => message,
        Ok(Err(unreadable)) => return Ok(Err(unreadable.code())),
        Err(panic) if panic.is_panic() => return Ok(Err("panic")),
        Err(stopped) => return Err(anyhow!(stopped).into()),
    };
    let attachments = keep_attachments(app, &mut message).await?;
    cut_texts(&mut message);
    let null_sender = received.envelope_from.as_deref() == Some("");
    let written = matches!(message.kind, Kind::Message | Kind::Own);
    let at = match (received.route, message.date) {
        // History keeps its dates; a date in the future is a broken clock.
        (Route::Import, Some(date)) => Timestamp::from_seconds(date.clamp(0, received.at.seconds())),
        _ => received.at,
    };
    let sender = sender(&message, received);
    Ok(Ok(Understood { automatic: !written || null_sender, sender, attachments, at, message }))
}

/// Many mails are in hand at a time; whole novels of each would not fit.
fn cut_texts(message: &mut Message) {
    let texts =
        [&mut message.text, &mut message.reply_text, &mut message.quoted_text, &mut message.signature];
    let html = message.html.as_mut().map(|html| (html, LONGEST_HTML));
    for (text, longest) in texts.map(|text| (text, LONGEST_TEXT)).into_iter().chain(html) {
        if longest < text.len() {
            *text = clean(text, longest);
        }
    }
}

/// Moves the attachments' bytes into blobs.
async fn keep_attachments(app: &App, message: &mut Message) -> Result<Vec<NewAttachment>> {
    let mut kept = Vec::with_capacity(message.attachments.len());
    for (index, file) in message.attachments.iter_mut().enumerate() {
        let size = i64::try_from(file.content.len()).unwrap_or(i64::MAX);
        let blob = app.blobs.put(Bytes::from(std::mem::take(&mut file.content))).await?;
        kept.push(NewAttachment {
            name: file_name(&file.name, &file.content_type, index),
            content_type: clean(&file.content_type, 200),
            size,
            blob,
            inline: file.inline,
            content_id: file.content_id.as_deref().map(|id| clean(id, 500)),
        });
    }
    Ok(kept)
}

fn file_name(name: &str, content_type: &str, index: usize) -> String {
    if !name.trim().is_empty() {
        return clean(name, 200);
    }
    let extension = match content_type {
        "message/rfc822" => "eml",
        "text/plain" => "txt",
        other => {
            mime_guess::get_mime_extensions_str(other).and_then(|all| all.first()).copied().unwrap_or("bin")
        }
    };
    format!("{}.{extension}", index + 1)
}

fn sender(message: &Message, received: &Received) -> Sender {
    let usable = |address: &&mail::Address| is_address(&address.address);
    let from = message.from.iter().find(usable).or(message.sender.as_ref().filter(usable));
    // A list's Reply-To is the list, not the author.
    let reply_to = message.reply_to.iter().find(usable).filter(|_| message.kind != Kind::List);
    let envelope = received.envelope_from.as_deref().filter(|address| is_address(address));
    let author = from.map(|address| address.address.as_str()).or(envelope);
    let answer_to = reply_to.map(|address| address.address.as_str()).or(author);
    // Nothing is lost for want of a sender: such mails share one customer (RFC 6761 reserves the name).
    let answer_to = answer_to.unwrap_or("unknown@invalid");
    let author = author.filter(|author| !author.eq_ignore_ascii_case(answer_to)).map(str::to_owned);
    // The name of who gets the answer: a contact form's own name is not its visitor's.
    let named = if author.is_some() { reply_to } else { from.or(reply_to) };
    let name = named.map(|address| clean(&address.name, 200)).filter(|name| !name.trim().is_empty());
    Sender { name, answer_to: answer_to.to_owned(), author }
}

fn is_address(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    text.len() <= LONGEST_ADDRESS
        && parts.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
        && !text.contains(|c: char| c.is_control() || c.is_whitespace())
}

/// Without what a database refuses, and not longer than `longest` characters.
pub fn clean(text: &str, longest: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(longest).collect()
}

/// The language in which this customer is answered.
pub const fn language(of: mail::Language) -> Language {
    match of {
        mail::Language::English => Language::En,
        _ => Language::De,
    }
}

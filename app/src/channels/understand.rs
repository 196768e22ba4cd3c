//! From raw bytes to what a case needs, outside any transaction: parsing burns CPU, attachments wait for the disk.

use std::panic::catch_unwind;

use anyhow::Context;
use bytes::Bytes;
use mail::reply::forwarded::{self, Forwarded};
use mail::{Head, Kind, Message};

use super::authentic;
use super::forward::Colleague;
use super::model::{Received, Route};
use crate::cases::{NewAttachment, SenderProof};
use crate::platform::{App, Language, Result, SmallBlobs, Timestamp};

/// Longer ones would not fit an index, and no server delivers them (RFC 5321, 4.5.3.1).
const LONGEST_ADDRESS: usize = 320;

/// Bytes that are read within a millisecond.
const SMALL: usize = 24 * 1024;

/// Longer texts are cut in the conversation; the raw mail is kept whole.
pub const LONGEST_TEXT: usize = 200_000;
/// The same for HTML, whose tags take most of it.
pub const LONGEST_HTML: usize = 500_000;

/// A mail that was read, with its attachments kept.
pub struct Understood {
    pub message: Message,
    pub attachments: Vec<NewAttachment>,
    /// What of them is still to be kept.
    pub small: SmallBlobs,
    pub sender: Sender,
    pub proof: SenderProof,
    /// Texts were cut.
    pub shortened: bool,
    /// Written by a machine: it is filed, but nobody owes it an answer.
    pub automatic: bool,
    pub at: Timestamp,
    /// The same for all copies of it, whichever way they came.
    pub identity: String,
    /// The mail that it passes on, if it looks so.
    pub forwarded: Option<Forwarded>,
    /// Who of the house passed it on; this is what the customer wrote.
    pub colleague: Option<Colleague>,
    /// Its head, for filters.
    pub head: Head,
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
    let (identity, head, forwarded, mut message) = match parse(raw).await? {
        Ok(read) => read,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut small = SmallBlobs::new();
    let attachments = keep_attachments(app, &mut message, &mut small).await?;
    let shortened = cut_texts(&mut message);
    let null_sender = received.envelope_from.as_deref() == Some("");
    let written = matches!(message.kind, Kind::Message | Kind::Own);
    let at = match (received.route, message.date) {
        // History keeps its dates; a date in the future is a broken clock.
        (Route::Import, Some(date)) => Timestamp::from_seconds(date.clamp(0, received.at.seconds())),
        _ => received.at,
    };
    let sender = sender(&message, received);
    let automatic = !written || null_sender;
    let colleague = None;
    let proof = authentic::proof(received, sender.author.as_deref().unwrap_or(&sender.answer_to));
    Ok(Ok(Understood {
        message,
        attachments,
        small,
        sender,
        proof,
        shortened,
        automatic,
        at,
        identity,
        forwarded,
        colleague,
        head,
    }))
}

/// A mail with its identity, its head, and the mail that it passes on.
type Parsed = (String, Head, Option<Forwarded>, Message);

/// Small mails are read where they are: handing one to another thread costs a good part of reading it.
async fn parse(raw: Vec<u8>) -> Result<Result<Parsed, Refusal>> {
    let small = raw.len() <= SMALL;
    let read = move || {
        catch_unwind(|| {
            mail::parse(&raw)
                .map(|message| (mail::identity(&raw), Head::of(&raw), forwarded::find(&message), message))
        })
    };
    let parsed = if small {
        read()
    } else {
        tokio::task::spawn_blocking(read).await.context("reading a mail was stopped")?
    };
    Ok(match parsed {
        Ok(Ok(parsed)) => Ok(parsed),
        Ok(Err(unreadable)) => Err(unreadable.code()),
        Err(_) => Err("panic"),
    })
}

/// Many mails are in hand at a time; whole novels of each would not fit. True if something was cut.
fn cut_texts(message: &mut Message) -> bool {
    let mut shortened = false;
    let texts =
        [&mut message.text, &mut message.reply_text, &mut message.quoted_text, &mut message.signature];
    let html = message.html.as_mut().map(|html| (html, LONGEST_HTML));
    for (text, longest) in texts.map(|text| (text, LONGEST_TEXT)).into_iter().chain(html) {
        if text.char_indices().nth(longest).is_some() {
            *text = clean(text, longest);
            shortened = true;
        }
    }
    shortened
}

/// Moves the attachments' bytes into blobs.
async fn keep_attachments(
    app: &App,
    message: &mut Message,
    small: &mut SmallBlobs,
) -> Result<Vec<NewAttachment>> {
    let mut kept = Vec::with_capacity(message.attachments.len());
    for (index, file) in message.attachments.iter_mut().enumerate() {
        let size = i64::try_from(file.content.len()).unwrap_or(i64::MAX);
        let content = Bytes::from(std::mem::take(&mut file.content));
        let blob = app.blobs.put_or_collect(content, small).await?;
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
        return clean_line(name, 200);
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
    let name_of =
        |address: &mail::Address| Some(clean_line(&address.name, 200)).filter(|name| !name.trim().is_empty());
    // The name of who gets the answer: a contact form's own name is not its visitor's.
    let person = from.filter(|from| author.is_none() || is_person(from, received));
    let (first, second) = if author.is_some() { (reply_to, person) } else { (person, reply_to) };
    let name = first.and_then(name_of).or_else(|| second.and_then(name_of));
    Sender { name, answer_to: answer_to.to_owned(), author }
}

/// Words in the names of machines that write for others, and of addresses that many share.
const MACHINES: [&str; 28] = [
    "noreply",
    "reply",
    "donotreply",
    "form",
    "forms",
    "formular",
    "kontaktformular",
    "contactform",
    "kontakt",
    "contact",
    "website",
    "webseite",
    "web",
    "www",
    "wordpress",
    "shop",
    "system",
    "mailer",
    "daemon",
    "server",
    "bot",
    "robot",
    "notification",
    "notifications",
    "info",
    "support",
    "service",
    "via",
];

/// Does this look like somebody whose answers go elsewhere, rather than a form or machine that writes for others?
fn is_person(from: &mail::Address, received: &Received) -> bool {
    let (local, host) = from.address.rsplit_once('@').unwrap_or((&from.address, ""));
    let ours = received.recipients();
    let mut words =
        local.split(|c: char| !c.is_alphanumeric()).chain(from.name.split(|c: char| !c.is_alphanumeric()));
    let machine = words.any(|word| MACHINES.contains(&word.to_lowercase().as_str()));
    // The house's own website writes from an address of the house.
    !machine
        && !ours.iter().any(|own| own.rsplit_once('@').is_some_and(|(_, own)| own.eq_ignore_ascii_case(host)))
}

pub fn is_address(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    text.len() <= LONGEST_ADDRESS
        && parts.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
        && !text.contains(|c: char| c.is_control() || c.is_whitespace())
}

/// Without what a database refuses, and not longer than `longest` characters.
pub fn clean(text: &str, longest: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(longest).collect()
}

/// As [`clean`], for names: without the signs that make `exe.png` of `gnp.exe`.
pub fn clean_line(text: &str, longest: usize) -> String {
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| *c != '\0' && !turns(*c)).take(longest).collect()
}

/// The language in which this customer is answered.
pub const fn language(of: mail::Language) -> Language {
    match of {
        mail::Language::English => Language::En,
        _ => Language::De,
    }
}

//! A raw message as what people see: who wrote what, with which attachments.
//!
//! Asks the other modules in their order: bytes, parts, text, reply, language, kind. Damaged messages are
//! read as far as they go; what was noticed on the way is in [`Message::warnings`].

use crate::bounce;
use crate::charset;
use crate::classify::{self, AutoHeaders, Kind};
use crate::content::Content;
use crate::headers::Headers;
use crate::language;
use crate::message::{Message, Unreadable};
use crate::mime::{Part, Walk};
use crate::reply;

/// Reads a raw message.
///
/// # Errors
///
/// [`Unreadable`] only if there is nothing to show: no header and no text.
pub fn parse(raw: &[u8]) -> Result<Message, Unreadable> {
    if raw.trim_ascii().is_empty() {
        return Err(Unreadable::Empty);
    }
    let bytes = charset::as_single_bytes(raw);
    let bytes = with_line_feeds(&bytes);
    let mut walk = Walk::default();
    let root = Part::read(&bytes, &mut walk);
    if root.headers.is_empty() && is_binary(&bytes) {
        return Err(Unreadable::NotAMessage);
    }
    let mut content = Content::default();
    content.read(&root, &walk);
    Ok(assemble(&root, content))
}

/// What a message says of itself, for a list of messages that could not be read whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heading {
    pub subject: Option<String>,
    pub from: Option<String>,
}

/// Bytes that are looked at for a heading.
const LONGEST_HEADING: usize = 64 * 1024;

/// Reads only the beginning of a message, and of it only two fields.
pub fn heading(raw: &[u8]) -> Heading {
    let bytes = with_line_feeds(&raw[..raw.len().min(LONGEST_HEADING)]).into_owned();
    let (headers, _) = Headers::split(&bytes);
    let from = headers.addresses("from").into_iter().next();
    let from = from.map(|from| if from.name.is_empty() { from.address } else { from.name });
    Heading { subject: headers.text("subject").filter(|subject| !subject.is_empty()), from }
}

fn is_binary(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(4096)];
    let control = sample
        .iter()
        .filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace() && **byte != 0x1b)
        .count();
    sample.len() < control * 50
}

/// Old Macintosh line ends, where a message has no others.
pub(crate) fn with_line_feeds(bytes: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let head = &bytes[..bytes.len().min(8192)];
    if head.contains(&b'\n') || !head.contains(&b'\r') {
        return bytes.into();
    }
    let mut converted = bytes.to_vec();
    for (at, byte) in converted.iter_mut().enumerate() {
        if *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
            *byte = b'\n';
        }
    }
    converted.into()
}

fn assemble(root: &Part<'_>, content: Content) -> Message {
    let headers = &root.headers;
    let (text, html) = content.text_and_html();
    let split = reply::split(&text);
    let newly_written = if split.reply.trim().is_empty() { &text } else { &split.reply };
    let mut message = Message {
        subject: headers.text("subject").unwrap_or_default(),
        from: headers.addresses("from"),
        to: headers.addresses("to"),
        cc: headers.addresses("cc"),
        reply_to: headers.addresses("reply-to"),
        sender: headers.addresses("sender").into_iter().next(),
        delivered_to: delivered_to(root),
        date: headers.date(),
        message_id: headers.ids("message-id").into_iter().next(),
        in_reply_to: headers.ids("in-reply-to"),
        references: headers.ids("references"),
        language: language::detect(newly_written),
        auto: AutoHeaders::read(headers),
        html,
        attachments: content.attachments,
        warnings: content.warnings,
        ..Message::default()
    };
    message.text = text;
    (message.reply_text, message.quoted_text, message.signature) =
        (split.reply, split.quoted, split.signature);
    let report = bounce::read(root, &message);
    message.kind = classify::kind(root, &message, &report);
    message.original_message_id = report.original_message_id;
    message.delivery = report.delivery;
    if message.kind == Kind::Bounce {
        message.bounce = report.recipients;
    }
    message
}

fn delivered_to(root: &Part<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to"] {
        for mailbox in root.headers.addresses(name) {
            if !found.contains(&mailbox.address) && mailbox.address.contains('@') {
                found.push(mailbox.address);
            }
        }
    }
    found
}

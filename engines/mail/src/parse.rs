//! A raw message as what people see: who wrote what, with which attachments.
//!
//! Chooses among the parts what is the text and what is attached, and asks the other modules about
//! charset, reply, language and kind. Damaged messages are read as far as they go; what was
//! noticed on the way is in [`Message::warnings`].

use mail_parser::DateTime;
use sha2::{Digest, Sha256};

use crate::bounce::{self, BounceRecipient};
use crate::charset::{self, Doubt};
use crate::classify::{self, AutoHeaders, Kind};
use crate::headers::Address;
use crate::html::{self, SanitiseOptions};
use crate::language::{self, Language};
use crate::mime::{Part, Walk};
use crate::reply;

/// One e-mail, read.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// Decoded; empty if there is none.
    pub subject: String,
    pub from: Vec<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub reply_to: Vec<Address>,
    /// The `Sender` field, where it was given.
    pub sender: Option<Address>,
    /// Addresses the mail was delivered to, as servers on the way noted them (`Delivered-To`, `X-Original-To` …).
    pub delivered_to: Vec<String>,
    /// Seconds since 1970; `None` if missing or unreadable. Written by the sender, so not to be trusted.
    pub date: Option<i64>,
    /// Without angle brackets, as all ids here.
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    /// All of the text, lines ended by `\n`; from the HTML where there is no plain text.
    pub text: String,
    /// Sanitised: runs and loads nothing. Inline images keep their `cid:` address, see [`html::sanitise`].
    pub html: Option<String>,
    /// What was newly written. With the next two, all of `text`.
    pub reply_text: String,
    pub quoted_text: String,
    pub signature: String,
    pub language: Language,
    pub attachments: Vec<Attachment>,
    pub kind: Kind,
    /// One entry per failed recipient; empty unless `kind` is a bounce.
    pub bounce: Vec<BounceRecipient>,
    /// The message a bounce, receipt or complaint is about.
    pub original_message_id: Option<String>,
    /// What speaks against answering automatically.
    pub auto: AutoHeaders,
    /// Stable codes of what was damaged or cut: `header_too_long`, `too_many_parts`, …
    pub warnings: Vec<String>,
}

/// A part that is not the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Without path and control characters; may be empty.
    pub name: String,
    /// Lower case, without parameters.
    pub content_type: String,
    /// Bytes of `content`.
    pub size: usize,
    /// Shown within the text, not below it.
    pub inline: bool,
    /// Without angle brackets: what `cid:` addresses name.
    pub content_id: Option<String>,
    /// After the transfer encoding is undone.
    pub content: Vec<u8>,
}

impl Attachment {
    /// SHA-256 of the content, in lower case hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> String {
        use std::fmt::Write;
        Sha256::digest(&self.content).iter().fold(String::with_capacity(64), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a string cannot fail");
            text
        })
    }
}

/// Why bytes are no mail at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// No byte, or only blanks.
    Empty,
    /// No header field, and no text either.
    NotAMessage,
}

impl Unreadable {
    /// A stable name for storage and translation.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotAMessage => "not_a_message",
        }
    }
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Empty => "the message is empty",
            Self::NotAMessage => "neither a header field nor text was found",
        })
    }
}

impl std::error::Error for Unreadable {}

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
    content.collect(&root, Place::Body);
    if content.sections.iter().all(Section::is_blank) {
        content.take_text_of_enclosed();
    }
    content.note(&root, &walk);
    Ok(assemble(&root, content))
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
fn with_line_feeds(bytes: &[u8]) -> std::borrow::Cow<'_, [u8]> {
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
    let (text, html) = join_sections(&content.sections);
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

/// One stretch of the text, in one or both forms. HTML is already sanitised.
#[derive(Debug, Default, Clone)]
struct Section {
    plain: Option<String>,
    html: Option<String>,
}

impl Section {
    fn is_blank(&self) -> bool {
        self.text().trim().is_empty() && self.html.as_ref().is_none_or(|html| !html.contains("<img"))
    }

    /// The plain text, or the HTML's where that is empty.
    fn text(&self) -> String {
        match (&self.plain, &self.html) {
            (Some(plain), _) if !plain.trim().is_empty() => plain.clone(),
            (_, Some(html)) => html::clean_to_text(html),
            _ => String::new(),
        }
    }
}

fn join_sections(sections: &[Section]) -> (String, Option<String>) {
    let texts: Vec<String> =
        sections.iter().map(Section::text).filter(|text| !text.trim().is_empty()).collect();
    let text = texts.iter().map(|text| text.trim_end()).collect::<Vec<_>>().join("\n\n");
    let has_html = sections.iter().any(|section| section.html.is_some());
    let html = has_html.then(|| {
        let shown = sections.iter().filter_map(|section| match (&section.html, &section.plain) {
            (Some(html), _) => Some(html.clone()),
            (None, Some(plain)) if !plain.trim().is_empty() => Some(html::from_text(plain.trim_end())),
            _ => None,
        });
        shown.collect::<Vec<_>>().join("\n")
    });
    (text, html)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Where the text is expected.
    Body,
    /// Beside the text of a multipart/related: pictures and the like.
    Companion,
}

#[derive(Default)]
struct Content {
    sections: Vec<Section>,
    attachments: Vec<Attachment>,
    warnings: Vec<String>,
}

impl Content {
    fn collect(&mut self, part: &Part<'_>, place: Place) {
        if part.children.is_empty() {
            self.leaf(part, place);
        } else if part.is("multipart/alternative") {
            self.alternative(part, place);
        } else if part.is("multipart/related") {
            let root = part.content_type.get("start").and_then(|start| {
                part.children
                    .iter()
                    .position(|child| content_id(child).as_deref() == Some(start.trim_matches(['<', '>'])))
            });
            for (at, child) in part.children.iter().enumerate() {
                self.collect(child, if at == root.unwrap_or(0) { place } else { Place::Companion });
            }
        } else {
            part.children.iter().for_each(|child| self.collect(child, place));
        }
    }

    /// The same text in several forms: the first plain one and the last HTML one.
    fn alternative(&mut self, part: &Part<'_>, place: Place) {
        let mut chosen = Section::default();
        for child in &part.children {
            let mut form = Content::default();
            form.collect(child, place);
            let (text, html) = join_sections(&form.sections);
            if html.is_some() {
                chosen.html = html;
            } else if chosen.plain.is_none() && !form.sections.is_empty() {
                chosen.plain = Some(text);
            }
            self.attachments.append(&mut form.attachments);
            self.warnings.append(&mut form.warnings);
        }
        self.sections.push(chosen);
    }

    fn leaf(&mut self, part: &Part<'_>, place: Place) {
        let disposition = part.disposition();
        let named = name(part).is_some();
        let has_text = self.sections.iter().any(|section| !section.is_blank());
        let readable =
            part.is("text/plain") || part.is("text/html") || part.content_type.main_type() == "multipart";
        if readable && place == Place::Body && disposition.value != "attachment" && !(named && has_text) {
            self.text(part);
        } else {
            self.attachments.push(attachment(part, place));
        }
    }

    fn text(&mut self, part: &Part<'_>) {
        let bytes = part.decoded();
        let is_html = part.is("text/html");
        let label = part.content_type.get("charset").map(str::to_owned);
        let label = label.or_else(|| if is_html { charset_in_html(&bytes) } else { None });
        let (text, doubt) = charset::decode(&bytes, label.as_deref());
        if let Some(doubt) = doubt {
            self.warn(doubt_code(doubt));
        }
        if is_html && html::cut(&text).len() < text.len() {
            self.warn("html_cut");
        }
        if is_html && html::is_too_complex(html::cut(&text)) {
            self.warn("html_too_complex");
        }
        self.sections.push(if is_html {
            let html = html::sanitise(&text, &SanitiseOptions::default());
            Section { plain: None, html: Some(html) }
        } else {
            Section { plain: Some(plain(&text, part)), html: None }
        });
    }

    /// A mail that only encloses another one is about that one.
    fn take_text_of_enclosed(&mut self) {
        let Some(enclosed) =
            self.attachments.iter().find(|attachment| attachment.content_type == "message/rfc822")
        else {
            return;
        };
        let bytes = enclosed.content.clone();
        let mut inner = Content::default();
        inner.collect(&Part::read(&bytes, &mut Walk::default()), Place::Body);
        self.sections = inner.sections;
    }

    fn warn(&mut self, code: &str) {
        if !self.warnings.iter().any(|warning| warning == code) {
            self.warnings.push(code.to_owned());
        }
    }

    fn note(&mut self, root: &Part<'_>, walk: &Walk) {
        walk.warnings.iter().for_each(|code| self.warn(code));
        let has_type = |names: &[&str]| root.all().iter().any(|part| names.iter().any(|name| part.is(name)));
        for (seen, code) in [
            (root.headers.is_empty(), "no_header"),
            (root.headers.raw("date").is_some() && root.headers.date().is_none(), "date_unreadable"),
            (root.headers.raw("from").is_none(), "from_missing"),
            (has_type(&["multipart/encrypted", "application/pgp-encrypted"]), "encrypted"),
            (has_type(&["application/pkcs7-mime", "application/x-pkcs7-mime"]), "smime_not_opened"),
            (has_type(&["application/ms-tnef", "application/vnd.ms-tnef"]), "tnef_not_opened"),
        ] {
            if seen {
                self.warn(code);
            }
        }
    }
}

fn doubt_code(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::UnknownLabel => "charset_unknown",
        Doubt::WrongLabel => "charset_wrong",
        Doubt::Damaged => "charset_damaged",
    }
}

/// Line ends as `\n`; soft line breaks of format=flowed (RFC 3676) undone.
fn plain(text: &str, part: &Part<'_>) -> String {
    let text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
    let flowed = part.content_type.get("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
    if !flowed {
        return text;
    }
    let join = part.content_type.get("delsp").is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
    unflow(&text, join)
}

/// Joins soft-broken lines of one's own text. Quoted lines keep their breaks: their marks matter more.
fn unflow(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let quoted = line.starts_with('>');
        let unstuffed = if quoted { line } else { line.strip_prefix(' ').unwrap_or(line) };
        let next_is_own =
            lines.peek().is_some_and(|next| !next.starts_with('>') && *next != "-- " && !next.is_empty());
        if !quoted && line.ends_with(' ') && line != "-- " && next_is_own {
            out.push_str(if delete_space {
                &unstuffed[..unstuffed.len().saturating_sub(1)]
            } else {
                unstuffed
            });
        } else {
            out.push_str(unstuffed);
            if lines.peek().is_some() {
                out.push('\n');
            }
        }
    }
    out
}

/// `charset=` of a `<meta>` near the top.
fn charset_in_html(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let (_, after) = head.split_once("<meta")?.1.split_once("charset=")?;
    let label: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    (!label.is_empty()).then_some(label)
}

fn attachment(part: &Part<'_>, place: Place) -> Attachment {
    let content = part.decoded().into_owned();
    let disposition = part.disposition();
    let content_id = content_id(part);
    Attachment {
        name: name(part).or_else(|| enclosed_name(part, &content)).unwrap_or_default(),
        content_type: part.content_type.value.clone(),
        size: content.len(),
        inline: disposition.value == "inline"
            || (disposition.value != "attachment" && place == Place::Companion && content_id.is_some()),
        content_id,
        content,
    }
}

fn content_id(part: &Part<'_>) -> Option<String> {
    part.headers.ids("content-id").into_iter().next().or_else(|| {
        let id = part.headers.raw("content-id")?.trim();
        (!id.is_empty()).then(|| id.to_owned())
    })
}

fn name(part: &Part<'_>) -> Option<String> {
    let disposition = part.disposition();
    let name = disposition.get("filename").or_else(|| part.content_type.get("name"))?;
    Some(safe_name(name)).filter(|name| !name.is_empty())
}

/// An enclosed mail is named by its subject.
fn enclosed_name(part: &Part<'_>, content: &[u8]) -> Option<String> {
    if !part.is("message/rfc822") {
        return None;
    }
    let (headers, _) = crate::headers::Headers::split(content);
    let subject: String = headers.text("subject")?.chars().take(80).collect();
    // A slash in a subject is no path.
    Some(format!("{}.eml", safe_name(&subject.replace(['/', '\\'], "_"))))
}

/// No path, no control characters, nothing that turns the reading direction.
fn safe_name(name: &str) -> String {
    let is_path = name.starts_with('/') || name.contains('\\');
    let name = if is_path { name.rsplit(['/', '\\']).next().unwrap_or_default() } else { name };
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = name.chars().filter(|c| !c.is_control() && !turns(*c));
    let name: String = kept.map(|c| if c == '/' { '_' } else { c }).take(200).collect();
    name.trim().trim_start_matches('.').to_owned()
}

/// RFC 3339 in UTC of seconds since 1970, for what is printed.
pub(crate) fn rfc3339(date: i64) -> String {
    DateTime::from_timestamp(date).to_rfc3339()
}

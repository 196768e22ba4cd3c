//! A customer's mail that somebody of the house passed on: who wrote it, when, about what, and what they said.
//!
//! Programs put a block of header lines above the mail they forward ("Von: … Gesendet: … An: … Betreff: …"), or
//! enclose it whole. Only what is marked as a forward counts, by its subject or by the title above the block, for
//! an answer quotes in the same way. Whether the one who forwards is of the house, the caller knows.

use super::lists::{BARE_TITLES, Label};
use super::{quote, signature};
use crate::classify::Kind;
use crate::headers::Address;
use crate::message::Message;
use crate::topic;

/// A mail within a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forwarded {
    /// Always with an address.
    pub sender: Address,
    /// As it was written; empty if nobody said.
    pub date: String,
    pub subject: String,
    /// What was newly written in it, as in [`super::Split`].
    pub text: String,
    pub quoted: String,
    pub signature: String,
    /// What the one who forwards says about it.
    pub note: String,
    /// It is an attachment, and has files of its own.
    pub enclosed: bool,
}

/// The mail that `message` passes on; `None` if it passes none on, or if it is unclear who wrote that.
#[must_use]
pub fn find(message: &Message) -> Option<Forwarded> {
    if message.kind != Kind::Message {
        return None;
    }
    enclosed(message).or_else(|| within(message))
}

/// Prefixes by which programs mark a forward, lower case.
const PREFIXES: [&str; 8] = ["wg", "fwd", "fw", "weitergeleitet", "weiterleitung", "tr", "i", "wtr"];

fn is_marked(subject: &str) -> bool {
    let mut rest = subject.trim_start();
    while let Some((_, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        rest = after.trim_start();
    }
    let word = rest.split([':', '：']).next().unwrap_or_default().trim().to_lowercase();
    word.len() < rest.trim().len() && PREFIXES.contains(&word.as_str())
}

/// The one mail that is attached.
fn enclosed(message: &Message) -> Option<Forwarded> {
    let mut mails = message.attachments.iter().filter(|file| file.content_type == "message/rfc822");
    let only = mails.next().filter(|_| mails.next().is_none())?;
    let inner = crate::parse(&only.content).ok()?;
    let same = !inner.subject.trim().is_empty() && topic::is_same(&message.subject, [inner.subject.as_str()]);
    if !is_marked(&message.subject) && !same {
        return None;
    }
    let mut senders = inner.reply_to.iter().chain(&inner.from);
    let sender = senders.find(|sender| sender.address.contains('@'))?.clone();
    // A mail that encloses nothing but a mail shows that one's text as its own.
    let note = if message.text == inner.text { String::new() } else { note_of(&message.text) };
    let date = inner.date.map(|date| mail_parser::DateTime::from_timestamp(date).to_rfc822());
    Some(Forwarded {
        sender,
        date: date.unwrap_or_default(),
        subject: inner.subject,
        text: inner.reply_text,
        quoted: inner.quoted_text,
        signature: inner.signature,
        note,
        enclosed: true,
    })
}

/// The mail that stands below its header lines.
fn within(message: &Message) -> Option<Forwarded> {
    let lines: Vec<&str> = message.text.lines().map(str::trim_end).collect();
    if super::MAX_LINES < lines.len() {
        return None;
    }
    let marked = is_marked(&message.subject);
    let block = first_block(&lines, marked)?;
    let value = |label| values(&lines[block.from..block.to], label);
    let sender = address(&value(Label::From)?)?;
    let split = super::split(&unmarked(&lines[block.to..]));
    Some(Forwarded {
        sender,
        date: value(Label::Date).unwrap_or_default(),
        subject: value(Label::Subject).unwrap_or_default(),
        text: split.reply,
        quoted: split.quoted,
        signature: split.signature,
        note: note_of(&lines[..block.above].join("\n")),
        enclosed: false,
    })
}

/// Where the header lines are, and where what stands above them ends.
struct Block {
    above: usize,
    from: usize,
    to: usize,
}

/// The first header lines of a text. In a mail that is not `marked` they count at its top only, below a title.
fn first_block(lines: &[&str], marked: bool) -> Option<Block> {
    let mut title = None;
    let mut said = false;
    for (at, line) in lines.iter().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        if let Some(to) = quote::block_end(lines, at) {
            let titled = title.is_some_and(|title| is_forward(lines[title]) && !said);
            return (marked || titled).then_some(Block { above: title.unwrap_or(at), from: at, to });
        }
        if quote::is_title(line) {
            title = Some(at);
        } else if !marked {
            return None;
        } else if title.take().is_some() || !quote::is_rule(line) {
            said = true;
        }
    }
    None
}

/// A title of an answer's quotation is none of a forward.
fn is_forward(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    let words = ["forwarded", "weitergeleitet", "transféré", "inoltrato", "doorgestuurd"];
    BARE_TITLES.contains(&title.as_str()) || words.iter().any(|word| title.contains(word))
}

/// What a header line says, with the lines it was wrapped into.
fn values(lines: &[&str], wanted: Label) -> Option<String> {
    let mut value: Option<String> = None;
    for line in lines {
        match quote::label(line) {
            Some(_) if value.is_some() => break,
            Some(label) if label == wanted => {
                let (_, rest) = line.split_once([':', '：'])?;
                value = Some(plain(rest).to_owned());
            }
            _ => {
                if let Some(value) = &mut value {
                    value.push(' ');
                    value.push_str(plain(line));
                }
            }
        }
    }
    value.map(|value| value.trim().to_owned())
}

/// Without the signs of quotations and of bold text.
fn plain(line: &str) -> &str {
    line.trim().trim_start_matches(['*', '>', ' ', '\u{a0}']).trim_end_matches(['*', ' '])
}

/// `Name <a@b>`, `Name [mailto:a@b]`, `a@b`; who wrote on somebody's behalf is not the author.
fn address(value: &str) -> Option<Address> {
    let lower = value.to_lowercase();
    let behalf =
        ["im auftrag von", "on behalf of"].iter().find_map(|words| Some(lower.find(words)? + words.len()));
    let value = behalf.and_then(|at| value.get(at..)).unwrap_or(value);
    let parts = value.split(|c: char| c.is_whitespace() || "<>[]()\"',;".contains(c));
    let parts = parts.map(|part| part.strip_prefix("mailto:").unwrap_or(part));
    let address = parts.filter(|part| is_address(part)).map(str::to_owned).next()?;
    let at = value.find(&address)?;
    let name = value[..at].trim_end_matches("mailto:");
    let name = name.trim_matches(|c: char| c.is_whitespace() || "<[(\"'".contains(c));
    Some(Address { name: name.to_owned(), address })
}

fn is_address(part: &str) -> bool {
    part.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && !host.contains('@') && host.contains('.') && !host.ends_with('.')
    })
}

/// The forwarded text; without the `>` before each line, where a program put them.
fn unmarked(lines: &[&str]) -> String {
    let written = || lines.iter().filter(|line| !line.trim().is_empty());
    if written().next().is_none() || !written().all(|line| line.starts_with('>')) {
        return lines.join("\n");
    }
    let bare = |line: &&str| {
        let line = line.strip_prefix('>').unwrap_or(line);
        line.strip_prefix(' ').unwrap_or(line).to_owned()
    };
    lines.iter().map(bare).collect::<Vec<_>>().join("\n")
}

/// The words above, without a signature.
fn note_of(text: &str) -> String {
    let said = super::split(text).reply;
    let is_noise = |line: &str| quote::is_rule(line) || signature::is_appended(line);
    let mut lines: Vec<&str> = said.lines().collect();
    while lines.last().is_some_and(|line| line.trim().is_empty() || is_noise(line)) {
        lines.pop();
    }
    lines.join("\n").trim().to_owned()
}

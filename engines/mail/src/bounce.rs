//! Reports about mail: could not be delivered, was delivered, was read, was complained about.
//!
//! The standard forms (RFC 3464, 8098, 5965) are read field by field. Of the free-text bounces only
//! the common shapes are read: a mail server writes, names addresses and says why. Per-server
//! dialects are left for later.

mod phrases;

use serde::Serialize;

use crate::classify::{Kind, is_daemon};
use crate::headers::{Headers, message_ids};
use crate::message::Message;
use crate::mime::Part;
use phrases::{REASONS, SENTENCES, SUBJECTS};

/// One recipient that a mail did not reach.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BounceRecipient {
    pub recipient: String,
    /// RFC 3463, such as `5.1.1`; empty if the report does not say.
    pub status: String,
    /// The address will not work later either.
    pub permanent: bool,
    /// A stable word: `userunknown`, `mailboxfull`, `hostunknown`, `spamdetected`, `blocked`, `mesgtoobig`,
    /// `expired`, `norelaying`, `suspend`, `undefined` …
    pub reason: String,
    /// What the remote server said.
    pub diagnostic: String,
}

/// What a report says; without a kind it is none.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub kind: Option<Kind>,
    pub recipients: Vec<BounceRecipient>,
    pub original_message_id: Option<String>,
}

/// More recipients than this are not listed.
const MAX_RECIPIENTS: usize = 500;

pub(crate) fn read(root: &Part<'_>, message: &Message) -> Report {
    let parts = root.all();
    let mut report = Report { original_message_id: original_id(&parts), ..Report::default() };
    let find = |name: &str| parts.iter().copied().find(|part| part.is(name));
    let report_type = root.content_type.get("report-type").unwrap_or_default().to_ascii_lowercase();
    let complained = find("message/feedback-report").is_some() || report_type == "feedback-report";
    if complained || is_plain_complaint(message) {
        report.kind = Some(Kind::Feedback);
    } else if find("message/disposition-notification").is_some() || report_type == "disposition-notification"
    {
        report.kind = Some(Kind::Receipt);
    } else if let Some(status) =
        find("message/delivery-status").or_else(|| find("message/global-delivery-status"))
    {
        read_delivery_status(status, &mut report);
    }
    if report.kind.is_none() && looks_like_bounce(root, message) {
        report.recipients = recipients_in_text(&message.text);
        report.kind = Some(Kind::Bounce);
    }
    if report.original_message_id.is_none() && report.kind.is_some() {
        report.original_message_id = id_in_text(&message.text);
    }
    report
}

/// Complaints that a large provider sends without the standard form.
fn is_plain_complaint(message: &Message) -> bool {
    let subject = message.subject.trim_start();
    subject.get(..29).is_some_and(|start| start.eq_ignore_ascii_case("complaint about message from "))
}

/// The id of the enclosed message or of its header.
fn original_id(parts: &[&Part<'_>]) -> Option<String> {
    let enclosed = parts.iter().find(|part| {
        ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"]
            .iter()
            .any(|name| part.is(name))
    })?;
    let content = enclosed.decoded();
    let (headers, _) = Headers::split(content.trim_ascii_start());
    headers.ids("message-id").into_iter().next()
}

fn id_in_text(text: &str) -> Option<String> {
    let line = text.lines().find(|line| {
        let line = line.trim_start_matches(['>', ' ']);
        line.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("message-id:"))
    })?;
    message_ids(line).into_iter().next()
}

/// Blocks of fields, one for the message and one per recipient (RFC 3464, 2).
fn read_delivery_status(part: &Part<'_>, report: &mut Report) {
    let content = part.decoded();
    let text = String::from_utf8_lossy(&content).replace("\r\n", "\n");
    let mut delivered = false;
    for block in text.split("\n\n").filter(|block| !block.trim().is_empty()) {
        let (fields, _) = Headers::split(block.trim_start_matches('\n').as_bytes());
        let action = fields.raw("action").unwrap_or_default().to_ascii_lowercase();
        let Some(recipient) = fields.raw("final-recipient").or_else(|| fields.raw("original-recipient"))
        else {
            continue;
        };
        if action.starts_with("delivered") || action.starts_with("relayed") || action.starts_with("expanded")
        {
            delivered = true;
        } else if report.recipients.len() < MAX_RECIPIENTS {
            report.recipients.push(recipient_of(&fields, recipient, &action));
        }
    }
    report.kind = Some(if report.recipients.is_empty() && delivered { Kind::Receipt } else { Kind::Bounce });
}

fn recipient_of(fields: &Headers, recipient: &str, action: &str) -> BounceRecipient {
    let diagnostic = fields.text("diagnostic-code").unwrap_or_default();
    let diagnostic =
        diagnostic.split_once(';').map_or(diagnostic.as_str(), |(_, said)| said).trim().to_owned();
    let declared = fields.raw("status").and_then(status_in).unwrap_or_default();
    // Some servers declare 5.0.0 and say more in the diagnostic.
    let status = if declared.is_empty() || declared.ends_with(".0.0") {
        status_in(&diagnostic).unwrap_or(declared)
    } else {
        declared
    };
    let delayed = action.starts_with("delayed");
    entry(address_of(recipient), status, diagnostic, delayed)
}

fn entry(recipient: String, status: String, diagnostic: String, delayed: bool) -> BounceRecipient {
    let reason = reason(&status, &diagnostic);
    // Only a dead address is lasting: a policy, a full mailbox or a listed server may change tomorrow.
    let permanent = !delayed && matches!(reason, "userunknown" | "hostunknown" | "hasmoved");
    BounceRecipient { recipient, status, permanent, reason: reason.to_owned(), diagnostic }
}

/// `rfc822; <a@b>` as `a@b`.
fn address_of(field: &str) -> String {
    let address = field.split_once(';').map_or(field, |(_, address)| address);
    address.trim().trim_matches(['<', '>', '"', ' ']).to_owned()
}

/// The first enhanced status code, `4.x.y` or `5.x.y` (or `2.x.y`).
fn status_in(text: &str) -> Option<String> {
    let bounds = |c: char| !(c.is_ascii_digit() || c == '.');
    text.split(bounds).map(|token| token.trim_matches('.')).find(|token| is_status(token)).map(str::to_owned)
}

fn is_status(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    parts.len() == 3
        && matches!(parts[0], "2" | "4" | "5")
        && parts[1..]
            .iter()
            .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn reason(status: &str, diagnostic: &str) -> &'static str {
    let said = diagnostic.to_lowercase();
    let by_status = match status.get(1..) {
        Some(".1.1" | ".1.0" | ".1.10") => Some("userunknown"),
        Some(".1.2") => Some("hostunknown"),
        Some(".1.6") => Some("hasmoved"),
        Some(".2.1") => Some("suspend"),
        Some(".2.2") => Some("mailboxfull"),
        Some(".3.4" | ".2.3") => Some("mesgtoobig"),
        Some(".4.7" | ".4.1") => Some("expired"),
        _ => None,
    };
    let by_words = REASONS
        .iter()
        .find(|(_, phrases)| phrases.iter().any(|phrase| said.contains(phrase)))
        .map(|(reason, _)| *reason);
    // Some servers say "no such user" by their code and "mailbox full" by their words.
    match by_words {
        Some("mailboxfull") => "mailboxfull",
        _ => by_status.or(by_words).unwrap_or("undefined"),
    }
}

/// A mail server writes that it could not deliver, outside of the standard form.
fn looks_like_bounce(root: &Part<'_>, message: &Message) -> bool {
    let by_daemon =
        message.from.iter().any(|mailbox| is_daemon(&mailbox.address) || is_daemon(&mailbox.name));
    let nobody = message.auto.return_path.as_deref() == Some("");
    let failed_recipients = root.headers.raw("x-failed-recipients").is_some();
    let subject = message.subject.to_lowercase();
    let by_subject = SUBJECTS.iter().any(|words| subject.contains(words));
    let text: String = message.text.chars().take(4_000).collect::<String>().to_lowercase();
    let by_text = SENTENCES.iter().any(|words| text.contains(words));
    failed_recipients || (by_daemon && (by_subject || by_text)) || (nobody && by_subject && by_text)
}

/// The addresses named before the original message begins, with what is said around them.
fn recipients_in_text(text: &str) -> Vec<BounceRecipient> {
    let lines: Vec<&str> = text.lines().take(400).take_while(|line| !begins_original(line)).collect();
    let said = lines.join(" ");
    let mut found: Vec<BounceRecipient> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(recipient) = address_in(line) else { continue };
        if is_daemon(&recipient) || found.iter().any(|entry| entry.recipient.eq_ignore_ascii_case(&recipient))
        {
            continue;
        }
        let near = lines[at..lines.len().min(at + 6)].join(" ");
        let status = status_in(&near)
            .or_else(|| status_in(&said))
            .or_else(|| reply_code(&near))
            .or_else(|| reply_code(&said))
            .unwrap_or_default();
        let diagnostic = if reason("", &near) == "undefined" {
            said.chars().take(500).collect()
        } else {
            near.chars().take(500).collect()
        };
        found.push(entry(recipient, status, diagnostic, false));
        if MAX_RECIPIENTS <= found.len() {
            break;
        }
    }
    found
}

/// `550` as `5.0.0`.
fn reply_code(text: &str) -> Option<String> {
    let mut tokens = text.split(|c: char| !c.is_ascii_digit());
    let code = tokens.find(|token| token.len() == 3 && matches!(&token[..2], "42" | "45" | "50" | "55"))?;
    Some(format!("{}.0.0", &code[..1]))
}

fn begins_original(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    let titled = [
        "original message",
        "copy of the message",
        "copy of your message",
        "your message follows",
        "message follows",
        "unsent message",
        "returned message",
        "headers of the message",
        "ursprüngliche nachricht",
        "message header",
    ];
    (line.starts_with("---") && titled.iter().any(|title| line.contains(title)))
        || line.starts_with("received: ")
        || line.starts_with("return-path: ")
}

fn address_in(line: &str) -> Option<String> {
    let token = line.split(|c: char| c.is_whitespace() || "<>()[]\"',;".contains(c)).find(|token| {
        let token = token.trim_matches([':', '.']);
        token.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !domain.contains('@') && !token.contains("//")
        })
    })?;
    Some(token.trim_matches([':', '.']).trim_start_matches("mailto:").to_owned())
}

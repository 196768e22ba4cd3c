//! The standard form of a delivery report (RFC 3464): blocks of fields, one for the message and one per
//! recipient.

use super::{BounceRecipient, Delivery, MAX_RECIPIENTS, Report, reason, text};
use crate::classify::Kind;
use crate::message::Message;
use crate::mime::Part;

/// Reads the part that holds the fields.
pub(super) fn read_part(part: &Part<'_>, message: &Message, report: &mut Report) {
    let content = part.decoded();
    read_text(&String::from_utf8_lossy(&content), message, report);
    if report.recipients.is_empty() && report.kind == Some(Kind::Bounce) {
        report.recipients = text::recipients_in(&message.text, &[]);
    }
}

/// Reads the fields wherever they stand in a text.
pub(super) fn read_text(fields: &str, message: &Message, report: &mut Report) {
    let all = fields.replace("\r\n", "\n").replace('\r', "\n");
    let mut actions: Vec<String> = Vec::new();
    for block in all.split("\n\n") {
        let fields = Fields::read(block);
        let action = fields.get("action").unwrap_or_default().to_ascii_lowercase();
        let Some(recipient) = fields.get("final-recipient").or_else(|| fields.get("original-recipient"))
        else {
            continue;
        };
        let done = is_done(&action);
        actions.push(action.clone());
        if !done && report.recipients.len() < MAX_RECIPIENTS {
            // The words for people name what some servers leave out of the fields.
            let named = report.recipients.len() < text::MAX_TOLD;
            let told =
                if named { text::told_about(&message.text, &address_of(recipient)) } else { String::new() };
            report.recipients.push(recipient_of(&fields, recipient, &action, &told));
        }
    }
    let delivered = actions.iter().any(|action| is_done(action));
    report.kind = Some(if report.recipients.is_empty() && delivered { Kind::Receipt } else { Kind::Bounce });
    report.delivery = delivery(&actions);
}

fn is_done(action: &str) -> bool {
    ["deliver", "relayed", "expanded"].iter().any(|done| action.starts_with(done))
}

/// What the report says of all its recipients; `None` if somebody was not reached, or they fare differently.
fn delivery(actions: &[String]) -> Option<Delivery> {
    let all = |start: &str| !actions.is_empty() && actions.iter().all(|action| action.starts_with(start));
    if all("delayed") {
        Some(Delivery::Delayed)
    } else if all("deliver") || all("expanded") {
        Some(Delivery::Delivered)
    } else if !actions.is_empty() && actions.iter().all(|action| is_done(action)) {
        Some(Delivery::Relayed)
    } else {
        None
    }
}

/// Fields of one block. Servers break their lines without the blank that marks a continuation.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(block: &str) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in block.lines().take(200) {
            let field = line.split_once(':').filter(|(name, _)| {
                name.starts_with(|c: char| c.is_ascii_alphabetic())
                    && name.len() < 40
                    && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            });
            match (field, fields.last_mut()) {
                (Some((name, value)), _) => {
                    fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
                }
                (None, Some((_, value))) if value.len() < 4_000 => value.extend([" ", line.trim()]),
                _ => {}
            }
        }
        Self(fields)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(field, value)| field == name && !value.is_empty());
        field.map(|(_, value)| value.as_str())
    }
}

fn recipient_of(fields: &Fields, recipient: &str, action: &str, told: &str) -> BounceRecipient {
    let address = address_of(recipient);
    let said = fields.get("diagnostic-code").map(crate::words::decode_words).unwrap_or_default();
    let said = said.split_once(';').map_or(said.as_str(), |(_, said)| said).trim();
    let declared = fields.get("status").unwrap_or_default();
    let mut entry = reason::entry(&address, declared, said, told);
    if action.starts_with("delayed") {
        entry.delayed = true;
        entry.permanent = false;
        if entry.status.starts_with('5') {
            entry.status.replace_range(..1, "4");
        }
    }
    entry
}

/// `rfc822; <a@b>` as `a@b`.
fn address_of(field: &str) -> String {
    let address = field.split_once(';').map_or(field, |(_, address)| address);
    address.trim().trim_matches(['<', '>', '"', ' ']).to_owned()
}

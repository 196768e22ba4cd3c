//! What `kitt mail inspect` prints: all that is made of a mail, under names that stay.
//!
//! Never fails: what cannot be read is an inspection with nothing in it but a warning.

use serde::Serialize;

use crate::bounce::BounceRecipient;
use crate::classify::Kind;
use crate::headers::Address;
use crate::language::Language;
use crate::message::Message;
use crate::parse;

/// One mail, for people and scripts. The field names are a promise.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Inspection {
    pub kind: Kind,
    pub subject: String,
    pub from: Vec<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub reply_to: Vec<Address>,
    /// RFC 3339 in UTC.
    pub date: Option<String>,
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    pub text: String,
    pub html: Option<String>,
    pub reply_text: String,
    pub quoted_text: String,
    pub signature: String,
    pub language: Language,
    pub bounce: Vec<BounceRecipient>,
    pub attachments: Vec<InspectedAttachment>,
    pub warnings: Vec<String>,
}

/// An attachment without its bytes.
#[derive(Debug, Clone, Serialize)]
pub struct InspectedAttachment {
    pub name: String,
    pub content_type: String,
    pub size: usize,
    pub inline: bool,
    pub sha256: String,
}

/// Reads a raw message for printing.
#[must_use]
pub fn inspect(raw: &[u8]) -> Inspection {
    match parse::parse(raw) {
        Ok(message) => of(message),
        Err(reason) => {
            Inspection { warnings: vec![format!("unreadable_{}", reason.code())], ..Inspection::default() }
        }
    }
}

fn of(message: Message) -> Inspection {
    let attachments = message.attachments.iter().map(|attachment| InspectedAttachment {
        name: attachment.name.clone(),
        content_type: attachment.content_type.clone(),
        size: attachment.size,
        inline: attachment.inline,
        sha256: attachment.sha256(),
    });
    Inspection {
        attachments: attachments.collect(),
        kind: message.kind,
        subject: message.subject,
        from: message.from,
        to: message.to,
        cc: message.cc,
        reply_to: message.reply_to,
        date: message.date.map(rfc3339),
        message_id: message.message_id,
        in_reply_to: message.in_reply_to,
        references: message.references,
        text: message.text,
        html: message.html,
        reply_text: message.reply_text,
        quoted_text: message.quoted_text,
        signature: message.signature,
        language: message.language,
        bounce: message.bounce,
        warnings: message.warnings,
    }
}

/// Seconds since 1970 as RFC 3339 in UTC.
fn rfc3339(date: i64) -> String {
    mail_parser::DateTime::from_timestamp(date).to_rfc3339()
}

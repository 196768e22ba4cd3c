//! What is known of a mail once it is read.

use sha2::{Digest, Sha256};

use crate::bounce::BounceRecipient;
use crate::classify::{AutoHeaders, Kind};
use crate::headers::Address;
use crate::language::Language;

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
    /// What a delivery report says that is no failure.
    pub delivery: Option<crate::bounce::Delivery>,
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

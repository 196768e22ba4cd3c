//! What was said in a case, as its page shows it.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::cases;
use crate::cases::web::ContactJson;
use crate::cases::{
    Addressee, Attachment, Channel, Contact, Direction, Mention, Progress, SenderProof, State as ContactState,
};
use crate::channels;
use crate::channels::{Authentication, FileLink, Sentence};
use crate::insights::answers;
use crate::platform::parts;
use crate::platform::{CaseId, ContactId, InsightId, Page, ReceivedId, Result, Tx};

/// Messages of a case on one page.
const MESSAGES: i64 = 200;

#[derive(Deserialize, IntoParams)]
pub struct Part {
    /// As `earlier` of an answer said: the messages before its own.
    pub before: Option<String>,
    /// The message that a page shows whole; programs get all of them whole.
    pub whole: Option<i64>,
}

/// A page of what was said, and where the page before it is.
pub async fn messages(
    tx: &mut Tx,
    case: CaseId,
    part: &Part,
    all_whole: bool,
) -> Result<(Vec<Message>, Option<String>)> {
    let before = part.before.as_deref().and_then(parts::read_cursor).map(|(at, id)| (at, ContactId(id)));
    let mut contacts = if all_whole {
        let contacts = cases::contacts_before(tx, case, before, MESSAGES + 1).await?;
        contacts.into_iter().map(|contact| (contact, false)).collect()
    } else {
        let part = cases::Part { before, whole: part.whole.map(ContactId) };
        cases::conversation(tx, case, part, MESSAGES + 1).await?
    };
    let more = i64::try_from(contacts.len()).is_ok_and(|found| MESSAGES < found);
    if more {
        contacts.remove(0);
    }
    let first = contacts.first().filter(|_| more);
    let earlier = first.map(|(first, _)| parts::cursor(first.at, first.id));
    let ids: Vec<ContactId> = contacts.iter().map(|(contact, _)| contact.id).collect();
    look(tx, &ids).await?;
    let mut files = cases::attachments_of(tx, &ids).await?;
    let mails: Vec<ReceivedId> = contacts.iter().filter_map(|(contact, _)| contact.received).collect();
    let mut senders = channels::authentications(tx, &mails).await?;
    let links = channels::links(tx, &ids).await?;
    let mut recipients = cases::recipients_of(tx, &ids).await?;
    let mut called = cases::called(tx, &ids).await?;
    let mut together = answers::insights_of(tx, &ids).await?;
    let with_files = |(contact, cut): (Contact, bool)| {
        let files = files.remove(&contact.id).unwrap_or_default();
        let links = links.iter().filter(|link| link.contact == contact.id).cloned().collect();
        let sender = contact.received.and_then(|mail| senders.remove(&mail));
        let recipients = recipients.remove(&contact.id).unwrap_or_default();
        let called = called.remove(&contact.id).unwrap_or_default();
        let together = together.remove(&contact.id);
        Message { contact, cut, files, links, sender, recipients, called, together }
    };
    Ok((contacts.into_iter().map(with_files).collect(), earlier))
}

/// Finds out what there is nothing of, so that it is not asked for.
async fn look(tx: &mut Tx, contacts: &[ContactId]) -> Result<()> {
    let columns = [&cases::OF_CONTACT[..], &channels::OF_CONTACT, &answers::OF_CONTACT].concat();
    let keys: Vec<i64> = contacts.iter().map(|contact| contact.0).collect();
    tx.look_for_any(&columns, &keys).await
}

#[derive(Serialize, ToSchema)]
pub struct MessageJson {
    #[serde(flatten)]
    contact: ContactJson,
    /// Files that were too large for the mail and went as links.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<FileLink>,
    /// What was found about its sender, if somebody looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    sender: Option<Authentication>,
}

/// A message as the page shows it.
pub struct Message {
    pub contact: Contact,
    /// Its texts go on.
    pub cut: bool,
    pub files: Vec<Attachment>,
    /// Of files that were too large for the mail.
    pub links: Vec<FileLink>,
    pub sender: Option<Authentication>,
    /// Whom it names, if they are several.
    pub recipients: Vec<Addressee>,
    /// Who is called by a note.
    pub called: Vec<Mention>,
    /// The insight whose cases were answered together, by its title.
    pub together: Option<(InsightId, String)>,
}

impl Message {
    pub fn into_json(self) -> MessageJson {
        let recipients = self.recipients;
        let contact = ContactJson { recipients, ..ContactJson::of(self.contact, self.files) };
        MessageJson { contact, links: self.links, sender: self.sender }
    }

    pub fn is_forged(&self) -> bool {
        self.contact.sender_proof == SenderProof::Suspicious
    }

    /// What was found about the sender: in a word, whom it says to be, and why.
    pub fn proof(&self) -> Option<(String, &str, Vec<Sentence>)> {
        let sender = self.sender.as_ref()?;
        let proof = self.contact.sender_proof;
        let told = proof != SenderProof::Unchecked;
        told.then(|| (format!("sender-{proof}"), sender.from.as_str(), channels::explain(sender)))
    }

    /// The class of the look: who speaks.
    pub fn class(&self) -> &'static str {
        match self.contact.direction {
            _ if self.contact.talk.is_some() => "side",
            Direction::Note => "int",
            Direction::Outbound => "us",
            Direction::Inbound if self.contact.channel == Channel::Phone => "call",
            Direction::Inbound => "cust",
        }
    }

    pub fn icon(&self) -> &'static str {
        match self.contact.direction {
            _ if self.contact.talk.is_some() => "forward",
            Direction::Note => "note",
            Direction::Outbound => "reply",
            Direction::Inbound => self.contact.channel.icon(),
        }
    }

    pub fn is_note(&self) -> bool {
        self.contact.direction == Direction::Note
    }

    /// Is it on its way, or stuck there?
    pub fn state_word(&self, page: &Page) -> Option<String> {
        // Of a note only that it was taken back.
        let told =
            self.contact.direction == Direction::Outbound || self.contact.state == ContactState::Withdrawn;
        let state = match self.contact.state {
            ContactState::Queued if self.contact.problem.is_some() => ContactState::Delayed,
            ContactState::Queued if self.is_planned(page) => {
                return Some("contact-state-planned".to_owned());
            }
            state => state,
        };
        told.then(|| format!("contact-state-{state}"))
    }

    /// Is there a mail behind it, as it came or as it left?
    pub fn has_source(&self) -> bool {
        let left = matches!(
            self.contact.state,
            ContactState::Sent | ContactState::Delayed | ContactState::Delivered | ContactState::Failed
        );
        let sent = self.contact.direction == Direction::Outbound && self.contact.channel == Channel::Email;
        self.contact.received.is_some() || (sent && left)
    }

    /// Waits for a moment that somebody chose.
    pub fn is_planned(&self, page: &Page) -> bool {
        let later = self.contact.send_at.is_some_and(|at| page.now() + cases::LONGEST_UNDO < at);
        self.contact.state == ContactState::Queued && later
    }

    /// Has not left, and can be taken back.
    pub fn waits(&self, page: &Page) -> bool {
        self.contact.state == ContactState::Queued
            && (self.contact.problem.is_some() || self.is_planned(page))
    }

    pub fn has_failed(&self) -> bool {
        self.contact.state == ContactState::Failed
    }

    /// A machine wrote it, and it was kept from leaving.
    pub fn is_suppressed(&self) -> bool {
        self.contact.state == ContactState::Suppressed
    }

    /// What the code says that a reason begins with, if it does, and what other servers said.
    pub fn reason(&self) -> Option<(Option<&'static str>, &str)> {
        let reason = self.contact.reason.as_deref()?;
        if let Some(held) = channels::Suppression::from_code(reason) {
            return Some((Some(held.word()), ""));
        }
        if reason == channels::FLOOD {
            return Some((Some("case-flood"), ""));
        }
        let (code, said) = reason.split_once(": ").unwrap_or((reason, ""));
        Some(channels::bounce_word(code).map_or((None, reason), |word| (Some(word), said)))
    }

    /// The first words, to tell it from others.
    pub fn beginning(&self) -> String {
        cases::snippet(&self.contact.text)
    }

    /// The new text as paragraphs.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.contact.text.split("\n\n").map(str::trim).filter(|part| !part.is_empty())
    }

    /// What the house wrote, as it was written; nothing for plain text and for customers' HTML, which gets a frame.
    pub fn rich(&self) -> Option<String> {
        let html = self.contact.html.as_ref().filter(|_| self.contact.direction == Direction::Outbound)?;
        let cid = |id: &str| {
            let file = self.files.iter().find(|file| file.content_id.as_deref() == Some(id))?;
            Some(format!("/attachments/{}?inline=1", file.id))
        };
        Some(mail::html::sanitise(html, &mail::html::SanitiseOptions { cid_url: &cid, allow_remote: false }))
    }

    /// A paragraph of a note in pieces; those that call somebody are marked.
    pub fn pieces<'a>(&self, paragraph: &'a str) -> Vec<(bool, &'a str)> {
        let mut pieces = Vec::new();
        let mut rest = paragraph;
        while let Some(at) = self.next_call(rest) {
            pieces.push((false, &rest[..at.0]));
            pieces.push((true, &rest[at.0..at.1]));
            rest = &rest[at.1..];
        }
        pieces.push((false, rest));
        pieces
    }

    /// Where the next name behind an `@` begins and ends.
    fn next_call(&self, text: &str) -> Option<(usize, usize)> {
        text.match_indices('@').find_map(|(at, _)| {
            let fits = |mention: &&Mention| {
                let behind = text.get(at + 1..at + 1 + mention.name.len());
                behind.is_some_and(|behind| behind.to_lowercase() == mention.name.to_lowercase())
            };
            let longest = self.called.iter().filter(fits).map(|mention| mention.name.len()).max()?;
            Some((at, at + 1 + longest))
        })
    }

    /// Whom it names in a field, as a line; empty if nobody.
    pub fn named(&self, place: &str) -> String {
        let of = self.recipients.iter().filter(|one| one.place.code() == place);
        of.map(Addressee::line).collect::<Vec<_>>().join(", ")
    }

    /// Recipients that refused it, while others have it.
    pub fn missed(&self) -> impl Iterator<Item = &Addressee> {
        self.recipients.iter().filter(|one| one.state == Progress::Failed)
    }

    /// Can it be sent on as it came?
    pub fn has_original(&self) -> bool {
        self.contact.received.is_some()
    }

    /// May it take more room than the beginnings of several messages on a phone?
    pub fn is_long(&self) -> bool {
        400 < self.contact.text.len() || 8 < self.contact.text.lines().count()
    }

    /// Nothing was written and nothing attached.
    pub fn is_empty(&self) -> bool {
        self.paragraphs().next().is_none() && self.files.is_empty()
    }

    /// The link of a file that did not go along.
    pub fn link(&self, file: &Attachment) -> Option<&FileLink> {
        self.links.iter().find(|link| link.attachment == file.id)
    }

    pub fn downloads(&self) -> impl Iterator<Item = &Attachment> {
        self.files.iter().filter(|file| !file.inline)
    }
}

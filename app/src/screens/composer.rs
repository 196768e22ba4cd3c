//! What stands ready where somebody writes: to whom, what was begun, what answers begin and end with.

use crate::cases;
use crate::cases::web::bodies;
use crate::cases::{
    Addressee, Attachment, Case, Contact, Direction, Draft, DraftKind, Place, State as ContactState, Talk,
};
use crate::channels;
use crate::customers;
use crate::platform::{Actor, App, ContactId, Page, Result, Timestamp, Tone, Tx};
use crate::snippets;

use super::conversation::Message;

/// The composer of a case, for one reader.
pub struct Composer {
    /// What the reader began, to go on with.
    pub reply: Option<Draft>,
    pub note: Option<Draft>,
    /// What others began, and what a conflict left beside.
    pub beside: Vec<Began>,
    /// HTML that the editor starts with.
    pub body: Option<String>,
    /// How the customer is addressed, where their language knows the difference.
    pub tone: Option<Tone>,
    /// What the answer begins and ends with is written for „Sie“ only, where „Du“ applies.
    pub other_tone: bool,
    pub to: String,
    pub cc: String,
    pub bcc: String,
    /// Files of what was taken back.
    pub again: Vec<Attachment>,
    /// When it was to leave, if somebody chose that and it has not passed; as a form shows it.
    pub at: Option<String>,
    /// Whom an answer to all names in Cc; empty if that is nobody.
    pub all: String,
    /// How many that are.
    pub others: i64,
    pub talk: Option<TalkForm>,
}

/// A draft as others see it.
pub struct Began(pub Draft);

impl Began {
    /// Whose it is, and since when.
    pub fn title(&self, page: &Page) -> String {
        let when = ("when", page.when(&self.0.updated_at));
        page.with2("draft-of", ("name", self.0.name.as_str()), when).into_owned()
    }

    pub fn is_mine(&self, page: &Page) -> bool {
        page.person() == Some(self.0.person)
    }

    /// Its HTML; what was typed is kept harmless.
    pub fn shown(&self) -> String {
        bodies::for_editor(&self.0.body)
    }

    /// Its text on one line.
    pub fn glimpse(&self) -> String {
        cases::snippet(&mail::html::to_text(&self.0.body))
    }
}

/// A message to somebody who is not the customer, as its dialog begins.
pub struct TalkForm {
    /// The talk it goes on with.
    pub talk: Option<i64>,
    pub to: String,
    pub subject: String,
    pub body: String,
    pub forwards: Option<Forwarded>,
}

/// The contact that is forwarded.
pub struct Forwarded {
    pub contact: ContactId,
    pub files: i64,
    /// It came by mail, so it can be sent on unchanged.
    pub is_mail: bool,
}

/// What the dialog is opened for.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize, utoipa::IntoParams)]
pub struct Opening {
    /// The contact that is forwarded.
    pub forward: Option<i64>,
    /// The side conversation that goes on; 0 begins one.
    pub talk: Option<i64>,
}

impl Composer {
    pub async fn load(
        app: &App,
        tx: &mut Tx,
        actor: &Actor,
        case: &Case,
        messages: &[Message],
        opening: Opening,
        taken_back: Option<&Message>,
    ) -> Result<Self> {
        let mut drafts = cases::drafts(tx, case.id).await?;
        let reply = take_own(&mut drafts, actor, DraftKind::Reply);
        let note = take_own(&mut drafts, actor, DraftKind::Note);
        let to = cases::recipient(tx, case).await?.unwrap_or_default();
        let all = everybody(app, tx, messages, &to).await?;
        let mut other_tone = false;
        let body = match (&reply, taken_back) {
            (Some(draft), _) => Some(bodies::for_editor(&draft.body)),
            (None, Some(message)) => Some(bodies::for_editor(&html_of(&message.contact))),
            (None, None) => {
                let frame = snippets::frame_for(app, tx, actor, case).await?;
                other_tone = frame.as_ref().is_some_and(|frame| frame.other_tone);
                frame.map(|frame| frame.html)
            }
        };
        let [to, cc, bcc] = receivers(reply.as_ref(), taken_back, to);
        let tone = customers::manner(tx, case.customer, case.queue).await?.tone;
        let talks = cases::talks(tx, case.id).await?;
        Ok(Self {
            talk: talk_form(case, messages, &talks, opening),
            to,
            cc,
            bcc,
            again: taken_back.map(|message| message.downloads().cloned().collect()).unwrap_or_default(),
            at: taken_back.and_then(|message| planned(app, &message.contact)),
            others: i64::try_from(all.len()).unwrap_or(i64::MAX),
            all: all.join(", "),
            reply,
            note,
            beside: drafts.into_iter().map(Began).collect(),
            body,
            tone,
            other_tone,
        })
    }

    /// What was begun of a note, as text.
    pub fn note_text(&self) -> String {
        self.note.as_ref().map(|draft| mail::html::to_text(&draft.body).trim().to_owned()).unwrap_or_default()
    }
}

/// The newest own draft of a kind; older ones stay beside it.
fn take_own(drafts: &mut Vec<Draft>, actor: &Actor, kind: DraftKind) -> Option<Draft> {
    let own = |draft: &Draft| Some(draft.person) == actor.person_id() && draft.kind == kind;
    let newest = drafts.iter().rposition(own)?;
    Some(drafts.remove(newest))
}

fn html_of(contact: &Contact) -> String {
    contact.html.clone().unwrap_or_else(|| mail::html::from_text(&contact.text))
}

/// To, Cc and Bcc of what was begun or taken back; else it goes to `to`.
fn receivers(reply: Option<&Draft>, taken_back: Option<&Message>, to: String) -> [String; 3] {
    match (reply, taken_back) {
        (Some(draft), _) if draft.to.is_empty() => [to, draft.cc.clone(), draft.bcc.clone()],
        (Some(draft), _) => [draft.to.clone(), draft.cc.clone(), draft.bcc.clone()],
        // Only messages to several have a list of them.
        (None, Some(message)) if message.recipients.is_empty() => {
            [message.contact.to_address.clone().unwrap_or(to), String::new(), String::new()]
        }
        (None, Some(message)) => ["to", "cc", "bcc"].map(|place| message.named(place)),
        (None, None) => [to, String::new(), String::new()],
    }
}

/// When somebody chose that a message leaves, if that is still to come.
fn planned(app: &App, contact: &Contact) -> Option<String> {
    let chosen = |at: &Timestamp| contact.at + cases::LONGEST_UNDO < *at && app.now() < *at;
    let at = contact.send_at.filter(chosen)?;
    Some(at.moment().to_zoned(app.zone()).strftime("%Y-%m-%dT%H:%M").to_string())
}

/// Who else is to read an answer: whom the last message between customer and house named, without these two. What was
/// taken back nobody got, and what a machine said by itself, such as an acknowledgement, nobody answers.
async fn everybody(app: &App, tx: &mut Tx, messages: &[Message], to: &str) -> Result<Vec<String>> {
    let with_customer = |message: &&Message| {
        let contact = &message.contact;
        let with_customer = contact.talk.is_none() && !contact.stranger && !contact.automatic;
        with_customer && contact.direction != Direction::Note && contact.state != ContactState::Withdrawn
    };
    let Some(last) = messages.iter().rev().find(with_customer) else { return Ok(Vec::new()) };
    let seen = |one: &&Addressee| one.place != Place::Bcc && !one.address.eq_ignore_ascii_case(to);
    let named: Vec<&Addressee> = last.recipients.iter().filter(seen).collect();
    let addresses: Vec<String> = named.iter().map(|one| one.address.clone()).collect();
    let foreign = channels::without_own(app, tx, &addresses).await?;
    Ok(named.into_iter().filter(|one| foreign.contains(&one.address)).map(Addressee::line).collect())
}

fn talk_form(case: &Case, messages: &[Message], talks: &[Talk], opening: Opening) -> Option<TalkForm> {
    if let Some(id) = opening.forward {
        let message = messages.iter().find(|message| message.contact.id.0 == id)?;
        let contact = &message.contact;
        return Some(TalkForm {
            talk: None,
            to: String::new(),
            subject: contact.subject.clone().unwrap_or_else(|| case.subject.clone()),
            body: quoted(contact),
            forwards: Some(Forwarded {
                contact: contact.id,
                files: i64::try_from(message.files.len()).unwrap_or(i64::MAX),
                is_mail: message.has_original(),
            }),
        });
    }
    let wanted = opening.talk?;
    let contacts: Vec<Contact> = messages.iter().map(|message| message.contact.clone()).collect();
    let known = talks.iter().find(|talk| talk.id == wanted);
    Some(TalkForm {
        talk: known.map(|talk| talk.id),
        to: known.and_then(|talk| cases::partner(&contacts, talk.id)).unwrap_or_default(),
        subject: known.map_or_else(|| case.subject.clone(), |talk| talk.subject.clone()),
        body: String::new(),
        forwards: None,
    })
}

/// A message as it is forwarded: below a line, each of its lines marked.
fn quoted(contact: &Contact) -> String {
    let head = match &contact.from_address {
        Some(address) => format!("{} <{address}>:", contact.author),
        None => format!("{}:", contact.author),
    };
    let lines: Vec<String> = contact.text.lines().map(|line| format!("> {line}")).collect();
    format!("\n\n{head}\n{}", lines.join("\n"))
}

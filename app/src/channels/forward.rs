//! A customer's mail that somebody of the house passes on: the customer is its author, what the colleague says
//! about it is a note. In doubt, or if a stranger passes something on, a mail is filed as it is.

use anyhow::Context;
use mail::reply::forwarded::Forwarded;

use super::directory::Directory;
use super::understand::{LONGEST_TEXT, Sender, Understood, clean, is_address};
use crate::cases;
use crate::cases::SenderProof;
use crate::people;
use crate::platform::{Actor, App, CaseId, PersonId, Result, SmallBlobs, Tx};

/// Who passed a mail on, and what they say about it.
#[derive(Debug, Clone)]
pub struct Colleague {
    pub person: PersonId,
    pub note: String,
}

/// The mail as its customer wrote it, if `mail` is one that somebody of the house passes on.
///
/// Only marked mails are looked at, so most cost no question to the database.
pub async fn unwrap(tx: &mut Tx, directory: &Directory, mail: &Understood) -> Result<Option<Understood>> {
    let believed = !mail.automatic && mail.proof != SenderProof::Suspicious;
    let Some(forwarded) = mail.forwarded.as_ref().filter(|_| believed) else { return Ok(None) };
    // A `Reply-To` beside the colleague's address is not how people pass mail on.
    if mail.sender.author.is_some() {
        return Ok(None);
    }
    let Some((person, _)) = people::by_email(tx, &mail.sender.answer_to).await? else { return Ok(None) };
    let author = &forwarded.sender.address;
    let usable =
        is_address(author) && !directory.is_own(author) && people::by_email(tx, author).await?.is_none();
    Ok(usable.then(|| of_customer(mail, forwarded, person)))
}

fn of_customer(mail: &Understood, forwarded: &Forwarded, person: PersonId) -> Understood {
    let mut message = mail.message.clone();
    if !forwarded.subject.trim().is_empty() {
        message.subject.clone_from(&forwarded.subject);
    }
    message.reply_text.clone_from(&forwarded.text);
    message.text.clone_from(&forwarded.text);
    message.quoted_text.clone_from(&forwarded.quoted);
    message.signature.clone_from(&forwarded.signature);
    if forwarded.enclosed || !forwarded.note.is_empty() {
        // It would show the colleague's words, or nothing, as the customer's. The raw mail has it.
        message.html = None;
    }
    let name = forwarded.sender.name.trim();
    let sender = Sender {
        name: Some(clean(name, 200)).filter(|name| !name.is_empty()),
        answer_to: forwarded.sender.address.clone(),
        author: None,
    };
    Understood {
        message,
        attachments: mail.attachments.clone(),
        small: SmallBlobs::new(),
        sender,
        shortened: mail.shortened,
        automatic: false,
        // Checked was the colleague's mail, not the customer's.
        proof: SenderProof::Unchecked,
        at: mail.at,
        identity: mail.identity.clone(),
        forwarded: None,
        colleague: Some(Colleague { person, note: clean(&forwarded.note, LONGEST_TEXT) }),
        head: mail.head.clone(),
    }
}

/// Writes down what the colleague said.
pub async fn note(app: &App, tx: &mut Tx, case: CaseId, colleague: &Colleague) -> Result<()> {
    if colleague.note.trim().is_empty() {
        return Ok(());
    }
    let actor: Actor = people::actor(tx, colleague.person).await.context("who passed a mail on")?;
    cases::note_in(app, tx, &actor, case, &colleague.note, Vec::new()).await?;
    Ok(())
}

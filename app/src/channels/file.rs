//! Files an understood mail: the customer, the case, the contact, all in the caller's transaction.

use mail::{Kind, threading};

use super::model::Received;
use super::place::{self, Directory, Place, Target};
use super::store::{self, Filed, Known};
use super::understand::{LONGEST_HTML, LONGEST_TEXT, Understood, clean, clean_line, language};
use crate::cases;
use crate::cases::{Channel, Destination, Incoming, SenderProof};
use crate::customers;
use crate::platform::{Actor, App, CaseId, ContactId, CustomerId, Error, QueueId, Result, Tx, dialect};

const LONGEST_SUBJECT: usize = 300;
/// Mails whose sender is probably forged share one customer (RFC 6761 reserves the name).
const FORGED: &str = "forged@invalid";
const FORGED_NAME: &str = "Unbestätigte Absender";

/// Files a mail; the caller ends its way, with that of others.
pub async fn file(
    app: &App,
    tx: &mut Tx,
    directory: &Directory,
    received: &Received,
    mail: &Understood,
) -> Result<Filed> {
    let actor = Actor::kitt("channels");
    if let Some((case, contact)) = own_mail(app, tx, directory, mail).await? {
        return Ok(Filed { mail: received.id, reason: Some("own"), case, contact });
    }
    // Two mails of one new sender must not make two customers.
    dialect::lock(tx, "sender", key(&mail.sender.answer_to)).await?;
    let mut filed = None;
    let mut duplicate = true;
    for (target, to) in place::targets(app, directory, received, mail) {
        let place = place::find(app, tx, &target, mail).await?;
        let place = match (place, &target) {
            (Some(place), _) => place,
            (None, Target::Queue(queue)) => Place::New(directory.queue(*queue)?),
            // The case of a signed address is gone: its mail is as good as a new one.
            (None, Target::Reply(_)) => Place::New(directory.first()?),
        };
        let known = already_filed(tx, received, mail, place.queue()).await?;
        duplicate &= known.is_some();
        let one = match known {
            Some(known) => known,
            None => add(app, tx, &actor, received, mail, Delivered { place, to }).await?,
        };
        filed.get_or_insert(one);
    }
    let filed = filed.ok_or_else(|| anyhow::anyhow!("there is no queue"))?;
    if mail.message.kind == Kind::Bounce {
        note_bounce(app, tx, &actor, mail).await?;
    }
    let reason = duplicate.then_some("duplicate");
    Ok(Filed { mail: received.id, reason, case: filed.case, contact: filed.contact })
}

/// The same bytes under the same id in the same queue are the same mail, sent once more.
async fn already_filed(
    tx: &mut Tx,
    received: &Received,
    mail: &Understood,
    queue: QueueId,
) -> Result<Option<Known>> {
    match message_id(received, mail) {
        Some((id, _)) => store::duplicate(tx, &id, queue, &received.hash).await,
        None => Ok(None),
    }
}

/// The id by which a mail is known again, and may others refer to it?
///
/// Without one its bytes are its id, or a sender that lost our answer and repeats a mail would double it. That
/// takes a date of its own: without one the same words may well have been written twice.
fn message_id(received: &Received, mail: &Understood) -> Option<(String, bool)> {
    let given = mail.message.message_id.as_ref().map(|id| (clean(id, usize::MAX), true));
    let made = mail.message.date.map(|_| (format!("{}@none.invalid", received.hash), false));
    given.or(made)
}

/// One delivery of a mail.
struct Delivered {
    place: Place,
    to: Option<String>,
}

async fn add(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    received: &Received,
    mail: &Understood,
    delivered: Delivered,
) -> Result<Known> {
    let customer = customer(app, tx, actor, mail, &delivered.place).await?;
    let automatic = mail.automatic;
    let queue = delivered.place.queue();
    let incoming = incoming(received, mail, customer, delivered);
    let overlooked = incoming.stranger && !automatic;
    let (case, contact) = cases::receive(app, tx, actor, incoming).await?;
    if overlooked {
        // A stranger with proof, such as the customer from another address: marked, but not left lying.
        cases::owe_answer(app, tx, actor, case, mail.at).await?;
    }
    cases::note_sender(tx, case, contact, mail.proof).await?;
    let known = Known { case, contact };
    if let Some((id, real)) = message_id(received, mail) {
        // A made-up id is nothing that an answer could refer to.
        store::remember(tx, &id, queue, known, &received.hash, automatic || !real).await?;
    }
    Ok(known)
}

/// Whose contact it is: always that of the address where answers go.
///
/// Whoever forges a customer's `From` and has the answer sent to a `Reply-To` of their own gets nothing of
/// that customer's file; and a contact form, which puts its visitor there, opens the visitor's.
async fn customer(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    mail: &Understood,
    place: &Place,
) -> Result<CustomerId> {
    let sender = &mail.sender;
    // Robots that write about a case are not its customer.
    if let Place::Case { customer, .. } = place
        && mail.automatic
    {
        return Ok(*customer);
    }
    let language = language(mail.message.language);
    if mail.proof == SenderProof::Suspicious {
        // Whoever it is, it is not the customer whose file this would open.
        return customers::of_address(app, tx, actor, FORGED, Some(FORGED_NAME), language).await;
    }
    customers::of_address(app, tx, actor, &sender.answer_to, sender.name.as_deref(), language).await
}

fn incoming(received: &Received, mail: &Understood, customer: CustomerId, delivered: Delivered) -> Incoming {
    let message = &mail.message;
    let (text, quoted) = texts(mail);
    let (into, stranger) = match delivered.place {
        Place::Case { case, stranger, .. } => (Destination::Case(case), stranger),
        Place::New(queue) => (Destination::New(queue), false),
    };
    Incoming {
        channel: Channel::Email,
        at: mail.at,
        customer,
        author: mail.sender.name.clone().unwrap_or_else(|| mail.sender.answer_to.clone()),
        from_address: Some(mail.sender.answer_to.clone()),
        to_address: delivered.to.map(|to| clean(&to, 320)),
        subject: subject(mail, &text),
        quoted,
        signature: some(&message.signature, LONGEST_TEXT),
        html: message.html.as_deref().and_then(|html| some(html, LONGEST_HTML)),
        into,
        automatic: mail.automatic,
        stranger,
        received: Some(received.id),
        shortened: mail.shortened || LONGEST_SUBJECT < message.subject.chars().count(),
        attachments: mail.attachments.clone(),
        text,
    }
}

/// What was newly written, and what it quotes. A mail that only quotes says what it quotes.
fn texts(mail: &Understood) -> (String, Option<String>) {
    let message = &mail.message;
    if message.reply_text.trim().is_empty() {
        return (clean(message.text.trim(), LONGEST_TEXT), None);
    }
    (clean(message.reply_text.trim(), LONGEST_TEXT), some(&message.quoted_text, LONGEST_TEXT))
}

/// The subject without prefixes and numbers; without one, how the text begins.
fn subject(mail: &Understood, text: &str) -> String {
    let subject = clean_line(&threading::normalise_subject(&mail.message.subject), LONGEST_SUBJECT);
    if !subject.is_empty() {
        return subject;
    }
    let start: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
    if start.is_empty() { "—".to_owned() } else { start }
}

fn some(text: &str, longest: usize) -> Option<String> {
    let text = clean(text, longest);
    if text.trim().is_empty() { None } else { Some(text) }
}

/// Our own mail in copy to ourselves, proven by its signed id: it is in its case already.
async fn own_mail(
    app: &App,
    tx: &mut Tx,
    directory: &Directory,
    mail: &Understood,
) -> Result<Option<(CaseId, ContactId)>> {
    let ours = directory.is_own(mail.sender.author.as_deref().unwrap_or(&mail.sender.answer_to));
    let Some(contact) = place::own_contact(app, mail.message.message_id.as_deref()).filter(|_| ours) else {
        return Ok(None);
    };
    match cases::contact(tx, contact).await {
        Ok(contact) => Ok(Some((contact.case, contact.id))),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A mail of ours came back for good: its contact failed, so that somebody sees it.
async fn note_bounce(app: &App, tx: &mut Tx, actor: &Actor, mail: &Understood) -> Result<()> {
    let message = &mail.message;
    let Some(contact) = place::own_contact(app, message.original_message_id.as_deref()) else {
        return Ok(());
    };
    let Some(failure) = message.bounce.iter().find(|failure| failure.permanent) else { return Ok(()) };
    let reason = clean(format!("{} {}", failure.status, failure.diagnostic).trim(), 500);
    cases::failed(app, tx, actor, contact, &reason).await
}

/// A number for locking by address.
fn key(address: &str) -> i64 {
    let hash = blake3::hash(crate::people::fold_email(address).as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    i64::from_le_bytes(first) & i64::MAX
}

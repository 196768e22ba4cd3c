//! Files understood mails: the customer, the case, the contact, all in the caller's transaction.

use mail::threading;

use super::acknowledge;
use super::bounce;
use super::delivered;
use super::directory::{Directory, Target};
use super::forward;
use super::known::{self, Arrived, Known};
use super::model::Received;
use super::place::{self, Place};
use super::sieve::{self, Arriving};
use super::store::{self, Filed, MessageRow};
use super::thread;
use super::understand::{LONGEST_HTML, LONGEST_TEXT, Understood, clean, clean_line, language};
use super::unsubscribe;
use crate::cases;
use crate::cases::{Channel, Destination, Incoming, Recipient, SenderProof};
use crate::customers;
use crate::customers::{Book, Way};
use crate::platform::{Actor, App, CaseId, ContactId, CustomerId, Error, QueueId, Result, Tx, dialect};

const LONGEST_SUBJECT: usize = 300;
/// Recipients that are kept of a mail; of more nobody answers all.
const MOST_RECIPIENTS: usize = 50;
/// Mails whose sender is probably forged share one customer (RFC 6761 reserves the name).
const FORGED: &str = "forged@invalid";
const FORGED_NAME: &str = "Unbestätigte Absender";

/// What a mail is marked with that is one of too many.
pub const FLOOD: &str = "flood";

/// Files mails together; the caller ends their way. In the order of the answer, not of the mails: what points to
/// no case comes first, since it can be written without a look at any.
pub async fn file_all(
    app: &App,
    tx: &mut Tx,
    directory: &Directory,
    mails: &[(&Received, &Understood)],
) -> Result<Vec<Filed>> {
    let mut unwrapped = Vec::with_capacity(mails.len());
    for (_, mail) in mails {
        unwrapped.push(forward::unwrap(tx, directory, mail).await?);
    }
    let arrived = mails.iter().zip(&unwrapped).map(|((received, mail), unwrapped)| {
        let mail = unwrapped.as_ref().unwrap_or(mail);
        (*received, mail, place::targets(app, directory, received, mail))
    });
    let arrived: Vec<Arrived<'_>> = arrived.collect();
    // Two mails of one new sender must not make two customers.
    let senders = arrived.iter().map(|(_, mail, _)| place::key(believed_sender(mail)));
    dialect::lock_all(tx, "sender", senders).await?;
    let mut known = Known::load(app, tx, &arrived).await?;
    let (fresh, pointing): (Vec<_>, Vec<_>) = arrived.iter().partition(|mail| known::is_fresh(app, mail));
    let cases = fresh.iter().map(|(_, _, targets)| targets.len()).sum();
    let contacts = cases + pointing.len();
    let customers = known.book.unknown();
    tx.reserve_ids(&[("cases", cases), ("contacts", contacts), ("customers", customers)]).await?;
    let mut filed = Vec::with_capacity(mails.len());
    for arrived in fresh.into_iter().chain(pointing) {
        filed.push(file(app, tx, directory, &mut known, arrived).await?);
    }
    Ok(filed)
}

async fn file(
    app: &App,
    tx: &mut Tx,
    directory: &Directory,
    known: &mut Known,
    &(received, mail, ref targets): &Arrived<'_>,
) -> Result<Filed> {
    let actor = Actor::kitt("channels");
    if let Some((case, contact)) = own_mail(app, tx, directory, mail).await? {
        return Ok(Filed { mail: received.id, reason: Some("own"), case, contact });
    }
    if let Some((case, contact)) = delivered::note(app, tx, mail).await? {
        return Ok(Filed { mail: received.id, reason: Some("report"), case, contact });
    }
    let mut filed = None;
    let mut duplicate = true;
    for (target, to) in targets {
        let place = place::find(app, tx, directory, known, target, mail).await?;
        let place = match (place, target) {
            (Some(place), _) => place,
            (None, Target::Queue(queue)) => Place::New(directory.queue(*queue)?),
            // The case of a signed address is gone: its mail is as good as a new one.
            (None, Target::Reply(_)) => Place::New(directory.first()?),
        };
        let before = already_filed(tx, known, mail, &place).await?;
        duplicate &= before.is_some();
        let one = match before {
            Some(before) => before,
            None => {
                deliver(app, tx, &actor, directory, known, (received, mail), (place, to.as_deref())).await?
            }
        };
        filed.get_or_insert(one);
    }
    let filed = filed.ok_or_else(|| anyhow::anyhow!("there is no queue"))?;
    if !duplicate {
        heed(app, tx, &actor, directory, mail).await?;
    }
    let reason = duplicate.then_some("duplicate");
    Ok(Filed { mail: received.id, reason, case: filed.case, contact: filed.contact })
}

/// Files a delivery that was not filed before: mail filters say where a new case opens, and whether its customer is told.
async fn deliver(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    directory: &Directory,
    known: &mut Known,
    (received, mail): (&Received, &Understood),
    (place, to): (Place, Option<&str>),
) -> Result<store::Known> {
    let opens = !matches!(place, Place::Case { .. });
    let arrived_in = place.queue();
    let arriving = Arriving::of(received, mail, to);
    let sieved = if opens { sieve::judge(app, tx, &arriving).await? } else { None };
    // A queue that is no more decides nothing.
    let chosen = sieved.as_ref().and_then(|sieved| directory.queue(sieved.queue?).ok());
    let place = chosen.into_iter().fold(place, Place::moved);
    let quiet = sieved.as_ref().is_some_and(|sieved| sieved.quiet);
    let asks = !mail.automatic && mail.message.auto.may_be_answered() && !quiet;
    let says = opens && asks && directory.acknowledges(place.queue());
    let delivered = Delivered { place, to: to.map(ToOwned::to_owned), arrived_in };
    let added = add(app, tx, actor, known, received, mail, delivered).await?;
    if let Some(sieved) = &sieved {
        sieve::opened(app, tx, added.case, sieved).await?;
    }
    if says {
        acknowledge::acknowledge(app, tx, added.case).await?;
    }
    Ok(added)
}

/// What a mail says of addresses, the first time that it comes: one failed, declines messages, or works again.
async fn heed(app: &App, tx: &mut Tx, actor: &Actor, directory: &Directory, mail: &Understood) -> Result<()> {
    bounce::note(app, tx, actor, mail).await?;
    if let Some(declined) = unsubscribe::asked(app, &mail.message.subject) {
        unsubscribe::decline(app, tx, declined, Way::Mail).await?;
    }
    if !mail.automatic && directory.may_have_bounced(&mail.sender.answer_to) {
        customers::clear_bounce(app, tx, actor, &mail.sender.answer_to).await?;
    }
    Ok(())
}

/// The same mail under the same id in the same queue or case was sent once more, or came on two ways.
async fn already_filed(
    tx: &mut Tx,
    known: &Known,
    mail: &Understood,
    place: &Place,
) -> Result<Option<store::Known>> {
    let case = match place {
        Place::Case { case, .. } => Some(*case),
        Place::New(_) | Place::Later { .. } => None,
    };
    match message_id(mail) {
        Some((id, _)) => known.duplicate(tx, &id, place.queue(), case, &mail.identity).await,
        None => Ok(None),
    }
}

/// The id by which a mail is known again, and may others refer to it?
///
/// Without one its content is its id, or a sender that lost our answer and repeats a mail would double it. That
/// takes a date of its own: without one the same words may well have been written twice.
pub fn message_id(mail: &Understood) -> Option<(String, bool)> {
    let given = mail.message.message_id.as_ref().map(|id| (clean(id, usize::MAX), true));
    let made = mail.message.date.map(|_| (format!("{}@none.invalid", mail.identity), false));
    given.or(made)
}

/// One delivery of a mail.
struct Delivered {
    place: Place,
    to: Option<String>,
    /// The queue that it came to, whichever a filter chose: by it the same mail is known again.
    arrived_in: QueueId,
}

async fn add(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    known: &mut Known,
    received: &Received,
    mail: &Understood,
    delivered: Delivered,
) -> Result<store::Known> {
    let customer = customer(app, tx, actor, &mut known.book, mail, &delivered.place).await?;
    let flood =
        known.may_be_flooded(&delivered.place) && thread::is_flood(tx, &delivered.place, mail).await?;
    // What a button of a mail program wrote asks nobody for an answer.
    let automatic = mail.automatic || flood || unsubscribe::asked(app, &mail.message.subject).is_some();
    let queue = delivered.arrived_in;
    let follows = delivered.place.follows();
    let incoming = Incoming { automatic, ..incoming(received, mail, customer, delivered) };
    let overlooked = incoming.stranger && !automatic;
    let (case, contact) = cases::receive(app, tx, actor, incoming).await?;
    known.count(case);
    if let Some((earlier, why)) = follows {
        cases::follow(app, tx, actor, case, earlier, why).await?;
    }
    if let Some(colleague) = &mail.colleague {
        forward::note(app, tx, case, colleague).await?;
    }
    if flood {
        cases::remark(tx, contact, FLOOD).await?;
    } else if !automatic && !mail.message.auto.may_be_answered() {
        cases::set_unanswerable(tx, contact).await?;
    }
    if overlooked {
        // A stranger with proof, such as the customer from another address: marked, but not left lying.
        cases::owe_answer(app, tx, actor, case, mail.at).await?;
    }
    cases::note_sender(tx, case, contact, mail.proof).await?;
    if let Some((id, real)) = message_id(mail) {
        let hash = mail.identity.clone();
        let row = MessageRow { message_id: store::cut(&id).to_owned(), queue, hash, case, contact };
        // A made-up id is nothing that an answer could refer to.
        known.remember(tx, row, automatic || !real);
    }
    Ok(store::Known { case, contact })
}

/// Whose contact it is: always that of the address where answers go.
///
/// Whoever forges a customer's `From` and has the answer sent to a `Reply-To` of their own gets nothing of
/// that customer's file; and a contact form, which puts its visitor there, opens the visitor's.
async fn customer(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    book: &mut Book,
    mail: &Understood,
    place: &Place,
) -> Result<CustomerId> {
    let sender = &mail.sender;
    // Robots that write about a case are not its customer.
    // Nor is whoever a side conversation is held with.
    if let Place::Case { customer, talk, .. } = place
        && (mail.automatic || talk.is_some())
    {
        return Ok(*customer);
    }
    let language = language(mail.message.language);
    let address = believed_sender(mail);
    let name = if address == FORGED { Some(FORGED_NAME) } else { sender.name.as_deref() };
    customers::of_address(app, tx, actor, book, address, name, language).await
}

/// Whoever sent what is probably forged, it is not the customer whose file the address would open.
pub fn believed_sender(mail: &Understood) -> &str {
    if mail.proof == SenderProof::Suspicious { FORGED } else { &mail.sender.answer_to }
}

fn incoming(received: &Received, mail: &Understood, customer: CustomerId, delivered: Delivered) -> Incoming {
    let message = &mail.message;
    let (text, quoted) = texts(mail);
    let (into, stranger, talk) = match delivered.place {
        Place::Case { case, stranger, talk, .. } => (Destination::Case(case), stranger, talk),
        Place::New(queue) | Place::Later { queue, .. } => (Destination::New(queue), false, None),
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
        recipients: recipients(mail),
        talk,
        text,
    }
}

/// Whom the mail names in To and Cc, if it is more than the one address that it came to.
fn recipients(mail: &Understood) -> Vec<Recipient> {
    let message = &mail.message;
    if message.cc.is_empty() && message.to.len() < 2 {
        return Vec::new();
    }
    let named = |place| {
        move |one: &mail::Address| Recipient {
            place,
            name: clean_line(&one.name, 200),
            address: clean(&one.address, 320),
        }
    };
    let to = message.to.iter().map(named(cases::Place::To));
    let all = to.chain(message.cc.iter().map(named(cases::Place::Cc)));
    all.filter(|one| cases::is_address(&one.address)).take(MOST_RECIPIENTS).collect()
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

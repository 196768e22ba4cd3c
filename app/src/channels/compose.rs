//! A written contact as a message: from whom, to whom, in which thread.

use std::collections::HashMap;

use anyhow::Context;
use mail::compose::{File, Origin, Outgoing};
use mail::{Address, threading};

use super::directory::Directory;
use super::links::{self, FileLink};
use super::{dkim, relay, resend, signature, store, talk, unsubscribe};
use crate::cases;
use crate::cases::{Addressee, Attachment, Contact, Problem, Progress};
use crate::customers;
use crate::people;
use crate::platform::{App, Language, Result, Tx};

/// Bytes kept free for what is said about links, and for the signatures of DKIM.
const LINKS: i64 = 8_000;
const SIGNATURES: i64 = 4_000;

/// A composed message with its envelope.
#[derive(Clone)]
pub struct Letter {
    pub raw: Vec<u8>,
    /// Without angle brackets.
    pub message_id: String,
    pub sender: String,
    /// The first of those that it is written to.
    pub recipient: String,
    /// All who do not have it yet.
    pub recipients: Vec<String>,
    pub subject: String,
    /// What stands below the text.
    pub signature: Option<String>,
}

/// Composes the message of a contact, and signs it. Its Message-ID is the same each time; its date is now.
///
/// Files that do not fit go as links; the problem comes back if links are needed and would lead nowhere.
pub async fn compose(app: &App, contact: &Contact) -> Result<Result<Letter, Problem>> {
    if let Some(original) = contact.resends {
        return resend::compose(app, contact, original).await;
    }
    let mut tx = app.db.read().await?;
    let signature = signed(app, &mut tx, contact).await?;
    let language = customers::customer(&mut tx, contact.customer).await?.language;
    let mut outgoing = outgoing(app, &mut tx, contact).await?;
    let files = cases::attachments(&mut tx, contact.id).await?;
    drop(tx);
    let body = Body { app, contact, language, signature: signature.as_deref() };
    body.write(&mut outgoing, &[]);
    let (linked, files) = share_out(app, &outgoing, files).await?;
    if !linked.is_empty() {
        if !links::is_reachable(app) {
            return Ok(Err(Problem::NoPublicUrl));
        }
        body.write(&mut outgoing, &with_links(app, contact, linked).await?);
    }
    for file in files {
        outgoing.files.push(load(app, file).await?);
    }
    let raw = mail::compose::compose(&outgoing);
    let mut tx = app.db.read().await?;
    let raw = dkim::sign(app, &mut tx, &outgoing.from.address, raw).await?;
    Ok(Ok(Letter {
        raw,
        recipients: left(&mut tx, contact).await?,
        subject: mail::compose::subject(&outgoing.subject, outgoing.case_number.as_deref()),
        sender: outgoing.from.address,
        recipient: contact.to_address.clone().unwrap_or_default(),
        message_id: outgoing.message_id,
        signature,
    }))
}

/// Everybody who is to get a contact and does not have it yet.
pub async fn left(tx: &mut Tx, contact: &Contact) -> Result<Vec<String>> {
    let several = cases::recipients(tx, contact.id).await?;
    if several.is_empty() {
        return Ok(contact.to_address.iter().cloned().collect());
    }
    let waiting = several.into_iter().filter(|one| one.state == Progress::Queued);
    Ok(waiting.map(|one| one.address).collect())
}

async fn load(app: &App, file: Attachment) -> Result<File> {
    Ok(File {
        content: app.blobs.get(&file.blob).await?.to_vec(),
        content_id: file.content_id.filter(|_| file.inline),
        name: file.name,
        content_type: file.content_type,
    })
}

/// The files that go as links, and those that go along. Pictures within the text always do.
async fn share_out(
    app: &App,
    outgoing: &Outgoing,
    files: Vec<Attachment>,
) -> Result<(Vec<Attachment>, Vec<Attachment>)> {
    let (inline, loose): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.inline);
    if loose.is_empty() {
        return Ok((loose, inline));
    }
    let mut largest = store::rules(&mut app.db.read().await?).await?.largest();
    if let Some(relay) = relay::configured(app.settings())
        && let Some(taken) = relay.largest(app).await
    {
        largest = largest.min(i64::try_from(taken).unwrap_or(i64::MAX));
    }
    let text = mail::compose::compose(outgoing).len();
    let pictures: i64 = inline.iter().map(|file| links::travelling(file.size)).sum();
    let rest = i64::try_from(text).unwrap_or(i64::MAX).saturating_add(pictures + LINKS + SIGNATURES);
    let sizes: Vec<i64> = loose.iter().map(|file| file.size).collect();
    let plan = links::plan(rest, &sizes, largest);
    let (mut linked, mut along) = (Vec::new(), inline);
    for (file, is_linked) in loose.into_iter().zip(plan) {
        let side = if is_linked { &mut linked } else { &mut along };
        side.push(file);
    }
    Ok((linked, along))
}

async fn with_links(
    app: &App,
    contact: &Contact,
    files: Vec<Attachment>,
) -> Result<Vec<(Attachment, FileLink)>> {
    let links = links::issue(app, contact, &files).await?;
    let linked = files.into_iter().filter_map(|file| {
        let link = links.iter().find(|link| link.attachment == file.id)?.clone();
        Some((file, link))
    });
    Ok(linked.collect())
}

/// What a message says, and what is added to it.
struct Body<'a> {
    app: &'a App,
    contact: &'a Contact,
    language: Language,
    signature: Option<&'a str>,
}

impl Body<'_> {
    /// Text and HTML: what was written, where the files are, how it can be declined, and who wrote it.
    fn write(&self, outgoing: &mut Outgoing, linked: &[(Attachment, FileLink)]) {
        let (app, contact) = (self.app, self.contact);
        outgoing.flowed = contact.html.is_some();
        let mut text = contact.html.as_deref().map_or_else(|| contact.text.clone(), mail::plain::of_html);
        let mut html = contact.html.clone();
        if !linked.is_empty() {
            text = links::below_text(app, self.language, &text, linked);
            html = html.map(|html| links::below_html(app, self.language, &html, linked));
        }
        let reply_to = outgoing.reply_to.as_ref().map_or("", |reply_to| &reply_to.address);
        let offer = unsubscribe::offer(app, contact, self.language, reply_to);
        if let Some((unsubscribe, told)) = offer {
            text = format!("{}\n\n{told}", text.trim_end());
            html = html.map(|html| html + &mail::html::from_text(&told));
            outgoing.unsubscribe = Some(unsubscribe);
        }
        if let Some(signature) = self.signature {
            text = signature::below_text(&text, signature);
            html = html.map(|html| signature::below_html(&html, signature));
        }
        outgoing.text = text;
        outgoing.html = html;
    }
}

/// The signature of the case's queue in the customer's language, if a person writes to this one customer.
async fn signed(app: &App, tx: &mut Tx, contact: &Contact) -> Result<Option<String>> {
    if contact.automatic || cases::is_aside(tx, contact.id).await? {
        return Ok(None);
    }
    let case = cases::case(tx, contact.case).await?;
    let customer = customers::customer(tx, contact.customer).await?;
    let queue = people::queue(tx, case.queue).await?;
    let mail = store::queue_mail(tx, case.queue).await?;
    Ok(mail.signature(customer.language, &contact.author, &queue.name, &app.settings().house))
}

/// The head of the message.
async fn outgoing(app: &App, tx: &mut Tx, contact: &Contact) -> Result<Outgoing> {
    let case = cases::case(tx, contact.case).await?;
    let customer = customers::customer(tx, contact.customer).await?;
    let directory = Directory::load(app, tx).await?;
    let queue = store::queue_mail(tx, case.queue).await?;
    let name = queue.sender(&app.settings().house).to_owned();
    // Who wrote to an address is answered from it, also when the case went to another queue.
    let written_to = cases::last_address_written_to(tx, case.id).await?;
    let base = written_to.as_deref().and_then(|address| directory.own_address(address));
    let base = base.unwrap_or_else(|| directory.address_of(case.queue));
    let domain = base.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let (to, cc) = named(tx, contact, &customer.name).await?;
    let (in_reply_to, references) = thread(app, ids(tx, contact).await?);
    let thread = talk::thread(&case.number, contact.talk);
    Ok(Outgoing {
        message_id: threading::message_id(contact.id, &thread, domain, app.secret()),
        date: app.now().seconds(),
        from: Address { name: name.clone(), address: base.to_owned() },
        reply_to: Some(Address { name, address: threading::reply_address(base, &thread, app.secret()) }),
        to,
        cc,
        subject: contact.subject.clone().unwrap_or_else(|| case.subject.clone()),
        case_number: Some(case.number),
        in_reply_to,
        references,
        origin: if contact.automatic { Origin::AutoGenerated } else { Origin::Person },
        ..Outgoing::default()
    })
}

/// Whom the message names in To and in Cc.
async fn named(tx: &mut Tx, contact: &Contact, customer: &str) -> Result<(Vec<Address>, Vec<Address>)> {
    let first = contact.to_address.clone().context("a written contact without an address")?;
    // Whoever a side conversation is held with, it is not the customer.
    let customer = if contact.talk.is_none() { customer } else { "" };
    let several = cases::recipients(tx, contact.id).await?;
    if several.is_empty() {
        return Ok((vec![Address { name: customer.to_owned(), address: first }], Vec::new()));
    }
    let address = |one: &Addressee| {
        let is_first = one.name.is_empty() && one.address == first;
        let name = if is_first { customer.to_owned() } else { one.name.clone() };
        Address { name, address: one.address.clone() }
    };
    let of = |place| several.iter().filter(|one| one.place == place).map(address).collect();
    Ok((of(cases::Place::To), of(cases::Place::Cc)))
}

/// The message ids of what was said in this conversation: the customer's and each side conversation have their own.
async fn ids(tx: &mut Tx, contact: &Contact) -> Result<Vec<(String, bool)>> {
    let ids = store::ids_of_case(tx, contact.case).await?;
    let talks: HashMap<_, _> = cases::talk_contacts(tx, contact.case).await?.into_iter().collect();
    let here = ids.into_iter().filter(|(_, _, of)| talks.get(of).copied() == contact.talk);
    Ok(here.map(|(id, automatic, _)| (id, automatic)).collect())
}

/// What the message answers, and the chain before it: the last mail that a person sent us, or else our own last.
fn thread(app: &App, ids: Vec<(String, bool)>) -> (Option<String>, Vec<String>) {
    let chain: Vec<String> = ids.into_iter().filter(|(_, automatic)| !automatic).map(|(id, _)| id).collect();
    let theirs = chain.iter().rev().find(|id| !threading::is_own_message_id(id, app.secret()));
    (theirs.or(chain.last()).cloned(), chain)
}

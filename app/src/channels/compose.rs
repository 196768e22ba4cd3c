//! A written contact as a message: from whom, to whom, in which thread.

use anyhow::Context;
use mail::compose::{File, Origin, Outgoing};
use mail::{Address, threading};

use super::links::{self, FileLink};
use super::place::Directory;
use super::{dkim, relay, signature, store, unsubscribe};
use crate::cases;
use crate::cases::{Attachment, Contact, Problem};
use crate::customers;
use crate::people;
use crate::platform::{App, Language, Result, Tx};

/// Bytes kept free for what is said about links, and for the signatures of DKIM.
const LINKS: i64 = 8_000;
const SIGNATURES: i64 = 4_000;

/// A composed message with its envelope.
pub struct Letter {
    pub raw: Vec<u8>,
    /// Without angle brackets.
    pub message_id: String,
    pub sender: String,
    pub recipient: String,
    pub subject: String,
    /// What stands below the text.
    pub signature: Option<String>,
}

/// Composes the message of a contact, and signs it. Its Message-ID is the same each time; its date is now.
///
/// Files that do not fit go as links; the problem comes back if links are needed and would lead nowhere.
pub async fn compose(app: &App, contact: &Contact) -> Result<Result<Letter, Problem>> {
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
    let raw = dkim::sign(app, &mut app.db.read().await?, &outgoing.from.address, raw).await?;
    Ok(Ok(Letter {
        raw,
        subject: mail::compose::subject(&outgoing.subject, outgoing.case_number.as_deref()),
        sender: outgoing.from.address,
        recipient: contact.to_address.clone().unwrap_or_default(),
        message_id: outgoing.message_id,
        signature,
    }))
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
    let to = contact.to_address.clone().context("a written contact without an address")?;
    let (in_reply_to, references) = thread(app, store::ids_of_case(tx, case.id).await?);
    Ok(Outgoing {
        message_id: threading::message_id(contact.id, &case.number, domain, app.secret()),
        date: app.now().seconds(),
        from: Address { name: name.clone(), address: base.to_owned() },
        reply_to: Some(Address { name, address: threading::reply_address(base, &case.number, app.secret()) }),
        to: vec![Address { name: customer.name, address: to }],
        subject: contact.subject.clone().unwrap_or_else(|| case.subject.clone()),
        case_number: Some(case.number),
        in_reply_to,
        references,
        origin: if contact.automatic { Origin::AutoGenerated } else { Origin::Person },
        ..Outgoing::default()
    })
}

/// What the message answers, and the chain before it: the last mail that a person sent us, or else our own last.
fn thread(app: &App, ids: Vec<(String, bool)>) -> (Option<String>, Vec<String>) {
    let chain: Vec<String> = ids.into_iter().filter(|(_, automatic)| !automatic).map(|(id, _)| id).collect();
    let theirs = chain.iter().rev().find(|id| !threading::is_own_message_id(id, app.secret()));
    (theirs.or(chain.last()).cloned(), chain)
}

//! A received message sent on as it is, with who did so in front of it (RFC 5322, 3.6.6).
//!
//! Its own sender, subject and bytes stay, so answers go past us to who wrote it. It is not signed: our domain does
//! not vouch for somebody else's words. Bounces come to the queue that sent it on.

use anyhow::Context;
use mail::compose::Resent;
use mail::{Address, threading};

use super::compose::{Letter, left};
use super::directory::Directory;
use super::{raw, store, talk};
use crate::cases;
use crate::cases::{Contact, Problem};
use crate::platform::{App, ContactId, Result};

/// The message of a contact that sends another one on.
pub async fn compose(app: &App, contact: &Contact, original: ContactId) -> Result<Result<Letter, Problem>> {
    let mut tx = app.db.read().await?;
    let case = cases::case(&mut tx, contact.case).await?;
    let received = cases::contact(&mut tx, original).await?.received.context("it came by mail")?;
    let directory = Directory::load(app, &mut tx).await?;
    let from = directory.address_of(case.queue).to_owned();
    let name = store::queue_mail(&mut tx, case.queue).await?.sender(&app.settings().house).to_owned();
    let recipients = left(&mut tx, contact).await?;
    let blob = store::received(&mut tx, received).await?.blob;
    let bytes = store::raw(&mut tx, received).await?;
    drop(tx);
    let raw = raw::load(app, bytes, blob.as_deref()).await?;
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let thread = talk::thread(&case.number, contact.talk);
    let message_id = threading::message_id(contact.id, &thread, domain, app.secret());
    let to: Vec<Address> =
        recipients.iter().map(|address| Address { name: String::new(), address: address.clone() }).collect();
    let resent = Resent {
        message_id: &message_id,
        date: app.now().seconds(),
        from: Address { name, address: from.clone() },
        to: &to,
    };
    Ok(Ok(Letter {
        raw: mail::compose::resend(&raw, &resent),
        message_id,
        sender: from,
        recipient: contact.to_address.clone().unwrap_or_default(),
        recipients,
        subject: contact.subject.clone().unwrap_or_default(),
        signature: None,
    }))
}

//! Whom a message goes to: To, Cc and Bcc, and how it fares with each.
//!
//! A message with one recipient has `to_address` and no more. One with several has a row for each, so that a refusal
//! of one sends nothing twice to the others. Of what comes in, To and Cc are kept, so that an answer can go to all.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::Contact;
use super::store;
use crate::people;
use crate::platform::{App, ContactId, Error, Result, Tx, codes};

/// Recipients of one message.
const MOST: usize = 50;
/// Characters of an address (RFC 5321, 4.5.3.1).
const LONGEST: usize = 320;

codes! {
    /// Which field of the message names somebody.
    pub enum Place {
        To = "to",
        Cc = "cc",
        /// Nobody else sees it.
        Bcc = "bcc",
    }
}

codes! {
    /// How far a message came with one of its recipients.
    pub enum Progress {
        /// An incoming message names them.
        Named = "named",
        Queued = "queued",
        Sent = "sent",
        Failed = "failed",
    }
}

/// Somebody whom a message names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub place: Place,
    /// May be empty.
    pub name: String,
    pub address: String,
}

impl Recipient {
    /// As people write it: `Name <address>`.
    pub fn line(&self) -> String {
        line(&self.name, &self.address)
    }
}

/// A recipient of a contact, with how the message fares there.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Addressee {
    #[sqlx(rename = "contact_id")]
    #[serde(skip)]
    pub contact: ContactId,
    #[sqlx(rename = "part")]
    pub place: Place,
    pub name: String,
    pub address: String,
    pub state: Progress,
    /// The other side's words when it refused.
    pub said: Option<String>,
}

impl Addressee {
    /// As people write it: `Name <address>`.
    pub fn line(&self) -> String {
        line(&self.name, &self.address)
    }
}

fn line(name: &str, address: &str) -> String {
    if name.trim().is_empty() {
        return address.to_owned();
    }
    format!("{} <{address}>", name.replace(['<', '>', ',', ';', '"'], " ").trim())
}

/// Reads `Name <address>, address; …` into recipients of one field.
///
/// # Errors
///
/// [`Error::Invalid`] of the field if one of them is no address.
pub fn read(place: Place, text: &str) -> Result<Vec<Recipient>> {
    let mut found: Vec<Recipient> = Vec::new();
    for part in parts(text) {
        let (name, address) = match part.split_once('<') {
            Some((name, rest)) => (name.trim().trim_matches('"').trim(), rest.trim_end_matches('>').trim()),
            None => ("", part),
        };
        if !is_address(address) {
            return Err(Error::invalid(place.code(), "recipient-no-address"));
        }
        found.push(Recipient { place, name: name.chars().take(200).collect(), address: address.to_owned() });
    }
    Ok(found)
}

/// The entries of a list; commas within quotation marks belong to a name.
fn parts(text: &str) -> Vec<&str> {
    let mut quoted = false;
    let ends = |c: char| {
        quoted ^= c == '"';
        !quoted && matches!(c, ',' | ';' | '\n' | '\r')
    };
    text.split(ends).map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Can mail go there?
pub fn is_address(text: &str) -> bool {
    let sides = text.rsplit_once('@');
    text.chars().count() <= LONGEST
        && sides.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !local.contains('@'))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"()".contains(c))
}

/// Refuses what cannot be sent: too many, and addresses of the house, which would write to itself. Of a person who is
/// named twice the first place counts.
pub async fn check(app: &App, tx: &mut Tx, all: Vec<Recipient>) -> Result<Vec<Recipient>> {
    if MOST < all.len() {
        return Err(Error::invalid("to", "recipient-too-many"));
    }
    let queues = people::queues(tx).await?;
    let own = |address: &str| {
        let plain = |own: &str| people::fold_email(own) == people::fold_email(address);
        mail::threading::read_reply_address(address, app.secret()).is_some()
            || plain(&app.settings().mail_from)
            || queues.iter().filter_map(|queue| queue.address.as_deref()).any(plain)
    };
    let mut kept: Vec<Recipient> = Vec::new();
    for recipient in all {
        if own(&recipient.address) {
            return Err(Error::invalid(recipient.place.code(), "recipient-own"));
        }
        let folded = people::fold_email(&recipient.address);
        if !kept.iter().any(|known| people::fold_email(&known.address) == folded) {
            kept.push(recipient);
        }
    }
    Ok(kept)
}

/// The recipients of a contact, if they are several.
pub async fn recipients(tx: &mut Tx, contact: ContactId) -> Result<Vec<Addressee>> {
    store::recipients(tx, &[contact]).await
}

/// As [`recipients`], of several contacts.
pub async fn recipients_of(
    tx: &mut Tx,
    contacts: &[ContactId],
) -> Result<HashMap<ContactId, Vec<Addressee>>> {
    let mut by_contact: HashMap<ContactId, Vec<Addressee>> = HashMap::new();
    for row in store::recipients(tx, contacts).await? {
        by_contact.entry(row.contact).or_default().push(row);
    }
    Ok(by_contact)
}

/// Where a written contact goes, or went: every address once.
pub async fn addresses(tx: &mut Tx, contact: &Contact) -> Result<Vec<String>> {
    let several = recipients(tx, contact.id).await?;
    if several.is_empty() {
        return Ok(contact.to_address.iter().cloned().collect());
    }
    Ok(several.into_iter().map(|one| one.address).collect())
}

/// These recipients have the message.
pub async fn reached(tx: &mut Tx, contact: ContactId, addresses: &[String]) -> Result<()> {
    for address in addresses {
        store::set_progress(tx, contact, &people::fold_email(address), Progress::Sent, None).await?;
    }
    Ok(())
}

/// A recipient's server refused the message for good.
pub async fn unreached(tx: &mut Tx, contact: ContactId, address: &str, said: &str) -> Result<()> {
    store::set_progress(tx, contact, &people::fold_email(address), Progress::Failed, Some(said)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Result<Vec<String>> {
        Ok(read(Place::Cc, text)?.iter().map(Recipient::line).collect())
    }

    #[test]
    fn recipients_are_read_as_people_write_them() {
        for (text, found) in [
            ("a@x.example", vec!["a@x.example"]),
            ("Anna <a@x.example>; b@x.example,", vec!["Anna <a@x.example>", "b@x.example"]),
            ("\"Huber, Hans\" <h@x.example>, c@x.example", vec!["Huber  Hans <h@x.example>", "c@x.example"]),
            ("", vec![]),
        ] {
            assert_eq!(lines(text).expect(text), found, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in
            ["Anna", "a@", "@x.example", "a b@x.example", "a@x@y.example", "Anna <a>", "a@x.example\u{0}"]
        {
            assert!(lines(text).is_err(), "{text}");
        }
    }
}

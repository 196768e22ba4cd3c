//! Compares what a source handed over with what became of it.

use std::collections::{HashMap, HashSet};

use super::model::{AtServer, Difference, Fault, Proof};
use crate::cases;
use crate::channels::model::{Received, State};
use crate::channels::receipts::Receipt;
use crate::channels::{raw, store};
use crate::platform::{App, ContactId, ReceivedId, Result};

/// Mails that are looked up at a time.
pub const PAGE: usize = 500;
/// Mails of one proof that are named: a lost database is not named mail by mail.
const NAMED: usize = 100;

/// A mail as its source knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    pub received: ReceivedId,
    /// BLAKE3 of the raw mail, hexadecimal.
    pub hash: String,
    pub at_server: Option<AtServer>,
}

impl From<Receipt> for Handed {
    fn from(receipt: Receipt) -> Self {
        Self { received: receipt.received, hash: receipt.hash, at_server: None }
    }
}

/// Adds up to [`PAGE`] mails to a proof.
pub async fn compare(app: &App, page: &[Handed], proof: &mut Proof) -> Result<()> {
    let mut tx = app.db.read().await?;
    let ids: Vec<ReceivedId> = page.iter().map(|mail| mail.received).collect();
    let found = store::received_all(&mut tx, &ids).await?;
    let found: HashMap<ReceivedId, Received> = found.into_iter().map(|mail| (mail.id, mail)).collect();
    let is_same = |mail: &&Handed| found.get(&mail.received).is_some_and(|one| one.hash == mail.hash);
    let lost: Vec<String> = page.iter().filter(|mail| !is_same(mail)).map(|mail| mail.hash.clone()).collect();
    // The same bytes under another id were fetched or sent once more: nothing is lost.
    let again = store::received_by_hash(&mut tx, &lost).await?;
    let again: HashMap<&str, &Received> = again.iter().map(|mail| (mail.hash.as_str(), mail)).collect();
    let contacts: Vec<ContactId> =
        found.values().chain(again.values().copied()).filter_map(|mail| mail.contact).collect();
    let contacts = cases::existing(&mut tx, &contacts).await?;
    for handed in page {
        proof.receipts += 1;
        let own = found.get(&handed.received);
        let mail = if is_same(&handed) { own } else { again.get(handed.hash.as_str()).copied().or(own) };
        if let Some(fault) = proof.count(&handed.hash, mail, &contacts) {
            let difference = Difference::new(fault, Some(handed.received), handed.hash.clone());
            proof.differences.push(Difference { at_server: handed.at_server.clone(), ..difference });
        }
    }
    Ok(())
}

impl Proof {
    /// Counts where a mail is; what is wrong with it, if something is.
    fn count(&mut self, hash: &str, mail: Option<&Received>, contacts: &HashSet<ContactId>) -> Option<Fault> {
        let Some(mail) = mail else { return Some(Fault::Missing) };
        if mail.hash != hash {
            return Some(Fault::Changed);
        }
        match (mail.state, mail.reason.as_deref()) {
            (State::Received, _) => self.waiting += 1,
            (State::Unprocessable, _) => self.unprocessable += 1,
            (State::Done, reason) => {
                if !mail.contact.is_some_and(|contact| contacts.contains(&contact)) {
                    return Some(Fault::NoContact);
                }
                match reason {
                    Some("duplicate") => self.duplicates += 1,
                    Some("own") => self.own += 1,
                    _ => self.filed += 1,
                }
            }
        }
        None
    }
}

/// Names the mails that do not add up by what is left of their bytes.
pub async fn name(app: &App, proof: &mut Proof) -> Result<()> {
    let unnamed = |one: &&mut Difference| !one.is_named() && one.fault != Fault::Unreadable;
    for difference in proof.differences.iter_mut().filter(unnamed).take(NAMED) {
        let Some(bytes) = bytes_of(app, difference).await? else { continue };
        let parsed = tokio::task::spawn_blocking(move || mail::parse(&bytes)).await;
        if let Ok(Ok(message)) = parsed {
            difference.name(&message);
        }
    }
    Ok(())
}

/// The raw mail, if any of it is left: its row, its bytes without a row, or its blob.
pub async fn bytes_of(app: &App, difference: &Difference) -> Result<Option<Vec<u8>>> {
    if let Some(id) = difference.received {
        let row = store::raw(&mut app.db.read().await?, id).await?;
        if let Some(row) = row
            && let Ok(bytes) = raw::load(app, Some(row), None).await
            && raw::hash(&bytes) == difference.hash
        {
            return Ok(Some(bytes));
        }
    }
    // A blob's name is the hash of its content.
    let is_hash = difference.hash.len() == 64;
    Ok(if is_hash { app.blobs.get(&difference.hash).await.ok().map(|bytes| bytes.to_vec()) } else { None })
}

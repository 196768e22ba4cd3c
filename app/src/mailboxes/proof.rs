//! Mailboxes in the daily proof: what each folder holds, and what was read before it was moved or deleted.
//!
//! The server is asked first and the database afterwards: what came in between is counted as still to be fetched,
//! never as lost. A server that cannot be reached proves nothing and loses nothing: its folders are said to be
//! unproven, and only what was read from them is compared. Proving uses a connection of its own.

use std::collections::{HashMap, HashSet};

use futures::StreamExt;
use futures::TryStreamExt;
use futures::future::{BoxFuture, FutureExt};
use jiff::civil::Date;

use super::imap::{Listed, Session};
use super::model::{Folder, Mailbox, Outcome};
use super::service::{self, Pace};
use super::store;
use super::store::mails::Proved;
use super::{Fault as Trouble, large};
use crate::channels::proof;
use crate::channels::proof::{AtServer, Difference, Fault, Handed, PAGE, PAUSED, Proof, Provider, Run};
use crate::platform::{App, MailboxId, Result, Words};

/// What the daily proof asks of this slice.
pub static PROOF: Provider = Provider { prefix: "mailbox:", prove, again, why };

/// Mail servers that are asked at the same time.
const TOGETHER: usize = 4;
/// Mails of one folder that the server is asked to name.
const NAMED: usize = 50;

fn why(words: &Words, code: &str) -> String {
    if code == PAUSED {
        return words.t("mailboxes-proof-paused").into_owned();
    }
    words.t(&format!("mailboxes-trouble-{code}")).into_owned()
}

fn prove<'a>(app: &'a App, run: &'a Run, days: &'a [Date]) -> BoxFuture<'a, Result<Vec<Proof>>> {
    async move {
        let mailboxes = store::all(&mut app.db.read().await?).await?;
        let each: Vec<_> = mailboxes.iter().map(|mailbox| prove_mailbox(app, run, mailbox, days)).collect();
        let proofs: Vec<Vec<Proof>> = futures::stream::iter(each).buffered(TOGETHER).try_collect().await?;
        Ok(proofs.into_iter().flatten().collect())
    }
    .boxed()
}

async fn prove_mailbox(app: &App, run: &Run, mailbox: &Mailbox, days: &[Date]) -> Result<Vec<Proof>> {
    let mut looked = look(app, mailbox).await;
    let folders = store::folders(&mut app.db.read().await?, mailbox.id).await?;
    let last = days.iter().max().copied();
    let mut proofs = Vec::new();
    for folder in &folders {
        for day in days {
            let mut proof = Proof {
                label: format!("{} · {}", mailbox.name, folder.name),
                ..Proof::of(*day, &source(mailbox.id, folder.id), app.now())
            };
            let held = match &looked {
                Ok(looked) => looked.held.get(&folder.id),
                Err(why) => {
                    proof.unproven = Some(why.clone());
                    None
                }
            };
            let scope = Scope { mailbox: mailbox.id, folder, day: *day, held };
            scope.settled(app, run, Some(*day) == last, &mut proof).await?;
            if Some(*day) == last {
                scope.held(app, run, &mut proof).await?;
            }
            if let Ok(looked) = &mut looked {
                name(&mut looked.session, folder, &mut proof).await;
            }
            proofs.push(proof::keep(app, proof).await?);
        }
    }
    Ok(proofs)
}

fn source(mailbox: MailboxId, folder: i64) -> String {
    format!("{}{mailbox}:{folder}", PROOF.prefix)
}

/// A mail server as it was found.
struct Looked {
    session: Session,
    /// By the folder's id.
    held: HashMap<i64, Held>,
}

/// The mails of a folder on its server.
struct Held {
    uidvalidity: u32,
    /// In their order.
    uids: Vec<u32>,
}

impl Held {
    fn has(&self, uidvalidity: i64, uid: u32) -> bool {
        i64::from(self.uidvalidity) == uidvalidity && self.uids.binary_search(&uid).is_ok()
    }
}

/// Lists all folders; or why that is not possible, as a code.
async fn look(app: &App, mailbox: &Mailbox) -> Result<Looked, String> {
    if mailbox.paused {
        return Err(PAUSED.to_owned());
    }
    let looked = async {
        let folders = store::folders(&mut app.db.read().await?, mailbox.id).await?;
        let mut session = service::open(app, Pace::USUAL, mailbox).await?;
        let mut held = HashMap::new();
        for folder in folders {
            let opened = session.open(&folder.name).await?;
            let uids = session.list_after(0).await?.into_iter().map(|mail| mail.uid).collect();
            held.insert(folder.id, Held { uidvalidity: opened.uidvalidity, uids });
        }
        Ok::<_, Trouble>(Looked { session, held })
    };
    looked.await.map_err(|fault| fault.trouble.to_string())
}

/// A folder on a day.
struct Scope<'a> {
    mailbox: MailboxId,
    folder: &'a Folder,
    day: Date,
    /// `None`: the server could not be asked.
    held: Option<&'a Held>,
}

impl Scope<'_> {
    /// What was read on that day; `gone`: only what the server holds no more.
    async fn settled(&self, app: &App, run: &Run, gone: bool, proof: &mut Proof) -> Result<()> {
        let (from, until) = (proof::start_of(app, self.day)?, proof::end_of(app, self.day)?);
        let mut tx = app.db.read().await?;
        let mut rows =
            store::mails::settled_between(&mut tx, self.mailbox, self.folder.id, from, until).await?;
        drop(tx);
        rows.retain(|row| !(gone && self.is_held(row)));
        for page in rows.chunks(PAGE) {
            self.add(app, page, proof).await?;
            run.step(app, &proof.source, page.len()).await?;
        }
        Ok(())
    }

    /// What the server holds, whenever it came.
    async fn held(&self, app: &App, run: &Run, proof: &mut Proof) -> Result<()> {
        let Some(held) = self.held else { return Ok(()) };
        // What was there before Kitt came and was not wanted has no rows.
        let same = self.folder.uidvalidity == Some(held.uidvalidity.into());
        let wanted = |uid: &&u32| !same || self.folder.first_uid < i64::from(**uid);
        let uids: Vec<u32> = held.uids.iter().filter(wanted).copied().collect();
        for page in uids.chunks(PAGE) {
            let mut tx = app.db.read().await?;
            let rows = store::mails::of_uids(&mut tx, self.folder.id, held.uidvalidity, page).await?;
            drop(tx);
            let known: HashSet<u32> = rows.iter().map(|row| row.uid).collect();
            for uid in page.iter().filter(|uid| !known.contains(uid)) {
                proof.receipts += 1;
                if same && i64::from(*uid) <= self.folder.last_uid {
                    proof.differences.push(overlooked(held.uidvalidity, *uid));
                } else {
                    proof.waiting += 1;
                }
            }
            self.add(app, &rows, proof).await?;
            run.step(app, &proof.source, page.len()).await?;
        }
        Ok(())
    }

    fn is_held(&self, row: &Proved) -> bool {
        self.held.is_some_and(|held| held.has(row.uidvalidity, row.uid))
    }

    /// Adds up to [`PAGE`] mails with what is known of them.
    async fn add(&self, app: &App, rows: &[Proved], proof: &mut Proof) -> Result<()> {
        let mut handed = Vec::new();
        for row in rows {
            let uidvalidity = u32::try_from(row.uidvalidity).unwrap_or(u32::MAX);
            let held = self.is_held(row);
            match (row.outcome, row.received, &row.hash) {
                (Outcome::Kept, Some(received), Some(hash)) => {
                    let at_server = Some(AtServer { uidvalidity, uid: row.uid, held });
                    handed.push(Handed { received, hash: hash.clone(), at_server });
                }
                (Outcome::TooLarge, ..) => {
                    proof.receipts += 1;
                    proof.refused += 1;
                }
                (Outcome::Unreadable, ..) => {
                    proof.receipts += 1;
                    proof.unprocessable += 1;
                }
                // Said to be gone, and there all the same; or kept, and nobody knows as what.
                (Outcome::Gone, ..) if held => {
                    proof.receipts += 1;
                    proof.differences.push(overlooked(uidvalidity, row.uid));
                }
                (Outcome::Kept, ..) => {
                    proof.receipts += 1;
                    proof.differences.push(overlooked(uidvalidity, row.uid));
                }
                (Outcome::Gone | Outcome::Before, ..) => {}
            }
        }
        proof::compare(app, &handed, proof).await
    }
}

fn overlooked(uidvalidity: u32, uid: u32) -> Difference {
    let at_server = Some(AtServer { uidvalidity, uid, held: true });
    Difference { at_server, ..Difference::new(Fault::Overlooked, None, String::new()) }
}

/// Asks the server for the heads of mails that it holds and that do not add up. A server that hangs up meanwhile
/// leaves them without names.
async fn name(session: &mut Session, folder: &Folder, proof: &mut Proof) {
    let is_there = |one: &&mut Difference| one.at_server.as_ref().is_some_and(|at| at.held);
    let mut open = false;
    for difference in proof.differences.iter_mut().filter(is_there).take(NAMED) {
        if !open && session.open(&folder.name).await.is_err() {
            return;
        }
        open = true;
        let uid = difference.at_server.as_ref().map_or(0, |at| at.uid);
        match large::head(session, Listed { uid, size: 0 }).await {
            Ok(Some(head)) => difference.name(&head),
            Ok(None) => {}
            Err(_) => return,
        }
    }
}

/// Forgets what is known of mails that a proof misses and the server holds, so that they are fetched again.
fn again<'a>(app: &'a App, proof: &'a Proof) -> BoxFuture<'a, Result<i64>> {
    async move {
        let mut ids = proof.source[PROOF.prefix.len()..].split(':').map(str::parse::<i64>);
        let (Some(Ok(mailbox)), Some(Ok(folder))) = (ids.next(), ids.next()) else { return Ok(0) };
        let mailbox = MailboxId(mailbox);
        let mut tx = app.db.write().await?;
        let folders = store::folders(&mut tx, mailbox).await?;
        let Some(folder) = folders.into_iter().find(|one| one.id == folder) else { return Ok(0) };
        let at =
            proof.open().filter(|one| one.fault != Fault::NoContact).filter_map(|one| one.at_server.as_ref());
        let same = |at: &&AtServer| at.held && folder.uidvalidity == Some(at.uidvalidity.into());
        let uids: Vec<u32> = at.filter(same).map(|at| at.uid).collect();
        let (Some(first), Some(uidvalidity)) = (uids.iter().min(), folder.uidvalidity) else { return Ok(0) };
        store::mails::forget(&mut tx, folder.id, uidvalidity, &uids).await?;
        store::rewind(&mut tx, folder.id, i64::from(*first) - 1).await?;
        store::renew(&mut tx, mailbox).await?;
        super::commit(app, tx).await?;
        Ok(i64::try_from(uids.len()).unwrap_or(i64::MAX))
    }
    .boxed()
}

//! Brings the mails of a folder in: list what is new, take them in portions, and move the position only when all
//! mails of a portion are durable.
//!
//! A crash in between makes the server's mails come once more; they are known by their bytes, and so is everything
//! when a server begins to count anew (another UIDVALIDITY). Nothing is marked as read, and neither flags nor dates
//! say what is new.

use std::collections::{HashMap, HashSet};

use super::afterwards;
use super::fault::{Fault, Step};
use super::imap::{Failed, Listed, Opened, Session};
use super::large;
use super::large::Head;
use super::model::{Activity, Afterwards, Folder, Mailbox, Outcome, Since, Trouble};
use super::service;
use super::store;
use super::store::mails::{Account, Place};
use crate::channels::intake;
use crate::channels::{Delivery, Route};
use crate::platform::{App, Error, ReceivedId, Result, Timestamp};

/// Mails in one portion, and bytes unless a single one is larger: what is in memory at a time.
const MAILS: usize = 50;
const BYTES: u64 = 4 * 1024 * 1024;
/// Mails that stayed on the server are looked for again, so many per connection.
const LEFT: i64 = 200;
/// Who wants new mails only, and whose server begins to count anew, gets what came since so long before.
const GRACE_DAYS: i64 = 2;

/// All folders; the first one is open at the end. `fresh`: nothing was done over this connection yet.
pub async fn everything(
    app: &App,
    session: &mut Session,
    mailbox: &Mailbox,
    fresh: bool,
) -> Result<(), Fault> {
    let folders = store::folders(&mut app.db.read().await?, mailbox.id).await?;
    for folder in folders.iter().rev() {
        one_folder(app, session, mailbox, folder, fresh).await?;
    }
    Ok(())
}

async fn one_folder(
    app: &App,
    session: &mut Session,
    mailbox: &Mailbox,
    folder: &Folder,
    fresh: bool,
) -> Result<(), Fault> {
    let opened = session.open(&folder.name).await?;
    let place = Place { mailbox: mailbox.id, folder: folder.id, uidvalidity: opened.uidvalidity };
    let last = start(app, session, mailbox, folder, opened).await?;
    // What an earlier connection kept and did not get to move.
    afterwards::settle(app, session, mailbox, place).await?;
    let mut mails = if fresh { left(app, session, mailbox, place).await? } else { Vec::new() };
    mails.extend(session.list_after(last).await?);
    let accounted = store::mails::accounted_after(&mut app.db.read().await?, place, last).await?;
    let accounted: HashSet<i64> = accounted.into_iter().collect();
    mails.retain(|mail| !accounted.contains(&mail.uid.into()));
    let total = mails.len();
    let mut done = 0;
    for portion in portions(&mails) {
        done += portion.len();
        keep(app, session, mailbox, place, portion, (done, total)).await?;
    }
    afterwards::settle(app, session, mailbox, place).await
}

/// The UID up to which this folder is accounted for; begins anew if the server does.
async fn start(
    app: &App,
    session: &mut Session,
    mailbox: &Mailbox,
    folder: &Folder,
    opened: Opened,
) -> Result<u32, Fault> {
    let uidvalidity = opened.uidvalidity;
    if folder.uidvalidity == Some(uidvalidity.into()) {
        return Ok(u32::try_from(folder.last_uid).unwrap_or(u32::MAX));
    }
    let place = Place { mailbox: mailbox.id, folder: folder.id, uidvalidity };
    let (first, skipped) = match (folder.uidvalidity, mailbox.since) {
        (_, Since::All) => (0, Vec::new()),
        (None, Since::New) => (newest(session, opened).await?, Vec::new()),
        (Some(_), Since::New) => (0, before(app, session, mailbox).await?),
    };
    let mut tx = app.db.write().await?;
    store::start_folder(&mut tx, folder.id, uidvalidity, first).await?;
    store::mails::forget_numbers(&mut tx, mailbox.id, folder.id).await?;
    store::mails::account(&mut tx, place, &skipped, app.now()).await?;
    tx.commit().await?;
    Ok(first)
}

/// The highest UID that was given so far.
async fn newest(session: &mut Session, opened: Opened) -> Result<u32, Fault> {
    match opened.uidnext {
        Some(next) => Ok(next.saturating_sub(1)),
        None => Ok(session.list_after(0).await?.last().map_or(0, |mail| mail.uid)),
    }
}

/// Mails from before the mailbox was set up. Their numbers are new, so only their dates can tell.
async fn before(app: &App, session: &mut Session, mailbox: &Mailbox) -> Result<Vec<Account>, Fault> {
    let day = mailbox.created_at - Timestamp::days(GRACE_DAYS);
    let day = day.moment().to_zoned(app.zone()).strftime("%d-%b-%Y").to_string();
    let uids = session.before(&day).await?;
    Ok(uids.into_iter().map(|uid| Account::of(Listed { uid, size: 0 }, Outcome::Before)).collect())
}

/// Mails that stayed on the server and may fit now; notes those that are gone.
async fn left(
    app: &App,
    session: &mut Session,
    mailbox: &Mailbox,
    place: Place,
) -> Result<Vec<Listed>, Fault> {
    let known = store::mails::left_in(&mut app.db.read().await?, place, LEFT).await?;
    let mut known: Vec<u32> = known.into_iter().filter_map(|uid| u32::try_from(uid).ok()).collect();
    known.sort_unstable();
    let mut there = session.list_of(&known).await?;
    let is_there = |uid: &u32| there.iter().any(|mail| mail.uid == *uid);
    let gone: Vec<Account> = known
        .iter()
        .filter(|uid| !is_there(uid))
        .map(|uid| Account::of(Listed { uid: *uid, size: 0 }, Outcome::Gone))
        .collect();
    if !gone.is_empty() {
        let mut tx = app.db.write().await?;
        store::mails::account(&mut tx, place, &gone, app.now()).await?;
        tx.commit().await?;
    }
    there.retain(|mail| i64::from(mail.size) <= mailbox.largest);
    Ok(there)
}

/// Mails in their order, in portions that fit into memory.
fn portions(mut mails: &[Listed]) -> impl Iterator<Item = &[Listed]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |mail: &&Listed| {
            bytes += u64::from(mail.size);
            bytes <= BYTES
        };
        let count = mails.iter().take(MAILS).take_while(fits).count().max(1).min(mails.len());
        let (portion, rest) = mails.split_at(count);
        mails = rest;
        (!portion.is_empty()).then_some(portion)
    })
}

/// Keeps a portion and moves the position behind it.
async fn keep(
    app: &App,
    session: &mut Session,
    mailbox: &Mailbox,
    place: Place,
    portion: &[Listed],
    (done, total): (usize, usize),
) -> Result<(), Fault> {
    let (fitting, large): (Vec<Listed>, Vec<Listed>) =
        portion.iter().partition(|mail| i64::from(mail.size) <= mailbox.largest);
    let taken = take(session, &fitting).await?;
    let mut heads: Vec<(Listed, Outcome, Head)> = Vec::new();
    for mail in large {
        heads.push((mail, Outcome::TooLarge, large::head(session, mail).await?));
    }
    let (mut here, mut accounts) = (Vec::new(), Vec::new());
    for (mail, body) in taken {
        match body {
            Body::Here(raw) => here.push((mail, raw)),
            Body::Gone => accounts.push(Account::of(mail, Outcome::Gone)),
            Body::Unreadable => {
                heads.push((mail, Outcome::Unreadable, large::head(session, mail).await?));
            }
        }
    }
    let (kept, new) = hand_over(app, mailbox, here).await?;
    accounts.extend(kept);
    let last = portion.last().map_or(0, |mail| mail.uid);
    let mut tx = app.db.write().await?;
    for (mail, outcome, head) in heads {
        accounts.push(large::account(app, &mut tx, mailbox, mail, outcome, head).await?);
    }
    store::mails::account(&mut tx, place, &accounts, app.now()).await?;
    store::advance(&mut tx, place.folder, place.uidvalidity, last).await?;
    if 0 < new {
        store::count_kept(&mut tx, mailbox.id, new, app.now()).await?;
    }
    let progress = (i64::try_from(done).unwrap_or(i64::MAX), i64::try_from(total).unwrap_or(i64::MAX));
    store::set_activity(&mut tx, mailbox.id, Activity::Fetching, progress, app.now()).await?;
    tx.commit().await?;
    service::tell(app);
    Ok(())
}

/// What the server gave.
enum Body {
    Here(Vec<u8>),
    /// Moved or deleted since it was listed.
    Gone,
    /// There, but the server does not hand it over.
    Unreadable,
}

/// Takes mails together; where the server refuses, one by one, so that a broken one takes no other along.
async fn take(session: &mut Session, mails: &[Listed]) -> Result<Vec<(Listed, Body)>, Fault> {
    let mut taken = Vec::with_capacity(mails.len());
    if mails.is_empty() {
        return Ok(taken);
    }
    match session.bodies(&uids(mails), bytes(mails)).await {
        Ok(bodies) => sort_out(session, mails, bodies, &mut taken).await?,
        Err(Failed::Fault(fault)) => return Err(fault),
        Err(Failed::Refused(said)) => {
            broken(&said)?;
            for mail in mails {
                match session.bodies(&[mail.uid], bytes(&[*mail])).await {
                    Ok(bodies) => sort_out(session, &[*mail], bodies, &mut taken).await?,
                    Err(Failed::Fault(fault)) => return Err(fault),
                    Err(Failed::Refused(said)) => {
                        broken(&said)?;
                        taken.push((*mail, Body::Unreadable));
                    }
                }
            }
        }
    }
    Ok(taken)
}

/// A server that has too much to do refuses everything: then it is not the mail that is broken.
fn broken(said: &str) -> Result<(), Fault> {
    let fault = Fault::of_answer(Step::Other, said);
    if fault.trouble == Trouble::Protocol { Ok(()) } else { Err(fault) }
}

async fn sort_out(
    session: &mut Session,
    mails: &[Listed],
    mut bodies: HashMap<u32, Vec<u8>>,
    taken: &mut Vec<(Listed, Body)>,
) -> Result<(), Fault> {
    let missing: Vec<Listed> = mails.iter().filter(|mail| !bodies.contains_key(&mail.uid)).copied().collect();
    let there = session.list_of(&uids(&missing)).await?;
    for mail in mails {
        let body = match bodies.remove(&mail.uid) {
            Some(raw) => Body::Here(raw),
            None if there.iter().any(|one| one.uid == mail.uid) => Body::Unreadable,
            None => Body::Gone,
        };
        taken.push((*mail, body));
    }
    Ok(())
}

fn uids(mails: &[Listed]) -> Vec<u32> {
    mails.iter().map(|mail| mail.uid).collect()
}

fn bytes(mails: &[Listed]) -> u64 {
    mails.iter().map(|mail| u64::from(mail.size)).sum()
}

/// Hands mails to the intake, those of the same bytes once; and how many were not known before.
async fn hand_over(
    app: &App,
    mailbox: &Mailbox,
    mails: Vec<(Listed, Vec<u8>)>,
) -> Result<(Vec<Account>, i64)> {
    let peer = format!("mailbox:{}", mailbox.id);
    let mut received: HashMap<String, ReceivedId> = HashMap::new();
    let mut fresh: HashMap<String, Vec<u8>> = HashMap::new();
    let mut accounts = Vec::with_capacity(mails.len());
    let mut tx = app.db.read().await?;
    for (mail, raw) in mails {
        let hash = blake3::hash(&raw).to_hex().to_string();
        if let Some(known) = intake::kept_before(&mut tx, &hash, &peer).await? {
            received.insert(hash.clone(), known);
        } else {
            fresh.insert(hash.clone(), raw);
        }
        let pending = mailbox.afterwards != Afterwards::Keep;
        accounts.push(Account { hash: Some(hash), pending, ..Account::of(mail, Outcome::Kept) });
    }
    drop(tx);
    let kept = fresh.into_iter().map(|(hash, raw)| {
        let (peer, queue) = (Some(peer.clone()), Some(mailbox.queue));
        let delivery = Delivery { route: Route::Imap, from: None, to: Vec::new(), peer, raw, queue };
        async { Ok::<_, Error>((hash, intake::keep(app, delivery).await?)) }
    });
    let kept = futures::future::try_join_all(kept).await?;
    let new = i64::try_from(kept.len()).unwrap_or(i64::MAX);
    received.extend(kept);
    for account in &mut accounts {
        account.received = account.hash.as_ref().and_then(|hash| received.get(hash).copied());
    }
    Ok((accounts, new))
}

impl Account {
    pub fn of(mail: Listed, outcome: Outcome) -> Self {
        Self {
            uid: mail.uid,
            outcome,
            received: None,
            hash: None,
            message_id: None,
            size: mail.size.into(),
            sender: None,
            subject: None,
            pending: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_fit_into_memory_and_leave_nothing_out() {
        let mails = |sizes: &[u32]| -> Vec<Listed> {
            (1..).zip(sizes).map(|(uid, size)| Listed { uid, size: *size }).collect()
        };
        let large = 5 * 1024 * 1024;
        for (sizes, counts) in [
            (vec![], vec![]),
            (vec![10; 120], vec![50, 50, 20]),
            (vec![10, large, 10, 10], vec![1, 1, 2]),
            (vec![large, large], vec![1, 1]),
            (vec![1024 * 1024; 9], vec![4, 4, 1]),
        ] {
            let mails = mails(&sizes);
            let found: Vec<usize> = portions(&mails).map(<[Listed]>::len).collect();
            assert_eq!(found, counts);
            assert_eq!(portions(&mails).flatten().count(), mails.len());
        }
    }
}

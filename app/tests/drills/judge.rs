//! Compares what was promised with what there is, once everything has come to rest.
//!
//! The promises are in the [`Book`](super::book::Book); what there is, is asked of the database, of the IMAP server's
//! folders, and of the mail server that took the answers. The daily proof and `kitt check` judge as well.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use kitt::channels::proof;
use kitt::platform::{App, Db, Tx, sql};
use kitt::upkeep;

use super::book::Line;
use super::house::{DONE, House, USERS, recipient, subject};

/// For everything that waits, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(4);

/// What became of everything. What is wrong is told in words.
#[derive(Debug, Default)]
pub struct Verdict {
    pub acknowledged: usize,
    /// Receipts that tell of a second copy, known as such.
    pub duplicates: usize,
    pub unprocessable: usize,
    pub fetched: usize,
    pub promised: usize,
    pub sent: usize,
    /// Left a second time, because nobody can know whether the first one was taken.
    pub sent_again: usize,
    /// For the same reason twice in a row: a person decides.
    pub undecided: usize,
    pub lost: usize,
    pub doubled: usize,
    pub wrong: Vec<String>,
}

impl Verdict {
    fn lose(&mut self, what: String) {
        self.lost += 1;
        self.wrong.push(what);
    }

    fn double(&mut self, what: String) {
        self.doubled += 1;
        self.wrong.push(what);
    }
}

/// Waits until nothing waits any more.
pub fn at_rest(house: &House) -> Result<()> {
    let book = house.book.read()?;
    let promised = book.iter().filter(|line| matches!(line, Line::Promised { .. })).count();
    let put = book.iter().filter(|line| matches!(line, Line::Put { .. })).count();
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let db = Db::connect(&house.database).await?;
        let start = Instant::now();
        loop {
            let waits = waiting(&mut db.read().await?, i64::try_from(promised)?, i64::try_from(put)?).await?;
            if waits.iter().all(|(_, count)| *count <= 0) {
                break;
            }
            ensure!(start.elapsed() < PATIENCE, "never came to rest: {waits:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        db.close().await;
        Ok(())
    })
}

async fn waiting(tx: &mut Tx, promised: i64, put: i64) -> Result<Vec<(&'static str, i64)>> {
    let unread: i64 = sql("SELECT COUNT(*) FROM received WHERE state = 'received'").value(tx).await?;
    let ended: i64 =
        sql("SELECT COUNT(*) FROM outgoing WHERE state NOT IN ('waiting', 'handing')").value(tx).await?;
    let kept: i64 = sql("SELECT COUNT(*) FROM mailbox_mails WHERE outcome = 'kept'").value(tx).await?;
    let pending: i64 = sql("SELECT COUNT(*) FROM mailbox_mails WHERE pending").value(tx).await?;
    Ok(vec![
        ("mails not read", unread),
        ("answers not sent", promised - ended),
        ("mails not fetched", put - kept),
        ("mails not moved or deleted", pending),
    ])
}

/// The house does not run any more.
pub fn judge(house: &House) -> Result<Verdict> {
    let book = house.book.read()?;
    house.with(async |app| {
        let mut verdict = Verdict::default();
        let mut tx = app.db.read().await?;
        arrived(&mut tx, &book, &mut verdict).await?;
        fetched(&mut tx, &book, &mut verdict).await?;
        let outgoing = outgoing(&mut tx).await?;
        drop(tx);
        left(house, &book, &outgoing, &mut verdict)?;
        afterwards(house, &book, &mut verdict)?;
        proven(app, &mut verdict).await?;
        let report = upkeep::check(app).await?;
        if !report.is_sound() {
            verdict.wrong.push(report.to_string());
        }
        Ok(verdict)
    })
}

/// What became of a received mail: its state and the subject of its case.
type Fate = (String, Option<String>);

async fn fates(tx: &mut Tx) -> Result<HashMap<i64, Fate>> {
    let rows: Vec<(i64, String, Option<String>)> =
        sql("SELECT received.id, received.state, cases.subject FROM received
         LEFT JOIN contacts ON contacts.id = received.contact_id
         LEFT JOIN cases ON cases.id = contacts.case_id")
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|(id, state, subject)| (id, (state, subject))).collect())
}

/// How many contacts came in by the subject of their case.
async fn contacts(tx: &mut Tx) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> =
        sql("SELECT cases.subject, COUNT(*) FROM cases JOIN contacts ON contacts.case_id = cases.id
         WHERE contacts.direction = 'in' GROUP BY cases.subject")
        .all(tx)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Each acknowledged mail is a contact, once, or waits for a person.
async fn arrived(tx: &mut Tx, book: &[Line], verdict: &mut Verdict) -> Result<()> {
    let (fates, contacts) = (fates(tx).await?, contacts(tx).await?);
    let done = fates.values().filter(|(_, subject)| subject.is_some()).count();
    verdict.unprocessable = fates.values().filter(|(state, _)| state == "unprocessable").count();
    for line in book {
        let Line::Acknowledged { mail, received } = line else { continue };
        verdict.acknowledged += 1;
        match fates.get(received) {
            Some((state, _)) if state == "unprocessable" => continue,
            Some((state, Some(found))) if state == "done" && *found == subject(*mail) => {}
            fate => verdict.lose(format!("mail {mail} was acknowledged as {received} and is {fate:?}")),
        }
        let times = contacts.get(&subject(*mail)).copied().unwrap_or(0);
        if times != 1 {
            verdict.double(format!("mail {mail} is there {times} times"));
        }
    }
    let all: i64 = contacts.values().sum();
    // Answers begin with a case of their own, which no mail opened.
    let opened = book.iter().filter(|line| matches!(line, Line::Promised { .. })).count();
    verdict.duplicates = (done + opened).saturating_sub(usize::try_from(all)?);
    Ok(())
}

/// Each number that the IMAP server gave is accounted for, and its mail is a contact, once.
async fn fetched(tx: &mut Tx, book: &[Line], verdict: &mut Verdict) -> Result<()> {
    let (fates, contacts) = (fates(tx).await?, contacts(tx).await?);
    let rows: Vec<(String, i64, i64, Option<i64>)> =
        sql("SELECT mailboxes.login, mailbox_mails.uidvalidity, mailbox_mails.uid, mailbox_mails.received_id
         FROM mailbox_mails JOIN mailboxes ON mailboxes.id = mailbox_mails.mailbox_id")
        .all(tx)
        .await?;
    let known: HashMap<(String, i64, i64), Option<i64>> =
        rows.into_iter().map(|(login, validity, uid, received)| ((login, validity, uid), received)).collect();
    for line in book {
        let Line::Put { user, uidvalidity, uid, mail } = line else { continue };
        verdict.fetched += 1;
        let received = known.get(&(user.clone(), *uidvalidity, *uid)).copied().flatten();
        let fate = received.and_then(|received| fates.get(&received));
        let times = contacts.get(&subject(*mail)).copied().unwrap_or(0);
        match (fate, times) {
            (Some((state, _)), 0) if state == "unprocessable" => {}
            (Some(_), 1) => {}
            (_, 0) => verdict.lose(format!("mail {uid} of {user} is {fate:?}")),
            (None, _) => verdict.lose(format!("mail {uid} of {user} is not accounted for")),
            (Some(_), times) => verdict.double(format!("mail {uid} of {user} is there {times} times")),
        }
    }
    Ok(())
}

/// By recipient: where it is on its way, and how often that was interrupted.
async fn outgoing(tx: &mut Tx) -> Result<HashMap<String, (String, i64)>> {
    let rows: Vec<(String, String, i64)> =
        sql("SELECT contacts.to_address, outgoing.state, outgoing.interruptions
         FROM outgoing JOIN contacts ON contacts.id = outgoing.contact_id")
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|(to, state, interruptions)| (to, (state, interruptions))).collect())
}

/// Each promised answer left once. Twice only if it was interrupted at the handover, and then with the same bytes.
fn left(
    house: &House,
    book: &[Line],
    outgoing: &HashMap<String, (String, i64)>,
    verdict: &mut Verdict,
) -> Result<()> {
    let mut copies: HashMap<String, Vec<Vec<u8>>> = HashMap::new();
    for mail in house.relay.mails()? {
        copies.entry(mail.to.join(",")).or_default().push(mail.raw);
    }
    for line in book {
        let Line::Promised { mail } = line else { continue };
        verdict.promised += 1;
        let to = recipient(*mail);
        let taken = copies.get(&to).map_or(&[][..], Vec::as_slice);
        let (state, interruptions) =
            outgoing.get(&to).map_or(("missing", 0), |(state, times)| (state.as_str(), *times));
        verdict.undecided += usize::from(state == "failed" && interruptions == 1);
        match (taken.len(), interruptions) {
            (1, _) if state == "sent" || interruptions == 1 => verdict.sent += 1,
            (0, 1) if state == "failed" => {}
            (2, 1) if taken[0] == taken[1] => {
                verdict.sent += 1;
                verdict.sent_again += 1;
            }
            (0, _) => verdict.lose(format!("answer {mail} never left and is {state}")),
            (times, _) => verdict.double(format!(
                "answer {mail} left {times} times, interrupted {interruptions} times: {state}"
            )),
        }
    }
    Ok(())
}

/// What is in the mailboxes is what should be.
fn afterwards(house: &House, book: &[Line], verdict: &mut Verdict) -> Result<()> {
    for (user, _) in USERS {
        let put =
            book.iter().filter(|line| matches!(line, Line::Put { user: one, .. } if one == user)).count();
        let (inbox, done) = (house.imap.mails(user, "INBOX")?.len(), house.imap.mails(user, DONE)?.len());
        let expected = match user {
            "keep" => (put, 0),
            "move" => (0, put),
            _ => (0, 0),
        };
        if (inbox, done) != expected {
            verdict.wrong.push(format!("{user} has {inbox} and {done} mails, of {put}"));
        }
    }
    Ok(())
}

/// The daily proof, for each day that has receipts. Lines that a full disk cut off are no mails.
async fn proven(app: &App, verdict: &mut Verdict) -> Result<()> {
    let Ok(days) = std::fs::read_dir(app.settings().data.join("receipts")) else { return Ok(()) };
    for day in days {
        let day = day?.path();
        let Some(day) = day.file_stem().and_then(|name| name.to_str()?.parse().ok()) else { continue };
        for proof in proof::prove(app, day).await? {
            let mut differences = proof.differences;
            differences.retain(|difference| difference.fault != proof::Fault::Unreadable);
            if !differences.is_empty() {
                verdict.wrong.push(format!("the proof of {day} has differences: {differences:?}"));
            }
        }
    }
    Ok(())
}

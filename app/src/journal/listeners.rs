//! Brings facts to the slices that react to them, each from its own cursor, exactly once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::store::{self, Cursor};
use super::tail;
use super::{Entry, Fact};
use crate::platform::live::{Place, Topic};
use crate::platform::{App, CaseId, Result, Tx, dialect};

/// Entries per transaction.
const BATCH: u16 = 200;
/// Other nodes' commits are seen at least so soon.
const POLL: Duration = Duration::from_secs(1);
/// After hearing something, what comes next is let gather: each hearing is a transaction, and under load the
/// writers' news would keep the database busier than their writing.
const GATHER: Duration = Duration::from_millis(40);
/// After so many failures an entry is parked and the listener goes on.
const ATTEMPTS: u32 = 8;

/// Failures of disk or database count up to here: what comes after them is tried some times all the same.
const BLAMELESS: u32 = 4;

/// A slice's ear. `hear` must only write through `tx`: its effects and the cursor commit together.
pub struct Listener {
    /// Stable: the cursor is stored under it.
    pub name: &'static str,
    /// Facts that say nothing to it are passed over without a transaction.
    pub wants: fn(&Fact) -> bool,
    pub hear: for<'a> fn(&'a App, &'a mut Tx, &'a Entry) -> BoxFuture<'a, Result<()>>,
}

/// Runs one listener until `stop`.
pub async fn run(app: App, listener: &'static Listener, stop: CancellationToken) {
    let mut news = app.db.news();
    let mut failures = 0;
    while !stop.is_cancelled() {
        news.mark_unchanged();
        match attempt(&app, listener, &mut failures).await {
            Ok(0) => {
                tokio::select! {
                    () = stop.cancelled() => {}
                    _ = news.changed() => {}
                    () = tokio::time::sleep(POLL) => {}
                }
            }
            Ok(heard) if heard < usize::from(BATCH) => tokio::time::sleep(GATHER).await,
            Ok(_) => {}
            Err(()) => tokio::time::sleep(Duration::from_millis(100 << failures.min(6))).await,
        }
    }
}

/// What [`run`] repeats: hears what is new, how many entries. After failures it goes entry by entry, and one
/// that fails again and again is parked.
pub async fn attempt(app: &App, listener: &'static Listener, failures: &mut u32) -> Result<usize, ()> {
    let error = match step(app, listener, if *failures == 0 { i64::from(BATCH) } else { 1 }).await {
        Ok(heard) => {
            *failures = 0;
            return Ok(heard);
        }
        Err(error) => error,
    };
    *failures += 1;
    let (cause, outage) = (error.in_short(), error.outage().is_some());
    let error = format!("{error:?}");
    tracing::error!(listener = listener.name, failures, error, "a listener failed: {cause}");
    // No entry is to blame for a full disk, and parked it would be lost to this listener.
    if outage {
        *failures = (*failures).min(BLAMELESS);
    }
    if ATTEMPTS < *failures && park(app, listener, &error).await.is_ok() {
        *failures = 0;
    }
    Err(())
}

/// Hears everything that was recorded until now, for tests and imports; returns when there is no more.
///
/// Waits for the writers that hold entries back, so the caller must not be one of them.
pub async fn catch_up(app: &App, listeners: &[&'static Listener]) -> Result<()> {
    loop {
        // Asked first: what appears between the two questions is heard in the next round.
        let held = store::holds_back(&mut app.db.read().await?).await?;
        let mut heard = 0;
        for listener in listeners {
            heard += step(app, listener, i64::from(BATCH)).await?;
        }
        if heard != 0 {
            continue;
        }
        if !held {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// These listeners go on behind what is recorded by now and never hear it: a past that is made up is no news.
pub async fn pass_over(tx: &mut Tx, listeners: &[&'static Listener]) -> Result<()> {
    let end = store::end(tx).await?;
    for listener in listeners {
        store::save_cursor(tx, listener.name, end).await?;
    }
    Ok(())
}

/// How far listeners passed over what they do not want, beyond their stored cursors: storing each time would be a
/// transaction for every mail that arrives.
#[derive(Default)]
struct Passed(Mutex<HashMap<&'static str, Beyond>>);

#[derive(Clone, Copy)]
struct Beyond {
    /// The stored cursor from which it went on; another one now means that somebody else moved it.
    stored: Cursor,
    cursor: Cursor,
    entries: usize,
}

/// So many entries are read once more at most after a restart.
const UNSTORED: usize = 5000;

impl Passed {
    fn of(&self, name: &str) -> Option<Beyond> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied()
    }

    fn set(&self, name: &'static str, beyond: Beyond) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, beyond);
    }
}

/// Where a listener is: the stored cursor, and what it passed over since.
async fn position(app: &App, tx: &mut Tx, listener: &str) -> Result<Beyond> {
    let stored = store::cursor(tx, listener).await?;
    let beyond = app.part::<Passed>().of(listener).filter(|beyond| beyond.stored == stored);
    Ok(beyond.unwrap_or(Beyond { stored, cursor: stored, entries: 0 }))
}

/// Up to where the listener of this name has heard everything.
pub async fn heard(app: &App, tx: &mut Tx, listener: &str) -> Result<Cursor> {
    Ok(position(app, tx, listener).await?.cursor)
}

/// Hears up to `limit` entries; how many there were.
async fn step(app: &App, listener: &'static Listener, limit: i64) -> Result<usize> {
    // Another node may have heard more meanwhile: passing that over once more does no harm.
    let from = match app.part::<Passed>().of(listener.name) {
        Some(known) => known,
        None => position(app, &mut app.db.read().await?, listener.name).await?,
    };
    let entries = tail::after(app, from.cursor, usize::try_from(limit).unwrap_or(0)).await?;
    let Some(last) = entries.last() else { return Ok(0) };
    let passed = Beyond { cursor: last.cursor(), entries: from.entries + entries.len(), ..from };
    if passed.entries < UNSTORED && !entries.iter().any(|entry| (listener.wants)(&entry.fact)) {
        app.part::<Passed>().set(listener.name, passed);
        return Ok(entries.len());
    }
    hear(app, listener, limit).await
}

async fn hear(app: &App, listener: &'static Listener, limit: i64) -> Result<usize> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, listener.name, 0).await?;
    let from = position(app, &mut tx, listener.name).await?;
    let entries = store::after(&mut tx, from.cursor, limit).await?;
    for entry in entries.iter().filter(|entry| (listener.wants)(&entry.fact)) {
        // A panic is a failure like any other: the entry is parked, and the house goes on.
        let hearing = AssertUnwindSafe(async { (listener.hear)(app, &mut tx, entry).await });
        hearing.catch_unwind().await.map_err(|_| anyhow::anyhow!("a listener panicked"))??;
    }
    let mut at = from;
    if let Some(last) = entries.last() {
        at = Beyond { stored: last.cursor(), cursor: last.cursor(), entries: 0 };
        store::save_cursor(&mut tx, listener.name, at.stored).await?;
    }
    tx.commit().await?;
    app.part::<Passed>().set(listener.name, at);
    Ok(entries.len())
}

/// How many entries a listener has not heard yet; beyond 100,000 that is what it says.
pub async fn lag(app: &App, tx: &mut Tx, listener: &'static Listener) -> Result<i64> {
    let from = position(app, tx, listener.name).await?;
    store::count_after(tx, from.cursor, 100_000).await
}

async fn park(app: &App, listener: &'static Listener, reason: &str) -> Result<()> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, listener.name, 0).await?;
    let from = position(app, &mut tx, listener.name).await?;
    let mut at = from;
    if let Some(entry) = store::after(&mut tx, from.cursor, 1).await?.first() {
        at = Beyond { stored: entry.cursor(), cursor: entry.cursor(), entries: 0 };
        store::park(&mut tx, listener.name, entry.id, reason, app.now()).await?;
        store::save_cursor(&mut tx, listener.name, at.stored).await?;
    }
    tx.commit().await?;
    app.part::<Passed>().set(listener.name, at);
    Ok(())
}

/// Where cases are, and who may know of them. The slice that has the cases says it.
pub type Places = for<'a> fn(&'a mut Tx, &'a [CaseId]) -> BoxFuture<'a, Result<HashMap<CaseId, Place>>>;

/// Tells open pages what changed, on every node, until `stop`.
pub async fn broadcast(app: App, places: Places, stop: CancellationToken) {
    let mut news = app.db.news();
    let mut cursor = None;
    while !stop.is_cancelled() {
        news.mark_unchanged();
        match read_on(&app, places, cursor).await {
            Ok((next, topics)) => {
                cursor = Some(next);
                if !topics.is_empty() {
                    app.live.tell(topics);
                }
            }
            Err(error) => tracing::warn!(error = format!("{error:?}"), "cannot read the journal"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            _ = news.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

async fn read_on(app: &App, places: Places, cursor: Option<Cursor>) -> Result<(Cursor, Vec<Topic>)> {
    let Some(mut cursor) = cursor else {
        return Ok((store::end(&mut app.db.read().await?).await?, Vec::new()));
    };
    let mut open = BTreeSet::new();
    let mut of_cases: BTreeMap<CaseId, BTreeSet<String>> = BTreeMap::new();
    for entry in tail::after(app, cursor, 1000).await? {
        cursor = entry.cursor();
        match entry.about.case {
            Some(case) => of_cases.entry(case).or_default().extend(topics_of(&entry)),
            None => open.extend(topics_of(&entry)),
        }
    }
    if of_cases.is_empty() {
        return Ok((cursor, open.into_iter().map(Topic::from).collect()));
    }
    let cases: Vec<CaseId> = of_cases.keys().copied().collect();
    let mut places = places(&mut app.db.read().await?, &cases).await?;
    let mut told = Vec::new();
    for (case, mut names) in of_cases {
        let place = places.remove(&case);
        names.extend(place.as_ref().map(|place| format!("queue:{}", place.queue)));
        names.extend(place.as_ref().and_then(|place| place.owner).map(|owner| format!("owner:{owner}")));
        match place.and_then(|place| place.veil).map(Arc::new) {
            // Of such a case only those hear who may know of it, also that some list or customer changed.
            Some(veil) => {
                told.extend(names.into_iter().map(|name| Topic { name, veil: Some(veil.clone()) }));
            }
            None => open.extend(names),
        }
    }
    told.extend(open.into_iter().map(Topic::from));
    Ok((cursor, told))
}

/// Also departments and partners want to know, who see no cases.
const fn is_of_handoff(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::CaseHandedOff { .. }
            | Fact::HandoffAccepted { .. }
            | Fact::HandoffDeclined { .. }
            | Fact::HandoffAnswered { .. }
            | Fact::HandoffWithdrawn { .. }
            | Fact::HandoffReopened { .. }
    )
}

/// What comes again was changed, or came.
fn is_of_recurring(fact: &Fact) -> bool {
    match fact {
        Fact::CaseRecurred { .. } => true,
        Fact::SettingChanged { name, .. } => name == "recurring",
        _ => false,
    }
}

/// The lists in which a case was; those in which it is now hear of it anyway.
fn lists_left(fact: &Fact) -> Option<String> {
    match fact {
        Fact::CaseMoved { .. } | Fact::CasesJoined { .. } | Fact::CasesParted { .. } => Some("queue".into()),
        Fact::CaseAssigned { from, .. } => from.map(|person| format!("owner:{person}")),
        _ => None,
    }
}

fn topics_of(entry: &Entry) -> Vec<String> {
    if matches!(entry.fact, Fact::TimeSpent { .. } | Fact::TimeCorrected { .. }) {
        return Vec::new();
    }
    let mut topics = Vec::new();
    if let Some(case) = entry.about.case {
        topics.push(format!("case:{case}"));
        topics.extend(lists_left(&entry.fact));
    }
    topics.extend(entry.about.customer.map(|customer| format!("customer:{customer}")));
    topics.extend(entry.about.insight.map(|insight| format!("insight:{insight}")));
    if matches!(entry.fact, Fact::MailUnprocessable { .. } | Fact::MailRetried { .. }) {
        topics.push("unprocessable".into());
    }
    if is_of_handoff(&entry.fact) {
        topics.push("handoffs".into());
    }
    if is_of_recurring(&entry.fact) {
        topics.push("recurring".into());
    }
    topics
}

//! The look back of a dry run: page by page through the journal, by a job once nobody waits at it any more.
//!
//! A page is read first and then kept in a short transaction, with air before the next: whoever works must not wait for
//! who looks.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use futures::future::BoxFuture;
use serde_json::Value;

use super::{COUNTED, DryState, Trial, beginner, end};
use crate::cases;
use crate::cases::Eyes;
use crate::journal;
use crate::journal::Entry;
use crate::platform::{Actor, App, CaseId, EntryId, Error, JobKind, Result, Timestamp, Tx, dialect, jobs};
use crate::rules::model::{Draft, Event};
use crate::rules::store::trials as store;

pub static LOOK: JobKind = JobKind { name: "rule_trial", run: look };

/// Entries at once.
const PAGE: i64 = 2_000;
/// So long somebody waits for an answer; what is then still to do, a job does.
const AT_ONCE: Duration = Duration::from_millis(1_500);
/// So long a job looks before it lets others run.
const PORTION: Duration = Duration::from_secs(3);
/// Between two pages.
const AIR: Duration = Duration::from_millis(20);

/// Looks as far as a moment reaches.
pub async fn at_once(app: &App, id: i64) -> Result<()> {
    portion(app, id, AT_ONCE).await.map(drop)
}

/// A job goes on, also if this node dies.
pub async fn go_on_later(app: &App, tx: &mut Tx, id: i64) -> Result<()> {
    jobs::enqueue(tx, LOOK.name, &id, app.now() + AT_ONCE * 2).await.map(drop)
}

fn look(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let id: i64 = serde_json::from_value(payload)?;
        match portion(&app, id, PORTION).await {
            Ok(true) => {
                let mut tx = app.db.write().await?;
                jobs::enqueue(&mut tx, LOOK.name, &id, app.now()).await?;
                tx.commit().await
            }
            Ok(false) => Ok(()),
            Err(error) if error.outage().is_none() => {
                tracing::error!(trial = id, error = format!("{error:?}"), "a dry run failed");
                give_up(&app, id, DryState::Failed).await
            }
            Err(error) => Err(error),
        }
    })
}

async fn give_up(app: &App, id: i64, state: DryState) -> Result<()> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "rule_trial", id).await?;
    if let Some(trial) = known(&mut tx, id).await? {
        end(&mut tx, trial, state).await?;
    }
    tx.commit().await
}

/// One that was not forgotten meanwhile.
async fn known(tx: &mut Tx, id: i64) -> Result<Option<Trial>> {
    match store::trial(tx, id).await {
        Err(Error::NotFound) => Ok(None),
        trial => trial.map(Some),
    }
}

/// Looks for so long; true if there is more to look at.
async fn portion(app: &App, id: i64, patience: Duration) -> Result<bool> {
    let began = tokio::time::Instant::now();
    loop {
        let mut tx = app.db.read().await?;
        let Some(trial) = known(&mut tx, id).await?.filter(|trial| trial.state == DryState::Running) else {
            return Ok(false);
        };
        let Some(actor) = still_there(beginner(&mut tx, &trial).await)? else {
            drop(tx);
            return give_up(app, id, DryState::Stopped).await.map(|()| false);
        };
        let page = read_page(app, &mut tx, &actor, &trial).await?;
        drop(tx);
        let done = page.trial.state == DryState::Done;
        // If another was faster, what it left is still to be looked at; if somebody stopped it, the next look says so.
        let kept = keep(app, trial.before, page).await?;
        if kept && done {
            return Ok(false);
        }
        if patience <= began.elapsed() {
            return Ok(true);
        }
        tokio::time::sleep(AIR).await;
    }
}

/// Nobody waits for what somebody began who has left, or keeps such rules no more.
fn still_there(actor: Result<Actor>) -> Result<Option<Actor>> {
    match actor {
        Err(Error::NotFound | Error::Forbidden(_)) => Ok(None),
        actor => actor.map(Some),
    }
}

/// What one page of the journal says.
struct Looked {
    /// How far it is after this page.
    trial: Trial,
    /// Cases that were not found before, with the newest event, and how often.
    fresh: BTreeMap<CaseId, Answered>,
    /// Those that were, by how often they are found once more.
    again: BTreeMap<i64, Vec<CaseId>>,
}

/// What a rule waits for in a case: the newest event, and how often.
type Answered = (Event, Timestamp, i64);

async fn read_page(app: &App, tx: &mut Tx, actor: &Actor, trial: &Trial) -> Result<Looked> {
    let page = journal::before(tx, trial.before, PAGE).await?;
    let mut after = trial.clone();
    let mut looked = Looked { trial: after.clone(), fresh: BTreeMap::new(), again: BTreeMap::new() };
    let Some(last) = page.last() else {
        looked.trial.state = DryState::Done;
        return Ok(looked);
    };
    after.before = last.id;
    let within: Vec<&Entry> = page.iter().filter(|entry| trial.until <= entry.at).collect();
    after.looked_at += i64::try_from(within.len()).unwrap_or(i64::MAX);
    after.since = within.iter().map(|entry| entry.at).fold(trial.since, std::cmp::min);
    if last.at < trial.until {
        after.state = DryState::Done;
    }
    looked.fresh = answered(app, tx, actor, &trial.draft, &within).await?;
    let found: Vec<CaseId> = looked.fresh.keys().copied().collect();
    after.matches += looked.fresh.values().map(|(_, _, times)| times).sum::<i64>();
    for case in store::known_of(tx, trial.id, &found).await? {
        if let Some((_, _, times)) = looked.fresh.remove(&case) {
            looked.again.entry(times).or_default().push(case);
        }
    }
    let fresh = i64::try_from(looked.fresh.len()).unwrap_or(i64::MAX);
    after.cases = after.cases.saturating_add(fresh).min(COUNTED + 1);
    Ok(Looked { trial: after, ..looked })
}

/// What of these entries, the newest first, the rule waits for, in cases that are as it says and that the reader may
/// know of.
async fn answered(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    draft: &Draft,
    entries: &[&Entry],
) -> Result<BTreeMap<CaseId, Answered>> {
    let definition = &draft.definition;
    let event_of = |entry: &Entry| {
        let event = Event::of(&entry.fact).filter(|event| definition.may_answer(*event))?;
        Some((entry.about.case?, event))
    };
    let touched: BTreeSet<CaseId> =
        entries.iter().filter_map(|entry| event_of(entry)).map(|(case, _)| case).collect();
    let touched: Vec<CaseId> = touched.into_iter().collect();
    let kitt = Actor::kitt("rules");
    let meant = cases::matching(tx, &Eyes::of_kitt(app, &kitt, actor), &draft.meant(), &touched).await?;

    let mut histories: HashMap<CaseId, Vec<Entry>> = HashMap::new();
    let mut found: BTreeMap<CaseId, Answered> = BTreeMap::new();
    for entry in entries {
        let Some((case, event)) = event_of(entry).filter(|(case, _)| meant.contains(case)) else { continue };
        // What was before is asked only where it matters.
        if definition.changes_of(event).next().is_some() && !histories.contains_key(&case) {
            histories.insert(case, journal::of_case(tx, case).await?);
        }
        let history = histories.get(&case).map_or(&[][..], Vec::as_slice);
        if definition.answers(event, entry.id, history) {
            found.entry(case).or_insert((event, entry.at, 0)).2 += 1;
        }
    }
    Ok(found)
}

/// Keeps what a page said; false if somebody stopped it, or another node was faster.
async fn keep(app: &App, before: EntryId, page: Looked) -> Result<bool> {
    let mut tx = app.db.write().await?;
    let id = page.trial.id;
    dialect::lock(&mut tx, "rule_trial", id).await?;
    let Some(now) = known(&mut tx, id).await? else { return Ok(false) };
    if now.state != DryState::Running || now.before != before {
        return Ok(false);
    }
    let room = usize::try_from(COUNTED - now.cases).unwrap_or(0);
    store::add_cases(&mut tx, id, page.fresh.into_iter().take(room));
    for (times, cases) in &page.again {
        store::add_times(&mut tx, id, *times, cases).await?;
    }
    match page.trial.state {
        DryState::Running => store::save(&mut tx, &page.trial).await?,
        ended => end(&mut tx, Trial { state: now.state, ..page.trial }, ended).await?,
    }
    tx.commit().await?;
    Ok(true)
}

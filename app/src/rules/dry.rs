//! What a rule would have done, looked at before it is kept. Nothing is changed.
//!
//! Of triggers: what happened in the last thirty days is taken from the journal, and the conditions are asked of the
//! cases as they are today, which the page says. It goes back only as far as a few seconds reach, and says how far. Of
//! time rules and macros: the cases that are now as the rule says.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Draft, Event, RuleKind};
use crate::cases;
use crate::cases::{Eyes, Line, Sort};
use crate::journal;
use crate::platform::{Actor, App, CaseId, EntryId, Error, Result, Right, Timestamp, Tx};

/// How far back it looks.
const BACK: Duration = Duration::from_hours(30 * 24);
/// Entries at once, and entries altogether: more would keep a page waiting.
const PAGE: i64 = 5_000;
const MOST: usize = 200_000;
const PATIENCE: Duration = Duration::from_secs(4);
/// Examples shown.
const SHOWN: usize = 50;
/// Cases counted of time rules.
const COUNTED: i64 = 10_000;

/// What a dry run found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleDryRun)]
pub struct Dry {
    /// How often the rule would have run; of time rules and macros, how many cases it would find now.
    pub matches: usize,
    /// On how many cases.
    pub cases: usize,
    /// Entries of the journal that were looked at.
    pub looked_at: usize,
    /// Back to this moment.
    pub since: Timestamp,
    /// There is more before it, or beyond what is counted.
    pub more: bool,
    pub examples: Vec<Found>,
}

/// A case that the rule would have treated.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleDryRunCase)]
pub struct Found {
    pub number: String,
    pub subject: String,
    pub customer: String,
    /// What it would have answered, and when last; empty for time rules and macros.
    pub event: String,
    pub at: Timestamp,
    pub times: usize,
}

/// Looks what a rule would have done.
///
/// # Errors
///
/// [`Error::Invalid`] for mail filters, and if its conditions cannot be understood.
pub async fn dry_run(app: &App, actor: &Actor, draft: &Draft) -> Result<Dry> {
    actor.may(Right::ManageSettings)?;
    draft.definition.filter.check()?;
    if draft.kind == RuleKind::Mail {
        return Err(Error::invalid("mail", "rules-dry-mail"));
    }
    let mut tx = app.db.read().await?;
    if draft.kind == RuleKind::Trigger {
        of_past(app, &mut tx, draft).await
    } else {
        of_now(app, &mut tx, draft).await
    }
}

async fn of_now(app: &App, tx: &mut Tx, draft: &Draft) -> Result<Dry> {
    let kitt = Actor::kitt("rules");
    let (eyes, filter) = (Eyes::of(app, &kitt), &draft.definition.filter);
    let count = cases::count(tx, &eyes, filter, COUNTED + 1).await?;
    let shown = i64::try_from(SHOWN).unwrap_or(i64::MAX);
    let lines = cases::list(tx, &eyes, filter, Sort::Oldest, None, shown).await?;
    let matches = usize::try_from(count.min(COUNTED)).unwrap_or(0);
    Ok(Dry {
        matches,
        cases: matches,
        looked_at: 0,
        since: app.now(),
        more: COUNTED < count,
        examples: lines.into_iter().map(|line| example(line, None, app.now(), 1)).collect(),
    })
}

fn example(line: Line, event: Option<Event>, at: Timestamp, times: usize) -> Found {
    let event = event.map_or("", Event::code).to_owned();
    let Line { case, customer_name: customer, .. } = line;
    Found { number: case.number, subject: case.subject, customer, event, at, times }
}

/// The newest event of a case, and how many there were.
type Seen = BTreeMap<CaseId, (Event, Timestamp, usize)>;

async fn of_past(app: &App, tx: &mut Tx, draft: &Draft) -> Result<Dry> {
    let began = tokio::time::Instant::now();
    let (earliest, mut before) = (app.now() - BACK, EntryId(i64::MAX));
    let (mut seen, mut looked_at, mut since) = (Seen::new(), 0, app.now());
    let more = loop {
        let page = journal::before(tx, before, PAGE).await?;
        let Some(last) = page.last() else { break false };
        before = last.id;
        for entry in page.iter().filter(|entry| earliest <= entry.at) {
            looked_at += 1;
            since = since.min(entry.at);
            let event = Event::of(&entry.fact).filter(|event| draft.definition.events.contains(event));
            if let (Some(case), Some(event)) = (entry.about.case, event) {
                seen.entry(case).or_insert((event, entry.at, 0)).2 += 1;
            }
        }
        if last.at < earliest {
            break false;
        }
        if MOST <= looked_at || PATIENCE <= began.elapsed() {
            break true;
        }
    };
    let found = meant(app, tx, draft, &seen).await?;
    seen.retain(|case, _| found.contains(case));
    let (cases, matches) = (seen.len(), seen.values().map(|(_, _, times)| times).sum());
    let examples = shown(tx, seen).await?;
    Ok(Dry { matches, cases, looked_at, since, more, examples })
}

/// Those of the cases that are as the rule says.
async fn meant(app: &App, tx: &mut Tx, draft: &Draft, seen: &Seen) -> Result<HashSet<CaseId>> {
    let kitt = Actor::kitt("rules");
    let cases: Vec<CaseId> = seen.keys().copied().collect();
    cases::matching(tx, &Eyes::of(app, &kitt), &draft.definition.filter, &cases).await
}

/// The newest as examples.
async fn shown(tx: &mut Tx, seen: Seen) -> Result<Vec<Found>> {
    let mut newest: Vec<_> = seen.into_iter().collect();
    newest.sort_by_key(|(case, (_, at, _))| std::cmp::Reverse((*at, *case)));
    newest.truncate(SHOWN);
    let mut examples = Vec::with_capacity(newest.len());
    for (case, (event, at, times)) in newest {
        examples.push(example(cases::line(tx, case).await?, Some(event), at, times));
    }
    Ok(examples)
}

//! The clocks of a case: what is due next, what stops it, what it missed.
//!
//! The row of a case carries the course of its clocks as JSON, and beside it what lists sort and colour by. Every
//! command that changes how a case stands turns the clocks first ([`turn`]) and saves both in its transaction. What a
//! clock runs against is chosen anew each time, so a case that moves or becomes urgent gets its new deadline at once.

use std::sync::Arc;

use calendar::{Alarm, Clock, ClockName, Clocks, Targets};

use super::model::{Case, Channel, DueClock, Priority, Status};
use super::store::{self, Clocked, Ended, PastEnd};
use crate::deadlines;
use crate::deadlines::{Rules, Subject};
use crate::people;
use crate::people::Queue;
use crate::platform::{App, CaseId, CaseKindId, CustomerId, Result, Timestamp, Tx};

/// What turns the clocks of a case.
#[derive(Debug, Clone, Copy)]
pub enum Event {
    /// The customer wrote, or an answer is owed for another reason.
    Wrote {
        at: Timestamp,
    },
    /// An answer was written; it leaves at some time.
    Answered {
        leaves: Timestamp,
        waits: bool,
        closes: bool,
    },
    /// It is put away. Clocks stand still while the customer is waited for, not while the house is, nor while somebody
    /// is owed an answer on a day that the house chose; see [`put_aside`].
    Waits {
        for_customer: bool,
    },
    /// It was put away until `since`.
    Woken {
        since: Timestamp,
    },
    /// Somebody other than the customer answered, so that the work goes on.
    Resumed,
    Closed,
    /// An answer may be owed since the customer wrote.
    Reopened {
        owed_since: Option<Timestamp>,
    },
    /// Contacts went or came back: an answer is owed since then, or to nobody.
    Owed {
        since: Option<Timestamp>,
    },
    /// Another case went into it, in which an answer may be owed since the customer wrote.
    TookOver {
        owed_since: Option<Timestamp>,
    },
    /// The last answer was taken back; the customer had written at `since`.
    TakenBack {
        since: Timestamp,
    },
    /// Queue, priority, kind, the customer's group or the settings changed.
    Changed,
}

/// How the clocks stand then: to be saved by who asked.
#[derive(Debug, Clone)]
pub struct Turned {
    pub clocked: Clocked,
    /// Since when, and until when.
    pub due: Option<(Timestamp, Timestamp)>,
}

impl DueClock {
    pub const fn of(name: ClockName) -> Self {
        match name {
            ClockName::First => Self::First,
            ClockName::Next => Self::Next,
            ClockName::Solution => Self::Solution,
        }
    }
}

/// What a case asks policies for.
#[derive(Debug, Clone, Copy)]
pub struct Asks {
    pub customer: CustomerId,
    pub channel: Channel,
    pub priority: Priority,
    pub kind: Option<CaseKindId>,
    pub complaint: bool,
}

impl Asks {
    pub const fn of(case: &Case) -> Self {
        Self {
            customer: case.customer,
            channel: case.channel,
            priority: case.priority,
            kind: case.kind,
            complaint: case.complaint,
        }
    }
}

/// The rules, and the group of the customer if any rule asks for it.
async fn ask(app: &App, tx: &mut Tx, customer: CustomerId) -> Result<(Arc<Rules>, Option<String>)> {
    let rules = deadlines::rules(app, tx).await?;
    let group = if rules.ask_for_group() { deadlines::group_of(tx, customer).await? } else { None };
    Ok((rules, group))
}

/// What counts for a case of this kind in a queue, given to `then`.
pub async fn with_targets<T>(
    app: &App,
    tx: &mut Tx,
    asks: Asks,
    queue: &Queue,
    then: impl FnOnce(&deadlines::Chosen<'_>) -> T,
) -> Result<T> {
    let (rules, group) = ask(app, tx, asks.customer).await?;
    let subject = Subject {
        queue: queue.id,
        priority: asks.priority.code(),
        channel: asks.channel.code(),
        kind: asks.kind.map(|kind| kind.0),
        group: group.as_deref(),
        complaint: asks.complaint,
    };
    Ok(then(&rules.choose(&subject, queue)))
}

/// The clocks of a new case, for which an answer is owed since `at` unless a machine wrote.
pub async fn start(
    app: &App,
    tx: &mut Tx,
    asks: Asks,
    queue: &Queue,
    at: Timestamp,
    is_owed: bool,
) -> Result<Turned> {
    with_targets(app, tx, asks, queue, |chosen| {
        let mut clocks = Clocks::default();
        if is_owed {
            clocks.wrote(at.moment());
            clocks.set(&chosen.targets(), at.moment());
        }
        turned(&clocks, chosen, None)
    })
    .await?
}

/// Turns the clocks of `case`, which is as it was before `event`, but already in its new queue or priority. Results
/// are recorded; everything else is saved by the caller.
pub async fn turn(app: &App, tx: &mut Tx, case: &Case, event: Event) -> Result<Turned> {
    let queue = people::queue(tx, case.queue).await?;
    let now = app.now();
    let before = known(case)?;
    let (clocks, turned) = with_targets(app, tx, Asks::of(case), &queue, |chosen| {
        let mut clocks = before.clone();
        turn_at(&mut clocks, &chosen.targets(), case.created_at, event, now);
        let turned = turned(&clocks, chosen, put_away(case, event));
        (clocks, turned)
    })
    .await?;
    let ended_at = if let Event::Answered { leaves, .. } = event { leaves } else { now };
    record_results(tx, case, (&before, &clocks), ended_at).await?;
    turned
}

fn turn_at(clocks: &mut Clocks, targets: &Targets<'_>, opened: Timestamp, event: Event, now: Timestamp) {
    if matches!(event, Event::Answered { .. } | Event::Closed) {
        // What ends while it stands still has a deadline all the same.
        clocks.go_on(now.moment());
        clocks.set(targets, opened.moment());
    }
    apply(clocks, event, now);
    clocks.set(targets, opened.moment());
}

/// What turned the clocks of a case with a past, and when.
pub type Turn = (Timestamp, Event);

/// How the clocks of a case with a past went.
pub struct Course {
    pub turned: Turned,
    /// When the first answer was due, as it looked when the case was opened.
    pub first_due: Option<Timestamp>,
    pub ended: Vec<PastEnd>,
    /// What there was to tell about deadlines until now.
    pub told: Vec<(Timestamp, ClockName, Alarm)>,
}

/// Runs the clocks of a case, to which an answer was owed since it was opened, through everything that turned them, in
/// its order: as commands and the watch over deadlines would have done it.
pub async fn run_through(
    app: &App,
    tx: &mut Tx,
    asks: Asks,
    queue: &Queue,
    opened: Timestamp,
    turns: &[Turn],
) -> Result<Course> {
    let now = app.now();
    with_targets(app, tx, asks, queue, |chosen| course(chosen, opened, turns, now)).await?
}

fn course(
    chosen: &deadlines::Chosen<'_>,
    opened: Timestamp,
    turns: &[Turn],
    now: Timestamp,
) -> Result<Course> {
    let targets = chosen.targets();
    let mut clocks = Clocks::default();
    clocks.wrote(opened.moment());
    clocks.set(&targets, opened.moment());
    let first_due = clocks.first.as_ref().and_then(|first| first.due).map(Timestamp::from);
    let (mut ended, mut told) = (Vec::new(), Vec::new());
    for (at, event) in turns {
        told.extend(watched(&mut clocks, &targets, *at));
        let before = clocks.clone();
        turn_at(&mut clocks, &targets, opened, *event, *at);
        ended.extend(ends(&before, &clocks, *at));
    }
    told.extend(watched(&mut clocks, &targets, now));
    // It was put away at the turn before.
    let put_away = match turns {
        [.., (from, _), (_, Event::Woken { since })] => Some((*from, *since)),
        _ => None,
    };
    Ok(Course { turned: turned(&clocks, chosen, put_away)?, first_due, ended, told })
}

/// What there was to tell about deadlines until a moment.
fn watched(
    clocks: &mut Clocks,
    targets: &Targets<'_>,
    until: Timestamp,
) -> Vec<(Timestamp, ClockName, Alarm)> {
    let mut told = Vec::new();
    while let Some(at) = clocks.next_alarm(targets).map(Timestamp::from).filter(|at| *at <= until) {
        let alarms = clocks.alarms(targets, at.moment());
        if alarms.is_empty() {
            break;
        }
        told.extend(alarms.into_iter().map(|(name, alarm)| (at, name, alarm)));
    }
    told
}

/// The clocks that ran before and have ended with what they ran for.
fn ends(before: &Clocks, after: &Clocks, at: Timestamp) -> Vec<PastEnd> {
    let ran = |name: ClockName, clock: &Clock| {
        before.all().any(|(other, was)| other == name && was.from == clock.from && was.is_running())
    };
    let ended = after.all().filter(|(_, clock)| !clock.is_running() && !clock.void);
    let kept = |(name, clock): (ClockName, &Clock)| {
        let due = clock.due.filter(|_| ran(name, clock))?;
        Some(PastEnd { clock: DueClock::of(name), from: clock.from.into(), due: due.into(), at })
    };
    ended.filter_map(kept).collect()
}

/// As [`turn`] for [`Event::Changed`], saved: to be called when anything changed that policies ask for.
pub async fn changed(app: &App, tx: &mut Tx, case: CaseId) -> Result<()> {
    let row = store::case(tx, case).await?;
    if row.status == Status::Closed {
        return Ok(());
    }
    let turned = turn(app, tx, &row, Event::Changed).await?;
    store::set_clocks(tx, case, &turned.clocked).await?;
    store::set_due(tx, &row, turned.due).await
}

/// The clocks of a case that stands again as it did before go on as if nothing had happened; `kept` is their course then.
pub async fn restore(
    app: &App,
    tx: &mut Tx,
    case: CaseId,
    (kept, due_clock): (String, Option<DueClock>),
) -> Result<()> {
    let before = known(&store::case(tx, case).await?)?;
    store::set_clocks(tx, case, &Clocked { kept, due_clock, ..Clocked::default() }).await?;
    let row = store::case(tx, case).await?;
    record_results(tx, &row, (&before, &known(&row)?), app.now()).await?;
    changed(app, tx, case).await
}

/// What it means for the clocks of a case that somebody puts it away: who chooses the day for an answer that is owed
/// does not wait for the customer, but the customer for them.
pub fn put_aside(case: &Case, until: Option<Timestamp>) -> Result<Event> {
    let owes_answer = known(case)?.owes_answer();
    Ok(Event::Waits { for_customer: until.is_none() || !owes_answer })
}

/// The course of a case's clocks. Cases of former times have none, only a deadline.
pub fn known(case: &Case) -> Result<Clocks> {
    let mut clocks: Clocks =
        if case.clocks.is_empty() { Clocks::default() } else { serde_json::from_str(&case.clocks)? };
    let owed = case.due_from.filter(|_| case.status == Status::Open && clocks.due().is_none());
    match (owed, case.due_clock) {
        (_, Some(DueClock::FollowUp)) | (None, _) => {}
        (Some(from), Some(DueClock::Next)) => clocks.next = Some(Clock::new(from.moment())),
        (Some(from), _) if clocks.first.is_none() => clocks.first = Some(Clock::new(from.moment())),
        (Some(from), _) => clocks.next = Some(Clock::new(from.moment())),
    }
    if case.clocks.is_empty() && clocks.first.is_none() {
        // It was answered before anybody counted.
        let mut first = Clock::new(case.created_at.moment());
        first.ended = Some(case.created_at.moment());
        clocks.first = Some(first);
    }
    Ok(clocks)
}

fn apply(clocks: &mut Clocks, event: Event, now: Timestamp) {
    let now = now.moment();
    match event {
        Event::Wrote { at } => clocks.wrote(at.moment()),
        Event::Answered { waits, closes, .. } => {
            clocks.answered(now);
            if closes {
                clocks.close(now);
            } else if waits {
                clocks.wait(now);
            }
        }
        Event::Waits { for_customer: true } => clocks.wait(now),
        Event::Changed => {}
        Event::Waits { for_customer: false } | Event::Woken { .. } | Event::Resumed => clocks.go_on(now),
        Event::Closed => clocks.close(now),
        Event::Owed { since } => clocks.owed(now, since.map(Timestamp::moment)),
        Event::Reopened { owed_since } => clocks.reopen(now, owed_since.map(Timestamp::moment)),
        Event::TookOver { owed_since } => clocks.take_over(now, owed_since.map(Timestamp::moment)),
        Event::TakenBack { since } => clocks.take_back(since.moment()),
    }
}

/// Since when and until when a case was put away, while that is what it is due for.
fn put_away(case: &Case, event: Event) -> Option<(Timestamp, Timestamp)> {
    match event {
        Event::Woken { since } => Some((case.updated_at, since)),
        Event::Wrote { .. } | Event::Owed { .. } | Event::Changed if case.status == Status::Open => {
            let due = case.due_from.zip(case.due_at);
            due.filter(|_| case.due_clock == Some(DueClock::FollowUp))
        }
        _ => None,
    }
}

/// What is saved of the clocks, and what is due.
fn turned(
    clocks: &Clocks,
    chosen: &deadlines::Chosen<'_>,
    put_away: Option<(Timestamp, Timestamp)>,
) -> Result<Turned> {
    let targets = chosen.targets();
    // Nothing is due while the clocks stand still, not even what was missed before.
    let due = clocks.due().filter(|_| !clocks.is_paused());
    let due = due.map(|(name, clock, at)| (DueClock::of(name), Timestamp::from(clock.from), at.into()));
    let put_away = put_away.map(|(from, at)| (DueClock::FollowUp, from, at));
    let first = due.into_iter().chain(put_away).min_by_key(|(_, _, at)| *at);
    let due_clock = first.map(|(clock, _, _)| clock);
    let soon_at = match first {
        Some((DueClock::FollowUp, ..)) | None => None,
        Some(_) => clocks.near_at(&targets).map(Timestamp::from),
    };
    let alarm_at = clocks.next_alarm(&targets).filter(|_| due.is_some()).map(Timestamp::from);
    let clocked = Clocked { kept: serde_json::to_string(clocks)?, due_clock, soon_at, alarm_at };
    Ok(Turned { clocked, due: first.map(|(_, from, at)| (from, at)) })
}

/// What ended is kept for figures, and what goes on after all is not.
async fn record_results(
    tx: &mut Tx,
    case: &Case,
    (before, after): (&Clocks, &Clocks),
    at: Timestamp,
) -> Result<()> {
    for (name, clock) in after.all() {
        let same = |(other, was): &(ClockName, &Clock)| *other == name && was.from == clock.from;
        let Some((_, was)) = before.all().find(same) else { continue };
        let (clock_name, from) = (DueClock::of(name), Timestamp::from(clock.from));
        match (was.is_running(), clock.is_running(), clock.due) {
            (true, false, Some(due)) if !clock.void => {
                let ended = Ended { case, clock: clock_name, from, due: due.into(), at };
                store::insert_result(tx, &ended).await?;
            }
            (false, true, _) => store::delete_result(tx, case.id, clock_name, from).await?,
            _ => {}
        }
    }
    Ok(())
}

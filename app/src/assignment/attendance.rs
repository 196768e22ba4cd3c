//! Who is there: said by oneself or by one's lead, now or ahead, and it ends by itself.
//!
//! Only how it is and what is planned is kept: an absence that is over is gone, and one's own comings and goings are no
//! facts of the journal. What somebody else enters is one, without the days.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::leave::LEAVE;
use super::model::{Absence, NewAbsence};
use super::{ask, ask_all, lock, modes, staff, store};
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::banners::Banner;
use crate::platform::{Actor, App, Attendance, Error, PersonId, Result, Right, Timestamp, Tx, jobs};

/// How often absences and waiting cases are looked at.
const PAUSE: Duration = Duration::from_secs(15);
/// How long it is kept who was chosen for a case, and why.
const KEPT: Duration = Timestamp::days(180);
/// Planned absences of one person; more is no plan.
const MOST: usize = 50;

/// May `actor` say it for `person`? Everybody for themselves, leads for theirs.
async fn may(tx: &mut Tx, actor: &Actor, person: PersonId) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let of = people::person(tx, person).await?;
    let own = actor.person_id() == Some(person);
    if of.active && staff::works(&of) && (own || modes::leads(actor, &of)) {
        return Ok(());
    }
    Err(Error::NotFound)
}

/// Somebody is there, or takes nothing new; an absence that goes on ends with it.
pub async fn attend(app: &App, actor: &Actor, person: PersonId, busy: bool) -> Result<()> {
    let mut tx = app.db.write().await?;
    lock(&mut tx).await?;
    may(&mut tx, actor, person).await?;
    for absence in store::absences_of(&mut tx, person).await? {
        if absence.begun {
            store::delete_absence(&mut tx, absence.id).await?;
        }
    }
    let attendance = if busy { Attendance::Busy } else { Attendance::There };
    set(app, &mut tx, actor, person, attendance).await?;
    tx.commit().await
}

/// Somebody is away from now on.
pub async fn be_away(
    app: &App,
    actor: &Actor,
    person: PersonId,
    until: Option<Timestamp>,
    replacement: Option<PersonId>,
) -> Result<i64> {
    plan(app, actor, person, NewAbsence { from: app.now(), until, replacement }).await
}

/// Somebody will be away; from now on, if that is when it begins.
///
/// # Errors
///
/// [`Error::Invalid`] if it ends before it begins or is over, or the replacement is nobody who works on cases.
pub async fn plan(app: &App, actor: &Actor, person: PersonId, new: NewAbsence) -> Result<i64> {
    let now = app.now();
    if new.until.is_some_and(|until| until <= new.from || until <= now) {
        return Err(Error::invalid("until", "assignment-until-wrong"));
    }
    let mut tx = app.db.write().await?;
    lock(&mut tx).await?;
    may(&mut tx, actor, person).await?;
    if let Some(replacement) = new.replacement {
        let other = people::person(&mut tx, replacement).await;
        let fits = other.is_ok_and(|one| one.active && staff::works(&one) && one.id != person);
        if !fits {
            return Err(Error::invalid("replacement", "assignment-replacement-wrong"));
        }
    }
    let known = store::absences_of(&mut tx, person).await?;
    if MOST <= known.len() {
        return Err(Error::invalid("from", "assignment-absences-many"));
    }
    if now < new.from && known.iter().any(|other| overlaps(other, &new)) {
        return Err(Error::invalid("from", "assignment-absences-overlap"));
    }
    if new.from <= now {
        // One absence at a time: what is said last counts.
        for before in known.iter().filter(|before| before.begun) {
            store::delete_absence(&mut tx, before.id).await?;
        }
    }
    let by = actor.person_id().filter(|me| *me != person);
    let id = store::insert_absence(&mut tx, person, new, by).await?;
    if new.from <= now {
        begin(app, &mut tx, id, person).await?;
    }
    told(app, &mut tx, actor, person, Attendance::Away)?;
    tx.commit().await?;
    Ok(id)
}

/// An absence is no longer planned, or is over now.
pub async fn cancel(app: &App, actor: &Actor, absence: i64) -> Result<Absence> {
    let mut tx = app.db.write().await?;
    lock(&mut tx).await?;
    let row = store::absence(&mut tx, absence).await?;
    may(&mut tx, actor, row.person).await?;
    store::delete_absence(&mut tx, absence).await?;
    if row.begun {
        set(app, &mut tx, actor, row.person, Attendance::There).await?;
    }
    tx.commit().await?;
    Ok(row)
}

/// Do both hold at the same time? Who is away without an end may plan ahead all the same.
fn overlaps(other: &Absence, new: &NewAbsence) -> bool {
    let is_endless = other.begun && other.until_at.is_none();
    let before = other.until_at.is_some_and(|until| until <= new.from);
    let after = new.until.is_some_and(|until| until <= other.from_at);
    !is_endless && !before && !after
}

/// Absences now and ahead of one person.
pub async fn absences_of(tx: &mut Tx, person: PersonId) -> Result<Vec<Absence>> {
    store::absences_of(tx, person).await
}

/// Absences now and ahead of everybody; for leads.
pub async fn absences(tx: &mut Tx) -> Result<Vec<Absence>> {
    store::absences(tx).await
}

async fn set(app: &App, tx: &mut Tx, actor: &Actor, person: PersonId, attendance: Attendance) -> Result<()> {
    people::set_attendance(tx, person, attendance).await?;
    told(app, tx, actor, person, attendance)?;
    if attendance == Attendance::There { ask_all(app, tx).await } else { Ok(()) }
}

/// What somebody else says about a person is a fact, by which the person hears of it.
fn told(app: &App, tx: &mut Tx, actor: &Actor, person: PersonId, attendance: Attendance) -> Result<()> {
    if actor.person_id().is_none() || actor.person_id() == Some(person) {
        return Ok(());
    }
    let fact = Fact::AttendanceSet { person, attendance: attendance.code().into() };
    journal::record(app, tx, actor, About::house(), fact)
}

/// Somebody is away now, and their cases are looked at.
async fn begin(app: &App, tx: &mut Tx, absence: i64, person: PersonId) -> Result<()> {
    store::begin(tx, absence).await?;
    people::set_attendance(tx, person, Attendance::Away).await?;
    jobs::enqueue(tx, LEAVE.name, &absence, app.now()).await?;
    Ok(())
}

/// Begins and ends absences for as long as the server runs, and tells leads of cases that nobody can do.
pub fn watch(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        while !stop.is_cancelled() {
            if let Err(error) = tick(&app).await {
                tracing::error!(
                    error = format!("{error:?}"),
                    "cannot look after absences: {}",
                    error.in_short()
                );
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    })
}

/// Does what time asks for: absences begin and end, keepers were waited for long enough, old explanations go.
pub async fn tick(app: &App) -> Result<()> {
    let (now, mut tx) = (app.now(), app.db.read().await?);
    let begins = store::due_absences(&mut tx, now).await?;
    let ends = store::ended_absences(&mut tx, now).await?;
    let waited = store::waited(&mut tx, now).await?;
    let old = now - KEPT;
    let purges = store::has_steps_before(&mut tx, old).await?;
    let lacking: i64 = store::lacking(&mut tx).await?.iter().map(|(_, count)| count).sum();
    drop(tx);
    app.banners().set("assignment", (lacking != 0).then(|| banner(lacking)));
    if begins.is_empty() && ends.is_empty() && waited.is_empty() && !purges {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    lock(&mut tx).await?;
    for absence in ends {
        end(app, &mut tx, absence).await?;
    }
    for absence in begins {
        // Another node may have been faster.
        if let Ok(row) = store::absence(&mut tx, absence).await
            && !row.begun
        {
            begin(app, &mut tx, row.id, row.person).await?;
        }
    }
    for queue in waited {
        ask(app, &mut tx, queue).await?;
    }
    if purges {
        store::purge(&mut tx, old).await?;
    }
    tx.commit().await
}

/// An absence is over: it is gone, and who was away is there, unless another absence goes on.
async fn end(app: &App, tx: &mut Tx, absence: i64) -> Result<()> {
    let Ok(row) = store::absence(tx, absence).await else { return Ok(()) };
    store::delete_absence(tx, absence).await?;
    let others = store::absences_of(tx, row.person).await?;
    if others.iter().any(|other| other.begun) {
        return Ok(());
    }
    people::set_attendance(tx, row.person, Attendance::There).await?;
    ask_all(app, tx).await
}

const fn banner(lacking: i64) -> Banner {
    Banner {
        right: Right::LeadPeople,
        alarm: false,
        word: "assignment-lacking",
        n: lacking,
        url: "/staff",
        link_word: "assignment-lacking-look",
    }
}

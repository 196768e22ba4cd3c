//! What the house is made of: teams, departments, queues. An empty one gets its first by itself.

use super::model::{Department, NewPerson, Queue, QueueSettings, Reopening, Team, fold_email};
use super::{entry, store};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{
    Actor, App, DepartmentId, Error, QueueId, Result, Right, Role, TeamId, Tone, Tx, dialect,
};

/// Working minutes of a year: longer than anybody waits.
const LONGEST_ANSWER: i64 = 250 * 10 * 60;

/// Days of ten years.
const LONGEST_REOPENING: i64 = 3650;

/// The departments that an empty house starts with; they can be renamed.
const DEPARTMENTS: [&str; 7] =
    ["Produkt", "Marketing", "Vertrieb", "Online & IT", "Logistik", "Finanzen", "Service"];

/// Sets an empty house up: a team, a queue, the departments, and an administrator to be.
///
/// The token of the administrator's invitation, as long as nobody used it; `None` once somebody can log in.
pub async fn found_house(app: &App) -> Result<Option<String>> {
    let mut tx = app.db.write().await?;
    // Two nodes may start at the same moment.
    dialect::lock(&mut tx, "house", 0).await?;
    let kitt = Actor::kitt("setup");
    if store::anyone_can_log_in(&mut tx).await? {
        return Ok(None);
    }
    if let Some(admin) = store::first_person(&mut tx).await? {
        // Started before, but the link was never used: print a fresh one.
        store::delete_invitations(&mut tx, admin).await?;
        let token = entry::invitation(app, &mut tx, admin).await?;
        tx.commit().await?;
        return Ok(Some(token));
    }
    let team = store::insert_team(&mut tx, "Kundenservice").await?;
    store::insert_queue(&mut tx, "Kundenservice", Some(team), None, 8 * 60).await?;
    for name in DEPARTMENTS {
        store::insert_department(&mut tx, name).await?;
    }
    let admin = NewPerson {
        name: "Administration".into(),
        email: app.settings().mail_from.replacen("service@", "admin@", 1),
        roles: vec![Role::Admin, Role::Agent],
        team: Some(team),
        departments: Vec::new(),
    };
    let (_, token) = entry::invite_in(app, &mut tx, &kitt, &admin).await?;
    tx.commit().await?;
    Ok(Some(token))
}

pub async fn teams(tx: &mut Tx) -> Result<Vec<Team>> {
    store::teams(tx).await
}

/// All queues, the first one first: it gets what no other queue claims.
pub async fn queues(tx: &mut Tx) -> Result<Vec<Queue>> {
    store::queues(tx).await
}

pub async fn queue(tx: &mut Tx, queue: QueueId) -> Result<Queue> {
    store::queue(tx, queue).await
}

/// The queues that exist for `actor`, as [`queues`].
pub async fn queues_for(tx: &mut Tx, actor: &Actor) -> Result<Vec<Queue>> {
    let mut queues = store::queues(tx).await?;
    queues.retain(|queue| !actor.sight.hidden.contains(&queue.id));
    Ok(queues)
}

/// The queue whose address is `address` (any case).
pub async fn queue_by_address(tx: &mut Tx, address: &str) -> Result<Option<Queue>> {
    let folded = fold_email(address);
    Ok(store::queues(tx)
        .await?
        .into_iter()
        .find(|queue| queue.address.as_deref().map(fold_email) == Some(folded.clone())))
}

pub async fn departments(tx: &mut Tx) -> Result<Vec<Department>> {
    store::departments(tx).await
}

/// Gives a team its name; a new one without `team`.
pub async fn name_team(app: &App, actor: &Actor, team: Option<TeamId>, name: &str) -> Result<TeamId> {
    actor.may(Right::ManageSettings)?;
    let name = checked_name(name)?;
    let mut tx = app.db.write().await?;
    if store::teams(&mut tx).await?.iter().any(|one| is_taken(&one.name, name) && Some(one.id) != team) {
        return Err(Error::invalid("name", "people-name-taken"));
    }
    let team = match team {
        Some(team) => store::rename_team(&mut tx, team, name).await?,
        None => store::insert_team(&mut tx, name).await?,
    };
    record_setting(app, &mut tx, actor, "teams", team.0)?;
    tx.commit().await?;
    Ok(team)
}

/// Gives a department its name; a new one without `department`.
pub async fn name_department(
    app: &App,
    actor: &Actor,
    department: Option<DepartmentId>,
    name: &str,
) -> Result<DepartmentId> {
    actor.may(Right::ManageSettings)?;
    let name = checked_name(name)?;
    let mut tx = app.db.write().await?;
    let known = store::departments(&mut tx).await?;
    if known.iter().any(|one| is_taken(&one.name, name) && Some(one.id) != department) {
        return Err(Error::invalid("name", "people-name-taken"));
    }
    let department = match department {
        Some(department) => store::rename_department(&mut tx, department, name).await?,
        None => store::insert_department(&mut tx, name).await?,
    };
    record_setting(app, &mut tx, actor, "departments", department.0)?;
    tx.commit().await?;
    Ok(department)
}

/// Sets a queue up; a new one without `queue`.
pub async fn set_queue(
    app: &App,
    actor: &Actor,
    queue: Option<QueueId>,
    set: &QueueSettings,
) -> Result<QueueId> {
    actor.may(Right::ManageSettings)?;
    let name = checked_name(&set.name)?;
    let address = set.address.as_deref().map(str::trim).filter(|address| !address.is_empty());
    if address.is_some_and(|address| !address.contains('@') || address.contains(char::is_whitespace)) {
        return Err(Error::invalid("address", "error-field-malformed"));
    }
    check_times(set)?;
    let mut tx = app.db.write().await?;
    let known = store::queues(&mut tx).await?;
    let was_restricted = known.iter().any(|one| Some(one.id) == queue && one.restricted);
    unless_taken(known.iter().filter(|one| Some(one.id) != queue), name, address)?;
    let queue = match queue {
        Some(queue) => {
            store::update_queue(&mut tx, queue, name, set.team, address, set.answer_minutes).await?
        }
        None => store::insert_queue(&mut tx, name, set.team, address, set.answer_minutes).await?,
    };
    if let Some(reopening) = set.reopening {
        store::set_reopening(&mut tx, queue, reopening.days()).await?;
    }
    if let Some(restricted) = set.restricted {
        store::set_restricted(&mut tx, queue, restricted).await?;
        let fact = Fact::QueueRestricted { queue, restricted };
        if restricted != was_restricted {
            journal::record(app, &mut tx, actor, About::house(), fact)?;
        }
    }
    if let Some(tone) = set.tone {
        store::set_tone(&mut tx, queue, tone).await?;
    }
    record_setting(app, &mut tx, actor, "queues", queue.0)?;
    tx.commit().await?;
    Ok(queue)
}

/// Name and address are no other queue's.
fn unless_taken<'a>(
    others: impl Iterator<Item = &'a Queue>,
    name: &str,
    address: Option<&str>,
) -> Result<()> {
    for other in others {
        if is_taken(&other.name, name) {
            return Err(Error::invalid("name", "people-name-taken"));
        }
        if address.is_some() && other.address.as_deref().map(fold_email) == address.map(fold_email) {
            return Err(Error::invalid("address", "people-address-taken"));
        }
    }
    Ok(())
}

/// How a queue addresses its customers, without news of it; used by the example company.
pub async fn set_past_tone(tx: &mut Tx, queue: QueueId, tone: Tone) -> Result<()> {
    store::set_tone(tx, queue, tone).await
}

/// Does a queue answer and open cases again within times that make sense?
fn check_times(set: &QueueSettings) -> Result<()> {
    if !(1..=LONGEST_ANSWER).contains(&set.answer_minutes) {
        return Err(Error::invalid("answer_minutes", "people-answer-minutes"));
    }
    match set.reopening {
        Some(Reopening::Within(days)) if !(1..=LONGEST_REOPENING).contains(&days) => {
            Err(Error::invalid("reopen_days", "people-reopen-days"))
        }
        _ => Ok(()),
    }
}

fn record_setting(app: &App, tx: &mut Tx, actor: &Actor, name: &str, of: i64) -> Result<()> {
    let fact = Fact::SettingChanged { name: name.to_owned(), of: Some(of) };
    journal::record(app, tx, actor, About::house(), fact)
}

fn checked_name(name: &str) -> Result<&str> {
    let name = name.trim();
    match name.chars().count() {
        0 => Err(Error::invalid("name", "error-field-required")),
        1..=100 => Ok(name),
        _ => Err(Error::invalid("name", "error-field-too-long")),
    }
}

fn is_taken(known: &str, name: &str) -> bool {
    known.to_lowercase() == name.to_lowercase()
}

/// Adds a team without a form, as the two below do; used by imports and the example company.
pub async fn add_team(tx: &mut Tx, name: &str) -> Result<TeamId> {
    store::insert_team(tx, name).await
}

pub async fn add_queue(
    tx: &mut Tx,
    name: &str,
    team: Option<TeamId>,
    address: Option<&str>,
    answer_minutes: i64,
) -> Result<QueueId> {
    store::insert_queue(tx, name, team, address, answer_minutes).await
}

pub async fn add_department(tx: &mut Tx, name: &str) -> Result<DepartmentId> {
    store::insert_department(tx, name).await
}

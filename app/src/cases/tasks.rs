//! Tasks of a case: small things that somebody does until a day; and checklists, which make several at once.
//!
//! Deliberately absent: tasks without a case. What has nothing to do with customers has its place elsewhere.

mod back;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(super) use back::{bring_back, end_again, unadd, unchange, unend};

use super::sight;
use super::steps::{self, Step};
use super::store;
use crate::journal;
use crate::journal::{About, Fact, Turn};
use crate::people;
use crate::platform::{Actor, App, CaseId, Error, PersonId, QueueId, Result, Right, Timestamp, Tx, dialect};

/// Characters of a task's title, or of a checklist's name.
const LONGEST: usize = 300;
/// Tasks of a checklist.
const MOST_ITEMS: usize = 50;
/// Tasks shown of one case.
const MOST: i64 = 200;

/// Something to do for a case.
#[derive(Debug, Clone, Serialize, ToSchema, sqlx::FromRow)]
pub struct Task {
    pub id: i64,
    #[serde(skip)]
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    /// The case's number and subject.
    pub number: String,
    pub subject: String,
    pub title: String,
    #[sqlx(rename = "person_id")]
    pub person: Option<PersonId>,
    pub person_name: Option<String>,
    pub due_at: Option<Timestamp>,
    pub done_at: Option<Timestamp>,
    pub done_by: Option<String>,
    #[serde(skip)]
    pub sort_at: Timestamp,
}

impl Task {
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.done_at.is_none() && self.due_at.is_some_and(|due| due < now)
    }
}

/// Where a list of tasks goes on.
pub type TaskCursor = (Timestamp, i64);

/// What is needed to add or change a task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTask {
    pub title: String,
    pub person: Option<PersonId>,
    pub due: Option<Timestamp>,
}

impl NewTask {
    /// What a task says now.
    fn of(task: &Task) -> Self {
        Self { title: task.title.clone(), person: task.person, due: task.due_at }
    }
}

/// A task of a checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChecklistItem)]
pub struct Item {
    pub title: String,
    /// Days after it was picked; none: no due date.
    pub days: Option<i64>,
}

/// Tasks that are made by one pick.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Checklist {
    pub id: i64,
    pub name: String,
    /// Only for cases of this queue.
    pub queue: Option<QueueId>,
    /// It can be picked.
    pub active: bool,
    pub items: Vec<Item>,
}

/// Adds a task; without somebody it is for whoever works on the case.
pub async fn add(app: &App, actor: &Actor, case: CaseId, new: &NewTask) -> Result<i64> {
    let mut tx = app.db.write().await?;
    let task = add_one_in(app, &mut tx, actor, case, new).await?;
    tx.commit().await?;
    Ok(task)
}

/// As [`add`], within a transaction of the caller.
pub async fn add_one_in(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, new: &NewTask) -> Result<i64> {
    actor.may(Right::WorkCases)?;
    let task = add_in(app, tx, actor, case, new).await?;
    offer_without(app, tx, actor, case, ("task-added", vec![task])).await?;
    Ok(task)
}

/// Offers to remove tasks again that were just added.
async fn offer_without(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    (word, tasks): (&'static str, Vec<i64>),
) -> Result<()> {
    let mut left = Vec::with_capacity(tasks.len());
    for task in &tasks {
        left.push(NewTask::of(&store::task(tx, *task).await?));
    }
    steps::offer(app, tx, actor, case, word, Step::AddTasks { tasks, left }).await
}

async fn add_in(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, new: &NewTask) -> Result<i64> {
    check(tx, new).await?;
    dialect::lock(tx, "case", case.0).await?;
    let row = sight::at_hand(tx, actor, case).await?;
    let task = store::insert_task(tx, case, new, app.now()).await?;
    journal::record(app, tx, actor, About::case(case).of(row.customer), Fact::TaskAdded { task })?;
    Ok(task)
}

async fn check(tx: &mut Tx, new: &NewTask) -> Result<()> {
    Error::unless_text("title", &new.title, LONGEST)?;
    if let Some(person) = new.person
        && !people::person(tx, person).await?.active
    {
        return Err(Error::invalid("person", "case-owner-gone"));
    }
    Ok(())
}

/// Says anew what is to do, who does it and until when.
pub async fn change(app: &App, actor: &Actor, task: i64, new: &NewTask) -> Result<Task> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    check(&mut tx, new).await?;
    let was = NewTask::of(&locked(&mut tx, task).await?);
    store::update_task(&mut tx, task, new).await?;
    let is = NewTask::of(&store::task(&mut tx, task).await?);
    let row = record_change(app, &mut tx, actor, task, (&was, &is)).await?;
    if was != is {
        let step = Step::ChangeTask { task, was, is };
        steps::offer(app, &mut tx, actor, row.case, "task-changed", step).await?;
    }
    tx.commit().await?;
    Ok(row)
}

/// A task whose case is locked: it may just have gone with it into another one.
async fn locked(tx: &mut Tx, task: i64) -> Result<Task> {
    let case = store::task(tx, task).await?.case;
    dialect::lock(tx, "case", case.0).await?;
    let row = store::task(tx, task).await?;
    if row.case == case { Ok(row) } else { Err(Error::Stale) }
}

/// The task is done. Who cannot work on cases may end their own.
///
/// # Errors
///
/// [`Error::Stale`] if it is already.
pub async fn end(app: &App, actor: &Actor, task: i64) -> Result<Task> {
    let mut tx = app.db.write().await?;
    let row = locked(&mut tx, task).await?;
    if row.person.is_none() || row.person != actor.person_id() {
        actor.may(Right::WorkCases)?;
    }
    if !store::set_task_done(&mut tx, task, Some((app.now(), actor.person_id()))).await? {
        return Err(Error::Stale);
    }
    let row = record(app, &mut tx, actor, task, Fact::TaskDone { task }).await?;
    let step = Step::EndTask { task, at: row.done_at };
    steps::offer(app, &mut tx, actor, row.case, "task-ended", step).await?;
    tx.commit().await?;
    Ok(row)
}

/// The task is to do again.
pub async fn reopen(app: &App, actor: &Actor, task: i64) -> Result<Task> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    locked(&mut tx, task).await?;
    let was = store::kept_task(&mut tx, task).await?;
    reopen_in(app, &mut tx, actor, task).await?;
    if let Some(at) = was.done_at {
        let step = Step::ReopenTask { task, at, by: was.done_by };
        steps::offer(app, &mut tx, actor, was.case, "task-reopened", step).await?;
    }
    let row = store::task(&mut tx, task).await?;
    tx.commit().await?;
    Ok(row)
}

async fn reopen_in(app: &App, tx: &mut Tx, actor: &Actor, task: i64) -> Result<()> {
    if !store::set_task_done(tx, task, None).await? {
        return Err(Error::Stale);
    }
    record(app, tx, actor, task, Fact::TaskReopened { task }).await.map(drop)
}

/// The task was a mistake.
pub async fn remove(app: &App, actor: &Actor, task: i64) -> Result<Task> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let row = locked(&mut tx, task).await?;
    let step = Step::RemoveTask { task: Box::new(store::kept_task(&mut tx, task).await?) };
    remove_in(app, &mut tx, actor, task).await?;
    steps::offer(app, &mut tx, actor, row.case, "task-removed", step).await?;
    tx.commit().await?;
    Ok(row)
}

async fn remove_in(app: &App, tx: &mut Tx, actor: &Actor, task: i64) -> Result<()> {
    record(app, tx, actor, task, Fact::TaskRemoved { task }).await?;
    store::delete_task(tx, task).await
}

async fn record(app: &App, tx: &mut Tx, actor: &Actor, task: i64, fact: Fact) -> Result<Task> {
    let row = store::task(tx, task).await?;
    let customer = sight::seen(tx, actor, row.case).await?.customer;
    journal::record(app, tx, actor, About::case(row.case).of(customer), fact)?;
    Ok(row)
}

/// Records what a task says anew, and what it said.
async fn record_change(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    task: i64,
    (was, is): (&NewTask, &NewTask),
) -> Result<Task> {
    let case = store::task(tx, task).await?.case;
    let wording = if was.title == is.title {
        None
    } else {
        Some(store::insert_wording(tx, case, Some(&was.title), Some(&is.title)).await?)
    };
    let (person, due) = (Turn::of(was.person, is.person), Turn::of(was.due, is.due));
    record(app, tx, actor, task, Fact::TaskChanged { task, wording, person, due }).await
}

/// Ends all open tasks of a case, within a transaction of the caller.
pub(super) async fn end_all(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<()> {
    for task in store::tasks(tx, case, MOST).await?.into_iter().filter(|task| task.done_at.is_none()) {
        store::set_task_done(tx, task.id, Some((app.now(), actor.person_id()))).await?;
        let row = record(app, tx, actor, task.id, Fact::TaskDone { task: task.id }).await?;
        let step = Step::EndTask { task: task.id, at: row.done_at };
        steps::offer(app, tx, actor, case, "task-ended", step).await?;
    }
    Ok(())
}

/// Who has to do a task; `None` also if it is gone.
pub async fn person_of(tx: &mut Tx, task: i64) -> Result<Option<PersonId>> {
    store::task_person(tx, task).await
}

/// A task whose day has come.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct DueTask {
    pub id: i64,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "person_id")]
    pub person: Option<PersonId>,
    pub due_at: Timestamp,
}

/// Open tasks that came due after `from` and not after `until`, the oldest first.
pub async fn came_due(tx: &mut Tx, from: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<DueTask>> {
    store::tasks_due(tx, from, until, limit).await
}

pub async fn task(tx: &mut Tx, task: i64) -> Result<Task> {
    store::task(tx, task).await
}

/// The tasks of a case, in their order.
pub async fn tasks(tx: &mut Tx, case: CaseId) -> Result<Vec<Task>> {
    store::tasks(tx, case, MOST).await
}

/// What the actor has to do in cases that they may know of, the most urgent first.
pub async fn tasks_of(
    tx: &mut Tx,
    actor: &Actor,
    cursor: Option<TaskCursor>,
    limit: i64,
) -> Result<Vec<Task>> {
    store::tasks_of(tx, actor, cursor, limit).await
}

/// What waits for somebody beside their cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// What others hand to them, their queues or departments.
    pub handoffs: i64,
    pub tasks: i64,
}

/// How much waits for the actor, each counted up to `limit`.
pub async fn count_waiting(tx: &mut Tx, actor: &Actor, limit: i64) -> Result<Waiting> {
    store::count_waiting(tx, actor, limit).await
}

/// Makes the tasks of a checklist on a case; how many.
///
/// # Errors
///
/// [`Error::Invalid`] for one that is not for this case.
pub async fn apply(app: &App, actor: &Actor, case: CaseId, checklist: i64) -> Result<usize> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let row = sight::seen(&mut tx, actor, case).await?;
    let list = store::checklist(&mut tx, checklist).await?;
    if !list.active || list.queue.is_some_and(|queue| queue != row.queue) {
        return Err(Error::invalid("checklist", "checklist-not-here"));
    }
    let tasks = apply_in(app, &mut tx, actor, case, checklist).await?;
    let count = tasks.len();
    offer_without(app, &mut tx, actor, case, ("checklist-applied", tasks)).await?;
    tx.commit().await?;
    Ok(count)
}

/// As [`apply`], within a transaction of the caller, who knows that the checklist fits; the new tasks.
pub async fn apply_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    checklist: i64,
) -> Result<Vec<i64>> {
    let list = store::checklist(tx, checklist).await?;
    let mut tasks = Vec::with_capacity(list.items.len());
    for item in &list.items {
        let due = item.days.map(|days| app.now() + Timestamp::days(days));
        let new = NewTask { title: item.title.clone(), person: None, due };
        tasks.push(add_in(app, tx, actor, case, &new).await?);
    }
    Ok(tasks)
}

/// All checklists, those in use first.
pub async fn checklists(tx: &mut Tx) -> Result<Vec<Checklist>> {
    store::checklists(tx).await
}

/// Those that can be picked on cases of a queue.
pub async fn checklists_for(tx: &mut Tx, queue: QueueId) -> Result<Vec<Checklist>> {
    let mut lists = store::checklists(tx).await?;
    lists.retain(|list| list.active && list.queue.is_none_or(|only| only == queue));
    Ok(lists)
}

/// Adds a checklist, or writes one anew; tasks that it made stay as they are.
///
/// # Errors
///
/// [`Error::Invalid`] without a name or without tasks.
pub async fn save_checklist(app: &App, actor: &Actor, list: &Checklist) -> Result<i64> {
    actor.may(Right::ManageSettings)?;
    Error::unless_text("name", &list.name, LONGEST)?;
    if list.items.is_empty() || MOST_ITEMS < list.items.len() {
        return Err(Error::invalid("items", "checklist-items-count"));
    }
    for item in &list.items {
        Error::unless_text("items", &item.title, LONGEST)?;
        if item.days.is_some_and(|days| !(0..=3650).contains(&days)) {
            return Err(Error::invalid("items", "checklist-items-days"));
        }
    }
    let mut tx = app.db.write().await?;
    if let Some(queue) = list.queue {
        people::queue(&mut tx, queue).await?;
    }
    dialect::lock(&mut tx, "checklist", list.id).await?;
    let id = store::save_checklist(&mut tx, list).await?;
    let fact = Fact::SettingChanged { name: "checklists".into(), of: Some(id) };
    journal::record(app, &mut tx, actor, About::house(), fact)?;
    tx.commit().await?;
    Ok(id)
}

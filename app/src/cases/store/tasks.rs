//! SQL of tasks and checklists.

use serde::{Deserialize, Serialize};

use super::filter::in_sight;
use super::handoffs::push_count_handed;
use super::of_case::TASKS;
use super::standing::FAR;
use crate::cases::tasks::{Checklist, DueTask, Item, NewTask, Task, TaskCursor, Waiting};
use crate::platform::{Actor, CaseId, Error, Kept, PersonId, QueueId, Result, Sql, Timestamp, Tx, sql};

const TASK: &str =
    "SELECT t.id, t.case_id, c.number, c.subject, t.title, t.person_id, people.name AS person_name, t.due_at,
    t.done_at, doer.name AS done_by, t.sort_at
    FROM case_tasks t JOIN cases c ON c.id = t.case_id
    LEFT JOIN people ON people.id = t.person_id
    LEFT JOIN people doer ON doer.id = t.done_by ";

pub async fn insert_task(tx: &mut Tx, case: CaseId, new: &NewTask, at: Timestamp) -> Result<i64> {
    sql("INSERT INTO case_tasks (case_id, title, person_id, due_at, at, sort_at) VALUES ($1, $2, $3, $4, $5, $6)
         RETURNING id")
    .bind(case)
    .bind(new.title.trim())
    .bind(new.person)
    .bind(new.due)
    .bind(at)
    .bind(new.due.unwrap_or(FAR))
    .value(tx)
    .await
}

pub async fn update_task(tx: &mut Tx, task: i64, new: &NewTask) -> Result<()> {
    let changed =
        sql("UPDATE case_tasks SET title = $2, person_id = $3, due_at = $4, sort_at = $5 WHERE id = $1")
            .bind(task)
            .bind(new.title.trim())
            .bind(new.person)
            .bind(new.due)
            .bind(new.due.unwrap_or(FAR))
            .run(tx)
            .await?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// False if it was that already.
pub async fn set_task_done(
    tx: &mut Tx,
    task: i64,
    done: Option<(Timestamp, Option<PersonId>)>,
) -> Result<bool> {
    let changed = match done {
        Some((at, by)) => {
            sql("UPDATE case_tasks SET done_at = $2, done_by = $3 WHERE id = $1 AND done_at IS NULL")
                .bind(task)
                .bind(at)
                .bind(by)
                .run(tx)
                .await?
        }
        None => {
            sql("UPDATE case_tasks SET done_at = NULL, done_by = NULL WHERE id = $1 AND done_at IS NOT NULL")
                .bind(task)
                .run(tx)
                .await?
        }
    };
    Ok(changed == 1)
}

pub async fn delete_task(tx: &mut Tx, task: i64) -> Result<()> {
    sql("DELETE FROM case_tasks WHERE id = $1").bind(task).run(tx).await?;
    Ok(())
}

/// A task with all that is needed to bring it back.
#[derive(Debug, Clone, Serialize, Deserialize, sqlx::FromRow)]
pub struct KeptTask {
    pub id: i64,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    pub title: String,
    #[sqlx(rename = "person_id")]
    pub person: Option<PersonId>,
    #[sqlx(rename = "due_at")]
    pub due: Option<Timestamp>,
    pub done_at: Option<Timestamp>,
    pub done_by: Option<PersonId>,
    pub at: Timestamp,
    pub moved_from: Option<CaseId>,
}

pub async fn kept_task(tx: &mut Tx, task: i64) -> Result<KeptTask> {
    sql("SELECT id, case_id, title, person_id, due_at, done_at, done_by, at, moved_from FROM case_tasks WHERE id = $1")
        .bind(task)
        .one(tx)
        .await
}

/// False if there is one with its id.
pub async fn restore_task(tx: &mut Tx, kept: &KeptTask) -> Result<bool> {
    let added = sql(
        "INSERT INTO case_tasks (id, case_id, title, person_id, due_at, done_at, done_by, at, sort_at, moved_from)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING",
    )
    .bind(kept.id)
    .bind(kept.case)
    .bind(&kept.title)
    .bind(kept.person)
    .bind(kept.due)
    .bind(kept.done_at)
    .bind(kept.done_by)
    .bind(kept.at)
    .bind(kept.due.unwrap_or(FAR))
    .bind(kept.moved_from)
    .run(tx)
    .await?;
    Ok(added == 1)
}

pub async fn task_person(tx: &mut Tx, task: i64) -> Result<Option<PersonId>> {
    let found: Option<Option<PersonId>> =
        sql("SELECT person_id FROM case_tasks WHERE id = $1").bind(task).maybe_value(tx).await?;
    Ok(found.flatten())
}

pub async fn tasks_due(tx: &mut Tx, from: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<DueTask>> {
    sql("SELECT id, case_id, person_id, due_at FROM case_tasks
         WHERE done_at IS NULL AND due_at IS NOT NULL AND $1 < due_at AND due_at <= $2
         ORDER BY due_at, id LIMIT $3")
    .bind(from)
    .bind(until)
    .bind(limit)
    .all(tx)
    .await
}

pub async fn task(tx: &mut Tx, task: i64) -> Result<Task> {
    sql(TASK).push("WHERE t.id = ").push_bind(task).one(tx).await
}

pub async fn tasks(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<Task>> {
    if tx.has_none(&TASKS, case.0) {
        return Ok(Vec::new());
    }
    sql(TASK)
        .push("WHERE t.case_id = ")
        .push_bind(case)
        .push(" ORDER BY t.id LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}

pub async fn tasks_of(
    tx: &mut Tx,
    actor: &Actor,
    cursor: Option<TaskCursor>,
    limit: i64,
) -> Result<Vec<Task>> {
    let mut statement = sql(TASK)
        .push("WHERE t.done_at IS NULL AND c.bin IS NULL AND t.person_id = ")
        .push_bind(actor.person_id().unwrap_or(PersonId(0)));
    statement = in_sight(statement, actor);
    if let Some((sort, id)) = cursor {
        statement =
            statement.push(" AND (t.sort_at, t.id) > (").push_bind(sort).push(", ").push_bind(id).push(")");
    }
    statement.push(" ORDER BY t.sort_at, t.id LIMIT ").push_bind(limit).all(tx).await
}

/// See [`crate::cases::tasks::count_waiting`].
pub async fn count_waiting(tx: &mut Tx, actor: &Actor, limit: i64) -> Result<Waiting> {
    let statement = push_count_handed(sql("SELECT "), actor, limit).push(", ");
    // Every look at a list asks for this first: what is kept needs its version then.
    let (handoffs, tasks, version) = push_count_tasks(statement, actor, limit)
        .push(", (SELECT version FROM kept_version WHERE id = 1)")
        .one(tx)
        .await?;
    tx.saw_version(version);
    Ok(Waiting { handoffs, tasks })
}

fn push_count_tasks(statement: Sql, actor: &Actor, limit: i64) -> Sql {
    let statement = statement
        .push(
            "(SELECT COUNT(*) FROM (SELECT t.id FROM case_tasks t JOIN cases c ON c.id = t.case_id
            WHERE t.done_at IS NULL AND c.bin IS NULL AND t.person_id = ",
        )
        .push_bind(actor.person_id().unwrap_or(PersonId(0)));
    in_sight(statement, actor).push(" LIMIT ").push_bind(limit).push(") AS open)")
}

#[derive(sqlx::FromRow)]
struct ListRow {
    id: i64,
    name: String,
    queue_id: Option<QueueId>,
    active: bool,
}

impl ListRow {
    fn with(self, items: Vec<Item>) -> Checklist {
        Checklist { id: self.id, name: self.name, queue: self.queue_id, active: self.active, items }
    }
}

static CHECKLISTS: Kept<Vec<Checklist>> = Kept::new("checklists", |tx| Box::pin(load_checklists(tx)));

pub async fn checklists(tx: &mut Tx) -> Result<Vec<Checklist>> {
    Ok(CHECKLISTS.get(tx).await?.to_vec())
}

async fn load_checklists(tx: &mut Tx) -> Result<Vec<Checklist>> {
    let rows: Vec<ListRow> =
        sql("SELECT id, name, queue_id, active FROM checklists ORDER BY active DESC, name, id")
            .all(tx)
            .await?;
    let items: Vec<(i64, String, Option<i64>)> =
        sql("SELECT checklist_id, title, days FROM checklist_items ORDER BY checklist_id, position")
            .all(tx)
            .await?;
    let of = |list: i64| {
        let own = items.iter().filter(|(of, ..)| *of == list);
        own.map(|(_, title, days)| Item { title: title.clone(), days: *days }).collect()
    };
    Ok(rows.into_iter().map(|row| (of(row.id), row)).map(|(items, row)| row.with(items)).collect())
}

pub async fn checklist(tx: &mut Tx, checklist: i64) -> Result<Checklist> {
    let row: ListRow = sql("SELECT id, name, queue_id, active FROM checklists WHERE id = $1")
        .bind(checklist)
        .one(tx)
        .await?;
    let items: Vec<(String, Option<i64>)> =
        sql("SELECT title, days FROM checklist_items WHERE checklist_id = $1 ORDER BY position")
            .bind(checklist)
            .all(tx)
            .await?;
    Ok(row.with(items.into_iter().map(|(title, days)| Item { title, days }).collect()))
}

/// Writes it anew; one with the id 0 is added.
pub async fn save_checklist(tx: &mut Tx, list: &Checklist) -> Result<i64> {
    let id: Option<i64> = if list.id == 0 {
        sql("INSERT INTO checklists (name, queue_id, active) VALUES ($1, $2, $3) RETURNING id")
            .bind(list.name.trim())
            .bind(list.queue)
            .bind(list.active)
            .maybe_value(tx)
            .await?
    } else {
        sql("UPDATE checklists SET name = $2, queue_id = $3, active = $4 WHERE id = $1 RETURNING id")
            .bind(list.id)
            .bind(list.name.trim())
            .bind(list.queue)
            .bind(list.active)
            .maybe_value(tx)
            .await?
    };
    let id = id.ok_or(Error::NotFound)?;
    sql("DELETE FROM checklist_items WHERE checklist_id = $1").bind(id).run(tx).await?;
    for (position, item) in (0_i64..).zip(&list.items) {
        sql("INSERT INTO checklist_items (checklist_id, position, title, days) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(position)
            .bind(item.title.trim())
            .bind(item.days)
            .run(tx)
            .await?;
    }
    Ok(id)
}

//! Teams, departments and queues.

use crate::people::model::{Department, Queue, Team, fold_email};
use crate::platform::{DepartmentId, Error, Kept, QueueId, Result, TeamId, Tone, Tx, sql};

pub async fn insert_team(tx: &mut Tx, name: &str) -> Result<TeamId> {
    sql("INSERT INTO teams (name) VALUES ($1) RETURNING id").bind(name).value(tx).await
}

pub async fn insert_department(tx: &mut Tx, name: &str) -> Result<DepartmentId> {
    sql("INSERT INTO departments (name) VALUES ($1) RETURNING id").bind(name).value(tx).await
}

pub async fn insert_queue(
    tx: &mut Tx,
    name: &str,
    team: Option<TeamId>,
    address: Option<&str>,
    answer_minutes: i64,
) -> Result<QueueId> {
    sql("INSERT INTO queues (name, team_id, address, address_folded, answer_minutes)
         VALUES ($1, $2, $3, $4, $5) RETURNING id")
    .bind(name)
    .bind(team)
    .bind(address)
    .bind(address.map(fold_email))
    .bind(answer_minutes)
    .value(tx)
    .await
}

pub async fn rename_team(tx: &mut Tx, team: TeamId, name: &str) -> Result<TeamId> {
    sql("UPDATE teams SET name = $2 WHERE id = $1 RETURNING id").bind(team).bind(name).value(tx).await
}

pub async fn rename_department(tx: &mut Tx, department: DepartmentId, name: &str) -> Result<DepartmentId> {
    sql("UPDATE departments SET name = $2 WHERE id = $1 RETURNING id")
        .bind(department)
        .bind(name)
        .value(tx)
        .await
}

pub async fn update_queue(
    tx: &mut Tx,
    queue: QueueId,
    name: &str,
    team: Option<TeamId>,
    address: Option<&str>,
    answer_minutes: i64,
) -> Result<QueueId> {
    sql("UPDATE queues SET name = $2, team_id = $3, address = $4, address_folded = $5, answer_minutes = $6
         WHERE id = $1 RETURNING id")
    .bind(queue)
    .bind(name)
    .bind(team)
    .bind(address)
    .bind(address.map(fold_email))
    .bind(answer_minutes)
    .value(tx)
    .await
}

pub async fn set_reopening(tx: &mut Tx, queue: QueueId, days: Option<i64>) -> Result<()> {
    sql("UPDATE queues SET reopen_days = $2 WHERE id = $1").bind(queue).bind(days).run(tx).await?;
    Ok(())
}

pub async fn set_restricted(tx: &mut Tx, queue: QueueId, restricted: bool) -> Result<()> {
    sql("UPDATE queues SET restricted = $2 WHERE id = $1").bind(queue).bind(restricted).run(tx).await?;
    Ok(())
}

pub async fn set_tone(tx: &mut Tx, queue: QueueId, tone: Tone) -> Result<()> {
    sql("UPDATE queues SET tone = $2 WHERE id = $1").bind(queue).bind(tone).run(tx).await?;
    Ok(())
}

static TEAMS: Kept<Vec<Team>> = Kept::new("teams", |tx| Box::pin(load_teams(tx)));

pub async fn teams(tx: &mut Tx) -> Result<Vec<Team>> {
    Ok(TEAMS.get(tx).await?.to_vec())
}

async fn load_teams(tx: &mut Tx) -> Result<Vec<Team>> {
    sql("SELECT id, name FROM teams ORDER BY name").all(tx).await
}

static DEPARTMENTS: Kept<Vec<Department>> = Kept::new("departments", |tx| Box::pin(load_departments(tx)));

pub async fn departments(tx: &mut Tx) -> Result<Vec<Department>> {
    Ok(DEPARTMENTS.get(tx).await?.to_vec())
}

async fn load_departments(tx: &mut Tx) -> Result<Vec<Department>> {
    sql("SELECT id, name FROM departments ORDER BY id").all(tx).await
}

pub(super) static QUEUES: Kept<Vec<Queue>> = Kept::new("queues", |tx| Box::pin(load_queues(tx)));

pub async fn queue(tx: &mut Tx, queue: QueueId) -> Result<Queue> {
    QUEUES.get(tx).await?.iter().find(|one| one.id == queue).cloned().ok_or(Error::NotFound)
}

pub async fn queues(tx: &mut Tx) -> Result<Vec<Queue>> {
    Ok(QUEUES.get(tx).await?.to_vec())
}

async fn load_queues(tx: &mut Tx) -> Result<Vec<Queue>> {
    sql("SELECT id, name, team_id, address, answer_minutes, reopen_days, restricted, tone FROM queues ORDER BY id")
        .all(tx)
        .await
}

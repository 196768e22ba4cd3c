//! SQL of the tables `assignment_*`; that of what people can do and when they are away is in [`people`].

mod people;

pub use people::{
    absence, absences, absences_of, begin, delete_absence, due_absences, ended_absences, insert_absence,
    note_runs, profile, profiles, save_profile,
};

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::model::{Absent, Cause, Explanation, KeeperAway, Mode, Refusal, Rule, Skill, Step, Waiting};
use crate::platform::{CaseId, CaseKindId, Column, PersonId, QueueId, Result, Timestamp, Tx, key_lists, sql};

#[derive(sqlx::FromRow)]
struct RuleRow {
    queue_id: QueueId,
    mode: Mode,
    keeper: bool,
    keeper_away: KeeperAway,
    wait_hours: i64,
    speaks: bool,
    absent: Absent,
}

/// What is set up, by queue.
pub async fn rules(tx: &mut Tx) -> Result<Vec<Rule>> {
    let rows: Vec<RuleRow> =
        sql("SELECT queue_id, mode, keeper, keeper_away, wait_hours, speaks, absent FROM assignment_rules
             ORDER BY queue_id")
        .all(tx)
        .await?;
    let mut skills: HashMap<QueueId, BTreeSet<i64>> = HashMap::new();
    for (queue, skill) in sql(QUEUE_SKILLS).all(tx).await? {
        skills.entry(queue).or_default().insert(skill);
    }
    let rule = |row: RuleRow| Rule {
        skills: skills.remove(&row.queue_id).unwrap_or_default(),
        queue: row.queue_id,
        mode: row.mode,
        keeper: row.keeper,
        keeper_away: row.keeper_away,
        wait_hours: row.wait_hours,
        speaks: row.speaks,
        absent: row.absent,
    };
    Ok(rows.into_iter().map(rule).collect())
}

pub async fn mode(tx: &mut Tx, queue: QueueId) -> Result<Mode> {
    let mode =
        sql("SELECT mode FROM assignment_rules WHERE queue_id = $1").bind(queue).maybe_value(tx).await?;
    Ok(mode.unwrap_or(Mode::Hand))
}

pub async fn save_rule(tx: &mut Tx, rule: &Rule) -> Result<()> {
    sql("INSERT INTO assignment_rules (queue_id, mode, keeper, keeper_away, wait_hours, speaks, absent, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
         ON CONFLICT (queue_id) DO UPDATE SET mode = excluded.mode, keeper = excluded.keeper,
             keeper_away = excluded.keeper_away, wait_hours = excluded.wait_hours, speaks = excluded.speaks,
             absent = excluded.absent")
    .bind(rule.queue)
    .bind(rule.mode)
    .bind(rule.keeper)
    .bind(rule.keeper_away)
    .bind(rule.wait_hours)
    .bind(rule.speaks)
    .bind(rule.absent)
    .run(tx)
    .await?;
    sql("DELETE FROM assignment_queue_skills WHERE queue_id = $1
         AND skill_id IN (SELECT id FROM assignment_skills WHERE removed_at IS NULL)")
    .bind(rule.queue)
    .run(tx)
    .await?;
    for skill in &rule.skills {
        sql("INSERT INTO assignment_queue_skills (queue_id, skill_id) VALUES ($1, $2)")
            .bind(rule.queue)
            .bind(*skill)
            .run(tx)
            .await?;
    }
    Ok(())
}

/// Notes that a hand-out of a queue is asked for; false if one was since `void`.
pub async fn ask(tx: &mut Tx, queue: QueueId, now: Timestamp, void: Timestamp) -> Result<bool> {
    let asked = sql(
        "UPDATE assignment_rules SET asked_at = $2 WHERE queue_id = $1 AND asked_at <= $3 AND mode <> 'hand'",
    )
    .bind(queue)
    .bind(now)
    .bind(void)
    .run(tx)
    .await?;
    Ok(asked != 0)
}

pub async fn unask(tx: &mut Tx, queue: QueueId) -> Result<()> {
    sql("UPDATE assignment_rules SET asked_at = 0 WHERE queue_id = $1").bind(queue).run(tx).await?;
    Ok(())
}

pub async fn capacity(tx: &mut Tx) -> Result<i64> {
    sql("SELECT capacity FROM assignment_house WHERE id = 1").value(tx).await
}

pub async fn set_capacity(tx: &mut Tx, capacity: i64) -> Result<()> {
    sql("UPDATE assignment_house SET capacity = $1 WHERE id = 1").bind(capacity).run(tx).await?;
    Ok(())
}

pub async fn skills(tx: &mut Tx) -> Result<Vec<Skill>> {
    sql("SELECT id, name FROM assignment_skills WHERE removed_at IS NULL ORDER BY name, id").all(tx).await
}

/// A name that was taken away before is that skill again, with who has it and what needs it.
pub async fn insert_skill(tx: &mut Tx, name: &str) -> Result<i64> {
    sql("INSERT INTO assignment_skills (name) VALUES ($1)
         ON CONFLICT (name) DO UPDATE SET removed_at = NULL RETURNING id")
    .bind(name)
    .value(tx)
    .await
}

pub async fn rename_skill(tx: &mut Tx, skill: i64, name: &str) -> Result<u64> {
    // One that was taken away keeps nobody from using its name.
    sql("UPDATE assignment_skills SET name = name || ' ' || CAST(id AS TEXT)
         WHERE name = $1 AND id <> $2 AND removed_at IS NOT NULL")
    .bind(name)
    .bind(skill)
    .run(tx)
    .await?;
    sql("UPDATE assignment_skills SET name = $2 WHERE id = $1 AND removed_at IS NULL")
        .bind(skill)
        .bind(name)
        .run(tx)
        .await
}

/// Nobody has it or needs it any more; `None`: as before.
pub async fn set_skill_removed(tx: &mut Tx, skill: i64, at: Option<Timestamp>) -> Result<u64> {
    sql("UPDATE assignment_skills SET removed_at = $2 WHERE id = $1").bind(skill).bind(at).run(tx).await
}

/// Skills that were taken away are nobody's and needed by nothing.
const QUEUE_SKILLS: &str = "SELECT n.queue_id, n.skill_id FROM assignment_queue_skills n
    JOIN assignment_skills s ON s.id = n.skill_id WHERE s.removed_at IS NULL";
const KIND_SKILLS: &str = "SELECT n.kind_id, n.skill_id FROM assignment_kind_skills n
    JOIN assignment_skills s ON s.id = n.skill_id WHERE s.removed_at IS NULL";

/// What cases of each kind need.
pub async fn kind_skills(tx: &mut Tx) -> Result<BTreeMap<CaseKindId, BTreeSet<i64>>> {
    let mut skills: BTreeMap<CaseKindId, BTreeSet<i64>> = BTreeMap::new();
    for (kind, skill) in sql(KIND_SKILLS).all(tx).await? {
        skills.entry(kind).or_default().insert(skill);
    }
    Ok(skills)
}

pub async fn set_kind_skills(tx: &mut Tx, kind: CaseKindId, skills: &BTreeSet<i64>) -> Result<()> {
    sql("DELETE FROM assignment_kind_skills WHERE kind_id = $1
         AND skill_id IN (SELECT id FROM assignment_skills WHERE removed_at IS NULL)")
    .bind(kind)
    .run(tx)
    .await?;
    for skill in skills {
        sql("INSERT INTO assignment_kind_skills (kind_id, skill_id) VALUES ($1, $2)")
            .bind(kind)
            .bind(*skill)
            .run(tx)
            .await?;
    }
    Ok(())
}

/// When each person was given something of a queue last.
pub async fn turns(tx: &mut Tx, queue: QueueId) -> Result<HashMap<PersonId, i64>> {
    let turns: Vec<(PersonId, i64)> =
        sql("SELECT person_id, turn FROM assignment_turns WHERE queue_id = $1").bind(queue).all(tx).await?;
    Ok(turns.into_iter().collect())
}

pub async fn take_turn(tx: &mut Tx, queue: QueueId, person: PersonId, turn: i64) -> Result<()> {
    sql("INSERT INTO assignment_turns (queue_id, person_id, turn) VALUES ($1, $2, $3)
         ON CONFLICT (queue_id, person_id) DO UPDATE SET turn = excluded.turn")
    .bind(queue)
    .bind(person)
    .bind(turn)
    .run(tx)
    .await?;
    Ok(())
}

/// Somebody is looked for, from now on.
pub async fn wait(tx: &mut Tx, case: CaseId, queue: QueueId, why: Cause, now: Timestamp) -> Result<()> {
    sql("INSERT INTO assignment_waiting (case_id, queue_id, cause, since, lacking) VALUES ($1, $2, $3, $4, FALSE)
         ON CONFLICT (case_id) DO UPDATE SET queue_id = excluded.queue_id, cause = excluded.cause,
             since = excluded.since, keeper_until = NULL, why = NULL, lacking = FALSE")
    .bind(case)
    .bind(queue)
    .bind(why)
    .bind(now)
    .run(tx)
    .await?;
    Ok(())
}

/// Nobody is looked for any more.
pub async fn forget(tx: &mut Tx, case: CaseId) -> Result<()> {
    sql("DELETE FROM assignment_waiting WHERE case_id = $1").bind(case).run(tx).await?;
    Ok(())
}

pub async fn forget_queue(tx: &mut Tx, queue: QueueId) -> Result<()> {
    sql("DELETE FROM assignment_waiting WHERE queue_id = $1").bind(queue).run(tx).await?;
    Ok(())
}

const STEPS: [Column; 1] = [("assignment_steps", "case_id")];
const WAITS: [Column; 1] = [("assignment_waiting", "case_id")];
/// Where something of a case may stand, see [`Tx::look`].
pub const OF_CASE: [Column; 2] = [STEPS[0], WAITS[0]];

const WAITING: &str = "SELECT case_id, queue_id, cause, since, keeper_until, why FROM assignment_waiting ";

pub async fn waiting(tx: &mut Tx, case: CaseId) -> Result<Option<Waiting>> {
    if tx.has_none(&WAITS, case.0) {
        return Ok(None);
    }
    sql(WAITING).push("WHERE case_id = ").push_bind(case).maybe(tx).await
}

/// Those of these cases that somebody is looked for.
pub async fn waiting_of(tx: &mut Tx, cases: &[CaseId]) -> Result<HashMap<CaseId, Waiting>> {
    let mut all: Vec<Waiting> = Vec::new();
    for portion in key_lists(cases) {
        let found = sql(WAITING).push("WHERE case_id IN ").push_list(portion.iter().copied());
        all.extend::<Vec<Waiting>>(found.all(tx).await?);
    }
    Ok(all.into_iter().map(|one| (one.case, one)).collect())
}

/// Those of a queue that wait longest.
pub async fn waiting_in(tx: &mut Tx, queue: QueueId, limit: i64) -> Result<Vec<CaseId>> {
    sql("SELECT case_id FROM assignment_waiting WHERE queue_id = $1 ORDER BY since LIMIT $2")
        .bind(queue)
        .bind(limit)
        .values(tx)
        .await
}

/// Queues in which somebody is looked for.
pub async fn looking(tx: &mut Tx) -> Result<Vec<QueueId>> {
    sql("SELECT r.queue_id FROM assignment_rules r WHERE r.mode <> 'hand'
         AND EXISTS (SELECT 1 FROM assignment_waiting w WHERE w.queue_id = r.queue_id) ORDER BY r.queue_id")
    .values(tx)
    .await
}

/// Queues in which a keeper was waited for long enough.
pub async fn waited(tx: &mut Tx, now: Timestamp) -> Result<Vec<QueueId>> {
    sql("SELECT DISTINCT queue_id FROM assignment_waiting WHERE keeper_until > 0 AND keeper_until <= $1")
        .bind(now)
        .values(tx)
        .await
}

/// How many cases of each queue nobody at work can do.
pub async fn lacking(tx: &mut Tx) -> Result<Vec<(QueueId, i64)>> {
    sql("SELECT queue_id, COUNT(*) FROM assignment_waiting WHERE lacking GROUP BY queue_id ORDER BY queue_id")
        .all(tx)
        .await
}

/// Keeps why nobody has a case yet.
pub async fn explain_waiting(
    tx: &mut Tx,
    case: CaseId,
    keeper_until: Option<Timestamp>,
    why: &str,
    lacking: bool,
) -> Result<()> {
    sql("UPDATE assignment_waiting SET keeper_until = $2, why = $3, lacking = $4 WHERE case_id = $1")
        .bind(case)
        .bind(keeper_until)
        .bind(why)
        .bind(lacking)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn insert_step(
    tx: &mut Tx,
    case: CaseId,
    queue: QueueId,
    person: Option<PersonId>,
    at: Timestamp,
    why: &str,
) -> Result<()> {
    sql("INSERT INTO assignment_steps (case_id, queue_id, person_id, at, why) VALUES ($1, $2, $3, $4, $5)")
        .bind(case)
        .bind(queue)
        .bind(person)
        .bind(at)
        .bind(why)
        .run(tx)
        .await?;
    Ok(())
}

/// The newest searches for somebody for a case, the newest first.
pub async fn steps(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<Step>> {
    if tx.has_none(&STEPS, case.0) {
        return Ok(Vec::new());
    }
    let rows: Vec<(Timestamp, Option<PersonId>, String)> =
        sql("SELECT at, person_id, why FROM assignment_steps WHERE case_id = $1 ORDER BY id DESC LIMIT $2")
            .bind(case)
            .bind(limit)
            .all(tx)
            .await?;
    let mut steps = Vec::with_capacity(rows.len());
    for (at, person, why) in rows {
        let why: Explanation = serde_json::from_str(&why)?;
        steps.push(Step { at, person, why });
    }
    Ok(steps)
}

/// Is there a step as old as this?
pub async fn has_steps_before(tx: &mut Tx, before: Timestamp) -> Result<bool> {
    let found: Option<i64> =
        sql("SELECT id FROM assignment_steps WHERE at < $1 LIMIT 1").bind(before).maybe_value(tx).await?;
    Ok(found.is_some())
}

pub async fn purge(tx: &mut Tx, before: Timestamp) -> Result<()> {
    sql("DELETE FROM assignment_steps WHERE at < $1").bind(before).run(tx).await?;
    Ok(())
}

pub async fn refuse(
    tx: &mut Tx,
    case: CaseId,
    person: PersonId,
    reason: Refusal,
    at: Timestamp,
) -> Result<()> {
    sql("INSERT INTO assignment_refusals (case_id, person_id, reason, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (case_id, person_id) DO UPDATE SET reason = excluded.reason, at = excluded.at")
    .bind(case)
    .bind(person)
    .bind(reason)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// Who gave these cases back.
pub async fn refusals(tx: &mut Tx, cases: &[CaseId]) -> Result<HashMap<CaseId, BTreeSet<i64>>> {
    let mut refusals: HashMap<CaseId, BTreeSet<i64>> = HashMap::new();
    for portion in key_lists(cases) {
        let found: Vec<(CaseId, PersonId)> =
            sql("SELECT case_id, person_id FROM assignment_refusals WHERE case_id IN ")
                .push_list(portion.iter().copied())
                .all(tx)
                .await?;
        for (case, person) in found {
            refusals.entry(case).or_default().insert(person.0);
        }
    }
    Ok(refusals)
}

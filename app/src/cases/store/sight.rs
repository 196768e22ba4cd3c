//! SQL of who may know of cases.

use super::filter::in_sight;
use crate::platform::{
    Actor, CaseId, ContactId, PersonId, QueueId, Result, Right, Sql, TeamId, Tx, key_lists, sql,
};

/// Is the actor deputy or follower of a case?
pub async fn is_named(tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<bool> {
    let Some(person) = actor.person_id() else { return Ok(false) };
    let found: Option<i64> =
        sql("SELECT person_id FROM case_people WHERE case_id = $1 AND person_id = $2 LIMIT 1")
            .bind(case)
            .bind(person)
            .maybe_value(tx)
            .await?;
    Ok(found.is_some())
}

/// Those of these cases that the actor may know of.
pub async fn seen_of(tx: &mut Tx, actor: &Actor, cases: &[CaseId]) -> Result<Vec<CaseId>> {
    let mut seen = Vec::with_capacity(cases.len());
    for cases in key_lists(cases) {
        let statement = sql("SELECT c.id FROM cases c WHERE c.id IN ").push_list(cases.iter().copied());
        seen.extend::<Vec<CaseId>>(in_sight(statement, actor).values(tx).await?);
    }
    Ok(seen)
}

/// Appends `AND …`: of promises `p` those of no case, and those of cases that the actor may know of.
pub fn promises_in_sight(statement: Sql, actor: &Actor) -> Sql {
    let statement = statement.push(" AND (p.case_id IS NULL");
    if !actor.can(Right::ReadCases) {
        return statement.push(")");
    }
    let statement = statement.push(" OR EXISTS (SELECT 1 FROM cases c WHERE c.id = p.case_id");
    in_sight(statement, actor).push("))")
}

/// Is the actor responsible for, deputy or follower of a case that others in the same teams may not know of?
pub async fn is_named_on_veiled(tx: &mut Tx, actor: &Actor) -> Result<bool> {
    let Some(person) = actor.person_id() else { return Ok(false) };
    let hidden = actor.sight.hidden.iter().copied();
    let veiled = |statement: Sql| {
        let statement = statement.push(" AND (c.private OR c.queue_id IN ").push_list(hidden.clone());
        statement.push("))")
    };
    // Spelled as the index of a person's cases has it.
    let own =
        sql("SELECT EXISTS (SELECT 1 FROM cases c WHERE c.bin IS NULL AND c.owner_id = ").push_bind(person);
    let also = veiled(own)
        .push(" OR EXISTS (SELECT 1 FROM case_people n JOIN cases c ON c.id = n.case_id WHERE n.person_id = ")
        .push_bind(person);
    veiled(also).value(tx).await
}

/// The cases of these contacts.
pub async fn cases_of(tx: &mut Tx, contacts: &[ContactId]) -> Result<Vec<(ContactId, CaseId)>> {
    let mut found = Vec::with_capacity(contacts.len());
    for contacts in key_lists(contacts) {
        let statement = sql("SELECT id, case_id FROM contacts WHERE id IN ");
        found
            .extend::<Vec<(ContactId, CaseId)>>(statement.push_list(contacts.iter().copied()).all(tx).await?);
    }
    Ok(found)
}

/// A case that not everybody may know of.
#[derive(sqlx::FromRow)]
pub struct Veiled {
    #[sqlx(rename = "id")]
    pub case: CaseId,
    #[sqlx(rename = "owner_id")]
    pub owner: Option<PersonId>,
    #[sqlx(rename = "team_id")]
    pub team: Option<TeamId>,
    pub restricted: bool,
    pub private: bool,
}

/// Of these cases, those that are private or in a restricted queue.
pub async fn veiled(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<Veiled>> {
    let mut found = Vec::new();
    for cases in key_lists(cases) {
        let statement = sql("SELECT c.id, c.owner_id, queues.team_id, queues.restricted, c.private
             FROM cases c JOIN queues ON queues.id = c.queue_id
             WHERE (c.private OR queues.restricted) AND c.id IN ");
        found.extend::<Vec<Veiled>>(statement.push_list(cases.iter().copied()).all(tx).await?);
    }
    Ok(found)
}

/// Queue and owner of these cases.
pub async fn places(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<(CaseId, QueueId, Option<PersonId>)>> {
    let mut found = Vec::with_capacity(cases.len());
    for cases in key_lists(cases) {
        let statement = sql("SELECT id, queue_id, owner_id FROM cases WHERE id IN ");
        found.extend::<Vec<(CaseId, QueueId, Option<PersonId>)>>(
            statement.push_list(cases.iter().copied()).all(tx).await?,
        );
    }
    Ok(found)
}

/// Deputies and followers of these cases.
pub async fn people_of(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<(CaseId, PersonId)>> {
    let mut found = Vec::new();
    for cases in key_lists(cases) {
        let statement = sql("SELECT case_id, person_id FROM case_people WHERE case_id IN ");
        found.extend::<Vec<(CaseId, PersonId)>>(statement.push_list(cases.iter().copied()).all(tx).await?);
    }
    Ok(found)
}

/// The case that a request names, and where it was merged into; for the door.
pub async fn named_by(tx: &mut Tx, name: Name<'_>) -> Result<Option<(CaseId, Option<CaseId>)>> {
    let statement = match name {
        Name::Number(number) => sql("SELECT id, moved_to FROM cases WHERE number = $1").bind(number),
        Name::Contact(contact) => {
            sql("SELECT c.id, c.moved_to FROM contacts t JOIN cases c ON c.id = t.case_id WHERE t.id = $1")
                .bind(contact)
        }
        Name::Attachment(file) => sql("SELECT c.id, c.moved_to FROM attachments a
             JOIN contacts t ON t.id = a.contact_id JOIN cases c ON c.id = t.case_id WHERE a.id = $1")
        .bind(file),
    };
    statement.maybe(tx).await
}

/// How a request names a case.
#[derive(Debug, Clone, Copy)]
pub enum Name<'a> {
    Number(&'a str),
    Contact(i64),
    Attachment(i64),
}

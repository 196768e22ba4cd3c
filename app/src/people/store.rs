//! SQL of people; that of how they get in is in [`entry`], of them as those who act in [`actors`], of teams,
//! departments and queues in [`house`].

mod actors;
mod entry;
mod house;

pub use actors::{actor, actor_by_token, program};
pub use entry::{
    anyone_can_log_in, credentials, delete_invitations, delete_session, delete_session_of, delete_sessions,
    insert_invitation, insert_session, insert_token, invited, password, revoke_token, session, sessions,
    set_password, token_is_unseen, tokens, touch_session, touch_token,
};
pub use house::{
    departments, insert_department, insert_queue, insert_team, queue, queues, rename_department, rename_team,
    set_reopening, set_restricted, set_tone, teams, update_queue,
};

use std::collections::HashMap;

use super::model::{NewPerson, Person, fold_email};
use crate::platform::keys::Keyboard;
use crate::platform::{
    Attendance, DepartmentId, Error, Kept, Language, PersonId, Result, Role, TeamId, Timestamp, Tx, sql,
};

#[derive(sqlx::FromRow)]
struct PersonRow {
    id: PersonId,
    name: String,
    email: String,
    password: Option<String>,
    language: Option<Language>,
    /// JSON of `Keyboard`.
    keys: Option<String>,
    goes_on: bool,
    team_id: Option<TeamId>,
    active: bool,
    attendance: Attendance,
}

impl PersonRow {
    fn with(self, roles: Vec<Role>, departments: Vec<DepartmentId>) -> Person {
        Person {
            id: self.id,
            name: self.name,
            email: self.email,
            roles,
            team: self.team_id,
            departments,
            active: self.active,
            joined: self.password.is_some(),
            attendance: self.attendance,
        }
    }
}

const PERSON: &str =
    "SELECT id, name, email, password, language, team_id, active, keys, goes_on, attendance FROM people ";

pub async fn insert_person(tx: &mut Tx, new: &NewPerson, now: Timestamp) -> Result<PersonId> {
    let person = sql("INSERT INTO people (name, email, email_folded, team_id, active, created_at)
                      VALUES ($1, $2, $3, $4, TRUE, $5) RETURNING id")
    .bind(&new.name)
    .bind(&new.email)
    .bind(fold_email(&new.email))
    .bind(new.team)
    .bind(now)
    .value(tx)
    .await?;
    insert_memberships(tx, person, new).await?;
    Ok(person)
}

async fn insert_memberships(tx: &mut Tx, person: PersonId, new: &NewPerson) -> Result<()> {
    for role in &new.roles {
        sql("INSERT INTO people_roles (person_id, role) VALUES ($1, $2)")
            .bind(person)
            .bind(*role)
            .run(tx)
            .await?;
    }
    for department in &new.departments {
        sql("INSERT INTO people_departments (person_id, department_id) VALUES ($1, $2)")
            .bind(person)
            .bind(*department)
            .run(tx)
            .await?;
    }
    Ok(())
}

pub async fn update_person(tx: &mut Tx, person: PersonId, change: &NewPerson, active: bool) -> Result<()> {
    let changed = sql(
        "UPDATE people SET name = $2, email = $3, email_folded = $4, team_id = $5, active = $6 WHERE id = $1",
    )
    .bind(person)
    .bind(&change.name)
    .bind(&change.email)
    .bind(fold_email(&change.email))
    .bind(change.team)
    .bind(active)
    .run(tx)
    .await?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    sql("DELETE FROM people_roles WHERE person_id = $1").bind(person).run(tx).await?;
    sql("DELETE FROM people_departments WHERE person_id = $1").bind(person).run(tx).await?;
    insert_memberships(tx, person, change).await
}

pub async fn rename(tx: &mut Tx, person: PersonId, name: &str, email: &str) -> Result<()> {
    sql("UPDATE people SET name = $2, email = $3, email_folded = $4 WHERE id = $1")
        .bind(person)
        .bind(name)
        .bind(email)
        .bind(fold_email(email))
        .run(tx)
        .await?;
    Ok(())
}

pub async fn set_keyboard(tx: &mut Tx, person: PersonId, keyboard: &Keyboard) -> Result<()> {
    let keys = serde_json::to_string(keyboard)?;
    sql("UPDATE people SET keys = $2 WHERE id = $1").bind(person).bind(keys).run(tx).await?;
    Ok(())
}

pub async fn set_goes_on(tx: &mut Tx, person: PersonId, goes_on: bool) -> Result<()> {
    sql("UPDATE people SET goes_on = $2 WHERE id = $1").bind(person).bind(goes_on).run(tx).await?;
    Ok(())
}

pub async fn set_attendance(tx: &mut Tx, person: PersonId, attendance: Attendance) -> Result<()> {
    sql("UPDATE people SET attendance = $2 WHERE id = $1").bind(person).bind(attendance).run(tx).await?;
    Ok(())
}

pub async fn set_language(tx: &mut Tx, person: PersonId, language: Option<Language>) -> Result<()> {
    sql("UPDATE people SET language = $2 WHERE id = $1").bind(person).bind(language).run(tx).await?;
    Ok(())
}

pub async fn person(tx: &mut Tx, person: PersonId) -> Result<Person> {
    PEOPLE.get(tx).await?.iter().find(|one| one.id == person).cloned().ok_or(Error::NotFound)
}

static PEOPLE: Kept<Vec<Person>> = Kept::new("people", |tx| Box::pin(load_people(tx)));

pub async fn people(tx: &mut Tx) -> Result<Vec<Person>> {
    Ok(PEOPLE.get(tx).await?.to_vec())
}

async fn load_people(tx: &mut Tx) -> Result<Vec<Person>> {
    let rows: Vec<PersonRow> = sql(PERSON).push("ORDER BY name, id").all(tx).await?;
    let mut roles: HashMap<PersonId, Vec<Role>> = HashMap::new();
    for (person, role) in sql("SELECT person_id, role FROM people_roles ORDER BY role").all(tx).await? {
        roles.entry(person).or_default().push(role);
    }
    let mut departments: HashMap<PersonId, Vec<DepartmentId>> = HashMap::new();
    for (person, department) in sql("SELECT person_id, department_id FROM people_departments").all(tx).await?
    {
        departments.entry(person).or_default().push(department);
    }
    let with = |row: PersonRow| {
        let (roles, departments) = (roles.remove(&row.id), departments.remove(&row.id));
        row.with(roles.unwrap_or_default(), departments.unwrap_or_default())
    };
    Ok(rows.into_iter().map(with).collect())
}

pub async fn first_person(tx: &mut Tx) -> Result<Option<PersonId>> {
    sql("SELECT id FROM people ORDER BY id LIMIT 1").maybe_value(tx).await
}

/// The person with this e-mail address who works here.
pub async fn by_email(tx: &mut Tx, folded: &str) -> Result<Option<(PersonId, String)>> {
    sql("SELECT id, name FROM people WHERE email_folded = $1 AND active").bind(folded).maybe(tx).await
}

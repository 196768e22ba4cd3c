//! SQL of people, teams, departments, queues, sessions, invitations and tokens.

use std::collections::HashMap;

use super::model::{Department, NewPerson, Person, Queue, Session, Team, Token, fold_email};
use crate::platform::keys::Keyboard;
use crate::platform::sight::{QueueSight, QueueVeil};
use crate::platform::{
    Actor, Attendance, DepartmentId, Error, Kept, Language, PersonId, QueueId, Result, Role, TeamId,
    Timestamp, TokenId, Tx, Who, sql,
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
    "SELECT id, name, email, password, language, team_id, active, keys, attendance FROM people ";

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

pub async fn set_password(tx: &mut Tx, person: PersonId, hash: &str) -> Result<()> {
    sql("UPDATE people SET password = $2 WHERE id = $1").bind(person).bind(hash).run(tx).await?;
    Ok(())
}

pub async fn set_keyboard(tx: &mut Tx, person: PersonId, keyboard: &Keyboard) -> Result<()> {
    let keys = serde_json::to_string(keyboard)?;
    sql("UPDATE people SET keys = $2 WHERE id = $1").bind(person).bind(keys).run(tx).await?;
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

/// Whose e-mail this is, and their password's hash, if they are active.
pub async fn credentials(tx: &mut Tx, email_folded: &str) -> Result<Option<(PersonId, Option<String>)>> {
    sql("SELECT id, CASE WHEN active THEN password END FROM people WHERE email_folded = $1")
        .bind(email_folded)
        .maybe(tx)
        .await
}

pub async fn password(tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
    sql("SELECT password FROM people WHERE id = $1").bind(person).value(tx).await
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

static ACTORS: Kept<HashMap<PersonId, Actor>> = Kept::new("actors", |tx| Box::pin(load_actors(tx)));

/// The person as one who acts, unless deactivated.
pub async fn actor(tx: &mut Tx, person: PersonId) -> Result<Option<Actor>> {
    Ok(ACTORS.get(tx).await?.get(&person).cloned())
}

async fn load_actors(tx: &mut Tx) -> Result<HashMap<PersonId, Actor>> {
    let veils = queue_veils(tx).await?;
    let rows: Vec<PersonRow> = sql(PERSON).push("WHERE active").all(tx).await?;
    let mut people: HashMap<PersonId, Person> =
        load_people(tx).await?.into_iter().map(|person| (person.id, person)).collect();
    let actor = |row: PersonRow| {
        let person = people.remove(&row.id)?;
        let keyboard = row.keys.as_deref().and_then(|keys| serde_json::from_str(keys).ok());
        let actor = Actor {
            who: Who::Person(row.id),
            name: row.name,
            roles: person.roles,
            teams: row.team_id.into_iter().collect(),
            departments: person.departments,
            queues: Vec::new(),
            sight: QueueSight::default(),
            language: row.language,
            keyboard: keyboard.unwrap_or_default(),
            attendance: row.attendance,
        };
        Some((row.id, with_queues(actor, &veils)))
    };
    Ok(rows.into_iter().filter_map(actor).collect())
}

pub async fn actor_by_token(tx: &mut Tx, hash: &str) -> Result<Option<Actor>> {
    let found: Option<(TokenId, String, Role)> =
        sql("SELECT id, name, role FROM tokens WHERE hash = $1 AND revoked_at IS NULL")
            .bind(hash)
            .maybe(tx)
            .await?;
    let Some((id, name, role)) = found else { return Ok(None) };
    let actor = Actor {
        who: Who::Token(id),
        name,
        roles: vec![role],
        teams: Vec::new(),
        departments: Vec::new(),
        queues: Vec::new(),
        sight: QueueSight::default(),
        language: None,
        keyboard: Keyboard::default(),
        attendance: Attendance::There,
    };
    Ok(Some(with_queues(actor, &queue_veils(tx).await?)))
}

/// What decides who may know of the queues.
async fn queue_veils(tx: &mut Tx) -> Result<Vec<QueueVeil>> {
    let veil = |queue: &Queue| QueueVeil { queue: queue.id, team: queue.team, restricted: queue.restricted };
    Ok(QUEUES.get(tx).await?.iter().map(veil).collect())
}

/// The actor with the queues of their teams, and what they may know of all.
fn with_queues(mut actor: Actor, queues: &[QueueVeil]) -> Actor {
    let own = |queue: &&QueueVeil| queue.team.is_some_and(|team| actor.teams.contains(&team));
    actor.queues = queues.iter().filter(own).map(|queue| queue.queue).collect();
    actor.sight = QueueSight::of(&actor, queues);
    actor
}

/// Remembers that a token is in use, at most once an hour: a busy program must not write at every request.
pub async fn touch_token(tx: &mut Tx, hash: &str, now: Timestamp, unless_since: Timestamp) -> Result<u64> {
    sql("UPDATE tokens SET used_at = $2 WHERE hash = $1 AND (used_at IS NULL OR used_at < $3)")
        .bind(hash)
        .bind(now)
        .bind(unless_since)
        .run(tx)
        .await
}

/// Was it not seen since then?
pub async fn token_is_unseen(tx: &mut Tx, hash: &str, since: Timestamp) -> Result<bool> {
    let found: Option<i64> = sql(
        "SELECT id FROM tokens WHERE hash = $1 AND revoked_at IS NULL AND (used_at IS NULL OR used_at < $2)",
    )
    .bind(hash)
    .bind(since)
    .maybe_value(tx)
    .await?;
    Ok(found.is_some())
}

pub async fn anyone_can_log_in(tx: &mut Tx) -> Result<bool> {
    let found: Option<PersonId> =
        sql("SELECT id FROM people WHERE active AND password IS NOT NULL LIMIT 1").maybe_value(tx).await?;
    Ok(found.is_some())
}

pub async fn first_person(tx: &mut Tx) -> Result<Option<PersonId>> {
    sql("SELECT id FROM people ORDER BY id LIMIT 1").maybe_value(tx).await
}

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

/// The person with this e-mail address who works here.
pub async fn by_email(tx: &mut Tx, folded: &str) -> Result<Option<(PersonId, String)>> {
    sql("SELECT id, name FROM people WHERE email_folded = $1 AND active").bind(folded).maybe(tx).await
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

static QUEUES: Kept<Vec<Queue>> = Kept::new("queues", |tx| Box::pin(load_queues(tx)));

pub async fn queue(tx: &mut Tx, queue: QueueId) -> Result<Queue> {
    QUEUES.get(tx).await?.iter().find(|one| one.id == queue).cloned().ok_or(Error::NotFound)
}

pub async fn queues(tx: &mut Tx) -> Result<Vec<Queue>> {
    Ok(QUEUES.get(tx).await?.to_vec())
}

async fn load_queues(tx: &mut Tx) -> Result<Vec<Queue>> {
    sql("SELECT id, name, team_id, address, answer_minutes, reopen_days, restricted FROM queues ORDER BY id")
        .all(tx)
        .await
}

pub async fn insert_session(
    tx: &mut Tx,
    hash: &str,
    person: PersonId,
    device: &str,
    now: Timestamp,
    expires: Timestamp,
) -> Result<()> {
    sql("INSERT INTO sessions (hash, person_id, device, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)")
        .bind(hash)
        .bind(person)
        .bind(device)
        .bind(now)
        .bind(expires)
        .run(tx)
        .await?;
    sql("DELETE FROM sessions WHERE expires_at < $1").bind(now).run(tx).await?;
    Ok(())
}

/// Whose session it is and when it was last seen, unless it has expired.
pub async fn session(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<Option<(PersonId, Timestamp)>> {
    sql("SELECT person_id, seen_at FROM sessions WHERE hash = $1 AND $2 < expires_at")
        .bind(hash)
        .bind(now)
        .maybe(tx)
        .await
}

pub async fn sessions(tx: &mut Tx, person: PersonId) -> Result<Vec<Session>> {
    sql("SELECT hash AS id, device, created_at, seen_at FROM sessions WHERE person_id = $1 ORDER BY seen_at DESC")
        .bind(person)
        .all(tx)
        .await
}

pub async fn touch_session(tx: &mut Tx, hash: &str, now: Timestamp, expires: Timestamp) -> Result<()> {
    sql("UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE hash = $1")
        .bind(hash)
        .bind(now)
        .bind(expires)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn delete_session(tx: &mut Tx, hash: &str) -> Result<()> {
    sql("DELETE FROM sessions WHERE hash = $1").bind(hash).run(tx).await?;
    Ok(())
}

pub async fn delete_sessions(tx: &mut Tx, person: PersonId) -> Result<()> {
    sql("DELETE FROM sessions WHERE person_id = $1").bind(person).run(tx).await?;
    Ok(())
}

/// Ends the session whose hash starts with `prefix`, if it is one of `person`.
pub async fn delete_session_of(tx: &mut Tx, person: PersonId, prefix: &str) -> Result<u64> {
    sql("DELETE FROM sessions WHERE person_id = $1 AND substr(hash, 1, 16) = $2")
        .bind(person)
        .bind(prefix)
        .run(tx)
        .await
}

pub async fn insert_invitation(tx: &mut Tx, hash: &str, person: PersonId, expires: Timestamp) -> Result<()> {
    sql("INSERT INTO invitations (hash, person_id, expires_at) VALUES ($1, $2, $3)")
        .bind(hash)
        .bind(person)
        .bind(expires)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn invited(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<Option<PersonId>> {
    sql("SELECT person_id FROM invitations WHERE hash = $1 AND $2 < expires_at")
        .bind(hash)
        .bind(now)
        .maybe_value(tx)
        .await
}

pub async fn delete_invitations(tx: &mut Tx, person: PersonId) -> Result<()> {
    sql("DELETE FROM invitations WHERE person_id = $1").bind(person).run(tx).await?;
    Ok(())
}

pub async fn insert_token(
    tx: &mut Tx,
    hash: &str,
    name: &str,
    role: Role,
    now: Timestamp,
) -> Result<TokenId> {
    sql("INSERT INTO tokens (hash, name, role, created_at) VALUES ($1, $2, $3, $4) RETURNING id")
        .bind(hash)
        .bind(name)
        .bind(role)
        .bind(now)
        .value(tx)
        .await
}

pub async fn tokens(tx: &mut Tx) -> Result<Vec<Token>> {
    sql("SELECT id, name, role, created_at, used_at, revoked_at FROM tokens ORDER BY id DESC").all(tx).await
}

pub async fn revoke_token(tx: &mut Tx, token: TokenId, now: Timestamp) -> Result<()> {
    let revoked = sql("UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(token)
        .bind(now)
        .run(tx)
        .await?;
    if revoked == 0 { Err(Error::NotFound) } else { Ok(()) }
}

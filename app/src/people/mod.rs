//! People: who works here, in which team and department, and how they get in.
//!
//! Ground: every slice may ask here. Passwords are argon2id; sessions, invitations and API tokens are opaque
//! and kept as hashes only.

mod model;
mod passwords;
mod rates;
mod session;
mod store;
pub mod web;

pub use model::{
    Department, NewPerson, Person, Queue, QueueSettings, Reopening, Team, Token, device_name, fold_email,
};
pub use session::identify;

use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::keys::Keyboard;
use crate::platform::{
    Actor, App, Attendance, DepartmentId, Error, Language, PersonId, QueueId, Result, Right, Role, TeamId,
    Timestamp, TokenId, Tx, dialect,
};

/// How long an invitation may be used.
const INVITATION: std::time::Duration = Timestamp::days(7);
/// How long a login lasts without a visit.
const SESSION: std::time::Duration = Timestamp::days(30);

/// No account and no password is longer, in bytes; what is, need not be looked at.
const LONGEST_EMAIL: usize = 320;
const LONGEST_PASSWORD: usize = 1000;

/// Working minutes of a year: longer than anybody waits.
const LONGEST_ANSWER: i64 = 250 * 10 * 60;
/// Days of ten years.
const LONGEST_REOPENING: i64 = 3650;

/// The departments that an empty house starts with; they can be renamed.
const DEPARTMENTS: [&str; 7] =
    ["Produkt", "Marketing", "Vertrieb", "Online & IT", "Logistik", "Finanzen", "Service"];

/// Checks a login; the new session's token.
///
/// # Errors
///
/// [`Error::TooMany`] after repeated failures from one address or for one account; [`Error::Invalid`] for a
/// wrong e-mail or password, without saying which.
pub async fn log_in(app: &App, email: &str, password: String, device: &str, from: &str) -> Result<String> {
    if LONGEST_EMAIL < email.len() || LONGEST_PASSWORD < password.len() {
        return Err(Error::invalid("password", "login-wrong"));
    }
    let email = fold_email(email);
    rates::attempt(app.now(), &email, from)?;
    let mut tx = app.db.read().await?;
    let found = store::credentials(&mut tx, &email).await?;
    drop(tx);
    let (person, hash) = found.unwrap_or((PersonId(0), None));
    // An unknown account takes as long as a known one.
    let right = passwords::verify(password, hash).await?;
    if !right {
        return Err(Error::invalid("password", "login-wrong"));
    }
    rates::succeeded(&email, from);
    let mut tx = app.db.write().await?;
    let token = session::open(&mut tx, app.now(), person, device).await?;
    tx.commit().await?;
    Ok(token)
}

/// Ends the session of `token`.
pub async fn log_out(app: &App, token: &str) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::delete_session(&mut tx, &session::hash(token)).await?;
    tx.commit().await
}

/// Adds a person and returns the one-time token with which they set their password.
pub async fn invite(app: &App, actor: &Actor, new: NewPerson) -> Result<(PersonId, String)> {
    actor.may(Right::ManagePeople)?;
    let mut tx = app.db.write().await?;
    let invited = invite_in(app, &mut tx, actor, &new).await?;
    tx.commit().await?;
    Ok(invited)
}

async fn invite_in(app: &App, tx: &mut Tx, actor: &Actor, new: &NewPerson) -> Result<(PersonId, String)> {
    if store::credentials(tx, &fold_email(&new.email)).await?.is_some() {
        return Err(Error::invalid("email", "people-email-taken"));
    }
    let person = store::insert_person(tx, new, app.now()).await?;
    let token = session::secret();
    store::insert_invitation(tx, &session::hash(&token), person, app.now() + INVITATION).await?;
    journal::record(app, tx, actor, About::house(), Fact::PersonInvited { person })?;
    Ok((person, token))
}

/// A fresh one-time link for a person who lost their password; the old one ends.
pub async fn invite_again(app: &App, actor: &Actor, person: PersonId) -> Result<String> {
    actor.may(Right::ManagePeople)?;
    let mut tx = app.db.write().await?;
    store::person(&mut tx, person).await?;
    store::delete_invitations(&mut tx, person).await?;
    let token = session::secret();
    store::insert_invitation(&mut tx, &session::hash(&token), person, app.now() + INVITATION).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::PersonInvited { person })?;
    tx.commit().await?;
    Ok(token)
}

/// Whom an unused invitation belongs to.
pub async fn invited(app: &App, token: &str) -> Result<Person> {
    let mut tx = app.db.read().await?;
    let person = store::invited(&mut tx, &session::hash(token), app.now()).await?.ok_or(Error::NotFound)?;
    store::person(&mut tx, person).await
}

/// Uses an invitation: sets name, e-mail and password, ends all old sessions, and logs in.
pub async fn accept(
    app: &App,
    token: &str,
    name: &str,
    email: &str,
    password: String,
    device: &str,
) -> Result<String> {
    // Asked before the work: hashing is for those who have a link.
    invited(app, token).await?;
    let hash = passwords::hash(password).await?;
    let mut tx = app.db.write().await?;
    let person = store::invited(&mut tx, &session::hash(token), app.now()).await?.ok_or(Error::NotFound)?;
    if store::credentials(&mut tx, &fold_email(email)).await?.is_some_and(|(owner, _)| owner != person) {
        return Err(Error::invalid("email", "people-email-taken"));
    }
    store::rename(&mut tx, person, name, email).await?;
    store::set_password(&mut tx, person, &hash).await?;
    store::delete_invitations(&mut tx, person).await?;
    store::delete_sessions(&mut tx, person).await?;
    let session = session::open(&mut tx, app.now(), person, device).await?;
    let actor = store::actor(&mut tx, person).await?.ok_or(Error::NotFound)?;
    journal::record(app, &mut tx, &actor, About::house(), Fact::PasswordSet { person })?;
    tx.commit().await?;
    Ok(session)
}

/// Changes one's own password; all other sessions end.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    old: String,
    new: String,
    device: &str,
) -> Result<String> {
    let person = actor.person()?;
    let mut tx = app.db.read().await?;
    let known = store::password(&mut tx, person).await?;
    drop(tx);
    if !passwords::verify(old, known).await? {
        return Err(Error::invalid("old", "account-old-wrong"));
    }
    let hash = passwords::hash(new).await?;
    let mut tx = app.db.write().await?;
    store::set_password(&mut tx, person, &hash).await?;
    store::delete_sessions(&mut tx, person).await?;
    let session = session::open(&mut tx, app.now(), person, device).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::PasswordSet { person })?;
    tx.commit().await?;
    Ok(session)
}

/// Creates an API token; it is shown once and kept as a hash.
pub async fn create_token(app: &App, actor: &Actor, name: &str, role: Role) -> Result<String> {
    actor.may(Right::ManagePeople)?;
    let token = format!("kitt_{}", session::secret());
    let mut tx = app.db.write().await?;
    let id = store::insert_token(&mut tx, &session::hash(&token), name, role, app.now()).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::TokenCreated { token: id })?;
    tx.commit().await?;
    Ok(token)
}

/// Ends an API token at once.
pub async fn revoke_token(app: &App, actor: &Actor, token: TokenId) -> Result<()> {
    actor.may(Right::ManagePeople)?;
    let mut tx = app.db.write().await?;
    store::revoke_token(&mut tx, token, app.now()).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::TokenRevoked { token })?;
    tx.commit().await
}

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
        let token = session::secret();
        store::insert_invitation(&mut tx, &session::hash(&token), admin, app.now() + INVITATION).await?;
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
    let (_, token) = invite_in(app, &mut tx, &kitt, &admin).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// The interface language of one's own account.
pub async fn choose_language(app: &App, actor: &Actor, language: Option<Language>) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::set_language(&mut tx, actor.person()?, language).await?;
    tx.commit().await
}

/// The single keys of one's own account.
pub async fn choose_keys(app: &App, actor: &Actor, keyboard: &Keyboard) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::set_keyboard(&mut tx, actor.person()?, keyboard).await?;
    tx.commit().await
}

/// Somebody is there, busy or away; who may say so, the caller knows.
pub async fn set_attendance(tx: &mut Tx, person: PersonId, attendance: Attendance) -> Result<()> {
    store::set_attendance(tx, person, attendance).await
}

/// Changes what a person is: roles, team, departments, may they log in at all.
pub async fn change(
    app: &App,
    actor: &Actor,
    person: PersonId,
    change: NewPerson,
    active: bool,
) -> Result<()> {
    actor.may(Right::ManagePeople)?;
    let mut tx = app.db.write().await?;
    if actor.person_id() == Some(person) && (!active || !change.roles.contains(&Role::Admin)) {
        // Somebody must be able to undo it.
        return Err(Error::invalid("roles", "people-not-yourself"));
    }
    if store::credentials(&mut tx, &fold_email(&change.email))
        .await?
        .is_some_and(|(owner, _)| owner != person)
    {
        return Err(Error::invalid("email", "people-email-taken"));
    }
    store::update_person(&mut tx, person, &change, active).await?;
    if !active {
        store::delete_sessions(&mut tx, person).await?;
    }
    journal::record(app, &mut tx, actor, About::house(), Fact::PersonChanged { person })?;
    tx.commit().await
}

/// All people, by name.
pub async fn all(tx: &mut Tx) -> Result<Vec<Person>> {
    store::people(tx).await
}

pub async fn person(tx: &mut Tx, person: PersonId) -> Result<Person> {
    store::person(tx, person).await
}

/// Who works here and has this e-mail address (any case): the person and their name.
pub async fn by_email(tx: &mut Tx, email: &str) -> Result<Option<(PersonId, String)>> {
    store::by_email(tx, &fold_email(email)).await
}

/// The person as one who acts.
///
/// # Errors
///
/// [`Error::NotFound`] for deactivated people, too: they no longer act.
pub async fn actor(tx: &mut Tx, person: PersonId) -> Result<Actor> {
    store::actor(tx, person).await?.ok_or(Error::NotFound)
}

/// All API tokens, newest first, without their secrets.
pub async fn tokens(tx: &mut Tx) -> Result<Vec<Token>> {
    store::tokens(tx).await
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
    record_setting(app, &mut tx, actor, "teams")?;
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
    record_setting(app, &mut tx, actor, "departments")?;
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
    if !(1..=LONGEST_ANSWER).contains(&set.answer_minutes) {
        return Err(Error::invalid("answer_minutes", "people-answer-minutes"));
    }
    if matches!(set.reopening, Some(Reopening::Within(days)) if !(1..=LONGEST_REOPENING).contains(&days)) {
        return Err(Error::invalid("reopen_days", "people-reopen-days"));
    }
    let mut tx = app.db.write().await?;
    let known = store::queues(&mut tx).await?;
    let was_restricted = known.iter().any(|one| Some(one.id) == queue && one.restricted);
    for other in known.iter().filter(|one| Some(one.id) != queue) {
        if is_taken(&other.name, name) {
            return Err(Error::invalid("name", "people-name-taken"));
        }
        if address.is_some() && other.address.as_deref().map(fold_email) == address.map(fold_email) {
            return Err(Error::invalid("address", "people-address-taken"));
        }
    }
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
    record_setting(app, &mut tx, actor, "queues")?;
    tx.commit().await?;
    Ok(queue)
}

fn record_setting(app: &App, tx: &mut Tx, actor: &Actor, name: &str) -> Result<()> {
    journal::record(app, tx, actor, About::house(), Fact::SettingChanged { name: name.to_owned() })
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

/// Adds a team, queue or department without a form; used by imports and the example company.
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

/// Adds a person who can log in at once; used by the example company.
pub async fn add_person(
    tx: &mut Tx,
    new: &NewPerson,
    password_hash: &str,
    now: Timestamp,
) -> Result<PersonId> {
    let person = store::insert_person(tx, new, now).await?;
    store::set_password(tx, person, password_hash).await?;
    Ok(person)
}

/// The hash of a password, as `add_person` takes it.
pub async fn hash_password(password: String) -> Result<String> {
    passwords::hash(password).await
}

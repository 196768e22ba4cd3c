//! People: who works here, in which team and department, and how they get in.
//!
//! Ground: every slice may ask here. Passwords are argon2id; sessions, invitations and API tokens are opaque
//! and kept as hashes only.

mod entry;
mod house;
mod model;
mod passwords;
mod rates;
mod session;
mod store;
pub mod web;

pub use entry::{
    accept, change_password, create_token, hash_password, invite, invite_again, invited, log_in, log_out,
    revoke_token, tokens,
};
pub use house::{
    add_department, add_queue, add_team, departments, found_house, name_department, name_team, queue,
    queue_by_address, queues, queues_for, set_past_tone, set_queue, teams,
};
pub use model::{
    Department, NewPerson, Person, Queue, QueueSettings, Reopening, Team, Token, device_name, fold_email,
};
pub use session::identify;

use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::keys::Keyboard;
use crate::platform::{
    Actor, App, Attendance, Error, Language, PersonId, Result, Right, Role, Timestamp, TokenId, Tx,
};

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

/// Whether the owner of the account goes on with the next case of the list after closing one.
pub async fn choose_closing(app: &App, actor: &Actor, goes_on: bool) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::set_goes_on(&mut tx, actor.person()?, goes_on).await?;
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
    let mut from = store::person(&mut tx, person).await?.roles;
    store::update_person(&mut tx, person, &change, active).await?;
    if !active {
        store::delete_sessions(&mut tx, person).await?;
    }
    let mut roles = change.roles;
    from.sort_unstable();
    roles.sort_unstable();
    if from == roles {
        (from, roles) = (Vec::new(), Vec::new());
    }
    journal::record(app, &mut tx, actor, About::house(), Fact::PersonChanged { person, from, roles })?;
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

/// The program with a token as one that acts.
///
/// # Errors
///
/// [`Error::NotFound`] once the token is revoked.
pub async fn program(tx: &mut Tx, token: TokenId) -> Result<Actor> {
    store::program(tx, token).await?.ok_or(Error::NotFound)
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

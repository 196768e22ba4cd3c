//! How people and programs get in: login, invitation, password, token.

use super::model::{NewPerson, Person, Token, fold_email};
use super::{passwords, rates, session, store};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, Error, PersonId, Result, Right, Role, Timestamp, TokenId, Tx};

/// How long an invitation may be used.
const INVITATION: std::time::Duration = Timestamp::days(7);

/// No account and no password is longer, in bytes; what is, need not be looked at.
const LONGEST_EMAIL: usize = 320;
const LONGEST_PASSWORD: usize = 1000;

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

/// As [`invite`], within a transaction.
pub(super) async fn invite_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    new: &NewPerson,
) -> Result<(PersonId, String)> {
    if store::credentials(tx, &fold_email(&new.email)).await?.is_some() {
        return Err(Error::invalid("email", "people-email-taken"));
    }
    let person = store::insert_person(tx, new, app.now()).await?;
    let token = invitation(app, tx, person).await?;
    let fact = Fact::PersonInvited { person, roles: new.roles.clone() };
    journal::record(app, tx, actor, About::house(), fact)?;
    Ok((person, token))
}

/// The token of a new invitation; earlier ones stay.
pub(super) async fn invitation(app: &App, tx: &mut Tx, person: PersonId) -> Result<String> {
    let token = session::secret();
    store::insert_invitation(tx, &session::hash(&token), person, app.now() + INVITATION).await?;
    Ok(token)
}

/// A fresh one-time link for a person who lost their password; the old one ends.
pub async fn invite_again(app: &App, actor: &Actor, person: PersonId) -> Result<String> {
    actor.may(Right::ManagePeople)?;
    let mut tx = app.db.write().await?;
    store::person(&mut tx, person).await?;
    store::delete_invitations(&mut tx, person).await?;
    let token = invitation(app, &mut tx, person).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::PersonInvited { person, roles: Vec::new() })?;
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
    journal::record(app, &mut tx, actor, About::house(), Fact::TokenCreated { token: id, role: Some(role) })?;
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

/// All API tokens, newest first, without their secrets.
pub async fn tokens(tx: &mut Tx) -> Result<Vec<Token>> {
    store::tokens(tx).await
}

/// The hash of a password, as `add_person` takes it.
pub async fn hash_password(password: String) -> Result<String> {
    passwords::hash(password).await
}

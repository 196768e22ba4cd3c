//! Mailboxes: mail accounts elsewhere that Kitt fetches from, by IMAP.
//!
//! Each is served by a task of its own ([`service`]): it brings in what is new ([`fetch`]), hands it to
//! `channels::intake`, and moves its position only when the mail is durable. What the server holds and what became
//! of each of its mails is in `mailbox_mails`, so that it can be proven that nothing was lost. Deliberately absent:
//! POP3, flags and read marks, and answers, which leave through `channels`.

mod afterwards;
mod fault;
mod fetch;
mod imap;
mod large;
mod login;
mod model;
mod oauth;
mod proof;
pub mod service;
mod store;
mod tls;
mod web;

use crate::Slice;
use crate::channels;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, Error, MailboxId, PersonId, Result, Right, Timestamp, Tx};

use fault::Fault;
use login::Memory;
use service::Pace;

pub use model::{
    Activity, Afterwards, Draft, Folder, Mailbox, MailboxMail, OauthSettings, Outcome, Provider, Security,
    Since, Status, Trouble,
};

/// What the app is given of this slice.
pub const SLICE: Slice = Slice {
    name: "mailboxes",
    routes: web::routes,
    listeners: &[],
    jobs: &[],
    services: &[service::run],
    checks: &[],
    search: None,
    proof: Some(&proof::PROOF),
    finders: &[],
    codes: None,
    sieve: None,
    kinds: None,
    undoers: &[],
};

/// All mailboxes by name.
pub async fn all(tx: &mut Tx) -> Result<Vec<Mailbox>> {
    store::all(tx).await
}

pub async fn mailbox(tx: &mut Tx, id: MailboxId) -> Result<Mailbox> {
    store::mailbox(tx, id).await
}

/// How a mailbox fares.
pub async fn status(tx: &mut Tx, id: MailboxId) -> Result<Status> {
    store::status(tx, id).await
}

/// What became of each mail of a mailbox since `since`, in the order in which it was settled.
///
/// A mail that is in Kitt has its received id, every other one a reason. One that came under two numbers is there
/// twice with the same received id.
pub async fn accounts(tx: &mut Tx, mailbox: MailboxId, since: Timestamp) -> Result<Vec<MailboxMail>> {
    store::mails::since(tx, mailbox, since).await
}

/// The folders that are fetched, and up to which UID each is accounted for.
pub async fn folders(tx: &mut Tx, mailbox: MailboxId) -> Result<Vec<Folder>> {
    store::folders(tx, mailbox).await
}

/// Mails of a mailbox that stayed on the server, newest first.
pub async fn left(tx: &mut Tx, mailbox: MailboxId, limit: i64) -> Result<Vec<MailboxMail>> {
    store::mails::left(tx, mailbox, limit).await
}

/// Sets a mailbox up; fetching begins at once.
pub async fn add(app: &App, actor: &Actor, draft: &Draft) -> Result<MailboxId> {
    actor.may(Right::ManageSettings)?;
    draft.check(true)?;
    let secret = draft.secret.as_deref().map(|secret| login::seal(app, secret)).transpose()?;
    let mut tx = app.db.write().await?;
    people::queue(&mut tx, draft.queue).await.map_err(no_queue)?;
    let id = store::add(&mut tx, draft, secret, app.now()).await?;
    channels::set_own_address(&mut tx, &source(id), Some(&draft.login)).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::MailboxAdded { mailbox: id })?;
    commit(app, tx).await?;
    Ok(id)
}

/// Changes a mailbox. What is sent to another server, or for another login, has to be said again.
pub async fn change(app: &App, actor: &Actor, id: MailboxId, draft: &Draft) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    draft.check(false)?;
    let secret = draft.secret.as_deref().map(|secret| login::seal(app, secret)).transpose()?;
    let mut tx = app.db.write().await?;
    let before = store::mailbox(&mut tx, id).await?;
    people::queue(&mut tx, draft.queue).await.map_err(no_queue)?;
    if leads_elsewhere(&before, draft) {
        if draft.provider == Provider::Password && secret.is_none() {
            return Err(Error::invalid("secret", "mailboxes-secret-again"));
        }
        store::forget_secrets(&mut tx, id).await?;
    }
    store::change(&mut tx, id, draft, secret).await?;
    channels::set_own_address(&mut tx, &source(id), Some(&draft.login)).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::MailboxChanged { mailbox: id })?;
    commit(app, tx).await
}

/// Would the secrets go to somebody else than they were meant for?
fn leads_elsewhere(before: &Mailbox, draft: &Draft) -> bool {
    let told = |settings: &OauthSettings| (settings.client.clone(), settings.token_url.clone());
    (before.provider, &before.host, &before.login) != (draft.provider, &draft.host, &draft.login)
        || before.port != draft.port
        // The password would travel without protection.
        || before.security != draft.security
        || told(&before.oauth) != told(&draft.oauth)
}

fn no_queue(error: Error) -> Error {
    match error {
        Error::NotFound => Error::invalid("queue", "mailboxes-queue-choose"),
        error => error,
    }
}

/// Stops fetching, or goes on with it.
pub async fn set_paused(app: &App, actor: &Actor, id: MailboxId, paused: bool) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    if !store::set_paused(&mut tx, id, paused).await? {
        return Err(Error::NotFound);
    }
    journal::record(app, &mut tx, actor, About::house(), Fact::MailboxChanged { mailbox: id })?;
    commit(app, tx).await
}

/// Tries again at once, over a new connection.
pub async fn try_now(app: &App, actor: &Actor, id: MailboxId) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    if !store::renew(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    commit(app, tx).await
}

/// Removes a mailbox with its secrets. Its mails stay in Kitt, and on its server.
pub async fn remove(app: &App, actor: &Actor, id: MailboxId) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    if !store::remove(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    channels::set_own_address(&mut tx, &source(id), None).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::MailboxRemoved { mailbox: id })?;
    commit(app, tx).await
}

/// Whose address it is, for those who know addresses of the house.
fn source(id: MailboxId) -> String {
    format!("mailbox:{id}")
}

async fn commit(app: &App, tx: Tx) -> Result<()> {
    tx.commit().await?;
    app.part::<Memory>().changed.notify_one();
    service::tell(app);
    Ok(())
}

/// The provider's page where `person` lets Kitt in.
///
/// # Errors
///
/// [`Error::NotFound`] for a mailbox with a password.
async fn consent_page(app: &App, id: MailboxId, person: PersonId) -> Result<url::Url> {
    let mailbox = store::mailbox(&mut app.db.read().await?, id).await?;
    if !mailbox.provider.uses_oauth() {
        return Err(Error::NotFound);
    }
    Ok(oauth::authorize_url(app, &mailbox, person)?)
}

/// Ends a visit to the provider: exchanges its code for lasting leave.
async fn connected(
    app: &App,
    actor: &Actor,
    id: MailboxId,
    code: &str,
    state: &str,
) -> Result<Result<(), Fault>> {
    actor.may(Right::ManageSettings)?;
    let mailbox = store::mailbox(&mut app.db.read().await?, id).await?;
    let secret = login::secret(app, id).await?;
    let tokens = match oauth::redeem(app, &mailbox.oauth, secret.as_deref(), code, state).await {
        Ok(tokens) => tokens,
        Err(fault) => return Ok(Err(fault)),
    };
    let Some(refresh) = tokens.refresh_token else { return Ok(Err(Trouble::Consent.into())) };
    let sealed = login::seal(app, &refresh)?;
    let mut tx = app.db.write().await?;
    store::set_refresh(&mut tx, id, sealed).await?;
    store::renew(&mut tx, id).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::MailboxConnected { mailbox: id })?;
    commit(app, tx).await?;
    Ok(Ok(()))
}

/// The folders of a mailbox as it is drafted: whether it can be reached and logged in to.
///
/// A draft for `id` without a secret is tried with the one that is kept, if it leads to the same server.
async fn probe(app: &App, id: Option<MailboxId>, draft: &Draft) -> Result<Result<Vec<String>, Fault>> {
    draft.check(id.is_none())?;
    let kept = match id {
        Some(id) => Some(store::mailbox(&mut app.db.read().await?, id).await?),
        None => None,
    };
    let login = match (&draft.secret, kept) {
        (Some(password), _) if draft.provider == Provider::Password => {
            Ok(imap::Login::Password { login: draft.login.clone(), password: password.clone() })
        }
        (_, Some(kept)) if !leads_elsewhere(&kept, draft) => login::login(app, &kept).await,
        _ if draft.provider.uses_oauth() => Err(Trouble::Consent.into()),
        _ => return Err(Error::invalid("secret", "mailboxes-secret-again")),
    };
    let trust = tls::trust(app.settings())?;
    let server = imap::Server { host: draft.host.clone(), port: draft.port, security: draft.security };
    let folders = async {
        let mut session = imap::connect(&server, &trust, login?, Pace::USUAL.answer / 3).await?;
        let folders = session.folders().await?;
        let missing = draft.folders.iter().find(|name| !has(&folders, name));
        match missing {
            Some(name) => Err(Fault::saying(Trouble::Folder, name)),
            None => Ok(folders),
        }
    };
    Ok(folders.await)
}

/// INBOX is the only name whose case does not matter.
fn has(folders: &[String], name: &str) -> bool {
    folders.iter().any(|known| {
        known == name || (known.eq_ignore_ascii_case("inbox") && name.eq_ignore_ascii_case("inbox"))
    })
}

//! What a mailbox is logged in with: its password, or an access token that is kept until shortly before its end.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::fault::Fault;
use super::imap::Login;
use super::model::{Mailbox, Trouble};
use super::oauth;
use super::store;
use crate::platform::sealed;
use crate::platform::{App, MailboxId, Result};

/// What passwords and tokens are sealed for.
const PURPOSE: &str = "kitt mailboxes: passwords and refresh tokens, 2026";
/// A token is renewed so long before its end.
const MARGIN: Duration = Duration::from_mins(1);

/// What this node remembers of its mailboxes.
#[derive(Default)]
pub struct Memory {
    /// Rings when a mailbox was set up or changed here.
    pub changed: Notify,
    tokens: Mutex<HashMap<MailboxId, Kept>>,
}

/// An access token of a version of a mailbox.
struct Kept {
    version: i64,
    token: String,
    until: Instant,
}

impl Memory {
    fn tokens(&self) -> MutexGuard<'_, HashMap<MailboxId, Kept>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The mail server does not take the token any more.
    pub fn forget_token(&self, mailbox: MailboxId) {
        self.tokens().remove(&mailbox);
    }
}

/// What to log in with now.
pub async fn login(app: &App, mailbox: &Mailbox) -> Result<Login, Fault> {
    let login = mailbox.login.clone();
    if mailbox.provider.uses_oauth() {
        return Ok(Login::Token { login, token: token(app, mailbox).await? });
    }
    let password = secret(app, mailbox.id).await?.ok_or(Trouble::Password)?;
    Ok(Login::Password { login, password })
}

/// A password or token as it is kept.
pub fn seal(app: &App, secret: &str) -> Result<Vec<u8>> {
    sealed::seal(app.secret(), PURPOSE, secret.as_bytes())
}

fn open(app: &App, kept: &[u8]) -> Result<String> {
    let bytes = sealed::open(app.secret(), PURPOSE, kept)?;
    Ok(String::from_utf8(bytes).context("a secret is no text")?)
}

/// The password, or the client's secret at the provider.
pub async fn secret(app: &App, mailbox: MailboxId) -> Result<Option<String>> {
    let (secret, _) = store::secrets(&mut app.db.read().await?, mailbox).await?;
    secret.map(|sealed| open(app, &sealed)).transpose()
}

async fn token(app: &App, mailbox: &Mailbox) -> Result<String, Fault> {
    let memory = app.part::<Memory>();
    if let Some(kept) = memory.tokens().get(&mailbox.id)
        && kept.version == mailbox.version
        && Instant::now() + MARGIN < kept.until
    {
        return Ok(kept.token.clone());
    }
    let (secret, refresh) = store::secrets(&mut app.db.read().await?, mailbox.id).await?;
    let opened = |sealed: Option<Vec<u8>>| sealed.map(|sealed| open(app, &sealed)).transpose();
    let (secret, refresh) = (opened(secret)?, opened(refresh)?.ok_or(Trouble::Consent)?);
    let tokens = oauth::refresh(app, &mailbox.oauth, secret.as_deref(), &refresh).await?;
    if let Some(next) = tokens.refresh_token.as_ref().filter(|next| **next != refresh) {
        let sealed = seal(app, next)?;
        let mut tx = app.db.write().await?;
        store::set_refresh(&mut tx, mailbox.id, sealed).await?;
        tx.commit().await?;
    }
    let until = Instant::now() + tokens.lifetime();
    let kept = Kept { version: mailbox.version, token: tokens.access_token.clone(), until };
    memory.tokens().insert(mailbox.id, kept);
    Ok(tokens.access_token)
}

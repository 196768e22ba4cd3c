//! What is said of a mailbox in a form or by a program.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::mailboxes::model::{
    Afterwards, Draft, MEGABYTE, Mailbox, OauthSettings, Provider, Security, Since,
};
use crate::mailboxes::oauth;
use crate::platform::{Error, FieldError, QueueId, Result};

/// What the size is set to unless somebody says otherwise: as on the mail port.
const LARGEST_MB: i64 = 35;

#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct MailboxForm {
    /// The mailbox to try with what is kept of it; empty for a new one.
    pub id: String,
    pub name: String,
    /// The queue's id.
    pub queue: String,
    /// password, microsoft, google, oauth
    pub provider: String,
    /// Empty: the provider's.
    pub host: String,
    /// Empty: the usual one.
    pub port: String,
    /// tls, starttls, none; empty: tls
    pub security: String,
    pub login: String,
    /// The password or the client's secret; empty leaves it as it is.
    pub secret: String,
    pub client: String,
    pub tenant: String,
    pub authorize_url: String,
    pub token_url: String,
    pub scopes: String,
    /// One per line; empty: INBOX
    pub folders: String,
    /// keep, move, delete; empty: keep
    pub afterwards: String,
    pub move_to: String,
    /// all, new; empty: all
    pub since: String,
    /// Empty: 35.
    pub largest_mb: String,
}

impl MailboxForm {
    /// An empty form for a mailbox of this provider.
    pub fn fresh(provider: Provider) -> Self {
        Self {
            provider: provider.code().into(),
            host: provider.host().into(),
            folders: "INBOX".into(),
            largest_mb: LARGEST_MB.to_string(),
            ..Self::default()
        }
    }

    /// A mailbox as it is, without its secrets.
    pub fn of(mailbox: &Mailbox) -> Self {
        let oauth = mailbox.oauth.clone();
        Self {
            id: mailbox.id.to_string(),
            name: mailbox.name.clone(),
            queue: mailbox.queue.to_string(),
            provider: mailbox.provider.code().into(),
            host: mailbox.host.clone(),
            port: mailbox.port.to_string(),
            security: mailbox.security.code().into(),
            login: mailbox.login.clone(),
            secret: String::new(),
            client: oauth.client,
            tenant: oauth.tenant,
            authorize_url: oauth.authorize_url,
            token_url: oauth.token_url,
            scopes: oauth.scopes,
            folders: mailbox.folders.join("\n"),
            afterwards: mailbox.afterwards.code().into(),
            move_to: mailbox.move_to.clone(),
            since: mailbox.since.code().into(),
            largest_mb: (mailbox.largest / MEGABYTE).to_string(),
        }
    }

    pub fn provider(&self) -> Provider {
        Provider::from_code(&self.provider).unwrap_or(Provider::Password)
    }

    pub fn uses_oauth(&self) -> bool {
        self.provider().uses_oauth()
    }

    pub fn is_queue(&self, queue: &QueueId) -> bool {
        self.queue == queue.to_string()
    }

    /// What it says, with the usual where it says nothing.
    pub fn draft(&self) -> Result<Draft> {
        let mut errors = Vec::new();
        let mut wrong = |field| errors.push(FieldError { field, word: "error-field-malformed" });
        let provider = code(&self.provider, Provider::Password, Provider::from_code);
        let security = code(&self.security, Security::Tls, Security::from_code);
        let afterwards = code(&self.afterwards, Afterwards::Keep, Afterwards::from_code);
        let since = code(&self.since, Since::All, Since::from_code);
        let usual_port = if security == Some(Security::Tls) { 993 } else { 143 };
        let port = number(&self.port, usual_port);
        let largest = number(&self.largest_mb, LARGEST_MB);
        let fields = [
            (provider.is_none(), "provider"),
            (security.is_none(), "security"),
            (afterwards.is_none(), "afterwards"),
            (since.is_none(), "since"),
            (port.is_none(), "port"),
            (largest.is_none(), "largest_mb"),
        ];
        fields.into_iter().filter(|(bad, _)| *bad).for_each(|(_, field)| wrong(field));
        let queue = self.queue.trim().parse().map(QueueId);
        if queue.is_err() {
            errors.push(FieldError { field: "queue", word: "mailboxes-queue-choose" });
        }
        let (
            Some(provider),
            Some(security),
            Some(afterwards),
            Some(since),
            Some(port),
            Some(largest),
            Ok(queue),
        ) = (provider, security, afterwards, since, port, largest, queue)
        else {
            return Err(Error::Invalid(errors));
        };
        let host = self.host.trim();
        Ok(Draft {
            name: self.name.trim().into(),
            queue,
            provider,
            host: if host.is_empty() { provider.host() } else { host }.into(),
            port,
            security,
            login: self.login.trim().into(),
            secret: Some(self.secret.clone()).filter(|secret| !secret.is_empty()),
            oauth: self.oauth(provider),
            folders: self.folders(),
            afterwards,
            move_to: if afterwards == Afterwards::Move { self.move_to.trim().into() } else { String::new() },
            since,
            largest: largest.saturating_mul(MEGABYTE),
        })
    }

    fn oauth(&self, provider: Provider) -> OauthSettings {
        if !provider.uses_oauth() {
            return OauthSettings::default();
        }
        let said = OauthSettings {
            client: self.client.trim().into(),
            tenant: self.tenant.trim().into(),
            authorize_url: self.authorize_url.trim().into(),
            token_url: self.token_url.trim().into(),
            scopes: self.scopes.trim().into(),
        };
        oauth::with_presets(provider, said)
    }

    fn folders(&self) -> Vec<String> {
        let named = self.folders.lines().map(str::trim).filter(|name| !name.is_empty());
        let folders: Vec<String> = named.map(str::to_owned).collect();
        if folders.is_empty() { vec!["INBOX".into()] } else { folders }
    }
}

fn code<T>(text: &str, usual: T, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    if text.is_empty() { Some(usual) } else { read(text) }
}

fn number<T: std::str::FromStr>(text: &str, usual: T) -> Option<T> {
    let text = text.trim();
    if text.is_empty() { Some(usual) } else { text.parse().ok() }
}

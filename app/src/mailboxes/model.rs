//! What a mailbox is, how it fares, and what became of its mails.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use crate::platform::{Error, FieldError, MailboxId, QueueId, ReceivedId, Result, Timestamp, codes};

/// Larger mails than this cannot be allowed: reading one takes several times its size in memory.
pub const LARGEST: i64 = 100 * MEGABYTE;
pub const MEGABYTE: i64 = 1024 * 1024;
/// Folders of one mailbox: each is looked at in turn.
const MOST_FOLDERS: usize = 20;

codes! {
    /// How Kitt logs in.
    pub enum Provider {
        Password = "password",
        Microsoft = "microsoft",
        Google = "google",
        /// Any other provider with OAuth 2.0.
        Oauth = "oauth",
    }
}

codes! {
    /// How the connection is protected.
    pub enum Security {
        /// TLS from the start, usually port 993.
        Tls = "tls",
        /// Usually port 143.
        Starttls = "starttls",
        /// Not at all: for a server on the same machine only.
        None = "none",
    }
}

codes! {
    /// What happens on the server to a mail that Kitt has.
    pub enum Afterwards { Keep = "keep", Move = "move", Delete = "delete" }
}

codes! {
    /// What the first contact with a folder brings in.
    pub enum Since { All = "all", New = "new" }
}

codes! {
    /// What fetching is busy with.
    pub enum Activity {
        Connecting = "connecting",
        Fetching = "fetching",
        Waiting = "waiting",
        /// Nothing until the next attempt.
        Trouble = "trouble",
    }
}

codes! {
    /// What is wrong. For each there are words that say so, and words that say what to do.
    pub enum Trouble {
        HostUnknown = "host",
        Refused = "refused",
        Timeout = "timeout",
        Lost = "lost",
        Certificate = "certificate",
        Tls = "tls",
        NoStarttls = "starttls",
        Password = "password",
        /// The provider was never asked for leave, or took it back.
        Consent = "consent",
        /// The provider does not accept the client's id or secret.
        Client = "client",
        /// The provider's login server cannot be reached or answers strangely.
        TokenServer = "provider",
        /// The provider let us in, the mail server does not.
        TokenRefused = "token",
        Folder = "folder",
        Target = "target",
        Throttled = "throttled",
        Quota = "quota",
        Unavailable = "unavailable",
        Protocol = "protocol",
        /// Kitt's own database or disk.
        Kitt = "kitt",
    }
}

codes! {
    /// What became of a mail of the server.
    pub enum Outcome {
        /// It is in Kitt, see its received id.
        Kept = "kept",
        /// It stayed on the server.
        TooLarge = "too_large",
        /// The server does not hand it over.
        Unreadable = "unreadable",
        /// It was moved or deleted before it could be fetched.
        Gone = "gone",
        /// It was there before Kitt came, and only new mail is wanted.
        Before = "before",
    }
}

/// Where a provider asks for leave and gives tokens. Without secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OauthSettings {
    pub client: String,
    /// The organisation at Microsoft; "common" for any.
    pub tenant: String,
    pub authorize_url: String,
    pub token_url: String,
    pub scopes: String,
}

/// A mailbox as it was set up. Its secrets stay in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Mailbox {
    pub id: MailboxId,
    pub name: String,
    pub queue: QueueId,
    pub provider: Provider,
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub login: String,
    pub oauth: OauthSettings,
    pub folders: Vec<String>,
    pub afterwards: Afterwards,
    /// The folder that kept mails are moved to.
    pub move_to: String,
    pub since: Since,
    /// Bytes.
    pub largest: i64,
    pub paused: bool,
    /// Whether a password is there, or the provider gave leave.
    pub connected: bool,
    pub created_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}

/// A mailbox to be set up or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub queue: QueueId,
    pub provider: Provider,
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub login: String,
    /// The password or the client's secret; `None` leaves it as it is.
    pub secret: Option<String>,
    pub oauth: OauthSettings,
    pub folders: Vec<String>,
    pub afterwards: Afterwards,
    pub move_to: String,
    pub since: Since,
    pub largest: i64,
}

impl Provider {
    pub const fn uses_oauth(self) -> bool {
        !matches!(self, Self::Password)
    }

    /// The server of this provider's mailboxes; empty where the house has to say it.
    pub const fn host(self) -> &'static str {
        match self {
            Self::Microsoft => "outlook.office365.com",
            Self::Google => "imap.gmail.com",
            Self::Password | Self::Oauth => "",
        }
    }
}

impl Draft {
    /// Refuses what cannot work, all of it at once. `new`: it needs a password of its own.
    pub fn check(&self, new: bool) -> Result<()> {
        let mut errors = Vec::new();
        errors.extend(FieldError::of_text("name", &self.name, 100));
        errors.extend(FieldError::of_text("host", &self.host, 250));
        errors.extend(FieldError::of_text("login", &self.login, 250));
        let wrong = |field, word| FieldError { field, word };
        if self.security == Security::None && !is_near(&self.host) {
            errors.push(wrong("security", "mailboxes-plain-is-near"));
        }
        if self.provider == Provider::Password && new && self.secret.is_none() {
            errors.push(wrong("secret", "error-field-required"));
        }
        if self.login.contains(|c: char| c.is_control()) {
            errors.push(wrong("login", "error-field-malformed"));
        }
        if self.largest < MEGABYTE || LARGEST < self.largest {
            errors.push(wrong("largest_mb", "mailboxes-largest-range"));
        }
        errors.extend(self.check_folders());
        errors.extend(self.check_oauth());
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }

    fn check_folders(&self) -> Option<FieldError> {
        let names: BTreeSet<&String> = self.folders.iter().collect();
        if names.is_empty() || names.len() != self.folders.len() || MOST_FOLDERS < names.len() {
            return Some(FieldError { field: "folders", word: "mailboxes-folders-some" });
        }
        if names.iter().any(|name| 200 < name.chars().count() || name.contains(|c: char| c.is_control())) {
            return Some(FieldError { field: "folders", word: "error-field-malformed" });
        }
        if self.afterwards != Afterwards::Move {
            return None;
        }
        if self.move_to.is_empty() {
            return Some(FieldError { field: "move_to", word: "error-field-required" });
        }
        // What is moved into a folder that is fetched would come again.
        names
            .contains(&self.move_to)
            .then_some(FieldError { field: "move_to", word: "mailboxes-target-fetched" })
    }

    fn check_oauth(&self) -> Vec<FieldError> {
        if !self.provider.uses_oauth() {
            return Vec::new();
        }
        let mut errors: Vec<FieldError> =
            FieldError::of_text("client", &self.oauth.client, 250).into_iter().collect();
        let urls = [("authorize_url", &self.oauth.authorize_url), ("token_url", &self.oauth.token_url)];
        errors.extend(
            urls.into_iter()
                .filter(|(_, url)| !is_safe_url(url))
                .map(|(field, _)| FieldError { field, word: "mailboxes-url-https" }),
        );
        errors
    }
}

/// Tokens travel over TLS, except within the same machine.
fn is_safe_url(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    match (url.scheme(), url.host_str()) {
        ("https", Some(_)) => true,
        ("http", Some(host)) => is_near(host),
        _ => false,
    }
}

/// Is it this machine?
pub fn is_near(host: &str) -> bool {
    matches!(host, "localhost" | "::1" | "[::1]") || host.starts_with("127.")
}

/// How a mailbox fares.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
#[schema(as = MailboxStatus)]
pub struct Status {
    #[sqlx(rename = "mailbox_id")]
    pub mailbox: MailboxId,
    #[sqlx(rename = "state")]
    pub activity: Activity,
    /// Since when.
    #[sqlx(rename = "state_at")]
    pub since: Timestamp,
    /// Mails to fetch now, and how many of them are kept.
    pub total: i64,
    pub done: i64,
    pub trouble: Option<Trouble>,
    /// In the server's words.
    pub said: Option<String>,
    pub trouble_at: Option<Timestamp>,
    pub next_at: Option<Timestamp>,
    pub last_mail_at: Option<Timestamp>,
    /// Mails that are in Kitt because of it, ever.
    pub kept: i64,
}

/// A folder and where reading it is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Folder {
    pub id: i64,
    pub name: String,
    pub uidvalidity: Option<i64>,
    pub last_uid: i64,
    /// Mails up to here were there before and were not wanted: they have no rows.
    pub first_uid: i64,
}

/// A mail of the server and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
pub struct MailboxMail {
    pub folder: String,
    pub uidvalidity: i64,
    pub uid: i64,
    pub at: Timestamp,
    pub outcome: Outcome,
    #[sqlx(rename = "received_id")]
    pub received: Option<ReceivedId>,
    /// BLAKE3 of the raw bytes, hexadecimal; `None` if they were never here.
    pub hash: Option<String>,
    pub message_id: Option<String>,
    pub size: i64,
    /// Of mails that stayed on the server.
    pub sender: Option<String>,
    pub subject: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            name: "Service".into(),
            queue: QueueId(1),
            provider: Provider::Password,
            host: "imap.example.org".into(),
            port: 993,
            security: Security::Tls,
            login: "service@example.org".into(),
            secret: Some("geheim".into()),
            oauth: OauthSettings::default(),
            folders: vec!["INBOX".into()],
            afterwards: Afterwards::Keep,
            move_to: String::new(),
            since: Since::All,
            largest: 35 * MEGABYTE,
        }
    }

    fn complaints(draft: &Draft) -> Vec<&'static str> {
        match draft.check(true) {
            Err(Error::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn what_cannot_work_is_refused_all_at_once() {
        let oauth = OauthSettings {
            client: "id".into(),
            authorize_url: "https://login.example.org/a".into(),
            token_url: "http://127.0.0.1:8000/token".into(),
            ..OauthSettings::default()
        };
        let plain = Draft { security: Security::None, ..draft() };
        let near = Draft { host: "127.0.0.1".into(), ..plain.clone() };
        let moving = Draft { afterwards: Afterwards::Move, move_to: "Fertig".into(), ..draft() };
        for (draft, wrong) in [
            (draft(), vec![]),
            (
                Draft { name: String::new(), secret: None, largest: 1, ..draft() },
                vec!["name", "secret", "largest_mb"],
            ),
            (plain, vec!["security"]),
            (near, vec![]),
            (Draft { folders: vec![], ..draft() }, vec!["folders"]),
            (Draft { folders: vec!["A".into(), "A".into()], ..draft() }, vec!["folders"]),
            (Draft { folders: vec!["Fertig".into()], ..moving.clone() }, vec!["move_to"]),
            (moving, vec![]),
            (Draft { provider: Provider::Oauth, oauth: oauth.clone(), ..draft() }, vec![]),
            (
                Draft {
                    provider: Provider::Oauth,
                    oauth: OauthSettings { token_url: "http://far.example/".into(), ..oauth },
                    ..draft()
                },
                vec!["token_url"],
            ),
        ] {
            assert_eq!(complaints(&draft), wrong, "{draft:?}");
        }
    }
}

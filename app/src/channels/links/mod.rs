//! Files that are too large for a mail: they stay here, and the mail says where they can be fetched.
//!
//! A link's address cannot be guessed and is signed, so that nobody finds out by trying what there is. It is valid
//! for some days, and can be withdrawn or made valid for longer as long as the file is here. How often a file was
//! fetched is counted, by whom is not. Deliberately absent: passwords for links, and links for what was received.

mod back;
mod fit;
mod words;

use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

pub use back::UNDOERS;
pub use fit::{plan, travelling};
pub use words::{below_html, below_text};

use super::relay::{self, Relay};
use super::store;
use crate::cases;
use crate::cases::{Attachment, Contact};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, ContactId, Error, Result, Right, Timestamp, Tx, dialect};

/// Hexadecimal digits of a link's random part, and of its signature.
const KEY: usize = 32;
const SIGNATURE: usize = 16;

/// A file that went as a link.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct FileLink {
    #[sqlx(rename = "attachment_id")]
    pub attachment: i64,
    #[sqlx(rename = "contact_id")]
    #[serde(skip)]
    pub contact: ContactId,
    #[serde(skip)]
    pub key: String,
    pub until: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
    /// How often it was fetched.
    pub downloads: i64,
}

impl FileLink {
    /// Can the file be fetched?
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.withdrawn_at.is_none() && now < self.until
    }

    /// The path of its page.
    pub fn path(&self, app: &App) -> String {
        format!("/files/{}{}", self.key, sign(app, &self.key))
    }

    /// Its page, for a mail.
    pub fn url(&self, app: &App) -> String {
        format!("{}{}", app.settings().origin(), self.path(app))
    }
}

fn sign(app: &App, key: &str) -> String {
    let signed = blake3::keyed_hash(app.secret(), format!("file link {key}").as_bytes());
    signed.to_hex()[..SIGNATURE].to_owned()
}

/// The link with this token, whether or not it is still open.
///
/// # Errors
///
/// [`Error::NotFound`] for what this house never wrote; the database is not even asked.
pub async fn read(app: &App, tx: &mut Tx, token: &str) -> Result<FileLink> {
    let (key, signature) = token.split_at_checked(KEY).ok_or(Error::NotFound)?;
    let expected = sign(app, key);
    // Compared as hashes, which takes as long for any guess.
    if blake3::hash(signature.as_bytes()) != blake3::hash(expected.as_bytes()) {
        return Err(Error::NotFound);
    }
    store::link_of_key(tx, key).await?.ok_or(Error::NotFound)
}

/// Can somebody outside reach this house under its address? Mails that go nowhere may say any.
pub fn is_reachable(app: &App) -> bool {
    let sink = matches!(relay::configured(app.settings()), Some(Relay::Sink));
    sink || !is_local(&app.settings().public_url)
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback() || ip.is_unspecified(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unspecified(),
        None => true,
    }
}

/// Makes links for these files of a contact; the same ones when asked again.
pub async fn issue(app: &App, contact: &Contact, files: &[Attachment]) -> Result<Vec<FileLink>> {
    let mut tx = app.db.write().await?;
    let days = store::rules(&mut tx).await?.link_days;
    let mut made = 0;
    for file in files {
        let link = FileLink {
            attachment: file.id,
            contact: contact.id,
            key: blake3::Hash::from_bytes(rand::random()).to_hex()[..KEY].to_owned(),
            until: app.now() + Timestamp::days(days),
            withdrawn_at: None,
            downloads: 0,
        };
        made += i64::from(store::insert_link(&mut tx, &link).await?);
    }
    if 0 < made {
        let fact = Fact::FilesLinked { contact: contact.id, files: made };
        let about = About::case(contact.case).of(contact.customer);
        journal::record(app, &mut tx, &Actor::kitt("channels"), about, fact)?;
    }
    let links = store::links(&mut tx, &[contact.id]).await?;
    tx.commit().await?;
    Ok(links)
}

/// The links of these contacts.
pub async fn of_contacts(tx: &mut Tx, contacts: &[ContactId]) -> Result<Vec<FileLink>> {
    if contacts.is_empty() { Ok(Vec::new()) } else { store::links(tx, contacts).await }
}

/// Nobody can fetch the file any more.
pub async fn withdraw(app: &App, actor: &Actor, attachment: i64) -> Result<FileLink> {
    let now = app.now();
    change(app, actor, attachment, "file-link-withdrawn", |link| {
        link.withdrawn_at = Some(now);
        Fact::FileLinkWithdrawn { contact: link.contact, attachment }
    })
    .await
}

/// The file can be fetched for as many days from now on as the house's rules say, also after it was withdrawn.
pub async fn extend(app: &App, actor: &Actor, attachment: i64) -> Result<FileLink> {
    let days = store::rules(&mut app.db.read().await?).await?.link_days;
    let until = app.now() + Timestamp::days(days);
    change(app, actor, attachment, "file-link-extended", |link| {
        link.until = until;
        link.withdrawn_at = None;
        Fact::FileLinkExtended { contact: link.contact, attachment, until }
    })
    .await
}

async fn change(
    app: &App,
    actor: &Actor,
    attachment: i64,
    word: &'static str,
    change: impl FnOnce(&mut FileLink) -> Fact,
) -> Result<FileLink> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "file-link", attachment).await?;
    let mut link = store::link(&mut tx, attachment).await?.ok_or(Error::NotFound)?;
    let was = link.clone();
    let fact = change(&mut link);
    store::set_link(&mut tx, &link).await?;
    let contact = cases::contact(&mut tx, link.contact).await?;
    journal::record(app, &mut tx, actor, About::case(contact.case).of(contact.customer), fact)?;
    back::offer(app, &mut tx, actor, (contact.case, word), (&was, &link)).await?;
    tx.commit().await?;
    Ok(link)
}

/// Somebody fetched the file.
pub async fn count(app: &App, link: &FileLink) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::count_download(&mut tx, link.attachment).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_only_this_machine_has_is_none_for_customers() -> Result<(), url::ParseError> {
        for (url, local) in [
            ("http://127.0.0.1:8080", true),
            ("http://[::1]", true),
            ("http://0.0.0.0:8080", true),
            ("http://localhost", true),
            ("https://service.example.org", false),
            ("http://192.168.1.7:8080", false),
        ] {
            assert_eq!(is_local(&Url::parse(url)?), local, "{url}");
        }
        Ok(())
    }
}

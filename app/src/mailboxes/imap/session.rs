//! A logged-in connection: its commands, each until its tagged answer.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use async_imap::imap_proto::{
    AttributeValue, Capability, MailboxDatum, NameAttribute, Response, ResponseCode, Status,
};

use super::connect::Line;
use super::names;
use crate::mailboxes::fault::{Fault, Step};
use crate::mailboxes::model::Trouble;

/// The slowest line that mails are fetched over, in bytes per millisecond.
const SLOWEST: u64 = 20;
/// The head of a mail that is too large: enough to know who wrote it about what.
const HEAD: u32 = 64 * 1024;

/// Why a command did not succeed.
#[derive(Debug)]
pub enum Failed {
    /// The server said NO or BAD, with these words; the connection is fine.
    Refused(String),
    Fault(Fault),
}

/// What the server offers.
#[derive(Debug, Clone, Copy, Default)]
struct Offers {
    idle: bool,
    moving: bool,
    uidplus: bool,
}

/// A logged-in connection.
pub struct Session {
    inner: async_imap::Session<Line>,
    patience: Duration,
    offers: Offers,
    /// The server told of more mails since the folder was opened.
    news: bool,
}

/// A folder as it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    pub uidvalidity: u32,
    pub uidnext: Option<u32>,
}

/// A mail in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    pub uid: u32,
    pub size: u32,
}

impl Session {
    pub(super) async fn new(inner: async_imap::Session<Line>, patience: Duration) -> Result<Self, Fault> {
        let mut session = Self { inner, patience, offers: Offers::default(), news: false };
        let mut offers = Offers::default();
        session
            .ask("CAPABILITY", patience, |response| {
                let Response::Capabilities(all) = response else { return };
                for capability in all {
                    let Capability::Atom(name) = capability else { continue };
                    offers.idle |= name.eq_ignore_ascii_case("IDLE");
                    offers.moving |= name.eq_ignore_ascii_case("MOVE");
                    offers.uidplus |= name.eq_ignore_ascii_case("UIDPLUS");
                }
            })
            .await?;
        session.offers = offers;
        Ok(session)
    }

    pub const fn can_idle(&self) -> bool {
        self.offers.idle
    }

    /// Folders that mails can be in, by the names that people know.
    pub async fn folders(&mut self) -> Result<Vec<String>, Fault> {
        let mut folders = Vec::new();
        self.ask("LIST \"\" \"*\"", self.patience, |response| {
            if let Response::MailboxData(MailboxDatum::List(list)) = response
                && !list.name_attributes.contains(&NameAttribute::NoSelect)
            {
                folders.push(names::decode(&list.name));
            }
        })
        .await?;
        folders.sort();
        Ok(folders)
    }

    /// Opens a folder.
    pub async fn open(&mut self, folder: &str) -> Result<Opened, Fault> {
        let (mut uidvalidity, mut uidnext) = (None, None);
        let command = format!("SELECT {}", names::quoted(folder));
        let opened = self
            .ask(&command, self.patience, |response| {
                let Response::Data { status: Status::Ok, outcome } = response else { return };
                match outcome.code {
                    Some(ResponseCode::UidValidity(value)) => uidvalidity = Some(value),
                    Some(ResponseCode::UidNext(value)) => uidnext = Some(value),
                    _ => {}
                }
            })
            .await;
        opened.map_err(|failed| failed.at(Step::Folder))?;
        self.news = false;
        let uidvalidity = uidvalidity
            .ok_or_else(|| Fault::saying(Trouble::Protocol, "the server numbers its mails anew each time"))?;
        Ok(Opened { uidvalidity, uidnext })
    }

    /// Mails with a higher UID than `after`, in their order.
    pub async fn list_after(&mut self, after: u32) -> Result<Vec<Listed>, Fault> {
        let Some(first) = after.checked_add(1) else { return Ok(Vec::new()) };
        let mut found = self.list(&format!("{first}:*")).await?;
        // "n:*" means the last mail, too, if all are older.
        found.retain(|mail| after < mail.uid);
        Ok(found)
    }

    /// Those of `uids` that are still there, in their order.
    pub async fn list_of(&mut self, uids: &[u32]) -> Result<Vec<Listed>, Fault> {
        if uids.is_empty() { Ok(Vec::new()) } else { self.list(&names::set(uids)).await }
    }

    async fn list(&mut self, set: &str) -> Result<Vec<Listed>, Fault> {
        let mut found = Vec::new();
        let command = format!("UID FETCH {set} (UID RFC822.SIZE)");
        self.ask(&command, self.patience * 5, |response| {
            let Response::Fetch(_, attributes) = response else { return };
            let size = attributes.iter().find_map(|one| match one {
                AttributeValue::Rfc822Size(size) => Some(*size),
                _ => None,
            });
            // Changed flags come without a size.
            if let (Some(uid), Some(size)) = (uid_of(attributes), size) {
                found.push(Listed { uid, size });
            }
        })
        .await?;
        found.sort_by_key(|mail| mail.uid);
        found.dedup_by_key(|mail| mail.uid);
        Ok(found)
    }

    /// UIDs of mails that the server got before a day, as in `16-Nov-2026`.
    pub async fn before(&mut self, day: &str) -> Result<Vec<u32>, Fault> {
        let mut found = Vec::new();
        self.ask(&format!("UID SEARCH BEFORE {day}"), self.patience, |response| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend(uids);
            }
        })
        .await?;
        Ok(found)
    }

    /// The raw bytes of mails, `bytes` in all; those that are gone are missing. Marks nothing as read.
    pub async fn bodies(&mut self, uids: &[u32], bytes: u64) -> Result<HashMap<u32, Vec<u8>>, Failed> {
        let mut bodies = HashMap::new();
        let command = format!("UID FETCH {} (UID BODY.PEEK[])", names::set(uids));
        let patience = self.patience + Duration::from_millis(bytes / SLOWEST);
        self.ask(&command, patience, |response| {
            let Response::Fetch(_, attributes) = response else { return };
            let body = attributes.iter().find_map(|one| match one {
                AttributeValue::BodySection { section: None, data: Some(data), .. } => Some(data.to_vec()),
                _ => None,
            });
            if let (Some(uid), Some(body)) = (uid_of(attributes), body) {
                bodies.insert(uid, body);
            }
        })
        .await?;
        Ok(bodies)
    }

    /// The head of a mail, or how it begins; `None` if the mail is gone.
    pub async fn head(&mut self, uid: u32) -> Result<Option<Vec<u8>>, Failed> {
        let mut head = None;
        let command = format!("UID FETCH {uid} (UID BODY.PEEK[HEADER]<0.{HEAD}>)");
        self.ask(&command, self.patience, |response| {
            let Response::Fetch(_, attributes) = response else { return };
            let data = attributes.iter().find_map(|one| match one {
                AttributeValue::BodySection { data: Some(data), .. } => Some(data.to_vec()),
                _ => None,
            });
            if uid_of(attributes) == Some(uid) {
                head = data.or(head.take());
            }
        })
        .await?;
        Ok(head)
    }

    /// Moves mails to a folder, which is made if it is missing. Those that are gone do not matter.
    pub async fn move_to(&mut self, uids: &[u32], folder: &str) -> Result<(), Fault> {
        let (set, name) = (names::set(uids), names::quoted(folder));
        let verb = if self.offers.moving { "MOVE" } else { "COPY" };
        let command = format!("UID {verb} {set} {name}");
        match self.ask(&command, self.patience * 5, |_| {}).await {
            Ok(()) => {}
            Err(Failed::Fault(fault)) => return Err(fault),
            Err(Failed::Refused(_)) => {
                self.create(&name).await?;
                let again = self.ask(&command, self.patience * 5, |_| {}).await;
                again.map_err(|failed| failed.at(Step::Target))?;
            }
        }
        if self.offers.moving { Ok(()) } else { self.delete(uids).await }
    }

    /// Makes a folder. The server refuses when it exists, or when it must not be: using it will tell.
    async fn create(&mut self, name: &str) -> Result<(), Fault> {
        match self.ask(&format!("CREATE {name}"), self.patience, |_| {}).await {
            Ok(()) | Err(Failed::Refused(_)) => Ok(()),
            Err(Failed::Fault(fault)) => Err(fault),
        }
    }

    /// Deletes mails. Where the server cannot delete single ones they are only marked.
    pub async fn delete(&mut self, uids: &[u32]) -> Result<(), Fault> {
        let set = names::set(uids);
        let command = format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)");
        self.ask(&command, self.patience * 5, |_| {}).await?;
        if self.offers.uidplus {
            self.ask(&format!("UID EXPUNGE {set}"), self.patience * 5, |_| {}).await?;
        }
        Ok(())
    }

    /// Waits until the server tells of something new in the open folder, at most for `limit`.
    pub async fn wait(&mut self, limit: Duration) -> Result<(), Fault> {
        if self.news {
            return Ok(());
        }
        let tag = self.send("IDLE").await?.0;
        let mut told = false;
        let until = tokio::time::Instant::now() + limit;
        loop {
            let next = match tokio::time::timeout_at(until, self.inner.read_response()).await {
                Err(_) => break,
                Ok(read) => came(read)?,
            };
            match next.parsed() {
                Response::Done { outcome, .. } => {
                    let said = outcome.information.as_deref().unwrap_or_default();
                    return Err(Fault::of_answer(Step::Other, said));
                }
                Response::MailboxData(MailboxDatum::Exists(_) | MailboxDatum::Recent(_)) => told = true,
                _ => {}
            }
            // News may come before the server says that it is listening.
            if told {
                break;
            }
        }
        self.inner.run_command_untagged("DONE").await.map_err(lost)?;
        self.until_done(&tag, self.patience, |_| {}).await?;
        Ok(())
    }

    async fn send(&mut self, command: &str) -> Result<async_imap::imap_proto::RequestId, Fault> {
        self.inner.run_command(command).await.map_err(lost)
    }

    /// Sends a command and shows `each` untagged answer until the tagged one; `patience` is for each.
    async fn ask(
        &mut self,
        command: &str,
        patience: Duration,
        each: impl FnMut(&Response<'_>),
    ) -> Result<(), Failed> {
        let sent = tokio::time::timeout(patience, self.send(command)).await;
        let tag = sent.unwrap_or(Err(Trouble::Timeout.into())).map_err(Failed::Fault)?.0;
        self.until_done(&tag, patience, each).await
    }

    async fn until_done(
        &mut self,
        expected: &str,
        patience: Duration,
        mut each: impl FnMut(&Response<'_>),
    ) -> Result<(), Failed> {
        loop {
            let read = tokio::time::timeout(patience, self.inner.read_response()).await;
            let read = read.map_err(|_| Failed::Fault(Trouble::Timeout.into()))?;
            let response = came(read).map_err(Failed::Fault)?;
            match response.parsed() {
                Response::Done { tag, status, outcome } if tag.0 == expected => {
                    let said = outcome.information.as_deref().unwrap_or_default();
                    return match status {
                        Status::Ok => Ok(()),
                        _ => Err(Failed::Refused(said.to_owned())),
                    };
                }
                Response::Data { status: Status::Bye, outcome } => {
                    let said = outcome.information.as_deref().unwrap_or_default();
                    let fault = Fault::of_answer(Step::Other, said);
                    let trouble =
                        if fault.trouble == Trouble::Protocol { Trouble::Lost } else { fault.trouble };
                    return Err(Failed::Fault(Fault { trouble, ..fault }));
                }
                other => {
                    self.news |= matches!(other, Response::MailboxData(MailboxDatum::Exists(_)));
                    each(other);
                }
            }
        }
    }
}

impl Failed {
    fn at(self, step: Step) -> Fault {
        match self {
            Self::Refused(said) => Fault::of_answer(step, &said),
            Self::Fault(fault) => fault,
        }
    }
}

/// An answer, unless the server hung up.
fn came<T>(read: io::Result<Option<T>>) -> Result<T, Fault> {
    match read {
        Ok(Some(response)) => Ok(response),
        Ok(None) => Err(Trouble::Lost.into()),
        Err(error) => Err(Fault::of_io(&error)),
    }
}

fn uid_of(attributes: &[AttributeValue<'_>]) -> Option<u32> {
    attributes.iter().find_map(|one| match one {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}

fn lost(error: async_imap::error::Error) -> Fault {
    match error {
        async_imap::error::Error::Io(error) => Fault::of_io(&error),
        _ => Trouble::Lost.into(),
    }
}

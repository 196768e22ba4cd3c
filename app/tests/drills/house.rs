//! A house for drills: the real program with its database, the mail servers around it, and a clock that may jump.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use kitt::cases::{Answer, Channel, Destination, Incoming};
use kitt::mailboxes::{Afterwards, Draft, OauthSettings, Provider, Security, Since};
use kitt::platform::{Actor, App, Clock as KittClock, Given, Language, Role};
use kitt::{cases, customers, mailboxes, node, people};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::book::{Book, Line};
use super::imap::Post;
use super::server::{Server, free_port};
use crate::support::dovecot::Dovecot;
use crate::support::faketime::Clock;
use crate::support::{postgres, smtp};

/// Each has a mailbox whose mails are treated afterwards as the name says.
pub const USERS: [(&str, Afterwards); 3] =
    [("keep", Afterwards::Keep), ("move", Afterwards::Move), ("delete", Afterwards::Delete)];
/// Where the mails of `move` go.
pub const DONE: &str = "Fertig";
const PASSWORD: &str = "geheim";
/// Longer than every lease: what a dead process had in hand is free then.
const LEASES: Duration = Duration::from_mins(6);

/// The server's clock is ahead of ours by nearly the time in which answers can be taken back: they leave in a second.
const UNDONE: i64 = 9;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

impl fmt::Display for On {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// Everything of it goes when dropped.
pub struct House {
    server: Option<Server>,
    pub data: PathBuf,
    pub database: String,
    pub smtp: SocketAddr,
    pub web: SocketAddr,
    /// Lets a program in.
    pub token: String,
    pub relay: smtp::Server,
    pub imap: Dovecot,
    pub clock: Clock,
    pub postgres: Option<postgres::Own>,
    pub book: Arc<Book>,
    numbers: AtomicUsize,
    runtime: Runtime,
    folder: TempDir,
}

impl House {
    /// Furnished, not yet started. `data` is elsewhere for drills that harm the disk.
    pub fn build(on: On, data: Option<&Path>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("kitt-drill-").tempdir()?;
        let data = data.map_or_else(|| folder.path().join("data"), Path::to_owned);
        let postgres = if on == On::Postgres { Some(postgres::Own::start()?) } else { None };
        let database = match &postgres {
            Some(server) => server.database()?.url,
            None => format!("sqlite:{}", data.join("kitt.sqlite").display()),
        };
        let mut house = Self {
            server: None,
            data,
            database,
            smtp: free_port()?,
            web: free_port()?,
            token: String::new(),
            relay: smtp::Server::start()?,
            imap: Dovecot::start()?,
            clock: Clock::in_folder(folder.path())?,
            postgres,
            book: Arc::new(Book::in_folder(folder.path())?),
            numbers: AtomicUsize::new(0),
            runtime: Runtime::new()?,
            folder,
        };
        house.furnish()?;
        house.clock.by(UNDONE)?;
        Ok(house)
    }

    fn furnish(&mut self) -> Result<()> {
        for (user, _) in USERS {
            self.imap.add_user(user, PASSWORD)?;
        }
        // Dovecot reads its list of users again when that is of another second.
        std::thread::sleep(Duration::from_millis(1100));
        for (user, _) in USERS {
            Post::connect(self.imap.port, user, PASSWORD)?.command(&format!("CREATE {DONE}"))?;
        }
        let port = self.imap.port;
        self.token = self.with(async |app| {
            people::found_house(app).await?;
            let queue = people::queues(&mut app.db.read().await?).await?[0].id;
            let actor = Actor::kitt("drill");
            for (user, afterwards) in USERS {
                let draft = Draft {
                    name: user.into(),
                    queue,
                    provider: Provider::Password,
                    host: "127.0.0.1".into(),
                    port,
                    security: Security::None,
                    login: user.into(),
                    secret: Some(PASSWORD.into()),
                    oauth: OauthSettings::default(),
                    folders: vec!["INBOX".into()],
                    afterwards,
                    move_to: if afterwards == Afterwards::Move { DONE.into() } else { String::new() },
                    since: Since::All,
                    largest: 35 << 20,
                };
                mailboxes::add(app, &actor, &draft).await?;
            }
            Ok(people::create_token(app, &actor, "drill", Role::Admin).await?)
        })?;
        Ok(())
    }

    fn given(&self) -> Given {
        Given {
            data: Some(self.data.clone()),
            database: Some(self.database.clone()),
            listen: Some(self.web),
            smtp_listen: Some(self.smtp),
            smtp_relay: Some(format!("smtp://{}", self.relay.address)),
            mail_from: Some("service@haus.example".into()),
            check_senders: Some(false),
            ..Given::default()
        }
    }

    /// As another program at the same database, which is gone afterwards.
    pub fn with<T>(&self, work: impl AsyncFnOnce(&App) -> Result<T>) -> Result<T> {
        self.runtime.block_on(async {
            let app = node::open(self.given().complete()?, KittClock::real()).await?;
            let done = work(&app).await;
            app.db.close().await;
            done
        })
    }

    /// The command that serves this house.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kitt"));
        let relay = format!("smtp://{}", self.relay.address);
        command
            .args(["serve", "--database", &self.database, "--check-senders", "false"])
            .args(["--listen", &self.web.to_string(), "--smtp-listen", &self.smtp.to_string()])
            .args(["--smtp-relay", &relay, "--mail-from", "service@haus.example", "--data"])
            .arg(&self.data)
            .envs(self.clock.environment())
            .stdin(Stdio::null());
        command
    }

    pub fn start(&mut self) -> Result<()> {
        let server = Server::run(&mut self.command(), &self.log_file(), self.smtp)?;
        self.server = Some(server);
        Ok(())
    }

    pub fn pid(&self) -> Result<u32> {
        Ok(self.server.as_ref().context("the server runs")?.pid())
    }

    /// Fails if the server ended by itself.
    pub fn still_runs(&mut self) -> Result<()> {
        let ended = self.server.as_mut().context("the server runs")?.ended()?;
        ensure!(ended.is_none(), "the server ended ({ended:?}): {}", self.log()?);
        Ok(())
    }

    /// `kill -9`.
    pub fn kill(&mut self) -> Result<()> {
        self.server.take().context("the server runs")?.kill()
    }

    /// What a dead process had in hand is free again.
    pub fn leases_end(&self) -> Result<()> {
        self.clock.by(i64::try_from(LEASES.as_secs())?)
    }

    /// Stops it in order.
    pub fn stop(&mut self) -> Result<()> {
        self.server.take().context("the server runs")?.stop()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// What the server wrote.
    pub fn log(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.log_file())?)
    }

    /// A number for a mail, each once.
    pub fn number(&self) -> usize {
        self.numbers.fetch_add(1, Ordering::SeqCst)
    }

    /// So many mails for each mailbox, and answers to customers which leave in a second.
    pub fn work_comes_in(&self, mails: usize, answers: usize) -> Result<()> {
        for (user, _) in USERS {
            let mut post = Post::connect(self.imap.port, user, PASSWORD)?;
            for _ in 0..mails {
                let mail = self.number();
                let (uidvalidity, uid) = post.append(&raw(mail))?;
                self.book.note(&Line::Put { user: user.into(), uidvalidity, uid, mail })?;
            }
        }
        let promised: Vec<usize> = (0..answers).map(|_| self.number()).collect();
        self.with(async |app| promise(app, &promised).await)?;
        for mail in promised {
            self.book.note(&Line::Promised { mail })?;
        }
        Ok(())
    }
}

/// A mail by its number. Every fifth says no Message-ID, every hundredth is so large that it becomes a blob. All have a
/// date: what has neither date nor id counts as said twice when a sender that lost our answer repeats it.
pub fn raw(mail: usize) -> String {
    let id = if mail.is_multiple_of(5) {
        String::new()
    } else {
        format!("Message-ID: <{mail}@drill.example>\r\n")
    };
    let much = if mail % 100 == 7 { "Viel Text.\r\n".repeat(30_000) } else { String::new() };
    let (subject, minute, second) = (subject(mail), mail / 60 % 60, mail % 60);
    format!(
        "From: Kunde {mail} <k{mail}@example.org>\r\nTo: service@haus.example\r\n{id}Subject: {subject}\r\n\
         Date: Mon, 16 Nov 2026 08:{minute:02}:{second:02} +0100\r\n\r\n\
         Guten Tag, dies ist Nummer {mail}.\r\n{much}"
    )
}

pub fn subject(mail: usize) -> String {
    format!("Drill {mail}")
}

/// Where an answer goes: every domain is another, so that no pace holds them up.
pub fn recipient(mail: usize) -> String {
    format!("kunde@d{mail}.example")
}

/// A case for each number, and an answer to it, all in one transaction.
async fn promise(app: &App, mails: &[usize]) -> Result<()> {
    let actor = Actor::kitt("drill");
    let mut tx = app.db.write().await?;
    let queue = people::queues(&mut tx).await?.swap_remove(0);
    for mail in mails {
        let address = recipient(*mail);
        let mut book = customers::book(&mut tx, [address.as_str()]).await?;
        let customer =
            customers::of_address(app, &mut tx, &actor, &mut book, &address, None, Language::De).await?;
        let incoming = Incoming {
            channel: Channel::Phone,
            at: app.now(),
            customer,
            author: "Kunde".into(),
            from_address: None,
            to_address: None,
            subject: subject(*mail),
            text: "Wo ist mein Paket?".into(),
            quoted: None,
            signature: None,
            html: None,
            into: Destination::New(queue.clone()),
            automatic: false,
            stranger: false,
            received: None,
            shortened: false,
            attachments: Vec::new(),
            recipients: Vec::new(),
            talk: None,
        };
        let (case, _) = cases::receive(app, &mut tx, &actor, incoming).await?;
        let text = format!("Nummer {mail} kommt morgen.");
        let answer = Answer { text, to: Some(address), ..Answer::default() };
        cases::reply_in(app, &mut tx, &actor, case, answer).await?;
    }
    tx.commit().await?;
    Ok(())
}

//! Mail fetched from real servers: every mail once, whatever breaks in between.

mod house;
mod oauth;
mod proof;
mod server;
mod troubles;

use std::time::Duration;

use anyhow::{Result, ensure};
use kitt::channels;
use kitt::mailboxes;
use kitt::mailboxes::service::{self, Pace};
use kitt::mailboxes::{
    Activity, Afterwards, Draft, MailboxMail, OauthSettings, Provider, Security, Since, Status, Trouble,
};
use kitt::platform::{MailboxId, Timestamp, sql};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::dovecot::Dovecot;
use crate::world::World;

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// Stories have no time to wait as houses do.
const QUICK: Pace = Pace {
    answer: Duration::from_secs(20),
    first_pause: Duration::from_millis(50),
    longest_pause: Duration::from_millis(300),
    idle: Duration::from_secs(30),
    poll: Duration::from_millis(200),
    look: Duration::from_millis(50),
    lease: Duration::from_secs(9),
};

const ANNA: &str = "anna@haus.example";

fn mail(number: usize) -> String {
    format!(
        "From: Ingrid Sommerauer <ingrid{number}@example.org>\r\nTo: anna@haus.example\r\n\
         Subject: Lampe {number}\r\nMessage-ID: <{number}@example.org>\r\nDate: Mon, 16 Nov 2026 08:00:00 +0100\r\n\r\n\
         Guten Tag, Lampe {number} flackert.\r\n"
    )
}

/// Fetches in the background; stops when told so.
struct Fetching {
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Fetching {
    async fn end(mut self) {
        self.stop.cancel();
        for task in self.tasks.drain(..) {
            drop(task.await);
        }
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl World {
    fn fetch(&self) -> Fetching {
        let stop = CancellationToken::new();
        let tasks = vec![
            tokio::spawn(service::run_at(self.app.clone(), QUICK, stop.clone())),
            tokio::spawn(channels::worker::run(self.app.clone(), stop.clone())),
        ];
        Fetching { stop, tasks }
    }

    /// Anna's mailbox on this server, with her password.
    fn draft(&self, port: u16) -> Draft {
        Draft {
            name: "Anna".into(),
            queue: self.queue,
            provider: Provider::Password,
            host: "127.0.0.1".into(),
            port,
            security: Security::None,
            login: ANNA.into(),
            secret: Some("ganz geheim".into()),
            oauth: OauthSettings::default(),
            folders: vec!["INBOX".into()],
            afterwards: Afterwards::Keep,
            move_to: String::new(),
            since: Since::All,
            largest: 35 << 20,
        }
    }

    async fn add(&self, draft: &Draft) -> Result<MailboxId> {
        Ok(mailboxes::add(&self.app, &self.admin, draft).await?)
    }

    async fn status_of(&self, id: MailboxId) -> Result<Status> {
        Ok(mailboxes::status(&mut self.read().await?, id).await?)
    }

    /// Waits until `count` cases are there.
    async fn cases_open(&self, count: i64) -> Result<()> {
        self.until(&format!("{count} cases"), async || Ok(count <= self.count_cases().await?)).await
    }

    async fn count_cases(&self) -> Result<i64> {
        Ok(sql("SELECT COUNT(*) FROM cases").value(&mut self.read().await?).await?)
    }

    async fn count_received(&self) -> Result<i64> {
        Ok(sql("SELECT COUNT(*) FROM received").value(&mut self.read().await?).await?)
    }

    /// Everything there is was fetched.
    async fn waits(&self, id: MailboxId) -> Result<()> {
        self.until("waiting for mail", async || Ok(self.status_of(id).await?.activity == Activity::Waiting))
            .await
    }

    async fn is_in(&self, id: MailboxId, trouble: Trouble) -> Result<()> {
        self.until(&format!("trouble: {trouble}"), async || {
            Ok(self.status_of(id).await?.trouble == Some(trouble))
        })
        .await
    }

    async fn accounted(&self, id: MailboxId) -> Result<Vec<MailboxMail>> {
        Ok(mailboxes::accounts(&mut self.read().await?, id, Timestamp(0)).await?)
    }

    async fn until(&self, what: &str, mut is_so: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
        let start = tokio::time::Instant::now();
        while !is_so().await? {
            if PATIENCE < start.elapsed() {
                let states: Vec<Status> =
                    sql("SELECT * FROM mailbox_states").all(&mut self.read().await?).await?;
                ensure!(false, "not after {PATIENCE:?}: {what}; {states:?}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

/// A server where Anna has a mailbox.
async fn annas_server() -> Result<Dovecot> {
    tokio::task::spawn_blocking(|| {
        let server = Dovecot::start()?;
        server.add_user(ANNA, "ganz geheim")?;
        Ok(server)
    })
    .await?
}

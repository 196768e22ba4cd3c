//! Serves every mailbox in a task of its own, with its own connection: one in trouble stops no other.
//!
//! With several nodes, the one that holds a mailbox's lease serves it. What changes a mailbox raises its version,
//! and its task begins anew; it may be cut off anywhere, since a position moves only after a mail is durable.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::fault::Fault;
use super::fetch;
use super::imap;
use super::imap::{Server, Session};
use super::login::{self, Memory};
use super::model::{Activity, Mailbox, Trouble};
use super::store;
use super::tls;
use crate::channels::worker;
use crate::platform::{App, Error, MailboxId, Result};

/// How fast and how patient.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// For each answer of a server.
    pub answer: Duration,
    /// After the first failure; it grows up to `longest_pause`.
    pub first_pause: Duration,
    pub longest_pause: Duration,
    /// A server that tells of new mail is asked all the same: connections die silently.
    pub idle: Duration,
    /// A server, or a further folder, that cannot tell is asked so often.
    pub poll: Duration,
    /// Changes made on other nodes are seen so soon.
    pub look: Duration,
    /// A node that is silent for so long loses its mailboxes to others.
    pub lease: Duration,
}

impl Pace {
    pub const USUAL: Self = Self {
        answer: Duration::from_mins(1),
        first_pause: Duration::from_secs(5),
        longest_pause: Duration::from_mins(15),
        idle: Duration::from_mins(4),
        poll: Duration::from_mins(1),
        look: Duration::from_secs(2),
        lease: Duration::from_secs(90),
    };
}

/// Serves until `stop`.
pub fn run(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    run_at(app, Pace::USUAL, stop)
}

/// As [`run`], faster or slower.
pub fn run_at(app: App, pace: Pace, stop: CancellationToken) -> BoxFuture<'static, ()> {
    async move {
        let memory = app.part::<Memory>();
        let mut served = HashMap::new();
        while !stop.is_cancelled() {
            if let Err(error) = reconcile(&app, pace, &mut served).await {
                tracing::error!(error = format!("{error:?}"), "cannot look for mailboxes");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = memory.changed.notified() => {}
                () = tokio::time::sleep(pace.look) => {}
            }
        }
        for (_, one) in served {
            one.end().await;
        }
    }
    .boxed()
}

/// A mailbox in the hands of this node.
struct Served {
    version: i64,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Served {
    fn start(app: &App, pace: Pace, id: MailboxId, version: i64) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(serve(app.clone(), pace, id, stop.clone()));
        Self { version, stop, task }
    }

    async fn end(self) {
        self.stop.cancel();
        // It cannot panic: what it does is caught.
        drop(self.task.await);
    }
}

async fn reconcile(app: &App, pace: Pace, served: &mut HashMap<MailboxId, Served>) -> Result<()> {
    let wanted: HashMap<MailboxId, i64> =
        store::wanted(&mut app.db.read().await?).await?.into_iter().collect();
    let stale = |id: &MailboxId, one: &Served| wanted.get(id) != Some(&one.version);
    let ended: Vec<_> = served.extract_if(|id, one| stale(id, one)).collect();
    futures::future::join_all(ended.into_iter().map(|(_, one)| one.end())).await;
    for (id, version) in wanted {
        served.entry(id).or_insert_with(|| Served::start(app, pace, id, version));
    }
    Ok(())
}

async fn serve(app: App, pace: Pace, id: MailboxId, stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = while_ours(&app, pace, id) => {}
    }
    let released = async {
        let mut tx = app.db.write().await?;
        store::release(&mut tx, id, &worker::node(&app)).await?;
        tx.commit().await
    };
    if let Err(error) = released.await {
        tracing::warn!(error = format!("{error:?}"), "a mailbox cannot be handed over at once");
    }
}

async fn while_ours(app: &App, pace: Pace, id: MailboxId) {
    loop {
        match lease(app, pace, id).await {
            Ok(true) => {
                tokio::select! {
                    () = attempts(app, pace, id) => {}
                    () = hold(app, pace, id) => {}
                }
            }
            Ok(false) => {}
            Err(error) => tracing::error!(error = format!("{error:?}"), "cannot ask for a mailbox"),
        }
        tokio::time::sleep(pace.look).await;
    }
}

async fn lease(app: &App, pace: Pace, id: MailboxId) -> Result<bool> {
    let mut tx = app.db.write().await?;
    let ours = store::lease(&mut tx, id, &worker::node(app), app.now(), app.now() + pace.lease).await?;
    tx.commit().await?;
    Ok(ours)
}

/// Returns when the lease is lost.
async fn hold(app: &App, pace: Pace, id: MailboxId) {
    let mut held = tokio::time::Instant::now();
    while held.elapsed() < pace.lease {
        tokio::time::sleep(pace.lease / 3).await;
        match lease(app, pace, id).await {
            Ok(true) => held = tokio::time::Instant::now(),
            Ok(false) => return,
            Err(error) => tracing::warn!(error = format!("{error:?}"), "a lease cannot be renewed"),
        }
    }
}

/// One connection after the other, with growing pauses in between; returns when the mailbox is gone.
async fn attempts(app: &App, pace: Pace, id: MailboxId) {
    let failures = AtomicU32::new(0);
    loop {
        let attempt = AssertUnwindSafe(attempt(app, pace, id, &failures)).catch_unwind().await;
        let fault = match attempt {
            Ok(Ok(())) => return,
            Ok(Err(fault)) => fault,
            Err(_) => Trouble::Kitt.into(),
        };
        if fault.trouble == Trouble::TokenRefused {
            app.part::<Memory>().forget_token(id);
        }
        let failures = failures.fetch_add(1, Ordering::Relaxed) + 1;
        let pause = fault.pause(pace.first_pause, pace.longest_pause, failures, rand::random());
        tracing::warn!(mailbox = id.0, trouble = %fault.trouble, failures, ?pause, "a mailbox is in trouble");
        if let Err(error) = note_trouble(app, id, fault, pause).await {
            tracing::error!(error = format!("{error:?}"), "a mailbox's trouble cannot be noted");
        }
        tokio::time::sleep(pause).await;
    }
}

/// Serves over one connection until that fails; `Ok` if there is no such mailbox any more.
async fn attempt(app: &App, pace: Pace, id: MailboxId, failures: &AtomicU32) -> Result<(), Fault> {
    let found = store::mailbox(&mut app.db.read().await?, id).await;
    let mailbox = match found {
        Ok(mailbox) => mailbox,
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    note(app, id, Activity::Connecting).await?;
    let mut session = open(app, pace, &mailbox).await?;
    let mut fresh = true;
    loop {
        fetch::everything(app, &mut session, &mailbox, fresh).await?;
        fresh = false;
        failures.store(0, Ordering::Relaxed);
        note(app, id, Activity::Waiting).await?;
        if session.can_idle() {
            let alone = mailbox.folders.len() == 1;
            session.wait(if alone { pace.idle } else { pace.poll }).await?;
        } else {
            tokio::time::sleep(pace.poll).await;
        }
    }
}

/// Connects and logs in.
pub async fn open(app: &App, pace: Pace, mailbox: &Mailbox) -> Result<Session, Fault> {
    let trust = tls::trust(app.settings()).map_err(Error::from)?;
    let login = login::login(app, mailbox).await?;
    let server = Server { host: mailbox.host.clone(), port: mailbox.port, security: mailbox.security };
    imap::connect(&server, &trust, login, pace.answer).await
}

async fn note(app: &App, id: MailboxId, activity: Activity) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::set_activity(&mut tx, id, activity, (0, 0), app.now()).await?;
    tx.commit().await?;
    tell(app);
    Ok(())
}

async fn note_trouble(app: &App, id: MailboxId, fault: Fault, pause: Duration) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::set_trouble(&mut tx, id, fault.trouble, fault.said, app.now(), app.now() + pause).await?;
    tx.commit().await?;
    tell(app);
    Ok(())
}

/// Who looks at the mailboxes sees at once how they fare.
pub fn tell(app: &App) {
    app.live.tell(vec!["mailboxes".into()]);
}

//! One running Kitt: opens what it needs, starts everything, and stops without losing anything.

use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use axum::extract::State;
use futures::FutureExt;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::rustls;
use tokio_util::sync::CancellationToken;

use crate::SLICES;
use crate::cases;
use crate::channels;
use crate::journal;
use crate::journal::listeners;
use crate::people;
use crate::platform::{
    App, Blobs, Clock, Db, Result, Settings, jobs, jump, migrate, pending, search, server, sql,
};
use crate::upkeep;

/// Jobs that run at the same time.
const WORKERS: usize = 4;

/// Opens database and blobs and brings them to this version.
pub async fn open(settings: Settings, clock: Clock) -> anyhow::Result<App> {
    // Clients that are given no cryptography of their own take this; who was first stays.
    drop(rustls::crypto::ring::default_provider().install_default());
    std::fs::create_dir_all(&settings.data).with_context(|| {
        format!(
            "cannot create the data folder {}: please choose another with --data",
            settings.data.display()
        )
    })?;
    let db = Db::connect(&settings.database).await?;
    if settings.backup_before_migration
        && let Some(number) = pending(&db).await?
    {
        let saved = upkeep::before_migration(&db, &settings, number, clock.now().moment()).await?;
        tracing::info!(folder = %saved.display(), "the database becomes a newer one: it was saved before");
    }
    migrate(&db).await?;
    let blobs = Blobs::in_folder(&settings.data.join("blobs"), db.clone())?;
    let secret = secret(&db).await?;
    App::new(db, blobs, settings, secret, clock)
}

/// The key that signs reply addresses, made once per house.
async fn secret(db: &Db) -> anyhow::Result<[u8; 32]> {
    let mut tx = db.write().await?;
    sql("INSERT INTO settings (name, value) VALUES ('secret', $1) ON CONFLICT (name) DO NOTHING")
        .bind(blake3::Hash::from_bytes(rand::random()).to_hex().as_str())
        .run(&mut tx)
        .await?;
    let text: String = sql("SELECT value FROM settings WHERE name = 'secret'").value(&mut tx).await?;
    tx.commit().await?;
    Ok(*blake3::Hash::from_hex(text)?.as_bytes())
}

/// Holds the data folder for one server; released when dropped or when the process dies.
pub struct FolderLock(#[expect(dead_code, reason = "held, not read")] File);

/// # Errors
///
/// If another server uses the folder, or it cannot be written.
pub fn lock_folder(data: &Path) -> anyhow::Result<FolderLock> {
    std::fs::create_dir_all(data).with_context(|| {
        format!("cannot create the data folder {}: please choose another with --data", data.display())
    })?;
    let file = File::create(data.join("kitt.lock")).with_context(|| {
        format!("cannot write into the data folder {}: please check its owner", data.display())
    })?;
    match file.try_lock() {
        Ok(()) => Ok(FolderLock(file)),
        Err(TryLockError::WouldBlock) => {
            bail!(
                "another kitt already uses the data folder {}: stop it first or choose another with --data",
                data.display()
            )
        }
        Err(TryLockError::Error(error)) => Err(error).context("cannot lock the data folder"),
    }
}

/// What waits in tables, and is put right when the clock goes back.
static WAITING: [jump::Waiting; 2] = [
    jump::Waiting {
        went_back: |tx, jump| jobs::clock_went_back(tx, jump).boxed(),
        came_late: |tx, late| jobs::came_late(tx, late).boxed(),
    },
    jump::Waiting {
        went_back: |tx, jump| channels::clock_went_back(tx, jump).boxed(),
        came_late: |tx, late| channels::came_late(tx, late).boxed(),
    },
];

/// A started node.
pub struct Running {
    pub app: App,
    /// Where the pages are.
    pub address: SocketAddr,
    tasks: JoinSet<()>,
    stop: CancellationToken,
}

/// Starts everything: listeners, jobs, services of the slices, pages.
pub async fn start(app: App) -> anyhow::Result<Running> {
    let settings = app.settings();
    let socket = TcpListener::bind(settings.listen).await.with_context(|| {
        format!(
            "cannot listen on {}: is another program using it? Choose another with --listen",
            settings.listen
        )
    })?;
    let address = socket.local_addr()?;
    let tls = settings.tls.as_ref().map(server::tls).transpose()?;
    // Before anything happens by the clock of now.
    let last = journal::last_at(&mut app.db.read().await?).await?;
    // Who is ready takes mail.
    let port = channels::smtp::bind(&app).await?;
    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();
    tasks.spawn(listeners::broadcast(app.clone(), cases::sight::places, stop.clone()));
    for slice in SLICES.iter() {
        for listener in slice.listeners {
            tasks.spawn(listeners::run(app.clone(), listener, stop.clone()));
        }
        for service in slice.services {
            tasks.spawn(service(app.clone(), stop.clone()));
        }
    }
    tasks.spawn(port.serve(app.clone(), stop.clone()));
    let kinds: Vec<_> = SLICES.iter().flat_map(|slice| slice.jobs.iter().copied()).collect();
    for _ in 0..WORKERS {
        tasks.spawn(jobs::work(app.clone(), kinds.clone(), stop.clone()));
    }
    tasks.spawn(jump::watch(app.clone(), last, &WAITING, stop.clone()));
    tasks.spawn(search::run(app.clone(), crate::search_sources(), stop.clone()));
    tasks.spawn(server::serve(socket, tls, crate::router(app.clone()), stop.clone()));
    Ok(Running { app, address, tasks, stop })
}

impl Running {
    /// Finishes requests and jobs at hand, then closes the database.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
        self.app.db.close().await;
    }

    /// Runs until the process is asked to stop.
    ///
    /// # Errors
    ///
    /// If a part ended by itself. Half a Kitt would take mail that nobody files: better none, until whoever
    /// watches over the process starts it again.
    pub async fn until_asked(mut self) -> anyhow::Result<()> {
        let ended = tokio::select! {
            asked = asked_to_stop() => asked.map_err(Into::into),
            ended = self.tasks.join_next() => Err(match ended {
                Some(Err(error)) => anyhow!("a part of Kitt panicked: {error}"),
                Some(Ok(())) | None => anyhow!("a part of Kitt ended by itself"),
            }),
        };
        tracing::info!("stopping: finishing what is at hand");
        self.stop().await;
        ended
    }
}

/// Returns when somebody ends the process politely.
pub async fn asked_to_stop() -> std::io::Result<()> {
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = term.recv() => Ok(()),
        asked = tokio::signal::ctrl_c() => asked,
    }
}

/// `/readyz`: can the database be read?
pub async fn ready(State(app): State<App>) -> Result<&'static str> {
    let mut tx = app.db.read().await?;
    let _: i64 = sql("SELECT COUNT(*) FROM settings").value(&mut tx).await?;
    Ok("ready")
}

/// The link that lets the first administrator in, while nobody can log in.
pub async fn first_link(app: &App, address: SocketAddr) -> Result<Option<String>> {
    let token = people::found_house(app).await?;
    let settings = app.settings();
    // Port 0 was chosen by the system, so the configured address would lead nowhere.
    let origin = if settings.listen.port() == 0 { format!("http://{address}") } else { settings.origin() };
    Ok(token.map(|token| format!("{origin}/welcome/{token}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Given;

    async fn house(folder: &Path, smtp: SocketAddr) -> anyhow::Result<App> {
        let given = Given {
            data: Some(folder.to_owned()),
            listen: Some(([127, 0, 0, 1], 0).into()),
            smtp_listen: Some(smtp),
            ..Given::default()
        };
        open(given.complete()?, Clock::real()).await
    }

    #[tokio::test]
    async fn a_house_answers_until_a_part_of_it_panics() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut running = start(house(folder.path(), ([127, 0, 0, 1], 0).into()).await?).await?;
        let page = reqwest::get(format!("http://{}/readyz", running.address)).await?;
        assert_eq!(page.text().await?, "ready");

        running.tasks.spawn(async { panic!("out of order") });
        let ended = running.until_asked().await;

        assert!(ended.is_err_and(|error| error.to_string().contains("a part of Kitt panicked")));
        Ok(())
    }

    #[tokio::test]
    async fn without_its_mail_port_a_house_does_not_open() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let taken = TcpListener::bind("127.0.0.1:0").await?;

        let started = start(house(folder.path(), taken.local_addr()?).await?).await;

        assert!(started.err().is_some_and(|error| error.to_string().contains("--smtp-listen")));
        Ok(())
    }
}

//! `kitt restore`: a house from its backup.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};

use super::{BLOBS, CARD, Card, Kind, dump, files};
use crate::node;
use crate::platform::{App, Clock, Db, Settings, dialect};

/// Brings the house in `folder` into an empty data folder and, with PostgreSQL, an empty database; opens it.
///
/// The caller holds the lock of the data folder, so that no server runs there.
///
/// # Errors
///
/// If the backup is not whole, or there is a house already. Nothing is overwritten.
pub async fn restore(folder: &Path, settings: Settings) -> anyhow::Result<App> {
    let card = read_card(folder)?;
    let file = folder.join(&card.file);
    ensure!(
        files::hash(&file)? == card.hash,
        "{} is not as it was when the backup was made: please take another backup",
        file.display()
    );
    let wanted = if settings.database.starts_with("sqlite:") { Kind::Sqlite } else { Kind::Postgres };
    if card.database != wanted {
        bail!(
            "this is a backup of a {} database: it can only be restored into one of the same kind (--database)",
            if card.database == Kind::Sqlite { "SQLite" } else { "PostgreSQL" }
        );
    }
    ensure_empty(&settings).await?;
    let blobs = (folder.join(BLOBS), settings.data.join(BLOBS));
    let copied = tokio::task::spawn_blocking(move || files::copy_blobs(&blobs.0, &blobs.1, files::copy));
    copied.await.context("copying panicked")??;
    match wanted {
        Kind::Sqlite => {
            files::copy(&file, Path::new(sqlite_file(&settings)))?;
            files::settle(&settings.data)?;
        }
        Kind::Postgres => dump::read(&settings.database, &file).await?,
    }
    // Of what was just restored there is a backup.
    node::open(Settings { backup_before_migration: false, ..settings }, Clock::real()).await
}

fn read_card(folder: &Path) -> anyhow::Result<Card> {
    let path = folder.join(CARD);
    let text = fs::read(&path)
        .with_context(|| format!("{} is not a whole backup: it has no {CARD}", folder.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} cannot be understood", path.display()))
}

fn sqlite_file(settings: &Settings) -> &str {
    settings.database.strip_prefix("sqlite:").unwrap_or(&settings.database)
}

async fn ensure_empty(settings: &Settings) -> anyhow::Result<()> {
    let data = settings.data.display();
    if settings.database.starts_with("sqlite:") {
        ensure!(
            !Path::new(sqlite_file(settings)).exists(),
            "there is a house in {data} already: please restore into an empty folder, or move it away first"
        );
        return Ok(());
    }
    let db = Db::connect(&settings.database).await?;
    let tables = dialect::tables(&mut db.read().await?).await?;
    db.close().await;
    ensure!(tables.is_empty(), "the database is not empty: please restore into an empty one");
    Ok(())
}

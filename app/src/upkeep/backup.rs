//! `kitt backup`: a copy of one moment, while the house goes on.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::Timestamp;

use super::{BLOBS, CARD, Card, Kind, dump, files};
use crate::platform::{App, Db, Settings};

/// What was saved, for who asked.
#[derive(Debug)]
pub struct Saved {
    pub file: PathBuf,
    pub new_blobs: usize,
}

/// Saves the house into `folder`, which is created, or holds an earlier backup of it.
///
/// The database first: blobs are written before the rows that name them, so that every blob it names is there
/// when the blobs are copied afterwards. The earlier backup stays whole until the new one is.
///
/// # Errors
///
/// If the folder is used for something else, or something cannot be read or written.
pub async fn backup(app: &App, folder: &Path) -> anyhow::Result<Saved> {
    prepare(app, folder)?;
    let source = Source { db: &app.db, settings: app.settings(), now: app.now().moment(), link_blobs: false };
    save(&source, folder).await
}

/// What is saved.
pub struct Source<'a> {
    pub db: &'a Db,
    pub settings: &'a Settings,
    pub now: Timestamp,
    /// The blobs are the same files under a second name.
    pub link_blobs: bool,
}

/// As [`backup`], into a folder that was looked at.
pub async fn save(source: &Source<'_>, folder: &Path) -> anyhow::Result<Saved> {
    let Source { db, settings, now, link_blobs } = *source;
    let (kind, end) = if db.is_postgres() { (Kind::Postgres, "dump") } else { (Kind::Sqlite, "sqlite") };
    let name = format!("database-{}.{end}", now.strftime("%Y%m%dT%H%M%S%.6fZ"));
    let file = folder.join(&name);
    match kind {
        Kind::Sqlite => db.copy_sqlite(&file).await?,
        Kind::Postgres => dump::make(&settings.database, &file).await?,
    }
    let blobs = (settings.data.join(BLOBS), folder.join(BLOBS));
    let put = if link_blobs { files::link } else { files::copy };
    let copied = tokio::task::spawn_blocking(move || files::copy_blobs(&blobs.0, &blobs.1, put));
    let new_blobs = copied.await.context("copying panicked")??;
    let card = Card {
        kitt: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        database: kind,
        hash: files::hash(&file)?,
        file: name,
    };
    finish(folder, &card)?;
    Ok(Saved { file, new_blobs })
}

fn prepare(app: &App, folder: &Path) -> anyhow::Result<()> {
    let data = fs::canonicalize(&app.settings().data)?;
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    if fs::canonicalize(folder)?.starts_with(&data) {
        bail!("a backup inside the data folder would be lost with it: please choose another folder");
    }
    if !folder.join(CARD).exists() && fs::read_dir(folder)?.next().is_some() {
        bail!("{} is neither empty nor a backup: please choose another folder", folder.display());
    }
    Ok(())
}

/// The card makes it a backup; then the databases of earlier ones may go.
fn finish(folder: &Path, card: &Card) -> anyhow::Result<()> {
    fs::File::open(folder.join(&card.file))?.sync_all()?;
    files::settle(folder)?;
    let draft = folder.join("backup.json.new");
    fs::write(&draft, serde_json::to_vec_pretty(card)?).context("cannot write the backup's card")?;
    files::copy(&draft, &folder.join(CARD))?;
    fs::remove_file(&draft)?;
    files::settle(folder)?;
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let is_earlier = name.to_str().is_some_and(|name| name.starts_with("database-") && name != card.file);
        if is_earlier {
            fs::remove_file(folder.join(name))?;
        }
    }
    Ok(())
}

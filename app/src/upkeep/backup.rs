//! `kitt backup`: a copy of one moment, while the house goes on.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::{BLOBS, CARD, Card, Kind, dump, files};
use crate::platform::App;

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
    let now = app.now().moment();
    let (kind, end) = if app.db.is_postgres() { (Kind::Postgres, "dump") } else { (Kind::Sqlite, "sqlite") };
    let name = format!("database-{}.{end}", now.strftime("%Y%m%dT%H%M%S%.6fZ"));
    let file = folder.join(&name);
    match kind {
        Kind::Sqlite => app.db.copy_sqlite(&file).await?,
        Kind::Postgres => dump::make(&app.settings().database, &file).await?,
    }
    let blobs = (app.settings().data.join(BLOBS), folder.join(BLOBS));
    let copied = tokio::task::spawn_blocking(move || files::copy_blobs(&blobs.0, &blobs.1));
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

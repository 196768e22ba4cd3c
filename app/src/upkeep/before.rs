//! A backup before the database is brought to a newer version, so that there is a way back.
//!
//! It is what `kitt backup` makes, below the data folder, and `kitt restore` takes it. Blobs are the same files under
//! a second name and take no room: nobody ever changes one. The last three stay.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::Timestamp;

use super::backup::{Source, save};
use super::files;
use crate::platform::{Db, Settings, dialect};

/// So many of these backups stay.
const KEPT: usize = 3;
/// Bytes that have to be left beside the backup.
const SPARE: u64 = 32 * 1024 * 1024;

/// Saves the house before migration `number` is applied; where to.
///
/// # Errors
///
/// If that is not possible. Then nothing must be changed.
pub async fn before_migration(
    db: &Db,
    settings: &Settings,
    number: usize,
    now: Timestamp,
) -> anyhow::Result<PathBuf> {
    let all = settings.data.join("backups");
    let folder = all.join(format!("before-{number:04}-{}", now.strftime("%Y%m%dT%H%M%S%.3fZ")));
    let saved = async {
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let needed = dialect::size(&mut db.read().await?).await?;
        ensure_room(needed, fs4::available_space(&folder)?)?;
        save(&Source { db, settings, now, link_blobs: true }, &folder).await
    };
    if let Err(error) = saved.await {
        drop(fs::remove_dir_all(&folder));
        return Err(error.context(
            "the database has to be brought to this version of Kitt, and cannot be saved before that: nothing was \
             changed. Please make what is missing right, or make a backup yourself and start once with \
             --backup-before-migration false",
        ));
    }
    forget(&all)?;
    Ok(folder)
}

fn ensure_room(needed: u64, free: u64) -> anyhow::Result<()> {
    let megabytes = |bytes: u64| bytes.div_ceil(1024 * 1024);
    if free < needed + SPARE {
        bail!(
            "the disk of the data folder has {} MB left, and a backup of the database may need {} MB",
            megabytes(free),
            megabytes(needed + SPARE)
        );
    }
    Ok(())
}

/// Removes all but the newest.
fn forget(all: &Path) -> anyhow::Result<()> {
    let mut backups = Vec::new();
    for entry in fs::read_dir(all)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // "before-0016-20261122T080000.000Z"
        if let Some((_, at)) = name.strip_prefix("before-").and_then(|rest| rest.split_once('-')) {
            backups.push((at.to_owned(), all.join(&name)));
        }
    }
    backups.sort();
    let old = backups.len().saturating_sub(KEPT);
    for (_, folder) in backups.drain(..old) {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    files::settle(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_without_room_is_told_in_megabytes() {
        assert!(ensure_room(10 << 20, 42 << 20).is_ok());
        let error = ensure_room(10 << 20, 41 << 20).expect_err("one megabyte is missing");
        let said = "the disk of the data folder has 41 MB left, and a backup of the database may need 42 MB";
        assert_eq!(error.to_string(), said);
    }

    #[test]
    fn the_last_three_stay_whatever_they_were_made_before() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        for name in [
            "before-0020-20261101T080000.000Z",
            "before-0016-20261122T080000.000Z",
            "before-0017-20261123T080000.000Z",
            "before-0017-20261124T080000.000Z",
            "mine",
        ] {
            fs::create_dir(folder.path().join(name))?;
        }
        forget(folder.path())?;
        let mut left: Vec<_> = fs::read_dir(folder.path())?
            .map(|one| one.map(|one| one.file_name()))
            .collect::<Result<_, _>>()?;
        left.sort();
        let expected = [
            "before-0016-20261122T080000.000Z",
            "before-0017-20261123T080000.000Z",
            "before-0017-20261124T080000.000Z",
            "mine",
        ];
        assert_eq!(left, expected);
        Ok(())
    }
}

//! Raw mails and attachments, addressed by their content (BLAKE3).
//!
//! Large ones are files, small ones rows: a new file costs several waits for the disk. Either is durable before a
//! row names it. The same bytes are kept once.

mod stream;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};

use super::db::{Db, Tx, portions, sql};

/// The name of a blob: 64 hexadecimal digits.
pub type BlobId = String;

/// Up to so many bytes a blob is a row.
const SMALL: usize = 64 * 1024;

/// Small blobs that are kept together. By their names, so that two writers never wait for each other crosswise.
pub type SmallBlobs = BTreeMap<BlobId, Bytes>;

#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    db: Db,
    /// Where what is still coming waits for its name.
    staging: PathBuf,
}

impl Blobs {
    /// Blobs in the database and in a local folder, created when missing.
    pub fn in_folder(folder: &Path, db: Db) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        // Off by default there: a crash could otherwise lose what was acknowledged.
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), db, staging: folder.to_owned() })
    }

    /// Keeps `bytes` durably.
    pub async fn put(&self, bytes: Bytes) -> anyhow::Result<BlobId> {
        let mut small = SmallBlobs::new();
        let id = self.put_or_collect(bytes, &mut small).await?;
        self.put_small(&small).await?;
        Ok(id)
    }

    /// As [`Self::put`]; small ones are left to [`Self::put_small`], which keeps many in one transaction.
    pub async fn put_or_collect(&self, bytes: Bytes, small: &mut SmallBlobs) -> anyhow::Result<BlobId> {
        let id = blake3::hash(&bytes).to_hex().to_string();
        if bytes.len() <= SMALL {
            small.insert(id.clone(), bytes);
        } else {
            // Also when it is there: another writer of the same bytes may not have reached the disk yet.
            self.store.put(&key(&id), bytes.into()).await.context("cannot keep a blob")?;
        }
        Ok(id)
    }

    /// Keeps `small` durably.
    pub async fn put_small(&self, small: &SmallBlobs) -> anyhow::Result<()> {
        if small.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.write().await?;
        insert(&mut tx, small).await?;
        Ok(tx.commit().await?)
    }

    /// As [`Self::put`], within a transaction of the caller: beginning another would wait for it for ever.
    pub async fn put_in(&self, tx: &mut Tx, bytes: Bytes) -> anyhow::Result<BlobId> {
        let mut small = SmallBlobs::new();
        let id = self.put_or_collect(bytes, &mut small).await?;
        insert(tx, &small).await?;
        Ok(id)
    }

    pub async fn get(&self, id: &str) -> anyhow::Result<Bytes> {
        match self.store.get(&key(id)).await {
            Ok(found) => Ok(found.bytes().await?),
            Err(missing @ object_store::Error::NotFound { .. }) => {
                let row = self.row(id).await?;
                row.map(Bytes::from).ok_or(missing).with_context(|| format!("blob {id}"))
            }
            Err(error) => Err(error).with_context(|| format!("blob {id}")),
        }
    }

    async fn row(&self, id: &str) -> anyhow::Result<Option<Vec<u8>>> {
        let mut tx = self.db.glance();
        Ok(sql("SELECT bytes FROM small_blobs WHERE hash = $1").bind(id).maybe_value(&mut tx).await?)
    }

    /// Are the bytes there, and still those that were put?
    pub async fn is_sound(&self, id: &str) -> bool {
        self.get(id).await.is_ok_and(|bytes| blake3::hash(&bytes).to_hex().as_str() == id)
    }
}

async fn insert(tx: &mut Tx, small: &SmallBlobs) -> anyhow::Result<()> {
    let rows: Vec<(&BlobId, &Bytes)> = small.iter().collect();
    for portion in portions(&rows) {
        let rows = portion.iter().map(|(id, bytes)| vec![(*id).clone().into(), bytes.to_vec().into()]);
        sql("INSERT INTO small_blobs (hash, bytes) VALUES ")
            .push_rows(rows)
            .push(" ON CONFLICT (hash) DO NOTHING")
            .run(tx)
            .await?;
    }
    Ok(())
}

/// Two levels, so that no folder grows too large.
fn key(id: &str) -> Key {
    let (first, rest) = id.split_at_checked(2).unwrap_or(("00", id));
    Key::from_iter([first, rest])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::migrate;

    #[tokio::test]
    async fn the_same_bytes_are_kept_once_and_come_back_whatever_their_size() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let db = Db::connect(&format!("sqlite:{}", folder.path().join("kitt.db").display())).await?;
        migrate(&db).await?;
        let blobs = Blobs::in_folder(&folder.path().join("blobs"), db)?;

        for bytes in [Bytes::from_static(b"Guten Tag"), Bytes::from(vec![7; SMALL + 1])] {
            let first = blobs.put(bytes.clone()).await?;
            let second = blobs.put(bytes.clone()).await?;

            assert_eq!(first, second);
            assert_eq!(blobs.get(&first).await?, bytes);
            assert!(blobs.is_sound(&first).await);
        }
        assert!(!blobs.is_sound(&"0".repeat(64)).await);
        Ok(())
    }
}

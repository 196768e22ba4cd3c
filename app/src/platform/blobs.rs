//! Large bytes: raw mails and attachments, addressed by their content (BLAKE3).
//!
//! A blob is on disk, fsynced, before a row names it. The same bytes are kept once.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};

/// The name of a blob: 64 hexadecimal digits.
pub type BlobId = String;

#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
}

impl Blobs {
    /// Blobs in a local folder, created when missing.
    pub fn in_folder(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        // Off by default there: a crash could otherwise lose what was acknowledged.
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store) })
    }

    /// Keeps `bytes` durably.
    ///
    /// Written also when it is there: another writer of the same bytes may not have reached the disk yet.
    pub async fn put(&self, bytes: Bytes) -> anyhow::Result<BlobId> {
        let id = blake3::hash(&bytes).to_hex().to_string();
        self.store.put(&key(&id), bytes.into()).await.context("cannot keep a blob")?;
        Ok(id)
    }

    pub async fn get(&self, id: &str) -> anyhow::Result<Bytes> {
        let found = self.store.get(&key(id)).await.with_context(|| format!("blob {id}"))?;
        Ok(found.bytes().await?)
    }

    /// Are the bytes there, and still those that were put?
    pub async fn is_sound(&self, id: &str) -> bool {
        self.get(id).await.is_ok_and(|bytes| blake3::hash(&bytes).to_hex().as_str() == id)
    }
}

/// Two levels, so that no folder grows too large.
fn key(id: &str) -> Key {
    let (first, rest) = id.split_at_checked(2).unwrap_or(("00", id));
    Key::from_iter([first, rest])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_bytes_are_kept_once_and_come_back() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let blobs = Blobs::in_folder(folder.path())?;

        let first = blobs.put(Bytes::from_static(b"Guten Tag")).await?;
        let second = blobs.put(Bytes::from_static(b"Guten Tag")).await?;

        assert_eq!(first, second);
        assert_eq!(blobs.get(&first).await?, "Guten Tag");
        assert!(blobs.is_sound(&first).await);
        assert!(!blobs.is_sound(&"0".repeat(64)).await);
        Ok(())
    }
}

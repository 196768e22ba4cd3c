//! Blobs piece by piece, so that a large file never has to fit into the memory.

use anyhow::Context;
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt};
use object_store::ObjectStoreExt;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use super::{BlobId, Blobs, key};

/// Larger blobs are written in pieces of this size.
const PIECE: usize = 8 * 1024 * 1024;

/// The bytes of a blob as they come from where they are.
type Pieces = BoxStream<'static, std::io::Result<Bytes>>;

impl Blobs {
    /// The size of a blob and its bytes; `None` if it is not there.
    pub async fn stream(&self, id: &str) -> anyhow::Result<Option<(u64, Pieces)>> {
        match self.store.get(&key(id)).await {
            Ok(found) => {
                let size = found.meta.size;
                let pieces = found.into_stream().map(|piece| piece.map_err(std::io::Error::other));
                Ok(Some((size, pieces.boxed())))
            }
            Err(object_store::Error::NotFound { .. }) => {
                let Some(row) = self.row(id).await? else { return Ok(None) };
                let size = u64::try_from(row.len())?;
                Ok(Some((size, stream::iter([Ok(row.into())]).boxed())))
            }
            Err(error) => Err(error).with_context(|| format!("blob {id}")),
        }
    }

    /// Begins a blob; nothing is kept before [`Writing::finish`].
    pub fn write(&self) -> anyhow::Result<Writing> {
        // It has no name: whatever happens, it leaves nothing behind.
        let file = tempfile::tempfile_in(&self.staging).context("cannot stage a blob")?;
        Ok(Writing {
            blobs: self.clone(),
            file: File::from_std(file),
            hasher: blake3::Hasher::new(),
            size: 0,
        })
    }
}

/// A blob on its way.
pub struct Writing {
    blobs: Blobs,
    file: File,
    hasher: blake3::Hasher,
    size: u64,
}

impl Writing {
    /// Bytes so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    pub async fn add(&mut self, piece: &[u8]) -> anyhow::Result<()> {
        self.hasher.update(piece);
        self.size += u64::try_from(piece.len())?;
        self.file.write_all(piece).await.context("cannot stage a blob")
    }

    /// Keeps the blob durably.
    pub async fn finish(mut self) -> anyhow::Result<BlobId> {
        self.file.flush().await?;
        self.file.rewind().await?;
        let id = self.hasher.finalize().to_hex().to_string();
        let mut piece = self.piece().await?;
        if piece.len() < PIECE {
            return self.blobs.put(piece).await;
        }
        let mut upload = self.blobs.store.put_multipart(&key(&id)).await.context("cannot keep a blob")?;
        while !piece.is_empty() {
            upload.put_part(piece.into()).await.context("cannot keep a blob")?;
            piece = self.piece().await?;
        }
        upload.complete().await.context("cannot keep a blob")?;
        Ok(id)
    }

    /// The next bytes, fewer than a whole piece only at the end.
    async fn piece(&mut self) -> anyhow::Result<Bytes> {
        let mut piece = Vec::with_capacity(PIECE);
        (&mut self.file).take(u64::try_from(PIECE)?).read_to_end(&mut piece).await?;
        Ok(piece.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{Db, migrate};

    #[tokio::test]
    async fn what_comes_piece_by_piece_is_the_same_blob() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let db = Db::connect(&format!("sqlite:{}", folder.path().join("kitt.db").display())).await?;
        migrate(&db).await?;
        let blobs = Blobs::in_folder(&folder.path().join("blobs"), db)?;
        for size in [0, 10, PIECE, 2 * PIECE + 7] {
            let bytes: Vec<u8> = (0..=250).cycle().take(size).collect();
            let mut writing = blobs.write()?;
            for piece in bytes.chunks(1_000_003) {
                writing.add(piece).await?;
            }
            assert_eq!(writing.size(), u64::try_from(size)?);
            let id = writing.finish().await?;
            assert_eq!(id, blake3::hash(&bytes).to_hex().as_str());
            assert!(blobs.is_sound(&id).await, "{size} bytes");
            let (said, pieces) = blobs.stream(&id).await?.context("it is there")?;
            let pieces: Vec<Bytes> = pieces.map(Result::unwrap_or_default).collect().await;
            assert_eq!((said, pieces.concat().len()), (u64::try_from(size)?, size));
        }
        assert!(blobs.stream(&"0".repeat(64)).await?.is_none());
        Ok(())
    }
}

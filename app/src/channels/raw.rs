//! Raw messages at rest: compressed in their row up to 256 kB, in a blob beyond.

use anyhow::Context;
use bytes::Bytes;

use crate::platform::{App, BlobId, Result};

/// Larger messages are blobs: rows stay small enough for the database's cache.
const LARGEST_IN_ROW: usize = 256 * 1024;

/// Where the bytes are.
#[derive(Debug, Clone)]
pub struct Kept {
    /// BLAKE3, hexadecimal.
    pub hash: String,
    pub size: i64,
    /// lz4, with its length in front; `None` if they are a blob.
    pub bytes: Option<Vec<u8>>,
    /// Durable already.
    pub blob: Option<BlobId>,
}

/// BLAKE3, hexadecimal.
pub fn hash(raw: &[u8]) -> String {
    blake3::hash(raw).to_hex().to_string()
}

/// Prepares bytes for their row; large ones are durable as a blob when this returns.
pub async fn keep(app: &App, raw: &[u8]) -> Result<Kept> {
    let size = i64::try_from(raw.len()).unwrap_or(i64::MAX);
    if raw.len() <= LARGEST_IN_ROW {
        let hash = hash(raw);
        return Ok(Kept { hash, size, bytes: Some(lz4_flex::compress_prepend_size(raw)), blob: None });
    }
    let blob = app.blobs.put(Bytes::copy_from_slice(raw)).await?;
    // A blob's name is the hash of its content.
    Ok(Kept { hash: blob.clone(), size, bytes: None, blob: Some(blob) })
}

/// The bytes again.
pub async fn load(app: &App, bytes: Option<Vec<u8>>, blob: Option<&str>) -> Result<Vec<u8>> {
    if let Some(blob) = blob {
        return Ok(app.blobs.get(blob).await?.to_vec());
    }
    let bytes = bytes.context("a kept message has neither bytes nor a blob")?;
    Ok(lz4_flex::decompress_size_prepended(&bytes).context("a kept message cannot be decompressed")?)
}

//! A fresh SQLite database per test.
//!
//! A temporary file, never `:memory:`: with two pools that would be two databases.

use anyhow::Result;
use tempfile::TempDir;

/// Gone, with its folder, when dropped.
#[derive(Debug)]
pub struct Database {
    pub url: String,
    folder: TempDir,
}

impl Database {
    /// For what belongs beside the database: blobs, index, logs.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// An empty database; the file comes into being with the first connection.
pub fn database() -> Result<Database> {
    let folder = tempfile::Builder::new().prefix("kitt-sqlite-").tempdir()?;
    let url = format!("sqlite://{}", folder.path().join("kitt.sqlite").display());
    Ok(Database { url, folder })
}

//! What keeps a house's data safe: `kitt check`, `kitt backup` and `kitt restore`, and a backup before migrations.
//!
//! A backup is a folder: the database as of one moment, every blob that it names, and `backup.json`, which is
//! written last. Backing up into the same folder again copies only blobs that are new. Deliberately absent so far:
//! erasures that happened after a backup are not repeated by a restore.

mod backup;
mod before;
mod check;
mod dump;
mod files;
mod restore;

pub use backup::backup;
pub use before::before_migration;
pub use check::{Report, check, check_telling};
pub use restore::restore;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The file that makes a folder a backup.
const CARD: &str = "backup.json";
const BLOBS: &str = "blobs";

/// What is in a backup.
#[derive(Debug, Serialize, Deserialize)]
struct Card {
    /// The version of the program that made it.
    kitt: String,
    made_at: Timestamp,
    database: Kind,
    /// The file with the database.
    file: String,
    /// BLAKE3 of that file, hexadecimal.
    hash: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Sqlite,
    Postgres,
}

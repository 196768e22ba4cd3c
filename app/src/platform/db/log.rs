//! SQLite's log: what was committed stands there until it is moved into the database.

use std::time::Duration;

use sqlx::SqlitePool;
use tokio::sync::watch;

/// It is moved so often while there are news.
const EVERY: Duration = Duration::from_secs(1);

/// Moves what was committed from the log into the database, beside the writer: otherwise now and then somebody's commit
/// would wait until it is moved. Ends with the database.
///
/// Two connections that write and move at once need SQLite 3.51.3: before that a move could take new pages for old ones.
pub(super) async fn keep_moving(log: SqlitePool, mut news: watch::Receiver<u64>) {
    let mut moves = true;
    while news.changed().await.is_ok() {
        tokio::time::sleep(EVERY).await;
        match sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&log).await {
            Ok(_) => moves = true,
            Err(sqlx::Error::PoolClosed) => return,
            // Nobody else tells of it: when the writer cannot move the log it commits all the same. Told once, and tried
            // again with the next news.
            Err(error) if moves => {
                moves = false;
                tracing::warn!(%error, "SQLite's log cannot be moved into the database, and grows until it can");
            }
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};

    use super::*;

    fn opened(file: &Path, create: bool) -> SqlitePool {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("wal_autocheckpoint", "0");
        SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options)
    }

    async fn told(news: &watch::Sender<u64>) {
        news.send_modify(|count| *count += 1);
        tokio::time::sleep(EVERY * 2).await;
    }

    #[tokio::test]
    async fn the_log_is_moved_also_after_it_could_not_be() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("kitt.db");
        let news = watch::Sender::new(0);
        let moving = tokio::spawn(keep_moving(opened(&file, false), news.subscribe()));
        told(&news).await;
        assert!(!file.exists(), "it makes no database");

        let writer = opened(&file, true);
        sqlx::query("CREATE TABLE said (what BLOB)").execute(&writer).await.expect("a table");
        let said = "INSERT INTO said (what) VALUES (randomblob(1000000))";
        sqlx::query(said).execute(&writer).await.expect("a row");
        let size = || file.metadata().expect("a file").len();
        assert!(size() < 500_000, "it stands in the log");
        told(&news).await;

        assert!(1_000_000 < size(), "it stands in the database");
        drop(news);
        moving.await.expect("it ends with the news");
    }

    #[tokio::test]
    async fn sqlite_bears_that_two_connections_write_and_move_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let pool = opened(&folder.path().join("kitt.db"), true);
        let version: String =
            sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&pool).await.expect("a version");
        let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();

        assert!([3_u32, 51, 3].as_slice() <= numbers.as_slice(), "{version}");
    }
}

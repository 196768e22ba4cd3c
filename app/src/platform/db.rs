//! One SQL text, two databases: `sql("… $1 …").bind(x).one::<Row>(&mut tx)`.
//!
//! A statement keeps its arguments and runs on whichever driver is behind the transaction, so that slices
//! hold plain SQL in plain functions. What differs between the databases is in [`super::dialect`] only.

mod arg;
mod blank;
mod ids;
mod kept;
mod later;
mod log;
mod once;
mod statement;

use std::collections::HashSet;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use futures::FutureExt;
use futures::future::{self, BoxFuture};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow, Postgres};
use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection, Database, FromRow, Pool, Transaction};
use tokio::sync::watch;

pub use arg::Arg;
pub use blank::Column;
use ids::Ids;
pub use kept::Kept;
use kept::{Memory, Versions};
use later::Later;
pub use later::{Table, insert_rows, key_lists, portions};
pub use statement::{Sql, sql};

use super::error::Result;

/// Statements kept prepared per connection; a busy node uses some 200 different ones.
const STATEMENTS: usize = 500;
/// A PostgreSQL connection that was idle for longer is asked whether it is alive before it is used.
const JUST_USED: Duration = Duration::from_secs(1);
/// Connections for reading; SQLite readers never wait for the writer.
const READERS: u32 = 8;

/// The database of this node, with a bell that rings after every commit that recorded a fact.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    news: Arc<watch::Sender<u64>>,
    memory: Arc<Memory>,
}

#[derive(Clone)]
enum Pools {
    Sqlite { write: SqlitePool, read: SqlitePool, log: SqlitePool },
    Postgres(PgPool),
}

/// A transaction. What was not committed is rolled back when it is dropped.
pub struct Tx {
    inner: Inner,
    news: Arc<watch::Sender<u64>>,
    recorded: bool,
    later: Later,
    ids: Ids,
    /// What it locked already.
    locks: HashSet<(&'static str, i64)>,
    memory: Arc<Memory>,
    versions: Versions,
    /// It only reads.
    reads: bool,
    /// Columns that hold none of a key, see [`Tx::look`].
    blank: HashSet<(Column, i64)>,
    known: once::Known,
    /// The run of a rule in which this happens.
    cause: Option<i64>,
    /// How what happens in it came to be, as the journal calls it.
    way: Option<&'static str>,
}

enum Inner {
    Sqlite(Line<Sqlite>),
    Postgres(Line<Postgres>),
}

/// Where statements go.
enum Line<D: Database> {
    Transaction(Transaction<'static, D>),
    /// Each statement by itself, on a connection that is taken for the first and kept for the next ones.
    Plain(Pool<D>, Option<PoolConnection<D>>),
}

impl<D: Database> Line<D> {
    async fn commit(self) -> Result<()> {
        match self {
            Self::Transaction(tx) => tx.commit().await?,
            Self::Plain(..) => {}
        }
        Ok(())
    }

    async fn connection(&mut self) -> Result<&mut D::Connection> {
        match self {
            Self::Transaction(tx) => Ok(tx),
            Self::Plain(pool, held) => {
                let connection = match held.take() {
                    Some(connection) => connection,
                    None => pool.acquire().await?,
                };
                Ok(held.insert(connection))
            }
        }
    }

    fn rest(&mut self) {
        if let Self::Plain(_, held) = self {
            *held = None;
        }
    }
}

impl Db {
    /// Connects to `url`: `sqlite:FILE` (created when missing) or `postgres://…`.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        let pools = if let Some(file) = url.strip_prefix("sqlite:") {
            connect_sqlite(Path::new(file)).await?
        } else {
            let options = PgConnectOptions::from_str(url)
                .context("the database URL must look like postgres://user:password@host/name or sqlite:FILE")?
                .statement_cache_capacity(STATEMENTS);
            let pool = PgPoolOptions::new()
                .max_connections(24)
                .test_before_acquire(false)
                .before_acquire(|connection, meta| {
                    Box::pin(async move {
                        // One that was just in use is alive; asking each time would cost a round trip.
                        if JUST_USED < meta.idle_for {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                })
                .acquire_timeout(Duration::from_secs(10))
                .connect_with(options)
                .await
                .context("cannot connect to PostgreSQL")?;
            Pools::Postgres(pool)
        };
        let news = Arc::new(watch::Sender::new(0));
        if let Pools::Sqlite { log, .. } = &pools {
            tokio::spawn(log::keep_moving(log.clone(), news.subscribe()));
        }
        Ok(Self { pools, news, memory: Arc::default() })
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.pools, Pools::Postgres(_))
    }

    /// Begins a write.
    ///
    /// On SQLite there is one writer at a time, so what a command has read stays true until its commit.
    /// On PostgreSQL writers run in parallel: a command first locks what it decides about
    /// (see [`super::dialect::lock`]). No network call between `write` and `commit`.
    pub async fn write(&self) -> Result<Tx> {
        let inner = match &self.pools {
            // A deferred BEGIN that upgrades later fails at once when another writer was faster.
            Pools::Sqlite { write, .. } => {
                Inner::Sqlite(Line::Transaction(write.begin_with("BEGIN IMMEDIATE").await?))
            }
            Pools::Postgres(pool) => Inner::Postgres(Line::Transaction(pool.begin().await?)),
        };
        let mut tx = self.begun(inner);
        tx.versions = Versions::of_write(tx.is_postgres());
        Ok(tx)
    }

    /// Begins a read: a view of one moment on SQLite, of each statement's moment on PostgreSQL.
    pub async fn read(&self) -> Result<Tx> {
        let inner = match &self.pools {
            Pools::Sqlite { read, .. } => Inner::Sqlite(Line::Transaction(read.begin().await?)),
            // Its statements see their own moments in a transaction, too, which would cost two round trips.
            Pools::Postgres(pool) => Inner::Postgres(Line::Plain(pool.clone(), None)),
        };
        let mut tx = self.begun(inner);
        tx.reads = true;
        Ok(tx)
    }

    /// Begins a read of one or two statements, each of its own moment: what every request does costs less so.
    pub fn glance(&self) -> Tx {
        let inner = match &self.pools {
            Pools::Sqlite { read, .. } => Inner::Sqlite(Line::Plain(read.clone(), None)),
            Pools::Postgres(pool) => Inner::Postgres(Line::Plain(pool.clone(), None)),
        };
        let mut tx = self.begun(inner);
        tx.reads = true;
        tx
    }

    fn begun(&self, inner: Inner) -> Tx {
        Tx {
            inner,
            news: self.news.clone(),
            recorded: false,
            later: Later::default(),
            ids: Ids::default(),
            locks: HashSet::new(),
            memory: self.memory.clone(),
            versions: Versions::default(),
            reads: false,
            blank: HashSet::new(),
            known: once::Known::new(),
            cause: None,
            way: None,
        }
    }

    /// Changes whenever this node committed a fact.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Copies an SQLite database as of this moment into a new file, while others read and write.
    pub async fn copy_sqlite(&self, file: &Path) -> anyhow::Result<()> {
        let Pools::Sqlite { read, .. } = &self.pools else { anyhow::bail!("this is not SQLite") };
        let path = file.to_str().context("the file's name is no text")?;
        sqlx::query("VACUUM INTO $1")
            .bind(path)
            .execute(read)
            .await
            .with_context(|| format!("cannot copy the database to {path}"))?;
        Ok(())
    }

    /// Closes all connections, after their transactions.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read, log } => {
                log.close().await;
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

async fn connect_sqlite(file: &Path) -> anyhow::Result<Pools> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous())
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(30))
        .statement_cache_capacity(STATEMENTS)
        // What was not moved beside the writer until then: 128 MB.
        .pragma("wal_autocheckpoint", "32000")
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "memory");
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .before_acquire(|connection, _| is_at_rest(connection))
        .acquire_timeout(Duration::from_mins(1))
        .connect_with(options.clone())
        .await
        .with_context(|| format!("cannot open the database {}", file.display()))?;
    let read = SqlitePoolOptions::new()
        .max_connections(READERS)
        .test_before_acquire(false)
        .before_acquire(|connection, _| is_at_rest(connection))
        .connect_with(options.clone().read_only(true).pragma("cache_size", "-8000"))
        .await
        .with_context(|| format!("cannot open the database {} for reading", file.display()))?;
    // One that was put away meanwhile does not come back empty.
    let log = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options.create_if_missing(false));
    Ok(Pools::Sqlite { write, read, log })
}

/// Can a transaction begin on it? After a full disk or a failed read SQLite has ended the transaction by itself,
/// which the driver does not notice: its connection could never begin another, or would read an old view for ever.
/// Such a one goes, and a new one takes its place.
fn is_at_rest(connection: &SqliteConnection) -> BoxFuture<'static, sqlx::Result<bool>> {
    future::ready(Ok(!connection.is_in_transaction())).boxed()
}

/// Every commit is on the disk before it returns.
fn synchronous() -> SqliteSynchronous {
    // The drills prove with it that they would notice; no release can be talked out of durability.
    #[cfg(debug_assertions)]
    if std::env::var("KITT_TEST_SYNCHRONOUS").is_ok_and(|value| value == "OFF") {
        return SqliteSynchronous::Off;
    }
    SqliteSynchronous::Full
}

impl Tx {
    pub async fn commit(mut self) -> Result<()> {
        self.insert_now().await?;
        self.count_change().await?;
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        if self.recorded {
            self.news.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.inner, Inner::Postgres(_))
    }

    /// Lets others have the connection while this waits for something else than the database, unless a transaction
    /// is on it: who waits with one in hand makes those wait who could go on.
    pub fn rest(&mut self) {
        match &mut self.inner {
            Inner::Sqlite(line) => line.rest(),
            Inner::Postgres(line) => line.rest(),
        }
    }

    /// Inserts a row together with others of its table, at the latest at the commit; a statement that names the
    /// table finds it there. For rows whose id nobody needs: one statement costs hardly more for fifty than for one.
    pub fn insert_later<const N: usize>(&mut self, table: &'static Table<N>, row: [Arg; N]) {
        self.later.push(table, row);
    }

    /// Inserts what waits: before the id of such a row is given to others, who may refer to it by any statement.
    pub async fn insert_now(&mut self) -> Result<()> {
        for insert in self.later.all(self.is_postgres()) {
            insert.on(self).await?;
        }
        Ok(())
    }

    /// The id that the next row of `table` gets: for rows that wait, and that others refer to.
    ///
    /// Every id that was asked for must be used by [`Self::insert_later`], in their order, or numbers are missing.
    pub async fn next_id(&mut self, table: &'static str) -> Result<i64> {
        ids::next(self, table).await
    }

    /// Fetches ids of several tables at once, where that is a round trip.
    pub async fn reserve_ids(&mut self, wanted: &[(&'static str, usize)]) -> Result<()> {
        ids::reserve(self, wanted).await
    }

    /// Remembers a lock; false if this transaction holds it already.
    pub(super) fn is_new_lock(&mut self, what: &'static str, key: i64) -> bool {
        self.locks.insert((what, key))
    }

    /// Facts that are recorded from now on have this cause: the run of a rule.
    pub const fn set_cause(&mut self, run: i64) {
        self.cause = Some(run);
    }

    pub const fn cause(&self) -> Option<i64> {
        self.cause
    }

    /// Facts that are recorded from now on came to be in this way.
    pub const fn set_way(&mut self, way: &'static str) {
        self.way = Some(way);
    }

    pub const fn way(&self) -> Option<&'static str> {
        self.way
    }

    /// A fact was recorded: ring the bell after the commit.
    pub(crate) fn ring_after_commit(&mut self) {
        self.recorded = true;
    }

    /// Runs several statements without arguments, as migrations do.
    pub(crate) async fn script(&mut self, text: &str) -> Result<()> {
        let text = AssertSqlSafe(text.to_owned());
        match &mut self.inner {
            Inner::Sqlite(tx) => sqlx::raw_sql(text).execute(tx.connection().await?).await?.rows_affected(),
            Inner::Postgres(tx) => sqlx::raw_sql(text).execute(tx.connection().await?).await?.rows_affected(),
        };
        Ok(())
    }
}

/// A row type that both drivers can fill; derive [`sqlx::FromRow`].
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

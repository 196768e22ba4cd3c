//! One SQL text, two databases: `sql("… $1 …").bind(x).one::<Row>(&mut tx)`.
//!
//! A statement keeps its arguments and runs on whichever driver is behind the transaction, so that slices
//! hold plain SQL in plain functions. What differs between the databases is in [`super::dialect`] only.

mod arg;
mod ids;
mod later;

use std::fmt::Write;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use futures::FutureExt;
use futures::future::{self, BoxFuture};
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow, Postgres};
use sqlx::sqlite::{
    Sqlite, SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool,
    SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection, FromRow, Transaction};
use tokio::sync::watch;

pub use arg::Arg;
use ids::Ids;
use later::Later;
pub use later::{Table, portions};

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
}

#[derive(Clone)]
enum Pools {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres(PgPool),
}

/// A transaction. What was not committed is rolled back when it is dropped.
pub struct Tx {
    inner: Inner,
    news: Arc<watch::Sender<u64>>,
    recorded: bool,
    later: Later,
    ids: Ids,
}

enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
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
        Ok(Self { pools, news: Arc::new(watch::Sender::new(0)) })
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
            Pools::Sqlite { write, .. } => Inner::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx {
            inner,
            news: self.news.clone(),
            recorded: false,
            later: Later::default(),
            ids: Ids::default(),
        })
    }

    /// Begins a read: a view of one moment on SQLite, of each statement's moment on PostgreSQL.
    pub async fn read(&self) -> Result<Tx> {
        let inner = match &self.pools {
            Pools::Sqlite { read, .. } => Inner::Sqlite(read.begin().await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx {
            inner,
            news: self.news.clone(),
            recorded: false,
            later: Later::default(),
            ids: Ids::default(),
        })
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
            Pools::Sqlite { write, read } => {
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
        // Fewer and larger moves from the log to the database: 32 MB.
        .pragma("wal_autocheckpoint", "8000")
        .pragma("cache_size", "-16000")
        .pragma("mmap_size", "268435456")
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
        .connect_with(options.read_only(true).pragma("cache_size", "-4000"))
        .await
        .with_context(|| format!("cannot open the database {} for reading", file.display()))?;
    Ok(Pools::Sqlite { write, read })
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
        for insert in self.later.all() {
            insert.on(&mut self).await?;
        }
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

    /// Inserts a row together with others of its table, at the latest at the commit; a statement that names the
    /// table finds it there. For rows whose id nobody needs: one statement costs hardly more for fifty than for one.
    pub fn insert_later<const N: usize>(&mut self, table: &'static Table<N>, row: [Arg; N]) {
        self.later.push(table, row);
    }

    /// The id that the next row of `table` gets: for rows that wait, and that others refer to.
    ///
    /// Every id that was asked for must be used by [`Self::insert_later`], in their order, or numbers are missing.
    pub async fn next_id(&mut self, table: &'static str) -> Result<i64> {
        ids::next(self, table).await
    }

    /// Fetches `count` ids of `table` at once, where that is a round trip.
    pub async fn reserve_ids(&mut self, table: &'static str, count: usize) -> Result<()> {
        ids::reserve(self, table, count).await
    }

    /// A fact was recorded: ring the bell after the commit.
    pub(crate) fn ring_after_commit(&mut self) {
        self.recorded = true;
    }

    /// Runs several statements without arguments, as migrations do.
    pub(crate) async fn script(&mut self, text: &str) -> Result<()> {
        let text = AssertSqlSafe(text.to_owned());
        match &mut self.inner {
            Inner::Sqlite(tx) => sqlx::raw_sql(text).execute(&mut **tx).await?.rows_affected(),
            Inner::Postgres(tx) => sqlx::raw_sql(text).execute(&mut **tx).await?.rows_affected(),
        };
        Ok(())
    }
}

/// A statement with its arguments.
pub struct Sql {
    text: String,
    args: Vec<Arg>,
    fixed: Option<&'static str>,
    /// Where `text` has the placeholders that were appended, each up to where its number ends.
    holes: Vec<(usize, usize)>,
}

/// A statement in the common subset of both databases, with `$1`, `$2`, …
pub fn sql(text: &'static str) -> Sql {
    Sql { text: String::new(), args: Vec::new(), fixed: Some(text), holes: Vec::new() }
}

impl Sql {
    /// Binds the next argument.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Arg>) -> Self {
        self.args.push(value.into());
        self
    }

    /// Appends text, for statements whose parts depend on a filter.
    #[must_use]
    pub fn push(mut self, text: &'static str) -> Self {
        self.thaw();
        self.text.push_str(text);
        self
    }

    /// Appends the next placeholder and binds its value.
    #[must_use]
    pub fn push_bind(mut self, value: impl Into<Arg>) -> Self {
        self.thaw();
        self.args.push(value.into());
        let start = self.text.len();
        write!(self.text, "${}", self.args.len()).expect("a string takes everything");
        self.holes.push((start, self.text.len()));
        self
    }

    /// Appends `($n, $n+1, …)`. An empty list matches nothing.
    #[must_use]
    pub fn push_list<T: Into<Arg>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self = self.push("(");
        let mut first = true;
        for value in values {
            if !first {
                self = self.push(", ");
            }
            self = self.push_bind(value);
            first = false;
        }
        if first { self.push("NULL)") } else { self.push(")") }
    }

    /// Appends `($n, …), ($n, …), …`.
    #[must_use]
    pub fn push_rows(mut self, rows: impl IntoIterator<Item = Vec<Arg>>) -> Self {
        for (at, row) in rows.into_iter().enumerate() {
            self = self.push(if at == 0 { "" } else { ", " }).push_list(row);
        }
        self
    }

    fn thaw(&mut self) {
        if let Some(fixed) = self.fixed.take() {
            self.text = fixed.to_owned();
        }
    }

    /// Inserts what this statement wants to see.
    async fn after_inserts(&self, tx: &mut Tx) -> Result<()> {
        let text = self.fixed.unwrap_or(&self.text);
        for insert in tx.later.named_in(text) {
            insert.on(tx).await?;
        }
        tx.ids.forget_named_in(text);
        Ok(())
    }

    /// Runs it; how many rows it touched.
    pub async fn run(self, tx: &mut Tx) -> Result<u64> {
        self.after_inserts(tx).await?;
        self.on(tx).await
    }

    async fn on(self, tx: &mut Tx) -> Result<u64> {
        match &mut tx.inner {
            Inner::Sqlite(tx) => {
                let (text, args) = self.for_sqlite();
                Ok(sqlx::query_with(AssertSqlSafe(text), args).execute(&mut **tx).await?.rows_affected())
            }
            Inner::Postgres(tx) => {
                let (text, args) = self.for_postgres();
                Ok(sqlx::query_with(AssertSqlSafe(text), args).execute(&mut **tx).await?.rows_affected())
            }
        }
    }

    /// The only row; [`super::Error::NotFound`] if there is none.
    pub async fn one<T: Row>(self, tx: &mut Tx) -> Result<T> {
        self.maybe(tx).await?.ok_or(super::Error::NotFound)
    }

    /// The first row, if any.
    pub async fn maybe<T: Row>(self, tx: &mut Tx) -> Result<Option<T>> {
        self.after_inserts(tx).await?;
        match &mut tx.inner {
            Inner::Sqlite(tx) => {
                let (text, args) = self.for_sqlite();
                Ok(sqlx::query_as_with(AssertSqlSafe(text), args).fetch_optional(&mut **tx).await?)
            }
            Inner::Postgres(tx) => {
                let (text, args) = self.for_postgres();
                Ok(sqlx::query_as_with(AssertSqlSafe(text), args).fetch_optional(&mut **tx).await?)
            }
        }
    }

    /// All rows.
    pub async fn all<T: Row>(self, tx: &mut Tx) -> Result<Vec<T>> {
        self.after_inserts(tx).await?;
        match &mut tx.inner {
            Inner::Sqlite(tx) => {
                let (text, args) = self.for_sqlite();
                Ok(sqlx::query_as_with(AssertSqlSafe(text), args).fetch_all(&mut **tx).await?)
            }
            Inner::Postgres(tx) => {
                let (text, args) = self.for_postgres();
                Ok(sqlx::query_as_with(AssertSqlSafe(text), args).fetch_all(&mut **tx).await?)
            }
        }
    }

    /// The first column of the only row.
    pub async fn value<T>(self, tx: &mut Tx) -> Result<T>
    where
        (T,): Row,
    {
        Ok(self.one::<(T,)>(tx).await?.0)
    }

    /// The first column of the first row, if any.
    pub async fn maybe_value<T>(self, tx: &mut Tx) -> Result<Option<T>>
    where
        (T,): Row,
    {
        Ok(self.maybe::<(T,)>(tx).await?.map(|row| row.0))
    }

    /// The first column of all rows.
    pub async fn values<T>(self, tx: &mut Tx) -> Result<Vec<T>>
    where
        (T,): Row,
    {
        Ok(self.all::<(T,)>(tx).await?.into_iter().map(|row| row.0).collect())
    }

    fn for_sqlite(self) -> (String, SqliteArguments) {
        let text = self.without_numbers();
        let mut args = SqliteArguments::default();
        for arg in self.args {
            arg.add_to(&mut args);
        }
        (text, args)
    }

    /// The text with `?` for `$n` where all placeholders were appended, and so stand in their order.
    ///
    /// SQLite takes `$n` for a name and walks all names to find one, which the rows of a mail group, a thousand
    /// values, would do a million times.
    fn without_numbers(&self) -> String {
        if let Some(fixed) = self.fixed {
            return fixed.to_owned();
        }
        if self.holes.len() != self.args.len() {
            return self.text.clone();
        }
        let mut text = String::with_capacity(self.text.len());
        let mut done = 0;
        for (start, end) in &self.holes {
            text.push_str(&self.text[done..*start]);
            text.push('?');
            done = *end;
        }
        text.push_str(&self.text[done..]);
        text
    }

    fn for_postgres(self) -> (String, PgArguments) {
        let mut args = PgArguments::default();
        for arg in self.args {
            arg.add_to(&mut args);
        }
        (self.fixed.map_or(self.text, str::to_owned), args)
    }
}

/// A row type that both drivers can fill; derive [`sqlx::FromRow`].
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

//! A statement with its arguments, for either database.

use std::fmt::Write;

use sqlx::AssertSqlSafe;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;

use super::arg::Array;
use super::{Arg, Inner, Row, Tx};
use crate::platform::error::{Error, Result};

/// A statement with its arguments.
pub struct Sql {
    pub(super) text: String,
    args: Vec<Arg>,
    fixed: Option<&'static str>,
    /// Where `text` has the placeholders that were appended, each up to where its number ends.
    holes: Vec<(usize, usize)>,
    /// Bound after `args`; PostgreSQL only.
    arrays: Vec<Array>,
}

/// A statement in the common subset of both databases, with `$1`, `$2`, …
pub fn sql(text: &'static str) -> Sql {
    Sql { text: String::new(), args: Vec::new(), fixed: Some(text), holes: Vec::new(), arrays: Vec::new() }
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

    /// Appends `(SELECT * FROM UNNEST(…))` of columns: the same text for any number of rows. PostgreSQL only.
    pub(super) fn push_columns(mut self, columns: Vec<Array>) -> Self {
        self.thaw();
        self.text.push_str("SELECT * FROM UNNEST(");
        for (at, column) in columns.iter().enumerate() {
            let before = if at == 0 { "" } else { ", " };
            let number = self.args.len() + at + 1;
            write!(self.text, "{before}${number}::{}[]", column.of()).expect("a string takes everything");
        }
        self.text.push(')');
        self.arrays = columns;
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
        tx.heed(text);
        for insert in tx.later.named_in(text, tx.is_postgres()) {
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

    pub(super) async fn on(self, tx: &mut Tx) -> Result<u64> {
        match &mut tx.inner {
            Inner::Sqlite(tx) => {
                let (text, args) = self.for_sqlite();
                Ok(sqlx::query_with(AssertSqlSafe(text), args)
                    .execute(tx.connection().await?)
                    .await?
                    .rows_affected())
            }
            Inner::Postgres(tx) => {
                let (text, args) = self.for_postgres();
                Ok(sqlx::query_with(AssertSqlSafe(text), args)
                    .execute(tx.connection().await?)
                    .await?
                    .rows_affected())
            }
        }
    }

    /// The only row; [`Error::NotFound`] if there is none.
    pub async fn one<T: Row>(self, tx: &mut Tx) -> Result<T> {
        self.maybe(tx).await?.ok_or(Error::NotFound)
    }

    /// The first row, if any.
    pub async fn maybe<T: Row>(self, tx: &mut Tx) -> Result<Option<T>> {
        self.after_inserts(tx).await?;
        match &mut tx.inner {
            Inner::Sqlite(tx) => {
                let (text, args) = self.for_sqlite();
                Ok(sqlx::query_as_with(AssertSqlSafe(text), args)
                    .fetch_optional(tx.connection().await?)
                    .await?)
            }
            Inner::Postgres(tx) => {
                let (text, args) = self.for_postgres();
                Ok(sqlx::query_as_with(AssertSqlSafe(text), args)
                    .fetch_optional(tx.connection().await?)
                    .await?)
            }
        }
    }

    /// All rows.
    pub async fn all<T: Row>(self, tx: &mut Tx) -> Result<Vec<T>> {
        self.after_inserts(tx).await?;
        match &mut tx.inner {
            Inner::Sqlite(tx) => {
                let (text, args) = self.for_sqlite();
                Ok(sqlx::query_as_with(AssertSqlSafe(text), args).fetch_all(tx.connection().await?).await?)
            }
            Inner::Postgres(tx) => {
                let (text, args) = self.for_postgres();
                Ok(sqlx::query_as_with(AssertSqlSafe(text), args).fetch_all(tx.connection().await?).await?)
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
        for array in self.arrays {
            array.add_to(&mut args);
        }
        (self.fixed.map_or(self.text, str::to_owned), args)
    }
}

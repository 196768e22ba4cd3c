//! What a page need not ask: most tables hold nothing of most cases.
//!
//! A page of a case reads some thirty tables, and of nearly all cases most of them are empty. Each statement costs two
//! changes of thread or a round trip, whatever it finds, so a page asks once where there is nothing at all.

use super::{Arg, Tx, key_lists, sql};
use crate::platform::error::Result;

/// A table and a column that names what its rows belong to; the column has an index.
pub type Column = (&'static str, &'static str);

impl Tx {
    /// Finds out in one statement which of these columns hold none of their key, at most 60 in all.
    ///
    /// Does nothing in a transaction that writes: what it decides on, it asks itself.
    pub async fn look(&mut self, of: &[(&'static [Column], i64)]) -> Result<()> {
        if !self.reads {
            return Ok(());
        }
        let columns = || of.iter().flat_map(|(columns, key)| columns.iter().map(|column| (*column, *key)));
        let mut statement = sql("SELECT 0");
        for (at, ((table, column), key)) in columns().enumerate() {
            statement = statement.push(" + CASE WHEN EXISTS (SELECT 1 FROM ").push(table).push(" WHERE ");
            statement = statement.push(column).push(" = ").push_bind(key).push(") THEN ");
            statement = statement.push_bind(1_i64 << at).push(" ELSE 0 END");
        }
        let found: i64 = statement.value(self).await?;
        let blank = columns().enumerate().filter(|(at, _)| found & (1 << at) == 0);
        self.blank.extend(blank.map(|(_, (column, key))| (column, key)));
        Ok(())
    }

    /// As [`Self::look`], for many keys of the same columns: where none of them stands.
    pub async fn look_for_any(&mut self, columns: &[Column], keys: &[i64]) -> Result<()> {
        if !self.reads {
            return Ok(());
        }
        for list in key_lists(keys) {
            let rows = list.iter().map(|key| vec![Arg::from(*key)]);
            let mut statement = sql("WITH keys (id) AS (VALUES ").push_rows(rows).push(") SELECT 0");
            for (at, (table, column)) in columns.iter().enumerate() {
                statement = statement.push(" + CASE WHEN EXISTS (SELECT 1 FROM keys k JOIN ").push(table);
                statement = statement.push(" t ON t.").push(column).push(" = k.id) THEN ");
                statement = statement.push_bind(1_i64 << at).push(" ELSE 0 END");
            }
            let found: i64 = statement.value(self).await?;
            let blank = columns.iter().enumerate().filter(|(at, _)| found & (1 << at) == 0);
            self.blank.extend(blank.flat_map(|(_, column)| list.iter().map(|key| (*column, *key))));
        }
        Ok(())
    }

    /// Was it found out that none of these columns holds this key?
    pub fn has_none(&self, columns: &[Column], key: impl Into<i64>) -> bool {
        let key = key.into();
        columns.iter().all(|column| self.blank.contains(&(*column, key)))
    }
}

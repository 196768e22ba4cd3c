//! Ids that are known before their rows are inserted, so that rows which refer to each other can wait together.
//!
//! SQLite has one writer: the next id is read once in a transaction and counted up from there, and a number is
//! missing only if a caller asked for it in vain. On PostgreSQL ids come from the table's sequence, which leaves
//! gaps at every rollback anyway.

use std::collections::HashMap;
use std::collections::VecDeque;

use super::Tx;
use crate::platform::Result;
use crate::platform::dialect;

/// By table.
#[derive(Default)]
pub struct Ids(HashMap<&'static str, VecDeque<i64>>);

impl Ids {
    /// A row that the database numbers itself makes what was counted here wrong.
    pub fn forget_named_in(&mut self, statement: &str) {
        if let Some(into) = statement.strip_prefix("INSERT INTO ") {
            self.0.retain(|table, _| !into.starts_with(table));
        }
    }
}

pub async fn next(tx: &mut Tx, table: &'static str) -> Result<i64> {
    if tx.is_postgres() {
        if tx.ids.0.get(table).is_none_or(VecDeque::is_empty) {
            reserve(tx, &[(table, 1)]).await?;
        }
        let known = tx.ids.0.get_mut(table).and_then(VecDeque::pop_front);
        return Ok(known.expect("it was just reserved"));
    }
    let next = match tx.ids.0.get(table).and_then(VecDeque::front) {
        Some(last) => last + 1,
        None => dialect::last_id(tx, table).await? + 1,
    };
    tx.ids.0.insert(table, VecDeque::from([next]));
    Ok(next)
}

pub async fn reserve(tx: &mut Tx, wanted: &[(&'static str, usize)]) -> Result<()> {
    let wanted: Vec<(&'static str, usize)> = wanted.iter().filter(|(_, count)| 0 < *count).copied().collect();
    if tx.is_postgres() && !wanted.is_empty() {
        for (table, fresh) in dialect::reserve_ids(tx, &wanted).await? {
            tx.ids.0.entry(table).or_default().push_back(fresh);
        }
    }
    Ok(())
}

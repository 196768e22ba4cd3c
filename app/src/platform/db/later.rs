//! Rows that wait in a transaction to be inserted together.

use super::{Arg, Sql, sql};

/// Rows in one statement, greatest first.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// Rows for statements about several at a time: of few sizes, so that each statement stays prepared.
pub fn portions<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rows.len())?;
        let (portion, rest) = rows.split_at(size);
        rows = rest;
        Some(portion)
    })
}

/// By table, in the order in which tables were first written to.
#[derive(Default)]
pub struct Later(Vec<Rows>);

struct Rows {
    table: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<Arg>>,
}

impl Later {
    pub fn push<const N: usize>(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str; N],
        row: [Arg; N],
    ) {
        let row = row.into();
        match self.0.iter_mut().find(|waiting| waiting.table == table && waiting.columns == columns) {
            Some(waiting) => waiting.rows.push(row),
            None => self.0.push(Rows { table, columns, rows: vec![row] }),
        }
    }

    /// Takes all that waits, as statements.
    pub fn all(&mut self) -> Vec<Sql> {
        self.0.drain(..).flat_map(Rows::statements).collect()
    }

    /// Takes what waits for the tables that `statement` names; a name too many does no harm.
    pub fn named_in(&mut self, statement: &str) -> Vec<Sql> {
        if self.0.is_empty() {
            return Vec::new();
        }
        self.0
            .extract_if(.., |waiting| statement.contains(waiting.table))
            .flat_map(Rows::statements)
            .collect()
    }
}

impl Rows {
    fn statements(self) -> Vec<Sql> {
        let insert = |rows: &[Vec<Arg>]| {
            let mut statement = sql("INSERT INTO ").push(self.table).push(" (");
            for (at, column) in self.columns.iter().enumerate() {
                statement = statement.push(if at == 0 { "" } else { ", " }).push(column);
            }
            statement.push(") VALUES ").push_rows(rows.iter().cloned())
        };
        portions(&self.rows).map(insert).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [&str; 2] = ["kind", "value"];

    fn later(rows: i64) -> Later {
        let mut later = Later::default();
        for row in 0..rows {
            later.push("points", &COLUMNS, ["phone".into(), row.into()]);
        }
        later
    }

    #[test]
    fn rows_of_a_table_go_in_few_statements_of_few_sizes() {
        let sizes = |rows| -> Vec<usize> {
            later(rows).all().iter().map(|statement| statement.text.matches('(').count() - 1).collect()
        };

        assert_eq!(sizes(0), Vec::<usize>::new());
        assert_eq!(sizes(3), [1, 1, 1]);
        assert_eq!(sizes(86), [64, 16, 4, 1, 1]);
        assert_eq!(sizes(128), [64, 64]);
    }

    #[test]
    fn a_statement_about_the_table_makes_its_rows_go_first() {
        let mut later = later(1);
        later.push("notes", &["text"], ["late".into()]);

        assert!(later.named_in("SELECT 1 FROM cases").is_empty());
        let first = later.named_in("SELECT value FROM points");

        assert_eq!(first.len(), 1);
        assert_eq!(first[0].text, "INSERT INTO points (kind, value) VALUES ($1, $2)");
        assert_eq!(later.all().len(), 1, "the other table's row still waits");
    }
}

//! Rows that wait in a transaction to be inserted together.

use super::arg::Array;
use super::{Arg, Sql, sql};

/// Rows in one statement, greatest first.
const SIZES: [usize; 7] = [64, 32, 16, 8, 4, 2, 1];

/// Rows for statements about several at a time: of few sizes, so that each statement stays prepared.
pub fn portions<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rows.len())?;
        let (portion, rest) = rows.split_at(size);
        rows = rest;
        Some(portion)
    })
}

/// Keys for statements with `IN`: as [`portions`], but few that are left are filled up with the last of them, since a
/// statement more costs more than naming a key twice.
pub fn key_lists<T: Clone>(mut keys: &[T]) -> impl Iterator<Item = Vec<T>> {
    std::iter::from_fn(move || {
        let (list, rest) = keys.split_at(keys.len().min(SIZES[0]));
        keys = rest;
        let mut list = list.to_vec();
        let filler = list.last()?.clone();
        list.resize(list.len().next_power_of_two(), filler);
        Some(list)
    })
}

/// A table whose rows can wait, with the columns that are given.
pub struct Table<const N: usize> {
    pub name: &'static str,
    pub columns: [&'static str; N],
    /// Above that of every table whose waiting rows its own refer to: rows of a smaller depth go first.
    pub depth: u8,
}

/// What waits, by table.
#[derive(Default)]
pub struct Later(Vec<Rows>);

struct Rows {
    table: &'static str,
    columns: &'static [&'static str],
    depth: u8,
    rows: Vec<Vec<Arg>>,
}

impl Later {
    pub fn push<const N: usize>(&mut self, table: &'static Table<N>, row: [Arg; N]) {
        let row = row.into();
        let same = |waiting: &&mut Rows| waiting.table == table.name && waiting.columns == table.columns;
        match self.0.iter_mut().find(same) {
            Some(waiting) => waiting.rows.push(row),
            None => self.0.push(Rows {
                table: table.name,
                columns: &table.columns,
                depth: table.depth,
                rows: vec![row],
            }),
        }
    }

    /// Takes all that waits, as statements.
    pub fn all(&mut self, postgres: bool) -> Vec<Sql> {
        into_statements(self.0.drain(..).collect(), postgres)
    }

    /// Takes what waits for the tables that `statement` names, and what that may refer to; a name too many does
    /// no harm. A row that does not wait may refer to any that does.
    pub fn named_in(&mut self, statement: &str, postgres: bool) -> Vec<Sql> {
        if statement.starts_with("INSERT") {
            return self.all(postgres);
        }
        let is_named = |waiting: &Rows| names(statement, waiting.table);
        let Some(deepest) =
            self.0.iter().filter(|waiting| is_named(waiting)).map(|waiting| waiting.depth).max()
        else {
            return Vec::new();
        };
        let goes = |waiting: &mut Rows| waiting.depth < deepest || is_named(waiting);
        into_statements(self.0.extract_if(.., goes).collect(), postgres)
    }
}

/// Does `statement` name `table`, other than as a column?
fn names(statement: &str, table: &str) -> bool {
    statement.match_indices(table).any(|(at, _)| {
        let before = statement[..at].trim_end();
        !(before.ends_with(['.', '=']) || before.ends_with(" SET"))
    })
}

fn into_statements(mut all: Vec<Rows>, postgres: bool) -> Vec<Sql> {
    all.sort_by_key(|waiting| waiting.depth);
    let insert = |waiting: Rows| insert_rows(waiting.table, waiting.columns, waiting.rows, postgres);
    all.into_iter().flat_map(insert).collect()
}

/// Statements that insert rows in their order: one on PostgreSQL, which takes columns of any length; several of
/// few sizes on SQLite, so that each stays prepared.
pub fn insert_rows(
    table: &'static str,
    columns: &[&'static str],
    mut rows: Vec<Vec<Arg>>,
    postgres: bool,
) -> Vec<Sql> {
    let insert = || {
        let mut statement = sql("INSERT INTO ").push(table).push(" (");
        for (at, column) in columns.iter().enumerate() {
            statement = statement.push(if at == 0 { "" } else { ", " }).push(column);
        }
        statement.push(") ")
    };
    if postgres {
        return vec![insert().push_columns(Array::columns(rows))];
    }
    let sizes: Vec<usize> = portions(&rows).map(<[_]>::len).collect();
    let mut rows = rows.drain(..);
    sizes.into_iter().map(|size| insert().push("VALUES ").push_rows(rows.by_ref().take(size))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    static POINTS: Table<2> = Table { name: "points", columns: ["kind", "value"], depth: 1 };
    static NOTES: Table<1> = Table { name: "notes", columns: ["text"], depth: 1 };
    static PEOPLE: Table<1> = Table { name: "people", columns: ["name"], depth: 0 };

    fn later(rows: i64) -> Later {
        let mut later = Later::default();
        for row in 0..rows {
            later.push(&POINTS, ["phone".into(), row.into()]);
        }
        later
    }

    #[test]
    fn rows_of_a_table_go_in_few_statements_of_few_sizes() {
        let sizes = |rows| -> Vec<usize> {
            later(rows).all(false).iter().map(|statement| statement.text.matches('(').count() - 1).collect()
        };

        assert_eq!(sizes(0), Vec::<usize>::new());
        assert_eq!(sizes(3), [2, 1]);
        assert_eq!(sizes(86), [64, 16, 4, 2]);
        assert_eq!(sizes(128), [64, 64]);
    }

    #[test]
    fn keys_go_in_lists_of_few_lengths() {
        let lengths = |keys: usize| -> Vec<usize> {
            key_lists(&(0..keys).collect::<Vec<_>>()).map(|list| list.len()).collect()
        };

        assert_eq!(lengths(0), Vec::<usize>::new());
        assert_eq!(lengths(1), [1]);
        assert_eq!(lengths(51), [64]);
        assert_eq!(lengths(130), [64, 64, 2]);
        assert_eq!(key_lists(&[7, 8, 9]).collect::<Vec<_>>(), [[7, 8, 9, 9]]);
    }

    #[test]
    fn a_statement_about_the_table_makes_its_rows_go_first() {
        let mut later = later(1);
        later.push(&NOTES, ["late".into()]);

        assert!(later.named_in("SELECT 1 FROM cases", false).is_empty());
        let first = later.named_in("SELECT value FROM points", false);

        assert_eq!(first.len(), 1);
        assert_eq!(first[0].text, "INSERT INTO points (kind, value) VALUES ($1, $2)");
        assert_eq!(later.all(false).len(), 1, "the other table's row still waits");
    }

    #[test]
    fn a_row_that_does_not_wait_may_refer_to_all_that_do() {
        assert_eq!(later(1).named_in("INSERT INTO notes (point_id) VALUES ($1)", false).len(), 1);
    }

    #[test]
    fn a_column_of_the_same_name_is_no_table() {
        for (statement, named) in [
            ("SELECT 1 FROM points", true),
            ("SELECT 1 FROM a, points", true),
            ("UPDATE cases SET points = points + 1", false),
            ("SELECT c.points FROM cases c", false),
            ("DELETE FROM cases WHERE id IN (SELECT id FROM points)", true),
        ] {
            assert_eq!(names(statement, "points"), named, "{statement}");
        }
    }

    #[test]
    fn what_others_refer_to_goes_before_them_whenever_it_came() {
        let mut later = later(1);
        later.push(&PEOPLE, ["Ada".into()]);

        let both = later.named_in("SELECT value FROM points", false);

        let tables: Vec<&str> = both.iter().filter_map(|one| one.text.split(' ').nth(2)).collect();
        assert_eq!(tables, ["people", "points"]);
    }

    #[test]
    fn postgres_takes_any_number_of_rows_in_one_statement() {
        for rows in [1, 3, 86] {
            let statements = later(rows).all(true);
            let texts: Vec<&str> = statements.iter().map(|statement| statement.text.as_str()).collect();
            assert_eq!(
                texts,
                ["INSERT INTO points (kind, value) SELECT * FROM UNNEST($1::text[], $2::bigint[])"]
            );
        }
    }
}

//! Lists by parts. A store is asked for one row more than is shown: so it is known whether another part follows.

use super::Timestamp;

/// Rows that anybody gets at once.
const MOST: i64 = 200;

/// How many rows a part has: what was asked for, within reason, otherwise the `usual`.
pub fn limit(asked: Option<i64>, usual: i64) -> i64 {
    asked.unwrap_or(usual).clamp(1, MOST)
}

/// Takes off what is beyond `limit`; then the next part begins after the last row that stays.
pub fn cut<T, C>(mut rows: Vec<T>, limit: i64, cursor: impl FnOnce(&T) -> C) -> (Vec<T>, Option<C>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = limit < rows.len();
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(cursor);
    (rows, next)
}

/// Where a list goes on that is sorted by time and id, such as `1790000000000000_17`.
pub fn cursor(at: Timestamp, id: impl std::fmt::Display) -> String {
    format!("{}_{id}", at.0)
}

/// The counterpart of [`cursor`].
pub fn read_cursor(text: &str) -> Option<(Timestamp, i64)> {
    let (at, id) = text.split_once('_')?;
    Some((Timestamp(at.parse().ok()?), id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_names_its_last_row_only_if_another_follows() {
        for (read, shown, next) in
            [(vec![], vec![], None), (vec![1, 2], vec![1, 2], None), (vec![1, 2, 3], vec![1, 2], Some(2))]
        {
            assert_eq!(cut(read.clone(), 2, |row| *row), (shown, next), "of {read:?}");
        }
    }

    #[test]
    fn nobody_gets_less_than_a_row_or_more_than_is_reasonable() {
        for (asked, given) in [(None, 50), (Some(0), 1), (Some(7), 7), (Some(i64::MAX), MOST)] {
            assert_eq!(limit(asked, 50), given, "{asked:?}");
        }
    }
}

//! Where a list goes on after a page.

use std::fmt;

use super::Line;
use crate::cases::filter::Sort;

/// Where a list goes on: what the last line sorted by, and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub Vec<i64>);

impl Cursor {
    /// Where a list in this order goes on after a line.
    pub fn after(line: &Line, sort: Sort) -> Self {
        let (case, id) = (&line.case, line.case.id.0);
        Self(match sort {
            Sort::Due => vec![line.sort_at.0, id],
            Sort::Newest | Sort::Oldest => vec![case.created_at.0, id],
            Sort::Updated | Sort::Quiet => vec![case.updated_at.0, id],
            Sort::Priority => vec![case.priority.rank(), line.sort_at.0, id],
        })
    }

    /// As [`fmt::Display`] wrote it; `None` if it is none of this order.
    pub fn read(text: &str, sort: Sort) -> Option<Self> {
        let parts: Option<Vec<i64>> = text.split('_').map(|part| part.parse().ok()).collect();
        let long = if sort == Sort::Priority { 3 } else { 2 };
        parts.filter(|parts| parts.len() == long).map(Self)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(i64::to_string).collect();
        f.write_str(&parts.join("_"))
    }
}

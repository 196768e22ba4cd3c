//! Which list of cases is looked at, and a page of it.

use std::fmt;

use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

use crate::cases;
use crate::cases::{Condition, Cursor, Eyes, Field, Filter, Line, Sort, Status, View};
use crate::platform::parts;
use crate::platform::{Actor, Error, Result, Tx};
use crate::views;

/// Which list is looked at: a ready-made view, or one that somebody made (`v17`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    Ready(View),
    Own(i64),
}

impl Chosen {
    fn read(code: &str) -> Option<Self> {
        let own = || code.strip_prefix('v')?.parse().ok().map(Self::Own);
        View::from_code(code).map(Self::Ready).or_else(own)
    }

    pub(super) fn is(&self, view: &View) -> bool {
        *self == Self::Ready(*view)
    }

    pub(super) fn is_own(&self, view: &i64) -> bool {
        *self == Self::Own(*view)
    }
}

impl fmt::Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready(view) => view.fmt(f),
            Self::Own(id) => write!(f, "v{id}"),
        }
    }
}

fn chosen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Chosen>, D::Error> {
    let code = Option::<String>::deserialize(deserializer)?.filter(|code| !code.is_empty());
    let read = |code: String| Chosen::read(&code).ok_or_else(|| serde::de::Error::custom("no such view"));
    code.map(read).transpose()
}

#[derive(Deserialize, IntoParams)]
pub(super) struct ListQuery {
    /// `mine`, `team`, `unassigned`, `waiting`, `overdue`, `promises`, `mentions`, `followed`, `all`, `closed`, `spam`,
    /// `trash`, or one that somebody made, such as `v17`
    #[serde(default, deserialize_with = "chosen")]
    #[param(value_type = Option<String>)]
    pub(super) view: Option<Chosen>,
    /// At most 200.
    pub(super) limit: Option<i64>,
    pub(super) cursor: Option<String>,
    pub(super) status: Option<Status>,
    /// A person's id.
    pub(super) owner: Option<i64>,
    /// A queue's id.
    pub(super) queue: Option<i64>,
    /// A customer's id.
    pub(super) customer: Option<i64>,
    /// A filter as JSON, instead of a view's.
    pub(super) filter: Option<String>,
    /// `due`, `newest`, `oldest`, `updated`, `quiet` or `priority`; otherwise the view's own order.
    pub(super) sort: Option<Sort>,
    /// `table` shows a list as a table.
    #[serde(rename = "as")]
    pub(super) shape: Option<String>,
}

impl ListQuery {
    /// The filter that is asked for instead of a view's, for links of the same list.
    pub(super) fn asked(&self) -> String {
        let asked = self.filter.as_deref().filter(|filter| !filter.is_empty());
        let write = |filter: &str| {
            format!(
                "&{}",
                url::form_urlencoded::Serializer::new(String::new()).append_pair("filter", filter).finish()
            )
        };
        asked.map(write).unwrap_or_default()
    }
}

/// What a list shows, and in which order.
pub(super) struct Listed {
    pub(super) filter: Filter,
    pub(super) sort: Sort,
    /// The name that somebody gave it.
    pub(super) name: Option<String>,
    /// The columns that were chosen for it.
    pub(super) columns: Vec<views::Heading>,
}

impl Listed {
    pub(super) async fn of(tx: &mut Tx, actor: &Actor, view: Chosen) -> Result<Self> {
        match view {
            Chosen::Ready(view) => Ok(Self {
                filter: cases::filter_of(view, actor),
                sort: cases::sort_of(view),
                name: None,
                columns: views::Heading::usual(),
            }),
            Chosen::Own(id) => {
                let view = views::view(tx, actor, id).await?;
                let (filter, sort, columns) = (view.filter, view.sort, view.columns);
                Ok(Self { filter, sort, name: Some(view.name), columns })
            }
        }
    }

    /// What a request asks for; without a view and a filter all cases.
    pub(super) async fn asked(tx: &mut Tx, actor: &Actor, query: &ListQuery) -> Result<Self> {
        let mut listed = Self::of(tx, actor, query.view.unwrap_or(Chosen::Ready(View::All))).await?;
        if let Some(filter) = query.filter.as_deref().filter(|filter| !filter.is_empty()) {
            listed.filter = Filter::read(filter)?;
        }
        listed.sort = query.sort.unwrap_or(listed.sort);
        let also = [
            (Field::Status, query.status.map(|status| status.to_string())),
            (Field::Owner, query.owner.map(|id| id.to_string())),
            (Field::Queue, query.queue.map(|id| id.to_string())),
            (Field::Customer, query.customer.map(|id| id.to_string())),
        ];
        for (field, value) in also {
            if let Some(value) = value {
                listed.filter = listed.filter.and(Condition::is(field, value));
            }
        }
        Ok(listed)
    }
}

/// One page of a list and where the next one begins.
pub(super) async fn page_of(
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    listed: &Listed,
    cursor: Option<&str>,
    limit: i64,
) -> Result<(Vec<Line>, Option<String>)> {
    let cursor = begins(listed, cursor)?;
    let lines = cases::list(tx, eyes, &listed.filter, listed.sort, cursor.as_ref(), limit + 1).await?;
    Ok(cut(lines, listed.sort, limit))
}

/// Where the page begins that a cursor asks for.
pub(super) fn begins(listed: &Listed, cursor: Option<&str>) -> Result<Option<Cursor>> {
    let read = |text| {
        Cursor::read(text, listed.sort).ok_or_else(|| Error::invalid("cursor", "error-field-malformed"))
    };
    cursor.map(read).transpose()
}

/// Takes off the line beyond the page.
pub(super) fn cut(lines: Vec<Line>, sort: Sort, limit: i64) -> (Vec<Line>, Option<String>) {
    parts::cut(lines, limit, |line| Cursor::after(line, sort).to_string())
}

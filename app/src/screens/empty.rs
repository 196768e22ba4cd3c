//! What an empty list means, and what one could do next: each list in its own words.

use super::listed::Chosen;
use crate::cases::View;

/// The words of an empty list.
pub struct Empty {
    /// Code of the list, part of the keys of its words.
    code: &'static str,
    /// The single key of the house that its words tell of, if they do.
    pub key: &'static str,
    /// Another list or page that is worth a look, and the word of its link.
    pub step: Option<(&'static str, &'static str)>,
}

const fn empty(code: &'static str, step: Option<(&'static str, &'static str)>) -> Empty {
    Empty { code, key: "", step }
}

impl Empty {
    const fn by(self, key: &'static str) -> Self {
        Self { key, ..self }
    }
}

static MINE: Empty = empty("mine", Some(("/cases?view=unassigned", "cases-empty-to-unassigned")));
static TEAM: Empty = empty("team", None);
static UNASSIGNED: Empty = empty("unassigned", Some(("/cases?view=mine", "cases-empty-to-mine")));
static WAITING: Empty = empty("waiting", Some(("/cases?view=mine", "cases-empty-to-mine"))).by("h");
static OVERDUE: Empty = empty("overdue", Some(("/cases?view=mine", "cases-empty-to-mine")));
static PROMISES: Empty = empty("promises", Some(("/cases?view=mine", "cases-empty-to-mine")));
static MENTIONS: Empty = empty("mentions", Some(("/notices", "cases-empty-to-notices")));
static FOLLOWED: Empty = empty("followed", None).by("w");
static ALL: Empty = empty("all", None);
static CLOSED: Empty = empty("closed", Some(("/cases?view=mine", "cases-empty-to-mine"))).by("e");
static SPAM: Empty = empty("spam", None).by("!");
static TRASH: Empty = empty("trash", None).by("Delete");
static OWN: Empty = empty("own", Some(("/views", "cases-empty-to-views")));
/// A filter that was asked for without a view.
pub static FOUND: Empty = empty("found", Some(("/cases?view=all", "cases-empty-to-all")));

impl Empty {
    pub fn of(view: Chosen) -> &'static Self {
        let Chosen::Ready(view) = view else { return &OWN };
        match view {
            View::Mine => &MINE,
            View::Team => &TEAM,
            View::Unassigned => &UNASSIGNED,
            View::Waiting => &WAITING,
            View::Overdue => &OVERDUE,
            View::Promises => &PROMISES,
            View::Mentions => &MENTIONS,
            View::Followed => &FOLLOWED,
            View::All => &ALL,
            View::Closed => &CLOSED,
            View::Spam => &SPAM,
            View::Trash => &TRASH,
        }
    }

    pub fn title(&self) -> String {
        format!("cases-empty-{}", self.code)
    }

    pub fn text(&self) -> String {
        format!("cases-none-{}", self.code)
    }
}

//! Deadlines: when the house works, and how soon it answers whom.
//!
//! Calendars say which hours count, policies how many of them an answer or a solution may take; the first policy that
//! fits a case is taken, and where none fits, the queue's own time to answer. Cases keep their clocks themselves and
//! ask here what they run against ([`rules`]).
//!
//! Deliberately absent: shifts of persons, and figures about them.

mod calendars;
mod groups;
mod model;
mod policies;
mod rules;
pub mod runs;
mod store;
pub mod web;

pub use calendars::{add_day, import_days, remove_calendar, remove_day, set_calendar};
pub use groups::{group_of, groups, set_group};
pub use model::{
    Calendar, CalendarSettings, Conditions, Day, Goal, Goals, Policy, PolicySettings, Step, Subject, Time,
    WarningSetting, WarningUnit,
};
pub use policies::{move_policy, remove_policy, set_policy};
pub use rules::{Chosen, Rules, SETTLED, rules};

use crate::platform::{App, Result, Tx};

/// All calendars, that of the house first, then by name.
pub async fn calendars(tx: &mut Tx) -> Result<Vec<Calendar>> {
    store::calendars(tx).await
}

/// All policies in the order in which they are asked.
pub async fn policies(tx: &mut Tx) -> Result<Vec<Policy>> {
    store::policies(tx).await
}

/// What changed counts at once on this node; on others after [`SETTLED`].
fn forget(app: &App) {
    app.part::<rules::Kept>().forget();
}

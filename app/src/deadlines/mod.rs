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
pub use groups::{group_of, groups, groups_of, set_group};
pub use model::{
    Calendar, CalendarSettings, Conditions, Day, Goal, Goals, Policy, PolicySettings, Step, Subject, Time,
    WarningSetting, WarningUnit,
};
pub use policies::{move_policy, remove_policy, set_policy};
pub use rules::{Chosen, Rules, SETTLED, rules};

use futures::future::BoxFuture;

use crate::platform::{App, Bilingual, Language, Result, Tx};

/// The kinds of cases, by their ids: the slice that has cases says them.
pub type Kinds = for<'a> fn(&'a mut Tx) -> BoxFuture<'a, Result<Vec<(i64, Bilingual)>>>;

/// The kinds of cases that policies can ask for.
pub async fn kinds(tx: &mut Tx, language: Language) -> Result<Vec<(i64, String)>> {
    let Some(kinds) = crate::SLICES.iter().find_map(|slice| slice.kinds) else { return Ok(Vec::new()) };
    let named = |(id, name): (i64, Bilingual)| (id, name.in_language(language).to_owned());
    Ok(kinds(tx).await?.into_iter().map(named).collect())
}

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

/// Calendars and policies that are there from the beginning, without news of it; for the example company.
pub mod past {
    use super::{App, CalendarSettings, Day, PolicySettings, Result, Tx, forget, store};

    /// A calendar with the days on which it differs from its week; their ids are not looked at.
    pub async fn calendar(app: &App, tx: &mut Tx, set: &CalendarSettings, days: &[Day]) -> Result<i64> {
        let calendar = store::insert_calendar(tx, set).await?;
        for day in days {
            store::insert_day(tx, calendar, day.date, day.yearly, &day.name, &day.hours).await?;
        }
        forget(app);
        Ok(calendar)
    }

    /// A policy that is asked after those that there are.
    pub async fn policy(app: &App, tx: &mut Tx, set: &PolicySettings) -> Result<i64> {
        let policy = store::insert_policy(tx, set).await?;
        forget(app);
        Ok(policy)
    }
}

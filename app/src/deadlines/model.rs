//! Calendars and policies, and what they are asked about.

use calendar::{HolidayName, Interval, Region};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::{QueueId, codes};

/// When a part of the house works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Calendar {
    pub id: i64,
    pub name: String,
    /// As in `Europe/Vienna`.
    pub time_zone: String,
    /// ISO 3166-2, as in `DE-BY`, `AT-9`, `CH-ZH`.
    #[schema(value_type = Option<String>)]
    pub region: Option<Region>,
    /// Holidays of parts of the region that are kept, too.
    #[schema(value_type = Vec<String>)]
    pub local_days: Vec<HolidayName>,
    /// From Monday, as in `["08:00-12:00", "13:00-17:00"]`.
    #[schema(value_type = Vec<Vec<String>>)]
    pub week: [Vec<Interval>; 7],
    /// Whatever has no calendar of its own goes by this one.
    pub house: bool,
    pub queues: Vec<QueueId>,
    pub days: Vec<Day>,
}

/// A day on which a calendar differs from its week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CalendarDay)]
pub struct Day {
    pub id: i64,
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Every year from then on.
    pub yearly: bool,
    pub name: String,
    /// Closed where there are none.
    #[schema(value_type = Vec<String>)]
    pub hours: Vec<Interval>,
}

/// What can be set up about a calendar, besides its days.
#[derive(Debug, Clone)]
pub struct CalendarSettings {
    pub name: String,
    pub time_zone: String,
    pub region: Option<Region>,
    pub local_days: Vec<HolidayName>,
    pub week: [Vec<Interval>; 7],
    pub house: bool,
    pub queues: Vec<QueueId>,
}

codes! {
    /// Which minutes count.
    pub enum Time { Working = "working", Clock = "clock" }
}

/// How long something may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Goal {
    pub minutes: u32,
    pub time: Time,
}

codes! {
    pub enum WarningUnit {
        /// Minutes before the deadline.
        Minutes = "minutes",
        /// Of the allowed time that is used up.
        Percent = "percent",
    }
}

/// When a deadline counts as near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WarningSetting {
    pub amount: u32,
    pub unit: WarningUnit,
}

impl WarningSetting {
    /// As it was before it could be set.
    pub const USUAL: Self = Self { amount: 60, unit: WarningUnit::Minutes };
}

/// What happens by itself after a deadline was missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EscalationStep)]
pub struct Step {
    /// Minutes after the deadline, of the same time as the deadline's.
    pub after: u32,
    /// The case becomes urgent.
    pub raise: bool,
    /// The case goes there.
    pub queue: Option<QueueId>,
    /// The team's lead is to know.
    pub lead: bool,
}

/// What a policy promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Goals {
    pub first: Option<Goal>,
    pub next: Option<Goal>,
    pub solution: Option<Goal>,
    pub warning: WarningSetting,
    pub steps: Vec<Step>,
}

impl Goals {
    /// For the first answer, the next one, the solution.
    pub const fn all(&self) -> [Option<Goal>; 3] {
        [self.first, self.next, self.solution]
    }
}

/// When a policy fits: one of each list, where the list is not empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Conditions {
    pub queues: Vec<QueueId>,
    pub priorities: Vec<String>,
    pub channels: Vec<String>,
    /// Ids of kinds.
    pub kinds: Vec<i64>,
    /// The customer's group or contract, in any case.
    pub groups: Vec<String>,
    pub complaint: Option<bool>,
}

impl Conditions {
    pub fn fit(&self, subject: &Subject<'_>) -> bool {
        fn any<T: PartialEq>(list: &[T], one: &T) -> bool {
            list.is_empty() || list.contains(one)
        }
        let folded = subject.group.map(str::to_lowercase);
        let group = self.groups.is_empty()
            || folded.is_some_and(|group| self.groups.iter().any(|one| one.to_lowercase() == group));
        any(&self.queues, &subject.queue)
            && any(&self.priorities, &subject.priority.to_owned())
            && any(&self.channels, &subject.channel.to_owned())
            && (self.kinds.is_empty() || subject.kind.is_some_and(|kind| self.kinds.contains(&kind)))
            && group
            && self.complaint.is_none_or(|complaint| complaint == subject.complaint)
    }
}

/// What deadlines are asked for: a case, or one that somebody imagines.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub queue: QueueId,
    /// Code of the priority.
    pub priority: &'a str,
    /// Code of the channel.
    pub channel: &'a str,
    pub kind: Option<i64>,
    /// The customer's group or contract.
    pub group: Option<&'a str>,
    pub complaint: bool,
}

/// Which cases are to be answered and solved how soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DeadlinePolicy)]
pub struct Policy {
    pub id: i64,
    pub name: String,
    pub active: bool,
    pub conditions: Conditions,
    /// `None`: that of the queue.
    pub calendar: Option<i64>,
    pub goals: Goals,
}

/// What can be set up about a policy.
#[derive(Debug, Clone)]
pub struct PolicySettings {
    pub name: String,
    pub active: bool,
    pub conditions: Conditions,
    pub calendar: Option<i64>,
    pub goals: Goals,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_fits_one_of_each_list() {
        let subject = Subject {
            queue: QueueId(2),
            priority: "high",
            channel: "email",
            kind: None,
            group: Some("Gold"),
            complaint: false,
        };
        let none = Conditions::default();
        for (conditions, fits) in [
            (none.clone(), true),
            (Conditions { queues: vec![QueueId(1), QueueId(2)], ..none.clone() }, true),
            (Conditions { queues: vec![QueueId(1)], ..none.clone() }, false),
            (Conditions { priorities: vec!["high".into()], ..none.clone() }, true),
            (Conditions { priorities: vec!["low".into()], ..none.clone() }, false),
            (Conditions { channels: vec!["phone".into()], ..none.clone() }, false),
            (Conditions { kinds: vec![1], ..none.clone() }, false),
            (Conditions { groups: vec!["silver".into(), "gold".into()], ..none.clone() }, true),
            (Conditions { groups: vec!["silver".into()], ..none.clone() }, false),
            (Conditions { complaint: Some(true), ..none.clone() }, false),
            (Conditions { complaint: Some(false), ..none }, true),
        ] {
            assert_eq!(conditions.fit(&subject), fits, "{conditions:?}");
        }
    }
}

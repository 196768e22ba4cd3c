//! One clock, and what it runs against.
//!
//! It keeps its whole course, so that its deadline can be computed again at any time: under other targets, with another
//! calendar.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Due, OpeningHours, Pause, deadline, deadline_with_pauses};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockName {
    /// Until the customer hears from a person for the first time.
    First,
    /// Until the answer to what the customer wrote later.
    Next,
    /// Until the work is done.
    Solution,
}

/// How long something may take, in minutes of these hours.
#[derive(Debug, Clone, Copy)]
pub struct Allowed<'a> {
    pub minutes: u32,
    pub hours: &'a OpeningHours,
}

/// When a deadline counts as near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// So many minutes before it, of any time.
    Minutes(u32),
    /// When so much of the allowed time is used up.
    Percent(u32),
}

/// What clocks run against. A clock without a target runs, but is never due.
#[derive(Debug, Clone)]
pub struct Targets<'a> {
    pub first: Option<Allowed<'a>>,
    pub next: Option<Allowed<'a>>,
    pub solution: Option<Allowed<'a>>,
    pub warning: Warning,
    /// Escalation: so long after the deadline, in minutes of its own hours, each step later than the one before.
    pub steps: Vec<u32>,
}

impl<'a> Targets<'a> {
    pub(crate) const fn of(&self, name: ClockName) -> Option<Allowed<'a>> {
        match name {
            ClockName::First => self.first,
            ClockName::Next => self.next,
            ClockName::Solution => self.solution,
        }
    }
}

/// Something to tell about a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    Near,
    Missed,
    /// A step of the escalation, counted from 0.
    Step(u8),
}

/// One clock with its course. Its JSON is kept for every case, hence the short names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    #[serde(rename = "f", with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub from: Timestamp,
    /// `None` while it stands still, or without a target.
    #[serde(
        rename = "d",
        default,
        skip_serializing_if = "Option::is_none",
        with = "jiff::fmt::serde::timestamp::microsecond::optional"
    )]
    pub due: Option<Timestamp>,
    #[serde(
        rename = "e",
        default,
        skip_serializing_if = "Option::is_none",
        with = "jiff::fmt::serde::timestamp::microsecond::optional"
    )]
    pub ended: Option<Timestamp>,
    /// Ended without what it ran for: the work was closed unanswered.
    #[serde(rename = "v", default, skip_serializing_if = "is_false")]
    pub void: bool,
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    #[serde(rename = "n", default, skip_serializing_if = "is_false")]
    near: bool,
    #[serde(rename = "m", default, skip_serializing_if = "is_false")]
    missed: bool,
    /// Steps of the escalation that were taken; never again, whatever happens to the deadline.
    #[serde(rename = "s", default, skip_serializing_if = "is_zero")]
    steps: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_zero(number: &u8) -> bool {
    *number == 0
}

impl Clock {
    /// Runs since `from`, without a deadline until its targets are set.
    pub fn new(from: Timestamp) -> Self {
        let (due, ended, pauses) = (None, None, Vec::new());
        Self { from, due, ended, void: false, pauses, near: false, missed: false, steps: 0 }
    }

    /// Has not ended; it may stand still.
    pub const fn is_running(&self) -> bool {
        self.ended.is_none()
    }

    /// Stands still, since it is the customer's turn.
    pub fn is_paused(&self) -> bool {
        self.is_running() && self.pauses.last().is_some_and(|pause| pause.to.is_none())
    }

    /// How many steps of the escalation were taken.
    pub const fn steps(&self) -> u8 {
        self.steps
    }

    pub(crate) fn pause(&mut self, at: Timestamp) {
        if self.is_running() && !self.is_paused() {
            self.pauses.push(Pause { from: at.max(self.from), to: None });
        }
    }

    pub(crate) fn go_on(&mut self, at: Timestamp) {
        if let Some(pause) = self.pauses.last_mut().filter(|pause| pause.to.is_none()) {
            pause.to = Some(at);
        }
        self.pauses.retain(|pause| pause.to.is_none_or(|to| pause.from < to));
    }

    pub(crate) fn end(&mut self, at: Timestamp, void: bool) {
        self.go_on(at);
        (self.ended, self.void) = (Some(at), void);
    }

    /// As if it had not ended at `at`, nor anything stopped it since.
    pub(crate) fn unend(&mut self, at: Timestamp) {
        (self.ended, self.void) = (None, false);
        self.pauses.retain(|pause| pause.from < at);
    }

    /// Counts since `since` only. What was told before, and the steps that were taken, stay so.
    pub(crate) fn begin_later(&mut self, since: Timestamp) {
        self.from = since;
        self.pauses.retain_mut(|pause| {
            pause.from = pause.from.max(since);
            pause.to.is_none_or(|to| pause.from < to)
        });
    }

    /// The moment at which `minutes` of its time are used up.
    pub(crate) fn after(&self, minutes: u32, hours: &OpeningHours) -> Option<Timestamp> {
        match deadline_with_pauses(self.from, minutes, hours, &self.pauses) {
            Ok(Due::At(moment)) => Some(moment),
            Ok(Due::Paused { .. }) | Err(_) => None,
        }
    }

    /// When its deadline counts as near; never after it.
    pub(crate) fn near_at(&self, due: Timestamp, allowed: Allowed<'_>, warning: Warning) -> Timestamp {
        let near = match warning {
            Warning::Minutes(minutes) => {
                due.saturating_sub(jiff::SignedDuration::from_mins(minutes.into())).ok()
            }
            Warning::Percent(percent) => {
                let used = u64::from(allowed.minutes) * u64::from(percent.min(100)) / 100;
                self.after(u32::try_from(used).unwrap_or(allowed.minutes), allowed.hours)
            }
        };
        near.unwrap_or(due).clamp(self.from.min(due), due)
    }

    /// What is to be told at `now` and was not told before.
    pub(crate) fn alarms(
        &mut self,
        allowed: Allowed<'_>,
        targets: &Targets<'_>,
        now: Timestamp,
    ) -> Vec<Alarm> {
        let Some(due) = self.due.filter(|_| self.is_running()) else { return Vec::new() };
        if now < due {
            // It was put off: it can be missed once more.
            self.missed = false;
            let is_near = self.near_at(due, allowed, targets.warning) <= now;
            let told = std::mem::replace(&mut self.near, is_near);
            return if is_near && !told { vec![Alarm::Near] } else { Vec::new() };
        }
        let mut alarms = Vec::new();
        if !self.missed {
            (self.near, self.missed) = (true, true);
            alarms.push(Alarm::Missed);
        }
        while self.step_at(due, allowed, targets).is_some_and(|at| at <= now) {
            alarms.push(Alarm::Step(self.steps));
            self.steps += 1;
        }
        alarms
    }

    fn step_at(&self, due: Timestamp, allowed: Allowed<'_>, targets: &Targets<'_>) -> Option<Timestamp> {
        let minutes = *targets.steps.get(usize::from(self.steps))?;
        Some(deadline(due, minutes, allowed.hours).unwrap_or(due))
    }

    pub(crate) fn next_alarm(&self, allowed: Allowed<'_>, targets: &Targets<'_>) -> Option<Timestamp> {
        let due = self.due.filter(|_| self.is_running())?;
        if !self.near {
            Some(self.near_at(due, allowed, targets.warning))
        } else if self.missed {
            self.step_at(due, allowed, targets)
        } else {
            Some(due)
        }
    }
}

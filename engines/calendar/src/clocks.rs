//! The clocks of a piece of work: first answer, next answer, solution.
//!
//! A customer who writes starts one, an answer ends it, waiting for the customer stops it, and what was left goes on
//! afterwards. A clock keeps its whole course, so that its deadline can be computed again at any time: under other
//! targets, with another calendar. What happens before and after a deadline is an [`Alarm`], each given once.
//!
//! Deliberately absent: who is warned, and which targets apply; both are arguments.

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
    const fn of(&self, name: ClockName) -> Option<Allowed<'a>> {
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
    pub fn new(from: Timestamp) -> Self {
        let (due, ended, pauses) = (None, None, Vec::new());
        Self { from, due, ended, void: false, pauses, near: false, missed: false, steps: 0 }
    }

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

    fn pause(&mut self, at: Timestamp) {
        if self.is_running() && !self.is_paused() {
            self.pauses.push(Pause { from: at.max(self.from), to: None });
        }
    }

    fn go_on(&mut self, at: Timestamp) {
        if let Some(pause) = self.pauses.last_mut().filter(|pause| pause.to.is_none()) {
            pause.to = Some(at);
        }
        self.pauses.retain(|pause| pause.to.is_none_or(|to| pause.from < to));
    }

    fn end(&mut self, at: Timestamp, void: bool) {
        self.go_on(at);
        (self.ended, self.void) = (Some(at), void);
    }

    /// As if it had not ended at `at`, nor anything stopped it since.
    fn unend(&mut self, at: Timestamp) {
        (self.ended, self.void) = (None, false);
        self.pauses.retain(|pause| pause.from < at);
    }

    /// Counts since `since` only. What was told before, and the steps that were taken, stay so.
    fn begin_later(&mut self, since: Timestamp) {
        self.from = since;
        self.pauses.retain_mut(|pause| {
            pause.from = pause.from.max(since);
            pause.to.is_none_or(|to| pause.from < to)
        });
    }

    /// The moment at which `minutes` of its time are used up.
    fn after(&self, minutes: u32, hours: &OpeningHours) -> Option<Timestamp> {
        match deadline_with_pauses(self.from, minutes, hours, &self.pauses) {
            Ok(Due::At(moment)) => Some(moment),
            Ok(Due::Paused { .. }) | Err(_) => None,
        }
    }

    /// When its deadline counts as near; never after it.
    fn near_at(&self, due: Timestamp, allowed: Allowed<'_>, warning: Warning) -> Timestamp {
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
    fn alarms(&mut self, allowed: Allowed<'_>, targets: &Targets<'_>, now: Timestamp) -> Vec<Alarm> {
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

    fn next_alarm(&self, allowed: Allowed<'_>, targets: &Targets<'_>) -> Option<Timestamp> {
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

/// All clocks of one piece of work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    #[serde(rename = "1", default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Clock>,
    /// The newest of its kind.
    #[serde(rename = "2", default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Clock>,
    #[serde(rename = "3", default, skip_serializing_if = "Option::is_none")]
    pub solution: Option<Clock>,
}

impl Clocks {
    /// All there are, in the order of [`ClockName`].
    pub fn all(&self) -> impl Iterator<Item = (ClockName, &Clock)> {
        let first = self.first.as_ref().map(|clock| (ClockName::First, clock));
        let next = self.next.as_ref().map(|clock| (ClockName::Next, clock));
        let solution = self.solution.as_ref().map(|clock| (ClockName::Solution, clock));
        first.into_iter().chain(next).chain(solution)
    }

    fn all_mut(&mut self) -> impl Iterator<Item = (ClockName, &mut Clock)> {
        let first = self.first.as_mut().map(|clock| (ClockName::First, clock));
        let next = self.next.as_mut().map(|clock| (ClockName::Next, clock));
        let solution = self.solution.as_mut().map(|clock| (ClockName::Solution, clock));
        first.into_iter().chain(next).chain(solution)
    }

    /// What is due first, and when.
    pub fn due(&self) -> Option<(ClockName, &Clock, Timestamp)> {
        let running = self.all().filter(|(_, clock)| clock.is_running());
        running.filter_map(|(name, clock)| Some((name, clock, clock.due?))).min_by_key(|(_, _, due)| *due)
    }

    pub fn is_paused(&self) -> bool {
        self.all().any(|(_, clock)| clock.is_paused())
    }

    /// The customer wrote: an answer is owed, unless one already was.
    pub fn wrote(&mut self, at: Timestamp) {
        self.go_on(at);
        if !self.owes_answer() {
            self.owe(at);
        }
    }

    /// What somebody else waits for since `since` is to be answered here from now on: nobody waits longer for that.
    pub fn take_over(&mut self, at: Timestamp, since: Option<Timestamp>) {
        self.reopen(at, since);
        let Some(since) = since else { return };
        let running =
            [&mut self.first, &mut self.next].into_iter().flatten().filter(|clock| clock.is_running());
        running.filter(|clock| since < clock.from).for_each(|clock| *clock = Clock::new(since));
    }

    /// What was said here went elsewhere or came back: an answer is owed since `since`, or to nobody. A clock that ran
    /// for what went goes with it, as if it had never been here.
    pub fn owed(&mut self, at: Timestamp, since: Option<Timestamp>) {
        let Some(since) = since else {
            for slot in [&mut self.first, &mut self.next] {
                slot.take_if(|clock| clock.is_running());
            }
            return;
        };
        let owed = [&mut self.first, &mut self.next].into_iter().flatten();
        owed.filter(|clock| clock.is_running() && clock.from < since)
            .for_each(|clock| clock.begin_later(since));
        if !self.owes_answer() {
            let paused = self.is_paused();
            self.owe(since);
            if paused {
                self.wait(at);
            }
        }
    }

    /// Does somebody wait for an answer, however long that may take?
    pub fn owes_answer(&self) -> bool {
        [&self.first, &self.next].into_iter().flatten().any(Clock::is_running)
    }

    fn owe(&mut self, since: Timestamp) {
        let slot = if self.first.is_none() { &mut self.first } else { &mut self.next };
        *slot = Some(Clock::new(since));
    }

    /// An answer was written.
    pub fn answered(&mut self, at: Timestamp) {
        let owed = [&mut self.first, &mut self.next].into_iter().flatten();
        owed.filter(|clock| clock.is_running()).for_each(|clock| clock.end(at, false));
    }

    /// It is the customer's turn.
    pub fn wait(&mut self, at: Timestamp) {
        self.all_mut().for_each(|(_, clock)| clock.pause(at));
    }

    /// It is our turn again.
    pub fn go_on(&mut self, at: Timestamp) {
        self.all_mut().filter(|(_, clock)| clock.is_running()).for_each(|(_, clock)| clock.go_on(at));
    }

    /// The work is done; an answer that is still owed will not come.
    pub fn close(&mut self, at: Timestamp) {
        for (name, clock) in self.all_mut().filter(|(_, clock)| clock.is_running()) {
            clock.end(at, name != ClockName::Solution);
        }
    }

    /// The work goes on. What was closed without an answer owes one again, since when the customer wrote.
    pub fn reopen(&mut self, at: Timestamp, owed_since: Option<Timestamp>) {
        if let Some(solution) = &mut self.solution
            && let Some(ended) = solution.ended.take()
        {
            solution.pauses.push(Pause { from: ended, to: Some(at) });
            solution.go_on(at);
        }
        self.go_on(at);
        let Some(since) = owed_since else { return };
        for clock in [&mut self.first, &mut self.next].into_iter().flatten().filter(|clock| clock.void) {
            (clock.ended, clock.void) = (None, false);
        }
        if !self.owes_answer() {
            self.owe(since);
        }
    }

    /// The last answer was taken back: nobody gains time by that.
    pub fn take_back(&mut self, since: Timestamp) {
        let last = if self.next.is_some() { &mut self.next } else { &mut self.first };
        let Some(clock) = last else { return self.owe(since) };
        let Some(answered) = clock.ended else { return };
        clock.unend(answered);
        if let Some(solution) = &mut self.solution {
            solution.unend(answered);
        }
    }

    /// Computes all deadlines under `targets`; work that was `opened` without a solution in view gets one.
    pub fn set(&mut self, targets: &Targets<'_>, opened: Timestamp) {
        if targets.solution.is_some() && self.solution.is_none() {
            let mut solution = Clock::new(opened);
            if self.is_paused() {
                let since = self.all().filter_map(|(_, clock)| clock.pauses.last()).map(|pause| pause.from);
                solution.pause(since.max().unwrap_or(opened));
            }
            self.solution = Some(solution);
        }
        for (name, clock) in self.all_mut().filter(|(_, clock)| clock.is_running()) {
            let allowed = targets.of(name);
            clock.due = allowed.and_then(|allowed| clock.after(allowed.minutes, allowed.hours));
        }
    }

    /// What is to be told at `now` and was not told before.
    pub fn alarms(&mut self, targets: &Targets<'_>, now: Timestamp) -> Vec<(ClockName, Alarm)> {
        let mut alarms = Vec::new();
        for (name, clock) in self.all_mut() {
            if let Some(allowed) = targets.of(name) {
                let given = clock.alarms(allowed, targets, now);
                alarms.extend(given.into_iter().map(|alarm| (name, alarm)));
            }
        }
        alarms
    }

    /// When there is something to tell next.
    pub fn next_alarm(&self, targets: &Targets<'_>) -> Option<Timestamp> {
        let next = |(name, clock): (ClockName, &Clock)| clock.next_alarm(targets.of(name)?, targets);
        self.all().filter_map(next).min()
    }

    /// When what is due first counts as near.
    pub fn near_at(&self, targets: &Targets<'_>) -> Option<Timestamp> {
        let (name, clock, due) = self.due()?;
        Some(clock.near_at(due, targets.of(name)?, targets.warning))
    }
}

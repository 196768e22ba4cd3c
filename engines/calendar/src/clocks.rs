//! The clocks of a piece of work: first answer, next answer, solution.
//!
//! A customer who writes starts one, an answer ends it, waiting for the customer stops it, and what was left goes on
//! afterwards. What happens before and after a deadline is an [`Alarm`], each given once.
//!
//! Deliberately absent: who is warned, and which targets apply; both are arguments.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Alarm, Clock, ClockName, Pause, Targets};

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

    /// Does any of them stand still?
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

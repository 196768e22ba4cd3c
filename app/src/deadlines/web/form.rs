//! A policy as its form has it. Programs send lists; the page one field per ticked box, since forms know no lists.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::deadlines::model::{
    Conditions, Goal, Goals, Policy, PolicySettings, Step, Time, WarningSetting, WarningUnit,
};
use crate::people::Queue;
use crate::platform::{Error, FieldError, QueueId, Result};

/// What policies can ask for. The codes are those of cases, which this slice does not know.
pub const PRIORITIES: [&str; 3] = ["low", "normal", "high"];
pub const CHANNELS: [&str; 8] = ["email", "phone", "letter", "chat", "form", "social", "visit", "api"];

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = DeadlinePolicyForm)]
pub struct PolicyForm {
    /// Empty to add.
    id: String,
    pub name: String,
    /// "no": it is not asked.
    active: String,
    /// Ids of queues, any of which fits; empty: all.
    queues: Vec<i64>,
    priorities: Vec<String>,
    channels: Vec<String>,
    /// Ids of kinds.
    kinds: Vec<i64>,
    /// Customers' groups or contracts, separated by commas.
    pub groups: String,
    /// `yes`: complaints only, `no`: none of them.
    pub complaint: String,
    /// A calendar's id; empty: that of the queue.
    pub calendar: String,
    /// Time until the first answer, as in `4 h`, `1:30` or `90` minutes; empty: no target.
    first: String,
    /// `working` or `clock`
    first_time: String,
    next: String,
    next_time: String,
    solution: String,
    solution_time: String,
    /// How much before it warns.
    pub warning: String,
    /// `minutes` before the deadline, or `percent` of the time that is used.
    pub warning_unit: String,
    /// The first step: time after the deadline, as in `0` or `2 h`; empty: none.
    pub step1: String,
    /// "yes": the case becomes urgent.
    pub step1_raise: String,
    /// "yes": the team's lead is told.
    pub step1_lead: String,
    /// A queue's id, where the case goes.
    pub step1_queue: String,
    pub step2: String,
    pub step2_raise: String,
    pub step2_lead: String,
    pub step2_queue: String,
    /// The page's boxes: `queue_1`, `priority_high`, `channel_email` …
    #[serde(flatten)]
    #[schema(ignore)]
    boxes: BTreeMap<String, serde_json::Value>,
}

/// One target in the form.
pub struct GoalFields<'a> {
    pub field: &'static str,
    pub word: &'static str,
    pub typed: &'a str,
    pub clock: bool,
}

/// One step of the escalation in the form.
pub struct StepRow<'a> {
    pub field: &'static str,
    pub number: &'static str,
    pub after: &'a str,
    pub raise: &'a str,
    pub lead: &'a str,
    pub queue: &'a str,
}

impl StepRow<'_> {
    pub fn leads_to(&self, queue: &Queue) -> bool {
        self.queue == queue.id.to_string()
    }
}

impl PolicyForm {
    /// What a new policy starts with.
    pub fn fresh() -> Self {
        Self { warning: "60".into(), warning_unit: "minutes".into(), ..Self::default() }
    }

    pub fn of(policy: &Policy) -> Self {
        let goals = &policy.goals;
        let (first, first_time) = shown(goals.first);
        let (next, next_time) = shown(goals.next);
        let (solution, solution_time) = shown(goals.solution);
        let [step1, step2] = [0, 1].map(|number| StepFields::of(goals.steps.get(number)));
        let conditions = policy.conditions.clone();
        Self {
            id: policy.id.to_string(),
            name: policy.name.clone(),
            active: if policy.active { String::new() } else { "no".into() },
            queues: conditions.queues.iter().map(|queue| queue.0).collect(),
            priorities: conditions.priorities,
            channels: conditions.channels,
            kinds: conditions.kinds,
            groups: conditions.groups.join(", "),
            complaint: conditions.complaint.map(yes_or_no).unwrap_or_default(),
            calendar: policy.calendar.map(|id| id.to_string()).unwrap_or_default(),
            first,
            first_time,
            next,
            next_time,
            solution,
            solution_time,
            warning: goals.warning.amount.to_string(),
            warning_unit: goals.warning.unit.code().to_owned(),
            step1: step1.after,
            step1_raise: step1.raise,
            step1_lead: step1.lead,
            step1_queue: step1.queue,
            step2: step2.after,
            step2_raise: step2.raise,
            step2_lead: step2.lead,
            step2_queue: step2.queue,
            boxes: BTreeMap::new(),
        }
    }

    /// The policy to change.
    pub fn id(&self) -> Option<i64> {
        self.id.parse().ok()
    }

    pub fn is_new(&self) -> bool {
        self.id.is_empty()
    }

    pub fn id_text(&self) -> &str {
        &self.id
    }

    pub fn is_active(&self) -> bool {
        self.active != "no"
    }

    pub fn has_queue(&self, queue: &Queue) -> bool {
        self.queues.contains(&queue.id.0)
    }

    pub fn has_priority(&self, code: &str) -> bool {
        self.priorities.iter().any(|one| one == code)
    }

    pub fn has_kind(&self, kind: &i64) -> bool {
        self.kinds.contains(kind)
    }

    pub fn has_channel(&self, code: &str) -> bool {
        self.channels.iter().any(|one| one == code)
    }

    pub fn goals(&self) -> [GoalFields<'_>; 3] {
        let fields =
            |field, word, typed, time: &str| GoalFields { field, word, typed, clock: time == "clock" };
        [
            fields("first", "deadline-clock-first", self.first.as_str(), &self.first_time),
            fields("next", "deadline-clock-next", self.next.as_str(), &self.next_time),
            fields("solution", "deadline-clock-solution", self.solution.as_str(), &self.solution_time),
        ]
    }

    pub fn step_rows(&self) -> [StepRow<'_>; 2] {
        [
            StepRow {
                field: "step1",
                number: "1",
                after: &self.step1,
                raise: &self.step1_raise,
                lead: &self.step1_lead,
                queue: &self.step1_queue,
            },
            StepRow {
                field: "step2",
                number: "2",
                after: &self.step2,
                raise: &self.step2_raise,
                lead: &self.step2_lead,
                queue: &self.step2_queue,
            },
        ]
    }

    /// Takes the ticked boxes into the lists.
    pub fn gathered(mut self) -> Self {
        for field in self.boxes.keys() {
            if let Some(queue) = field.strip_prefix("queue_") {
                self.queues.extend(queue.parse::<i64>());
            } else if let Some(code) = field.strip_prefix("priority_") {
                self.priorities.push(code.to_owned());
            } else if let Some(kind) = field.strip_prefix("kind_") {
                self.kinds.extend(kind.parse::<i64>());
            } else if let Some(code) = field.strip_prefix("channel_") {
                self.channels.push(code.to_owned());
            }
        }
        self
    }

    pub fn parse(&self) -> Result<PolicySettings> {
        let mut errors = Vec::new();
        let mut goal = |field, typed: &str, time: &str| {
            let minutes = read_minutes(typed);
            if minutes.is_none() && !typed.trim().is_empty() {
                errors.push(FieldError { field, word: "deadline-goal-wrong" });
            }
            let time = if time == "clock" { Time::Clock } else { Time::Working };
            minutes.map(|minutes| Goal { minutes, time })
        };
        let first = goal("first", &self.first, &self.first_time);
        let next = goal("next", &self.next, &self.next_time);
        let solution = goal("solution", &self.solution, &self.solution_time);
        let unit = WarningUnit::from_code(&self.warning_unit).unwrap_or(WarningUnit::Minutes);
        let amount = self.warning.trim().parse().unwrap_or_else(|_| {
            errors.push(FieldError { field: "warning", word: "deadline-warning-wrong" });
            0
        });
        let steps = self.steps(&mut errors);
        let known = |codes: &[String], all: &[&str]| codes.iter().all(|code| all.contains(&code.as_str()));
        if !known(&self.priorities, &PRIORITIES) || !known(&self.channels, &CHANNELS) {
            errors.push(FieldError { field: "priorities", word: "error-field-malformed" });
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        Ok(PolicySettings {
            name: self.name.clone(),
            active: self.is_active(),
            conditions: self.conditions(),
            calendar: self.calendar.parse().ok(),
            goals: Goals { first, next, solution, warning: WarningSetting { amount, unit }, steps },
        })
    }

    fn conditions(&self) -> Conditions {
        let groups = self.groups.split(',').map(str::trim).filter(|group| !group.is_empty());
        Conditions {
            queues: self.queues.iter().map(|queue| QueueId(*queue)).collect(),
            priorities: self.priorities.clone(),
            channels: self.channels.clone(),
            kinds: self.kinds.clone(),
            groups: groups.map(str::to_owned).collect(),
            complaint: match self.complaint.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
        }
    }

    fn steps(&self, errors: &mut Vec<FieldError>) -> Vec<Step> {
        let mut steps = Vec::new();
        for StepRow { field, after, raise, lead, queue, .. } in self.step_rows() {
            if after.trim().is_empty() {
                continue;
            }
            let Some(after) = read_minutes(after) else {
                errors.push(FieldError { field, word: "deadline-goal-wrong" });
                continue;
            };
            let queue = queue.parse().map(QueueId).ok();
            steps.push(Step { after, raise: !raise.is_empty(), lead: !lead.is_empty(), queue });
        }
        steps
    }
}

/// A step in the form.
#[derive(Default)]
struct StepFields {
    after: String,
    raise: String,
    lead: String,
    queue: String,
}

impl StepFields {
    fn of(step: Option<&Step>) -> Self {
        let Some(step) = step else { return Self::default() };
        let ticked = |on: bool| if on { "yes".to_owned() } else { String::new() };
        Self {
            after: if step.after == 0 { "0".into() } else { write_minutes(step.after) },
            raise: ticked(step.raise),
            lead: ticked(step.lead),
            queue: step.queue.map(|queue| queue.to_string()).unwrap_or_default(),
        }
    }
}

fn yes_or_no(yes: bool) -> String {
    if yes { "yes".into() } else { "no".into() }
}

fn shown(goal: Option<Goal>) -> (String, String) {
    goal.map(|goal| (write_minutes(goal.minutes), goal.time.code().to_owned())).unwrap_or_default()
}

/// `4 h`, `90 min`, `1:30 h`
fn write_minutes(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours}:{minutes:02} h"),
    }
}

/// Minutes of `90`, `90 min`, `4 h`, `4 Std.`, `1:30`, `1,5 h`; `None` for anything else.
fn read_minutes(text: &str) -> Option<u32> {
    let text = text.trim().to_lowercase();
    let end = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
    let (number, unit) = (text[..end].trim(), text[end..].trim_end_matches('.'));
    if let Some((hours, minutes)) = number.split_once(':') {
        let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
        let is_hours = matches!(unit, "" | "h" | "std" | "stunden");
        return (is_hours && minutes < 60).then(|| hours.checked_mul(60)?.checked_add(minutes)).flatten();
    }
    match unit {
        "" | "m" | "min" | "minuten" | "minutes" => number.parse().ok(),
        "h" | "std" | "stunde" | "stunden" | "hour" | "hours" => {
            let (whole, tenths) = number.split_once([',', '.']).unwrap_or((number, "0"));
            let (whole, tenths): (u32, u32) = (whole.parse().ok()?, tenths.parse().ok()?);
            (tenths < 10).then(|| whole.checked_mul(60)?.checked_add(tenths * 6)).flatten()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{read_minutes, write_minutes};

    #[test]
    fn lengths_are_read_as_people_write_them() {
        for (text, minutes) in [
            ("90", Some(90)),
            ("90 min", Some(90)),
            ("4 h", Some(240)),
            ("4 Std.", Some(240)),
            ("1:30", Some(90)),
            ("1:30 h", Some(90)),
            ("1,5 h", Some(90)),
            ("0", Some(0)),
            ("", None),
            ("bald", None),
            ("-4 h", None),
            ("1:75", None),
            ("99999999999", None),
            ("4294967295 h", None),
        ] {
            assert_eq!(read_minutes(text), minutes, "{text}");
        }
        for minutes in [1, 59, 60, 90, 480] {
            assert_eq!(read_minutes(&write_minutes(minutes)), Some(minutes));
        }
    }
}

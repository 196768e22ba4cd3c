//! The insights and how their owners have treated them so far.

use crate::chance::Chance;
use crate::course::Course;
use crate::house;
use crate::model::{Insight, Remark, State, StateChange};
use crate::moment::{after_work, plus, seconds, weekday_before, weekday_from};
use crate::themes::{Theme, all};
use jiff::civil::Date;

/// Days of history.
pub const HISTORY: i64 = 400;

pub fn make(seed: u64, today: Date) -> Vec<Insight> {
    let insight = |(index, theme): (usize, &Theme)| {
        let history = history(theme, today, &mut Chance::new(seed, 2000 + index as u64));
        let talk = talk(&history, theme, today, &mut Chance::new(seed, 3000 + index as u64));
        insight(theme, history, talk)
    };
    all().iter().enumerate().map(insight).collect()
}

fn insight(theme: &Theme, history: Vec<StateChange>, talk: Vec<Remark>) -> Insight {
    Insight {
        kind: theme.kind,
        title: theme.title,
        description: theme.description,
        station: theme.station as usize,
        department: theme.owner as usize,
        state: theme.state,
        history,
        competitor: (!theme.competitor.is_empty()).then_some(theme.competitor),
        talk,
    }
}

/// The days (before today) on which the theme entered its states.
fn steps(theme: &Theme, chance: &mut Chance) -> Vec<(State, i64)> {
    let begin = first_said(theme.course).unwrap_or_else(|| chance.between(320, HISTORY - 5));
    let fixed = match theme.course {
        Course::Fixed { ago, .. } | Course::Relapsed { ago, .. } => ago,
        Course::Pilot { ago } => ago - 20,
        _ => chance.between(20, 60),
    };
    let relapsed = matches!(theme.course, Course::Relapsed { .. });
    let opened = match theme.state {
        // It was fixed and came back: what is open now was opened long ago.
        _ if relapsed => begin - 6,
        // Taken up lately, else nobody would still be thinking about it.
        State::Open => chance.between(2, 45).min(begin - 1),
        _ => begin - (begin / 20).min(6),
    };
    let decided = opened - (opened - fixed).max(4) / 3;
    let planned = decided - (decided - fixed).max(3) / 2;
    let mut steps = vec![(State::Proposed, begin)];
    if theme.state != State::Proposed {
        steps.push((State::Open, opened));
    }
    match theme.state {
        State::Disputed => steps.push((State::Disputed, decided)),
        State::Declined => steps.push((State::Declined, decided)),
        State::Accepted => steps.push((State::Accepted, decided)),
        State::Planned => steps.extend([(State::Accepted, decided), (State::Planned, planned)]),
        State::Fixed => {
            steps.extend([(State::Accepted, decided), (State::Planned, planned), (State::Fixed, fixed)]);
        }
        State::Proposed | State::Open => {}
    }
    if relapsed {
        steps.extend([
            (State::Accepted, decided),
            (State::Planned, planned),
            (State::Fixed, fixed),
            (State::Open, 30),
        ]);
    }
    steps
}

fn first_said(course: Course) -> Option<i64> {
    match course {
        Course::Emerging { since } => Some(since - 2),
        _ => None,
    }
}

fn history(theme: &Theme, today: Date, chance: &mut Chance) -> Vec<StateChange> {
    let steps = steps(theme, chance);
    let fixed = steps.iter().find(|step| step.0 == State::Fixed).map(|step| step.1);
    let mut last = i64::MIN;
    let mut changes = Vec::new();
    for (state, ago) in steps {
        // Decisions fall on working days, but never after yesterday.
        let day = weekday_from(plus(today, -ago)).min(weekday_before(today));
        let at = seconds(day, chance.between(8, 16), chance.between(0, 59)).max(last + 900);
        last = at;
        changes.push(StateChange {
            state,
            at,
            person: decider(state, theme, chance),
            reason: reason(state, theme),
            due: (state == State::Planned).then(|| due(fixed, today, chance)),
        });
    }
    changes
}

fn decider(state: State, theme: &Theme, chance: &mut Chance) -> usize {
    match state {
        State::Proposed => chance.below(house::AGENTS),
        State::Open => 10 + chance.below(2),
        _ => house::head_of(theme.owner as usize),
    }
}

fn reason(state: State, theme: &Theme) -> Option<&'static str> {
    let reason = (!theme.reason.is_empty()).then_some(theme.reason);
    match state {
        State::Disputed | State::Declined | State::Planned | State::Fixed => reason,
        _ => None,
    }
}

/// What was said after the last decision: a question of service, an answer of the department.
fn talk(history: &[StateChange], theme: &Theme, today: Date, chance: &mut Chance) -> Vec<Remark> {
    let (Some(last), true) = (history.last(), chance.percent(60)) else { return Vec::new() };
    let said: &[(bool, &str)] = match theme.state {
        State::Proposed => &[],
        State::Open => &[(true, "Kommt bei uns in jedem Team vor. Soll ich euch drei Fälle heraussuchen?")],
        State::Accepted => &[
            (true, "Was dürfen wir solange sagen, wenn jemand fragt?"),
            (false, "Dass wir es kennen und daran arbeiten. Einen Tag nennen wir, sobald er hält."),
        ],
        State::Disputed => &[
            (true, "Ich höre das fast jeden Tag, mit Auftragsnummer. Schaut ihr euch die Zitate an?"),
            (false, "Machen wir. Bisher sehen wir in unseren Zahlen nichts davon."),
        ],
        State::Declined => {
            &[(true, "Schade. Dann brauchen wir wenigstens einen Satz, den wir sagen können.")]
        }
        State::Planned => &[
            (true, "Dürfen wir den Tag schon nennen?"),
            (false, "Ja, so wie er im Plan steht. Wenn er wackelt, sagen wir es euch vorher."),
        ],
        State::Fixed => &[(true, "Seither kommt kaum noch etwas dazu. Danke!")],
    };
    let (agent, head) = (chance.below(house::AGENTS), house::head_of(theme.owner as usize));
    let end = seconds(weekday_before(today), 17, 0);
    let mut at = last.at;
    let mut remark = |&(service, text): &(bool, &'static str)| {
        at = after_work(at, chance.between(60, 1200)).min(end);
        Remark { person: if service { agent } else { head }, at, text }
    };
    said.iter().map(&mut remark).collect()
}

/// What was announced: mostly the day on which it was fixed, sometimes earlier; otherwise soon.
fn due(fixed: Option<i64>, today: Date, chance: &mut Chance) -> Date {
    match fixed {
        Some(ago) => weekday_from(plus(today, -ago - chance.between(0, 1) * 9)),
        None => weekday_from(plus(today, chance.between(-4, 60))),
    }
}

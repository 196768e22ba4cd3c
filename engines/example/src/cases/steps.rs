//! The courses a case can take: which steps follow the first contact, and how often.

use crate::chance::Chance;
use crate::model::{Channel, Kind};
use crate::themes::Theme;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Answer,
    Interim,
    AskBack,
    Details,
    Still,
    Chase,
    Call,
    Thanks,
    ToDepartment,
    FromDepartment,
    ToColleague,
    /// The note after a call that settled it.
    Settled,
}

use Step::{
    Answer, AskBack, Call, Chase, Details, FromDepartment, Interim, Settled, Still, Thanks, ToColleague,
    ToDepartment,
};

/// What follows the first contact, and how often.
const COURSES: &[(u64, &[Step])] = &[
    (600, &[Answer]),
    (110, &[ToDepartment, FromDepartment, Answer]),
    (90, &[Answer, Thanks]),
    (70, &[AskBack, Details, Answer]),
    (45, &[Answer, Still, Answer, Thanks]),
    (35, &[Interim, Answer]),
    (22, &[Chase, Answer]),
    (18, &[ToColleague, Answer]),
    (16, &[Answer, Still, ToDepartment, FromDepartment, Answer]),
    (14, &[Interim, Call, ToDepartment, FromDepartment, Answer, Thanks]),
    (8, &[Interim, Chase, ToDepartment, FromDepartment, Call, Answer, Thanks]),
    (6, &[AskBack, Details, Interim, Call, Answer, Still, Answer]),
];

/// The same for questions, wishes and news, where nothing is to be repaired.
const CALM_COURSES: &[(u64, &[Step])] = &[
    (720, &[Answer]),
    (150, &[Answer, Thanks]),
    (80, &[ToDepartment, FromDepartment, Answer]),
    (25, &[Chase, Answer]),
    (25, &[Interim, Answer, Thanks]),
];

/// What follows the first contact on `channel`.
pub fn follow(channel: Channel, theme: &Theme, chance: &mut Chance) -> &'static [Step] {
    if theme.kind == Kind::Praise {
        return if chance.percent(80) { &[Answer] } else { &[ToDepartment, Answer] };
    }
    if channel == Channel::Phone && chance.percent(58) {
        return &[Settled];
    }
    let fault = matches!(theme.kind, Kind::Cause | Kind::Hindrance);
    let courses = if fault { COURSES } else { CALM_COURSES };
    let weights: Vec<u64> = courses.iter().map(|course| course.0).collect();
    courses[chance.weighted(&weights)].1
}

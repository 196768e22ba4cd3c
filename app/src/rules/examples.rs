//! Rules to begin with: looked at, changed and switched on by whoever wants them.

use super::action::{Action, Deed};
use super::model::{Definition, Draft, Event, RuleKind};
use crate::cases::{Condition, Field, Filter, Test};
use crate::platform::Words;

/// An example with the code by which a page names it.
pub fn examples(words: &Words) -> Vec<(&'static str, Draft)> {
    let draft = |kind, word: &str, definition| Draft {
        kind,
        name: words.t(word).into_owned(),
        definition,
        active: false,
    };
    let open = || Condition::is(Field::Status, "open");
    vec![
        (
            "complaint",
            draft(
                RuleKind::Trigger,
                "rules-example-complaint",
                Definition {
                    events: vec![Event::Complaint],
                    actions: vec![
                        Action::new(Deed::Priority, "high"),
                        Action::new(Deed::Notify, "role:lead"),
                    ],
                    ..Definition::default()
                },
            ),
        ),
        (
            "late",
            draft(
                RuleKind::Trigger,
                "rules-example-late",
                Definition {
                    events: vec![Event::DeadlineMissed],
                    actions: vec![Action::new(Deed::Notify, "owner"), Action::new(Deed::Notify, "role:lead")],
                    ..Definition::default()
                },
            ),
        ),
        (
            "invoice",
            draft(
                RuleKind::Trigger,
                "rules-example-invoice",
                Definition {
                    events: vec![Event::Opened],
                    filter: Filter::all([Condition::new(
                        Field::Subject,
                        Test::Contains,
                        &["Rechnung", "Mahnung", "invoice"],
                    )]),
                    actions: vec![Action::new(Deed::Tag, words.t("rules-example-invoice-tag").as_ref())],
                    ..Definition::default()
                },
            ),
        ),
        (
            "quiet",
            draft(
                RuleKind::Time,
                "rules-example-quiet",
                Definition {
                    filter: Filter::all([open(), Condition::new(Field::Updated, Test::Older, &["3d"])]),
                    actions: vec![Action::new(Deed::Notify, "owner")],
                    again_days: Some(3),
                    ..Definition::default()
                },
            ),
        ),
        (
            "wait",
            draft(
                RuleKind::Macro,
                "rules-example-wait",
                Definition {
                    actions: vec![
                        Action::new(Deed::Wait, "3d"),
                        Action::new(Deed::Tag, words.t("rules-example-wait-tag").as_ref()),
                    ],
                    ..Definition::default()
                },
            ),
        ),
    ]
}

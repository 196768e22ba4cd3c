//! Rules to begin with: looked at, changed and switched on by whoever wants them.

use super::action::{Action, Deed};
use super::mails::{MailCondition, MailPart, MailTest};
use super::model::{Definition, Draft, Event, Rule, RuleKind};
use crate::cases::{Condition, Field, Filter, Test};
use crate::platform::Words;

/// The part of its word that names the example.
fn code_of(word: &str) -> String {
    word.trim_start_matches("rules-example-").to_owned()
}

/// Those that nobody took over yet.
pub fn fresh_examples(words: &Words, known: &[Rule]) -> Vec<(&'static str, Draft)> {
    let mut all = examples(words);
    let taken = |code: &str, draft: &Draft| {
        known.iter().any(|rule| rule.definition.example == code || rule.name == draft.name)
    };
    all.retain(|(code, draft)| !taken(code, draft));
    all
}

/// An example with the code by which a page names it.
pub fn examples(words: &Words) -> Vec<(&'static str, Draft)> {
    let draft = |kind, word: &str, definition| Draft {
        kind,
        name: words.t(word).into_owned(),
        definition: Definition { example: code_of(word), ..definition },
        active: false,
        team: None,
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
        ("newsletter", draft(RuleKind::Mail, "rules-example-newsletter", newsletter(words))),
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

/// Who writes to many says in the head of the mail how to get rid of it.
fn newsletter(words: &Words) -> Definition {
    let head = MailCondition::new(MailPart::Header, MailTest::Set, "");
    Definition {
        mail: vec![MailCondition { name: "List-Unsubscribe".into(), ..head }],
        actions: vec![
            Action::new(Deed::Quiet, ""),
            Action::new(Deed::Priority, "low"),
            Action::new(Deed::Tag, words.t("rules-example-newsletter-tag").as_ref()),
        ],
        ..Definition::default()
    }
}

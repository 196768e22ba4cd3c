//! The single keys of the pages, and what a person made of them.
//!
//! A page declares a key as `data-key="e"` on whatever it presses. Screen readers and speech input use single keys, too,
//! so everybody may choose others or switch them off (WCAG 2.1.4). A test holds [`KEYS`] and the templates together.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Error, Result, Right};

/// One key and what it does.
pub struct Key {
    /// As in `data-key`: a character, `Shift+R`, or several that follow each other, as in `g t`.
    pub key: &'static str,
    /// Translation key of what it does.
    pub word: &'static str,
    /// What it leads to is only for who has this right; nobody else is told of it.
    pub right: Option<Right>,
}

/// Keys under one heading of the help.
pub struct Group {
    pub word: &'static str,
    pub keys: &'static [Key],
}

const fn key(key: &'static str, word: &'static str) -> Key {
    Key { key, word, right: None }
}

const fn key_of(right: Right, key: &'static str, word: &'static str) -> Key {
    Key { key, word, right: Some(right) }
}

/// All that can be chosen anew.
pub const KEYS: &[Group] = &[
    Group {
        word: "keys-browse",
        keys: &[
            key("j", "keys-next"),
            key("k", "keys-previous"),
            key("c", "keys-new"),
            key("v", "keys-views"),
            key("Shift+V", "keys-table"),
            key("x", "keys-mark"),
            key("*", "keys-mark-all"),
            key("Shift+B", "keys-bulk"),
            key("i", "keys-file"),
        ],
    },
    Group {
        word: "keys-go",
        keys: &[
            key_of(Right::ReadCases, "g i", "nav-inbox"),
            key_of(Right::ReadCases, "g t", "cmd-tasks"),
            key("g h", "cmd-handoffs"),
            key("g n", "cmd-notices"),
            key_of(Right::ReadCases, "g v", "cases-view-edit"),
            key_of(Right::WorkCases, "g c", "cmd-new-case"),
            key_of(Right::ReadCustomers, "g k", "nav-customers"),
            key_of(Right::EditCustomers, "g m", "cmd-new-customer"),
            key_of(Right::DecideInsights, "g d", "nav-department"),
            key_of(Right::ReadInsights, "g u", "nav-hub"),
            key_of(Right::LeadPeople, "g w", "nav-workload"),
            key_of(Right::ReadKnowledge, "g s", "nav-knowledge"),
            key_of(Right::WorkCases, "g a", "attendance-do-there"),
            key_of(Right::WorkCases, "g b", "attendance-do-busy"),
            key_of(Right::WorkCases, "g o", "attendance-do-away"),
            key("g l", "nav-theme"),
        ],
    },
    Group {
        word: "keys-answer",
        keys: &[
            key("r", "keys-reply"),
            key("Shift+R", "keys-reply-all"),
            key("Shift+C", "keys-copies"),
            key("b", "keys-snippet"),
            key(".", "keys-article"),
            key("f", "keys-forward"),
            key("n", "keys-note"),
            key("Shift+T", "keys-talk"),
            key("Shift+O", "orders-insert"),
            key("Shift+I", "case-attach"),
            key("Shift+J", "keys-draft-take"),
            key("g x", "draft-discard"),
            key("Shift+E", "keys-send-again"),
            key("Shift+U", "keys-other-time"),
            key("Shift+Z", "keys-take-back"),
        ],
    },
    Group {
        word: "keys-decide",
        keys: &[
            key("a", "keys-assign"),
            key("h", "keys-wait"),
            key("o", "keys-hand-off"),
            key("Shift+A", "keys-handoff-accept"),
            key("Shift+N", "keys-handoff-answer"),
            key("Shift+M", "rules-macro"),
            key("t", "keys-task"),
            key(",", "keys-task-end"),
            key("Shift+K", "checklist-pick"),
            key("u", "keys-document"),
            key("g", "keys-goodwill"),
            key("e", "keys-close"),
            key("z", "keys-undo"),
        ],
    },
    Group {
        word: "keys-case",
        keys: &[
            key("y", "keys-kind"),
            key("s", "keys-state"),
            key("p", "keys-priority"),
            key("l", "keys-tags"),
            key("d", "keys-fields"),
            key("q", "keys-deadline"),
            key("Shift+Q", "keys-complaint"),
            key("w", "keys-follow"),
            key("g p", "case-people"),
            key("Shift+S", "keys-accept-sender"),
            key("Shift+W", "keys-why"),
            key("Shift+H", "keys-history"),
            key("g r", "rules-of-case"),
            key("g z", "time-own"),
            key("m", "keys-merge"),
            key("Shift+G", "keys-part"),
            key("Shift+F", "keys-join"),
            key("Shift+X", "keys-split"),
            key("Shift+L", "keys-relate"),
            key("Shift+P", "keys-private"),
            key("!", "keys-spam"),
            key("Delete", "keys-trash"),
            key("Shift+D", "keys-print"),
            key("g f", "print-pdf"),
            key("Shift+Y", "keys-copy"),
            key("g q", "channels-source"),
        ],
    },
    Group {
        word: "nav-settings",
        keys: &[
            key_of(Right::OwnAccount, "g e", "nav-settings"),
            key_of(Right::OwnAccount, "g e k", "nav-account"),
            key_of(Right::OwnAccount, "g e n", "settings-notices"),
            key_of(Right::WorkCases, "g e a", "settings-attendance"),
            key_of(Right::LeadPeople, "g e w", "settings-staff"),
            key_of(Right::ManageSettings, "g e 1", "settings-start"),
            key_of(Right::ManagePeople, "g e m", "settings-people"),
            key_of(Right::ManageSettings, "g e t", "settings-teams"),
            key_of(Right::ManageSettings, "g e q", "settings-queues"),
            key_of(Right::ManageSettings, "g e z", "settings-calendars"),
            key_of(Right::ManageSettings, "g e f", "settings-deadlines"),
            key_of(Right::ManageSettings, "g e v", "settings-assignment"),
            key_of(Right::ManageSettings, "g e b", "settings-acknowledgements"),
            key_of(Right::ManageSettings, "g e d", "settings-departments"),
            key_of(Right::ManageSettings, "g e i", "settings-attributes"),
            key_of(Right::ManageSettings, "g e c", "settings-checklists"),
            key_of(Right::KeepRules, "g e r", "settings-rules"),
            key_of(Right::ManageSettings, "g e h", "settings-webhooks"),
            key_of(Right::ManageSettings, "g e p", "settings-patience"),
            key_of(Right::ManageSettings, "g e u", "settings-house-notices"),
            key_of(Right::WorkCases, "g e y", "settings-recurring"),
            key_of(Right::WorkCases, "g e s", "settings-snippets"),
            key_of(Right::ReadInsights, "g e o", "settings-policies"),
            key_of(Right::EditRates, "g e l", "settings-rates"),
            key_of(Right::ReportExposure, "g e x", "settings-exposure"),
            key_of(Right::ManageSettings, "g e e", "settings-mail"),
            key_of(Right::ManageSettings, "g e 2", "settings-sending"),
            key_of(Right::ManageSettings, "g e 3", "settings-mailboxes"),
            key_of(Right::ReadUnprocessable, "g e 4", "settings-unprocessable"),
            key_of(Right::ManageSettings, "g e 5", "settings-proof"),
            key_of(Right::ReadUnprocessable, "g e 6", "settings-sent"),
            key_of(Right::ReadUnprocessable, "g e 7", "settings-suppressed"),
            key_of(Right::OwnAccount, "g e 8", "settings-api"),
            key_of(Right::ManagePeople, "g e 9", "settings-tokens"),
            key_of(Right::ManageSettings, "g e 0", "settings-search"),
            key_of(Right::ManageSettings, "g e j", "settings-jobs"),
            key_of(Right::ManageSettings, "g e g", "settings-audit"),
        ],
    },
];

/// The key of the house for what has this word, if there is one.
pub fn of_word(word: &str) -> Option<&'static Key> {
    KEYS.iter().flat_map(|group| group.keys).find(|key| key.word == word)
}

/// The keys of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Keyboard {
    /// No single keys at all.
    pub off: bool,
    /// What is pressed instead of a key of the house; only what differs.
    pub own: BTreeMap<String, String>,
}

impl Keyboard {
    /// From what was typed beside each key of the house; empty: as the house has it.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if something is no single character, or two do the same.
    pub fn chosen(off: bool, typed: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let mut own = BTreeMap::new();
        let mut pressed = BTreeSet::new();
        for key in KEYS.iter().flat_map(|group| group.keys) {
            let typed = typed(key.key).map(|typed| typed.trim().to_owned()).filter(|typed| !typed.is_empty());
            let chosen = typed.unwrap_or_else(|| key.key.to_owned());
            if chosen != key.key && !is_one_key(&chosen) {
                return Err(Error::invalid(key.key, "keys-one-character"));
            }
            if !pressed.insert(chosen.clone()) {
                return Err(Error::invalid(key.key, "keys-twice"));
            }
            if chosen != key.key {
                own.insert(key.key.to_owned(), chosen);
            }
        }
        Ok(Self { off, own })
    }

    /// What this person presses for a key of the house.
    pub fn pressed<'a>(&'a self, key: &'a str) -> &'a str {
        self.own.get(key).map_or(key, String::as_str)
    }

    /// What stands beside a key of the house in the person's settings.
    pub fn typed(&self, key: &str) -> &str {
        self.own.get(key).map_or("", String::as_str)
    }
}

/// The translation key of what is printed on a key that has a name instead of a character.
pub fn name(key: &str) -> Option<&'static str> {
    (key == "Delete").then_some("key-delete")
}

/// A key with a character as people read it on their keyboard.
pub fn printed(key: &str) -> String {
    match key.strip_prefix("Shift+") {
        Some(rest) => format!("⇧ {}", rest.to_uppercase()),
        None => key.to_uppercase(),
    }
}

/// The slash and the question mark stay what they are everywhere: search and help.
fn is_one_key(text: &str) -> bool {
    let mut letters = text.chars();
    let one = letters.next().is_some_and(|c| !c.is_whitespace() && !c.is_control() && !"/?".contains(c));
    one && letters.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Result<Keyboard> {
        let pairs: BTreeMap<String, String> =
            pairs.iter().map(|(key, typed)| ((*key).to_owned(), (*typed).to_owned())).collect();
        Keyboard::chosen(false, |key| pairs.get(key).cloned())
    }

    #[test]
    fn only_what_differs_is_kept() {
        let keyboard = typed(&[("e", "ö"), ("r", "r"), ("n", " ")]).expect("fine");
        assert_eq!(keyboard.own, BTreeMap::from([("e".into(), "ö".into())]));
        assert_eq!((keyboard.pressed("e"), keyboard.pressed("r")), ("ö", "r"));
        assert_eq!(printed(keyboard.pressed("e")), "Ö");
    }

    #[test]
    fn two_actions_can_swap_their_keys_but_not_share_one() {
        assert_eq!(typed(&[("e", "r"), ("r", "e")]).map(|keyboard| keyboard.own.len()).ok(), Some(2));
        assert!(typed(&[("e", "r")]).is_err());
    }

    #[test]
    fn nothing_has_two_keys_and_no_key_means_two_things() {
        let all = || KEYS.iter().flat_map(|group| group.keys);
        let keys: BTreeSet<&str> = all().map(|key| key.key).collect();
        let words: BTreeSet<&str> = all().map(|key| key.word).collect();
        assert_eq!((keys.len(), words.len()), (all().count(), all().count()));
        // What begins others is pressed alone only where nothing is typed that follows.
        let begins = |key: &&str| keys.iter().any(|other| other.starts_with(&format!("{key} ")));
        assert_eq!(keys.iter().copied().filter(begins).collect::<Vec<_>>(), ["g", "g e"]);
    }

    #[test]
    fn every_key_is_printed_as_a_character_or_has_a_name() {
        for key in KEYS.iter().flat_map(|group| group.keys) {
            let last = key.key.rsplit(['+', ' ']).next().expect("a key");
            assert_eq!(name(key.key).is_none(), last.chars().count() == 1, "{}", key.key);
        }
        assert_eq!((printed("Shift+R"), printed("g e k")), ("⇧ R".into(), "G E K".into()));
    }

    #[test]
    fn a_key_is_one_character_and_not_the_slash() {
        for wrong in ["ab", "/", "?", "F1"] {
            assert!(typed(&[("e", wrong)]).is_err(), "{wrong}");
        }
        assert!(typed(&[("e", "ü")]).is_ok());
    }
}

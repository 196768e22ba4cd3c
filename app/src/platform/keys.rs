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
    /// As in `data-key`: a character, or `Shift+R`.
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
            key("g t", "cmd-tasks"),
            key("g h", "cmd-handoffs"),
            key("g n", "cmd-notices"),
            key_of(Right::LeadPeople, "g w", "nav-workload"),
            key_of(Right::ReadKnowledge, "g a", "nav-knowledge"),
        ],
    },
    Group {
        word: "keys-answer",
        keys: &[
            key("r", "keys-reply"),
            key("Shift+R", "keys-reply-all"),
            key("Shift+C", "keys-copies"),
            key("b", "keys-snippet"),
            key("Shift+A", "keys-article"),
            key("f", "keys-forward"),
            key("n", "keys-note"),
            key("Shift+T", "keys-talk"),
            key("Shift+O", "orders-insert"),
        ],
    },
    Group {
        word: "keys-decide",
        keys: &[
            key("a", "keys-assign"),
            key("h", "keys-wait"),
            key("o", "keys-hand-off"),
            key("Shift+M", "rules-macro"),
            key("t", "keys-task"),
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
            key("w", "keys-follow"),
            key("Shift+W", "keys-why"),
            key("Shift+H", "keys-history"),
            key("m", "keys-merge"),
            key("Shift+X", "keys-split"),
            key("Shift+L", "keys-relate"),
            key("Shift+P", "keys-private"),
            key("!", "keys-spam"),
            key("Delete", "keys-trash"),
            key("Shift+D", "keys-print"),
            key("Shift+Y", "keys-copy"),
        ],
    },
];

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
    fn every_key_is_printed_as_a_character_or_has_a_name() {
        for key in KEYS.iter().flat_map(|group| group.keys) {
            let last = key.key.rsplit(['+', ' ']).next().expect("a key");
            assert_eq!(name(key.key).is_none(), last.chars().count() == 1, "{}", key.key);
        }
        assert_eq!((printed("Shift+R"), printed("g t")), ("⇧ R".into(), "G T".into()));
    }

    #[test]
    fn a_key_is_one_character_and_not_the_slash() {
        for wrong in ["ab", "/", "?", "F1"] {
            assert!(typed(&[("e", wrong)]).is_err(), "{wrong}");
        }
        assert!(typed(&[("e", "ü")]).is_ok());
    }
}

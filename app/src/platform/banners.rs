//! Banners: what the frame of every page tells whoever can do something about it, such as that mails are missing.
//!
//! A slice puts a banner up while its reason lasts, and takes it down afterwards. Each node keeps its own in memory,
//! so that no page waits for them: a slice looks for itself from time to time, as a service. Deliberately absent:
//! clicking them away, and what concerns one person only.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Actor, Right, Words};

/// A sentence above the page and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// Who sees it: who has this right can do something about it.
    pub right: Right,
    /// Something is broken or lost; otherwise it is only good to know.
    pub alarm: bool,
    /// Translation key, with the number `$n`.
    pub word: &'static str,
    pub n: i64,
    /// Where more is told and something can be done, and the key of what the link says.
    pub url: &'static str,
    pub link_word: &'static str,
}

impl Banner {
    pub fn text(&self, words: &Words) -> Cow<'static, str> {
        words.n(self.word, self.n)
    }
}

/// What is up on this node, by a name that the slice chose: "proof".
#[derive(Debug, Default)]
pub struct Banners(Mutex<BTreeMap<&'static str, Banner>>);

impl Banners {
    /// Puts a banner up in place of the one of that name, or takes it down.
    pub fn set(&self, name: &'static str, banner: Option<Banner>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match banner {
            Some(banner) => drop(all.insert(name, banner)),
            None => drop(all.remove(name)),
        }
    }

    /// What `actor` sees, alarms first; the same sentence once, by whichever right it was put up.
    pub fn of(&self, actor: &Actor) -> Vec<Banner> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut seen: Vec<Banner> = all.values().filter(|one| actor.can(one.right)).cloned().collect();
        seen.sort_by_key(|one| !one.alarm);
        seen.dedup_by(|one, before| (one.word, one.n) == (before.word, before.n));
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn banner(alarm: bool) -> Banner {
        let (right, n) = (Right::ManageSettings, i64::from(alarm));
        Banner { right, alarm, word: "mail-test-nobody", n, url: "/", link_word: "error-back" }
    }

    #[test]
    fn a_banner_is_up_until_its_reason_ends_and_alarms_come_first() {
        let banners = Banners::default();
        let admin = Actor::kitt("test");
        banners.set("a", Some(banner(false)));
        banners.set("b", Some(banner(true)));
        assert_eq!(banners.of(&admin), [banner(true), banner(false)]);

        banners.set("b", None);
        assert_eq!(banners.of(&admin), [banner(false)]);
        assert_eq!(banners.of(&Actor { roles: Vec::new(), ..admin }), []);
    }
}

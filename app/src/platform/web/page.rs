//! The frame around every page: navigation, palette, keys, toast.

use std::borrow::Cow;
use std::ops::Deref;
use std::time::Duration;

use crate::platform::banners::Banner;
use crate::platform::keys::{self, Key, Keyboard};
use crate::platform::words::Words;
use crate::platform::{Actor, App, Right, Timestamp};

/// Which part of the house a page belongs to; marks it in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    Inbox,
    Customers,
    Knowledge,
    Hub,
    Department,
    Workload,
    Settings,
    /// Reached from the bar, not from the navigation.
    Search,
    /// Login and the like: no navigation.
    Door,
}

impl Area {
    /// The part of the house that an address belongs to.
    pub(super) fn of(url: &str) -> Self {
        let below = |link: &Link| {
            url.strip_prefix(link.url).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        };
        let settings = SETTINGS.iter().map(|(_, link)| link);
        let found = LINKS.iter().map(|(_, link)| link).chain(settings).find(|link| below(link));
        found.map_or(Self::Search, |link| link.area)
    }
}

/// A short message after an action, with a way back where there is one.
#[derive(Debug, Clone)]
pub struct Toast {
    /// Translation key.
    pub word: String,
    /// The whole sentence instead, where it names somebody.
    pub text: Option<String>,
    pub undo: Option<Undo>,
}

impl Toast {
    fn with(word: &str, undo: Undo) -> Self {
        Self { word: word.to_owned(), text: None, undo: Some(undo) }
    }
}

/// How to take the action back.
#[derive(Debug, Clone)]
pub struct Undo {
    /// Where to post.
    pub action: String,
    pub until: Timestamp,
    /// Something happens when the time is over, so the seconds are shown.
    pub counts: bool,
}

/// One entry of the navigation.
pub struct Link {
    pub area: Area,
    pub url: &'static str,
    pub word: &'static str,
    pub icon: &'static str,
}

impl Link {
    /// The key of the house that leads there; a test finds one for each.
    pub fn key(&self) -> &'static str {
        keys::of_word(self.word).map_or("", |key| key.key)
    }
}

/// The keys of the house that lead to the pages of navigation and settings.
pub fn link_keys() -> impl Iterator<Item = &'static str> {
    LINKS.iter().chain(SETTINGS).map(|(_, link)| link.key())
}

/// How long pages offer to take back what was just done.
pub const OFFERED: Duration = Duration::from_secs(20);

/// What of an address says where in a list one is, or that something is being changed.
const PLACES: [&str; 4] = ["cursor", "before", "limit", "edit"];

/// So many fit beside each other; the styles hide the others.
const LINKS_OF_PHONES: usize = 5;

const LINKS: &[(Right, Link)] = &[
    (Right::ReadCases, Link { area: Area::Inbox, url: "/cases", word: "nav-inbox", icon: "inbox" }),
    (
        Right::DecideInsights,
        Link { area: Area::Department, url: "/department", word: "nav-department", icon: "dept" },
    ),
    (Right::ReadInsights, Link { area: Area::Hub, url: "/hub", word: "nav-hub", icon: "hub" }),
    (
        Right::LeadPeople,
        Link { area: Area::Workload, url: "/workload", word: "nav-workload", icon: "numbers" },
    ),
    (
        Right::ReadCustomers,
        Link { area: Area::Customers, url: "/customers", word: "nav-customers", icon: "people" },
    ),
    (
        Right::ReadKnowledge,
        Link { area: Area::Knowledge, url: "/knowledge", word: "nav-knowledge", icon: "book" },
    ),
    (Right::OwnAccount, Link { area: Area::Settings, url: "/settings", word: "nav-settings", icon: "gear" }),
];

/// The pages of the settings, in the order of their menu.
const SETTINGS: &[(Right, Link)] = &[
    (Right::OwnAccount, setting("/account", "nav-account", "user")),
    (Right::OwnAccount, setting("/notices/settings", "settings-notices", "bell")),
    (Right::WorkCases, setting("/attendance", "settings-attendance", "cal")),
    (Right::LeadPeople, setting("/staff", "settings-staff", "team")),
    (Right::ManageSettings, setting("/start", "settings-start", "play")),
    (Right::ManagePeople, setting("/settings/people", "settings-people", "people")),
    (Right::ManageSettings, setting("/settings/teams", "settings-teams", "team")),
    (Right::ManageSettings, setting("/settings/queues", "settings-queues", "inbox")),
    (Right::ManageSettings, setting("/settings/calendars", "settings-calendars", "cal")),
    (Right::ManageSettings, setting("/settings/deadlines", "settings-deadlines", "clock")),
    (Right::ManageSettings, setting("/settings/assignment", "settings-assignment", "assign")),
    (Right::ManageSettings, setting("/settings/acknowledgements", "settings-acknowledgements", "check")),
    (Right::ManageSettings, setting("/settings/departments", "settings-departments", "dept")),
    (Right::ManageSettings, setting("/settings/attributes", "settings-attributes", "tag")),
    (Right::ManageSettings, setting("/settings/checklists", "settings-checklists", "list")),
    (Right::KeepRules, setting("/settings/rules", "settings-rules", "repeat")),
    (Right::ManageSettings, setting("/settings/webhooks", "settings-webhooks", "link")),
    (Right::ManageSettings, setting("/settings/patience", "settings-patience", "clock")),
    (Right::ManageSettings, setting("/settings/notices", "settings-house-notices", "bell")),
    (Right::WorkCases, setting("/recurring", "settings-recurring", "repeat")),
    (Right::WorkCases, setting("/snippets", "settings-snippets", "book2")),
    (Right::ReadInsights, setting("/policies", "settings-policies", "wall")),
    (Right::EditRates, setting("/settings/rates", "settings-rates", "euro")),
    (Right::ReportExposure, setting("/exposure", "settings-exposure", "box")),
    (Right::ManageSettings, setting("/settings/mail", "settings-mail", "mail")),
    (Right::ManageSettings, setting("/settings/sending", "settings-sending", "pen")),
    (Right::ManageSettings, setting("/settings/mailboxes", "settings-mailboxes", "letter")),
    (Right::ReadUnprocessable, setting("/unprocessable", "settings-unprocessable", "flagq")),
    (Right::ManageSettings, setting("/settings/proof", "settings-proof", "check")),
    (Right::ReadUnprocessable, setting("/sent", "settings-sent", "send")),
    (Right::ReadUnprocessable, setting("/suppressions", "settings-suppressed", "x")),
    (Right::OwnAccount, setting("/api", "settings-api", "link")),
    (Right::ManagePeople, setting("/settings/tokens", "settings-tokens", "key")),
    (Right::ManageSettings, setting("/settings/search", "settings-search", "search")),
    (Right::ManageSettings, setting("/settings/jobs", "settings-jobs", "repeat")),
    (Right::ManageSettings, setting("/settings/audit", "settings-audit", "receipt")),
];

const fn setting(url: &'static str, word: &'static str, icon: &'static str) -> Link {
    Link { area: Area::Settings, url, word, icon }
}

/// How many notices the reader has not looked at, as a slice that knows them tells with the request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unread(pub i64);

/// What a template needs beside its own data; the words are its own (`page.t("…")`).
pub struct Page {
    words: Words,
    pub actor: Option<Actor>,
    pub area: Area,
    pub url: String,
    pub toast: Option<Toast>,
    /// The company's name, as set up.
    pub house: String,
    /// Where mail goes in test mode: `nobody` or an address; `None` in earnest.
    pub mail_test_mode: Option<String>,
    /// What somebody should look at, for this reader.
    pub banners: Vec<Banner>,
    /// Behind the bell.
    pub(super) unread: Unread,
    /// Whether the reader's keyboard has a key ⌘.
    pub(super) apple: bool,
}

impl Deref for Page {
    type Target = Words;

    fn deref(&self) -> &Words {
        &self.words
    }
}

impl Page {
    pub(super) fn new(app: &App, words: Words, area: Area, url: String, toast: Option<Toast>) -> Self {
        let settings = app.settings();
        let (house, mail_test_mode) = (settings.house.clone(), settings.mail_test_mode.clone());
        let banners = Vec::new();
        let unread = Unread::default();
        Self { words, actor: None, area, url, toast, house, mail_test_mode, banners, unread, apple: false }
    }

    /// Shows `word` and the seconds until it happens; until then a post to `action` prevents it.
    pub fn offer_stop(&mut self, word: &str, action: String, until: Timestamp) {
        self.toast = Some(Toast::with(word, Undo { action, until, counts: true }));
    }

    /// Shows `word` with the possibility to take it back by a post to `action` until `until`.
    pub fn offer_undo(&mut self, word: &str, action: String, until: Timestamp) {
        self.toast = Some(Toast::with(word, Undo { action, until, counts: false }));
    }

    /// What this actor may go to.
    pub fn links(&self) -> impl Iterator<Item = &'static Link> {
        let actor = self.actor.as_ref();
        LINKS
            .iter()
            .filter(move |(right, _)| actor.is_some_and(|actor| actor.can(*right)))
            .map(|(_, link)| link)
    }

    /// Those for which a phone has no room at its foot: they stand at its head.
    pub fn links_behind(&self) -> impl Iterator<Item = &'static Link> {
        self.links().skip(LINKS_OF_PHONES)
    }

    /// The settings that this actor may see.
    pub fn settings(&self) -> impl Iterator<Item = &'static Link> {
        let actor = self.actor.as_ref();
        SETTINGS
            .iter()
            .filter(move |(right, _)| actor.is_some_and(|actor| actor.can(*right)))
            .map(|(_, link)| link)
    }

    /// Is this page `url` or below it?
    pub fn is_at(&self, url: &str) -> bool {
        self.url.strip_prefix(url).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    }

    /// Is this the page that leads to all settings?
    pub fn is_overview(&self) -> bool {
        self.url.split('?').next() == Some("/settings")
    }

    /// Where the list of this page is had as a file: as it is filtered, from its beginning. `format=…` goes behind it.
    pub fn export(&self, list: &str) -> String {
        self.export_with(list, None)
    }

    /// As [`Self::export`], of a list that is something's: `name` says whose.
    #[expect(clippy::needless_pass_by_value, reason = "templates pass references, Rust passes values")]
    pub fn export_of(&self, list: &str, name: &str, of: impl ToString) -> String {
        self.export_with(list, Some((name, of.to_string())))
    }

    fn export_with(&self, list: &str, own: Option<(&str, String)>) -> String {
        let asked = self.url.split_once('?').map_or("", |(_, query)| query);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in url::form_urlencoded::parse(asked.as_bytes()) {
            let again = own.as_ref().is_some_and(|(own, _)| *own == name);
            if !again && !value.is_empty() && !PLACES.contains(&&*name) {
                query.append_pair(&name, &value);
            }
        }
        if let Some((name, value)) = own {
            query.append_pair(name, &value);
        }
        let query = query.finish();
        if query.is_empty() { format!("/exports/{list}?") } else { format!("/exports/{list}?{query}&") }
    }

    /// Does the page confirm this, by its word?
    pub fn tells(&self, word: &str) -> bool {
        self.toast.as_ref().is_some_and(|toast| toast.word == word)
    }

    /// May the reader do this? Codes as in `Right`.
    pub fn can(&self, right: &str) -> bool {
        let right = Right::from_code(right);
        right.zip(self.actor.as_ref()).is_some_and(|(right, actor)| actor.can(right))
    }

    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }

    /// An icon of the set, hidden from screen readers: the word stands beside it.
    pub fn icon(&self, name: &str) -> askama::filters::Safe<String> {
        self.icon_sized(name, "")
    }

    /// An icon with the size `s`, `l` or the normal one.
    pub fn icon_sized(&self, name: &str, size: &str) -> askama::filters::Safe<String> {
        let file = assets::url("icons.svg");
        askama::filters::Safe(format!(
            "<svg class=\"ic {size}\" aria-hidden=\"true\"><use href=\"{file}#i-{name}\"></use></svg>"
        ))
    }

    /// The number of a badge's colour for a person or customer, stable by name.
    pub fn colour(&self, name: &str) -> u8 {
        name.bytes().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte)) % 6 + 1
    }

    pub fn initials(&self, name: &str) -> String {
        crate::platform::words::initials(name)
    }

    /// The key that commands begin with, as it is printed on the reader's keyboard.
    pub fn control(&self) -> Cow<'_, str> {
        if self.apple { Cow::Borrowed("⌘") } else { self.t("key-control") }
    }

    /// What is held down for the second meaning of an arrow, as it stands before the arrow.
    pub const fn alt(&self) -> &'static str {
        if self.apple { "⌥" } else { "Alt+" }
    }

    /// A single key of the house as this reader presses it.
    pub fn key(&self, key: &str) -> String {
        self.house_key(self.actor.as_ref().map_or(key, |actor| actor.keyboard.pressed(key)))
    }

    /// Does this key of the house lead the reader anywhere?
    pub fn has_key(&self, key: &Key) -> bool {
        let may = |right| self.actor.as_ref().is_some_and(|actor| actor.can(right));
        key.right.is_none_or(may)
    }

    /// A key as it is printed on keyboards of the reader's language.
    pub fn house_key(&self, key: &str) -> String {
        keys::name(key).map_or_else(|| keys::printed(key), |word| self.t(word).into_owned())
    }

    /// The reader's own single keys for the scripts, as JSON; `None`: as the house has them.
    pub fn own_keys(&self) -> Option<String> {
        let keyboard = &self.actor.as_ref()?.keyboard;
        if *keyboard == Keyboard::default() { None } else { serde_json::to_string(keyboard).ok() }
    }

    /// The reader wants no single keys, and so no hints of them.
    pub fn keys_are_off(&self) -> bool {
        self.actor.as_ref().is_some_and(|actor| actor.keyboard.off)
    }

    /// Somebody's words in the quotation marks of `key`, without those that they bring along.
    pub fn quote(&self, key: &str, name: &str, said: &str) -> Cow<'static, str> {
        let bare = said.trim_matches(|c: char| c.is_whitespace() || "„“”\"»«".contains(c));
        self.with(key, name, bare)
    }

    /// The key of a greeting that fits the hour.
    pub fn greeting(&self) -> &'static str {
        match self.now().moment().to_zoned(self.zone().clone()).hour() {
            4..11 => "greeting-morning",
            11..18 => "greeting-day",
            _ => "greeting-evening",
        }
    }

    /// How many notices the reader has not looked at.
    pub const fn unread(&self) -> i64 {
        self.unread.0
    }

    /// The number at the bell: "", "7" or "99+".
    pub fn bell(&self) -> String {
        match self.unread.0 {
            0 => String::new(),
            unread @ 1..=99 => unread.to_string(),
            _ => "99+".to_owned(),
        }
    }

    /// The logged-in person.
    pub fn person(&self) -> Option<crate::platform::PersonId> {
        self.actor.as_ref().and_then(Actor::person_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_navigation_and_settings_has_a_key_for_the_same_people() {
        for (right, link) in LINKS.iter().chain(SETTINGS) {
            let key = keys::of_word(link.word);
            assert_eq!(key.and_then(|key| key.right), Some(*right), "{}", link.url);
        }
    }
}

//! The operators and their values, in both languages whatever the language of the page.

/// What can stand before a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    From,
    To,
    Subject,
    Customer,
    File,
    Queue,
    Owner,
    Status,
    Channel,
    Priority,
    Tag,
    /// Of case.
    Kind,
    /// Of the house's own.
    State,
    Insight,
    Station,
    Department,
    /// Who was called in by a note.
    Mentioned,
    Is,
    Has,
    Before,
    After,
    Since,
    Until,
    On,
}

/// A word that an operator takes: `code` is what the index knows.
#[derive(Debug, PartialEq, Eq)]
pub struct Value {
    pub code: &'static str,
    /// Folded; the first is German, the second English.
    pub names: &'static [&'static str],
}

const fn value(code: &'static str, names: &'static [&'static str]) -> Value {
    Value { code, names }
}

const STATUS: &[Value] = &[
    value("status:open", &["offen", "open"]),
    value("status:waiting", &["wartend", "waiting", "wartet", "warten", "wiedervorlage"]),
    value("status:closed", &["geschlossen", "closed", "abgeschlossen", "zu", "erledigt", "done"]),
];
const CHANNEL: &[Value] = &[
    value("channel:email", &["email", "email", "mail", "e-mail"]),
    value("channel:phone", &["telefon", "phone", "anruf", "call"]),
    value("channel:letter", &["brief", "letter", "post"]),
    value("channel:chat", &["chat", "chat"]),
    value("channel:form", &["formular", "form"]),
    value("channel:social", &["sozial", "social", "soziale-medien"]),
    value("channel:visit", &["besuch", "visit", "laden", "filiale"]),
    value("channel:api", &["api", "api"]),
];
const PRIORITY: &[Value] = &[
    value("priority:low", &["niedrig", "low"]),
    value("priority:normal", &["normal", "normal"]),
    value("priority:high", &["hoch", "high", "dringend", "urgent"]),
];
const IS: &[Value] = &[
    value("status:open", &["offen", "open"]),
    value("is:overdue", &["ueberfaellig", "overdue"]),
    value("owner:none", &["unzugewiesen", "unassigned", "frei"]),
    value("owner:me", &["meins", "mine", "mein", "meine"]),
    value("status:waiting", &["wartend", "waiting", "wartet"]),
    value("status:closed", &["geschlossen", "closed", "abgeschlossen", "erledigt"]),
    value("is:complaint", &["beschwerde", "complaint"]),
    value("is:suspicious", &["verdaechtig", "suspicious"]),
    value("is:private", &["privat", "private"]),
    value("is:merged", &["zusammengefuehrt", "merged"]),
    value("is:failed", &["unzustellbar", "failed", "fehlgeschlagen"]),
    value("is:planned", &["geplant", "planned"]),
];
const HAS: &[Value] = &[
    value("has:attachment", &["anhang", "attachment", "anhaenge", "attachments", "datei", "file"]),
    value("has:note", &["notiz", "note"]),
    value("has:finding", &["ursache", "finding", "hinweis"]),
];

const OWNER: &[Value] = &[
    value("owner:me", &["ich", "me", "mir", "mich"]),
    value("owner:none", &["niemand", "nobody", "none", "keiner"]),
];
const TAG: &[Value] = &[value("tag:none", &["keine", "none", "keiner", "keins", "keines", "ohne"])];
const KIND: &[Value] = &[value("kind:none", &["keine", "none", "keiner", "ohne"])];
const STATE: &[Value] = &[value("state:none", &["keiner", "none", "keine", "ohne"])];
const INSIGHT: &[Value] = &[value("insight:none", &["keine", "none", "keiner", "ohne"])];
const MENTIONED: &[Value] = &[value("mention:me", &["ich", "me", "mir", "mich"])];

impl Operator {
    pub const ALL: [Self; 24] = [
        Self::From,
        Self::To,
        Self::Subject,
        Self::Customer,
        Self::File,
        Self::Queue,
        Self::Owner,
        Self::Status,
        Self::Channel,
        Self::Priority,
        Self::Tag,
        Self::Kind,
        Self::State,
        Self::Insight,
        Self::Station,
        Self::Department,
        Self::Mentioned,
        Self::Is,
        Self::Has,
        Self::Before,
        Self::After,
        Self::Since,
        Self::Until,
        Self::On,
    ];

    /// Folded names; the first is German, the second English.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::From => &["von", "from", "absender", "sender"],
            Self::To => &["an", "to", "empfaenger", "recipient"],
            Self::Subject => &["betreff", "subject", "titel", "title"],
            Self::Customer => &["kunde", "customer", "kundin", "firma", "company"],
            Self::File => &["datei", "file", "anhang", "attachment", "filename"],
            Self::Queue => &["eingang", "queue", "warteschlange"],
            Self::Owner => &["bearbeiter", "owner", "bearbeiterin", "zustaendig", "assignee"],
            Self::Status => &["status", "status", "stand"],
            Self::Channel => &["kanal", "channel"],
            Self::Priority => &["prioritaet", "priority", "prio"],
            Self::Tag => &["schlagwort", "tag", "schlagworte", "tags"],
            Self::Kind => &["art", "kind", "fallart"],
            Self::State => &["zustand", "state"],
            Self::Insight => &["erkenntnis", "insight", "ursache"],
            Self::Station => &["station", "station"],
            Self::Department => &["abteilung", "department"],
            Self::Mentioned => &["erwaehnt", "mentioned"],
            Self::Is => &["ist", "is"],
            Self::Has => &["hat", "has"],
            Self::Before => &["vor", "before"],
            Self::After => &["nach", "after"],
            Self::Since => &["seit", "since", "ab"],
            Self::Until => &["bis", "until"],
            Self::On => &["am", "on", "datum", "date"],
        }
    }

    /// How it is spelt in German or English, with its umlauts.
    pub fn name(self, german: bool) -> &'static str {
        match (self, german) {
            (Self::Priority, true) => "priorität",
            (Self::Mentioned, true) => "erwähnt",
            _ => self.names()[usize::from(!german)],
        }
    }

    /// A stable word for translation keys.
    pub fn code(self) -> &'static str {
        self.names()[1]
    }

    /// The operator of this German or English name; `folded` is lower case and without accents.
    pub fn named(folded: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.names().contains(&folded))
    }

    /// The words it takes; empty where it takes any text, a name or a date.
    pub const fn values(self) -> &'static [Value] {
        match self {
            Self::Status => STATUS,
            Self::Channel => CHANNEL,
            Self::Priority => PRIORITY,
            Self::Is => IS,
            Self::Has => HAS,
            _ => &[],
        }
    }

    /// The words that mean something of their own where a name is taken; in quotation marks they are names.
    pub const fn words(self) -> &'static [Value] {
        match self {
            Self::Owner => OWNER,
            Self::Tag => TAG,
            Self::Kind => KIND,
            Self::State => STATE,
            Self::Insight => INSIGHT,
            Self::Mentioned => MENTIONED,
            _ => &[],
        }
    }

    /// What such a word means.
    pub fn word(self, folded: &str) -> Option<&'static Value> {
        self.words().iter().find(|value| value.names.contains(&folded))
    }

    /// It asks for something or somebody of the house by name.
    pub const fn is_named(self) -> bool {
        matches!(
            self,
            Self::Queue
                | Self::Owner
                | Self::Tag
                | Self::Kind
                | Self::State
                | Self::Insight
                | Self::Station
                | Self::Department
                | Self::Mentioned
        )
    }

    /// Takes a day or a stretch of days, see [`crate::period()`].
    pub const fn is_date(self) -> bool {
        matches!(self, Self::Before | Self::After | Self::Since | Self::Until | Self::On)
    }

    /// The value of this name, or the only one that begins so.
    pub fn value(self, folded: &str) -> Option<&'static Value> {
        let values = self.values();
        let exact = values.iter().find(|value| value.names.contains(&folded));
        exact.or_else(|| {
            let begins = |value: &&Value| value.names.iter().any(|name| name.starts_with(folded));
            let mut found = values.iter().filter(begins);
            found.next().filter(|_| 2 < folded.len() && found.next().is_none())
        })
    }
}

impl Value {
    /// How it is spelt in German or English, with its umlauts.
    pub fn name(&self, german: bool) -> &'static str {
        match (self.code, german) {
            ("is:overdue", true) => "überfällig",
            ("is:suspicious", true) => "verdächtig",
            ("is:merged", true) => "zusammengeführt",
            _ => self.names[usize::from(!german)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_operators_and_all_are_folded() {
        let mut seen = std::collections::BTreeSet::new();
        for operator in Operator::ALL {
            let names: std::collections::BTreeSet<_> = operator.names().iter().collect();
            for name in names {
                assert_eq!(language::fold(name), **name);
                assert!(seen.insert(*name), "{name} twice");
                assert_eq!(Operator::named(name), Some(operator));
            }
            for value in operator.values() {
                for german in [true, false] {
                    let name = language::fold(value.name(german));
                    assert_eq!(operator.value(&name), Some(value), "{name}");
                }
            }
            for value in operator.words() {
                assert!(operator.is_named());
                for name in value.names {
                    assert_eq!((language::fold(name).as_str(), operator.word(name)), (*name, Some(value)));
                }
            }
        }
    }

    #[test]
    fn a_value_may_be_cut_short_while_it_is_the_only_one() {
        assert_eq!(Operator::Is.value("ueberf").map(|value| value.code), Some("is:overdue"));
        assert_eq!(Operator::Is.value("mei").map(|value| value.code), Some("owner:me"));
        assert_eq!(Operator::Is.value("beschw").map(|value| value.code), Some("is:complaint"));
        assert_eq!(Operator::Is.value("zusammen").map(|value| value.code), Some("is:merged"));
        assert_eq!(Operator::Is.value("quatsch"), None);
        assert_eq!(Operator::Is.value("o"), None);
    }
}

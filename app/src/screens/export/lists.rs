//! The lists that can be taken along, and what a file has of each.
//!
//! Columns name fields of what programs get, as the list's page calls them. A new list is a paragraph here, a word in both
//! languages and, on its page, `platform/views/exports.html`.

use serde_json::Value;

use super::Tell;

/// A list as programs read it.
pub(super) struct List {
    /// As it stands in the address, the file's name.
    pub(super) name: &'static str,
    /// Where it is read; what stands in braces is asked for beside its filters.
    pub(super) url: &'static str,
    pub(super) columns: &'static [Column],
}

pub(super) struct Column {
    /// What it is called.
    pub(super) word: &'static str,
    /// The field, with those below it after dots.
    field: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// As it is; several with commas between them.
    Text,
    Time,
    /// A code, which is said by the word that begins so.
    Code(&'static str),
    /// Yes or no.
    Flag,
    /// Cents of a sum or a number; fractions count.
    Cents,
}

const fn text(word: &'static str, field: &'static str) -> Column {
    Column { word, field, kind: Kind::Text }
}

const fn time(word: &'static str, field: &'static str) -> Column {
    Column { word, field, kind: Kind::Time }
}

const fn code(word: &'static str, field: &'static str, start: &'static str) -> Column {
    Column { word, field, kind: Kind::Code(start) }
}

const fn flag(word: &'static str, field: &'static str) -> Column {
    Column { word, field, kind: Kind::Flag }
}

const fn cents(word: &'static str, field: &'static str) -> Column {
    Column { word, field, kind: Kind::Cents }
}

/// What was changed, of a case and of the house.
const CHANGES: &[Column] = &[
    time("export-at", "at"),
    code("export-origin", "origin", "history-by-"),
    text("export-who", "by"),
    text("export-what", "what"),
    text("export-about", "subject"),
    text("export-from", "from"),
    text("export-to", "to"),
];

pub(super) static LISTS: [List; 21] = [
    List {
        name: "customers",
        url: "/customers",
        columns: &[
            text("export-id", "id"),
            text("export-name", "name"),
            text("export-salutation", "salutation"),
            text("export-street", "street"),
            text("export-postcode", "postcode"),
            text("export-town", "town"),
            text("export-country", "country"),
            code("export-language", "language", "language-"),
            time("export-since", "since"),
        ],
    },
    List {
        name: "insights",
        url: "/insights",
        columns: &[
            text("export-id", "id"),
            text("export-title", "title"),
            code("export-kind", "kind", "kind-"),
            code("export-state", "state", "insight-state-"),
            text("export-note", "note"),
            text("export-station", "station"),
            text("export-department", "department.name"),
            text("export-cases-90", "cases"),
            cents("export-cost-90", "cost.cents"),
            text("export-currency", "cost.currency"),
        ],
    },
    List {
        name: "quotes",
        url: "/hub/words",
        columns: &[
            time("export-at", "at"),
            text("export-quote", "quote"),
            code("export-channel", "channel", "channel-"),
            text("export-insight", "insight"),
            text("export-case", "case"),
            text("export-since", "since"),
        ],
    },
    List {
        name: "tasks",
        url: "/tasks",
        columns: &[
            text("export-title", "title"),
            time("export-due", "due_at"),
            text("export-who", "person_name"),
            text("export-case", "number"),
            text("export-subject", "subject"),
        ],
    },
    List {
        name: "handoffs",
        url: "/handoffs",
        columns: &[
            time("export-at", "at"),
            text("export-case", "number"),
            text("export-subject", "subject"),
            text("export-from", "sender"),
            text("export-to", "receiver"),
            text("export-reason", "reason"),
            time("export-due", "due_at"),
        ],
    },
    List {
        name: "recurring",
        url: "/recurring",
        columns: &[
            text("export-subject", "subject"),
            text("export-text", "text"),
            text("export-customer", "customer_name"),
            text("export-every", "every"),
            code("export-unit", "unit", "recurring-unit-"),
            time("export-next", "next_at"),
            flag("export-paused", "paused"),
            text("export-case", "last_number"),
        ],
    },
    List {
        name: "snippets",
        url: "/snippets",
        columns: &[
            text("export-shortcut", "shortcut"),
            text("export-name", "name"),
            text("export-folder", "folder"),
            text("export-used", "used"),
            text("export-language", "texts.0.language"),
            text("export-text", "texts.0.body"),
            text("export-language", "texts.1.language"),
            text("export-text", "texts.1.body"),
        ],
    },
    List {
        name: "articles",
        url: "/articles",
        columns: &[
            text("export-id", "id"),
            code("export-state", "state", "article-state-"),
            code("export-language", "texts.0.language", "language-"),
            text("export-title", "texts.0.title"),
            code("export-language", "texts.1.language", "language-"),
            text("export-title", "texts.1.title"),
            text("export-tag", "tags"),
            text("export-version", "version"),
            text("export-review", "review_on"),
            time("export-at", "changed_at"),
        ],
    },
    List {
        name: "notices",
        url: "/notices",
        columns: &[
            time("export-at", "at"),
            text("export-what", "what"),
            text("export-who", "who"),
            text("export-case", "case"),
            text("export-about", "about"),
            flag("export-read", "read"),
        ],
    },
    List { name: "case-history", url: "/cases/{number}/history", columns: CHANGES },
    List {
        name: "rule-log",
        url: "/settings/rules/{rule}/log",
        columns: &[
            time("export-at", "at"),
            text("export-case", "number"),
            text("export-version", "version"),
            code("export-outcome", "outcome", "rules-outcome-"),
            text("export-did", "did"),
            text("export-why", "why"),
            text("export-reason", "trouble"),
        ],
    },
    List { name: "audit", url: "/settings/audit", columns: CHANGES },
    List {
        name: "unprocessable",
        url: "/unprocessable",
        columns: &[
            time("export-at", "at"),
            text("export-from", "from"),
            text("export-sender", "envelope_from"),
            text("export-subject", "subject"),
            text("export-reason", "why"),
            text("export-size", "size"),
        ],
    },
    List {
        name: "suppressed",
        url: "/suppressions",
        columns: &[
            time("export-at", "at"),
            text("export-case", "number"),
            text("export-to", "address"),
            code("export-reason", "reason", "suppressed-"),
            time("export-released", "released_at"),
        ],
    },
    List {
        name: "sent",
        url: "/sent",
        columns: &[
            time("export-at", "at"),
            text("export-to", "recipient"),
            text("export-subject", "subject"),
            code("export-state", "state", "contact-state-"),
            code("export-reason", "problem", "contact-problem-"),
        ],
    },
    List {
        name: "jobs",
        url: "/settings/jobs",
        columns: &[
            text("export-id", "id"),
            text("export-kind", "kind"),
            text("export-attempts", "attempts"),
            time("export-at", "run_at"),
            text("export-reason", "last_error"),
        ],
    },
    List {
        name: "ledger",
        url: "/finance/ledger",
        columns: &[
            text("export-id", "id"),
            time("export-at", "at"),
            text("export-class", "class"),
            code("export-item", "item", "finance-item-"),
            code("export-basis", "basis", "finance-basis-"),
            text("export-case", "case"),
            text("export-seconds", "seconds"),
            cents("export-amount", "cents"),
            text("export-currency", "currency"),
            text("export-rates", "rates"),
            text("export-source", "source"),
        ],
    },
    List {
        name: "exposure",
        url: "/exposure",
        columns: &[
            text("export-day", "date"),
            text("export-group", "product_group"),
            text("export-orders", "orders"),
            text("export-deliveries", "deliveries"),
            text("export-active-customers", "active_customers"),
        ],
    },
    List {
        name: "policies",
        url: "/policies",
        columns: &[
            text("export-title", "title"),
            text("export-text", "text"),
            text("export-version", "version"),
            text("export-department", "owner"),
            text("export-granted", "granted"),
            text("export-refused", "refused"),
            flag("export-active", "active"),
        ],
    },
    List {
        name: "people",
        url: "/settings/people",
        columns: &[
            text("export-name", "name"),
            text("export-address", "email"),
            text("export-roles", "roles"),
            flag("export-active", "active"),
            flag("export-joined", "joined"),
        ],
    },
    List {
        name: "tags",
        url: "/settings/attributes/tags",
        columns: &[text("export-tag", "name"), text("export-cases", "cases")],
    },
];

impl Column {
    /// What a line has here.
    pub(super) fn cell(&self, tell: &Tell, line: &Value) -> String {
        let value = self.field.split('.').fold(line, |value, name| match name.parse::<usize>() {
            Ok(place) => &value[place],
            Err(_) => &value[name],
        });
        match self.kind {
            Kind::Text => plain(value),
            Kind::Time => tell.time(serde_json::from_value(value.clone()).ok()),
            Kind::Code(start) => match value.as_str().filter(|code| !code.is_empty()) {
                Some(code) => tell.words.t(&[start, code].concat()).into_owned(),
                None => String::new(),
            },
            Kind::Flag => match value.as_bool() {
                Some(true) => tell.words.t("views-yes").into_owned(),
                Some(false) => tell.words.t("views-no").into_owned(),
                None => String::new(),
            },
            Kind::Cents => match value.as_f64() {
                Some(cents) => tell.decimal(&format!("{:.4}", cents / 100.0)),
                None => String::new(),
            },
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(several) => several.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::*;
    use crate::platform::{Language, Timestamp, Words};

    fn tell(language: Language) -> Tell {
        let words = Words::new(language, TimeZone::UTC, Timestamp(0));
        Tell { words, zone: TimeZone::UTC, german: language == Language::De }
    }

    #[test]
    fn every_list_and_column_is_called_something_in_both_languages() {
        for language in Language::ALL {
            let tell = tell(*language);
            for list in &LISTS {
                let names = list.columns.iter().map(|column| column.word.to_owned());
                for word in names.chain([format!("export-list-{}", list.name)]) {
                    assert_ne!(tell.words.t(&word), word, "{language} {}", list.name);
                }
            }
        }
    }

    #[test]
    fn a_cell_is_what_a_spreadsheet_reads() {
        let line = json!({
            "at": "2026-11-16T08:00:00Z", "kind": "wish", "nothing": null, "many": ["a", "b"], "yes": true,
            "cost": { "cents": 1234 }, "texts": [{ "body": "Hallo" }], "empty": "",
        });
        for (column, german, english) in [
            (time("x", "at"), "2026-11-16 08:00", "2026-11-16 08:00"),
            (time("x", "nothing"), "", ""),
            (code("x", "kind", "kind-"), "Wunsch", "Wish"),
            (code("x", "empty", "kind-"), "", ""),
            (text("x", "many"), "a, b", "a, b"),
            (text("x", "nothing"), "", ""),
            (text("x", "missing.deeper"), "", ""),
            (flag("x", "yes"), "ja", "yes"),
            (cents("x", "cost.cents"), "12,3400", "12.3400"),
            (text("x", "texts.0.body"), "Hallo", "Hallo"),
            (text("x", "texts.1.body"), "", ""),
        ] {
            let cells = [Language::De, Language::En].map(|language| column.cell(&tell(language), &line));
            assert_eq!(cells, [german, english], "{}", column.field);
        }
    }
}

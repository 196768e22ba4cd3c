//! Every visible word exists in German and English, is used somewhere, and is one that people use.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use kitt::cases::attributes::FieldType;
use kitt::cases::presence::WritingKind;
use kitt::cases::{Channel, Involvement, Problem, State, Status, Tie};
use kitt::channels::Found;
use kitt::customers::{Purpose, Way};
use kitt::findings::Kind;
use kitt::insights::InsightState;
use kitt::insights::tell::TellingState;
use kitt::knowledge::{ArticleState, Show};
use kitt::mailboxes::Trouble;
use kitt::platform::Language;
use kitt::platform::words;

/// Words whose key is put together: what stands before the code, and all codes there are.
fn put_together() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("attr-type-", FieldType::ALL.iter().map(|one| one.code()).collect()),
        ("rules-deed-", kitt::rules::Deed::ALL.iter().map(|one| one.code()).collect()),
        ("rules-event-", kitt::rules::Event::ALL.iter().map(|one| one.code()).collect()),
        ("rules-outcome-", kitt::rules::Outcome::ALL.iter().map(|one| one.code()).collect()),
        ("rules-kind-", kitt::rules::RuleKind::ALL.iter().map(|one| one.code()).collect()),
        ("rules-part-", kitt::rules::MailPart::ALL.iter().map(|one| one.code()).collect()),
        ("rules-change-", kitt::rules::Aspect::ALL.iter().map(|one| one.code()).collect()),
        ("rules-language-", kitt::rules::LANGUAGES.to_vec()),
        ("rules-dry-state-", vec!["done", "stopped", "failed"]),
        ("views-risk-", vec!["low", "raised", "high", "unknown"]),
        ("article-state-", ArticleState::ALL.iter().map(|one| one.code()).collect()),
        ("knowledge-show-", Show::ALL.iter().map(|one| one.code()).collect()),
        ("knowledge-none-", Show::ALL.iter().map(|one| one.code()).collect()),
        ("knowledge-other-", Language::ALL.iter().map(|one| one.code()).collect()),
        ("knowledge-translate-", Language::ALL.iter().map(|one| one.code()).collect()),
        ("case-part-", Involvement::ALL.iter().map(|one| one.code()).collect()),
        ("case-coming-", WritingKind::ALL.iter().map(|one| one.code()).collect()),
        ("case-tie-", Tie::ALL.iter().map(|one| one.code()).collect()),
        ("fact-", told()),
        ("export-list-", TAKEN.to_vec()),
        ("channel-", Channel::ALL.iter().map(|one| one.code()).collect()),
        ("case-status-", Status::ALL.iter().map(|one| one.code()).collect()),
        ("hub-wish-", InsightState::ALL.iter().map(|one| one.code()).collect()),
        ("insight-at-", Kind::ALL.iter().map(|one| one.code()).collect()),
        ("insight-group-", vec!["new", "working", "wishes", "mended", "declined", "news"]),
        ("insight-state-", InsightState::ALL.iter().map(|one| one.code()).collect()),
        ("kind-", Kind::ALL.iter().map(|one| one.code()).collect()),
        ("mailboxes-todo-", Trouble::ALL.iter().map(|one| one.code()).collect()),
        ("mailboxes-trouble-", Trouble::ALL.iter().map(|one| one.code()).collect()),
        ("tell-state-", TellingState::ALL.iter().map(|one| one.code()).collect()),
        ("month-", vec!["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]),
        ("contact-problem-", Problem::ALL.iter().map(|one| one.code()).collect()),
        ("life-declines-", OPTIONAL.to_vec()),
        ("life-decline-", OPTIONAL.to_vec()),
        ("life-lift-", OPTIONAL.to_vec()),
        ("life-way-", Way::ALL.iter().map(|one| one.code()).collect()),
        ("search-kind-", kitt::search_sources().iter().map(|source| source.kind).collect()),
        ("search-op-", searchbox::Operator::ALL.iter().map(|one| one.code()).collect()),
        ("search-file-", vec!["too-large", "locked", "slow", "interrupted", "broken"]),
        ("sending-found-", Found::ALL.iter().map(|one| one.code()).collect()),
        ("contact-state-", State::ALL.iter().map(|one| one.code()).chain(["planned"]).collect()),
    ]
}

/// The kinds of facts that a case or the house can have, as in their words; what a person needs for their work is their
/// own, and what happens to mails, insights and customers stands elsewhere.
fn told() -> Vec<&'static str> {
    const ELSEWHERE: [&str; 8] = [
        "time_",
        "mail_",
        "insight_",
        "telling_",
        "answers_",
        "objection_",
        "customer_added",
        "customer_changed",
    ];
    let golden = include_str!("../golden/facts.json");
    let facts = golden.split("{\"fact\": \"").skip(1).filter_map(|rest| rest.split('"').next());
    let shown = facts.filter(|fact| !ELSEWHERE.iter().any(|start| fact.starts_with(start)));
    shown.map(|fact| &*fact.replace('_', "-").leak()).collect()
}

/// The lists that can be taken along.
const TAKEN: [&str; 23] = [
    "customers",
    "insights",
    "quotes",
    "tasks",
    "handoffs",
    "recurring",
    "snippets",
    "articles",
    "notices",
    "case-history",
    "rule-log",
    "audit",
    "unprocessable",
    "suppressed",
    "sent",
    "jobs",
    "ledger",
    "exposure",
    "policies",
    "people",
    "tags",
    "search",
    "workload",
];

/// What customers can decline.
const OPTIONAL: [&str; 2] = [Purpose::Telling.code(), Purpose::Advertising.code()];

/// Calls whose last text is a key: before and after it.
const CALLS: [&str; 9] =
    [".t(", ".n(", ".with(", ".with2(", "invalid(", ".done(", "word: ", ".offer_undo(", "FieldError {"];

/// German words that the house does not use (see `docs/terms.md`).
const BANNED: [&str; 3] = ["Ticket", "KPI", "Agent"];

#[test]
fn both_languages_have_the_same_keys_with_the_same_arguments() {
    let (de, en) = (messages(Language::De), messages(Language::En));
    let only = |some: &BTreeMap<String, String>, others: &BTreeMap<String, String>| {
        some.keys().filter(|key| !others.contains_key(*key)).cloned().collect::<Vec<_>>()
    };
    assert_eq!((only(&de, &en), only(&en, &de)), (vec![], vec![]), "left: only German, right: only English");
    for (key, text) in &de {
        assert_eq!(arguments(text), arguments(&en[key]), "{key}");
    }
}

#[test]
fn no_text_is_empty_and_no_german_one_speaks_of_tickets() {
    for language in Language::ALL {
        for (key, text) in messages(*language) {
            assert!(!text.trim().is_empty(), "{language}: {key} is empty");
        }
    }
    for (key, text) in messages(Language::De) {
        for banned in BANNED {
            assert!(!text.contains(banned), "{key} says {banned}: {text}");
        }
    }
}

#[test]
fn every_term_stands_for_one_thing() -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/terms.md");
    let text = fs::read_to_string(path)?;
    let (mut section, mut known) = ("", BTreeSet::new());
    for line in text.lines() {
        if line.starts_with('#') {
            section = line.trim_start_matches('#').trim();
        }
        // A state is told by what it is of, and who decides in a department has that role.
        let told = section == "Roles" || section.starts_with("States of");
        let term = line.strip_prefix("| ").and_then(|row| row.split(" | ").next());
        let term = term.filter(|term| !told && !term.starts_with("English") && !term.starts_with("---"));
        ensure!(term.is_none_or(|term| known.insert(term)), "docs/terms.md has {term:?} twice");
    }
    Ok(())
}

#[test]
fn every_key_that_is_used_exists() -> Result<()> {
    let known = messages(Language::De);
    let mut missing = BTreeSet::new();
    for (path, text) in sources()? {
        for key in used_in(&text) {
            if !known.contains_key(&key) {
                missing.insert(format!("{}: {key}", path.display()));
            }
        }
    }
    for (prefix, codes) in put_together() {
        let used =
            !codes.is_empty() && sources()?.iter().any(|(_, text)| text.contains(&format!("\"{prefix}")));
        let keys =
            codes.iter().map(|code| format!("{prefix}{code}")).filter(|key| used && !known.contains_key(key));
        missing.extend(keys);
    }
    ensure!(missing.is_empty(), "{missing:#?}");
    Ok(())
}

#[test]
fn every_key_is_used() -> Result<()> {
    let mut literals = BTreeSet::new();
    let mut prefixes: BTreeSet<String> = BTreeSet::new();
    for (_, text) in sources()? {
        for literal in text.split('"').filter(|part| part.starts_with(|c: char| c.is_ascii_lowercase())) {
            literals.insert(literal.to_owned());
        }
        for rest in text.split("format!(\"").skip(1) {
            let prefix = rest.split(['{', '"']).next().unwrap_or_default();
            if prefix.ends_with('-') && is_key(prefix) {
                prefixes.insert(prefix.to_owned());
            }
        }
    }
    let together = put_together();
    let unused: Vec<_> = messages(Language::De)
        .into_keys()
        .filter(|key| !literals.contains(key))
        .filter(|key| !prefixes.iter().any(|prefix| key.starts_with(prefix.as_str())))
        .filter(|key| {
            !together
                .iter()
                .any(|(prefix, codes)| key.strip_prefix(prefix).is_some_and(|code| codes.contains(&code)))
        })
        .collect();
    ensure!(unused.is_empty(), "nobody says these: {unused:#?}");
    Ok(())
}

/// Keys in calls whose key is a plain text.
fn used_in(source: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for call in CALLS {
        for (at, _) in source.match_indices(call) {
            let rest = &source[at + call.len()..];
            let line = rest.split([';', '\n', '}']).next().unwrap_or_default();
            let texts: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
            let key = match call {
                // The key comes first.
                ".t(" | ".n(" | ".with(" | ".with2(" | "word: " => {
                    texts.first().filter(|_| line.starts_with('"'))
                }
                ".offer_undo(" => texts.first(),
                // After the field, or after the address.
                _ => texts.get(1),
            };
            keys.extend(key.filter(|key| is_key(key)).map(|key| (*key).to_owned()));
        }
    }
    keys
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Keys with their texts, continued lines included.
fn messages(language: Language) -> BTreeMap<String, String> {
    let mut messages = BTreeMap::new();
    for (_, file) in words::files(language) {
        let mut key = String::new();
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            match line.split_once(" =") {
                Some((name, text)) if is_key(name) => {
                    name.clone_into(&mut key);
                    messages.insert(key.clone(), text.to_owned());
                }
                _ => messages.entry(key.clone()).or_insert_with(String::new).push_str(line),
            }
        }
    }
    messages.remove("");
    messages
}

/// The names after `$`.
fn arguments(text: &str) -> BTreeSet<&str> {
    let name = |rest: &'_ str| rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    text.split('$').skip(1).map(|rest| &rest[..name(rest)]).collect()
}

fn sources() -> Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "html") {
                let text = fs::read_to_string(&path)?;
                // Unit tests may name keys that do not exist.
                let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                found.push((path, text));
            }
        }
    }
    Ok(found)
}

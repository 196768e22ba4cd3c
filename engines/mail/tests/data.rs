//! Real mail from other projects' test suites and public archives: figures, and bars they must pass.
//!
//! The bars are a little below what was measured, so that a change that reads mail worse is noticed.

mod common;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::{json_lines, shared};

#[test]
fn replies_are_separated_from_quotations() {
    let Some(folder) = shared("reply") else { return };
    let (mut cases, mut matched, mut words, mut lost) = (0, 0, 0, 0);
    for case in json_lines(&folder.join("cases.jsonl")) {
        let field = |name: &str| case[name].as_str().unwrap_or_default();
        let reply = squeezed(&mail::reply::split(field("input")).reply);
        let expected = squeezed(field("expected"));
        let prefix = matches!(field("match"), "startswith" | "first_fragment");
        cases += 1;
        if reply == expected || (prefix && reply.starts_with(&expected)) {
            matched += 1;
        } else {
            println!("differs: {}", field("id"));
        }
        words += expected.split(' ').count();
        lost += words_missing(&expected, &reply);
    }
    println!("reply: {matched}/{cases} cases match, {lost}/{words} words lost");
    assert!(85 <= percent(matched, cases) && lost * 50 <= words);
}

/// How many words of `expected` are not in `given`, each counted once per occurrence.
fn words_missing(expected: &str, given: &str) -> usize {
    let mut given: Vec<&str> = given.split(' ').collect();
    let missing = expected.split(' ').filter(|word| match given.iter().position(|known| known == word) {
        Some(at) => {
            given.swap_remove(at);
            false
        }
        None => true,
    });
    missing.count()
}

#[test]
fn the_language_of_short_texts_is_known() {
    for (file, field, code, bar) in [
        ("omq_emails_de/fold1.jsonl", "text", "de", 97),
        ("massive_de/dev.jsonl", "text", "de", 70),
        ("banking77/train.jsonl", "text", "en", 90),
    ] {
        let Some(folder) = shared("") else { return };
        let texts: Vec<_> = json_lines(&folder.join(file)).into_iter().take(2_000).collect();
        let right = texts
            .iter()
            .filter(|text| mail::language::detect(text[field].as_str().unwrap_or_default()).code() == code);
        let right = right.count();
        println!("language: {right}/{} of {file} are {code}", texts.len());
        assert!(bar <= percent(right, texts.len()), "{file}");
    }
}

#[test]
fn messages_of_all_suites_are_read_as_a_second_reader_does() {
    let Some(folder) = shared("mime") else { return };
    let (mut read, mut subjects, mut senders, mut texts, mut with_text) = (0, 0, 0, 0, 0);
    for reference in json_lines(&folder.join("reference_python_email.jsonl")) {
        let file = reference["file"].as_str().unwrap_or_default();
        let raw = std::fs::read(folder.join(file)).expect("the message is readable");
        let message = mail::parse(&raw).unwrap_or_else(|error| panic!("{file}: {error}"));
        read += 1;
        let subject = reference["subject"].as_str().map(squeezed);
        subjects += usize::from(subject.is_none_or(|subject| subject == squeezed(&message.subject)));
        let known: Vec<String> = reference["from"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|from| from.as_str().unwrap_or_default().to_lowercase())
            .collect();
        senders += usize::from(
            known
                .iter()
                .all(|from| message.from.iter().any(|mailbox| mailbox.address.to_lowercase() == *from)),
        );
        if let Some(text) = reference["text"].as_str().map(squeezed).filter(|text| !text.is_empty()) {
            with_text += 1;
            // The reference stops at the first part and does not guess charsets.
            texts += usize::from(squeezed(&message.text).starts_with(&text));
        }
    }
    println!(
        "mime: {read} read, {subjects} subjects, {senders} senders, {texts}/{with_text} texts as the reference"
    );
    assert!(
        240 <= read
            && 96 <= percent(subjects, read)
            && 96 <= percent(senders, read)
            && 85 <= percent(texts, with_text)
    );
}

#[test]
fn every_stored_message_is_read_quickly() {
    let (mut count, mut bytes) = (0, 0);
    let mut slowest = Duration::ZERO;
    for folder in ["mime", "bounce", "spamassassin"] {
        let Some(folder) = shared(folder) else { return };
        for file in files(&folder, ".eml") {
            let raw = std::fs::read(&file).expect("the message is readable");
            let start = Instant::now();
            let read = mail::parse(&raw);
            slowest = slowest.max(start.elapsed());
            count += 1;
            bytes += raw.len();
            assert!(read.is_ok() || raw.trim_ascii().is_empty(), "{}", file.display());
        }
    }
    println!("read {count} messages, {bytes} bytes, slowest {slowest:?}");
    assert!(slowest < Duration::from_secs(5));
}

#[test]
fn no_ordinary_mail_is_taken_for_a_bounce() {
    let Some(folder) = shared("spamassassin") else { return };
    let (mut ham, mut wrong, mut machine) = (0, 0, 0);
    for label in json_lines(&folder.join("labels.jsonl")) {
        let file = label["file"].as_str().unwrap_or_default();
        let raw = std::fs::read(folder.join(file)).expect("the message is readable");
        let kind = mail::inspect(&raw).kind;
        if label["label"] == "ham" {
            ham += 1;
            wrong +=
                usize::from(matches!(kind, mail::Kind::Bounce | mail::Kind::Feedback | mail::Kind::Receipt));
            machine += usize::from(matches!(kind, mail::Kind::AutoReply | mail::Kind::Absence));
        }
    }
    println!("ham: {ham} mails, {wrong} taken for a report, {machine} taken for an automatic answer");
    // One of them is an absence notice that reached a mailing list.
    assert!(wrong == 0 && machine <= 1);
}

#[test]
fn bounces_of_many_servers_are_recognised() {
    let Some(folder) = shared("bounce") else { return };
    let (mut bounces, mut recognised, mut counted, mut statuses, mut hard) = (0, 0, 0, 0, 0);
    for case in json_lines(&folder.join("expected.jsonl")) {
        let expected = case["expected"].as_array().cloned().unwrap_or_default();
        let special = |entry: &serde_json::Value| {
            matches!(entry["reason"].as_str(), Some("feedback" | "vacation" | "delivered"))
        };
        if expected.is_empty() || expected.iter().any(special) {
            continue;
        }
        let raw = std::fs::read(folder.join("eml").join(case["file"].as_str().unwrap_or_default()))
            .expect("the message is readable");
        let message = mail::parse(&raw).expect("there is a header");
        bounces += 1;
        recognised += usize::from(message.kind == mail::Kind::Bounce);
        counted += usize::from(message.bounce.len() == expected.len());
        let first = message.bounce.first().cloned().unwrap_or_default();
        let class = expected[0]["status"].as_str().and_then(|status| status.get(..1)).unwrap_or_default();
        statuses += usize::from(first.status.starts_with(class));
        hard += usize::from(expected[0]["hard"].as_bool() == Some(first.permanent));
    }
    println!(
        "bounces: {recognised}/{bounces} recognised, {counted} with all recipients, {statuses} status classes, {hard} permanent or not"
    );
    assert!(
        97 <= percent(recognised, bounces) && 80 <= percent(counted, bounces) && 75 <= percent(hard, bounces)
    );
}

/// All files below a folder that end as given, in a fixed order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the entry is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// `part` of `whole` in percent, in a form that is exact enough for a bar.
fn percent(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(0)
}

/// Text with all white space as one blank.
fn squeezed(text: &str) -> String {
    text.replace('\u{200b}', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

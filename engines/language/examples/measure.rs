//! Measures what cross-validation does not: descriptions alone, quotes, cues, strange texts, time, memory.
//!
//! `cargo run --release -p language --example measure`. The figures of the README come from here.

use std::path::PathBuf;
use std::time::Duration;

use language::{Model, cues};
use serde_json::Value;

fn main() {
    descriptions();
    quotes();
    strange_texts();
    kinds();
    time_and_memory();
}

/// Known problems are learnt from their description only, then real mails are guessed.
fn descriptions() {
    let mails = mails();
    let mut model = Model::new();
    for category in list("omq_emails_de/categories.json") {
        model.learn_description(text(&category, "id"), text(&category, "text"), "");
    }
    let hits = |among: usize| {
        let right = |mail: &&Value| {
            let guesses = model.predict(text(mail, "text"));
            guesses.iter().take(among).any(|guess| guess.label == text(mail, "category"))
        };
        share(mails.iter().filter(right).count(), mails.len())
    };
    println!("descriptions alone: first {:.1} %, top 3 {:.1} % of {} mails", hits(1), hits(3), mails.len());
}

/// Is the quoted sentence part of the passage that people marked as relevant?
fn quotes() {
    let mails = mails();
    let (mut quoted, mut inside, mut first) = (0, 0, 0);
    for half in 0..2 {
        let of =
            |rest: usize| mails.iter().enumerate().filter(move |(i, _)| i % 2 == rest).map(|(_, mail)| mail);
        let model = Model::train(of(1 - half).map(|mail| (text(mail, "text"), text(mail, "category"))));
        for mail in of(half) {
            let marked: String =
                mail["relevant"].as_array().into_iter().flatten().map(|r| text(r, "text")).collect();
            let Some(quote) = model.quote(text(mail, "text"), text(mail, "category")) else { continue };
            let long = language::sentences(text(mail, "text"))
                .into_iter()
                .find(|s| 30 < s.len())
                .unwrap_or_default();
            quoted += 1;
            inside += usize::from(overlaps(quote, &marked));
            first += usize::from(overlaps(long, &marked));
        }
    }
    let (inside, first) = (share(inside, quoted), share(first, quoted));
    println!("quotes: {inside:.1} % of {quoted} in the marked passage (first long sentence: {first:.1} %)");
}

/// At least half of the quote's words stand in the passage.
fn overlaps(quote: &str, marked: &str) -> bool {
    let marked = language::fold(marked);
    let words: Vec<String> = quote.split_whitespace().map(language::fold).collect();
    words.len() <= 2 * words.iter().filter(|word| marked.contains(word.as_str())).count()
}

/// Texts that belong to no label should get little probability.
fn strange_texts() {
    let known = lines("clinc150/train.jsonl");
    let model = Model::train(known.iter().map(|row| (text(row, "text"), text(row, "intent"))));
    let sure = |file: &str, threshold: f32| {
        let rows = lines(file);
        let is_sure =
            |row: &&Value| model.predict(text(row, "text")).first().is_some_and(|g| threshold <= g.p);
        share(rows.iter().filter(is_sure).count(), rows.len())
    };
    for threshold in [0.5, 0.8] {
        let (known, strange) =
            (sure("clinc150/val.jsonl", threshold), sure("clinc150/oos_val.jsonl", threshold));
        println!(
            "at {threshold}: {known:.1} % of texts with a known label are proposed, {strange:.1} % of others"
        );
    }
}

/// Cues against the polarity that people annotated.
fn kinds() {
    let polarity = |row: &Value| text(row, "sentiment").to_owned() + text(&row["labels"][0], "polarity");
    for (file, complaint, praise) in [
        ("germeval2017/dev.jsonl", "negative", "positive"),
        ("mobasa/train.jsonl", "negative", "positive"),
        ("hotel_aspect_de/train.jsonl", "negativ", "positiv"),
    ] {
        let rows = lines(file);
        for (name, wanted, cue) in [
            ("complaint", complaint, (|text| cues(text).complaint) as fn(&str) -> f32),
            ("praise", praise, |text| cues(text).praise),
        ] {
            let fires: Vec<&Value> = rows.iter().filter(|row| 0.5 < cue(text(row, "text"))).collect();
            let right = fires.iter().filter(|row| polarity(row) == wanted).count();
            let all = rows.iter().filter(|row| polarity(row) == wanted).count();
            let (precision, recall) = (share(right, fires.len()), share(right, all));
            println!("{file} {name}: fires {}, right {precision:.1} %, finds {recall:.1} %", fires.len());
        }
    }
}

/// Mails of 300 words with 100 labels, put together from real ones.
fn time_and_memory() {
    let mails = mails();
    let words: Vec<&str> = mails.iter().flat_map(|mail| text(mail, "text").split_whitespace()).collect();
    let Some(most) = words.len().checked_sub(300) else { return };
    let mail = |i: usize| words[i * 7919 % most..][..300].join(" ");
    let mut model = Model::new();
    let start = busy();
    for i in 0..3000 {
        model.learn(&mail(i), &format!("label {}", i % 100));
    }
    let learning = busy().saturating_sub(start) / 3000;
    let start = busy();
    for i in 0..500 {
        model.predict(&mail(3000 + i));
    }
    let predicting = busy().saturating_sub(start) / 500;
    let (kilobytes, stored) = (model.memory() / 1024, model.to_bytes().len() / 1024);
    println!(
        "300 words, 100 labels, 3000 mails: learn {learning:?}, predict {predicting:?} of processor time"
    );
    println!("memory {kilobytes} kB, stored {stored} kB");
}

/// Processor time used so far (Linux), so that a busy machine does not blur the figures.
fn busy() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = stat.split_whitespace().next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}

fn mails() -> Vec<Value> {
    [lines("omq_emails_de/fold1.jsonl"), lines("omq_emails_de/fold2.jsonl")].concat()
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

fn lines(file: &str) -> Vec<Value> {
    read(file).lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn list(file: &str) -> Vec<Value> {
    serde_json::from_str(&read(file)).unwrap_or_default()
}

/// Empty, with a word about it, where the file is not on this machine.
fn read(file: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|_| {
        println!("skipped: {} is not on this machine", path.display());
        String::new()
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of texts")]
fn share(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

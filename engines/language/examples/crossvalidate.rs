//! Measures the classifier by cross-validation on the data sets beside the checkout.
//!
//! `cargo run --release -p language --example crossvalidate [-- SET…]`, sets being those of [`SETS`].
//! The figures of the README come from here.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use language::{Guess, Model};
use serde_json::Value;

/// Name, files, where the label stands, number of folds, and most examples per label.
const SETS: [(&str, &[&str], &str, usize, usize); 8] = [
    ("omq", &["omq_emails_de/fold1.jsonl", "omq_emails_de/fold2.jsonl"], "category", 5, usize::MAX),
    ("banking77", &["banking77/train.jsonl"], "intent", 5, usize::MAX),
    ("banking77-15", &["banking77/train.jsonl"], "intent", 5, 15),
    ("banking77-5", &["banking77/train.jsonl"], "intent", 5, 5),
    ("massive", &["massive_de/train.jsonl"], "intent", 5, usize::MAX),
    ("massive-15", &["massive_de/train.jsonl"], "intent", 5, 15),
    ("mobasa", &["mobasa/train.jsonl"], "labels", 5, usize::MAX),
    ("nice", &["nice_feedback_en/interactions_dev.jsonl"], "cluster", 5, usize::MAX),
];

type Example = (String, String);

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    println!(
        "set            mode   tested  first  top-3 | at 0.5: share  right | at 0.8: share  right | off"
    );
    for (name, files, label, folds, most) in SETS {
        if !wanted.is_empty() && !wanted.iter().any(|set| set == name) {
            continue;
        }
        let examples = shuffled(files.iter().flat_map(|file| examples(file, label)).collect());
        if examples.is_empty() {
            println!("{name}: skipped, its files are not on this machine");
            continue;
        }
        for mode in ["learn", "train"] {
            report(name, mode, &validate(&examples, folds, most, mode));
        }
    }
}

struct Tested {
    guesses: Vec<Guess>,
    label: String,
}

fn validate(examples: &[Example], folds: usize, most: usize, mode: &str) -> Vec<Tested> {
    let mut tested = Vec::new();
    let (mut learning, mut learnt, mut predicting) = (Duration::ZERO, 0u32, Duration::ZERO);
    let mut memory = 0;
    for fold in 0..folds {
        let training = limited(examples.iter().enumerate().filter(|(i, _)| i % folds != fold), most);
        let start = Instant::now();
        let model = match mode {
            "train" => Model::train(training.iter().map(|(text, label)| (text.as_str(), label.as_str()))),
            _ => training.iter().fold(Model::new(), |mut model, (text, label)| {
                model.learn(text, label);
                model
            }),
        };
        learning += start.elapsed();
        learnt += u32::try_from(training.len()).unwrap_or(u32::MAX);
        memory = memory.max(model.memory());
        let start = Instant::now();
        for (_, (text, label)) in examples.iter().enumerate().filter(|(i, _)| i % folds == fold) {
            tested.push(Tested { guesses: model.predict(text), label: label.clone() });
        }
        predicting += start.elapsed();
    }
    let count = u32::try_from(tested.len()).unwrap_or(u32::MAX);
    eprintln!(
        "{:?} per example learnt, {:?} per guess, {} kB",
        learning / learnt,
        predicting / count,
        memory / 1024
    );
    tested
}

/// At most `most` examples of each label, the first ones.
fn limited<'a>(examples: impl Iterator<Item = (usize, &'a Example)>, most: usize) -> Vec<&'a Example> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let fits = |(_, example): &(usize, &'a Example)| {
        let count = counts.entry(&example.1).or_default();
        *count += 1;
        *count <= most
    };
    examples.filter(fits).map(|(_, example)| example).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of examples")]
fn report(name: &str, mode: &str, tested: &[Tested]) {
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    let right = |t: &&Tested| t.guesses.first().is_some_and(|guess| guess.label == t.label);
    let among = |t: &&Tested| t.guesses.iter().take(3).any(|guess| guess.label == t.label);
    let p = |t: &Tested| t.guesses.first().map_or(0.0, |guess| guess.p);
    let n = tested.len();
    let first = share(tested.iter().filter(right).count(), n);
    let third = share(tested.iter().filter(among).count(), n);
    print!("{name:14} {mode:5} {n:7} {first:6.1} {third:6.1} |");
    for threshold in [0.5, 0.8] {
        let sure: Vec<&Tested> = tested.iter().filter(|t| threshold <= p(t)).collect();
        let hits = sure.iter().copied().filter(|t| right(t)).count();
        print!("       {:6.1} {:6.1} |", share(sure.len(), n), share(hits, sure.len()));
    }
    // How far the stated probability is off, on average over ten equal steps of it.
    let mut off = 0.0;
    for step in 0u8..10 {
        let (from, to) = (f32::from(step) / 10.0, f32::from(step + 1) / 10.0);
        let inside: Vec<&Tested> = tested.iter().filter(|t| from <= p(t) && p(t) < to).collect();
        let stated: f32 = inside.iter().map(|t| p(t)).sum();
        let hits = inside.iter().copied().filter(|t| right(t)).count();
        off += (f64::from(stated) - hits as f64).abs();
    }
    println!(" {:4.1}", 100.0 * off / n as f64);
}

fn examples(file: &str, label: &str) -> Vec<Example> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let Ok(lines) = std::fs::read_to_string(root.join(file)) else { return Vec::new() };
    let rows = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    rows.filter_map(|row| {
        // Of several labels only the first counts.
        let label = row[label].as_str().or_else(|| row[label][0]["category"].as_str())?;
        Some((row["text"].as_str()?.to_owned(), label.to_owned()))
    })
    .collect()
}

/// Always the same order, independent of that in the files.
fn shuffled(mut examples: Vec<Example>) -> Vec<Example> {
    let key = |text: &str| {
        text.bytes()
            .fold(7u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
            .rotate_left(32)
    };
    examples.sort_by_cached_key(|(text, _)| key(text).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    examples
}

//! Megabytes a second on one core, over all mails below a folder, read again and again.
//!
//! `cargo run --release -p mail --example speed -- FOLDER [MEGABYTES]`

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        return eprintln!("say which folder of .eml files to read");
    };
    let wanted: usize = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(100);
    let mails: Vec<(PathBuf, Vec<u8>)> = mails(Path::new(&folder));
    let size: usize = mails.iter().map(|(_, mail)| mail.len()).sum();
    if size == 0 {
        return eprintln!("there is no .eml file below {folder}");
    }
    println!("{} mails, {:.1} MB, repeated to {wanted} MB", mails.len(), megabytes(size));
    let rounds = (wanted * 1_000_000).div_ceil(size);
    measure("parse", &mails, rounds, |mail| drop(black_box(mail::parse(mail))));
    measure("inspect", &mails, rounds, |mail| {
        let printed = serde_json::to_vec(&mail::inspect(mail));
        drop(black_box(printed));
    });
}

fn measure(name: &str, mails: &[(PathBuf, Vec<u8>)], rounds: usize, read: impl Fn(&[u8])) {
    let mut spent: Vec<Duration> = vec![Duration::ZERO; mails.len()];
    for _ in 0..rounds {
        for ((_, mail), spent) in mails.iter().zip(&mut spent) {
            let start = Instant::now();
            read(mail);
            *spent += start.elapsed();
        }
    }
    let size: usize = mails.iter().map(|(_, mail)| mail.len()).sum();
    let total: Duration = spent.iter().sum();
    println!("{name:10} {:8.1} MB/s", megabytes(size * rounds) / total.as_secs_f64());
    let mut order: Vec<usize> = (0..mails.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(spent[at]));
    for at in order.into_iter().take(5) {
        let share = spent[at].as_secs_f64() / total.as_secs_f64() * 100.0;
        println!("  {share:4.1} % of the time on {} ({} bytes)", mails[at].0.display(), mails[at].1.len());
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn mails(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(mails(&path));
        } else if path.extension().is_some_and(|ending| ending == "eml") {
            found.extend(std::fs::read(&path).ok().map(|mail| (path, mail)));
        }
    }
    found.sort();
    found
}

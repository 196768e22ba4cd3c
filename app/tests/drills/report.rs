//! The end of every drill: everything comes to rest, is judged, and becomes a line of a table.
//!
//! The table is in the file that `KITT_DRILL_REPORT` names, or in the target folder.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use anyhow::{Result, ensure};

use super::drill::Drill;
use super::house::House;
use super::judge::{self, Verdict};
use super::load::Load;

const COLUMNS: [(&str, usize); 15] = [
    ("drill", 22),
    ("database", 10),
    ("rounds", 6),
    ("acknowledged", 12),
    ("refused", 7),
    ("no answer", 9),
    ("duplicates", 10),
    ("fetched", 7),
    ("promised", 8),
    ("sent", 5),
    ("sent again", 10),
    ("undecided", 9),
    ("unprocessable", 13),
    ("lost", 4),
    ("doubled", 7),
];

/// Ends the load, lets everything come to rest, judges.
pub fn end(drill: &Drill, house: &mut House, load: Load) -> Result<()> {
    load.end()?;
    house.leases_end()?;
    judge::at_rest(house)?;
    house.still_runs()?;
    house.stop()?;
    let verdict = judge::judge(house)?;
    note(drill, house, &verdict)?;
    ensure!(
        verdict.wrong.is_empty(),
        "{} on {}, seed {}: {} things are wrong: {}",
        drill.name,
        drill.on,
        drill.seed,
        verdict.wrong.len(),
        verdict.wrong.iter().take(20).cloned().collect::<Vec<_>>().join("; ")
    );
    Ok(())
}

fn note(drill: &Drill, house: &House, verdict: &Verdict) -> Result<()> {
    let numbers = [
        drill.rounds,
        verdict.acknowledged,
        house.book.refused.load(Ordering::SeqCst),
        house.book.interrupted.load(Ordering::SeqCst),
        verdict.duplicates,
        verdict.fetched,
        verdict.promised,
        verdict.sent,
        verdict.sent_again,
        verdict.undecided,
        verdict.unprocessable,
        verdict.lost,
        verdict.doubled,
    ];
    let mut cells = vec![drill.name.to_owned(), drill.on.to_string()];
    cells.extend(numbers.map(|number| number.to_string()));
    write(&cells)?;
    println!("{} on {}: {:?}, {:?}", drill.name, drill.on, drill.began.elapsed(), verdict);
    Ok(())
}

/// A drill that cannot be held on this machine is in the table, too.
pub fn skipped(name: &str, why: &str) -> Result<()> {
    println!("skipped: {name}: {why}");
    write(&[name.to_owned(), format!("skipped: {why}")])
}

fn write(cells: &[String]) -> Result<()> {
    let file = std::env::var_os("KITT_DRILL_REPORT")
        .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("drills.md"), PathBuf::from);
    let mut text = String::new();
    if !file.exists() {
        text += &line(COLUMNS.map(|(name, _)| name.to_owned()).iter());
        text += &line(COLUMNS.map(|(_, width)| "-".repeat(width)).iter());
    }
    text += &line(cells.iter());
    // In one piece: drills may run side by side.
    Ok(OpenOptions::new().create(true).append(true).open(file)?.write_all(text.as_bytes())?)
}

fn line<'a>(cells: impl Iterator<Item = &'a String>) -> String {
    let cells: Vec<String> = cells.zip(COLUMNS).map(|(cell, (_, width))| format!("{cell:<width$}")).collect();
    format!("| {} |\n", cells.join(" | "))
}

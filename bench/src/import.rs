//! An old mailbox: mails per second of `kitt import mail`, and its memory.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::Context;

/// Seed of the workload: the same mails every time.
const SEED: u64 = 27;
const REPLIES: usize = 30;

pub fn measure(kitt: &Path, count: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mbox = folder.path().join("old.mbox");
    let bytes = write(&mbox, count)?;
    let begun = Instant::now();
    let mut child = Command::new(kitt)
        .args(["import", "mail", "--data"])
        .arg(folder.path().join("data"))
        .arg(&mbox)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start kitt")?;
    let mut highest: f64 = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        highest = highest.max(peak(child.id()).unwrap_or(0.0));
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    anyhow::ensure!(status.success(), "kitt import: {status}");
    let seconds = begun.elapsed().as_secs_f64();
    let total = f64::from(u32::try_from(count)?);
    println!(
        "import, SQLite: {count} mails, {:.1} kB each, in {seconds:.1} s: {:.0}/s until their cases exist, at most {highest:.0} MB resident",
        bytes / total / 1000.0,
        total / seconds,
    );
    Ok(())
}

/// An mbox of the workload; its bytes.
fn write(path: &Path, count: usize) -> anyhow::Result<f64> {
    let mut file = BufWriter::new(File::create(path)?);
    for mail in example::mails(SEED, count, REPLIES) {
        file.write_all(b"From bench@example.org Mon Mar  2 08:00:00 2026\n")?;
        for line in mail.raw.split_inclusive(|byte| *byte == b'\n') {
            if line.starts_with(b"From ") {
                file.write_all(b">")?;
            }
            file.write_all(line)?;
        }
        file.write_all(b"\n")?;
    }
    file.flush()?;
    let size = u32::try_from(fs::metadata(path)?.len() / 1000)?;
    Ok(f64::from(size) * 1000.0)
}

/// The most memory that the process ever had, in MB.
fn peak(pid: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok()? / 1024.0)
}

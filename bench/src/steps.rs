//! Everything at its full size, part by part: what was interrupted goes on where it was.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

/// What is measured, as on the command line.
const STEPS: [&str; 11] = [
    "small",
    "mails",
    "import",
    "thread",
    "pages",
    "house --cases 10000 --sqlite",
    "house --cases 10000 --postgres",
    "house --cases 100000 --sqlite",
    "house --cases 100000 --postgres",
    "house --cases 1000000 --sqlite",
    "house --cases 1000000 --postgres",
];

/// Measures what has no figures in `keep` yet, and prints all of them.
pub fn all(kitt: &Path, keep: &Path) -> anyhow::Result<()> {
    let figures = keep.join("figures");
    fs::create_dir_all(&figures).with_context(|| figures.display().to_string())?;
    for step in STEPS {
        let file = figures.join(format!("{}.txt", step.replace(" --", "-").replace(' ', "-")));
        println!("== {step}");
        match fs::read_to_string(&file) {
            Ok(known) => print!("{known}"),
            Err(_) => measure(kitt, keep, step, &file).with_context(|| step.to_owned())?,
        }
    }
    Ok(())
}

/// In a process of its own, so that each begins with a fresh client.
fn measure(kitt: &Path, keep: &Path, step: &str, file: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--kitt").arg(kitt).args(step.split(' ')).stdout(Stdio::piped());
    if step.starts_with("house") {
        command.arg("--keep").arg(keep);
    }
    let mut child = command.spawn()?;
    let unfinished = file.with_extension("part");
    let mut written = File::create(&unfinished)?;
    for line in BufReader::new(child.stdout.take().context("it is piped")?).lines() {
        let line = line?;
        println!("{line}");
        writeln!(written, "{line}")?;
    }
    ensure!(child.wait()?.success(), "it failed; the figures so far are in {}", unfinished.display());
    written.sync_all()?;
    fs::rename(&unfinished, file)?;
    Ok(())
}

//! `kitt mail inspect`: what Kitt makes of mails, as JSON.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Prints one pretty object for one file, one line each for several; how many could not be read.
///
/// `-` is the standard input. Files that cannot be read are named on standard error.
pub fn inspect(files: &[PathBuf], out: &mut impl Write) -> anyhow::Result<usize> {
    let mut unread = 0;
    for file in files {
        let raw = match read(file) {
            Ok(raw) => raw,
            Err(error) => {
                eprintln!("kitt: cannot read {}: {error}", file.display());
                unread += 1;
                continue;
            }
        };
        let inspection = mail::inspect(&raw);
        if files.len() == 1 {
            serde_json::to_writer_pretty(&mut *out, &inspection)?;
        } else {
            serde_json::to_writer(&mut *out, &inspection)?;
        }
        writeln!(out)?;
    }
    out.flush()?;
    Ok(unread)
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    if file == Path::new("-") {
        let mut raw = Vec::new();
        io::stdin().lock().read_to_end(&mut raw)?;
        return Ok(raw);
    }
    std::fs::read(file)
}

//! Receipts: a line outside the database for each mail that we said we have.
//!
//! Written after the commit and before the sender hears of it, into a file for each day of the house's calendar in
//! the data folder (`receipts/2026-11-22.log`). So a database that lost something, or was replaced by an older one,
//! can be told from outside of it. A line is handed to the operating system, not forced to the disk: the proof is
//! about what programs do, and the mails themselves are forced. A receipt that cannot be written is no reason to
//! refuse a mail that is safe already.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use jiff::ToSpan;
use jiff::civil::Date;

use super::model::Route;
use super::store::NewMail;
use crate::platform::{App, ReceivedId, Timestamp};

/// Days after which a file goes.
pub const KEPT: i64 = 60;

/// The file of today, open.
#[derive(Debug, Default)]
pub struct Receipts(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    file: Option<(PathBuf, File)>,
    /// A line may have been cut off.
    torn: bool,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub received: ReceivedId,
    /// BLAKE3 of the raw mail, hexadecimal.
    pub hash: String,
    pub route: Route,
}

/// The receipts of a day.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Day {
    pub receipts: Vec<Receipt>,
    /// Lines that cannot be read: the disk was full, or the power failed.
    pub unreadable: usize,
}

/// The day of the house's calendar.
pub fn day_of(app: &App, at: Timestamp) -> Date {
    at.moment().to_zoned(app.zone()).date()
}

fn folder(app: &App) -> PathBuf {
    app.settings().data.join("receipts")
}

fn file(app: &App, day: Date) -> PathBuf {
    folder(app).join(format!("{day}.log"))
}

/// Notes what was kept at `at`. A few kilobytes for the operating system: nobody waits for a disk.
pub fn note<'a>(app: &App, at: Timestamp, mails: impl Iterator<Item = (ReceivedId, &'a NewMail)>) {
    let mut lines = String::new();
    for (id, mail) in mails {
        let peer = mail.delivery.peer.as_deref().unwrap_or("-");
        let (hash, size, route) = (&mail.raw.hash, mail.raw.size, mail.delivery.route);
        lines.push_str(&format!("{} {id} {hash} {size} {route} {peer}\n", at.moment()));
    }
    let receipts = app.part::<Receipts>();
    let mut open = receipts.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(error) = open.write(&file(app, day_of(app, at)), &lines) {
        open.torn = true;
        tracing::error!(%error, "receipts of received mail cannot be written: is the disk full?");
    }
}

impl Open {
    fn write(&mut self, path: &Path, lines: &str) -> io::Result<()> {
        if self.file.as_ref().is_none_or(|(known, _)| known != path) {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            let file = OpenOptions::new().create(true).append(true).open(path)?;
            self.file = Some((path.to_owned(), file));
            // What a process before this one wrote last may be cut off.
            self.torn = !ends_a_line(path)?;
        }
        let Some((_, file)) = &mut self.file else { return Ok(()) };
        if self.torn {
            file.write_all(b"\n")?;
            self.torn = false;
        }
        file.write_all(lines.as_bytes())
    }
}

fn ends_a_line(path: &Path) -> io::Result<bool> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// The receipts of a day; none if nothing came.
pub fn read(app: &App, day: Date) -> anyhow::Result<Day> {
    let path = file(app, day);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Day::default()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let mut found = Day::default();
    for line in String::from_utf8_lossy(&text).lines().filter(|line| !line.is_empty()) {
        match parse(line) {
            Some(receipt) => found.receipts.push(receipt),
            None => found.unreadable += 1,
        }
    }
    Ok(found)
}

fn parse(line: &str) -> Option<Receipt> {
    let words: Vec<&str> = line.split(' ').collect();
    let [_, id, hash, _, route, _] = words.as_slice() else { return None };
    let received = ReceivedId(id.parse().ok()?);
    (hash.len() == 64).then_some(Receipt {
        received,
        hash: (*hash).to_owned(),
        route: Route::from_code(route)?,
    })
}

/// Removes the files of days that are long over.
pub fn forget(app: &App, today: Date) -> anyhow::Result<()> {
    let first = today.checked_sub(KEPT.days())?;
    let entries = match fs::read_dir(folder(app)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).context("cannot read the folder of receipts"),
    };
    for entry in entries {
        let path = entry?.path();
        let day = path.file_stem().and_then(|name| name.to_str()).and_then(|name| name.parse::<Date>().ok());
        if day.is_some_and(|day| day < first) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_cut_off_spoils_no_other() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("receipts/2026-11-22.log");
        let line = |id: i64| format!("2026-11-22T08:00:00Z {id} {} 100 smtp 192.0.2.7\n", "a".repeat(64));
        Open::default().write(&path, &line(1))?;
        let mut cut = OpenOptions::new().append(true).open(&path)?;
        cut.write_all(b"2026-11-22T08:00:00Z 2 aaa")?;
        Open::default().write(&path, &line(3))?;

        let text = fs::read_to_string(&path)?;
        let read: Vec<Option<i64>> =
            text.lines().map(|line| parse(line).map(|read| read.received.0)).collect();
        assert_eq!(read, [Some(1), None, Some(3)]);
        Ok(())
    }
}

//! Finds raw messages in files and folders: `.eml`, mbox and Maildir.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// A file that holds one or many messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// Many messages, each after a `From ` line.
    pub mbox: bool,
}

/// What could not be read, and why.
pub type Problem = (PathBuf, io::Error);

/// All files with messages in `paths`, folders with what is below them, in a stable order.
///
/// A file that is named is taken as it is; in a folder only what looks like mail is.
pub fn find(paths: &[PathBuf]) -> (Vec<Source>, Vec<Problem>) {
    let (mut sources, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        if let Err(error) = add(path, true, &mut sources, &mut problems) {
            problems.push((path.clone(), error));
        }
    }
    (sources, problems)
}

fn add(path: &Path, named: bool, sources: &mut Vec<Source>, problems: &mut Vec<Problem>) -> io::Result<()> {
    let about = fs::metadata(path)?;
    if about.is_dir() {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
        entries.sort();
        for entry in entries {
            if is_delivered_elsewhere(&entry) {
                continue;
            }
            if let Err(error) = add(&entry, false, sources, problems) {
                problems.push((entry, error));
            }
        }
        return Ok(());
    }
    let mbox = begins_with_from(path)?;
    if named || mbox || is_message(path) {
        sources.push(Source { path: path.to_owned(), size: about.len(), mbox });
    }
    Ok(())
}

/// `tmp` of a Maildir holds what is not delivered yet.
fn is_delivered_elsewhere(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "tmp") && path.with_file_name("cur").is_dir()
}

fn is_message(path: &Path) -> bool {
    let eml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("eml"));
    let folder = path.parent().and_then(Path::file_name);
    eml || folder.is_some_and(|folder| folder == "cur" || folder == "new")
}

fn begins_with_from(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(5).read_to_end(&mut start)?;
    Ok(start == b"From ")
}

impl Source {
    /// Its messages, read as they are asked for.
    pub fn messages(&self) -> io::Result<Messages> {
        let file = BufReader::with_capacity(256 * 1024, File::open(&self.path)?);
        Ok(Messages { file, mbox: self.mbox, line: Vec::new(), done: false })
    }
}

/// The messages of a [`Source`].
pub struct Messages {
    file: BufReader<File>,
    mbox: bool,
    /// The line that was read ahead.
    line: Vec<u8>,
    done: bool,
}

impl Iterator for Messages {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let read = if self.mbox { self.next_of_many() } else { self.only() };
        self.done |= read.is_err();
        read.transpose()
    }
}

impl Messages {
    fn only(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.done = true;
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Everything between two `From ` lines, which belong to no message, with their quotation undone.
    fn next_of_many(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut message = Vec::new();
        let mut after_blank = true;
        loop {
            self.line.clear();
            if self.file.read_until(b'\n', &mut self.line)? == 0 {
                self.done = true;
                break;
            }
            if after_blank && is_separator(&self.line) {
                if message.is_empty() {
                    continue;
                }
                break;
            }
            after_blank = matches!(self.line.as_slice(), b"\n" | b"\r\n");
            message.extend_from_slice(unquoted(&self.line));
        }
        // The blank line before the next separator is the box's, not the message's.
        let end = [&b"\r\n\r\n"[..], b"\n\n"]
            .iter()
            .find(|end| message.ends_with(end))
            .map_or(0, |end| end.len() / 2);
        message.truncate(message.len() - end);
        Ok((!message.is_empty()).then_some(message))
    }
}

/// `From sender Mon Jan  1 12:00:00 2026`: a sentence that begins with "From" has no time of day.
fn is_separator(line: &[u8]) -> bool {
    let time = |window: &[u8]| window[0].is_ascii_digit() && window[1] == b':' && window[2].is_ascii_digit();
    line.starts_with(b"From ") && line.windows(3).any(time)
}

/// `>From` was `From` (mboxo), `>>From` was `>From` (mboxrd).
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|byte| **byte == b'>').count();
    if 0 < quotes && line[quotes..].starts_with(b"From ") { &line[1..] } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &Source) -> io::Result<Vec<String>> {
        source.messages()?.map(|message| Ok(String::from_utf8_lossy(&message?).into_owned())).collect()
    }

    #[test]
    fn an_mbox_is_taken_apart_and_its_quotation_undone() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("Inbox");
        fs::write(
            &path,
            "From - Mon Jan  1 12:00:00 2026\nSubject: a\n\nFrom here on it is text.\n>From you\n>>From me\n\n\
             From b@example.org Tue Jan  2 12:00:00 2026\nSubject: b\n\nb\n",
        )?;
        let (sources, problems) = find(&[folder.path().to_owned()]);
        assert!(problems.is_empty());
        assert_eq!(
            read(&sources[0])?,
            ["Subject: a\n\nFrom here on it is text.\nFrom you\n>From me\n", "Subject: b\n\nb\n"]
        );
        Ok(())
    }

    #[test]
    fn folders_give_what_looks_like_mail_and_named_files_whatever_they_are() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        for name in [
            "a.eml",
            "notes.txt",
            "box/cur/1:2,S",
            "box/new/2",
            "box/tmp/3",
            "box/dovecot.index",
            "deep/er/b.EML",
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("it has a folder"))?;
            fs::write(path, "Subject: x\n\nx\n")?;
        }
        let (sources, problems) =
            find(&[folder.path().to_owned(), folder.path().join("notes.txt"), "missing".into()]);

        let names: Vec<_> =
            sources.iter().filter_map(|source| source.path.strip_prefix(folder.path()).ok()).collect();
        let expected = ["a.eml", "box/cur/1:2,S", "box/new/2", "deep/er/b.EML", "notes.txt"].map(Path::new);
        assert_eq!(names, expected);
        assert_eq!(problems.len(), 1);
        Ok(())
    }
}

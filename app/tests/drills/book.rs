//! What was promised, as those outside saw it: a file that no database knows of, each line on the disk at once.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};

/// Written by all who hand something over.
pub struct Book {
    path: PathBuf,
    file: Mutex<File>,
    pub acknowledged: AtomicUsize,
    /// Mails that were refused for now (4xx), and had to be sent again.
    pub refused: AtomicUsize,
    /// Mails without an answer, which had to be sent again.
    pub interrupted: AtomicUsize,
}

/// A line.
pub enum Line {
    /// The server said `250`, and under which id it keeps this mail.
    Acknowledged { mail: usize, received: i64 },
    /// The IMAP server put a mail into an inbox, under this number.
    Put { user: String, uidvalidity: i64, uid: i64, mail: usize },
    /// An answer to a customer was committed.
    Promised { mail: usize },
}

impl Book {
    pub fn in_folder(folder: &Path) -> Result<Self> {
        let path = folder.join("book");
        let file = Mutex::new(File::create(&path)?);
        let [acknowledged, refused, interrupted] = std::array::from_fn(|_| AtomicUsize::new(0));
        Ok(Self { path, file, acknowledged, refused, interrupted })
    }

    pub fn note(&self, line: &Line) -> Result<()> {
        let text = match line {
            Line::Acknowledged { mail, received } => format!("acknowledged {mail} {received}"),
            Line::Put { user, uidvalidity, uid, mail } => format!("put {user} {uidvalidity} {uid} {mail}"),
            Line::Promised { mail } => format!("promised {mail}"),
        };
        let mut file = self.file.lock().expect("nobody panics while holding it");
        writeln!(file, "{text}")?;
        file.sync_data()?;
        if matches!(line, Line::Acknowledged { .. }) {
            self.acknowledged.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    }

    /// All lines, from the disk.
    pub fn read(&self) -> Result<Vec<Line>> {
        std::fs::read_to_string(&self.path)?.lines().map(parse).collect()
    }
}

fn parse(line: &str) -> Result<Line> {
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        ["acknowledged", mail, received] => {
            Ok(Line::Acknowledged { mail: mail.parse()?, received: received.parse()? })
        }
        ["put", user, uidvalidity, uid, mail] => Ok(Line::Put {
            user: (*user).to_owned(),
            uidvalidity: uidvalidity.parse()?,
            uid: uid.parse()?,
            mail: mail.parse()?,
        }),
        ["promised", mail] => Ok(Line::Promised { mail: mail.parse().context("a number")? }),
        _ => bail!("the book has a line that nobody wrote: {line}"),
    }
}

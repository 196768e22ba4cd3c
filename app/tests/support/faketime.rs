//! A clock that jumps, for programs that are started with it: libfaketime, which reads the offset from a file.
//!
//! Only the calendar's clock jumps, as it does when an administrator or NTP sets it; spans of time are real.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Result;

use super::guard;

/// What a file of offsets holds, and how programs are told of it.
#[derive(Debug)]
pub struct Clock {
    library: String,
    file: PathBuf,
    seconds: AtomicI64,
}

impl Clock {
    /// The right time at first; `folder` holds the offset.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        let names: Vec<String> = ["/usr/lib", "/usr/lib64", "/usr/local/lib"]
            .iter()
            .flat_map(|root| fs::read_dir(root).into_iter().flatten().flatten())
            .map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"))
            .chain(
                ["/usr/lib64", "/usr/local/lib"]
                    .map(|root| Path::new(root).join("faketime/libfaketimeMT.so.1")),
            )
            .filter_map(|path| path.to_str().map(str::to_owned))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let library = guard::find("libfaketime", &names)?;
        let clock = Self { library, file: folder.join("clock"), seconds: AtomicI64::new(0) };
        clock.by(0)?;
        Ok(clock)
    }

    /// Jumps by so many seconds from what it shows; programs see it within a second.
    pub fn by(&self, seconds: i64) -> Result<()> {
        let now = self.seconds.fetch_add(seconds, Ordering::SeqCst) + seconds;
        let next = self.file.with_extension("next");
        fs::write(&next, format!("{now:+}\n"))?;
        Ok(fs::rename(next, &self.file)?)
    }

    /// For the environment of a program.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("LD_PRELOAD", self.library.clone()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_CACHE_DURATION", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
            ("DONT_FAKE_MONOTONIC", "1".into()),
            ("NO_FAKE_STAT", "1".into()),
        ]
    }
}

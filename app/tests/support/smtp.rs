//! A real SMTP server that keeps what it receives: outgoing mail ends here in tests.
//!
//! It is aiosmtpd, somebody else's reading of the standard, so that our own mistakes do not cancel
//! out. It may fail for a while, as servers do. Recipients whose name starts with `nobody` are
//! refused for good (550). Deliberately absent: TLS and login.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::guard::{self, Guard};

const PROGRAM: &str = include_str!("smtp_server.py");

/// Stops, and forgets its mails, when dropped.
#[derive(Debug)]
pub struct Server {
    pub address: SocketAddr,
    folder: PathBuf,
    _guard: Guard,
}

/// One accepted mail, byte by byte, with its envelope.
#[derive(Debug)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub raw: Vec<u8>,
}

#[derive(Deserialize)]
struct Envelope {
    /// Null for the empty sender of bounces.
    from: Option<String>,
    to: Vec<String>,
}

impl Server {
    /// Accepts everything.
    pub fn start() -> Result<Self> {
        Self::failing(0)
    }

    /// Answers the first `times` mails with 451, later ones are accepted.
    pub fn failing(times: u32) -> Result<Self> {
        let python = python()?;
        let folder = tempfile::Builder::new().prefix("kitt-smtp-").tempdir()?.keep();
        let name = folder.to_str().context("the temporary folder has a name that is not UTF-8")?;
        let guard = Guard::running(&python, &["-c", PROGRAM, name, &times.to_string()], &folder)?;

        let port = guard::wait_for(&folder.join("port"), Duration::from_secs(20), |text| {
            text.strip_suffix('\n').and_then(|port| port.parse::<u16>().ok())
        })
        .with_context(|| fs::read_to_string(folder.join("log")).unwrap_or_default())?;
        Ok(Self { address: SocketAddr::from(([127, 0, 0, 1], port)), folder, _guard: guard })
    }

    /// What was accepted so far, in order.
    pub fn mails(&self) -> Result<Vec<Mail>> {
        let mut envelopes: Vec<PathBuf> = fs::read_dir(&self.folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<std::io::Result<_>>()?;
        envelopes.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        envelopes.sort();
        envelopes
            .iter()
            .map(|path| {
                let envelope: Envelope = serde_json::from_slice(&fs::read(path)?)?;
                let raw = fs::read(path.with_extension("eml"))?;
                Ok(Mail { from: envelope.from.unwrap_or_default(), to: envelope.to, raw })
            })
            .collect()
    }

    /// Waits until `count` mails are there; blocks the thread.
    ///
    /// # Errors
    ///
    /// When fewer are there after `patience`.
    pub fn wait_for(&self, count: usize, patience: Duration) -> Result<Vec<Mail>> {
        let start = Instant::now();
        loop {
            let mails = self.mails()?;
            if count <= mails.len() {
                return Ok(mails);
            }
            ensure!(start.elapsed() < patience, "{} of {count} mails after {patience:?}", mails.len());
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// A Python that has aiosmtpd. Debian's package serves Debian's Python, which need not be the first.
fn python() -> Result<String> {
    ["/usr/bin/python3", "python3"]
        .into_iter()
        .find(|python| {
            let asked = Command::new(python).args(["-c", "import aiosmtpd"]).output();
            asked.is_ok_and(|output| output.status.success())
        })
        .map(String::from)
        .with_context(|| guard::missing("aiosmtpd"))
}

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
/// Says what it is told to say, see its head.
const SCRIPTED: &str = include_str!("smtp_script.py");

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
    /// The commands of the envelope; of the scripted server only.
    pub parameters: String,
    pub raw: Vec<u8>,
}

#[derive(Deserialize)]
struct Envelope {
    /// Null for the empty sender of bounces.
    from: Option<String>,
    to: Vec<String>,
    #[serde(default)]
    parameters: String,
}

impl Server {
    /// Accepts everything.
    pub fn start() -> Result<Self> {
        Self::failing(0)
    }

    /// Answers the first `times` mails with 451, later ones are accepted.
    pub fn failing(times: u32) -> Result<Self> {
        Self::run(PROGRAM, &times.to_string())
    }

    /// Follows rules, see `smtp_script.py`.
    pub fn scripted(rules: &serde_json::Value) -> Result<Self> {
        Self::run(SCRIPTED, &rules.to_string())
    }

    fn run(program: &str, argument: &str) -> Result<Self> {
        let python = python()?;
        let folder = tempfile::Builder::new().prefix("kitt-smtp-").tempdir()?.keep();
        let name = folder.to_str().context("the temporary folder has a name that is not UTF-8")?;
        let guard = Guard::running(&python, &["-c", program, name, argument], &folder)?;

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
                let Envelope { from, to, parameters } = envelope;
                Ok(Mail { from: from.unwrap_or_default(), to, parameters, raw })
            })
            .collect()
    }

    /// How often somebody connected; counted by the scripted server only.
    pub fn connections(&self) -> u32 {
        let text = fs::read_to_string(self.folder.join("connections")).unwrap_or_default();
        text.trim().parse().unwrap_or(0)
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

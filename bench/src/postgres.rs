//! A PostgreSQL of our own, with fsync on as in production.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::node::processor;

pub struct Cluster {
    folder: tempfile::TempDir,
    bin: PathBuf,
}

impl Cluster {
    pub fn start() -> anyhow::Result<Self> {
        let bin = bin().context("PostgreSQL was not found: `make setup` installs it")?;
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        if is_root() {
            // PostgreSQL refuses to run as root.
            ensure!(
                Command::new("chown").arg("postgres").arg(folder.path()).status()?.success(),
                "chown failed"
            );
        }
        let quiet = |mut command: Command| -> anyhow::Result<()> {
            ensure!(command.stdout(Stdio::null()).status()?.success(), "{command:?} failed");
            Ok(())
        };
        let mut init = as_postgres(&bin.join("initdb"));
        init.args(["-U", "postgres", "-A", "trust", "--locale", "C.UTF-8", "-D"]).arg(&data);
        quiet(init)?;
        let mut start = as_postgres(&bin.join("pg_ctl"));
        let options =
            format!("-k {} -c listen_addresses='' -c shared_buffers=256MB", folder.path().display());
        start
            .args(["-w", "-o", &options, "-l"])
            .arg(folder.path().join("log"))
            .arg("-D")
            .arg(&data)
            .arg("start");
        quiet(start)?;
        Ok(Self { folder, bin })
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.path().display())
    }

    /// Processor seconds of the server and its children.
    pub fn processor(&self) -> f64 {
        let pid = fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap_or_default();
        let Some(main) = pid.lines().next().and_then(|line| line.parse::<u32>().ok()) else { return 0.0 };
        let children = fs::read_to_string(format!("/proc/{main}/task/{main}/children")).unwrap_or_default();
        let pids = children.split_whitespace().filter_map(|pid| pid.parse().ok()).chain([main]);
        pids.map(|pid| processor(pid).unwrap_or(0.0)).sum()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = as_postgres(&self.bin.join("pg_ctl"));
        stop.args(["-m", "immediate", "-D"]).arg(self.folder.path().join("data")).arg("stop");
        drop(stop.stdout(Stdio::null()).status());
    }
}

fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// The newest installed server's programs.
fn bin() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin")).collect();
    found.retain(|bin| bin.join("initdb").exists());
    found.sort();
    found.pop()
}

//! A PostgreSQL of our own, with fsync on as in production.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::node::processor;

pub struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    /// Removed at the end.
    temporary: Option<tempfile::TempDir>,
}

impl Cluster {
    pub fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut cluster = Self::in_folder(folder.path())?;
        cluster.temporary = Some(folder);
        Ok(cluster)
    }

    /// In a folder that stays; goes on with what is there.
    pub fn in_folder(folder: &Path) -> anyhow::Result<Self> {
        let bin = bin().context("PostgreSQL was not found: `make setup` installs it")?;
        fs::create_dir_all(folder)?;
        let data = folder.join("data");
        if is_root() {
            // PostgreSQL refuses to run as root.
            quiet(Command::new("chown").arg("postgres").arg(folder))?;
        }
        if !data.exists() {
            let init = ["-U", "postgres", "-A", "trust", "--locale", "C.UTF-8", "-D"];
            quiet(as_postgres(&bin.join("initdb")).args(init).arg(&data))?;
        }
        let options = format!("-k {} -c listen_addresses='' -c shared_buffers=256MB", folder.display());
        let mut start = as_postgres(&bin.join("pg_ctl"));
        start.args(["-w", "-t", "600", "-o", &options, "-l"]).arg(folder.join("log"));
        quiet(start.arg("-D").arg(&data).arg("start"))?;
        Ok(Self { folder: folder.to_owned(), bin, temporary: None })
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.display())
    }

    /// Processor seconds of the server and its children.
    pub fn processor(&self) -> f64 {
        let pid = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        let Some(main) = pid.lines().next().and_then(|line| line.parse::<u32>().ok()) else { return 0.0 };
        let children = fs::read_to_string(format!("/proc/{main}/task/{main}/children")).unwrap_or_default();
        let pids = children.split_whitespace().filter_map(|pid| pid.parse().ok()).chain([main]);
        pids.map(|pid| processor(pid).unwrap_or(0.0)).sum()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = as_postgres(&self.bin.join("pg_ctl"));
        stop.args(["-m", "fast", "-D"]).arg(self.folder.join("data")).arg("stop");
        drop(stop.stdout(Stdio::null()).status());
    }
}

fn quiet(command: &mut Command) -> anyhow::Result<()> {
    ensure!(command.stdout(Stdio::null()).status()?.success(), "{command:?} failed");
    Ok(())
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

//! A kitt process on free ports.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tempfile::TempDir;

/// The release binary that cargo put beside this one.
pub fn beside() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let kitt = own.with_file_name("kitt");
    if !kitt.exists() {
        bail!("{} is not there: build it with `cargo build --release`", kitt.display());
    }
    Ok(kitt)
}

pub struct Node {
    child: Child,
    pub web: SocketAddr,
    pub smtp: SocketAddr,
    pub token: String,
    /// From the start of the process to the first answered page.
    pub started_in: Duration,
    data: Option<TempDir>,
}

impl Node {
    /// Starts `kitt ARGS` on an empty data folder, and waits for its first page.
    pub async fn start(kitt: &Path, args: &[&str], database: Option<&str>) -> anyhow::Result<Self> {
        Self::start_on(tempfile::tempdir()?, kitt, args, database).await
    }

    /// Starts `kitt serve` on a folder that stays.
    pub async fn on_folder(folder: &Path, kitt: &Path, database: Option<&str>) -> anyhow::Result<Self> {
        Self::start_in(folder, None, kitt, &["serve"], database).await
    }

    /// Stops it, and starts `kitt serve` on what it had.
    pub async fn serve_again(mut self, kitt: &Path) -> anyhow::Result<Self> {
        let data = self.data.take().context("has a folder")?;
        drop(self);
        Self::start_on(data, kitt, &["serve"], None).await
    }

    async fn start_on(
        data: TempDir,
        kitt: &Path,
        args: &[&str],
        database: Option<&str>,
    ) -> anyhow::Result<Self> {
        let folder = data.path().to_owned();
        Self::start_in(&folder, Some(data), kitt, args, database).await
    }

    async fn start_in(
        folder: &Path,
        data: Option<TempDir>,
        kitt: &Path,
        args: &[&str],
        database: Option<&str>,
    ) -> anyhow::Result<Self> {
        let (web, smtp) = (free()?, free()?);
        let mut command = Command::new(kitt);
        command.args(args).arg("--data").arg(folder).args(["--listen", &web.to_string()]);
        command.args(["--smtp-listen", &smtp.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        let begun = Instant::now();
        let mut child = command.spawn().context("cannot start kitt")?;
        while reqwest::get(format!("http://{web}/login")).await.is_err() {
            if let Some(status) = child.try_wait()? {
                bail!("kitt stopped at its start: {status}");
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let started_in = begun.elapsed();
        let token = token(kitt, folder, database)?;
        Ok(Self { child, web, smtp, token, started_in, data })
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.web)
    }

    /// Resident memory in MB.
    pub fn memory(&self) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").trim().parse()?;
        Ok(kilobytes / 1024.0)
    }

    /// Processor seconds that the process has used.
    pub fn processor(&self) -> anyhow::Result<f64> {
        processor(self.child.id())
    }
}

/// User and system time of a process, in seconds.
pub fn processor(pid: u32) -> anyhow::Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in parentheses may hold spaces; the numbers begin behind it.
    let numbers: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| numbers.get(index).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    Ok((ticks(11) + ticks(12)) / 100.0)
}

fn token(kitt: &Path, data: &Path, database: Option<&str>) -> anyhow::Result<String> {
    let mut command = Command::new(kitt);
    command.args(["token", "create", "--name", "bench", "--role", "admin", "--data"]).arg(data);
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    let output = command.output()?;
    if !output.status.success() {
        bail!("no token: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn free() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

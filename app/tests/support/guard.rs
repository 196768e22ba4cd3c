//! Cleans up behind a test run, however it ends.
//!
//! Statics are never dropped and a killed process drops nothing, so the cleaning is left to a shell
//! that outlives us: its standard input is a pipe that only we hold; the pipe's end is our end. It
//! lives in a process group of its own, so that Ctrl-C in a terminal does not reach it.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// Dropping it cleans up and waits until that is done; so does the end of this process.
#[derive(Debug)]
pub struct Guard {
    shell: Child,
}

impl Guard {
    /// Runs the shell line `cleaning` when it is over; `$1`, `$2` … in it are `arguments`.
    pub fn at_the_end(cleaning: &str, arguments: &[&str]) -> Result<Self> {
        Self::shell(&format!("cat >/dev/null; {cleaning}"), arguments)
    }

    /// Keeps `program` running with its output in `folder/log` and its temporary files in `folder`.
    /// At the end it goes, with all its children, and the folder too.
    pub fn running(program: &str, arguments: &[&str], folder: &Path) -> Result<Self> {
        // The first signal asks the whole group, this shell excepted; the last takes who is left.
        let script = r#"
            folder=$1; shift
            TMPDIR=$folder "$@" >"$folder/log" 2>&1 </dev/null &
            cat >/dev/null
            trap '' TERM; kill -TERM 0; sleep 0.2
            rm -rf "$folder"; kill -KILL 0"#;
        let folder = folder.to_str().context("the temporary folder has a name that is not UTF-8")?;
        Self::shell(script, &[&[folder, program], arguments].concat())
    }

    fn shell(script: &str, arguments: &[&str]) -> Result<Self> {
        let shell = Command::new("sh")
            .args(["-c", script, "sh"])
            .args(arguments)
            .process_group(0)
            .stdin(Stdio::piped())
            // A pipe that stayed open would keep `cargo test | tee` waiting.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting sh")?;
        Ok(Self { shell })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // It may have been killed by its own last line; gone is gone.
        let _ = self.shell.wait();
    }
}

/// What `file` says once `find` finds it there; an error with the file's text after `patience`.
pub fn wait_for<T>(file: &Path, patience: Duration, find: impl Fn(&str) -> Option<T>) -> Result<T> {
    let start = Instant::now();
    loop {
        let text = fs::read_to_string(file).unwrap_or_default();
        if let Some(found) = find(&text) {
            return Ok(found);
        }
        ensure!(start.elapsed() < patience, "not ready after {patience:?}; {} says: {text}", file.display());
        thread::sleep(Duration::from_millis(10));
    }
}

/// The first of `candidates` that exists: an absolute path, or a name to look up in `PATH`.
///
/// # Errors
///
/// A sentence that tells how to get `tool`.
pub fn find(tool: &str, candidates: &[&str]) -> Result<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = candidates.iter().find_map(|candidate| {
        // Joining an absolute path replaces the folder.
        std::env::split_paths(&path).map(|folder| folder.join(candidate)).find(|file| file.is_file())
    });
    let found = found.with_context(|| missing(tool))?;
    found.into_os_string().into_string().ok().context("a program's path is not UTF-8")
}

/// What a person can do about a missing tool.
pub fn missing(tool: &str) -> String {
    format!("{tool} was not found: `make setup` installs it")
}

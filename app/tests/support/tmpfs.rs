//! A small disk of its own, in memory, that can be full without harming anybody. Only root may mount one.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::guard::Guard;

/// Unmounted, and forgotten, when dropped.
#[derive(Debug)]
pub struct Tmpfs {
    path: PathBuf,
    _guard: Guard,
}

impl Tmpfs {
    /// `None` where mounting is not allowed.
    pub fn of_megabytes(size: u32) -> Result<Option<Self>> {
        let path = tempfile::Builder::new().prefix("kitt-disk-").tempdir()?.keep();
        let name = path.to_str().context("the temporary folder has a name that is not UTF-8")?;
        // Lazily: a server that still has files open there ends a moment later.
        let guard = Guard::at_the_end(r#"umount -l "$1" 2>/dev/null; rmdir "$1""#, &[name])?;
        let options = format!("size={size}m,mode=0755");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "kitt-disk", name]).output();
        let allowed = mounted.is_ok_and(|mounted| mounted.status.success());
        Ok(allowed.then_some(Self { path, _guard: guard }))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes all room that is left, to the last byte.
    pub fn fill(&self) -> Result<()> {
        let mut ballast = fs::File::create(self.path.join("ballast"))?;
        for piece in [1 << 20, 4096, 1] {
            let piece = vec![0; piece];
            while ballast.write_all(&piece).is_ok() {}
        }
        Ok(())
    }

    /// Gives the room back.
    pub fn empty(&self) -> Result<()> {
        Ok(fs::remove_file(self.path.join("ballast"))?)
    }

    /// Nobody may have a file open for writing there.
    pub fn make_read_only(&self) -> Result<()> {
        let done = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.path).status()?;
        ensure!(done.success(), "the disk cannot be made read-only");
        Ok(())
    }
}

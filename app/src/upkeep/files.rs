//! Copies that are on the disk when they are said to be.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use anyhow::Context;

/// Copies a file so that under its name there is never half of it.
pub fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let part = to.with_extension("part");
    let copied = || -> io::Result<()> {
        fs::copy(from, &part)?;
        File::open(&part)?.sync_all()?;
        fs::rename(&part, to)
    };
    copied().with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

/// Gives a file that never changes a second name; where the disk cannot, copies it.
pub fn link(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::hard_link(from, to).or_else(|_| copy(from, to))
}

/// Makes the names in a folder as durable as its files.
pub fn settle(folder: &Path) -> anyhow::Result<()> {
    let settled = File::open(folder).and_then(|folder| folder.sync_all());
    settled.with_context(|| format!("cannot settle {}", folder.display()))
}

/// Puts the blobs that `to` does not have yet there, by [`copy`] or [`link`]; how many.
pub fn copy_blobs(
    from: &Path,
    to: &Path,
    put: fn(&Path, &Path) -> anyhow::Result<()>,
) -> anyhow::Result<usize> {
    let mut copied = 0;
    for folder in folders(from)? {
        let target = to.join(folder.file_name());
        fs::create_dir_all(&target).with_context(|| format!("cannot create {}", target.display()))?;
        for file in fs::read_dir(folder.path())? {
            let file = file?;
            let to = target.join(file.file_name());
            if is_blob(&file) && !is_there(&file, &to) {
                put(&file.path(), &to)?;
                copied += 1;
            }
        }
        settle(&target)?;
    }
    Ok(copied)
}

fn folders(root: &Path) -> anyhow::Result<Vec<fs::DirEntry>> {
    if !root.exists() {
        return Ok(Vec::new());
    }
    let mut folders = Vec::new();
    for entry in fs::read_dir(root).with_context(|| format!("cannot read {}", root.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry);
        }
    }
    Ok(folders)
}

/// What is still being written has another name.
fn is_blob(file: &fs::DirEntry) -> bool {
    let name = file.file_name();
    name.to_str().is_some_and(|name| name.len() == 62 && name.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A blob's name is the hash of its content, so one of the same length is the same.
fn is_there(file: &fs::DirEntry, copy: &Path) -> bool {
    let length = |metadata: io::Result<fs::Metadata>| metadata.ok().map(|metadata| metadata.len());
    length(fs::metadata(copy)) == length(file.metadata())
}

/// BLAKE3 of a file, hexadecimal.
pub fn hash(file: &Path) -> anyhow::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut reader = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    io::copy(&mut reader, &mut hasher).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(hasher.finalize().to_hex().to_string())
}

//! Where the demo keeps its data.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// A folder; a temporary one goes away with this value.
pub struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    pub fn given(path: PathBuf) -> Self {
        Self { path, temporary: false }
    }

    /// A new one below the system's folder for such things.
    pub fn temporary() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("kitt-demo-{:08x}", rand::random::<u32>()));
        // `create_dir` fails if somebody else put one there, so nobody can lay a trap.
        std::fs::create_dir(&path).with_context(|| {
            format!("cannot create {}: please choose a folder with --data", path.display())
        })?;
        Ok(Self { path, temporary: true })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!(folder = %self.path.display(), %error, "cannot remove the temporary folder");
        }
    }
}

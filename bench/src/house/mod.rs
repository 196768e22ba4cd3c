//! A large house, made up by seed: what its people see, and how long they wait for it.

mod fill;
mod live;
mod load;
mod words;

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::node::Node;
use crate::postgres::Cluster;

/// How much a house holds. Contacts are five a case, customers a fifth of the cases.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub cases: usize,
}

impl Scale {
    pub const AGENTS: usize = 300;
    pub const TEAMS: usize = 20;
    pub const QUEUES: usize = 60;

    pub const fn customers(self) -> usize {
        let fifth = self.cases / 5;
        if fifth < 100 { 100 } else { fifth }
    }
}

/// What is measured.
pub struct Asked {
    pub requests: usize,
    /// Only what has this in its name.
    pub only: Option<String>,
}

impl Asked {
    fn is(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    }
}

/// Makes the house in `folder` or goes on where that was interrupted, serves it, and measures.
pub async fn measure(
    kitt: &Path,
    folder: Option<PathBuf>,
    cases: usize,
    asked: &Asked,
    postgres: bool,
) -> anyhow::Result<()> {
    let scale = Scale { cases };
    let kept = folder.map(|folder| folder.join(format!("{cases}{}", if postgres { "-pg" } else { "" })));
    let temporary = tempfile::tempdir()?;
    let folder = kept.unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let cluster = if postgres { Some(Cluster::in_folder(&folder.join("cluster"))?) } else { None };
    let url = cluster.as_ref().map(Cluster::url);
    let sample = fill::fill(&folder, url.as_deref(), scale).await?;
    let node = Node::on_folder(&folder, kitt, url.as_deref()).await?;
    load::measure(&node, scale, &sample, asked, if postgres { "PostgreSQL" } else { "SQLite" }).await
}

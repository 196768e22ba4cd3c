//! The shared data folder beside the checkout, and what its files need for reading.

use std::path::{Path, PathBuf};

/// The folder of real data, or `None` and a word about it where it is missing.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("SKIPPED: the data folder shared/data/{folder} is not beside this checkout");
    None
}

/// One JSON value per line.
pub fn json_lines(path: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(path).expect("the data file is readable");
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| serde_json::from_str(line).expect("one JSON value per line")).collect()
}

//! Collects the `words.*.ftl` files of all slices, so that a new slice needs no list.

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=migrations");
    let mut files = Vec::new();
    collect(Path::new("src"), &mut files);
    files.sort();
    let mut code = String::new();
    for (language, name) in [("de", "DE"), ("en", "EN")] {
        writeln!(code, "static {name}: &[(&str, &str)] = &[").expect("a string takes everything");
        for file in files.iter().filter(|file| file.ends_with(format!("words.{language}.ftl"))) {
            // Relative to the checkout: this may be kept when the checkout moves.
            writeln!(
                code,
                "    ({0:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/\", {0:?}))),",
                file.display()
            )
            .expect("a string takes everything");
        }
        code.push_str("];\n");
    }
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("words.rs");
    fs::write(out, code).expect("OUT_DIR is writable");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are readable") {
        let path = entry.expect("the sources are readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "ftl") {
            files.push(path);
        }
    }
}

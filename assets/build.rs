//! Turns the built front end (`dist/`, or the folder in `KITT_ASSETS_DIR`) into
//! Rust: a table of all files, and the map from plain to hashed names.
//!
//! It builds nothing itself: `make assets` does. Embedding by `include_bytes!`
//! behaves the same in debug and release, and a plain name that does not exist
//! is found by the compiler where `url` is used in a constant.

use std::env;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::exit;

fn main() {
    println!("cargo::rerun-if-env-changed=KITT_ASSETS_DIR");
    let folder = folder();
    println!("cargo::rerun-if-changed={}", folder.display());

    let Ok(manifest) = fs::read_to_string(folder.join("manifest.json")) else {
        missing(&folder);
    };
    let names = pairs(&manifest);
    let files = files(&folder);
    for (plain, hashed) in &names {
        assert!(
            files.contains(hashed),
            "manifest.json names {hashed} for {plain}, but {} has no such file: run `make assets` again",
            folder.display()
        );
    }

    let code = format!("{}\n{}", table(&folder, &files), url(&names));
    let target = PathBuf::from(env::var("OUT_DIR").expect("Cargo sets OUT_DIR")).join("files.rs");
    fs::write(&target, code).expect("OUT_DIR can be written");
}

fn folder() -> PathBuf {
    if let Some(given) = env::var_os("KITT_ASSETS_DIR") {
        return PathBuf::from(given);
    }
    let here = env::var("CARGO_MANIFEST_DIR").expect("Cargo sets CARGO_MANIFEST_DIR");
    Path::new(&here).join("dist")
}

fn missing(folder: &Path) -> ! {
    println!(
        "cargo::error=the built front end is missing: {} has no manifest.json. Run `make assets` \
         (needs Node and npm), or point KITT_ASSETS_DIR to a prebuilt folder.",
        folder.display()
    );
    exit(1)
}

/// The strings of a flat JSON object of strings, in pairs. Our own build writes
/// it and no name needs escaping, so quotes are all there is to look for.
fn pairs(manifest: &str) -> Vec<(String, String)> {
    let strings: Vec<&str> = manifest.split('"').skip(1).step_by(2).collect();
    strings.chunks_exact(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect()
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder was just read");
    let mut names: Vec<String> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

fn table(folder: &Path, files: &[String]) -> String {
    let folder = fs::canonicalize(folder).expect("the folder was just read");
    let rows: Vec<String> = files
        .iter()
        .map(|name| {
            format!("    ({name:?}, include_bytes!({:?})),\n", folder.join(name).display().to_string())
        })
        .collect();
    format!("static FILES: &[(&str, &[u8])] = &[\n{}];\n", rows.concat())
}

fn url(names: &[(String, String)]) -> String {
    let arms: Vec<String> = names
        .iter()
        .map(|(plain, hashed)| format!("        b{plain:?} => {:?},\n", format!("/assets/{hashed}")))
        .collect();
    format!(
        "const fn lookup(plain: &str) -> &'static str {{\n    match plain.as_bytes() {{\n{}        \
         _ => panic!(\"unknown asset: dist/manifest.json lists the names\"),\n    }}\n}}\n",
        arms.concat()
    )
}

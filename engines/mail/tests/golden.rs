//! What `kitt mail inspect` prints for mails of all kinds, field by field.
//!
//! A file of a mail and one of what is printed. After a wanted change `KITT_BLESS=1 cargo test -p mail --test golden`
//! writes the second anew; read the difference before you commit it.

use std::path::{Path, PathBuf};

fn mails() -> Vec<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
    let files = std::fs::read_dir(folder).expect("the golden files are in the repository");
    let mut mails: Vec<PathBuf> = files
        .map(|file| file.expect("the entry is readable").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .collect();
    mails.sort();
    mails
}

#[test]
fn inspections_are_as_they_were() {
    let mails = mails();
    assert!(15 <= mails.len());
    for mail in mails {
        let raw = std::fs::read(&mail).expect("the mail is readable");
        let printed = serde_json::to_string_pretty(&mail::inspect(&raw)).expect("it is plain data") + "\n";
        let golden = mail.with_extension("json");
        if std::env::var_os("KITT_BLESS").is_some() {
            std::fs::write(&golden, &printed).expect("the golden file is writable");
        }
        let known = std::fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(printed, known, "{}", mail.display());
    }
}

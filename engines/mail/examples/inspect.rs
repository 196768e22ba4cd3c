//! Prints what is made of mails, one line of JSON per file, as `kitt mail inspect` does.
//!
//! `cargo run --release -p mail --example inspect -- FILE…`; with `--text` each file is taken for the text of
//! a mail, not for a mail. For measuring this crate without building the server.

use std::io::{self, Write};

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut as_text = false;
    for argument in std::env::args().skip(1) {
        if argument == "--text" {
            as_text = true;
            continue;
        }
        let raw = std::fs::read(&argument)?;
        let mut inspection = if as_text {
            let head = b"From: a@example.org\nContent-Type: text/plain; charset=utf-8\n\n".as_slice();
            serde_json::to_value(mail::inspect(&[head, &raw].concat()))?
        } else {
            serde_json::to_value(mail::inspect(&raw))?
        };
        inspection["file"] = argument.into();
        serde_json::to_writer(&mut out, &inspection)?;
        writeln!(out)?;
    }
    out.flush()
}

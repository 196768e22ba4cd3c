//! What the fuzzer starts from, and what it once found, is read as the fuzz targets demand.

use std::path::{Path, PathBuf};

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus")).join(target);
    let files = std::fs::read_dir(&folder).expect("the corpus is in the repository");
    let files = files.map(|file| file.expect("the entry is readable").path());
    files.map(|path| (path.clone(), std::fs::read(path).expect("the file is readable"))).collect()
}

fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    words.sort_unstable();
    words
}

#[test]
fn mails_of_the_corpus_are_read() {
    for (file, raw) in corpus("parse") {
        let inspection = mail::inspect(&raw);
        let shown = !inspection.text.is_empty() || !inspection.attachments.is_empty();
        assert!(shown && inspection.attachments.len() <= 5_000, "{}", file.display());
        // Cut anywhere and with any byte turned, it is still read.
        for at in 0..raw.len() {
            let mut damaged = raw.clone();
            damaged[at] ^= 0x55;
            let _ = (mail::parse(&raw[..at]), mail::parse(&damaged));
        }
    }
}

#[test]
fn texts_of_the_corpus_lose_no_word() {
    for (file, raw) in corpus("reply") {
        let text = String::from_utf8(raw).expect("the corpus is text");
        for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
            let split = mail::reply::split(&text[..at]);
            let joined = [split.reply, split.quoted, split.signature].join("\n");
            assert_eq!(words(&joined), words(&text[..at]), "{} up to {at}", file.display());
        }
    }
}

#[test]
fn reports_of_the_corpus_keep_their_promises() {
    for (file, body) in corpus("classify") {
        for head in [
            "From: MAILER-DAEMON@example.org\nSubject: Undelivered Mail\n",
            "From: a@example.org\nAuto-Submitted: auto-replied\n",
            "From: MAILER-DAEMON@example.org\nContent-Type: message/delivery-status\n",
        ] {
            let message = mail::parse(&[head.as_bytes(), &body].concat()).expect("there is a header");
            assert!(message.bounce.is_empty() || message.kind == mail::Kind::Bounce, "{}", file.display());
            for entry in message.bounce {
                let known = entry.status.starts_with("4.") || entry.status.starts_with("5.");
                assert!(known && !entry.reason.is_empty(), "{}: {}", file.display(), entry.status);
            }
        }
    }
}

#[test]
fn winmail_dats_of_the_corpus_are_opened() {
    for (file, data) in corpus("tnef") {
        for end in 0..=data.len() {
            let raw = [&[0x78, 0x9f, 0x3e, 0x22, 1, 0], &data[..end]].concat();
            let opened = mail::tnef::open(&raw).expect("it has the signature");
            let size: usize = opened.files.iter().map(|file| file.content.len()).sum();
            assert!(size <= raw.len() * 40, "{} up to {end}", file.display());
        }
    }
}

#[test]
fn connections_of_the_corpus_mean_the_same_in_all_pieces() {
    for (file, sent) in corpus("session") {
        let whole = mail::smtp::transcript(&sent, sent.len().max(1), 256);
        assert!(!whole.commands.is_empty() || whole.smuggled, "{}", file.display());
        assert!(whole.messages.iter().all(|message| message.len() <= 256), "{}", file.display());
        for piece in [1, 2, 3, 7, 64] {
            let read = mail::smtp::transcript(&sent, piece, 256);
            assert_eq!(read, whole, "{} in pieces of {piece}", file.display());
        }
        for end in 0..sent.len() {
            let mut damaged = sent.clone();
            damaged[end] ^= 0x55;
            let read = mail::smtp::transcript(&damaged, 5, 256);
            assert_eq!(read, mail::smtp::transcript(&damaged, 1, 256), "{} turned at {end}", file.display());
        }
    }
}

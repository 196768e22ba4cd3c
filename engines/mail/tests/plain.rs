//! The plain text that goes with our HTML, case by case.
//!
//! A file of HTML and one of its text. After a wanted change `KITT_BLESS=1 cargo test -p mail --test plain` writes
//! the second anew; read the difference before you commit it.

use std::path::{Path, PathBuf};

use mail::compose::{Outgoing, Unsubscribe, compose};
use mail::plain;

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/plain"));
    let files = std::fs::read_dir(folder).expect("the golden files are in the repository");
    let mut pages: Vec<PathBuf> = files
        .map(|file| file.expect("the entry is readable").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "html"))
        .collect();
    pages.sort();
    pages
}

#[test]
fn each_page_reads_well_as_text() {
    let pages = pages();
    assert!(8 <= pages.len());
    for page in pages {
        let html = std::fs::read_to_string(&page).expect("the page is readable");
        let text = plain::of_html(&html) + "\n";
        let golden = page.with_extension("txt");
        if std::env::var_os("KITT_BLESS").is_some() {
            std::fs::write(&golden, &text).expect("the golden file is writable");
        }
        let known = std::fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(text, known, "{}", page.display());
    }
}

#[test]
fn what_was_wrapped_is_joined_by_its_reader() {
    let words = ["Zimmer", "für", "Gäste"].repeat(30).join(" ");
    let html = format!("<p>{words}</p><p>From hier &gt; dort</p><p>&gt; kein Zitat</p>");
    let outgoing =
        Outgoing { text: plain::of_html(&html), flowed: true, html: Some(html), ..Outgoing::default() };
    let read = mail::parse(&compose(&outgoing)).expect("it has a header");
    assert_eq!(read.text, format!("{words}\n\nFrom hier > dort\n\n> kein Zitat"));
}

#[test]
fn little_of_nothing_and_much_of_something_are_fine() {
    assert_eq!(plain::of_html(""), "");
    assert_eq!(plain::of_html("<p> </p><ul></ul><table></table><blockquote><p></p></blockquote>"), "");
    let deep = "<blockquote><ul><li>".repeat(120) + "x";
    assert!(plain::of_html(&deep).contains('x'));
    let long = format!("<p>{}</p>", "x".repeat(100_000));
    assert_eq!(plain::of_html(&long).len(), 100_000);
}

#[test]
fn mail_that_can_be_declined_says_so_where_providers_look() {
    let page = "https://kitt.example/unsubscribe/17-0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    let declined = |url: &str, mailto: &str| {
        let unsubscribe = Some(Unsubscribe { url: url.to_owned(), mailto: mailto.to_owned() });
        let bytes = compose(&Outgoing { unsubscribe, ..Outgoing::default() });
        String::from_utf8(bytes).expect("composed of text").replace("\r\n ", " ")
    };
    let both = declined(page, "mailto:service@kitt.example?subject=unsubscribe%2017");
    let expected = format!(
        "List-Unsubscribe: <{page}>, <mailto:service@kitt.example?subject=unsubscribe%2017>\r\n\
         List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    );
    assert!(both.contains(&expected), "{both}");
    // Without TLS one click is no proof of anything.
    assert!(!declined("http://kitt.example/u", "").contains("One-Click"));
    assert!(!declined("", "").contains("List-Unsubscribe"));
    assert!(!declined("https://x>\r\nBcc: <y", "").contains("List-Unsubscribe"));
}

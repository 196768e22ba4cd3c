//! What a mail says about files that did not go with it, in the customer's language.

use std::fmt::Write;

use super::FileLink;
use crate::cases::Attachment;
use crate::platform::{App, Language, Words};

/// The words of a link: name and size of its file, and until when it is there.
fn line(words: &Words, file: &Attachment, link: &FileLink) -> String {
    let size = words.size(&file.size);
    let told = words.with2("file-link-line", ("name", &file.name), ("size", size));
    format!("{told}, {}", words.with("file-link-until", "day", words.day(&link.until)))
}

/// The text with a paragraph about each file below.
pub fn below_text(app: &App, language: Language, text: &str, files: &[(Attachment, FileLink)]) -> String {
    let words = Words::new(language, app.zone(), app.now());
    let mut out = format!("{}\n\n{}", text.trim_end(), words.t("file-link-intro"));
    for (file, link) in files {
        write!(out, "\n\n{}:\n{}", line(&words, file, link), link.url(app))
            .expect("a String takes everything");
    }
    out
}

/// The same for HTML.
pub fn below_html(app: &App, language: Language, html: &str, files: &[(Attachment, FileLink)]) -> String {
    let words = Words::new(language, app.zone(), app.now());
    let mut out = format!("{html}<p>{}</p><ul>", escape(&words.t("file-link-intro")));
    for (file, link) in files {
        let told = escape(&line(&words, file, link));
        write!(out, "<li><a href=\"{}\">{told}</a></li>", link.url(app)).expect("a String takes everything");
    }
    out.push_str("</ul>");
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

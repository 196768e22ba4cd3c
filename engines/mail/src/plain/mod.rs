//! HTML that we send as the plain text that goes with it: for programs that show no HTML, and people who prefer text.
//!
//! What the page says must be readable without it: paragraphs, headings, lists and their numbers, quotations,
//! where links lead, what pictures are of, tables as columns or as labelled lines. Lines have at most 78 characters
//! and paragraphs can be joined again on narrow screens (format=flowed, RFC 3676). Unlike [`crate::html::to_text`],
//! which is for search and for reading what customers sent, this is written for a reader outside.
//!
//! Works on sanitised HTML, whose syntax is regular. One pass with a stack of its own, so no nesting is too deep.
//! Deliberately absent: bold and italics, and columns of layout tables side by side.

mod flow;
mod frames;
mod table;

use crate::html::{SanitiseOptions, attribute, sanitise, tag_end, unescape};
use frames::Writer;

/// Characters of a line, as far as words allow.
const WIDTH: usize = 78;

/// A line of text before it is wrapped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Paragraph {
    /// Marks of quotation before each line.
    quote: usize,
    /// Before the first line: indents, and the mark of a list's item.
    first: String,
    /// Before the other lines.
    hang: String,
    text: String,
    /// Stays as it is, as code and tables do.
    fixed: bool,
}

impl Paragraph {
    fn of(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    fn fixed(text: String) -> Self {
        Self { text, fixed: true, ..Self::default() }
    }

    const fn is_blank(&self) -> bool {
        self.text.is_empty() && self.first.is_empty()
    }
}

/// The text of this HTML, to be sent as format=flowed without `DelSp`.
#[must_use]
pub fn of_html(html: &str) -> String {
    let clean = sanitise(html, &SanitiseOptions::default());
    let mut writer = Writer::default();
    let mut rest = clean.as_str();
    while let Some(start) = rest.find('<') {
        writer.text(&unescape(&rest[..start]));
        let end = tag_end(&rest[start..]) + start;
        writer.tag(&rest[start..end]);
        rest = &rest[end..];
    }
    writer.text(&unescape(rest));
    flow::write(&writer.finish())
}

//! HTML as plain text, for search, quoting and reading.
//!
//! Works on HTML that [`super::sanitise`] wrote, whose syntax is regular: every `<` opens a tag, every
//! attribute is in double quotes, four entities remain. One pass, no tree, so no nesting is too deep.

use super::sanitise::{SanitiseOptions, sanitise};

/// The text people see in this HTML: paragraphs apart, quotations behind `> `, lists with `* `.
#[must_use]
pub fn to_text(html: &str) -> String {
    clean_to_text(&sanitise(html, &SanitiseOptions::default()))
}

/// The same for HTML that is already sanitised.
pub(crate) fn clean_to_text(clean: &str) -> String {
    let mut writer = Writer::default();
    let mut rest = clean;
    while let Some(start) = rest.find('<') {
        writer.text(&rest[..start]);
        let end = tag_end(&rest[start..]) + start;
        writer.tag(&rest[start..end]);
        rest = &rest[end..];
    }
    writer.text(rest);
    writer.out.trim_matches(['\n', ' ']).to_owned()
}

/// Whether sanitised HTML shows any letter.
pub(crate) fn has_text(clean: &str) -> bool {
    let mut rest = clean;
    while let Some(start) = rest.find('<') {
        if !rest[..start].replace("&nbsp;", "").trim().is_empty() {
            return true;
        }
        rest = &rest[start + tag_end(&rest[start..])..];
    }
    !rest.replace("&nbsp;", "").trim().is_empty()
}

/// Behind the `>` that closes the tag; one inside an attribute does not.
pub(crate) fn tag_end(tag: &str) -> usize {
    let mut in_quotes = false;
    for (at, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => in_quotes = !in_quotes,
            b'>' if !in_quotes => return at + 1,
            _ => {}
        }
    }
    tag.len()
}

/// Deeper quotation marks than this say nothing more.
const MAX_QUOTE: usize = 9;

#[derive(Default)]
struct Writer {
    out: String,
    /// Line ends due before the next character.
    due: usize,
    space_due: bool,
    quote: usize,
    preformatted: usize,
}

impl Writer {
    fn text(&mut self, escaped: &str) {
        if !escaped.is_empty() {
            let text = unescape(escaped);
            text.chars().for_each(|c| self.character(c));
        }
    }

    fn character(&mut self, c: char) {
        match c {
            '\n' if 0 < self.preformatted => self.line_break(),
            '\t' | ' ' | '\u{a0}' if 0 < self.preformatted => self.push(if c == '\t' { '\t' } else { ' ' }),
            '\u{200b}' | '\u{feff}' | '\u{ad}' => {}
            c if c.is_whitespace() => self.space_due = true,
            c => self.push(c),
        }
    }

    fn push(&mut self, c: char) {
        if 0 < self.due {
            self.start_line();
        } else if self.out.is_empty() {
            self.quote_marks();
            self.space_due = false;
        }
        if self.space_due && !self.out.ends_with([' ', '\n', '\t']) {
            self.out.push(' ');
        }
        self.space_due = false;
        self.out.push(c);
    }

    fn start_line(&mut self) {
        let due = if self.out.is_empty() { 0 } else { self.due.min(2) };
        self.due = 0;
        self.space_due = false;
        for line in 0..due {
            self.out.truncate(self.out.trim_end_matches([' ', '\t']).len());
            self.out.push('\n');
            if line + 1 < due && 0 < self.quote {
                self.quote_marks();
            }
        }
        self.quote_marks();
    }

    fn quote_marks(&mut self) {
        for _ in 0..self.quote.min(MAX_QUOTE) {
            self.out.push_str("> ");
        }
    }

    /// At least one line end before what follows.
    fn new_line(&mut self) {
        self.due = self.due.max(1);
    }

    fn new_paragraph(&mut self) {
        self.due = 2;
    }

    /// One line end more than before, up to a blank line.
    fn line_break(&mut self) {
        self.due = (self.due + 1).min(2);
    }

    fn word(&mut self, word: &str) {
        word.chars().for_each(|c| self.push(c));
    }

    fn tag(&mut self, tag: &str) {
        let inner = tag.trim_start_matches('<').trim_end_matches('>');
        let (closing, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let name = inner.split([' ', '/']).next().unwrap_or_default();
        match name {
            "br" => self.line_break(),
            "hr" => {
                self.new_line();
                self.word("________________________________");
                self.new_line();
            }
            "img" => self.text(attribute(inner, "alt").unwrap_or_default()),
            "blockquote" => {
                self.new_paragraph();
                self.quote = if closing { self.quote.saturating_sub(1) } else { self.quote + 1 };
            }
            "pre" => {
                self.new_paragraph();
                self.preformatted =
                    if closing { self.preformatted.saturating_sub(1) } else { self.preformatted + 1 };
            }
            "li" => {
                self.new_line();
                if !closing {
                    self.word("*");
                    self.space_due = true;
                }
            }
            "td" | "th" => self.space_due = true,
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table" | "figure" => {
                self.new_paragraph();
            }
            "div" | "tr" | "dt" | "dd" | "address" | "center" | "section" | "article" | "header"
            | "footer" | "main" | "aside" | "caption" | "figcaption" => self.new_line(),
            _ => {}
        }
    }
}

/// The value of an attribute of a sanitised tag, as it is written there.
pub(crate) fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    after.split('"').next()
}

/// Text without the entities that sanitised HTML has.
pub(crate) fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    // The ampersand last, or `&amp;lt;` would become `<`.
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_like_the_page_looks() {
        for (html, text) in [
            ("<p>Guten Tag,</p><p>a<br>b</p>", "Guten Tag,\n\na\nb"),
            ("<div>a</div><div>b</div>", "a\nb"),
            ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
            ("a   \n b&nbsp;c", "a b c"),
            ("<b>a</b><i>b</i> c", "ab c"),
            ("1 &lt; 2 &amp;amp; &copy;", "1 < 2 &amp; ©"),
            (
                "<blockquote>a<br><br>b<blockquote>c</blockquote></blockquote>d",
                "> a\n>\n> b\n> >\n> > c\n\nd",
            ),
            ("<ul><li>a<li>b</ul>c", "* a\n* b\n\nc"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
            ("<pre>a\n  b</pre>", "a\n  b"),
            ("a<style>x</style><script>y</script><!-- z -->b", "ab"),
            ("<img alt='Logo' src=x>a", "Logoa"),
            ("<a href='https://x' title='1 > 2'>Link</a>", "Link"),
            ("", ""),
        ] {
            assert_eq!(to_text(html), text, "{html}");
        }
    }
}

//! The tree of MIME parts, read within fixed limits of depth and number.
//!
//! mail-parser's own tree is not used: it follows nesting without a limit and rereads the rest of
//! a message for every boundary that never comes. Here each level reads its own bytes once, so the
//! time is bounded by size times depth. What lies beyond a limit stays one opaque part.

use memchr::{memchr, memmem};

use crate::headers::Headers;
use crate::parameters::Parameterised;

/// Deeper parts are kept whole, not opened. Real mail stays below ten.
pub(crate) const MAX_DEPTH: usize = 24;
/// Parts beyond this many are left in the raw message only.
pub(crate) const MAX_PARTS: usize = 1_000;

/// One node: a leaf with content, or a container with children.
pub(crate) struct Part<'a> {
    pub headers: Headers,
    pub content_type: Parameterised,
    /// `inline`, `attachment` or nothing.
    pub disposition: Parameterised,
    /// The encoded bytes of the body.
    pub body: &'a [u8],
    /// Empty for a leaf.
    pub children: Vec<Part<'a>>,
}

/// What remains of the budget, and what was met on the way.
#[derive(Default)]
pub(crate) struct Walk {
    parts: usize,
    /// Codes of [`crate::Message::warnings`]; some may be there several times.
    pub warnings: Vec<&'static str>,
}

impl<'a> Part<'a> {
    /// Reads the message or part in `bytes`.
    pub fn read(bytes: &'a [u8], walk: &mut Walk) -> Self {
        let (headers, offset) = Headers::split(bytes);
        Self::with_headers(headers, &bytes[offset..], "text/plain", 0, walk)
    }

    fn with_headers(headers: Headers, body: &'a [u8], default: &str, depth: usize, walk: &mut Walk) -> Self {
        if headers.cut {
            walk.warnings.push("header_too_long");
        }
        let mut content_type = headers.parameterised("content-type").unwrap_or_default();
        if !content_type.value.contains('/') {
            default.clone_into(&mut content_type.value);
        }
        let disposition = headers.parameterised("content-disposition").unwrap_or_default();
        let mut part = Self { headers, content_type, disposition, body, children: Vec::new() };
        if part.content_type.main_type() == "multipart" {
            part.read_children(depth, walk);
        }
        part
    }

    fn read_children(&mut self, depth: usize, walk: &mut Walk) {
        if MAX_DEPTH <= depth {
            walk.warnings.push("nested_too_deep");
            return;
        }
        let declared =
            self.content_type.get("boundary").map(|boundary| boundary.trim_end().as_bytes().to_vec());
        let mut sections = declared.map(|boundary| sections(self.body, &boundary)).unwrap_or_default();
        if sections.is_empty() {
            walk.warnings.push("boundary_missing");
            sections = guess_boundary(self.body)
                .map(|boundary| self::sections(self.body, boundary))
                .unwrap_or_default();
        }
        let default =
            if self.content_type.value == "multipart/digest" { "message/rfc822" } else { "text/plain" };
        for section in sections {
            if MAX_PARTS <= walk.parts {
                walk.warnings.push("too_many_parts");
                return;
            }
            walk.parts += 1;
            let (headers, offset) = Headers::split(section);
            self.children.push(Self::with_headers(headers, &section[offset..], default, depth + 1, walk));
        }
    }

    /// The bytes after the transfer encoding is undone.
    pub fn decoded(&self) -> std::borrow::Cow<'a, [u8]> {
        let encoding = self.headers.raw("content-transfer-encoding").unwrap_or_default();
        crate::transfer::decode(self.body, encoding)
    }

    /// `content_type` is lower case and without parameters.
    pub fn is(&self, content_type: &str) -> bool {
        self.content_type.value == content_type
    }

    /// This part and all below it, in reading order.
    pub fn all(&self) -> Vec<&Part<'a>> {
        let mut found = vec![self];
        for child in &self.children {
            found.extend(child.all());
        }
        found
    }
}

/// The bytes between the boundary lines; one section more than parts opened is never invented.
fn sections<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut sections = Vec::new();
    let mut open: Option<usize> = None;
    let marked = [b"--", boundary].concat();
    for at in memmem::find_iter(body, &marked) {
        if 0 < at && body[at - 1] != b'\n' {
            continue;
        }
        let length = memchr(b'\n', &body[at..]).map_or(body.len() - at, |end| end + 1);
        let Some(is_last) = boundary_line(&body[at..at + length], boundary) else { continue };
        if let Some(from) = open.take() {
            sections.push(without_last_line_end(&body[from..at]));
        }
        if is_last {
            return sections;
        }
        open = Some(at + length);
        // The walk stops there too; the rest need not be looked for.
        if MAX_PARTS < sections.len() {
            return sections;
        }
    }
    if let Some(from) = open {
        sections.push(&body[from..]);
    }
    sections
}

/// `Some(true)` for the closing line of the boundary.
fn boundary_line(line: &[u8], boundary: &[u8]) -> Option<bool> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary)?.trim_ascii_end();
    match rest {
        b"" if !boundary.is_empty() => Some(false),
        b"--" => Some(true),
        _ => None,
    }
}

/// The line end before a boundary belongs to the boundary.
fn without_last_line_end(section: &[u8]) -> &[u8] {
    let section = section.strip_suffix(b"\n").unwrap_or(section);
    section.strip_suffix(b"\r").unwrap_or(section)
}

/// A line that begins with `--` and is followed by a MIME field is a boundary someone forgot to declare.
fn guess_boundary(body: &[u8]) -> Option<&[u8]> {
    let mut lines = body.split(|&byte| byte == b'\n').take(1_000).peekable();
    while let Some(line) = lines.next() {
        if let Some(boundary) = line.trim_ascii_end().strip_prefix(b"--")
            && !boundary.is_empty()
            && lines.peek().is_some_and(|next| next.len() > 8 && next[..8].eq_ignore_ascii_case(b"content-"))
        {
            return Some(boundary);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(raw: &str) -> Vec<String> {
        let mut walk = Walk::default();
        let root = Part::read(raw.as_bytes(), &mut walk);
        root.all().iter().map(|part| part.content_type.value.clone()).collect()
    }

    #[test]
    fn parts_are_found_also_behind_broken_boundaries() {
        let body = "--b\nContent-Type: text/plain\n\nA\n--b\nContent-Type: text/html\n\nB\n--b--\n";
        let wanted = ["multipart/mixed", "text/plain", "text/html"];
        for head in [
            "multipart/mixed; boundary=b",
            "multipart/mixed; boundary=\"b\"",
            "multipart/mixed",
            "multipart/mixed; boundary=other",
        ] {
            assert_eq!(types(&format!("Content-Type: {head}\n\n{body}")), wanted, "{head}");
        }
        let unclosed = body.replace("--b--\n", "");
        assert_eq!(types(&format!("Content-Type: multipart/mixed; boundary=b\n\n{unclosed}")), wanted);
    }

    #[test]
    fn an_inner_boundary_that_extends_the_outer_is_kept_apart() {
        let raw = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=bb\n\n\
                   --bb\n\nA\n--bb--\n--b--\n";
        assert_eq!(types(raw), ["multipart/mixed", "multipart/alternative", "text/plain"]);
    }

    #[test]
    fn the_line_end_before_a_boundary_is_not_content() {
        let mut walk = Walk::default();
        let raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nA\r\n\r\n--b--";
        let root = Part::read(raw, &mut walk);
        assert_eq!(root.children[0].body, b"A\r\n");
    }
}

//! Plain text as written: line ends of all systems, and lines that were broken for travelling.

use crate::mime::Part;

/// Line ends as `\n`; soft line breaks of format=flowed (RFC 3676) undone.
pub(crate) fn plain(text: &str, part: &Part<'_>) -> String {
    let text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
    let flowed = part.content_type.get("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
    if !flowed {
        return text;
    }
    let join = part.content_type.get("delsp").is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
    unflow(&text, join)
}

/// Joins soft-broken lines of one's own text. Quoted lines keep their breaks: their marks matter more.
fn unflow(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let quoted = line.starts_with('>');
        let unstuffed = if quoted { line } else { line.strip_prefix(' ').unwrap_or(line) };
        let next_is_own =
            lines.peek().is_some_and(|next| !next.starts_with('>') && *next != "-- " && !next.is_empty());
        if !quoted && line.ends_with(' ') && line != "-- " && next_is_own {
            out.push_str(if delete_space {
                &unstuffed[..unstuffed.len().saturating_sub(1)]
            } else {
                unstuffed
            });
        } else {
            out.push_str(unstuffed);
            if lines.peek().is_some() {
                out.push('\n');
            }
        }
    }
    out
}

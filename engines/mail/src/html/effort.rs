//! Whether HTML would take too long to be built into a tree and written again.
//!
//! Building takes tags times depth, writing takes escaped characters times length. Mail stays below a
//! hundred levels; input made to hurt has tens of thousands. Counted is pessimistically: an end tag
//! counts only where no parser could ignore it, so the depth found is at least the real one for anything
//! but odd constructions, and those are still bounded by the number of tags.

/// More tags than this are not built into a tree.
const MAX_TAGS: usize = 30_000;
/// Nor is anything that may be nested deeper than this.
const MAX_DEPTH: usize = 400;

/// Characters to be escaped, times bytes.
const MAX_ESCAPING: usize = 3_000_000_000;

/// Elements that never hold others, or that the next of their kind ends.
const FLAT: &[&str] = &[
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option",
    "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// Elements that an enclosing end tag ends as well.
const LOOSE: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "s", "small", "span", "strike", "strong", "tt", "u"];

/// Whether this HTML is better shown as text.
pub(crate) fn is_too_complex(html: &str) -> bool {
    is_too_deep(html) || MAX_ESCAPING / html.len().max(1) < html.matches(['&', '\u{a0}']).count()
}

fn is_too_deep(html: &str) -> bool {
    if html.bytes().filter(|&byte| byte == b'<').count() < MAX_DEPTH {
        return false;
    }
    let mut open: Vec<&str> = Vec::new();
    // Formatting that outlives the element around it.
    let mut loose = 0;
    let mut in_comment = false;
    for (tags, piece) in html.split('<').skip(1).enumerate() {
        if MAX_TAGS < tags || MAX_DEPTH < open.len() + loose {
            return true;
        }
        in_comment |= piece.starts_with("!--");
        let (closes, name) = piece.strip_prefix('/').map_or((false, piece), |name| (true, name));
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let is_flat = name.is_empty() || FLAT.iter().any(|flat| flat.eq_ignore_ascii_case(name));
        if !closes && !is_flat {
            open.push(name);
        } else if closes && !is_flat && !in_comment {
            loose += close(&mut open, name);
        }
        in_comment &= !piece.contains("-->");
    }
    MAX_DEPTH < open.len() + loose
}

/// Ends the element, if only formatting is open within it; returns how much formatting lives on.
fn close(open: &mut Vec<&str>, name: &str) -> usize {
    let is_loose = |name: &str| LOOSE.iter().any(|loose| loose.eq_ignore_ascii_case(name));
    let within =
        open.iter().rev().take_while(|inner| !inner.eq_ignore_ascii_case(name) && is_loose(inner)).count();
    let Some(at) = open.len().checked_sub(within + 1) else { return 0 };
    if !open[at].eq_ignore_ascii_case(name) {
        return 0;
    }
    let living = open[at + 1..].iter().filter(|inner| !inner.eq_ignore_ascii_case("span")).count();
    open.truncate(at);
    living
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_deep_nesting_is_refused() {
        for (html, deep) in [
            ("<div>".repeat(1_000), true),
            ("<table><tr><td>".repeat(500), true),
            ("<div></x>".repeat(1_000), true),
            ("<div><table></div></table>".repeat(1_000), true),
            ("<div><!--</div>-->".repeat(1_000), true),
            ("<i>".repeat(40_000), true),
            ("<br>".repeat(40_000), true),
            ("<div></div>".repeat(10_000), false),
            ("<p>a<br>".repeat(5_000), false),
            ("<table><tr><td><b>a</b></table>".repeat(2_000), false),
            ("<div><span><a>a</a></div>".repeat(2_000), false),
        ] {
            assert_eq!(is_too_deep(&html), deep, "{}", &html[..20]);
        }
    }
}

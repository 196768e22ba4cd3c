//! What people type as a text module, and the HTML that is kept of it.
//!
//! Something typed is HTML if it has one of the [`BLOCKS`], with which the house's own HTML is always written. All else
//! is text and stays as it was typed: `<Preis>` is no tag, and neither is anything that a browser would make one of.
//! Whoever changes or exports a module gets text again, as long as reading it would bring back the same.

use super::fill;

/// Tags of which one makes HTML of what was typed.
const BLOCKS: [&str; 15] =
    ["p", "div", "br", "ul", "ol", "li", "blockquote", "table", "tr", "td", "hr", "pre", "h1", "h2", "h3"];
/// As texts are kept whose spaces and empty lines count.
const AS_TYPED: &str = "<div style=\"white-space:pre-wrap\">";

/// What somebody typed as harmless HTML; what nobody would see becomes nothing.
pub fn html(typed: &str) -> String {
    let typed = typed.trim().replace("\r\n", "\n");
    let html = if is_html(&typed) { typed } else { of_text(&typed) };
    let html = mail::html::sanitise(&html, &mail::html::SanitiseOptions::default());
    if super::is_empty(&html) { String::new() } else { html }
}

/// What stands in the text area for HTML that was kept; [`html`] of it says the same again.
pub fn shown(html: &str) -> String {
    let again = |text: &String| text_of(&self::html(text)).as_ref() == Some(text);
    match text_of(html).filter(again) {
        Some(text) => text,
        None if is_html(html) => html.to_owned(),
        // Alone, bold words would be text when they are read again.
        None => format!("<div>{html}</div>"),
    }
}

fn is_html(typed: &str) -> bool {
    typed.match_indices('<').any(|(at, _)| {
        let name = tag(&typed[at + 1..]).unwrap_or_default();
        BLOCKS.iter().any(|block| block.eq_ignore_ascii_case(name))
    })
}

/// The name of the tag of which this is what follows its `<`.
fn tag(behind: &str) -> Option<&str> {
    let (inside, _) = behind.split_once('>').filter(|(inside, _)| !inside.contains('<'))?;
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    inside.split(|c: char| c.is_whitespace() || c == '/').next()
}

/// Paragraphs, as a letter has them; where those would lose a space or a line, the text as it stands.
fn of_text(text: &str) -> String {
    let paragraphs = fill::paragraphs(text);
    if text_of(&paragraphs).as_deref() == Some(text) { paragraphs } else { mail::html::from_text(text) }
}

/// The text of HTML that is nothing but text; `None` if it is more, or if spaces would be seen that were not.
fn text_of(html: &str) -> Option<String> {
    if let Some(inside) = html.strip_prefix(AS_TYPED).and_then(|rest| rest.strip_suffix("</div>")) {
        return unescape(inside);
    }
    if !html.contains('<') {
        return line_of(html);
    }
    let mut paragraphs = Vec::new();
    let mut rest = html.trim();
    while !rest.is_empty() {
        let (inside, behind) = rest.strip_prefix("<p>")?.split_once("</p>")?;
        let lines: Option<Vec<String>> = inside.split("<br>").map(line_of).collect();
        paragraphs.push(lines?.join("\n"));
        rest = behind.trim_start();
    }
    Some(paragraphs.join("\n\n"))
}

/// A line in which no space would be seen that a browser leaves out.
fn line_of(html: &str) -> Option<String> {
    let loose = html.contains(['\n', '\t']) || html.contains("  ") || html.starts_with(' ');
    if loose { None } else { unescape(html) }
}

fn unescape(html: &str) -> Option<String> {
    if html.contains('<') {
        return None;
    }
    let text = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    Some(text.replace("&nbsp;", "\u{a0}").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        text.split_whitespace().collect()
    }

    #[test]
    fn text_stays_as_it_was_typed() {
        for typed in [
            "Kasten & Licht grüßt.",
            "Zeile 1 & <Preis>",
            "a<b und <Betrag eintragen> bitte",
            "Guten Tag,\n\n{{customer.name}}, \"ja\"\nund &amp;",
            "Eins:\n\n\n  zwei,   drei",
            "1 < 2 <p",
            "fett: <b>ja</b>",
        ] {
            let kept = html(typed);
            assert_eq!(shown(&kept), typed, "{kept}");
            assert_eq!(words(&mail::html::to_text(&kept)), words(typed), "{kept}");
        }
    }

    #[test]
    fn html_stays_html() {
        for typed in ["<p>Guten <b>Tag</b></p>", "<p>Ja<br>\nnein</p>", "<ul><li>eins</li></ul>"] {
            assert_eq!((html(typed), shown(typed)), (typed.to_owned(), typed.to_owned()));
        }
        assert_eq!(html("<p>Hallo</p><script>x()</script>"), "<p>Hallo</p>");
        assert_eq!(html("<p> </p>"), "");
    }

    #[test]
    fn paragraphs_are_shown_as_text_and_read_as_the_same_paragraphs() {
        let kept = "<p>Hallo &amp; danke<br>dir</p><p>Bis bald</p>";
        assert_eq!(shown(kept), "Hallo & danke\ndir\n\nBis bald");
        assert_eq!(html(&shown(kept)), kept);
    }

    #[test]
    fn what_was_kept_before_says_the_same_when_it_is_read_again() {
        for kept in ["Bitte <b>nicht</b>.", "Ein &lt;br&gt; ist ein Tag", "Danke &amp; Gruß"] {
            let again = html(&shown(kept));
            assert_eq!(mail::html::to_text(&again), mail::html::to_text(kept), "{again}");
            assert_eq!(shown(&again), shown(kept));
        }
    }
}

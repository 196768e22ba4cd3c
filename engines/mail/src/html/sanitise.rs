//! The allow-list: which elements, attributes and addresses of customers' HTML are shown.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::css;
use super::effort::is_too_complex;

/// HTML beyond this many bytes is cut off before it is read.
pub(crate) const MAX_HTML: usize = 4 * 1024 * 1024;

/// Images that wait for a click carry this scheme until their attribute is renamed. A browser does
/// not know it, so should the renaming ever miss one, nothing is loaded.
const WAITING: &str = "kitt-waiting:";
/// Images whose waiting is over.
const GRANTED: &str = "kitt-granted:";

/// How images are shown.
pub struct SanitiseOptions<'a> {
    /// Where the part with this Content-ID is served; `None` keeps the `cid:` address, which loads nothing.
    pub cid_url: &'a dyn Fn(&str) -> Option<String>,
    /// Whether images on other hosts load. If not, their address waits in `data-remote-src`.
    pub allow_remote: bool,
}

impl Default for SanitiseOptions<'_> {
    /// Nothing loads; `cid:` addresses stay for a later pass.
    fn default() -> Self {
        Self { cid_url: &|_| None, allow_remote: false }
    }
}

/// HTML that can be shown inside a frame: it runs nothing, loads nothing it was not granted, and
/// links only to web, mail and phone addresses in a new window.
///
/// May be applied again to its own output, with other options. HTML complicated beyond reason comes back as
/// the text in it.
#[must_use]
pub fn sanitise(html: &str, options: &SanitiseOptions<'_>) -> String {
    let html = cut(html);
    if is_too_complex(html) {
        return super::from_text(&super::clean_to_text(html));
    }
    let allow_remote = options.allow_remote;
    let mut builder = policy();
    builder
        .attribute_filter(move |element, attribute, value| filter(element, attribute, value, allow_remote));
    let clean = builder.clean(html).to_string();
    // Inside an attribute a quotation mark is written as an entity, so these match whole attributes.
    let clean = clean.replace(&format!(" src=\"{WAITING}"), " data-remote-src=\"");
    let clean = clean.replace(&format!(" data-remote-src=\"{GRANTED}"), " src=\"");
    serve_inline_parts(&clean, options.cid_url)
}

/// Puts the address of the part in place of its `cid:`.
fn serve_inline_parts(clean: &str, cid_url: &dyn Fn(&str) -> Option<String>) -> String {
    const START: &str = " src=\"cid:";
    let mut pieces = clean.split(START);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let id = piece.split('"').next().unwrap_or_default();
        if let Some(url) = cid_url(&id.replace("&amp;", "&")) {
            let url = url.replace('&', "&amp;").replace('"', "&quot;");
            out.extend([" src=\"", &url, &piece[id.len()..]]);
        } else {
            out.extend([START, piece]);
        }
    }
    out
}

/// At most [`MAX_HTML`] bytes, cut between characters.
pub(crate) fn cut(html: &str) -> &str {
    &html[..html.floor_char_boundary(MAX_HTML)]
}

/// The static part of the rules, built once: it is a few hundred hash entries.
fn policy<'a>() -> Builder<'a> {
    static TAGS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| TAG_NAMES.iter().copied().collect());
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.clone())
        .clean_content_tags(HashSet::from([
            "script", "style", "title", "svg", "math", "template", "noscript", "iframe",
        ]))
        .tag_attributes(tag_attributes())
        .generic_attributes(HashSet::from([
            "dir", "lang", "title", "align", "valign", "style", "width", "height",
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid", "data"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .set_tag_attribute_value("a", "target", "_blank")
        .strip_comments(true);
    builder
}

const TAG_NAMES: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

fn tag_attributes<'a>() -> HashMap<&'a str, HashSet<&'a str>> {
    let cell = || HashSet::from(["bgcolor", "colspan", "rowspan", "nowrap"]);
    HashMap::from([
        ("a", HashSet::from(["href"])),
        ("img", HashSet::from(["src", "alt", "data-remote-src", "border"])),
        ("font", HashSet::from(["color", "face", "size"])),
        ("table", HashSet::from(["bgcolor", "border", "cellpadding", "cellspacing"])),
        ("tr", HashSet::from(["bgcolor"])),
        ("td", cell()),
        ("th", cell()),
        ("col", HashSet::from(["span"])),
        ("colgroup", HashSet::from(["span"])),
        ("ol", HashSet::from(["start", "type"])),
        ("ul", HashSet::from(["type"])),
    ])
}

/// The attribute's value as it may stay; `None` drops the attribute.
fn filter<'v>(element: &str, attribute: &str, value: &'v str, allow_remote: bool) -> Option<Cow<'v, str>> {
    match (element, attribute) {
        (_, "style") => css::filter(value).map(Cow::Owned),
        ("a", "href") => link(value).map(Cow::Owned),
        ("img", "src") => image(value, allow_remote).map(Cow::Owned),
        ("img", "data-remote-src") => {
            let remote = remote_address(value)?;
            Some(Cow::Owned(if allow_remote { format!("{GRANTED}{remote}") } else { remote }))
        }
        (
            _,
            "width" | "height" | "border" | "cellpadding" | "cellspacing" | "colspan" | "rowspan" | "span"
            | "size" | "start",
        ) => {
            let measure = value.chars().all(|c| c.is_ascii_alphanumeric() || "%.+-* ".contains(c));
            measure.then_some(Cow::Borrowed(value))
        }
        _ => Some(Cow::Borrowed(value)),
    }
}

/// The address as a browser reads it: control characters and blanks around it do not count.
fn address(value: &str) -> String {
    value.trim_matches(|c: char| c <= ' ').chars().filter(|c| !c.is_control()).collect()
}

fn scheme(address: &str) -> String {
    address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase()).unwrap_or_default()
}

/// Links lead to the web, to mail and to phones; nothing relative, since it would mean our own pages.
fn link(value: &str) -> Option<String> {
    let address = address(value);
    if address.starts_with("//") {
        return Some(format!("https:{address}"));
    }
    matches!(scheme(&address).as_str(), "http" | "https" | "mailto" | "tel").then_some(address)
}

fn image(value: &str, allow_remote: bool) -> Option<String> {
    let address = address(value);
    if scheme(&address) == "cid" {
        let id = address[4..].trim_matches(['<', '>']);
        return Some(format!("cid:{id}"));
    }
    if is_inline_image(&address) {
        return Some(address);
    }
    let remote = remote_address(&address)?;
    Some(if allow_remote { remote } else { format!("{WAITING}{remote}") })
}

/// Pictures only: SVG could carry a document of its own.
fn is_inline_image(address: &str) -> bool {
    let head: String = address.chars().take(40).collect::<String>().to_ascii_lowercase();
    ["png", "gif", "jpeg", "jpg", "webp", "bmp"]
        .iter()
        .any(|kind| head.starts_with(&format!("data:image/{kind};base64,")))
}

fn remote_address(value: &str) -> Option<String> {
    let address = address(value);
    if address.starts_with("//") {
        return Some(format!("https:{address}"));
    }
    matches!(scheme(&address).as_str(), "http" | "https").then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        sanitise(html, &SanitiseOptions::default())
    }

    #[test]
    fn only_what_can_be_shown_safely_remains() {
        for (html, clean) in [
            ("<p onclick=x>a<script>b</script></p>", "<p>a</p>"),
            ("<style>p{}</style>a", "a"),
            ("<form action=/x><input name=a>b</form>", "b"),
            ("<p class=a id=b>c</p>", "<p>c</p>"),
            ("<p style='color:red;position:fixed'>a</p>", "<p style=\"color:red\">a</p>"),
            ("<img src=https://x/y.gif>", "<img data-remote-src=\"https://x/y.gif\">"),
            ("<img src=//x/y.gif>", "<img data-remote-src=\"https://x/y.gif\">"),
            ("<img src=cid:a@b>", "<img src=\"cid:a@b\">"),
            ("<img src=/api/v1/logout>", "<img>"),
            ("<img src=kitt-granted:https://x>", "<img>"),
            ("<img src=data:image/svg+xml;base64,AA>", "<img>"),
            ("<td background=http://x>a</td>", "a"),
            ("<svg><a href=x>b</a></svg>c", "c"),
            ("<base href=http://x>a", "a"),
        ] {
            assert_eq!(shown(html), clean, "{html}");
        }
    }

    #[test]
    fn links_open_outside_and_lead_outside() {
        let clean = shown("<a href='HTTPS://x' onclick=y>a</a>");
        assert!(
            clean.contains("target=\"_blank\"") && clean.contains("rel=\"noopener noreferrer\""),
            "{clean}"
        );
        for href in [
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "/cases/1",
            "data:text/html,x",
            "vbscript:x",
            "file:///x",
        ] {
            assert!(!shown(&format!("<a href=\"{href}\">a</a>")).contains("href"), "{href}");
        }
        for href in ["http://x/", "https://x/", "mailto:a@b", "tel:+49123"] {
            assert!(shown(&format!("<a href=\"{href}\">a</a>")).contains(href), "{href}");
        }
    }

    #[test]
    fn a_second_pass_grants_images_and_serves_inline_parts() {
        let first = shown("<img src=https://x/y.gif><img src=cid:a@b><img src=cid:unknown>");
        let cid_url = |id: &str| (id == "a@b").then(|| "/parts/1".to_owned());
        let second = sanitise(&first, &SanitiseOptions { cid_url: &cid_url, allow_remote: true });
        assert_eq!(second, "<img src=\"https://x/y.gif\"><img src=\"/parts/1\"><img src=\"cid:unknown\">");
    }

    #[test]
    fn the_marks_for_images_cannot_be_smuggled_in() {
        let text = shown("<p title=' src=\"kitt-waiting:https://x'> data-remote-src=\"kitt-granted:x</p>");
        assert!(!text.contains("<img") && text.matches('<').count() == 2, "{text}");
    }
}

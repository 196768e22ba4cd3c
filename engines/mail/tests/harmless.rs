//! Customers' HTML after cleaning: read again, and looked at tag by tag for anything that runs or loads.

mod common;

use common::{json_lines, shared};
use mail::html::{SanitiseOptions, sanitise};

/// Why this HTML is not harmless; nothing if it is.
fn danger(clean: &str) -> Option<String> {
    tags(clean).into_iter().find_map(|tag| danger_in(&tag))
}

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

fn danger_in(tag: &Tag) -> Option<String> {
    const HARMLESS: &[&str] = &[
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
    if !HARMLESS.contains(&tag.name.as_str()) {
        return Some(format!("element {}", tag.name));
    }
    tag.attributes
        .iter()
        .find(|(name, value)| !is_harmless(&tag.name, name, value))
        .map(|(name, value)| format!("{} {name}={value}", tag.name))
}

fn is_harmless(tag: &str, name: &str, value: &str) -> bool {
    let address: String =
        value.chars().filter(|c| !c.is_control() && *c != ' ').collect::<String>().to_lowercase();
    match name {
        "href" => {
            tag == "a"
                && ["http://", "https://", "mailto:", "tel:", "http:", "https:"]
                    .iter()
                    .any(|start| address.starts_with(start))
        }
        "src" => {
            tag == "img"
                && (address.starts_with("cid:")
                    || (address.starts_with("data:image/") && !address.contains("svg")))
        }
        "data-remote-src" => tag == "img" && (address.starts_with("http:") || address.starts_with("https:")),
        "style" => {
            !["url", "expression", "@", "\\", "/*", "position", "behavior", "binding", "script", "<", ":-"]
                .iter()
                .any(|word| address.contains(word))
        }
        "target" => value == "_blank",
        "rel" => value == "noopener noreferrer",
        _ => [
            "align",
            "alt",
            "bgcolor",
            "border",
            "cellpadding",
            "cellspacing",
            "color",
            "colspan",
            "dir",
            "face",
            "height",
            "lang",
            "nowrap",
            "rowspan",
            "size",
            "span",
            "start",
            "title",
            "type",
            "valign",
            "width",
        ]
        .contains(&name),
    }
}

/// A reader of its own, more suspicious than a browser: every `<` begins a tag.
fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    for piece in html.split('<').skip(1).filter(|piece| !piece.starts_with('/')) {
        let name: String = piece.chars().take_while(|c| !c.is_whitespace() && *c != '>').collect();
        let mut rest = &piece[name.len()..];
        let mut attributes = Vec::new();
        while let Some((before, after)) = rest.split_once("=\"") {
            let (value, behind) = after.split_once('"').unwrap_or((after, ""));
            if before.contains('>') {
                break;
            }
            attributes.push((before.trim().to_lowercase(), unescaped(value)));
            rest = behind;
        }
        found.push(Tag { name: name.to_lowercase(), attributes });
    }
    found
}

fn unescaped(value: &str) -> String {
    value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn the_checker_itself_finds_what_is_dangerous() {
    for html in [
        "<script>x</script>",
        "<img src=\"https://x\">",
        "<img onerror=\"x\">",
        "<a href=\"javascript:x\">",
        "<a href=\"java\nscript:x\">",
        "<p style=\"background:url(x)\">",
        "<iframe>",
        "<svg>",
        "<img src=\"data:image/svg+xml;base64,x\">",
        "<a href=\"/cases\">",
        "<p id=\"x\">",
        "<p class=\"x\">",
        "<form action=\"x\">",
        "<a ping=\"x\">",
    ] {
        assert!(danger(html).is_some(), "{html}");
    }
    assert_eq!(
        danger(
            "<p style=\"color:red\">a <a href=\"https://x\" rel=\"noopener noreferrer\" target=\"_blank\">b</a></p>"
        ),
        None
    );
}

#[test]
fn no_known_attack_survives_cleaning() {
    let Some(folder) = shared("security") else { return };
    let mut vectors = 0;
    for vector in json_lines(&folder.join("xss.jsonl")) {
        let payload = vector["payload"].as_str().unwrap_or_default();
        let clean = sanitise(payload, &SanitiseOptions::default());
        assert_eq!(danger(&clean), None, "{}: {payload}\n{clean}", vector["id"]);
        let raw = format!("From: a@example.de\nContent-Type: text/html; charset=utf-8\n\n{payload}");
        let shown = mail::parse(raw.as_bytes()).expect("there is a header").html.unwrap_or_default();
        assert_eq!(danger(&shown), None, "{}: {payload}\n{shown}", vector["id"]);
        vectors += 1;
    }
    println!("security: {vectors} attacks, none survived");
    assert!(100 <= vectors);
}

#[test]
fn naughty_strings_stay_text() {
    let Some(folder) = shared("security") else { return };
    let text = std::fs::read_to_string(folder.join("blns.json")).expect("the file is readable");
    let strings: Vec<String> = serde_json::from_str(&text).expect("a list of strings");
    for string in &strings {
        assert_eq!(danger(&sanitise(string, &SanitiseOptions::default())), None, "{string}");
        assert_eq!(
            danger(&mail::html::from_text(string).replace("<div style=\"white-space:pre-wrap\">", "")),
            None,
            "{string}"
        );
        let raw = format!("From: {string} <a@example.de>\nSubject: {string}\n\n{string}");
        let _ = mail::inspect(raw.as_bytes());
        let _ = mail::reply::split(string);
    }
    println!("security: {} naughty strings", strings.len());
}

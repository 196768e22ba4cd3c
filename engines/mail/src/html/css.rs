//! Style attributes, reduced to what can only change how text looks in its place.
//!
//! A declaration passes if its property is known and its value is made of plain words, numbers and
//! colours. Everything with a function, an escape, a comment or a URL is dropped, not repaired.

/// Properties that neither load, nor move a box out of its place, nor animate.
const PROPERTIES: &[&str] = &[
    "background",
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "clear",
    "color",
    "direction",
    "display",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "overflow-wrap",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "table-layout",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
    "word-wrap",
];

/// Functions that only name a colour.
const FUNCTIONS: &[&str] = &["rgb", "rgba", "hsl", "hsla"];

/// The harmless declarations of a style attribute; `None` if nothing is left.
pub(super) fn filter(style: &str) -> Option<String> {
    let kept: Vec<String> = style.split(';').filter_map(declaration).collect();
    (!kept.is_empty()).then(|| kept.join(";"))
}

fn declaration(declaration: &str) -> Option<String> {
    let (property, value) = declaration.split_once(':')?;
    let property = property.trim().to_ascii_lowercase();
    let value = value.trim();
    let known = PROPERTIES.binary_search(&property.as_str()).is_ok();
    let moves_out = value.contains('-') && (property.starts_with("margin") || property == "text-indent");
    (known && !moves_out && is_plain(value)).then(|| format!("{property}:{value}"))
}

fn is_plain(value: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " #%.,-()'\"!/".contains(c);
    value.len() <= 300
        && !value.is_empty()
        && value.chars().all(plain)
        && !value.contains("//")
        && functions_are_colours(value)
}

fn functions_are_colours(value: &str) -> bool {
    let pieces: Vec<&str> = value.split('(').collect();
    pieces[..pieces.len() - 1].iter().all(|before| {
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
        FUNCTIONS.contains(&name.to_ascii_lowercase().as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_property_list_is_sorted_for_searching() {
        assert!(PROPERTIES.is_sorted());
    }

    #[test]
    fn only_declarations_that_stay_in_their_place_pass() {
        for (style, kept) in [
            ("color: red", Some("color:red")),
            ("COLOR: #fff; Font-Weight: bold", Some("color:#fff;font-weight:bold")),
            ("color: rgb(1, 2, 3)", Some("color:rgb(1, 2, 3)")),
            ("font-family: 'Segoe UI', Arial", Some("font-family:'Segoe UI', Arial")),
            ("position: fixed; color: red", Some("color:red")),
            ("background: url(http://x)", None),
            ("background: url(//x)", None),
            ("background: \\75rl(//x)", None),
            ("background: u/**/rl(x)", None),
            ("background: image-set('x')", None),
            ("width: expression(alert(1))", None),
            ("color: red/**/;behavior:url(x)", None),
            ("margin-top: -500px", None),
            ("@import 'x'", None),
            ("-moz-binding: url(x)", None),
            ("color: red}body{display:none", None),
        ] {
            assert_eq!(filter(style).as_deref(), kept, "{style}");
        }
    }
}

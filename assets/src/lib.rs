//! Styles, scripts, fonts and icons of all pages, embedded in the program.
//!
//! The npm package in this folder builds them into `dist/` (`make assets`); this
//! crate only carries them, so that one file is the whole program and no page
//! asks a foreign host. Names carry a hash of the content and may be cached for
//! ever. Deliberately absent: serving, compression and headers, which belong to
//! the web layer, and `axe-core`, which only the browser tests read.

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// A file as a browser gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    pub bytes: &'static [u8],
    pub content_type: &'static str,
    /// The name carries a hash of the content: it never changes, cache it for ever.
    pub hashed: bool,
}

/// The file that `/assets/{path}` serves, for instance `app.3F2A9C1B.js`.
pub fn get(path: &str) -> Option<Asset> {
    let index = FILES.binary_search_by_key(&path, |(name, _)| name).ok()?;
    let (name, bytes) = FILES[index];
    Some(Asset { bytes, content_type: content_type(name), hashed: is_hashed(name) })
}

/// The address of an asset by its plain name: `app.js`, `theme.js`, `app.css`,
/// `icons.svg`, `favicon.svg`.
///
/// In a constant a wrong name fails the build:
///
/// ```
/// const STYLES: &str = kitt_assets::url("app.css");
/// assert!(STYLES.starts_with("/assets/app."));
/// ```
///
/// # Panics
///
/// If there is no such asset.
pub const fn url(plain: &str) -> &'static str {
    lookup(plain)
}

/// The names of all icons, for `<use href="{url("icons.svg")}#i-{name}">`.
pub fn icons() -> impl Iterator<Item = &'static str> {
    let path = url("icons.svg").trim_start_matches("/assets/");
    let sprite = get(path).map_or(&[][..], |asset| asset.bytes);
    let sprite = str::from_utf8(sprite).unwrap_or_default();
    sprite.split(" id=\"i-").skip(1).filter_map(|rest| rest.split('"').next())
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether `name` is `stem.HASH.extension` with the eight signs of the build.
fn is_hashed(name: &str) -> bool {
    let hash = name.rsplit('.').nth(1).unwrap_or_default();
    hash.len() == 8
        && name.matches('.').count() == 2
        && hash.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: [&str; 5] = ["app.js", "theme.js", "app.css", "icons.svg", "favicon.svg"];

    #[test]
    fn every_plain_name_leads_to_a_hashed_file() {
        for plain in PLAIN {
            let path = url(plain).strip_prefix("/assets/").expect("addresses start so");
            let asset = get(path).unwrap_or_else(|| panic!("{path} is not embedded"));
            assert!(asset.hashed, "{path}");
            assert!(!asset.bytes.is_empty(), "{path}");
        }
    }

    #[test]
    #[should_panic(expected = "unknown asset")]
    fn an_unknown_plain_name_panics() {
        let plain = String::from("app.jss");
        url(&plain);
    }

    #[test]
    fn files_know_their_type_and_whether_they_may_be_kept_for_ever() {
        for (path, content_type, hashed) in [
            (url("app.js").trim_start_matches("/assets/"), "text/javascript; charset=utf-8", true),
            (url("app.css").trim_start_matches("/assets/"), "text/css; charset=utf-8", true),
            (url("icons.svg").trim_start_matches("/assets/"), "image/svg+xml", true),
            ("manifest.json", "application/json", false),
            ("LICENSES.txt", "text/plain; charset=utf-8", false),
        ] {
            let asset = get(path).unwrap_or_else(|| panic!("{path} is not embedded"));
            assert_eq!((asset.content_type, asset.hashed), (content_type, hashed), "{path}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for path in ["", "app.js", "../Cargo.toml", "dist/manifest.json", "axe.min.js"] {
            assert_eq!(get(path), None, "{path}");
        }
    }

    #[test]
    fn the_sprite_has_the_icons_of_the_pages() {
        let icons: Vec<_> = icons().collect();
        for name in ["inbox", "hub", "mail", "phone", "complaint", "wish", "praise", "rival", "question"] {
            assert!(icons.contains(&name), "{name}");
        }
        assert!(80 < icons.len(), "{}", icons.len());
    }

    #[test]
    fn nothing_is_fetched_from_a_foreign_host() {
        for (name, bytes) in FILES.iter().filter(|(name, _)| content_type(name).starts_with("text/css")) {
            let text = str::from_utf8(bytes).expect("styles are UTF-8");
            assert!(!text.contains("http://") && !text.contains("https://"), "{name}");
        }
    }

    #[test]
    fn the_licences_of_all_bundled_packages_are_there() {
        let text = get("LICENSES.txt").map(|asset| asset.bytes).unwrap_or_default();
        let text = str::from_utf8(text).expect("licences are UTF-8");
        for package in ["htmx.org", "squire-rte", "dompurify", "tinykeys", "hanken-grotesk", "literata"] {
            assert!(text.contains(package), "{package}");
        }
    }
}

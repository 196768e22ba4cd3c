//! Customers' HTML: made harmless for display, and read as plain text.
//!
//! Both start from one clean-up by a strict allow-list, so that what is searched and quoted is what
//! is shown. Style sheets, forms, frames, vector graphics are deliberately absent: nothing in a mail
//! may run, load or restyle anything.

mod css;
mod effort;
mod sanitise;
mod text;

pub(crate) use effort::is_too_complex;
pub(crate) use sanitise::cut;
pub use sanitise::{SanitiseOptions, sanitise};
pub use text::to_text;
pub(crate) use text::{attribute, clean_to_text, has_text, tag_end, unescape};

/// Plain text as HTML that looks the same.
#[must_use]
pub fn from_text(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    format!("<div style=\"white-space:pre-wrap\">{escaped}</div>")
}

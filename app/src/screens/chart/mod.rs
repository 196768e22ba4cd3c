//! Charts as SVG from the server, coloured by the design's tokens only, so that they print and change theme.
//!
//! Every chart is one picture with its finding as its name; the page offers the same figures as a table.

mod lines;
mod sankey;

pub use lines::{Mark, spark, trend};
pub use sankey::{Link, Node, Sankey};

use askama::filters::Safe;

/// Markup that this module wrote; foreign text in it went through [`escape`].
pub type Svg = Safe<String>;

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// `M12 3L15 8…`
fn path(points: &[(f64, f64)]) -> String {
    let steps: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    format!("M{}", steps.join("L"))
}

#[expect(clippy::cast_precision_loss, reason = "counts and cents of a chart are far below 2^52")]
fn float(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_leave_its_place() {
        assert_eq!(escape("<b a=\"1\">&"), "&lt;b a=&quot;1&quot;&gt;&amp;");
    }
}

//! Charts as SVG from the server, coloured by the design's tokens only, so that they print and change theme.
//!
//! Every chart is one picture with its finding as its name; the page offers the same figures as a table.
//!
//! A chart fills the width that it gets and keeps its height: only what is drawn is stretched, in a picture within
//! ([`Span`]). Letters stand beside it by shares of the width, so that they are as large as all others of the page.

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

/// So wide is the picture within a chart, in units of its own.
const ACROSS: f64 = 1000.0;

/// Where the picture within a chart begins and ends, in percent of the chart's width.
#[derive(Clone, Copy)]
struct Span {
    left: f64,
    right: f64,
}

impl Span {
    /// Where `x` of the picture is in the chart.
    fn at(self, x: f64) -> String {
        format!("{:.2}%", self.left + x / ACROSS * (self.right - self.left))
    }

    /// The picture, as wide as its share of the chart.
    fn stretched(self, height: f64, drawn: &str) -> String {
        format!(
            "<svg x=\"{}%\" width=\"{:.2}%\" height=\"{height}\" viewBox=\"0 0 {ACROSS} {height}\" \
             preserveAspectRatio=\"none\" overflow=\"visible\">{drawn}</svg>",
            self.left,
            self.right - self.left
        )
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts and cents of a chart are far below 2^52")]
fn float(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_width_follows_the_picture() {
        let span = Span { left: 10.0, right: 90.0 };
        assert_eq!([0.0, 500.0, ACROSS].map(|x| span.at(x)), ["10.00%", "50.00%", "90.00%"]);
    }

    #[test]
    fn foreign_text_cannot_leave_its_place() {
        assert_eq!(escape("<b a=\"1\">&"), "&lt;b a=&quot;1&quot;&gt;&amp;");
    }
}

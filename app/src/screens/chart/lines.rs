//! Lines over time: a spark beside a word, a trend with axes.

use askama::filters::Safe;

use super::{ACROSS, Span, Svg, escape, float, path};

/// A small line without axes; the words beside it say the same, so it is hidden from screen readers.
pub fn spark(values: &[i64], colour: &str) -> Svg {
    const WIDTH: f64 = 84.0;
    const HEIGHT: f64 = 22.0;
    let highest = values.iter().copied().max().unwrap_or(0).max(1);
    let step = (WIDTH - 4.0) / float(i64::try_from(values.len()).unwrap_or(1).max(2) - 1);
    let at = |(index, value): (usize, &i64)| {
        let x = 2.0 + step * float(i64::try_from(index).unwrap_or(0));
        (x, HEIGHT - 3.0 - float(*value) / float(highest) * (HEIGHT - 6.0))
    };
    let points: Vec<(f64, f64)> = values.iter().enumerate().map(at).collect();
    let Some((end_x, end_y)) = points.last().copied() else { return Safe(String::new()) };
    let line = path(&points);
    Safe(format!(
        "<svg class=\"k-chart\" style=\"width:{WIDTH}px;height:{HEIGHT}px;--c:var(--{colour})\" \
         viewBox=\"0 0 {WIDTH} {HEIGHT}\" aria-hidden=\"true\"><path class=\"ar\" d=\"{line}L{end_x:.1} {HEIGHT}L2 {HEIGHT}Z\"/>\
         <path class=\"ln\" style=\"stroke-width:1.6\" d=\"{line}\"/>\
         <circle cx=\"{end_x:.1}\" cy=\"{end_y:.1}\" r=\"2.2\" fill=\"var(--{colour})\"/></svg>"
    ))
}

/// A moment to point out on a trend, by the number of its value.
pub struct Mark {
    pub index: usize,
    pub text: String,
}

/// As in the styles.
const HEIGHT: f64 = 210.0;
/// Beside it are the figures of the axis and the last value.
const SPAN: Span = Span { left: 6.0, right: 95.0 };
const BOTTOM: f64 = 24.0;

/// Counts over time with axes from zero, in a colour of the design; after `mark` the line turns golden. Where there are
/// more labels than values, the rest is still to come; where some are empty, only the others are written. `name` says
/// the finding.
pub fn trend(values: &[i64], labels: &[String], colour: &str, mark: Option<&Mark>, name: &str) -> Svg {
    let top = nice_top(values.iter().copied().max().unwrap_or(0));
    let plot = Plot { count: values.len().max(labels.len()), top };
    let points: Vec<(f64, f64)> =
        values.iter().enumerate().map(|(index, value)| plot.at(index, *value)).collect();
    let (mut lines, mut texts) = (String::new(), String::new());
    match mark.filter(|mark| mark.index < points.len()) {
        Some(mark) => {
            lines.push_str(&area(&points[..=mark.index], colour));
            lines.push_str(&area(&points[mark.index..], "gold-2"));
            texts.push_str(&pointer(points[mark.index].0, &mark.text));
        }
        None => lines.push_str(&area(&points, colour)),
    }
    if let (Some((x, y)), Some(last)) = (points.last(), values.last()) {
        texts.push_str(&format!(
            "<text class=\"ink\" x=\"{}\" dx=\"6\" y=\"{:.1}\">{last}</text>",
            SPAN.at(*x),
            y + 4.0
        ));
    }
    let (name, axes, lines) = (escape(name), plot.axes(labels), SPAN.stretched(HEIGHT, &lines));
    Safe(format!(
        "<svg class=\"k-chart trend\" role=\"img\" aria-label=\"{name}\">{axes}{lines}{texts}</svg>"
    ))
}

struct Plot {
    count: usize,
    top: i64,
}

impl Plot {
    fn at(&self, index: usize, value: i64) -> (f64, f64) {
        let steps = float(i64::try_from(self.count).unwrap_or(2).max(2) - 1);
        let x = float(i64::try_from(index).unwrap_or(0)) * ACROSS / steps;
        (x, HEIGHT - BOTTOM - float(value) / float(self.top) * (HEIGHT - BOTTOM - 20.0))
    }

    fn axes(&self, labels: &[String]) -> String {
        let mut svg = String::new();
        let left = SPAN.at(0.0);
        for quarter in 0..=4 {
            let value = self.top * quarter / 4;
            let (_, y) = self.at(0, value);
            svg.push_str(&format!(
                "<line class=\"ax\" x1=\"{left}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text x=\"{left}\" dx=\"-8\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
                SPAN.at(ACROSS),
                y + 4.0
            ));
        }
        let every = every(labels);
        for (index, label) in labels.iter().enumerate() {
            if !label.is_empty() && (labels.len() - 1 - index).is_multiple_of(every) {
                let (x, _) = self.at(index, 0);
                let (x, text) = (SPAN.at(x), escape(label));
                svg.push_str(&format!(
                    "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{text}</text>",
                    HEIGHT - 6.0
                ));
            }
        }
        svg
    }
}

/// Five labels fit, and the last always stands. Where some are left empty, the others are meant to stand.
fn every(labels: &[String]) -> usize {
    if labels.iter().any(String::is_empty) {
        return 1;
    }
    (labels.len().saturating_sub(1) / 4).max(1)
}

fn area(points: &[(f64, f64)], colour: &str) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let line = path(points);
    let floor = HEIGHT - BOTTOM;
    format!(
        "<g style=\"--c:var(--{colour})\"><path class=\"ar\" d=\"{line}L{:.1} {floor}L{:.1} {floor}Z\"/>\
         <path class=\"ln\" d=\"{line}\"/></g>",
        last.0, first.0
    )
}

fn pointer(x: f64, text: &str) -> String {
    let (anchor, dx) = if x < ACROSS / 2.0 { ("start", 6) } else { ("end", -6) };
    let (x, text) = (SPAN.at(x), escape(text));
    format!(
        "<line class=\"ref\" x1=\"{x}\" x2=\"{x}\" y1=\"14\" y2=\"{}\"/>\
         <text class=\"ink\" x=\"{x}\" dx=\"{dx}\" y=\"24\" text-anchor=\"{anchor}\">{text}</text>",
        HEIGHT - BOTTOM
    )
}

/// The end of an axis above `highest`: divisible by four, so that its quarters are whole.
fn nice_top(highest: i64) -> i64 {
    let step = [4, 8, 12, 20, 40, 60, 80, 100, 200, 400, 800, 1200, 2000, 4000];
    step.into_iter().find(|top| highest <= *top).unwrap_or((highest / 1000 + 1) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_above_the_highest_value_and_their_quarters_are_whole() {
        for (highest, top) in [(0, 4), (4, 4), (5, 8), (44, 60), (4001, 5000)] {
            assert_eq!(nice_top(highest), top);
            assert_eq!(top % 4, 0);
        }
    }

    #[test]
    fn a_line_ends_where_its_values_end() {
        let labels: Vec<String> = (0..24).map(|hour| hour.to_string()).collect();
        let Safe(now) = trend(&[1, 2], &labels, "plum", None, "Bis jetzt");
        let Safe(over) = trend(&[1, 2], &labels[..2], "plum", None, "Bis zuletzt");
        let plot = Plot { count: 24, top: 4 };
        let end = format!("x=\"{}\" dx=\"6\"", SPAN.at(plot.at(1, 2).0));
        assert!(now.contains(&end) && !over.contains(&end), "{now}");
    }

    #[test]
    fn labels_that_are_chosen_stand_and_others_are_chosen_from_the_end() {
        let six = |hour: i32| if hour % 6 == 0 { hour.to_string() } else { String::new() };
        let chosen: Vec<String> = (0..24).map(six).collect();
        let Safe(svg) = trend(&[1, 2], &chosen, "plum", None, "Bis jetzt");
        for hour in ["0", "6", "12", "18"] {
            assert!(svg.contains(&format!("text-anchor=\"middle\">{hour}</text>")), "{hour}: {svg}");
        }
        assert_eq!(svg.matches("text-anchor=\"middle\"").count(), 4, "{svg}");
        let days: Vec<String> = (1..=30).map(|day| day.to_string()).collect();
        let Safe(svg) = trend(&[1, 2], &days, "plum", None, "Ein Monat");
        assert!(
            svg.contains(">30</text>") && svg.contains(">23</text>") && !svg.contains(">29</text>"),
            "{svg}"
        );
    }

    #[test]
    fn letters_are_not_stretched_with_the_line() {
        let Safe(svg) = trend(&[1, 2], &["Mo".into(), "Di".into()], "plum", None, "Zwei");
        let outer = svg.split('>').next().unwrap_or_default();
        let inner = svg.split("<svg").nth(2).and_then(|rest| rest.split("</svg>").next()).unwrap_or_default();
        assert!(!outer.contains("viewBox") && inner.contains("preserveAspectRatio=\"none\""), "{svg}");
        assert!(inner.contains("<path") && !inner.contains("<text") && svg.contains(">Di</text>"), "{svg}");
    }

    #[test]
    fn a_trend_says_its_finding_and_draws_even_one_week() {
        for values in [vec![], vec![3], vec![18, 44, 21]] {
            let labels: Vec<String> = values.iter().map(ToString::to_string).collect();
            let Safe(svg) = trend(
                &values,
                &labels,
                "bad",
                Some(&Mark { index: 1, text: "<jetzt>".into() }),
                "Von 18 auf 21",
            );
            assert!(
                svg.contains("role=\"img\" aria-label=\"Von 18 auf 21\"") && !svg.contains("<jetzt>"),
                "{svg}"
            );
            assert!(!svg.contains("NaN"), "{svg}");
        }
    }
}

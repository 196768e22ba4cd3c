//! Flows through columns of nodes (Sankey): station, insight, department.

use std::collections::HashMap;

use askama::filters::Safe;

use super::{ACROSS, Span, Svg, escape, float};

/// Where flows come from and go to. `id` is unique over all columns.
pub struct Node {
    pub id: String,
    pub text: String,
    /// The figure as shown, such as "31".
    pub shown: String,
    /// One of the largest: drawn in full ink.
    pub strong: bool,
}

pub struct Link {
    pub from: String,
    pub to: String,
    /// Above zero; what it measures is the caller's matter, all links measure the same.
    pub size: i64,
    /// "s1" and "s2" are coloured; "" is plain. At most two flows of a picture carry colour.
    pub class: &'static str,
    pub title: String,
}

/// Columns from left to right, and the flows between neighbours.
pub struct Sankey {
    pub columns: Vec<Vec<Node>>,
    pub links: Vec<Link>,
    /// What the picture shows, in a sentence.
    pub name: String,
}

/// As in the styles.
const HEIGHT: f64 = 350.0;
const PAD: f64 = 9.0;
const NODE: f64 = 9.0;
/// Beside it are the names of the outer columns.
const SPAN: Span = Span { left: 13.0, right: 86.0 };
/// From this height a node has room for its figure below its name.
const TWO_LINES: f64 = 26.0;

/// A node with its place.
struct Place<'a> {
    node: &'a Node,
    column: usize,
    x: f64,
    y: f64,
    height: f64,
    /// Where the next flow leaves and arrives.
    out: f64,
    arrive: f64,
}

impl Sankey {
    /// Draws it; columns without flows give an empty picture.
    pub fn draw(&self) -> Svg {
        let scale = self.scale();
        let mut places = self.places(scale);
        let ribbons = self.ribbons(&mut places, scale);
        let mut nodes: Vec<&Place> = places.values().collect();
        nodes.sort_by(|a, b| {
            (a.column, a.y).partial_cmp(&(b.column, b.y)).unwrap_or(std::cmp::Ordering::Equal)
        });
        let drawn: String = nodes.into_iter().map(|place| self.node(place)).collect();
        let (name, ribbons) = (escape(&self.name), SPAN.stretched(HEIGHT, &ribbons));
        Safe(format!(
            "<svg class=\"k-chart sankey\" role=\"img\" aria-label=\"{name}\">{ribbons}{drawn}</svg>"
        ))
    }

    fn size(&self, id: &str) -> i64 {
        let sum = |side: fn(&Link) -> &String| -> i64 {
            self.links.iter().filter(|link| side(link) == id).map(|link| link.size).sum()
        };
        sum(|link| &link.from).max(sum(|link| &link.to))
    }

    /// Pixels per unit, so that the fullest column fits.
    fn scale(&self) -> f64 {
        let fits = |column: &Vec<Node>| {
            let total: i64 = column.iter().map(|node| self.size(&node.id)).sum();
            (HEIGHT - PAD * gaps(column)) / float(total.max(1))
        };
        self.columns.iter().map(fits).fold(f64::INFINITY, f64::min).max(0.0)
    }

    fn places(&self, scale: f64) -> HashMap<&str, Place<'_>> {
        let mut places = HashMap::new();
        let between = ACROSS / gaps(&self.columns).max(1.0);
        for (index, column) in self.columns.iter().enumerate() {
            let total: i64 = column.iter().map(|node| self.size(&node.id)).sum();
            let mut y = (HEIGHT - float(total) * scale - PAD * gaps(column)) / 2.0;
            for node in column {
                let height = float(self.size(&node.id)) * scale;
                let x = float(i64::try_from(index).unwrap_or(0)) * between;
                places
                    .insert(node.id.as_str(), Place { node, column: index, x, y, height, out: y, arrive: y });
                y += height + PAD;
            }
        }
        places
    }

    /// Flows leave in the order of their ends and arrive in the order of their starts: few crossings.
    fn ribbons(&self, places: &mut HashMap<&str, Place<'_>>, scale: f64) -> String {
        let known =
            |link: &&Link| places.contains_key(link.from.as_str()) && places.contains_key(link.to.as_str());
        let mut links: Vec<&Link> = self.links.iter().filter(known).collect();
        let mut leaves = HashMap::new();
        links.sort_by(|a, b| places[a.to.as_str()].y.total_cmp(&places[b.to.as_str()].y));
        for link in &links {
            let from = places.get_mut(link.from.as_str()).expect("only known links are left");
            leaves.insert((link.from.as_str(), link.to.as_str()), from.out);
            from.out += float(link.size) * scale;
        }
        links.sort_by(|a, b| places[a.from.as_str()].y.total_cmp(&places[b.from.as_str()].y));
        let mut drawn: Vec<(bool, String)> = Vec::new();
        for link in links {
            // Nodes lie on top of where their flows begin.
            let (x0, y0) = (places[link.from.as_str()].x, leaves[&(link.from.as_str(), link.to.as_str())]);
            let to = places.get_mut(link.to.as_str()).expect("only known links are left");
            let (x1, y1, thick) = (to.x, to.arrive, float(link.size) * scale);
            to.arrive += thick;
            drawn.push((!link.class.is_empty(), ribbon(link, (x0, y0), (x1, y1), thick)));
        }
        // Coloured flows lie on top.
        drawn.sort_by_key(|(coloured, _)| *coloured);
        drawn.into_iter().map(|(_, svg)| svg).collect()
    }

    fn node(&self, place: &Place<'_>) -> String {
        let first = place.column == 0;
        let outer = first || place.column + 1 == self.columns.len();
        let (dx, anchor) = if first { (-8.0, "end") } else { (NODE + 8.0, "start") };
        let x = SPAN.at(place.x);
        let middle = place.y + place.height / 2.0;
        let two_lines = outer && TWO_LINES < place.height;
        let strong = if place.node.strong { " k" } else { "" };
        let mut svg = format!(
            "<rect class=\"skn{strong}\" x=\"{x}\" y=\"{:.1}\" width=\"{NODE}\" height=\"{:.1}\" rx=\"2.5\"/>\
             <text class=\"ink\" text-anchor=\"{anchor}\" x=\"{x}\" dx=\"{dx}\" y=\"{:.1}\">{}",
            place.y,
            place.height.max(2.0),
            middle + if two_lines { -1.0 } else { 4.0 },
            escape(&place.node.text)
        );
        if outer && !two_lines {
            svg.push_str(&format!("<tspan class=\"v\" dx=\"4\">{}</tspan>", escape(&place.node.shown)));
        }
        svg.push_str("</text>");
        if two_lines {
            let shown = escape(&place.node.shown);
            svg.push_str(&format!(
                "<text text-anchor=\"{anchor}\" x=\"{x}\" dx=\"{dx}\" y=\"{:.1}\">{shown}</text>",
                middle + 12.0
            ));
        }
        svg
    }
}

fn gaps<T>(column: &[T]) -> f64 {
    float(i64::try_from(column.len()).unwrap_or(1) - 1).max(0.0)
}

fn ribbon(link: &Link, (x0, y0): (f64, f64), (x1, y1): (f64, f64), thick: f64) -> String {
    let middle = f64::midpoint(x0, x1);
    format!(
        "<path class=\"sk {}\" d=\"M{x0:.1} {y0:.1}C{middle:.1} {y0:.1} {middle:.1} {y1:.1} {x1:.1} {y1:.1}V{:.1}\
         C{middle:.1} {:.1} {middle:.1} {:.1} {x0:.1} {:.1}Z\"><title>{}</title></path>",
        link.class,
        y1 + thick,
        y1 + thick,
        y0 + thick,
        y0 + thick,
        escape(&link.title)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: &str) -> Node {
        Node { id: id.into(), text: id.into(), shown: "1".into(), strong: false }
    }

    fn link(from: &str, to: &str, size: i64) -> Link {
        Link { from: from.into(), to: to.into(), size, class: "", title: format!("{from} → {to}") }
    }

    #[test]
    fn the_fullest_column_fits_and_nodes_are_as_high_as_their_flows() {
        let links = vec![link("a", "x", 30), link("b", "x", 10), link("x", "l", 40)];
        let columns = vec![vec![node("a"), node("b")], vec![node("x")], vec![node("l")]];
        let sankey = Sankey { columns, links, name: "n".into() };

        let scale = sankey.scale();
        let places = sankey.places(scale);

        assert!((scale - (HEIGHT - PAD) / 40.0).abs() < 1e-9);
        assert!((places["a"].height - 3.0 * places["b"].height).abs() < 1e-9);
        assert!((places["x"].height - places["l"].height).abs() < 1e-9);
    }

    #[test]
    fn a_picture_without_flows_is_still_a_picture() {
        let Safe(svg) = Sankey { columns: vec![vec![], vec![]], links: vec![], name: "<leer>".into() }.draw();
        assert!(
            svg.contains("aria-label=\"&lt;leer&gt;\"") && !svg.contains("NaN") && !svg.contains("inf"),
            "{svg}"
        );
    }
}

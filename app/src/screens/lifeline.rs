//! The customer's life as a line through the stations, drawn on the server.
//!
//! A pure drawing: what happened where and when comes from [`super::customer`].

#![expect(clippy::cast_precision_loss, reason = "moments and cents are far below 2^52")]

use jiff::tz::TimeZone;

use crate::platform::{Page, Timestamp};

/// A station as the line shows it.
#[derive(Debug, Clone)]
pub struct Stop {
    pub code: String,
    pub name: String,
    pub icon: &'static str,
}

/// Events beyond this make the line unreadable; the newest are shown.
const MOST: usize = 48;
const WIDTH: f64 = 1380.0;
const LEFT: f64 = 128.0;
const RIGHT: f64 = 60.0;
const TOP: f64 = 34.0;
const STEP: f64 = 33.0;
/// Labels closer than this would overlap.
const LABEL: f64 = 150.0;
const LETTERS: usize = 26;

/// What an event did to the customer's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Passed through.
    Was,
    Good,
    Wish,
    Rival,
    /// It cracked and is open.
    Crack,
    /// It cracked and was mended.
    Mended,
}

/// Something that happened at a station.
#[derive(Debug, Clone)]
pub struct Event {
    pub at: Timestamp,
    /// The station's code.
    pub station: String,
    pub mark: Mark,
    /// A few words; may be empty.
    pub label: String,
    /// What was paid, in cents.
    pub cents: i64,
}

/// A point of the drawing.
pub struct Node {
    pub x: f64,
    pub y: f64,
    pub mark: Mark,
    pub label: Option<String>,
}

impl Node {
    pub fn is_broken(&self) -> bool {
        matches!(self.mark, Mark::Crack | Mark::Mended)
    }

    /// The colour of the bolt.
    pub fn bolt(&self) -> &'static str {
        if self.mark == Mark::Crack { "bad" } else { "gold-2" }
    }

    /// Colour and icon of a voice; `None` for a plain point.
    pub fn voice(&self) -> Option<(&'static str, &'static str)> {
        match self.mark {
            Mark::Good => Some(("good", "praise")),
            Mark::Wish => Some(("wish", "wish")),
            Mark::Rival => Some(("rival", "rival")),
            _ => None,
        }
    }

    pub fn label_x(&self) -> f64 {
        self.x + 14.0
    }

    pub fn label_y(&self) -> f64 {
        self.y - 9.0
    }

    /// Where an icon of 14 units begins.
    pub fn icon_x(&self) -> f64 {
        self.x - 7.0
    }

    pub fn icon_y(&self) -> f64 {
        self.y - 7.0
    }
}

/// A station's row.
pub struct Row {
    pub stop: Stop,
    pub y: f64,
    /// Something cracked here and is open.
    pub cracked: bool,
}

impl Row {
    pub fn band(&self) -> f64 {
        self.y - STEP / 2.0 + 1.5
    }

    pub fn icon_y(&self) -> f64 {
        self.y - 7.5
    }

    pub fn text_y(&self) -> f64 {
        self.y + 4.0
    }
}

/// A year's beginning.
pub struct Tick {
    pub x: f64,
    pub year: i16,
}

/// A paid sum below the line.
pub struct Bar {
    pub x: f64,
    pub y: f64,
    pub height: f64,
}

/// Everything that the template draws.
pub struct Lifeline {
    pub rows: Vec<Row>,
    pub ticks: Vec<Tick>,
    pub nodes: Vec<Node>,
    pub bars: Vec<Bar>,
    /// The line as SVG path data.
    pub path: String,
    pub now_x: f64,
    /// The end of the last row.
    pub bottom: f64,
    pub cracks: usize,
    pub mended: usize,
}

impl Lifeline {
    pub const WIDTH: f64 = WIDTH;
    pub const LEFT: f64 = LEFT;
    pub const BAND: f64 = STEP - 3.0;
    pub const TOP: f64 = TOP;
    /// Below the rows: the sums.
    pub const BELOW: f64 = 40.0;

    /// For who cannot see it.
    pub fn description(&self, page: &Page) -> String {
        page.with2("life-alt", ("cracks", self.cracks), ("mended", self.mended)).into_owned()
    }

    pub fn height(&self) -> f64 {
        self.bottom + Self::BELOW
    }

    /// Draws `events` up to `now`, between `stops`; `None` if nothing happened there yet.
    pub fn draw(mut events: Vec<Event>, stops: Vec<Stop>, now: Timestamp, zone: &TimeZone) -> Option<Self> {
        events.retain(|event| event.at <= now && stops.iter().any(|stop| stop.code == event.station));
        events.sort_by_key(|event| (event.at, event.mark));
        let surplus = events.len().saturating_sub(MOST);
        events.drain(..surplus);
        let scale = Scale::of(&events, now)?;
        let bottom = TOP + stops.len() as f64 * STEP;
        let rows = rows(stops, &events);
        let mut nodes: Vec<Node> = events.iter().filter_map(|event| node(event, &rows, &scale)).collect();
        space_labels(&mut nodes, &events);
        let largest = events.iter().map(|event| event.cents).max().unwrap_or(0).max(1);
        let bar = |event: &Event| {
            let height = 26.0 * event.cents as f64 / largest as f64;
            Bar { x: scale.x(event.at) - 5.0, y: bottom + Self::BELOW - 2.0 - height, height }
        };
        Some(Self {
            path: smooth(&nodes),
            ticks: ticks(&scale, zone),
            bars: events.iter().filter(|event| 0 < event.cents).map(bar).collect(),
            cracks: nodes.iter().filter(|node| node.mark == Mark::Crack).count(),
            mended: nodes.iter().filter(|node| node.mark == Mark::Mended).count(),
            now_x: scale.x(now),
            bottom,
            rows,
            nodes,
        })
    }
}

fn rows(stops: Vec<Stop>, events: &[Event]) -> Vec<Row> {
    let cracked = |code: &str| events.iter().any(|event| event.mark == Mark::Crack && event.station == code);
    let row = |(index, stop): (usize, Stop)| Row {
        y: TOP + index as f64 * STEP + STEP / 2.0,
        cracked: cracked(&stop.code),
        stop,
    };
    stops.into_iter().enumerate().map(row).collect()
}

fn node(event: &Event, rows: &[Row], scale: &Scale) -> Option<Node> {
    let row = rows.iter().find(|row| row.stop.code == event.station)?;
    Some(Node { x: scale.x(event.at), y: row.y, mark: event.mark, label: None })
}

/// Labels what matters most first, and only where there is room.
fn space_labels(nodes: &mut [Node], events: &[Event]) {
    let mut order: Vec<usize> = (0..nodes.len()).filter(|index| !events[*index].label.is_empty()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(events[*index].mark), std::cmp::Reverse(*index)));
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for index in order {
        let (x, y) = (nodes[index].x, nodes[index].y);
        let room = taken.iter().all(|(tx, ty)| STEP / 2.0 < (y - ty).abs() || LABEL < (x - tx).abs());
        if room && x < WIDTH - LABEL {
            taken.push((x, y));
            nodes[index].label = Some(short(&events[index].label));
        }
    }
}

fn short(label: &str) -> String {
    if label.chars().count() <= LETTERS {
        return label.to_owned();
    }
    let cut: String = label.chars().take(LETTERS - 1).collect();
    format!("{}…", cut.trim_end())
}

/// Where a moment stands: half by time, half by order, so that busy weeks are not one blot.
struct Scale {
    /// Moments with their places, both rising.
    points: Vec<(f64, f64)>,
}

impl Scale {
    fn of(events: &[Event], now: Timestamp) -> Option<Self> {
        let first = events.first()?.at.0 as f64;
        let whole = (now.0 as f64 - first).max(1.0);
        let count = events.len() as f64;
        let place = |(index, at): (usize, f64)| {
            let share = f64::midpoint((at - first) / whole, index as f64 / count);
            (at, LEFT + 18.0 + share * (WIDTH - LEFT - RIGHT - 18.0))
        };
        let moments = events.iter().map(|event| event.at.0 as f64).chain([now.0 as f64]);
        Some(Self { points: moments.enumerate().map(place).collect() })
    }

    fn x(&self, at: Timestamp) -> f64 {
        let at = at.0 as f64;
        let after = self.points.partition_point(|(moment, _)| *moment < at);
        let Some(&(end, end_x)) = self.points.get(after) else { return self.points[after - 1].1 };
        let Some(&(start, start_x)) = after.checked_sub(1).and_then(|before| self.points.get(before)) else {
            return end_x;
        };
        start_x + (end_x - start_x) * (at - start) / (end - start).max(1.0)
    }
}

/// The beginnings of the years in view, where there is room for them.
fn ticks(scale: &Scale, zone: &TimeZone) -> Vec<Tick> {
    #[expect(clippy::cast_possible_truncation, reason = "was a whole number before")]
    let year = |moment: f64| Timestamp(moment as i64).moment().to_zoned(zone.clone()).year();
    let (first, last) = (year(scale.points[0].0), year(scale.points[scale.points.len() - 1].0));
    let mut ticks: Vec<Tick> = vec![Tick { x: scale.points[0].1, year: first }];
    for year in first + 1..=last {
        let Ok(start) = jiff::civil::date(year, 1, 1).to_zoned(zone.clone()) else { continue };
        let x = scale.x(start.timestamp().into());
        if ticks.last().is_none_or(|tick| 40.0 < x - tick.x) {
            ticks.push(Tick { x, year });
        }
    }
    ticks
}

fn smooth(nodes: &[Node]) -> String {
    let mut path = String::new();
    for (index, node) in nodes.iter().enumerate() {
        let piece = match index.checked_sub(1).map(|before| &nodes[before]) {
            None => format!("M{:.1} {:.1}", node.x, node.y),
            Some(from) => {
                let middle = f64::midpoint(from.x, node.x);
                format!("C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}", from.y, node.y, node.x, node.y)
            }
        };
        path.push_str(&piece);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(day: i64, station: &str, mark: Mark) -> Event {
        let at = Timestamp::from_seconds(1_600_000_000 + day * 86_400);
        Event { at, station: station.into(), mark, label: format!("Tag {day}"), cents: 0 }
    }

    fn draw(events: Vec<Event>) -> Option<Lifeline> {
        let stop = |code: &str| Stop { code: code.into(), name: code.into(), icon: "pin" };
        let stops = ["delivery", "billing", "service"].map(stop).to_vec();
        Lifeline::draw(events, stops, Timestamp::from_seconds(1_790_000_000), &TimeZone::UTC)
    }

    #[test]
    fn a_life_without_events_has_no_line() {
        assert!(draw(Vec::new()).is_none());
        assert!(draw(vec![event(1, "nowhere", Mark::Was)]).is_none());
    }

    #[test]
    fn the_line_runs_from_left_to_right_within_its_frame() {
        let mut events: Vec<_> = (0..80).map(|day| event(day % 7, "service", Mark::Was)).collect();
        events.push(event(900, "delivery", Mark::Crack));
        let line = draw(events).expect("there are events");
        assert_eq!(line.nodes.len(), MOST);
        assert!(line.nodes.is_sorted_by(|a, b| a.x <= b.x));
        assert!(line.nodes.iter().all(|node| (LEFT..=WIDTH).contains(&node.x)));
        assert!(line.now_x <= WIDTH);
    }

    #[test]
    fn only_what_is_still_open_marks_its_station() {
        let line = draw(vec![event(1, "delivery", Mark::Crack), event(2, "billing", Mark::Mended)]);
        let line = line.expect("there are events");
        let cracked: Vec<_> =
            line.rows.iter().filter(|row| row.cracked).map(|row| row.stop.code.as_str()).collect();
        assert_eq!((cracked, line.cracks, line.mended), (vec!["delivery"], 1, 1));
    }
}

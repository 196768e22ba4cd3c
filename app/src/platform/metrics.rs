//! Counts requests, for monitoring. Per node and since its start, as Prometheus expects.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

/// Upper edges of the histogram, in milliseconds.
const EDGES: [u64; 8] = [5, 10, 25, 50, 100, 250, 1_000, 5_000];

/// Requests by method, route and status. Routes are patterns and methods are the usual ones, so their number is bounded.
static REQUESTS: Mutex<BTreeMap<(String, String, u16), Times>> = Mutex::new(BTreeMap::new());

#[derive(Default)]
struct Times {
    /// Requests up to each edge, and above the last.
    counts: [u64; EDGES.len() + 1],
    total: Duration,
}

/// Counts and times every request, up to its answer's head.
pub async fn count(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = method(request.method()).to_owned();
    let start = Instant::now();
    let response = next.run(request).await;
    note(method, route, response.status().as_u16(), start.elapsed());
    response
}

/// Anybody can make up methods, and each would be a line for ever.
fn method(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::POST,
        Method::HEAD,
        Method::OPTIONS,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    if known.contains(method) { method.as_str() } else { "other" }
}

fn note(method: String, route: String, status: u16, took: Duration) {
    let bucket = EDGES.iter().position(|edge| took <= Duration::from_millis(*edge)).unwrap_or(EDGES.len());
    let mut requests = REQUESTS.lock().expect("nobody panics while holding it");
    let times = requests.entry((method, route, status)).or_default();
    times.counts[bucket] += 1;
    times.total += took;
}

/// The counts as Prometheus text.
pub fn render() -> String {
    let mut text = String::from(
        "# HELP kitt_http_request_seconds Time until the head of the answer.\n\
         # TYPE kitt_http_request_seconds histogram\n",
    );
    for ((method, route, status), times) in &*REQUESTS.lock().expect("nobody panics while holding it") {
        let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
        render_one(&mut text, &labels, times).expect("a String takes everything");
    }
    text
}

fn render_one(text: &mut String, labels: &str, times: &Times) -> std::fmt::Result {
    let mut sum = 0;
    for (index, count) in times.counts.iter().enumerate() {
        sum += count;
        let edge = EDGES
            .get(index)
            .map_or_else(|| "+Inf".to_owned(), |edge| format!("{}.{:03}", edge / 1_000, edge % 1_000));
        writeln!(text, "kitt_http_request_seconds_bucket{{{labels},le=\"{edge}\"}} {sum}")?;
    }
    writeln!(text, "kitt_http_request_seconds_sum{{{labels}}} {}", times.total.as_secs_f64())?;
    writeln!(text, "kitt_http_request_seconds_count{{{labels}}} {sum}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_methods_are_one() {
        let made_up = Method::from_bytes(b"KITT").expect("a token");
        assert_eq!((method(&made_up), method(&Method::POST)), ("other", "POST"));
    }

    #[test]
    fn a_bucket_counts_everything_up_to_its_edge() {
        for millis in [5, 6, 9_000] {
            note("GET".into(), "/tested".into(), 200, Duration::from_millis(millis));
        }
        let text = render();
        let count = |end: &str| {
            text.lines().find(|line| line.contains("/tested") && line.contains(end)).map(str::to_owned)
        };
        for (edge, sum) in
            [("le=\"0.005\"", " 1"), ("le=\"0.010\"", " 2"), ("le=\"5.000\"", " 2"), ("le=\"+Inf\"", " 3")]
        {
            assert!(count(edge).is_some_and(|line| line.ends_with(sum)), "{edge} in {text}");
        }
    }
}

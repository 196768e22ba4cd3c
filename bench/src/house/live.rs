//! Three hundred open pages, twenty changes a second: how long until a change is on the screens it concerns.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;

use super::load::Person;
use super::words::{below, mix};
use crate::node::Node;

const PAGES: usize = 300;
const CHANGES_A_SECOND: u32 = 20;
const LASTS: Duration = Duration::from_secs(20);
/// As the script of the pages does: it gathers news, and rests after an update; in milliseconds, from and how many more.
const GATHER: (u64, usize) = (10, 80);
const REST: (u64, usize) = (150, 100);

/// When a case was changed last.
type Changed = Arc<Mutex<HashMap<String, Instant>>>;

/// `cases`: ids and numbers of open cases.
pub async fn measure(node: &Node, people: &[Person], cases: &[(i64, String)]) -> anyhow::Result<()> {
    let changed = Changed::default();
    let stop = tokio::time::Instant::now() + LASTS + Duration::from_secs(3);
    let pages = (0..PAGES).map(|page| watch(node, page, &people[page % people.len()], &changed, stop));
    let pages = futures::future::try_join_all(pages);
    let work = change(node, &people[0], cases, &changed);
    let (pages, ()) = tokio::try_join!(pages, work)?;
    let mut told: Vec<f64> = pages.iter().flat_map(|page| page.0.iter().copied()).collect();
    let mut shown: Vec<f64> = pages.iter().flat_map(|page| page.1.iter().copied()).collect();
    println!("  {PAGES} open pages, {CHANGES_A_SECOND} changes a second, p50 / p99 in ms:");
    println!("    told    {}", spread(&mut told));
    println!("    shown   {}  ({} updates)", spread(&mut shown), shown.len());
    println!("    memory {:.0} MB", node.memory()?);
    Ok(())
}

fn spread(times: &mut [f64]) -> String {
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(f64::NAN);
    format!("{:>6.1} / {:>6.1}", at(50), at(99))
}

async fn change(
    node: &Node,
    person: &Person,
    cases: &[(i64, String)],
    changed: &Changed,
) -> anyhow::Result<()> {
    // All are listening by then.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut beat = tokio::time::interval(Duration::from_secs(1) / CHANGES_A_SECOND);
    let begun = Instant::now();
    for (id, number) in cases.iter().cycle() {
        beat.tick().await;
        if LASTS < begun.elapsed() {
            break;
        }
        let topic = format!("case:{id}");
        changed.lock().unwrap_or_else(PoisonError::into_inner).insert(topic, Instant::now());
        person.post(node, &format!("/cases/{number}/notes"), &[("body", "Rückruf versucht.")]).await?;
    }
    Ok(())
}

/// What a list's page listens to, and where it gets its list anew.
struct Pane {
    topics: Vec<String>,
    url: String,
}

impl Pane {
    async fn open(node: &Node, person: &Person) -> anyhow::Result<Self> {
        let page = person.get(node, "/cases?view=team").await?;
        let (_, section) = page.split_once("id=\"queue\"").context("no list")?;
        let value = |name: &str| {
            let (_, rest) = section.split_once(&format!("{name}=\""))?;
            rest.split_once('"').map(|(value, _)| value.replace("&#38;", "&").replace("&amp;", "&"))
        };
        let topics = value("data-live").context("it listens to nothing")?;
        let topics = topics.split(' ').map(str::to_owned).collect();
        Ok(Self { topics, url: value("data-live-url").context("it has no address")? })
    }

    /// As the script of the pages has it.
    fn concerns(&self, topic: &str) -> bool {
        let listens = |token: &String| {
            let wider =
                |one: &str, other: &str| one.strip_prefix(other).is_some_and(|rest| rest.starts_with(':'));
            topic == token || wider(topic, token) || wider(token, topic)
        };
        self.topics.iter().any(listens)
    }
}

/// The topics of a piece of the stream.
fn topics(text: &str) -> Vec<String> {
    let told = text.lines().filter_map(|line| line.strip_prefix("data:"));
    let read = |data: &str| serde_json::from_str::<serde_json::Value>(data).ok();
    let names = |data: serde_json::Value| data["topics"].as_array().cloned().unwrap_or_default();
    told.filter_map(read).flat_map(names).filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// One open page: milliseconds until it was told of changes, and until it showed them.
async fn watch(
    node: &Node,
    place: usize,
    person: &Person,
    changed: &Changed,
    stop: tokio::time::Instant,
) -> anyhow::Result<(Vec<f64>, Vec<f64>)> {
    let mut seed = u64::try_from(place).unwrap_or(0);
    let mut after = |(from, more): (u64, usize)| {
        seed = mix(seed);
        Duration::from_millis(from + u64::try_from(below(seed, more)).unwrap_or(0))
    };
    let pane = Pane::open(node, person).await?;
    let mut events = person.events(node).await?;
    let (mut told, mut shown) = (Vec::new(), Vec::new());
    let mut since: Option<Instant> = None;
    let mut renew_at: Option<tokio::time::Instant> = None;
    let mut rest_until = tokio::time::Instant::now();
    loop {
        let wake = renew_at.unwrap_or(stop).min(stop);
        tokio::select! {
            event = events.chunk() => {
                let text = String::from_utf8_lossy(&event?.context("the stream ended")?).into_owned();
                let topics = topics(&text);
                let at = changed.lock().unwrap_or_else(PoisonError::into_inner);
                let news: Vec<Instant> = topics.iter().filter_map(|topic| at.get(topic)).copied().collect();
                drop(at);
                told.extend(news.iter().map(|at| at.elapsed().as_secs_f64() * 1000.0));
                if topics.iter().any(|topic| pane.concerns(topic)) && let Some(first) = news.into_iter().min() {
                    since = Some(since.map_or(first, |since| since.min(first)));
                    renew_at.get_or_insert_with(|| rest_until.max(tokio::time::Instant::now() + after(GATHER)));
                }
            }
            () = tokio::time::sleep_until(wake) => {
                if stop <= tokio::time::Instant::now() {
                    return Ok((told, shown));
                }
                person.get(node, &pane.url).await?;
                shown.extend(since.take().map(|since| since.elapsed().as_secs_f64() * 1000.0));
                rest_until = tokio::time::Instant::now() + after(REST);
                renew_at = None;
            }
        }
    }
}

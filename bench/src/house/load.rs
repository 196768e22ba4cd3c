//! What people of a large house do, alone and eight at once, and what they wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::fill::{PASSWORD, Sample, frequent};
use super::live;
use super::words::{below, order, rare};
use super::{Asked, Scale};
use crate::node::Node;

const WARM_UP: usize = 30;
/// Pages whose counts are all too old.
const COUNTED: usize = 6;
/// Longer nobody waits for the search index.
const INDEXED_WITHIN: Duration = Duration::from_hours(1);

/// Somebody with a browser.
pub struct Person {
    client: reqwest::Client,
    cookie: String,
}

impl Person {
    async fn log_in(node: &Node, email: &str) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        let form = [("email", email), ("password", PASSWORD)];
        let answer = client.post(node.url("/login")).form(&form).send().await?;
        let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|one| one.to_str().ok());
        let cookie =
            cookies.filter_map(|one| one.split(';').next()).find(|one| one.starts_with("kitt-session="));
        Ok(Self { client, cookie: cookie.context("no session")?.to_owned() })
    }

    /// What the page is told, piece by piece.
    pub async fn events(&self, node: &Node) -> anyhow::Result<reqwest::Response> {
        let answer = self.client.get(node.url("/live")).header("cookie", &self.cookie).send().await?;
        ensure!(answer.status().is_success(), "/live: {}", answer.status());
        Ok(answer)
    }

    pub async fn post(&self, node: &Node, path: &str, form: &[(&str, &str)]) -> anyhow::Result<()> {
        let answer =
            self.client.post(node.url(path)).header("cookie", &self.cookie).form(form).send().await?;
        ensure!(answer.status().as_u16() < 400, "{path}: {}", answer.status());
        Ok(())
    }

    pub async fn get(&self, node: &Node, path: &str) -> anyhow::Result<String> {
        let request =
            self.client.get(node.url(path)).header("cookie", &self.cookie).header("accept", "text/html");
        let answer = request.send().await?;
        ensure!(answer.status().is_success(), "{path}: {}", answer.status());
        Ok(answer.text().await?)
    }
}

pub async fn measure(
    node: &Node,
    scale: Scale,
    sample: &Sample,
    asked: &Asked,
    database: &str,
) -> anyhow::Result<()> {
    indexed(node, scale).await?;
    let people = people(node).await?;
    let requests = asked.requests;
    println!("{} cases on {database}, {requests} requests, p50 / p95 / p99 in ms", scale.cases);
    println!("  {:<22} {:>24}   {:>24}", "", "one at a time", "eight at once");
    let questions = questions(node, &people[0], scale, sample).await?;
    for (name, paths) in questions.into_iter().filter(|(name, _)| asked.is(name)) {
        let alone = time(node, &people[..1], &paths, requests, 1).await.with_context(|| name.clone())?;
        let eight = time(node, &people, &paths, requests, 8).await.with_context(|| name.clone())?;
        println!("  {name:<22} {}   {}", shown(alone), shown(eight));
    }
    if asked.is("counts") {
        counts(node, &people[0]).await?;
    }
    println!("  memory {:.0} MB", node.memory()?);
    if asked.is("live") { live::measure(node, &people, &sample.open).await } else { Ok(()) }
}

/// How long a page takes for which all views must be counted anew.
async fn counts(node: &Node, person: &Person) -> anyhow::Result<()> {
    let mut times = Vec::new();
    for _ in 0..COUNTED {
        // By then no count is young enough.
        tokio::time::sleep(Duration::from_millis(5_100)).await;
        let begun = Instant::now();
        person.get(node, "/cases?view=mine").await?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "  a page that counts all views anew: {:.1} ms, at most {:.1}",
        times[COUNTED / 2],
        times[COUNTED - 1]
    );
    Ok(())
}

fn shown([p50, p95, p99]: [f64; 3]) -> String {
    format!("{p50:>6.1} / {p95:>6.1} / {p99:>6.1}")
}

async fn people(node: &Node) -> anyhow::Result<Vec<Person>> {
    let mut people = Vec::new();
    for number in 1..=8 {
        people.push(Person::log_in(node, &format!("a{number}@haus.example")).await?);
    }
    Ok(people)
}

/// Waits until the newest and the oldest case can be found, and nothing is left to index.
async fn indexed(node: &Node, scale: Scale) -> anyhow::Result<()> {
    let somebody = Person::log_in(node, "a1@haus.example").await?;
    let begun = Instant::now();
    for case in [scale.cases - 1, 0] {
        let path = format!("/search?q={}", order(case));
        while !somebody.get(node, &path).await?.contains("/cases/") {
            ensure!(begun.elapsed() < INDEXED_WITHIN, "case {case} is not found after an hour");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
    // The index takes customers after cases, the newest first.
    while !somebody.get(node, "/search?q=k0@kunde.example").await?.contains("/customers/1\"") {
        ensure!(begun.elapsed() < INDEXED_WITHIN, "the first customer is not found after an hour");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    println!("searchable after {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// What is asked, by name.
async fn questions(
    node: &Node,
    person: &Person,
    scale: Scale,
    sample: &Sample,
) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let words = frequent(kitt::platform::Clock::real().now())?;
    let mut questions = Vec::new();
    for view in ["mine", "team", "unassigned", "waiting", "closed", "all"] {
        let path = format!("/cases?view={view}");
        let page = person.get(node, &path).await?;
        questions.push((format!("list {view}"), vec![path]));
        if let Some(next) = next_page(&page) {
            questions.push((format!("list {view}, next"), vec![next]));
        }
    }
    questions.push(("case of 20 contacts".into(), paths("/cases/", sample.long.iter().cloned())));
    questions.push(("case of 5 contacts".into(), paths("/cases/", sample.short.iter().cloned())));
    let customers = (0..400).map(|seed| (1 + below(seed, scale.customers())).to_string());
    questions.push(("customer".into(), paths("/customers/", customers)));
    questions.push(("search, rare word".into(), paths("/search?q=", (0..200).map(rare))));
    let word =
        |seed: u64, from: usize, to: usize| words[from + below(seed, to.min(words.len()) - from)].clone();
    let two = (0..200).map(|seed| format!("{}+{}", word(seed, 20, 400), word(seed ^ 0x4d, 20, 400)));
    questions.push(("search, two words".into(), paths("/search?q=", two)));
    questions
        .push(("search, common word".into(), paths("/search?q=", (0..50).map(|seed| word(seed, 0, 20)))));
    Ok(questions)
}

fn paths(prefix: &str, ends: impl Iterator<Item = String>) -> Vec<String> {
    ends.map(|end| format!("{prefix}{end}")).collect()
}

/// The link to the following page of a list.
fn next_page(page: &str) -> Option<String> {
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links.map(|link| link.replace("&amp;", "&")).find(|link| link.contains("cursor="))
}

/// p50, p95 and p99 in milliseconds, `at_once` requests under way at any time.
async fn time(
    node: &Node,
    people: &[Person],
    paths: &[String],
    requests: usize,
    at_once: usize,
) -> anyhow::Result<[f64; 3]> {
    let place = Arc::new(AtomicUsize::new(0));
    let workers = (0..at_once).map(|worker| {
        let (place, person) = (place.clone(), &people[worker % people.len()]);
        async move {
            let mut times = Vec::new();
            loop {
                let round = place.fetch_add(1, Ordering::Relaxed);
                if requests + WARM_UP <= round {
                    return anyhow::Ok(times);
                }
                let begun = Instant::now();
                person.get(node, &paths[round % paths.len()]).await?;
                if WARM_UP <= round {
                    times.push(begun.elapsed().as_secs_f64() * 1000.0);
                }
            }
        }
    });
    let mut times: Vec<f64> = futures::future::try_join_all(workers).await?.concat();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    Ok([at(50), at(95), at(99)])
}

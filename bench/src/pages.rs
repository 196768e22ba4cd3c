//! How long pages take, one request after the other over one connection.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::lmtp::Client;
use crate::node::Node;

const WARM_UP: usize = 50;
/// After this a server without visitors is at rest.
const IDLE: Duration = Duration::from_secs(15);

pub async fn measure(kitt: &Path, cases: usize, requests: usize) -> anyhow::Result<()> {
    let (cases_text, customers) = (cases.to_string(), (cases / 4).to_string());
    let node = Node::start(kitt, &["demo", "--cases", &cases_text, "--customers", &customers], None).await?;
    let client = reqwest::Client::new();
    let numbers = numbers(&node, &client).await?;
    println!("pages with {cases} cases on SQLite, {requests} requests each, p50 / p99 / max in ms:");
    let fixed = |path: &str| vec![path.to_owned()];
    let each =
        |prefix: &str, ids: &[String]| ids.iter().map(|id| format!("{prefix}{id}")).collect::<Vec<_>>();
    let customers: Vec<String> = (1..=200).map(|id| (id * 7).to_string()).collect();
    for (name, paths) in [
        ("list, team", fixed("/cases?view=team")),
        ("list, closed", fixed("/cases?view=closed")),
        ("list, all", fixed("/cases?view=all")),
        ("case", each("/cases/", &numbers)),
        ("customers", fixed("/customers")),
        ("customer", each("/customers/", &customers)),
        ("hub, this month", fixed("/hub")),
        ("hub, 365 days", fixed("/hub?time=365")),
        ("hub, words", fixed("/hub/words?time=365")),
        ("department", fixed("/department")),
        ("insight", each("/insights/", &["1".into(), "2".into(), "5".into(), "9".into()])),
        (
            "search",
            each("/search?q=", &["sofa lieferung".into(), "gutschein".into(), "waschmaschine tropft".into()]),
        ),
    ] {
        let times = time(&node, &client, &paths, requests).await.with_context(|| name.to_owned())?;
        println!("  {name:<16} {:>7.1} / {:>7.1} / {:>7.1}", times[0], times[1], times[2]);
    }
    Ok(())
}

/// Numbers of some cases, spread over the lists.
async fn numbers(node: &Node, client: &reqwest::Client) -> anyhow::Result<Vec<String>> {
    let url = node.url("/api/v1/cases?limit=200");
    let list: serde_json::Value = client.get(url).bearer_auth(&node.token).send().await?.json().await?;
    let items = list["items"].as_array().context("no items")?;
    Ok(items.iter().filter_map(|item| item["number"].as_str().map(str::to_owned)).collect())
}

/// p50, p99 and the maximum in milliseconds.
async fn time(
    node: &Node,
    client: &reqwest::Client,
    paths: &[String],
    requests: usize,
) -> anyhow::Result<[f64; 3]> {
    let mut times = Vec::with_capacity(requests);
    for round in 0..requests + WARM_UP {
        let path = &paths[round % paths.len()];
        let begun = Instant::now();
        let response =
            client.get(node.url(path)).bearer_auth(&node.token).header("accept", "text/html").send().await?;
        let status = response.status();
        response.bytes().await?;
        anyhow::ensure!(status.is_success(), "{path}: {status}");
        if WARM_UP <= round {
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    Ok([at(50), at(99), at(100)])
}

/// Bytes of HTML in each mail of a long conversation.
const HTML: usize = 100_000;

/// Opening a case of `mails` mails with much HTML each.
pub async fn thread(kitt: &Path, mails: usize, requests: usize) -> anyhow::Result<()> {
    let node = Node::start(kitt, &["serve"], None).await?;
    let mut lmtp = Client::connect(node.smtp).await?;
    for number in 0..mails {
        let raw = html_mail(number);
        lmtp.send("eva@kunde.example", "service@haus.example", raw.as_bytes()).await?;
    }
    let client = reqwest::Client::new();
    let begun = Instant::now();
    let number = loop {
        let url = node.url("/api/v1/cases?limit=5");
        let list: serde_json::Value = client.get(url).bearer_auth(&node.token).send().await?.json().await?;
        let items = list["items"].as_array().context("no items")?;
        if let [case] = items.as_slice()
            && case["contacts"].as_u64() == u64::try_from(mails).ok()
        {
            break case["number"].as_str().context("no number")?.to_owned();
        }
        anyhow::ensure!(begun.elapsed() < Duration::from_mins(2), "not one case of {mails} mails: {list}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let times = time(&node, &client, &[format!("/cases/{number}")], requests).await?;
    println!(
        "case with {mails} mails of {} kB HTML, p50 / p99 / max in ms: {:.1} / {:.1} / {:.1}",
        HTML / 1000,
        times[0],
        times[1],
        times[2]
    );
    Ok(())
}

fn html_mail(number: usize) -> String {
    let line = "<p style=\"margin:0 0 8px\">Guten Tag, die <b>Lampe</b> flackert noch immer, bitte melden Sie sich.</p>\r\n";
    let html = line.repeat(HTML / line.len());
    let answers =
        if number == 0 { String::new() } else { "References: <thread-0@kunde.example>\r\n".to_owned() };
    format!(
        "From: Eva <eva@kunde.example>\r\nTo: service@haus.example\r\nSubject: Lampe\r\n{answers}\
         Message-ID: <thread-{number}@kunde.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <html><body>{html}</body></html>\r\n"
    )
}

/// One mail to its case, start to first page, and memory.
pub async fn small(kitt: &Path) -> anyhow::Result<()> {
    let node = Node::start(kitt, &["serve"], None).await?;
    println!("start to first page, empty: {:.0} ms", node.started_in.as_secs_f64() * 1000.0);
    let mut worst = Duration::ZERO;
    for number in 0..20 {
        worst = worst.max(one_mail(&node, number).await?);
    }
    println!("one mail to its case in the API, slowest of 20: {:.0} ms", worst.as_secs_f64() * 1000.0);
    drop(node);
    let demo = Node::start(kitt, &["demo"], None).await?;
    println!("demo: made up and first page after {:.1} s", demo.started_in.as_secs_f64());
    let node = demo.serve_again(kitt).await?;
    tokio::time::sleep(IDLE).await;
    println!(
        "serve with the demo's data: first page after {:.0} ms, {:.0} MB resident when idle",
        node.started_in.as_secs_f64() * 1000.0,
        node.memory()?
    );
    let begun = Instant::now();
    let hub = reqwest::Client::new().get(node.url("/hub")).bearer_auth(&node.token).send().await?;
    hub.error_for_status()?.bytes().await?;
    let hub = begun.elapsed();
    tokio::time::sleep(IDLE).await;
    println!(
        "first hub after the start {:.0} ms, then {:.0} MB when idle",
        hub.as_secs_f64() * 1000.0,
        node.memory()?
    );
    Ok(())
}

async fn one_mail(node: &Node, number: usize) -> anyhow::Result<Duration> {
    let subject = format!("Messung {number}");
    let raw = format!(
        "From: Eva <eva@kunde.example>\r\nTo: service@haus.example\r\nSubject: {subject}\r\n\
         Message-ID: <bench-{number}@kunde.example>\r\n\r\nGuten Tag\r\n"
    );
    let client = reqwest::Client::new();
    let begun = Instant::now();
    let mut lmtp = Client::connect(node.smtp).await?;
    lmtp.send("eva@kunde.example", "service@haus.example", raw.as_bytes()).await?;
    loop {
        let url = node.url("/api/v1/cases?limit=200");
        let list: serde_json::Value = client.get(url).bearer_auth(&node.token).send().await?.json().await?;
        let items = list["items"].as_array().context("no items")?;
        if items.iter().any(|item| item["subject"] == subject.as_str()) {
            return Ok(begun.elapsed());
        }
        anyhow::ensure!(begun.elapsed() < Duration::from_secs(10), "no case after 10 s");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

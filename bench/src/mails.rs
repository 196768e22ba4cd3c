//! Mails per second: durable, and counted once their cases exist.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::lmtp::Client;
use crate::node::Node;
use crate::postgres::Cluster;

/// Seed of the workload: the same mails every time.
const SEED: u64 = 26;
const REPLIES: usize = 30;

pub async fn measure(
    kitt: &Path,
    cluster: Option<&Cluster>,
    count: usize,
    connections: usize,
) -> anyhow::Result<()> {
    let url = cluster.map(Cluster::url);
    let node = Node::start(kitt, &["serve"], url.as_deref()).await?;
    let mails: Arc<Vec<_>> = Arc::new(example::mails(SEED, count, REPLIES).collect());
    let next = Arc::new(AtomicUsize::new(0));
    let processor = node.processor()? + cluster.map_or(0.0, Cluster::processor);
    let begun = Instant::now();
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let (mails, next, address) = (mails.clone(), next.clone(), node.smtp);
        senders.spawn(async move {
            let mut client = Client::connect(address).await?;
            while let Some(mail) = mails.get(next.fetch_add(1, Ordering::Relaxed)) {
                client.send(&mail.from, mail.to, &mail.raw).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(sent) = senders.join_next().await {
        sent??;
    }
    let acknowledged = begun.elapsed();
    until_filed(&node, count).await?;
    let filed = begun.elapsed();
    let used = node.processor()? + cluster.map_or(0.0, Cluster::processor) - processor;
    let total = f64::from(u32::try_from(count)?);
    println!(
        "mails, {}: {count} over LMTP with {connections} connections: {:.0}/s filed ({:.0}/s acknowledged), backlog empty \
         {:.1} s after the last 250, {:.2} ms processor per mail, {:.0} MB resident",
        if cluster.is_some() { "PostgreSQL" } else { "SQLite" },
        total / filed.as_secs_f64(),
        total / acknowledged.as_secs_f64(),
        filed.saturating_sub(acknowledged).as_secs_f64(),
        used * 1000.0 / total,
        node.memory()?,
    );
    Ok(())
}

/// Waits until every mail is a contact of a case.
async fn until_filed(node: &Node, count: usize) -> anyhow::Result<()> {
    let client = reqwest::Client::new();
    let deadline = Instant::now() + Duration::from_mins(5);
    loop {
        let text = client.get(node.url("/metrics")).bearer_auth(&node.token).send().await?.text().await?;
        let value = |name: &str| -> Option<usize> {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().parse().ok()
        };
        let received =
            value("kitt_mails_received_total ").context("no kitt_mails_received_total in /metrics")?;
        let backlog = value("kitt_mails_backlog ").context("no kitt_mails_backlog in /metrics")?;
        if count <= received && backlog == 0 {
            return Ok(());
        }
        anyhow::ensure!(
            Instant::now() < deadline,
            "still {backlog} mails of {received} waiting after 5 minutes"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

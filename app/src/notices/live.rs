//! Open pages hear that their reader has news, on every node: each looks for changed marks.
//!
//! Not by the journal: a fact comes before the notices that it makes, and for each of them one of its own would be
//! more journal than news.

use std::collections::HashMap;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::store;
use crate::platform::live::Topic;
use crate::platform::{App, PersonId, Result};

/// Other nodes' changes are seen so soon.
const POLL: Duration = Duration::from_secs(1);
/// A burst of news is one look.
const GATHER: Duration = Duration::from_millis(100);

/// Tells open pages as long as the server runs.
pub fn run(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let mut news = app.db.news();
        let mut known = None;
        while !stop.is_cancelled() {
            news.mark_unchanged();
            if let Err(error) = look(&app, &mut known).await {
                tracing::warn!(error = format!("{error:?}"), "cannot look for notices: {}", error.in_short());
            }
            tokio::select! {
                () = stop.cancelled() => {}
                _ = news.changed() => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(POLL) => {}
            }
        }
    })
}

async fn look(app: &App, known: &mut Option<HashMap<PersonId, i64>>) -> Result<()> {
    let now: HashMap<PersonId, i64> = store::marks(&mut app.db.read().await?).await?.into_iter().collect();
    if let Some(before) = known.as_ref() {
        let changed = now.iter().filter(|(person, version)| before.get(person) != Some(version));
        let topics: Vec<Topic> = changed.map(|(person, _)| format!("notices:{person}").into()).collect();
        if !topics.is_empty() {
            app.live.tell(topics);
        }
    }
    *known = Some(now);
    Ok(())
}

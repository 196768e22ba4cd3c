//! Tells open pages what changed, so that nobody reloads.
//!
//! Browsers hold one event stream each; a message names topics ("queue", "case:17"), never content: the page
//! fetches again what it shows, with the reader's own rights.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use futures::StreamExt;
use tokio::sync::broadcast;

use super::{Actor, App, Result, Right};

/// Messages that a slow browser may lag behind before it refreshes as a whole.
const BACKLOG: usize = 256;

#[derive(Clone)]
pub struct Live {
    sender: broadcast::Sender<Vec<String>>,
}

impl Default for Live {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(BACKLOG) }
    }
}

impl Live {
    /// Tells everybody that these topics changed. Nobody listening is fine.
    pub fn tell(&self, topics: Vec<String>) {
        drop(self.sender.send(topics));
    }

    pub fn listen(&self) -> broadcast::Receiver<Vec<String>> {
        self.sender.subscribe()
    }
}

/// `GET /live`: one stream of changes for all tabs of a browser.
pub async fn stream(
    actor: Actor,
    State(app): State<App>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    actor.may(Right::OwnAccount)?;
    let receiver = app.live.listen();
    let events = futures::stream::unfold(receiver, |mut receiver| async move {
        let topics = match receiver.recv().await {
            Ok(topics) => topics,
            Err(broadcast::error::RecvError::Lagged(_)) => vec!["all".to_owned()],
            Err(broadcast::error::RecvError::Closed) => return None,
        };
        let data = serde_json::json!({ "topics": topics }).to_string();
        Some((Ok(Event::default().event("change").data(data)), receiver))
    });
    let hello =
        futures::stream::once(async { Ok(Event::default().retry(Duration::from_secs(3)).comment("live")) });
    Ok(Sse::new(hello.chain(events)).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))))
}

//! What of an insight can be searched: its title and description, never customers' words.

use futures::future::BoxFuture;

use super::Insight;
use super::store;
use crate::journal::Entry;
use crate::platform::search::Document;
use crate::platform::{Actor, Result, Right, SearchSource, Tx};

pub static SEARCH: SearchSource = SearchSource { kind: "insight", access, changed, load, page };

fn access(actor: &Actor) -> Vec<String> {
    if actor.can(Right::ReadInsights) { vec!["insight".into()] } else { Vec::new() }
}

/// Findings of single cases leave the insight as it was.
fn changed<'a>(_: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<Vec<i64>>> {
    let about = entry.about;
    let ids = about.insight.filter(|_| about.case.is_none()).map(|insight| insight.0);
    Box::pin(async move { Ok(ids.into_iter().collect()) })
}

fn page(tx: &mut Tx, below: i64, limit: i64) -> BoxFuture<'_, Result<Vec<i64>>> {
    Box::pin(store::ids_below(tx, below, limit))
}

fn load<'a>(tx: &'a mut Tx, ids: &'a [i64]) -> BoxFuture<'a, Result<Vec<Document>>> {
    Box::pin(async move { Ok(store::some(tx, ids).await?.into_iter().map(document).collect()) })
}

fn document(insight: Insight) -> Document {
    Document {
        id: insight.id.0,
        access: vec!["insight".into()],
        detail: insight.competitor.unwrap_or_default(),
        title: insight.title,
        text: insight.description,
        url: format!("/insights/{}", insight.id),
        updated: insight.decided_at.unwrap_or(insight.created_at),
        said: vec![insight.created_at],
        ..Document::default()
    }
}

//! What of a case can be searched: its number, subject, customer and everything that was said.

use std::fmt::Write;

use futures::future::BoxFuture;

use super::store;
use crate::journal::{Entry, Fact};
use crate::platform::search::Document;
use crate::platform::{Actor, Result, Right, SearchSource, Tx};

/// Bytes of a case's contacts that are searched; the newest ones count.
const LONGEST: usize = 60_000;

pub static SEARCH: SearchSource = SearchSource { kind: "case", access, changed, load, page };

fn access(actor: &Actor) -> Vec<String> {
    if actor.can(Right::ReadCases) { vec!["case".into()] } else { Vec::new() }
}

fn changed<'a>(tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<Vec<i64>>> {
    Box::pin(async move {
        match (&entry.fact, entry.about.case, entry.about.customer) {
            (Fact::TimeSpent { .. } | Fact::TimeCorrected { .. }, ..) => Ok(Vec::new()),
            (_, Some(case), _) => Ok(vec![case.0]),
            // Cases carry their customer's name.
            (Fact::CustomerChanged { field }, None, Some(customer)) if field == "name" => {
                store::ids_of_customer(tx, customer).await
            }
            _ => Ok(Vec::new()),
        }
    })
}

fn page(tx: &mut Tx, below: i64, limit: i64) -> BoxFuture<'_, Result<Vec<i64>>> {
    Box::pin(store::ids_below(tx, below, limit))
}

fn load<'a>(tx: &'a mut Tx, ids: &'a [i64]) -> BoxFuture<'a, Result<Vec<Document>>> {
    Box::pin(async move {
        let cases = store::searched(tx, ids).await?;
        let mut documents: Vec<Document> = cases.iter().map(document).collect();
        documents.sort_unstable_by_key(|document| document.id);
        for (case, author, text) in store::said(tx, ids).await? {
            let Ok(found) = documents.binary_search_by_key(&case.0, |document| document.id) else { continue };
            let all = &mut documents[found].text;
            if all.len() < LONGEST {
                write!(all, "{author}: {text}\n\n").expect("writing to a string cannot fail");
            }
        }
        Ok(documents)
    })
}

fn document(case: &store::Searched) -> Document {
    let number = &case.number;
    // People say the number without its year.
    let short = number.split_once('-').map(|(_, short)| short.to_owned());
    Document {
        id: case.id.0,
        access: "case".into(),
        exact: short.into_iter().chain([number.clone()]).collect(),
        title: case.subject.clone(),
        detail: format!("{number} · {}", case.customer_name),
        text: String::new(),
        url: format!("/cases/{number}"),
        updated: case.updated_at,
    }
}

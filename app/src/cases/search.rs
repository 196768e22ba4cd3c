//! What of a case can be searched: its number, subject, customer and everything that was said.

use std::fmt::Write;

use futures::future::BoxFuture;

use super::store;
use crate::journal::{Entry, Fact};
use crate::platform::search::Document;
use crate::platform::{Actor, CaseId, PersonId, Result, Right, SearchSource, Tx};

/// Bytes of a case's contacts that are searched; the newest ones count.
const LONGEST: usize = 60_000;

pub static SEARCH: SearchSource = SearchSource { kind: "case", access, changed, load, page };

/// Queues whose cases exist for the actor, those whose private ones do, and the actor's own name.
fn access(actor: &Actor) -> Vec<String> {
    if !actor.can(Right::ReadCases) {
        return Vec::new();
    }
    let seen = actor.sight.seen.iter().map(|queue| format!("case-queue:{queue}"));
    let led = actor.sight.led.iter().map(|queue| format!("case-private:{queue}"));
    let named = actor.person_id().map(|person| format!("case-person:{person}"));
    seen.chain(led).chain(named).collect()
}

/// Who may find a case; the counterpart of [`access`].
fn readers(case: &store::Searched, named: &[(CaseId, PersonId)]) -> Vec<String> {
    let place = if case.private { "case-private" } else { "case-queue" };
    let others = named.iter().filter(|(of, _)| *of == case.id).map(|(_, person)| *person);
    let people = case.owner_id.into_iter().chain(others);
    let mut readers = vec![format!("{place}:{}", case.queue_id)];
    readers.extend(people.map(|person| format!("case-person:{person}")));
    readers
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
        let found: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
        let named = store::people_of(tx, &found).await?;
        let mut documents: Vec<Document> =
            cases.iter().map(|case| document(case, readers(case, &named))).collect();
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

fn document(case: &store::Searched, access: Vec<String>) -> Document {
    let number = &case.number;
    // People say the number without its year.
    let short = number.split_once('-').map(|(_, short)| short.to_owned());
    Document {
        id: case.id.0,
        access,
        exact: short.into_iter().chain([number.clone()]).collect(),
        title: case.subject.clone(),
        detail: format!("{number} · {}", case.customer_name),
        text: String::new(),
        url: format!("/cases/{number}"),
        updated: case.updated_at,
    }
}

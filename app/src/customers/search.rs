//! What of a customer can be searched: name, place, how to reach them, their orders, what is good to know.

use futures::future::BoxFuture;

use super::store;
use crate::journal::Entry;
use crate::platform::search::Document;
use crate::platform::{Actor, CustomerId, Result, Right, SearchSource, Tx};

pub static SEARCH: SearchSource = SearchSource { kind: "customer", access, changed, load, page };

fn access(actor: &Actor) -> Vec<String> {
    if actor.can(Right::ReadCustomers) { vec!["customer".into()] } else { Vec::new() }
}

/// Facts about a customer's case leave the customer as they were.
fn changed<'a>(_: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<Vec<i64>>> {
    let about = entry.about;
    let ids = about.customer.filter(|_| about.case.is_none()).map(|customer| customer.0);
    Box::pin(async move { Ok(ids.into_iter().collect()) })
}

fn page(tx: &mut Tx, below: i64, limit: i64) -> BoxFuture<'_, Result<Vec<i64>>> {
    Box::pin(store::ids_below(tx, below, limit))
}

fn load<'a>(tx: &'a mut Tx, ids: &'a [i64]) -> BoxFuture<'a, Result<Vec<Document>>> {
    Box::pin(async move {
        let mut documents: Vec<Document> =
            store::searched(tx, ids).await?.into_iter().map(document).collect();
        for (customer, point) in store::points_of(tx, ids).await? {
            add(&mut documents, customer, &point, Some(&point));
        }
        for (customer, number, product) in store::orders_of(tx, ids).await? {
            add(&mut documents, customer, &format!("{product} {number}"), Some(&number));
        }
        for (customer, note) in store::notes_of(tx, ids).await? {
            add(&mut documents, customer, &note, None);
        }
        Ok(documents)
    })
}

fn document(row: store::Searched) -> Document {
    let customer = row.company.iter().fold(row.name.clone(), |names, company| format!("{names} {company}"));
    let place: Vec<String> = row.company.into_iter().chain(row.town.clone()).collect();
    let address = [row.street, row.postcode, row.town].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Document {
        id: row.id.0,
        access: vec!["customer".into()],
        title: row.name,
        detail: place.join(" · "),
        text: address,
        url: format!("/customers/{}", row.id),
        updated: row.since,
        said: vec![row.since],
        customer,
        ..Document::default()
    }
}

fn add(documents: &mut [Document], customer: CustomerId, text: &str, exact: Option<&str>) {
    if let Some(document) = documents.iter_mut().find(|document| document.id == customer.0) {
        if !document.text.is_empty() {
            document.text.push_str(" · ");
        }
        document.text.push_str(text);
        document.exact.extend(exact.map(str::to_owned));
    }
}

//! What of a case can be searched: its number, subject, customer, everything that was said, and its files.

use std::collections::BTreeMap;

use futures::future::BoxFuture;

use super::attributes;
use super::model::Direction;
use super::store;
use super::store::{FileText, Said, Searched};
use crate::journal::{Entry, Fact};
use crate::platform::search::{Document, Found, Piece};
use crate::platform::{Actor, CaseId, PersonId, Result, Right, SearchSource, Tx};

/// Bytes of a case's contacts that are searched, and of its files; the newest ones count. The search page and
/// docs/operations.md say so.
const LONGEST: usize = 60_000;

/// What cases can be narrowed by of what another slice knows of them, by case. It declares it in its `Slice`.
///
/// Whatever changes it is told by a fact about the case, which brings the case into the index again.
pub type Codes = for<'a> fn(&'a mut Tx, &'a [CaseId]) -> Found<'a, (CaseId, String)>;

pub static SEARCH: SearchSource = SearchSource { kind: "case", access, changed, load, page };

/// Queues whose cases exist for the actor, those whose private ones do, and the actor's own name.
///
/// The query asks for it, so that hits and totals are right for everyone.
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
fn readers(case: &Searched, named: &[(CaseId, PersonId)]) -> Vec<String> {
    let place = if case.private { "case-private" } else { "case-queue" };
    let others = named.iter().filter(|(of, _)| *of == case.id).map(|(_, person)| *person);
    let people = case.owner.into_iter().chain(others);
    let mut readers = vec![format!("{place}:{}", case.queue)];
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
            (Fact::TagsMerged { into, .. }, ..) => attributes::tagged(tx, *into).await,
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
        let mut documents: BTreeMap<i64, Document> =
            cases.iter().map(|case| (case.id.0, document(case, readers(case, &named)))).collect();
        for (case, code) in codes_beside(tx, &found).await? {
            if let Some(document) = documents.get_mut(&case.0) {
                mark(document, &code);
            }
        }
        for said in store::said(tx, ids).await? {
            if let Some(document) = documents.get_mut(&said.case.0) {
                add_contact(document, said);
            }
        }
        for file in store::file_texts_of(tx, ids).await? {
            if let Some(document) = documents.get_mut(&file.case.0) {
                add_file(document, file);
            }
        }
        Ok(documents.into_values().collect())
    })
}

fn document(case: &Searched, access: Vec<String>) -> Document {
    let number = &case.number;
    // People say the number without its year.
    let short = number.split_once('-').map(|(_, short)| short.to_owned());
    Document {
        id: case.id.0,
        access,
        exact: short.into_iter().chain([number.clone()]).collect(),
        title: case.subject.clone(),
        detail: format!("{number} · {}", case.customer_name),
        url: format!("/cases/{number}"),
        updated: case.updated_at,
        codes: codes(case),
        customer: case.customer_name.clone(),
        said: vec![case.created_at],
        due: case.due_at,
        ..Document::default()
    }
}

/// What cases can be narrowed by that does not stand in their own rows.
async fn codes_beside(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<(CaseId, String)>> {
    let mut codes = attributes::codes(tx, cases).await?;
    let called = store::called_into(tx, cases).await?;
    codes.extend(called.into_iter().map(|(case, person)| (case, format!("mention:{person}"))));
    for of_slice in crate::SLICES.iter().filter_map(|slice| slice.codes) {
        codes.extend(of_slice(tx, cases).await?);
    }
    Ok(codes)
}

/// What a case can be narrowed by of what its own row says.
fn codes(case: &Searched) -> Vec<String> {
    let owner = case.owner.map_or_else(|| "none".into(), |owner| owner.to_string());
    let kind = case.kind.map_or_else(|| "none".into(), |kind| kind.to_string());
    let state = case.own_state.map_or_else(|| "none".into(), |state| state.to_string());
    let mut codes = vec![
        format!("kind:{kind}"),
        format!("state:{state}"),
        format!("status:{}", case.status.code()),
        format!("channel:{}", case.channel.code()),
        format!("priority:{}", case.priority.code()),
        format!("queue:{}", case.queue),
        format!("owner:{owner}"),
    ];
    let marks = [
        (case.documented, "has:finding"),
        (case.complaint, "is:complaint"),
        (case.suspicious, "is:suspicious"),
        (case.private, "is:private"),
        (case.merged, "is:merged"),
        (case.failed, "is:failed"),
    ];
    codes.extend(marks.iter().filter(|(is, _)| *is).map(|(_, code)| (*code).to_owned()));
    codes
}

fn add_contact(document: &mut Document, said: Said) {
    document.said.push(said.at);
    let outbound = said.direction == Direction::Outbound;
    document.from.extend([said.author.clone()].into_iter().chain(said.from_address));
    // An answer is for the customer, wherever it goes.
    let customer = document.customer.clone();
    document.to.extend(said.to_address.into_iter().chain(outbound.then_some(customer)));
    if said.direction == Direction::Note {
        mark(document, "has:note");
    }
    if total(document, false) < LONGEST {
        document.pieces.push(Piece {
            name: said.author,
            at: said.at,
            anchor: format!("#m-{}", said.id),
            is_file: false,
            text: said.text,
        });
    }
}

fn add_file(document: &mut Document, file: FileText) {
    if !file.inline {
        mark(document, "has:attachment");
    }
    // Pictures within a text have names that nobody gave them.
    let text = file.text.filter(|_| total(document, true) < LONGEST);
    if text.is_some() || !file.inline {
        document.pieces.push(Piece {
            name: file.name,
            at: file.at,
            anchor: format!("#m-{}", file.contact),
            is_file: true,
            text: text.unwrap_or_default(),
        });
    }
}

fn mark(document: &mut Document, code: &str) {
    if document.codes.iter().all(|known| known != code) {
        document.codes.push(code.to_owned());
    }
}

/// Bytes of the document's files or of its contacts.
fn total(document: &Document, files: bool) -> usize {
    document.pieces.iter().filter(|piece| piece.is_file == files).map(|piece| piece.text.len()).sum()
}

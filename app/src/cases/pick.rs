//! Finding a case to name it in a form: by number, by its customer, or by words of the search.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Case, Status};
use super::sight;
use super::store;
use crate::customers;
use crate::platform::search::{Request, Wish};
use crate::platform::{Actor, App, CaseId, CustomerId, Result, SearchSource, Tx};

/// Cases that are offered.
const MOST: usize = 10;

/// A case that can be chosen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Picked {
    pub number: String,
    pub subject: String,
    pub status: Status,
    pub customer: String,
}

/// Cases that fit what was typed; of `customer` those that are not closed, as long as nothing was.
pub async fn pick(
    app: &App,
    actor: &Actor,
    typed: &str,
    customer: Option<CustomerId>,
) -> Result<Vec<Picked>> {
    let typed: String = typed.trim().chars().take(200).collect();
    let ids = if typed.is_empty() { Vec::new() } else { searched(app, actor, &typed).await? };
    let mut tx = app.db.read().await?;
    let mut cases = numbered(&mut tx, &typed).await?;
    if let Some(customer) = customer.filter(|_| typed.is_empty()) {
        cases.extend(store::of_customer(&mut tx, actor, customer, 50).await?);
        cases.retain(|case| case.status != Status::Closed);
    }
    let found = store::some(&mut tx, &ids).await?;
    let mut by_rank: Vec<Case> =
        ids.iter().filter_map(|id| found.iter().find(|case| case.id == *id).cloned()).collect();
    by_rank.retain(|case| cases.iter().all(|known| known.id != case.id));
    cases.extend(by_rank);
    cases.retain(|case| case.moved_to.is_none() && case.bin.is_none());
    let ids: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
    let unseen = sight::unseen(&mut tx, actor, &ids).await?;
    cases.retain(|case| !unseen.contains(&case.id));
    cases.truncate(MOST);
    named(&mut tx, cases).await
}

/// The case that is meant by a number, with or without its year.
async fn numbered(tx: &mut Tx, typed: &str) -> Result<Vec<Case>> {
    if typed.len() < 20 && typed.contains('-') {
        return Ok(super::find_number(tx, typed).await?.into_iter().collect());
    }
    match typed.parse() {
        Ok(number) => store::by_digits(tx, number, 1).await,
        Err(_) => Ok(Vec::new()),
    }
}

/// What the search finds; nothing while its index is being built.
async fn searched(app: &App, actor: &Actor, typed: &str) -> Result<Vec<CaseId>> {
    let wishes = vec![Wish { kind: Some("case".into()), limit: MOST, offset: 0 }];
    let source: &'static SearchSource = &super::SEARCH;
    let found = app.search().find(app, &[source], actor, Request::words(typed), wishes).await?;
    let hits = found.unwrap_or_default().into_iter().flat_map(|hits| hits.items).collect::<Vec<_>>();
    let numbers: Vec<String> =
        hits.iter().filter_map(|hit| hit.url.rsplit('/').next().map(str::to_owned)).collect();
    let found = store::by_numbers(&mut app.db.read().await?, &numbers).await?;
    let id = |number: &String| found.iter().find(|case| case.number == *number).map(|case| case.id);
    Ok(numbers.iter().filter_map(id).collect())
}

async fn named(tx: &mut Tx, cases: Vec<Case>) -> Result<Vec<Picked>> {
    let ids: Vec<CustomerId> = cases.iter().map(|case| case.customer).collect();
    let names = customers::names(tx, &ids).await?;
    let picked = |case: Case| Picked {
        customer: names.get(&case.customer).cloned().unwrap_or_default(),
        number: case.number,
        subject: case.subject,
        status: case.status,
    };
    Ok(cases.into_iter().map(picked).collect())
}

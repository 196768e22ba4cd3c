//! What is stored about a customer, for their right of access (Art. 15 GDPR).
//!
//! Thin: attachments are named, not included, and raw mails stay where they are.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use money::Money;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cases;
use crate::cases::web::{CaseJson, ContactJson};
use crate::customers;
use crate::customers::{ContactPoint, Customer, File, Note, Objection, Promise, Purchase};
use crate::findings;
use crate::findings::Finding;
use crate::goodwill;
use crate::platform::{Actor, App, CaseId, ContactId, CustomerId, Id, Result, Right, Role, Timestamp, Tx};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(export))
}

/// More cases than anybody has.
const CASES: i64 = 10_000;

/// Everything about one customer.
#[derive(Serialize, ToSchema)]
struct Export {
    exported_at: Timestamp,
    customer: Customer,
    company: Option<String>,
    points: Vec<ContactPoint>,
    notes: Vec<Note>,
    promises: Vec<Promise>,
    objections: Vec<Objection>,
    purchases: Vec<Purchase>,
    goodwill: Vec<Given>,
    cases: Vec<ExportedCase>,
}

#[derive(Serialize, ToSchema)]
struct ExportedCase {
    #[serde(flatten)]
    case: CaseJson,
    contacts: Vec<ContactJson>,
    findings: Vec<Finding>,
}

/// Something that the customer was given.
#[derive(Serialize, ToSchema)]
struct Given {
    kind: &'static str,
    #[schema(value_type = Object)]
    sum: Money,
    note: String,
    at: Timestamp,
}

/// Everything that is stored about a customer, as a file.
#[utoipa::path(get, path = "/customers/{id}/export", tag = "customers", params(("id" = i64, Path)),
    responses((status = 200, body = Export), (status = 404)))]
async fn export(actor: Actor, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    let mut tx = app.db.read().await?;
    let customer = CustomerId(id);
    let File { customer: row, company, points, notes, objections, .. } =
        customers::file(&mut tx, customer, app.now()).await?;
    let purchases = customers::all_purchases(&mut tx, customer).await?;
    let given = |grant: goodwill::Grant| Given {
        kind: grant.payment.code(),
        sum: grant.sum,
        note: grant.note,
        at: grant.at,
    };
    // A person's right to know what is stored about them ends at no queue.
    let all = Actor::kitt("access");
    let reader = if actor.is(Role::DataProtection) { &all } else { &actor };
    // What was withdrawn is stored, too.
    let promises = cases::promises::all(&mut tx, reader, customer).await?;
    let mut grants = goodwill::of_customer(&mut tx, customer).await?;
    let of: Vec<_> = grants.iter().map(|grant| grant.case).collect();
    let unseen = cases::sight::unseen(&mut tx, reader, &of).await?;
    grants.retain(|grant| !unseen.contains(&grant.case));
    let goodwill = grants.into_iter().map(given).collect();
    let mut cases = Vec::new();
    for case in cases::all_of_customer(&mut tx, reader, customer, CASES).await? {
        cases.push(exported(&mut tx, case.id).await?);
    }
    let name = format!("attachment; filename=\"customer-{id}.json\"");
    let export = Export {
        exported_at: app.now(),
        customer: row,
        company,
        points,
        notes,
        promises,
        objections,
        purchases,
        goodwill,
        cases,
    };
    Ok(([(header::CONTENT_DISPOSITION, name)], Json(export)).into_response())
}

async fn exported(tx: &mut Tx, case: CaseId) -> Result<ExportedCase> {
    let line = cases::line(tx, case).await?;
    let contacts = cases::contacts(tx, case).await?;
    let ids: Vec<ContactId> = contacts.iter().map(|contact| contact.id).collect();
    let mut files = cases::attachments_of(tx, &ids).await?;
    let contacts = contacts.into_iter().map(|contact| {
        let attached = files.remove(&contact.id).unwrap_or_default();
        ContactJson::of(contact, attached)
    });
    let contacts = contacts.collect();
    Ok(ExportedCase { case: CaseJson::of(&line), contacts, findings: findings::of_case(tx, case).await? })
}

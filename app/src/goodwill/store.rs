//! SQL of the tables `goodwill_*`.

use money::Money;

use super::model::{Count, Grant, Payment, Policy, PolicyDraft, Request};
use crate::platform::{
    CaseId, Column, CustomerId, Error, Kept, PersonId, PolicyId, Result, Timestamp, Tx, sql,
};

const GRANTS: [Column; 1] = [("goodwill_grants", "case_id")];
const REQUESTS: [Column; 1] = [("goodwill_requests", "case_id")];
/// Where something of a case may stand, see [`Tx::look`].
pub const OF_CASE: [Column; 2] = [GRANTS[0], REQUESTS[0]];

const POLICY: &str = "SELECT p.id, p.title, p.department_id, p.version, p.active, v.text, v.at
    FROM goodwill_policies p JOIN goodwill_policy_versions v ON v.policy_id = p.id AND v.version = p.version ";

static POLICIES: Kept<Vec<Policy>> = Kept::new("goodwill policies", |tx| Box::pin(load_policies(tx)));

/// All policies, active ones first, by title.
pub async fn policies(tx: &mut Tx) -> Result<Vec<Policy>> {
    Ok(POLICIES.get(tx).await?.to_vec())
}

async fn load_policies(tx: &mut Tx) -> Result<Vec<Policy>> {
    sql(POLICY).push("ORDER BY CASE WHEN p.active THEN 0 ELSE 1 END, p.title, p.id").all(tx).await
}

pub async fn policy(tx: &mut Tx, policy: PolicyId) -> Result<Policy> {
    sql(POLICY).push("WHERE p.id = ").push_bind(policy).one(tx).await
}

pub async fn insert_policy(tx: &mut Tx, draft: &PolicyDraft, version: i64) -> Result<PolicyId> {
    sql("INSERT INTO goodwill_policies (title, department_id, version, active) VALUES ($1, $2, $3, $4) RETURNING id")
        .bind(&draft.title)
        .bind(draft.department)
        .bind(version)
        .bind(draft.active)
        .value(tx)
        .await
}

pub async fn update_policy(tx: &mut Tx, policy: PolicyId, draft: &PolicyDraft, version: i64) -> Result<()> {
    sql("UPDATE goodwill_policies SET title = $2, department_id = $3, version = $4, active = $5 WHERE id = $1")
        .bind(policy)
        .bind(&draft.title)
        .bind(draft.department)
        .bind(version)
        .bind(draft.active)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn insert_version(
    tx: &mut Tx,
    policy: PolicyId,
    version: i64,
    text: &str,
    person: Option<PersonId>,
    at: Timestamp,
) -> Result<()> {
    sql("INSERT INTO goodwill_policy_versions (policy_id, version, text, person_id, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(policy)
        .bind(version)
        .bind(text)
        .bind(person)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// How often each policy was asked about since `since`.
pub async fn counts(tx: &mut Tx, since: Timestamp) -> Result<Vec<Count>> {
    // PostgreSQL sums integers as bigint and bigints as numeric, hence the casts.
    sql("SELECT policy_id, CAST(SUM(CASE WHEN granted THEN 1 ELSE 0 END) AS bigint) AS granted,
                CAST(SUM(CASE WHEN granted THEN 0 ELSE 1 END) AS bigint) AS refused
         FROM goodwill_requests WHERE $1 <= at GROUP BY policy_id ORDER BY policy_id")
    .bind(since)
    .all(tx)
    .await
}

pub async fn insert_request(tx: &mut Tx, request: &Request) -> Result<i64> {
    sql("INSERT INTO goodwill_requests (case_id, customer_id, policy_id, version, granted, reason, person_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id")
    .bind(request.case)
    .bind(request.customer)
    .bind(request.policy)
    .bind(request.version)
    .bind(request.granted)
    .bind(&request.reason)
    .bind(request.person)
    .bind(request.at)
    .value(tx)
    .await
}

/// The requests of a case, oldest first.
pub async fn requests(tx: &mut Tx, case: CaseId) -> Result<Vec<Request>> {
    if tx.has_none(&REQUESTS, case.0) {
        return Ok(Vec::new());
    }
    sql("SELECT r.id, r.case_id, r.customer_id, r.policy_id, p.title AS policy_title, r.version, r.granted, r.reason,
                r.person_id, r.at
         FROM goodwill_requests r JOIN goodwill_policies p ON p.id = r.policy_id WHERE r.case_id = $1 ORDER BY r.id")
    .bind(case)
    .all(tx)
    .await
}

#[derive(sqlx::FromRow)]
struct GrantRow {
    id: i64,
    case_id: CaseId,
    customer_id: CustomerId,
    kind: String,
    cents: i64,
    currency: String,
    note: String,
    person_id: Option<PersonId>,
    at: Timestamp,
    reverses_id: Option<i64>,
    reversed: bool,
}

impl GrantRow {
    fn read(self) -> Result<Grant> {
        let currency =
            self.currency.parse().map_err(|error: money::UnknownCurrency| anyhow::Error::from(error))?;
        let payment = Payment::from_code(&self.kind)
            .ok_or_else(|| anyhow::anyhow!("unknown payment: {}", self.kind))?;
        Ok(Grant {
            id: self.id,
            case: self.case_id,
            customer: self.customer_id,
            payment,
            sum: Money::new(self.cents, currency),
            note: self.note,
            person: self.person_id,
            at: self.at,
            reverses: self.reverses_id,
            reversed: self.reversed,
        })
    }
}

const GRANT: &str =
    "SELECT g.id, g.case_id, g.customer_id, g.kind, g.cents, g.currency, g.note, g.person_id, g.at,
    g.reverses_id, EXISTS (SELECT 1 FROM goodwill_grants r WHERE r.reverses_id = g.id) AS reversed
    FROM goodwill_grants g ";

/// What was given on a case, oldest first, reversals included.
pub async fn grants(tx: &mut Tx, case: CaseId) -> Result<Vec<Grant>> {
    if tx.has_none(&GRANTS, case.0) {
        return Ok(Vec::new());
    }
    let rows: Vec<GrantRow> =
        sql(GRANT).push("WHERE g.case_id = ").push_bind(case).push(" ORDER BY g.id").all(tx).await?;
    rows.into_iter().map(GrantRow::read).collect()
}

/// All that a customer was given, newest first.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Grant>> {
    let rows: Vec<GrantRow> = sql(GRANT)
        .push("WHERE g.customer_id = ")
        .push_bind(customer)
        .push(" ORDER BY g.at DESC, g.id DESC")
        .all(tx)
        .await?;
    rows.into_iter().map(GrantRow::read).collect()
}

pub async fn grant(tx: &mut Tx, grant: i64) -> Result<Grant> {
    let row: Option<GrantRow> = sql(GRANT).push("WHERE g.id = ").push_bind(grant).maybe(tx).await?;
    row.ok_or(Error::NotFound)?.read()
}

/// Writes a grant; `id` and `reversed` are not looked at.
pub async fn insert_grant(tx: &mut Tx, grant: &Grant) -> Result<i64> {
    sql("INSERT INTO goodwill_grants (case_id, customer_id, kind, cents, currency, note, person_id, at, reverses_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id")
    .bind(grant.case)
    .bind(grant.customer)
    .bind(grant.payment.code())
    .bind(grant.sum.cents)
    .bind(grant.sum.currency.code())
    .bind(&grant.note)
    .bind(grant.person)
    .bind(grant.at)
    .bind(grant.reverses)
    .value(tx)
    .await
}

//! SQL of the table `article_proposals`.

use crate::knowledge::proposals::{Proposal, ProposalState};
use crate::platform::{Language, PersonId, Result, Sql, Timestamp, Tx, portions, sql};

#[derive(sqlx::FromRow)]
struct ProposalRow {
    id: i64,
    article_id: i64,
    person_id: PersonId,
    state: ProposalState,
    base: i64,
    version: i64,
    said: String,
    reason: String,
    decided_by: Option<PersonId>,
    at: Timestamp,
}

impl ProposalRow {
    fn proposal(self) -> Result<Proposal> {
        Ok(Proposal {
            id: self.id,
            article: self.article_id,
            person: self.person_id,
            state: self.state,
            base: self.base,
            version: self.version,
            said: serde_json::from_str(&self.said)?,
            reason: self.reason,
            decided_by: self.decided_by,
            at: self.at,
        })
    }
}

const PROPOSAL: &str = "SELECT id, article_id, person_id, state, base, version, said, reason, decided_by, at FROM article_proposals ";

async fn all(tx: &mut Tx, statement: Sql) -> Result<Vec<Proposal>> {
    let rows: Vec<ProposalRow> = statement.all(tx).await?;
    rows.into_iter().map(ProposalRow::proposal).collect()
}

pub async fn proposal(tx: &mut Tx, proposal: i64) -> Result<Proposal> {
    let row: ProposalRow = sql(PROPOSAL).push("WHERE id = ").push_bind(proposal).one(tx).await?;
    row.proposal()
}

/// Those of these ids that exist.
pub async fn some(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Proposal>> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in portions(ids) {
        found.extend(all(tx, sql(PROPOSAL).push("WHERE id IN ").push_list(ids.iter().copied())).await?);
    }
    Ok(found)
}

/// What is open of an article, the oldest first.
pub async fn open(tx: &mut Tx, article: i64) -> Result<Vec<Proposal>> {
    let found = sql(PROPOSAL).push("WHERE article_id = ").push_bind(article);
    all(tx, found.push(" AND state = 'open' ORDER BY id")).await
}

/// What somebody proposes for an article in a language, if that is open.
pub async fn own(
    tx: &mut Tx,
    article: i64,
    person: PersonId,
    language: Language,
) -> Result<Option<Proposal>> {
    let open = open(tx, article).await?;
    Ok(open.into_iter().find(|one| one.person == person && one.said.text.language == language))
}

/// Keeps a new one, whatever id and version it has; its id.
pub async fn insert(tx: &mut Tx, proposal: &Proposal) -> Result<i64> {
    sql("INSERT INTO article_proposals
             (article_id, person_id, language, state, base, version, said, reason, decided_by, at)
         VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9) RETURNING id")
    .bind(proposal.article)
    .bind(proposal.person)
    .bind(proposal.said.text.language)
    .bind(proposal.state)
    .bind(proposal.base)
    .bind(serde_json::to_string(&proposal.said)?)
    .bind(&proposal.reason)
    .bind(proposal.decided_by)
    .bind(proposal.at)
    .value(tx)
    .await
}

/// A known one is this from now on; its next version.
pub async fn save(tx: &mut Tx, proposal: &Proposal) -> Result<i64> {
    sql("UPDATE article_proposals SET state = $2, base = $3, said = $4, reason = $5, decided_by = $6, at = $7,
         version = version + 1 WHERE id = $1 RETURNING version")
    .bind(proposal.id)
    .bind(proposal.state)
    .bind(proposal.base)
    .bind(serde_json::to_string(&proposal.said)?)
    .bind(&proposal.reason)
    .bind(proposal.decided_by)
    .bind(proposal.at)
    .value(tx)
    .await
}

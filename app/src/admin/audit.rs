//! The administrative part of the journal, in words.

use serde::Serialize;
use utoipa::ToSchema;

use crate::journal;
use crate::journal::{Entry, Fact};
use crate::people;
use crate::people::{Person, Token};
use crate::platform::{EntryId, PersonId, Result, Timestamp, Tx};

/// An administrative fact. Names are those of today; the journal keeps ids only.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditEntry {
    pub id: EntryId,
    pub at: Timestamp,
    /// Who did it; null for programs and Kitt itself.
    pub by: Option<String>,
    /// What happened, as a stable code.
    pub fact: &'static str,
    #[serde(skip)]
    pub word: &'static str,
    /// Whom or what it concerned.
    pub subject: Option<String>,
}

/// Up to `limit` entries before entry `before`, newest first.
pub async fn entries(tx: &mut Tx, before: EntryId, limit: i64) -> Result<Vec<AuditEntry>> {
    let people = people::all(tx).await?;
    let tokens = people::tokens(tx).await?;
    let found = journal::of_house(tx, before, limit).await?;
    Ok(found.iter().map(|entry| AuditEntry::of(entry, &people, &tokens)).collect())
}

impl AuditEntry {
    fn of(entry: &Entry, people: &[Person], tokens: &[Token]) -> Self {
        let name =
            |id: PersonId| people.iter().find(|person| person.id == id).map(|person| person.name.clone());
        let (fact, word) = told(&entry.fact);
        let subject = match &entry.fact {
            Fact::PersonInvited { person }
            | Fact::PersonChanged { person }
            | Fact::PasswordSet { person }
            | Fact::SessionsRevoked { person } => name(*person),
            Fact::TokenCreated { token } | Fact::TokenRevoked { token } => {
                tokens.iter().find(|one| one.id == *token).map(|one| one.name.clone())
            }
            Fact::SettingChanged { name } => Some(name.clone()),
            Fact::PolicyChanged { policy, version } => Some(format!("{policy}/{version}")),
            Fact::MailboxAdded { mailbox }
            | Fact::MailboxChanged { mailbox }
            | Fact::MailboxConnected { mailbox }
            | Fact::MailboxRemoved { mailbox } => Some(mailbox.to_string()),
            Fact::ProofRepaired { proof, .. } | Fact::ProofSettled { proof, .. } => Some(proof.to_string()),
            Fact::JobRetried { job } => Some(job.to_string()),
            Fact::ExposureReported { days } => Some(days.to_string()),
            _ => None,
        };
        Self { id: entry.id, at: entry.at, by: entry.person.and_then(name), fact, word, subject }
    }
}

/// The code and the word of a fact.
const fn told(fact: &Fact) -> (&'static str, &'static str) {
    match fact {
        Fact::PersonInvited { .. } => ("person_invited", "admin-fact-person-invited"),
        Fact::PersonChanged { .. } => ("person_changed", "admin-fact-person-changed"),
        Fact::PasswordSet { .. } => ("password_set", "admin-fact-password-set"),
        Fact::SessionsRevoked { .. } => ("sessions_revoked", "admin-fact-sessions-revoked"),
        Fact::TokenCreated { .. } => ("token_created", "admin-fact-token-created"),
        Fact::TokenRevoked { .. } => ("token_revoked", "admin-fact-token-revoked"),
        Fact::SettingChanged { .. } => ("setting_changed", "admin-fact-setting-changed"),
        Fact::PolicyChanged { .. } => ("policy_changed", "admin-fact-policy-changed"),
        Fact::RatesChanged => ("rates_changed", "admin-fact-rates-changed"),
        Fact::ExposureReported { .. } => ("exposure_reported", "admin-fact-exposure-reported"),
        Fact::MailboxAdded { .. } => ("mailbox_added", "admin-fact-mailbox-added"),
        Fact::MailboxChanged { .. } => ("mailbox_changed", "admin-fact-mailbox-changed"),
        Fact::MailboxConnected { .. } => ("mailbox_connected", "admin-fact-mailbox-connected"),
        Fact::MailboxRemoved { .. } => ("mailbox_removed", "admin-fact-mailbox-removed"),
        Fact::ProofRepaired { .. } => ("proof_repaired", "admin-fact-proof-repaired"),
        Fact::ProofSettled { .. } => ("proof_settled", "admin-fact-proof-settled"),
        Fact::JobRetried { .. } => ("job_retried", "admin-fact-job-retried"),
        _ => ("other", "admin-fact-other"),
    }
}

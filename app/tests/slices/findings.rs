//! Cases are documented, insights begin, and the house learns to propose.

mod dialog;
mod documenting;
mod proposals;
mod repeated;

use anyhow::Result;
use kitt::cases;
use kitt::cases::{Case, Channel};
use kitt::findings;
use kitt::findings::{Finding, Kind, NewFinding};
use kitt::insights;
use kitt::insights::{Item, NewInsight, What};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{CaseId, InsightId};

use crate::world::World;

impl World {
    async fn case_of(&self, customer: &str, subject: &str, text: &str) -> Result<CaseId> {
        let address = format!("{}@example.org", customer.to_lowercase());
        let customer = self.customer(customer, &address).await?;
        let author = ("Ingrid Sommerauer", Some(address.as_str()));
        let case = self.writes(customer, author, Channel::Email, subject, text).await?;
        Ok(case)
    }

    async fn a_case(&self) -> Result<CaseId> {
        self.case_of("Ingrid", "Sofa", "Wieder kam niemand. Kein Anruf, keine Nachricht.").await
    }

    async fn begins(&self, kind: Kind, title: &str, station: &str) -> Result<InsightId> {
        let mut tx = self.app.db.write().await?;
        let new = NewInsight {
            kind,
            title: title.into(),
            description: String::new(),
            station: station.into(),
            department: Some(self.logistics),
            competitor: None,
        };
        let insight = insights::propose(&self.app, &mut tx, &self.agent, &new).await?;
        tx.commit().await?;
        Ok(insight.id)
    }

    async fn find(&self, case: CaseId, findings: Vec<NewFinding>) -> kitt::platform::Result<()> {
        let mut tx = self.app.db.write().await?;
        findings::document(&self.app, &mut tx, &self.agent, case, findings).await?;
        tx.commit().await
    }

    async fn findings(&self, case: CaseId) -> Result<Vec<Finding>> {
        Ok(findings::of_case(&mut self.read().await?, case).await?)
    }

    async fn row(&self, case: CaseId) -> Result<Case> {
        Ok(cases::case(&mut self.read().await?, case).await?)
    }

    async fn facts(&self, case: CaseId) -> Result<Vec<Fact>> {
        Ok(journal::of_case(&mut self.read().await?, case)
            .await?
            .into_iter()
            .map(|entry| entry.fact)
            .collect())
    }
}

fn cause(insight: InsightId) -> NewFinding {
    NewFinding { insight: Some(insight), ..NewFinding::new(Kind::Cause, "delivery") }
}

fn item(kind: Kind, what: What) -> Item {
    Item { kind, what, station: None, product: None, words: None, share: None }
}

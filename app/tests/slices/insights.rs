//! From what a customer says to the department's decision and back to the customer.

mod answering;
mod deciding;
mod declining;
mod hub;
mod telling;
mod told;

use anyhow::Result;
use kitt::cases::Channel;
use kitt::channels::{Delivery, Route, intake, worker};
use kitt::findings;
use kitt::findings::{Kind, NewFinding};
use kitt::insights;
use kitt::insights::tell::{self, Template, Templates};
use kitt::insights::{Decision, NewInsight};
use kitt::platform::{CaseId, CustomerId, InsightId};

use crate::world::World;

impl World {
    /// An insight of the department "Produkt".
    pub async fn insight(&self, kind: Kind, title: &str) -> Result<InsightId> {
        let new = NewInsight {
            kind,
            title: title.into(),
            description: String::new(),
            station: "delivery".into(),
            department: Some(self.product),
            competitor: None,
        };
        let mut tx = self.app.db.write().await?;
        let insight = insights::propose(&self.app, &mut tx, &self.agent, &new).await?;
        tx.commit().await?;
        Ok(insight.id)
    }

    /// It is fixed, and everybody who said it is told.
    async fn tell_all(&self, insight: InsightId) -> Result<()> {
        insights::decide(&self.app, &self.manager, insight, Decision::Fix { reason: None }).await?;
        let telling = tell::prepare(&self.app, &self.agent, insight, templates()).await?;
        tell::approve(&self.app, &self.lead, telling).await?;
        self.work().await?;
        Ok(())
    }

    async fn opened(&self, name: &str, address: &str) -> Result<(CustomerId, CaseId)> {
        let customer = self.customer(name, address).await?;
        self.open(customer, Channel::Email, Some(address), name).await
    }

    async fn open(
        &self,
        customer: CustomerId,
        channel: Channel,
        address: Option<&str>,
        name: &str,
    ) -> Result<(CustomerId, CaseId)> {
        let text = "Es geht um meine Lieferung.";
        let case = self.writes(customer, (name, address), channel, "Lieferung", text).await?;
        Ok((customer, case))
    }

    /// A new case whose only cause (or wish …) is `insight`.
    pub async fn said(
        &self,
        name: &str,
        address: &str,
        insight: InsightId,
        quote: &str,
    ) -> Result<(CustomerId, CaseId)> {
        let opened = self.opened(name, address).await?;
        let kind = insights::insight(&mut self.read().await?, insight).await?.kind;
        self.document(opened.1, insight, kind, quote).await?;
        Ok(opened)
    }

    async fn document(&self, case: CaseId, insight: InsightId, kind: Kind, quote: &str) -> Result<()> {
        let finding = NewFinding {
            insight: Some(insight),
            department: Some(self.product),
            quote: Some(quote.into()),
            ..NewFinding::new(kind, "delivery")
        };
        self.document_all(case, vec![finding]).await
    }

    async fn document_all(&self, case: CaseId, all: Vec<NewFinding>) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        findings::document(&self.app, &mut tx, &self.agent, case, all).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The customer answers what they were told, to the signed address of their case.
    async fn answers(&self, number: &str) -> Result<()> {
        let to = mail::threading::reply_address("service@haus.example", number, self.app.secret());
        let raw = format!(
            "From: Ingrid Sommerauer <ingrid@example.org>\r\nTo: {to}\r\nSubject: AW: Lieferung\r\n\
             Message-ID: <answer@example.org>\r\n\r\nDanke, das freut mich!\r\n"
        );
        let delivery = Delivery {
            route: Route::Smtp,
            from: Some("ingrid@example.org".into()),
            to: vec![to],
            peer: None,
            raw: raw.into_bytes(),
            queue: None,
        };
        intake::keep(&self.app, delivery).await?;
        while worker::work_off(&self.app).await? != 0 {}
        Ok(())
    }
}

fn template(text: &str, what: &str) -> Template {
    Template { text: text.into(), what: what.into() }
}

fn templates() -> Templates {
    Templates {
        de: template("{anrede}, „{was}“ ({fall}) ist behoben.", "Termin nicht gehalten"),
        de_informal: String::new(),
        en: template("{greeting}, “{what}” is fixed.", "Missed appointments"),
    }
}

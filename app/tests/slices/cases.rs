//! A case from the first message to the last.

mod life;
mod pages;
mod replies;

use anyhow::Result;
use kitt::cases;
use kitt::cases::{Answer, Channel, Destination, Incoming, Status, Then};
use kitt::platform::{CaseId, ContactId};

use crate::world::World;

impl World {
    pub(super) async fn number(&self, case: CaseId) -> Result<String> {
        Ok(cases::case(&mut self.read().await?, case).await?.number)
    }

    /// A new case of Frau Sommerauer.
    pub(super) async fn write_in(&self, subject: &str) -> Result<(CaseId, ContactId)> {
        let incoming = self.incoming(None, subject).await?;
        self.receive(incoming).await
    }

    /// She writes again.
    pub(super) async fn write_to(&self, case: CaseId) -> Result<(CaseId, ContactId)> {
        let incoming = self.incoming(Some(case), "Noch etwas").await?;
        self.receive(incoming).await
    }

    pub(super) async fn incoming(&self, case: Option<CaseId>, subject: &str) -> Result<Incoming> {
        let customer = self.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
        let into = match case {
            Some(case) => Destination::Case(case),
            None => Destination::New(kitt::people::queue(&mut self.read().await?, self.queue).await?),
        };
        Ok(Incoming {
            channel: Channel::Email,
            at: self.now(),
            customer,
            author: "Ingrid Sommerauer".into(),
            from_address: Some("ingrid@example.org".into()),
            to_address: None,
            subject: subject.into(),
            text: format!("Guten Tag, {subject}."),
            quoted: None,
            signature: None,
            html: None,
            into,
            automatic: false,
            stranger: false,
            received: None,
            shortened: false,
            attachments: Vec::new(),
            recipients: Vec::new(),
            talk: None,
        })
    }

    pub(super) async fn receive(&self, incoming: Incoming) -> Result<(CaseId, ContactId)> {
        let mut tx = self.app.db.write().await?;
        let received = cases::receive(&self.app, &mut tx, &self.agent, incoming).await?;
        tx.commit().await?;
        Ok(received)
    }

    pub(super) async fn status(&self, case: CaseId) -> Result<Status> {
        Ok(cases::case(&mut self.read().await?, case).await?.status)
    }
}

fn answer(then: Then) -> Answer {
    Answer { text: "Guten Tag, wir tauschen sie.".into(), then, ..Answer::default() }
}

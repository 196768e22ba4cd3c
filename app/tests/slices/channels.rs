//! Mail in, mail out, and nothing lost in between.

mod acknowledged;
mod bounces;
mod delivery;
mod dkim;
mod files;
mod forwards;
mod inbound;
mod loops;
mod manners;
mod merged;
mod outbound;
mod peers;
mod port;
mod proof;
mod recipients;
mod reused;
mod senders;
mod sending;
mod talks;
mod threads;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Case, Contact};
use kitt::channels;
use kitt::channels::{Delivery, Received, Route};
use kitt::platform::{CaseId, ContactId, ReceivedId, sql};

use crate::world::World;

/// A mail of Frau Sommerauer with further header fields, each ended by CRLF.
fn mail(subject: &str, fields: &str) -> String {
    mail_of("Ingrid Sommerauer <ingrid@example.org>", subject, fields)
}

fn mail_of(from: &str, subject: &str, fields: &str) -> String {
    format!(
        "From: {from}\r\nTo: service@haus.example\r\nSubject: {subject}\r\n{fields}\r\nGuten Tag, die Lampe flackert.\r\n"
    )
}

fn delivery(raw: impl Into<Vec<u8>>, to: &str) -> Delivery {
    Delivery {
        route: Route::Smtp,
        from: Some("ingrid@example.org".into()),
        to: vec![to.into()],
        peer: Some("192.0.2.7".into()),
        raw: raw.into(),
        queue: None,
    }
}

impl World {
    /// A mail arrives and is filed.
    async fn arrive(&self, raw: impl Into<Vec<u8>>) -> Result<Received> {
        self.arrive_at("service@haus.example", raw).await
    }

    async fn arrive_at(&self, to: &str, raw: impl Into<Vec<u8>>) -> Result<Received> {
        let id = self.keep(raw, to).await?;
        channels::worker::work_off(&self.app).await?;
        self.received(id).await
    }

    /// A mail arrives, and nobody reads it yet.
    async fn keep(&self, raw: impl Into<Vec<u8>>, to: &str) -> Result<ReceivedId> {
        Ok(channels::intake::keep(&self.app, delivery(raw, to)).await?)
    }

    async fn received(&self, id: ReceivedId) -> Result<Received> {
        Ok(channels::received(&mut self.read().await?, id).await?)
    }

    async fn case(&self, case: Option<CaseId>) -> Result<Case> {
        Ok(cases::case(&mut self.read().await?, case.context("it belongs to a case")?).await?)
    }

    async fn contact(&self, contact: Option<ContactId>) -> Result<Contact> {
        Ok(cases::contact(&mut self.read().await?, contact.context("it is a contact")?).await?)
    }

    /// Changes what no door of the house would.
    async fn tamper(&self, statement: &'static str) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        sql(statement).run(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    async fn name_queue(&self, address: &str) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        sql("UPDATE queues SET address = $1, address_folded = $1").bind(address).run(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}

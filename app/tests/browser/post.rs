//! Mail from customers, through the mail port of the house.

use anyhow::Result;
use kitt::channels;
use lettre::address::Envelope;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio_util::sync::CancellationToken;

use crate::world::World;

/// A mail of Ingrid Sommerauer; `more` are further lines of its head, each with its end.
pub async fn ingrid_writes(world: &World, subject: &str, more: &str) -> Result<()> {
    let id = subject.replace(' ', ".");
    let raw = format!(
        "From: Ingrid Sommerauer <ingrid@example.org>\r\nTo: service@haus.example\r\n{more}\
         Subject: {subject}\r\nMessage-ID: <{id}@example.org>\r\n\r\nSchon das dritte Mal. Was ist da los?\r\n"
    );
    let port = channels::smtp::bind(&world.app).await?;
    let address = port.address()?;
    let stop = CancellationToken::new();
    tokio::spawn(port.serve(world.app.clone(), stop.clone()));
    let envelope = Envelope::new(Some("ingrid@example.org".parse()?), vec!["service@haus.example".parse()?])?;
    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string())
        .port(address.port())
        .build()
        .send_raw(&envelope, raw.as_bytes())
        .await?;
    stop.cancel();
    Ok(())
}

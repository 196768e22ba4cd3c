//! Reads the mails of a group, on several cores, and keeps their attachments.

use super::model::Received;
use super::proof::report;
use super::raw;
use super::understand::{Refusal, Understood, understand};
use crate::platform::{App, Result, SmallBlobs};

/// Mails that are read at a time, each on a core of its own.
const READERS: usize = 4;

/// A mail in hand with its bytes.
pub type InHand = (Received, Option<Vec<u8>>);

/// What reading made of a mail.
pub type Reading = (Received, Result<Result<Understood, Refusal>>);

/// Reads a group.
///
/// # Errors
///
/// If what the mails bring cannot be kept.
pub async fn read_all(app: &App, group: Vec<InHand>) -> Result<Vec<Reading>> {
    let mut readings = read_in_portions(app, group).await;
    keep_small(app, &mut readings).await?;
    Ok(readings)
}

async fn read_in_portions(app: &App, mut group: Vec<InHand>) -> Vec<Reading> {
    let mut readings = Vec::with_capacity(group.len());
    let size = group.len().div_ceil(READERS).max(1);
    let mut tasks = Vec::with_capacity(READERS);
    while !group.is_empty() {
        let portion: Vec<InHand> = group.drain(..size.min(group.len())).collect();
        tasks.push(tokio::spawn(read_portion(app.clone(), portion)));
    }
    for task in tasks {
        match task.await {
            Ok(portion) => readings.extend(portion),
            // As if it had been read here: the attempt is counted, and the mail will be read alone.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    readings
}

async fn read_portion(app: App, portion: Vec<InHand>) -> Vec<Reading> {
    let mut readings = Vec::with_capacity(portion.len());
    for (mail, bytes) in portion {
        let reading = read(&app, &mail, bytes).await;
        readings.push((mail, reading));
    }
    readings
}

/// Keeps the small attachments of a group in one transaction.
async fn keep_small(app: &App, readings: &mut [Reading]) -> Result<()> {
    let mut all = SmallBlobs::new();
    for (_, reading) in readings {
        if let Ok(Ok(understood)) = reading {
            all.append(&mut understood.small);
        }
    }
    Ok(app.blobs.put_small(&all).await?)
}

async fn read(app: &App, mail: &Received, bytes: Option<Vec<u8>>) -> Result<Result<Understood, Refusal>> {
    let raw = raw::load(app, bytes, mail.blob.as_deref()).await?;
    let reading = understand(app, mail, raw).await?;
    Ok(reading.and_then(|mail| if report::came_back(app, &mail) { Err(report::CAME_BACK) } else { Ok(mail) }))
}

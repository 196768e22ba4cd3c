//! `kitt demo --live`: customers write, every few seconds, through the mail listener as all mail does.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context;
use example::{Answerable, Company, Size};
use lettre::address::Envelope;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use mail::threading;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::cases;
use crate::cases::{Case, Direction, Eyes, Sort, State, View};
use crate::customers;
use crate::people;
use crate::platform::{Actor, App, Result, Tx};

/// Cases that a customer may answer next: the ones that wait longest.
const OPEN: i64 = 60;
/// Seconds between two mails.
const PAUSE: std::ops::Range<u64> = 4..14;

/// Delivers mails for ever; a mail that is not taken is told of and forgotten.
pub async fn deliver(app: App, seed: u64, size: Size) {
    let today = app.now().moment().to_zoned(app.zone()).date();
    let company = Company::of_size(seed, today, size);
    let by_email = by_email(&company);
    let mut random = StdRng::seed_from_u64(seed);
    loop {
        tokio::time::sleep(Duration::from_secs(random.random_range(PAUSE))).await;
        if let Err(error) = next(&app, &company, &by_email).await {
            tracing::warn!(error = format!("{error:#}"), "a live mail was not delivered");
        }
    }
}

/// Whose address it is, as an index into the company's customers.
fn by_email(company: &Company) -> HashMap<String, usize> {
    let all = company.customers.iter().enumerate();
    all.flat_map(|(index, customer)| customer.emails.iter().map(move |email| (email.clone(), index)))
        .collect()
}

async fn next(app: &App, company: &Company, by_email: &HashMap<String, usize>) -> anyhow::Result<()> {
    let now = app.now().seconds();
    let open = answerable(app, by_email).await?;
    // Counted by the clock, so that a second start on the same data says something new.
    let raw = company.live_mail(now.unsigned_abs(), now, &open);
    let listener = app.settings().smtp_listen;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(listener.ip().to_string())
        .port(listener.port())
        .build();
    transport.send_raw(&envelope(&raw)?, &raw).await?;
    Ok(())
}

/// From and to, as the mail itself says.
fn envelope(raw: &[u8]) -> anyhow::Result<Envelope> {
    let message = mail::parse(raw)?;
    let from = message.from.first().context("no sender")?.address.parse()?;
    let to = message.to.iter().map(|to| to.address.parse()).collect::<std::result::Result<_, _>>()?;
    Ok(Envelope::new(Some(from), to)?)
}

/// Cases whose customer had the last word from us by e-mail.
async fn answerable(app: &App, by_email: &HashMap<String, usize>) -> Result<Vec<Answerable>> {
    let mut tx = app.db.read().await?;
    let kitt = Actor::kitt("demo");
    let waiting = cases::filter_of(View::Waiting, &kitt);
    let mut open = Vec::new();
    for line in cases::list(&mut tx, &Eyes::of(app, &kitt), &waiting, Sort::Due, None, OPEN).await? {
        open.extend(answer_to(app, &mut tx, &line.case, by_email).await?);
    }
    Ok(open)
}

async fn answer_to(
    app: &App,
    tx: &mut Tx,
    case: &Case,
    by_email: &HashMap<String, usize>,
) -> Result<Option<Answerable>> {
    let contacts = cases::contacts(tx, case.id).await?;
    let last = contacts.iter().rfind(|contact| contact.direction != Direction::Note);
    let Some(last) = last.filter(|last| last.direction == Direction::Outbound && last.state == State::Sent)
    else {
        return Ok(None);
    };
    let email = customers::email(tx, case.customer).await?;
    let Some(customer) = email.and_then(|email| by_email.get(&email)).copied() else { return Ok(None) };
    let queue = people::queue(tx, case.queue).await?;
    let base = queue.address.unwrap_or_else(|| app.settings().mail_from.clone());
    let domain = base.rsplit('@').next().unwrap_or_default();
    Ok(Some(Answerable {
        case_number: case.number.clone(),
        subject: mail::compose::subject(&case.subject, Some(&case.number)),
        reply_address: threading::reply_address(&base, &case.number, app.secret()),
        message_id: threading::message_id(last.id, &case.number, domain, app.secret()),
        customer,
    }))
}

//! How long a queue waits for its customers: after some days they are reminded, after some more the case closes.
//!
//! Both happen once and only while the case still waits: whatever the customer writes opens it again, and a closed
//! one, too, as its queue's rule says. The reminder is an automatic mail like any other, so it leaves only where the
//! protection against loops lets it. A complaint closes only once its customer was silent for as long as complaints
//! ask for, and says so as its end. Spam and trash are left alone. What is to be done is read from the cases
//! themselves, so nothing is lost when the program stops in between. A queue waits for ever unless its patience is
//! switched on.

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{self, Answer, Then};
use super::complaint;
use super::model::{Case, Status};
use super::stand;
use super::store;
use crate::customers;
use crate::customers::Customer;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, CaseId, Error, Language, Manner, QueueId, Result, Right, Timestamp, Tx, Words, dialect,
};

/// Cases of a queue in one round.
const ROUND: i64 = 100;
/// Characters of a reminder.
const LONGEST: usize = 4000;

/// How long a queue waits.
#[derive(Debug, Clone, Serialize, ToSchema, sqlx::FromRow)]
pub struct Patience {
    #[sqlx(rename = "queue_id")]
    pub queue: QueueId,
    pub active: bool,
    /// Days until the customer is reminded.
    pub remind_days: i64,
    /// Days from the reminder until the case closes.
    pub close_days: i64,
    /// The reminder, where it is not the house's: `{name}`, `{number}`, `{subject}` and `{day}` are filled in.
    pub text_de: Option<String>,
    /// For those who are addressed informally; `None`: as for the others.
    pub text_de_informal: Option<String>,
    pub text_en: Option<String>,
}

impl Patience {
    /// As long as nothing is set up.
    pub const fn of(queue: QueueId) -> Self {
        let (text_de, text_de_informal, text_en) = (None, None, None);
        Self { queue, active: false, remind_days: 5, close_days: 7, text_de, text_de_informal, text_en }
    }

    /// The house's own words for somebody who is written to like this.
    fn text(&self, manner: Manner) -> Option<&str> {
        let [de, informal, en] = [&self.text_de, &self.text_de_informal, &self.text_en]
            .map(|text| text.as_deref().unwrap_or_default());
        let text = match manner.language {
            Language::De => manner.or_formal(de, informal),
            Language::En => en,
        };
        Some(text).filter(|text| !text.trim().is_empty())
    }
}

/// How long each queue waits that anything was set up for.
pub async fn patience(tx: &mut Tx) -> Result<Vec<Patience>> {
    store::patience(tx).await
}

/// Sets up how long a queue waits.
///
/// # Errors
///
/// [`Error::Invalid`] for less than a day or more than a year.
pub async fn set_patience(app: &App, actor: &Actor, patience: &Patience) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    for (field, days) in [("remind_days", patience.remind_days), ("close_days", patience.close_days)] {
        if !(1..=365).contains(&days) {
            return Err(Error::invalid(field, "patience-days"));
        }
    }
    for (field, text) in [
        ("text_de", &patience.text_de),
        ("text_de_informal", &patience.text_de_informal),
        ("text_en", &patience.text_en),
    ] {
        Error::unless_short(field, text.as_deref().unwrap_or_default(), LONGEST)?;
    }
    let mut tx = app.db.write().await?;
    people::queue(&mut tx, patience.queue).await?;
    store::save_patience(&mut tx, patience).await?;
    let fact = Fact::SettingChanged { name: "patience".into(), of: None };
    journal::record(app, &mut tx, actor, About::house(), fact)?;
    tx.commit().await
}

/// Reminds and closes what is due now; how many cases.
pub async fn lose_patience(app: &App) -> Result<usize> {
    let mut tx = app.db.read().await?;
    let mut all = store::patience(&mut tx).await?;
    all.retain(|one| one.active);
    if all.is_empty() {
        return Ok(0);
    }
    let ago = |days| app.now() - Timestamp::days(days);
    let silent = ago(complaint::settings(&mut tx).await?.silent_days);
    let mut due = Vec::new();
    for one in all {
        let remind = store::to_remind(&mut tx, one.queue, ago(one.remind_days), ROUND).await?;
        let close = store::to_close(&mut tx, one.queue, (ago(one.close_days), silent), ROUND).await?;
        due.push((one, remind, close));
    }
    drop(tx);
    let mut done = 0;
    for (patience, remind, close) in due {
        for case in remind {
            done += usize::from(remind_one(app, &patience, case).await?);
        }
        for case in close {
            done += usize::from(close_one(app, &patience, case).await?);
        }
    }
    Ok(done)
}

/// The case, if it still waits for its customer, and since when it does and they know.
async fn waiting(tx: &mut Tx, case: CaseId) -> Result<Option<(Case, Timestamp, Option<Timestamp>)>> {
    dialect::lock(tx, "case", case.0).await?;
    let row = store::case(tx, case).await?;
    let (from, reminded) = store::waits(tx, case).await?;
    let waits = row.status == Status::Waiting && row.wait_until.is_none() && row.bin.is_none();
    Ok(from.filter(|_| waits).map(|from| (row, from, reminded)))
}

async fn remind_one(app: &App, patience: &Patience, case: CaseId) -> Result<bool> {
    let mut tx = app.db.write().await?;
    let Some((row, from, None)) = waiting(&mut tx, case).await? else { return Ok(false) };
    let now = app.now();
    if now < from + Timestamp::days(patience.remind_days) {
        return Ok(false);
    }
    // Somebody set it aside without having answered: a person has to look, the customer owes nothing.
    let owes = store::unanswered_since(&mut tx, case).await?.is_none();
    let customer = customers::customer(&mut tx, row.customer).await?;
    let kitt = Actor::kitt("cases");
    let manner = customer.manner(people::queue(&mut tx, row.queue).await?.tone);
    let text = reminder(app, patience, &row, (&customer, manner));
    let answer = Answer { text, then: Then::Keep, automatic: true, ..Answer::default() };
    let written =
        if owes { answer::reply_in(app, &mut tx, &kitt, case, answer).await.map(Some) } else { Ok(None) };
    match written {
        Ok(Some(contact)) => {
            store::set_reminded(&mut tx, case, now).await?;
            let about = About::case(case).of(row.customer);
            journal::record(app, &mut tx, &kitt, about, Fact::CustomerReminded { contact })?;
        }
        // Nobody can be reminded, so nothing is closed.
        Ok(None) | Err(Error::Invalid(_)) => store::forget_patience(&mut tx, case).await?,
        Err(error) => return Err(error),
    }
    tx.commit().await?;
    Ok(true)
}

async fn close_one(app: &App, patience: &Patience, case: CaseId) -> Result<bool> {
    let mut tx = app.db.write().await?;
    let Some((row, _, Some(reminded))) = waiting(&mut tx, case).await? else { return Ok(false) };
    if app.now() < reminded + Timestamp::days(patience.close_days) {
        return Ok(false);
    }
    let kitt = Actor::kitt("cases");
    if !complaint::ends_silently(app, &mut tx, &kitt, &row).await? {
        return Ok(false);
    }
    stand::close_in(app, &mut tx, &kitt, &row).await?;
    tx.commit().await?;
    Ok(true)
}

/// What the customer reads, as they are written to.
fn reminder(app: &App, patience: &Patience, case: &Case, (customer, manner): (&Customer, Manner)) -> String {
    let words = Words::new(manner.language, app.zone(), app.now());
    let day = words.date(&(app.now() + Timestamp::days(patience.close_days)));
    match patience.text(manner) {
        Some(text) => text
            .replace("{name}", &customer.name)
            .replace("{number}", &case.number)
            .replace("{day}", &day)
            .replace("{subject}", &case.subject),
        None => words.with2("patience-reminder", ("subject", &case.subject), ("day", day)).into_owned(),
    }
}

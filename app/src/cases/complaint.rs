//! Complaints, as ISO 10002 wants them handled: one ends with the customer's acceptance, or stays offered for
//! escalation, and the last letter says where to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{self, Answer, Then};
use super::clocks;
use super::model::Case;
use super::sight;
use super::stand;
use super::steps::{self, Step};
use super::store;
use super::undo;
use crate::customers;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{
    Actor, App, CaseId, Error, Language, PersonId, Result, Right, Timestamp, Tx, codes, dialect,
};

const LONGEST_NOTE: usize = 2_000;
const LONGEST_INSTANCE: usize = 1_000;
const LONGEST_SILENCE: i64 = 365;

codes! {
    /// How a complaint ended.
    pub enum Outcome {
        /// The customer said that it is settled.
        Accepted = "accepted",
        /// The customer does not accept it and was told where to turn.
        Escalation = "escalation",
        /// The customer was asked and did not answer.
        Silent = "silent",
    }
}

/// The end of a complaint.
#[derive(Debug, Clone)]
pub struct End {
    pub outcome: Outcome,
    pub note: String,
    /// The last letter, as plain text; empty: none.
    pub letter: String,
}

/// How a complaint ended, as a page shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ComplaintEnded)]
pub struct Ended {
    pub outcome: Outcome,
    pub note: String,
    pub at: Timestamp,
}

/// What the house says about complaints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComplaintSettings {
    /// Where customers can turn who do not accept the end.
    pub instance_de: String,
    pub instance_en: String,
    /// After so many days without an answer a complaint may be closed.
    pub silent_days: i64,
}

impl ComplaintSettings {
    pub fn instance(&self, language: Language) -> &str {
        let (first, second) = match language {
            Language::De => (&self.instance_de, &self.instance_en),
            Language::En => (&self.instance_en, &self.instance_de),
        };
        if first.is_empty() { second } else { first }
    }
}

/// Marks a case as a complaint, or no longer.
pub async fn mark(app: &App, actor: &Actor, case: CaseId, complaint: bool) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = sight::at_hand(&mut tx, actor, case).await?;
    if row.complaint == complaint {
        return Ok(());
    }
    mark_in(app, &mut tx, actor, &row, complaint).await?;
    let word = if complaint { "complaint-marked" } else { "complaint-unmarked" };
    steps::offer(app, &mut tx, actor, case, word, Step::Complaint { complaint }).await?;
    tx.commit().await
}

async fn mark_in(app: &App, tx: &mut Tx, actor: &Actor, row: &Case, complaint: bool) -> Result<()> {
    store::set_complaint(tx, row.id, complaint).await?;
    clocks::changed(app, tx, row.id).await?;
    // A deadline of complaints may have passed already. What is told stays told, so it waits until this stays, too.
    store::hold_alarm(tx, row.id, app.now() + undo::OFFERED).await?;
    let about = About::case(row.id).of(row.customer);
    journal::record(app, tx, actor, about, Fact::ComplaintMarked { complaint })
}

/// Takes back that a case was marked as a complaint, or no longer.
///
/// # Errors
///
/// [`undo::late`] if somebody marked it otherwise since, or said how it ended.
pub(super) async fn unmark(app: &App, tx: &mut Tx, actor: &Actor, row: &Case, complaint: bool) -> Result<()> {
    let ended = complaint && store::complaint_end(tx, row.id).await?.is_some();
    if row.complaint != complaint || row.moved_to.is_some() || ended {
        return Err(undo::late());
    }
    mark_in(app, tx, actor, row, !complaint).await
}

/// Closes a complaint, with the last letter if there is one.
///
/// # Errors
///
/// [`Error::Invalid`] of `outcome` for silence that did not last long enough, and for what is no complaint; of
/// `letter` if the customer is told of no next instance.
pub async fn end(app: &App, actor: &Actor, case: CaseId, end: End) -> Result<()> {
    actor.may(Right::WorkCases)?;
    Error::unless_short("note", &end.note, LONGEST_NOTE)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = sight::at_hand(&mut tx, actor, case).await?;
    check(app, &mut tx, &row, &end).await?;
    let (outcome, note) = (end.outcome.code().to_owned(), end.note.trim().to_owned());
    let ended = store::ComplaintEnd { outcome, note, person: actor.person_id(), at: app.now() };
    store::end_complaint(&mut tx, case, &ended).await?;
    let fact = Fact::ComplaintEnded { outcome: end.outcome.code().into() };
    journal::record(app, &mut tx, actor, About::case(case).of(row.customer), fact)?;
    if end.letter.trim().is_empty() {
        stand::close_in(app, &mut tx, actor, &row).await?;
    } else {
        let answer = Answer { text: end.letter, then: Then::Close, ..Answer::default() };
        answer::reply_in(app, &mut tx, actor, case, answer).await?;
    }
    tx.commit().await
}

async fn check(app: &App, tx: &mut Tx, case: &Case, end: &End) -> Result<()> {
    if !case.complaint {
        return Err(Error::invalid("outcome", "complaint-is-none"));
    }
    match end.outcome {
        Outcome::Accepted => Ok(()),
        Outcome::Escalation => {
            let told = end.letter.trim().is_empty() && end.note.trim().is_empty();
            if told { Err(Error::invalid("letter", "complaint-escalation-letter")) } else { Ok(()) }
        }
        Outcome::Silent => {
            let silent = is_silent(app, tx, case).await?;
            if silent { Ok(()) } else { Err(Error::invalid("outcome", "complaint-silent-early")) }
        }
    }
}

/// Was the customer asked, and did not answer for as long as the house waits?
async fn is_silent(app: &App, tx: &mut Tx, case: &Case) -> Result<bool> {
    let days = settings(tx).await?.silent_days;
    let asked = store::last_outbound(tx, case.id).await?;
    let nobody_waits = store::unanswered_since(tx, case.id).await?.is_none();
    Ok(nobody_waits && asked.is_some_and(|asked| asked + Timestamp::days(days) <= app.now()))
}

/// Whether a case whose customer does not answer may close by itself. A complaint says then that this was its end.
pub(super) async fn ends_silently(app: &App, tx: &mut Tx, actor: &Actor, case: &Case) -> Result<bool> {
    if !case.complaint || store::complaint_end(tx, case.id).await?.is_some() {
        return Ok(true);
    }
    if !is_silent(app, tx, case).await? {
        return Ok(false);
    }
    let outcome = Outcome::Silent.code().to_owned();
    let (note, person, at) = (String::new(), actor.person_id(), app.now());
    store::end_complaint(tx, case.id, &store::ComplaintEnd { outcome: outcome.clone(), note, person, at })
        .await?;
    let fact = Fact::ComplaintEnded { outcome };
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)?;
    Ok(true)
}

/// A case of the past is a complaint, and ended so by somebody, if it did. No news of it is recorded.
pub async fn add_past(
    tx: &mut Tx,
    case: CaseId,
    ended: Option<(Outcome, Option<PersonId>, Timestamp)>,
) -> Result<()> {
    store::set_complaint(tx, case, true).await?;
    let Some((outcome, person, at)) = ended else { return Ok(()) };
    let (outcome, note) = (outcome.code().to_owned(), String::new());
    store::end_complaint(tx, case, &store::ComplaintEnd { outcome, note, person, at }).await
}

/// A complaint is not closed without saying how it ended.
///
/// # Errors
///
/// [`Error::Invalid`] of `outcome`.
pub async fn may_close(tx: &mut Tx, case: &Case) -> Result<()> {
    if case.complaint && store::complaint_end(tx, case.id).await?.is_none() {
        return Err(Error::invalid("outcome", "complaint-outcome-needed"));
    }
    Ok(())
}

/// How the complaint ended, if it did.
pub async fn ended(tx: &mut Tx, case: CaseId) -> Result<Option<Ended>> {
    let end = store::complaint_end(tx, case).await?;
    let ended = |end: store::ComplaintEnd| {
        Some(Ended { outcome: Outcome::from_code(&end.outcome)?, note: end.note, at: end.at })
    };
    Ok(end.and_then(ended))
}

/// What a last letter says about the next instance, in the customer's language; empty while nothing is set up.
pub async fn instance_for(tx: &mut Tx, case: &Case) -> Result<String> {
    let language = customers::customer(tx, case.customer).await?.language;
    Ok(settings(tx).await?.instance(language).to_owned())
}

/// What the house says about complaints.
pub async fn settings(tx: &mut Tx) -> Result<ComplaintSettings> {
    let set = store::complaint_settings(tx).await?;
    let (instance_de, instance_en, silent_days) = set.unwrap_or((String::new(), String::new(), 14));
    Ok(ComplaintSettings { instance_de, instance_en, silent_days })
}

/// Sets what the house says about complaints.
///
/// # Errors
///
/// [`Error::Invalid`] for texts that are too long, and for silence of no day or more than a year.
pub async fn set_settings(app: &App, actor: &Actor, set: &ComplaintSettings) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    Error::unless_short("instance_de", &set.instance_de, LONGEST_INSTANCE)?;
    Error::unless_short("instance_en", &set.instance_en, LONGEST_INSTANCE)?;
    if !(1..=LONGEST_SILENCE).contains(&set.silent_days) {
        return Err(Error::invalid("silent_days", "complaint-days-wrong"));
    }
    let mut tx = app.db.write().await?;
    let (german, english) = (set.instance_de.trim(), set.instance_en.trim());
    store::set_complaint_settings(&mut tx, german, english, set.silent_days).await?;
    let fact = Fact::SettingChanged { name: "complaints".into(), of: None };
    journal::record(app, &mut tx, actor, About::house(), fact)?;
    tx.commit().await
}

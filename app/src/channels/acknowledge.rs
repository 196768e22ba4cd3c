//! Acknowledgements: the customer learns at once that a mail has arrived, under which number, and until when they hear from us.
//!
//! A queue says whether it does that, and in which words. It goes the way of all automatic mail ([`super::caps`]):
//! never to machines, forged senders or no-reply addresses, never more than a few a day, and at most one for each case.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::cases;
use crate::cases::{Answer, Case, Then};
use crate::customers;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, CaseId, Error, Language, Manner, QueueId, Result, Right, Timestamp, Tx, Words,
};

/// Characters of an acknowledgement.
const LONGEST: usize = 4_000;
/// What it may contain, in braces: in German and in English, both in both.
const PLACEHOLDERS: [[&str; 2]; 5] =
    [["name", "name"], ["nummer", "number"], ["betreff", "subject"], ["bis", "until"], ["haus", "house"]];

const GERMAN: &str = "Guten Tag {name},

Ihre Nachricht „{betreff}“ ist bei uns angekommen. Sie hat die Nummer {nummer}.

Jemand von uns kümmert sich darum. Sie hören bis {bis} von uns.

Freundliche Grüße
{haus}";
const ENGLISH: &str = "Hello {name},

Your message “{subject}” has reached us. Its number is {number}.

One of us is looking after it. You will hear from us by {until}.

Kind regards
{house}";

/// What a queue says by itself.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize, ToSchema)]
pub struct AcknowledgementSettings {
    /// New mails are acknowledged.
    pub is_on: bool,
    /// Empty: the usual text.
    pub text_de: String,
    /// For those who are addressed informally; empty: as for the others.
    #[serde(default)]
    pub text_de_informal: String,
    pub text_en: String,
}

impl Default for AcknowledgementSettings {
    fn default() -> Self {
        Self {
            is_on: false,
            text_de: GERMAN.into(),
            text_de_informal: String::new(),
            text_en: ENGLISH.into(),
        }
    }
}

impl AcknowledgementSettings {
    fn text(&self, manner: Manner) -> &str {
        let (own, usual) = match manner.language {
            Language::De => (manner.or_formal(&self.text_de, &self.text_de_informal), GERMAN),
            Language::En => (self.text_en.as_str(), ENGLISH),
        };
        if own.trim().is_empty() { usual } else { own.trim() }
    }
}

/// The settings of a queue.
pub async fn settings(tx: &mut Tx, queue: QueueId) -> Result<AcknowledgementSettings> {
    Ok(store::acknowledgement_settings(tx, queue).await?.unwrap_or_default())
}

/// Sets what a queue says by itself.
///
/// # Errors
///
/// [`Error::Invalid`] for texts that are too long, and for placeholders that are none.
pub async fn set(app: &App, actor: &Actor, queue: QueueId, set: &AcknowledgementSettings) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    for (field, text) in
        [("text_de", &set.text_de), ("text_de_informal", &set.text_de_informal), ("text_en", &set.text_en)]
    {
        Error::unless_short(field, text, LONGEST)?;
        if has_wrong_placeholder(text) {
            return Err(Error::invalid(field, "acknowledge-placeholder-wrong"));
        }
    }
    let mut tx = app.db.write().await?;
    people::queue(&mut tx, queue).await?;
    store::set_acknowledgement_settings(&mut tx, queue, set).await?;
    super::record_setting(app, &mut tx, actor, "acknowledgements")?;
    tx.commit().await
}

/// Tells the customer of a new case that their mail has arrived, if its queue does so and nobody told them before.
pub async fn acknowledge(app: &App, tx: &mut Tx, case: CaseId) -> Result<()> {
    let row = cases::case(tx, case).await?;
    let set = settings(tx, row.queue).await?;
    // Where no answer is owed, such as to the hundredth mail of a flood, there is nothing to announce.
    if !set.is_on || row.due_at.is_none() || store::is_acknowledged(tx, case).await? {
        return Ok(());
    }
    let Some(to) = cases::recipient(tx, &row).await? else { return Ok(()) };
    let customer = customers::customer(tx, row.customer).await?;
    let manner = customer.manner(people::queue(tx, row.queue).await?.tone);
    let text = fill(app, set.text(manner), &row, &customer.name, customer.language);
    let answer = Answer { text, to: Some(to), automatic: true, then: Then::Keep, ..Answer::default() };
    let actor = Actor::kitt("acknowledgements");
    let contact = cases::reply_in(app, tx, &actor, case, answer).await?;
    store::insert_acknowledgement(tx, case, contact).await?;
    let about = About::case(case).of(row.customer);
    journal::record(app, tx, &actor, about, Fact::CaseAcknowledged { contact })
}

/// What queues say, and said, from the beginning, without news of it; for the example company.
pub mod past {
    use super::{
        AcknowledgementSettings, Actor, App, Case, CaseId, QueueId, Result, Timestamp, Tx, cases, customers,
        fill, people, store,
    };
    use crate::cases::{Channel, Direction, NewContact, State};
    use crate::platform::ContactId;

    pub async fn set(tx: &mut Tx, queue: QueueId, set: &AcknowledgementSettings) -> Result<()> {
        store::set_acknowledgement_settings(tx, queue, set).await
    }

    /// The customer was told at `at` that their mail has arrived, and that they hear from the house by `due`.
    pub async fn acknowledge(
        app: &App,
        tx: &mut Tx,
        case: CaseId,
        (at, due): (Timestamp, Timestamp),
    ) -> Result<ContactId> {
        let row = Case { due_at: Some(due), ..cases::case(tx, case).await? };
        let customer = customers::customer(tx, row.customer).await?;
        let queue = people::queue(tx, row.queue).await?;
        let set = super::settings(tx, row.queue).await?;
        let text = set.text(customer.manner(queue.tone));
        let contact = NewContact {
            direction: Direction::Outbound,
            channel: Channel::Email,
            from_address: queue.address,
            to_address: customers::email(tx, row.customer).await?,
            subject: Some(row.subject.clone()),
            text: fill(app, text, &row, &customer.name, customer.language),
            state: State::Sent,
            automatic: true,
            ..NewContact::of(&Actor::kitt("acknowledgements"), &row, at)
        };
        let contact = cases::add_past_aside(tx, &contact).await?;
        store::insert_acknowledgement(tx, case, contact).await?;
        Ok(contact)
    }
}

/// The text with what stands in for its placeholders, in one pass: a subject that looks like one stays as it is.
fn fill(app: &App, text: &str, case: &Case, name: &str, language: Language) -> String {
    let until = case.due_at.unwrap_or_else(|| app.now());
    let until = written(language, app.zone(), app.now(), until);
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        let tail = &rest[start + 1..];
        let (inner, after) = tail.split_once('}').unwrap_or((tail, ""));
        match inner.trim() {
            "name" => filled.push_str(name),
            "nummer" | "number" => filled.push_str(&case.number),
            "betreff" | "subject" => filled.push_str(&case.subject),
            "bis" | "until" => filled.push_str(&until),
            "haus" | "house" => filled.push_str(&app.settings().house),
            other => filled.extend(["{", other, "}"]),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// "17. November 2026, 14:00 Uhr": a day alone would be read as its morning.
fn written(language: Language, zone: TimeZone, now: Timestamp, at: Timestamp) -> String {
    let words = Words::new(language, zone, now);
    words.with2("acknowledge-until", ("day", words.date(&at)), ("time", words.time(&at))).into_owned()
}

/// `{…}` that customers would read as it stands.
fn has_wrong_placeholder(text: &str) -> bool {
    let known = |name: &str| PLACEHOLDERS.iter().flatten().any(|one| *one == name.trim());
    text.split('{').skip(1).any(|part| !part.split_once('}').is_some_and(|(name, _)| known(name)))
}

#[cfg(test)]
mod tests {
    use super::{ENGLISH, GERMAN, has_wrong_placeholder};

    #[test]
    fn what_customers_would_read_as_it_is_typed_is_found() {
        for (text, wrong) in [
            (GERMAN, false),
            (ENGLISH, false),
            ("{ name }", false),
            ("{nmae}", true),
            ("{name", true),
            ("", false),
        ] {
            assert_eq!(has_wrong_placeholder(text), wrong, "{text}");
        }
    }
}

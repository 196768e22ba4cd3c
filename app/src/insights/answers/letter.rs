//! What one customer of a run would read, and what is in the way of sending it.

use super::model::{Run, RunCase};
use crate::cases::{Case, Status};
use crate::customers;
use crate::platform::{Actor, App, Manner, Result, Tone, Tx};
use crate::snippets;

/// What a customer reads.
pub struct Letter {
    pub text: String,
    pub html: Option<String>,
    /// Why it cannot be sent, as a word of the pages.
    pub problem: Option<&'static str>,
    /// Whether it says „Sie" or „Du", where its language knows that; what is written for one case says what it says.
    pub tone: Option<Tone>,
    /// The customer is addressed otherwise.
    pub other_tone: bool,
    /// Greeting or closing address them otherwise than the text.
    pub mixed: bool,
    /// Tells one that is written otherwise, or for another language or form of address; what is filled in may differ.
    pub looked: String,
}

impl Letter {
    /// One that is written for this case alone.
    const fn own(text: String, problem: Option<&'static str>) -> Self {
        let looked = String::new();
        Self { text, html: None, problem, tone: None, other_tone: false, mixed: false, looked }
    }
}

/// The answer to one case: its own text, or the run's as its customer is written to, with what its queue's answers
/// begin and end with.
pub async fn letter(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    run: &Run,
    one: &RunCase,
    case: &Case,
) -> Result<Letter> {
    let problem = if case.status == Status::Closed || case.moved_to.is_some() || case.bin.is_some() {
        Some("answers-closed")
    } else {
        None
    };
    if let Some(text) = &one.text {
        return Ok(Letter::own(text.clone(), problem));
    }
    let manner = customers::manner(tx, case.customer, case.queue).await?;
    let (text, tone) = run.text(manner);
    if text.is_empty() {
        return Ok(Letter::own(String::new(), problem.or(Some("answers-no-text"))));
    }
    let snippets::Letter { filled, template, mixed } =
        snippets::letter(app, tx, actor, case, (text, tone)).await?;
    let looked = looked(manner, tone, &template);
    let hole = (!filled.missing.is_empty()).then_some("answers-hole");
    let text = mail::html::to_text(&filled.html).trim().to_owned();
    let (tone, other_tone) = (filled.tone, filled.other_tone);
    Ok(Letter { text, html: Some(filled.html), problem: problem.or(hole), tone, other_tone, mixed, looked })
}

fn looked(manner: Manner, tone: Option<Tone>, template: &str) -> String {
    let [asked, tone] = [manner.tone, tone].map(|tone| tone.map_or("", Tone::code));
    let said = format!("{} {asked} {tone}\n{template}", manner.language);
    blake3::hash(said.as_bytes()).to_hex().to_string()
}

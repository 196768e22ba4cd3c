//! Proposes how to document a case, learnt from this house's own confirmed cases.
//!
//! Each node keeps its own learner and follows the journal with it. Deliberately absent: any proposal of a cause
//! without experience. In a house that has confirmed little, fixed phrases still hint at wishes, praise and
//! competitors.

mod guesses;
mod learner;
mod lessons;
mod store;
mod student;

pub use learner::{Guess, Learner, Lesson};
pub(super) use lessons::voices;
pub use student::{keep_up, study, taught};

use serde::Serialize;
use utoipa::ToSchema;

use super::model::Insight;
use super::store as insights;
use crate::cases;
use crate::cases::Contact;
use crate::findings::Kind;
use crate::platform::{App, CaseId, ContactId, Result, Tx};

/// A proposal must be more probably right than wrong: below this nothing is proposed. On the example company 97 of
/// 100 proposals above it are right (see `examples/suggestions.rs`); stated and observed frequency agree on real
/// mails (README of the engine `language`).
pub const SURE: f32 = 0.5;
/// Beside a proposal, other causes are offered down to this.
const POSSIBLE: f32 = 0.03;
/// So many causes are offered; the keys 1 to 3 choose them.
const OFFERED: usize = 3;
/// Until a kind was confirmed so often, fixed phrases hint at it as well.
const EXPERIENCED: u32 = 30;
/// A phrase was found.
const CUE: f32 = 0.5;

/// The customer's own words, literally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Quote {
    pub text: String,
    pub contact: ContactId,
}

/// An insight that a case probably belongs to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggestion {
    pub insight: Insight,
    /// How probable it is, from 0 to 1.
    pub p: f32,
    pub quote: Option<Quote>,
}

/// Something else that is probably in the case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hint {
    pub kind: Kind,
    pub insight: Option<Insight>,
    /// How probable it is, from 0 to 1.
    pub p: f32,
    pub quote: Option<Quote>,
}

#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Suggestions {
    /// The most probable cause first; empty unless that one is at least [`SURE`].
    pub causes: Vec<Suggestion>,
    /// At most one of each kind but causes.
    pub others: Vec<Hint>,
    /// The words sound like a complaint.
    pub complaint: bool,
}

/// What the case is probably about.
pub async fn suggest(app: &App, tx: &mut Tx, case: CaseId) -> Result<Suggestions> {
    let voices = lessons::voices(tx, case).await?;
    let subject = cases::case(tx, case).await?.subject;
    let text = voices.iter().fold(subject, |text, contact| text + "\n" + contact.text.as_str());
    let guesses = guesses::of(app, &text, &voices).await;
    let mut suggestions = Suggestions { complaint: guesses.complaint, ..Suggestions::default() };
    for found in guesses.found.clone() {
        let insight = match found.insight {
            Some(id) => insights::find(tx, id).await?,
            None => None,
        };
        match (found.kind, insight) {
            (Kind::Cause, Some(insight)) => {
                suggestions.causes.push(Suggestion { insight, p: found.p, quote: found.quote });
            }
            (Kind::Cause, None) => {}
            (kind, insight) => {
                suggestions.others.push(Hint { kind, insight, p: found.p, quote: found.quote });
            }
        }
    }
    Ok(suggestions)
}

/// Something that was found in a case.
#[derive(Clone)]
struct Found {
    kind: Kind,
    insight: Option<crate::platform::InsightId>,
    p: f32,
    quote: Option<Quote>,
}

fn guess_all(learner: &Learner, text: &str, voices: &[Contact]) -> Vec<Found> {
    let mut found = Vec::new();
    for &kind in Kind::ALL {
        let guesses = learner.guess(kind, text);
        let sure = guesses.first().is_some_and(|best| SURE <= best.p);
        let most = if kind == Kind::Cause { OFFERED } else { 1 };
        if sure {
            for guess in guesses.into_iter().take(most).filter(|guess| POSSIBLE <= guess.p) {
                let quote = learnt_quote(learner, kind, &guess, voices);
                found.push(Found { kind, insight: guess.insight, p: guess.p, quote });
            }
        } else if learner.experience(kind) < EXPERIENCED {
            found.extend(cued(kind, voices));
        }
    }
    found
}

/// The sentence that speaks most for a guess, from the newest contact that has one.
fn learnt_quote(learner: &Learner, kind: Kind, guess: &Guess, voices: &[Contact]) -> Option<Quote> {
    voices.iter().rev().find_map(|contact| {
        let text = learner.quote(kind, guess.insight, &contact.text)?;
        Some(Quote { text: text.to_owned(), contact: contact.id })
    })
}

/// What fixed phrases say about a kind, with the sentence that has most of them.
fn cued(kind: Kind, voices: &[Contact]) -> Option<Found> {
    let strength = |text: &str| {
        let cues = language::cues(text);
        match kind {
            Kind::Wish => cues.wish,
            Kind::Praise => cues.praise,
            Kind::Competitor => cues.competitor,
            // A question mark alone shows no unclear information, and nothing tells of causes and hindrances.
            Kind::Cause | Kind::Unclear | Kind::Hindrance => 0.0,
        }
    };
    let sentences = voices
        .iter()
        .flat_map(|contact| language::sentences(&contact.text).into_iter().map(|s| (contact.id, s)));
    let (contact, sentence, p) = sentences
        .map(|(contact, sentence)| (contact, sentence, strength(sentence)))
        .max_by(|a, b| a.2.total_cmp(&b.2))
        .filter(|(_, _, p)| CUE <= *p)?;
    Some(Found { kind, insight: None, p, quote: Some(Quote { text: sentence.to_owned(), contact }) })
}

//! What the house's own confirmed cases taught: one model per kind, which tells the insights of that kind apart
//! and knows cases that had none of them.
//!
//! Pure: no database, clock or randomness. How well it proposes is measured by `examples/suggestions.rs`.

use std::collections::BTreeMap;

use language::{BrokenModel, Model};

use crate::findings::Kind;
use crate::platform::InsightId;

/// The label of cases that have nothing of a kind. No insight's id can be this.
const NOTHING: &str = "nothing";
/// The label of cases that have something of a kind, for which there is no insight.
const UNNAMED: &str = "unnamed";

/// Cases without the kind are not learnt when the model is already so sure of it: most cases have no wish and no
/// praise, and would fill the memory with what is known.
const KNOWN: f32 = 0.8;

/// One thing to learn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lesson {
    /// A new insight, before anybody confirmed a case of it.
    Described { kind: Kind, insight: InsightId, title: String, description: String },
    /// A case of this insight was confirmed; `None`: of this kind, and no insight yet.
    Confirmed { kind: Kind, insight: Option<InsightId>, text: String },
    /// A documented case had nothing of this kind.
    Nothing { kind: Kind, text: String },
    /// A case was moved from one insight to another.
    Moved { kind: Kind, from: Option<InsightId>, to: Option<InsightId>, text: String },
}

/// The models of a house.
#[derive(Debug, Clone, Default)]
pub struct Learner {
    models: BTreeMap<Kind, Model>,
}

/// A guess at the insight of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    /// `None`: something of the kind, and no insight that is known.
    pub insight: Option<InsightId>,
    /// From 0 to 1, see `language::Guess`.
    pub p: f32,
}

impl Learner {
    pub fn learn(&mut self, lesson: &Lesson) {
        match lesson {
            Lesson::Described { kind, insight, title, description } => {
                self.model(*kind).learn_description(&label(Some(*insight)), title, description);
            }
            Lesson::Confirmed { kind, insight, text } => self.model(*kind).learn(text, &label(*insight)),
            Lesson::Moved { kind, from, to, text } => {
                self.model(*kind).relabel(text, &label(*from), &label(*to));
            }
            Lesson::Nothing { kind, text } => {
                let model = self.model(*kind);
                let best = model.predict(text).into_iter().next();
                if !best.is_some_and(|best| best.label == NOTHING && KNOWN <= best.p) {
                    model.learn(text, NOTHING);
                }
            }
        }
    }

    fn model(&mut self, kind: Kind) -> &mut Model {
        self.models.entry(kind).or_default()
    }

    /// Insights of `kind`, the most probable first; empty if the text most probably has nothing of it.
    pub fn guess(&self, kind: Kind, text: &str) -> Vec<Guess> {
        let guesses = self.models.get(&kind).map(|model| model.predict(text)).unwrap_or_default();
        if guesses.first().is_some_and(|best| best.label == NOTHING) {
            return Vec::new();
        }
        let read = |guess: &language::Guess| {
            (guess.label != NOTHING).then(|| Guess { insight: insight(&guess.label), p: guess.p })
        };
        guesses.iter().filter_map(read).collect()
    }

    /// The sentence of `text` that speaks most for the insight.
    pub fn quote<'t>(&self, kind: Kind, insight: Option<InsightId>, text: &'t str) -> Option<&'t str> {
        self.models.get(&kind)?.quote(text, &label(insight))
    }

    /// Confirmed cases that had something of `kind`.
    pub fn experience(&self, kind: Kind) -> u32 {
        let labels = self.models.get(&kind).map(Model::labels).unwrap_or_default();
        labels.iter().filter(|(label, _)| *label != NOTHING).map(|(_, examples)| examples).sum()
    }

    /// Memory in bytes.
    pub fn memory(&self) -> usize {
        self.models.values().map(Model::memory).sum()
    }

    pub fn to_bytes(&self) -> Vec<(Kind, Vec<u8>)> {
        self.models.iter().map(|(kind, model)| (*kind, model.to_bytes())).collect()
    }

    /// # Errors
    ///
    /// [`BrokenModel`] for anything but the output of [`Learner::to_bytes`].
    pub fn from_bytes(parts: &[(Kind, Vec<u8>)]) -> Result<Self, BrokenModel> {
        let read = |(kind, bytes): &(Kind, Vec<u8>)| Ok((*kind, Model::from_bytes(bytes)?));
        Ok(Self { models: parts.iter().map(read).collect::<Result<_, _>>()? })
    }
}

fn label(insight: Option<InsightId>) -> String {
    insight.map_or_else(|| UNNAMED.to_owned(), |insight| insight.to_string())
}

fn insight(label: &str) -> Option<InsightId> {
    label.parse().ok().map(InsightId)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATE: Option<InsightId> = Some(InsightId(1));
    const SCRATCH: Option<InsightId> = Some(InsightId(2));

    fn confirmed(insight: Option<InsightId>, text: &str) -> Lesson {
        Lesson::Confirmed { kind: Kind::Cause, insight, text: text.into() }
    }

    fn taught() -> Learner {
        let mut learner = Learner::default();
        for round in 0..6 {
            learner.learn(&confirmed(LATE, &format!("Das Sofa kam nicht zum Liefertermin {round}")));
            learner.learn(&confirmed(SCRATCH, &format!("Die Tischplatte ist zerkratzt, Fall {round}")));
            let text = format!("Danke für die freundliche Beratung {round}");
            learner.learn(&Lesson::Nothing { kind: Kind::Cause, text });
        }
        learner
    }

    #[test]
    fn what_was_confirmed_is_guessed_and_thanks_are_no_fault() {
        let learner = taught();
        let best = |text| learner.guess(Kind::Cause, text).first().and_then(|guess| guess.insight);
        assert_eq!(best("Wieder kein Liefertermin für mein Sofa"), LATE);
        assert_eq!(best("Tischplatte zerkratzt"), SCRATCH);
        assert_eq!(best("Danke für die Beratung"), None);
        assert_eq!(learner.guess(Kind::Wish, "Tischplatte zerkratzt"), []);
        assert_eq!((learner.experience(Kind::Cause), learner.experience(Kind::Praise)), (12, 0));
    }

    #[test]
    fn a_moved_case_counts_for_its_new_insight() {
        let mut learner = taught();
        let text = "Die Tischplatte ist zerkratzt, Fall 0".to_owned();
        learner.learn(&Lesson::Moved { kind: Kind::Cause, from: SCRATCH, to: Some(InsightId(3)), text });
        assert!(
            learner.guess(Kind::Cause, "zerkratzt").iter().any(|guess| guess.insight == Some(InsightId(3)))
        );
        assert_eq!(learner.experience(Kind::Cause), 12);
    }

    #[test]
    fn a_kept_learner_guesses_as_before() {
        let learner = taught();
        let kept = Learner::from_bytes(&learner.to_bytes()).expect("our own bytes");
        let text = "Wieder kein Liefertermin für mein Sofa";
        assert_eq!(kept.guess(Kind::Cause, text), learner.guess(Kind::Cause, text));
        assert!(Learner::from_bytes(&[(Kind::Cause, b"other".to_vec())]).is_err());
    }
}

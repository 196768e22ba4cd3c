//! Words that begin with the same letter and resemble another one.
//!
//! Whoever looks for two slips anywhere walks through most of a dictionary with a million words; with the first letter
//! given it is a twentieth of that.

use tantivy::Term;
use tantivy::query::{AutomatonWeight, DfaWrapper, EnableScoring, FuzzyTermQuery, Query, Weight};
use tantivy::schema::Field;
use tantivy_fst::Automaton;

#[derive(Debug, Clone)]
pub struct Near {
    field: Field,
    first: Option<u8>,
    whole: FuzzyTermQuery,
}

impl Near {
    pub fn new(field: Field, word: &str, slips: u8) -> Self {
        let whole = FuzzyTermQuery::new(Term::from_field_text(field, word), slips, true);
        Self { field, first: word.bytes().next(), whole }
    }
}

impl Query for Near {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let automaton = SameBeginning { first: self.first, whole: self.whole.automaton()? };
        Ok(Box::new(AutomatonWeight::new(self.field, automaton)))
    }
}

struct SameBeginning {
    first: Option<u8>,
    whole: DfaWrapper,
}

#[derive(Clone, Copy)]
enum At {
    Beginning,
    Within(u32),
    /// It began otherwise.
    Nowhere,
}

impl Automaton for SameBeginning {
    type State = At;

    fn start(&self) -> At {
        At::Beginning
    }

    fn is_match(&self, state: &At) -> bool {
        matches!(state, At::Within(state) if self.whole.is_match(state))
    }

    fn can_match(&self, state: &At) -> bool {
        match state {
            At::Beginning => true,
            At::Within(state) => self.whole.can_match(state),
            At::Nowhere => false,
        }
    }

    fn accept(&self, state: &At, byte: u8) -> At {
        match state {
            At::Beginning if self.first == Some(byte) => {
                At::Within(self.whole.accept(&self.whole.start(), byte))
            }
            At::Within(state) => At::Within(self.whole.accept(state, byte)),
            At::Beginning | At::Nowhere => At::Nowhere,
        }
    }
}

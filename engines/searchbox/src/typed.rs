//! What was typed, understood: clauses, and notes about what was not.

use std::ops::Range;

use crate::{Operator, Period};

/// What was typed, understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    /// All are needed.
    pub parts: Vec<Part>,
    pub notes: Vec<Note>,
}

/// Clauses between `ODER`: one of them is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub any: Vec<Clause>,
}

/// One thing that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Must not be there.
    pub not: bool,
    pub want: Want,
    /// Where it stands in what was typed.
    pub range: Range<usize>,
}

/// What a clause asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// Anywhere.
    Words(Text),
    /// In one place: `From`, `To`, `Subject`, `Customer` or `File`.
    In(Operator, Text),
    /// A queue, a person, a tag … by name: what [`Operator::is_named`] says.
    Named(Operator, String),
    /// One of [`Operator::values`], or who types or nobody and nothing in place of a name.
    Code(Operator, &'static str),
    /// Something was said at this time.
    Said(Operator, Period),
}

impl Want {
    /// `None` for words that were typed without one.
    pub const fn operator(&self) -> Option<Operator> {
        match self {
            Self::Words(_) => None,
            Self::In(operator, _)
            | Self::Named(operator, _)
            | Self::Code(operator, _)
            | Self::Said(operator, _) => Some(*operator),
        }
    }
}

/// Words to be searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub text: String,
    /// In quotation marks: these words one after the other, as they stand.
    pub exact: bool,
    /// Ended with `*`: whatever begins so.
    pub wild: bool,
}

/// What was not understood, and therefore searched as words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// No operator is called so.
    UnknownOperator(String),
    /// The operator does not know this value.
    UnknownValue(Operator, String),
    /// Nothing stands behind the colon.
    Empty(Operator),
    /// Only the first clauses count.
    TooMany,
}

impl Typed {
    /// `typed` without one clause; `self` was parsed from it.
    pub fn without(&self, typed: &str, part: usize, clause: usize) -> String {
        let mut all = Vec::new();
        for (index, Part { any }) in self.parts.iter().enumerate() {
            let kept = any.iter().enumerate().filter(|(at, _)| index != part || *at != clause);
            let kept: Vec<&str> = kept.map(|(_, clause)| typed[clause.range.clone()].trim()).collect();
            if !kept.is_empty() {
                all.push(kept.join(" ODER "));
            }
        }
        all.join(" ")
    }

    /// The words that are looked for anywhere, for marking them in what was found.
    pub fn words(&self) -> impl Iterator<Item = &Text> {
        self.parts.iter().flat_map(|part| &part.any).filter(|clause| !clause.not).filter_map(|clause| {
            match &clause.want {
                Want::Words(text) | Want::In(Operator::Subject | Operator::File, text) => Some(text),
                _ => None,
            }
        })
    }

    /// Is nothing looked for?
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

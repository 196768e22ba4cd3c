//! What could come next while somebody types.

use crate::parse::is_quote;
use crate::{Operator, Value};

/// Offers for the last word of what is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completion {
    /// Operators that begin so, to be put in place of the word.
    Operators(Vec<Operator>),
    /// Values of an operator that begin so.
    Values(Operator, Vec<&'static Value>),
    /// The operator takes a name that begins so.
    Name(Operator, String),
    /// Nothing but words.
    Nothing,
}

/// What could stand in place of `typed[start..]`, which is the last word or what follows the last colon.
pub fn complete(typed: &str) -> (usize, Completion) {
    let before = quoted_name(typed).map_or(typed, |mark| &typed[..mark]);
    let word = before
        .rfind(char::is_whitespace)
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let start = word + typed[word..].len() - typed[word..].trim_start_matches(['-', '!']).len();
    let last = &typed[start..];
    if let Some((name, begun)) = last.split_once(':') {
        let Some(operator) = Operator::named(&language::fold(name)) else {
            return (start, Completion::Nothing);
        };
        return (start + name.len() + 1, after(operator, begun));
    }
    let folded = language::fold(last);
    if folded.is_empty() {
        return (start, Completion::Nothing);
    }
    let begins = |operator: &Operator| operator.names()[..2].iter().any(|name| name.starts_with(&folded));
    let found: Vec<Operator> = Operator::ALL.into_iter().filter(begins).collect();
    (start, if found.is_empty() { Completion::Nothing } else { Completion::Operators(found) })
}

/// Where the quotation mark of a name stands that goes on to the end: the name may have spaces.
fn quoted_name(typed: &str) -> Option<usize> {
    let mut open = None;
    for (at, _) in typed.match_indices(is_quote) {
        open = if open.is_none() { Some(at) } else { None };
    }
    open.filter(|mark| typed[..*mark].ends_with(':'))
}

fn after(operator: Operator, begun: &str) -> Completion {
    let folded = language::fold(begun.trim_start_matches(is_quote));
    if operator.values().is_empty() {
        let takes_name =
            operator.is_named() || matches!(operator, Operator::From | Operator::To | Operator::Customer);
        return if takes_name { Completion::Name(operator, folded) } else { Completion::Nothing };
    }
    let begins = |value: &&Value| value.names.iter().any(|name| name.starts_with(&folded));
    Completion::Values(operator, operator.values().iter().filter(begins).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_last_word_is_completed() {
        assert_eq!(complete("Sofa vo"), (5, Completion::Operators(vec![Operator::From, Operator::Before])));
        assert_eq!(complete("-hat"), (1, Completion::Operators(vec![Operator::Has])));
        assert_eq!(complete("kunde:Mül"), (6, Completion::Name(Operator::Customer, "muel".into())));
        assert_eq!(complete("-erwä"), (1, Completion::Operators(vec![Operator::Mentioned])));
        assert_eq!(complete("Sofa tag:\"Rote L"), (9, Completion::Name(Operator::Tag, "rote l".into())));
        assert_eq!(complete("tag:\"Rote\" L"), (11, Completion::Nothing), "spaces end what is completed");
        assert_eq!(complete("\"rote tag:L"), (10, Completion::Name(Operator::Tag, "l".into())));
        assert_eq!(complete("tag:\"Ro"), (4, Completion::Name(Operator::Tag, "ro".into())));
        assert_eq!(complete("state:"), (6, Completion::Name(Operator::State, String::new())));
        assert_eq!(complete("Sofa "), (5, Completion::Nothing));
        assert_eq!(complete("http://x"), (0, Completion::Nothing));
        let (start, Completion::Values(Operator::Status, values)) = complete("status:") else {
            panic!("values")
        };
        assert_eq!((start, values.len()), (7, 3));
    }

    proptest! {
        #[test]
        fn anything_may_be_completed(typed in "(von|ist|:|-|\"| |\u{a0}|ä|\\PC){0,20}") {
            let (start, _) = complete(&typed);
            prop_assert!(typed.get(start..).is_some());
        }
    }
}

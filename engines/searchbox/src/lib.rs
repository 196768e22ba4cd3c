//! What people type into the search box, read: words, phrases, operators in German and English, dates.
//!
//! [`parse`] cannot fail. What it does not understand is searched as words, and [`Note`]s say so. Which operators
//! there are, and what they are called, is in [`Operator`]; [`complete`] offers them while somebody types.
//!
//! Deliberately absent: brackets, and what the words of a house (queues, people) stand for: the caller knows.

mod complete;
mod operators;
mod parse;
mod period;
mod typed;

pub use complete::{Completion, complete};
pub use operators::{Operator, Value};
pub use parse::{is_quote, parse};
pub use period::{Period, period};
pub use typed::{Clause, Note, Part, Text, Typed, Want};

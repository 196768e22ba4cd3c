//! What customers' words tell: folding, parts of compounds, sentences, a classifier that learns from confirmed cases, cues.
//!
//! The classifier proposes how to document a case (kind, station, insight, department). It learns one
//! confirmed case at a time, for labels that nobody knew before, in German and English, and states how
//! sure it is: see [`Model`]. Figures measured on real mails are in this crate's README.
//!
//! Deliberately absent: language models, word lists of topics, anything downloaded. A house's model
//! knows only what the house's own cases taught it.

mod compounds;
mod cues;
mod features;
mod fold;
mod model;
mod sentences;
mod words;

pub use compounds::parts;
pub use cues::{Cues, cues};
pub use fold::fold;
pub use model::{BrokenModel, Guess, Model, WordWeight};
pub use sentences::sentences;

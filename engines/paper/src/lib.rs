//! Words on paper: headings, pairs and texts become the pages of a PDF.
//!
//! The letters are those of a font that comes along ([`faces`]): Latin, Greek and Cyrillic, of which a file holds only
//! what it shows. What the font lacks (emoji, Chinese, Arabic) is a box that still says what it stands for when it is
//! copied or searched, and is counted ([`Done::lost`]), so that the page can say so. Each block is tagged as what it
//! is, and the headings are the file's table of contents: a screen reader reads it as a page of the house (PDF/UA).
//!
//! Deliberately absent: pictures, forms, links (what customers wrote is not made clickable), scripts that run from the
//! right or join their letters.

mod breaks;
mod faces;
mod lines;
mod pages;
mod tags;

pub use pages::{Done, Failure};

/// A piece of the paper, from above to below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Title(String),
    /// Small and grey.
    Small(String),
    /// What something is called, and what it is.
    Pair(String, String),
    /// Begins a part, below a line: whose it is, and what else there is to say.
    Heading(String, String),
    /// As it was written; line breaks count.
    Text(String),
    /// The same behind a bar: not meant for everybody.
    Note(String),
    /// Behind a bar and grey: somebody else's words.
    Quote(String),
    Item(String),
}

/// What is written.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The file's own title.
    pub title: String,
    /// `de` or `en`
    pub language: &'static str,
    /// Stands at the foot of each page, left of its number.
    pub foot: String,
    pub blocks: Vec<Block>,
}

impl Paper {
    /// The file. `number` says which page of how many one is.
    ///
    /// # Errors
    ///
    /// [`Failure`] if the bytes cannot be put together, which no text causes.
    pub fn pdf(&self, number: impl Fn(usize, usize) -> String) -> Result<Done, Failure> {
        pages::write(self, &number)
    }
}

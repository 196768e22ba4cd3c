//! Words on paper: headings, pairs and texts become the pages of a PDF.
//!
//! It sets text in Helvetica, which every reader of PDF brings along, so that a page of a case is a few kilobytes. That
//! reaches as far as the letters of western Europe; others lose their marks ([`letters`]), and what has no likeness
//! there is a question mark and counted ([`Done::lost`]), so that the page can say so.
//!
//! Deliberately absent: pictures, fonts of the house, forms.

mod letters;
mod lines;
mod pages;

pub use pages::{Done, Failure};

/// A piece of the paper, from above to below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Title(String),
    /// Small and grey.
    Small(String),
    /// What something is called, and what it is.
    Pair(String, String),
    /// Begins a part, below a line.
    Heading(String),
    /// As it was written; line breaks count.
    Text(String),
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

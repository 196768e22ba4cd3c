//! Breaks blocks into lines that fit between the margins.

use std::rc::Rc;

use crate::Block;
use crate::breaks::broken;
use crate::faces::{Faces, Letter, clean};

/// Points from margin to margin of an A4 page.
pub const WIDE: f32 = 483.0;
/// Where what a pair says begins.
const SECOND: f32 = 112.0;
/// How far text stands off from a bar.
const INDENT: f32 = 10.0;
/// Between whose a part is and what else is said of it.
const GAP: f32 = 8.0;
/// A longer heading is cut where it is named only.
const LONGEST_ENTRY: usize = 200;

/// A line of text: one piece, or two beside each other.
#[derive(Debug, Clone)]
pub struct Line {
    pub pieces: Vec<Piece>,
    /// Points from this line to the next.
    pub height: f32,
    /// Space above it, dropped at the top of a page.
    pub above: f32,
    /// A rule stands above it.
    pub ruled: bool,
    /// A bar stands at its left.
    pub barred: bool,
    /// Stands on the same page as the lines after it, so many.
    pub with_next: usize,
    /// Its entry in the table of contents.
    pub entry: Option<String>,
}

/// Letters that are set one after the other in one style. `x` is points from the left edge of the text.
#[derive(Debug, Clone)]
pub struct Piece {
    pub x: f32,
    pub style: Style,
    pub letters: Vec<Letter>,
    /// What the letters are parts of.
    pub text: Rc<str>,
    pub of: Of,
}

impl Piece {
    /// Points that it is wide.
    pub fn wide(&self) -> f32 {
        measure(&self.letters) * self.style.size
    }
}

/// What of the paper a piece belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of {
    pub block: usize,
    pub part: Part,
}

/// Which part of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The name of a pair, the sign before an item.
    Label,
    Said,
}

/// How letters look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    pub size: f32,
    pub bold: bool,
    pub grey: bool,
    above: f32,
}

const TITLE: Style = Style { size: 16.5, bold: true, grey: false, above: 4.0 };
const SMALL: Style = Style { size: 8.0, bold: false, grey: true, above: 3.0 };
const NAME: Style = Style { size: 9.0, bold: false, grey: true, above: 0.0 };
const VALUE: Style = Style { size: 9.0, bold: false, grey: false, above: 2.5 };
const TEXT: Style = Style { size: 9.5, bold: false, grey: false, above: 4.0 };
const QUOTE: Style = Style { size: 9.0, bold: false, grey: true, above: 4.0 };
const HEADING: Style = Style { size: 9.5, bold: true, grey: false, above: 16.0 };
const ABOUT: Style = Style { size: 8.5, bold: false, grey: true, above: 0.0 };
const ITEM: Style = Style { size: 9.0, bold: false, grey: false, above: 3.0 };

/// Lines of a paper, and how many signs the font lacks in them.
pub struct Set<'a> {
    faces: &'a Faces,
    pub lines: Vec<Line>,
    pub lost: usize,
    block: usize,
}

impl<'a> Set<'a> {
    pub const fn new(faces: &'a Faces) -> Self {
        Self { faces, lines: Vec::new(), lost: 0, block: 0 }
    }

    /// Sets a block as lines below those that are there.
    pub fn block(&mut self, block: &Block) {
        let first = self.lines.len();
        match block {
            Block::Title(text) => {
                self.add(text, TITLE, 0.0);
                self.keep_with(first, 1);
                self.enter(first, text);
            }
            Block::Small(text) => self.add(text, SMALL, 0.0),
            Block::Text(text) => self.add(text, TEXT, 0.0),
            Block::Note(text) => self.behind_a_bar(text, TEXT),
            Block::Quote(text) => self.behind_a_bar(text, QUOTE),
            Block::Item(text) => {
                self.add(text, ITEM, INDENT);
                self.label(first, "•", ITEM);
            }
            Block::Heading(name, about) => {
                self.heading(name, about);
                self.keep_with(first, 2);
                self.enter(first, &format!("{name} · {about}"));
            }
            Block::Pair(name, said) => {
                self.add(said, VALUE, SECOND);
                self.label(first, name, NAME);
            }
        }
        self.block += 1;
    }

    /// One line that is not broken but cut, such as the foot of a page.
    pub fn single(&mut self, text: &str, wide: f32) -> Piece {
        let mut piece = self.piece(&one_line(text), SMALL, 0.0, Part::Said);
        while wide < piece.wide() && piece.letters.pop().is_some() {}
        piece
    }

    fn heading(&mut self, name: &str, about: &str) {
        let first = self.lines.len();
        self.add(name, HEADING, 0.0);
        self.lines[first].ruled = true;
        let about = one_line(about);
        let beside = self.piece(&about, ABOUT, 0.0, Part::Said);
        let last = self.lines.len() - 1;
        let begins = self.lines[last].pieces[0].wide() + GAP;
        if begins + beside.wide() <= WIDE {
            self.lines[last].pieces.push(Piece { x: begins, ..beside });
        } else {
            self.add(&about, ABOUT, 0.0);
        }
    }

    fn behind_a_bar(&mut self, text: &str, style: Style) {
        let first = self.lines.len();
        self.add(text, style, INDENT);
        for line in &mut self.lines[first..] {
            line.barred = true;
        }
    }

    /// Adds what is written: at least one line, and none of them alone on a page.
    fn add(&mut self, text: &str, style: Style, x: f32) {
        let first = self.lines.len();
        let mut above = style.above;
        for paragraph in clean(text.trim_end()).split('\n') {
            let whole = self.piece(paragraph.trim_end(), style, x, Part::Said);
            for line in broken(&whole.text, &whole.letters, (WIDE - x) / style.size) {
                let piece = Piece { letters: whole.letters[line].to_vec(), ..whole.clone_empty() };
                self.lines.push(Line {
                    pieces: vec![piece],
                    height: style.size * 1.42,
                    above,
                    ruled: false,
                    barred: false,
                    with_next: 0,
                    entry: None,
                });
                above = 0.0;
            }
        }
        let last = self.lines.len() - 1;
        if first + 1 < last {
            self.lines[first].with_next = 1;
            self.lines[last - 1].with_next = 1;
        }
    }

    fn keep_with(&mut self, first: usize, next: usize) {
        for line in &mut self.lines[first..] {
            line.with_next = next;
        }
    }

    fn enter(&mut self, first: usize, text: &str) {
        self.lines[first].entry = Some(entry(text));
    }

    /// Writes a name before the block that begins with line `first`.
    fn label(&mut self, first: usize, name: &str, style: Style) {
        let piece = self.piece(&one_line(name), style, 0.0, Part::Label);
        self.lines[first].pieces.insert(0, piece);
    }

    fn piece(&mut self, text: &str, style: Style, x: f32, part: Part) -> Piece {
        let letters = self.faces.of(style.bold).letters(text);
        self.lost += letters.iter().filter(|letter| letter.is_box).count();
        Piece { x, style, letters, text: text.into(), of: Of { block: self.block, part } }
    }
}

impl Piece {
    fn clone_empty(&self) -> Self {
        Self { letters: Vec::new(), text: self.text.clone(), ..*self }
    }
}

/// A text without breaks.
pub fn one_line(text: &str) -> String {
    clean(text).replace('\n', " ")
}

/// A heading as tables of contents name it.
pub fn entry(text: &str) -> String {
    one_line(text).chars().take(LONGEST_ENTRY).collect()
}

fn measure(letters: &[Letter]) -> f32 {
    letters.iter().map(|letter| letter.wide).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(blocks: &[Block]) -> (Vec<Line>, usize) {
        let faces = Faces::load().expect("the fonts are whole");
        let mut set = Set::new(&faces);
        for block in blocks {
            set.block(block);
        }
        (set.lines, set.lost)
    }

    #[test]
    fn a_pair_stands_side_by_side_and_a_break_is_kept() {
        let (lines, _) =
            set(&[Block::Pair("Fall".into(), "26-10001".into()), Block::Text("eins\n\nzwei".into())]);
        let pieces: Vec<usize> = lines.iter().map(|line| line.pieces.len()).collect();
        assert_eq!(pieces, [2, 1, 1, 1]);
    }

    #[test]
    fn what_is_said_of_a_part_stands_beside_its_name_or_below() {
        let heading = |about: &str| set(&[Block::Heading("Ingrid".into(), about.into())]).0;
        assert_eq!(heading("E-Mail").len(), 1);
        assert_eq!(heading(&"E-Mail · ".repeat(20)).len(), 3);
    }

    #[test]
    fn signs_that_the_font_lacks_are_counted() {
        assert_eq!(set(&[Block::Text("Да 🙂 東京".into()), Block::Title("🙂".into())]).1, 4);
    }
}

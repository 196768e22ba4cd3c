//! Breaks blocks into lines that fit between the margins.

use crate::Block;
use crate::letters::{byte, is_silent, width};

/// Points from margin to margin of an A4 page.
pub const WIDE: f32 = 483.0;
/// Where what a pair says begins.
const SECOND: f32 = 120.0;

/// A line of text: one piece, or two beside each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub pieces: Vec<Piece>,
    /// Points from this line to the next.
    pub height: f32,
    /// Space above it, dropped at the top of a page.
    pub above: f32,
    /// A rule stands above it.
    pub ruled: bool,
    /// Stands on the same page as the lines after it, so many.
    pub with_next: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub x: f32,
    pub size: f32,
    pub bold: bool,
    pub grey: bool,
    pub text: Vec<u8>,
}

/// How a block is set.
#[derive(Clone, Copy)]
struct Style {
    size: f32,
    bold: bool,
    grey: bool,
    above: f32,
}

const TITLE: Style = Style { size: 17.0, bold: true, grey: false, above: 6.0 };
const SMALL: Style = Style { size: 8.5, bold: false, grey: true, above: 2.0 };
const NAME: Style = Style { size: 9.5, bold: false, grey: true, above: 0.0 };
const TEXT: Style = Style { size: 10.0, bold: false, grey: false, above: 3.0 };
const HEADING: Style = Style { size: 10.0, bold: true, grey: false, above: 14.0 };
const ITEM: Style = Style { size: 9.5, bold: false, grey: false, above: 1.0 };

/// Lines of a paper, and how many characters have no likeness in them.
#[derive(Default)]
pub struct Set {
    pub lines: Vec<Line>,
    pub lost: usize,
}

impl Set {
    pub fn block(&mut self, block: &Block) {
        match block {
            Block::Title(text) => self.add(text, TITLE, 0.0, 1),
            Block::Small(text) => self.add(text, SMALL, 0.0, 0),
            Block::Text(text) => self.add(text, TEXT, 0.0, 0),
            Block::Item(text) => self.add(&format!("• {text}"), ITEM, 8.0, 0),
            Block::Heading(text) => {
                let first = self.lines.len();
                self.add(text, HEADING, 0.0, 2);
                if let Some(line) = self.lines.get_mut(first) {
                    line.ruled = true;
                }
            }
            Block::Pair(name, said) => {
                let first = self.lines.len();
                self.add(said, TEXT, SECOND, 0);
                let text = self.encode(name);
                if let Some(line) = self.lines.get_mut(first) {
                    let piece = Piece { x: 0.0, size: NAME.size, bold: NAME.bold, grey: NAME.grey, text };
                    line.pieces.insert(0, piece);
                }
            }
        }
    }

    /// One line that is not broken, such as the foot of a page.
    pub fn single(&mut self, text: &str) -> Piece {
        let text = self.encode(text);
        Piece { x: 0.0, size: SMALL.size, bold: SMALL.bold, grey: SMALL.grey, text }
    }

    fn add(&mut self, text: &str, style: Style, x: f32, with_next: usize) {
        let mut above = style.above;
        for paragraph in text.trim_end().split('\n') {
            let bytes = self.encode(paragraph.trim_end());
            for text in broken(&bytes, style, WIDE - x) {
                let piece = Piece { x, size: style.size, bold: style.bold, grey: style.grey, text };
                let height = style.size * 1.38;
                self.lines.push(Line { pieces: vec![piece], height, above, ruled: false, with_next });
                above = 0.0;
            }
        }
    }

    fn encode(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len());
        for letter in text.chars() {
            match byte(letter) {
                _ if letter == '\t' => bytes.extend_from_slice(b"    "),
                _ if is_silent(letter) => {}
                Some(byte) => bytes.push(byte),
                None => {
                    bytes.push(b'?');
                    self.lost += 1;
                }
            }
        }
        bytes
    }
}

/// Points that a text is wide.
pub fn measure(text: &[u8], size: f32, bold: bool) -> f32 {
    text.iter().map(|byte| f32::from(width(*byte, bold)) * size / 1000.0).sum()
}

/// Lines of at most `wide` points, broken at spaces, and within words that are longer. An empty text is one line.
fn broken(text: &[u8], style: Style, wide: f32) -> Vec<Vec<u8>> {
    let fits = |line: &[u8]| measure(line, style.size, style.bold) <= wide;
    let mut lines = Vec::new();
    let mut line: Vec<u8> = Vec::new();
    for word in text.split(|byte| *byte == b' ') {
        let mut longer = line.clone();
        if !line.is_empty() {
            longer.push(b' ');
        }
        longer.extend_from_slice(word);
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for byte in word {
            line.push(*byte);
            if !fits(&line) && 1 < line.len() {
                line.pop();
                lines.push(std::mem::replace(&mut line, vec![*byte]));
            }
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn german_letters_stay_and_others_lose_their_marks() {
        let mut set = Set::default();
        assert_eq!(set.encode("Größe „ä“ – 5 €"), b"Gr\xf6\xdfe \x84\xe4\x93 \x96 5 \x80");
        assert_eq!(set.encode("Łukasz Dvořák Şahin"), b"Lukasz Dvor\xe1k Sahin");
        assert_eq!((set.encode("\u{200d}🙂 да"), set.lost), (b"? ??".to_vec(), 3));
    }

    #[test]
    fn a_pair_stands_side_by_side_and_a_break_is_kept() {
        let mut set = Set::default();
        set.block(&Block::Pair("Fall".into(), "26-10001".into()));
        set.block(&Block::Text("eins\n\nzwei".into()));
        let texts: Vec<usize> = set.lines.iter().map(|line| line.pieces.len()).collect();
        assert_eq!(texts, [2, 1, 1, 1]);
    }

    proptest! {
        #[test]
        fn every_line_fits_and_no_letter_is_lost(text in "[a-zA-Zäöü ]{0,400}") {
            let mut set = Set::default();
            set.block(&Block::Text(text.clone()));
            let mut kept = Vec::new();
            for line in &set.lines {
                let piece = &line.pieces[0];
                prop_assert!(measure(&piece.text, piece.size, piece.bold) <= WIDE);
                kept.extend(piece.text.iter().copied().filter(|byte| *byte != b' '));
            }
            let wanted: Vec<u8> = text.chars().filter(|c| *c != ' ').filter_map(byte).collect();
            prop_assert_eq!(kept, wanted);
        }
    }
}

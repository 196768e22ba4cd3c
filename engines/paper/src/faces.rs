//! The font: which letters it has, how wide they are, and what stands for those that it lacks.

use std::ops::Range;

use krilla::surface::Location;
use krilla::text::{Font, Glyph, GlyphId};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};
use unicode_normalization::UnicodeNormalization;

static REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");

/// Stands for what the font lacks.
const BOX: char = '□';
const JOINER: char = '\u{200d}';

/// Our font in its two weights.
pub struct Faces {
    pub regular: Face,
    pub bold: Face,
}

impl Faces {
    /// `None`: the files that come along are damaged.
    pub fn load() -> Option<Self> {
        Some(Self { regular: Face::load(REGULAR)?, bold: Face::load(BOLD)? })
    }

    pub const fn of(&self, bold: bool) -> &Face {
        if bold { &self.bold } else { &self.regular }
    }
}

/// A typeface: its letters and how wide they are.
pub struct Face {
    pub font: Font,
    letters: Charmap<'static>,
    widths: GlyphMetrics<'static>,
    em: f32,
}

/// A letter as it is drawn; lengths are parts of the font's size.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    glyph: u32,
    /// What it says, in the text that it was made of.
    pub said: Range<usize>,
    pub wide: f32,
    /// How far it is moved from its place: a mark goes onto the letter before it.
    moved: f32,
    /// The font lacks it.
    pub is_box: bool,
}

impl Glyph for Letter {
    fn glyph_id(&self) -> GlyphId {
        GlyphId::new(self.glyph)
    }

    fn text_range(&self) -> Range<usize> {
        self.said.clone()
    }

    fn x_advance(&self, size: f32) -> f32 {
        self.wide * size
    }

    fn x_offset(&self, size: f32) -> f32 {
        self.moved * size
    }

    fn y_offset(&self, _: f32) -> f32 {
        0.0
    }

    fn y_advance(&self, _: f32) -> f32 {
        0.0
    }

    fn location(&self) -> Option<Location> {
        None
    }
}

impl Letter {
    /// Stands on the letter before it.
    pub fn is_mark(&self) -> bool {
        self.wide == 0.0
    }
}

impl Face {
    fn load(bytes: &'static [u8]) -> Option<Self> {
        let font = FontRef::new(bytes).ok()?;
        let (unscaled, standing) = (Size::unscaled(), LocationRef::default());
        Some(Self {
            letters: font.charmap(),
            widths: font.glyph_metrics(unscaled, standing),
            em: f32::from(font.metrics(unscaled, standing).units_per_em),
            font: Font::new(bytes.into(), 0)?,
        })
    }

    /// The letters of a line that was made [`clean`].
    pub fn letters(&self, text: &str) -> Vec<Letter> {
        let mut letters: Vec<Letter> = Vec::with_capacity(text.len());
        let mut before = None;
        for (at, one) in text.char_indices() {
            let end = at + one.len_utf8();
            // A family or a flag is one box, however many characters it takes.
            if joins(before, one)
                && let Some(last) = letters.last_mut().filter(|last| last.is_box)
            {
                last.said.end = end;
            } else if !is_hidden(one) {
                let letter = self.glyph(one).map(|glyph| self.letter(glyph, at..end, letters.last()));
                letters.push(letter.unwrap_or_else(|| self.boxed(at..end)));
            }
            // The second half of a flag begins no third one.
            let is_whole = is_half_flag(one) && before.is_some_and(is_half_flag);
            before = (!is_whole).then_some(one);
        }
        letters
    }

    fn glyph(&self, letter: char) -> Option<u32> {
        self.letters.map(letter).map(skrifa::GlyphId::to_u32).filter(|glyph| *glyph != 0)
    }

    fn letter(&self, glyph: u32, said: Range<usize>, before: Option<&Letter>) -> Letter {
        let wide = self.widths.advance_width(skrifa::GlyphId::new(glyph)).unwrap_or(0.0) / self.em;
        let mut moved = 0.0;
        if wide == 0.0
            && let Some(bounds) = self.widths.bounds(skrifa::GlyphId::new(glyph))
        {
            let middle = f32::midpoint(bounds.x_min, bounds.x_max) / self.em;
            moved = -middle - before.map_or(0.0, |letter| letter.wide / 2.0);
        }
        Letter { glyph, said, wide, moved, is_box: false }
    }

    fn boxed(&self, said: Range<usize>) -> Letter {
        Letter { is_box: true, ..self.letter(self.glyph(BOX).unwrap_or(0), said, None) }
    }
}

/// A text as it can be set: letters put together with their marks, blanks that are blanks, and nothing that hides other
/// letters or turns them around.
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for letter in text.nfc() {
        match letter {
            '\t' => clean.push_str("    "),
            '\n' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\u{a0}' | '\u{2007}' | '\u{202f}' => clean.push('\u{a0}'),
            '\r'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'
            | '\u{ffff}' => {}
            _ if letter.is_whitespace() => clean.push(' '),
            _ if letter.is_control() => {}
            _ => clean.push(letter),
        }
    }
    clean
}

/// Belongs to the sign before it.
fn joins(before: Option<char>, letter: char) -> bool {
    is_hidden(letter)
        || before == Some(JOINER)
        || matches!(letter, '\u{1f3fb}'..='\u{1f3ff}' | '\u{20e3}')
        || (is_half_flag(letter) && before.is_some_and(is_half_flag))
}

/// Says only how the sign before it looks.
const fn is_hidden(letter: char) -> bool {
    matches!(letter, JOINER | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e01ef}')
}

const fn is_half_flag(letter: char) -> bool {
    matches!(letter, '\u{1f1e6}'..='\u{1f1ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faces() -> Faces {
        Faces::load().expect("the fonts are whole")
    }

    #[test]
    fn our_neighbours_find_their_letters_in_both_weights() {
        let names = "Größe „ä“ – 5 € Łukasz Wałęsa, Dvořák Šťastný, Şahin Ğül İbrahim, Ștefan Țăran, Erdős Lőrinc, \
                     Đorđe, Þórður Guðrún, Žižek, Ķēniņš, Ġorġ, Αλέξανδρος Ιωάννου, Ἀθῆναι, Привет Київ Ґалаґан Ђурђев, ẞ ✓ →";
        let faces = faces();
        for face in [&faces.regular, &faces.bold] {
            let lost: Vec<&str> = face
                .letters(names)
                .into_iter()
                .filter(|letter| letter.is_box)
                .map(|letter| &names[letter.said])
                .collect();
            assert_eq!(lost, Vec::<&str>::new());
        }
    }

    #[test]
    fn what_the_font_lacks_is_one_box_for_each_sign_and_keeps_its_meaning() {
        for (text, said) in [
            ("a🙂b", vec!["a", "🙂", "b"]),
            ("👩‍👩‍👧!", vec!["👩‍👩‍👧", "!"]),
            ("👍🏽👍", vec!["👍🏽", "👍"]),
            ("🇩🇪🇦🇹", vec!["🇩🇪", "🇦🇹"]),
            ("☃\u{fe0f} ", vec!["☃\u{fe0f}", " "]),
            ("東京", vec!["東", "京"]),
            ("a\u{200d}b", vec!["a", "b"]),
        ] {
            let letters = faces().regular.letters(text);
            let found: Vec<&str> = letters.iter().map(|letter| &text[letter.said.clone()]).collect();
            assert_eq!(found, said, "{text}");
        }
    }

    #[test]
    fn letters_and_marks_come_together_and_what_turns_text_around_goes() {
        assert_eq!(clean("Gro\u{308}ße\u{200b} \u{202e}txt.exe\u{7}"), "Größe txt.exe");
        assert_eq!(clean("a\tb\u{2009}c\u{202f}d\r\ne"), "a    b c\u{a0}d\ne");
        let letters = faces().regular.letters("x\u{301}");
        assert!(letters[1].is_mark() && letters[1].moved < 0.0, "the mark stands on the x");
    }
}

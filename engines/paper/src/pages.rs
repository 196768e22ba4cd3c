//! Puts lines onto pages, and pages into a file.

use krilla::color::luma;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::{Document, SerializeSettings};

use crate::Paper;
use crate::faces::Faces;
use crate::lines::{Line, Piece, Set, WIDE, entry};
use crate::tags::Marks;

/// A4 in points, and its margins.
const PAGE: (f32, f32) = (595.0, 842.0);
const LEFT: f32 = 56.0;
const TOP: f32 = 60.0;
const BOTTOM: f32 = 72.0;
/// Where the foot stands.
const FOOT: f32 = 802.0;
const FOOT_GAP: f32 = 24.0;
/// Light, from 0 to 255.
const INK: u8 = 26;
const GREY: u8 = 98;
const RULE: u8 = 208;
const BAR: u8 = 190;
const BAR_WIDE: f32 = 1.6;
/// How far a letter reaches below its line, as a part of its size.
const BELOW: f32 = 0.34;

/// A finished file.
#[derive(Debug, Clone)]
pub struct Done {
    pub bytes: Vec<u8>,
    pub pages: usize,
    /// Signs that the font lacks; they are boxes.
    pub lost: usize,
}

/// The bytes could not be put together.
#[derive(Debug, thiserror::Error)]
#[error("the PDF could not be written: {0}")]
pub struct Failure(String);

/// Sets the paper on A4 pages and writes them as a PDF for archives. `number` says the number of a page of so many.
///
/// # Errors
///
/// [`Failure`] if the fonts cannot be read or the PDF would break its own rules.
pub fn write(paper: &Paper, number: &impl Fn(usize, usize) -> String) -> Result<Done, Failure> {
    let faces = Faces::load().ok_or_else(|| Failure("the fonts are damaged".to_owned()))?;
    let mut set = Set::new(&faces);
    paper.blocks.iter().for_each(|block| set.block(block));
    let lines = std::mem::take(&mut set.lines);
    let pages = split(&lines);
    let feet: Vec<[Piece; 2]> =
        (1..=pages.len()).map(|at| foot(&mut set, &paper.foot, &number(at, pages.len()))).collect();
    let (count, lost) = (pages.len(), set.lost);
    let draft = Draft { paper, faces: &faces, pages, feet };
    let strict = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let settings = SerializeSettings { configuration: strict.unwrap_or_default(), ..Default::default() };
    let bytes = match draft.file(settings) {
        // What breaks a rule for the eyeless is still to be read by those who see.
        Err(KrillaError::Validation(_)) => draft.file(SerializeSettings::default()),
        done => done,
    };
    let bytes = bytes.map_err(|error| Failure(format!("{error:?}")))?;
    Ok(Done { bytes, pages: count, lost })
}

fn foot(set: &mut Set, text: &str, number: &str) -> [Piece; 2] {
    let mut right = set.single(number, WIDE);
    right.x = WIDE - right.wide();
    [set.single(text, right.x - FOOT_GAP), right]
}

/// A line on a page, and how much of the space above it is left there.
struct Placed<'a> {
    line: &'a Line,
    above: f32,
}

/// Lines of each page.
fn split(lines: &[Line]) -> Vec<Vec<Placed<'_>>> {
    let room = PAGE.1 - TOP - BOTTOM;
    let mut pages = vec![Vec::new()];
    let mut used = 0.0;
    for (at, line) in lines.iter().enumerate() {
        let with: f32 =
            lines[at + 1..].iter().take(line.with_next).map(|next| next.above + next.height).sum();
        let is_first = pages.last().is_none_or(Vec::is_empty);
        let above = if is_first { 0.0 } else { line.above };
        if !is_first && room < used + above + line.height + with {
            pages.push(vec![Placed { line, above: 0.0 }]);
            used = line.height;
            continue;
        }
        used += above + line.height;
        if let Some(page) = pages.last_mut() {
            page.push(Placed { line, above });
        }
    }
    pages
}

/// All that the file is made of.
struct Draft<'a> {
    paper: &'a Paper,
    faces: &'a Faces,
    pages: Vec<Vec<Placed<'a>>>,
    feet: Vec<[Piece; 2]>,
}

impl Draft<'_> {
    fn file(&self, settings: SerializeSettings) -> Result<Vec<u8>, KrillaError> {
        let mut file = Document::new_with(settings);
        let mut marks = Marks::new(self.paper.blocks.len());
        let mut outline = Outline::new();
        let sheet = PageSettings::from_wh(PAGE.0, PAGE.1).unwrap_or_default();
        for (at, (lines, foot)) in self.pages.iter().zip(&self.feet).enumerate() {
            let mut page = file.start_page_with(sheet.clone());
            let mut surface = page.surface();
            self.page(&mut surface, lines, foot, &mut marks);
            surface.finish();
            page.finish();
            for (name, y) in entries(lines) {
                outline.push_child(OutlineNode::new(name.to_owned(), place(at, y)));
            }
        }
        let title = entry(&self.paper.title);
        if self.pages.iter().all(|lines| entries(lines).next().is_none()) {
            outline.push_child(OutlineNode::new(title.clone(), place(0, 0.0)));
        }
        file.set_outline(outline);
        file.set_metadata(Metadata::new().title(title).language(self.paper.language.to_owned()));
        file.set_tag_tree(marks.tree(&self.paper.blocks).with_lang(Some(self.paper.language.to_owned())));
        file.finish()
    }

    fn page(&self, surface: &mut Surface, lines: &[Placed], foot: &[Piece; 2], marks: &mut Marks) {
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        ornaments(surface, lines);
        surface.end_tagged();
        for (placed, y) in with_height(lines) {
            for piece in &placed.line.pieces {
                let place = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                self.draw(surface, piece, y);
                surface.end_tagged();
                marks.add(piece.of, place);
            }
        }
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
        for piece in foot {
            self.draw(surface, piece, FOOT);
        }
        surface.end_tagged();
    }

    fn draw(&self, surface: &mut Surface, piece: &Piece, y: f32) {
        if piece.letters.is_empty() {
            return;
        }
        let (at, face) = (Point::from_xy(LEFT + piece.x, y), self.faces.of(piece.style.bold));
        surface.set_fill(Some(ink(if piece.style.grey { GREY } else { INK })));
        surface.draw_glyphs(at, &piece.letters, face.font.clone(), &piece.text, piece.style.size, false);
    }
}

/// The lines of a page, and where the feet of their letters stand.
fn with_height<'a>(lines: &'a [Placed<'a>]) -> impl Iterator<Item = (&'a Placed<'a>, f32)> {
    lines.iter().scan(TOP, |y, placed| {
        *y += placed.above + placed.line.height;
        Some((placed, *y))
    })
}

/// Entries of the table of contents that begin on a page, and where.
fn entries<'a>(lines: &'a [Placed<'a>]) -> impl Iterator<Item = (&'a str, f32)> {
    with_height(lines)
        .filter_map(|(placed, y)| Some((placed.line.entry.as_deref()?, y - 2.0 * placed.line.height)))
}

fn place(page: usize, y: f32) -> XyzDestination {
    XyzDestination::new(page, Point::from_xy(0.0, y.max(0.0)))
}

/// Rules above parts, and bars beside what is set off.
fn ornaments(surface: &mut Surface, lines: &[Placed]) {
    let mut bar_ended = None;
    for (placed, y) in with_height(lines) {
        let line = placed.line;
        if line.ruled && 0.0 < placed.above {
            let rule = y - line.height - placed.above * 0.55;
            fill(surface, RULE, Rect::from_xywh(LEFT, rule, WIDE, 0.6));
        }
        let size = line.pieces.first().map_or(0.0, |piece| piece.style.size);
        let end = y + size * BELOW;
        if line.barred {
            let top = bar_ended.unwrap_or(end - line.height);
            fill(surface, BAR, Rect::from_ltrb(LEFT, top, LEFT + BAR_WIDE, end));
        }
        bar_ended = line.barred.then_some(end);
    }
}

fn fill(surface: &mut Surface, light: u8, area: Option<Rect>) {
    let mut path = PathBuilder::new();
    if let Some(area) = area {
        path.push_rect(area);
    }
    if let Some(path) = path.finish() {
        surface.set_fill(Some(ink(light)));
        surface.draw_path(&path);
    }
}

fn ink(light: u8) -> Fill {
    Fill { paint: luma::Color::new(light).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

#[cfg(test)]
mod tests {
    use lopdf::Document as File;

    use super::*;
    use crate::Block;

    fn paper(blocks: Vec<Block>) -> Paper {
        Paper { title: "Fall".into(), language: "de", foot: "Haus & Heim".into(), blocks }
    }

    fn number(page: usize, pages: usize) -> String {
        format!("Seite {page} von {pages}")
    }

    /// What can be read on a page, in the order in which it was written.
    fn text(done: &Done, page: u32) -> String {
        let file = File::load_mem(&done.bytes).expect("it is a PDF");
        file.extract_text(&[page]).expect("text")
    }

    #[test]
    fn a_file_can_be_read_and_counts_its_pages() {
        let lines = "Die Lampe flackert, und der Griff ist lose.\n".repeat(200);
        let done =
            paper(vec![Block::Title("Größe".into()), Block::Text(lines)]).pdf(number).expect("written");
        assert_eq!(File::load_mem(&done.bytes).expect("it is a PDF").get_pages().len(), done.pages);
        assert_eq!(done.pages, 4);
        let last = text(&done, 4);
        assert!(last.contains("Seite 4 von 4") && last.contains("Haus & Heim"), "{last}");
        assert!(text(&done, 1).contains("Größe"));
    }

    #[test]
    fn names_of_all_our_neighbours_can_be_searched() {
        let names = "Łukasz Dvořák Şahin Ιωάννου Київ";
        let done = paper(vec![Block::Text(names.into())]).pdf(number).expect("written");
        assert!(text(&done, 1).contains(names), "{}", text(&done, 1));
        assert_eq!(done.lost, 0);
    }

    #[test]
    fn a_case_of_any_letters_becomes_a_tagged_file() {
        let any: String = (1..0x3_0000).step_by(5).filter_map(char::from_u32).collect();
        let blocks = vec![
            Block::Title(any.clone()),
            Block::Heading("\u{e000}🙂".into(), "\u{0}".into()),
            Block::Pair(String::new(), String::new()),
            Block::Item("\u{fdd0}".into()),
            Block::Quote("a\n\n\u{202e}b".into()),
        ];
        let done = Paper { title: any, ..paper(blocks) }.pdf(number).expect("written");
        assert!(is_tagged(&done), "no rule of PDF/UA was given up");
        assert!(5_000 < done.lost);
    }

    fn is_tagged(done: &Done) -> bool {
        let file = File::load_mem(&done.bytes).expect("it is a PDF");
        let catalog = file.catalog().expect("a catalog");
        let about = catalog.get(b"Metadata").and_then(|at| file.dereference(at));
        let about = about.and_then(|(_, found)| found.as_stream()?.get_plain_content()).expect("metadata");
        let about = String::from_utf8_lossy(&about);
        about.contains("pdfuaid:part") && catalog.has(b"StructTreeRoot") && catalog.has(b"Lang")
    }

    #[test]
    fn a_heading_never_stands_alone_at_the_end_of_a_page_nor_a_line_at_the_beginning() {
        let faces = Faces::load().expect("the fonts are whole");
        for before in 40..60 {
            let mut set = Set::new(&faces);
            set.block(&Block::Text(vec!["Zeile"; before].join("\n")));
            set.block(&Block::Heading("Kopf".into(), "E-Mail".into()));
            set.block(&Block::Text("Fuß\nFuß\nFuß".into()));
            let pages = split(&set.lines);
            for page in &pages {
                let last = page.last().expect("no page is empty");
                assert!(!last.line.pieces[0].style.bold, "{before} lines before");
            }
            assert_ne!(pages.last().map(Vec::len), Some(1), "{before} lines before");
        }
    }

    #[test]
    fn nothing_written_is_one_empty_page() {
        assert_eq!(paper(Vec::new()).pdf(number).expect("written").pages, 1);
    }
}

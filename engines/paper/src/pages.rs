//! Puts lines onto pages, and pages into a file.

use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, ObjectId, Stream, dictionary, text_string};

use crate::Paper;
use crate::lines::{Line, Piece, Set, WIDE, measure};

/// A4 in points, and its margins.
const PAGE: (f32, f32) = (595.0, 842.0);
const LEFT: f32 = 56.0;
const TOP: f32 = 64.0;
const BOTTOM: f32 = 72.0;
/// Where the foot stands.
const FOOT: f32 = 40.0;
const GREY: f32 = 0.42;

/// A finished file.
#[derive(Debug, Clone)]
pub struct Done {
    pub bytes: Vec<u8>,
    pub pages: usize,
    /// Characters that became question marks.
    pub lost: usize,
}

/// The bytes could not be put together.
#[derive(Debug, thiserror::Error)]
#[error("the PDF could not be written: {0}")]
pub struct Failure(String);

pub fn write(paper: &Paper, number: &impl Fn(usize, usize) -> String) -> Result<Done, Failure> {
    let mut set = Set::default();
    for block in &paper.blocks {
        set.block(block);
    }
    let pages = split(&std::mem::take(&mut set.lines));
    let mut file = Document::with_version("1.5");
    let (tree, fonts) = (file.new_object_id(), fonts(&mut file));
    let mut kids = Vec::with_capacity(pages.len());
    for (at, lines) in pages.iter().enumerate() {
        let mut operations = drawn(lines);
        let foot = set.single(&paper.foot);
        let mut right = set.single(&number(at + 1, pages.len()));
        right.x = WIDE - measure(&right.text, right.size, right.bold);
        operations.extend(piece(&foot, FOOT));
        operations.extend(piece(&right, FOOT));
        kids.push(Object::Reference(page(&mut file, tree, fonts, operations)?));
    }
    let count = i64::try_from(kids.len()).unwrap_or(1);
    let sheet = vec![0.into(), 0.into(), PAGE.0.into(), PAGE.1.into()];
    let all = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count, "MediaBox" => sheet };
    file.objects.insert(tree, Object::Dictionary(all));
    let language = Object::string_literal(paper.language);
    let catalog = file.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree, "Lang" => language });
    let about = file.add_object(dictionary! { "Title" => text_string(&paper.title) });
    file.trailer.set("Root", catalog);
    file.trailer.set("Info", about);
    file.compress();
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(|error| Failure(error.to_string()))?;
    Ok(Done { bytes, pages: pages.len(), lost: set.lost })
}

/// Lines of each page.
fn split(lines: &[Line]) -> Vec<Vec<Line>> {
    let room = PAGE.1 - TOP - BOTTOM;
    let mut pages = vec![Vec::new()];
    let mut used = 0.0;
    for (at, line) in lines.iter().enumerate() {
        let with: f32 =
            lines[at + 1..].iter().take(line.with_next).map(|next| next.above + next.height).sum();
        let is_first = pages.last().is_none_or(Vec::is_empty);
        let needed = if is_first { line.height } else { line.above + line.height };
        if !is_first && room < used + needed + with {
            pages.push(vec![Line { above: 0.0, ..line.clone() }]);
            used = line.height;
            continue;
        }
        used += needed;
        let above = if is_first { 0.0 } else { line.above };
        if let Some(page) = pages.last_mut() {
            page.push(Line { above, ..line.clone() });
        }
    }
    pages
}

/// A page's lines from above to below.
fn drawn(lines: &[Line]) -> Vec<Operation> {
    let mut operations = Vec::new();
    let mut y = PAGE.1 - TOP;
    for line in lines {
        y -= line.above;
        if line.ruled && 0.0 < line.above {
            let place = vec![LEFT.into(), (y + line.above / 3.0).into(), WIDE.into(), 0.5.into()];
            operations.push(Operation::new("g", vec![0.8.into()]));
            operations.push(Operation::new("re", place));
            operations.push(Operation::new("f", vec![]));
        }
        y -= line.height;
        for one in &line.pieces {
            operations.extend(piece(one, y));
        }
    }
    operations
}

fn piece(piece: &Piece, y: f32) -> [Operation; 6] {
    let font = if piece.bold { "B" } else { "R" };
    let ink = if piece.grey { GREY } else { 0.0 };
    [
        Operation::new("BT", vec![]),
        Operation::new("g", vec![ink.into()]),
        Operation::new("Tf", vec![font.into(), piece.size.into()]),
        Operation::new("Td", vec![(LEFT + piece.x).into(), y.into()]),
        Operation::new("Tj", vec![Object::string_literal(piece.text.clone())]),
        Operation::new("ET", vec![]),
    ]
}

fn fonts(file: &mut Document) -> ObjectId {
    let mut font = |name: &str| {
        let font = dictionary! {
            "Type" => "Font",
            "Subtype" => "Type1",
            "BaseFont" => name,
            "Encoding" => "WinAnsiEncoding",
        };
        file.add_object(font)
    };
    let (regular, bold) = (font("Helvetica"), font("Helvetica-Bold"));
    file.add_object(dictionary! { "Font" => dictionary! { "R" => regular, "B" => bold } })
}

fn page(
    file: &mut Document,
    tree: ObjectId,
    fonts: ObjectId,
    operations: Vec<Operation>,
) -> Result<ObjectId, Failure> {
    let bytes = Content { operations }.encode().map_err(|error| Failure(error.to_string()))?;
    let content = file.add_object(Stream::new(dictionary! {}, bytes));
    Ok(file.add_object(dictionary! {
        "Type" => "Page",
        "Parent" => tree,
        "Resources" => fonts,
        "Contents" => content,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Block;

    fn paper(blocks: Vec<Block>) -> Paper {
        Paper { title: "Fall".into(), language: "de", foot: "Haus & Heim".into(), blocks }
    }

    fn number(page: usize, pages: usize) -> String {
        format!("Seite {page} von {pages}")
    }

    #[test]
    fn a_file_can_be_read_and_counts_its_pages() {
        let text = "Die Lampe flackert, und der Griff ist lose.\n".repeat(200);
        let done = paper(vec![Block::Title("Größe".into()), Block::Text(text)]).pdf(number).expect("written");
        assert_eq!(done.pages, 4);
        let file = Document::load_mem(&done.bytes).expect("it is a PDF");
        assert_eq!(file.get_pages().len(), 4);
        let last = file.extract_text(&[4]).expect("text");
        assert!(last.contains("Seite 4 von 4") && last.contains("Haus & Heim"), "{last}");
        assert!(file.extract_text(&[1]).expect("text").contains("Größe"));
    }

    #[test]
    fn a_heading_never_stands_alone_at_the_end_of_a_page() {
        for before in 40..60 {
            let text = vec!["Zeile"; before].join("\n");
            let blocks =
                vec![Block::Text(text), Block::Heading("Kopf".into()), Block::Text("Fuß\nFuß".into())];
            let mut set = Set::default();
            for block in &blocks {
                set.block(block);
            }
            for page in split(&set.lines) {
                let last = page.last().expect("no page is empty");
                assert!(!last.pieces[0].bold, "{before} lines before");
            }
        }
    }

    #[test]
    fn nothing_written_is_one_empty_page() {
        assert_eq!(paper(Vec::new()).pdf(number).expect("written").pages, 1);
    }
}

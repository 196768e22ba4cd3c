//! What each piece of the pages is, for those who hear them instead of seeing them.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

use crate::Block;
use crate::lines::{Of, Part, entry};

/// Where the blocks of a paper stand on its pages.
pub struct Marks(Vec<Vec<(Part, Identifier)>>);

impl Marks {
    pub fn new(blocks: usize) -> Self {
        Self(vec![Vec::new(); blocks])
    }

    pub fn add(&mut self, of: Of, place: Identifier) {
        if let Some(places) = self.0.get_mut(of.block) {
            places.push((of.part, place));
        }
    }

    /// The order of reading. Pairs that follow each other are a table, items a list.
    pub fn tree(&self, blocks: &[Block]) -> TagTree {
        let mut tree = TagTree::new();
        let all: Vec<(&Block, &[(Part, Identifier)])> =
            blocks.iter().zip(self.0.iter().map(Vec::as_slice)).collect();
        for run in all.chunk_by(|(one, _), (next, _)| is_one_run(one, next)) {
            match run {
                [(Block::Pair(..), _), ..] => tree.push(group(Tag::Table, run.iter().map(|(_, at)| row(at)))),
                [(Block::Item(_), _), ..] => {
                    tree.push(group(Tag::L(ListNumbering::Disc), run.iter().map(|(_, at)| item(at))));
                }
                _ => run.iter().for_each(|(block, at)| tree.push(alone(block, at))),
            }
        }
        tree
    }
}

const fn is_one_run(one: &Block, next: &Block) -> bool {
    matches!((one, next), (Block::Pair(..), Block::Pair(..)) | (Block::Item(_), Block::Item(_)))
}

fn row(places: &[(Part, Identifier)]) -> TagGroup {
    let name = leaf(Tag::TH(TableHeaderScope::Row), places, Part::Label);
    group(Tag::TR, [name, leaf(Tag::TD, places, Part::Said)])
}

fn item(places: &[(Part, Identifier)]) -> TagGroup {
    group(Tag::LI, [leaf(Tag::Lbl, places, Part::Label), leaf(Tag::LBody, places, Part::Said)])
}

fn alone(block: &Block, places: &[(Part, Identifier)]) -> TagGroup {
    let said = |tag: TagKind| leaf(tag, places, Part::Said);
    match block {
        Block::Title(text) => said(heading(NonZeroU16::MIN, entry(text))),
        Block::Heading(name, about) => {
            said(heading(NonZeroU16::MIN.saturating_add(1), entry(&format!("{name} · {about}"))))
        }
        Block::Quote(_) => group(Tag::BlockQuote, [said(Tag::P.into())]),
        _ => said(Tag::P.into()),
    }
}

fn heading(level: NonZeroU16, text: String) -> TagKind {
    Tag::Hn(level, Some(text)).into()
}

fn group(tag: impl Into<TagKind>, children: impl IntoIterator<Item = TagGroup>) -> TagGroup {
    TagGroup::with_children(tag, children.into_iter().map(Node::Group).collect())
}

fn leaf(tag: impl Into<TagKind>, places: &[(Part, Identifier)], of: Part) -> TagGroup {
    let places = places.iter().filter(|(part, _)| *part == of);
    TagGroup::with_children(tag, places.map(|(_, place)| Node::Leaf(*place)).collect())
}

//! How the texts of a document are kept in one stored field, each with its name.

use super::Piece;
use crate::platform::Timestamp;

/// Between pieces, and between what is known of one: characters that no text has, see [`clean`].
const PIECE: char = '\u{1e}';
const PART: char = '\u{1f}';

/// A text without the marks of this format.
fn clean(text: &str) -> String {
    text.replace([PIECE, PART], " ")
}

/// `text` and `pieces` as one text.
pub fn pack(text: &str, pieces: &[Piece]) -> String {
    let mut packed = clean(text);
    for piece in pieces {
        packed.push(PIECE);
        let file = if piece.is_file { "file" } else { "" };
        for part in [clean(&piece.name), piece.at.0.to_string(), clean(&piece.anchor), file.to_owned()] {
            packed.push_str(&part);
            packed.push(PART);
        }
        packed.push_str(&clean(&piece.text));
    }
    packed
}

/// The texts in `packed`: the document's own without a name, then its pieces.
pub fn unpack(packed: &str) -> impl Iterator<Item = (Option<Piece>, &str)> {
    let mut first = true;
    packed.split(PIECE).filter_map(move |piece| {
        if std::mem::take(&mut first) {
            return Some((None, piece));
        }
        let mut parts = piece.splitn(5, PART);
        let name = parts.next()?.to_owned();
        let at = Timestamp(parts.next()?.parse().ok()?);
        let anchor = parts.next()?.to_owned();
        let is_file = !parts.next()?.is_empty();
        Some((Some(Piece { name, at, anchor, is_file, text: String::new() }), parts.next()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_again_even_if_somebody_writes_our_marks() {
        let piece = Piece {
            name: "Anna\u{1e}".into(),
            at: Timestamp(7),
            anchor: "#m-1".into(),
            is_file: true,
            text: "Ein\u{1f} Riss".into(),
        };
        let packed = pack("Haupt", &[piece.clone(), Piece::default()]);
        let found: Vec<_> = unpack(&packed).collect();
        assert_eq!(found[0], (None, "Haupt"));
        let name = Piece { name: "Anna ".into(), text: String::new(), ..piece };
        assert_eq!(found[1], (Some(name), "Ein  Riss"));
        assert_eq!(found[2], (Some(Piece::default()), ""));
        assert_eq!(found.len(), 3);
    }
}

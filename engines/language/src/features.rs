//! A text as counts of hashed features: words, pairs of words, and pieces of words.
//!
//! Pieces of 3 to 5 letters find the parts of German compounds (Lieferverzug, Verzugszinsen) and
//! survive typing errors; pairs keep "nicht angekommen" apart from "angekommen".
//!
//! Deliberately absent: stemming, stop words, topic lists. What matters is learnt from the house's cases.

use crate::words::{Word, words};

/// A hashed feature. Models store these, so a change of hash or prefix needs a new model version.
pub(crate) type Bucket = u32;

const BUCKET_BITS: u32 = 22;

/// Families are weighed one by one, since a text has many more pieces than words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Words,
    Pairs,
    Pieces,
}

impl Family {
    pub const ALL: [Self; 3] = [Self::Words, Self::Pairs, Self::Pieces];

    /// How much of a text's vector this family makes up. Chosen by cross-validation.
    pub const fn weight(self) -> f32 {
        match self {
            Self::Words | Self::Pieces => 1.0,
            Self::Pairs => 0.6,
        }
    }

    const fn prefix(self) -> u8 {
        match self {
            Self::Words => 1,
            Self::Pairs => 2,
            Self::Pieces => 3,
        }
    }
}

/// The features of one text.
#[derive(Debug, Default)]
pub(crate) struct Features {
    /// How often each feature occurs, by family, in order of the buckets.
    pub counts: [Vec<(Bucket, u32)>; 3],
    pub words: Vec<Word>,
}

impl Features {
    /// Words, pairs of them and pieces of words, folded. Empty for a text without words.
    pub fn of(text: &str) -> Self {
        let words = words(text);
        let mut found: [Vec<Bucket>; 3] = Default::default();
        for index in 0..words.len() {
            each_feature_from(&words, index, |family, bucket| found[family as usize].push(bucket));
        }
        let counts = found.map(counted);
        Self { counts, words }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

fn counted(mut buckets: Vec<Bucket>) -> Vec<(Bucket, u32)> {
    buckets.sort_unstable();
    let runs = buckets.chunk_by(|a, b| a == b);
    runs.map(|run| (run[0], u32::try_from(run.len()).unwrap_or(u32::MAX))).collect()
}

/// Calls `found` with every feature that begins at the word `index`.
pub(crate) fn each_feature_from(words: &[Word], index: usize, mut found: impl FnMut(Family, Bucket)) {
    let word = words[index].folded.as_str();
    found(Family::Words, bucket(Family::Words, &[word]));
    if let Some(next) = words.get(index + 1) {
        found(Family::Pairs, bucket(Family::Pairs, &[word, " ", &next.folded]));
    }
    each_piece(&format!("<{word}>"), |piece| found(Family::Pieces, piece));
}

/// Calls `found` with every piece of 3 to 5 characters; longer ones go on where shorter ones ended.
fn each_piece(framed: &str, mut found: impl FnMut(Bucket)) {
    for (start, _) in framed.char_indices() {
        let mut hash = begun(Family::Pieces);
        for (length, c) in (1..=5).zip(framed[start..].chars()) {
            hash = c.encode_utf8(&mut [0; 4]).bytes().fold(hash, continued);
            if 3 <= length {
                found(finished(hash));
            }
        }
    }
}

fn bucket(family: Family, parts: &[&str]) -> Bucket {
    finished(parts.iter().flat_map(|part| part.bytes()).fold(begun(family), continued))
}

/// FNV-1a, whose prime this is.
const PRIME: u64 = 0x0100_0000_01b3;

fn begun(family: Family) -> u64 {
    continued(0xcbf2_9ce4_8422_2325, family.prefix())
}

fn continued(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(PRIME)
}

/// Mixes the hash, since FNV leaves its top bits poor, and cuts it to the number of buckets.
fn finished(hash: u64) -> Bucket {
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    let top = u32::try_from(mixed >> (64 - BUCKET_BITS));
    top.expect("22 bits are left")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<Bucket> {
        Features::of(text).counts[Family::Pieces as usize].iter().map(|(bucket, _)| *bucket).collect()
    }

    #[test]
    fn parts_of_compounds_are_shared() {
        let (whole, part) = (pieces("Lieferverzug"), pieces("Verzugszinsen"));
        let shared = whole.iter().filter(|piece| part.contains(piece)).count();
        assert!(6 <= shared, "only {shared} shared pieces");
    }

    #[test]
    fn pieces_are_3_to_5_characters_within_the_word() {
        let expected: Vec<Bucket> = ["<bö", "<bös", "<bös>", "bös", "bös>", "ös>"]
            .map(|piece| bucket(Family::Pieces, &[piece]))
            .into();
        let mut found = Vec::new();
        each_piece("<bös>", |piece| found.push(piece));
        assert_eq!(found, expected);
    }

    #[test]
    fn hashes_are_the_ones_that_stored_models_rely_on() {
        assert_eq!(bucket(Family::Words, &["lieferung"]), bucket(Family::Words, &["liefer", "ung"]));
        assert_ne!(bucket(Family::Words, &["ab"]), bucket(Family::Pieces, &["ab"]));
        assert_eq!(bucket(Family::Words, &["lieferung"]), 1_112_971);
    }
}

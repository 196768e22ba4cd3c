//! Why a label was guessed: the words and the sentence that speak most for it.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use serde::Serialize;

use super::{LIKENESS, Model};
use crate::features::{Bucket, Features, each_feature_from};
use crate::sentences::sentences;

/// A word of the text and how much it speaks for a label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WordWeight {
    /// As it is first written in the text.
    pub word: String,
    /// Its part of the label's score, over all its occurrences; always above zero.
    pub weight: f32,
}

impl Model {
    /// The `count` words that speak most for `label`, the strongest first; none for an unknown label.
    pub fn explain(&self, text: &str, label: &str, count: usize) -> Vec<WordWeight> {
        let features = Features::of(text);
        let mut by_word: BTreeMap<&str, (Range<usize>, f32)> = BTreeMap::new();
        for (word, weight) in features.words.iter().zip(self.word_weights(&features, label)) {
            let entry = by_word.entry(&word.folded).or_insert((word.place.clone(), 0.0));
            entry.1 += weight;
        }
        let mut words: Vec<_> = by_word.into_values().filter(|(_, weight)| 0.0 < *weight).collect();
        words.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.start.cmp(&b.0.start)));
        let written =
            |(place, weight): (Range<usize>, f32)| WordWeight { word: text[place].to_owned(), weight };
        words.into_iter().take(count).map(written).collect()
    }

    /// The sentence of `text` that speaks most for `label`, to quote the customer; none if nothing does.
    ///
    /// Only its first 600 words are looked at.
    pub fn quote<'t>(&self, text: &'t str, label: &str) -> Option<&'t str> {
        let features = Features::of(text);
        let weights = self.word_weights(&features, label);
        let mut best = None;
        for sentence in sentences(text) {
            let from = sentence.as_ptr() as usize - text.as_ptr() as usize;
            let inside = |word: &Range<usize>| from <= word.start && word.end <= from + sentence.len();
            let words = features.words.iter().zip(&weights).filter(|(word, _)| inside(&word.place));
            let (count, sum) = words.fold((0.0, 0.0), |(n, sum), (_, weight)| (n + 1.0f32, sum + weight));
            // Long sentences say more, but a quote should be to the point.
            let worth = sum / (count + 4.0).sqrt();
            if best.is_none_or(|(_, most)| most < worth) && 0.0 < worth {
                best = Some((sentence, worth));
            }
        }
        best.map(|(sentence, _)| sentence)
    }

    /// How much each word of the text adds to the label's score.
    fn word_weights(&self, features: &Features, label: &str) -> Vec<f32> {
        let Some(&index) = self.by_name.get(label) else { return vec![0.0; features.words.len()] };
        let length = self.labels[usize::from(index)].length.sqrt().max(f32::MIN_POSITIVE);
        let counts: HashMap<Bucket, u32> = features.counts.iter().flatten().copied().collect();
        let mut shares: HashMap<Bucket, f32> = HashMap::new();
        for (bucket, value) in self.weights.vector(features) {
            let cell = self.weights.cells_of(bucket).find(|cell| cell.label == index);
            let Some(cell) = cell else { continue };
            let whole = value * (cell.weight + LIKENESS * cell.mass / length);
            #[expect(clippy::cast_precision_loss, reason = "words of one text are few")]
            shares.insert(bucket, whole / counts[&bucket] as f32);
        }
        let mut weights = vec![0.0; features.words.len()];
        for (at, weight) in weights.iter_mut().enumerate() {
            each_feature_from(&features.words, at, |_, bucket| {
                *weight += shares.get(&bucket).copied().unwrap_or_default();
            });
        }
        weights
    }
}

//! The classifier that proposes documentation.
//!
//! One linear score per label over hashed features, made of two parts. The *likeness* is the cosine to
//! the sum of the label's examples; it needs hardly any data. The *weights* are one-vs-rest logistic
//! regression, learnt by stochastic gradient descent; they correct the likeness as examples come in.
//! Rare features count more (idf). How often the best label is right is measured on every example
//! before it is learnt, which gives the probability its meaning (see `calibration`).
//!
//! Nothing of the texts is kept but sums per hashed feature, and everything is deterministic: the same
//! examples in the same order give the same bytes.
//!
//! Deliberately absent: several labels at once (use one model per value, with yes and no), and exact
//! unlearning: to forget an example, [`Model::train`] anew from those that remain.

mod bytes;
mod calibration;
mod explain;
mod weights;

use std::collections::BTreeMap;

use serde::Serialize;

use self::calibration::{Calibration, Evidence};
use self::weights::{Parts, Vector, Weights};
use crate::features::Features;

pub use bytes::BrokenModel;
pub use explain::WordWeight;

/// One label and how probable it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Guess {
    pub label: String,
    /// From 0 to 1. Of all best guesses with `p` about 0.8, about 80 % are right. The probabilities of
    /// all labels add up to at most 1; what is missing is the chance that it is none of them.
    pub p: f32,
}

/// A model for one question, such as "which insight?".
#[derive(Debug, Clone, Default)]
pub struct Model {
    labels: Vec<Label>,
    by_name: BTreeMap<String, u16>,
    weights: Weights,
    calibration: Calibration,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Label {
    /// Empty once the label was forgotten.
    name: String,
    /// Confirmed examples, descriptions not counted.
    examples: u32,
    bias: f32,
    /// Square of the length of the sum of its examples.
    length: f32,
}

/// How often [`Model::train`] goes through its examples. Chosen by cross-validation.
const PASSES: usize = 3;

/// Step of gradient descent; texts are vectors of length 1. Chosen by cross-validation.
const STEP: f32 = 8.0;
const BIAS_STEP: f32 = 0.1;

/// Errors below this are not worth a weight: keeps the model small. Chosen by cross-validation.
const SMALL_ERROR: f32 = 0.05;

/// A label that has seen nothing has this much to prove.
const RESERVE: f32 = 4.0;

/// Weight of the likeness beside the learnt weights. Chosen by cross-validation.
const LIKENESS: f32 = 24.0;

impl Model {
    /// Knows no labels yet, so it proposes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// A model of these examples, better than learning each of them once.
    pub fn train<'a>(examples: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let examples: Vec<_> =
            examples.into_iter().map(|(text, label)| (Features::of(text), label)).collect();
        let mut model = Self::new();
        for (features, label) in &examples {
            model.learn_features(features, label, true);
        }
        for _ in 1..PASSES {
            for (features, label) in &examples {
                model.practise(features, label);
            }
        }
        model
    }

    /// Learns one confirmed example. New labels are added on the fly; a text without words or an empty
    /// label teaches nothing.
    pub fn learn(&mut self, text: &str, label: &str) {
        self.learn_features(&Features::of(text), label, true);
    }

    /// Learns what a label means from its title and description, before there are examples.
    ///
    /// Such a label can be found at once, but stays improbable until examples confirm it.
    pub fn learn_description(&mut self, label: &str, title: &str, description: &str) {
        // The title twice: it names what the description goes on about.
        let features = Features::of(&format!("{title}. {title}. {description}"));
        self.learn_features(&features, label, false);
    }

    /// Corrects an example that was learnt under `from`: it becomes one of `to`.
    pub fn relabel(&mut self, text: &str, from: &str, to: &str) {
        let features = Features::of(text);
        if let Some(&old) = self.by_name.get(from) {
            let vector = self.weights.vector(&features);
            let label = &mut self.labels[usize::from(old)];
            label.examples = label.examples.saturating_sub(1);
            label.length = (label.length + self.weights.add_example(&vector, old, -1.0)).max(0.0);
        }
        self.learn_features(&features, to, true);
    }

    /// Removes a label and all its weights.
    pub fn forget_label(&mut self, label: &str) {
        if let Some(index) = self.by_name.remove(label) {
            self.labels[usize::from(index)] = Label::default();
            self.weights.remove_label(index);
        }
    }

    /// The labels, best known first, with their confirmed examples.
    pub fn labels(&self) -> Vec<(&str, u32)> {
        let named = self.labels.iter().filter(|label| !label.name.is_empty());
        let mut labels: Vec<_> = named.map(|label| (label.name.as_str(), label.examples)).collect();
        labels.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        labels
    }

    /// Memory of the learnt numbers in bytes.
    pub fn memory(&self) -> usize {
        self.weights.size()
    }

    /// All labels, the most probable first; nothing for a text without words.
    pub fn predict(&self, text: &str) -> Vec<Guess> {
        self.predict_features(&Features::of(text))
    }

    fn predict_features(&self, features: &Features) -> Vec<Guess> {
        if features.is_empty() {
            return Vec::new();
        }
        let scores = self.weights.scores(&self.weights.vector(features), self.labels.len());
        let ranked = self.ranked(&scores);
        let Some(evidence) = self.evidence(&ranked) else { return Vec::new() };
        let probability = self.calibration.probability(&evidence);
        let shares = shares(&ranked, probability);
        let guess = |(score, p): (&Score, f32)| Guess {
            label: self.labels[usize::from(score.label)].name.clone(),
            p,
        };
        ranked.iter().zip(shares).map(guess).collect()
    }

    fn learn_features(&mut self, features: &Features, name: &str, confirmed: bool) {
        if features.is_empty() || name.is_empty() {
            return;
        }
        let Some(label) = self.label(name) else { return };
        self.weights.count_document(features);
        let vector = self.weights.vector(features);
        let scores = self.weights.scores(&vector, self.labels.len());
        if confirmed {
            self.measure(&scores, label);
            self.labels[usize::from(label)].examples += 1;
        }
        self.descend(&vector, &scores, label);
        self.labels[usize::from(label)].length += self.weights.add_example(&vector, label, 1.0);
        if self.weights.prune() {
            for (index, length) in self.weights.lengths(self.labels.len()).into_iter().enumerate() {
                self.labels[index].length = length;
            }
        }
    }

    /// Goes through a known example once more.
    fn practise(&mut self, features: &Features, name: &str) {
        if let Some(&label) = self.by_name.get(name) {
            let vector = self.weights.vector(features);
            let scores = self.weights.scores(&vector, self.labels.len());
            self.descend(&vector, &scores, label);
        }
    }

    /// The index of `name`, new if need be; none when a model has as many labels as it can hold.
    fn label(&mut self, name: &str) -> Option<u16> {
        if let Some(&known) = self.by_name.get(name) {
            return Some(known);
        }
        let index = u16::try_from(self.labels.len()).ok()?;
        self.labels.push(Label { name: name.to_owned(), ..Label::default() });
        self.by_name.insert(name.to_owned(), index);
        Some(index)
    }

    /// Notes whether the model would have guessed this example, before it learns it.
    fn measure(&mut self, scores: &[Parts], label: u16) {
        let ranked = self.ranked(scores);
        if let Some(evidence) = self.evidence(&ranked) {
            self.calibration.note(evidence, ranked[0].label == label);
        }
    }

    /// One step of one-vs-rest logistic regression.
    fn descend(&mut self, vector: &Vector, scores: &[Parts], right: u16) {
        let mut steps = vec![0.0; self.labels.len()];
        for (index, label) in (0u16..).zip(&mut self.labels) {
            if label.name.is_empty() {
                continue;
            }
            let score = label.bias + scores[usize::from(index)].weight - RESERVE;
            let wanted = f32::from(u8::from(index == right));
            let error = wanted - sigmoid(score);
            if SMALL_ERROR < error.abs() {
                label.bias += BIAS_STEP * error;
                steps[usize::from(index)] = STEP * error;
            }
        }
        self.weights.step(vector, &steps);
    }

    /// Labels by score, the best first; equal ones in the order they were learnt.
    fn ranked(&self, scores: &[Parts]) -> Vec<Score> {
        let mut ranked = Vec::with_capacity(self.labels.len());
        for (index, (label, parts)) in (0u16..).zip(self.labels.iter().zip(scores)) {
            if label.name.is_empty() {
                continue;
            }
            let likeness = if 0.0 < label.length { parts.mass / label.length.sqrt() } else { 0.0 };
            ranked.push(Score {
                label: index,
                likeness,
                total: label.bias + parts.weight + LIKENESS * likeness,
            });
        }
        ranked.sort_by(|a, b| b.total.total_cmp(&a.total));
        ranked
    }

    fn evidence(&self, ranked: &[Score]) -> Option<Evidence> {
        let best = ranked.first()?;
        let second = ranked.get(1).map_or(0.0, |second| second.total.max(0.0));
        Some(Evidence {
            lead: best.total - second,
            likeness: best.likeness,
            examples: self.labels[usize::from(best.label)].examples,
        })
    }
}

#[derive(Debug, Clone, Copy)]
struct Score {
    label: u16,
    likeness: f32,
    total: f32,
}

/// Probabilities of all labels, given that of the best: the others share by their scores what is left,
/// and none of them exceeds the best.
fn shares(ranked: &[Score], best: f32) -> Vec<f32> {
    let odds: Vec<f32> = ranked.iter().map(|score| (score.total - ranked[0].total).exp()).collect();
    let sum: f32 = odds.iter().sum();
    let others = (sum - 1.0).max(f32::MIN_POSITIVE);
    let scale = best.min((1.0 - best) / others);
    odds.iter().enumerate().map(|(rank, odd)| if rank == 0 { best } else { scale * odd }).collect()
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

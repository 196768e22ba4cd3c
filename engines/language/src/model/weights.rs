//! The numbers a model is made of, by feature. One flat list of cells keeps a large model small.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::features::{Bucket, Family, Features};

/// A text as a sparse vector of length 1.
pub(super) type Vector = Vec<(Bucket, f32)>;

/// What one feature says about one label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cell {
    pub label: u16,
    /// Learnt by gradient descent.
    pub weight: f32,
    /// Sum over the label's examples.
    pub mass: f32,
    /// The feature's next cell.
    next: u32,
}

/// What is known of one feature.
#[derive(Debug, Clone, Copy)]
struct Column {
    /// In how many examples it occurred.
    documents: u32,
    /// Its first cell.
    first: u32,
}

/// Ends a column's chain of cells.
const NONE: u32 = u32::MAX;

/// The two parts of a label's score.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts {
    pub weight: f32,
    pub mass: f32,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Weights {
    documents: u32,
    columns: HashMap<Bucket, Column, BuildHasherDefault<Spread>>,
    cells: Vec<Cell>,
}

/// Buckets are hashes already, they only need spreading over the map. Fixed, so that nothing is random.
#[derive(Debug, Clone, Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// Above these, the least telling cells go. Together they take about 25 MB.
const MAX_CELLS: usize = 1_000_000;
const MAX_COLUMNS: usize = 440_000;

/// Of a long text only this many features are looked at, the heaviest. Chosen by cross-validation.
const MAX_FEATURES: usize = 600;

impl Weights {
    /// Logarithmic counts times idf, each family brought to its weight, the whole to length 1.
    #[expect(clippy::cast_precision_loss, reason = "words of one text are few")]
    pub fn vector(&self, features: &Features) -> Vector {
        let mut vector = Vector::new();
        for family in Family::ALL {
            let counts = &features.counts[family as usize];
            let value = |bucket, count: u32| (1.0 + (count as f32).ln()) * self.rarity(bucket);
            let mut part: Vector =
                counts.iter().map(|&(bucket, count)| (bucket, value(bucket, count))).collect();
            scale_to(&mut part, family.weight());
            vector.extend(part);
        }
        if MAX_FEATURES < vector.len() {
            let heavier = |a: &(Bucket, f32), b: &(Bucket, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
            vector.select_nth_unstable_by(MAX_FEATURES, heavier);
            vector.truncate(MAX_FEATURES);
            vector.sort_unstable_by_key(|(bucket, _)| *bucket);
        }
        scale_to(&mut vector, 1.0);
        vector
    }

    #[expect(clippy::cast_precision_loss, reason = "examples are thousands, not millions")]
    fn rarity(&self, bucket: Bucket) -> f32 {
        let with = self.columns.get(&bucket).map_or(0, |column| column.documents);
        let idf = ((self.documents + 2) as f32 / (with + 1) as f32).ln();
        idf.max(0.1)
    }

    /// Counts in how many texts each feature stands, from which its rarity follows.
    pub fn count_document(&mut self, features: &Features) {
        self.documents += 1;
        for (bucket, _) in features.counts.iter().flatten() {
            self.column(*bucket).documents += 1;
        }
    }

    /// What each of the first `labels` labels gets for this text, in their order.
    pub fn scores(&self, vector: &Vector, labels: usize) -> Vec<Parts> {
        let mut scores = vec![Parts::default(); labels];
        for (bucket, value) in vector {
            for cell in self.cells_of(*bucket) {
                let parts = &mut scores[usize::from(cell.label)];
                parts.weight += cell.weight * value;
                parts.mass += cell.mass * value;
            }
        }
        scores
    }

    /// What each label knows of a feature; nothing for one that no example had.
    pub fn cells_of(&self, bucket: Bucket) -> impl Iterator<Item = &Cell> {
        let first = self.columns.get(&bucket).map_or(NONE, |column| column.first);
        std::iter::successors(self.cells.get(first as usize), |cell| self.cells.get(cell.next as usize))
    }

    /// Adds each label's step, times the vector, to the weights. `steps` has one entry per label.
    pub fn step(&mut self, vector: &Vector, steps: &[f32]) {
        let stepping: Vec<u16> =
            (0u16..).zip(steps).filter(|(_, step)| **step != 0.0).map(|(l, _)| l).collect();
        // For each label the last feature whose cell was found, to know which are missing.
        let mut found = vec![usize::MAX; steps.len()];
        for (turn, (bucket, value)) in vector.iter().enumerate() {
            let mut at = self.column(*bucket).first;
            while let Some(cell) = self.cells.get_mut(at as usize) {
                let label = usize::from(cell.label);
                cell.weight += steps[label] * value;
                found[label] = turn;
                at = cell.next;
            }
            for &label in stepping.iter().filter(|label| found[usize::from(**label)] != turn) {
                self.add_cell(*bucket, label).weight = steps[usize::from(label)] * value;
            }
        }
    }

    /// Adds `times` the vector to the sum of the label's examples; returns by how much the squared
    /// length of that sum grew.
    pub fn add_example(&mut self, vector: &Vector, label: u16, times: f32) -> f32 {
        let mut growth = 0.0;
        for (bucket, value) in vector {
            let cell = self.cell(*bucket, label);
            let before = cell.mass;
            cell.mass = (cell.mass + times * value).max(0.0);
            growth += cell.mass * cell.mass - before * before;
        }
        growth
    }

    fn column(&mut self, bucket: Bucket) -> &mut Column {
        self.columns.entry(bucket).or_insert(Column { documents: 0, first: NONE })
    }

    /// The cell, new if need be.
    fn cell(&mut self, bucket: Bucket, label: u16) -> &mut Cell {
        let mut at = self.column(bucket).first;
        while let Some(cell) = self.cells.get(at as usize) {
            if cell.label == label {
                return &mut self.cells[at as usize];
            }
            at = cell.next;
        }
        self.add_cell(bucket, label)
    }

    fn add_cell(&mut self, bucket: Bucket, label: u16) -> &mut Cell {
        let end = u32::try_from(self.cells.len()).expect("pruned long before");
        let next = std::mem::replace(&mut self.column(bucket).first, end);
        self.cells.push(Cell { label, weight: 0.0, mass: 0.0, next });
        &mut self.cells[end as usize]
    }

    /// Forgets what a label weighs; numbers of other labels stay.
    pub fn remove_label(&mut self, label: u16) {
        self.rebuild(|cell| cell.label != label);
    }

    /// Drops the least telling quarter of the cells when there are too many; true if it did.
    pub fn prune(&mut self) -> bool {
        let full = MAX_CELLS < self.cells.len() || MAX_COLUMNS < self.columns.len();
        if full {
            self.drop_quarter();
        }
        full
    }

    fn drop_quarter(&mut self) {
        let mut worth: Vec<f32> = self.cells.iter().map(worth_of).collect();
        let quarter = worth.len() / 4;
        let (_, limit, _) = worth.select_nth_unstable_by(quarter, f32::total_cmp);
        let limit = *limit;
        self.rebuild(|cell| limit < worth_of(cell));
        // Rare features without a cell say nothing; frequent ones are still needed to know that they are.
        self.columns.retain(|_, column| column.first != NONE || 3 <= column.documents);
    }

    /// Squared lengths of the sums of all labels, added up in a fixed order.
    pub fn lengths(&self, labels: usize) -> Vec<f32> {
        let mut lengths = vec![0.0; labels];
        for cell in self.buckets().into_iter().flat_map(|bucket| self.cells_of(bucket)) {
            lengths[usize::from(cell.label)] += cell.mass * cell.mass;
        }
        lengths
    }

    /// Keeps the cells that `keep` wants, and closes the gaps.
    fn rebuild(&mut self, keep: impl Fn(&Cell) -> bool) {
        let mut cells = Vec::with_capacity(self.cells.len());
        for bucket in self.buckets() {
            let kept: Vec<Cell> = self.cells_of(bucket).filter(|cell| keep(cell)).copied().collect();
            self.column(bucket).first = append_chain(&mut cells, kept);
        }
        self.cells = cells;
    }

    /// All features, in order.
    pub fn buckets(&self) -> Vec<Bucket> {
        let mut buckets: Vec<Bucket> = self.columns.keys().copied().collect();
        buckets.sort_unstable();
        buckets
    }

    /// Texts counted by [`Self::count_document`].
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// How many of [`Self::documents`] have the feature.
    pub fn documents_with(&self, bucket: Bucket) -> u32 {
        self.columns.get(&bucket).map_or(0, |column| column.documents)
    }

    pub fn set_documents(&mut self, documents: u32) {
        self.documents = documents;
    }

    /// Adds a feature as it was stored; `cells` are its labels, weights and masses.
    pub fn insert(&mut self, bucket: Bucket, documents: u32, cells: &[(u16, f32, f32)]) {
        let cell = |&(label, weight, mass): &(u16, f32, f32)| Cell { label, weight, mass, next: NONE };
        let first = append_chain(&mut self.cells, cells.iter().map(cell).collect());
        self.columns.insert(bucket, Column { documents, first });
    }

    /// Memory in bytes.
    pub fn size(&self) -> usize {
        let slot = std::mem::size_of::<(Bucket, Column)>() + 1;
        self.columns.capacity() * slot * 8 / 7 + self.cells.capacity() * std::mem::size_of::<Cell>()
    }
}

/// Appends cells of one column as a chain; returns where it begins.
fn append_chain(cells: &mut Vec<Cell>, chain: Vec<Cell>) -> u32 {
    let mut first = NONE;
    for cell in chain.into_iter().rev() {
        let here = u32::try_from(cells.len()).expect("pruned long before");
        cells.push(Cell { next: first, ..cell });
        first = here;
    }
    first
}

fn worth_of(cell: &Cell) -> f32 {
    cell.weight.abs() + cell.mass
}

fn scale_to(vector: &mut Vector, length: f32) {
    let now = vector.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
    if 0.0 < now {
        for (_, value) in vector {
            *value *= length / now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pruning_drops_the_least_telling_quarter_and_nothing_else() {
        let mut weights = Weights::default();
        for bucket in 0u8..100 {
            weights.add_example(&vec![(bucket.into(), 1.0 + f32::from(bucket))], u16::from(bucket % 7), 1.0);
        }
        assert!(!weights.prune(), "100 cells are not too many");
        weights.drop_quarter();

        assert_eq!(weights.cells.len(), 74);
        for bucket in 0u8..100 {
            let mass = weights.scores(&vec![(bucket.into(), 1.0)], 7)[usize::from(bucket % 7)].mass;
            let expected = if bucket < 26 { 0.0 } else { 1.0 + f32::from(bucket) };
            assert!((mass - expected).abs() < 1e-6, "{bucket}: {mass}");
        }
    }

    #[test]
    fn steps_reach_known_and_new_cells_once() {
        let mut weights = Weights::default();
        let vector = vec![(5, 0.6), (9, 0.8)];
        weights.step(&vector, &[0.0, 2.0]);
        weights.step(&vector, &[1.0, 2.0]);
        let scores = weights.scores(&vector, 2);
        assert!((scores[0].weight - 1.0).abs() < 1e-6 && (scores[1].weight - 4.0).abs() < 1e-6);
        assert_eq!(weights.cells.len(), 4);
    }
}

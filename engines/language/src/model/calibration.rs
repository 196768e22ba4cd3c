//! How often the best guess is right, measured on every example before it is learnt.
//!
//! A logistic regression on a few facts about the guess, fitted to the last examples and held by a
//! cautious prior: without experience nothing is probable.

use std::collections::VecDeque;

/// What is known about a best guess.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence {
    /// By how much its score exceeds the second's.
    pub lead: f32,
    /// Cosine to the sum of its label's examples.
    pub likeness: f32,
    /// Confirmed examples of its label.
    pub examples: u32,
}

const FACTS: usize = 4;

impl Evidence {
    #[expect(clippy::cast_precision_loss, reason = "examples are thousands, not millions")]
    fn facts(&self) -> [f64; FACTS] {
        let lead = f64::from(self.lead.clamp(0.0, 20.0));
        let examples = (1.0 + self.examples.min(100_000) as f32).ln();
        [1.0, lead, f64::from(self.likeness), f64::from(examples)]
    }
}

/// Coefficients before any experience, in the order of the facts.
const PRIOR: [f64; FACTS] = [-3.0, 0.3, 2.0, 0.3];

/// How strongly the prior holds, per coefficient. Chosen by cross-validation.
const PRIOR_STRENGTH: [f64; FACTS] = [4.0, 20.0, 10.0, 40.0];

/// How many examples are remembered.
const MEMORY: usize = 1000;

/// The fit is renewed after so many new examples.
const EVERY: u32 = 8;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Calibration {
    pub(super) seen: VecDeque<(Evidence, bool)>,
    /// New examples since the last fit.
    pub(super) fresh: u32,
    pub(super) coefficients: [f64; FACTS],
}

impl Default for Calibration {
    fn default() -> Self {
        Self { seen: VecDeque::new(), fresh: 0, coefficients: PRIOR }
    }
}

impl Calibration {
    /// That the guess is right, from 0 to 1.
    pub fn probability(&self, evidence: &Evidence) -> f32 {
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
        let p = logistic(&self.coefficients, &evidence.facts()) as f32;
        p
    }

    /// Notes whether a best guess turned out right.
    pub fn note(&mut self, evidence: Evidence, right: bool) {
        while MEMORY <= self.seen.len() {
            self.seen.pop_front();
        }
        self.seen.push_back((evidence, right));
        self.fresh += 1;
        if EVERY <= self.fresh || self.seen.len() < 32 {
            self.fresh = 0;
            self.fit();
        }
    }

    /// Newton's method for the penalised logistic regression, from the last fit on. Steps that overshoot
    /// are halved: the objective has one peak only, so this always climbs towards it.
    fn fit(&mut self) {
        let facts: Vec<([f64; FACTS], bool)> =
            self.seen.iter().map(|(e, right)| (e.facts(), *right)).collect();
        let mut now = objective(&self.coefficients, &facts);
        for _ in 0..6 {
            let step = newton_step(&self.coefficients, &facts);
            let halved = (0..12).map(|halvings| 0.5f64.powi(halvings));
            let mut tried = halved.map(|part| {
                let coefficients = std::array::from_fn(|i| self.coefficients[i] + part * step[i]);
                (objective(&coefficients, &facts), coefficients)
            });
            let Some((better, coefficients)) = tried.find(|(objective, _)| now < *objective) else { return };
            (now, self.coefficients) = (better, coefficients);
        }
    }
}

/// Logarithm of the likelihood, less the distance from the prior.
fn objective(coefficients: &[f64; FACTS], seen: &[([f64; FACTS], bool)]) -> f64 {
    let distances = (0..FACTS).map(|i| PRIOR_STRENGTH[i] * (coefficients[i] - PRIOR[i]).powi(2) / 2.0);
    let likelihood = seen.iter().map(|(facts, right)| {
        let p = logistic(coefficients, facts);
        (if *right { p } else { 1.0 - p }).max(f64::MIN_POSITIVE).ln()
    });
    likelihood.sum::<f64>() - distances.sum::<f64>()
}

fn newton_step(coefficients: &[f64; FACTS], seen: &[([f64; FACTS], bool)]) -> [f64; FACTS] {
    let mut slope: [f64; FACTS] = std::array::from_fn(|i| PRIOR_STRENGTH[i] * (PRIOR[i] - coefficients[i]));
    let mut curvature = [[0.0; FACTS]; FACTS];
    for (fact, row) in curvature.iter_mut().enumerate() {
        row[fact] = PRIOR_STRENGTH[fact];
    }
    for (facts, right) in seen {
        let p = logistic(coefficients, facts);
        let error = f64::from(u8::from(*right)) - p;
        for row in 0..FACTS {
            slope[row] += error * facts[row];
            for column in 0..FACTS {
                curvature[row][column] += p * (1.0 - p) * facts[row] * facts[column];
            }
        }
    }
    solved(curvature, slope)
}

fn logistic(coefficients: &[f64; FACTS], facts: &[f64; FACTS]) -> f64 {
    let sum: f64 = coefficients.iter().zip(facts).map(|(coefficient, fact)| coefficient * fact).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// Solves `matrix · x = right` by elimination; the prior makes the matrix positive definite.
fn solved(mut matrix: [[f64; FACTS]; FACTS], mut right: [f64; FACTS]) -> [f64; FACTS] {
    for pivot in 0..FACTS {
        let (pivot_row, pivot_right) = (matrix[pivot], right[pivot]);
        for row in pivot + 1..FACTS {
            let factor = matrix[row][pivot] / pivot_row[pivot];
            for (cell, above) in matrix[row].iter_mut().zip(pivot_row) {
                *cell -= factor * above;
            }
            right[row] -= factor * pivot_right;
        }
    }
    let mut solution = [0.0; FACTS];
    for row in (0..FACTS).rev() {
        let known: f64 = (row + 1..FACTS).map(|column| matrix[row][column] * solution[column]).sum();
        solution[row] = (right[row] - known) / matrix[row][row];
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(lead: f32) -> Evidence {
        Evidence { lead, likeness: 0.3, examples: 5 }
    }

    #[test]
    fn without_experience_nothing_is_probable() {
        assert!(Calibration::default().probability(&evidence(1.0)) < 0.2);
    }

    #[test]
    fn probabilities_approach_the_observed_frequency() {
        let mut calibration = Calibration::default();
        for turn in 0u8..200 {
            calibration.note(evidence(1.0), turn % 4 == 0);
            calibration.note(evidence(6.0), turn % 10 != 0);
        }
        assert!((calibration.probability(&evidence(1.0)) - 0.25).abs() < 0.05);
        assert!((calibration.probability(&evidence(6.0)) - 0.9).abs() < 0.05);
    }

    #[test]
    fn hard_cases_in_a_row_do_not_throw_the_fit_off() {
        let mut calibration = Calibration::default();
        for turn in 0u16..1500 {
            let lead = f32::from(turn % 97) / 9.0;
            let right = turn % 5 != 0 && (900 < turn || 2.0 < lead);
            let evidence = Evidence { lead, likeness: 0.2 + lead / 30.0, examples: (turn % 15).into() };
            calibration.note(evidence, right);
        }
        calibration.fit();
        let facts: Vec<_> = calibration.seen.iter().map(|(e, right)| (e.facts(), *right)).collect();
        let step = newton_step(&calibration.coefficients, &facts);
        assert!(step.iter().all(|part| part.abs() < 1e-6), "not at the peak: {step:?}");
    }

    #[test]
    fn equations_are_solved() {
        let matrix = [[4.0, 1.0, 0.0, 0.0], [1.0, 3.0, 1.0, 0.0], [0.0, 1.0, 2.0, 1.0], [0.0, 0.0, 1.0, 5.0]];
        let x = solved(matrix, [6.0, 10.0, 12.0, 23.0]);
        for (found, expected) in x.iter().zip([1.0, 2.0, 3.0, 4.0]) {
            assert!((found - expected).abs() < 1e-9, "{x:?}");
        }
    }
}

//! A model as bytes: our own small format, the same bytes for the same model.
//!
//! Magic, version, then numbers as LEB128 and floats as little-endian `f32`/`f64`. Buckets ascend and are
//! stored as differences. A newer version is refused, an older one would be converted here.

use super::calibration::{Calibration, Evidence};
use super::weights::Weights;
use super::{Label, Model};

const MAGIC: &[u8; 4] = b"KTLM";
const VERSION: u8 = 1;

/// These bytes are not a model that this version can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BrokenModel {
    #[error("not a model")]
    NotAModel,
    #[error("a model of version {0}, which is newer than this program")]
    Newer(u8),
    #[error("the model is damaged")]
    Damaged,
}

impl Model {
    /// The model in the format of this version, the same bytes for the same model.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.push(VERSION);
        number(&mut out, self.labels.len() as u64);
        for label in &self.labels {
            number(&mut out, label.name.len() as u64);
            out.extend(label.name.as_bytes());
            number(&mut out, label.examples.into());
            float(&mut out, label.bias);
            float(&mut out, label.length);
        }
        write_calibration(&mut out, &self.calibration);
        write_weights(&mut out, &self.weights);
        out
    }

    /// # Errors
    ///
    /// [`BrokenModel`] for anything but the output of [`Model::to_bytes`]; never a panic.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BrokenModel> {
        let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(BrokenModel::NotAModel)?;
        let (&version, rest) = rest.split_first().ok_or(BrokenModel::Damaged)?;
        match version {
            VERSION => read(&mut Reader { rest }).ok_or(BrokenModel::Damaged),
            0 => Err(BrokenModel::NotAModel),
            newer => Err(BrokenModel::Newer(newer)),
        }
    }
}

fn write_calibration(out: &mut Vec<u8>, calibration: &Calibration) {
    for coefficient in calibration.coefficients {
        out.extend(coefficient.to_le_bytes());
    }
    number(out, calibration.fresh.into());
    number(out, calibration.seen.len() as u64);
    for (evidence, right) in &calibration.seen {
        float(out, evidence.lead);
        float(out, evidence.likeness);
        number(out, u64::from(evidence.examples) * 2 + u64::from(*right));
    }
}

fn write_weights(out: &mut Vec<u8>, weights: &Weights) {
    number(out, weights.documents().into());
    let buckets = weights.buckets();
    number(out, buckets.len() as u64);
    let mut before = 0;
    for bucket in buckets {
        number(out, (bucket - before).into());
        before = bucket;
        number(out, weights.documents_with(bucket).into());
        let cells: Vec<_> = weights.cells_of(bucket).collect();
        number(out, cells.len() as u64);
        for cell in cells {
            number(out, cell.label.into());
            float(out, cell.weight);
            float(out, cell.mass);
        }
    }
}

fn read(from: &mut Reader<'_>) -> Option<Model> {
    let mut model = Model::default();
    for index in 0..u16::try_from(from.number()?).ok()? {
        let label = read_label(from)?;
        if !label.name.is_empty() && model.by_name.insert(label.name.clone(), index).is_some() {
            return None;
        }
        model.labels.push(label);
    }
    model.calibration = read_calibration(from)?;
    model.weights = read_weights(from, model.labels.len())?;
    from.rest.is_empty().then_some(model)
}

fn read_label(from: &mut Reader<'_>) -> Option<Label> {
    let length = usize::try_from(from.number()?).ok()?;
    let name = String::from_utf8(from.take(length)?.to_vec()).ok()?;
    Some(Label {
        name,
        examples: u32::try_from(from.number()?).ok()?,
        bias: from.float()?,
        length: from.float()?,
    })
}

fn read_calibration(from: &mut Reader<'_>) -> Option<Calibration> {
    let mut calibration = Calibration::default();
    for coefficient in &mut calibration.coefficients {
        *coefficient = f64::from_le_bytes(from.take(8)?.try_into().ok()?);
        coefficient.is_finite().then_some(())?;
    }
    calibration.fresh = u32::try_from(from.number()?).ok()?;
    for _ in 0..from.number()? {
        let (lead, likeness, both) = (from.float()?, from.float()?, from.number()?);
        let evidence = Evidence { lead, likeness, examples: u32::try_from(both / 2).ok()? };
        calibration.seen.push_back((evidence, both % 2 == 1));
    }
    Some(calibration)
}

fn read_weights(from: &mut Reader<'_>, labels: usize) -> Option<Weights> {
    let mut weights = Weights::default();
    weights.set_documents(u32::try_from(from.number()?).ok()?);
    let mut bucket = 0u32;
    for _ in 0..from.number()? {
        bucket = bucket.checked_add(u32::try_from(from.number()?).ok()?)?;
        let documents = u32::try_from(from.number()?).ok()?;
        let mut cells = Vec::new();
        for _ in 0..from.number()? {
            let label = u16::try_from(from.number()?).ok().filter(|label| usize::from(*label) < labels)?;
            cells.push((label, from.float()?, from.float()?));
        }
        weights.insert(bucket, documents, &cells);
    }
    Some(weights)
}

fn number(out: &mut Vec<u8>, mut number: u64) {
    while 0x80 <= number {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

fn float(out: &mut Vec<u8>, float: f32) {
    out.extend(float.to_le_bytes());
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// Infinite values and NaN would spread through every sum.
    fn float(&mut self) -> Option<f32> {
        let float = f32::from_le_bytes(self.take(4)?.try_into().ok()?);
        float.is_finite().then_some(float)
    }
}

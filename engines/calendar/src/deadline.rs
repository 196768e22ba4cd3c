//! From working minutes to a moment, and back.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::OpeningHours;
use crate::hours::Span;

/// These opening hours do not open (again), so no deadline exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no opening hours within 366 days after {after}")]
pub struct NeverOpen {
    pub after: Timestamp,
}

/// A stretch in which the clock stands still, since it is the customer's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pause {
    pub from: Timestamp,
    /// None while it lasts.
    pub to: Option<Timestamp>,
}

/// When an answer is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    At(Timestamp),
    /// The clock stands still; this much working time is left once it runs again.
    Paused {
        left: SignedDuration,
    },
}

/// The latest moment at which a case opened at `opened` is still answered in time.
///
/// Only the time inside `hours` counts; seconds are kept. A deadline that uses up an opening interval
/// is its end, not the next morning. No allowed time at all means at once, or when it next opens.
///
/// # Errors
///
/// [`NeverOpen`] if 366 days in a row are closed before the time is used up.
pub fn deadline(
    opened: Timestamp,
    allowed_minutes: u32,
    hours: &OpeningHours,
) -> Result<Timestamp, NeverOpen> {
    match deadline_with_pauses(opened, allowed_minutes, hours, &[])? {
        Due::At(moment) => Ok(moment),
        Due::Paused { .. } => Err(NeverOpen { after: opened }),
    }
}

/// As [`deadline`], with the clock standing still during `pauses` (in any order; they may overlap).
///
/// A pause that begins after the deadline does not move it.
///
/// # Errors
///
/// As [`deadline`].
pub fn deadline_with_pauses(
    opened: Timestamp,
    allowed_minutes: u32,
    hours: &OpeningHours,
    pauses: &[Pause],
) -> Result<Due, NeverOpen> {
    let pauses = merged(pauses);
    let mut left = SignedDuration::from_mins(allowed_minutes.into());
    let mut after = opened;
    for span in hours.spans(opened) {
        for piece in without(Span { start: span.start.max(opened), ..span }, &pauses) {
            let length = piece.end.duration_since(piece.start);
            if left <= length {
                return Ok(Due::At(piece.start.saturating_add(left).unwrap_or(Timestamp::MAX)));
            }
            left -= length;
        }
        if pauses.last().is_some_and(|pause| pause.end == Timestamp::MAX && pause.start <= span.end) {
            return Ok(Due::Paused { left });
        }
        after = span.end;
    }
    Err(NeverOpen { after })
}

/// Whole working minutes from `a` to `b`; negative if `b` is earlier, rounded towards zero.
pub fn working_minutes_between(a: Timestamp, b: Timestamp, hours: &OpeningHours) -> i64 {
    working_minutes_between_with_pauses(a, b, hours, &[])
}

/// As [`working_minutes_between`], without the time in `pauses`.
pub fn working_minutes_between_with_pauses(
    a: Timestamp,
    b: Timestamp,
    hours: &OpeningHours,
    pauses: &[Pause],
) -> i64 {
    if b < a {
        return -working_minutes_between_with_pauses(b, a, hours, pauses);
    }
    let pauses = merged(pauses);
    let spans = hours.spans(a).take_while(|span| span.start < b);
    let clipped = spans.map(|span| Span { start: span.start.max(a), end: span.end.min(b) });
    let pieces = clipped.flat_map(|span| without(span, &pauses));
    let worked: SignedDuration = pieces.map(|piece| piece.end.duration_since(piece.start)).sum();
    worked.as_mins()
}

/// Pauses in order, joined where they touch; one that lasts ends at [`Timestamp::MAX`].
fn merged(pauses: &[Pause]) -> Vec<Span> {
    let mut spans: Vec<Span> = pauses
        .iter()
        .map(|pause| Span { start: pause.from, end: pause.to.unwrap_or(Timestamp::MAX) })
        .filter(|span| span.start < span.end)
        .collect();
    spans.sort_by_key(|span| span.start);
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// The parts of `span` outside `pauses`, which are in order. Without a pause in it, `span` itself,
/// even if it has no length: a deadline may fall on the very end of an interval.
fn without(span: Span, pauses: &[Span]) -> Vec<Span> {
    let mut pieces = Vec::new();
    let mut start = span.start;
    for pause in pauses.iter().filter(|pause| pause.start <= span.end && span.start < pause.end) {
        if start < pause.start {
            pieces.push(Span { start, end: pause.start });
        }
        start = pause.end;
    }
    if start < span.end || start == span.start {
        pieces.push(Span { start, end: span.end });
    }
    pieces
}

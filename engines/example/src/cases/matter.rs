//! What a case is about, as whoever takes it would say: by what was said, not by what is documented in the end.

use crate::model::{Case, Kind, Matter, Priority};
use crate::themes::{Stop, Theme};

/// Words of subjects, in small letters.
const RETURNS: [&str; 5] = ["rückgabe", "retoure", "return", "zurückgeben", "umtausch"];
const ORDERS: [&str; 2] = ["bestellung", "order"];

pub fn of(case: &Case, theme: &Theme) -> Matter {
    let subject = case.subject.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| subject.contains(word));
    let fault = matches!(theme.kind, Kind::Cause | Kind::Hindrance);
    // Whoever comes back, is angry about how they were treated, or cannot wait, complains.
    let complains =
        case.repeats.is_some() || case.priority == Priority::High || theme.station == Stop::Service;
    match theme.kind {
        Kind::Praise => Matter::Praise,
        Kind::Wish | Kind::Competitor => Matter::Wish,
        _ if says(&RETURNS) => Matter::Return,
        _ if fault && complains => Matter::Complaint,
        _ if fault => Matter::Fault,
        _ if says(&ORDERS) || matches!(theme.station, Stop::Purchase | Stop::Delivery) => Matter::Order,
        _ => Matter::Question,
    }
}

//! Side conversations on the wire: their own thread within the case's.
//!
//! What signs a reply address or message id is the number of the case, and behind it that of the talk: `26-48213-t5`.
//! So an answer says by itself where it belongs, with no question to the database.

use super::place::Place;
use crate::cases;
use crate::cases::Case;
use crate::platform::{Error, Result, Tx};

/// The name of a thread: the case's number, and that of the talk in it.
pub fn thread(number: &str, talk: Option<i64>) -> String {
    talk.map_or_else(|| number.to_owned(), |talk| format!("{number}-t{talk}"))
}

/// The case's number and the talk that a thread's name says.
pub fn split(thread: &str) -> (&str, Option<i64>) {
    let parts = thread.rsplit_once("-t").and_then(|(number, talk)| Some((number, talk.parse().ok()?)));
    parts.map_or((thread, None), |(number, talk)| (number, Some(talk)))
}

/// Where an answer in a talk goes: its case, however long that is closed; who has the signed address is no stranger.
pub async fn place(tx: &mut Tx, case: &Case, talk: i64, automatic: bool) -> Result<Place> {
    let place = Place::in_case(case, false);
    match cases::talk(tx, talk).await {
        Ok(_) => {}
        // Cannot be, unless its case was deleted: seen as a message of the case rather than lost.
        Err(Error::NotFound) => return Ok(Place::in_case(case, !automatic)),
        Err(error) => return Err(error),
    }
    match place {
        Place::Case { case, queue, customer, stranger, .. } => {
            Ok(Place::Case { case, queue, customer, stranger, talk: Some(talk) })
        }
        other => Ok(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_says_its_case_and_its_talk() {
        for (number, talk) in [("26-48213", None), ("26-48213", Some(5)), ("26-148213", Some(1_000_000))] {
            assert_eq!(split(&thread(number, talk)), (number, talk));
        }
        assert_eq!(split("26-48213-tx"), ("26-48213-tx", None));
    }
}

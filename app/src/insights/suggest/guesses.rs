//! What a text says is worked out once: a case is opened more often than its customer writes.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use super::student::Student;
use super::{CUE, Found, guess_all};
use crate::cases::Contact;
use crate::platform::App;

/// Texts whose guesses are kept, of some hundred bytes each.
const MOST: usize = 2_000;

/// What is probably in a text.
pub struct Guesses {
    /// The words sound like a complaint.
    pub complaint: bool,
    pub(super) found: Vec<Found>,
}

/// By text, with how often the learner had learnt.
#[derive(Default)]
struct Kept(Mutex<HashMap<u64, (u64, Arc<Guesses>)>>);

/// What is probably in `text`, which `voices` are the contacts of.
pub async fn of(app: &App, text: &str, voices: &[Contact]) -> Arc<Guesses> {
    let (student, kept) = (app.part::<Student>(), app.part::<Kept>());
    // Asked first: what is learnt while it guesses makes these guesses old.
    let lessons = student.lessons();
    let key = key(text, voices);
    if let Some((of, known)) = kept.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key)
        && *of == lessons
    {
        return known.clone();
    }
    let found = student.ask(|learner| guess_all(learner, text, voices)).await;
    let guesses = Arc::new(Guesses { complaint: CUE <= language::cues(text).complaint, found });
    let mut kept = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
    if MOST <= kept.len() {
        kept.clear();
    }
    kept.insert(key, (lessons, guesses.clone()));
    guesses
}

fn key(text: &str, voices: &[Contact]) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    for voice in voices {
        // Quotes name the contact that they are from.
        voice.id.0.hash(&mut hasher);
        voice.text.len().hash(&mut hasher);
    }
    hasher.finish()
}

//! Who changed something last on this node: so that nobody waits for what they did themselves.
//!
//! What is remembered for some seconds, such as counts, is taken again for somebody who changed something since.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Actor, PersonId};

#[derive(Default)]
pub struct OwnChanges {
    inner: Mutex<(u64, HashMap<PersonId, u64>)>,
}

impl OwnChanges {
    /// Somebody changed something.
    pub fn note(&self, actor: &Actor) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.0 += 1;
        let newest = inner.0;
        if let Some(person) = actor.person_id() {
            inner.1.insert(person, newest);
        }
    }

    /// The number of the newest change.
    pub fn newest(&self) -> u64 {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// The number of the last change of this actor; 0 without one, and for programs.
    pub fn last_of(&self, actor: &Actor) -> u64 {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        actor.person_id().and_then(|person| inner.1.get(&person).copied()).unwrap_or(0)
    }
}

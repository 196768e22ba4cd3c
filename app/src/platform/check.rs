//! What must be true of a house's data, so that `kitt check` can ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::BoxFuture;

use super::{App, Result};

/// At most so many faults of one kind are told, with how many more there are.
const TOLD: usize = 20;

/// One thing to look after, declared by the slice whose data it is.
pub struct Check {
    /// What is looked at: "raw mails".
    pub name: &'static str,
    /// Looks at all of it; changes nothing.
    pub run: for<'a> fn(&'a App) -> BoxFuture<'a, Result<Checked>>,
}

/// What was seen.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// How many things were looked at.
    pub count: usize,
    /// Sentences about what is wrong.
    pub wrong: Vec<String>,
    /// What to do about it, if that is the same for all.
    pub todo: Option<String>,
    untold: usize,
    watched: Arc<Watched>,
}

/// How much the check at hand has looked at, for who waits for it.
#[derive(Debug, Default)]
pub struct Watched(AtomicUsize);

impl Watched {
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Checked {
    /// Begins to look; who waits can see how far it is.
    pub fn of(app: &App) -> Self {
        let watched = app.part::<Watched>();
        watched.0.store(0, Ordering::Relaxed);
        Self { watched, ..Self::default() }
    }

    /// One more was looked at.
    pub fn saw(&mut self, fault: Option<String>) {
        self.count += 1;
        self.watched.0.fetch_add(1, Ordering::Relaxed);
        match fault {
            Some(fault) if self.wrong.len() < TOLD => self.wrong.push(fault),
            Some(_) => self.untold += 1,
            None => {}
        }
    }

    pub const fn is_sound(&self) -> bool {
        self.wrong.is_empty()
    }

    /// Faults beyond those that [`Self::wrong`] tells.
    pub const fn untold(&self) -> usize {
        self.untold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_faults_some_are_told_and_all_are_counted() {
        let mut checked = Checked::default();
        checked.saw(None);
        for fault in 0..50 {
            checked.saw(Some(format!("fault {fault}")));
        }

        assert_eq!((checked.count, checked.wrong.len(), checked.untold()), (51, 20, 30));
        assert!(!checked.is_sound());
    }
}

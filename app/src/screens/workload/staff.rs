//! Who works where, and where they are too few for figures of their work.

use std::collections::BTreeSet;

use crate::cases::Channel;
use crate::cases::figures::Part;
use crate::people;
use crate::people::{Person, Queue};
use crate::platform::{PersonId, QueueId, Result, Right, Tx};

/// Of fewer people no figures of their work are shown.
pub const PEOPLE: usize = 8;

/// Who works where.
pub struct Staff {
    workers: Vec<Person>,
}

impl Staff {
    pub async fn load(tx: &mut Tx) -> Result<Self> {
        let mut workers = people::all(tx).await?;
        workers.retain(|one| one.active && one.can(Right::WorkCases));
        Ok(Self { workers })
    }

    /// Enough people that figures tell of none of them.
    pub fn is_enough<'a>(&self, queues: impl IntoIterator<Item = &'a Queue>) -> bool {
        let mut found: BTreeSet<PersonId> = BTreeSet::new();
        for queue in queues {
            let here = |one: &&Person| queue.team.is_none() || queue.team == one.team;
            found.extend(self.workers.iter().filter(here).map(|one| one.id));
        }
        PEOPLE <= found.len()
    }

    /// The queues whose figures would tell of single people. Small ones are told only together, and only if they are
    /// enough in each channel where one of them works: else a channel's figures would be those of one of them.
    pub fn too_small(&self, queues: &[&Queue], parts: &[Part]) -> BTreeSet<QueueId> {
        let small: Vec<&Queue> = queues.iter().copied().filter(|queue| !self.is_enough([*queue])).collect();
        let work_in = |queue: &Queue, channel: &Channel| parts.contains(&(queue.id, *channel));
        let enough = Channel::ALL.iter().all(|channel| {
            let here: Vec<&Queue> = small.iter().copied().filter(|queue| work_in(queue, channel)).collect();
            here.is_empty() || self.is_enough(here)
        });
        if enough && self.is_enough(small.iter().copied()) {
            return BTreeSet::new();
        }
        small.into_iter().map(|queue| queue.id).collect()
    }
}

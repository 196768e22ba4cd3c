//! What happened in the example company, gathered while it is filled in and then written into the journal in the order
//! in which it happened.
//!
//! Nobody hears of it: listeners are told to pass over it (`super::super::pass_over`). Deliberately absent: handling
//! time, which no history tells and which the ledger has already.

use super::super::{Part, Progress};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, PersonId, Result, Timestamp, TokenId, Tx, Who};

/// Facts that are handed to the database together.
const AT_ONCE: usize = 2048;

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Person(PersonId),
    /// What brings messages of shop, chat and networks.
    Program,
    Kitt,
}

impl By {
    /// Whoever it was, if it was somebody.
    pub fn of(person: Option<PersonId>) -> Self {
        person.map_or(Self::Kitt, Self::Person)
    }

    fn actor(self) -> Actor {
        let kitt = Actor::kitt("demo");
        match self {
            Self::Person(person) => Actor { who: Who::Person(person), ..kitt },
            Self::Program => Actor { who: Who::Token(TokenId(0)), ..kitt },
            Self::Kitt => kitt,
        }
    }
}

struct Happened {
    at: Timestamp,
    by: By,
    about: About,
    fact: Fact,
}

#[derive(Default)]
pub struct Chronicle(Vec<Happened>);

impl Chronicle {
    pub fn tell(&mut self, at: Timestamp, by: By, about: About, fact: Fact) {
        self.0.push(Happened { at, by, about, fact });
    }

    pub async fn write(mut self, tx: &mut Tx, progress: &Progress) -> Result<()> {
        // What happened at the same moment stays in the order in which it was told.
        self.0.sort_by_key(|happened| happened.at);
        let all = self.0.len();
        progress.part(Part::Journal, all);
        let mut written = 0;
        for some in self.0.chunks(AT_ONCE) {
            for happened in some {
                let actor = happened.by.actor();
                journal::record_past(tx, happened.at, &actor, happened.about, &happened.fact)?;
            }
            tx.insert_now().await?;
            written += some.len();
            progress.reach(written, all);
        }
        Ok(())
    }
}

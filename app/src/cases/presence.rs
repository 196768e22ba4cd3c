//! Who has a case open just now, and who writes what in it, so that two people do not answer one customer.
//!
//! Pages say so every twenty seconds (`assets/ts/presence.ts`) and when it changes. It is kept in memory only, for as
//! long as it is true: presence is help for colleagues and never a record of anybody's work.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sight;
use crate::platform::{Actor, App, CaseId, ContactId, PersonId, Result, Timestamp, codes};

/// Who was silent for so long is gone: a page may be kept from saying so once.
const GONE_AFTER: Duration = Duration::from_secs(50);
/// Cases are looked through for people who are gone when there are so many more than before.
const SWEEP: usize = 500;

codes! {
    /// What a person does in a case.
    pub enum Doing {
        Reading = "reading",
        Writing = "writing",
        /// The page was closed.
        Gone = "gone",
    }
}

codes! {
    /// What is written.
    pub enum WritingKind {
        Reply = "reply",
        Note = "note",
        Forward = "forward",
        /// In a side conversation.
        Talk = "talk",
    }
}

/// What somebody writes that will stand in the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Writing {
    pub kind: WritingKind,
    /// The contact that it answers or sends on, as the writer's page says.
    pub about: Option<ContactId>,
}

/// Somebody else in the same case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Present {
    pub person: PersonId,
    pub name: String,
    pub doing: Doing,
    /// `None` also for who writes what nobody will read in the case.
    pub writing: Option<Writing>,
}

#[derive(Debug)]
struct Seen {
    present: Present,
    until: Timestamp,
}

/// Everybody who has a case open on this node.
#[derive(Debug, Default)]
pub struct Presence {
    cases: Mutex<Cases>,
}

#[derive(Debug, Default)]
struct Cases {
    by_case: HashMap<CaseId, Vec<Seen>>,
    /// How many there were after the last sweep.
    swept: usize,
}

impl Presence {
    /// True if others see something else now.
    fn say(&self, case: CaseId, present: Present, now: Timestamp) -> bool {
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        let here = cases.by_case.entry(case).or_default();
        let before = here.len();
        here.retain(|seen| now < seen.until);
        let mut changed = here.len() != before;
        let old = here.iter().position(|seen| seen.present.person == present.person);
        let old = old.map(|place| here.swap_remove(place).present);
        if present.doing == Doing::Gone {
            changed |= old.is_some();
        } else {
            changed |= old.as_ref() != Some(&present);
            here.push(Seen { present, until: now + GONE_AFTER });
        }
        if here.is_empty() {
            cases.by_case.remove(&case);
        }
        cases.sweep(now);
        changed
    }

    fn others(&self, case: CaseId, than: Option<PersonId>, now: Timestamp) -> Vec<Present> {
        let cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        let here = cases.by_case.get(&case).map(Vec::as_slice).unwrap_or_default();
        let others = here.iter().filter(|seen| now < seen.until && Some(seen.present.person) != than);
        let mut others: Vec<Present> = others.map(|seen| seen.present.clone()).collect();
        others.sort_by(|a, b| b.doing.cmp(&a.doing).then_with(|| a.name.cmp(&b.name)));
        others
    }
}

impl Cases {
    /// Browsers that die say no farewell.
    fn sweep(&mut self, now: Timestamp) {
        if self.by_case.len() < self.swept + SWEEP {
            return;
        }
        self.by_case.retain(|_, here| here.iter().any(|seen| now < seen.until));
        self.swept = self.by_case.len();
    }
}

/// Notes what `actor` does in a case, and tells the open pages if that is news. Programs are never present.
pub async fn be(
    app: &App,
    actor: &Actor,
    case: CaseId,
    doing: Doing,
    writing: Option<Writing>,
) -> Result<()> {
    let Some(person) = actor.person_id() else { return Ok(()) };
    let present = Present { person, name: actor.name.clone(), doing, writing };
    if app.part::<Presence>().say(case, present, app.now()) {
        sight::tell(app, "presence", case).await?;
    }
    Ok(())
}

/// Who else is in a case: first who writes.
pub fn others(app: &App, actor: &Actor, case: CaseId) -> Vec<Present> {
    app.part::<Presence>().others(case, actor.person_id(), app.now())
}

/// What `actor` writes has changed: tells the open pages, if anybody else looks at the case.
pub(super) async fn goes_on(app: &App, actor: &Actor, case: CaseId) -> Result<()> {
    if others(app, actor, case).is_empty() { Ok(()) } else { sight::tell(app, "presence", case).await }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: CaseId = CaseId(1);

    fn at(seconds: u64) -> Timestamp {
        Timestamp(0) + Duration::from_secs(seconds)
    }

    fn eva(doing: Doing) -> Present {
        Present { person: PersonId(1), name: "Eva".into(), doing, writing: None }
    }

    fn jonas(doing: Doing) -> Present {
        Present { person: PersonId(2), name: "Jonas".into(), doing, writing: None }
    }

    #[test]
    fn only_what_changed_is_news() {
        let presence = Presence::default();
        assert!(presence.say(CASE, eva(Doing::Reading), at(0)));
        assert!(!presence.say(CASE, eva(Doing::Reading), at(20)));
        assert!(presence.say(CASE, eva(Doing::Writing), at(21)));
        assert!(presence.say(CASE, eva(Doing::Gone), at(22)));
        assert!(!presence.say(CASE, eva(Doing::Gone), at(23)));
    }

    #[test]
    fn what_else_is_written_is_news() {
        let presence = Presence::default();
        let writes = |kind| Present {
            writing: Some(Writing { kind, about: Some(ContactId(7)) }),
            ..eva(Doing::Writing)
        };
        assert!(presence.say(CASE, writes(WritingKind::Note), at(0)));
        assert!(!presence.say(CASE, writes(WritingKind::Note), at(1)));
        assert!(presence.say(CASE, writes(WritingKind::Reply), at(2)));
    }

    #[test]
    fn one_sees_the_others_and_first_who_writes() {
        let presence = Presence::default();
        presence.say(CASE, eva(Doing::Reading), at(0));
        presence.say(CASE, jonas(Doing::Writing), at(0));

        assert_eq!(presence.others(CASE, Some(PersonId(1)), at(1)), [jonas(Doing::Writing)]);
        assert_eq!(presence.others(CASE, None, at(1)), [jonas(Doing::Writing), eva(Doing::Reading)]);
        assert_eq!(presence.others(CaseId(2), None, at(1)), []);
    }

    #[test]
    fn who_is_silent_is_gone_and_that_is_news_for_the_next_who_speaks() {
        let presence = Presence::default();
        presence.say(CASE, eva(Doing::Reading), at(0));
        presence.say(CASE, jonas(Doing::Reading), at(40));
        assert_eq!(presence.others(CASE, Some(PersonId(2)), at(49)).len(), 1);

        assert_eq!(presence.others(CASE, Some(PersonId(2)), at(50)), []);
        assert!(presence.say(CASE, jonas(Doing::Reading), at(60)));
    }

    #[test]
    fn what_nobody_looks_at_any_more_is_forgotten() {
        let presence = Presence::default();
        for case in 0..5000 {
            presence.say(CaseId(case), eva(Doing::Reading), at(u64::try_from(case).unwrap_or_default()));
        }
        let kept = presence.cases.lock().map_or(0, |cases| cases.by_case.len());
        assert!(kept <= SWEEP + 51, "{kept} cases kept");
    }
}

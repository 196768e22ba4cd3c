//! What a case's page shows of the work on it: tasks, other cases, people, hand-offs, the reader's own time.

use crate::cases;
use crate::cases::tasks::{Checklist, Task};
use crate::cases::{Case, Handoff, Involved, Involvement, Merged, OwnTime, Related};
use crate::people;
use crate::people::{Department, Person};
use crate::platform::{Actor, App, Page, Result, Right, Role, Timestamp, Tx};
use crate::rules::Rule;
use crate::rules::macros;

/// Everything that the menu, the dialogs and the right pane of a case need.
pub struct Work {
    pub tasks: Vec<Task>,
    pub relations: Vec<Related>,
    pub handoffs: Vec<Handoff>,
    pub involved: Vec<Involved>,
    pub merged: Vec<Merged>,
    pub open_children: usize,
    /// For those who may work on it.
    pub tools: Option<Tools>,
}

/// What dialogs offer.
pub struct Tools {
    /// Cases of the same customer that may be the same.
    pub suggestions: Vec<Case>,
    pub checklists: Vec<Checklist>,
    pub macros: Vec<Rule>,
    pub departments: Vec<Department>,
    pub partners: Vec<Person>,
    pub own_time: Vec<OwnTime>,
    pub moments: Vec<Moment>,
}

/// A moment that one can wait for by one click.
pub struct Moment {
    pub word: &'static str,
    /// As a form sends it.
    pub value: String,
    pub at: Timestamp,
}

impl Work {
    pub async fn load(app: &App, tx: &mut Tx, actor: &Actor, case: &Case) -> Result<Self> {
        let relations = cases::relations(tx, actor, case.id).await?;
        let parent = relations.iter().any(|one| one.tie == cases::Tie::Child);
        let open_children = if parent { cases::open_children(tx, case.id).await?.len() } else { 0 };
        let tools =
            if actor.can(Right::WorkCases) { Some(Tools::load(app, tx, actor, case).await?) } else { None };
        Ok(Self {
            tasks: cases::tasks::tasks(tx, case.id).await?,
            relations,
            handoffs: cases::handoffs(tx, case.id).await?,
            involved: cases::involved(tx, case.id).await?,
            merged: cases::merged(tx, case).await?,
            open_children,
            tools,
        })
    }

    pub fn open_tasks(&self) -> usize {
        self.tasks.iter().filter(|task| task.done_at.is_none()).count()
    }

    /// Is it the one that a key ends, wherever one is on the page?
    pub fn is_next(&self, task: &Task) -> bool {
        self.tasks.iter().find(|one| one.done_at.is_none()).is_some_and(|next| next.id == task.id)
    }

    pub fn done_tasks(&self) -> usize {
        self.tasks.len() - self.open_tasks()
    }

    /// Closing it asks what becomes of these.
    pub fn asks_at_end(&self) -> bool {
        self.open_tasks() != 0 || self.open_children != 0
    }

    pub fn pending(&self) -> impl Iterator<Item = &Handoff> {
        self.handoffs.iter().filter(|one| one.is_pending())
    }

    pub fn deputy(&self) -> Option<&Involved> {
        self.involved.iter().find(|one| one.part == Involvement::Deputy)
    }

    pub fn followers(&self) -> impl Iterator<Item = &Involved> {
        self.involved.iter().filter(|one| one.part == Involvement::Follower)
    }

    pub fn reader_follows(&self, page: &Page) -> bool {
        page.person().is_some_and(|me| self.followers().any(|one| one.person == me))
    }

    pub fn is_deputy(&self, person: &Person) -> bool {
        self.deputy().is_some_and(|deputy| deputy.person == person.id)
    }
}

/// Is it for the reader to answer?
pub fn is_for_reader(handoff: &Handoff, page: &Page) -> bool {
    page.actor.as_ref().is_some_and(|actor| handoff.is_for(actor))
}

pub fn is_reader(person: &Person, page: &Page) -> bool {
    page.person() == Some(person.id)
}

pub fn day(time: &OwnTime, page: &Page) -> String {
    page.civil(time.day)
}

impl Tools {
    async fn load(app: &App, tx: &mut Tx, actor: &Actor, case: &Case) -> Result<Self> {
        let mut partners = people::all(tx).await?;
        partners.retain(|person| person.active && person.is(&Role::Partner));
        let own_time = match actor.person_id() {
            Some(_) => cases::own_time(app, tx, actor, case.id).await?,
            None => Vec::new(),
        };
        Ok(Self {
            suggestions: cases::suggestions(tx, actor, case).await?,
            checklists: cases::tasks::checklists_for(tx, case.queue).await?,
            macros: macros::of(tx, actor).await?,
            departments: people::departments(tx).await?,
            partners,
            own_time,
            moments: moments(app),
        })
    }
}

/// Tomorrow, Monday and in a week, at eight.
fn moments(app: &App) -> Vec<Moment> {
    let today = app.now().moment().to_zoned(app.zone()).date();
    let to_monday = match today.weekday().to_monday_zero_offset() {
        0 => 7,
        passed => 7 - i64::from(passed),
    };
    let days = [("wait-tomorrow", 1), ("wait-monday", to_monday), ("wait-week", 7), ("wait-fortnight", 14)];
    let moment = |(word, days): (&'static str, i64)| {
        let at = today.checked_add(jiff::Span::new().days(days)).ok()?.at(8, 0, 0, 0);
        let zoned = at.to_zoned(app.zone()).ok()?;
        Some(Moment { word, value: at.strftime("%Y-%m-%dT%H:%M").to_string(), at: zoned.timestamp().into() })
    };
    days.into_iter().filter_map(moment).collect()
}

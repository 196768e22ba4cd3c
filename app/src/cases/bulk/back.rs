//! One case of many, made what it was.

use serde::{Deserialize, Serialize};

use super::one::become_of;
use super::plan::Part;
use crate::cases::links::Stood;
use crate::cases::model::{Bin, Case, DueClock, Priority, Status};
use crate::cases::store::ComplaintEnd;
use crate::cases::undo::stands;
use crate::cases::{attributes, clocks, figures, involved, store};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, OwnStateId, PersonId, QueueId, Result, Tx};

/// How a case was. Stored as JSON, so fields are only added.
#[derive(Serialize, Deserialize)]
pub(super) struct Was {
    stood: Stood,
    queue: QueueId,
    owner: Option<PersonId>,
    priority: Priority,
    bin: Option<Bin>,
    #[serde(default)]
    own_state: Option<OwnStateId>,
    /// The course of the clocks, and which of them was due.
    #[serde(default)]
    clocks: Option<(String, Option<DueClock>)>,
    /// The course of the clocks as the run left it.
    #[serde(default)]
    pub left: Option<String>,
    /// How the complaint had ended that goes on by the run.
    #[serde(default)]
    ended: Option<ComplaintEnd>,
    /// What was set of kind, tags and fields.
    #[serde(default)]
    pub attributes: Vec<attributes::Change>,
    /// Who is involved by the run, and who no longer.
    #[serde(default)]
    pub people: Vec<Part>,
}

impl Was {
    pub async fn of(tx: &mut Tx, case: &Case) -> Result<Self> {
        let has_ended = case.complaint && case.status == Status::Closed;
        Ok(Self {
            stood: Stood::of(case),
            queue: case.queue,
            owner: case.owner,
            priority: case.priority,
            bin: case.bin,
            own_state: case.own_state,
            clocks: Some((case.clocks.clone(), case.due_clock)),
            left: None,
            ended: if has_ended { store::complaint_end(tx, case.id).await? } else { None },
            attributes: Vec::new(),
            people: Vec::new(),
        })
    }

    /// Does the case still wait, or is it still open or closed, as it was? Its deadline may be another.
    fn stands(&self, case: &Case) -> bool {
        let was = self.stood.standing();
        (was.status, was.wait_until, was.closed_at) == (case.status, case.wait_until, case.closed_at)
    }
}

/// Makes one case what it was, unless somebody did anything with it since.
pub(super) async fn take_one_back(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    run: i64,
    one: &store::bulk::Done,
) -> Result<()> {
    let case = store::case(tx, one.case).await?;
    let was: Option<Was> = one.stood.as_deref().and_then(|stood| serde_json::from_str(stood).ok());
    let Some(was) = was.filter(|_| one.version == Some(case.version)) else {
        return store::bulk::keep(tx, run, one.case).await;
    };
    for part in was.people.iter().rev() {
        part_again(app, tx, actor, &case, *part).await?;
    }
    if !was.stands(&case) {
        stand_again(app, tx, actor, &case, &was).await?;
    }
    let before =
        Case { queue: was.queue, owner: was.owner, priority: was.priority, bin: was.bin, ..case.clone() };
    become_of(app, tx, actor, &case, &before).await?;
    attributes_again(app, tx, actor, &case, &was).await?;
    clocks_again(app, tx, &case, &was).await?;
    store::bulk::back(tx, run, one.case).await
}

async fn part_again(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, part: Part) -> Result<()> {
    let who = (part.person, part.part);
    if part.joins {
        involved::release_in(app, tx, actor, case.id, who).await?;
        Ok(())
    } else {
        involved::join_again(app, tx, actor, case.id, who).await
    }
}

/// The case stands as it did, with its own state, and its clocks go on as if nothing had happened.
async fn stand_again(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, was: &Was) -> Result<()> {
    store::set_standing(tx, case.id, was.stood.standing(), figures::today(app)).await?;
    if was.own_state.is_some() {
        attributes::restore_state(tx, case.id, was.own_state, app.now()).await?;
    }
    if let Some(kept) = was.clocks.clone() {
        clocks::restore(app, tx, case.id, kept).await?;
    }
    if let Some(end) = &was.ended {
        store::end_complaint(tx, case.id, end).await?;
    }
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), stands(was.stood))
}

/// Own state, kind, tags and fields are what they were; `case` is how the run left it.
async fn attributes_again(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, was: &Was) -> Result<()> {
    let about = About::case(case.id).of(case.customer);
    let now = store::case(tx, case.id).await?.own_state;
    if now != was.own_state {
        attributes::restore_state(tx, case.id, was.own_state, app.now()).await?;
        let fact = Fact::CaseStateSet { state: was.own_state, from: now };
        journal::record(app, tx, actor, about, fact)?;
    }
    for change in was.attributes.iter().rev() {
        if let Some(fact) = attributes::invert(app, tx, actor, case, change.clone()).await? {
            journal::record(app, tx, actor, about, fact)?;
        }
    }
    Ok(())
}

/// The clocks go on as they were, unless they told something since the run.
async fn clocks_again(app: &App, tx: &mut Tx, case: &Case, was: &Was) -> Result<()> {
    let Some((kept, due_clock)) = &was.clocks else { return Ok(()) };
    if was.left.as_ref() != Some(&case.clocks) || *kept == case.clocks {
        return Ok(());
    }
    let row = store::case(tx, case.id).await?;
    if row.status == Status::Closed {
        return Ok(());
    }
    store::set_due(tx, &row, was.stood.standing().due).await?;
    clocks::restore(app, tx, row.id, (kept.clone(), *due_clock)).await
}

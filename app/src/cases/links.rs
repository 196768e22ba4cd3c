//! Cases that follow each other: an old thread with a new topic, a mail that came long after the end.
//!
//! Kitt may be wrong about it, so one click merges the later case into the earlier one (see [`merge`]). Another
//! click takes that back.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Case, Status};
use super::sight;
use super::steps::{self, Step};
use super::store::Standing;
use super::{merge, store};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, Error, Result, Right, Timestamp, Tx, codes, dialect};

/// Links shown of one case.
const MOST: i64 = 20;
/// Numbers that lead from one case to the next.
const FARTHEST: usize = 50;

codes! {
    /// Why a mail opened a case that follows another.
    pub enum Why {
        /// It is about something else.
        Subject = "subject",
        /// It came when the earlier case had been closed for too long.
        Closed = "closed",
    }
}

impl Why {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Subject => "case-follows-subject",
            Self::Closed => "case-follows-closed",
        }
    }
}

/// The other case of a link, as a page and the API show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Linked {
    pub number: String,
    pub subject: String,
    pub status: Status,
    pub why: Why,
    /// The other case was first.
    pub earlier: bool,
    /// The contacts of the later case are in the earlier one.
    pub joined: bool,
    /// That can still be taken back.
    pub can_part: bool,
}

/// How a case stood, and at which version a move left it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Stood {
    status: Status,
    due_from: Option<i64>,
    due_at: Option<i64>,
    wait_until: Option<i64>,
    closed_at: Option<i64>,
    version: i64,
}

impl Stood {
    pub fn of(case: &Case) -> Self {
        let number = |at: Option<Timestamp>| at.map(|at| at.0);
        Self {
            status: case.status,
            due_from: number(case.due_from),
            due_at: number(case.due_at),
            wait_until: number(case.wait_until),
            closed_at: number(case.closed_at),
            version: case.version,
        }
    }

    pub const fn status(self) -> Status {
        self.status
    }

    /// Does the case still stand like this? Its version may be another.
    pub fn is_of(self, case: &Case) -> bool {
        self.standing() == Self::of(case).standing()
    }

    /// Does it stand like the other, apart from its deadline?
    pub fn stands_as(self, other: Self) -> bool {
        let of = |stood: Self| (stood.status, stood.wait_until, stood.closed_at);
        of(self) == of(other)
    }

    pub fn standing(self) -> Standing {
        let at = |number: Option<i64>| number.map(Timestamp);
        Standing {
            status: self.status,
            due: at(self.due_from).zip(at(self.due_at)),
            wait_until: at(self.wait_until),
            closed_at: at(self.closed_at),
        }
    }
}

impl From<Standing> for Stood {
    fn from(standing: Standing) -> Self {
        let number = |at: Option<Timestamp>| at.map(|at| at.0);
        let (from, at) = standing.due.unzip();
        Self {
            status: standing.status,
            due_from: number(from),
            due_at: number(at),
            wait_until: number(standing.wait_until),
            closed_at: number(standing.closed_at),
            version: 0,
        }
    }
}

/// Marks a new case as one that follows an earlier one.
pub async fn follow(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    earlier: CaseId,
    why: Why,
) -> Result<()> {
    store::insert_link(tx, case, earlier, why, app.now()).await?;
    let fact = Fact::CaseFollows { earlier, why: why.code().into() };
    journal::record(app, tx, actor, About::case(case), fact)
}

/// Cases that follow this one and have their own contacts, the newest first.
pub async fn followers(tx: &mut Tx, case: CaseId) -> Result<Vec<(Case, Why)>> {
    store::followers(tx, case, MOST).await
}

/// The case that the contacts of this one are in: mostly itself.
pub async fn resolve(tx: &mut Tx, case: Case) -> Result<Case> {
    let mut case = case;
    for _ in 0..FARTHEST {
        let Some(next) = case.moved_to else { break };
        case = store::case(tx, next).await?;
    }
    Ok(case)
}

/// As [`resolve`], by id.
pub async fn current(tx: &mut Tx, case: CaseId) -> Result<Case> {
    let case = store::case(tx, case).await?;
    resolve(tx, case).await
}

/// What a case follows, and what follows it.
pub async fn links(tx: &mut Tx, actor: &Actor, case: &Case) -> Result<Vec<Linked>> {
    let mut linked = Vec::new();
    let links = store::links(tx, case.id, MOST).await?;
    let others: Vec<CaseId> = links.iter().flat_map(|link| [link.case, link.earlier]).collect();
    let unseen = sight::unseen(tx, actor, &others).await?;
    for link in links {
        if unseen.contains(&link.case) || unseen.contains(&link.earlier) {
            continue;
        }
        let earlier = link.case == case.id;
        let moved = if earlier { case.moved_to.is_some() } else { link.other_moved };
        let merged = if moved { merge::merged_into(tx, link.case).await? } else { None };
        let merged = merged.filter(|(into, _)| *into == link.earlier);
        let (joined, can_part) = (merged.is_some(), merged.is_some_and(|(_, clean)| clean));
        linked.push(Linked {
            number: link.number,
            subject: link.subject,
            status: link.status,
            why: link.why,
            earlier,
            joined,
            can_part,
        });
    }
    Ok(linked)
}

/// Moves what was said in a case into the one that it follows; where it is now.
///
/// # Errors
///
/// [`Error::NotFound`] if it follows none, [`Error::Stale`] if somebody else was faster.
pub async fn join(app: &App, actor: &Actor, case: CaseId) -> Result<Case> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let link = link_of(&mut tx, case).await?;
    dialect::lock_all(&mut tx, "case", [link.case.0, link.earlier.0]).await?;
    sight::seen(&mut tx, actor, link.case).await?;
    sight::seen(&mut tx, actor, link.earlier).await?;
    let into = merge::merge_in(app, &mut tx, actor, link.case, link.earlier).await?;
    let step = Step::Merge { cases: vec![link.case] };
    steps::offer(app, &mut tx, actor, into.id, "case-joined", step).await?;
    tx.commit().await?;
    Ok(into)
}

/// Takes [`join`] back: both cases are as they were.
///
/// # Errors
///
/// [`Error::Invalid`] if something happened in one of them since; see [`merge::unmerge`].
pub async fn part(app: &App, actor: &Actor, case: CaseId) -> Result<Case> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let into = merge::unmerge_clean(app, &mut tx, actor, case).await?;
    merge::offer_again(app, &mut tx, actor, (case, into)).await?;
    let row = store::case(&mut tx, case).await?;
    tx.commit().await?;
    Ok(row)
}

/// Which case this one follows.
async fn link_of(tx: &mut Tx, case: CaseId) -> Result<store::Link> {
    let links = store::links(tx, case, MOST).await?;
    links.into_iter().find(|link| link.case == case).ok_or(Error::NotFound)
}

//! Cases that follow each other: an old thread with a new topic, a mail that came long after the end.
//!
//! Kitt may be wrong about it, so one click moves the contacts of the later case into the earlier one. Its number
//! then leads there, and its own subject stays. Another click takes that back, for as long as nothing else
//! happened in either: afterwards nobody could say what belongs where.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Case, Status};
use super::sight;
use super::store::{self, Standing};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, Error, Result, Right, Timestamp, Tx, codes, dialect};

/// Links shown of one case.
const MOST: i64 = 20;
/// Numbers that lead from one case to the next.
const FARTHEST: usize = 10;

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

/// The later case and the earlier one.
type Both = (Stood, Stood);

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
        let joined = moved && link.stood.is_some();
        let can_part = joined && unchanged(tx, &link).await?.is_some();
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

/// How both cases stood before one was moved into the other, if nothing happened in either since.
async fn unchanged(tx: &mut Tx, link: &store::Link) -> Result<Option<Both>> {
    let Some(stood) = &link.stood else { return Ok(None) };
    let Ok((later, earlier)) = serde_json::from_str::<Both>(stood) else { return Ok(None) };
    let versions = (store::case(tx, link.case).await?.version, store::case(tx, link.earlier).await?.version);
    Ok((versions == (later.version, earlier.version)).then_some((later, earlier)))
}

/// Moves the contacts of a case into the one that it follows; where they are now.
///
/// # Errors
///
/// [`Error::NotFound`] if it follows none, [`Error::Stale`] if somebody else was faster.
pub async fn join(app: &App, actor: &Actor, case: CaseId) -> Result<Case> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let link = link_of(&mut tx, case).await?;
    lock(&mut tx, &link).await?;
    let from = sight::seen(&mut tx, actor, case).await?;
    let into = sight::seen(&mut tx, actor, link.earlier).await?;
    if from.moved_to.is_some() || into.moved_to.is_some() {
        return Err(Error::Stale);
    }
    let moved = store::move_contacts(&mut tx, from.id, into.id).await?;
    store::set_moved(&mut tx, from.id, into.id, i64::try_from(moved).unwrap_or_default()).await?;
    let now = app.now();
    let shell = Standing { status: Status::Closed, due: None, wait_until: None, closed_at: Some(now) };
    store::set_standing(&mut tx, from.id, shell, now).await?;
    let reopened = from.status == Status::Open && into.status != Status::Open;
    if from.status == Status::Open {
        store::set_standing(&mut tx, into.id, together(&from, &into), now).await?;
    }
    remember(&mut tx, &from, &into).await?;
    let fact = Fact::CasesJoined { from: from.id, into: into.id };
    for case in [&from, &into] {
        journal::record(app, &mut tx, actor, About::case(case.id).of(case.customer), fact.clone())?;
    }
    if reopened && into.status == Status::Closed {
        journal::record(app, &mut tx, actor, About::case(into.id).of(into.customer), Fact::CaseReopened)?;
    }
    tx.commit().await?;
    Ok(into)
}

/// Open, and due when the first of the two answers is.
fn together(from: &Case, into: &Case) -> Standing {
    let due = |case: &Case| case.due_from.zip(case.due_at);
    let first = due(from).into_iter().chain(due(into)).min_by_key(|(_, at)| *at);
    Standing { status: Status::Open, due: first, wait_until: None, closed_at: None }
}

/// Keeps how both stood, with the versions that they have now.
async fn remember(tx: &mut Tx, from: &Case, into: &Case) -> Result<()> {
    let version = |case: Case| case.version;
    let versions = (version(store::case(tx, from.id).await?), version(store::case(tx, into.id).await?));
    let both: Both =
        (Stood { version: versions.0, ..Stood::of(from) }, Stood { version: versions.1, ..Stood::of(into) });
    store::set_stood(tx, from.id, into.id, Some(&serde_json::to_string(&both)?)).await
}

/// Takes [`join`] back: both cases are as they were.
///
/// # Errors
///
/// [`Error::Invalid`] if something happened in one of them since.
pub async fn part(app: &App, actor: &Actor, case: CaseId) -> Result<Case> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let link = link_of(&mut tx, case).await?;
    lock(&mut tx, &link).await?;
    let Some((later, earlier)) = unchanged(&mut tx, &link).await? else {
        return Err(Error::invalid("case", "case-part-late"));
    };
    let moved = store::moved_back(&mut tx, link.case, link.earlier).await?;
    store::clear_moved(&mut tx, link.case, link.earlier, i64::try_from(moved).unwrap_or_default()).await?;
    for (case, stood) in [(link.case, later), (link.earlier, earlier)] {
        store::set_standing(&mut tx, case, stood.standing(), app.now()).await?;
    }
    store::set_stood(&mut tx, link.case, link.earlier, None).await?;
    let fact = Fact::CasesParted { from: link.case, into: link.earlier };
    for case in [link.case, link.earlier] {
        let customer = store::case(&mut tx, case).await?.customer;
        journal::record(app, &mut tx, actor, About::case(case).of(customer), fact.clone())?;
    }
    let row = store::case(&mut tx, link.case).await?;
    tx.commit().await?;
    Ok(row)
}

/// Which case this one follows.
async fn link_of(tx: &mut Tx, case: CaseId) -> Result<store::Link> {
    let links = store::links(tx, case, MOST).await?;
    links.into_iter().find(|link| link.case == case).ok_or(Error::NotFound)
}

/// In the order of their ids, so that two clicks do not wait for each other.
async fn lock(tx: &mut Tx, link: &store::Link) -> Result<()> {
    dialect::lock(tx, "case", link.case.0.min(link.earlier.0)).await?;
    dialect::lock(tx, "case", link.case.0.max(link.earlier.0)).await
}

//! Drafts: what somebody is writing in a case, kept on the server every few seconds.
//!
//! Who works on the case sees that there is one, and may take it over. Nothing typed is lost to a conflict: what was
//! saved over a version that has changed elsewhere becomes a draft beside it, and both are shown.

use serde::Serialize;
use utoipa::ToSchema;

use super::presence;
use super::sight;
use super::steps::{self, Step};
use super::store;
use super::undo;
use super::undo::Inverse;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, Error, PersonId, Result, Right, Timestamp, Tx, codes, dialect};

pub use super::store::Draft;

/// Characters of a text with its HTML.
const LONGEST: usize = 500_000;
/// Characters of a list of recipients.
const LONGEST_LIST: usize = 10_000;

codes! {
    /// What is being written.
    pub enum DraftKind { Reply = "reply", Note = "note", Talk = "talk" }
}

/// What was typed, and over which version of which draft.
#[derive(Debug, Clone)]
pub struct Typed {
    pub kind: DraftKind,
    /// Sanitised HTML.
    pub body: String,
    pub to: String,
    pub cc: String,
    pub bcc: String,
    pub draft: Option<i64>,
    pub version: Option<i64>,
}

/// What became of what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DraftKept)]
pub struct Kept {
    /// Nothing was typed, so there is none.
    pub draft: Option<i64>,
    pub version: Option<i64>,
    /// Somebody had changed the draft meanwhile: this one stands beside it.
    pub beside: bool,
}

/// Keeps what was typed.
///
/// # Errors
///
/// [`Error::Invalid`] for what is too long, [`Error::Forbidden`] for programs: drafts are people's.
pub async fn save(app: &App, actor: &Actor, case: CaseId, typed: &Typed) -> Result<Kept> {
    actor.may(Right::WorkCases)?;
    let person = actor.person()?;
    Error::unless_short("body", &typed.body, LONGEST)?;
    for (field, list) in [("to", &typed.to), ("cc", &typed.cc), ("bcc", &typed.bcc)] {
        Error::unless_short(field, list, LONGEST_LIST)?;
    }
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case-drafts", case.0).await?;
    // The case may have gone into another one while somebody typed: what they wrote is to be found there.
    let row = super::current(&mut tx, case).await?;
    sight::check(&mut tx, actor, &row).await?;
    let case = row.id;
    let known = known(&mut tx, actor, case, typed).await?;
    let blank = mail::html::to_text(&typed.body).trim().is_empty() && !typed.body.contains("<img");
    if blank {
        if let Some(known) = &known {
            store::delete_draft(&mut tx, known.id).await?;
        }
        tx.commit().await?;
        tell(app, case, known.is_some()).await?;
        return Ok(Kept { draft: None, version: None, beside: false });
    }
    if known.is_none()
        && let Some(same) = same(&mut tx, actor, case, typed).await?
    {
        tx.commit().await?;
        return Ok(Kept { draft: Some(same.id), version: Some(same.version), beside: false });
    }
    let saved = match &known {
        Some(known) => store::update_draft(&mut tx, known.id, typed, app.now()).await?,
        None => store::insert_draft(&mut tx, case, person, typed, app.now()).await?,
    };
    tx.commit().await?;
    tell(app, case, known.is_none()).await?;
    if known.is_some() {
        presence::goes_on(app, actor, case).await?;
    }
    let beside = known.is_none() && typed.draft.is_some();
    Ok(Kept { draft: Some(saved.id), version: Some(saved.version), beside })
}

/// The draft that was typed in, if nobody changed it meanwhile.
async fn known(tx: &mut Tx, actor: &Actor, case: CaseId, typed: &Typed) -> Result<Option<Draft>> {
    let Some(id) = typed.draft else { return Ok(None) };
    let draft = match store::draft(tx, id).await {
        Ok(draft) => draft,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let same = draft.case == case
        && Some(draft.person) == actor.person_id()
        && draft.kind == typed.kind
        && Some(draft.version) == typed.version
        && draft.discarded_at.is_none();
    Ok(same.then_some(draft))
}

/// A draft of the same person that says the same already: a page that is left saves once more, and the next one has
/// the version before.
async fn same(tx: &mut Tx, actor: &Actor, case: CaseId, typed: &Typed) -> Result<Option<Draft>> {
    let says_the_same = |draft: &Draft| {
        Some(draft.person) == actor.person_id()
            && (draft.kind, &draft.body) == (typed.kind, &typed.body)
            && (&draft.to, &draft.cc, &draft.bcc) == (&typed.to, &typed.cc, &typed.bcc)
    };
    Ok(store::drafts(tx, case).await?.into_iter().find(says_the_same))
}

/// Who looks at the case sees that a draft came or went; not each letter.
async fn tell(app: &App, case: CaseId, changed: bool) -> Result<()> {
    if changed { sight::tell(app, "case", case).await } else { Ok(()) }
}

/// The drafts of a case that were not thrown away, the newest last.
pub async fn drafts(tx: &mut Tx, case: CaseId) -> Result<Vec<Draft>> {
    store::drafts(tx, case).await
}

/// What pages say of a case that was closed: also that something which was begun is left in it.
pub(super) async fn closed_word(tx: &mut Tx, case: CaseId) -> Result<&'static str> {
    let left = !store::drafts(tx, case).await?.is_empty();
    Ok(if left { "case-closed-draft" } else { "case-closed" })
}

/// Did the actor throw away what they were answering in this case, after `since`?
pub async fn is_discarded_since(tx: &mut Tx, actor: &Actor, case: CaseId, since: Timestamp) -> Result<bool> {
    match actor.person_id() {
        Some(person) => store::is_discarded_since(tx, case, person, DraftKind::Reply, since).await,
        None => Ok(false),
    }
}

/// A draft became a message: it goes with it, in its transaction. So does one with the same text, which a page kept
/// just before it was sent.
pub(super) async fn used(
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    (kind, draft): (DraftKind, Option<i64>),
    text: &str,
) -> Result<()> {
    if actor.person_id().is_none() {
        return Ok(());
    }
    for known in store::drafts(tx, case).await? {
        // One that a colleague took over meanwhile stays: whoever has it decides.
        let own = Some(known.person) == actor.person_id() && known.kind == kind;
        if own && (Some(known.id) == draft || mail::html::to_text(&known.body).trim() == text.trim()) {
            store::delete_draft(tx, known.id).await?;
        }
    }
    Ok(())
}

/// A colleague's draft becomes the actor's own.
///
/// # Errors
///
/// [`Error::Stale`] if it was sent or thrown away meanwhile.
pub async fn take_over(app: &App, actor: &Actor, draft: i64) -> Result<CaseId> {
    let person = actor.person()?;
    change(app, actor, draft, async |tx, row| {
        store::take_draft(tx, row.id, person).await?;
        if row.person != person {
            let step = Step::TakeDraft { draft, from: row.person };
            steps::offer(app, tx, actor, row.case, "draft-taken", step).await?;
        }
        Ok(Fact::DraftTaken { draft, from: row.person })
    })
    .await
}

/// Who took a draft over gives it back.
///
/// # Errors
///
/// [`undo::late`] if it was sent, thrown away or taken by somebody else meanwhile.
pub(super) async fn give_back(app: &App, tx: &mut Tx, actor: &Actor, draft: i64, to: PersonId) -> Result<()> {
    let case = store::draft(tx, draft).await.map_err(undo::or_late)?.case;
    dialect::lock(tx, "case-drafts", case.0).await?;
    let row = store::draft(tx, draft).await?;
    if Some(row.person) != actor.person_id() || row.discarded_at.is_some() {
        return Err(undo::late());
    }
    store::take_draft(tx, draft, to).await?;
    let case = store::case(tx, row.case).await?;
    let fact = Fact::DraftReturned { draft, to };
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)
}

/// Throws an own draft away; [`restore`] brings it back.
///
/// # Errors
///
/// [`Error::Forbidden`] for one of somebody else: it can be taken over first.
pub async fn discard(app: &App, actor: &Actor, draft: i64) -> Result<CaseId> {
    change(app, actor, draft, async |tx, row| {
        if Some(row.person) != actor.person_id() {
            return Err(Error::Forbidden(Right::WorkCases));
        }
        store::set_discarded(tx, row.id, Some(app.now())).await?;
        undo::offer(app, tx, actor, row.case, "draft-discarded", &Inverse::Draft { draft }).await?;
        Ok(Fact::DraftDiscarded { draft })
    })
    .await
}

/// Brings a draft back that the actor threw away.
pub async fn restore(app: &App, actor: &Actor, draft: i64) -> Result<CaseId> {
    change(app, actor, draft, async |tx, row| {
        if Some(row.person) != actor.person_id() || row.discarded_at.is_none() {
            return Err(Error::NotFound);
        }
        store::set_discarded(tx, row.id, None).await?;
        Ok(Fact::DraftRestored { draft })
    })
    .await
}

async fn change(
    app: &App,
    actor: &Actor,
    draft: i64,
    act: impl AsyncFnOnce(&mut Tx, &Draft) -> Result<Fact>,
) -> Result<CaseId> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let row = store::draft(&mut tx, draft).await?;
    dialect::lock(&mut tx, "case-drafts", row.case.0).await?;
    let row = store::draft(&mut tx, draft).await?;
    let case = sight::seen(&mut tx, actor, row.case).await?;
    let fact = act(&mut tx, &row).await?;
    journal::record(app, &mut tx, actor, About::case(case.id).of(case.customer), fact)?;
    tx.commit().await?;
    Ok(case.id)
}

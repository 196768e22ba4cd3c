//! A look at each case of a run: its answer is approved, left out, or written anew for it alone.

use super::letter::letter;
use super::model::{CaseState, Run, RunCase};
use super::{LONGEST, draft, newest, store, tell};
use crate::cases;
use crate::cases::sight;
use crate::platform::{Actor, App, CaseId, ContactId, Error, Result, Right};

/// So many are looked at one by one before the rest can be approved at once.
const LOOKED_AT: i64 = 3;

/// What somebody decides about a case after a look at it.
#[derive(Debug, Clone)]
pub struct Look {
    /// Open, approved or skipped.
    pub state: CaseState,
    /// Written for it alone; `None`: as it was, empty: the run's text again.
    pub text: Option<String>,
    /// The newest contact of the case as it was shown.
    pub seen: Option<ContactId>,
}

/// Approves the answer to one case, leaves it out, or writes it anew for this case alone.
///
/// # Errors
///
/// [`Error::Invalid`] if nothing is written in the customer's language, or something is left to be filled in.
pub async fn look(app: &App, actor: &Actor, run: i64, case: CaseId, look: Look) -> Result<Run> {
    actor.may(Right::WorkCases)?;
    if !matches!(look.state, CaseState::Open | CaseState::Approved | CaseState::Skipped) {
        return Err(Error::invalid("state", "error-field-malformed"));
    }
    let mut tx = app.db.write().await?;
    let row = draft(&mut tx, run).await?;
    let of = sight::seen(&mut tx, actor, case).await?;
    let mut one = store::case(&mut tx, run, case).await?;
    if one.contact.is_some() && matches!(one.state, CaseState::Sent | CaseState::Left) {
        return Err(Error::Stale);
    }
    if let Some(text) = look.text {
        Error::unless_short("text", &text, LONGEST)?;
        one.text = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    }
    one.state = look.state;
    one.seen = match look.seen {
        Some(seen) => Some(seen),
        None => newest(&mut tx, case).await?,
    };
    one.looked = None;
    if one.state == CaseState::Approved {
        let letter = letter(app, &mut tx, actor, &row, &one, &of).await?;
        if let Some(problem) = letter.problem {
            return Err(Error::invalid("state", problem));
        }
        one.looked = Some(letter.looked);
    }
    store::decide(&mut tx, run, &one, actor.person_id()).await?;
    tx.commit().await?;
    tell(app, &row);
    Ok(row)
}

/// Approves all that can be sent as it fits, once some were looked at one by one; the others stay open, each with its
/// reason.
///
/// # Errors
///
/// [`Error::Invalid`] before that.
pub async fn approve_rest(app: &App, actor: &Actor, run: i64) -> Result<Run> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let row = draft(&mut tx, run).await?;
    let progress = store::progress(&mut tx, run).await?;
    if progress.settled() + progress.approved < LOOKED_AT.min(progress.total()) {
        return Err(Error::invalid("cases", "answers-look-first"));
    }
    let all = store::cases(&mut tx, run).await?;
    let open: Vec<RunCase> = all.into_iter().filter(|one| one.state == CaseState::Open).collect();
    let ids: Vec<CaseId> = open.iter().map(|one| one.case).collect();
    let unseen = sight::unseen(&mut tx, actor, &ids).await?;
    for mut one in open.into_iter().filter(|one| !unseen.contains(&one.case)) {
        let case = cases::case(&mut tx, one.case).await?;
        let letter = letter(app, &mut tx, actor, &row, &one, &case).await?;
        if letter.problem.is_some() || letter.other_tone || letter.mixed {
            continue;
        }
        one.state = CaseState::Approved;
        one.looked = Some(letter.looked);
        one.seen = newest(&mut tx, one.case).await?;
        store::decide(&mut tx, run, &one, actor.person_id()).await?;
    }
    tx.commit().await?;
    tell(app, &row);
    Ok(row)
}

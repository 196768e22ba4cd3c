//! Who else is in a case, and what they write in it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{bodies, find, number_or_empty};
use crate::cases;
use crate::cases::presence;
use crate::cases::presence::{Doing, Present, Writing, WritingKind};
use crate::cases::{Case, Contact, Draft, DraftKind};
use crate::platform::{
    Actor, App, Area, ContactId, Error, Id, Input, Page, PersonId, Result, Right, Tx, Wants,
};

/// Who else is in the case, those who write first. The page shows it in its own places.
#[derive(Template, Serialize, ToSchema)]
#[template(path = "cases/views/presence.html")]
pub(super) struct Here {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    number: String,
    #[serde(skip)]
    case_id: i64,
    others: Vec<Present>,
    #[serde(skip)]
    coming: Vec<Coming>,
}

/// What somebody else writes just now, as the course of the case shows it where it will stand.
pub struct Coming {
    pub person: PersonId,
    pub name: String,
    pub kind: WritingKind,
    /// What it answers or sends on.
    pub about: Option<Contact>,
    /// As much of it as is kept.
    pub draft: Option<Draft>,
}

impl Coming {
    /// What is kept of it, as HTML; that was made harmless when it was kept.
    pub fn shown(&self) -> Option<String> {
        self.draft.as_ref().map(|draft| bodies::for_editor(&draft.body))
    }
}

#[derive(Deserialize, ToSchema)]
pub(super) struct DoingForm {
    doing: Doing,
    /// What is written, of who writes.
    #[serde(default)]
    kind: Option<WritingKind>,
    /// The contact that it answers or sends on.
    #[serde(default, deserialize_with = "number_or_empty")]
    about: Option<i64>,
}

impl DoingForm {
    fn writing(&self) -> Option<Writing> {
        let kind = self.kind.filter(|_| self.doing == Doing::Writing)?;
        Some(Writing { kind, about: self.about.map(ContactId) })
    }
}

/// Says what the person does in the case; to be repeated every 20 seconds. Answers who else is there.
#[utoipa::path(post, path = "/cases/{number}/presence", tag = "cases", params(("number" = String, Path)),
    request_body = DoingForm, responses((status = 200, body = Here), (status = 404)))]
pub(super) async fn be(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<DoingForm>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let case = find(&app, &number).await?;
    presence::be(&app, &actor, case.id, form.doing, form.writing()).await?;
    here(&app, &actor, &wants, &case).await
}

/// Who else is in the case.
#[utoipa::path(get, path = "/cases/{number}/presence", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = Here), (status = 404)))]
pub(super) async fn show(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let case = find(&app, &number).await?;
    here(&app, &actor, &wants, &case).await
}

async fn here(app: &App, actor: &Actor, wants: &Wants, case: &Case) -> Result<Response> {
    let page = wants.page(app, actor, Area::Inbox);
    let others = presence::others(app, actor, case.id);
    // Most look at a case alone, and then nothing is read.
    let coming = if others.iter().any(|one| one.writing.is_some()) && !wants.json {
        coming(&mut app.db.read().await?, actor, case, &others).await?
    } else {
        Vec::new()
    };
    wants.fragment(&Here { page, number: case.number.clone(), case_id: case.id.0, others, coming })
}

/// What these people write in a case.
pub async fn coming(tx: &mut Tx, actor: &Actor, case: &Case, others: &[Present]) -> Result<Vec<Coming>> {
    let writers: Vec<_> = others.iter().filter_map(|one| Some((one, one.writing?))).collect();
    if writers.is_empty() {
        return Ok(Vec::new());
    }
    // As below the course: drafts are for who works on cases.
    let works = actor.can(Right::WorkCases);
    let drafts = if works { cases::drafts(tx, case.id).await? } else { Vec::new() };
    let mut coming = Vec::with_capacity(writers.len());
    for (one, writing) in writers {
        coming.push(Coming {
            person: one.person,
            name: one.name.clone(),
            kind: writing.kind,
            about: about(tx, case, writing.about).await?,
            draft: kept(&drafts, one.person, writing.kind),
        });
    }
    Ok(coming)
}

/// The contact that a page named; of other cases it tells nothing.
async fn about(tx: &mut Tx, case: &Case, contact: Option<ContactId>) -> Result<Option<Contact>> {
    let Some(contact) = contact else { return Ok(None) };
    match cases::contact(tx, contact).await {
        Ok(contact) => Ok(Some(contact).filter(|contact| contact.case == case.id)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The newest draft of a person that is of this kind; what is sent on and side conversations are not kept.
fn kept(drafts: &[Draft], person: PersonId, kind: WritingKind) -> Option<Draft> {
    let kind = match kind {
        WritingKind::Reply => DraftKind::Reply,
        WritingKind::Note => DraftKind::Note,
        WritingKind::Forward | WritingKind::Talk => return None,
    };
    drafts.iter().rev().find(|draft| draft.person == person && draft.kind == kind).cloned()
}

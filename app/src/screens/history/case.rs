//! The history of a case: every change of it, the newest first.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::former::{changed, kinds, was, wording};
use super::kinds::Group;
use super::told::{Thing, Told, or_none};
use super::{LINES, Line, lines, with_told};
use crate::cases;
use crate::cases::attributes;
use crate::cases::{Case, Wording};
use crate::journal;
use crate::journal::{Entry, Fact};
use crate::platform::parts;
use crate::platform::{Actor, App, Area, CaseId, EntryId, Id, Page, Query, Result, Right, Tx, Wants, Words};

/// Facts read at once; some may be left out.
const READ: i64 = 200;
/// Facts of the two kinds of an aspect, of which one says how it was.
const FORMER: i64 = 20;
/// Characters of what stood somewhere: a field holds pages, a line does not.
const LONGEST: usize = 200;

#[derive(Deserialize, IntoParams)]
pub(super) struct HistoryQuery {
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<i64>,
    /// Only entries of this kind.
    #[param(inline)]
    kind: Option<Group>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "screens/history/views/case.html")]
pub(super) struct HistoryView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    case: Case,
    #[serde(skip)]
    kind: Option<Group>,
    items: Vec<Line>,
    next: Option<String>,
}

impl HistoryView {
    /// Where entries of each kind are, how that is called, and whether it is shown.
    fn tabs(&self) -> Vec<(String, &'static str, bool)> {
        let all = format!("/cases/{}/history", self.case.number);
        let of = |kind: &Group| (format!("{all}?kind={kind}"), kind.word(), self.kind == Some(*kind));
        let kinds: Vec<_> = Group::ALL.iter().map(of).collect();
        [(all, "history-kind-all", self.kind.is_none())].into_iter().chain(kinds).collect()
    }

    /// What the address of the next page has beside its cursor.
    fn also(&self) -> String {
        self.kind.map(|kind| format!("&kind={kind}")).unwrap_or_default()
    }
}

/// What was changed about a case, by whom, from what to what, the newest first.
#[utoipa::path(get, path = "/cases/{number}/history", tag = "cases",
    params(("number" = String, Path), HistoryQuery),
    responses((status = 200, body = HistoryView), (status = 404)))]
pub(super) async fn history(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(query): Query<HistoryQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let limit = parts::limit(query.limit, LINES);
    let before = EntryId(query.cursor.unwrap_or(i64::MAX));
    let mut tx = app.db.read().await?;
    let case = cases::numbered(&mut tx, &number).await?;
    let changes = changes(&mut tx, &actor, case.id, (before, query.kind), limit + 1).await?;
    let changes = with_former(&mut tx, case.id, changes).await?;
    let page = wants.page(&app, &actor, Area::Inbox);
    let changes = with_wordings(&mut tx, &page, case.id, changes).await?;
    let items = lines(&mut tx, &actor, &page, Some(case.id), changes).await?;
    let (items, next) = parts::cut(items, limit, |last| last.id.to_string());
    wants.answer(&HistoryView { page, case, kind: query.kind, items, next })
}

/// Up to `wanted` changes of a kind before an entry that name no case which the actor may not know of. It is read on until they are
/// found: neither a short page nor where the next one begins tells of hidden cases.
async fn changes(
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    (mut before, kind): (EntryId, Option<Group>),
    wanted: i64,
) -> Result<Vec<(Entry, Told)>> {
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    while found.len() < wanted {
        let entries = journal::changes_of_case(tx, case, before, READ).await?;
        let Some(last) = entries.last() else { break };
        before = last.id;
        let of_kind = |entry: &Entry| kind.is_none_or(|kind| kind == Group::of(&entry.fact));
        let mut facts: Vec<(Entry, Told)> = entries.into_iter().filter(of_kind).map(with_told).collect();
        let others: Vec<CaseId> = facts.iter().flat_map(|(_, told)| cases_in(told)).collect();
        let unseen = cases::sight::unseen(tx, actor, &others).await?;
        facts.retain(|(_, told)| cases_in(told).all(|other| !unseen.contains(&other)));
        found.extend(facts);
    }
    found.truncate(wanted);
    Ok(found)
}

fn cases_in(told: &Told) -> impl Iterator<Item = CaseId> {
    told.things().filter_map(|thing| match thing {
        Thing::Case(case) => Some(*case),
        _ => None,
    })
}

/// Facts say what is; what was before is what the last fact of the same kind said.
async fn with_former(
    tx: &mut Tx,
    case: CaseId,
    mut changes: Vec<(Entry, Told)>,
) -> Result<Vec<(Entry, Told)>> {
    for at in 0..changes.len() {
        let (entry, told) = &changes[at];
        let Some(aspect) = changed(&entry.fact).filter(|_| told.from.is_empty()) else { continue };
        let mut former = changes[at + 1..].iter().find_map(|(older, _)| aspect.after(older));
        if former.is_none() {
            let last = changes.last().map_or(entry.id, |(last, _)| last.id);
            let older = journal::of_kinds(tx, case, last, kinds(aspect), FORMER).await?;
            former = older.iter().find_map(|older| aspect.after(older));
        }
        let former = former.unwrap_or_else(|| aspect.at_first().to_owned());
        changes[at].1.from = was(aspect, &former).into_iter().collect();
    }
    Ok(changes)
}

/// What was typed is kept beside the journal: what stood in a field or how a task was called, and what it is since.
async fn with_wordings(
    tx: &mut Tx,
    words: &Words,
    case: CaseId,
    mut changes: Vec<(Entry, Told)>,
) -> Result<Vec<(Entry, Told)>> {
    let kept: Vec<i64> = changes.iter().filter_map(|(entry, _)| wording(&entry.fact)).collect();
    if kept.is_empty() {
        return Ok(changes);
    }
    let kept = cases::wordings(tx, case, &kept).await?;
    let kept: HashMap<i64, Wording> = kept.into_iter().map(|one| (one.id, one)).collect();
    let fields = attributes::fields(tx).await?;
    for (entry, told) in &mut changes {
        let Some(one) = wording(&entry.fact).and_then(|id| kept.get(&id)) else { continue };
        let field = match &entry.fact {
            Fact::CaseFieldSet { field, .. } => fields.iter().find(|one| one.id == *field),
            _ => None,
        };
        let said = |text: Option<&String>| {
            or_none(text.map(|text| match field {
                Some(field) => short(&attributes::shown(field, text, words)),
                None => short(text),
            }))
        };
        told.turn(said(one.was.as_ref()), said(one.became.as_ref()));
    }
    Ok(changes)
}

/// As much of a text as a line has room for.
fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

//! What is found: of each kind, as a list, and the one case whose number was typed.

use super::resolve;
use super::resolve::Understood;
use super::{DEEPEST, Group, Item, SearchList, SearchQuery, SearchView};
use crate::cases;
use crate::platform::search::{EXACT, Hits, Request, Wish};
use crate::platform::{Actor, App, Result, Right};

/// Hits of each kind while all kinds are shown.
const EACH: usize = 6;

/// What is found of each kind; of those that are not asked for only how much it is.
pub(super) async fn add_kinds(
    app: &App,
    actor: &Actor,
    query: &SearchQuery,
    understood: &Understood,
    view: &mut SearchView,
) -> Result<()> {
    let is_shown = |kind: &str| view.kind.as_deref().is_none_or(|shown| shown == kind);
    let wish = |kind: &'static str| match view.kind {
        Some(_) if is_shown(kind) => query.wish(Some(kind.to_owned())),
        Some(_) => Wish { kind: Some(kind.to_owned()), limit: 1, offset: 0 },
        None => Wish { kind: Some(kind.to_owned()), limit: EACH, offset: 0 },
    };
    let wishes: Vec<Wish> = crate::search_sources().iter().map(|source| wish(source.kind)).collect();
    let request = query.request(understood);
    let found = find(app, actor, request, wishes.clone()).await?;
    view.ready = found.is_some();
    let found = found.unwrap_or_else(|| vec![Hits::default(); wishes.len()]);
    for (wish, hits) in wishes.into_iter().zip(found) {
        let named = hits.items.first().is_some_and(|hit| hit.named);
        let list = list(app, actor, &wish, understood, hits).await?;
        let kind = wish.kind.unwrap_or_default();
        if view.kind.as_ref().is_none_or(|shown| *shown == kind) {
            view.fuzzy |= list.fuzzy && !list.items.is_empty();
            view.next = if view.kind.is_some() { list.next } else { None };
            view.instead = view.instead.take().or(list.instead);
        }
        view.groups.push(Group { kind, total: list.total, more: list.more, items: list.items, named });
    }
    // Who works on cases mostly looks for one of them, however many customers ordered what it is about.
    if actor.can(Right::WorkCases) {
        view.groups.sort_by_key(|group| group.kind != "case");
    }
    Ok(())
}

/// One list, best first: what programs and the palette get, and one kind's own page.
pub(super) async fn list(
    app: &App,
    actor: &Actor,
    wish: &Wish,
    understood: &Understood,
    hits: Hits,
) -> Result<SearchList> {
    let end = wish.offset + hits.items.len();
    let next = (end < hits.total.min(DEEPEST)).then(|| end.to_string());
    let instead = understood.instead(&hits.instead);
    let mut items: Vec<Item> = hits.items.into_iter().map(Item::from).collect();
    let mut jump = None;
    if wish.offset == 0 && wish.kind.as_ref().is_none_or(|kind| kind == "case") {
        jump = lead_to(app, actor, &understood.request.whole, &mut items).await?;
    }
    let total = hits.total.max(items.len());
    let notes = understood.notes.clone();
    Ok(SearchList {
        items,
        next,
        total: total.min(EXACT),
        more: EXACT < total,
        fuzzy: hits.fuzzy,
        instead,
        notes,
        jump,
    })
}

pub(super) async fn find(
    app: &App,
    actor: &Actor,
    request: Request,
    wishes: Vec<Wish>,
) -> Result<Option<Vec<Hits>>> {
    app.search().find(app, &crate::search_sources(), actor, request, wishes).await
}

/// A case's whole number leads to it even before the index knows it; its address.
pub(super) async fn lead_to(
    app: &App,
    actor: &Actor,
    typed: &str,
    items: &mut Vec<Item>,
) -> Result<Option<String>> {
    let Some(number) = resolve::case_number(typed).filter(|_| actor.can(Right::ReadCases)) else {
        return Ok(None);
    };
    let mut tx = app.db.read().await?;
    let Some(case) = cases::find_number(&mut tx, &number).await? else { return Ok(None) };
    if cases::sight::check(&mut tx, actor, &case).await.is_err() || case.bin.is_some() {
        return Ok(None);
    }
    let url = format!("/cases/{}", case.number);
    let is_case = |item: &Item| item.url.split('#').next() == Some(url.as_str());
    let item = match items.iter().position(is_case) {
        Some(place) => items.remove(place),
        None => Item {
            kind: "case".into(),
            title: case.subject,
            detail: case.number,
            url: url.clone(),
            snippet: String::new(),
            found_in: None,
            updated: Some(case.updated_at),
        },
    };
    items.insert(0, item);
    Ok(Some(url))
}

//! Text modules: what is written again and again, with what changes filled in.
//!
//! A snippet has a text per language, in German one for „Sie" and one for „Du", and is inserted as the customer is
//! written to. What cannot be filled in stays as it is and is said to the writer; a message with such a hole does not
//! leave. Uses are counted per snippet, never per person. What stands around each answer of a queue, its frame, is
//! filled in the same way.

mod exchange;
mod fill;
mod model;
mod store;
mod typed;
pub mod web;

pub use exchange::{Fault, Table, from_csv, to_csv};
pub use fill::{Filled, Letter, PLACEHOLDERS, fill, frame_for, letter};
pub use model::{Draft, Frame, Listed, Snippet, Text};

use crate::cases;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, Bilingual, CaseId, Error, FieldError, Language, OwnFieldError, QueueId, Result, Right,
    Timestamp, Tx, Words,
};

/// Characters of a name, a shortcut or a folder.
const LONGEST_LINE: usize = 100;
/// Characters of a text with its HTML.
const LONGEST_TEXT: usize = 50_000;
/// Characters of a greeting or closing.
const LONGEST_FRAME: usize = 1_000;

/// Adds a snippet: a shared one needs [`Right::EditPolicies`], an own one does not.
///
/// # Errors
///
/// [`Error::Invalid`] without a name or a text, for a shortcut that is taken, and for placeholders that are none.
pub async fn add(app: &App, actor: &Actor, draft: &Draft) -> Result<i64> {
    may_keep(actor, draft)?;
    let mut tx = app.db.write().await?;
    check(&mut tx, actor, draft, None).await?;
    let id = store::insert(&mut tx, draft, app.now()).await?;
    record(app, &mut tx, actor, Fact::SnippetChanged { snippet: id })?;
    tx.commit().await?;
    Ok(id)
}

/// Adds a snippet as it is; for imports and the example company.
pub async fn add_past(tx: &mut Tx, draft: &Draft, at: Timestamp) -> Result<i64> {
    store::insert(tx, draft, at).await
}

/// Chooses what answers of a queue begin and end with from the beginning; for the example company.
pub async fn set_past_frame(tx: &mut Tx, frame: &Frame) -> Result<()> {
    store::set_frame(tx, frame).await
}

/// Changes a snippet, as [`add`] says.
pub async fn change(app: &App, actor: &Actor, snippet: i64, draft: &Draft) -> Result<()> {
    may_keep(actor, draft)?;
    let mut tx = app.db.write().await?;
    may_change(actor, &self::snippet(&mut tx, actor, snippet).await?)?;
    check(&mut tx, actor, draft, Some(snippet)).await?;
    store::update(&mut tx, snippet, draft, app.now()).await?;
    record(app, &mut tx, actor, Fact::SnippetChanged { snippet })?;
    tx.commit().await
}

/// Takes a snippet away; what was written with it stays.
pub async fn remove(app: &App, actor: &Actor, snippet: i64) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    may_change(actor, &self::snippet(&mut tx, actor, snippet).await?)?;
    store::delete(&mut tx, snippet).await?;
    record(app, &mut tx, actor, Fact::SnippetRemoved { snippet })?;
    tx.commit().await
}

/// Adds or changes all of these by their shortcut, as an exchange between houses does; how many.
///
/// # Errors
///
/// As [`add`], by rows of the table; then none is kept.
pub async fn bring_in(app: &App, actor: &Actor, mut table: Table) -> Result<usize> {
    let mut tx = app.db.write().await?;
    let mut faults = table.faults.clone();
    for at in 0..table.drafts.len() {
        may_keep(actor, &table.drafts[at])?;
        let known = as_before(&mut tx, &mut table, at).await?;
        let draft = &table.drafts[at];
        match check(&mut tx, actor, draft, known).await {
            Err(Error::Invalid(errors)) => {
                faults.extend(errors.iter().map(|error| table.fault(at, error)));
                continue;
            }
            checked => checked?,
        }
        let snippet = match known {
            Some(known) => {
                store::update(&mut tx, known, draft, app.now()).await?;
                known
            }
            None => store::insert(&mut tx, draft, app.now()).await?,
        };
        record(app, &mut tx, actor, Fact::SnippetChanged { snippet })?;
    }
    refuse(app, faults)?;
    tx.commit().await?;
    Ok(table.drafts.len())
}

/// The snippet that a draft of a table changes. What the table has no column for stays as it was there.
async fn as_before(tx: &mut Tx, table: &mut Table, at: usize) -> Result<Option<i64>> {
    let draft = &mut table.drafts[at];
    let Some(id) = store::by_shortcut(tx, &draft.shortcut, draft.owner).await? else { return Ok(None) };
    let known = store::snippet(tx, id).await?;
    draft.queue = known.queue;
    if !table.has_informal {
        for text in &mut draft.texts {
            known.exactly(text.language).1.clone_into(&mut text.informal);
        }
    }
    Ok(Some(id))
}

/// Says of each row what is wrong with it.
fn refuse(app: &App, mut faults: Vec<Fault>) -> Result<()> {
    faults.sort_by_key(|fault| fault.row);
    let say = |language, word: &str| Words::new(language, app.zone(), app.now()).t(word).into_owned();
    let told = faults.iter().map(|Fault { row, column, word }| OwnFieldError {
        field: format!("row-{row}"),
        word: "snippet-row-wrong",
        name: Bilingual::same(&if column.is_empty() { row.to_string() } else { format!("{row}, {column}") }),
        value: Some(Bilingual { de: say(Language::De, word), en: say(Language::En, word) }),
        meanwhile: false,
    });
    if faults.is_empty() { Ok(()) } else { Err(Error::OwnFields(told.collect())) }
}

fn may_keep(actor: &Actor, draft: &Draft) -> Result<()> {
    match draft.owner {
        None => actor.may(Right::EditPolicies),
        Some(owner) if Some(owner) == actor.person_id() => actor.may(Right::WorkCases),
        Some(_) => Err(Error::NotFound),
    }
}

fn may_change(actor: &Actor, snippet: &Snippet) -> Result<()> {
    match snippet.owner {
        None => actor.may(Right::EditPolicies),
        Some(owner) if Some(owner) == actor.person_id() => Ok(()),
        Some(_) => Err(Error::NotFound),
    }
}

async fn check(tx: &mut Tx, actor: &Actor, draft: &Draft, but: Option<i64>) -> Result<()> {
    let mut errors: Vec<FieldError> =
        FieldError::of_text("name", &draft.name, LONGEST_LINE).into_iter().collect();
    if LONGEST_LINE < draft.folder.chars().count() {
        errors.push(FieldError { field: "folder", word: "error-field-too-long" });
    }
    let typed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if draft.shortcut.is_empty() || 30 < draft.shortcut.chars().count() || !draft.shortcut.chars().all(typed)
    {
        errors.push(FieldError { field: "shortcut", word: "snippet-shortcut-wrong" });
    } else if store::by_shortcut(tx, &draft.shortcut, draft.owner).await?.is_some_and(|id| Some(id) != but) {
        errors.push(FieldError { field: "shortcut", word: "snippet-shortcut-taken" });
    }
    let says_nothing = |text: &Text| [&text.body, &text.informal].iter().all(|html| is_empty(html));
    if draft.texts.iter().all(says_nothing) {
        errors.push(FieldError { field: "body_de", word: "error-field-required" });
    }
    for text in &draft.texts {
        let field = if text.language == Language::En { "body_en" } else { "body_de" };
        for (field, body) in [(field, &text.body), ("body_de_informal", &text.informal)] {
            if LONGEST_TEXT < body.chars().count() {
                errors.push(FieldError { field, word: "error-field-too-long" });
            } else if fill::has_unknown(body) {
                errors.push(FieldError { field, word: "snippet-placeholder-wrong" });
            }
        }
    }
    if let Some(queue) = draft.queue {
        people::queue(tx, queue).await?;
        if actor.sight.hidden.contains(&queue) {
            return Err(Error::NotFound);
        }
    }
    actor.may(Right::WorkCases)?;
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// Would nobody see anything of it?
fn is_empty(html: &str) -> bool {
    mail::html::to_text(html).trim().is_empty()
}

fn record(app: &App, tx: &mut Tx, actor: &Actor, fact: Fact) -> Result<()> {
    journal::record(app, tx, actor, About::house(), fact)
}

/// All snippets that an actor may use: shared ones and their own.
pub async fn all(tx: &mut Tx, actor: &Actor) -> Result<Vec<Snippet>> {
    let mut all = store::all(tx, actor.person_id()).await?;
    all.retain(|snippet| is_seen(actor, snippet));
    Ok(all)
}

pub async fn snippet(tx: &mut Tx, actor: &Actor, snippet: i64) -> Result<Snippet> {
    let found = store::snippet(tx, snippet).await?;
    let own = found.owner.is_none() || found.owner == actor.person_id();
    if own && is_seen(actor, &found) { Ok(found) } else { Err(Error::NotFound) }
}

/// A snippet of a queue that the actor may not know of is none.
fn is_seen(actor: &Actor, snippet: &Snippet) -> bool {
    snippet.queue.is_none_or(|queue| !actor.sight.hidden.contains(&queue))
}

/// The snippets that fit what was typed, filled in for a case: an exact shortcut first, then what is used most.
pub async fn find(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    typed: &str,
    most: usize,
) -> Result<Vec<(Snippet, Filled)>> {
    let row = cases::case(tx, case).await?;
    let typed = typed.trim().to_lowercase();
    let mut fitting = all(tx, actor).await?;
    fitting.retain(|snippet| snippet.queue.is_none_or(|queue| queue == row.queue) && snippet.fits(&typed));
    fitting.sort_by_key(|snippet| {
        let rank = (snippet.shortcut != typed, !snippet.shortcut.starts_with(&typed));
        (rank, std::cmp::Reverse(snippet.used))
    });
    fitting.truncate(most);
    let values = fill::values(app, tx, actor, &row).await?;
    Ok(fitting
        .into_iter()
        .map(|snippet| {
            let (text, tone) = snippet.text(values.manner);
            let filled = values.fill(text, tone);
            (snippet, filled)
        })
        .collect())
}

/// A snippet was put into a text.
pub async fn count_use(app: &App, actor: &Actor, snippet: i64) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    store::count_use(&mut tx, snippet).await?;
    tx.commit().await
}

/// What was chosen to stand around answers, by queue and language, of the queues that the actor may know of.
pub async fn frames(tx: &mut Tx, actor: &Actor) -> Result<Vec<Frame>> {
    let mut frames = store::frames(tx).await?;
    frames.retain(|frame| !actor.sight.hidden.contains(&frame.queue));
    Ok(frames)
}

/// Chooses what an answer in a queue begins and ends with.
///
/// # Errors
///
/// [`Error::Invalid`] for what is too long, and for placeholders that are none.
pub async fn set_frame(app: &App, actor: &Actor, queue: QueueId, frame: &Frame) -> Result<()> {
    actor.may(Right::EditPolicies)?;
    for (field, text) in [
        ("greeting", &frame.greeting),
        ("closing", &frame.closing),
        ("informal_greeting", &frame.informal_greeting),
        ("informal_closing", &frame.informal_closing),
    ] {
        Error::unless_short(field, text, LONGEST_FRAME)?;
        if fill::has_unknown(text) {
            return Err(Error::invalid(field, "snippet-placeholder-wrong"));
        }
    }
    let mut tx = app.db.write().await?;
    people::queue(&mut tx, queue).await?;
    if actor.sight.hidden.contains(&queue) {
        return Err(Error::NotFound);
    }
    store::set_frame(&mut tx, frame).await?;
    record(app, &mut tx, actor, Fact::SettingChanged { name: "answer_frame".into(), of: Some(queue.0) })?;
    tx.commit().await
}

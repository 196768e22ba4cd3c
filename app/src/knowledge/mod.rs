//! Knowledge: what the house knows, in articles that people find while they answer.
//!
//! An article has a text per language, somebody who answers for it, and a day on which it is looked at again. Each time
//! it is saved it gets a version, which can be compared and brought back. Who works on cases proposes drafts and changes;
//! leads write, publish and decide on what is proposed ([`Right::WriteKnowledge`]). What was searched in vain is counted
//! by its words, whether an article helped by the article: neither with anybody's name. Deliberately absent: a help
//! centre for customers.

mod back;
mod compare;
mod gaps;
mod model;
mod near;
mod proposals;
mod search;
mod store;
pub mod web;

pub use back::UNDOERS;
pub use compare::{Change, Line, compare};
pub use gaps::{forget, gaps, missed};
pub use model::{
    Article, ArticleState, ArticleText, ArticleVersion, Content, Gap, Said, Saved, Show, Typed, html, plain,
    tags,
};
pub use near::suggestions;
pub use proposals::{
    Proposal, ProposalState, accept, decline, known_proposals, own_proposal, proposal, proposals, proposer,
    suggest, withdraw,
};
pub use search::{Found, SEARCH, Wanted, find};

use jiff::civil::Date;

use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, Error, FieldError, Language, PersonId, Result, Right, Timestamp, Tx, dialect,
};
use back::Done;
use store::Filter;

/// Characters of a title.
const LONGEST_TITLE: usize = 200;
/// Characters of a text with its HTML.
const LONGEST_BODY: usize = 100_000;

/// Which articles somebody wants to see.
#[derive(Debug, Clone)]
pub struct Asked {
    pub show: Show,
    /// Only those that say something in this language.
    pub language: Option<Language>,
    /// Only those with this tag; empty: all.
    pub tag: String,
}

impl Asked {
    pub const fn new(show: Show) -> Self {
        Self { show, language: None, tag: String::new() }
    }

    /// Of drafts and of proposed changes everybody sees their own, and who writes articles all of them.
    fn filter(&self, app: &App, actor: &Actor) -> Filter {
        let private = matches!(self.show, Show::Drafts | Show::Proposed);
        let own = private && !actor.can(Right::WriteKnowledge);
        Filter {
            show: self.show,
            today: today(app).to_string(),
            language: self.language,
            tag: self.tag.clone(),
            author: own.then(|| actor.person_id().unwrap_or(PersonId(0))),
        }
    }
}

/// Today in the house's zone.
pub fn today(app: &App) -> Date {
    app.now().moment().to_zoned(app.zone()).date()
}

/// A part of a list, what was changed last first.
pub async fn list(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    asked: &Asked,
    before: Option<(Timestamp, i64)>,
    limit: i64,
) -> Result<Vec<Article>> {
    store::list(tx, &asked.filter(app, actor), before, limit).await
}

/// How many articles a list shows in all.
pub async fn count(app: &App, tx: &mut Tx, actor: &Actor, asked: &Asked) -> Result<i64> {
    store::count(tx, &asked.filter(app, actor)).await
}

/// Is there any article that is not archived?
pub async fn any(tx: &mut Tx) -> Result<bool> {
    store::any(tx).await
}

/// The tags of published articles, with how many have each.
pub async fn known_tags(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    store::tags(tx).await
}

/// Is it one tag, however it is typed?
pub fn same_tag(one: &str, other: &str) -> bool {
    model::fold(one) == model::fold(other)
}

/// # Errors
///
/// [`Error::NotFound`] also for a draft of somebody else.
pub async fn article(tx: &mut Tx, actor: &Actor, article: i64) -> Result<Article> {
    let found = store::article(tx, article).await?;
    if found.is_seen_by(actor) { Ok(found) } else { Err(Error::NotFound) }
}

/// Who answers for an article.
pub async fn owner(tx: &mut Tx, article: i64) -> Result<Option<PersonId>> {
    Ok(store::article(tx, article).await?.owner)
}

/// Up to `limit` versions of an article below a number, the newest first.
pub async fn versions(tx: &mut Tx, article: i64, below: i64, limit: i64) -> Result<Vec<ArticleVersion>> {
    store::versions(tx, article, below, limit).await
}

/// What an article was in a version.
pub async fn version(tx: &mut Tx, article: i64, version: i64) -> Result<ArticleVersion> {
    store::version(tx, article, version).await
}

/// Proposes an article; who writes articles publishes it.
///
/// # Errors
///
/// [`Error::Invalid`] with all fields that must be corrected.
pub async fn propose(app: &App, actor: &Actor, typed: &Typed) -> Result<i64> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    check(&mut tx, typed, None).await?;
    let (person, now) = (actor.person_id(), app.now());
    let article = store::insert(&mut tx, ArticleState::Draft, person, now).await?;
    store::save(&mut tx, article, &Content::default().with(typed), None, person, now).await?;
    record(app, &mut tx, actor, Fact::ArticleCreated { article })?;
    tx.commit().await?;
    Ok(article)
}

/// Adds an article as it is; for the example company.
pub async fn add_past(
    tx: &mut Tx,
    content: &Content,
    state: ArticleState,
    author: Option<PersonId>,
    at: Timestamp,
) -> Result<i64> {
    let article = store::insert(tx, state, author, at).await?;
    store::save(tx, article, content, None, author, at).await?;
    Ok(article)
}

/// Gives an article its next version, as it was then; for the example company.
pub async fn change_past(
    tx: &mut Tx,
    article: i64,
    content: &Content,
    person: Option<PersonId>,
    at: Timestamp,
) -> Result<()> {
    store::save(tx, article, content, None, person, at).await.map(drop)
}

/// Changes what an article says in one language, over the version that its writer knew.
///
/// What was changed in another language meanwhile stays and is in nobody's way.
///
/// # Errors
///
/// As [`propose`]; [`Error::Forbidden`] for what one may only read.
pub async fn change(app: &App, actor: &Actor, article: i64, version: i64, typed: &Typed) -> Result<Saved> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let known = locked(&mut tx, actor, article).await?;
    check(&mut tx, typed, known.owner).await?;
    let now = known.content();
    if known.version != version && !is_base(&mut tx, article, version, &now, typed.language).await? {
        return Ok(Saved::Meanwhile(Box::new(known)));
    }
    let content = now.with(typed);
    if content != now {
        let version = store::save(&mut tx, article, &content, None, actor.person_id(), app.now()).await?;
        record(app, &mut tx, actor, Fact::ArticleChanged { article, version })?;
    }
    tx.commit().await?;
    Ok(Saved::Done(article))
}

/// Does an earlier version say the same as now, for somebody who writes in this language?
async fn is_base(tx: &mut Tx, article: i64, version: i64, now: &Content, language: Language) -> Result<bool> {
    match store::version(tx, article, version).await {
        Ok(base) => Ok(base.content.is_same_for(now, language)),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// An article that the actor is about to change.
async fn locked(tx: &mut Tx, actor: &Actor, article: i64) -> Result<Article> {
    dialect::lock(tx, "article", article).await?;
    let known = self::article(tx, actor, article).await?;
    if known.may_be_changed_by(actor) { Ok(known) } else { Err(Error::Forbidden(Right::WriteKnowledge)) }
}

/// From now on it is found by everybody who reads articles.
pub async fn publish(app: &App, actor: &Actor, article: i64) -> Result<()> {
    actor.may(Right::WriteKnowledge)?;
    let mut tx = app.db.write().await?;
    let known = locked(&mut tx, actor, article).await?;
    if known.state != ArticleState::Published {
        let since = store::set_state(&mut tx, article, ArticleState::Published, app.now()).await?;
        record(app, &mut tx, actor, Fact::ArticlePublished { article })?;
        let (was, since) = (known.state, Some(since));
        let closed = Vec::new();
        let done = Done::State { article, was, is: ArticleState::Published, since, closed };
        back::offer(app, &mut tx, actor, "knowledge-published", &done).await?;
    }
    tx.commit().await
}

/// Puts an article away: its address still leads to it, lists and searches do not, and what was proposed for it is
/// declined. One's own draft, too.
pub async fn archive(app: &App, actor: &Actor, article: i64) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let known = locked(&mut tx, actor, article).await?;
    if known.state != ArticleState::Archived {
        let since = store::set_state(&mut tx, article, ArticleState::Archived, app.now()).await?;
        record(app, &mut tx, actor, Fact::ArticleArchived { article })?;
        let (was, since) = (known.state, Some(since));
        let closed = proposals::close(app, &mut tx, actor, article).await?;
        let done = Done::State { article, was, is: ArticleState::Archived, since, closed };
        back::offer(app, &mut tx, actor, "knowledge-archived", &done).await?;
    }
    tx.commit().await
}

/// Lets an article say again what it said in a version, as its next version.
pub async fn restore(app: &App, actor: &Actor, article: i64, version: i64) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let known = locked(&mut tx, actor, article).await?;
    let was = store::version(&mut tx, article, version).await?.content;
    if was != known.content() {
        let (person, now) = (actor.person_id(), app.now());
        store::save(&mut tx, article, &was, Some(version), person, now).await?;
        record(app, &mut tx, actor, Fact::ArticleRestored { article, version })?;
    }
    tx.commit().await
}

/// An article helped somebody. Who that was is kept nowhere.
pub async fn helped(app: &App, actor: &Actor, article: i64) -> Result<()> {
    actor.may(Right::ReadKnowledge)?;
    let mut tx = app.db.write().await?;
    self::article(&mut tx, actor, article).await?;
    store::count_helped(&mut tx, article).await?;
    tx.commit().await
}

/// An article helped somebody not.
pub async fn did_not_help(app: &App, actor: &Actor, article: i64) -> Result<()> {
    actor.may(Right::ReadKnowledge)?;
    let mut tx = app.db.write().await?;
    self::article(&mut tx, actor, article).await?;
    store::count_not_helped(&mut tx, article).await?;
    tx.commit().await
}

/// Refuses what an article cannot say. Whose it is already may have left the house.
async fn check(tx: &mut Tx, typed: &Typed, owner: Option<PersonId>) -> Result<()> {
    let mut errors: Vec<FieldError> =
        FieldError::of_text("title", &typed.title, LONGEST_TITLE).into_iter().collect();
    errors.extend(FieldError::of_text("body", &typed.body, LONGEST_BODY));
    if let Some(chosen) = typed.owner.filter(|chosen| Some(*chosen) != owner)
        && !people::person(tx, chosen).await?.active
    {
        errors.push(FieldError { field: "owner", word: "case-owner-gone" });
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

fn record(app: &App, tx: &mut Tx, actor: &Actor, fact: Fact) -> Result<()> {
    journal::record(app, tx, actor, About::house(), fact)
}

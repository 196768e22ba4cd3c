//! Changes to published articles, proposed by those who may not publish.
//!
//! A proposal stands beside the article, which says what it said until somebody who writes articles accepts it: then it
//! is the next version. Deliberately absent: who proposed how much, and how much of it was accepted.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::back::{self, Done};
use super::model::{Article, ArticleState, Said, Saved, Typed};
use super::{check, is_base, record, store};
use crate::journal::Fact;
use crate::platform::{Actor, App, Error, Language, PersonId, Result, Right, Timestamp, Tx, codes, dialect};

/// Characters of why a change was declined.
const LONGEST_REASON: usize = 2_000;

codes! {
    /// What became of a proposed change.
    pub enum ProposalState {
        Open = "open",
        /// It is a version of the article.
        Accepted = "accepted",
        Declined = "declined",
        /// Who proposed it thought better of it.
        Withdrawn = "withdrawn",
    }
}

/// A change that somebody proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ArticleProposal)]
pub struct Proposal {
    pub id: i64,
    pub article: i64,
    /// Who proposes it.
    pub person: PersonId,
    pub state: ProposalState,
    /// The version of the article that it began with.
    pub base: i64,
    /// Counts each time the proposal was changed.
    pub version: i64,
    pub said: Said,
    /// Why it was declined; empty: the article was archived.
    pub reason: String,
    pub decided_by: Option<PersonId>,
    /// When it became what it is.
    pub at: Timestamp,
}

impl Proposal {
    pub fn is_open(&self) -> bool {
        self.state == ProposalState::Open
    }

    pub fn is_by(&self, actor: &Actor) -> bool {
        Some(self.person) == actor.person_id()
    }

    /// It is there for who proposes it and for those who write articles.
    pub fn is_seen_by(&self, actor: &Actor) -> bool {
        self.is_by(actor) || actor.can(Right::WriteKnowledge)
    }
}

/// A proposal that the actor may know of.
pub async fn proposal(tx: &mut Tx, actor: &Actor, proposal: i64) -> Result<Proposal> {
    let found = store::proposals::proposal(tx, proposal).await?;
    if found.is_seen_by(actor) { Ok(found) } else { Err(Error::NotFound) }
}

/// Those of these proposals that the actor may know of, each with its article.
pub async fn known_proposals(
    tx: &mut Tx,
    actor: &Actor,
    proposals: &[i64],
) -> Result<HashMap<i64, (Proposal, Article)>> {
    let mut found = store::proposals::some(tx, proposals).await?;
    found.retain(|one| one.is_seen_by(actor));
    let mut of: Vec<i64> = found.iter().map(|one| one.article).collect();
    of.sort_unstable();
    of.dedup();
    let mut articles = store::some(tx, &of).await?;
    articles.retain(|article| article.is_seen_by(actor));
    let articles: HashMap<i64, Article> = articles.into_iter().map(|article| (article.id, article)).collect();
    let with = |one: Proposal| {
        let article = articles.get(&one.article)?.clone();
        Some((one.id, (one, article)))
    };
    Ok(found.into_iter().filter_map(with).collect())
}

/// Who proposed it.
pub async fn proposer(tx: &mut Tx, proposal: i64) -> Result<PersonId> {
    Ok(store::proposals::proposal(tx, proposal).await?.person)
}

/// What is open of an article, as far as the actor may know of it, the oldest first.
pub async fn proposals(tx: &mut Tx, actor: &Actor, article: i64) -> Result<Vec<Proposal>> {
    let mut open = store::proposals::open(tx, article).await?;
    open.retain(|one| one.is_seen_by(actor));
    Ok(open)
}

/// What the actor proposes for an article in a language, if that is open.
pub async fn own_proposal(
    tx: &mut Tx,
    actor: &Actor,
    article: i64,
    language: Language,
) -> Result<Option<Proposal>> {
    match actor.person_id() {
        Some(person) => store::proposals::own(tx, article, person, language).await,
        None => Ok(None),
    }
}

/// Proposes what a published article should say, over the version that its writer knew. Who did so before changes that.
///
/// # Errors
///
/// [`Error::Invalid`] with all fields that must be corrected, or if it changes nothing; [`Error::Forbidden`] for what is
/// not published.
pub async fn suggest(app: &App, actor: &Actor, article: i64, version: i64, typed: &Typed) -> Result<Saved> {
    actor.may(Right::WorkCases)?;
    let person = actor.person()?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "article", article).await?;
    let known = super::article(&mut tx, actor, article).await?;
    if known.state != ArticleState::Published {
        return Err(Error::Forbidden(Right::WriteKnowledge));
    }
    check(&mut tx, typed, known.owner).await?;
    let now = known.content();
    if known.version != version && !is_base(&mut tx, article, version, &now, typed.language).await? {
        return Ok(Saved::Meanwhile(Box::new(known)));
    }
    let said = typed.said();
    if now.saying(&said) == now {
        return Err(Error::invalid("body", "knowledge-change-same"));
    }
    let was = store::proposals::own(&mut tx, article, person, typed.language).await?;
    let is = Proposal {
        id: was.as_ref().map_or(0, |was| was.id),
        article,
        person,
        state: ProposalState::Open,
        base: known.version,
        version: 0,
        said,
        reason: String::new(),
        decided_by: None,
        at: app.now(),
    };
    let (id, left) = match &was {
        Some(was) => (was.id, store::proposals::save(&mut tx, &is).await?),
        None => (store::proposals::insert(&mut tx, &is).await?, 1),
    };
    record(app, &mut tx, actor, Fact::ArticleChangeProposed { article, proposal: id })?;
    let done = Done::Proposal { proposal: id, was: was.map(Box::new), left, versions: None };
    back::offer(app, &mut tx, actor, "knowledge-change-proposed", &done).await?;
    tx.commit().await?;
    Ok(Saved::Done(id))
}

/// Lets an article say what was proposed, as its next version, if it still says what it said in `version`: what is
/// accepted was seen.
///
/// # Errors
///
/// [`Error::Stale`] if somebody changed the article meanwhile, [`Error::Invalid`] if it is decided already, or the article
/// is not published.
pub async fn accept(app: &App, actor: &Actor, proposal: i64, version: i64) -> Result<()> {
    actor.may(Right::WriteKnowledge)?;
    let mut tx = app.db.write().await?;
    let (was, known) = locked(&mut tx, actor, proposal).await?;
    if known.state != ArticleState::Published {
        return Err(Error::invalid("decision", "knowledge-change-unpublished"));
    }
    if known.version != version {
        return Err(Error::Stale);
    }
    let (article, now) = (known.id, known.content());
    let content = now.saying(&was.said);
    let left = if content == now {
        version
    } else {
        // Who wrote it wrote this version; who accepted it is in the journal.
        store::save(&mut tx, article, &content, None, Some(was.person), app.now()).await?
    };
    let fact = Fact::ArticleChangeAccepted { article, proposal, version: left };
    decide(app, &mut tx, actor, was, (ProposalState::Accepted, ""), (fact, Some((version, left)))).await?;
    tx.commit().await
}

/// Leaves the article as it is, and tells who proposed the change why.
///
/// # Errors
///
/// [`Error::Invalid`] without a reason, or if it is decided already.
pub async fn decline(app: &App, actor: &Actor, proposal: i64, reason: &str) -> Result<()> {
    actor.may(Right::WriteKnowledge)?;
    Error::unless_text("reason", reason, LONGEST_REASON)?;
    let mut tx = app.db.write().await?;
    let (was, known) = locked(&mut tx, actor, proposal).await?;
    let fact = Fact::ArticleChangeDeclined { article: known.id, proposal };
    decide(app, &mut tx, actor, was, (ProposalState::Declined, reason.trim()), (fact, None)).await?;
    tx.commit().await
}

/// Takes one's own proposal away.
///
/// # Errors
///
/// [`Error::NotFound`] for that of somebody else, [`Error::Invalid`] if it is decided already.
pub async fn withdraw(app: &App, actor: &Actor, proposal: i64) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let (was, known) = locked(&mut tx, actor, proposal).await?;
    if !was.is_by(actor) {
        return Err(Error::NotFound);
    }
    let fact = Fact::ArticleChangeWithdrawn { article: known.id, proposal };
    decide(app, &mut tx, actor, was, (ProposalState::Withdrawn, ""), (fact, None)).await?;
    tx.commit().await
}

/// An open proposal and its article, which nobody else changes until the commit.
async fn locked(tx: &mut Tx, actor: &Actor, id: i64) -> Result<(Proposal, Article)> {
    let article = proposal(tx, actor, id).await?.article;
    dialect::lock(tx, "article", article).await?;
    let known = super::article(tx, actor, article).await?;
    let found = proposal(tx, actor, id).await?;
    if found.is_open() {
        Ok((found, known))
    } else {
        Err(Error::invalid("decision", "knowledge-change-decided"))
    }
}

/// What is kept of a decision: the proposal, the fact, and the way back with the article's versions before and after.
async fn decide(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    was: Proposal,
    (state, reason): (ProposalState, &str),
    (fact, versions): (Fact, Option<(i64, i64)>),
) -> Result<()> {
    let decided_by = actor.person_id();
    let is = Proposal { state, reason: reason.to_owned(), decided_by, at: app.now(), ..was.clone() };
    let left = store::proposals::save(tx, &is).await?;
    record(app, tx, actor, fact)?;
    let word = match state {
        ProposalState::Accepted => "knowledge-change-accepted",
        ProposalState::Declined => "knowledge-change-declined",
        ProposalState::Open | ProposalState::Withdrawn => "knowledge-change-withdrawn",
    };
    let done = Done::Proposal { proposal: was.id, was: Some(Box::new(was)), left, versions };
    back::offer(app, tx, actor, word, &done).await
}

/// Ends what is open of an article with it: as it was, and the version that it was left with. Who proposed it is told.
pub(super) async fn close(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    article: i64,
) -> Result<Vec<(Proposal, i64)>> {
    let mut closed = Vec::new();
    for was in store::proposals::open(tx, article).await? {
        let (proposal, decided_by) = (was.id, actor.person_id());
        let is = Proposal { state: ProposalState::Declined, decided_by, at: app.now(), ..was.clone() };
        closed.push((was, store::proposals::save(tx, &is).await?));
        record(app, tx, actor, Fact::ArticleChangeDeclined { article, proposal })?;
    }
    Ok(closed)
}

/// What ended with its article is as it was before.
pub(super) async fn reopen(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    closed: Vec<(Proposal, i64)>,
) -> Result<()> {
    for (was, left) in closed {
        let (article, proposal) = (was.article, was.id);
        if store::proposals::proposal(tx, proposal).await?.version == left {
            store::proposals::save(tx, &was).await?;
            record(app, tx, actor, Fact::ArticleChangeReopened { article, proposal })?;
        }
    }
    Ok(())
}

/// Takes back what became of a proposal, or that there is one, while both it and its article are as that left them.
pub(super) async fn take_back(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (id, was): (i64, Option<Proposal>),
    (left, versions): (i64, Option<(i64, i64)>),
) -> Result<()> {
    let article = store::proposals::proposal(tx, id).await?.article;
    dialect::lock(tx, "article", article).await?;
    let (is, known) = (store::proposals::proposal(tx, id).await?, super::article(tx, actor, article).await?);
    if !is.is_by(actor) || matches!(is.state, ProposalState::Accepted | ProposalState::Declined) {
        actor.may(Right::WriteKnowledge)?;
    }
    let changed = versions.is_some_and(|(_, after)| known.version != after);
    let other = store::proposals::own(tx, article, is.person, is.said.text.language).await?;
    let replaced = other.is_some_and(|other| other.id != id);
    // What is not published has nothing open.
    let gone = known.state != ArticleState::Published;
    if is.version != left || changed || (was.is_some() && (replaced || gone)) {
        return Err(crate::cases::undo::late());
    }
    if let Some((before, _)) = versions.filter(|(before, after)| before != after) {
        let content = store::version(tx, article, before).await?.content;
        store::save(tx, article, &content, Some(before), actor.person_id(), app.now()).await?;
        record(app, tx, actor, Fact::ArticleRestored { article, version: before })?;
    }
    let fact = match &was {
        Some(_) => Fact::ArticleChangeReopened { article, proposal: id },
        None => Fact::ArticleChangeWithdrawn { article, proposal: id },
    };
    let back = was.unwrap_or(Proposal { state: ProposalState::Withdrawn, at: app.now(), ..is });
    store::proposals::save(tx, &back).await?;
    record(app, tx, actor, fact)
}

//! Publishing an article, putting it away and proposed changes are taken back, as long as it is as that left it.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::model::ArticleState;
use super::proposals::Proposal;
use super::{proposals, record, store};
use crate::cases::undo::{self, Inverse, Undoer};
use crate::journal::Fact;
use crate::platform::{Actor, App, Result, Right, Timestamp, Tx, dialect};

const NAME: &str = "knowledge";

pub static UNDOERS: [Undoer; 1] =
    [Undoer { name: NAME, right: Right::WorkCases, page: |_| "/knowledge".to_owned(), take_back }];

/// What was done. Stored as JSON, so variants are only added.
#[derive(Serialize, Deserialize)]
#[serde(tag = "done", rename_all = "snake_case")]
pub(super) enum Done {
    State {
        article: i64,
        was: ArticleState,
        is: ArticleState,
        /// Since when; `None`: kept before that was noted.
        since: Option<Timestamp>,
        /// The proposals that ended with it, as they were, and the version that each was left with.
        #[serde(default)]
        closed: Vec<(Proposal, i64)>,
    },
    Proposal {
        proposal: i64,
        /// How it was; `None`: there was none.
        was: Option<Box<Proposal>>,
        /// The version it was left with.
        left: i64,
        /// The versions of the article before and after, if it was decided to change.
        versions: Option<(i64, i64)>,
    },
}

/// Offers to take back what was just done.
pub(super) async fn offer(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    word: &'static str,
    done: &Done,
) -> Result<()> {
    undo::offer_of_house(app, tx, actor, word, &Inverse::elsewhere(NAME, done)?).await
}

fn take_back<'a>(app: &'a App, tx: &'a mut Tx, actor: &'a Actor, what: Value) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let done: Done = serde_json::from_value(what)?;
        match done {
            Done::State { article, was, is, since, closed } => {
                state(app, tx, actor, article, was, (is, since)).await?;
                proposals::reopen(app, tx, actor, closed).await
            }
            Done::Proposal { proposal, was, left, versions } => {
                let was = (proposal, was.map(|was| *was));
                proposals::take_back(app, tx, actor, was, (left, versions)).await
            }
        }
    })
}

async fn state(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    article: i64,
    was: ArticleState,
    (is, since): (ArticleState, Option<Timestamp>),
) -> Result<()> {
    dialect::lock(tx, "article", article).await?;
    let known = store::article(tx, article).await?;
    // Who put their own draft away gets it back; all else is for those who write articles.
    if !(was == ArticleState::Draft && is == ArticleState::Archived && known.is_begun_by(actor)) {
        actor.may(Right::WriteKnowledge)?;
    }
    // The same state may be that of somebody else, who published it and put it away again.
    if known.state != is || since.is_some_and(|since| known.changed_at != since) {
        return Err(undo::late());
    }
    // Only what is published has proposals; somebody made one meanwhile.
    if was != ArticleState::Published && !store::proposals::open(tx, article).await?.is_empty() {
        return Err(undo::late());
    }
    store::set_state(tx, article, was, app.now()).await?;
    record(app, tx, actor, fact_of(article, was))
}

/// An article is this from now on.
const fn fact_of(article: i64, state: ArticleState) -> Fact {
    match state {
        ArticleState::Draft => Fact::ArticleDrafted { article },
        ArticleState::Published => Fact::ArticlePublished { article },
        ArticleState::Archived => Fact::ArticleArchived { article },
    }
}

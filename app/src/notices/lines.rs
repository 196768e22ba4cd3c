//! Notices in words: made when they are shown, so that rows carry nothing personal and nobody is shown what they may
//! no longer know of.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::model::{Line, Notice, NoticeKind};
use crate::cases;
use crate::cases::Case;
use crate::insights;
use crate::knowledge;
use crate::knowledge::{Article, Proposal, ProposalState};
use crate::people;
use crate::platform::{Actor, CaseId, InsightId, PersonId, Result, Right, Tx, Words};

/// Those of `notices` that the actor may know of, in words, in their order.
pub async fn of(tx: &mut Tx, actor: &Actor, words: &Words, notices: &[Notice]) -> Result<Vec<Line>> {
    let known = Known::load(tx, actor, notices).await?;
    Ok(notices.iter().filter_map(|notice| known.line(words, notice)).collect())
}

/// Those of [`of`] that are still to be read.
pub async fn unread(tx: &mut Tx, actor: &Actor, words: &Words, notices: &[Notice]) -> Result<Vec<Line>> {
    let mut lines = of(tx, actor, words, notices).await?;
    lines.retain(|line| !line.read);
    Ok(lines)
}

/// The proposed changes that notices are about, as far as the actor may know of them.
pub struct Changes(HashMap<i64, (Proposal, Article)>);

impl Changes {
    pub async fn load(tx: &mut Tx, actor: &Actor, mut changes: Vec<i64>) -> Result<Self> {
        changes.sort_unstable();
        changes.dedup();
        Ok(Self(knowledge::known_proposals(tx, actor, &changes).await?))
    }

    /// Is it still so? What is decided asks nobody any more, and what is open again is not decided.
    pub fn is_news(&self, kind: NoticeKind, change: i64) -> bool {
        let Some((change, _)) = self.0.get(&change) else { return false };
        match kind {
            NoticeKind::ArticleProposed => change.is_open(),
            _ => matches!(change.state, ProposalState::Accepted | ProposalState::Declined),
        }
    }

    /// What the article is called; `None` for who may no longer know of it, and for a decision that is none any more.
    fn title(&self, words: &Words, kind: NoticeKind, change: i64) -> Option<&String> {
        let (_, article) = self.0.get(&change)?;
        let told = kind == NoticeKind::ArticleProposed || self.is_news(kind, change);
        told.then(|| &article.text(words.language).title)
    }
}

/// What the lines name.
struct Known {
    cases: HashMap<CaseId, Case>,
    insights: HashMap<InsightId, String>,
    changes: Changes,
    people: HashMap<PersonId, String>,
    /// Of these the actor may know.
    seen: Vec<CaseId>,
}

impl Known {
    async fn load(tx: &mut Tx, actor: &Actor, notices: &[Notice]) -> Result<Self> {
        let mut named: Vec<CaseId> = notices.iter().filter_map(|notice| notice.case).collect();
        named.sort_unstable();
        named.dedup();
        let unseen = cases::sight::unseen(tx, actor, &named).await?;
        let seen = if actor.can(Right::ReadCases) {
            named.iter().copied().filter(|case| !unseen.contains(case)).collect()
        } else {
            Vec::new()
        };
        let cases = cases::some(tx, &named).await?.into_iter().map(|case| (case.id, case)).collect();
        let mut insights = HashMap::new();
        if actor.can(Right::ReadInsights) {
            for insight in notices.iter().filter(|one| one.case.is_none()).filter_map(|one| one.insight) {
                if let Entry::Vacant(place) = insights.entry(insight) {
                    place.insert(insights::insight(tx, insight).await?.title);
                }
            }
        }
        let mut people = HashMap::new();
        for person in notices.iter().filter_map(|notice| notice.actor) {
            if let Entry::Vacant(place) = people.entry(person) {
                place.insert(people::person(tx, person).await?.name);
            }
        }
        let of_article = notices.iter().filter(|notice| notice.kind.is_of_article());
        let changes: Vec<i64> = of_article.filter_map(|notice| notice.detail).collect();
        let changes = Changes::load(tx, actor, changes).await?;
        Ok(Self { cases, insights, changes, people, seen })
    }

    fn line(&self, words: &Words, notice: &Notice) -> Option<Line> {
        let case = notice.case.and_then(|case| self.cases.get(&case));
        let insight = notice.insight.filter(|_| notice.case.is_none());
        let sees = case.is_some_and(|case| self.seen.contains(&case.id));
        if case.is_some() && !sees && !notice.kind.asks() {
            return None;
        }
        let title = insight.map(|insight| self.insights.get(&insight));
        let change = notice.detail.filter(|_| notice.kind.is_of_article());
        let over = change.is_some_and(|change| !self.changes.is_news(notice.kind, change));
        let change = change.map(|change| self.changes.title(words, notice.kind, change));
        if title == Some(None) || change == Some(None) {
            return None;
        }
        Some(Line {
            id: notice.id,
            kind: notice.kind,
            what: words.n(notice.kind.sentence(), notice.many).into_owned(),
            many: notice.many,
            who: notice.actor.and_then(|person| self.people.get(&person).cloned()),
            case: case.map(|case| case.number.clone()),
            about: case.map(|case| case.subject.clone()).or_else(|| title.or(change).flatten().cloned()),
            at: notice.at,
            read: notice.read_at.is_some() || over,
            url: url(notice, case, sees),
        })
    }
}

/// Where a notice leads.
fn url(notice: &Notice, case: Option<&Case>, sees: bool) -> String {
    let asked = notice.kind == NoticeKind::Handoff || !sees;
    match (case, notice.insight) {
        (Some(_), _) if asked => "/handoffs".to_owned(),
        (Some(case), _) => match (notice.kind, notice.detail) {
            (
                NoticeKind::Mentioned | NoticeKind::Contact | NoticeKind::Talk | NoticeKind::Failed,
                Some(contact),
            ) => {
                format!("/cases/{}#m-{contact}", case.number)
            }
            _ => format!("/cases/{}", case.number),
        },
        (None, Some(insight)) => format!("/insights/{insight}"),
        (None, None) => match notice.detail.filter(|_| notice.kind.is_of_article()) {
            Some(change) => format!("/knowledge/proposals/{change}"),
            None => "/notices".to_owned(),
        },
    }
}

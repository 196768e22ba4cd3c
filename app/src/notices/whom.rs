//! Who is to know of a fact, and as what.
//!
//! Nobody is told of what they did themselves, or of a case that they may not know of. Deliberately absent: what the
//! whole house is to know; that is for banners.

use std::collections::BTreeMap;

use super::model::{News, NoticeKind};
use super::store;
use crate::cases;
use crate::cases::{Case, Involvement, tasks};
use crate::insights;
use crate::journal::{Entry, Fact};
use crate::knowledge;
use crate::people;
use crate::people::Person;
use crate::platform::{CaseId, InsightId, PersonId, QueueId, Result, Right, Role, Tx};

/// Facts that somebody may have to know.
pub const fn wants(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::PersonMentioned { .. }
            | Fact::CaseAssigned { .. }
            | Fact::PersonInvolved { .. }
            | Fact::RuleNotified { .. }
            | Fact::ContactReceived { .. }
            | Fact::TalkAnswered { .. }
            | Fact::ContactFailed { .. }
            | Fact::CaseHandedOff { .. }
            | Fact::HandoffAccepted { .. }
            | Fact::HandoffDeclined { .. }
            | Fact::HandoffAnswered { .. }
            | Fact::TaskAdded { .. }
            | Fact::TaskChanged { .. }
            | Fact::CaseWoken
            | Fact::DeadlineNear { .. }
            | Fact::DeadlineMissed { .. }
            | Fact::CaseEscalated { lead: true, .. }
            | Fact::InsightProposed { .. }
            | Fact::InsightMoved { .. }
            | Fact::InsightOwned { .. }
            | Fact::InsightDecided { .. }
            | Fact::TellingPrepared { .. }
            | Fact::ArticleChangeProposed { .. }
            | Fact::ArticleChangeAccepted { .. }
            | Fact::ArticleChangeDeclined { .. }
            | Fact::ArticleChangeWithdrawn { .. }
            | Fact::ArticleChangeReopened { .. }
    )
}

/// The proposed change that asks those who were asked no more, or again.
pub const fn settled(fact: &Fact) -> Option<i64> {
    match fact {
        Fact::ArticleChangeAccepted { proposal, .. }
        | Fact::ArticleChangeDeclined { proposal, .. }
        | Fact::ArticleChangeWithdrawn { proposal, .. }
        | Fact::ArticleChangeReopened { proposal, .. } => Some(*proposal),
        _ => None,
    }
}

/// Those who are to know; of several reasons the first one counts.
#[derive(Debug, Default)]
pub struct Told(BTreeMap<PersonId, NoticeKind>);

impl Told {
    fn one(person: Option<PersonId>, kind: NoticeKind) -> Self {
        Self::all(person, kind)
    }

    fn all(people: impl IntoIterator<Item = PersonId>, kind: NoticeKind) -> Self {
        Self(people.into_iter().map(|person| (person, kind)).collect())
    }

    fn and(mut self, person: Option<PersonId>, kind: NoticeKind) -> Self {
        if let Some(person) = person {
            self.0.entry(person).or_insert(kind);
        }
        self
    }
}

/// Who is to know of `entry`: person and news.
pub async fn of(tx: &mut Tx, entry: &Entry) -> Result<Vec<(PersonId, News)>> {
    let told = match (entry.about.case, entry.about.insight) {
        (Some(case), _) => of_case(tx, entry, case).await?,
        (None, Some(insight)) => of_insight(tx, entry, insight).await?,
        (None, None) => of_house(tx, &entry.fact).await?,
    };
    let news = |kind| News {
        kind,
        case: entry.about.case,
        insight: entry.about.insight,
        detail: detail(&entry.fact),
        actor: entry.person,
    };
    let others = told.0.into_iter().filter(|(person, _)| Some(*person) != entry.person);
    Ok(others.map(|(person, kind)| (person, news(kind))).collect())
}

/// What of the case or insight it is about.
const fn detail(fact: &Fact) -> Option<i64> {
    match fact {
        Fact::PersonMentioned { contact, .. }
        | Fact::ContactReceived { contact, .. }
        | Fact::TalkAnswered { contact, .. }
        | Fact::ContactFailed { contact, .. } => Some(contact.0),
        Fact::TaskAdded { task } | Fact::TaskChanged { task, .. } => Some(*task),
        Fact::CaseHandedOff { handoff, .. }
        | Fact::HandoffAccepted { handoff }
        | Fact::HandoffDeclined { handoff }
        | Fact::HandoffAnswered { handoff } => Some(*handoff),
        Fact::ArticleChangeProposed { proposal, .. }
        | Fact::ArticleChangeAccepted { proposal, .. }
        | Fact::ArticleChangeDeclined { proposal, .. } => Some(*proposal),
        _ => None,
    }
}

async fn of_case(tx: &mut Tx, entry: &Entry, case: CaseId) -> Result<Told> {
    Ok(match &entry.fact {
        Fact::PersonMentioned { person, .. } => Told::one(Some(*person), NoticeKind::Mentioned),
        Fact::PersonInvolved { person, .. } => Told::one(Some(*person), NoticeKind::Given),
        Fact::CaseAssigned { to, from } => {
            let before = from.filter(|from| Some(*from) != *to);
            Told::one(*to, NoticeKind::Given).and(before, NoticeKind::Taken)
        }
        Fact::RuleNotified { person, .. } => Told::one(Some(*person), NoticeKind::Rule),
        Fact::ContactReceived { .. } => Told::all(involved(tx, case, true).await?, NoticeKind::Contact),
        Fact::TalkAnswered { .. } => Told::all(involved(tx, case, true).await?, NoticeKind::Talk),
        Fact::ContactFailed { contact, .. } => {
            let author = cases::contact(tx, *contact).await?.person;
            let owner = cases::case(tx, case).await?.owner;
            Told::one(author.or(owner), NoticeKind::Failed)
        }
        Fact::CaseHandedOff { queue, person, department, .. } => {
            let receivers = match (queue, person, department) {
                (Some(queue), ..) => team_of(tx, *queue).await?.into_iter().map(|one| one.id).collect(),
                (_, Some(person), _) => vec![*person],
                (.., Some(department)) => active(tx)
                    .await?
                    .iter()
                    .filter(|one| one.belongs_to(department))
                    .map(|one| one.id)
                    .collect(),
                _ => Vec::new(),
            };
            Told::all(receivers, NoticeKind::Handoff)
        }
        Fact::HandoffAccepted { handoff }
        | Fact::HandoffDeclined { handoff }
        | Fact::HandoffAnswered { handoff } => {
            Told::one(cases::handoff_sender(tx, *handoff).await?, NoticeKind::HandoffAnswered)
        }
        Fact::TaskAdded { task } | Fact::TaskChanged { task, .. } => {
            let person = tasks::person_of(tx, *task).await?;
            Told::one(person.filter(|person| Some(*person) != entry.person), NoticeKind::Task)
        }
        // Woken by somebody who answers, it is that which is news.
        Fact::CaseWoken if entry.person.is_none() => {
            Told::one(cases::case(tx, case).await?.owner, NoticeKind::Woken)
        }
        Fact::DeadlineNear { .. } => of_deadline(tx, case, NoticeKind::DeadlineNear).await?,
        Fact::DeadlineMissed { .. } => of_deadline(tx, case, NoticeKind::DeadlineMissed).await?,
        Fact::CaseEscalated { .. } => {
            let queue = cases::case(tx, case).await?.queue;
            Told::all(leads_of(tx, queue).await?, NoticeKind::Escalated)
        }
        _ => Told::default(),
    })
}

/// Whoever answers for it; without anybody the leads.
async fn of_deadline(tx: &mut Tx, case: CaseId, kind: NoticeKind) -> Result<Told> {
    let mut answering = involved(tx, case, false).await?;
    if answering.is_empty() {
        let queue = cases::case(tx, case).await?.queue;
        answering = leads_of(tx, queue).await?;
    }
    Ok(Told::all(answering, kind))
}

/// Owner and deputy; and who follows it, if they are meant.
async fn involved(tx: &mut Tx, case: CaseId, followers: bool) -> Result<Vec<PersonId>> {
    let row: Case = cases::case(tx, case).await?;
    if row.bin.is_some() {
        return Ok(Vec::new());
    }
    let beside = cases::involved(tx, case).await?.into_iter();
    let meant = beside.filter(|one| followers || one.part == Involvement::Deputy).map(|one| one.person);
    Ok(row.owner.into_iter().chain(meant).collect())
}

async fn of_insight(tx: &mut Tx, entry: &Entry, insight: InsightId) -> Result<Told> {
    Ok(match &entry.fact {
        Fact::InsightProposed { department: Some(department), .. }
        | Fact::InsightMoved { department: Some(department) } => {
            let decides = |one: &&Person| one.belongs_to(department) && one.can(Right::DecideInsights);
            Told::all(active(tx).await?.iter().filter(decides).map(|one| one.id), NoticeKind::Insight)
        }
        Fact::InsightOwned { person } => Told::one(*person, NoticeKind::Insight),
        Fact::InsightDecided { .. } => {
            let row = insights::insight(tx, insight).await?;
            Told::one(row.created_by, NoticeKind::InsightDecided).and(row.owner, NoticeKind::InsightDecided)
        }
        Fact::TellingPrepared { .. } => {
            // Who only sets Kitt up is asked by nobody.
            let agrees = |one: &&Person| one.is(&Role::Lead) || one.is(&Role::Manager);
            Told::all(active(tx).await?.iter().filter(agrees).map(|one| one.id), NoticeKind::Approval)
        }
        _ => Told::default(),
    })
}

async fn of_house(tx: &mut Tx, fact: &Fact) -> Result<Told> {
    Ok(match fact {
        Fact::ArticleChangeProposed { article, .. } => {
            Told::all(publishers(tx, *article).await?, NoticeKind::ArticleProposed)
        }
        Fact::ArticleChangeAccepted { proposal, .. } | Fact::ArticleChangeDeclined { proposal, .. } => {
            Told::one(Some(knowledge::proposer(tx, *proposal).await?), NoticeKind::ArticleDecided)
        }
        _ => Told::default(),
    })
}

/// Whoever answers for an article, if they publish; else the leads.
async fn publishers(tx: &mut Tx, article: i64) -> Result<Vec<PersonId>> {
    let owner = knowledge::owner(tx, article).await?;
    let mut publishers = active(tx).await?;
    publishers.retain(|person| person.can(Right::WriteKnowledge));
    let answers = |person: &Person| Some(person.id) == owner;
    let answered = publishers.iter().any(answers);
    // Who only sets Kitt up is asked by nobody.
    publishers.retain(|person| if answered { answers(person) } else { person.is(&Role::Lead) });
    Ok(publishers.into_iter().map(|person| person.id).collect())
}

async fn active(tx: &mut Tx) -> Result<Vec<Person>> {
    let mut people = people::all(tx).await?;
    people.retain(|person| person.active);
    Ok(people)
}

/// The people of a queue's team.
async fn team_of(tx: &mut Tx, queue: QueueId) -> Result<Vec<Person>> {
    let team = people::queue(tx, queue).await?.team;
    let mut members = active(tx).await?;
    members.retain(|person| team.is_some() && person.team == team && person.can(Right::WorkCases));
    Ok(members)
}

async fn leads_of(tx: &mut Tx, queue: QueueId) -> Result<Vec<PersonId>> {
    let members = team_of(tx, queue).await?;
    Ok(members.into_iter().filter(|person| person.is(&Role::Lead)).map(|lead| lead.id).collect())
}

/// Those of them who may know of the case, or are asked something about it.
pub async fn who_may_know(tx: &mut Tx, mut told: Vec<(PersonId, News)>) -> Result<Vec<(PersonId, News)>> {
    let Some(case) = told.first().and_then(|(_, news)| news.case) else { return Ok(told) };
    let veil = cases::sight::veils(tx, &[case]).await?.remove(&case);
    let mut may = Vec::with_capacity(told.len());
    for (person, news) in told.drain(..) {
        let Ok(actor) = people::actor(tx, person).await else { continue };
        let sees = actor.can(Right::ReadCases) && veil.as_ref().is_none_or(|veil| veil.lets(&actor));
        if sees || news.kind.asks() {
            may.push((person, news));
        }
    }
    Ok(may)
}

/// Is this no news, since they were told already? Changes of a task are no new task.
pub async fn is_known(tx: &mut Tx, person: PersonId, news: &News) -> Result<bool> {
    if news.kind == NoticeKind::ArticleProposed {
        return store::is_told(tx, person, news).await;
    }
    let once = matches!(news.kind, NoticeKind::Task | NoticeKind::Handoff);
    Ok(once && store::knows(tx, person, news).await?)
}

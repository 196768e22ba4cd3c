//! Insights with everything that was decided about them, and the findings that they are made of.

use example::{Case, Company, Finding, Insight, StateChange};
use jiff::tz::TimeZone;

use super::{Ids, at};
use crate::findings;
use crate::findings::NewFinding;
use crate::insights;
use crate::insights::{InsightState, Kind, NewInsight, PastDecision, PastInsight};
use crate::journal::{About, Fact};
use crate::platform::{CaseId, ContactId, PersonId, Result, Timestamp, Tx};

pub async fn fill(tx: &mut Tx, company: &Company, ids: &mut Ids, zone: &TimeZone) -> Result<()> {
    for insight in &company.insights {
        let past = past(company, ids, zone, insight)?;
        let added = insights::add_past(tx, &past).await?;
        ids.insights.push(added);
        for remark in &insight.talk {
            let person = Some(ids.people[remark.person]);
            insights::add_past_comment(tx, added, person, remark.text, at(remark.at)).await?;
        }
    }
    Ok(())
}

fn past(company: &Company, ids: &Ids, zone: &TimeZone, insight: &Insight) -> Result<PastInsight> {
    let decided = |change: &StateChange| decision(ids, zone, change);
    Ok(PastInsight {
        new: NewInsight {
            kind: kind(insight.kind),
            title: insight.title.into(),
            description: insight.description.into(),
            station: company.stations[insight.station].code.into(),
            department: Some(ids.departments[insight.department]),
            competitor: insight.competitor.map(str::to_owned),
        },
        owner: owner(company, ids, insight),
        decisions: insight.history.iter().map(decided).collect::<Result<_>>()?,
    })
}

/// Somebody of the department answers for what it has taken up.
fn owner(company: &Company, ids: &Ids, insight: &Insight) -> Option<PersonId> {
    let taken_up = !matches!(insight.state, example::State::Proposed | example::State::Open);
    let member = company.people.iter().position(|person| person.department == Some(insight.department));
    member.filter(|_| taken_up).map(|member| ids.people[member])
}

fn decision(ids: &Ids, zone: &TimeZone, change: &StateChange) -> Result<PastDecision> {
    let due = change.due.map(|day| day.to_zoned(zone.clone())).transpose().map_err(anyhow::Error::from)?;
    Ok(PastDecision {
        state: state(change.state),
        reason: change.reason.map(str::to_owned),
        due: due.map(|day| day.timestamp().into()),
        person: Some(ids.people[change.person]),
        at: at(change.at),
    })
}

/// Documents the case as its owner did when it ended; leaves it alone if nobody did. What happened by that is the answer.
pub async fn document(
    tx: &mut Tx,
    company: &Company,
    ids: &Ids,
    case: &Case,
    (id, contacts): (CaseId, &[ContactId]),
    ended: Timestamp,
) -> Result<Vec<(About, Fact)>> {
    if case.findings.is_empty() {
        return Ok(Vec::new());
    }
    // "We do not know" is said of the case, not of a cause.
    let known = case.findings.iter().any(|finding| finding.insight.is_some());
    let said: Vec<NewFinding> = case
        .findings
        .iter()
        .filter(|_| known)
        .map(|finding| new(company, ids, case, contacts, finding))
        .collect();
    let person = case.owner.map(|owner| ids.people[owner]);
    findings::add_past(tx, id, &said, person, ended).await
}

fn new(company: &Company, ids: &Ids, case: &Case, contacts: &[ContactId], finding: &Finding) -> NewFinding {
    let source = case.contacts.iter().position(|contact| {
        contact.direction == example::Direction::In && contact.text.contains(&finding.quote)
    });
    NewFinding {
        insight: finding.insight.map(|insight| ids.insights[insight]),
        department: finding.department.map(|department| ids.departments[department]),
        product: finding.product.map(|product| ids.products[product]),
        quote: Some(finding.quote.clone()),
        contact: source.map(|source| contacts[source]),
        share: (finding.kind == example::Kind::Cause).then(|| i64::from(finding.share_permille)),
        ..NewFinding::new(kind(finding.kind), company.stations[finding.station].code)
    }
}

const fn kind(kind: example::Kind) -> Kind {
    match kind {
        example::Kind::Cause => Kind::Cause,
        example::Kind::Wish => Kind::Wish,
        example::Kind::Competitor => Kind::Competitor,
        example::Kind::Praise => Kind::Praise,
        example::Kind::Unclear => Kind::Unclear,
        example::Kind::Hindrance => Kind::Hindrance,
    }
}

const fn state(state: example::State) -> InsightState {
    match state {
        example::State::Proposed => InsightState::Proposed,
        example::State::Open => InsightState::Open,
        example::State::Accepted => InsightState::Accepted,
        example::State::Disputed => InsightState::Disputed,
        example::State::Declined => InsightState::Declined,
        example::State::Planned => InsightState::Planned,
        example::State::Fixed => InsightState::Fixed,
    }
}
